// SPDX-License-Identifier: MIT
//
// Unsafe chair files, each made by one edit of a safe one.
//
// An unsafe file must give exactly one problem, at the expected line, in the expected words; and
// it must load once it is mended as that problem says.
#ifndef CHAIRD_TESTS_UNIT_CONFIG_UNSAFE_CHAIR_H
#define CHAIRD_TESTS_UNIT_CONFIG_UNSAFE_CHAIR_H

#include <stdbool.h>

#include "sandbox.h"

#define PUMP    "enable = { line = \"GPIO16\"; hz = 50; };"
#define NO_PUMP "acknowledged = [ \"no-charge-pump\" ];"
#define TABLE   "(100, 0.0), (200, 8.0), (400, 26.0), (600, 44.0), (800, 62.0)"
#define SENSOR \
	"    sensor = { device = \"hx711\"; channel = \"in_voltage0\"; " \
	"n_per_unit = 1.0; zero_n = 12.0; };"

extern const char safe_chair[]; // the text of a chair file without a problem

struct unsafe_chair {
	const char *find, *replace;         // the edit of safe_chair
	const char *where;                  // line and key of the one problem
	const char *words;                  // of the problem
	const char *remedy;                 // the text that the problem says to write
	const char *fix_find, *fix_replace; // the edit of the unsafe file that does so
	const char *actuator; // the risk's owner ("": the chair) may acknowledge it; NULL: nobody
	bool pumpless;        // also without a charge pump, acknowledged
};

// The problems of a chair file with this text, one a line; NULL if there are none, with the chair
// in *ret_chair unless that is NULL. To be freed.
char *chair_problems(struct sandbox *sandbox, const char *text, struct chair *ret_chair);
void assert_all_proved(struct sandbox *sandbox, const struct unsafe_chair chairs[], size_t n);

#endif
