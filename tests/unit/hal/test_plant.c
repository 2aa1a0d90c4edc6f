// SPDX-License-Identifier: MIT
#include "tests/unit/hal/sim_rig.h"

#define SEEDS 5

enum { CARRIAGE, DEPTH, KNEAD, PUMP, SHOULDER, CALF }; // actuators of the recliner

static double table_n(const struct sim_rig *rig, int actuator, int permille)
{
	return calibration_force_n(&rig->chair.actuators[actuator].calibration, permille);
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
		struct sim_rig rig;

		rig_open(&rig, fixture_bench, &options);
		for (int drive = 200; drive <= 800; drive += 100) {
			double table = table_n(&rig, 0, drive);

			rig_run(&rig, 0, drive, 40000);
			assert_between(rig_force(&rig, 0), 0.94 * table, 1.06 * table);
		}
		rig_close(&rig);
	}
}

// Coming from above, friction holds a little more: two newtons at most, beside the specimen.
static void friction_makes_a_narrow_hysteresis(void **state)
{
	struct sim_rig rig;
	double up, down;

	(void)state;
	rig_open(&rig, fixture_bench, NULL);
	rig_run(&rig, 0, 600, 40000);
	up = rig_force(&rig, 0);
	rig_run(&rig, 0, 800, 40000);
	rig_run(&rig, 0, 600, 40000);
	down = rig_force(&rig, 0);
	assert_between(down - up, 0.5, 3.0);
	rig_close(&rig);
}

static void specimens_differ(void **state)
{
	double force[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct sim_options options = { .seed = (uint64_t)i + 1 };
		struct sim_rig rig;

		rig_open(&rig, fixture_bench, &options);
		rig_run(&rig, 0, 600, 40000);
		force[i] = rig_force(&rig, 0);
		rig_close(&rig);
	}
	assert_true(fabs(force[0] - force[1]) > 0.1);
}

// The reason why stop means release: without drive a part of the force stays for good.
static void without_drive_the_press_releases_only_in_part(void **state)
{
	struct sim_rig rig;
	double pressed, left;

	(void)state;
	rig_open(&rig, fixture_bench, NULL);
	rig_run(&rig, 0, 700, 20000);
	pressed = rig_force(&rig, 0);
	rig_run(&rig, 0, 0, 5000);
	left = rig_force(&rig, 0);
	assert_between(left, 10, 0.6 * pressed);
	rig_run(&rig, 0, 0, 60000);
	assert_between(rig_force(&rig, 0), 5, left);
	rig_close(&rig);
}

static void retract_releases_and_reaches_home(void **state)
{
	struct sim_rig rig;

	(void)state;
	rig_open(&rig, fixture_bench, NULL);
	rig_run(&rig, 0, 800, 60000); // as deep as it gets
	rig_run(&rig, 0, -500, 1000);
	assert_between(rig_force(&rig, 0), 0, 0);
	rig_run(&rig, 0, -500, 5000); // the chair's release_max_ms
	assert_true(rig_at(&rig, 0, ROLE_HOME));
	rig_close(&rig);
}

static void fixture_quick_bench(struct chair *chair)
{
	fixture_bench(chair);
	chair->actuators[0].stroke_mm = 40;
	chair->actuators[0].speed_mm_s = 80;
}

// By the formula of the chair file's proof (chair.cfg(5)): the speed is in proportion to the
// table's force, 35 N of 80 N at half drive.
static void the_way_home_takes_the_time_of_the_proof(void **state)
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
			struct sim_rig rig;

			rig_open(&rig, rows[i].fixture, &options);
			rig_run(&rig, 0, 800, 5000); // as far as it gets
			rig_run(&rig, 0, -500, ms * 9 / 10);
			assert_false(rig_at(&rig, 0, ROLE_HOME));
			rig_run(&rig, 0, -500, ms * 2 / 10);
			assert_true(rig_at(&rig, 0, ROLE_HOME));
			rig_close(&rig);
		}
	}
}

// Pressed and then held in place by friction alone, the tissue gives way: its force decays.
static void tissue_relaxes_during_a_hold(void **state)
{
	struct sim_rig rig;
	double at_first, depth_mm;

	(void)state;
	rig_open(&rig, fixture_bench, NULL);
	rig_run(&rig, 0, 300, 2500);
	rig_run(&rig, 0, 0, 100);
	at_first = rig_force(&rig, 0);
	depth_mm = sim_truth(rig.hal, 0).position_mm;
	rig_run(&rig, 0, 0, 20000);
	assert_between(rig_force(&rig, 0), 0.4 * at_first, 0.8 * at_first);
	assert_true(fabs(sim_truth(rig.hal, 0).position_mm - depth_mm) < 0.01);
	rig_close(&rig);
}

static void an_empty_seat_takes_no_force(void **state)
{
	struct sim_options options = { .empty_seat = true };
	struct sim_rig rig;

	(void)state;
	rig_open(&rig, fixture_bench, &options);
	rig_run(&rig, 0, 500, 3000);
	assert_true(rig_force(&rig, 0) == 0);
	rig_inject(&rig, "seat=1");
	rig_run(&rig, 0, 500, 1000);
	assert_true(rig_force(&rig, 0) > 10);
	rig_inject(&rig, "seat=0");
	rig_run(&rig, 0, 500, 1000);
	assert_true(rig_force(&rig, 0) == 0);
	rig_close(&rig);
}

static void the_sensor_reads_the_force_with_noise(void **state)
{
	struct sim_rig rig;
	struct hal_force force;
	double sum = 0, squares = 0, mean;
	int n = 400;

	(void)state;
	rig_open(&rig, fixture_recliner, NULL);
	rig_run(&rig, DEPTH, 600, 60000);
	for (int i = 0; i < n; i++) {
		double error;

		rig_run(&rig, DEPTH, 600, 25);
		assert_int_equal(hal_force(rig.hal, rig.now_us, DEPTH, &force), 0);
		assert_int_equal(force.error, 0);
		assert_between((double)(rig.now_us - force.t_us), 0, 12500);
		error = force.force_n - sim_truth(rig.hal, DEPTH).force_n;
		sum += error;
		squares += error * error;
	}
	mean = sum / n;
	assert_between(mean, -0.06, 0.06); // 4 sigma
	assert_between(sqrt(squares / n - mean * mean), 0.25, 0.35);
	assert_int_equal(hal_force(rig.hal, rig.now_us, CARRIAGE, &force), -ENODEV);
	rig_close(&rig);
}

// --- the carriage -----------------------------------------------------------------------------

static void pulses_count_the_way(void **state)
{
	struct sim_rig rig;
	double from_mm, to_mm;

	(void)state;
	rig_open(&rig, fixture_recliner, NULL);
	while (!rig_at(&rig, CARRIAGE, ROLE_HOME))
		rig_run(&rig, CARRIAGE, -400, 20);
	rig_run(&rig, CARRIAGE, 0, 500);
	rig.pulses = 0;
	from_mm = sim_truth(rig.hal, CARRIAGE).position_mm;
	rig_run(&rig, CARRIAGE, 800, 7000);
	rig_run(&rig, CARRIAGE, 0, 500);
	to_mm = sim_truth(rig.hal, CARRIAGE).position_mm;
	assert_true(to_mm > 250);
	assert_between((double)rig.pulses, to_mm - from_mm - 1, to_mm - from_mm + 1);

	rig.pulses = 0;
	rig_run(&rig, CARRIAGE, -300, 5000);
	from_mm = sim_truth(rig.hal, CARRIAGE).position_mm;
	assert_between((double)rig.pulses, to_mm - from_mm - 1, to_mm - from_mm + 1);
	rig_close(&rig);
}

static void full_drive_gives_the_stated_speed(void **state)
{
	struct sim_rig rig;

	(void)state;
	rig_open(&rig, fixture_recliner, NULL);
	rig_run(&rig, CARRIAGE, 1000, 2000);
	assert_between(sim_truth(rig.hal, CARRIAGE).speed_mm_s, 59, 61);
	rig_run(&rig, CARRIAGE, 0, 200);
	assert_true(sim_truth(rig.hal, CARRIAGE).speed_mm_s == 0);
	rig_close(&rig);
}

static void travel_ends_at_switch_and_stop(void **state)
{
	struct sim_rig rig;

	(void)state;
	rig_open(&rig, fixture_recliner, NULL);
	rig_run(&rig, CARRIAGE, 900, 15000);
	assert_true(rig_at(&rig, CARRIAGE, ROLE_END));
	assert_false(rig_at(&rig, CARRIAGE, ROLE_HOME));
	assert_between(sim_truth(rig.hal, CARRIAGE).position_mm, 600, 605);
	rig_run(&rig, CARRIAGE, -900, 15000);
	assert_true(rig_at(&rig, CARRIAGE, ROLE_HOME));
	assert_false(rig_at(&rig, CARRIAGE, ROLE_END));
	assert_between(sim_truth(rig.hal, CARRIAGE).position_mm, -5, 0);
	rig_close(&rig);
}

static void both_directions_at_once_give_no_torque(void **state)
{
	struct sim_rig rig;
	uint64_t all;
	double before_mm;

	(void)state;
	rig_open(&rig, fixture_recliner, NULL);
	before_mm = sim_truth(rig.hal, CARRIAGE).position_mm;
	all = rig_bit(&rig, CARRIAGE, ROLE_FORWARD) | rig_bit(&rig, CARRIAGE, ROLE_REVERSE) |
		rig_bit(&rig, CARRIAGE, ROLE_PWM);
	rig_set(&rig, all, all);
	rig_run(&rig, DEPTH, 0, 1000); // keeps the relay
	assert_true(sim_truth(rig.hal, CARRIAGE).position_mm == before_mm);
	rig_close(&rig);
}

// --- air --------------------------------------------------------------------------------------

static void air(struct sim_rig *rig, int cell, bool fill, bool vent, int64_t ms)
{
	uint64_t run = rig_bit(rig, PUMP, ROLE_RUN);
	uint64_t fills = rig_bit(rig, cell, ROLE_FILL);
	uint64_t vents = rig_bit(rig, cell, ROLE_VENT);

	rig_set(rig, run | fills | vents, (fill ? run | fills : 0) | (vent ? vents : 0));
	rig_run(rig, DEPTH, 0, ms);
}

static void a_cell_fills_leaks_and_vents_in_its_times(void **state)
{
	struct sim_rig rig;
	double full_n;

	(void)state;
	rig_open(&rig, fixture_recliner, NULL);
	air(&rig, SHOULDER, true, false, 2000);
	assert_between(rig_force(&rig, SHOULDER), 20, 52); // half of fill_ms
	air(&rig, SHOULDER, true, false, 2500);
	full_n = rig_force(&rig, SHOULDER);
	assert_between(full_n, 0.93 * 60, 1.06 * 60);
	air(&rig, SHOULDER, false, false, 20000);
	assert_between(rig_force(&rig, SHOULDER), full_n * exp(-20.1 / 200),
		full_n * exp(-19.9 / 200));
	air(&rig, SHOULDER, false, true, 1000);
	assert_between(rig_force(&rig, SHOULDER), 0.05 * full_n, 0.6 * full_n);
	air(&rig, SHOULDER, false, true, 1100);
	assert_between(rig_force(&rig, SHOULDER), 0, 0.01 * full_n);
	assert_true(rig_force(&rig, CALF) == 0);
	rig_close(&rig);
}

static void a_pump_without_power_fills_nothing(void **state)
{
	struct sim_rig rig;

	(void)state;
	rig_open(&rig, fixture_recliner, NULL);
	rig_inject(&rig, "dead:pump");
	air(&rig, CALF, true, false, 4000);
	assert_true(rig_force(&rig, CALF) == 0);
	rig_close(&rig);
}

static void without_power_open_vents_release_by_themselves(void **state)
{
	struct sim_rig rig;

	(void)state;
	rig_open(&rig, fixture_recliner, NULL);
	air(&rig, SHOULDER, true, false, 5000);
	assert_true(rig_force(&rig, SHOULDER) > 50);
	rig.no_pump = true; // the levels stay: fill on, vent off
	rig_run(&rig, DEPTH, 0, 2500);
	assert_true(rig_force(&rig, SHOULDER) < 1);
	rig_close(&rig);
}

// A dead vent keeps its place, so the cell keeps its force.
static void a_dead_valve_keeps_its_place(void **state)
{
	struct sim_rig rig;

	(void)state;
	rig_open(&rig, fixture_recliner, NULL);
	air(&rig, SHOULDER, true, false, 5000);
	air(&rig, SHOULDER, false, false, 1000);
	rig_inject(&rig, "dead:shoulder_cells");
	air(&rig, SHOULDER, false, true, 4000);
	assert_true(rig_force(&rig, SHOULDER) > 50);
	rig_close(&rig);
}

// The recliner's cells, each with one 3/2 valve in the place of its two.
static void one_valve_cells(struct chair *chair)
{
	fixture_recliner(chair);
	for (int i = SHOULDER; i <= CALF; i++) {
		int8_t *line = chair->actuators[i].line;

		line[ROLE_VALVE] = line[ROLE_FILL];
		line[ROLE_FILL] = line[ROLE_VENT] = -1;
		chair->lines[line[ROLE_VALVE]].role = ROLE_VALVE;
		chair->actuators[i].leak_ms = 0;
	}
}

// The pump has filled the shoulder's cell; then the calf's is connected, too, for 300 ms.
static double calf_beside_shoulder(bool pump, double *ret_lost)
{
	struct sim_rig rig;
	double shoulder, calf;
	uint64_t run;

	rig_open(&rig, one_valve_cells, NULL);
	run = rig_bit(&rig, PUMP, ROLE_RUN);
	rig_set(&rig, run | rig_bit(&rig, SHOULDER, ROLE_VALVE), ~UINT64_C(0));
	rig_run(&rig, DEPTH, 0, 8000);
	rig_set(&rig, run, pump ? run : 0);
	rig_run(&rig, DEPTH, 0, 5000); // its hose loses its pressure
	shoulder = sim_truth(rig.hal, SHOULDER).position_mm;
	rig_set(&rig, rig_bit(&rig, CALF, ROLE_VALVE), ~UINT64_C(0));
	rig_run(&rig, DEPTH, 0, 300);
	calf = sim_truth(rig.hal, CALF).position_mm;
	*ret_lost = shoulder - sim_truth(rig.hal, SHOULDER).position_mm;
	rig_close(&rig);
	return calf;
}

// One valve lets in the air of one hose, so a pump and a fuller cell fill it no faster than either.
static void a_cell_with_one_valve_fills_from_the_pump_or_another_cell(void **state)
{
	double of_pump, of_cell, lost;

	(void)state;
	of_pump = calf_beside_shoulder(true, &lost);
	assert_between(lost, -1, 1);
	of_cell = calf_beside_shoulder(false, &lost);
	assert_between(of_cell, 100, 1.05 * of_pump);
	assert_between(lost, 0.99 * of_cell, 1.01 * of_cell);
	// 1 - (1 - 0.3 / 4) ^ 2, give or take the specimen
	assert_between(of_pump, 135, 155);
}

// --- power ------------------------------------------------------------------------------------

static void motors_need_the_charge_pump(void **state)
{
	struct sim_rig rig;
	double before_mm, fast, at_stop_mm;

	(void)state;
	rig_open(&rig, fixture_recliner, NULL);
	before_mm = sim_truth(rig.hal, CARRIAGE).position_mm;
	rig.no_pump = true;
	rig_run(&rig, CARRIAGE, 900, 1000);
	assert_true(sim_truth(rig.hal, CARRIAGE).position_mm == before_mm);
	// One edge is no square wave.
	rig_set(&rig, LINE_BIT(rig.chair.enable), LINE_BIT(rig.chair.enable));
	rig_run(&rig, CARRIAGE, 900, 1000);
	assert_true(sim_truth(rig.hal, CARRIAGE).position_mm == before_mm);

	rig.no_pump = false;
	rig_run(&rig, CARRIAGE, 900, 1000);
	fast = sim_truth(rig.hal, CARRIAGE).speed_mm_s;
	assert_true(fast > 50);
	rig.no_pump = true;
	rig_run(&rig, CARRIAGE, 900, 80);
	assert_true(sim_truth(rig.hal, CARRIAGE).speed_mm_s > 50); // the relay still holds
	rig_run(&rig, CARRIAGE, 900, 220);
	at_stop_mm = sim_truth(rig.hal, CARRIAGE).position_mm;
	rig_run(&rig, CARRIAGE, 900, 1000);
	assert_true(sim_truth(rig.hal, CARRIAGE).position_mm == at_stop_mm);
	rig_close(&rig);
}

static void the_emergency_stop_cuts_the_motors(void **state)
{
	struct sim_rig rig;
	uint64_t levels;

	(void)state;
	rig_open(&rig, fixture_recliner, NULL);
	rig_run(&rig, CARRIAGE, 900, 1000);
	rig_inject(&rig, "estop=1");
	rig_run(&rig, CARRIAGE, 900, 300);
	assert_true(sim_truth(rig.hal, CARRIAGE).speed_mm_s == 0);
	assert_int_equal(hal_read(rig.hal, rig.now_us, &levels), 0);
	assert_false(levels & LINE_BIT(rig.chair.estop));
	rig_inject(&rig, "estop=0");
	rig_run(&rig, CARRIAGE, 900, 1000);
	assert_true(sim_truth(rig.hal, CARRIAGE).speed_mm_s > 50);
	rig_close(&rig);
}

static void knead_turns_with_its_drive(void **state)
{
	struct sim_rig rig;

	(void)state;
	rig_open(&rig, fixture_recliner, NULL);
	rig_run(&rig, KNEAD, 400, 2000);
	assert_between(sim_truth(rig.hal, KNEAD).speed_mm_s, 0.39, 0.41);
	rig_run(&rig, KNEAD, 0, 3000);
	assert_true(sim_truth(rig.hal, KNEAD).speed_mm_s < 0.01);
	rig_close(&rig);
}

static void fixture_relay(struct chair *chair)
{
	fixture_recliner(chair);
	chair->actuators[KNEAD].line[ROLE_RUN] = chair->actuators[KNEAD].line[ROLE_PWM];
	chair->actuators[KNEAD].line[ROLE_PWM] = -1;
	chair->lines[chair->actuators[KNEAD].line[ROLE_RUN]].role = ROLE_RUN;
}

static void knead_turns_by_its_relay(void **state)
{
	struct sim_rig rig;
	uint64_t run;

	(void)state;
	rig_open(&rig, fixture_relay, NULL);
	run = rig_bit(&rig, KNEAD, ROLE_RUN);
	rig_run(&rig, CARRIAGE, 0, 1000);
	assert_true(sim_truth(rig.hal, KNEAD).speed_mm_s < 0.01);
	rig_set(&rig, run, run);
	rig_run(&rig, CARRIAGE, 0, 2000);
	assert_between(sim_truth(rig.hal, KNEAD).speed_mm_s, 0.99, 1.01);
	rig_close(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(force_at_stall_agrees_with_the_calibration),
		cmocka_unit_test(friction_makes_a_narrow_hysteresis),
		cmocka_unit_test(specimens_differ),
		cmocka_unit_test(without_drive_the_press_releases_only_in_part),
		cmocka_unit_test(retract_releases_and_reaches_home),
		cmocka_unit_test(the_way_home_takes_the_time_of_the_proof),
		cmocka_unit_test(tissue_relaxes_during_a_hold),
		cmocka_unit_test(an_empty_seat_takes_no_force),
		cmocka_unit_test(the_sensor_reads_the_force_with_noise),
		cmocka_unit_test(pulses_count_the_way),
		cmocka_unit_test(full_drive_gives_the_stated_speed),
		cmocka_unit_test(travel_ends_at_switch_and_stop),
		cmocka_unit_test(both_directions_at_once_give_no_torque),
		cmocka_unit_test(a_cell_fills_leaks_and_vents_in_its_times),
		cmocka_unit_test(a_pump_without_power_fills_nothing),
		cmocka_unit_test(without_power_open_vents_release_by_themselves),
		cmocka_unit_test(a_dead_valve_keeps_its_place),
		cmocka_unit_test(a_cell_with_one_valve_fills_from_the_pump_or_another_cell),
		cmocka_unit_test(motors_need_the_charge_pump),
		cmocka_unit_test(the_emergency_stop_cuts_the_motors),
		cmocka_unit_test(knead_turns_with_its_drive),
		cmocka_unit_test(knead_turns_by_its_relay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
