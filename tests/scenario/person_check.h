// SPDX-License-Identifier: MIT
//
// The checker of what the person feels: finds what must never happen to anybody, by the plant's
// truth. Like the checker of pin traces it has the chair file from a reader of its own, and the
// ceilings of the regions from a table of its own, and shares no code with the guard.
//
//   peak       more than 1.1 times the peak ceiling of what lies under it, for more than 0.5 s
//   sustained  a mean (of 3 s) of more than 1.1 times the sustained ceiling, for more than 3 s
//   untold     pressed with more than 4 N for more than 0.5 s by what is reported as released
#ifndef TESTS_SCENARIO_PERSON_CHECK_H
#define TESTS_SCENARIO_PERSON_CHECK_H

#include <stdio.h>

#include "trace_chair.h"

#define PERSON_FREE_N   1.0 // nobody feels that
#define PERSON_UNTOLD_N 4.0 // released means below 3 N by a sensor with its noise

enum person_rule { PERSON_PEAK, PERSON_SUSTAINED, PERSON_UNTOLD, PERSON_RULE_COUNT };

struct person_check {
	const struct trace_chair *chair;
	int64_t now_us;
	struct {
		double mean_n;
		int64_t mean_us;                     // up to when
		int64_t since_us[PERSON_RULE_COUNT]; // it is so; INT64_MAX: it is not
		bool seen[PERSON_RULE_COUNT];        // it has been reported
	} by[TRACE_ACTUATORS_MAX];
	size_t n; // violations
	char first[160];
	double most_n; // that anybody ever felt
};

void person_check_start(struct person_check *check, const struct trace_chair *chair);

// At each step: time first, then what each actuator that presses does.
void person_check_time(struct person_check *check, int64_t now_us);
// Its carriage stands at position_mm, NAN where it has none. told: it is reported as not released.
// True where this makes a violation that was not there before.
bool person_check_force(struct person_check *check, size_t actuator, double force_n,
	double position_mm, bool told);

#endif
