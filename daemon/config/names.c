// SPDX-License-Identifier: MIT
#include "config/names.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "config/name_meaning.h"

const char *names_side(unsigned side)
{
	return side ? side_name(side) : NULL;
}

static const char *region_enum_name(unsigned region)
{
	return region_name(region);
}

static const char *why_never(enum region region)
{
	switch (region) {
	case REGION_HEAD:
		return "the skull and the face bear no pressure";
	case REGION_THROAT:
		return "the airway and the great vessels lie in front of the neck";
	case REGION_ABDOMEN:
		return "no bone protects what lies there";
	default:
		return "the joint and the vessels behind it bear no pressure";
	}
}

bool names_region(struct reader *reader, const struct config_setting_t *group,
	enum region *ret_region)
{
	static const struct field row = { .key = "region",
		.type = FIELD_ENUM,
		.required = true,
		.enum_name = region_enum_name,
		.n_enum_names = REGION_COUNT };
	int region;

	if (!reader_field(reader, group, &row, &region))
		return false;
	if (region_ceiling(region).peak_n == 0) {
		reader_problem(reader, group, "region", "\"%s\" is never pressed (%s)",
			region_name(region), why_never(region));
		return false;
	}
	*ret_region = region;
	return true;
}

// --- points ----------------------------------------------------------------------------------

// Find the one or two points of a name; how many. Those of its sides stand behind its own place.
static size_t find_points(const struct atlas *atlas, const char *name, int ret_points[2])
{
	size_t length = strlen(name), n = 0;

	for (size_t i = atlas_place_point(atlas, name); i < atlas->n_points; i++) {
		const char *point = atlas->points[i].name, *rest = point + length;

		if (strncmp(point, name, length))
			break;
		if (!*rest) {
			ret_points[0] = (int)i;
			return 1;
		}
		if (!strcmp(rest, ".left") || !strcmp(rest, ".right"))
			ret_points[n++] = (int)i;
	}
	return n;
}

// Searching thousands of points is slow: beyond this many problems there are no suggestions.
#define SEARCHES_MAX 20

static void unknown_point(struct reader *reader, const struct config_setting_t *setting,
	const char *name, const struct atlas *atlas)
{
	bool searched = reader_problems(reader) < SEARCHES_MAX;
	char meaning[NAME_MEANING_SIZE], base[NAME_SIZE];
	struct suggestion suggestion;

	if (searched && name_meaning(atlas, name, NAME_POINT, meaning)) {
		reader_problem(reader, setting, NULL, "%s", meaning);
		return;
	}
	suggestion_start(&suggestion, name);
	for (size_t i = 0; i < atlas->n_points && searched; i++) {
		const struct point *point = &atlas->points[i];

		snprintf(base, sizeof(base), "%.*s", (int)point_base_length(point), point->name);
		suggestion_consider(&suggestion, base);
		suggestion_consider(&suggestion, point->name);
	}
	reader_no_such(reader, setting, "point", &suggestion);
}

static bool contains(const uint16_t *points, size_t n, int point)
{
	for (size_t i = 0; i < n; i++) {
		if (points[i] == point)
			return true;
	}
	return false;
}

size_t names_points(struct reader *reader, const struct config_setting_t *list,
	const struct atlas *atlas, unsigned sides, bool closed_allowed,
	uint16_t ret_points[PATHWAY_POINTS_MAX], int *ret_lines)
{
	size_t n = 0, length = reader_length(list);

	if (length == 0 || length > PATHWAY_POINTS_MAX) {
		reader_problem(reader, list, NULL, "has %zu points (1 ... %d)", length,
			PATHWAY_POINTS_MAX);
		return 0;
	}
	for (size_t i = 0; i < length; i++) {
		const struct config_setting_t *element = reader_element(list, i);
		const char *name = reader_element_string(reader, list, i);
		size_t found;
		int points[2];

		if (!name || !atlas)
			continue;
		found = find_points(atlas, name, points);
		if (found == 0)
			unknown_point(reader, element, name, atlas);
		for (size_t j = 0; j < found; j++) {
			const struct point *point = &atlas->points[points[j]];

			if (sides && !(point->side & sides))
				continue;
			if (point->closed && !closed_allowed) {
				reader_problem(reader, element, NULL,
					"%s is closed: %s (" NAMES_CLOSED_REMEDY ")", point->name,
					point->closed);
				break;
			}
			if (ret_lines && n < PATHWAY_POINTS_MAX)
				ret_lines[n] = reader_line(element);
			if (contains(ret_points, n, points[j]))
				reader_problem(reader, element, NULL, "\"%s\" is named twice",
					point->name);
			else if (n < PATHWAY_POINTS_MAX)
				ret_points[n++] = (uint16_t)points[j];
			else
				reader_problem(reader, element, NULL,
					"is one point too many (at most %d)", PATHWAY_POINTS_MAX);
		}
	}
	return n;
}

void names_mend(const char *text, size_t length, char ret_name[NAME_SIZE])
{
	size_t n = 0;

	for (size_t i = 0; i < length && n < NAME_SIZE - 1; i++) {
		char c = (char)tolower((unsigned char)text[i]);

		if (reader_is_name((char[]){ c, '\0' }, 1))
			ret_name[n++] = c;
		else if (n > 0 && ret_name[n - 1] != '-')
			ret_name[n++] = '-';
	}
	while (n > 0 && ret_name[n - 1] == '-')
		n--;
	ret_name[n] = '\0';
}
