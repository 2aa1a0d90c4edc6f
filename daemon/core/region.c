// SPDX-License-Identifier: MIT
#include "core/region.h"

#include <stddef.h>

static const struct {
	const char *name;
	struct region_ceiling ceiling;
} regions[REGION_COUNT] = {
	[REGION_NECK] = { "neck", { 40, 20 } },
	[REGION_SHOULDER] = { "shoulder", { 105, 50 } },
	[REGION_UPPER_BACK] = { "upper_back", { 105, 50 } },
	[REGION_MID_BACK] = { "mid_back", { 105, 50 } },
	[REGION_LOWER_BACK] = { "lower_back", { 105, 50 } },
	[REGION_BUTTOCK] = { "buttock", { 90, 45 } },
	[REGION_UPPER_ARM] = { "upper_arm", { 60, 30 } },
	[REGION_FOREARM] = { "forearm", { 60, 30 } },
	[REGION_HAND] = { "hand", { 35, 15 } },
	[REGION_THIGH] = { "thigh", { 110, 55 } },
	[REGION_CALF] = { "calf", { 50, 25 } },
	[REGION_SHIN] = { "shin", { 50, 0 } },
	[REGION_CHEST] = { "chest", { 35, 0 } },
	[REGION_FOOT] = { "foot", { 50, 25 } },
	[REGION_HEAD] = { "head", { 0, 0 } },
	[REGION_THROAT] = { "throat", { 0, 0 } },
	[REGION_ABDOMEN] = { "abdomen", { 0, 0 } },
	[REGION_KNEE] = { "knee", { 0, 0 } },
};

static const struct {
	const char *name;
	enum side side;
} sides[] = {
	{ "left", SIDE_LEFT },
	{ "right", SIDE_RIGHT },
	{ "both", SIDE_BOTH },
	{ "middle", SIDE_MIDDLE },
};

const char *region_name(enum region region)
{
	return regions[region].name;
}

struct region_ceiling region_ceiling(enum region region)
{
	return regions[region].ceiling;
}

const char *side_name(enum side side)
{
	for (size_t i = 0; i < sizeof(sides) / sizeof(sides[0]); i++) {
		if (sides[i].side == side)
			return sides[i].name;
	}
	return "?";
}
