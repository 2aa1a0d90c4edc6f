// SPDX-License-Identifier: MIT
//
// Words and names that several kinds of file share: regions, sides, points of the atlas.
#ifndef CHAIRD_CONFIG_NAMES_H
#define CHAIRD_CONFIG_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/reader.h"
#include "core/atlas.h"

// Words for FIELD_ENUM rows.
const char *names_side(unsigned side); // NULL for 0, which is no side
#define NAMES_SIDES 5

// The group's `region`. One that is never pressed is a problem that says why. False: a problem.
bool names_region(struct reader *reader, const struct config_setting_t *group,
	enum region *ret_region);

// The points named in a list, in order, by index into the atlas. A name without its side means
// the left and the right one. `sides` (a set) leaves out the points of other sides; 0 leaves out
// none. Unknown and repeated names are problems. Where the atlas is NULL names are not looked up
// and the result is 0. At most PATHWAY_POINTS_MAX.
size_t names_points(struct reader *reader, const struct config_setting_t *list,
	const struct atlas *atlas, unsigned sides, uint16_t ret_points[PATHWAY_POINTS_MAX]);

// The closest name that FIELD_NAME takes: "My Profile (1)" -> "my-profile-1"; "" if nothing is
// left.
void names_mend(const char *text, size_t length, char ret_name[NAME_SIZE]);

#endif
