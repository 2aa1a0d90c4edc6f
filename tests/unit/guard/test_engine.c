// SPDX-License-Identifier: MIT
//
// The engine on lines that remember what was written, and fail on demand.
#include <errno.h>

#include "guard_rig.h"
#include "guard/engine.h"
#include "hal/backend.h"

#define BATCH 64 // edges that the engine takes at once

struct fake {
	struct hal hal;
	uint64_t levels, inputs;
	unsigned writes, writes_now; // in all, and at now_us
	int64_t now_us;
	int write_error, read_error;
	uint64_t on_after_error; // outputs that were ever set away from safe after a failure
	bool failed;
	uint64_t channels; // that it pulses itself
	int drive;         // of the only one
	unsigned drives;   // written to it
	int drive_error;
	struct hal_event events[BATCH];
	size_t n_events;
	int events_error, force_error;
	int persist;
};

static int fake_write(struct hal *hal, int64_t now_us, uint64_t mask, uint64_t levels)
{
	struct fake *fake = container_of(hal, struct fake, hal);
	uint64_t safe = chair_safe_levels(hal->chair);

	assert_int_not_equal(mask, 0);
	assert_int_equal(mask & ~chair_outputs(hal->chair), 0);
	assert_int_equal(mask & fake->channels, 0);
	fake->writes++;
	fake->writes_now = fake->now_us == now_us ? fake->writes_now + 1 : 1;
	fake->now_us = now_us;
	if (fake->failed)
		fake->on_after_error |= (levels ^ safe) & mask;
	if (fake->write_error) {
		fake->failed = true;
		return fake->write_error;
	}
	fake->levels = (fake->levels & ~mask) | (levels & mask);
	return 0;
}

static uint64_t fake_channels(struct hal *hal)
{
	return container_of(hal, struct fake, hal)->channels;
}

static int fake_drive(struct hal *hal, int64_t now_us, int line, int duty_permille)
{
	struct fake *fake = container_of(hal, struct fake, hal);

	(void)now_us;
	assert_int_equal(fake->channels, LINE_BIT(line));
	fake->drives++;
	if (fake->failed && duty_permille)
		fake->on_after_error |= LINE_BIT(line);
	if (fake->drive_error) {
		fake->failed = true;
		return fake->drive_error;
	}
	fake->drive = duty_permille;
	return 0;
}

static int fake_read(struct hal *hal, int64_t now_us, uint64_t *ret_levels)
{
	struct fake *fake = container_of(hal, struct fake, hal);

	(void)now_us;
	if (fake->read_error)
		return fake->read_error;
	*ret_levels = fake->inputs;
	return 0;
}

static int fake_events(struct hal *hal, int64_t now_us, struct hal_event *events, size_t capacity)
{
	struct fake *fake = container_of(hal, struct fake, hal);
	int n = (int)fake->n_events;

	(void)now_us;
	if (fake->events_error)
		return fake->events_error;
	assert_true(fake->n_events <= capacity);
	memcpy(events, fake->events, fake->n_events * sizeof(events[0]));
	fake->n_events = 0;
	return n;
}

static int fake_force(struct hal *hal, int64_t now_us, int actuator, struct hal_force *ret_force)
{
	struct fake *fake = container_of(hal, struct fake, hal);

	(void)actuator;
	if (!fake->force_error)
		*ret_force = (struct hal_force){ .t_us = now_us };
	return fake->force_error;
}

static size_t fake_fds(struct hal *hal, int fds[HAL_FDS_MAX])
{
	(void)hal;
	(void)fds;
	return 0;
}

static int64_t fake_next_us(struct hal *hal)
{
	(void)hal;
	return TIME_NEVER;
}

static int fake_persist(struct hal *hal)
{
	return container_of(hal, struct fake, hal)->persist;
}

static void fake_free(struct hal *hal)
{
	(void)hal;
}

static const struct hal_ops fake_ops = {
	.write = fake_write,
	.channels = fake_channels,
	.drive = fake_drive,
	.read = fake_read,
	.events = fake_events,
	.force = fake_force,
	.fds = fake_fds,
	.next_us = fake_next_us,
	.outputs_persist = fake_persist,
	.free = fake_free,
};

struct engine_rig {
	struct chair chair;
	struct fake fake;
	struct engine *engine;
	int64_t now_us, next_us;
	uint32_t seq;
};

static void engine_rig_open_with(struct engine_rig *rig, bool channel)
{
	memset(rig, 0, sizeof(*rig));
	fixture_bench(&rig->chair);
	if (channel)
		rig->fake.channels = LINE_BIT(rig->chair.actuators[PRESS].line[ROLE_PWM]);
	rig->fake.hal = (struct hal){ .ops = &fake_ops, .chair = &rig->chair };
	rig->fake.levels = chair_safe_levels(&rig->chair);
	rig->fake.inputs = LINE_BIT(rig->chair.estop) | LINE_BIT(rig->chair.seat);
	rig->now_us = 777777;
	assert_int_equal(engine_new(&rig->chair, &rig->fake.hal, &rig->engine), 0);
	rig->next_us = engine_step(rig->engine, rig->now_us);
	assert_true(rig->next_us == TIME_NEVER);
}

static void engine_rig_open(struct engine_rig *rig)
{
	engine_rig_open_with(rig, false);
}

static void engine_rig_send(struct engine_rig *rig, enum wire_type type, int drive)
{
	union wire_frame frame = { 0 };
	int64_t next_us;
	uint32_t size = type == WIRE_SETPOINT ? sizeof(frame.setpoint)
		: type == WIRE_ARM            ? sizeof(frame.arm)
					      : sizeof(frame.bare);

	if (type == WIRE_SETPOINT)
		frame.setpoint = (struct wire_setpoint){ .lease_ms = 250,
			.n = 1,
			.demand[PRESS] = { .mode = WIRE_DRIVE, .value = drive } };
	if (type == WIRE_ARM)
		frame.arm.chair = chair_fingerprint(&rig->chair);
	wire_header_init(&frame.header, type, size, ++rig->seq);
	assert_true(wire_check(&rig->chair, &frame, size));
	next_us = engine_frame(rig->engine, rig->now_us, &frame, size);
	rig->next_us = engine_step(rig->engine, rig->now_us);
	assert_int_equal(next_us,
		rig->fake.write_error || rig->fake.read_error || rig->fake.drive_error
			? rig->now_us
			: rig->next_us);
}

// Run, with a setpoint every 100 ms if `drive` is not 0.
static void engine_rig_run(struct engine_rig *rig, int64_t us, int drive)
{
	int64_t until_us = rig->now_us + us, send_us = rig->now_us;

	while (rig->now_us < until_us) {
		if (drive && rig->now_us >= send_us) {
			engine_rig_send(rig, WIRE_SETPOINT, drive);
			send_us = rig->now_us + 100 * US_PER_MS;
		}
		rig->now_us = min_i64(min_i64(rig->next_us, until_us), drive ? send_us : until_us);
		rig->next_us = engine_step(rig->engine, rig->now_us);
		assert_true(rig->next_us > rig->now_us);
	}
}

static void engine_rig_active_with(struct engine_rig *rig, bool channel)
{
	uint64_t home;

	engine_rig_open_with(rig, channel);
	home = LINE_BIT(rig->chair.actuators[0].line[ROLE_HOME]);
	engine_link(rig->engine, rig->now_us, true);
	engine_rig_send(rig, WIRE_RELEASE, 0);
	engine_rig_run(rig, 100 * US_PER_MS, 0);
	rig->fake.inputs |= home;
	engine_rig_run(rig, 100 * US_PER_MS, 0);
	engine_rig_send(rig, WIRE_ARM, 0);
	engine_rig_run(rig, 100 * US_PER_MS, 400);
	rig->fake.inputs &= ~home;
	engine_rig_run(rig, US_PER_S, 400);
	assert_int_equal(engine_mode(rig->engine), GUARD_ACTIVE);
}

static void engine_rig_active(struct engine_rig *rig)
{
	engine_rig_active_with(rig, false);
}

static bool line_on(const struct engine_rig *rig, enum line_role role)
{
	return rig->fake.levels & LINE_BIT(rig->chair.actuators[PRESS].line[role]);
}

static void idle_writes_nothing(void **state)
{
	struct engine_rig rig;

	(void)state;
	engine_rig_open(&rig);
	for (int i = 0; i < 100; i++)
		engine_step(rig.engine, rig.now_us += 12345);
	assert_int_equal(rig.fake.writes, 0);
	engine_free(rig.engine);
}

static void pulses_reach_the_lines(void **state)
{
	int64_t on_us = 0;
	unsigned writes;
	struct engine_rig rig;

	(void)state;
	engine_rig_active(&rig);
	writes = rig.fake.writes;
	for (int i = 0; i < 10000; i++) { // a second of 200 Hz at 400 per mille
		on_us += line_on(&rig, ROLE_PWM) ? 100 : 0;
		assert_true(line_on(&rig, ROLE_FORWARD));
		engine_rig_run(&rig, 100, i % 1000 == 0 ? 400 : 0);
		assert_true(rig.fake.writes_now <= 1);
	}
	assert_in_range(on_us, 398000, 402000);
	assert_in_range(rig.fake.writes - writes, 400, 502); // PWM edges, and the charge pump
	engine_free(rig.engine);
}

static void an_estop_edge_cuts_in_one_write(void **state)
{
	struct engine_rig rig;

	(void)state;
	engine_rig_active(&rig);
	while (!line_on(&rig, ROLE_PWM))
		engine_rig_run(&rig, 100, 0);
	rig.fake.inputs &= ~LINE_BIT(rig.chair.estop);
	rig.fake.events[0] = (struct hal_event){ .t_us = rig.now_us + 7,
		.line = (uint8_t)rig.chair.estop };
	rig.fake.n_events = 1;
	rig.now_us += 20;
	rig.fake.writes_now = 0;
	rig.next_us = engine_step(rig.engine, rig.now_us);
	assert_int_equal(rig.fake.writes_now, 1);
	assert_int_equal(rig.fake.levels, chair_safe_levels(&rig.chair));
	engine_rig_run(&rig, 20 * US_PER_MS, 0);
	assert_int_equal(engine_mode(rig.engine), GUARD_TRIPPED);
	engine_free(rig.engine);
}

static void a_failed_write_trips_and_is_tried_again_until_it_is_safe(void **state)
{
	struct wire_report report;
	struct engine_rig rig;

	(void)state;
	engine_rig_active(&rig);
	rig.fake.write_error = -EIO;
	rig.fake.writes_now = 0;
	while (!rig.fake.failed) {
		rig.now_us = rig.next_us;
		rig.next_us = engine_step(rig.engine, rig.now_us);
	}
	assert_int_equal(rig.fake.writes_now, 2); // the failed one, and one for safety
	assert_int_equal(engine_mode(rig.engine), GUARD_TRIPPED);
	assert_true(engine_take_report(rig.engine, &report));
	assert_int_equal(report.reason, REASON_HAL);
	for (int i = 0; i < 50; i++) { // once a tick, with the enable line off
		unsigned writes = rig.fake.writes;

		engine_rig_run(&rig, 10 * US_PER_MS, 0);
		assert_int_equal(rig.fake.writes, writes + 1);
	}
	engine_rig_send(&rig, WIRE_RELEASE, 0); // no release on lines that cannot be trusted
	assert_int_equal(engine_mode(rig.engine), GUARD_TRIPPED);
	assert_false(engine_failed(rig.engine));
	rig.fake.write_error = 0;
	engine_rig_run(&rig, 10 * US_PER_MS, 0);
	assert_int_equal(rig.fake.levels, chair_safe_levels(&rig.chair));
	assert_int_equal(rig.fake.on_after_error, 0);
	engine_rig_run(&rig, 3 * US_PER_S, 400);
	assert_false(engine_failed(rig.engine));
	assert_int_equal(rig.fake.on_after_error, 0);
	engine_free(rig.engine);
}

static void lines_that_do_not_get_safe_end_the_guard(void **state)
{
	struct engine_rig rig;

	(void)state;
	engine_rig_active(&rig);
	rig.fake.write_error = -EIO;
	engine_rig_run(&rig, ENGINE_UNSAFE_MAX_US - 10 * US_PER_MS, 0);
	assert_false(engine_failed(rig.engine));
	engine_rig_run(&rig, 50 * US_PER_MS, 0);
	assert_true(engine_failed(rig.engine));
	assert_int_equal(rig.fake.on_after_error, 0);
	engine_free(rig.engine);
}

static void a_failed_read_trips(void **state)
{
	struct engine_rig rig;

	(void)state;
	engine_rig_active(&rig);
	rig.fake.read_error = -EIO;
	engine_rig_run(&rig, 10 * US_PER_MS, 0);
	engine_rig_send(&rig, WIRE_QUERY, 0);
	assert_int_equal(engine_mode(rig.engine), GUARD_TRIPPED);
	assert_int_equal(rig.fake.levels, chair_safe_levels(&rig.chair));
	engine_free(rig.engine);
}

static void lost_edges_trip(void **state)
{
	struct engine_rig rig;

	(void)state;
	engine_rig_active(&rig);
	rig.fake.events_error = -EOVERFLOW;
	engine_rig_run(&rig, 10 * US_PER_MS, 0);
	assert_int_equal(engine_mode(rig.engine), GUARD_TRIPPED);
	assert_int_equal(rig.fake.levels, chair_safe_levels(&rig.chair));
	engine_free(rig.engine);
}

// A failed call for a sensor counts as a failed sensor.
static void a_failed_force_read_trips(void **state)
{
	struct wire_report report;
	struct engine_rig rig;

	(void)state;
	engine_rig_active(&rig);
	rig.chair.actuators[PRESS].sensor.present = true;
	rig.fake.force_error = -EIO;
	engine_rig_send(&rig, WIRE_QUERY, 0);
	engine_rig_run(&rig, 10 * US_PER_MS, 400);
	assert_true(engine_take_report(rig.engine, &report));
	assert_string_equal(guard_reason_name(report.reason), guard_reason_name(REASON_SENSOR));
	engine_free(rig.engine);
}

// More edges may wait than are taken at once: the rest is taken in the next step.
static void a_full_batch_is_followed_at_once(void **state)
{
	struct engine_rig rig;

	(void)state;
	engine_rig_active(&rig);
	for (int i = 0; i < BATCH; i++)
		rig.fake.events[i] = (struct hal_event){ rig.now_us, (uint8_t)rig.chair.reset,
			i % 2 };
	rig.fake.n_events = BATCH - 1;
	assert_true(engine_step(rig.engine, rig.now_us) > rig.now_us);
	rig.fake.n_events = BATCH;
	assert_int_equal(engine_step(rig.engine, rig.now_us), rig.now_us);
	engine_free(rig.engine);
}

static void malformed_frames_are_counted_and_dropped(void **state)
{
	union wire_frame nonsense;
	struct wire_report report;
	struct engine_rig rig;

	(void)state;
	engine_rig_active(&rig);
	rig.fake.inputs &= ~LINE_BIT(rig.chair.actuators[0].line[ROLE_HOME]);
	engine_take_report(rig.engine, &report);
	memset(&nonsense, 'x', sizeof(nonsense));
	for (int i = 0; i < 20; i++)
		assert_true(engine_frame(rig.engine, rig.now_us, &nonsense, 9) > rig.now_us);
	engine_rig_run(&rig, 251 * US_PER_MS, 0); // they renewed nothing
	assert_int_equal(engine_mode(rig.engine), GUARD_RELEASING);
	assert_true(engine_take_report(rig.engine, &report));
	assert_int_equal(report.frames_refused, 20);
	assert_false(engine_take_report(rig.engine, &report));
	engine_free(rig.engine);
}

static void a_closed_link_releases(void **state)
{
	struct engine_rig rig;

	(void)state;
	engine_rig_active(&rig);
	engine_link(rig.engine, rig.now_us, false);
	assert_int_equal(engine_mode(rig.engine), GUARD_RELEASING);
	assert_false(line_on(&rig, ROLE_FORWARD));
	assert_false(line_on(&rig, ROLE_PWM));
	engine_free(rig.engine);
}

// --- a channel that the lines pulse themselves -----------------------------------------------

static void a_channel_gets_its_drive_when_that_changes(void **state)
{
	struct engine_rig rig;
	unsigned writes, drives;

	(void)state;
	engine_rig_active_with(&rig, true);
	assert_int_equal(rig.fake.drive, 400);
	writes = rig.fake.writes;
	drives = rig.fake.drives;
	engine_rig_run(&rig, US_PER_S, 400);
	assert_int_equal(rig.fake.drive, 400);
	assert_int_equal(rig.fake.drives, drives);
	assert_in_range(rig.fake.writes - writes, 98, 102); // the charge pump's; no edge of PWM
	engine_free(rig.engine);
}

static void a_stop_turns_the_channel_off_in_the_same_step(void **state)
{
	struct engine_rig rig;

	(void)state;
	engine_rig_active_with(&rig, true);
	rig.fake.inputs &= ~LINE_BIT(rig.chair.estop);
	rig.fake.events[0] = (struct hal_event){ .t_us = rig.now_us + 7,
		.line = (uint8_t)rig.chair.estop };
	rig.fake.n_events = 1;
	rig.next_us = engine_step(rig.engine, rig.now_us += 20);
	assert_int_equal(rig.fake.drive, 0);
	assert_int_equal(rig.fake.levels, chair_safe_levels(&rig.chair));
	engine_free(rig.engine);
}

static void a_failed_drive_trips_and_off_is_tried_again(void **state)
{
	struct wire_report report;
	struct engine_rig rig;
	unsigned drives;

	(void)state;
	engine_rig_active_with(&rig, true);
	rig.fake.drive_error = -ENODEV;
	engine_rig_send(&rig, WIRE_SETPOINT, 300);
	engine_rig_run(&rig, 20 * US_PER_MS, 0);
	assert_int_equal(engine_mode(rig.engine), GUARD_TRIPPED);
	assert_true(engine_take_report(rig.engine, &report));
	assert_int_equal(report.reason, REASON_HAL);
	assert_int_equal(rig.fake.levels, chair_safe_levels(&rig.chair));
	drives = rig.fake.drives;
	engine_rig_run(&rig, 100 * US_PER_MS, 0);
	assert_in_range(rig.fake.drives - drives, 10, 11);
	assert_false(engine_failed(rig.engine));
	rig.fake.drive_error = 0;
	engine_rig_run(&rig, 10 * US_PER_MS, 0);
	assert_int_equal(rig.fake.drive, 0);
	assert_int_equal(rig.fake.on_after_error, 0);
	engine_free(rig.engine);
}

static void a_failed_line_turns_the_channel_off(void **state)
{
	struct engine_rig rig;

	(void)state;
	engine_rig_active_with(&rig, true);
	rig.fake.write_error = -EIO;
	engine_rig_run(&rig, 20 * US_PER_MS, 0); // an edge of the charge pump
	assert_int_equal(engine_mode(rig.engine), GUARD_TRIPPED);
	assert_int_equal(rig.fake.drive, 0);
	assert_int_equal(rig.fake.on_after_error, 0);
	engine_free(rig.engine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(idle_writes_nothing),
		cmocka_unit_test(a_channel_gets_its_drive_when_that_changes),
		cmocka_unit_test(a_stop_turns_the_channel_off_in_the_same_step),
		cmocka_unit_test(a_failed_drive_trips_and_off_is_tried_again),
		cmocka_unit_test(a_failed_line_turns_the_channel_off),
		cmocka_unit_test(pulses_reach_the_lines),
		cmocka_unit_test(an_estop_edge_cuts_in_one_write),
		cmocka_unit_test(a_failed_write_trips_and_is_tried_again_until_it_is_safe),
		cmocka_unit_test(lines_that_do_not_get_safe_end_the_guard),
		cmocka_unit_test(a_failed_read_trips),
		cmocka_unit_test(lost_edges_trip),
		cmocka_unit_test(a_failed_force_read_trips),
		cmocka_unit_test(a_full_batch_is_followed_at_once),
		cmocka_unit_test(malformed_frames_are_counted_and_dropped),
		cmocka_unit_test(a_closed_link_releases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
