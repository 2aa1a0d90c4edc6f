// SPDX-License-Identifier: MIT
//
// A valid chair file, one edit of it, and exactly the problems that the edit causes.
#include "sandbox.h"

#include <errno.h>

static const char valid_chair[] =
	"id = \"test\"; model = \"Test chair\"; current_max_ma = 5000;\n" // 1
	"inputs = {\n"
	"  estop = { line = \"GPIO5\"; active_low = true; bias = \"pull-up\"; };\n" // 3
	"  seat = { line = \"GPIO6\"; active_low = true; bias = \"pull-up\"; };\n"
	"};\n"
	"enable = { line = \"GPIO16\"; hz = 50; };\n" // 6
	"actuators = (\n"
	"  { name = \"carriage\"; kind = \"travel\"; current_ma = 1000; "
	"release = { kind = \"coast\"; };\n" // 8
	"    lines = { forward = { line = \"A1\"; }; reverse = { line = \"A2\"; }; "
	"pwm = { line = \"A3\"; };\n"
	"      home = { line = \"A4\"; bias = \"pull-down\"; }; pulse = { line = \"A5\"; "
	"bias = \"pull-up\"; }; };\n" // 10
	"    mm_per_pulse = 1; soft_min_mm = 5; soft_max_mm = 500; speed_mm_s = 50; },\n"
	"  { name = \"depth\"; kind = \"press\"; current_ma = 1000; "
	"carriage = \"carriage\";\n" // 12
	"    lines = { forward = { line = \"B1\"; }; reverse = { line = \"B2\"; }; "
	"pwm = { line = \"B3\"; };\n"
	"      home = { line = \"B4\"; bias = \"pull-down\"; }; };\n"
	"    release = { kind = \"retract\"; max_s = 8; drive = 400; };\n" // 15
	"    calibration = ( (100, 0.0), (500, 30.0) );\n"
	"    sensor = { device = \"hx711\"; channel = \"in_voltage0\"; n_per_unit = 1.0; }; },\n"
	"  { name = \"pump\"; kind = \"source\"; current_ma = 1000; release = { kind = \"coast\"; "
	"};\n" // 18
	"    lines = { run = { line = \"C1\"; }; }; },\n"
	"  { name = \"cell\"; kind = \"cell\"; current_ma = 100; source = \"pump\";\n" // 20
	"    lines = { fill = { line = \"D1\"; }; vent = { line = \"D2\"; active_low = true; "
	"safe = \"active\"; }; };\n"
	"    fill_s = 4; vent_s = 2; release = { kind = \"vent\"; max_s = 4; }; "
	"acknowledged = [ \"uncalibrated\" ]; },\n" // 22
	"  { name = \"shaker\"; kind = \"vibrate\"; current_ma = 100; "
	"release = { kind = \"coast\"; };\n"
	"    lines = { pwm = { line = \"E1\"; }; }; }\n"
	");\n"
	"exclusive = ( [ \"carriage\", \"shaker\" ] );\n" // 26
	"reach = (\n"
	"  { region = \"mid_back\"; actuator = \"depth\"; along = [0.3, 0.7]; lateral = [0, 90]; "
	"mm = [100, 300]; },\n"
	"  { region = \"calf\"; actuator = \"cell\"; along = [0.0, 1.0]; lateral = [0, 80]; "
	"peak_n = 40; }\n" // 29
	");\n";

static const struct {
	const char *find, *replace, *expected;
} cases[] = {
	// the text as such
	{ "id = \"test\";", "id = = \"test\";", "c.cfg:1:6: a value is missing before \"=\"\n" },
	{ "id = \"test\";", "id = \"test\"; id = \"test\";",
		"c.cfg:1: duplicate setting name (a key stands once in its group: remove "
		"one)\n" },
	{ "(100, 0.0)", "[100, 0.0]",
		"c.cfg:16: mismatched element type in array (all whole, or all with a point; "
		"( ) takes both)\n" },
	{ "inputs = {", "@include \"x\"\ninputs = {",
		"c.cfg:2:1: @include is not allowed: one file is one whole\n" },

	// keys, types, ranges
	{ "model =", "modle =",
		"c.cfg:1: modle: unknown key (allowed: id, model, pwm_hz, current_max_ma, "
		"session_max_s, debounce_ms, seat_debounce_ms, allow_no_realtime, inputs, enable, "
		"actuators, buttons, exclusive, reach, acknowledged; did you mean \"model\"?)\n" },
	{ "id = \"test\"", "id = \"Test Chair\"",
		"c.cfg:1: id: \"Test Chair\" is not a name (a-z, 0-9, \"_\" and \"-\")\n" },
	{ "id = \"test\"", "id = \"\"", "c.cfg:1: id: is empty (a-z, 0-9, \"_\" and \"-\")\n" },
	{ "id = \"test\"", "id = \"a-name-that-is-longer-than-any-topic-should-ever-be\"",
		"c.cfg:1: id: is too long (at most 47 bytes)\n" },
	{ "Test chair", "bell \\x07", "c.cfg:1: model: is not printable UTF-8\n" },
	{ "current_max_ma = 5000", "current_max_ma = 5000.0",
		"c.cfg:1: current_max_ma: is a number with a point, not a whole number (100 ... "
		"50000 mA)\n" },
	{ "hz = 50", "hz = 101", "c.cfg:6: enable.hz: 101 is out of range (25 ... 100 Hz)\n" },
	{ "id =", "session_max_s = 1801; id =",
		"c.cfg:1: session_max_s: 1801 is out of range (60 ... 1800 s)\n" },
	{ "speed_mm_s = 50", "speed_mm_s = 1e999", "c.cfg:11:72: 1e999 is too big for a number\n" },
	{ "active_low = true", "active_low = 1",
		"c.cfg:3: inputs.estop.active_low: is a whole number, not true or false\n" },
	{ "enable = { line = \"GPIO16\"; hz = 50; }", "enable = \"GPIO16\"",
		"c.cfg:6: enable: is a string, not a group { }\n" },
	{ "bias = \"pull-up\"", "bias = \"pullup\"",
		"c.cfg:3: inputs.estop.bias: \"pullup\" is not known (as-is, disabled, pull-up, "
		"pull-down; "
		"did you mean \"pull-up\"?)\n" },

	// lines
	{ "estop = {", "stop = {",
		"c.cfg:3: inputs.stop: unknown key (allowed: estop, seat, reset; did you "
		"mean \"estop\"?)\n" },
	{ "line = \"B2\"", "line = \"A1\"",
		"c.cfg:13: actuators[1].lines.reverse.line: A1 is already used for "
		"carriage.forward\n" },
	{ "line = \"C1\"", "line = \"GPIO5\"",
		"c.cfg:19: actuators[2].lines.run.line: GPIO5 is already used for estop\n" },
	{ "line = \"C1\"", "line = \"GPIO 5\"",
		"c.cfg:19: actuators[2].lines.run.line: \"GPIO 5\" is not a name "
		"(letters, digits, \".\", \"_\", \":\" and \"-\")\n" },
	{ "line = \"C1\";", "",
		"c.cfg:19: actuators[2].lines.run.line: is missing "
		"(the kernel's name: \"GPIO17\"; or chip and offset)\n" },
	{ "line = \"C1\"", "line = \"17\"",
		"c.cfg:19: actuators[2].lines.run.line: 17 is a number, not a line's name (did you "
		"mean \"GPIO17\"? For a line without a name write chip = \"LABEL\"; offset = "
		"17;)\n" },
	{ "line = \"C1\"", "line = 17",
		"c.cfg:19: actuators[2].lines.run.line: 17 is a number, not a line's name (did you "
		"mean \"GPIO17\"? For a line without a name write chip = \"LABEL\"; offset = "
		"17;)\n" },
	{ "line = \"C1\"", "line = \"\"",
		"c.cfg:19: actuators[2].lines.run.line: is empty (letters, digits, \".\", \"_\", "
		"\":\" and \"-\")\n" },
	{ "line = \"C1\"", "line = { }",
		"c.cfg:19: actuators[2].lines.run.line: is a group { }, not a string (letters, "
		"digits, \".\", \"_\", \":\" and \"-\")\n" },
	{ "line = \"C1\"", "line = \"C1\"; chip = \"mcp23017\"",
		"c.cfg:19: actuators[2].lines.run.chip: does not go with line (write line alone, "
		"or chip and offset)\n" },
	{ "line = \"C1\"", "line = \"C1\"; offset = 3",
		"c.cfg:19: actuators[2].lines.run.offset: does not go with line (write line alone, "
		"or chip and offset)\n" },
	{ "line = \"C1\"", "chip = \"mcp23017\"",
		"c.cfg:19: actuators[2].lines.run.offset: is missing (its number on the chip, 0 "
		"... "
		"999)\n" },
	{ "line = \"C1\"", "offset = 3",
		"c.cfg:19: actuators[2].lines.run.chip: is missing (the chip's label, or a "
		"path)\n" },
	{ "line = \"C1\"", "chip = \"mcp23017\"; offset = 1000",
		"c.cfg:19: actuators[2].lines.run.offset: 1000 is out of range (0 ... 999)\n" },
	{ "line = \"C1\"", "chip = \"mcp 23017\"; offset = 3",
		"c.cfg:19: actuators[2].lines.run.chip: \"mcp 23017\" is not a name (letters, "
		"digits, "
		"\".\", \"_\", \":\", \"-\" and \"/\")\n" },
	{ "line = \"C1\"", "chip = \"/dev/gpiochip2\"; offset = 3",
		"c.cfg:19: actuators[2].lines.run.chip: \"/dev/gpiochip2\" may be another chip "
		"after "
		"the next start (write its label, which gpiodetect shows in brackets)\n" },
	{ "line = \"C1\"", "chip = \"gpiochip2\"; offset = 3",
		"c.cfg:19: actuators[2].lines.run.chip: \"gpiochip2\" may be another chip after "
		"the next start (write its label, which gpiodetect shows in brackets)\n" },
	{ "run = { line = \"C1\"; }; }; },\n",
		"run = { chip = \"mcp23017\"; offset = 3; }; }; },\n { name = \"air\"; kind = "
		"\"source\"; current_ma = 1; release = { kind = \"coast\"; }; lines = { run = { "
		"chip "
		"= \"mcp23017\"; offset = 3; }; }; },\n",
		"c.cfg:20: actuators[3].lines.run.offset: mcp23017:3 is already used for "
		"pump.run\n" },
	{ "home = { line = \"B4\"; bias = \"pull-down\"; };", "",
		"c.cfg:13: actuators[1].lines.home: is missing (a group { })\n" },
	{ "run = {", "fill = {",
		"c.cfg:19: actuators[2].lines.fill: does not go with kind = \"source\" "
		"(allowed: pwm, run, fault)\n"
		"c.cfg:19: actuators[2].lines: has no line (run or pwm, one of them)\n" },
	{ "run = { line = \"C1\"; };", "run = { line = \"C1\"; }; pwm = { line = \"C2\"; };",
		"c.cfg:19: actuators[2].lines: has both run and pwm (run or pwm, one of them)\n" },
	{ "run = {", "running = {",
		"c.cfg:19: actuators[2].lines.running: unknown key (allowed: pwm, "
		"run, fault)\n"
		"c.cfg:19: actuators[2].lines: has no line (run or pwm, one of them)\n" },
	{ "pwm = { line = \"E1\"; };", "",
		"c.cfg:24: actuators[4].lines: has no line (run or pwm, one of them)\n" },
	{ "pwm = { line = \"E1\"; }", "run = { line = \"E1\"; }; pwm = { line = \"E2\"; }",
		"c.cfg:24: actuators[4].lines: has both run and pwm (run or pwm, one of them)\n" },
	{ "lines = { pwm = { line = \"E1\"; }; }",
		"drive_max = 500; slew_per_s = 100; lines = { run = { line = \"E1\"; }; }",
		"c.cfg:24: actuators[4].drive_max: does not go with lines.run, which is on or off "
		"(for a speed write lines.pwm)\n"
		"c.cfg:24: actuators[4].slew_per_s: does not go with lines.run, which is on or off "
		"(for a speed write lines.pwm)\n" },
	{ "lines = { pwm = { line = \"E1\"; }; }",
		"min_on_ms = 200; min_off_ms = 300; lines = { pwm = { line = \"E1\"; }; }",
		"c.cfg:24: actuators[4].min_on_ms: is for a relay, which must not be pulsed "
		"(write lines.run, or forward and reverse alone)\n"
		"c.cfg:24: actuators[4].min_off_ms: is for a relay, which must not be pulsed "
		"(write lines.run, or forward and reverse alone)\n" },
	{ "lines = { run = { line = \"C1\"", "min_on_ms = 1001; lines = { run = { line = \"C1\"",
		"c.cfg:19: actuators[2].min_on_ms: 1001 is out of range (0 ... 1000 ms)\n" },
	{ "mm_per_pulse = 1;", "mm_per_pulse = 1; min_off_ms = 100;",
		"c.cfg:11: actuators[0].min_off_ms: does not go with kind = \"travel\" "
		"(allowed: name, kind, lines, drive, release, current, acknowledged, "
		"drive_max, on_max_s, travel_max_s, no_pulse_ms, dead_time_ms, "
		"slew_per_s, duty_max, current_ma, mm_per_pulse, soft_min_mm, "
		"soft_max_mm, speed_mm_s)\n" },
	{ "pwm = { line = \"B3\"; };", "",
		"c.cfg:13: actuators[1].lines.pwm: is missing (a group { }; or, for a bridge that "
		"is pulsed at forward and reverse, drive = \"sign-magnitude\")\n" },
	{ "kind = \"press\";", "kind = \"press\"; drive = \"sign-magnitude\";",
		"c.cfg:13: actuators[1].lines.pwm: does not go with drive = \"sign-magnitude\", "
		"which pulses forward and reverse\n" },
	{ "kind = \"press\";", "kind = \"press\"; drive = \"locked-antiphase\";",
		"c.cfg:12: actuators[1].drive: \"locked-antiphase\" is full drive when an edge is "
		"late (sign-magnitude)\n" },
	{ "kind = \"press\";", "kind = \"press\"; drive = \"antiphase\";",
		"c.cfg:12: actuators[1].drive: \"antiphase\" is not known (sign-magnitude)\n" },
	{ "kind = \"vibrate\";", "kind = \"vibrate\"; drive = \"sign-magnitude\";",
		"c.cfg:23: actuators[4].drive: does not go with kind = \"vibrate\" "
		"(allowed: name, kind, lines, release, carriage, current, acknowledged, "
		"drive_max, on_max_s, min_on_ms, min_off_ms, slew_per_s, duty_max, "
		"current_ma)\n" },
	{ "fill = { line = \"D1\"; };",
		"fill = { line = \"D1\"; }; fault = { line = \"D3\"; bias = \"pull-up\"; };",
		"c.cfg:21: actuators[3].lines.fault: does not go with kind = \"cell\" "
		"(allowed: fill, vent)\n" },
	{ "run = { line = \"C1\"; };", "run = { line = \"C1\"; }; fault = { line = \"C3\"; };",
		"c.cfg:19: actuators[2].lines.fault.bias: unplugged it floats, and reads anything; "
		"write bias = \"pull-down\"; (your own resistor beside it does no harm), or if "
		"there is only that resistor, or acknowledge it in this actuator: acknowledged = [ "
		"\"own-resistors\" ];\n" },
	{ " safe = \"active\";", "",
		"c.cfg:21: actuators[3].lines.vent.safe: must be \"active\": a cell without power "
		"must "
		"lose its air, so its vent is a normally open valve\n" },
	{ "line = \"D1\";", "line = \"D1\"; safe = \"active\";",
		"c.cfg:21: actuators[3].lines.fill.safe: does not go with role = "
		"\"fill\" (allowed: line, chip, offset, active_low)\n" },
	{ "line = \"D1\";", "line = \"D1\"; bias = \"pull-up\";",
		"c.cfg:21: actuators[3].lines.fill.bias: does not go with role = "
		"\"fill\" (allowed: line, chip, offset, active_low)\n" },

	// actuators
	{ "kind = \"press\"", "kind = \"pres\"",
		"c.cfg:12: actuators[1].kind: \"pres\" is not known (travel, press, knead, cell, "
		"source, "
		"vibrate, recline, tap, extension, heat, roller; did you mean \"press\"?)\n" },
	{ "name = \"pump\"", "name = \"depth\"",
		"c.cfg:18: actuators[2].name: \"depth\" is already taken\n"
		"c.cfg:20: actuators[3].source: no actuator \"pump\"\n" },
	{ "mm_per_pulse = 1;", "",
		"c.cfg:8: actuators[0].mm_per_pulse: is missing (0.05 ... 20 mm)\n" },
	{ "soft_max_mm = 500", "soft_max_mm = 5",
		"c.cfg:11: actuators[0].soft_max_mm: is not above soft_min_mm\n" },
	{ "current_ma = 100; source", "current_ma = 5001; source",
		"c.cfg:20: actuators[3].current_ma: 5001 is above the chair's current_max_ma (5000 "
		"mA)\n" },
	{ "carriage = \"carriage\"", "carriage = \"carrige\"",
		"c.cfg:12: actuators[1].carriage: no actuator \"carrige\" (did you mean "
		"\"carriage\"?)\n" },
	{ "carriage = \"carriage\";", "",
		"c.cfg:28: reach[0].mm: \"depth\" rides on no carriage\n" },
	{ "carriage = \"carriage\"", "carriage = \"pump\"",
		"c.cfg:12: actuators[1].carriage: \"pump\" is of kind source (travel)\n" },
	{ "source = \"pump\"", "source = \"depth\"",
		"c.cfg:20: actuators[3].source: \"depth\" is of kind press (source)\n" },
	{ "fill_s = 4;", "fill_s = 4; no_pulse_ms = 100;",
		"c.cfg:22: actuators[3].no_pulse_ms: does not go with kind = \"cell\" "
		"(allowed: name, kind, lines, release, source, calibration, sensor, acknowledged, "
		"margin_n, drive_max, on_max_s, duty_max, leak_s, current_ma, fill_s, vent_s)\n" },

	// ceilings that no file can raise
	{ "fill_s = 4;", "fill_s = 4; on_max_s = 151;",
		"c.cfg:22: actuators[3].on_max_s: 151 is out of range (1 ... 150 s)\n" },
	{ "fill_s = 4;", "fill_s = 4; duty_max = 501;",
		"c.cfg:22: actuators[3].duty_max: 501 is out of range (1 ... 500 per mille)\n" },
	{ "carriage = \"carriage\";", "carriage = \"carriage\"; duty_max = 1000;", "" },
	{ "carriage = \"carriage\";", "carriage = \"carriage\"; duty_max = 1001;",
		"c.cfg:12: actuators[1].duty_max: 1001 is out of range (1 ... 1000 per mille)\n" },
	{ "carriage = \"carriage\";", "duty_max = 501;",
		"c.cfg:12: actuators[1].duty_max: 501 is out of range (1 ... 500 per mille without "
		"a carriage)\n"
		"c.cfg:28: reach[0].mm: \"depth\" rides on no carriage\n" },
	{ "mm_per_pulse", "travel_max_s = 61; mm_per_pulse",
		"c.cfg:11: actuators[0].travel_max_s: 61 is out of range (1 ... 60 s)\n" },
	{ "peak_n = 40", "peak_n = 60",
		"c.cfg:29: reach[1].peak_n: 60 is out of range (1 ... 50 N)\n" },
	{ "peak_n = 40", "sustained_n = 26",
		"c.cfg:29: reach[1].sustained_n: 26 is out of range (0 ... 25 N)\n" },
	{ "peak_n = 40", "peak_n = 10; sustained_n = 11",
		"c.cfg:29: reach[1].sustained_n: 11 is out of range (0 ... 10 N)\n" },

	// release
	{ "kind = \"retract\"; max_s = 8; drive = 400;", "kind = \"coast\";",
		"c.cfg:15: actuators[1].release.kind: \"coast\" does not release a press "
		"(retract)\n" },
	{ "kind = \"vent\"; max_s = 4;", "kind = \"coast\";",
		"c.cfg:22: actuators[3].release.kind: \"coast\" does not release a cell (vent)\n" },
	{ "kind = \"vent\"; max_s = 4;", "kind = \"vent\";",
		"c.cfg:22: actuators[3].release.max_s: is missing (0.5 ... 30 s)\n" },
	{ "kind = \"vent\"; max_s = 4;", "kind = \"vent\"; max_s = 4; drive = 500;",
		"c.cfg:22: actuators[3].release.drive: does not go with kind = \"vent\" "
		"(allowed: kind, max_s)\n" },
	{ "vent_s = 2", "vent_s = 5",
		"c.cfg:22: actuators[3].release.max_s: is shorter than vent_s: the cell would not "
		"be empty\n" },
	{ "drive = 400", "drive = 701",
		"c.cfg:15: actuators[1].release.drive: 701 is above drive_max (700 per mille)\n" },
	{ "release = { kind = \"vent\"; max_s = 4; };", "",
		"c.cfg:20: actuators[3].release: is missing (a group { })\n" },

	// calibration and sensor
	{ "(500, 30.0)", "(100, 30.0)",
		"c.cfg:16: actuators[1].calibration[1]: does not rise "
		"(drive and force both rise from pair to pair)\n" },
	{ "(500, 30.0)", "(500, 0)",
		"c.cfg:16: actuators[1].calibration[1]: does not rise "
		"(drive and force both rise from pair to pair)\n" },
	{ "(500, 30.0)", "(500)",
		"c.cfg:16: actuators[1].calibration[1]: has 1 elements (2 numbers)\n" },
	{ "(500, 30.0)", "500",
		"c.cfg:16: actuators[1].calibration[1]: is a whole number, not a list ( )\n" },
	{ "(500, 30.0)", "(500.5, 30.0)",
		"c.cfg:16: actuators[1].calibration[1][0]: "
		"is a number with a point, not a whole number (0 ... 1000 per mille)\n" },
	{ ", (500, 30.0)", "", "c.cfg:16: actuators[1].calibration: has 1 pairs (2 ... 16)\n" },
	{ "n_per_unit = 1.0", "n_per_unit = 0",
		"c.cfg:17: actuators[1].sensor.n_per_unit: 0 would read nothing\n" },

	// groups and reach
	{ "[ \"carriage\", \"shaker\" ]", "[ \"carriage\" ]",
		"c.cfg:26: exclusive[0]: has 1 actuators (2 ... 24)\n" },
	{ "[ \"carriage\", \"shaker\" ]", "[ \"carriage\", \"shakr\" ]",
		"c.cfg:26: exclusive[0][1]: no actuator \"shakr\" (did you mean \"shaker\"?)\n" },
	{ "region = \"calf\"", "region = \"claf\"",
		"c.cfg:29: reach[1].region: \"claf\" is not known (neck, shoulder, upper_back, "
		"mid_back, "
		"lower_back, buttock, upper_arm, forearm, hand, thigh, calf, shin, chest, foot, "
		"head, "
		"throat, "
		"abdomen, knee; did you mean \"calf\"?)\n" },
	{ "region = \"calf\"", "region = \"knee\"",
		"c.cfg:29: reach[1].region: \"knee\" is never pressed (the joint and the vessels "
		"behind it bear "
		"no pressure)\n" },
	{ "region = \"calf\"", "region = \"abdomen\"",
		"c.cfg:29: reach[1].region: \"abdomen\" is never pressed (no bone protects what "
		"lies there)\n" },
	{ "region = \"calf\"", "region = \"throat\"",
		"c.cfg:29: reach[1].region: \"throat\" is never pressed (the airway and the great "
		"vessels lie in "
		"front of the neck)\n" },
	{ "region = \"calf\"", "region = \"head\"",
		"c.cfg:29: reach[1].region: \"head\" is never pressed (the skull and the face bear "
		"no pressure)\n" },
	{ "actuator = \"cell\"", "actuator = \"pump\"",
		"c.cfg:29: reach[1].actuator: \"pump\" is of kind source (press, knead, tap, cell, "
		"vibrate, roller)\n"
		"c.cfg:20: actuators[3]: \"cell\" reaches no region (name it in reach)\n" },
	{ "along = [0.3, 0.7]", "along = [0.7, 0.3]",
		"c.cfg:28: reach[0].along: does not rise (from, to)\n" },
	{ "along = [0.3, 0.7]", "along = [0.3, 1.1]",
		"c.cfg:28: reach[0].along[1]: 1.1 is out of range (-0.5 ... 1)\n" },
	{ "mm = [100, 300]", "mm = [100, 501]",
		"c.cfg:28: reach[0].mm[1]: 501 is out of range (5 ... 500 mm)\n" },
	{ " mm = [100, 300];", "",
		"c.cfg:28: reach[0].mm: is missing (5 ... 500 mm of the carriage)\n" },
	{ "lateral = [0, 80];", "lateral = [0, 80]; mm = [1, 2];",
		"c.cfg:29: reach[1].mm: \"cell\" rides on no carriage\n" },
};

// Whether the text has exactly these problems.
static bool has_problems(struct sandbox *sandbox, const char *text, const char *expected)
{
	struct problems problems = { 0 };
	struct chair chair, untouched;
	bool same;
	char *lines;
	int r;

	memset(&chair, 0x5a, sizeof(chair));
	untouched = chair;
	r = chair_load(sandbox_file(sandbox, "c.cfg", text), &problems, &chair);
	lines = sandbox_lines(&problems);
	same = !strcmp(lines, expected);
	if (!same)
		print_error("--- expected\n%s--- got\n%s", expected, lines);
	free(lines);
	assert_int_equal(r, expected[0] ? -EINVAL : 0);
	if (expected[0])
		assert_memory_equal(&chair, &untouched, sizeof(chair));
	return same;
}

static void the_valid_file_has_no_problem(void **state)
{
	assert_true(has_problems(*state, valid_chair, ""));
}

static void every_error_is_reported(void **state)
{
	size_t wrong = 0;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text = sandbox_edit(valid_chair, cases[i].find, cases[i].replace);

		wrong += !has_problems(*state, text, cases[i].expected);
		free(text);
	}
	assert_int_equal(wrong, 0);
}

// All of them at once.
static void errors_do_not_hide_each_other(void **state)
{
	char *one = sandbox_edit(valid_chair, "id = \"test\"", "id = \"T\"");
	char *two = sandbox_edit(one, "hz = 50", "hz = 5");
	char *three = sandbox_edit(two, "peak_n = 40", "peak_n = 400");

	assert_true(has_problems(*state, three,
		"c.cfg:1: id: \"T\" is not a name (a-z, 0-9, \"_\" and \"-\")\n"
		"c.cfg:6: enable.hz: 5 is out of range (25 ... 100 Hz)\n"
		"c.cfg:29: reach[1].peak_n: 400 is out of range (1 ... 50 N)\n"));
	free(one);
	free(two);
	free(three);
}

static void a_missing_file_is_reported(void **state)
{
	struct problems problems = { 0 };
	struct chair chair;
	char *lines;

	assert_int_equal(chair_load(sandbox_path(*state, "none.cfg"), &problems, &chair), -EINVAL);
	lines = sandbox_lines(&problems);
	assert_string_equal(lines, "none.cfg: cannot be read: No such file or directory\n");
	free(lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_valid_file_has_no_problem),
		cmocka_unit_test(every_error_is_reported),
		cmocka_unit_test(errors_do_not_hide_each_other),
		cmocka_unit_test(a_missing_file_is_reported),
	};

	return cmocka_run_group_tests_name("chair errors", tests, sandbox_setup, sandbox_teardown);
}
