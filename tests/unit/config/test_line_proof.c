// SPDX-License-Identifier: MIT
//
// Chair files with contacts that read active, or outputs that are on, unplugged or without power.
#include "unsafe_chair.h"

static const struct unsafe_chair bads[] = {
	// contacts that read active, or float, unplugged
	{ "GPIO5\"; active_low = true", "GPIO5\"; active_low = false", "4: inputs.estop.active_low",
		"unplugged it reads released (it is normally open)",
		"active_low = true; bias = \"pull-up\";", "active_low = false; bias = \"pull-up\";",
		"active_low = true; bias = \"pull-up\";", NULL, 0 },
	{ "GPIO5\"; active_low = true;", "GPIO5\";", "4: inputs.estop.active_low",
		"an emergency stop with a broken wire would go unnoticed",
		"active_low = true; bias = \"pull-up\";", "bias = \"pull-up\"; };\n  seat",
		"active_low = true; bias = \"pull-up\"; };\n  seat", NULL, 0 },
	{ "GPIO5\"; active_low = true; bias = \"pull-up\"",
		"GPIO5\"; active_low = true; bias = \"pull-down\"", "4: inputs.estop.active_low",
		"unplugged it reads released", "active_low = true; bias = \"pull-up\";",
		"active_low = true; bias = \"pull-down\";",
		"active_low = true; bias = \"pull-up\";", NULL, 0 },
	{ "GPIO5\"; active_low = true; bias = \"pull-up\"", "GPIO5\"; active_low = true",
		"4: inputs.estop.bias", "unplugged it floats", "bias = \"pull-up\";", "GPIO5\";",
		"GPIO5\"; bias = \"pull-up\";", "", 0 },
	{ "GPIO5\"; active_low = true; bias = \"pull-up\"", "GPIO5\"", "4: inputs.estop.bias",
		"unplugged it floats", "bias = \"pull-down\";", "GPIO5\";",
		"GPIO5\"; bias = \"pull-down\";", "", 0 },
	{ "GPIO6\"; active_low = true; bias = \"pull-up\"",
		"GPIO6\"; active_low = true; bias = \"disabled\"", "5: inputs.seat.bias",
		"unplugged it floats", "bias = \"pull-up\";", "bias = \"disabled\";",
		"bias = \"pull-up\";", "", 0 },
	{ "GPIO6\"; active_low = true", "GPIO6\"; active_low = false", "5: inputs.seat.active_low",
		"unplugged it reads occupied", "active_low = true; bias = \"pull-up\";",
		"active_low = false; bias = \"pull-up\";", "active_low = true; bias = \"pull-up\";",
		NULL, 0 },
	{ "GPIO7\"; active_low = true", "GPIO7\"; active_low = false", "6: inputs.reset.active_low",
		"a wire that breaks would reset a trip", "active_low = true; bias = \"pull-up\";",
		"active_low = false; bias = \"pull-up\";", "active_low = true; bias = \"pull-up\";",
		NULL, 0 },
	{ "GPIO7\"; active_low = true; bias = \"pull-up\"",
		"GPIO7\"; active_low = true; bias = \"as-is\"", "6: inputs.reset.bias",
		"unplugged it floats", "bias = \"pull-up\";", "bias = \"as-is\";",
		"bias = \"pull-up\";", "", 0 },
	{ "GPIO4\"; active_low = true", "GPIO4\"; active_low = false",
		"24: actuators[1].lines.home.active_low",
		"a release would end at once, with the person still pressed",
		"active_low = true; bias = \"pull-up\";", "active_low = false; bias = \"pull-up\";",
		"active_low = true; bias = \"pull-up\";", NULL, 0 },
	{ "GPIO4\"; active_low = true; bias = \"pull-up\"", "GPIO4\"; active_low = true",
		"24: actuators[1].lines.home.bias", "unplugged it floats", "bias = \"pull-up\";",
		"GPIO4\";", "GPIO4\"; bias = \"pull-up\";", "depth", 0 },
	{ "GPIO2\"; active_low = true", "GPIO2\"; active_low = false",
		"13: actuators[0].lines.home.active_low", "it would count as homed anywhere",
		"active_low = true; bias = \"pull-up\";", "active_low = false; bias = \"pull-up\";",
		"active_low = true; bias = \"pull-up\";", NULL, 0 },
	// a pull-down does not win against the board's own pull-up
	{ "GPIO2\"; active_low = true; bias = \"pull-up\"", "GPIO2\"; bias = \"pull-down\"",
		"13: actuators[0].lines.home.active_low", "unplugged it reads home",
		"active_low = true; bias = \"pull-up\";", "GPIO2\"; bias = \"pull-down\";",
		"GPIO2\"; active_low = true; bias = \"pull-up\";", NULL, 0 },
	{ "EXTRA1\"; bias = \"pull-down\"", "EXTRA1\"", "15: actuators[0].lines.pulse.bias",
		"unplugged it floats", "bias = \"pull-down\";", "EXTRA1\";",
		"EXTRA1\"; bias = \"pull-down\";", "carriage", 0 },
	{ "GPIO3\"; bias = \"pull-up\"", "EXTRA2\"; active_low = true",
		"14: actuators[0].lines.end.bias", "unplugged it floats", "bias = \"pull-up\";",
		"EXTRA2\";", "EXTRA2\"; bias = \"pull-up\";", "carriage", 0 },

	// outputs that are on with nothing to turn them off
	{ PUMP, "", " enable", "a computer that freezes keeps its motors running",
		"enable = { line = \"GPIO16\"; };", "inputs = {",
		"enable = { line = \"GPIO16\"; };\ninputs = {", "", 0 },
	{ "GPIO20\";", "GPIO20\"; active_low = true;", "21: actuators[1].lines.forward.active_low",
		"it is on while its wire is low: unplugged, with the computer without power, and "
		"at reset",
		"active_low = false;", "GPIO20\"; active_low = true;",
		"GPIO20\"; active_low = false;", NULL, 1 },
	{ "GPIO20\";", "GPIO20\"; active_low = true;", "21: actuators[1].lines.forward.active_low",
		"it is on while its wire is low", "active_low = false;",
		"GPIO20\"; active_low = true;", "GPIO20\"; active_low = false;", "depth", 0 },
	{ "line = \"GPIO22\";", "line = \"GPIO8\";", "23: actuators[1].lines.pwm.line",
		"GPIO8 is high from reset until the guard has it (BCM 0-8 are pulled up)",
		"line = \"GPIO22\";", "line = \"GPIO8\";", "line = \"GPIO22\";", NULL, 1 },
	{ "line = \"GPIO22\";", "line = \"GPIO8\";", "23: actuators[1].lines.pwm.line",
		"GPIO8 is high from reset", "line = \"GPIO22\";", "line = \"GPIO8\";",
		"line = \"GPIO22\";", "depth", 0 },
	{ "line = \"GPIO23\";", "line = \"GPIO14\";", "31: actuators[2].lines.run.line",
		"the serial console", "line = \"GPIO23\";", "line = \"GPIO14\";",
		"line = \"GPIO23\";", "pump", 0 },
	{ "line = \"GPIO22\";", "chip = \"pinctrl-rp1\"; offset = 8;",
		"23: actuators[1].lines.pwm.offset",
		"pinctrl-rp1:8 is high from reset until the guard has it (BCM 0-8 are pulled up)",
		"line = \"GPIO22\";", "chip = \"pinctrl-rp1\"; offset = 8;", "line = \"GPIO22\";",
		"depth", 0 },
	{ "line = \"GPIO23\";", "chip = \"pcf8574\"; offset = 0;",
		"31: actuators[2].lines.run.offset",
		"pcf8574:0 is high from reset until the guard has it (every line of a PCF857x is, "
		"from power-on)",
		"line = \"GPIO23\";", "chip = \"pcf8574\"; offset = 0;", "line = \"GPIO23\";",
		"pump", 0 },
	{ "line = \"GPIO23\";", "chip = \"mcp23017\"; offset = 0; active_low = true;",
		"31: actuators[2].lines.run.active_low", "it is on while its wire is low",
		"active_low = false;", "offset = 0; active_low = true;",
		"offset = 0; active_low = false;", "pump", 0 },
	{ "GPIO25\"; active_low = true;", "GPIO25\";", "35: actuators[3].lines.vent.active_low",
		"it keeps the air in its cell while its wire is low", "active_low = true;",
		"GPIO25\";", "GPIO25\"; active_low = true;", NULL, 1 },
	{ "line = \"GPIO25\";", "line = \"GPIO8\";", "35: actuators[3].lines.vent.line",
		"it keeps the air in its cell", "line = \"GPIO25\";", "line = \"GPIO8\";",
		"line = \"GPIO25\";", "cell", 0 },
	{ "\"GPIO24\";", "\"EXTRA2\"; active_low = true;", "34: actuators[3].lines.fill.active_low",
		"it is on while its wire is low: unplugged, with the computer without power;",
		"active_low = false;", "EXTRA2\"; active_low = true;",
		"EXTRA2\"; active_low = false;", "cell", 0 },
};

static void every_finding_comes_with_its_remedy(void **state)
{
	assert_all_proved(*state, bads, sizeof(bads) / sizeof(bads[0]));
}

// The pin that it proposes is one that the chair does not use yet, and that is low at reset.
static void a_free_pin_is_proposed(void **state)
{
	char *one = sandbox_edit(safe_chair, "GPIO18", "GPIO26"),
	     *two = sandbox_edit(one, "GPIO16", "GPIO18");
	char *three = sandbox_edit(two, "GPIO23", "GPIO27"), *lines;
	char *text = sandbox_edit(three, "line = \"GPIO22\"", "line = \"GPIO15\"");
	const char *const pins[] = { "GPIO22", "GPIO23", "GPIO9", "GPIO10", "GPIO11", "GPIO12",
		"GPIO13", "GPIO16" };

	// Each that is proposed is taken before the next.
	for (size_t i = 0; i < sizeof(pins) / sizeof(pins[0]); i++) {
		char remedy[64], extra[300], *next;

		lines = chair_problems(*state, text, NULL);
		assert_non_null(lines);
		snprintf(remedy, sizeof(remedy), "write line = \"%s\";", pins[i]);
		if (!strstr(lines, remedy))
			fail_msg("expected %s, got %s", remedy, lines);
		free(lines);
		snprintf(extra, sizeof(extra),
			"{ name = \"spare%zu\"; kind = \"source\"; current_ma = 1; release = { "
			"kind = \"coast\"; }; lines = { run = { line = \"%s\"; }; }; },\n  { name "
			"= \"pump\"",
			i, pins[i]);
		next = sandbox_edit(text, "{ name = \"pump\"", extra);
		free(text);
		text = next;
	}
	lines = chair_problems(*state, text, NULL);
	assert_non_null(strstr(lines, "GPIO9 ... GPIO27"));
	free(lines);
	free(one);
	free(two);
	free(three);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_finding_comes_with_its_remedy),
		cmocka_unit_test(a_free_pin_is_proposed),
	};

	return cmocka_run_group_tests_name("line proof", tests, sandbox_setup, sandbox_teardown);
}
