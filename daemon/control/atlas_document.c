// SPDX-License-Identifier: MIT
#include "control/atlas_document.h"

#include <math.h>

#include "core/reach.h"

#define EVERY_KIND (~0u)

static bool reachable(const struct chair *chair, const struct point *point)
{
	struct reach_hit hit;

	return reach_find(chair, point, EVERY_KIND, &hit);
}

static json_t *number(double value, double digit)
{
	return json_real(round(value / digit) * digit);
}

static json_t *point_document(const struct point *point, const struct chair *chair)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:s, s:b}", "name", point->name, "muscle",
		point->muscle, "region", region_name(point->region), "side", side_name(point->side),
		"along", number(point->along, 0.001), "lateral_mm", number(point->lateral_mm, 0.1),
		"refers_to", point->refers_to ? point->refers_to : "", "reachable",
		reachable(chair, point));
}

static json_t *pathway_document(const struct atlas *atlas, const struct pathway *pathway,
	const struct chair *chair)
{
	json_t *points = json_array();
	size_t reached = 0;

	for (size_t i = 0; i < pathway->n_points; i++) {
		const struct point *point = &atlas->points[pathway->points[i]];

		json_array_append_new(points, json_string(point->name));
		reached += reachable(chair, point);
	}
	return json_pack("{s:s, s:s, s:s, s:o, s:o}", "name", pathway->name, "title",
		pathway->title, "referral", pathway->referral, "points", points, "reachable",
		number(pathway->n_points ? (double)reached / (double)pathway->n_points : 0, 0.001));
}

json_t *atlas_document(const struct atlas *atlas, const struct chair *chair)
{
	json_t *points = json_array(), *pathways = json_array();

	for (size_t i = 0; i < atlas->n_points; i++)
		json_array_append_new(points, point_document(&atlas->points[i], chair));
	for (size_t i = 0; i < atlas->n_pathways; i++)
		json_array_append_new(pathways,
			pathway_document(atlas, &atlas->pathways[i], chair));
	return json_pack("{s:o, s:o}", "points", points, "pathways", pathways);
}
