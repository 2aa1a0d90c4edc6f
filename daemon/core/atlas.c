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

size_t point_base_length(const struct point *point)
{
	const char *dot = point->side == SIDE_MIDDLE ? NULL : strrchr(point->name, '.');

	return dot ? (size_t)(dot - point->name) : strlen(point->name);
}

static int compare_point(const void *name, const void *point)
{
	return strcmp(name, ((const struct point *)point)->name);
}

static int compare_pathway(const void *name, const void *pathway)
{
	return strcmp(name, ((const struct pathway *)pathway)->name);
}

int atlas_find_point(const struct atlas *atlas, const char *name)
{
	const struct point *found = NULL;

	if (atlas->n_points)
		found = bsearch(name, atlas->points, atlas->n_points, sizeof(*found),
			compare_point);
	return found ? (int)(found - atlas->points) : -1;
}

int atlas_find_pathway(const struct atlas *atlas, const char *name)
{
	const struct pathway *found = NULL;

	if (atlas->n_pathways)
		found = bsearch(name, atlas->pathways, atlas->n_pathways, sizeof(*found),
			compare_pathway);
	return found ? (int)(found - atlas->pathways) : -1;
}
