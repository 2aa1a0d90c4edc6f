// SPDX-License-Identifier: MIT
//
// The ledger of a day, the meter that fills it, and what is left of a day.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../fixture.h"
#include "core/allowance.h"
#include "core/dose_meter.h"

enum { CARRIAGE, DEPTH, KNEAD, PUMP, SHOULDER_CELLS, CALF_CELLS };
enum { LOW_LEFT, LOW_RIGHT, CALF, UP_LEFT, POINTS };

static struct point points[POINTS] = {
	[LOW_LEFT] = { .name = "a.low.left",
		.muscle = "a",
		.side = SIDE_LEFT,
		.region = REGION_LOWER_BACK,
		.along = 0.8,
		.lateral_mm = 40 },
	[LOW_RIGHT] = { .name = "a.low.right",
		.muscle = "a",
		.side = SIDE_RIGHT,
		.region = REGION_LOWER_BACK,
		.along = 0.8,
		.lateral_mm = 40 },
	[CALF] = { .name = "calf.left",
		.muscle = "calf",
		.side = SIDE_LEFT,
		.region = REGION_CALF,
		.along = 0.5,
		.lateral_mm = 10 },
	[UP_LEFT] = { .name = "a.up.left",
		.muscle = "a",
		.side = SIDE_LEFT,
		.region = REGION_LOWER_BACK,
		.along = 0.7,
		.lateral_mm = 40 },
};
static const struct atlas atlas = { .points = points, .n_points = POINTS };

struct fixture {
	struct chair chair;
	struct ledger ledger;
	struct dose_meter meter;
	struct wire_report report;
	struct segment segment;
	struct dose doses[POINTS];
	const char *person;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	fixture_recliner(&f->chair);
	ledger_init(&f->ledger, "2026-11-26");
	dose_meter_init(&f->meter);
	f->segment = (struct segment){ .actuator = DEPTH, .points = { LOW_LEFT, LOW_RIGHT } };
	f->person = "";
	for (int i = 0; i < CHAIR_ACTUATORS_MAX; i++)
		f->report.actuator[i].flags = ACTUATOR_RELEASED | ACTUATOR_HOMED;
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	free(*state);
	return 0;
}

static void add(struct ledger *ledger, const char *person, int point, double s, double n_s)
{
	ledger_add(ledger, person, &points[point], (struct ledger_dose){ s, n_s });
}

static void assert_dose(struct ledger_dose dose, double s, double n_s)
{
	if (fabs(dose.pressed_s - s) > 1e-6 || fabs(dose.impulse_n_s - n_s) > 1e-6)
		fail_msg("%g s, %g N s; not %g s, %g N s", dose.pressed_s, dose.impulse_n_s, s,
			n_s);
}

// --- the ledger -------------------------------------------------------------------------------

static void each_person_has_doses_of_points_and_muscles(void **state)
{
	struct fixture *f = *state;

	add(&f->ledger, "", LOW_LEFT, 10, 100);
	add(&f->ledger, "", LOW_LEFT, 5, 50);
	add(&f->ledger, "", LOW_RIGHT, 3, 30);
	add(&f->ledger, "", UP_LEFT, 2, 20);
	add(&f->ledger, "anna", UP_LEFT, 7, 0);
	assert_int_equal(f->ledger.n, 4);
	assert_dose(ledger_point(&f->ledger, "", "a.low.left"), 15, 150);
	assert_dose(ledger_point(&f->ledger, "anna", "a.low.left"), 0, 0);
	assert_dose(ledger_muscle(&f->ledger, "", "a", SIDE_LEFT), 17, 170);
	assert_dose(ledger_muscle(&f->ledger, "", "a", SIDE_RIGHT), 3, 30);
	assert_dose(ledger_muscle(&f->ledger, "anna", "a", SIDE_LEFT), 7, 0);
	assert_dose(ledger_muscle(&f->ledger, "", "calf", SIDE_LEFT), 0, 0);
}

static void a_new_day_begins_empty(void **state)
{
	struct fixture *f = *state;

	add(&f->ledger, "", LOW_LEFT, 10, 100);
	f->ledger.complete = false;
	ledger_begin_session(&f->ledger);
	ledger_turn(&f->ledger, "2026-11-27");
	assert_string_equal(f->ledger.day, "2026-11-27");
	assert_int_equal(f->ledger.n, 0);
	assert_true(f->ledger.complete);
}

// ... but for a session over midnight, which counts on both days.
static void a_session_over_midnight_counts_on_both_days(void **state)
{
	struct fixture *f = *state;

	add(&f->ledger, "", LOW_LEFT, 100, 1000); // an earlier session
	add(&f->ledger, "", UP_LEFT, 100, 1000);
	ledger_begin_session(&f->ledger);
	add(&f->ledger, "", LOW_LEFT, 10, 100);
	assert_dose(ledger_point(&f->ledger, "", "a.low.left"), 110, 1100);
	ledger_turn(&f->ledger, "2026-11-27");
	add(&f->ledger, "", LOW_LEFT, 5, 50);
	assert_dose(ledger_point(&f->ledger, "", "a.low.left"), 15, 150);
	assert_dose(ledger_point(&f->ledger, "", "a.up.left"), 0, 0);
	assert_int_equal(f->ledger.n, 1);
}

// The other's doses are of this day, and of no session of it.
static void merged_ledgers_add_up(void **state)
{
	static struct ledger other;
	struct fixture *f = *state;

	ledger_init(&other, "2026-11-26");
	add(&other, "", LOW_LEFT, 10, 100);
	add(&other, "anna", UP_LEFT, 7, 0);
	add(&f->ledger, "", LOW_LEFT, 5, 50);
	ledger_merge(&f->ledger, &other);
	assert_dose(ledger_point(&f->ledger, "", "a.low.left"), 15, 150);
	assert_dose(ledger_point(&f->ledger, "anna", "a.up.left"), 7, 0);
	assert_true(f->ledger.complete);
	ledger_turn(&f->ledger, "2026-11-27");
	assert_dose(ledger_point(&f->ledger, "", "a.low.left"), 5, 50);
	other.complete = false;
	ledger_merge(&f->ledger, &other);
	assert_false(f->ledger.complete);
}

static void a_full_ledger_is_not_complete(void **state)
{
	struct fixture *f = *state;
	struct point point = { .muscle = "m", .side = SIDE_LEFT };

	for (int i = 0; i < LEDGER_ROWS_MAX; i++) {
		snprintf(point.name, sizeof(point.name), "point.%d", i);
		ledger_add(&f->ledger, "", &point, (struct ledger_dose){ 1, 1 });
	}
	assert_true(f->ledger.complete);
	add(&f->ledger, "", LOW_LEFT, 1, 1);
	assert_false(f->ledger.complete);
	assert_int_equal(f->ledger.n, LEDGER_ROWS_MAX);
	ledger_add(&f->ledger, "", &point, (struct ledger_dose){ 1, 1 }); // it has its row
	assert_dose(ledger_point(&f->ledger, "", point.name), 2, 2);
}

// --- the meter --------------------------------------------------------------------------------

static void count(void *data, const struct point *point, struct ledger_dose dose)
{
	struct fixture *f = data;

	ledger_add(&f->ledger, f->person, point, dose);
}

// A report after some seconds.
static void report(struct fixture *f, double seconds, bool in_segment)
{
	f->report.now_us += (int64_t)(seconds * US_PER_S);
	dose_meter_report(&f->meter,
		&(struct dose_meter_input){ .chair = &f->chair,
			.atlas = &atlas,
			.report = &f->report,
			.segment = in_segment ? &f->segment : NULL,
			.pressed = count,
			.data = f });
}

static void press(struct fixture *f, int actuator, int drive_permille, double force_n)
{
	f->report.actuator[actuator].drive_permille = drive_permille;
	f->report.actuator[actuator].flags = ACTUATOR_HOMED;
	if (isnan(force_n))
		return;
	f->report.actuator[actuator].flags |= ACTUATOR_FORCE_VALID;
	f->report.actuator[actuator].force_mn = (int32_t)(force_n * 1000);
}

static void release(struct fixture *f, int actuator)
{
	f->report.actuator[actuator].drive_permille = 0;
	f->report.actuator[actuator].flags = ACTUATOR_HOMED | ACTUATOR_RELEASED;
}

static void assert_point(const struct fixture *f, int point, double s, double n_s)
{
	assert_dose(ledger_point(&f->ledger, "", points[point].name), s, n_s);
}

// Both points that are pressed at once get all of it; the sensor reads more than the table.
static void a_hold_counts_what_the_sensor_feels(void **state)
{
	struct fixture *f = *state;

	report(f, 100, true);
	press(f, DEPTH, 400, 30); // 26 N by the table
	report(f, 5, true);
	assert_true(dose_meter_presses(&f->meter));
	report(f, 10, true);
	release(f, DEPTH);
	report(f, 2, true);
	assert_false(dose_meter_presses(&f->meter));
	report(f, 50, true);
	assert_point(f, LOW_LEFT, 12, 12 * 30);
	assert_point(f, LOW_RIGHT, 12, 12 * 30);
	assert_point(f, UP_LEFT, 0, 0);
}

// A sensor that reads less than the drive by more than its margin is not believed.
static void a_low_sensor_does_not_hide_force(void **state)
{
	struct fixture *f = *state;

	press(f, DEPTH, 600, 0); // 44 N by the table, margin 7
	report(f, 5, true);
	report(f, 10, true);
	assert_point(f, LOW_LEFT, 10, 10 * 37);
}

// Without a sensor the force of the last push stays until it is released.
static void without_a_sensor_the_last_push_stays(void **state)
{
	struct fixture *f = *state;

	press(f, DEPTH, 600, NAN);
	report(f, 5, true);
	report(f, 10, true);
	press(f, DEPTH, 400, NAN); // 26 N: the greater of both ends of the time counts
	report(f, 1, true);
	press(f, DEPTH, -500, NAN);
	report(f, 2, true);
	release(f, DEPTH);
	report(f, 1, true);
	assert_point(f, LOW_LEFT, 14, 11 * 44 + 3 * 26);
}

// A force that is not known counts in seconds.
static void an_uncalibrated_press_counts_its_time(void **state)
{
	struct fixture *f = *state;

	f->chair.actuators[DEPTH].calibration.n = 0;
	press(f, DEPTH, 600, NAN);
	report(f, 5, true);
	report(f, 10, true);
	assert_point(f, LOW_LEFT, 10, 0);
	press(f, DEPTH, 600, 20); // the sensor alone
	report(f, 1, true);
	report(f, 10, true);
	assert_point(f, LOW_LEFT, 21, 11 * 20);
}

// The session was aborted: the release still counts for its points.
static void the_release_after_an_abort_counts(void **state)
{
	struct fixture *f = *state;

	press(f, DEPTH, 400, 30);
	report(f, 5, true);
	f->segment.points[0] = UP_LEFT; // of another segment, which is not played any more
	press(f, DEPTH, -500, 20);
	report(f, 3, false);
	release(f, DEPTH);
	report(f, 1, false);
	assert_point(f, LOW_LEFT, 4, 3 * 30 + 20);
	assert_point(f, UP_LEFT, 0, 0);
}

// A jog counts for the points under the roller: 0.8 along is at 464 mm, 0.7 at 421 mm.
static void a_jog_counts_for_the_points_under_it(void **state)
{
	struct fixture *f = *state;

	f->report.actuator[CARRIAGE].position_um = 470000;
	press(f, DEPTH, 400, 26);
	report(f, 5, false);
	report(f, 10, false);
	assert_point(f, LOW_LEFT, 10, 260);
	assert_point(f, LOW_RIGHT, 10, 260);
	assert_point(f, UP_LEFT, 0, 0);
	f->report.actuator[CARRIAGE].flags = 0; // it may be anywhere
	report(f, 10, false);
	assert_point(f, UP_LEFT, 10, 260);
	press(f, CALF_CELLS, 500, NAN);
	report(f, 1, false);
	report(f, 2, false);
	assert_point(f, CALF, 2, 2 * 22.5);
}

static void other_motors_do_not_press(void **state)
{
	struct fixture *f = *state;

	f->segment.actuator = KNEAD;
	f->report.actuator[KNEAD] = (struct wire_actuator_state){ .drive_permille = 300 };
	f->report.actuator[CARRIAGE] = (struct wire_actuator_state){ .drive_permille = 300 };
	report(f, 5, true);
	report(f, 5, true);
	assert_int_equal(f->ledger.n, 0);
	assert_false(dose_meter_presses(&f->meter));
}

// At its start a guard has no press proven released: nothing presses for that.
static void what_was_never_pushed_does_not_count(void **state)
{
	struct fixture *f = *state;

	press(f, DEPTH, 0, 0.4);
	report(f, 5, false);
	report(f, 3600, false);
	assert_int_equal(f->ledger.n, 0);
	press(f, DEPTH, 0, 8); // but what is felt does
	report(f, 5, false);
	report(f, 5, false);
	assert_point(f, LOW_LEFT, 0, 0); // at 0 mm there is no point
	f->report.actuator[CARRIAGE].position_um = 464000;
	report(f, 5, false);
	assert_point(f, LOW_LEFT, 5, 40);
}

// No press lasts longer than it may, however long the guard was away; a clock that began anew
// counts nothing.
static void a_gap_counts_as_the_longest_press(void **state)
{
	struct fixture *f = *state;

	press(f, DEPTH, 400, 26);
	report(f, 5, true);
	release(f, DEPTH);
	report(f, 7200, true);
	assert_point(f, LOW_LEFT, PRESS_HARD_MAX_S, PRESS_HARD_MAX_S * 26);
	press(f, DEPTH, 400, 26);
	report(f, 5, true);
	report(f, -5000, true);
	assert_point(f, LOW_LEFT, PRESS_HARD_MAX_S, PRESS_HARD_MAX_S * 26);
}

// --- what is left of a day --------------------------------------------------------------------

static const struct dose_limits limits = {
	.point_s = 100, .point_n_s = 4000, .muscle_s = 150, .muscle_n_s = 5000
};

static bool check(struct fixture *f, const char *person, struct dose_excess *excess)
{
	return allowance_check(&limits, &f->ledger, person, &atlas, f->doses, excess);
}

static void up_to_its_limit_a_point_may_be_pressed(void **state)
{
	struct fixture *f = *state;
	struct dose_excess excess;

	f->doses[LOW_LEFT] = (struct dose){ .pressed_s = 40, .impulse_n_s = 400, .presses = 1 };
	add(&f->ledger, "", LOW_LEFT, 60, 600);
	assert_true(check(f, "", &excess));
	add(&f->ledger, "", LOW_LEFT, 0.5, 0);
	assert_false(check(f, "", &excess));
	assert_string_equal(excess.name, "a.low.left");
	assert_false(excess.newtons);
	assert_true(excess.today == 60.5 && excess.planned == 40 && excess.limit == 100);
	assert_true(check(f, "anna", &excess)); // somebody else
}

static void force_is_limited_too(void **state)
{
	struct fixture *f = *state;
	struct dose_excess excess;

	f->doses[LOW_LEFT] = (struct dose){ .pressed_s = 40, .impulse_n_s = 1600, .presses = 1 };
	add(&f->ledger, "", LOW_LEFT, 50, 2500);
	assert_false(check(f, "", &excess));
	assert_true(excess.newtons && excess.limit == 4000);
	f->doses[LOW_LEFT].impulse_n_s = NAN; // not known: its time is limited
	assert_true(check(f, "", &excess));
}

static void a_muscle_has_the_doses_of_its_points(void **state)
{
	struct fixture *f = *state;
	struct dose_excess excess;

	f->doses[LOW_LEFT] = (struct dose){ .pressed_s = 40, .impulse_n_s = 400, .presses = 1 };
	f->doses[UP_LEFT] = f->doses[LOW_LEFT];
	f->doses[LOW_RIGHT] = f->doses[LOW_LEFT];
	assert_true(check(f, "", &excess));
	add(&f->ledger, "", UP_LEFT, 60, 0);
	add(&f->ledger, "", LOW_LEFT, 20, 0);
	assert_false(check(f, "", &excess)); // 80 s and twice 40 s
	assert_string_equal(excess.name, "a, left");
	assert_true(excess.today == 80 && excess.planned == 80 && excess.limit == 150);
}

static void without_limits_all_is_allowed(void **state)
{
	struct fixture *f = *state;
	const struct dose_limits off = { .limiting = DOSE_UNLIMITED };
	struct dose_excess excess;

	f->doses[LOW_LEFT] = (struct dose){ .pressed_s = 4000, .impulse_n_s = 1e6, .presses = 1 };
	assert_true(allowance_check(&off, &f->ledger, "", &atlas, f->doses, &excess));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_person_has_doses_of_points_and_muscles),
		TEST(a_new_day_begins_empty),
		TEST(a_session_over_midnight_counts_on_both_days),
		TEST(merged_ledgers_add_up),
		TEST(a_full_ledger_is_not_complete),
		TEST(a_hold_counts_what_the_sensor_feels),
		TEST(a_low_sensor_does_not_hide_force),
		TEST(without_a_sensor_the_last_push_stays),
		TEST(an_uncalibrated_press_counts_its_time),
		TEST(the_release_after_an_abort_counts),
		TEST(a_jog_counts_for_the_points_under_it),
		TEST(other_motors_do_not_press),
		TEST(what_was_never_pushed_does_not_count),
		TEST(a_gap_counts_as_the_longest_press),
		TEST(up_to_its_limit_a_point_may_be_pressed),
		TEST(force_is_limited_too),
		TEST(a_muscle_has_the_doses_of_its_points),
		TEST(without_limits_all_is_allowed),
	};

	return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
