// SPDX-License-Identifier: MIT
//
// Breathing with the person: presses grow while one breathes out and wait while one breathes in.
//
//      exhale      inhale    exhale      inhale
//   |###########|_________|###########|_________   a ramp moves where # stands
//
// A session breathes by its profile's clock; it does not measure anyone's breath.
#ifndef CHAIRD_CORE_BREATH_H
#define CHAIRD_CORE_BREATH_H

#include <stdbool.h>
#include <stdint.h>

struct breath {
	int64_t origin_us; // an exhale begins here
	double inhale_s, exhale_s;
};

// True in the exhale; always where the profile does not breathe (an exhale or inhale of 0 s).
bool breath_exhales(const struct breath *breath, int64_t now_us);

// The longest that a ramp of ramp_s seconds can take when it moves on the exhale only.
double breath_ramp_max_s(const struct breath *breath, double ramp_s);

#endif
