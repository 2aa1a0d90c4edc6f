// SPDX-License-Identifier: MIT
//
// Homing, position moves and their supervision, on a carriage without inertia but with a way to
// go, switches at its ends and a Hall sensor.
#include "bed.h"

#define STEP_US     1000
#define FULL_MM_S   60.0
#define MOVES_ABOVE 120 // per mille, friction
#define END_MM      600.0

struct track {
	struct bed bed;
	double mm;
	long pulse; // last one given
	bool no_pulses, dead, no_home, stuck_home;
};

static void track_switches(struct track *track)
{
	struct bed *bed = &track->bed;
	const int8_t *line = bed->chair.actuators[CARRIAGE].line;
	bool home = (track->mm <= 0 && !track->no_home) || track->stuck_home;
	bool end = track->mm >= END_MM;

	if (home != !!(bed->levels & LINE_BIT(line[ROLE_HOME])))
		bed_input(bed, line[ROLE_HOME], home);
	if (end != !!(bed->levels & LINE_BIT(line[ROLE_END])))
		bed_input(bed, line[ROLE_END], end);
}

static void track_run(struct track *track, int64_t us)
{
	struct bed *bed = &track->bed;

	for (int64_t until_us = bed->now_us + us; bed->now_us < until_us;) {
		int duty = bed_duty(bed, CARRIAGE);
		double speed = duty > MOVES_ABOVE && !track->dead ? FULL_MM_S * duty / 1000 : 0;

		if (bed_on(bed, CARRIAGE, ROLE_REVERSE))
			speed = -speed;
		track->mm = clamp_double(track->mm + speed * STEP_US / US_PER_S, -3, END_MM + 3);
		bed_run(bed, STEP_US);
		if (lround(track->mm) != track->pulse && !track->no_pulses)
			bed_pulse(bed, CARRIAGE);
		track->pulse = lround(track->mm);
		track_switches(track);
	}
}

static void track_open(struct track *track, double mm)
{
	memset(track, 0, sizeof(*track));
	bed_recliner(&track->bed);
	track->mm = mm;
	track->pulse = lround(mm);
	track_switches(track);
	track_run(track, 20 * US_PER_MS);
}

static void track_home(struct track *track)
{
	bed_ask(&track->bed, CARRIAGE, WIRE_HOME, 0);
	for (int i = 0; i < 400 && !(bed_flags(&track->bed, CARRIAGE) & ACTUATOR_HOMED); i++)
		track_run(track, 100 * US_PER_MS);
	assert_true(bed_flags(&track->bed, CARRIAGE) & ACTUATOR_HOMED);
	assert_false(bed_busy(&track->bed, CARRIAGE));
}

static double reported_mm(const struct track *track)
{
	return bed_report(&track->bed).actuator[CARRIAGE].position_um / 1000.0;
}

static void homes_and_counts_from_there(void **state)
{
	struct track track;

	(void)state;
	track_open(&track, 137);
	assert_false(bed_flags(&track.bed, CARRIAGE) & ACTUATOR_POSITION_VALID);
	track_home(&track);
	assert_true(fabs(track.mm) < 2);
	assert_true(fabs(reported_mm(&track)) <= 1);
	bed_close(&track.bed);

	track_open(&track, 0); // stands there already
	track_home(&track);
	bed_close(&track.bed);
}

static void no_position_move_before_homing(void **state)
{
	struct track track;

	(void)state;
	track_open(&track, 137);
	bed_ask(&track.bed, CARRIAGE, WIRE_POSITION, 200000);
	track_run(&track, US_PER_S);
	assert_mode(&track.bed, GUARD_ACTIVE);
	assert_false(bed_busy(&track.bed, CARRIAGE));
	assert_true(track.mm == 137);
	bed_close(&track.bed);
}

static void goes_to_positions(void **state)
{
	static const int target_um[] = { 200000, 210000, 20000, 23000, 595000, 5000 };
	struct track track;

	(void)state;
	track_open(&track, 30);
	track_home(&track);
	for (size_t i = 0; i < 6; i++) {
		bed_ask(&track.bed, CARRIAGE, WIRE_POSITION, target_um[i]);
		for (int n = 0; n < 300; n++) {
			track_run(&track, 100 * US_PER_MS);
			if (bed_flags(&track.bed, CARRIAGE) & ACTUATOR_AT_TARGET)
				break;
		}
		assert_true(bed_flags(&track.bed, CARRIAGE) & ACTUATOR_AT_TARGET);
		assert_true(fabs(track.mm - target_um[i] / 1000.0) <= 3);
		assert_false(bed_busy(&track.bed, CARRIAGE));
	}
	bed_close(&track.bed);
}

static void the_limit_of_a_move_is_kept(void **state)
{
	struct track track;

	(void)state;
	track_open(&track, 10);
	track_home(&track);
	track.bed.demand[CARRIAGE] = (struct wire_demand){
		.mode = WIRE_POSITION, .value = 500000, .limit_permille = 333
	};
	for (int i = 0; i < 200; i++) {
		track_run(&track, 50 * US_PER_MS);
		assert_true(bed_duty(&track.bed, CARRIAGE) <= 333);
	}
	assert_true(track.mm > 150);
	bed_close(&track.bed);
}

static void soft_limits_hold(void **state)
{
	struct track track;

	(void)state;
	track_open(&track, 10);
	track_home(&track);
	bed_ask(&track.bed, CARRIAGE, WIRE_DRIVE, 1000);
	track_run(&track, 30 * US_PER_S);
	assert_in_range(track.mm, 593, 597);
	bed_ask(&track.bed, CARRIAGE, WIRE_DRIVE, -1000);
	track_run(&track, 30 * US_PER_S);
	assert_in_range(track.mm, 3, 7);
	bed_ask(&track.bed, CARRIAGE, WIRE_POSITION, 9000000); // clamped as well
	track_run(&track, 30 * US_PER_S);
	assert_in_range(track.mm, 592, 598);
	assert_mode(&track.bed, GUARD_ACTIVE);
	bed_close(&track.bed);
}

static void end_switches_stop_what_is_not_homed(void **state)
{
	struct track track;

	(void)state;
	track_open(&track, 550);
	bed_ask(&track.bed, CARRIAGE, WIRE_DRIVE, 900);
	track_run(&track, US_PER_S);
	assert_true(bed_duty(&track.bed, CARRIAGE) <= 500); // slower: it knows nothing
	track_run(&track, 10 * US_PER_S);
	assert_false(bed_busy(&track.bed, CARRIAGE));
	assert_true(track.mm < 601);
	assert_mode(&track.bed, GUARD_ACTIVE);
	bed_close(&track.bed);
}

static void trips(struct track *track, enum guard_reason reason, int64_t within_us)
{
	int64_t from_us = track->bed.now_us;

	while (bed_mode(&track->bed) == GUARD_ACTIVE && track->bed.now_us - from_us < within_us)
		track_run(track, 10 * US_PER_MS);
	assert_reason(&track->bed, reason);
	assert_int_equal(bed_report(&track->bed).culprit, CARRIAGE);
	assert_false(bed_busy(&track->bed, CARRIAGE));
	track_run(track, 200 * US_PER_MS);
	assert_mode(&track->bed, GUARD_TRIPPED);
	assert_false(bed_flags(&track->bed, CARRIAGE) & ACTUATOR_POSITION_VALID);
	bed_close(&track->bed);
}

static void a_dead_carriage_trips(void **state)
{
	struct track track;

	(void)state;
	track_open(&track, 200);
	track.dead = true;
	bed_ask(&track.bed, CARRIAGE, WIRE_HOME, 0);
	track_run(&track, 2900 * US_PER_MS);
	assert_mode(&track.bed, GUARD_ACTIVE);
	trips(&track, REASON_NO_PULSE, 200 * US_PER_MS);
}

static void lost_pulses_trip(void **state)
{
	struct track track;

	(void)state;
	track_open(&track, 10);
	track_home(&track);
	bed_ask(&track.bed, CARRIAGE, WIRE_POSITION, 500000);
	track_run(&track, US_PER_S);
	track.no_pulses = true;
	trips(&track, REASON_NO_PULSE, 3100 * US_PER_MS);
}

static void a_home_switch_that_never_closes_trips(void **state)
{
	struct track track;

	(void)state;
	track_open(&track, 300);
	track.bed.chair.actuators[CARRIAGE].no_pulse_ms = 0; // the time ceiling alone
	track.no_home = true;
	bed_ask(&track.bed, CARRIAGE, WIRE_HOME, 0);
	track_run(&track, 41 * US_PER_S);
	assert_mode(&track.bed, GUARD_ACTIVE);
	trips(&track, REASON_TRAVEL_TIME, 2 * US_PER_S);
}

static void a_switch_that_does_not_open_trips(void **state)
{
	struct track track;

	(void)state;
	track_open(&track, 0);
	track_home(&track);
	track.stuck_home = true;
	bed_ask(&track.bed, CARRIAGE, WIRE_POSITION, 300000);
	trips(&track, REASON_END_SWITCH, 3 * US_PER_S);
	assert_true(track.mm < 40);
}

static void both_switches_at_once_trip(void **state)
{
	struct track track;

	(void)state;
	track_open(&track, 200);
	track_home(&track);
	bed_ask(&track.bed, CARRIAGE, WIRE_REST, 0);
	bed_role(&track.bed, CARRIAGE, ROLE_END, true);
	bed_run(&track.bed, 20 * US_PER_MS);
	assert_reason(&track.bed, REASON_END_SWITCH);
	bed_close(&track.bed);
}

static void an_end_in_the_wrong_place_costs_the_position(void **state)
{
	struct track track;

	(void)state;
	track_open(&track, 20);
	track_home(&track);
	bed_ask(&track.bed, CARRIAGE, WIRE_POSITION, 300000);
	track_run(&track, 10 * US_PER_S);
	bed_role(&track.bed, CARRIAGE, ROLE_END, true);
	bed_run(&track.bed, 10 * US_PER_MS);
	assert_false(bed_flags(&track.bed, CARRIAGE) & ACTUATOR_POSITION_VALID);
	bed_close(&track.bed);
}

static void a_carriage_moved_by_hand_is_not_homed(void **state)
{
	struct track track;

	(void)state;
	track_open(&track, 20);
	track_home(&track);
	track.bed.keep = false;
	bed_send(&track.bed, WIRE_RELEASE);
	bed_run(&track.bed, 5 * US_PER_S);
	assert_mode(&track.bed, GUARD_READY);
	for (int i = 0; i < 5; i++)
		bed_pulse(&track.bed, CARRIAGE);
	assert_false(bed_flags(&track.bed, CARRIAGE) & ACTUATOR_HOMED);
	bed_close(&track.bed);
}

// --- presses: a home switch and nothing that counts -------------------------------------------

static void a_press_homes_and_is_released(void **state)
{
	struct bed bed;

	(void)state;
	bed_recliner(&bed);
	bed_press(&bed, DEPTH, 400);
	assert_false(bed_flags(&bed, DEPTH) & ACTUATOR_RELEASED);
	bed_ask(&bed, DEPTH, WIRE_RELEASE_ACTUATOR, 0);
	bed_run(&bed, 500 * US_PER_MS);
	assert_true(bed_on(&bed, DEPTH, ROLE_REVERSE));
	bed_role(&bed, DEPTH, ROLE_HOME, true);
	bed_run(&bed, 80 * US_PER_MS);
	assert_true(bed_flags(&bed, DEPTH) & ACTUATOR_RELEASED);
	assert_mode(&bed, GUARD_ACTIVE); // the others go on
	bed_close(&bed);
}

static void a_release_goes_on_until_its_switch_is_believed(void **state)
{
	struct bed bed;

	(void)state;
	bed_recliner(&bed);
	bed_press(&bed, DEPTH, 400);
	bed_ask(&bed, DEPTH, WIRE_RELEASE_ACTUATOR, 0);
	bed_run(&bed, 500 * US_PER_MS);
	assert_true(bed_on(&bed, DEPTH, ROLE_REVERSE));
	for (int i = 1; i <= 7; i++) { // a chattering contact proves nothing and ends nothing
		bed_role(&bed, DEPTH, ROLE_HOME, i % 2);
		bed_run(&bed, 4 * US_PER_MS);
		assert_true(bed_on(&bed, DEPTH, ROLE_REVERSE));
	}
	bed_run(&bed, 10 * US_PER_MS);
	assert_false(bed_on(&bed, DEPTH, ROLE_REVERSE));
	assert_false(bed_flags(&bed, DEPTH) & ACTUATOR_RELEASED); // not until it has been steady
	bed_run(&bed, 50 * US_PER_MS);
	assert_true(bed_flags(&bed, DEPTH) & ACTUATOR_RELEASED);
	bed_close(&bed);
}

static void a_press_that_does_not_come_home_trips(void **state)
{
	struct bed bed;

	(void)state;
	bed_recliner(&bed);
	bed_press(&bed, DEPTH, 400);
	bed_ask(&bed, DEPTH, WIRE_RELEASE_ACTUATOR, 0);
	bed_run(&bed, 6050 * US_PER_MS);
	assert_mode(&bed, GUARD_ACTIVE);
	bed_run(&bed, 100 * US_PER_MS);
	assert_reason(&bed, REASON_NOT_RELEASED);
	assert_mode(&bed, GUARD_RELEASING);
	assert_false(bed_busy(&bed, DEPTH));
	bed_close(&bed);
}

// The switch claims "home" while the press is in the body: it is pulled back all the same.
static void a_press_with_a_stuck_switch_pulls_back_by_time(void **state)
{
	struct bed bed;

	(void)state;
	bed_recliner(&bed);
	bed_ask(&bed, DEPTH, WIRE_DRIVE, 400);
	bed_run(&bed, 2150 * US_PER_MS);
	assert_mode(&bed, GUARD_RELEASING);
	assert_reason(&bed, REASON_END_SWITCH);
	bed_run(&bed, 500 * US_PER_MS);
	assert_true(bed_on(&bed, DEPTH, ROLE_REVERSE));
	bed_run(&bed, 5 * US_PER_S);
	assert_true(bed_on(&bed, DEPTH, ROLE_REVERSE));
	bed_run(&bed, 1 * US_PER_S);
	assert_mode(&bed, GUARD_TRIPPED);
	bed_close(&bed);
}

// It closes in the middle of a press, where it cannot be.
static void a_home_switch_that_closes_in_a_press_trips(void **state)
{
	struct bed bed;

	(void)state;
	bed_recliner(&bed);
	bed_press(&bed, DEPTH, 400);
	bed_run(&bed, 5 * US_PER_S);
	bed_role(&bed, DEPTH, ROLE_HOME, true);
	bed_run(&bed, 6 * US_PER_MS);
	assert_mode(&bed, GUARD_RELEASING);
	assert_reason(&bed, REASON_END_SWITCH);
	bed_run(&bed, 5900 * US_PER_MS);
	assert_true(bed_on(&bed, DEPTH, ROLE_REVERSE));
	bed_run(&bed, 300 * US_PER_MS);
	assert_mode(&bed, GUARD_TRIPPED);
	assert_false(bed_flags(&bed, DEPTH) & ACTUATOR_RELEASED);
	bed_close(&bed);
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
		cmocka_unit_test(a_release_goes_on_until_its_switch_is_believed),
		cmocka_unit_test(a_press_that_does_not_come_home_trips),
		cmocka_unit_test(a_press_with_a_stuck_switch_pulls_back_by_time),
		cmocka_unit_test(a_home_switch_that_closes_in_a_press_trips),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
