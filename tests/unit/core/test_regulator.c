// SPDX-License-Identifier: MIT
//
// The regulator with a small plant: a motor whose force lags, tissue that relaxes, a sensor with
// noise, and a calibration that is wrong by a tenth or more.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "core/regulator.h"
#include "core/units.h"

static const struct actuator press = {
	.kind = ACTUATOR_PRESS,
	.drive_max_permille = 900,
	.calibration = { .n = 5,
		.at = { { 100, 0 }, { 200, 8 }, { 400, 26 }, { 600, 44 }, { 800, 62 } } },
};

struct plant {
	double gain; // true force over calibrated force
	double lag_s;
	double yields; // share of the force that relaxes away
	double force_n, relaxed;
	unsigned seed;
};

static double noise(struct plant *plant)
{
	return ((double)rand_r(&plant->seed) / RAND_MAX - 0.5) * 0.8;
}

static void plant_step(struct plant *plant, double drive, double dt_s)
{
	double push = plant->gain * calibration_force_n(&press.calibration, drive);

	plant->relaxed += (plant->yields - plant->relaxed) * dt_s / 8.0;
	push *= 1 - plant->relaxed;
	plant->force_n += (push - plant->force_n) * dt_s / plant->lag_s;
}

struct outcome {
	double peak_n, settled_s, worst_n; // worst_n: the farthest from the target once settled
	double drive_max;
};

static double ask(struct regulator *regulator, int64_t now_us, double setpoint_n, double force_n,
	bool climbing, bool limited)
{
	return regulator_step(regulator, now_us,
		&(struct regulator_input){
			.setpoint_n = setpoint_n,
			.force_n = force_n,
			.climbing = climbing,
			.limited = limited,
		});
}

static struct outcome hold(struct plant plant, double target_n, double ramp_n_s, bool limited)
{
	struct outcome outcome = { 0 };
	struct regulator regulator;
	double setpoint = 2, drive = 180, dt_s = 0.02;
	int64_t now = 0;

	plant.force_n = 2;
	regulator_start(&regulator, &press, now, plant.force_n);
	for (int i = 0; i < 40 * 50; i++) {
		bool climbing = setpoint < target_n;

		now += 20 * US_PER_MS;
		setpoint = fmin(target_n, setpoint + ramp_n_s * dt_s);
		drive = ask(&regulator, now, setpoint, plant.force_n + noise(&plant), climbing,
			limited);
		plant_step(&plant, limited ? fmin(drive, 300) : drive, dt_s);
		outcome.peak_n = fmax(outcome.peak_n, plant.force_n);
		outcome.drive_max = fmax(outcome.drive_max, drive);
		if (fabs(plant.force_n - target_n) > 0.05 * target_n)
			outcome.settled_s = i * dt_s;
		if (i > 20 * 50)
			outcome.worst_n = fmax(outcome.worst_n, fabs(plant.force_n - target_n));
	}
	return outcome;
}

static void settles_without_overshoot(void **state)
{
	(void)state;
	for (double gain = 0.8; gain <= 1.11; gain += 0.1) {
		for (double lag_s = 0.05; lag_s <= 0.81; lag_s *= 2) {
			for (double target = 20; target <= 46; target += 8) {
				struct plant plant = {
					.gain = gain, .lag_s = lag_s, .yields = 0.15, .seed = 42
				};
				struct outcome outcome = hold(plant, target, 8, false);

				assert_true(outcome.peak_n <= 1.05 * target);
				assert_true(outcome.settled_s <= target / 8 + 8);
				assert_true(outcome.worst_n <= 0.05 * target);
			}
		}
	}
}

static void never_exceeds_the_actuators_drive(void **state)
{
	struct plant weak = { .gain = 0.4, .lag_s = 0.1, .yields = 0.3, .seed = 1 };

	(void)state;
	assert_true(hold(weak, 45, 10, false).drive_max <= 900);
}

// No overshoot after the guard has limited the drive for a while.
static void does_not_wind_up_while_clamped(void **state)
{
	struct plant plant = { .gain = 1, .lag_s = 0.1, .seed = 3 };
	struct regulator regulator;
	double drive = 180, peak = 0;
	int64_t now = 0;

	(void)state;
	plant.force_n = 2;
	regulator_start(&regulator, &press, now, 2);
	for (int i = 0; i < 60 * 50; i++) {
		bool clamped = i < 30 * 50;

		now += 20 * US_PER_MS;
		drive = ask(&regulator, now, 40, plant.force_n + noise(&plant), false,
			clamped && drive > 300);
		plant_step(&plant, clamped ? fmin(drive, 300) : drive, 0.02);
		peak = fmax(peak, plant.force_n);
	}
	assert_true(peak <= 1.05 * 40);
	assert_true(fabs(plant.force_n - 40) <= 2);
}

static void works_without_a_calibration(void **state)
{
	const struct actuator bare = { .kind = ACTUATOR_PRESS, .drive_max_permille = 900 };
	struct plant plant = { .gain = 1, .lag_s = 0.1, .seed = 5 };
	struct regulator regulator;
	double setpoint = 2, peak = 0;
	int64_t now = 0;

	(void)state;
	regulator_start(&regulator, &bare, now, 2);
	for (int i = 0; i < 60 * 50; i++) {
		bool climbing = setpoint < 30;

		now += 20 * US_PER_MS;
		setpoint = fmin(30, setpoint + 0.1);
		plant_step(&plant, ask(&regulator, now, setpoint, plant.force_n, climbing, false),
			0.02);
		peak = fmax(peak, plant.force_n);
	}
	assert_true(peak <= 1.05 * 30);
	assert_true(fabs(plant.force_n - 30) <= 1.5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(settles_without_overshoot),
		cmocka_unit_test(never_exceeds_the_actuators_drive),
		cmocka_unit_test(does_not_wind_up_while_clamped),
		cmocka_unit_test(works_without_a_calibration),
	};

	return cmocka_run_group_tests_name("regulator", tests, NULL, NULL);
}
