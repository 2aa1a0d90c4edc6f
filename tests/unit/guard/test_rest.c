// SPDX-License-Identifier: MIT
//
// An actuator at rest is not stepped: whatever is left of a drive ends first, and what its inputs
// report counts at rest, too.
#include "guard_rig.h"

#include "guard/guard_private.h"

#define TICK_US (10 * US_PER_MS)

// ACTIVE, with every actuator at rest.
static void open_at_rest(struct guard_rig *rig)
{
	rig_recliner(rig);
	rig_ask(rig, KNEAD, WIRE_REST, 0);
	rig_run(rig, 100 * US_PER_MS);
	assert_mode(rig, GUARD_ACTIVE);
	assert_int_equal(rig->guard->busy, 0);
}

static struct actuator_state *state_of(struct guard_rig *rig, int actuator)
{
	return &rig->guard->actuators[actuator];
}

static void a_motor_that_runs_is_stopped(void **state)
{
	struct guard_rig rig;

	(void)state;
	open_at_rest(&rig);
	state_of(&rig, DEPTH)->direction = -1;
	rig_run(&rig, TICK_US);
	assert_int_equal(state_of(&rig, DEPTH)->direction, 0);
	assert_false(rig_busy(&rig, DEPTH));
	rig_close(&rig);
}

static void a_vent_that_is_open_is_shut(void **state)
{
	struct guard_rig rig;

	(void)state;
	open_at_rest(&rig);
	state_of(&rig, CALF)->venting = true;
	rig_run(&rig, TICK_US);
	assert_false(state_of(&rig, CALF)->venting);
	rig_close(&rig);
}

static void a_release_ends(void **state)
{
	struct guard_rig rig;

	(void)state;
	open_at_rest(&rig);
	state_of(&rig, CALF)->releasing = true;
	rig_run(&rig, TICK_US);
	assert_false(rig_flags(&rig, CALF) & ACTUATOR_RELEASING);
	rig_close(&rig);
}

static void what_is_not_released_is_not_at_rest(void **state)
{
	struct guard_rig rig;

	(void)state;
	open_at_rest(&rig);
	state_of(&rig, KNEAD)->released = false;
	rig_run(&rig, TICK_US);
	assert_true(rig_flags(&rig, KNEAD) & ACTUATOR_RELEASED);
	rig_close(&rig);
}

static void time_under_drive_ends(void **state)
{
	struct guard_rig rig;

	(void)state;
	open_at_rest(&rig);
	state_of(&rig, KNEAD)->under_drive_us = rig.now_us;
	rig_run(&rig, TICK_US);
	assert_true(state_of(&rig, KNEAD)->under_drive_us == TIME_NEVER);
	rig_close(&rig);
}

static void a_pump_loses_its_pressure(void **state)
{
	struct guard_rig rig;

	(void)state;
	open_at_rest(&rig);
	state_of(&rig, PUMP)->pressure = 500;
	rig_run(&rig, US_PER_S);
	assert_true(state_of(&rig, PUMP)->pressure < 100);
	rig_close(&rig);
}

static void a_press_that_leaves_its_home_is_not_released(void **state)
{
	struct guard_rig rig;

	(void)state;
	open_at_rest(&rig);
	rig_role(&rig, DEPTH, ROLE_HOME, false);
	rig_run(&rig, 50 * US_PER_MS);
	assert_false(rig_flags(&rig, DEPTH) & ACTUATOR_RELEASED);
	rig_close(&rig);
}

static void a_sensor_that_fails_trips(void **state)
{
	struct guard_rig rig;

	(void)state;
	open_at_rest(&rig);
	rig.force[CALF].error = -5;
	rig_run(&rig, TICK_US);
	assert_reason(&rig, REASON_SENSOR);
	assert_int_equal(rig_report(&rig).culprit, CALF);
	rig_close(&rig);
}

static void a_force_above_the_ceiling_trips(void **state)
{
	struct guard_rig rig;

	(void)state;
	open_at_rest(&rig);
	rig.force[CALF].force_n = 60;
	rig_run(&rig, 200 * US_PER_MS);
	assert_reason(&rig, REASON_FORCE);
	assert_int_equal(rig_report(&rig).culprit, CALF);
	rig_close(&rig);
}

static void both_end_switches_of_a_carriage_trip(void **state)
{
	struct guard_rig rig;

	(void)state;
	open_at_rest(&rig);
	rig_role(&rig, CARRIAGE, ROLE_HOME, true);
	rig_role(&rig, CARRIAGE, ROLE_END, true);
	rig_run(&rig, 50 * US_PER_MS);
	assert_reason(&rig, REASON_END_SWITCH);
	assert_int_equal(rig_report(&rig).culprit, CARRIAGE);
	rig_close(&rig);
}

// The zones that a press has pressed are forgotten as soon as its carriage's position is not known.
static void a_press_forgets_its_zones_with_the_position(void **state)
{
	struct duty *duty;
	struct guard_rig rig;

	(void)state;
	open_at_rest(&rig);
	duty = &state_of(&rig, DEPTH)->duty;
	state_of(&rig, CARRIAGE)->homed = true;
	duty->sum_us = duty->spent[0].us = 1000;
	duty->spent[0].zone = (struct zone){ 100, 100 };
	rig_run(&rig, TICK_US);
	assert_true(duty->spent[0].zone.from_mm == 100);
	state_of(&rig, CARRIAGE)->homed = false;
	rig_run(&rig, TICK_US);
	assert_true(isinf(duty->spent[0].zone.from_mm));
	rig_close(&rig);
}

// The supervision of its sensor begins with each push: the time at rest does not count.
static void the_belief_begins_with_the_push(void **state)
{
	struct guard_rig rig;

	(void)state;
	open_at_rest(&rig);
	rig_run(&rig, 10 * US_PER_S);
	state_of(&rig, DEPTH)->belief.high_n = 50;
	rig_ask(&rig, DEPTH, WIRE_DRIVE, 200);
	assert_false(rig_flags(&rig, DEPTH) & ACTUATOR_RELEASED);
	assert_true(state_of(&rig, DEPTH)->belief.high_n == 0);
	assert_int_equal(state_of(&rig, DEPTH)->belief.changed_us, rig.now_us);
	rig_close(&rig);
}

static void a_proof_ends_the_belief(void **state)
{
	struct guard_rig rig;

	(void)state;
	open_at_rest(&rig);
	rig_press(&rig, DEPTH, 300);
	assert_true(state_of(&rig, DEPTH)->belief.high_n > 0);
	rig_ask(&rig, DEPTH, WIRE_RELEASE_ACTUATOR, 0);
	rig_run(&rig, 200 * US_PER_MS);
	rig_role(&rig, DEPTH, ROLE_HOME, true);
	rig_run(&rig, 100 * US_PER_MS);
	assert_true(rig_flags(&rig, DEPTH) & ACTUATOR_RELEASED);
	assert_true(state_of(&rig, DEPTH)->belief.high_n == 0);
	rig_close(&rig);
}

// A home switch that stays closed under a push for long is no evidence.
static void a_switch_that_does_not_open_is_no_proof(void **state)
{
	struct guard_rig rig;

	(void)state;
	open_at_rest(&rig);
	rig_ask(&rig, DEPTH, WIRE_DRIVE, 300);
	rig_run(&rig, 500 * US_PER_MS);
	assert_true(travel_at_home(rig.guard, DEPTH));
	rig_run(&rig, 400 * US_PER_MS);
	assert_mode(&rig, GUARD_ACTIVE);
	assert_false(travel_at_home(rig.guard, DEPTH));
	rig_close(&rig);
}

// The limits of a place are kept while the carriage stands, and no longer.
static void limits_follow_the_carriage(void **state)
{
	static const double at_mm[] = { 200, 60, 200, NAN };

	(void)state;
	for (size_t i = 0; i < sizeof(at_mm) / sizeof(at_mm[0]); i++) {
		struct guard_rig rig;
		double drive;

		open_at_rest(&rig);
		for (size_t j = 0; j <= i; j++) {
			state_of(&rig, CARRIAGE)->homed = !isnan(at_mm[j]);
			state_of(&rig, CARRIAGE)->pulses = isnan(at_mm[j]) ? 200
									   : (int64_t)at_mm[j];
			drive = force_clamp(rig.guard, DEPTH, PERMILLE_FULL);
		}
		assert_true(drive ==
			actuator_drive_limit_permille(&rig.chair.actuators[DEPTH],
				chair_ceiling(&rig.chair, DEPTH, at_mm[i])));
		rig_close(&rig);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_motor_that_runs_is_stopped),
		cmocka_unit_test(a_vent_that_is_open_is_shut),
		cmocka_unit_test(a_release_ends),
		cmocka_unit_test(what_is_not_released_is_not_at_rest),
		cmocka_unit_test(time_under_drive_ends),
		cmocka_unit_test(a_pump_loses_its_pressure),
		cmocka_unit_test(a_press_that_leaves_its_home_is_not_released),
		cmocka_unit_test(a_sensor_that_fails_trips),
		cmocka_unit_test(a_force_above_the_ceiling_trips),
		cmocka_unit_test(both_end_switches_of_a_carriage_trip),
		cmocka_unit_test(a_press_forgets_its_zones_with_the_position),
		cmocka_unit_test(the_belief_begins_with_the_push),
		cmocka_unit_test(a_proof_ends_the_belief),
		cmocka_unit_test(a_switch_that_does_not_open_is_no_proof),
		cmocka_unit_test(limits_follow_the_carriage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
