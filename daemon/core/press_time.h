// SPDX-License-Identifier: MIT
//
// Times of a press: to contact, to its target, until it is released.
//
//   contact | ramp, in exhales | settle | hold | release
//
// The session waits no longer than the longest of each; the planner and the dose use the likely
// ones.
#ifndef CHAIRD_CORE_PRESS_TIME_H
#define CHAIRD_CORE_PRESS_TIME_H

#include <math.h>

#define CONTACT_BLIND_S 3.0 // without a sensor: then the ramp begins
#define CONTACT_MAX_S   9.0 // with a sensor: then the session ends
#define SETTLE_MAX_S    3.0 // the force settles at the end of a ramp

#define CONTACT_LIKELY_S 2.0
#define SETTLE_LIKELY_S  1.0
#define RELEASE_LIKELY_S 2.5

#define MOVE_S 1.5 // a carriage accelerates and settles, besides its way

// The way of a stroke.
static inline double stroke_likely_s(double from_mm, double to_mm, double speed_mm_s)
{
	return MOVE_S + fabs(to_mm - from_mm) / fmax(speed_mm_s, 1);
}

#endif
