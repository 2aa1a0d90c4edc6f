// SPDX-License-Identifier: MIT
//
// The body as it is drawn: seen from behind, its left at the left.
//
// x is 0 in the middle and grows to the person's right, y grows downwards; one unit is about 4 mm
// of a body. The same picture is in daemon/panel/src/anatomy.js; a test holds both together.
#ifndef CHAIRD_CTL_BODY_H
#define CHAIRD_CTL_BODY_H

#include <stdbool.h>
#include <stddef.h>

#include "core/atlas.h"

#define BODY_HALF_WIDTH  110.0
#define BODY_HEIGHT      404.0
#define BODY_CORNERS_MAX 8

struct body_corner {
	double x, y;
};

// A polygon, or the ellipse of the head.
struct body_zone {
	const char *name;
	bool pair;        // also mirrored
	size_t n_corners; // 0: the head
	struct body_corner corners[BODY_CORNERS_MAX];
};

extern const struct body_zone body_zones[];
extern const size_t body_n_zones;
extern const struct body_corner body_head, body_head_radius;

struct body_corner body_place(const struct point *point);

// True if it lies on the front, so that it is seen through the body.
bool body_is_front(const struct point *point);

#endif
