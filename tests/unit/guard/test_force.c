// SPDX-License-Identifier: MIT
//
// Force ceilings by the sensor, and sensors with impossible values.
#include "guard_rig.h"

static void depth_pressing(struct guard_rig *rig)
{
	rig_recliner(rig);
	rig_press(rig, DEPTH, 400);
	rig->force[DEPTH].force_n = 18;
	rig_run(rig, 10 * US_PER_S);
	assert_mode(rig, GUARD_ACTIVE);
}

static void assert_released_and_tripped(struct guard_rig *rig, enum guard_reason reason,
	int culprit)
{
	assert_mode(rig, GUARD_RELEASING);
	assert_reason(rig, reason);
	assert_int_equal(rig_report(rig).culprit, culprit);
	assert_false(rig_on(rig, DEPTH, ROLE_FORWARD));
	rig_run(rig, 150 * US_PER_MS);
	assert_true(rig_on(rig, DEPTH, ROLE_REVERSE)); // first the release
	rig_role(rig, DEPTH, ROLE_HOME, true);
	if (reason == REASON_FORCE)
		rig->force[DEPTH].force_n = 0;
	rig_run(rig, 80 * US_PER_MS);
	if (reason != REASON_FORCE) { // nothing proves that the press is off the body
		assert_mode(rig, GUARD_RELEASING);
		assert_false(rig_on(rig, DEPTH, ROLE_REVERSE));
		rig_run(rig, 500 * US_PER_MS);
		assert_false(rig_flags(rig, DEPTH) & ACTUATOR_RELEASED);
		assert_reason(rig, reason);
	}
	assert_mode(rig, GUARD_TRIPPED);
	rig_close(rig);
}

// The carriage has not homed: the strictest region counts, 40 N at most and 20 N for long.
static void a_peak_trips_after_100_ms(void **state)
{
	struct guard_rig rig;

	(void)state;
	depth_pressing(&rig);
	rig.force[DEPTH].force_n = 41;
	rig_run(&rig, 80 * US_PER_MS);
	rig.force[DEPTH].force_n = 18;
	rig_run(&rig, 2 * US_PER_S); // a short one is forgiven
	assert_mode(&rig, GUARD_ACTIVE);
	rig.force[DEPTH].force_n = 41;
	rig_run(&rig, 90 * US_PER_MS);
	assert_mode(&rig, GUARD_ACTIVE);
	rig_run(&rig, 40 * US_PER_MS);
	assert_released_and_tripped(&rig, REASON_FORCE, DEPTH);
}

static void a_mean_above_the_sustained_ceiling_trips(void **state)
{
	struct guard_rig rig;

	(void)state;
	depth_pressing(&rig);
	rig.force[DEPTH].force_n = 21.9;
	rig_run(&rig, 30 * US_PER_S);
	assert_mode(&rig, GUARD_ACTIVE);
	rig.force[DEPTH].force_n = 26;
	rig_run(&rig, 500 * US_PER_MS);
	rig.keep = true;
	rig_run(&rig, 5 * US_PER_S);
	assert_reason(&rig, REASON_FORCE);
	rig_close(&rig);
}

// Homed at 200 mm, over the upper back: 105 and 50 N.
static void the_region_under_the_carriage_counts(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_recliner(&rig);
	rig_role(&rig, CARRIAGE, ROLE_HOME, true);
	rig_run(&rig, 80 * US_PER_MS);
	rig_ask(&rig, CARRIAGE, WIRE_HOME, 0);
	rig_role(&rig, CARRIAGE, ROLE_HOME, false);
	rig_ask(&rig, CARRIAGE, WIRE_DRIVE, 500);
	for (int i = 0; i < 200; i++) {
		rig_run(&rig, 10 * US_PER_MS);
		rig_pulse(&rig, CARRIAGE);
	}
	rig_ask(&rig, CARRIAGE, WIRE_REST, 0);
	rig_press(&rig, DEPTH, 700);
	rig.force[DEPTH].force_n = 48;
	rig_run(&rig, 10 * US_PER_S);
	assert_mode(&rig, GUARD_ACTIVE);
	assert_int_equal(rig_duty(&rig, DEPTH), 700);
	rig.force[DEPTH].force_n = 106;
	rig_run(&rig, 120 * US_PER_MS);
	assert_released_and_tripped(&rig, REASON_FORCE, DEPTH);
}

static void a_failing_sensor_trips(void **state)
{
	static const double nonsense_n[] = { NAN, INFINITY, -100, 900 };

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		struct guard_rig rig;

		depth_pressing(&rig);
		if (i < 4)
			rig.force[DEPTH].force_n = nonsense_n[i];
		else
			rig.force[DEPTH].error = -5;
		rig_run(&rig, 10 * US_PER_MS);
		assert_false(rig_flags(&rig, DEPTH) & ACTUATOR_FORCE_VALID);
		assert_released_and_tripped(&rig, REASON_SENSOR, DEPTH);
	}
}

static void a_stale_sensor_trips(void **state)
{
	struct guard_rig rig;
	int64_t from_us, renewed_us;

	(void)state;
	depth_pressing(&rig);
	from_us = renewed_us = rig.now_us;
	while (rig_mode(&rig) == GUARD_ACTIVE && rig.now_us - from_us < US_PER_S) {
		rig.now_us = rig.out.next_us;
		rig.force[DEPTH].t_us = from_us;
		guard_step(rig.guard,
			&(struct guard_input){ .now_us = rig.now_us,
				.due_us = rig.now_us,
				.levels = rig.levels,
				.force = rig.force,
				.link_up = true },
			&rig.out);
		if (rig.now_us - renewed_us >= 50 * US_PER_MS) {
			union wire_frame frame;

			renewed_us = rig.now_us;
			rig_make_setpoint(&rig, 250, &frame);
			guard_step(rig.guard,
				&(struct guard_input){ .now_us = rig.now_us,
					.due_us = rig.now_us,
					.levels = rig.levels,
					.force = rig.force,
					.link_up = true,
					.frame = &frame },
				&rig.out);
		}
	}
	assert_reason(&rig, REASON_SENSOR);
	assert_in_range(rig.now_us - from_us, 500 * US_PER_MS, 520 * US_PER_MS);
	rig_close(&rig);
}

static void cells_have_their_ceiling_too(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_recliner(&rig); // calf: 50 N by region, 45 N by table; 25 N for long
	rig_ask(&rig, CALF, WIRE_DRIVE, 1000);
	rig.force[CALF].force_n = 52;
	rig_run(&rig, 200 * US_PER_MS);
	assert_reason(&rig, REASON_FORCE);
	assert_int_equal(rig_report(&rig).culprit, CALF);
	assert_true(rig_on(&rig, CALF, ROLE_VENT));
	rig_close(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_peak_trips_after_100_ms),
		cmocka_unit_test(a_mean_above_the_sustained_ceiling_trips),
		cmocka_unit_test(the_region_under_the_carriage_counts),
		cmocka_unit_test(a_failing_sensor_trips),
		cmocka_unit_test(a_stale_sensor_trips),
		cmocka_unit_test(cells_have_their_ceiling_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
