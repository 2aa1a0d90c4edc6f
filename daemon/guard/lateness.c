// SPDX-License-Identifier: MIT
//
// The lateness of steps. After a late step the missed ticks are not replayed: the charge pump
// toggles once, and a drive grows by one tick's worth.
#include "guard/guard_private.h"

#define SHED_US (50 * US_PER_MS)
#define TRIP_US (250 * US_PER_MS)

static const int64_t bucket_below_us[LATENESS_BUCKETS] = {
	100,
	300,
	1000,
	3000,
	10000,
	SHED_US,
	TRIP_US,
	TIME_NEVER,
};

void lateness_count(struct guard *guard, int64_t due_us)
{
	int64_t late_us = guard->now_us - due_us;
	int bucket = 0;

	if (!guard_moves(guard))
		return;
	while (late_us >= bucket_below_us[bucket])
		bucket++;
	guard->lateness[bucket] += guard->tick;
	guard->shed += late_us > SHED_US;
	if (late_us > TRIP_US)
		mode_trip(guard, REASON_LATE, -1);
}
