// SPDX-License-Identifier: MIT
//
// A scenario: timed actions on a chair and expectations, read from a folder's `input`
// (tests/README.md).
#ifndef TESTS_SCENARIO_SCENARIO_H
#define TESTS_SCENARIO_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SCENARIO_LINES_MAX 48

// "at 20 VERB ..." or "on hold#2 +5 VERB ...".
struct scenario_action {
	int line;         // of the input
	char phase[24];   // "" : at a fixed time
	int occurrence;   // of the phase, 1-based
	int64_t delay_us; // after the phase began, or the fixed time
	char verb[160];
};

// "expect WORDS [within TIME]" or "expect never WORDS [within TIME]", from the action above it on.
struct scenario_expectation {
	int line;
	int action; // -1: from the beginning
	bool never;
	char words[100];
	int64_t within_us;
};

// "show TIME": the pins from the action above it on.
struct scenario_window {
	int action;
	int64_t length_us;
};

struct scenario {
	char dir[200];
	char chair[300];        // file
	char profile[48];       // name of a shipped one, "" none
	char profile_file[300]; // or a file
	uint64_t seed;
	bool empty_seat;
	int64_t frame_delay_us;
	int64_t tolerance_us; // of the trace checker
	int64_t until_us;
	struct scenario_action actions[SCENARIO_LINES_MAX];
	size_t n_actions;
	struct scenario_expectation expectations[SCENARIO_LINES_MAX];
	size_t n_expectations;
	struct scenario_window windows[SCENARIO_LINES_MAX];
	size_t n_windows;
};

// 0, or -EINVAL with every wrong line on stderr.
int scenario_load(const char *dir, struct scenario *ret_scenario);

#endif
