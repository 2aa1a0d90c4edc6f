// SPDX-License-Identifier: MIT
//
// Force ceilings by the sensor, and sensors that cannot be believed.
#include "bed.h"

static void depth_pressing(struct bed *bed)
{
	bed_recliner(bed);
	bed_press(bed, DEPTH, 400);
	bed->force[DEPTH].force_n = 18;
	bed_run(bed, 10 * US_PER_S);
	assert_mode(bed, GUARD_ACTIVE);
}

static void let_go_and_trip(struct bed *bed, enum guard_reason reason, int culprit)
{
	assert_mode(bed, GUARD_RELEASING);
	assert_reason(bed, reason);
	assert_int_equal(bed_report(bed).culprit, culprit);
	assert_false(bed_on(bed, DEPTH, ROLE_FORWARD));
	bed_run(bed, 150 * US_PER_MS);
	assert_true(bed_on(bed, DEPTH, ROLE_REVERSE)); // the person is let go of first
	bed_role(bed, DEPTH, ROLE_HOME, true);
	if (reason == REASON_FORCE)
		bed->force[DEPTH].force_n = 0;
	bed_run(bed, 80 * US_PER_MS);
	if (reason != REASON_FORCE) { // nothing proves that the press is off the body
		assert_mode(bed, GUARD_RELEASING);
		assert_false(bed_on(bed, DEPTH, ROLE_REVERSE));
		bed_run(bed, 500 * US_PER_MS);
		assert_false(bed_flags(bed, DEPTH) & ACTUATOR_RELEASED);
		assert_reason(bed, reason);
	}
	assert_mode(bed, GUARD_TRIPPED);
	bed_close(bed);
}

// The carriage has not homed: the strictest region counts, 40 N at most and 20 N for long.
static void a_peak_trips_after_100_ms(void **state)
{
	struct bed bed;

	(void)state;
	depth_pressing(&bed);
	bed.force[DEPTH].force_n = 41;
	bed_run(&bed, 80 * US_PER_MS);
	bed.force[DEPTH].force_n = 18;
	bed_run(&bed, 2 * US_PER_S); // a short one is forgiven
	assert_mode(&bed, GUARD_ACTIVE);
	bed.force[DEPTH].force_n = 41;
	bed_run(&bed, 90 * US_PER_MS);
	assert_mode(&bed, GUARD_ACTIVE);
	bed_run(&bed, 40 * US_PER_MS);
	let_go_and_trip(&bed, REASON_FORCE, DEPTH);
}

static void a_mean_above_the_sustained_ceiling_trips(void **state)
{
	struct bed bed;

	(void)state;
	depth_pressing(&bed);
	bed.force[DEPTH].force_n = 21.9;
	bed_run(&bed, 30 * US_PER_S);
	assert_mode(&bed, GUARD_ACTIVE);
	bed.force[DEPTH].force_n = 26;
	bed_run(&bed, 500 * US_PER_MS);
	bed.keep = true;
	bed_run(&bed, 5 * US_PER_S);
	assert_reason(&bed, REASON_FORCE);
	bed_close(&bed);
}

// Homed at 200 mm, over the upper back: 105 and 50 N.
static void the_region_under_the_carriage_counts(void **state)
{
	struct bed bed;

	(void)state;
	bed_recliner(&bed);
	bed_role(&bed, CARRIAGE, ROLE_HOME, true);
	bed_run(&bed, 80 * US_PER_MS);
	bed_ask(&bed, CARRIAGE, WIRE_HOME, 0);
	bed_role(&bed, CARRIAGE, ROLE_HOME, false);
	bed_ask(&bed, CARRIAGE, WIRE_DRIVE, 500);
	for (int i = 0; i < 200; i++) {
		bed_run(&bed, 10 * US_PER_MS);
		bed_pulse(&bed, CARRIAGE);
	}
	bed_ask(&bed, CARRIAGE, WIRE_REST, 0);
	bed_press(&bed, DEPTH, 700);
	bed.force[DEPTH].force_n = 48;
	bed_run(&bed, 10 * US_PER_S);
	assert_mode(&bed, GUARD_ACTIVE);
	assert_int_equal(bed_duty(&bed, DEPTH), 700);
	bed.force[DEPTH].force_n = 106;
	bed_run(&bed, 120 * US_PER_MS);
	let_go_and_trip(&bed, REASON_FORCE, DEPTH);
}

static void a_failing_sensor_trips(void **state)
{
	static const double nonsense_n[] = { NAN, INFINITY, -100, 900 };

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		struct bed bed;

		depth_pressing(&bed);
		if (i < 4)
			bed.force[DEPTH].force_n = nonsense_n[i];
		else
			bed.force[DEPTH].error = -5;
		bed_run(&bed, 10 * US_PER_MS);
		assert_false(bed_flags(&bed, DEPTH) & ACTUATOR_FORCE_VALID);
		let_go_and_trip(&bed, REASON_SENSOR, DEPTH);
	}
}

static void a_stale_sensor_trips(void **state)
{
	struct bed bed;
	int64_t from_us, renewed_us;

	(void)state;
	depth_pressing(&bed);
	from_us = renewed_us = bed.now_us;
	while (bed_mode(&bed) == GUARD_ACTIVE && bed.now_us - from_us < US_PER_S) {
		bed.now_us = bed.out.next_us;
		bed.force[DEPTH].t_us = from_us;
		guard_step(bed.guard,
			&(struct guard_input){ .now_us = bed.now_us,
				.due_us = bed.now_us,
				.levels = bed.levels,
				.force = bed.force,
				.link_up = true },
			&bed.out);
		if (bed.now_us - renewed_us >= 50 * US_PER_MS) {
			struct wire_setpoint frame = { .lease_ms = 250, .n = 6 };

			renewed_us = bed.now_us;
			wire_header_init(&frame.header, WIRE_SETPOINT, sizeof(frame), ++bed.seq);
			memcpy(frame.demand, bed.demand, sizeof(frame.demand));
			guard_step(bed.guard,
				&(struct guard_input){ .now_us = bed.now_us,
					.due_us = bed.now_us,
					.levels = bed.levels,
					.force = bed.force,
					.link_up = true,
					.frame = &frame },
				&bed.out);
		}
	}
	assert_reason(&bed, REASON_SENSOR);
	assert_in_range(bed.now_us - from_us, 500 * US_PER_MS, 520 * US_PER_MS);
	bed_close(&bed);
}

static void cells_have_their_ceiling_too(void **state)
{
	struct bed bed;

	(void)state;
	bed_recliner(&bed); // calf: 50 N by region, 45 N by table; 25 N for long
	bed_ask(&bed, CALF, WIRE_DRIVE, 1000);
	bed.force[CALF].force_n = 52;
	bed_run(&bed, 200 * US_PER_MS);
	assert_reason(&bed, REASON_FORCE);
	assert_int_equal(bed_report(&bed).culprit, CALF);
	assert_true(bed_on(&bed, CALF, ROLE_VENT));
	bed_close(&bed);
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
