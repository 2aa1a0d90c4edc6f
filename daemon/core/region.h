// SPDX-License-Identifier: MIT
//
// Body regions and how hard each may be pressed at most.
//
// The ceilings are compiled in: no file and no message can raise them. They are this
// project's own and lie at or below half of the quasi-static contact limits of
// ISO/TS 15066 table A.2 as transcribed in public sources (those are limits for accidental
// contact of healthy adults, not a dose).
#ifndef CHAIRD_CORE_REGION_H
#define CHAIRD_CORE_REGION_H

#include <stdbool.h>

enum region {
	REGION_NECK, // the back of it only
	REGION_SHOULDER,
	REGION_UPPER_BACK,
	REGION_MID_BACK,
	REGION_LOWER_BACK,
	REGION_BUTTOCK,
	REGION_UPPER_ARM,
	REGION_FOREARM,
	REGION_HAND,
	REGION_THIGH,
	REGION_CALF,
	REGION_SHIN,
	REGION_CHEST,
	// Never pressed. They have names so that a file which asks for one is told why not.
	REGION_HEAD,
	REGION_THROAT,
	REGION_ABDOMEN,
	REGION_KNEE,
	REGION_COUNT,
};

enum side {
	SIDE_LEFT = 1,
	SIDE_RIGHT = 2,
	SIDE_BOTH = SIDE_LEFT | SIDE_RIGHT, // a set, as in "reaches both sides"
	SIDE_MIDDLE = 4,
};

struct region_ceiling {
	double peak_n;      // never above it; 0: the region is forbidden
	double sustained_n; // the most that a hold may keep; 0: no hold at all
};

// "upper_back" and so on; never NULL for a valid region.
const char *region_name(enum region region);

// False and *ret_region untouched where the name is unknown.
bool region_parse(const char *name, enum region *ret_region);

struct region_ceiling region_ceiling(enum region region);

const char *side_name(enum side side);
bool side_parse(const char *name, enum side *ret_side);

#endif
