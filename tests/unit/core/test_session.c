// SPDX-License-Identifier: MIT
//
// The session with a scripted guard: every phase.
#include "session_rig.h"

static void a_session_goes_through_its_phases(void **state)
{
	static const enum session_phase way[] = {
		SESSION_IDLE,
		SESSION_ARMING,
		SESSION_HOMING,
		SESSION_APPROACH,
		SESSION_PRESS,
		SESSION_HOLD,
		SESSION_RELEASE,
		SESSION_REST,
		SESSION_APPROACH,
		SESSION_PRESS,
		SESSION_HOLD,
		SESSION_RELEASE,
		SESSION_REST,
		SESSION_APPROACH,
		SESSION_PRESS,
		SESSION_STROKE,
		SESSION_RELEASE,
		SESSION_REST,
		SESSION_TIMED_PAUSE,
		SESSION_APPROACH,
		SESSION_KNEAD,
		SESSION_APPROACH,
		SESSION_TAP,
		SESSION_APPROACH,
		SESSION_PRESS,
		SESSION_HOLD,
		SESSION_RELEASE,
		SESSION_PARKING,
		SESSION_RELEASING,
		SESSION_IDLE,
	};
	struct fake *fake = *state;

	start_and_reach(fake, SESSION_RELEASING);
	assert_true(fake_until(fake, SESSION_IDLE));
	assert_int_equal(fake->n_phases, sizeof(way) / sizeof(way[0]));
	for (size_t i = 0; i < fake->n_phases; i++)
		assert_int_equal(fake->phases[i], way[i]);
	assert_int_equal(fake_count(fake, SESSION_EVENT_STARTED), 1);
	assert_int_equal(fake_count(fake, SESSION_EVENT_HOLD_REACHED), 3);
	assert_int_equal(fake_count(fake, SESSION_EVENT_HOLD_DONE), 3);
	assert_int_equal(fake_count(fake, SESSION_EVENT_STEP_DONE), 8);
	assert_int_equal(fake_count(fake, SESSION_EVENT_COMPLETED), 1);
	assert_int_equal(fake_count(fake, SESSION_EVENT_ABORTED), 0);
	assert_int_equal(fake->frames[WIRE_RELEASE], 1);
	assert_int_equal(fake->report.actuator[CARRIAGE].position_um, 0);
	assert_false(fake->early); // no setpoint before READY
}

static void carriages_move_only_after_presses_are_released(void **state)
{
	struct fake *fake = *state;

	start_and_reach(fake, SESSION_STROKE);
	assert_false(fake->together);
	assert_true(fake_until(fake, SESSION_RELEASE));
	assert_true(fake->together); // only in the stroke itself
	fake->together = false;
	assert_true(fake_until(fake, SESSION_IDLE));
	assert_false(fake->together);
}

static void a_posture_moves_while_nothing_presses(void **state)
{
	struct fake *fake = *state;

	fake_add_posture(fake);
	start_and_reach(fake, SESSION_POSTURE);
	fake->together = false;
	assert_true(fake_until(fake, SESSION_PARKING));
	assert_int_equal(fake->report.actuator[BACK].position_um, 600000);
	assert_false(fake->together);
	assert_true(fake_status(fake).target == 0);
}

static void a_posture_that_is_skipped_stops(void **state)
{
	struct fake *fake = *state;

	fake_add_posture(fake);
	start_and_reach(fake, SESSION_POSTURE);
	fake_run(fake, 0.5);
	assert_int_equal(fake_verb(fake, COMMAND_SKIP), REFUSAL_NONE);
	assert_true(fake_until(fake, SESSION_PARKING));
	assert_true(fake->report.actuator[BACK].position_um < 300000);
	assert_int_equal(fake->report.actuator[BACK].drive_permille, 0);
}

static void a_posture_that_never_arrives_ends(void **state)
{
	struct fake *fake = *state;

	fake->chair.actuators[BACK].up_ms = fake->chair.actuators[BACK].down_ms = 0;
	fake->chair.actuators[BACK].measured[QUANTITY_POSITION].present = true;
	fake_add_posture(fake);
	start_and_reach(fake, SESSION_POSTURE);
	fake->report.actuator[BACK].position_um = INT32_MIN / 2;
	assert_true(fake_until(fake, SESSION_RELEASING));
	assert_ended(fake, CAUSE_STUCK);
}

static void holds_are_measured(void **state)
{
	struct fake *fake = *state;
	const struct hold_result *hold;

	start_and_reach(fake, SESSION_RELEASE);
	hold = &fake_event(fake, SESSION_EVENT_HOLD_DONE)->hold;
	assert_true(hold->measured && hold->unit == TARGET_NEWTON);
	assert_true(hold->target == 40 && fabs(hold->mean - 40) < 1);
	assert_true(fabs(hold->seconds - 20) < 0.1);
	assert_true(hold->in_band > 0.99 && hold->peak <= 42 && hold->minimum >= 36);
	assert_int_equal(hold->points[0], 3);
}

// The target is the mean of the targets, as the value is: here 40 N for half of the hold, and the
// floor for the rest.
static void a_hold_whose_intensity_changed_is_measured_against_the_mean(void **state)
{
	struct fake *fake = *state;
	const struct command lower = {
		.verb = COMMAND_INTENSITY, .intensity_percent = 0, .actuator = -1
	};
	const struct hold_result *hold;
	double floor;

	start_and_reach(fake, SESSION_HOLD);
	floor = fake->plan.segments[0].target.floor;
	fake_run(fake, 10);
	assert_int_equal(fake_command(fake, &lower), REFUSAL_NONE);
	assert_true(fake_until(fake, SESSION_RELEASE));
	hold = &fake_event(fake, SESSION_EVENT_HOLD_DONE)->hold;
	assert_true(fabs(hold->target - (40 + floor) / 2) < 0.1);
	assert_true(fabs(hold->mean - hold->target) < 2);
}

static void without_a_sensor_the_calibration_drives(void **state)
{
	struct fake *fake = *state;
	const struct hold_result *hold;

	fake->chair.actuators[DEPTH].sensor.present = false;
	start_and_reach(fake, SESSION_HOLD);
	fake_run(fake, 1);
	assert_int_equal(fake->demand[DEPTH].value, 556); // 40 N
	assert_true(fake_until(fake, SESSION_RELEASE));
	hold = &fake_event(fake, SESSION_EVENT_HOLD_DONE)->hold;
	assert_true(!hold->measured && hold->unit == TARGET_NEWTON && hold->in_band > 0.99);
}

static void per_mille_are_driven_unchanged(void **state)
{
	struct fake *fake = *state;
	const struct hold_result *hold;

	fake->plan.segments[0].target = (struct target){ TARGET_PERMILLE, 200, 450 };
	fake->plan.segments[0].ramp_per_s = 100;
	start_and_reach(fake, SESSION_HOLD);
	fake_run(fake, 1);
	assert_int_equal(fake->demand[DEPTH].value, 450);
	assert_int_equal(fake_status(fake).target_unit, TARGET_PERMILLE);
	assert_true(fake_until(fake, SESSION_RELEASE));
	hold = &fake_event(fake, SESSION_EVENT_HOLD_DONE)->hold;
	assert_true(!hold->measured && hold->unit == TARGET_PERMILLE);
	assert_true(fabs(hold->mean - 450) < 1e-6);
}

// The drive never rises during the inhale, and never faster than the ramp.
static void ramps_press_on_the_exhale(void **state)
{
	struct fake *fake = *state;
	int64_t origin_us = fake->now_us;
	int before = 0, grew = 0;

	fake->chair.actuators[DEPTH].sensor.present = false; // drive is then the setpoint itself
	fake->plan.segments[0].ramp_per_s = 4;
	start_and_reach(fake, SESSION_PRESS);
	while (fake_status(fake).phase == SESSION_PRESS) {
		double breath_s = fmod((double)(fake->now_us - origin_us) / US_PER_S, 10);
		int drive = fake->demand[DEPTH].value;

		if (before && drive > before) {
			grew++;
			assert_true(breath_s < 6.05);
			assert_true(drive - before <= 3); // 4 N/s: 0.9 per mille in 20 ms
		}
		before = drive;
		fake_tick(fake);
	}
	assert_true(grew > 50);
}

static void a_ramp_that_does_not_reach_its_target_ends(void **state)
{
	struct fake *fake = *state;

	fake->chair.actuators[DEPTH].calibration.at[4].force_n = 45; // the rest of it is weak
	fake->chair.actuators[DEPTH].drive_max_permille = 300;
	start_and_reach(fake, SESSION_PRESS);
	fake_run(fake, 40);
	assert_int_not_equal(fake_status(fake).phase, SESSION_PRESS);
	assert_true(fake->demand[DEPTH].value <= 300);
}

static void what_has_to_rest_rests(struct fake *fake)
{
	int64_t pressed_us = 0, begin_us = fake->now_us;

	for (int i = 1; i < 7; i++)
		fake->plan.segments[i] = fake->plan.segments[0];
	start(fake);
	while (fake_status(fake).phase != SESSION_IDLE &&
		fake->now_us - begin_us < 300 * US_PER_S) {
		if (fake_status(fake).phase == SESSION_REST)
			fake_verb(fake, COMMAND_SKIP);
		fake_tick(fake);
		if (fake->report.actuator[DEPTH].drive_permille > 0)
			pressed_us += FAKE_TICK_US;
	}
	assert_true(pressed_us < 150 * US_PER_S);
	assert_true(pressed_us > 100 * US_PER_S);
	assert_true(fake_until(fake, SESSION_IDLE));
	assert_int_equal(fake_count(fake, SESSION_EVENT_HOLD_DONE), 8);
}

static void an_actuator_rests_even_when_rests_are_skipped(void **state)
{
	what_has_to_rest_rests(*state);
}

// The motor may press, but not this zone.
static void a_zone_rests_even_when_rests_are_skipped(void **state)
{
	struct fake *fake = *state;

	fake->chair.actuators[DEPTH].duty_max_permille = PERMILLE_FULL;
	what_has_to_rest_rests(fake);
}

static void other_zones_are_pressed_meanwhile(void **state)
{
	struct fake *fake = *state;
	int64_t begin_us = fake->now_us;

	fake->chair.actuators[DEPTH].duty_max_permille = PERMILLE_FULL;
	for (int i = 0; i < 7; i++) {
		fake->plan.segments[i] = fake->plan.segments[0];
		fake->plan.segments[i].position_mm = 100 + 50 * i;
		fake->plan.segments[i].zone = zone_at(100 + 50 * i);
		fake->plan.segments[i].rest_s = 0;
	}
	start(fake);
	assert_true(fake_until(fake, SESSION_IDLE));
	assert_int_equal(fake_count(fake, SESSION_EVENT_HOLD_DONE), 8);
	assert_true(fake->now_us - begin_us < 300 * US_PER_S);
}

static void idle_needs_no_wake_ups(void **state)
{
	struct fake *fake = *state;

	assert_true(fake->next_us == TIME_NEVER);
	start_and_reach(fake, SESSION_HOLD);
	assert_true(fake->next_us <= fake->now_us + 50 * US_PER_MS);
	fake_verb(fake, COMMAND_STOP);
	assert_true(fake_until(fake, SESSION_IDLE));
	assert_true(fake->next_us == TIME_NEVER);
}

static void the_lease_is_renewed_in_time_without_reports(void **state)
{
	struct fake *fake = *state;
	int frames;

	start_and_reach(fake, SESSION_REST);
	fake->silent = true;
	frames = fake->frames[WIRE_SETPOINT];
	fake_run(fake, 0.18);
	assert_true(fake->frames[WIRE_SETPOINT] - frames >= 3);
}

static void status_has_the_position_in_the_plan(void **state)
{
	struct fake *fake = *state;
	struct session_status status;
	double before;

	start_and_reach(fake, SESSION_HOLD);
	status = fake_status(fake);
	assert_true(status.has_plan && status.segment == 0 && status.n_segments == 8);
	assert_true(status.points[0] == 3 && status.points[1] == -1);
	assert_true(status.target == 40 && status.phase_total_s == 20);
	assert_true(status.homed && status.occupied && status.guard_connected && status.estop_good);
	before = status.remaining_s;
	fake_run(fake, 5);
	status = fake_status(fake);
	assert_true(fabs(before - status.remaining_s - 5) < 0.1 && fabs(status.phase_s - 5) < 0.1);
	assert_true(fake_until(fake, SESSION_PARKING));
	assert_true(fake_status(fake).remaining_s < 60);
}

static void assert_frames(struct fake *fake, enum command_verb verb, const enum wire_type *types,
	size_t n)
{
	const struct command command = { .verb = verb, .intensity_percent = NAN };
	struct session_output output;

	assert_int_equal(session_command(fake->session, fake->now_us, &command, &fake->plan),
		REFUSAL_NONE);
	session_step(fake->session, fake->now_us, &output);
	assert_int_equal(output.n_frames, n);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(output.frames[i].header.type, types[i]);
}

static void the_guard_acts_before_it_reports(void **state)
{
	static const enum wire_type start[] = { WIRE_ARM, WIRE_SETPOINT, WIRE_QUERY };
	static const enum wire_type stop[] = { WIRE_RELEASE, WIRE_QUERY };
	struct fake *fake = *state;

	assert_frames(fake, COMMAND_START, start, sizeof(start) / sizeof(start[0]));
	assert_frames(fake, COMMAND_STOP, stop, sizeof(stop) / sizeof(stop[0]));
}

static void every_value_has_a_name(void **state)
{
	(void)state;
	for (int i = 0; i < SESSION_PHASE_COUNT; i++)
		assert_non_null(session_phase_name(i));
	for (int i = 0; i < SESSION_EVENT_TYPE_COUNT; i++)
		assert_non_null(session_event_name(i));
	for (int i = 0; i < CAUSE_COUNT; i++)
		assert_true(session_cause_name(i) && session_cause_text(i));
	for (int i = 0; i < REFUSAL_COUNT; i++)
		assert_true(refusal_code(i) && refusal_text(i) && refusal_hint(i));
	for (int i = 0; i < COMMAND_VERB_COUNT; i++) {
		enum command_verb verb;

		assert_true(command_verb_parse(command_verb_name(i), &verb) && (int)verb == i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_session_goes_through_its_phases),
		TEST(carriages_move_only_after_presses_are_released),
		TEST(a_posture_moves_while_nothing_presses),
		TEST(a_posture_that_is_skipped_stops),
		TEST(a_posture_that_never_arrives_ends),
		TEST(holds_are_measured),
		TEST(a_hold_whose_intensity_changed_is_measured_against_the_mean),
		TEST(without_a_sensor_the_calibration_drives),
		TEST(per_mille_are_driven_unchanged),
		TEST(ramps_press_on_the_exhale),
		TEST(a_ramp_that_does_not_reach_its_target_ends),
		TEST(an_actuator_rests_even_when_rests_are_skipped),
		TEST(a_zone_rests_even_when_rests_are_skipped),
		TEST(other_zones_are_pressed_meanwhile),
		TEST(idle_needs_no_wake_ups),
		TEST(the_lease_is_renewed_in_time_without_reports),
		TEST(status_has_the_position_in_the_plan),
		TEST(the_guard_acts_before_it_reports),
		TEST(every_value_has_a_name),
	};

	return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
