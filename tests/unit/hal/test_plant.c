// SPDX-License-Identifier: MIT
#include "tests/unit/hal/drive.h"

#define SEEDS 5

enum { CARRIAGE, DEPTH, KNEAD, PUMP, SHOULDER, CALF }; // actuators of the recliner

static double table_n(const struct bench *bench, int actuator, int permille)
{
	return calibration_force_n(&bench->chair.actuators[actuator].calibration, permille);
}

static void assert_between(double x, double low, double high)
{
	if (!(x >= low && x <= high))
		fail_msg("%g is not in %g ... %g", x, low, high);
}

// --- the press --------------------------------------------------------------------------------

static void force_at_stall_agrees_with_the_calibration(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct sim_options options = { .seed = seed };
		struct bench bench;

		bench_open(&bench, fixture_bench, &options);
		for (int drive = 200; drive <= 800; drive += 100) {
			double table = table_n(&bench, 0, drive);

			bench_run(&bench, 0, drive, 40000);
			assert_between(bench_force(&bench, 0), 0.94 * table, 1.06 * table);
		}
		bench_close(&bench);
	}
}

// Coming from above, friction holds a little more: two newtons at most, beside the specimen.
static void friction_makes_a_narrow_hysteresis(void **state)
{
	struct bench bench;
	double up, down;

	(void)state;
	bench_open(&bench, fixture_bench, NULL);
	bench_run(&bench, 0, 600, 40000);
	up = bench_force(&bench, 0);
	bench_run(&bench, 0, 800, 40000);
	bench_run(&bench, 0, 600, 40000);
	down = bench_force(&bench, 0);
	assert_between(down - up, 0.5, 3.0);
	bench_close(&bench);
}

static void specimens_differ(void **state)
{
	double force[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct sim_options options = { .seed = (uint64_t)i + 1 };
		struct bench bench;

		bench_open(&bench, fixture_bench, &options);
		bench_run(&bench, 0, 600, 40000);
		force[i] = bench_force(&bench, 0);
		bench_close(&bench);
	}
	assert_true(fabs(force[0] - force[1]) > 0.1);
}

// Why stop must mean release: drive taken away, some of the press stays for as long as one waits.
static void without_drive_the_press_lets_go_only_in_part(void **state)
{
	struct bench bench;
	double pressed, left;

	(void)state;
	bench_open(&bench, fixture_bench, NULL);
	bench_run(&bench, 0, 700, 20000);
	pressed = bench_force(&bench, 0);
	bench_run(&bench, 0, 0, 5000);
	left = bench_force(&bench, 0);
	assert_between(left, 10, 0.6 * pressed);
	bench_run(&bench, 0, 0, 60000);
	assert_between(bench_force(&bench, 0), 5, left);
	bench_close(&bench);
}

static void retract_releases_and_reaches_home(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, fixture_bench, NULL);
	bench_run(&bench, 0, 800, 60000); // as deep as it gets
	bench_run(&bench, 0, -500, 1000);
	assert_between(bench_force(&bench, 0), 0, 0);
	bench_run(&bench, 0, -500, 5000); // the chair's release_max_ms
	assert_true(bench_at(&bench, 0, ROLE_HOME));
	bench_close(&bench);
}

static void fixture_quick_bench(struct chair *chair)
{
	fixture_bench(chair);
	chair->actuators[0].stroke_mm = 40;
	chair->actuators[0].speed_mm_s = 80;
}

// By the formula of the chair file's proof (chair.cfg(5)): the speed is in proportion to the table's
// force, 35 N of 80 N at half drive.
static void the_way_home_takes_what_the_proof_says(void **state)
{
	static const struct {
		void (*fixture)(struct chair *chair);
		double way_home_s;
	} rows[] = {
		{ fixture_bench, 80 / (40.0 * 35 / 80) },
		{ fixture_quick_bench, 40 / (80.0 * 35 / 80) },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t ms = (int64_t)(rows[i].way_home_s * 1000);

		for (uint64_t seed = 1; seed <= SEEDS; seed++) {
			struct sim_options options = { .seed = seed, .empty_seat = true };
			struct bench bench;

			bench_open(&bench, rows[i].fixture, &options);
			bench_run(&bench, 0, 800, 5000); // as far as it gets
			bench_run(&bench, 0, -500, ms * 9 / 10);
			assert_false(bench_at(&bench, 0, ROLE_HOME));
			bench_run(&bench, 0, -500, ms * 2 / 10);
			assert_true(bench_at(&bench, 0, ROLE_HOME));
			bench_close(&bench);
		}
	}
}

// Pressed and then held in place by friction alone, the tissue gives way: its force decays.
static void tissue_relaxes_during_a_hold(void **state)
{
	struct bench bench;
	double at_first, depth_mm;

	(void)state;
	bench_open(&bench, fixture_bench, NULL);
	bench_run(&bench, 0, 300, 2500);
	bench_run(&bench, 0, 0, 100);
	at_first = bench_force(&bench, 0);
	depth_mm = sim_truth(bench.hal, 0).position_mm;
	bench_run(&bench, 0, 0, 20000);
	assert_between(bench_force(&bench, 0), 0.4 * at_first, 0.8 * at_first);
	assert_true(fabs(sim_truth(bench.hal, 0).position_mm - depth_mm) < 0.01);
	bench_close(&bench);
}

static void an_empty_seat_takes_no_force(void **state)
{
	struct sim_options options = { .empty_seat = true };
	struct bench bench;

	(void)state;
	bench_open(&bench, fixture_bench, &options);
	bench_run(&bench, 0, 500, 3000);
	assert_true(bench_force(&bench, 0) == 0);
	bench_inject(&bench, "seat=1");
	bench_run(&bench, 0, 500, 1000);
	assert_true(bench_force(&bench, 0) > 10);
	bench_inject(&bench, "seat=0");
	bench_run(&bench, 0, 500, 1000);
	assert_true(bench_force(&bench, 0) == 0);
	bench_close(&bench);
}

static void the_sensor_reads_the_force_with_noise(void **state)
{
	struct bench bench;
	struct hal_force force;
	double sum = 0, squares = 0, mean;
	int n = 400;

	(void)state;
	bench_open(&bench, fixture_recliner, NULL);
	bench_run(&bench, DEPTH, 600, 60000);
	for (int i = 0; i < n; i++) {
		double error;

		bench_run(&bench, DEPTH, 600, 25);
		assert_int_equal(hal_force(bench.hal, bench.now_us, DEPTH, &force), 0);
		assert_int_equal(force.error, 0);
		assert_between((double)(bench.now_us - force.t_us), 0, 12500);
		error = force.force_n - sim_truth(bench.hal, DEPTH).force_n;
		sum += error;
		squares += error * error;
	}
	mean = sum / n;
	assert_between(mean, -0.06, 0.06); // 4 sigma
	assert_between(sqrt(squares / n - mean * mean), 0.25, 0.35);
	assert_int_equal(hal_force(bench.hal, bench.now_us, CARRIAGE, &force), -ENODEV);
	bench_close(&bench);
}

// --- the carriage -----------------------------------------------------------------------------

static void pulses_count_the_way(void **state)
{
	struct bench bench;
	double from_mm, to_mm;

	(void)state;
	bench_open(&bench, fixture_recliner, NULL);
	while (!bench_at(&bench, CARRIAGE, ROLE_HOME))
		bench_run(&bench, CARRIAGE, -400, 20);
	bench_run(&bench, CARRIAGE, 0, 500);
	bench.pulses = 0;
	from_mm = sim_truth(bench.hal, CARRIAGE).position_mm;
	bench_run(&bench, CARRIAGE, 800, 7000);
	bench_run(&bench, CARRIAGE, 0, 500);
	to_mm = sim_truth(bench.hal, CARRIAGE).position_mm;
	assert_true(to_mm > 250);
	assert_between((double)bench.pulses, to_mm - from_mm - 1, to_mm - from_mm + 1);

	bench.pulses = 0;
	bench_run(&bench, CARRIAGE, -300, 5000);
	from_mm = sim_truth(bench.hal, CARRIAGE).position_mm;
	assert_between((double)bench.pulses, to_mm - from_mm - 1, to_mm - from_mm + 1);
	bench_close(&bench);
}

static void full_drive_gives_the_stated_speed(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, fixture_recliner, NULL);
	bench_run(&bench, CARRIAGE, 1000, 2000);
	assert_between(sim_truth(bench.hal, CARRIAGE).speed_mm_s, 59, 61);
	bench_run(&bench, CARRIAGE, 0, 200);
	assert_true(sim_truth(bench.hal, CARRIAGE).speed_mm_s == 0);
	bench_close(&bench);
}

static void travel_ends_at_switch_and_stop(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, fixture_recliner, NULL);
	bench_run(&bench, CARRIAGE, 900, 15000);
	assert_true(bench_at(&bench, CARRIAGE, ROLE_END));
	assert_false(bench_at(&bench, CARRIAGE, ROLE_HOME));
	assert_between(sim_truth(bench.hal, CARRIAGE).position_mm, 600, 605);
	bench_run(&bench, CARRIAGE, -900, 15000);
	assert_true(bench_at(&bench, CARRIAGE, ROLE_HOME));
	assert_false(bench_at(&bench, CARRIAGE, ROLE_END));
	assert_between(sim_truth(bench.hal, CARRIAGE).position_mm, -5, 0);
	bench_close(&bench);
}

static void both_directions_at_once_give_no_torque(void **state)
{
	struct bench bench;
	uint64_t all;
	double before_mm;

	(void)state;
	bench_open(&bench, fixture_recliner, NULL);
	before_mm = sim_truth(bench.hal, CARRIAGE).position_mm;
	all = bench_bit(&bench, CARRIAGE, ROLE_FORWARD) |
		bench_bit(&bench, CARRIAGE, ROLE_REVERSE) | bench_bit(&bench, CARRIAGE, ROLE_PWM);
	bench_set(&bench, all, all);
	bench_run(&bench, DEPTH, 0, 1000); // keeps the relay
	assert_true(sim_truth(bench.hal, CARRIAGE).position_mm == before_mm);
	bench_close(&bench);
}

// --- air --------------------------------------------------------------------------------------

static void air(struct bench *bench, int cell, bool fill, bool vent, int64_t ms)
{
	uint64_t run = bench_bit(bench, PUMP, ROLE_RUN);
	uint64_t fills = bench_bit(bench, cell, ROLE_FILL);
	uint64_t vents = bench_bit(bench, cell, ROLE_VENT);

	bench_set(bench, run | fills | vents, (fill ? run | fills : 0) | (vent ? vents : 0));
	bench_run(bench, DEPTH, 0, ms);
}

static void a_cell_fills_leaks_and_vents_in_its_times(void **state)
{
	struct bench bench;
	double full_n;

	(void)state;
	bench_open(&bench, fixture_recliner, NULL);
	air(&bench, SHOULDER, true, false, 2000);
	assert_between(bench_force(&bench, SHOULDER), 20, 52); // half of fill_ms
	air(&bench, SHOULDER, true, false, 2500);
	full_n = bench_force(&bench, SHOULDER);
	assert_between(full_n, 0.93 * 60, 1.06 * 60);
	air(&bench, SHOULDER, false, false, 20000);
	assert_between(bench_force(&bench, SHOULDER), full_n * exp(-20.1 / 200),
		full_n * exp(-19.9 / 200));
	air(&bench, SHOULDER, false, true, 1000);
	assert_between(bench_force(&bench, SHOULDER), 0.05 * full_n, 0.6 * full_n);
	air(&bench, SHOULDER, false, true, 1100);
	assert_between(bench_force(&bench, SHOULDER), 0, 0.01 * full_n);
	assert_true(bench_force(&bench, CALF) == 0);
	bench_close(&bench);
}

static void a_pump_without_power_fills_nothing(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, fixture_recliner, NULL);
	bench_inject(&bench, "dead:pump");
	air(&bench, CALF, true, false, 4000);
	assert_true(bench_force(&bench, CALF) == 0);
	bench_close(&bench);
}

static void without_power_open_vents_let_go_by_themselves(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, fixture_recliner, NULL);
	air(&bench, SHOULDER, true, false, 5000);
	assert_true(bench_force(&bench, SHOULDER) > 50);
	bench.no_pump = true; // the levels stay: fill on, vent off
	bench_run(&bench, DEPTH, 0, 2500);
	assert_true(bench_force(&bench, SHOULDER) < 1);
	bench_close(&bench);
}

// A vent that does not answer keeps its place, and so does the person under the cell.
static void a_dead_valve_keeps_its_place(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, fixture_recliner, NULL);
	air(&bench, SHOULDER, true, false, 5000);
	air(&bench, SHOULDER, false, false, 1000);
	bench_inject(&bench, "dead:shoulder_cells");
	air(&bench, SHOULDER, false, true, 4000);
	assert_true(bench_force(&bench, SHOULDER) > 50);
	bench_close(&bench);
}

// --- power ------------------------------------------------------------------------------------

static void motors_need_the_charge_pump(void **state)
{
	struct bench bench;
	double before_mm, fast, at_stop_mm;

	(void)state;
	bench_open(&bench, fixture_recliner, NULL);
	before_mm = sim_truth(bench.hal, CARRIAGE).position_mm;
	bench.no_pump = true;
	bench_run(&bench, CARRIAGE, 900, 1000);
	assert_true(sim_truth(bench.hal, CARRIAGE).position_mm == before_mm);
	// One edge is no square wave.
	bench_set(&bench, LINE_BIT(bench.chair.enable), LINE_BIT(bench.chair.enable));
	bench_run(&bench, CARRIAGE, 900, 1000);
	assert_true(sim_truth(bench.hal, CARRIAGE).position_mm == before_mm);

	bench.no_pump = false;
	bench_run(&bench, CARRIAGE, 900, 1000);
	fast = sim_truth(bench.hal, CARRIAGE).speed_mm_s;
	assert_true(fast > 50);
	bench.no_pump = true;
	bench_run(&bench, CARRIAGE, 900, 80);
	assert_true(sim_truth(bench.hal, CARRIAGE).speed_mm_s > 50); // the relay still holds
	bench_run(&bench, CARRIAGE, 900, 220);
	at_stop_mm = sim_truth(bench.hal, CARRIAGE).position_mm;
	bench_run(&bench, CARRIAGE, 900, 1000);
	assert_true(sim_truth(bench.hal, CARRIAGE).position_mm == at_stop_mm);
	bench_close(&bench);
}

static void the_emergency_stop_cuts_the_motors(void **state)
{
	struct bench bench;
	uint64_t levels;

	(void)state;
	bench_open(&bench, fixture_recliner, NULL);
	bench_run(&bench, CARRIAGE, 900, 1000);
	bench_inject(&bench, "estop=1");
	bench_run(&bench, CARRIAGE, 900, 300);
	assert_true(sim_truth(bench.hal, CARRIAGE).speed_mm_s == 0);
	assert_int_equal(hal_read(bench.hal, bench.now_us, &levels), 0);
	assert_false(levels & LINE_BIT(bench.chair.estop));
	bench_inject(&bench, "estop=0");
	bench_run(&bench, CARRIAGE, 900, 1000);
	assert_true(sim_truth(bench.hal, CARRIAGE).speed_mm_s > 50);
	bench_close(&bench);
}

static void knead_turns_with_its_drive(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, fixture_recliner, NULL);
	bench_run(&bench, KNEAD, 400, 2000);
	assert_between(sim_truth(bench.hal, KNEAD).speed_mm_s, 0.39, 0.41);
	bench_run(&bench, KNEAD, 0, 3000);
	assert_true(sim_truth(bench.hal, KNEAD).speed_mm_s < 0.01);
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(force_at_stall_agrees_with_the_calibration),
		cmocka_unit_test(friction_makes_a_narrow_hysteresis),
		cmocka_unit_test(specimens_differ),
		cmocka_unit_test(without_drive_the_press_lets_go_only_in_part),
		cmocka_unit_test(retract_releases_and_reaches_home),
		cmocka_unit_test(the_way_home_takes_what_the_proof_says),
		cmocka_unit_test(tissue_relaxes_during_a_hold),
		cmocka_unit_test(an_empty_seat_takes_no_force),
		cmocka_unit_test(the_sensor_reads_the_force_with_noise),
		cmocka_unit_test(pulses_count_the_way),
		cmocka_unit_test(full_drive_gives_the_stated_speed),
		cmocka_unit_test(travel_ends_at_switch_and_stop),
		cmocka_unit_test(both_directions_at_once_give_no_torque),
		cmocka_unit_test(a_cell_fills_leaks_and_vents_in_its_times),
		cmocka_unit_test(a_pump_without_power_fills_nothing),
		cmocka_unit_test(without_power_open_vents_let_go_by_themselves),
		cmocka_unit_test(a_dead_valve_keeps_its_place),
		cmocka_unit_test(motors_need_the_charge_pump),
		cmocka_unit_test(the_emergency_stop_cuts_the_motors),
		cmocka_unit_test(knead_turns_with_its_drive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
