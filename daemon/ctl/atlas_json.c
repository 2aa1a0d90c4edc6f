// SPDX-License-Identifier: MIT
#include <math.h>
#include <stdio.h>

#include "core/referral.h"
#include "ctl/atlas_view.h"

static json_t *rounded(double value)
{
	return json_real(round(value * 1000) / 1000);
}

static json_t *zones_json(const char *referral)
{
	json_t *zones = json_array();
	const char *zone;
	size_t length;

	while ((zone = referral_next(&referral, &length)))
		json_array_append_new(zones, json_stringn(zone, length));
	return zones;
}

static json_t *profiles_json(const struct library *library, const uint16_t *points, size_t n)
{
	json_t *names = json_array();

	for (size_t i = 0; i < library->n_profiles; i++) {
		if (relation_presses(&library->profiles[i], points, n))
			json_array_append_new(names, json_string(library->profiles[i].name));
	}
	return names;
}

static json_t *pathways_json(const struct atlas *atlas, uint16_t point)
{
	json_t *names = json_array();

	for (size_t i = 0; i < atlas->n_pathways; i++) {
		if (relation_leads_through(&atlas->pathways[i], point))
			json_array_append_new(names, json_string(atlas->pathways[i].name));
	}
	return names;
}

// Of a point out of reach and without a chair: null.
static json_t *reach_json(const struct atlas_scope *scope, const struct point *point)
{
	const struct chair *chair = &scope->library->chair;
	struct reach_hit hit;
	double sustained_n;

	if (!relation_reach(scope, point, &hit, &sustained_n))
		return json_null();
	return json_pack("{s:s, s:o, s:o}", "actuator", chair->actuators[hit.actuator].name,
		"position_mm", hit.carriage >= 0 ? rounded(hit.position_mm) : json_null(),
		"sustained_n", rounded(sustained_n));
}

static json_t *point_json(const struct atlas_scope *scope, uint16_t index)
{
	const struct atlas *atlas = &scope->library->atlas;
	const struct point *point = &atlas->points[index];

	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:s, s:o, s:s?, s:s, s:o, s:o, s:o}",
		"name", point->name, "muscle", point->muscle, "region", region_name(point->region),
		"side", side_name(point->side), "along", rounded(point->along), "lateral_mm",
		rounded(point->lateral_mm), "refers_to", zones_json(point->refers_to),
		"sensitivity", sensitivity_name(point->sensitivity), "sustained_n",
		rounded(point_sustained_n(point)), "closed", point->closed, "source", point->source,
		"reach", reach_json(scope, point), "pathways", pathways_json(atlas, index),
		"profiles", profiles_json(scope->library, &index, 1));
}

static json_t *pathway_json(const struct atlas_scope *scope, const struct pathway *pathway)
{
	json_t *points = json_array(), *reached = json_null();

	for (size_t i = 0; i < pathway->n_points; i++)
		json_array_append_new(points,
			json_string(scope->library->atlas.points[pathway->points[i]].name));
	if (scope->has_chair)
		reached = json_integer((json_int_t)relation_reached(scope, pathway));
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "name", pathway->name, "title",
		pathway->title, "referral", zones_json(pathway->referral), "points", points,
		"reached", reached, "profiles",
		profiles_json(scope->library, pathway->points, pathway->n_points));
}

json_t *atlas_json(const struct atlas_scope *scope, const struct atlas_found *found)
{
	json_t *points = json_array(), *pathways = json_array();

	for (size_t i = 0; i < found->n_points; i++)
		json_array_append_new(points, point_json(scope, found->points[i]));
	for (size_t i = 0; i < found->n_pathways; i++)
		json_array_append_new(pathways,
			pathway_json(scope, &scope->library->atlas.pathways[found->pathways[i]]));
	return json_pack("{s:s?, s:o, s:o}", "chair",
		scope->has_chair ? scope->library->chair.id : NULL, "points", points, "pathways",
		pathways);
}
