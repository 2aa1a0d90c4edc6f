// SPDX-License-Identifier: MIT
//
// A guard on a test bed: it is stepped in virtual time whenever it asks to be, on contacts that a
// test moves by hand, and after every single step the rules that always hold are checked.
#ifndef CHAIRD_TESTS_UNIT_GUARD_BED_H
#define CHAIRD_TESTS_UNIT_GUARD_BED_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "core/fingerprint.h"
#include "guard/guard.h"
#include "tests/unit/fixture.h"

#define KEEP_US (50 * US_PER_MS) // the controller repeats itself

enum { CARRIAGE, DEPTH, KNEAD, PUMP, SHOULDER, CALF }; // of the recliner
enum { PRESS };                                        // of the bench

struct bed {
	struct chair chair;
	struct guard *guard;
	int64_t now_us, keep_next_us;
	uint64_t levels;                             // of the inputs
	struct hal_force force[CHAIR_ACTUATORS_MAX]; // 0: what the applied drive gives, about
	struct guard_output out;
	bool link_up;
	bool keep; // send `demand` again and again
	uint32_t seq;
	struct wire_demand demand[CHAIR_ACTUATORS_MAX];
	uint64_t steps;
	unsigned reports;
};

static inline bool bed_on(const struct bed *bed, int actuator, enum line_role role)
{
	int line = bed->chair.actuators[actuator].line[role];

	return line >= 0 && (bed->out.levels & LINE_BIT(line));
}

static inline int bed_duty(const struct bed *bed, int actuator)
{
	return bed->out.duty_permille[bed->chair.actuators[actuator].line[ROLE_PWM]];
}

static inline enum guard_mode bed_mode(const struct bed *bed)
{
	return guard_mode(bed->guard);
}

static inline struct wire_report bed_report(const struct bed *bed)
{
	struct wire_report report;

	guard_report(bed->guard, &report);
	assert_true(wire_check_report(&report, sizeof(report)));
	return report;
}

static inline uint32_t bed_flags(const struct bed *bed, int actuator)
{
	return bed_report(bed).actuator[actuator].flags;
}

// Is any line of it away from its safe level?
static inline bool bed_busy(const struct bed *bed, int actuator)
{
	for (size_t i = 0; i < bed->chair.n_lines; i++) {
		const struct line *line = &bed->chair.lines[i];

		if (line->actuator != actuator || !line_role_is_output(line->role))
			continue;
		if (line->role == ROLE_PWM ? bed->out.duty_permille[i] != 0
					   : line->safe_level != !!(bed->out.levels & LINE_BIT(i)))
			return true;
	}
	return false;
}

static inline bool bed_any_busy(const struct bed *bed)
{
	for (size_t i = 0; i < bed->chair.n_actuators; i++) {
		if (bed_busy(bed, (int)i))
			return true;
	}
	return false;
}

// --- what holds after every step, whatever happened -------------------------------------------

static inline void bed_check_actuator(const struct bed *bed, int i)
{
	const struct actuator *spec = &bed->chair.actuators[i];
	bool forward = bed_on(bed, i, ROLE_FORWARD), reverse = bed_on(bed, i, ROLE_REVERSE);

	assert_false(forward && reverse);
	assert_false(bed_on(bed, i, ROLE_FILL) && bed_on(bed, i, ROLE_VENT));
	if (spec->line[ROLE_PWM] < 0)
		return;
	assert_true(bed_duty(bed, i) <= spec->drive_max_permille);
	if (spec->line[ROLE_FORWARD] >= 0 && !forward && !reverse)
		assert_int_equal(bed_duty(bed, i), 0);
}

static inline void bed_check(const struct bed *bed)
{
	enum guard_mode mode = bed_mode(bed);
	double current_ma = 0;

	for (size_t i = 0; i < bed->chair.n_actuators; i++) {
		const struct actuator *spec = &bed->chair.actuators[i];

		bed_check_actuator(bed, (int)i);
		if (bed_busy(bed, (int)i))
			current_ma += spec->line[ROLE_PWM] < 0
				? spec->current_ma
				: spec->current_ma * bed_duty(bed, (int)i) / 1000.0;
	}
	if (mode == GUARD_ACTIVE)
		assert_true(current_ma <= bed->chair.current_max_ma + 10);
	for (size_t g = 0; g < bed->chair.n_groups; g++) {
		int busy = 0;

		for (size_t i = 0; i < bed->chair.n_actuators; i++)
			busy += (bed->chair.groups[g] >> i & 1) && bed_busy(bed, (int)i);
		assert_true(busy <= 1);
	}
	if (bed->out.cut || (mode != GUARD_ACTIVE && mode != GUARD_RELEASING)) {
		assert_false(bed_any_busy(bed));
		assert_false(bed->out.levels & LINE_BIT(bed->chair.enable));
	}
	assert_true(bed->out.next_us > bed->now_us);
	assert_int_equal(bed->out.levels & ~chair_outputs(&bed->chair), 0);
	assert_int_equal(bed->out.levels & bed->out.pwm_lines, 0);
}

// --- stepping ---------------------------------------------------------------------------------

// What a healthy sensor feels, about: of a press three quarters of what the table says.
static inline double bed_feel_n(const struct bed *bed, int actuator)
{
	struct wire_report report;
	int drive;

	if (!bed->steps || !actuator_presses(bed->chair.actuators[actuator].kind))
		return 0;
	guard_report(bed->guard, &report);
	drive = report.actuator[actuator].drive_permille;
	return drive <= 0 ? 0
			  : (bed->chair.actuators[actuator].kind == ACTUATOR_PRESS ? 0.75 : 1) *
			calibration_force_n(&bed->chair.actuators[actuator].calibration, drive);
}

// One step as an engine would make it. A late one says so by due_us.
static inline void bed_step(struct bed *bed, int64_t due_us, const struct hal_event *events,
	size_t n_events, int hal_error, const void *frame)
{
	struct hal_force force[CHAIR_ACTUATORS_MAX];

	for (size_t i = 0; i < bed->chair.n_actuators; i++) {
		bed->force[i].t_us = bed->force[i].t_us < 0 ? bed->force[i].t_us : bed->now_us;
		force[i] = bed->force[i];
		if (force[i].force_n == 0)
			force[i].force_n = bed_feel_n(bed, (int)i);
		force[i].force_n += (double)(bed->steps % 2) * 1e-6; // no two samples are the same
	}
	guard_step(bed->guard,
		&(struct guard_input){ .now_us = bed->now_us,
			.due_us = due_us,
			.levels = bed->levels,
			.events = events,
			.n_events = n_events,
			.force = force,
			.hal_error = hal_error,
			.frame = frame,
			.link_up = bed->link_up },
		&bed->out);
	bed->steps++;
	bed->reports += bed->out.report;
	bed_check(bed);
}

static inline void bed_poke(struct bed *bed)
{
	bed_step(bed, bed->now_us, NULL, 0, 0, NULL);
}

static inline void bed_input(struct bed *bed, int line, bool active)
{
	struct hal_event event = { .t_us = bed->now_us, .line = (uint8_t)line, .active = active };

	bed->levels = active ? bed->levels | LINE_BIT(line) : bed->levels & ~LINE_BIT(line);
	bed_step(bed, bed->now_us, &event, 1, 0, NULL);
}

static inline void bed_role(struct bed *bed, int actuator, enum line_role role, bool active)
{
	bed_input(bed, bed->chair.actuators[actuator].line[role], active);
}

static inline void bed_pulse(struct bed *bed, int actuator)
{
	bed_role(bed, actuator, ROLE_PULSE, true);
	bed_role(bed, actuator, ROLE_PULSE, false);
}

static inline void bed_send_arm(struct bed *bed, uint64_t fingerprint)
{
	struct wire_arm frame = { .chair = fingerprint };

	wire_header_init(&frame.header, WIRE_ARM, sizeof(frame), ++bed->seq);
	assert_true(wire_check(&bed->chair, &frame, sizeof(frame)));
	bed_step(bed, bed->now_us, NULL, 0, 0, &frame);
}

static inline void bed_send(struct bed *bed, enum wire_type type)
{
	struct wire_bare frame;

	if (type == WIRE_ARM) {
		bed_send_arm(bed, bed_report(bed).chair); // tests change the chair under it
		return;
	}

	wire_header_init(&frame.header, type, sizeof(frame), ++bed->seq);
	assert_true(wire_check(&bed->chair, &frame, sizeof(frame)));
	bed_step(bed, bed->now_us, NULL, 0, 0, &frame);
}

static inline void bed_setpoint(struct bed *bed, uint32_t lease_ms)
{
	struct wire_setpoint frame = { .lease_ms = lease_ms,
		.n = (uint32_t)bed->chair.n_actuators };

	wire_header_init(&frame.header, WIRE_SETPOINT, sizeof(frame), ++bed->seq);
	memcpy(frame.demand, bed->demand, sizeof(frame.demand));
	assert_true(wire_check(&bed->chair, &frame, sizeof(frame)));
	bed_step(bed, bed->now_us, NULL, 0, 0, &frame);
}

// Live through `us`, stepping exactly when the guard wants to be stepped.
static inline void bed_run(struct bed *bed, int64_t us)
{
	int64_t until_us = bed->now_us + us;

	while (bed->now_us < until_us) {
		int64_t next_us = min_i64(bed->out.next_us, until_us);

		if (bed->keep)
			next_us = min_i64(next_us, bed->keep_next_us);
		if (next_us > bed->now_us)
			bed->now_us = next_us;
		if (bed->keep && bed->now_us >= bed->keep_next_us) {
			bed->keep_next_us = bed->now_us + KEEP_US;
			bed_setpoint(bed, LEASE_HARD_MAX_MS);
		}
		if (bed->now_us >= bed->out.next_us)
			bed_step(bed, bed->out.next_us, NULL, 0, 0, NULL);
	}
}

// Ask an actuator for something, from now on.
static inline void bed_ask(struct bed *bed, int actuator, enum wire_mode mode, int value)
{
	bed->demand[actuator] = (struct wire_demand){ .mode = (uint8_t)mode,
		.value = value,
		.limit_permille = mode == WIRE_POSITION ? 1000 : 0 };
	bed->keep = true;
	bed->keep_next_us = bed->now_us + KEEP_US;
	bed_setpoint(bed, LEASE_HARD_MAX_MS);
}

// --- set-up -----------------------------------------------------------------------------------

// It starts with its presses out, and they are released: the way back is proven by that.
static inline void bed_home_presses(struct bed *bed)
{
	bed->link_up = true;
	bed_poke(bed);
	bed_send(bed, WIRE_RELEASE);
	bed_run(bed, 200 * US_PER_MS);
	for (size_t i = 0; i < bed->chair.n_actuators; i++) {
		if (bed->chair.actuators[i].kind == ACTUATOR_PRESS)
			bed_role(bed, (int)i, ROLE_HOME, true);
	}
	bed_run(bed, 100 * US_PER_MS);
	bed->link_up = false;
	bed_poke(bed);
	assert_int_equal(bed_mode(bed), GUARD_OFF);
	bed->steps = 0;
	bed->reports = 0;
}

static inline void bed_open(struct bed *bed, void (*fixture)(struct chair *chair))
{
	memset(bed, 0, sizeof(*bed));
	fixture(&bed->chair);
	bed->now_us = 1234567;
	bed->levels = LINE_BIT(bed->chair.estop) | LINE_BIT(bed->chair.seat);
	assert_int_equal(guard_new(&bed->chair, false, &bed->guard), 0);
	bed_poke(bed);
	bed_home_presses(bed);
}

static inline void bed_close(struct bed *bed)
{
	bed->guard = guard_free(bed->guard);
}

static inline void bed_arm(struct bed *bed)
{
	bed->link_up = true;
	bed_poke(bed);
	bed_send(bed, WIRE_ARM);
	assert_int_equal(bed_mode(bed), GUARD_READY);
}

// The recliner, or the bench, armed and with somebody in it.
static inline void bed_recliner(struct bed *bed)
{
	bed_open(bed, fixture_recliner);
	bed_arm(bed);
}

static inline void bed_bench(struct bed *bed)
{
	bed_open(bed, fixture_bench);
	bed_arm(bed);
}

// A press that pushes, off its home switch.
static inline void bed_press(struct bed *bed, int actuator, int drive_permille)
{
	bed_ask(bed, actuator, WIRE_DRIVE, drive_permille);
	bed_run(bed, 20 * US_PER_MS);
	bed_role(bed, actuator, ROLE_HOME, false);
	bed_run(bed, 480 * US_PER_MS);
	assert_int_equal(bed_mode(bed), GUARD_ACTIVE);
}

static inline void bed_press_reset(struct bed *bed)
{
	bed_input(bed, bed->chair.reset, true);
	bed_run(bed, 50 * US_PER_MS);
	bed_input(bed, bed->chair.reset, false);
	bed_run(bed, 50 * US_PER_MS);
}

#define assert_reason(bed, expected) \
	assert_string_equal(guard_reason_name(bed_report(bed).reason), guard_reason_name(expected))
#define assert_mode(bed, expected) \
	assert_string_equal(guard_mode_name(bed_mode(bed)), guard_mode_name(expected))

#endif
