// SPDX-License-Identifier: MIT
#include "ctl/atlas_relation.h"

bool relation_reach(const struct atlas_scope *scope, const struct point *point,
	struct reach_hit *ret_hit, double *ret_sustained_n)
{
	const struct chair *chair = &scope->library->chair;

	if (!scope->has_chair || !reach_find_hold(chair, point, ret_hit))
		return false;
	*ret_sustained_n = min_double(point_sustained_n(point),
		chair_ceiling(chair, ret_hit->actuator, ret_hit->position_mm).sustained_n);
	return true;
}

size_t relation_reached(const struct atlas_scope *scope, const struct pathway *pathway)
{
	const struct point *points = scope->library->atlas.points;
	struct reach_hit hit;
	double sustained_n;
	size_t n = 0;

	for (size_t i = 0; i < pathway->n_points; i++)
		n += relation_reach(scope, &points[pathway->points[i]], &hit, &sustained_n);
	return n;
}

static bool is_among(const uint16_t *points, size_t n, uint16_t point)
{
	for (size_t i = 0; i < n; i++) {
		if (points[i] == point)
			return true;
	}
	return false;
}

bool relation_leads_through(const struct pathway *pathway, uint16_t point)
{
	return is_among(pathway->points, pathway->n_points, point);
}

bool relation_presses(const struct profile *profile, const uint16_t *points, size_t n)
{
	for (size_t i = 0; i < profile->n_steps; i++) {
		const struct profile_step *step = &profile->steps[i];

		for (size_t j = 0; j < n; j++) {
			if (is_among(step->points, step->n_points, points[j]))
				return true;
		}
	}
	return false;
}
