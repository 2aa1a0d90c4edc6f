// SPDX-License-Identifier: MIT
//
// Which actuator gets to a point, and where its carriage must stand for it.
#ifndef CHAIRD_CORE_REACH_H
#define CHAIRD_CORE_REACH_H

#include <stdbool.h>

#include "core/atlas.h"
#include "core/chair.h"

struct reach_hit {
	int reach; // index into chair->reaches
	int actuator;
	int carriage;       // or -1
	double position_mm; // where the carriage stands; 0 without one
};

// The first reach that covers the point with an actuator whose kind is in `kinds` (bits by
// enum actuator_kind). False where the chair cannot get there.
bool reach_find(const struct chair *chair, const struct point *point, unsigned kinds,
	struct reach_hit *ret_hit);

#endif
