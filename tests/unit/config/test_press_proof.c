// SPDX-License-Identifier: MIT
//
// Chair files whose releases do not get home, or whose tables and sensors are not plausible.
#include "unsafe_chair.h"

// The cell of the safe chair, from its lines to its sensor; and one with one valve and no sensor.
#define TWO_VALVES \
	"      fill = { line = \"GPIO24\"; };\n" \
	"      vent = { line = \"GPIO25\"; active_low = true; safe = \"active\"; };\n" \
	"    };\n" \
	"    fill_s = 4; vent_s = 2; release = { kind = \"vent\"; max_s = 4; };\n" \
	"    calibration = ( (0, 0.0), (1000, 45.0) );\n" \
	"    sensor = { device = \"cells\"; channel = \"in_pressure0\"; n_per_unit = 1.0; };"
#define ONE_VALVE(full) \
	"      valve = { line = \"GPIO24\"; };\n" \
	"    };\n" \
	"    fill_s = 4; vent_s = 2; release = { kind = \"vent\"; max_s = 4; };\n" \
	"    calibration = ( (0, 0.0), (1000, " full ") );"

static const struct unsafe_chair bads[] = {
	// releases that do not get home
	{ "max_s = 6;", "max_s = 0.5;", "27: actuators[1].release.max_s",
		"0.5 s is too short to get home: stroke_mm (80 mm) at drive = 500 takes 4.7 s",
		"max_s = 5.9;", "max_s = 0.5;", "max_s = 5.9;", NULL, 0 },
	{ "drive = 500;", "drive = 100;", "27: actuators[1].release.drive",
		"100 is too weak to get home: by its table the press begins to move at 100",
		"drive = 490;", "drive = 100;", "drive = 490;", NULL, 0 },
	{ "drive = 500;", "drive = 200;", "27: actuators[1].release.max_s", "takes 20.1 s",
		"max_s = 25.1;", "max_s = 6;", "max_s = 25.1;", NULL, 0 },
	// no time that is allowed is enough: a harder drive, and the time for that
	{ "max_s = 6; drive = 500;", "max_s = 2; drive = 190;", "27: actuators[1].release.drive",
		"190 is too weak to get home", "drive = 800; max_s = 3.5;",
		"max_s = 2; drive = 190;", "drive = 800; max_s = 3.5;", NULL, 0 },
	// without a table by that of a usual press
	{ "max_s = 6; drive = 500; };\n    calibration = ( " TABLE " );\n" SENSOR,
		"max_s = 5; drive = 500; }; acknowledged = [ \"uncalibrated\" ];",
		"27: actuators[1].release.max_s", "takes 4.6 s", "max_s = 5.8;", "max_s = 5;",
		"max_s = 5.8;", NULL, 0 },

	// tables and sensors that are not plausible
	{ TABLE, "(300, 60.0), (800, 120.0)", "28: actuators[1].calibration[0]",
		"begins at 60 N: the force of a drive below 300 is not known", "(permille, 0.0)",
		"(300, 60.0)", "(100, 0.0), (300, 60.0)", NULL, 0 },
	{ "(200, 8.0), (400, 26.0)", "(200, 8.0), (210, 26.0)", "28: actuators[1].calibration[2]",
		"jumps by 18 N within 10 per mille", "correct or remove the wrong one",
		", (210, 26.0)", "", NULL, 0 },
	{ TABLE, "(100, 0.0), (130, 50.0)", "28: actuators[1].calibration[1]",
		"jumps by 50 N within 30 per mille", "correct or remove the wrong one",
		"(130, 50.0)", "(200, 50.0)", NULL, 0 },
	{ TABLE, "(100, 0.0), (200, 80.0), (800, 90.0)", "28: actuators[1].calibration[1]",
		"jumps by 80 N within 100 per mille", "correct or remove the wrong one",
		"(200, 80.0)", "(200, 15.0)", NULL, 0 },
	{ "(0, 0.0), (1000, 45.0)", "(0, 20.0), (1000, 45.0)", "38: actuators[3].calibration[0]",
		"begins at 20 N, and nothing presses without drive", "(0, 0.0)", "(0, 20.0)",
		"(0, 0.0)", NULL, 0 },
	{ "(0, 0.0), (1000, 45.0)", "(0, 0.0), (500, 2.0), (520, 20.0), (1000, 45.0)",
		"38: actuators[3].calibration[2]", "jumps by 18 N within 20 per mille",
		"correct or remove the wrong one", ", (520, 20.0)", "", NULL, 0 },
	{ "    calibration = ( " TABLE " );\n", "\n", "29: actuators[1].sensor",
		"nothing checks it", "calibration = (", "drive_max = 800;",
		"drive_max = 800; calibration = ( " TABLE " );", NULL, 0 },
	{ "    calibration = ( " TABLE " );\n" SENSOR, "", "19: actuators[1].calibration",
		"no ceiling in newtons does", "calibration = (", "drive_max = 800;",
		"drive_max = 800; calibration = ( " TABLE " );", "depth", 0 },
	{ "zero_n = 12.0;", "zero_n = 600.0;", "29: actuators[1].sensor.zero_n",
		"600 N is beyond what the sensor can read (range_n = 500)", "range_n = 705;",
		"zero_n = 600.0;", "zero_n = 600.0; range_n = 705;", NULL, 0 },
	{ "zero_n = 12.0;", "zero_n = -501.0;", "29: actuators[1].sensor.zero_n",
		"-501 N is beyond what the sensor can read", "range_n = 606;", "zero_n = -501.0;",
		"zero_n = -501.0; range_n = 606;", NULL, 0 },
	{ "zero_n = 12.0;", "zero_n = 450.0;", "29: actuators[1].sensor.zero_n",
		"the sensor measures 50 N, and the ceiling is 105 N", "range_n = 555;",
		"zero_n = 450.0;", "zero_n = 450.0; range_n = 555;", NULL, 0 },
	{ "channel = \"in_pressure0\"; n_per_unit = 1.0;",
		"channel = \"in_pressure0\"; n_per_unit = 1.0; range_n = 40;",
		"39: actuators[3].sensor.range_n",
		"the sensor measures 40 N, and the ceiling is 50 N", "range_n = 50;",
		"range_n = 40;", "range_n = 50;", NULL, 0 },
	{ "device = \"cells\"; channel = \"in_pressure0\"",
		"device = \"hx711\"; channel = \"in_voltage0\"", "39: actuators[3].sensor.channel",
		"in_voltage0 of hx711 is already read for depth", "write the channel of this one",
		"device = \"hx711\"; channel = \"in_voltage0\"; n_per_unit = 1.0; }; }\n);",
		"device = \"hx711\"; channel = \"in_voltage1\"; n_per_unit = 1.0; }; }\n);", NULL,
		0 },
	{ "drive_max = 800;", "drive_max = 800; stroke_mm = 160;", "27: actuators[1].release.max_s",
		"stroke_mm (160 mm)", "max_s = 11.6;", "max_s = 6;", "max_s = 11.6;", NULL, 0 },
	{ "drive_max = 800;", "drive_max = 800; speed_mm_s = 10;", "27: actuators[1].release.max_s",
		"takes 18.4 s", "max_s = 23.0;", "max_s = 6;", "max_s = 23.0;", NULL, 0 },

	{ "device = \"cells\"", "device = \"iio:device0\"", "39: actuators[3].sensor.device",
		"iio:device0 is a number of the kernel, which changes", "its name", "iio:device0",
		"/sys/bus/i2c/devices/1-0048", NULL, 0 },

	// a stuck pump fills a cell of one valve to the full
	{ TWO_VALVES, ONE_VALVE("45.0"), "37: actuators[3].calibration",
		"full is 45 N, and its reach bears 25 N in a hold", "a relief valve", "45.0",
		"25.0", "cell", 0 },
	{ TWO_VALVES, ONE_VALVE("51.0"), "37: actuators[3].calibration",
		"full is 51 N, and its reach bears 50 N at most", "a relief valve", "51.0", "25.0",
		NULL, 0 },
	{ TWO_VALVES, ONE_VALVE("25.0") "acknowledged = [ \"overfill\" ];",
		"37: actuators[3].acknowledged[0]",
		"there is nothing to acknowledge as \"overfill\"", "remove it",
		"acknowledged = [ \"overfill\" ];", "", NULL, 0 },
};

static void every_finding_comes_with_its_remedy(void **state)
{
	assert_all_proved(*state, bads, sizeof(bads) / sizeof(bads[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_finding_comes_with_its_remedy),
	};

	return cmocka_run_group_tests_name("press proof", tests, sandbox_setup, sandbox_teardown);
}
