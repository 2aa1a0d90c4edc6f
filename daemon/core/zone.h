// SPDX-License-Identifier: MIT
//
// A zone of a body: where a press that rides on a carriage presses.
//
// It is a stretch of that carriage's way, in mm from its home, both ends included. A press that
// does not ride has only one zone, and so has one whose position is not known: all of the body.
#ifndef CHAIRD_CORE_ZONE_H
#define CHAIRD_CORE_ZONE_H

#include <math.h>
#include <stdbool.h>

#define ZONE_APART_MM 30 // a roller's breadth: what lies closer together is one zone

struct zone {
	float from_mm, to_mm;
};

#define ZONE_EVERYWHERE ((struct zone){ -INFINITY, INFINITY })

// NAN, a position that is not known, is everywhere.
static inline struct zone zone_at(double mm)
{
	return isnan(mm) ? ZONE_EVERYWHERE : (struct zone){ (float)mm, (float)mm };
}

static inline struct zone zone_join(struct zone a, struct zone b)
{
	return (struct zone){ fminf(a.from_mm, b.from_mm), fmaxf(a.to_mm, b.to_mm) };
}

static inline bool zone_near(struct zone a, struct zone b, float apart_mm)
{
	return a.from_mm <= b.to_mm + apart_mm && b.from_mm <= a.to_mm + apart_mm;
}

#endif
