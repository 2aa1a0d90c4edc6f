// SPDX-License-Identifier: MIT
#include "unsafe_chair.h"

#include <errno.h>

const char safe_chair[] =
	"id = \"test\"; model = \"Test chair\"; current_max_ma = 5000;\n"
	"enable = { line = \"GPIO16\"; hz = 50; };\n"
	"inputs = {\n" // 3
	"  estop = { line = \"GPIO5\"; active_low = true; bias = \"pull-up\"; };\n"
	"  seat = { line = \"GPIO6\"; active_low = true; bias = \"pull-up\"; };\n"
	"  reset = { line = \"GPIO7\"; active_low = true; bias = \"pull-up\"; };\n" // 6
	"};\n"
	"actuators = (\n"
	"  { name = \"carriage\"; kind = \"travel\"; current_ma = 1000;\n"
	"    lines = {\n" // 10
	"      forward = { line = \"GPIO17\"; }; reverse = { line = \"GPIO18\"; };\n"
	"      pwm = { line = \"GPIO19\"; };\n"
	"      home = { line = \"GPIO2\"; active_low = true; bias = \"pull-up\"; };\n" // 13
	"      end = { line = \"GPIO3\"; bias = \"pull-up\"; };\n"
	"      pulse = { line = \"EXTRA1\"; bias = \"pull-down\"; };\n" // 15
	"    };\n"
	"    mm_per_pulse = 1; soft_min_mm = 5; soft_max_mm = 500; speed_mm_s = 50;\n"
	"    release = { kind = \"coast\"; }; },\n" // 18
	"  { name = \"depth\"; kind = \"press\"; current_ma = 1000; carriage = \"carriage\";\n"
	"    lines = {\n"
	"      forward = { line = \"GPIO20\"; };\n" // 21
	"      reverse = { line = \"GPIO21\"; };\n"
	"      pwm = { line = \"GPIO22\"; };\n" // 23
	"      home = { line = \"GPIO4\"; active_low = true; bias = \"pull-up\"; };\n"
	"    };\n"
	"    drive_max = 800;\n" // 26
	"    release = { kind = \"retract\"; max_s = 6; drive = 500; };\n"
	"    calibration = ( " TABLE " );\n" // 28
	SENSOR " },\n"
	"  { name = \"pump\"; kind = \"source\"; current_ma = 1000; "
	"release = { kind = \"coast\"; };\n"
	"    lines = { run = { line = \"GPIO23\"; }; }; },\n" // 31
	"  { name = \"cell\"; kind = \"cell\"; current_ma = 100; source = \"pump\";\n"
	"    lines = {\n"
	"      fill = { line = \"GPIO24\"; };\n" // 34
	"      vent = { line = \"GPIO25\"; active_low = true; safe = \"active\"; };\n"
	"    };\n"
	"    fill_s = 4; vent_s = 2; release = { kind = \"vent\"; max_s = 4; };\n" // 37
	"    calibration = ( (0, 0.0), (1000, 45.0) );\n"
	"    sensor = { device = \"cells\"; channel = \"in_pressure0\"; " // 39
	"n_per_unit = 1.0; }; }\n"
	");\n"
	"reach = (\n"
	"  { region = \"mid_back\"; actuator = \"depth\"; along = [0.3, 0.7]; lateral = [0, 90];\n"
	"    mm = [100, 300]; },\n"
	"  { region = \"neck\"; actuator = \"depth\"; along = [-0.2, 0.0]; lateral = [0, 60];\n"
	"    mm = [20, 90]; },\n"
	"  { region = \"calf\"; actuator = \"cell\"; along = [0.0, 1.0]; lateral = [0, 80]; }\n"
	");\n";

char *chair_problems(struct sandbox *sandbox, const char *text, struct chair *ret_chair)
{
	struct problems problems = { 0 };
	struct chair chair;
	int r = chair_load(sandbox_file(sandbox, "c.cfg", text), &problems, &chair);
	char *lines = sandbox_lines(&problems);

	assert_int_equal(r, lines[0] ? -EINVAL : 0);
	if (r == 0 && ret_chair)
		*ret_chair = chair;
	if (lines[0])
		return lines;
	free(lines);
	return NULL;
}

// Whether it is exactly one problem, at that place, with those words.
static bool is_the_problem(const struct unsafe_chair *unsafe, const char *lines)
{
	char where[120];

	snprintf(where, sizeof(where), "c.cfg:%s: ", unsafe->where);
	return lines && !strncmp(lines, where, strlen(where)) &&
		strchr(lines, '\n') == lines + strlen(lines) - 1 && strstr(lines, unsafe->words) &&
		strstr(lines, unsafe->remedy);
}

// With the message's "acknowledged = [ ... ];" in the group that the message names.
static char *acknowledge(const char *text, const char *actuator, const char *lines)
{
	const char *from = strstr(lines, "acknowledged = "), *to = from ? strstr(from, "];") : NULL;
	char find[64], replace[200];

	assert_non_null(to);
	snprintf(find, sizeof(find), *actuator ? "name = \"%s\";" : "inputs = {%s", actuator);
	snprintf(replace, sizeof(replace), "%.*s\n%s", (int)(to + 2 - from), from, find);
	return sandbox_edit(text, find, replace);
}

static char *unsafe_text(const struct unsafe_chair *unsafe)
{
	char *text = sandbox_edit(safe_chair, unsafe->find, unsafe->replace), *pumpless;

	if (!unsafe->pumpless)
		return text;
	pumpless = sandbox_edit(text, PUMP, NO_PUMP);
	free(text);
	return pumpless;
}

// Whether the text has no problem; if it has, print it.
static bool passes(struct sandbox *sandbox, size_t i, const char *text, const char *how)
{
	char *lines = chair_problems(sandbox, text, NULL);

	if (lines)
		print_error("case %zu, %s, still: %s", i, how, lines);
	free(lines);
	return !lines;
}

// The i-th is found, and passes once it is mended exactly as the message says.
static bool is_proved(struct sandbox *sandbox, const struct unsafe_chair *unsafe, size_t i)
{
	char *text = unsafe_text(unsafe), *lines = chair_problems(sandbox, text, NULL), *fixed;
	bool proved = is_the_problem(unsafe, lines);

	if (unsafe->remedy[strlen(unsafe->remedy) - 1] == ';')
		assert_non_null(strstr(unsafe->fix_replace, unsafe->remedy));
	if (!proved)
		print_error("case %zu: expected\n%s: ... %s ... %s\n--- got\n%s", i, unsafe->where,
			unsafe->words, unsafe->remedy, lines ? lines : "nothing\n");
	fixed = sandbox_edit(text, unsafe->fix_find, unsafe->fix_replace);
	proved &= passes(sandbox, i, fixed, "mended");
	free(fixed);
	if (unsafe->actuator && proved) {
		fixed = acknowledge(text, unsafe->actuator, lines);
		proved &= passes(sandbox, i, fixed, "acknowledged");
		free(fixed);
	} else if (strstr(lines ? lines : "", "acknowledge it")) {
		print_error("case %zu: may be acknowledged, and should not\n", i);
		proved = false;
	}
	free(text);
	free(lines);
	return proved;
}

void assert_all_proved(struct sandbox *sandbox, const struct unsafe_chair chairs[], size_t n)
{
	size_t wrong = 0;

	for (size_t i = 0; i < n; i++)
		wrong += !is_proved(sandbox, &chairs[i], i);
	assert_int_equal(wrong, 0);
}
