// SPDX-License-Identifier: MIT
//
// Checker of the forces on the person, and of the width of rollers, by the plant's true values.
//
// Like the checker of pin traces it has its own reader of the chair file and its own table of the
// regions' ceilings, and shares no code with the guard.
//
//   peak        more than 1.1 times the region's peak ceiling, for more than 0.5 s
//   sustained   a mean (of 3 s) of more than 1.1 times the sustained ceiling, for more than 3 s
//   unreported  more than 4 N for more than 0.5 s from an actuator that is reported as released
//   hot         more than 1 degree above a heater's cut-off temperature, for more than 1 s
//   width       a knead is reported to stand at a position contact, and its eccentric is elsewhere
//               for more than 0.5 s
//
// A sensor that is wrong by less than its margin in the chair file cannot be distinguished from a
// good one: for an actuator in wrong_sensors that margin is added to both ceilings.
#ifndef CHAIRD_CHECKER_PERSON_CHECK_H
#define CHAIRD_CHECKER_PERSON_CHECK_H

#include <stdio.h>

#include "checker/trace_chair.h"

#define PERSON_FREE_N       1.0 // not felt
#define PERSON_UNREPORTED_N 4.0 // released means below 3 N by a sensor with its noise

enum person_rule {
	PERSON_PEAK,
	PERSON_SUSTAINED,
	PERSON_UNREPORTED,
	PERSON_HOT,
	PERSON_WIDTH,
	PERSON_RULE_COUNT
};

struct person_check {
	const struct trace_chair *chair;
	int64_t now_us;
	uint32_t wrong_sensors; // by actuator index; set by the caller
	struct {
		double mean_n;
		int64_t mean_us;                     // time of the mean
		int64_t since_us[PERSON_RULE_COUNT]; // start of a violation; INT64_MAX: none
		bool seen[PERSON_RULE_COUNT];        // the violation has been counted
	} by[TRACE_ACTUATORS_MAX];
	size_t n; // violations
	char first[160];
	double highest_n; // force so far
};

void person_check_start(struct person_check *check, const struct trace_chair *chair);

// At each step: the time first, then the force of each press and cell.
void person_check_time(struct person_check *check, int64_t now_us);
// position_mm: of its carriage, NAN without one. reported: it is reported as not released. True if
// this is a new violation.
bool person_check_force(struct person_check *check, size_t actuator, double force_n,
	double position_mm, bool reported);
// turn_permille: the true place of a knead's eccentric. there: it is reported to stand at the width
// demanded. True if this is a new violation.
bool person_check_width(struct person_check *check, size_t actuator, double turn_permille,
	bool there);

// The temperature of a heater, in degrees Celsius, likewise.
bool person_check_heat(struct person_check *check, size_t actuator, double temperature_c);

#endif
