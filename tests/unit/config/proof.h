// SPDX-License-Identifier: MIT
//
// A chair file that is safe, and the proof of one that is not: it is found where it stands, in so
// many words, and what the message says to write makes the file pass.
#ifndef CHAIRD_TESTS_UNIT_CONFIG_PROOF_H
#define CHAIRD_TESTS_UNIT_CONFIG_PROOF_H

#include "sandbox.h"

#include <errno.h>
#include <stdbool.h>

#define PUMP    "enable = { line = \"GPIO16\"; hz = 50; };"
#define NO_PUMP "acknowledged = [ \"no-charge-pump\" ];"
#define TABLE   "(100, 0.0), (200, 8.0), (400, 26.0), (600, 44.0), (800, 62.0)"
#define SENSOR \
	"    sensor = { device = \"hx711\"; channel = \"in_voltage0\"; " \
	"n_per_unit = 1.0; zero_n = 12.0; };"

static const char good[] =
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

struct bad {
	const char *find, *replace;         // in the good file: makes it bad
	const char *where;                  // line and key of the one problem
	const char *words;                  // what is wrong with it
	const char *remedy;                 // what it says to write
	const char *fix_find, *fix_replace; // in the bad file: doing so
	const char *actuator; // whose risk it is, "" of the chair: may be acknowledged; or NULL
	bool pumpless;
};

// What a text earns; NULL if it is good. To be freed.
static inline char *earned(struct sandbox *sandbox, const char *text, struct chair *ret_chair)
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

// Exactly one problem, at that place, in those words.
static inline bool says(const struct bad *bad, const char *lines)
{
	char where[120];

	snprintf(where, sizeof(where), "c.cfg:%s: ", bad->where);
	return lines && !strncmp(lines, where, strlen(where)) &&
		strchr(lines, '\n') == lines + strlen(lines) - 1 && strstr(lines, bad->words) &&
		strstr(lines, bad->remedy);
}

// "acknowledged = [ ... ];" as the message has it, where the message wants it.
static inline char *acknowledge(const char *text, const char *actuator, const char *lines)
{
	const char *from = strstr(lines, "acknowledged = "), *to = from ? strstr(from, "];") : NULL;
	char find[64], replace[200];

	assert_non_null(to);
	snprintf(find, sizeof(find), *actuator ? "name = \"%s\";" : "inputs = {%s", actuator);
	snprintf(replace, sizeof(replace), "%.*s\n%s", (int)(to + 2 - from), from, find);
	return sandbox_edit(text, find, replace);
}

static inline char *bad_text(const struct bad *bad)
{
	char *text = sandbox_edit(good, bad->find, bad->replace), *pumpless;

	if (!bad->pumpless)
		return text;
	pumpless = sandbox_edit(text, PUMP, NO_PUMP);
	free(text);
	return pumpless;
}

static inline bool passes(struct sandbox *sandbox, size_t i, const char *text, const char *how)
{
	char *lines = earned(sandbox, text, NULL);

	if (lines)
		print_error("case %zu, %s, still: %s", i, how, lines);
	free(lines);
	return !lines;
}

// The i-th is found, and passes once it is mended as the message says, to the letter.
static inline bool is_proved(struct sandbox *sandbox, const struct bad bads[], size_t i)
{
	const struct bad *bad = &bads[i];
	char *text = bad_text(bad), *lines = earned(sandbox, text, NULL), *fixed;
	bool proved = says(bad, lines);

	if (bad->remedy[strlen(bad->remedy) - 1] == ';')
		assert_non_null(strstr(bad->fix_replace, bad->remedy));
	if (!proved)
		print_error("case %zu: expected\n%s: ... %s ... %s\n--- got\n%s", i, bad->where,
			bad->words, bad->remedy, lines ? lines : "nothing\n");
	fixed = sandbox_edit(text, bad->fix_find, bad->fix_replace);
	proved &= passes(sandbox, i, fixed, "mended");
	free(fixed);
	if (bad->actuator && proved) {
		fixed = acknowledge(text, bad->actuator, lines);
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

// Every one of n; to be called by one test.
static inline void all_are_proved(struct sandbox *sandbox, const struct bad bads[], size_t n)
{
	size_t wrong = 0;

	for (size_t i = 0; i < n; i++)
		wrong += !is_proved(sandbox, bads, i);
	assert_int_equal(wrong, 0);
}

#endif
