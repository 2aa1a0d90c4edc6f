// SPDX-License-Identifier: MIT
#include "guard_rig.h"

bool rig_on(const struct guard_rig *rig, int actuator, enum line_role role)
{
	int line = rig->chair.actuators[actuator].line[role];

	return line >= 0 && (rig->out.levels & LINE_BIT(line));
}

int rig_duty(const struct guard_rig *rig, int actuator)
{
	return rig->out.duty_permille[rig->chair.actuators[actuator].line[ROLE_PWM]];
}

enum guard_mode rig_mode(const struct guard_rig *rig)
{
	return guard_mode(rig->guard);
}

struct wire_report rig_report(const struct guard_rig *rig)
{
	struct wire_report report;

	guard_report(rig->guard, &report);
	assert_true(wire_check_report(&report, sizeof(report)));
	return report;
}

uint32_t rig_flags(const struct guard_rig *rig, int actuator)
{
	return rig_report(rig).actuator[actuator].flags;
}

bool rig_busy(const struct guard_rig *rig, int actuator)
{
	for (size_t i = 0; i < rig->chair.n_lines; i++) {
		const struct line *line = &rig->chair.lines[i];

		if (line->actuator != actuator || !line_role_is_output(line->role))
			continue;
		if (line->role == ROLE_PWM ? rig->out.duty_permille[i] != 0
					   : line->safe_level != !!(rig->out.levels & LINE_BIT(i)))
			return true;
	}
	return false;
}

bool rig_any_busy(const struct guard_rig *rig)
{
	for (size_t i = 0; i < rig->chair.n_actuators; i++) {
		if (rig_busy(rig, (int)i))
			return true;
	}
	return false;
}

// --- what holds after every step, whatever happened -------------------------------------------

static void check_actuator(const struct guard_rig *rig, int i)
{
	const struct actuator *spec = &rig->chair.actuators[i];
	bool forward = rig_on(rig, i, ROLE_FORWARD), reverse = rig_on(rig, i, ROLE_REVERSE);

	assert_false(forward && reverse);
	assert_false(rig_on(rig, i, ROLE_FILL) && rig_on(rig, i, ROLE_VENT));
	if (spec->line[ROLE_PWM] < 0)
		return;
	assert_true(rig_duty(rig, i) <= spec->drive_max_permille);
	if (spec->line[ROLE_FORWARD] >= 0 && !forward && !reverse)
		assert_int_equal(rig_duty(rig, i), 0);
}

void rig_check(const struct guard_rig *rig)
{
	enum guard_mode mode = rig_mode(rig);
	double current_ma = 0;

	for (size_t i = 0; i < rig->chair.n_actuators; i++) {
		const struct actuator *spec = &rig->chair.actuators[i];

		check_actuator(rig, (int)i);
		if (rig_busy(rig, (int)i))
			current_ma += spec->line[ROLE_PWM] < 0
				? spec->current_ma
				: spec->current_ma * rig_duty(rig, (int)i) / 1000.0;
	}
	if (mode == GUARD_ACTIVE)
		assert_true(current_ma <= rig->chair.current_max_ma + 10);
	for (size_t g = 0; g < rig->chair.n_groups; g++) {
		int busy = 0;

		for (size_t i = 0; i < rig->chair.n_actuators; i++)
			busy += (rig->chair.groups[g] >> i & 1) && rig_busy(rig, (int)i);
		assert_true(busy <= 1);
	}
	if (rig->out.cut || (mode != GUARD_ACTIVE && mode != GUARD_RELEASING)) {
		assert_false(rig_any_busy(rig));
		assert_false(rig->out.levels & LINE_BIT(rig->chair.enable));
	}
	assert_true(rig->out.next_us > rig->now_us);
	assert_int_equal(rig->out.levels & ~chair_outputs(&rig->chair), 0);
	assert_int_equal(rig->out.levels & rig->out.pwm_lines, 0);
}

// --- stepping ---------------------------------------------------------------------------------

// The force that a healthy sensor reads, about: of a press, three quarters of its table's value.
static double feel_n(const struct guard_rig *rig, int actuator)
{
	struct wire_report report;
	int drive;

	if (!rig->steps || !actuator_presses(rig->chair.actuators[actuator].kind))
		return 0;
	guard_report(rig->guard, &report);
	drive = report.actuator[actuator].drive_permille;
	return drive <= 0 ? 0
			  : (rig->chair.actuators[actuator].kind == ACTUATOR_PRESS ? 0.75 : 1) *
			calibration_force_n(&rig->chair.actuators[actuator].calibration, drive);
}

void rig_step(struct guard_rig *rig, int64_t due_us, const struct hal_event *events,
	size_t n_events, int hal_error, const union wire_frame *frame)
{
	struct hal_force force[CHAIR_ACTUATORS_MAX];

	for (size_t i = 0; i < rig->chair.n_actuators; i++) {
		rig->force[i].t_us = rig->force[i].t_us < 0 ? rig->force[i].t_us : rig->now_us;
		force[i] = rig->force[i];
		if (force[i].force_n == 0)
			force[i].force_n = feel_n(rig, (int)i);
		force[i].force_n += (double)(rig->steps % 2) * 1e-6; // no two samples are the same
	}
	guard_step(rig->guard,
		&(struct guard_input){ .now_us = rig->now_us,
			.due_us = due_us,
			.levels = rig->levels,
			.events = events,
			.n_events = n_events,
			.force = force,
			.hal_error = hal_error,
			.frame = frame,
			.link_up = rig->link_up },
		&rig->out);
	rig->steps++;
	rig->reports += rig->out.report;
	rig_check(rig);
}

void rig_poke(struct guard_rig *rig)
{
	rig_step(rig, rig->now_us, NULL, 0, 0, NULL);
}

void rig_input(struct guard_rig *rig, int line, bool active)
{
	struct hal_event event = { .t_us = rig->now_us, .line = (uint8_t)line, .active = active };

	rig->levels = active ? rig->levels | LINE_BIT(line) : rig->levels & ~LINE_BIT(line);
	rig_step(rig, rig->now_us, &event, 1, 0, NULL);
}

void rig_role(struct guard_rig *rig, int actuator, enum line_role role, bool active)
{
	rig_input(rig, rig->chair.actuators[actuator].line[role], active);
}

void rig_pulse(struct guard_rig *rig, int actuator)
{
	rig_role(rig, actuator, ROLE_PULSE, true);
	rig_role(rig, actuator, ROLE_PULSE, false);
}

static void step_with(struct guard_rig *rig, const union wire_frame *frame)
{
	assert_true(wire_check(&rig->chair, frame, frame->header.length));
	rig_step(rig, rig->now_us, NULL, 0, 0, frame);
}

void rig_send_arm(struct guard_rig *rig, uint64_t fingerprint)
{
	union wire_frame frame = { .arm.chair = fingerprint };

	wire_header_init(&frame.header, WIRE_ARM, sizeof(frame.arm), ++rig->seq);
	step_with(rig, &frame);
}

void rig_send(struct guard_rig *rig, enum wire_type type)
{
	union wire_frame frame;

	if (type == WIRE_ARM) {
		rig_send_arm(rig, rig_report(rig).chair); // tests change the guard's chair
		return;
	}

	wire_header_init(&frame.header, type, sizeof(frame.bare), ++rig->seq);
	step_with(rig, &frame);
}

void rig_make_setpoint(struct guard_rig *rig, uint32_t lease_ms, union wire_frame *ret_frame)
{
	ret_frame->setpoint = (struct wire_setpoint){ .lease_ms = lease_ms,
		.n = (uint32_t)rig->chair.n_actuators };
	wire_header_init(&ret_frame->header, WIRE_SETPOINT, sizeof(ret_frame->setpoint),
		++rig->seq);
	memcpy(ret_frame->setpoint.demand, rig->demand, sizeof(rig->demand));
}

void rig_setpoint(struct guard_rig *rig, uint32_t lease_ms)
{
	union wire_frame frame;

	rig_make_setpoint(rig, lease_ms, &frame);
	step_with(rig, &frame);
}

void rig_run(struct guard_rig *rig, int64_t us)
{
	int64_t until_us = rig->now_us + us;

	while (rig->now_us < until_us) {
		int64_t next_us = min_i64(rig->out.next_us, until_us);

		if (rig->keep)
			next_us = min_i64(next_us, rig->keep_next_us);
		if (next_us > rig->now_us)
			rig->now_us = next_us;
		if (rig->keep && rig->now_us >= rig->keep_next_us) {
			rig->keep_next_us = rig->now_us + KEEP_US;
			rig_setpoint(rig, LEASE_HARD_MAX_MS);
		}
		if (rig->now_us >= rig->out.next_us)
			rig_step(rig, rig->out.next_us, NULL, 0, 0, NULL);
	}
}

void rig_ask(struct guard_rig *rig, int actuator, enum wire_mode mode, int value)
{
	rig->demand[actuator] = (struct wire_demand){ .mode = (uint8_t)mode,
		.value = value,
		.limit_permille = mode == WIRE_POSITION ? 1000 : 0 };
	rig->keep = true;
	rig->keep_next_us = rig->now_us + KEEP_US;
	rig_setpoint(rig, LEASE_HARD_MAX_MS);
}

// --- set-up -----------------------------------------------------------------------------------

// The presses start away from home and are released, which proves their way back.
static void home_presses(struct guard_rig *rig)
{
	rig->link_up = true;
	rig_poke(rig);
	rig_send(rig, WIRE_RELEASE);
	rig_run(rig, 200 * US_PER_MS);
	for (size_t i = 0; i < rig->chair.n_actuators; i++) {
		if (rig->chair.actuators[i].kind == ACTUATOR_PRESS)
			rig_role(rig, (int)i, ROLE_HOME, true);
	}
	rig_run(rig, 100 * US_PER_MS);
	rig->link_up = false;
	rig_poke(rig);
	assert_int_equal(rig_mode(rig), GUARD_OFF);
	rig->steps = 0;
	rig->reports = 0;
}

void rig_open(struct guard_rig *rig, void (*fixture)(struct chair *chair))
{
	memset(rig, 0, sizeof(*rig));
	fixture(&rig->chair);
	rig->now_us = 1234567;
	rig->levels = LINE_BIT(rig->chair.estop) | LINE_BIT(rig->chair.seat);
	assert_int_equal(guard_new(&rig->chair, false, &rig->guard), 0);
	rig_poke(rig);
	home_presses(rig);
}

void rig_close(struct guard_rig *rig)
{
	rig->guard = guard_free(rig->guard);
}

void rig_arm(struct guard_rig *rig)
{
	rig->link_up = true;
	rig_poke(rig);
	rig_send(rig, WIRE_ARM);
	assert_int_equal(rig_mode(rig), GUARD_READY);
}

void rig_recliner(struct guard_rig *rig)
{
	rig_open(rig, fixture_recliner);
	rig_arm(rig);
}

void rig_bench(struct guard_rig *rig)
{
	rig_open(rig, fixture_bench);
	rig_arm(rig);
}

void rig_press(struct guard_rig *rig, int actuator, int drive_permille)
{
	rig_ask(rig, actuator, WIRE_DRIVE, drive_permille);
	rig_run(rig, 20 * US_PER_MS);
	rig_role(rig, actuator, ROLE_HOME, false);
	rig_run(rig, 480 * US_PER_MS);
	assert_int_equal(rig_mode(rig), GUARD_ACTIVE);
}

void rig_press_reset(struct guard_rig *rig)
{
	rig_input(rig, rig->chair.reset, true);
	rig_run(rig, 50 * US_PER_MS);
	rig_input(rig, rig->chair.reset, false);
	rig_run(rig, 50 * US_PER_MS);
}
