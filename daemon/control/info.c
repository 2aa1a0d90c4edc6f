// SPDX-License-Identifier: MIT
#include "control/info.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "control/status.h"
#include "core/command.h"

#define ERRORS_MAX  5 // of a profile that cannot be used; chairctl check lists all
#define REASON_SIZE 512

static json_t *actuators(const struct chair *chair)
{
	json_t *list = json_array();

	for (size_t i = 0; i < chair->n_actuators; i++) {
		const struct actuator *actuator = &chair->actuators[i];

		json_array_append_new(list,
			json_pack("{s:s, s:s, s:b, s:b}", "name", actuator->name, "kind",
				actuator_kind_name(actuator->kind), "calibrated",
				actuator->calibration.n > 0, "sensor", actuator->sensor.present));
	}
	return list;
}

static json_t *points(const struct atlas *atlas)
{
	json_t *list = json_array();

	for (size_t i = 0; i < atlas->n_points; i++)
		json_array_append_new(list, json_string(atlas->points[i].name));
	return list;
}

static json_t *pathways(const struct atlas *atlas)
{
	json_t *list = json_array();

	for (size_t i = 0; i < atlas->n_pathways; i++) {
		const struct pathway *pathway = &atlas->pathways[i];

		json_array_append_new(list,
			json_pack("{s:s, s:s, s:I}", "name", pathway->name, "title", pathway->title,
				"points", (json_int_t)pathway->n_points));
	}
	return list;
}

static json_t *limits(const struct chair *chair)
{
	return json_pack("{s:[i,i], s:[i,i], s:[i,i], s:[i,i], s:i}", "intensity_percent", 0, 100,
		"lease_s", 1, CLIENT_LEASE_MAX_S, "jog_drive_permille", -PERMILLE_FULL,
		PERMILLE_FULL, "jog_heartbeat_ms", 1, 500, "session_max_s", chair->session_max_s);
}

// Their names alone: the rest is nobody's business who may read the topics.
static json_t *persons(const struct persons *persons)
{
	json_t *list = json_array();

	for (size_t i = 0; i < persons->n; i++)
		json_array_append_new(list, json_string(persons->list[i].name));
	return list;
}

// Regions of a plan's points, each once, in order of their first press.
static json_t *regions(const struct atlas *atlas, const struct plan *plan)
{
	json_t *list = json_array();
	bool seen[REGION_COUNT] = { false };

	for (size_t i = 0; i < 2 * plan->n_segments; i++) {
		int16_t point = plan->segments[i / 2].points[i % 2];

		if (point < 0 || seen[atlas->points[point].region])
			continue;
		seen[atlas->points[point].region] = true;
		json_array_append_new(list, json_string(region_name(atlas->points[point].region)));
	}
	return list;
}

// Name, title, duration and regions on this chair, and the points that this chair cannot reach.
static json_t *profile_head(const struct library *library, const struct chair *chair,
	const struct profile *profile, struct plan *plan)
{
	__attribute__((cleanup(problems_clear))) struct problems problems = { 0 };
	char hash[17], reason[REASON_SIZE];
	struct plan_proof proof;
	json_t *head;

	snprintf(hash, sizeof(hash), "%016llx", (unsigned long long)profile->hash);
	head = json_pack("{s:s, s:s, s:s}", "name", profile->name, "title", profile->title, "hash",
		hash);
	if (profile_prove(profile, &library->atlas, chair, &problems, plan, &proof) < 0) {
		problem_format_short(&problems.list[0], reason, sizeof(reason));
		json_object_set_new(head, "minutes", json_null());
		json_object_set_new(head, "regions", json_array());
		json_object_set_new(head, "problem", json_string(reason));
		return head;
	}
	json_object_set_new(head, "minutes", json_real(round(plan->estimate_s / 6) / 10));
	json_object_set_new(head, "regions", regions(&library->atlas, plan));
	json_object_set_new(head, "unreachable", status_unreachable(&library->atlas, plan));
	return head;
}

// A profile that cannot be used, with the first of its errors.
static json_t *unusable_head(const struct unusable_profile *unusable)
{
	json_t *errors = json_array();
	char reason[REASON_SIZE];

	for (size_t i = 0; i < unusable->problems.n && i < ERRORS_MAX; i++) {
		unusable_profile_reason(unusable, i, reason, sizeof(reason));
		json_array_append_new(errors, json_string(reason));
	}
	unusable_profile_reason(unusable, 0, reason, sizeof(reason));
	return json_pack("{s:s, s:s, s:n, s:n, s:s, s:o}", "name", unusable->name, "title",
		*unusable->title ? unusable->title : unusable->name, "hash", "minutes", "problem",
		reason, "errors", errors);
}

json_t *info_profiles(const struct library *library, const struct chair *chair)
{
	json_t *list = json_array();
	struct plan *plan = malloc(sizeof(*plan));

	for (size_t i = 0; plan && i < library->n_profiles; i++)
		json_array_append_new(list,
			profile_head(library, chair, &library->profiles[i], plan));
	free(plan);
	for (size_t i = 0; i < library->n_unusable; i++)
		json_array_append_new(list, unusable_head(&library->unusable[i]));
	return list;
}

json_t *info_document(const struct library *library, const struct chair *chair)
{
	return json_pack("{s:s, s:i, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "version",
		CHAIRD_VERSION, "schema", STATUS_SCHEMA, "id", chair->id, "model", chair->model,
		"actuators", actuators(chair), "points", points(&library->atlas), "pathways",
		pathways(&library->atlas), "profiles", info_profiles(library, chair), "limits",
		limits(chair), "persons", persons(&library->persons));
}

static json_t *layers(const struct profile_step *step)
{
	json_t *list = json_array();

	for (size_t i = 0; i < step->n_layers; i++) {
		const struct step_layer *layer = &step->layers[i];
		bool named = *layer->actuator;

		json_array_append_new(list,
			json_pack("{s:s?, s:s?, s:f, s:f, s:f, s:f, s:b}", "actuator",
				named ? layer->actuator : NULL, "kind",
				named ? NULL : actuator_kind_name(layer->kind), "permille",
				layer->permille, "floor", layer->floor_permille, "on_s",
				layer->on_s, "off_s", layer->off_s, "optional", layer->optional));
	}
	return list;
}

// The parts that it moves, by their names.
static json_t *posture(const struct profile_step *step)
{
	json_t *parts = json_object();

	for (int part = 0; part < POSTURE_PARTS; part++) {
		if (step->posture[part] != POSTURE_STAYS)
			json_object_set_new(parts, posture_part_name((enum posture_part)part),
				json_integer(step->posture[part]));
	}
	return json_pack("{s:o, s:b, s:b}", "permille", parts, "restore", step->restore, "optional",
		step->optional);
}

static json_t *step(const struct library *library, const struct profile_step *step)
{
	json_t *names = json_array(), *document;

	for (size_t i = 0; i < step->n_points; i++)
		json_array_append_new(names,
			json_string(library->atlas.points[step->points[i]].name));
	document = json_pack("{s:s, s:o, s:{s:s, s:f, s:f}, s:f, s:f, s:f, s:i, s:f, s:f}",
		"technique", technique_name(step->technique), "points", names, "target", "unit",
		step->target.unit == TARGET_NEWTON ? "N" : "permille", "floor", step->target.floor,
		"value", step->target.value, "ramp_per_s", step->ramp_per_s, "hold_s", step->hold_s,
		"rest_s", step->rest_s, "repeats", step->repeats, "speed_mm_s", step->speed_mm_s,
		"duration_s", step->duration_s);
	if (step->n_layers)
		json_object_set_new(document, "with", layers(step));
	if (step->technique == TECHNIQUE_POSTURE)
		json_object_set_new(document, "posture", posture(step));
	return document;
}

json_t *info_profile(const struct library *library, const struct chair *chair,
	const struct profile *profile)
{
	struct plan *plan = malloc(sizeof(*plan));
	json_t *document, *steps;

	if (!plan)
		return NULL;
	document = profile_head(library, chair, profile, plan);
	steps = json_array();
	free(plan);
	for (size_t i = 0; i < profile->n_steps; i++)
		json_array_append_new(steps, step(library, &profile->steps[i]));
	json_object_set_new(document, "description",
		profile->description ? json_string(profile->description) : json_null());
	json_object_set_new(document, "minutes_max", json_integer(profile->minutes_max));
	json_object_set_new(document, "breathing",
		json_pack("{s:f, s:f}", "inhale_s", profile->inhale_s, "exhale_s",
			profile->exhale_s));
	json_object_set_new(document, "steps", steps);
	return document;
}
