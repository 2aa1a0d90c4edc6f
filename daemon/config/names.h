// SPDX-License-Identifier: MIT
//
// Names that several kinds of file share: regions, sides, points of the atlas.
#ifndef CHAIRD_CONFIG_NAMES_H
#define CHAIRD_CONFIG_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/reader.h"
#include "core/atlas.h"

// For FIELD_ENUM rows.
const char *names_side(unsigned side); // NULL for 0, which is no side
#define NAMES_SIDES 5

// The group's `region`. False: a problem, also if the region is never pressed.
bool names_region(struct reader *reader, const struct config_setting_t *group,
	enum region *ret_region);

// The points named in a list, in order, as indices into the atlas; how many. A name without its
// side means the left and the right one. `sides` (a set) omits the points of other sides; 0 omits
// none. Unknown and repeated names are problems, and closed points unless they are allowed. Without
// an atlas (NULL) no name is looked up and the result is 0. ret_lines, of each point's name, may be
// NULL.
size_t names_points(struct reader *reader, const struct config_setting_t *list,
	const struct atlas *atlas, unsigned sides, bool closed_allowed,
	uint16_t ret_points[PATHWAY_POINTS_MAX], int *ret_lines);

// The remedy of a problem with a closed point.
#define NAMES_CLOSED_REMEDY "to open it, remove \"closed\" from it in the atlas"

// The closest name that FIELD_NAME takes: "My Profile (1)" -> "my-profile-1"; "" if nothing is
// left.
void names_mend(const char *text, size_t length, char ret_name[NAME_SIZE]);

#endif
