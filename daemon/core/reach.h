// SPDX-License-Identifier: MIT
//
// Reach search: the actuator for a point, and its carriage's position.
#ifndef CHAIRD_CORE_REACH_H
#define CHAIRD_CORE_REACH_H

#include <stdbool.h>

#include "core/atlas.h"
#include "core/chair.h"

struct reach_hit {
	int reach; // index into chair->reaches
	int actuator;
	int carriage;       // or -1
	double position_mm; // of the carriage; 0 without one
	enum width width;   // the nearest to the point, or any
	int setter;         // the knead that sets it
};

// The first reach that covers the point with an actuator whose kind is in `kinds` (bits by
// enum actuator_kind). False if there is none.
bool reach_find(const struct chair *chair, const struct point *point, unsigned kinds,
	struct reach_hit *ret_hit);

// The same for a hold, by a press or a cell. False also if the point is closed.
bool reach_find_hold(const struct chair *chair, const struct point *point,
	struct reach_hit *ret_hit);

// Whether the actuator presses on the point with its carriage at at_mm, half a roller to either
// side; NAN: without a carriage, or at any place.
bool reach_covers(const struct chair *chair, int actuator, const struct point *point, double at_mm);

#endif
