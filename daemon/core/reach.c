// SPDX-License-Identifier: MIT
#include "core/reach.h"

#include <math.h>

static bool within(double x, double a, double b)
{
	return a < b ? x >= a && x <= b : x >= b && x <= a;
}

static double position_of(const struct reach *reach, double along)
{
	double length = reach->along_to - reach->along_from;

	if (length == 0)
		return reach->mm_from;
	return reach->mm_from +
		(reach->mm_to - reach->mm_from) * (along - reach->along_from) / length;
}

// The width of the rollers that comes nearest to the point.
static enum width nearest_width(const struct reach *reach, const struct point *point)
{
	enum width nearest = WIDTH_NARROW;

	for (enum width width = WIDTH_NARROW; width < WIDTH_COUNT; width++) {
		if (fabs(reach->width_mm[width] - point->lateral_mm) < // NAN is not
			fabs(reach->width_mm[nearest] - point->lateral_mm))
			nearest = width;
	}
	return nearest;
}

static bool covers_laterally(const struct reach *reach, const struct point *point)
{
	if (!reach->by_width)
		return within(point->lateral_mm, reach->lateral_from_mm, reach->lateral_to_mm);
	return fabs(reach->width_mm[nearest_width(reach, point)] - point->lateral_mm) <=
		ROLLER_HALF_MM;
}

static bool covers(const struct reach *reach, const struct point *point)
{
	return reach->region == point->region && reach->sides & point->side &&
		within(point->along, reach->along_from, reach->along_to) &&
		covers_laterally(reach, point);
}

bool reach_find(const struct chair *chair, const struct point *point, unsigned kinds,
	struct reach_hit *ret_hit)
{
	for (size_t i = 0; i < chair->n_reaches; i++) {
		const struct reach *reach = &chair->reaches[i];
		const struct actuator *actuator = &chair->actuators[reach->actuator];

		if (!(kinds & 1u << actuator->kind) || !covers(reach, point))
			continue;
		*ret_hit = (struct reach_hit){
			.reach = (int)i,
			.actuator = reach->actuator,
			.carriage = actuator->carriage,
		};
		if (actuator->carriage >= 0)
			ret_hit->position_mm = position_of(reach, point->along);
		if (reach->by_width) {
			ret_hit->width = nearest_width(reach, point);
			ret_hit->setter = reach->setter;
		}
		return true;
	}
	return false;
}

bool reach_find_hold(const struct chair *chair, const struct point *point,
	struct reach_hit *ret_hit)
{
	return !point->closed &&
		reach_find(chair, point, 1u << ACTUATOR_PRESS | 1u << ACTUATOR_CELL, ret_hit);
}

bool reach_covers(const struct chair *chair, int actuator, const struct point *point, double at_mm)
{
	for (size_t i = 0; i < chair->n_reaches; i++) {
		const struct reach *reach = &chair->reaches[i];

		if (reach->actuator == actuator && covers(reach, point) &&
			(isnan(at_mm) ||
				fabs(position_of(reach, point->along) - at_mm) <= ROLLER_HALF_MM))
			return true;
	}
	return false;
}
