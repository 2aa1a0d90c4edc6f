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

#include <stddef.h>
#include <stdint.h>

#include "core/region.h"
#include "core/units.h"

#define ATLAS_POINTS_MAX   4096
#define PATHWAY_POINTS_MAX 128

struct point {
	char name[NAME_SIZE];   // "trapezius.upper.left"
	char muscle[NAME_SIZE]; // "upper trapezius"
	enum side side;         // SIDE_LEFT, SIDE_RIGHT or SIDE_MIDDLE
	enum region region;
	double along;          // -0.5 ... 1.0, see above
	double lateral_mm;     // 0 ... 300
	const char *refers_to; // the place where it is felt, for people; owned by the loader
	const char *source;    // of that fact; owned by the loader
};

// An ordered set of points, by index into the atlas, that share a referral zone.
struct pathway {
	char name[NAME_SIZE];
	char title[TITLE_SIZE];
	char referral[TITLE_SIZE];
	uint16_t *points;
	size_t n_points;
};

struct atlas {
	struct point *points; // sorted by name
	size_t n_points;
	struct pathway *pathways; // sorted by name
	size_t n_pathways;
};

// The index, or -1.
int atlas_find_point(const struct atlas *atlas, const char *name);
int atlas_find_pathway(const struct atlas *atlas, const char *name);

#endif
