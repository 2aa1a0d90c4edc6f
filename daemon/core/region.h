// SPDX-License-Identifier: MIT
//
// Body regions and their force ceilings.
//
// The ceilings are compiled in: no file and no message can raise them. They are this
// project's own and lie at or below half of the quasi-static contact limits of
// ISO/TS 15066 table A.2 as transcribed in public sources (those are limits for accidental
// contact of healthy adults, not a dose). The foot is not in that table: it has the calf's.
#ifndef CHAIRD_CORE_REGION_H
#define CHAIRD_CORE_REGION_H

enum region {
	REGION_NECK, // its back only
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
	REGION_FOOT, // its sole
	// Never pressed. They have names so that a file that names one gets the reason.
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

struct region_ceiling region_ceiling(enum region region);

const char *side_name(enum side side);

#endif
