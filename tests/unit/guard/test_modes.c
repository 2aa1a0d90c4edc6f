// SPDX-License-Identifier: MIT
//
// The guard's modes, leases and latches, from outside.
#include <errno.h>

#include "bed.h"

static int64_t run_until_mode(struct bed *bed, enum guard_mode mode, int64_t bound_us)
{
	int64_t from_us = bed->now_us;

	while (bed_mode(bed) != mode && bed->now_us - from_us < bound_us &&
		bed->out.next_us != TIME_NEVER)
		bed_run(bed, min_i64(bed->out.next_us, from_us + bound_us) - bed->now_us);
	assert_mode(bed, mode);
	return bed->now_us - from_us;
}

static void starts_off_and_moves_nothing(void **state)
{
	struct bed bed;

	(void)state;
	bed_open(&bed, fixture_recliner);
	assert_mode(&bed, GUARD_OFF);
	assert_true(bed.out.next_us == TIME_NEVER);
	bed.link_up = true;
	bed_poke(&bed);
	bed.demand[DEPTH] = (struct wire_demand){ .mode = WIRE_DRIVE, .value = 500 };
	bed_setpoint(&bed, 250);
	assert_mode(&bed, GUARD_OFF);
	bed_close(&bed);
}

static void another_chair_is_not_armed(void **state)
{
	struct bed bed;
	uint64_t right;

	(void)state;
	bed_open(&bed, fixture_recliner);
	bed.link_up = true;
	bed_poke(&bed);
	right = chair_fingerprint(&bed.chair);
	assert_true(bed_report(&bed).chair == right);
	for (int i = 0; i < 2; i++) { // from OFF, and from READY
		bed_send_arm(&bed, right ^ 1);
		assert_mode(&bed, GUARD_OFF); // nothing has tripped: no reset is needed
		assert_reason(&bed, REASON_OTHER_CHAIR);
		bed_setpoint(&bed, 250);
		assert_mode(&bed, GUARD_OFF);
		bed_send_arm(&bed, right);
		assert_mode(&bed, GUARD_READY);
		assert_reason(&bed, REASON_NONE);
	}
	bed_close(&bed);
}

// While it moves an ARM is nothing at all, whoever it speaks of.
static void an_arm_of_another_chair_stops_nothing(void **state)
{
	struct bed bed;

	(void)state;
	bed_recliner(&bed);
	bed_press(&bed, DEPTH, 300);
	bed_send_arm(&bed, 1);
	assert_mode(&bed, GUARD_ACTIVE);
	bed_close(&bed);
}

static void arms_and_becomes_active(void **state)
{
	struct bed bed;

	(void)state;
	bed_bench(&bed);
	assert_true(bed.out.next_us == TIME_NEVER);
	bed_press(&bed, PRESS, 400);
	assert_true(bed_on(&bed, PRESS, ROLE_FORWARD));
	assert_int_equal(bed_duty(&bed, PRESS), 400);
	bed_close(&bed);
}

static void arming_is_refused(struct bed *bed, enum guard_reason reason, int culprit)
{
	bed->link_up = true;
	bed_poke(bed);
	bed_send(bed, WIRE_ARM);
	assert_mode(bed, GUARD_TRIPPED);
	assert_reason(bed, reason);
	assert_int_equal(bed_report(bed).culprit, culprit);
	assert_false(bed_report(bed).armed_once);
	bed_close(bed);
}

static void self_test_looks_at_the_inputs(void **state)
{
	struct bed bed;

	(void)state;
	bed_open(&bed, fixture_recliner);
	bed_role(&bed, CARRIAGE, ROLE_HOME, true);
	bed_role(&bed, CARRIAGE, ROLE_END, true);
	bed_run(&bed, 20 * US_PER_MS);
	arming_is_refused(&bed, REASON_SELF_TEST, CARRIAGE);

	bed_open(&bed, fixture_recliner);
	bed_input(&bed, bed.chair.reset, true);
	bed_run(&bed, 20 * US_PER_MS);
	arming_is_refused(&bed, REASON_SELF_TEST, -1);

	bed_open(&bed, fixture_recliner);
	bed.force[DEPTH].force_n = 25; // nobody can press on a press that is at home
	arming_is_refused(&bed, REASON_SELF_TEST, DEPTH);

	bed_open(&bed, fixture_recliner);
	bed.force[SHOULDER].error = -5;
	arming_is_refused(&bed, REASON_SELF_TEST, SHOULDER);
}

static void persisting_outputs_need_a_charge_pump(void **state)
{
	struct bed bed;

	(void)state;
	bed_open(&bed, fixture_bench);
	bed.guard = guard_free(bed.guard);
	assert_int_equal(guard_new(&bed.chair, true, &bed.guard), 0);
	bed_arm(&bed); // it has one
	bed.guard = guard_free(bed.guard);
	bed.chair.enable_hz = 0;
	assert_int_equal(guard_new(&bed.chair, true, &bed.guard), 0);
	arming_is_refused(&bed, REASON_PERSIST, -1);
}

// The controller goes quiet in the middle of a press.
static void lease_ends_within_250_ms(void **state)
{
	static const uint32_t lease_ms[] = { 1, 20, 133, 250 };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct bed bed;
		int64_t waited_us;

		bed_bench(&bed);
		bed_press(&bed, PRESS, 400);
		bed.keep = false;
		bed_setpoint(&bed, lease_ms[i]);
		waited_us = run_until_mode(&bed, GUARD_RELEASING, US_PER_S);
		assert_int_equal(waited_us, lease_ms[i] * US_PER_MS);
		assert_false(bed_on(&bed, PRESS, ROLE_FORWARD));
		assert_int_equal(bed_duty(&bed, PRESS), 0);
		assert_reason(&bed, REASON_LEASE);
		bed_run(&bed, 110 * US_PER_MS); // dead time
		assert_true(bed_on(&bed, PRESS, ROLE_REVERSE));
		bed_role(&bed, PRESS, ROLE_HOME, true);
		assert_true(bed_on(&bed, PRESS, ROLE_REVERSE)); // not believed yet
		run_until_mode(&bed, GUARD_READY, 80 * US_PER_MS);
		assert_false(bed_on(&bed, PRESS, ROLE_REVERSE));
		bed_close(&bed);
	}
}

static void a_release_that_does_not_arrive_is_tried_again_and_latched(void **state)
{
	struct bed bed;

	(void)state;
	bed_bench(&bed);
	bed_press(&bed, PRESS, 400);
	bed.keep = false;
	bed_send(&bed, WIRE_RELEASE);
	assert_mode(&bed, GUARD_RELEASING);
	assert_reason(&bed, REASON_ASKED);
	bed_run(&bed, 5990 * US_PER_MS); // the switch never closes
	assert_reason(&bed, REASON_ASKED);
	assert_true(bed_on(&bed, PRESS, ROLE_REVERSE));
	bed_run(&bed, 130 * US_PER_MS);
	assert_mode(&bed, GUARD_RELEASING);
	assert_reason(&bed, REASON_NOT_RELEASED);
	assert_int_equal(bed_report(&bed).culprit, PRESS);
	for (int again = 1; again < RELEASE_TRIES; again++) {
		assert_false(bed_busy(&bed, PRESS)); // a pause before each try
		bed_run(&bed, RELEASE_PAUSE_US + 10 * US_PER_MS);
		assert_true(bed_on(&bed, PRESS, ROLE_REVERSE));
		bed_run(&bed, 6 * US_PER_S);
	}
	assert_mode(&bed, GUARD_TRIPPED);
	assert_reason(&bed, REASON_NOT_RELEASED);
	assert_false(bed_flags(&bed, PRESS) & ACTUATOR_RELEASED); // nobody has seen it
	bed_role(&bed, PRESS, ROLE_HOME, true);                   // turned back by hand
	bed_run(&bed, 200 * US_PER_MS);
	assert_true(bed_flags(&bed, PRESS) & ACTUATOR_RELEASED);
	assert_mode(&bed, GUARD_TRIPPED);
	bed_close(&bed);
}

static void a_release_is_asked_for_in_every_mode(void **state)
{
	struct bed bed;

	(void)state;
	bed_bench(&bed);
	bed_press(&bed, PRESS, 400);
	bed.keep = false;
	bed_step(&bed, bed.now_us, NULL, 0, -EIO, NULL);
	assert_mode(&bed, GUARD_TRIPPED);
	bed_send(&bed, WIRE_RELEASE);
	assert_mode(&bed, GUARD_RELEASING);
	assert_reason(&bed, REASON_HAL); // the first reason stays
	bed_run(&bed, 200 * US_PER_MS);
	assert_true(bed_on(&bed, PRESS, ROLE_REVERSE));
	bed_step(&bed, bed.now_us, NULL, 0, -EIO, NULL);
	assert_mode(&bed, GUARD_TRIPPED);
	assert_false(bed_flags(&bed, PRESS) & ACTUATOR_RELEASED);

	bed_press_reset(&bed); // a reset releases, too
	assert_mode(&bed, GUARD_RELEASING);
	bed_run(&bed, 20 * US_PER_S);
	assert_reason(&bed, REASON_NOT_RELEASED);
	assert_mode(&bed, GUARD_TRIPPED);
	bed_run(&bed, RELEASE_PAUSE_US);
	bed_send(&bed, WIRE_RELEASE);
	bed_run(&bed, 200 * US_PER_MS);
	assert_true(bed_on(&bed, PRESS, ROLE_REVERSE));
	bed_role(&bed, PRESS, ROLE_HOME, true);
	bed_run(&bed, 80 * US_PER_MS);
	assert_mode(&bed, GUARD_TRIPPED);
	assert_true(bed_flags(&bed, PRESS) & ACTUATOR_RELEASED);
	bed_press_reset(&bed);
	assert_mode(&bed, GUARD_OFF);
	bed_send(&bed, WIRE_RELEASE); // nothing to release
	assert_mode(&bed, GUARD_OFF);
	bed_close(&bed);
}

static void an_open_estop_takes_no_release(void **state)
{
	struct bed bed;

	(void)state;
	bed_bench(&bed);
	bed_press(&bed, PRESS, 400);
	bed.keep = false;
	bed_input(&bed, bed.chair.estop, false);
	bed_run(&bed, 20 * US_PER_MS);
	assert_mode(&bed, GUARD_TRIPPED);
	bed_send(&bed, WIRE_RELEASE);
	assert_mode(&bed, GUARD_TRIPPED);
	assert_false(bed_any_busy(&bed));
	bed_close(&bed);
}

static void a_cell_is_released_by_vent_and_sensor(void **state)
{
	struct bed bed;

	(void)state;
	bed_recliner(&bed);
	bed_ask(&bed, CALF, WIRE_DRIVE, 300);
	bed_run(&bed, 500 * US_PER_MS);
	bed.force[CALF].force_n = 9;
	bed.keep = false;
	bed_send(&bed, WIRE_RELEASE);
	bed_run(&bed, 4010 * US_PER_MS); // its vent has been open for its time
	assert_mode(&bed, GUARD_RELEASING);
	assert_false(bed_flags(&bed, CALF) & ACTUATOR_RELEASED);
	bed_run(&bed, 600 * US_PER_MS);
	assert_mode(&bed, GUARD_TRIPPED);
	assert_reason(&bed, REASON_NOT_RELEASED);
	assert_int_equal(bed_report(&bed).culprit, CALF);
	bed.force[CALF].force_n = 0; // the valve lets go after all
	bed_run(&bed, 200 * US_PER_MS);
	assert_true(bed_flags(&bed, CALF) & ACTUATOR_RELEASED);
	bed_close(&bed);
}

// A guard that starts with a press off its home pushes nothing until it has been released.
static void what_was_never_proven_is_not_pushed(void **state)
{
	struct bed bed;

	(void)state;
	bed_open(&bed, fixture_bench);
	guard_free(bed.guard);
	bed.levels &= ~LINE_BIT(bed.chair.actuators[PRESS].line[ROLE_HOME]);
	assert_int_equal(guard_new(&bed.chair, false, &bed.guard), 0);
	bed_poke(&bed);
	assert_false(bed_flags(&bed, PRESS) & ACTUATOR_RELEASED);
	bed_arm(&bed);
	bed_ask(&bed, PRESS, WIRE_DRIVE, 400);
	bed_run(&bed, US_PER_S);
	assert_mode(&bed, GUARD_ACTIVE);
	assert_false(bed_busy(&bed, PRESS));
	bed_ask(&bed, PRESS, WIRE_RELEASE_ACTUATOR, 0);
	bed_run(&bed, 50 * US_PER_MS);
	assert_true(bed_on(&bed, PRESS, ROLE_REVERSE));
	bed_role(&bed, PRESS, ROLE_HOME, true);
	bed_run(&bed, 80 * US_PER_MS);
	bed_ask(&bed, PRESS, WIRE_DRIVE, 400);
	bed_run(&bed, 200 * US_PER_MS);
	assert_true(bed_on(&bed, PRESS, ROLE_FORWARD));
	bed_close(&bed);
}

static void a_lost_link_releases_and_disarms(void **state)
{
	struct bed bed;

	(void)state;
	bed_bench(&bed);
	bed_press(&bed, PRESS, 400);
	bed.keep = false;
	bed.link_up = false;
	bed_poke(&bed);
	assert_mode(&bed, GUARD_RELEASING);
	assert_reason(&bed, REASON_LINK);
	bed.link_up = true; // a new controller has to arm
	bed_poke(&bed);
	bed_role(&bed, PRESS, ROLE_HOME, true);
	run_until_mode(&bed, GUARD_OFF, US_PER_S);
	bed_close(&bed);

	bed_bench(&bed);
	bed.link_up = false;
	bed_poke(&bed);
	assert_mode(&bed, GUARD_OFF);
	bed_close(&bed);
}

static void a_lost_seat_releases(void **state)
{
	struct bed bed;

	(void)state;
	bed_bench(&bed);
	bed_press(&bed, PRESS, 400);
	bed_input(&bed, bed.chair.seat, false);
	bed_run(&bed, 200 * US_PER_MS); // shifts their weight
	bed_input(&bed, bed.chair.seat, true);
	bed_run(&bed, US_PER_S);
	assert_mode(&bed, GUARD_ACTIVE);

	bed.keep = true;
	bed_input(&bed, bed.chair.seat, false);
	bed_run(&bed, 299 * US_PER_MS);
	assert_mode(&bed, GUARD_ACTIVE);
	bed_run(&bed, 2 * US_PER_MS);
	assert_mode(&bed, GUARD_RELEASING);
	assert_reason(&bed, REASON_SEAT);
	bed_close(&bed);
}

static void nothing_presses_on_an_empty_seat(void **state)
{
	struct bed bed;

	(void)state;
	bed_recliner(&bed);
	bed_input(&bed, bed.chair.seat, false);
	bed_run(&bed, US_PER_S);
	bed_ask(&bed, DEPTH, WIRE_DRIVE, 500);
	bed_ask(&bed, KNEAD, WIRE_DRIVE, 500);
	bed_ask(&bed, SHOULDER, WIRE_DRIVE, 500);
	bed_run(&bed, US_PER_S);
	assert_mode(&bed, GUARD_ACTIVE);
	assert_false(bed_any_busy(&bed));
	bed_ask(&bed, KNEAD, WIRE_REST, 0);
	bed_ask(&bed, CARRIAGE, WIRE_HOME, 0); // that may move
	bed_run(&bed, 100 * US_PER_MS);
	assert_true(bed_on(&bed, CARRIAGE, ROLE_REVERSE));
	bed_close(&bed);
}

// What was in flight when the guard let go, or is sent on by a controller that did not notice,
// starts nothing.
static void a_setpoint_after_a_release_starts_nothing(void **state)
{
	struct bed bed;

	(void)state;
	bed_bench(&bed);
	bed_press(&bed, PRESS, 400);
	bed.keep = false;
	run_until_mode(&bed, GUARD_RELEASING, US_PER_S); // the lease
	bed_role(&bed, PRESS, ROLE_HOME, true);
	run_until_mode(&bed, GUARD_READY, US_PER_S);
	bed_role(&bed, PRESS, ROLE_HOME, false);
	bed_ask(&bed, PRESS, WIRE_DRIVE, 400);
	bed_run(&bed, US_PER_S);
	assert_mode(&bed, GUARD_READY);
	assert_false(bed_any_busy(&bed));
	bed_arm(&bed);
	bed_ask(&bed, PRESS, WIRE_DRIVE, 400);
	bed_run(&bed, 100 * US_PER_MS);
	assert_mode(&bed, GUARD_ACTIVE);
	bed_close(&bed);
}

static void a_session_has_its_longest_time(void **state)
{
	struct bed bed;
	int64_t active_us = 0;

	(void)state;
	bed_bench(&bed); // 900 s
	for (int part = 0; part < 10; part++) {
		int64_t from_us = bed.now_us;

		bed_ask(&bed, PRESS, WIRE_REST, 0);
		while (bed_mode(&bed) == GUARD_ACTIVE && bed.now_us - from_us < 100 * US_PER_S)
			bed_run(&bed, bed.out.next_us - bed.now_us);
		active_us += bed.now_us - from_us;
		if (bed_mode(&bed) != GUARD_ACTIVE)
			break;
		bed.keep = false;
		bed_send(&bed, WIRE_RELEASE);
		run_until_mode(&bed, GUARD_READY, US_PER_S);
		bed_run(&bed, 10 * US_PER_S); // does not count
		bed_arm(&bed);                // nor does it begin a new session
	}
	assert_in_range(active_us, 899990000, 900010000);
	assert_reason(&bed, REASON_SESSION_LENGTH);
	run_until_mode(&bed, GUARD_OFF, US_PER_S);
	bed_ask(&bed, PRESS, WIRE_DRIVE, 400);
	assert_mode(&bed, GUARD_OFF);
	bed_arm(&bed);
	bed_ask(&bed, PRESS, WIRE_REST, 0); // a rest that is too short gives nothing back
	run_until_mode(&bed, GUARD_OFF, US_PER_S);
	bed.keep = false;
	bed_run(&bed, 61 * US_PER_S);
	bed_arm(&bed);
	bed_ask(&bed, PRESS, WIRE_REST, 0);
	bed_run(&bed, 800 * US_PER_S);
	assert_mode(&bed, GUARD_ACTIVE);
	bed.keep = false;
	bed_send(&bed, WIRE_RELEASE);
	run_until_mode(&bed, GUARD_READY, US_PER_S);
	bed_run(&bed, 61 * US_PER_S);
	bed_send(&bed, WIRE_ARM); // the next session
	bed_ask(&bed, PRESS, WIRE_REST, 0);
	bed_run(&bed, 800 * US_PER_S);
	assert_mode(&bed, GUARD_ACTIVE);
	bed_close(&bed);
}

static void the_file_cannot_raise_the_session_length(void **state)
{
	struct bed bed;

	(void)state;
	bed_open(&bed, fixture_bench);
	bed.chair.session_max_s = 100000;
	bed_arm(&bed);
	bed_ask(&bed, PRESS, WIRE_REST, 0);
	bed_run(&bed, 1799 * US_PER_S);
	assert_mode(&bed, GUARD_ACTIVE);
	bed_run(&bed, 2 * US_PER_S);
	assert_mode(&bed, GUARD_OFF);
	bed_close(&bed);
}

static void estop_trips_and_needs_the_button(void **state)
{
	struct bed bed;

	(void)state;
	bed_bench(&bed);
	bed_press(&bed, PRESS, 400);
	bed_input(&bed, bed.chair.estop, false);
	assert_true(bed.out.cut);
	bed_run(&bed, 6 * US_PER_MS);
	assert_mode(&bed, GUARD_TRIPPED);
	assert_reason(&bed, REASON_ESTOP);

	bed_press_reset(&bed); // still pressed
	assert_mode(&bed, GUARD_TRIPPED);
	bed_input(&bed, bed.chair.estop, true);
	bed_run(&bed, 50 * US_PER_MS);
	assert_mode(&bed, GUARD_TRIPPED);
	bed_send(&bed, WIRE_RESET); // the chair has a button
	assert_mode(&bed, GUARD_TRIPPED);
	bed_send(&bed, WIRE_ARM);
	assert_mode(&bed, GUARD_TRIPPED);
	bed_press_reset(&bed); // which releases: the motor had no power before
	assert_mode(&bed, GUARD_RELEASING);
	bed_role(&bed, PRESS, ROLE_HOME, true);
	bed_run(&bed, 80 * US_PER_MS);
	assert_mode(&bed, GUARD_OFF);
	assert_reason(&bed, REASON_NONE);
	bed_run(&bed, US_PER_S); // setpoints still come, and nothing resumes
	assert_mode(&bed, GUARD_OFF);
	bed_close(&bed);
}

static void a_held_button_is_no_edge(void **state)
{
	struct bed bed;

	(void)state;
	bed_bench(&bed);
	bed_input(&bed, bed.chair.reset, true);
	bed_run(&bed, 20 * US_PER_MS);
	bed_input(&bed, bed.chair.estop, false);
	bed_run(&bed, 20 * US_PER_MS);
	bed_input(&bed, bed.chair.estop, true);
	bed_run(&bed, US_PER_S);
	assert_mode(&bed, GUARD_TRIPPED);
	bed_close(&bed);
}

static void without_a_button_the_frame_resets(void **state)
{
	struct bed bed;

	(void)state;
	bed_open(&bed, fixture_bench);
	bed.chair.reset = -1;
	bed_arm(&bed);
	bed_input(&bed, bed.chair.estop, false);
	bed_run(&bed, 20 * US_PER_MS);
	bed_send(&bed, WIRE_RESET);
	assert_mode(&bed, GUARD_TRIPPED);
	bed_input(&bed, bed.chair.estop, true);
	bed_run(&bed, 20 * US_PER_MS);
	bed_send(&bed, WIRE_RESET);
	assert_mode(&bed, GUARD_OFF);
	bed_close(&bed);
}

static void an_estop_open_at_start_is_latched(void **state)
{
	struct bed bed;

	(void)state;
	bed_open(&bed, fixture_bench);
	bed.guard = guard_free(bed.guard);
	assert_int_equal(guard_new(&bed.chair, false, &bed.guard), 0);
	bed.levels &= ~LINE_BIT(bed.chair.estop);
	bed_poke(&bed);
	assert_mode(&bed, GUARD_TRIPPED);
	assert_reason(&bed, REASON_ESTOP);
	bed_close(&bed);
}

static void a_hal_error_cuts_in_any_mode(void **state)
{
	struct bed bed;

	(void)state;
	bed_open(&bed, fixture_bench);
	bed_step(&bed, bed.now_us, NULL, 0, -5, NULL);
	assert_mode(&bed, GUARD_TRIPPED);
	bed_close(&bed);

	bed_bench(&bed);
	bed_press(&bed, PRESS, 400);
	bed_step(&bed, bed.now_us, NULL, 0, -5, NULL);
	assert_true(bed.out.cut);
	assert_mode(&bed, GUARD_TRIPPED);
	assert_reason(&bed, REASON_HAL);
	bed_close(&bed);

	bed_bench(&bed);
	bed_press(&bed, PRESS, 400);
	bed_send(&bed, WIRE_RELEASE);
	bed_run(&bed, 300 * US_PER_MS);
	assert_true(bed_on(&bed, PRESS, ROLE_REVERSE));
	bed_step(&bed, bed.now_us, NULL, 0, -5, NULL);
	assert_true(bed.out.cut);
	assert_mode(&bed, GUARD_TRIPPED);
	bed_close(&bed);
}

static void the_first_trip_wins(void **state)
{
	struct bed bed;

	(void)state;
	bed_recliner(&bed);
	bed_press(&bed, DEPTH, 400);
	bed.force[DEPTH].error = -5;
	bed_run(&bed, 20 * US_PER_MS);
	assert_mode(&bed, GUARD_RELEASING);
	assert_reason(&bed, REASON_SENSOR);
	bed.now_us += 400 * US_PER_MS; // too late as well
	bed_step(&bed, bed.now_us - 400 * US_PER_MS, NULL, 0, 0, NULL);
	assert_mode(&bed, GUARD_RELEASING);
	assert_reason(&bed, REASON_SENSOR);
	bed_input(&bed, bed.chair.estop, false);
	bed_run(&bed, 20 * US_PER_MS);
	assert_mode(&bed, GUARD_TRIPPED);
	assert_reason(&bed, REASON_SENSOR);
	bed_step(&bed, bed.now_us, NULL, 0, -5, NULL);
	assert_reason(&bed, REASON_SENSOR);
	assert_int_equal(bed_report(&bed).culprit, DEPTH);
	bed_close(&bed);
}

static void a_trip_outranks_a_release_under_way(void **state)
{
	struct bed bed;

	(void)state;
	bed_bench(&bed);
	bed_press(&bed, PRESS, 400);
	bed.keep = false;
	bed_send(&bed, WIRE_RELEASE);
	bed_run(&bed, 200 * US_PER_MS);
	bed_input(&bed, bed.chair.estop, false);
	bed_run(&bed, 20 * US_PER_MS);
	assert_mode(&bed, GUARD_TRIPPED);
	assert_reason(&bed, REASON_ESTOP);
	bed_close(&bed);
}

static void setpoints_do_not_stop_a_release(void **state)
{
	struct bed bed;

	(void)state;
	bed_bench(&bed);
	bed_press(&bed, PRESS, 400);
	bed_send(&bed, WIRE_RELEASE);
	bed_run(&bed, US_PER_S); // they keep coming
	assert_mode(&bed, GUARD_RELEASING);
	assert_true(bed_on(&bed, PRESS, ROLE_REVERSE));
	bed_close(&bed);
}

static void old_frames_are_refused_but_for_release(void **state)
{
	struct bed bed;

	(void)state;
	bed_bench(&bed);
	bed_press(&bed, PRESS, 400);
	bed.keep = false;
	bed.seq -= 5;
	bed_setpoint(&bed, 250);
	assert_int_equal(bed_report(&bed).frames_refused, 1);
	bed.seq += 3; // the very last one again
	bed_setpoint(&bed, 250);
	assert_int_equal(bed_report(&bed).frames_refused, 2);
	bed_run(&bed, 251 * US_PER_MS); // it renewed nothing
	assert_mode(&bed, GUARD_RELEASING);
	bed_close(&bed);

	bed_bench(&bed);
	bed_press(&bed, PRESS, 400);
	bed.seq -= 5;
	bed_send(&bed, WIRE_RELEASE);
	assert_mode(&bed, GUARD_RELEASING);
	bed_close(&bed);
}

static void reports_come_at_50_hz_only_in_motion(void **state)
{
	struct bed bed;

	(void)state;
	bed_bench(&bed);
	bed.reports = 0;
	bed_run(&bed, 10 * US_PER_S);
	assert_int_equal(bed.reports, 0);
	bed_send(&bed, WIRE_QUERY);
	assert_int_equal(bed.reports, 1);
	bed_press(&bed, PRESS, 400);
	bed.reports = 0;
	bed_run(&bed, 10 * US_PER_S);
	assert_in_range(bed.reports, 499, 501);
	bed_close(&bed);
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
		cmocka_unit_test(a_release_is_asked_for_in_every_mode),
		cmocka_unit_test(an_open_estop_takes_no_release),
		cmocka_unit_test(a_cell_is_released_by_vent_and_sensor),
		cmocka_unit_test(what_was_never_proven_is_not_pushed),
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
