// SPDX-License-Identifier: MIT
//
// People by name: how their bodies differ from the body of the atlas and of the chairs, and what is
// closed to them.
//
// A chair file's reach is of a body of BODY_HEIGHT_CM. The seat is the same for everybody, so on
// the trunk a place is as far above it as the shoulders are:
//
//   along    0 (C7) ____________________ 1 (sacrum, at the seat)
//   of 175 cm       |------------------|
//   of 192 cm    |---------------------|     a point at 0.5 is where another body has 0.45
//
// Limbs are not scaled: what reaches them reaches the whole segment. Plain data, filled and owned
// by config/persons_file.c; constant after load.
#ifndef CHAIRD_CORE_PERSON_H
#define CHAIRD_CORE_PERSON_H

#include <stddef.h>
#include <stdint.h>

#include "core/atlas.h"
#include "core/chair.h"
#include "core/plan.h"
#include "core/plan_proof.h"
#include "core/profile.h"

#define BODY_HEIGHT_CM 175.0
// Hip to shoulder, of the height: Winter, Biomechanics and Motor Control of Human Movement, after
// Drillis and Contini (1966).
#define BODY_TRUNK     0.288

#define PERSONS_MAX         16
#define PERSON_CLOSINGS_MAX 16

#define PERSON_HEIGHT_MIN_CM 140.0 // the chair is not for children
#define PERSON_HEIGHT_MAX_CM 220.0
#define PERSON_OFFSET_MAX_MM 80.0 // either way

// A contraindication: places that are never pressed.
struct person_closing {
	uint32_t regions; // set, bit by enum region
	uint16_t *points; // indices into the atlas
	size_t n_points;
	char reason[TITLE_SIZE]; // for people
};

struct person {
	char name[NAME_SIZE];
	double height_cm;          // in the range above
	double shoulder_offset_mm; // likewise: shoulders higher than the height alone gives
	double ceiling_percent;    // 0 ... 100: the intensity that is this person's highest
	struct person_closing *closings;
	size_t n_closings;
};

struct persons {
	struct person *list; // in the order of the file
	size_t n;
};

const struct person *persons_find(const struct persons *persons, const char *name); // or NULL

// The reason for which a point of the atlas is closed to the person; NULL: it is open.
const char *person_closed(const struct person *person, const struct atlas *atlas, size_t point);

// The atlas as this person's body has it on this chair: ret_points, of atlas->n_points, are its
// points at their places. A closed point, and one whose place has other ceilings than its region,
// cannot be reached. The rest is the atlas's. Valid as long as both.
struct atlas person_atlas(const struct person *person, const struct atlas *atlas,
	const struct chair *chair, struct point *ret_points);

// Lower the targets of a plan to the person's highest intensity.
void person_limit_plan(const struct person *person, struct plan *plan);

// The first reason for which a point of the profile is closed to the person; NULL: all are open.
const char *person_closed_profile(const struct person *person, const struct atlas *atlas,
	const struct profile *profile);
// The same of one of its steps.
const char *person_closed_step(const struct person *person, const struct atlas *atlas,
	const struct profile_step *step);

// Plan and prove for the person, with their person_atlas(), as plan_prove(); then lower the targets
// to their highest intensity. NULL: nobody by name.
int person_prove(const struct person *person, const struct profile *profile,
	const struct atlas *own, const struct chair *chair, struct plan *ret_plan,
	struct plan_proof *ret_proof);

#endif
