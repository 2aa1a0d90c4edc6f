// SPDX-License-Identifier: MIT
//
// The guard's modes, leases and latches, from outside.
#include <errno.h>

#include "guard_rig.h"

static int64_t run_until_mode(struct guard_rig *rig, enum guard_mode mode, int64_t bound_us)
{
	int64_t from_us = rig->now_us;

	while (rig_mode(rig) != mode && rig->now_us - from_us < bound_us &&
		rig->out.next_us != TIME_NEVER)
		rig_run(rig, min_i64(rig->out.next_us, from_us + bound_us) - rig->now_us);
	assert_mode(rig, mode);
	return rig->now_us - from_us;
}

static void starts_off_and_moves_nothing(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_open(&rig, fixture_recliner);
	assert_mode(&rig, GUARD_OFF);
	assert_true(rig.out.next_us == TIME_NEVER);
	rig.link_up = true;
	rig_poke(&rig);
	rig.demand[DEPTH] = (struct wire_demand){ .mode = WIRE_DRIVE, .value = 500 };
	rig_setpoint(&rig, 250);
	assert_mode(&rig, GUARD_OFF);
	rig_close(&rig);
}

static void another_chair_is_not_armed(void **state)
{
	struct guard_rig rig;
	uint64_t right;

	(void)state;
	rig_open(&rig, fixture_recliner);
	rig.link_up = true;
	rig_poke(&rig);
	right = chair_fingerprint(&rig.chair);
	assert_true(rig_report(&rig).chair == right);
	for (int i = 0; i < 2; i++) { // from OFF, and from READY
		rig_send_arm(&rig, right ^ 1);
		assert_mode(&rig, GUARD_OFF); // nothing has tripped: no reset is needed
		assert_reason(&rig, REASON_OTHER_CHAIR);
		rig_setpoint(&rig, 250);
		assert_mode(&rig, GUARD_OFF);
		rig_send_arm(&rig, right);
		assert_mode(&rig, GUARD_READY);
		assert_reason(&rig, REASON_NONE);
	}
	rig_close(&rig);
}

// While it moves an ARM has no effect, for any chair.
static void an_arm_of_another_chair_stops_nothing(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_recliner(&rig);
	rig_press(&rig, DEPTH, 300);
	rig_send_arm(&rig, 1);
	assert_mode(&rig, GUARD_ACTIVE);
	rig_close(&rig);
}

static void arms_and_becomes_active(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_bench(&rig);
	assert_true(rig.out.next_us == TIME_NEVER);
	rig_press(&rig, PRESS, 400);
	assert_true(rig_on(&rig, PRESS, ROLE_FORWARD));
	assert_int_equal(rig_duty(&rig, PRESS), 400);
	rig_close(&rig);
}

static void arming_is_refused(struct guard_rig *rig, enum guard_reason reason, int culprit)
{
	rig->link_up = true;
	rig_poke(rig);
	rig_send(rig, WIRE_ARM);
	assert_mode(rig, GUARD_TRIPPED);
	assert_reason(rig, reason);
	assert_int_equal(rig_report(rig).culprit, culprit);
	assert_false(rig_report(rig).armed_once);
	rig_close(rig);
}

static void self_test_looks_at_the_inputs(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_open(&rig, fixture_recliner);
	rig_role(&rig, CARRIAGE, ROLE_HOME, true);
	rig_role(&rig, CARRIAGE, ROLE_END, true);
	rig_run(&rig, 20 * US_PER_MS);
	arming_is_refused(&rig, REASON_SELF_TEST, CARRIAGE);

	rig_open(&rig, fixture_recliner);
	rig_input(&rig, rig.chair.reset, true);
	rig_run(&rig, 20 * US_PER_MS);
	arming_is_refused(&rig, REASON_SELF_TEST, -1);

	rig_open(&rig, fixture_recliner);
	rig.force[DEPTH].force_n = 25; // a press at home cannot be touched
	arming_is_refused(&rig, REASON_SELF_TEST, DEPTH);

	rig_open(&rig, fixture_recliner);
	rig.force[SHOULDER].error = -5;
	arming_is_refused(&rig, REASON_SELF_TEST, SHOULDER);
}

static void persisting_outputs_need_a_charge_pump(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_open(&rig, fixture_bench);
	rig.guard = guard_free(rig.guard);
	assert_int_equal(guard_new(&rig.chair, true, &rig.guard), 0);
	rig_arm(&rig); // it has one
	rig.guard = guard_free(rig.guard);
	rig.chair.enable_hz = 0;
	assert_int_equal(guard_new(&rig.chair, true, &rig.guard), 0);
	arming_is_refused(&rig, REASON_PERSIST, -1);
}

// The controller falls silent in the middle of a press.
static void lease_ends_within_250_ms(void **state)
{
	static const uint32_t lease_ms[] = { 1, 20, 133, 250 };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct guard_rig rig;
		int64_t waited_us;

		rig_bench(&rig);
		rig_press(&rig, PRESS, 400);
		rig.keep = false;
		rig_setpoint(&rig, lease_ms[i]);
		waited_us = run_until_mode(&rig, GUARD_RELEASING, US_PER_S);
		assert_int_equal(waited_us, lease_ms[i] * US_PER_MS);
		assert_false(rig_on(&rig, PRESS, ROLE_FORWARD));
		assert_int_equal(rig_duty(&rig, PRESS), 0);
		assert_reason(&rig, REASON_LEASE);
		rig_run(&rig, 110 * US_PER_MS); // dead time
		assert_true(rig_on(&rig, PRESS, ROLE_REVERSE));
		rig_role(&rig, PRESS, ROLE_HOME, true);
		assert_true(rig_on(&rig, PRESS, ROLE_REVERSE)); // not accepted yet
		run_until_mode(&rig, GUARD_READY, 80 * US_PER_MS);
		assert_false(rig_on(&rig, PRESS, ROLE_REVERSE));
		rig_close(&rig);
	}
}

static void a_release_that_does_not_arrive_is_tried_again_and_latched(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_bench(&rig);
	rig_press(&rig, PRESS, 400);
	rig.keep = false;
	rig_send(&rig, WIRE_RELEASE);
	assert_mode(&rig, GUARD_RELEASING);
	assert_reason(&rig, REASON_ASKED);
	rig_run(&rig, 5990 * US_PER_MS); // the switch never closes
	assert_reason(&rig, REASON_ASKED);
	assert_true(rig_on(&rig, PRESS, ROLE_REVERSE));
	rig_run(&rig, 130 * US_PER_MS);
	assert_mode(&rig, GUARD_RELEASING);
	assert_reason(&rig, REASON_NOT_RELEASED);
	assert_int_equal(rig_report(&rig).culprit, PRESS);
	for (int again = 1; again < RELEASE_TRIES; again++) {
		assert_false(rig_busy(&rig, PRESS)); // a pause before each try
		rig_run(&rig, RELEASE_PAUSE_US + 10 * US_PER_MS);
		assert_true(rig_on(&rig, PRESS, ROLE_REVERSE));
		rig_run(&rig, 6 * US_PER_S);
	}
	assert_mode(&rig, GUARD_TRIPPED);
	assert_reason(&rig, REASON_NOT_RELEASED);
	assert_false(rig_flags(&rig, PRESS) & ACTUATOR_RELEASED); // without a proof
	rig_role(&rig, PRESS, ROLE_HOME, true);                   // turned back by hand
	rig_run(&rig, 200 * US_PER_MS);
	assert_true(rig_flags(&rig, PRESS) & ACTUATOR_RELEASED);
	assert_mode(&rig, GUARD_TRIPPED);
	rig_close(&rig);
}

static void a_release_may_be_requested_in_every_mode(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_bench(&rig);
	rig_press(&rig, PRESS, 400);
	rig.keep = false;
	rig_step(&rig, rig.now_us, NULL, 0, -EIO, NULL);
	assert_mode(&rig, GUARD_TRIPPED);
	rig_send(&rig, WIRE_RELEASE);
	assert_mode(&rig, GUARD_RELEASING);
	assert_reason(&rig, REASON_HAL); // the first reason stays
	rig_run(&rig, 200 * US_PER_MS);
	assert_true(rig_on(&rig, PRESS, ROLE_REVERSE));
	rig_step(&rig, rig.now_us, NULL, 0, -EIO, NULL);
	assert_mode(&rig, GUARD_TRIPPED);
	assert_false(rig_flags(&rig, PRESS) & ACTUATOR_RELEASED);

	rig_press_reset(&rig); // a reset releases, too
	assert_mode(&rig, GUARD_RELEASING);
	rig_run(&rig, 20 * US_PER_S);
	assert_reason(&rig, REASON_NOT_RELEASED);
	assert_mode(&rig, GUARD_TRIPPED);
	rig_run(&rig, RELEASE_PAUSE_US);
	rig_send(&rig, WIRE_RELEASE);
	rig_run(&rig, 200 * US_PER_MS);
	assert_true(rig_on(&rig, PRESS, ROLE_REVERSE));
	rig_role(&rig, PRESS, ROLE_HOME, true);
	rig_run(&rig, 80 * US_PER_MS);
	assert_mode(&rig, GUARD_TRIPPED);
	assert_true(rig_flags(&rig, PRESS) & ACTUATOR_RELEASED);
	rig_press_reset(&rig);
	assert_mode(&rig, GUARD_OFF);
	rig_send(&rig, WIRE_RELEASE); // nothing to release
	assert_mode(&rig, GUARD_OFF);
	rig_close(&rig);
}

static void an_open_estop_takes_no_release(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_bench(&rig);
	rig_press(&rig, PRESS, 400);
	rig.keep = false;
	rig_input(&rig, rig.chair.estop, false);
	rig_run(&rig, 20 * US_PER_MS);
	assert_mode(&rig, GUARD_TRIPPED);
	rig_send(&rig, WIRE_RELEASE);
	assert_mode(&rig, GUARD_TRIPPED);
	assert_false(rig_any_busy(&rig));
	rig_close(&rig);
}

static void a_cell_is_released_by_vent_and_sensor(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_recliner(&rig);
	rig_ask(&rig, CALF, WIRE_DRIVE, 300);
	rig_run(&rig, 500 * US_PER_MS);
	rig.force[CALF].force_n = 9;
	rig.keep = false;
	rig_send(&rig, WIRE_RELEASE);
	rig_run(&rig, 4010 * US_PER_MS); // its vent has been open for its time
	assert_mode(&rig, GUARD_RELEASING);
	assert_false(rig_flags(&rig, CALF) & ACTUATOR_RELEASED);
	rig_run(&rig, 600 * US_PER_MS);
	assert_mode(&rig, GUARD_TRIPPED);
	assert_reason(&rig, REASON_NOT_RELEASED);
	assert_int_equal(rig_report(&rig).culprit, CALF);
	rig.force[CALF].force_n = 0; // the valve opens after all
	rig_run(&rig, 200 * US_PER_MS);
	assert_true(rig_flags(&rig, CALF) & ACTUATOR_RELEASED);
	rig_close(&rig);
}

// A guard that starts with a press off its home pushes nothing until it has been released.
static void an_unproven_press_is_not_pushed(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_open(&rig, fixture_bench);
	guard_free(rig.guard);
	rig.levels &= ~LINE_BIT(rig.chair.actuators[PRESS].line[ROLE_HOME]);
	assert_int_equal(guard_new(&rig.chair, false, &rig.guard), 0);
	rig_poke(&rig);
	assert_false(rig_flags(&rig, PRESS) & ACTUATOR_RELEASED);
	rig_arm(&rig);
	rig_ask(&rig, PRESS, WIRE_DRIVE, 400);
	rig_run(&rig, US_PER_S);
	assert_mode(&rig, GUARD_ACTIVE);
	assert_false(rig_busy(&rig, PRESS));
	rig_ask(&rig, PRESS, WIRE_RELEASE_ACTUATOR, 0);
	rig_run(&rig, 50 * US_PER_MS);
	assert_true(rig_on(&rig, PRESS, ROLE_REVERSE));
	rig_role(&rig, PRESS, ROLE_HOME, true);
	rig_run(&rig, 80 * US_PER_MS);
	rig_ask(&rig, PRESS, WIRE_DRIVE, 400);
	rig_run(&rig, 200 * US_PER_MS);
	assert_true(rig_on(&rig, PRESS, ROLE_FORWARD));
	rig_close(&rig);
}

static void a_lost_link_releases_and_disarms(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_bench(&rig);
	rig_press(&rig, PRESS, 400);
	rig.keep = false;
	rig.link_up = false;
	rig_poke(&rig);
	assert_mode(&rig, GUARD_RELEASING);
	assert_reason(&rig, REASON_LINK);
	rig.link_up = true; // a new controller has to arm
	rig_poke(&rig);
	rig_role(&rig, PRESS, ROLE_HOME, true);
	run_until_mode(&rig, GUARD_OFF, US_PER_S);
	rig_close(&rig);

	rig_bench(&rig);
	rig.link_up = false;
	rig_poke(&rig);
	assert_mode(&rig, GUARD_OFF);
	rig_close(&rig);
}

static void a_lost_seat_releases(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_bench(&rig);
	rig_press(&rig, PRESS, 400);
	rig_input(&rig, rig.chair.seat, false);
	rig_run(&rig, 200 * US_PER_MS); // shifts their weight
	rig_input(&rig, rig.chair.seat, true);
	rig_run(&rig, US_PER_S);
	assert_mode(&rig, GUARD_ACTIVE);

	rig.keep = true;
	rig_input(&rig, rig.chair.seat, false);
	rig_run(&rig, 299 * US_PER_MS);
	assert_mode(&rig, GUARD_ACTIVE);
	rig_run(&rig, 2 * US_PER_MS);
	assert_mode(&rig, GUARD_RELEASING);
	assert_reason(&rig, REASON_SEAT);
	rig_close(&rig);
}

static void nothing_presses_on_an_empty_seat(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_recliner(&rig);
	rig_input(&rig, rig.chair.seat, false);
	rig_run(&rig, US_PER_S);
	rig_ask(&rig, DEPTH, WIRE_DRIVE, 500);
	rig_ask(&rig, KNEAD, WIRE_DRIVE, 500);
	rig_ask(&rig, SHOULDER, WIRE_DRIVE, 500);
	rig_run(&rig, US_PER_S);
	assert_mode(&rig, GUARD_ACTIVE);
	assert_false(rig_any_busy(&rig));
	rig_ask(&rig, KNEAD, WIRE_REST, 0);
	rig_ask(&rig, CARRIAGE, WIRE_HOME, 0); // that may move
	rig_run(&rig, 100 * US_PER_MS);
	assert_true(rig_on(&rig, CARRIAGE, ROLE_REVERSE));
	rig_close(&rig);
}

// Setpoints in flight at a release, or sent after it by a controller that missed it, start nothing.
static void a_setpoint_after_a_release_starts_nothing(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_bench(&rig);
	rig_press(&rig, PRESS, 400);
	rig.keep = false;
	run_until_mode(&rig, GUARD_RELEASING, US_PER_S); // the lease
	rig_role(&rig, PRESS, ROLE_HOME, true);
	run_until_mode(&rig, GUARD_READY, US_PER_S);
	rig_role(&rig, PRESS, ROLE_HOME, false);
	rig_ask(&rig, PRESS, WIRE_DRIVE, 400);
	rig_run(&rig, US_PER_S);
	assert_mode(&rig, GUARD_READY);
	assert_false(rig_any_busy(&rig));
	rig_arm(&rig);
	rig_ask(&rig, PRESS, WIRE_DRIVE, 400);
	rig_run(&rig, 100 * US_PER_MS);
	assert_mode(&rig, GUARD_ACTIVE);
	rig_close(&rig);
}

static void a_session_has_its_longest_time(void **state)
{
	struct guard_rig rig;
	int64_t active_us = 0;

	(void)state;
	rig_bench(&rig); // 900 s
	for (int part = 0; part < 10; part++) {
		int64_t from_us = rig.now_us;

		rig_ask(&rig, PRESS, WIRE_REST, 0);
		while (rig_mode(&rig) == GUARD_ACTIVE && rig.now_us - from_us < 100 * US_PER_S)
			rig_run(&rig, rig.out.next_us - rig.now_us);
		active_us += rig.now_us - from_us;
		if (rig_mode(&rig) != GUARD_ACTIVE)
			break;
		rig.keep = false;
		rig_send(&rig, WIRE_RELEASE);
		run_until_mode(&rig, GUARD_READY, US_PER_S);
		rig_run(&rig, 10 * US_PER_S); // does not count
		rig_arm(&rig);                // nor does it begin a new session
	}
	assert_in_range(active_us, 899990000, 900010000);
	assert_reason(&rig, REASON_SESSION_LENGTH);
	run_until_mode(&rig, GUARD_OFF, US_PER_S);
	rig_ask(&rig, PRESS, WIRE_DRIVE, 400);
	assert_mode(&rig, GUARD_OFF);
	rig_arm(&rig);
	rig_ask(&rig, PRESS, WIRE_REST, 0); // too short a rest does not count
	run_until_mode(&rig, GUARD_OFF, US_PER_S);
	rig.keep = false;
	rig_run(&rig, 61 * US_PER_S);
	rig_arm(&rig);
	rig_ask(&rig, PRESS, WIRE_REST, 0);
	rig_run(&rig, 800 * US_PER_S);
	assert_mode(&rig, GUARD_ACTIVE);
	rig.keep = false;
	rig_send(&rig, WIRE_RELEASE);
	run_until_mode(&rig, GUARD_READY, US_PER_S);
	rig_run(&rig, 61 * US_PER_S);
	rig_send(&rig, WIRE_ARM); // the next session
	rig_ask(&rig, PRESS, WIRE_REST, 0);
	rig_run(&rig, 800 * US_PER_S);
	assert_mode(&rig, GUARD_ACTIVE);
	rig_close(&rig);
}

static void the_file_cannot_raise_the_session_length(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_open(&rig, fixture_bench);
	rig.chair.session_max_s = 100000;
	rig_arm(&rig);
	rig_ask(&rig, PRESS, WIRE_REST, 0);
	rig_run(&rig, 1799 * US_PER_S);
	assert_mode(&rig, GUARD_ACTIVE);
	rig_run(&rig, 2 * US_PER_S);
	assert_mode(&rig, GUARD_OFF);
	rig_close(&rig);
}

static void estop_trips_and_needs_the_button(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_bench(&rig);
	rig_press(&rig, PRESS, 400);
	rig_input(&rig, rig.chair.estop, false);
	assert_true(rig.out.cut);
	rig_run(&rig, 6 * US_PER_MS);
	assert_mode(&rig, GUARD_TRIPPED);
	assert_reason(&rig, REASON_ESTOP);

	rig_press_reset(&rig); // still pressed
	assert_mode(&rig, GUARD_TRIPPED);
	rig_input(&rig, rig.chair.estop, true);
	rig_run(&rig, 50 * US_PER_MS);
	assert_mode(&rig, GUARD_TRIPPED);
	rig_send(&rig, WIRE_RESET); // the chair has a button
	assert_mode(&rig, GUARD_TRIPPED);
	rig_send(&rig, WIRE_ARM);
	assert_mode(&rig, GUARD_TRIPPED);
	rig_press_reset(&rig); // which releases: the motor had no power before
	assert_mode(&rig, GUARD_RELEASING);
	rig_role(&rig, PRESS, ROLE_HOME, true);
	rig_run(&rig, 80 * US_PER_MS);
	assert_mode(&rig, GUARD_OFF);
	assert_reason(&rig, REASON_NONE);
	rig_run(&rig, US_PER_S); // setpoints still come, and nothing resumes
	assert_mode(&rig, GUARD_OFF);
	rig_close(&rig);
}

static void a_held_button_is_no_edge(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_bench(&rig);
	rig_input(&rig, rig.chair.reset, true);
	rig_run(&rig, 20 * US_PER_MS);
	rig_input(&rig, rig.chair.estop, false);
	rig_run(&rig, 20 * US_PER_MS);
	rig_input(&rig, rig.chair.estop, true);
	rig_run(&rig, US_PER_S);
	assert_mode(&rig, GUARD_TRIPPED);
	rig_close(&rig);
}

static void without_a_button_the_frame_resets(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_open(&rig, fixture_bench);
	rig.chair.reset = -1;
	rig_arm(&rig);
	rig_input(&rig, rig.chair.estop, false);
	rig_run(&rig, 20 * US_PER_MS);
	rig_send(&rig, WIRE_RESET);
	assert_mode(&rig, GUARD_TRIPPED);
	rig_input(&rig, rig.chair.estop, true);
	rig_run(&rig, 20 * US_PER_MS);
	rig_send(&rig, WIRE_RESET);
	assert_mode(&rig, GUARD_OFF);
	rig_close(&rig);
}

static void an_estop_open_at_start_is_latched(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_open(&rig, fixture_bench);
	rig.guard = guard_free(rig.guard);
	assert_int_equal(guard_new(&rig.chair, false, &rig.guard), 0);
	rig.levels &= ~LINE_BIT(rig.chair.estop);
	rig_poke(&rig);
	assert_mode(&rig, GUARD_TRIPPED);
	assert_reason(&rig, REASON_ESTOP);
	rig_close(&rig);
}

static void a_hal_error_cuts_in_any_mode(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_open(&rig, fixture_bench);
	rig_step(&rig, rig.now_us, NULL, 0, -5, NULL);
	assert_mode(&rig, GUARD_TRIPPED);
	rig_close(&rig);

	rig_bench(&rig);
	rig_press(&rig, PRESS, 400);
	rig_step(&rig, rig.now_us, NULL, 0, -5, NULL);
	assert_true(rig.out.cut);
	assert_mode(&rig, GUARD_TRIPPED);
	assert_reason(&rig, REASON_HAL);
	rig_close(&rig);

	rig_bench(&rig);
	rig_press(&rig, PRESS, 400);
	rig_send(&rig, WIRE_RELEASE);
	rig_run(&rig, 300 * US_PER_MS);
	assert_true(rig_on(&rig, PRESS, ROLE_REVERSE));
	rig_step(&rig, rig.now_us, NULL, 0, -5, NULL);
	assert_true(rig.out.cut);
	assert_mode(&rig, GUARD_TRIPPED);
	rig_close(&rig);
}

static void the_first_trip_wins(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_recliner(&rig);
	rig_press(&rig, DEPTH, 400);
	rig.force[DEPTH].error = -5;
	rig_run(&rig, 20 * US_PER_MS);
	assert_mode(&rig, GUARD_RELEASING);
	assert_reason(&rig, REASON_SENSOR);
	rig.now_us += 400 * US_PER_MS; // too late as well
	rig_step(&rig, rig.now_us - 400 * US_PER_MS, NULL, 0, 0, NULL);
	assert_mode(&rig, GUARD_RELEASING);
	assert_reason(&rig, REASON_SENSOR);
	rig_input(&rig, rig.chair.estop, false);
	rig_run(&rig, 20 * US_PER_MS);
	assert_mode(&rig, GUARD_TRIPPED);
	assert_reason(&rig, REASON_SENSOR);
	rig_step(&rig, rig.now_us, NULL, 0, -5, NULL);
	assert_reason(&rig, REASON_SENSOR);
	assert_int_equal(rig_report(&rig).culprit, DEPTH);
	rig_close(&rig);
}

static void a_trip_outranks_a_release_under_way(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_bench(&rig);
	rig_press(&rig, PRESS, 400);
	rig.keep = false;
	rig_send(&rig, WIRE_RELEASE);
	rig_run(&rig, 200 * US_PER_MS);
	rig_input(&rig, rig.chair.estop, false);
	rig_run(&rig, 20 * US_PER_MS);
	assert_mode(&rig, GUARD_TRIPPED);
	assert_reason(&rig, REASON_ESTOP);
	rig_close(&rig);
}

static void setpoints_do_not_stop_a_release(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_bench(&rig);
	rig_press(&rig, PRESS, 400);
	rig_send(&rig, WIRE_RELEASE);
	rig_run(&rig, US_PER_S); // they keep coming
	assert_mode(&rig, GUARD_RELEASING);
	assert_true(rig_on(&rig, PRESS, ROLE_REVERSE));
	rig_close(&rig);
}

static void old_frames_are_refused_but_for_release(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_bench(&rig);
	rig_press(&rig, PRESS, 400);
	rig.keep = false;
	rig.seq -= 5;
	rig_setpoint(&rig, 250);
	assert_int_equal(rig_report(&rig).frames_refused, 1);
	rig.seq += 3; // the last one again
	rig_setpoint(&rig, 250);
	assert_int_equal(rig_report(&rig).frames_refused, 2);
	rig_run(&rig, 251 * US_PER_MS); // it renewed nothing
	assert_mode(&rig, GUARD_RELEASING);
	rig_close(&rig);

	rig_bench(&rig);
	rig_press(&rig, PRESS, 400);
	rig.seq -= 5;
	rig_send(&rig, WIRE_RELEASE);
	assert_mode(&rig, GUARD_RELEASING);
	rig_close(&rig);
}

static void reports_come_at_50_hz_only_in_motion(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_bench(&rig);
	rig.reports = 0;
	rig_run(&rig, 10 * US_PER_S);
	assert_int_equal(rig.reports, 0);
	rig_send(&rig, WIRE_QUERY);
	assert_int_equal(rig.reports, 1);
	rig_press(&rig, PRESS, 400);
	rig.reports = 0;
	rig_run(&rig, 10 * US_PER_S);
	assert_in_range(rig.reports, 499, 501);
	rig_close(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(starts_off_and_moves_nothing),
		cmocka_unit_test(another_chair_is_not_armed),
		cmocka_unit_test(an_arm_of_another_chair_stops_nothing),
		cmocka_unit_test(arms_and_becomes_active),
		cmocka_unit_test(self_test_looks_at_the_inputs),
		cmocka_unit_test(persisting_outputs_need_a_charge_pump),
		cmocka_unit_test(lease_ends_within_250_ms),
		cmocka_unit_test(a_release_that_does_not_arrive_is_tried_again_and_latched),
		cmocka_unit_test(a_release_may_be_requested_in_every_mode),
		cmocka_unit_test(an_open_estop_takes_no_release),
		cmocka_unit_test(a_cell_is_released_by_vent_and_sensor),
		cmocka_unit_test(an_unproven_press_is_not_pushed),
		cmocka_unit_test(a_lost_link_releases_and_disarms),
		cmocka_unit_test(a_lost_seat_releases),
		cmocka_unit_test(nothing_presses_on_an_empty_seat),
		cmocka_unit_test(a_setpoint_after_a_release_starts_nothing),
		cmocka_unit_test(a_session_has_its_longest_time),
		cmocka_unit_test(the_file_cannot_raise_the_session_length),
		cmocka_unit_test(estop_trips_and_needs_the_button),
		cmocka_unit_test(a_held_button_is_no_edge),
		cmocka_unit_test(without_a_button_the_frame_resets),
		cmocka_unit_test(an_estop_open_at_start_is_latched),
		cmocka_unit_test(a_hal_error_cuts_in_any_mode),
		cmocka_unit_test(the_first_trip_wins),
		cmocka_unit_test(a_trip_outranks_a_release_under_way),
		cmocka_unit_test(setpoints_do_not_stop_a_release),
		cmocka_unit_test(old_frames_are_refused_but_for_release),
		cmocka_unit_test(reports_come_at_50_hz_only_in_motion),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
