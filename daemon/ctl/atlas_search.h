// SPDX-License-Identifier: MIT
//
// Search of an atlas, by the zone in which something is felt and by name.
//
// Results are indices in the atlas's order, which is by name.
#ifndef CHAIRD_CTL_ATLAS_SEARCH_H
#define CHAIRD_CTL_ATLAS_SEARCH_H

#include <stdbool.h>

#include "core/atlas.h"

struct atlas_found {
	uint16_t points[ATLAS_POINTS_MAX];
	size_t n_points;
	uint16_t pathways[ATLAS_PATHWAYS_MAX];
	size_t n_pathways;
};

void atlas_search_all(const struct atlas *atlas, struct atlas_found *ret_found);

// All that is felt in a zone with these words (referral.h).
void atlas_search_zone(const struct atlas *atlas, const char *words, struct atlas_found *ret_found);

// All that has the name: a point (without its side: both), a pathway, the points of a region, and
// those of a muscle whose name has these words.
void atlas_search_name(const struct atlas *atlas, const char *name, struct atlas_found *ret_found);

// The closest zone, or word of one, and the closest name; "" if none is close.
void atlas_suggest_zone(const struct atlas *atlas, const char *words, char ret_zone[NAME_SIZE]);
void atlas_suggest_name(const struct atlas *atlas, const char *name, char ret_name[NAME_SIZE]);

// A zone inside a text of the atlas.
struct atlas_zone {
	const char *text; // not terminated
	size_t length;
};

// Every zone once, in alphabetical order, in a list to be freed. 0 or -ENOMEM.
int atlas_zones(const struct atlas *atlas, struct atlas_zone **ret_zones, size_t *ret_n);

#endif
