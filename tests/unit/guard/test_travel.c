// SPDX-License-Identifier: MIT
//
// Homing, position moves and their supervision, on a carriage without inertia, with switches at its
// ends and a Hall sensor.
#include "guard_rig.h"

#define STEP_US     1000
#define FULL_MM_S   60.0
#define MOVES_ABOVE 120 // per mille, friction
#define END_MM      600.0

struct track {
	struct guard_rig rig;
	double mm;
	long pulse; // last one given
	bool no_pulses, dead, no_home, stuck_home;
};

static void track_switches(struct track *track)
{
	struct guard_rig *rig = &track->rig;
	const int8_t *line = rig->chair.actuators[CARRIAGE].line;
	bool home = (track->mm <= 0 && !track->no_home) || track->stuck_home;
	bool end = track->mm >= END_MM;

	if (home != !!(rig->levels & LINE_BIT(line[ROLE_HOME])))
		rig_input(rig, line[ROLE_HOME], home);
	if (end != !!(rig->levels & LINE_BIT(line[ROLE_END])))
		rig_input(rig, line[ROLE_END], end);
}

static void track_run(struct track *track, int64_t us)
{
	struct guard_rig *rig = &track->rig;

	for (int64_t until_us = rig->now_us + us; rig->now_us < until_us;) {
		int duty = rig_duty(rig, CARRIAGE);
		double speed = duty > MOVES_ABOVE && !track->dead ? FULL_MM_S * duty / 1000 : 0;

		if (rig_on(rig, CARRIAGE, ROLE_REVERSE))
			speed = -speed;
		track->mm = clamp_double(track->mm + speed * STEP_US / US_PER_S, -3, END_MM + 3);
		rig_run(rig, STEP_US);
		if (lround(track->mm) != track->pulse && !track->no_pulses)
			rig_pulse(rig, CARRIAGE);
		track->pulse = lround(track->mm);
		track_switches(track);
	}
}

static void track_open(struct track *track, double mm)
{
	memset(track, 0, sizeof(*track));
	rig_recliner(&track->rig);
	track->mm = mm;
	track->pulse = lround(mm);
	track_switches(track);
	track_run(track, 20 * US_PER_MS);
}

static void track_home(struct track *track)
{
	rig_ask(&track->rig, CARRIAGE, WIRE_HOME, 0);
	for (int i = 0; i < 400 && !(rig_flags(&track->rig, CARRIAGE) & ACTUATOR_HOMED); i++)
		track_run(track, 100 * US_PER_MS);
	assert_true(rig_flags(&track->rig, CARRIAGE) & ACTUATOR_HOMED);
	assert_false(rig_busy(&track->rig, CARRIAGE));
}

static double reported_mm(const struct track *track)
{
	return rig_report(&track->rig).actuator[CARRIAGE].position_um / 1000.0;
}

static void homes_and_counts_from_there(void **state)
{
	struct track track;

	(void)state;
	track_open(&track, 137);
	assert_false(rig_flags(&track.rig, CARRIAGE) & ACTUATOR_POSITION_VALID);
	track_home(&track);
	assert_true(fabs(track.mm) < 2);
	assert_true(fabs(reported_mm(&track)) <= 1);
	rig_close(&track.rig);

	track_open(&track, 0); // stands there already
	track_home(&track);
	rig_close(&track.rig);
}

static void no_position_move_before_homing(void **state)
{
	struct track track;

	(void)state;
	track_open(&track, 137);
	rig_ask(&track.rig, CARRIAGE, WIRE_POSITION, 200000);
	track_run(&track, US_PER_S);
	assert_mode(&track.rig, GUARD_ACTIVE);
	assert_false(rig_busy(&track.rig, CARRIAGE));
	assert_true(track.mm == 137);
	rig_close(&track.rig);
}

static void goes_to_positions(void **state)
{
	static const int target_um[] = { 200000, 210000, 20000, 23000, 595000, 5000 };
	struct track track;

	(void)state;
	track_open(&track, 30);
	track_home(&track);
	for (size_t i = 0; i < 6; i++) {
		rig_ask(&track.rig, CARRIAGE, WIRE_POSITION, target_um[i]);
		for (int n = 0; n < 300; n++) {
			track_run(&track, 100 * US_PER_MS);
			if (rig_flags(&track.rig, CARRIAGE) & ACTUATOR_AT_TARGET)
				break;
		}
		assert_true(rig_flags(&track.rig, CARRIAGE) & ACTUATOR_AT_TARGET);
		assert_true(fabs(track.mm - target_um[i] / 1000.0) <= 3);
		assert_false(rig_busy(&track.rig, CARRIAGE));
	}
	rig_close(&track.rig);
}

static void the_limit_of_a_move_is_kept(void **state)
{
	struct track track;

	(void)state;
	track_open(&track, 10);
	track_home(&track);
	track.rig.demand[CARRIAGE] = (struct wire_demand){
		.mode = WIRE_POSITION, .value = 500000, .limit_permille = 333
	};
	for (int i = 0; i < 200; i++) {
		track_run(&track, 50 * US_PER_MS);
		assert_true(rig_duty(&track.rig, CARRIAGE) <= 333);
	}
	assert_true(track.mm > 150);
	rig_close(&track.rig);
}

static void soft_limits_hold(void **state)
{
	struct track track;

	(void)state;
	track_open(&track, 10);
	track_home(&track);
	rig_ask(&track.rig, CARRIAGE, WIRE_DRIVE, 1000);
	track_run(&track, 30 * US_PER_S);
	assert_in_range(track.mm, 593, 597);
	rig_ask(&track.rig, CARRIAGE, WIRE_DRIVE, -1000);
	track_run(&track, 30 * US_PER_S);
	assert_in_range(track.mm, 3, 7);
	rig_ask(&track.rig, CARRIAGE, WIRE_POSITION, 9000000); // clamped as well
	track_run(&track, 30 * US_PER_S);
	assert_in_range(track.mm, 592, 598);
	assert_mode(&track.rig, GUARD_ACTIVE);
	rig_close(&track.rig);
}

static void end_switches_stop_what_is_not_homed(void **state)
{
	struct track track;

	(void)state;
	track_open(&track, 550);
	rig_ask(&track.rig, CARRIAGE, WIRE_DRIVE, 900);
	track_run(&track, US_PER_S);
	assert_true(rig_duty(&track.rig, CARRIAGE) <= 500); // slower: its position is unknown
	track_run(&track, 10 * US_PER_S);
	assert_false(rig_busy(&track.rig, CARRIAGE));
	assert_true(track.mm < 601);
	assert_mode(&track.rig, GUARD_ACTIVE);
	rig_close(&track.rig);
}

static void trips(struct track *track, enum guard_reason reason, int64_t within_us)
{
	int64_t from_us = track->rig.now_us;

	while (rig_mode(&track->rig) == GUARD_ACTIVE && track->rig.now_us - from_us < within_us)
		track_run(track, 10 * US_PER_MS);
	assert_reason(&track->rig, reason);
	assert_int_equal(rig_report(&track->rig).culprit, CARRIAGE);
	assert_false(rig_busy(&track->rig, CARRIAGE));
	track_run(track, 200 * US_PER_MS);
	assert_mode(&track->rig, GUARD_TRIPPED);
	assert_false(rig_flags(&track->rig, CARRIAGE) & ACTUATOR_POSITION_VALID);
	rig_close(&track->rig);
}

static void a_dead_carriage_trips(void **state)
{
	struct track track;

	(void)state;
	track_open(&track, 200);
	track.dead = true;
	rig_ask(&track.rig, CARRIAGE, WIRE_HOME, 0);
	track_run(&track, 2900 * US_PER_MS);
	assert_mode(&track.rig, GUARD_ACTIVE);
	trips(&track, REASON_NO_PULSE, 200 * US_PER_MS);
}

static void lost_pulses_trip(void **state)
{
	struct track track;

	(void)state;
	track_open(&track, 10);
	track_home(&track);
	rig_ask(&track.rig, CARRIAGE, WIRE_POSITION, 500000);
	track_run(&track, US_PER_S);
	track.no_pulses = true;
	trips(&track, REASON_NO_PULSE, 3100 * US_PER_MS);
}

static void a_home_switch_that_never_closes_trips(void **state)
{
	struct track track;

	(void)state;
	track_open(&track, 300);
	track.rig.chair.actuators[CARRIAGE].no_pulse_ms = 0; // the time ceiling alone
	track.no_home = true;
	rig_ask(&track.rig, CARRIAGE, WIRE_HOME, 0);
	track_run(&track, 41 * US_PER_S);
	assert_mode(&track.rig, GUARD_ACTIVE);
	trips(&track, REASON_TRAVEL_TIME, 2 * US_PER_S);
}

static void a_switch_that_does_not_open_trips(void **state)
{
	struct track track;

	(void)state;
	track_open(&track, 0);
	track_home(&track);
	track.stuck_home = true;
	rig_ask(&track.rig, CARRIAGE, WIRE_POSITION, 300000);
	trips(&track, REASON_END_SWITCH, 3 * US_PER_S);
	assert_true(track.mm < 40);
}

static void both_switches_at_once_trip(void **state)
{
	struct track track;

	(void)state;
	track_open(&track, 200);
	track_home(&track);
	rig_ask(&track.rig, CARRIAGE, WIRE_REST, 0);
	rig_role(&track.rig, CARRIAGE, ROLE_END, true);
	rig_run(&track.rig, 20 * US_PER_MS);
	assert_reason(&track.rig, REASON_END_SWITCH);
	rig_close(&track.rig);
}

static void an_end_in_the_wrong_place_costs_the_position(void **state)
{
	struct track track;

	(void)state;
	track_open(&track, 20);
	track_home(&track);
	rig_ask(&track.rig, CARRIAGE, WIRE_POSITION, 300000);
	track_run(&track, 10 * US_PER_S);
	rig_role(&track.rig, CARRIAGE, ROLE_END, true);
	rig_run(&track.rig, 10 * US_PER_MS);
	assert_false(rig_flags(&track.rig, CARRIAGE) & ACTUATOR_POSITION_VALID);
	rig_close(&track.rig);
}

static void a_carriage_moved_by_hand_is_not_homed(void **state)
{
	struct track track;

	(void)state;
	track_open(&track, 20);
	track_home(&track);
	track.rig.keep = false;
	rig_send(&track.rig, WIRE_RELEASE);
	rig_run(&track.rig, 5 * US_PER_S);
	assert_mode(&track.rig, GUARD_READY);
	for (int i = 0; i < 5; i++)
		rig_pulse(&track.rig, CARRIAGE);
	assert_false(rig_flags(&track.rig, CARRIAGE) & ACTUATOR_HOMED);
	rig_close(&track.rig);
}

// --- presses: a home switch, no pulses --------------------------------------------------------

static void a_press_homes_and_is_released(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_recliner(&rig);
	rig_press(&rig, DEPTH, 400);
	assert_false(rig_flags(&rig, DEPTH) & ACTUATOR_RELEASED);
	rig_ask(&rig, DEPTH, WIRE_RELEASE_ACTUATOR, 0);
	rig_run(&rig, 500 * US_PER_MS);
	assert_true(rig_on(&rig, DEPTH, ROLE_REVERSE));
	rig_role(&rig, DEPTH, ROLE_HOME, true);
	rig_run(&rig, 80 * US_PER_MS);
	assert_true(rig_flags(&rig, DEPTH) & ACTUATOR_RELEASED);
	assert_mode(&rig, GUARD_ACTIVE); // the others go on
	rig_close(&rig);
}

static void a_release_goes_on_until_its_switch_is_steady(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_recliner(&rig);
	rig_press(&rig, DEPTH, 400);
	rig_ask(&rig, DEPTH, WIRE_RELEASE_ACTUATOR, 0);
	rig_run(&rig, 500 * US_PER_MS);
	assert_true(rig_on(&rig, DEPTH, ROLE_REVERSE));
	for (int i = 1; i <= 7; i++) { // a chattering contact proves nothing and ends nothing
		rig_role(&rig, DEPTH, ROLE_HOME, i % 2);
		rig_run(&rig, 4 * US_PER_MS);
		assert_true(rig_on(&rig, DEPTH, ROLE_REVERSE));
	}
	rig_run(&rig, 10 * US_PER_MS);
	assert_false(rig_on(&rig, DEPTH, ROLE_REVERSE));
	assert_false(rig_flags(&rig, DEPTH) & ACTUATOR_RELEASED); // not until it has been steady
	rig_run(&rig, 50 * US_PER_MS);
	assert_true(rig_flags(&rig, DEPTH) & ACTUATOR_RELEASED);
	rig_close(&rig);
}

static void a_press_that_does_not_come_home_trips(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_recliner(&rig);
	rig_press(&rig, DEPTH, 400);
	rig_ask(&rig, DEPTH, WIRE_RELEASE_ACTUATOR, 0);
	rig_run(&rig, 6050 * US_PER_MS);
	assert_mode(&rig, GUARD_ACTIVE);
	rig_run(&rig, 100 * US_PER_MS);
	assert_reason(&rig, REASON_NOT_RELEASED);
	assert_mode(&rig, GUARD_RELEASING);
	assert_false(rig_busy(&rig, DEPTH));
	rig_close(&rig);
}

// The home switch is closed while the press is in the body: it is pulled back all the same.
static void a_press_with_a_stuck_switch_pulls_back_by_time(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_recliner(&rig);
	rig_ask(&rig, DEPTH, WIRE_DRIVE, 400);
	rig_run(&rig, 2150 * US_PER_MS);
	assert_mode(&rig, GUARD_RELEASING);
	assert_reason(&rig, REASON_END_SWITCH);
	rig_run(&rig, 500 * US_PER_MS);
	assert_true(rig_on(&rig, DEPTH, ROLE_REVERSE));
	rig_run(&rig, 5 * US_PER_S);
	assert_true(rig_on(&rig, DEPTH, ROLE_REVERSE));
	rig_run(&rig, 1 * US_PER_S);
	assert_mode(&rig, GUARD_TRIPPED);
	rig_close(&rig);
}

// The home switch closes in the middle of a press, far from home.
static void a_home_switch_that_closes_in_a_press_trips(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_recliner(&rig);
	rig_press(&rig, DEPTH, 400);
	rig_run(&rig, 5 * US_PER_S);
	rig_role(&rig, DEPTH, ROLE_HOME, true);
	rig_run(&rig, 6 * US_PER_MS);
	assert_mode(&rig, GUARD_RELEASING);
	assert_reason(&rig, REASON_END_SWITCH);
	rig_run(&rig, 5900 * US_PER_MS);
	assert_true(rig_on(&rig, DEPTH, ROLE_REVERSE));
	rig_run(&rig, 300 * US_PER_MS);
	assert_mode(&rig, GUARD_TRIPPED);
	assert_false(rig_flags(&rig, DEPTH) & ACTUATOR_RELEASED);
	rig_close(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(homes_and_counts_from_there),
		cmocka_unit_test(no_position_move_before_homing),
		cmocka_unit_test(goes_to_positions),
		cmocka_unit_test(the_limit_of_a_move_is_kept),
		cmocka_unit_test(soft_limits_hold),
		cmocka_unit_test(end_switches_stop_what_is_not_homed),
		cmocka_unit_test(a_dead_carriage_trips),
		cmocka_unit_test(lost_pulses_trip),
		cmocka_unit_test(a_home_switch_that_never_closes_trips),
		cmocka_unit_test(a_switch_that_does_not_open_trips),
		cmocka_unit_test(both_switches_at_once_trip),
		cmocka_unit_test(an_end_in_the_wrong_place_costs_the_position),
		cmocka_unit_test(a_carriage_moved_by_hand_is_not_homed),
		cmocka_unit_test(a_press_homes_and_is_released),
		cmocka_unit_test(a_release_goes_on_until_its_switch_is_steady),
		cmocka_unit_test(a_press_that_does_not_come_home_trips),
		cmocka_unit_test(a_press_with_a_stuck_switch_pulls_back_by_time),
		cmocka_unit_test(a_home_switch_that_closes_in_a_press_trips),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
