// SPDX-License-Identifier: MIT
//
// The checker of traces must be able to fail: every rule is broken by a trace written by hand.
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "checker/person_check.h"
#include "checker/trace_check.h"

#define MS          1000
#define CHANGES_MAX 20000

static const char header[] =
	"# line OUT press forward safe 0\n# line BACK press reverse safe 0\n"
	"# line SPEED press pwm safe 0\n# line KNEAD knead pwm safe 0\n# line PUMP pump run safe "
	"0\n"
	"# line FILL cell fill safe 0\n# line VENT cell vent safe 0\n# line ENABLE - enable safe "
	"0\n"
	"0 OUT 0\n0 BACK 0\n0 SPEED 0\n0 KNEAD 0\n0 PUMP 0\n0 FILL 0\n0 VENT 0\n0 ENABLE 0\n";

struct change {
	int64_t t_us;
	const char *line;
	int level, order;
	bool is_drive;
};

// A trace being written, in any order.
struct script {
	struct trace_chair chair;
	struct change changes[CHANGES_MAX];
	size_t n;
	struct trace_report report;
};

static void put(struct script *script, int64_t t_ms, const char *line, int level)
{
	assert_true(script->n < CHANGES_MAX);
	script->changes[script->n] = (struct change){ t_ms * MS, line, level, (int)script->n,
		false };
	script->n++;
}

static void on(struct script *script, const char *line, int64_t from_ms, int64_t to_ms)
{
	put(script, from_ms, line, 1);
	put(script, to_ms, line, 0);
}

// 100 Hz, as in chairs/tiny.cfg.
static void pwm(struct script *script, const char *line, int64_t from_ms, int64_t to_ms,
	int percent)
{
	for (int64_t t = from_ms; t < to_ms; t += 10)
		on(script, line, t, t + percent / 10);
}

// A channel of kernel PWM.
static void drive(struct script *script, const char *line, int64_t from_ms, int64_t to_ms,
	int permille)
{
	put(script, from_ms, line, permille);
	script->changes[script->n - 1].is_drive = true;
	on(script, line, from_ms, to_ms);
}

static void enable(struct script *script, int64_t from_ms, int64_t to_ms)
{
	for (int64_t t = from_ms; t < to_ms; t += 10)
		put(script, t, "ENABLE", (t / 10 + 1) % 2);
	put(script, to_ms, "ENABLE", 0);
}

static int by_time(const void *a, const void *b)
{
	const struct change *p = a, *q = b;

	return p->t_us != q->t_us ? (p->t_us > q->t_us) - (p->t_us < q->t_us) : p->order - q->order;
}

static void check(struct script *script, int64_t end_ms)
{
	FILE *trace = tmpfile();

	assert_non_null(trace);
	qsort(script->changes, script->n, sizeof(script->changes[0]), by_time);
	fputs(header, trace);
	for (size_t i = 0; i < script->n; i++)
		fprintf(trace, "%s%" PRId64 " %s %d\n",
			script->changes[i].is_drive                             ? "# drive "
				: strstr("STOP PAUSE", script->changes[i].line) ? "# input "
										: "",
			script->changes[i].t_us, script->changes[i].line, script->changes[i].level);
	rewind(trace);
	assert_int_equal(trace_check(&script->chair, trace, TRACE_TOLERANCE_US, end_ms * MS,
				 &script->report),
		0);
	fclose(trace);
}

static void assert_finds(struct script *script, enum trace_rule rule)
{
	check(script, 0);
	trace_report_print(&script->report, stdout);
	assert_int_not_equal(script->report.n, 0);
	assert_int_equal(script->report.list[0].rule, rule);
}

static void assert_clean(struct script *script)
{
	check(script, 0);
	trace_report_print(&script->report, stdout);
	assert_int_equal(script->report.n, 0);
}

static int setup(void **state)
{
	struct script *script = calloc(1, sizeof(*script));

	*state = script;
	return script ? trace_chair_load("tests/scenario/chairs/tiny.cfg", &script->chair) : -1;
}

static int teardown(void **state)
{
	free(*state);
	return 0;
}

static void make_channel(struct script *script, const char *name)
{
	for (size_t i = 0; i < script->chair.n_lines; i++) {
		if (!strcmp(script->chair.lines[i].name, name)) {
			script->chair.lines[i].channel = true;
			script->chair.lines[i].pulsed = false;
		}
	}
}

static void reads_the_chair(void **state)
{
	struct script *script = *state;
	const struct trace_chair *chair = &script->chair;

	assert_int_equal(chair->n_lines, 8);
	assert_int_equal(chair->n_actuators, 4);
	assert_int_equal(chair->n_groups, 1);
	assert_int_equal(chair->actuators[0].dead_time_us, 100 * MS);
	assert_int_equal(chair->lines[chair->actuators[3].line[TRACE_VENT]].safe_level, 0);
	assert_int_equal(chair->tick_us, 10 * MS);
}

static void a_good_session_is_clean(void **state)
{
	struct script *script = *state;

	enable(script, 1000, 9000);
	on(script, "OUT", 1000, 4000);
	pwm(script, "SPEED", 1000, 4000, 50);
	on(script, "BACK", 4100, 5000);
	pwm(script, "SPEED", 4100, 5000, 30);
	on(script, "VENT", 5000, 8000); // shut: it vents without power
	on(script, "PUMP", 5000, 6000);
	on(script, "FILL", 5000, 6000);
	pwm(script, "KNEAD", 6000, 7000, 60);
	assert_clean(script);
}

static void finds_a_line_on_too_long(void **state)
{
	struct script *script = *state;

	enable(script, 0, 12000);
	on(script, "PUMP", 1000, 11400);
	assert_finds(script, TRACE_RULE_ON_TIME);
}

static void finds_pwm_on_too_long(void **state)
{
	struct script *script = *state;

	enable(script, 0, 12000);
	pwm(script, "KNEAD", 1000, 11400, 10);
	assert_finds(script, TRACE_RULE_ON_TIME);
}

static void a_break_in_pwm_ends_the_time(void **state)
{
	struct script *script = *state;

	enable(script, 0, 12000);
	pwm(script, "KNEAD", 1000, 6000, 10);
	pwm(script, "KNEAD", 6100, 11400, 10);
	assert_clean(script);
}

static void finds_both_directions(void **state)
{
	struct script *script = *state;

	enable(script, 0, 2000);
	on(script, "OUT", 1000, 1500);
	on(script, "BACK", 1499, 1600);
	assert_finds(script, TRACE_RULE_OPPOSED);
}

static void finds_fill_and_vent(void **state)
{
	struct script *script = *state;

	enable(script, 0, 2000);
	on(script, "FILL", 1000, 1500); // VENT at 0 is open
	assert_finds(script, TRACE_RULE_OPPOSED);
}

static void finds_a_quick_reversal(void **state)
{
	struct script *script = *state;

	enable(script, 0, 2000);
	on(script, "OUT", 1000, 1500);
	on(script, "BACK", 1598, 1700);
	assert_finds(script, TRACE_RULE_DEAD_TIME);
}

// The pump's relay, beside a kneading motor that runs on.
static void make_relay(struct script *script)
{
	script->chair.n_groups = 0;
	script->chair.actuators[2].min_on_us = 400 * MS;
	script->chair.actuators[2].min_off_us = 600 * MS;
	pwm(script, "KNEAD", 500, 5000, 100);
}

static void finds_a_relay_that_does_not_rest(void **state)
{
	struct script *script = *state;

	make_relay(script);
	enable(script, 0, 6000);
	on(script, "PUMP", 1000, 1500);
	on(script, "PUMP", 2098, 2600);
	assert_finds(script, TRACE_RULE_RELAY);
}

static void finds_a_relay_that_is_on_too_shortly(void **state)
{
	struct script *script = *state;

	make_relay(script);
	enable(script, 0, 6000);
	on(script, "PUMP", 1000, 1398);
	on(script, "PUMP", 3000, 3500);
	assert_finds(script, TRACE_RULE_RELAY);
}

static void a_relay_that_keeps_its_times_is_clean(void **state)
{
	struct script *script = *state;

	make_relay(script);
	enable(script, 0, 6000);
	on(script, "PUMP", 1000, 1400);
	on(script, "PUMP", 2000, 2400);
	assert_clean(script);
}

// Stopped in its time: the enable line stands still before it goes on again.
static void a_stop_waits_for_no_relay(void **state)
{
	struct script *script = *state;

	make_relay(script);
	enable(script, 0, 5000);
	on(script, "PUMP", 1000, 1100);
	enable(script, 6000, 8000);
	on(script, "PUMP", 6500, 7000);
	on(script, "PUMP", 7700, 7750); // the last one
	assert_clean(script);
}

static void a_release_goes_before_a_relay(void **state)
{
	struct script *script = *state;

	make_relay(script);
	enable(script, 0, 6000);
	on(script, "PUMP", 1000, 1100);
	on(script, "BACK", 1100, 1600);
	on(script, "PUMP", 2000, 2500);
	assert_clean(script);
}

static void finds_what_is_on_before_arming(void **state)
{
	struct script *script = *state;

	on(script, "PUMP", 1000, 1021);
	enable(script, 2000, 3000);
	assert_finds(script, TRACE_RULE_OUTSIDE);
}

static void finds_pwm_before_arming(void **state)
{
	struct script *script = *state;

	pwm(script, "KNEAD", 1000, 1050, 10);
	enable(script, 2000, 3000);
	assert_finds(script, TRACE_RULE_OUTSIDE);
}

static void forgives_what_the_relay_does_not_notice(void **state)
{
	struct script *script = *state;

	on(script, "PUMP", 1000, 1001); // a lease of 1 ms
	on(script, "PUMP", 1500, 1501);
	enable(script, 2000, 3000);
	assert_clean(script);
}

static void finds_what_is_on_after_the_release(void **state)
{
	struct script *script = *state;

	enable(script, 1000, 3000);
	on(script, "PUMP", 1000, 3330);
	assert_finds(script, TRACE_RULE_OUTSIDE);
}

static void finds_what_stays_on_at_the_end(void **state)
{
	struct script *script = *state;

	enable(script, 1000, 3000);
	put(script, 1000, "PUMP", 1);
	check(script, 9000);
	assert_int_equal(script->report.list[0].rule, TRACE_RULE_OUTSIDE);
	assert_int_equal(script->report.list[0].t_us, (3000 - 10 + 20) * MS + TRACE_TOLERANCE_US);
}

static void finds_an_enable_line_that_stays_on(void **state)
{
	struct script *script = *state;

	enable(script, 1000, 3000);
	put(script, 3000, "ENABLE", 1);
	check(script, 9000);
	assert_int_equal(script->report.list[0].rule, TRACE_RULE_OUTSIDE);
}

static void forgives_a_late_tick(void **state)
{
	struct script *script = *state;

	enable(script, 1000, 2000);
	enable(script, 2240, 3000);
	on(script, "PUMP", 1000, 3000);
	assert_clean(script);
}

static void finds_an_exclusive_pair(void **state)
{
	struct script *script = *state;

	enable(script, 0, 3000);
	on(script, "PUMP", 1005, 1008); // between two pulses of KNEAD
	pwm(script, "KNEAD", 1000, 1100, 20);
	assert_finds(script, TRACE_RULE_EXCLUSIVE);
}

static void finds_too_much_current(void **state)
{
	struct script *script = *state;

	enable(script, 0, 3000);
	on(script, "OUT", 1000, 2000);
	pwm(script, "SPEED", 1000, 2000, 90); // 1350 mA
	pwm(script, "KNEAD", 1000, 2000, 70); // 840 mA
	assert_finds(script, TRACE_RULE_CURRENT);
}

static void current_is_weighted_with_the_duty(void **state)
{
	struct script *script = *state;

	enable(script, 0, 3000);
	on(script, "OUT", 1000, 2000);
	pwm(script, "SPEED", 1000, 2000, 80); // 1200 mA
	pwm(script, "KNEAD", 1000, 2000, 60); // 720 mA
	assert_clean(script);
}

static void current_is_weighted_with_the_drive_of_a_channel(void **state)
{
	struct script *script = *state;

	make_channel(script, "KNEAD");
	enable(script, 0, 3000);
	on(script, "OUT", 1000, 2000);
	pwm(script, "SPEED", 1000, 2000, 80);    // 1200 mA
	drive(script, "KNEAD", 1000, 2000, 600); // 720 mA
	assert_clean(script);
}

static void finds_too_much_current_of_a_channel(void **state)
{
	struct script *script = *state;

	make_channel(script, "KNEAD");
	enable(script, 0, 3000);
	on(script, "OUT", 1000, 2000);
	pwm(script, "SPEED", 1000, 2000, 80);    // 1200 mA
	drive(script, "KNEAD", 1000, 2000, 850); // 1020 mA
	assert_finds(script, TRACE_RULE_CURRENT);
}

static void a_channel_without_a_drive_is_full(void **state)
{
	struct script *script = *state;

	make_channel(script, "KNEAD");
	enable(script, 0, 3000);
	on(script, "OUT", 1000, 2000);
	pwm(script, "SPEED", 1000, 2000, 80); // 1200 mA
	on(script, "KNEAD", 1000, 2000);      // 1200 mA
	assert_finds(script, TRACE_RULE_CURRENT);
}

static void a_drive_of_a_line_is_no_trace(void **state)
{
	struct script *script = *state;

	enable(script, 0, 3000);
	drive(script, "KNEAD", 1000, 2000, 300);
	assert_finds(script, TRACE_RULE_FORMAT);
}

static void finds_too_much_of_five_minutes(void **state)
{
	struct script *script = *state;

	enable(script, 0, 12000); // duty_max 20: 6 s
	on(script, "OUT", 1000, 11000);
	on(script, "SPEED", 1000, 5000);
	on(script, "SPEED", 6000, 10000);
	assert_finds(script, TRACE_RULE_DUTY);
}

static void retracting_does_not_press(void **state)
{
	struct script *script = *state;

	enable(script, 0, 12000);
	on(script, "OUT", 1000, 5000);
	on(script, "SPEED", 1000, 5000);
	on(script, "BACK", 6000, 10000);
	on(script, "SPEED", 6000, 10000);
	assert_clean(script);
}

// As a back rest by time, without a contact at its end.
static void finds_a_way_that_is_too_long(void **state)
{
	struct script *script = *state;

	script->chair.actuators[0].way_us[TRACE_FORWARD] = 2500 * MS;
	enable(script, 1000, 6000);
	on(script, "OUT", 1000, 4000);
	assert_finds(script, TRACE_RULE_WAY);
}

static void a_way_in_its_time_is_clean(void **state)
{
	struct script *script = *state;

	script->chair.actuators[0].way_us[TRACE_FORWARD] = 2500 * MS;
	enable(script, 1000, 9000);
	on(script, "OUT", 1000, 3400);
	on(script, "BACK", 4000, 8000);
	assert_clean(script);
}

static void reads_ways_and_cutoffs(void **state)
{
	struct trace_chair chair;

	(void)state;
	assert_int_equal(trace_chair_load("tests/scenario/chairs/comfort.cfg", &chair), 0);
	assert_string_equal(chair.actuators[1].name, "back");
	assert_int_equal(chair.actuators[1].way_us[TRACE_FORWARD], 15000 * MS);
	assert_int_equal(chair.actuators[1].way_us[TRACE_REVERSE], 18750 * MS);
	assert_int_equal(chair.actuators[2].way_us[TRACE_FORWARD], 0);
	assert_string_equal(chair.actuators[5].name, "seat_heat");
	assert_true(chair.actuators[5].cutoff_c == 43);
}

static void finds_a_heater_above_its_cutoff(void **state)
{
	struct script *script = *state;
	struct person_check person;

	script->chair.actuators[1].cutoff_c = 43;
	person_check_start(&person, &script->chair);
	for (int64_t t_ms = 0; t_ms <= 3000; t_ms += 100) {
		person_check_time(&person, t_ms * MS);
		assert_false(person_check_heat(&person, 1, t_ms < 500 ? 50 : 43.9));
	}
	for (int64_t t_ms = 3000; t_ms <= 4000; t_ms += 100) {
		person_check_time(&person, t_ms * MS);
		assert_false(person_check_heat(&person, 1, 44.1));
	}
	person_check_time(&person, 4100 * MS);
	assert_true(person_check_heat(&person, 1, 44.1));
	assert_int_equal(person.n, 1);
}

// The press of tiny.cfg is driven out until `out_ms`, then back; a stop button is pressed at 2 s.
// It counts after 5 ms.
static void stop_while_it_presses(struct script *script, const char *button, int64_t out_ms)
{
	enable(script, 0, 12000);
	on(script, "OUT", 1000, out_ms);
	on(script, "BACK", out_ms + 100, out_ms + 1000);
	pwm(script, "SPEED", 1000, out_ms, 50);
	on(script, "SPEED", out_ms + 100, out_ms + 1000);
	put(script, 2000, button, 0); // active low
	put(script, 5000, button, 1);
}

static void finds_a_press_that_goes_on_after_a_stop_button(void **state)
{
	struct script *script = *state;

	stop_while_it_presses(script, "STOP", 2040);
	assert_finds(script, TRACE_RULE_STOP_BUTTON);
	assert_in_range(script->report.list[0].t_us, 2015 * MS, 2025 * MS);
}

static void finds_a_start_while_a_stop_button_is_pressed(void **state)
{
	struct script *script = *state;

	stop_while_it_presses(script, "STOP", 2010);
	on(script, "PUMP", 4000, 4100);
	assert_finds(script, TRACE_RULE_STOP_BUTTON);
	assert_int_equal(script->report.list[0].t_us, 4000 * MS);
}

static void a_release_in_time_after_a_stop_button_is_good(void **state)
{
	struct script *script = *state;

	stop_while_it_presses(script, "STOP", 2010);
	on(script, "PUMP", 6000, 6100); // it has been let go
	assert_clean(script);
}

static void no_other_button_must_release(void **state)
{
	struct script *script = *state;

	stop_while_it_presses(script, "PAUSE", 3000);
	assert_clean(script);
}

static void finds_a_line_of_another_chair(void **state)
{
	struct script *script = *state;

	put(script, 1000, "GPIO99", 1);
	assert_finds(script, TRACE_RULE_FORMAT);
}

static void finds_an_empty_trace(void **state)
{
	struct script *script = *state;
	FILE *trace = tmpfile();

	assert_int_equal(trace_check(&script->chair, trace, TRACE_TOLERANCE_US, 0, &script->report),
		0);
	fclose(trace);
	assert_int_equal(script->report.n, script->chair.n_lines); // none is declared
}

// A knead that is said to stand at a contact, and whose eccentric is `permille` of a turn further.
static bool stands_wrongly(struct script *script, double permille, bool there)
{
	struct person_check check;
	bool found = false;

	person_check_start(&check, &script->chair);
	for (int64_t t_ms = 0; t_ms <= 600; t_ms += 100) {
		person_check_time(&check, t_ms * MS);
		found |= person_check_width(&check, 1, permille, there);
	}
	return found;
}

static void finds_a_width_elsewhere(void **state)
{
	struct script *script = *state;

	assert_false(stands_wrongly(script, 0, true));
	assert_false(stands_wrongly(script, 775, true));
	assert_false(stands_wrongly(script, 985, true));
	assert_true(stands_wrongly(script, 60, true));
	assert_true(stands_wrongly(script, 375, true));
	assert_false(stands_wrongly(script, 375, false));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(reads_the_chair),
		TEST(a_good_session_is_clean),
		TEST(finds_a_line_on_too_long),
		TEST(finds_a_width_elsewhere),
		TEST(finds_pwm_on_too_long),
		TEST(a_break_in_pwm_ends_the_time),
		TEST(finds_both_directions),
		TEST(finds_fill_and_vent),
		TEST(finds_a_quick_reversal),
		TEST(finds_a_relay_that_does_not_rest),
		TEST(finds_a_relay_that_is_on_too_shortly),
		TEST(a_relay_that_keeps_its_times_is_clean),
		TEST(a_stop_waits_for_no_relay),
		TEST(a_release_goes_before_a_relay),
		TEST(finds_what_is_on_before_arming),
		TEST(finds_pwm_before_arming),
		TEST(forgives_what_the_relay_does_not_notice),
		TEST(finds_what_is_on_after_the_release),
		TEST(finds_what_stays_on_at_the_end),
		TEST(finds_an_enable_line_that_stays_on),
		TEST(forgives_a_late_tick),
		TEST(finds_an_exclusive_pair),
		TEST(finds_too_much_current),
		TEST(current_is_weighted_with_the_duty),
		TEST(current_is_weighted_with_the_drive_of_a_channel),
		TEST(finds_too_much_current_of_a_channel),
		TEST(a_channel_without_a_drive_is_full),
		TEST(a_drive_of_a_line_is_no_trace),
		TEST(finds_too_much_of_five_minutes),
		TEST(retracting_does_not_press),
		TEST(finds_a_way_that_is_too_long),
		TEST(a_way_in_its_time_is_clean),
		TEST(reads_ways_and_cutoffs),
		TEST(finds_a_heater_above_its_cutoff),
		TEST(finds_a_press_that_goes_on_after_a_stop_button),
		TEST(finds_a_start_while_a_stop_button_is_pressed),
		TEST(a_release_in_time_after_a_stop_button_is_good),
		TEST(no_other_button_must_release),
		TEST(finds_a_line_of_another_chair),
		TEST(finds_an_empty_trace),
	};

	return cmocka_run_group_tests_name("trace_check", tests, NULL, NULL);
}
