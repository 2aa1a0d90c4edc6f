// SPDX-License-Identifier: MIT
#include "core/person.h"

#include <math.h>
#include <string.h>

#include "core/reach.h"

const struct person *persons_find(const struct persons *persons, const char *name)
{
	for (size_t i = 0; i < persons->n; i++) {
		if (!strcmp(persons->list[i].name, name))
			return &persons->list[i];
	}
	return NULL;
}

const char *person_closed(const struct person *person, const struct atlas *atlas, size_t point)
{
	for (size_t i = 0; i < person->n_closings; i++) {
		const struct person_closing *closing = &person->closings[i];

		if (closing->regions >> atlas->points[point].region & 1)
			return closing->reason;
		for (size_t k = 0; k < closing->n_points; k++) {
			if (closing->points[k] == point)
				return closing->reason;
		}
	}
	return NULL;
}

// --- places -----------------------------------------------------------------------------------

static bool is_on_trunk(enum region region)
{
	switch (region) {
	case REGION_NECK:
	case REGION_SHOULDER:
	case REGION_UPPER_BACK:
	case REGION_MID_BACK:
	case REGION_LOWER_BACK:
		return true;
	default:
		return false;
	}
}

// Where the body of the chair file has what this person has at `along`.
static double scaled(const struct person *person, double along)
{
	const double trunk_mm = BODY_TRUNK * BODY_HEIGHT_CM * 10;
	double scale = person->height_cm / BODY_HEIGHT_CM + person->shoulder_offset_mm / trunk_mm;

	return 1 - (1 - along) * scale;
}

static bool same_ceilings(enum region a, enum region b)
{
	return region_ceiling(a).peak_n == region_ceiling(b).peak_n &&
		region_ceiling(a).sustained_n == region_ceiling(b).sustained_n;
}

// Whether the chair reaches the place of this point as of a region.
static bool reaches(const struct chair *chair, struct point point, enum region region)
{
	point.region = region;
	for (size_t i = 0; i < chair->n_actuators; i++) {
		if (reach_covers(chair, (int)i, &point, NAN))
			return true;
	}
	return false;
}

// The guard knows the ceilings of places, not of people: a point moves into another region of the
// chair only where those are the same.
static void move(struct point *point, const struct person *person, const struct chair *chair)
{
	point->along = scaled(person, point->along);
	if (reaches(chair, *point, point->region))
		return;
	for (int region = 0; region < REGION_COUNT; region++) {
		if (is_on_trunk((enum region)region) &&
			same_ceilings(point->region, (enum region)region) &&
			reaches(chair, *point, (enum region)region)) {
			point->region = (enum region)region;
			return;
		}
	}
}

struct atlas person_atlas(const struct person *person, const struct atlas *atlas,
	const struct chair *chair, struct point *ret_points)
{
	struct atlas own = *atlas;

	own.points = ret_points;
	for (size_t i = 0; i < atlas->n_points; i++) {
		ret_points[i] = atlas->points[i];
		if (person_closed(person, atlas, i))
			ret_points[i].lateral_mm = NOWHERE_MM;
		else if (is_on_trunk(ret_points[i].region))
			move(&ret_points[i], person, chair);
	}
	return own;
}

void person_limit_plan(const struct person *person, struct plan *plan)
{
	for (size_t i = 0; i < plan->n_segments; i++) {
		struct target *target = &plan->segments[i].target;

		target->value = target_at(target, person->ceiling_percent);
	}
	for (size_t i = 0; i < plan->n_layers; i++)
		plan->layers[i].permille = (uint16_t)layer_permille(&plan->layers[i],
			person->ceiling_percent, 1);
}

// --- proof ------------------------------------------------------------------------------------

const char *person_closed_step(const struct person *person, const struct atlas *atlas,
	const struct profile_step *step)
{
	for (size_t i = 0; i < step->n_points; i++) {
		const char *reason = person_closed(person, atlas, step->points[i]);

		if (reason)
			return reason;
	}
	return NULL;
}

const char *person_closed_profile(const struct person *person, const struct atlas *atlas,
	const struct profile *profile)
{
	for (size_t i = 0; i < profile->n_steps; i++) {
		const char *reason = person_closed_step(person, atlas, &profile->steps[i]);

		if (reason)
			return reason;
	}
	return NULL;
}

int person_prove(const struct person *person, const struct profile *profile,
	const struct atlas *own, const struct chair *chair, struct plan *ret_plan,
	struct plan_proof *ret_proof)
{
	int r = plan_prove(profile, own, chair, ret_plan, ret_proof);

	if (!person)
		return r;
	person_limit_plan(person, ret_plan);
	plan_proof_lowered(ret_proof, ret_plan, own, chair);
	return r;
}
