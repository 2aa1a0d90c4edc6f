// SPDX-License-Identifier: MIT
//
// Relations of the points of an atlas: the chair that reaches them, the pathways through them and
// the profiles that press them.
#ifndef CHAIRD_CTL_ATLAS_RELATION_H
#define CHAIRD_CTL_ATLAS_RELATION_H

#include <stdbool.h>

#include "config/library.h"
#include "core/reach.h"

// A library, and whether its chair is one.
struct atlas_scope {
	const struct library *library;
	bool has_chair;
};

// The chair's reach of a hold on the point, and the most newtons that it may keep there. False if
// it does not reach it, if the point is closed, and without a chair.
bool relation_reach(const struct atlas_scope *scope, const struct point *point,
	struct reach_hit *ret_hit, double *ret_sustained_n);

// How many points of a pathway the chair reaches.
size_t relation_reached(const struct atlas_scope *scope, const struct pathway *pathway);

bool relation_leads_through(const struct pathway *pathway, uint16_t point);

// Whether the profile presses at least one of the points.
bool relation_presses(const struct profile *profile, const uint16_t *points, size_t n);

#endif
