// SPDX-License-Identifier: MIT
//
// A zone of a body: the place that a press on a carriage presses.
//
// It is a stretch of that carriage's way, in mm from its home, both ends included. A press without
// a carriage, or whose position is not known, has a single zone: everywhere.
#ifndef CHAIRD_CORE_ZONE_H
#define CHAIRD_CORE_ZONE_H

#include <math.h>
#include <stdbool.h>

#define ZONE_APART_MM 30 // a roller's breadth: closer zones count as one

struct zone {
	float from_mm, to_mm;
};

#define ZONE_EVERYWHERE ((struct zone){ -INFINITY, INFINITY })

// NAN (position not known): everywhere.
static inline struct zone zone_at(double mm)
{
	return isnan(mm) ? ZONE_EVERYWHERE : (struct zone){ (float)mm, (float)mm };
}

// Within error_mm of it.
static inline struct zone zone_near_mm(double mm, double error_mm)
{
	return isnan(mm) ? ZONE_EVERYWHERE
			 : (struct zone){ (float)(mm - error_mm), (float)(mm + error_mm) };
}

static inline struct zone zone_join(struct zone a, struct zone b)
{
	return (struct zone){ a.from_mm < b.from_mm ? a.from_mm : b.from_mm,
		a.to_mm > b.to_mm ? a.to_mm : b.to_mm };
}

static inline bool zone_near(struct zone a, struct zone b, float apart_mm)
{
	return a.from_mm <= b.to_mm + apart_mm && b.from_mm <= a.to_mm + apart_mm;
}

#endif
