// SPDX-License-Identifier: MIT
#include "control/atlas_document.h"

#include <math.h>

#include "core/reach.h"

static json_t *rounded(double value)
{
	return json_real(round(value * 1000) / 1000);
}

// The reach that a hold on the point uses, or NULL.
static const struct reach *reach_of(const struct point *point, const struct chair *chair)
{
	struct reach_hit hit;

	return reach_find_hold(chair, point, &hit) ? &chair->reaches[hit.reach] : NULL;
}

static json_t *point_document(const struct point *point, const struct chair *chair)
{
	const struct reach *reach = reach_of(point, chair);

	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:s, s:s, s:s?, s:b, s:o, s:o}", "name",
		point->name, "muscle", point->muscle, "region", region_name(point->region), "side",
		side_name(point->side), "along", rounded(point->along), "lateral_mm",
		rounded(point->lateral_mm), "refers_to", point->refers_to, "sensitivity",
		sensitivity_name(point->sensitivity), "closed", point->closed, "reachable",
		reach != NULL, "peak_n", reach ? rounded(reach->peak_n) : json_null(),
		"sustained_n",
		reach ? rounded(min_double(reach->sustained_n, point_sustained_n(point)))
		      : json_null());
}

static json_t *pathway_document(const struct pathway *pathway, const struct atlas *atlas,
	const struct chair *chair)
{
	json_t *names = json_array();
	size_t reached = 0;

	for (size_t i = 0; i < pathway->n_points; i++) {
		const struct point *point = &atlas->points[pathway->points[i]];

		json_array_append_new(names, json_string(point->name));
		reached += reach_of(point, chair) != NULL;
	}
	return json_pack("{s:s, s:s, s:s, s:o, s:o}", "name", pathway->name, "title",
		pathway->title, "referral", pathway->referral, "points", names, "reachable",
		rounded(pathway->n_points ? (double)reached / (double)pathway->n_points : 0));
}

json_t *atlas_document(const struct atlas *atlas, const struct chair *chair)
{
	json_t *points = json_array(), *pathways = json_array();

	for (size_t i = 0; i < atlas->n_points; i++)
		json_array_append_new(points, point_document(&atlas->points[i], chair));
	for (size_t i = 0; i < atlas->n_pathways; i++)
		json_array_append_new(pathways,
			pathway_document(&atlas->pathways[i], atlas, chair));
	return json_pack("{s:o, s:o}", "points", points, "pathways", pathways);
}
