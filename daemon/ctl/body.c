// SPDX-License-Identifier: MIT
#include "ctl/body.h"

#define LIMB_UNITS_PER_MM  0.22
#define TRUNK_UNITS_PER_MM 0.36

const struct body_corner body_head = { 0, 30 }, body_head_radius = { 20, 25 };

const struct body_zone body_zones[] = {
	{ "head", false, 0, { { 0, 0 } } },
	{ "neck", false, 4, { { -10, 61 }, { 10, 61 }, { 12, 73 }, { -12, 73 } } },
	{ "shoulder", true, 7,
		{ { 4, 80 }, { 20, 80 }, { 47, 86 }, { 60, 96 }, { 62, 108 }, { 40, 101 },
			{ 4, 92 } } },
	{ "upper_back", false, 8,
		{ { -6, 98 }, { 6, 98 }, { 40, 107 }, { 46, 113 }, { 44, 136 }, { -44, 136 },
			{ -46, 113 }, { -40, 107 } } },
	{ "mid_back", false, 4, { { -43, 143 }, { 43, 143 }, { 39, 169 }, { -39, 169 } } },
	{ "lower_back", false, 4, { { -38, 176 }, { 38, 176 }, { 42, 199 }, { -42, 199 } } },
	{ "buttock", true, 6,
		{ { 4, 206 }, { 43, 206 }, { 49, 222 }, { 46, 243 }, { 9, 243 }, { 4, 236 } } },
	{ "upper_arm", true, 5,
		{ { 66, 102 }, { 73, 112 }, { 84, 158 }, { 71, 162 }, { 62, 116 } } },
	{ "forearm", true, 6,
		{ { 72, 169 }, { 85, 165 }, { 96, 220 }, { 105, 246 }, { 93, 252 }, { 85, 224 } } },
	{ "thigh", true, 6,
		{ { 9, 250 }, { 46, 250 }, { 43, 298 }, { 38, 314 }, { 15, 314 }, { 10, 290 } } },
	{ "calf", true, 8,
		{ { 15, 321 }, { 38, 321 }, { 41, 344 }, { 35, 382 }, { 43, 398 }, { 18, 398 },
			{ 21, 382 }, { 14, 348 } } },
};
const size_t body_n_zones = sizeof(body_zones) / sizeof(*body_zones);

// Both ends of each limb's middle, on the right, and the `lateral_mm` of that middle.
static const struct limb {
	enum region region;
	struct body_corner from, to;
	double middle_mm;
} limbs[] = {
	{ REGION_UPPER_ARM, { 66, 106 }, { 77, 160 }, 30 },
	{ REGION_FOREARM, { 78, 168 }, { 91, 222 }, 30 },
	{ REGION_HAND, { 92, 226 }, { 99, 248 }, 20 },
	{ REGION_THIGH, { 24, 252 }, { 24, 314 }, 30 },
	{ REGION_CALF, { 26, 322 }, { 28, 382 }, 30 },
	{ REGION_SHIN, { 26, 322 }, { 28, 382 }, 30 },
	{ REGION_FOOT, { 28, 386 }, { 31, 396 }, 30 },
};

// Places along the spine.
static const struct {
	double along, y;
} spine[] = { { -0.5, 30 }, { -0.25, 58 }, { 0, 81 }, { 0.35, 136 }, { 0.65, 172 }, { 0.92, 202 },
	{ 1, 226 } };

static double spine_y(double along)
{
	size_t i = 1;

	while (i + 1 < sizeof(spine) / sizeof(*spine) && along > spine[i].along)
		i++;
	return spine[i - 1].y +
		(along - spine[i - 1].along) / (spine[i].along - spine[i - 1].along) *
		(spine[i].y - spine[i - 1].y);
}

struct body_corner body_place(const struct point *point)
{
	double outward = point->side == SIDE_LEFT ? -1 : point->side == SIDE_RIGHT ? 1 : 0;

	for (size_t i = 0; i < sizeof(limbs) / sizeof(*limbs); i++) {
		const struct limb *limb = &limbs[i];
		double x, y;

		if (limb->region != point->region)
			continue;
		x = limb->from.x + point->along * (limb->to.x - limb->from.x);
		y = limb->from.y + point->along * (limb->to.y - limb->from.y);
		return (struct body_corner){
			outward * (x + (point->lateral_mm - limb->middle_mm) * LIMB_UNITS_PER_MM), y
		};
	}
	return (struct body_corner){ outward * point->lateral_mm * TRUNK_UNITS_PER_MM,
		spine_y(point->along) };
}

bool body_is_front(const struct point *point)
{
	return point->region == REGION_SHIN || point->region == REGION_CHEST;
}
