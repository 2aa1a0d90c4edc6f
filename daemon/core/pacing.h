// SPDX-License-Identifier: MIT
//
// Pacing: how long one actuator has pressed of late, and when it may press again.
//
// The guard lets go of everything once an actuator has been under drive for more than its share
// of any five minutes. The planner lengthens rests by this account, and the session waits by it,
// so that the guard's rule never has to act on a valid plan: not after a skipped rest, a
// repeated hold, or a second session right after the first.
#ifndef CHAIRD_CORE_PACING_H
#define CHAIRD_CORE_PACING_H

#include <stdint.h>

#include "core/chair.h"

#define PACING_SPELLS_MAX 32

struct pacing {
	int n;
	struct {
		int64_t from_us, to_us;
	} spell[PACING_SPELLS_MAX]; // under drive, oldest first, disjoint
};

// What the actuator may be under drive in any DUTY_WINDOW_S, with a margin for what is counted
// differently in the guard. TIME_NEVER where it has no such ceiling.
int64_t pacing_allowed_us(const struct actuator *actuator);

// It was under drive from ... to; calls in order of time.
void pacing_note(struct pacing *pacing, int64_t from_us, int64_t to_us);

// The earliest time, now_us or later, from which it may be under drive for need_us.
int64_t pacing_earliest_us(const struct pacing *pacing, int64_t now_us, int64_t need_us,
	int64_t allowed_us);

// The shortest rest, rest_s or longer, with which presses of press_s each may go on for ever.
double pacing_rest_s(double press_s, double rest_s, int64_t allowed_us);

#endif
