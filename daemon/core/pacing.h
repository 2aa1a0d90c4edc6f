// SPDX-License-Identifier: MIT
//
// Pacing: the recent presses of one actuator, by time and zone, and its earliest next press.
//
// The guard releases everything if an actuator is under drive for more than its share of any five
// minutes, or presses one zone for more than that zone's share. The planner lengthens rests and
// the session waits by this account, so that the guard never has to end a valid plan: also after
// a skipped rest, a repeated hold, or a second session right after the first.
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
		struct zone zone;         // everywhere for an actuator without a carriage
	} interval[PACING_INTERVALS_MAX]; // under drive, oldest first, disjoint
};

// The longest unbroken drive, with a margin for the guard's slightly different counting.
// TIME_NEVER: no such ceiling.
int64_t pacing_longest_us(const struct actuator *actuator);

// Record drive from ... to at this zone; calls in order of time.
void pacing_note(struct pacing *pacing, int64_t from_us, int64_t to_us, struct zone zone);

// The carriage's position is not known: each recorded press may have been anywhere.
void pacing_forget_zones(struct pacing *pacing);

// The earliest time, now_us or later, at which a drive of need_us on this zone may begin.
int64_t pacing_earliest_us(const struct pacing *pacing, const struct actuator *actuator,
	int64_t now_us, int64_t need_us, struct zone zone);

#endif
