// SPDX-License-Identifier: MIT
//
// Breathing rhythm of a profile: ramps rise during the exhale and wait during the inhale.
//
//      exhale      inhale    exhale      inhale
//   |###########|_________|###########|_________   # a ramp rises
//
// The rhythm is a clock; nobody's breath is measured.
#ifndef CHAIRD_CORE_BREATH_H
#define CHAIRD_CORE_BREATH_H

#include <stdbool.h>
#include <stdint.h>

struct breath {
	int64_t origin_us; // an exhale begins here
	double inhale_s, exhale_s;
};

// True during the exhale; always if the profile has no rhythm (an exhale or inhale of 0 s).
bool breath_exhales(const struct breath *breath, int64_t now_us);

// The longest duration of a ramp of ramp_s seconds that rises only during the exhale.
double breath_ramp_max_s(const struct breath *breath, double ramp_s);
// Its likely duration: halfway between the shortest and the longest.
double breath_ramp_likely_s(const struct breath *breath, double ramp_s);

#endif
