// SPDX-License-Identifier: MIT
//
// The proof of a chair file as a whole, and acknowledged risks.
#include <errno.h>
#include <math.h>

#include "unsafe_chair.h"

static const struct unsafe_chair bads[] = {
	// acknowledgements
	{ PUMP, PUMP "acknowledged = [ \"no-charge-pumps\" ];", "2: acknowledged[0]",
		"\"no-charge-pumps\" is not known (no-charge-pump, own-resistors; did you mean",
		"\"no-charge-pump\"", "acknowledged = [ \"no-charge-pumps\" ];", "", NULL, 0 },
	{ PUMP, PUMP NO_PUMP, "2: acknowledged[0]",
		"there is nothing to acknowledge as \"no-charge-pump\"", "remove it", NO_PUMP, "",
		NULL, 0 },
	{ PUMP, "acknowledged = [ \"no-charge-pump\", \"no-charge-pump\" ];", "2: acknowledged[1]",
		"there twice", "remove one", ", \"no-charge-pump\" ]", " ]", NULL, 0 },
	{ PUMP, PUMP "acknowledged = [ \"uncalibrated\" ];", "2: acknowledged[0]",
		"\"uncalibrated\" is not known", "no-charge-pump",
		"acknowledged = [ \"uncalibrated\" ];", "", NULL, 0 },
	{ "drive_max = 800;", "drive_max = 800; acknowledged = [ \"unsafe-at-reset\" ];",
		"26: actuators[1].acknowledged[0]", "there is nothing to acknowledge", "remove it",
		" acknowledged = [ \"unsafe-at-reset\" ];", "", NULL, 0 },
	{ "drive_max = 800;", "drive_max = 800; acknowledged = [ 1 ];",
		"26: actuators[1].acknowledged[0]", "is a whole number, not a string", "a string",
		" acknowledged = [ 1 ];", "", NULL, 0 },
};

static void the_valid_file_has_no_problem(void **state)
{
	char *pumpless = sandbox_edit(safe_chair, PUMP, NO_PUMP);

	assert_null(chair_problems(*state, safe_chair, NULL));
	assert_null(chair_problems(*state, pumpless, NULL));
	free(pumpless);
}

static void every_finding_comes_with_its_remedy(void **state)
{
	assert_all_proved(*state, bads, sizeof(bads) / sizeof(bads[0]));
}

static void expect_lines(struct sandbox *sandbox, const char *text, const char *const starts[],
	size_t n)
{
	char *lines = chair_problems(sandbox, text, NULL), *at = lines;

	for (size_t i = 0; i < n; i++) {
		if (!at || strncmp(at, starts[i], strlen(starts[i])))
			fail_msg("expected %s, got\n%s", starts[i], lines ? lines : "nothing");
		at = strchr(at, '\n') + 1;
	}
	assert_string_equal(at, "");
	free(lines);
}

static void findings_do_not_hide_each_other(void **state)
{
	static const char *const starts[] = { "c.cfg:4: inputs.estop.active_low", "c.cfg: enable",
		"c.cfg:21: actuators[1].lines.forward.active_low",
		"c.cfg:27: actuators[1].release.max_s", "c.cfg:38: actuators[3].calibration[0]" };
	char *one = sandbox_edit(safe_chair, "GPIO5\"; active_low = true;", "GPIO5\";");
	char *two = sandbox_edit(one, PUMP, "");
	char *three = sandbox_edit(two, "GPIO20\";", "GPIO20\"; active_low = true;");
	char *four = sandbox_edit(three, "max_s = 6;", "max_s = 0.5;");
	char *five = sandbox_edit(four, "(0, 0.0), (1000", "(0, 9.0), (1000");

	expect_lines(*state, five, starts, sizeof(starts) / sizeof(starts[0]));
	free(one);
	free(two);
	free(three);
	free(four);
	free(five);
}

// An actuator with a problem is not proved; the others are.
static void only_valid_parts_are_proved(void **state)
{
	static const char *const starts[] = {
		"c.cfg:27: actuators[1].release.drive: 5000 is out of range",
		"c.cfg:38: actuators[3].calibration[0]: begins at 9 N"
	};
	static const char *const inputs[] = { "c.cfg:4: inputs.estop.bias: \"up\" is not known" };
	char *one = sandbox_edit(safe_chair, "max_s = 6; drive = 500", "max_s = 0.5; drive = 5000");
	char *two = sandbox_edit(one, "(0, 0.0), (1000", "(0, 9.0), (1000");
	char *three = sandbox_edit(safe_chair, "true; bias = \"pull-up\"", "false; bias = \"up\"");

	expect_lines(*state, two, starts, 2);
	expect_lines(*state, three, inputs, 1);
	free(one);
	free(two);
	free(three);
}

// An acknowledgement covers the chair, or that actuator, and nothing else.
static void acknowledgements_are_checked(void **state)
{
	static const char *const starts[] = { "c.cfg:11: actuators[0].lines.forward.active_low" };
	char *one = sandbox_edit(safe_chair, "GPIO20\";", "GPIO20\"; active_low = true;");
	char *two = sandbox_edit(one, "drive_max = 800;",
		"drive_max = 800; acknowledged = ( \"unsafe-when-low\" );");
	char *three = sandbox_edit(two, "GPIO17\";", "GPIO17\"; active_low = true;");
	char *pumpless = sandbox_edit(safe_chair, PUMP, NO_PUMP);
	struct chair chair;

	assert_null(chair_problems(*state, two, &chair));
	assert_int_equal(chair.acknowledged, 0);
	assert_int_equal(chair.actuators[0].acknowledged, 0);
	assert_int_equal(chair.actuators[1].acknowledged, RISK_BIT(RISK_UNSAFE_WHEN_LOW));
	expect_lines(*state, three, starts, 1);
	assert_null(chair_problems(*state, pumpless, &chair));
	assert_int_equal(chair.acknowledged, RISK_BIT(RISK_NO_CHARGE_PUMP));
	free(one);
	free(two);
	free(three);
	free(pumpless);
}

// An acknowledged risk covers no other risk, and no other actuator.
static void each_risk_is_acknowledged_by_itself(void **state)
{
	static const char *const others[] = { "c.cfg:21: actuators[1].lines.forward.active_low" };
	static const char *const unneeded[] = { "c.cfg:32: actuators[3].acknowledged[0]: there is "
						"nothing to acknowledge" };
	char *one = sandbox_edit(safe_chair, "GPIO20\";", "GPIO20\"; active_low = true;");
	char *two = sandbox_edit(one, "\"GPIO22\"; };\n", "\"GPIO8\"; };\n");
	char *three = sandbox_edit(two, "drive_max = 800;",
		"drive_max = 800; acknowledged = [ \"unsafe-at-reset\" ];");
	char *four = sandbox_edit(one, "drive_max = 800;",
		"drive_max = 800; acknowledged = [ \"unsafe-when-low\" ];");
	char *five = sandbox_edit(four, "name = \"cell\";",
		"name = \"cell\"; acknowledged = [ \"unsafe-when-low\" ];");

	expect_lines(*state, three, others, 1);
	expect_lines(*state, five, unneeded, 1);
	free(one);
	free(two);
	free(three);
	free(four);
	free(five);
}

// Problems of another part or file hide nothing in this one.
static void only_its_own_problems_keep_a_part_from_being_proved(void **state)
{
	static const char *const starts[] = { "c.cfg:5: inputs.seats: unknown key",
		"c.cfg:5: inputs.seat.bias: unplugged it floats",
		"c.cfg:28: actuators[1].calibration[0]: begins at 60 N" };
	char *table = sandbox_edit(safe_chair, TABLE, "(300, 60.0), (800, 120.0)"), *both, *lines,
	     *again;
	struct problems problems = { 0 };
	struct chair chair;
	int r;

	r = chair_load(sandbox_file(*state, "a.cfg", table), &problems, &chair);
	assert_int_equal(r, -EINVAL);
	r = chair_load(sandbox_file(*state, "b.cfg", table), &problems, &chair);
	assert_int_equal(r, -EINVAL);
	lines = sandbox_lines(&problems);
	again = strchr(lines, '\n') + 1;
	assert_int_equal(strncmp(lines, "a.cfg:28: ", 10), 0);
	assert_int_equal(strncmp(again, "b.cfg:28: ", 10), 0);
	free(lines);

	both = sandbox_edit(table, "GPIO6\"; active_low = true; bias = \"pull-up\"; };",
		"GPIO6\"; active_low = true; }; seats = { };");
	expect_lines(*state, both, starts, 3);
	free(both);
	free(table);
}

#define PUMP_LINES "lines = { run = { line = \"GPIO23\"; }; }; },\n"
#define HEATER \
	"  { name = \"warm\"; kind = \"heat\"; current_ma = 1500; cutoff_c = 43;\n" \
	"    lines = { run = { line = \"GPIO26\"; }; };\n" \
	"    thermistor = { device = \"tmp117\"; channel = \"in_temp\"; };\n" \
	"    release = { kind = \"coast\"; }; },\n"

static void a_heater_needs_the_charge_pump(void **state)
{
	static const char *const starts[] = { "c.cfg:32: actuators[3].kind: a heater whose" };
	char *heated = sandbox_edit(safe_chair, PUMP_LINES, PUMP_LINES HEATER);
	char *pumpless = sandbox_edit(heated, PUMP, NO_PUMP);

	assert_null(chair_problems(*state, heated, NULL));
	expect_lines(*state, pumpless, starts, 1);
	free(heated);
	free(pumpless);
}

// The kernel's channel of a temperature is in thousandths of a degree; a pot's readings at the ends
// are 0 and 1000 per mille.
static void channels_have_the_units_of_their_quantity(void **state)
{
	static const char leg_rest[] =
		"  { name = \"legs\"; kind = \"recline\"; current_ma = 1000;\n"
		"    lines = { forward = { line = \"GPIO9\"; };\n"
		"      reverse = { line = \"GPIO10\"; }; };\n"
		"    pot = { device = \"ads1115\"; channel = \"in_voltage0\"; at_home = 2900;"
		" at_end = 300; };\n"
		"    release = { kind = \"coast\"; }; },\n";
	char *heated = sandbox_edit(safe_chair, PUMP_LINES, PUMP_LINES HEATER);
	char *text = sandbox_edit(heated, HEATER, leg_rest);
	const struct iio_channel *pot, *thermistor;
	struct chair chair;

	assert_null(chair_problems(*state, heated, &chair));
	thermistor = &chair.actuators[3].measured[QUANTITY_TEMPERATURE];
	assert_true(fabs(channel_value(thermistor, 36500) - 36.5) < 1e-9);
	assert_true(chair.actuators[3].hold_c == 40);
	assert_int_equal(chair.actuators[3].drive_max_permille, PERMILLE_FULL);
	assert_null(chair_problems(*state, text, &chair));
	pot = &chair.actuators[3].measured[QUANTITY_POSITION];
	assert_true(fabs(channel_value(pot, 2900)) < 1e-9);
	assert_true(fabs(channel_value(pot, 300) - 1000) < 1e-9);
	assert_true(posture_has_position(&chair.actuators[3]));
	free(text);
	free(heated);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_valid_file_has_no_problem),
		cmocka_unit_test(every_finding_comes_with_its_remedy),
		cmocka_unit_test(findings_do_not_hide_each_other),
		cmocka_unit_test(a_heater_needs_the_charge_pump),
		cmocka_unit_test(channels_have_the_units_of_their_quantity),
		cmocka_unit_test(only_valid_parts_are_proved),
		cmocka_unit_test(acknowledgements_are_checked),
		cmocka_unit_test(each_risk_is_acknowledged_by_itself),
		cmocka_unit_test(only_its_own_problems_keep_a_part_from_being_proved),
	};

	return cmocka_run_group_tests_name("chair proof", tests, sandbox_setup, sandbox_teardown);
}
