// SPDX-License-Identifier: MIT
#include "core/atlas.h"

#include <stdlib.h>
#include <string.h>

const char *sensitivity_name(enum sensitivity sensitivity)
{
	return sensitivity == SENSITIVITY_HIGH ? "high" : "usual";
}

double point_sustained_n(const struct point *point)
{
	double sustained_n = region_ceiling(point->region).sustained_n;

	return point->sensitivity == SENSITIVITY_HIGH ? 0.75 * sustained_n : sustained_n;
}

bool point_is_nowhere(const struct point *point)
{
	return point->lateral_mm == NOWHERE_MM;
}

size_t point_base_length(const struct point *point)
{
	const char *dot = point->side == SIDE_MIDDLE ? NULL : strrchr(point->name, '.');

	return dot ? (size_t)(dot - point->name) : strlen(point->name);
}

static int compare_pathway(const void *name, const void *pathway)
{
	return strcmp(name, ((const struct pathway *)pathway)->name);
}

size_t atlas_place_point(const struct atlas *atlas, const char *name)
{
	size_t low = 0, high = atlas->n_points;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(atlas->points[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int atlas_find_point(const struct atlas *atlas, const char *name)
{
	size_t place = atlas_place_point(atlas, name);

	return place < atlas->n_points && !strcmp(atlas->points[place].name, name) ? (int)place
										   : -1;
}

int atlas_find_pathway(const struct atlas *atlas, const char *name)
{
	const struct pathway *found = NULL;

	if (atlas->n_pathways)
		found = bsearch(name, atlas->pathways, atlas->n_pathways, sizeof(*found),
			compare_pathway);
	return found ? (int)(found - atlas->pathways) : -1;
}
