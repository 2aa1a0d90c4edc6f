// SPDX-License-Identifier: MIT
//
// The atlas: trigger points on a body and pathways through them, independent of any chair.
//
// A point's position: `along` runs along the spine from C7 (0) to the sacrum (1), negative at the
// neck; on a limb it runs from the trunk (0) to the end of that limb segment (1). `lateral_mm` is
// the distance from the midline of the trunk or of the limb, never negative; the side gives its
// direction.
//
// The loader (config/library.h) owns all arrays. Nothing here allocates. Points and pathways are
// sorted by name: look-ups are O(log n), for thousands of points.
#ifndef CHAIRD_CORE_ATLAS_H
#define CHAIRD_CORE_ATLAS_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/region.h"
#include "core/units.h"

#define ATLAS_POINTS_MAX   4096
#define ATLAS_PATHWAYS_MAX 256
#define PATHWAY_POINTS_MAX 128

enum sensitivity {
	SENSITIVITY_USUAL,
	SENSITIVITY_HIGH, // to be pressed lightly
	SENSITIVITY_COUNT,
};

struct point {
	char name[NAME_SIZE];   // "trapezius.upper.left"
	char muscle[NAME_SIZE]; // "upper trapezius"
	enum side side;         // SIDE_LEFT, SIDE_RIGHT or SIDE_MIDDLE
	enum region region;
	double along;      // -0.5 ... 1.0, see above
	double lateral_mm; // 0 ... 300
	// Texts for people, owned by the loader.
	const char *refers_to; // the zones in which it is felt (referral.h)
	const char *source;    // of that fact
	const char *closed;    // the reason for which no profile may press it; NULL: open
	enum sensitivity sensitivity;
};

// An ordered set of points, by index into the atlas, that share a referral zone.
struct pathway {
	char name[NAME_SIZE];
	char title[TITLE_SIZE];
	char referral[TITLE_SIZE]; // the zones in which its points are felt (referral.h)
	uint16_t *points;
	size_t n_points;
};

struct atlas {
	struct point *points; // sorted by name
	size_t n_points;
	struct pathway *pathways; // sorted by name
	size_t n_pathways;
};

// "usual", "high"; never NULL for a valid one.
const char *sensitivity_name(enum sensitivity sensitivity);

// The most that a hold may keep on a point: what its region bears, and three quarters of that if
// its sensitivity is high. 0: no hold at all.
double point_sustained_n(const struct point *point);

// At this lateral_mm nothing reaches a point: so are those that are closed to a person.
#define NOWHERE_MM INFINITY
bool point_is_nowhere(const struct point *point);

// The length of its name without its side: of "rhomboid.left" that of "rhomboid".
size_t point_base_length(const struct point *point);

// Where a point of this name stands, or would stand.
size_t atlas_place_point(const struct atlas *atlas, const char *name);
// The index, or -1.
int atlas_find_point(const struct atlas *atlas, const char *name);
int atlas_find_pathway(const struct atlas *atlas, const char *name);

#endif
