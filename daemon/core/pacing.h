// SPDX-License-Identifier: MIT
//
// Pacing: how long one actuator has pressed of late and where, and when it may press again.
//
// The guard lets go of everything once an actuator has been under drive for more than its share
// of any five minutes, or has pressed one zone for more than that zone's. The planner
// lengthens rests by this account, and the session waits by it, so that the guard's rules never
// have to act on a valid plan: not after a skipped rest, a repeated hold, or a second session
// right after the first.
#ifndef CHAIRD_CORE_PACING_H
#define CHAIRD_CORE_PACING_H

#include <stdint.h>

#include "core/chair.h"
#include "core/zone.h"

#define PACING_INTERVALS_MAX 32

struct pacing {
	int n;
	struct {
		int64_t from_us, to_us;
		struct zone zone;         // everywhere for what does not ride
	} interval[PACING_INTERVALS_MAX]; // under drive, oldest first, disjoint
};

// How long the actuator may be under drive in one go, with a margin for what is counted
// differently in the guard. TIME_NEVER where it has no such ceiling.
int64_t pacing_longest_us(const struct actuator *actuator);

// It was under drive from ... to, at this zone; calls in order of time.
void pacing_note(struct pacing *pacing, int64_t from_us, int64_t to_us, struct zone zone);

// Its carriage does not know where it is: all that was pressed may have been anywhere.
void pacing_forget_zones(struct pacing *pacing);

// The earliest time, now_us or later, from which it may be under drive for need_us on this zone.
int64_t pacing_earliest_us(const struct pacing *pacing, const struct actuator *actuator,
	int64_t now_us, int64_t need_us, struct zone zone);

#endif
