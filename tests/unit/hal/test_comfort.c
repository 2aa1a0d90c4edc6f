// SPDX-License-Identifier: MIT
//
// The simulated back rest, heater and foot roller, and the channels that measure them.
#include "tests/unit/hal/sim_rig.h"

#include <math.h>

enum { BACK = 1, HEAT, SOLE }; // after the press of the bench

#define assert_between(x, low, high) assert_true((x) >= (low) && (x) <= (high))

static void fixture_comfort(struct chair *chair)
{
	struct actuator *actuator;

	fixture_bench(chair);
	chair->current_max_ma = 10000;
	actuator = fixture_actuator(chair, "back", ACTUATOR_RECLINE);
	fixture_out(chair, "A", ROLE_FORWARD);
	fixture_out(chair, "B", ROLE_REVERSE);
	actuator->up_ms = 15000;
	actuator->down_ms = 12000;
	actuator->current_ma = 1000;
	actuator->measured[QUANTITY_POSITION].present = true;
	actuator->measured[QUANTITY_CURRENT].present = true;

	actuator = fixture_actuator(chair, "heat", ACTUATOR_HEAT);
	fixture_out(chair, "C", ROLE_RUN);
	fixture_in(chair, "D", ROLE_CUTOUT);
	actuator->cutoff_c = 43;
	actuator->current_ma = 2000;
	actuator->measured[QUANTITY_TEMPERATURE].present = true;

	actuator = fixture_actuator(chair, "sole", ACTUATOR_ROLLER);
	fixture_out(chair, "E", ROLE_RUN);
	actuator->current_ma = 1000;
	actuator->measured[QUANTITY_CURRENT].present = true;
}

static double measured(struct sim_rig *rig, int actuator, enum quantity quantity)
{
	struct hal_measurement measurement;

	assert_int_equal(hal_measure(rig->hal, rig->now_us, actuator, quantity, &measurement), 0);
	assert_int_equal(measurement.error, 0);
	assert_true(measurement.t_us > 0 && measurement.t_us <= rig->now_us);
	return measurement.value;
}

static void drive(struct sim_rig *rig, int actuator, enum line_role role, bool on, int64_t ms)
{
	uint64_t line = rig_bit(rig, actuator, role);

	rig_set(rig, line, on ? line : 0);
	rig_run(rig, 0, 0, ms);
}

// The time for its whole way in this direction, in ms, from the opposite end.
static int64_t way_ms(struct sim_rig *rig, enum line_role role, double until)
{
	int64_t ms = 0;

	rig_set(rig, rig_bit(rig, BACK, role), rig_bit(rig, BACK, role));
	while (role == ROLE_FORWARD ? sim_truth(rig->hal, BACK).position_mm < until
				    : sim_truth(rig->hal, BACK).position_mm > until) {
		rig_run(rig, 0, 0, 10);
		ms += 10;
		assert_true(ms < 30000);
	}
	rig_set(rig, rig_bit(rig, BACK, role), 0);
	rig_run(rig, 0, 0, 500);
	return ms;
}

static void a_back_rest_takes_its_times(void **state)
{
	struct sim_rig rig;

	(void)state;
	for (uint64_t seed = 1; seed <= 5; seed++) {
		rig_open(&rig, fixture_comfort, &(struct sim_options){ .seed = seed });
		way_ms(&rig, ROLE_REVERSE, 0);
		assert_between(way_ms(&rig, ROLE_FORWARD, 1000), 12000 * 0.94, 12000 * 1.07);
		assert_between(way_ms(&rig, ROLE_REVERSE, 0), 15000 * 0.94, 15000 * 1.07);
		rig_close(&rig);
	}
}

static void a_pot_follows(void **state)
{
	struct sim_rig rig;

	(void)state;
	rig_open(&rig, fixture_comfort, NULL);
	for (int i = 0; i < 5; i++) {
		drive(&rig, BACK, ROLE_FORWARD, true, 1500);
		assert_between(measured(&rig, BACK, QUANTITY_POSITION) -
				sim_truth(rig.hal, BACK).position_mm,
			-4, 4);
	}
	rig_close(&rig);
}

static void a_pad_warms_and_cools(void **state)
{
	struct sim_rig rig;

	(void)state;
	rig_open(&rig, fixture_comfort, NULL);
	assert_between(measured(&rig, HEAT, QUANTITY_TEMPERATURE), 21.5, 22.5);
	drive(&rig, HEAT, ROLE_RUN, true, 144000);
	assert_between(measured(&rig, HEAT, QUANTITY_TEMPERATURE), 39, 41);
	drive(&rig, HEAT, ROLE_RUN, false, 166000); // half of it
	assert_between(measured(&rig, HEAT, QUANTITY_TEMPERATURE), 30, 32);
	rig_close(&rig);
}

static void a_cutout_opens_and_closes(void **state)
{
	struct sim_rig rig;

	(void)state;
	rig_open(&rig, fixture_comfort, NULL);
	drive(&rig, HEAT, ROLE_RUN, true, 200000);
	assert_false(rig_at(&rig, HEAT, ROLE_CUTOUT));
	drive(&rig, HEAT, ROLE_RUN, true, 300000);
	assert_true(rig_at(&rig, HEAT, ROLE_CUTOUT)); // above 55 degrees
	drive(&rig, HEAT, ROLE_RUN, false, 200000);
	assert_false(rig_at(&rig, HEAT, ROLE_CUTOUT));
	rig_close(&rig);
}

static void a_heater_needs_the_charge_pump(void **state)
{
	struct sim_rig rig;

	(void)state;
	rig_open(&rig, fixture_comfort, NULL);
	rig.chair.enable = fixture_line(&rig.chair, "PUMP", ROLE_ENABLE, -1, false, false);
	rig.hal = hal_free(rig.hal);
	assert_int_equal(sim_new(&rig.chair, &(struct sim_options){ .seed = 1 }, &rig.hal), 0);
	rig_inject(&rig, "shorted:heat");
	rig.no_pump = true;
	rig_run(&rig, 0, 0, 60000);
	assert_between(measured(&rig, HEAT, QUANTITY_TEMPERATURE), 21.5, 22.5);
	rig.no_pump = false;
	rig_run(&rig, 0, 0, 60000);
	assert_true(measured(&rig, HEAT, QUANTITY_TEMPERATURE) > 28);
	rig_close(&rig);
}

static void a_blocked_motor_draws_more(void **state)
{
	struct sim_rig rig;

	(void)state;
	rig_open(&rig, fixture_comfort, NULL);
	assert_between(measured(&rig, SOLE, QUANTITY_CURRENT), -80, 80);
	drive(&rig, SOLE, ROLE_RUN, true, 30);
	assert_true(measured(&rig, SOLE, QUANTITY_CURRENT) > 2000); // the start
	drive(&rig, SOLE, ROLE_RUN, true, 2000);
	assert_between(measured(&rig, SOLE, QUANTITY_CURRENT), 400, 700);
	rig_inject(&rig, "blocked:sole");
	rig_run(&rig, 0, 0, 2000);
	assert_between(measured(&rig, SOLE, QUANTITY_CURRENT), 2900, 3100);
	rig_close(&rig);
}

static void a_blocked_back_rest_stands(void **state)
{
	struct sim_rig rig;
	double at;

	(void)state;
	rig_open(&rig, fixture_comfort, NULL);
	drive(&rig, BACK, ROLE_FORWARD, true, 2000);
	assert_between(measured(&rig, BACK, QUANTITY_CURRENT), 400, 1000);
	rig_inject(&rig, "blocked:back");
	rig_run(&rig, 0, 0, 20);
	at = sim_truth(rig.hal, BACK).position_mm;
	rig_run(&rig, 0, 0, 1000);
	assert_true(sim_truth(rig.hal, BACK).position_mm == at);
	assert_between(measured(&rig, BACK, QUANTITY_CURRENT), 2900, 3100);
	rig_close(&rig);
}

static void channels_have_faults(void **state)
{
	struct hal_measurement measurement;
	struct sim_rig rig;
	double frozen;

	(void)state;
	rig_open(&rig, fixture_comfort, NULL);
	rig_inject(&rig, "channel-reads:heat.thermistor=80");
	rig_run(&rig, 0, 0, 100);
	assert_true(measured(&rig, HEAT, QUANTITY_TEMPERATURE) == 80);
	rig_inject(&rig, "channel-fail:sole.current");
	rig_inject(&rig, "channel-frozen:back.pot");
	rig_run(&rig, 0, 0, 100);
	assert_int_equal(hal_measure(rig.hal, rig.now_us, SOLE, QUANTITY_CURRENT, &measurement), 0);
	assert_int_equal(measurement.error, -EIO);
	frozen = measured(&rig, BACK, QUANTITY_POSITION);
	drive(&rig, BACK, ROLE_FORWARD, true, 2000);
	assert_true(measured(&rig, BACK, QUANTITY_POSITION) == frozen);
	assert_int_equal(hal_measure(rig.hal, rig.now_us, HEAT, QUANTITY_CURRENT, &measurement),
		-ENODEV);
	rig_close(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_back_rest_takes_its_times),
		cmocka_unit_test(a_pot_follows),
		cmocka_unit_test(a_pad_warms_and_cools),
		cmocka_unit_test(a_cutout_opens_and_closes),
		cmocka_unit_test(a_heater_needs_the_charge_pump),
		cmocka_unit_test(a_blocked_motor_draws_more),
		cmocka_unit_test(a_blocked_back_rest_stands),
		cmocka_unit_test(channels_have_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
