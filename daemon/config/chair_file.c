// SPDX-License-Identifier: MIT
//
// Loader of a chair file: the keys of the whole chair, and its reach on a body.
#include <errno.h>
#include <math.h>
#include <string.h>

#include "config/chair_file_actuators.h"
#include "config/chair_file_buttons.h"
#include "config/chair_proof.h"
#include "config/library.h"
#include "config/chair_file_lines.h"
#include "config/names.h"
#include "config/reader.h"

#define REACHING \
	(1u << ACTUATOR_PRESS | 1u << ACTUATOR_KNEAD | 1u << ACTUATOR_TAP | 1u << ACTUATOR_CELL | \
		1u << ACTUATOR_VIBRATE | 1u << ACTUATOR_ROLLER)

#define PLACE(member) .offset = offsetof(struct chair, member)
// clang-format off: a table, a row a line
static const struct field chair_fields[] = {
	{ .key = "id", .type = FIELD_ID, .required = true, .size = NAME_SIZE, PLACE(id) },
	{ .key = "model", .type = FIELD_TEXT, .required = true, .size = TITLE_SIZE, PLACE(model) },
	{ .key = "pwm_hz", .type = FIELD_INT, PLACE(pwm_hz), .unit = "Hz",
		.fallback = 200, .min = 50, .max = 1000 },
	{ .key = "current_max_ma", .type = FIELD_INT, .required = true, PLACE(current_max_ma),
		.unit = "mA", .min = 100, .max = 50000 },
	{ .key = "session_max_s", .type = FIELD_INT, PLACE(session_max_s), .unit = "s",
		.fallback = SESSION_DEFAULT_S, .min = 60, .max = SESSION_HARD_MAX_S },
	{ .key = "debounce_ms", .type = FIELD_INT, PLACE(debounce_ms), .unit = "ms",
		.fallback = 5, .min = 1, .max = 50 },
	{ .key = "seat_debounce_ms", .type = FIELD_INT, PLACE(seat_debounce_ms), .unit = "ms",
		.fallback = 300, .min = 50, .max = 2000 },
	{ .key = "allow_no_realtime", .type = FIELD_BOOL, PLACE(allow_no_realtime) },
	{ .key = "inputs", .type = FIELD_GROUP, .required = true },
	{ .key = "enable", .type = FIELD_GROUP },
	{ .key = "actuators", .type = FIELD_LIST, .required = true },
	{ .key = "buttons", .type = FIELD_LIST },
	{ .key = "exclusive", .type = FIELD_LIST },
	{ .key = "reach", .type = FIELD_LIST },
	{ .key = "acknowledged", .type = FIELD_LIST },
};
// clang-format on
#undef PLACE
static const struct schema chair_schema = { SCHEMA_ROWS(chair_fields) };

static void read_inputs(struct reader *reader, const struct config_setting_t *group,
	struct chair *chair)
{
	// clang-format off: a table, a row a line
	static const struct field fields[] = {
		{ .key = "estop", .type = FIELD_GROUP, .required = true },
		{ .key = "seat", .type = FIELD_GROUP, .required = true },
		{ .key = "reset", .type = FIELD_GROUP },
	};
	// clang-format on
	static const struct schema schema = { SCHEMA_ROWS(fields) };
	const struct config_setting_t *line;

	reader_group(reader, group, &schema, SELECT_ALL, NULL);
	if ((line = reader_typed(group, "estop", FIELD_GROUP)))
		chair->estop = line_read(reader, line, ROLE_ESTOP, -1, chair);
	if ((line = reader_typed(group, "seat", FIELD_GROUP)))
		chair->seat = line_read(reader, line, ROLE_SEAT, -1, chair);
	if ((line = reader_typed(group, "reset", FIELD_GROUP)))
		chair->reset = line_read(reader, line, ROLE_RESET, -1, chair);
}

static void read_exclusive(struct reader *reader, const struct config_setting_t *list,
	struct chair *chair)
{
	size_t n = reader_length(list);

	if (n > CHAIR_GROUPS_MAX) {
		reader_problem(reader, list, NULL, "has %zu groups (0 ... %d)", n,
			CHAIR_GROUPS_MAX);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		const struct config_setting_t *group = reader_element_list(reader, list, i);
		size_t n_names = group ? reader_length(group) : 0;

		if (group && (n_names < 2 || n_names > CHAIR_ACTUATORS_MAX))
			reader_problem(reader, group, NULL, "has %zu actuators (2 ... %d)", n_names,
				CHAIR_ACTUATORS_MAX);
		for (size_t j = 0; j < n_names && n_names <= CHAIR_ACTUATORS_MAX; j++) {
			const char *name = reader_element_string(reader, group, j);
			int index = name
				? actuator_named(reader, reader_element(group, j), name, chair)
				: -1;

			if (index >= 0)
				chair->groups[i] |= UINT32_C(1) << index;
		}
	}
	chair->n_groups = n;
}

// --- reach -----------------------------------------------------------------------------------

#define PLACE(member) .offset = offsetof(struct reach, member)
// clang-format off: a table, a row a line
static const struct field reach_fields[] = {
	{ .key = "region", .type = FIELD_CUSTOM },
	{ .key = "sides", .type = FIELD_ENUM, .enum_name = names_side, .n_enum_names = NAMES_SIDES,
		.fallback = SIDE_BOTH, PLACE(sides) },
	{ .key = "actuator", .type = FIELD_NAME, .required = true },
	{ .key = "along", .type = FIELD_LIST, .required = true },
	{ .key = "lateral", .type = FIELD_CUSTOM },
	{ .key = "mm", .type = FIELD_LIST },
	{ .key = "peak_n", .type = FIELD_CUSTOM },
	{ .key = "sustained_n", .type = FIELD_CUSTOM },
};
// clang-format on
static const struct schema reach_schema = { SCHEMA_ROWS(reach_fields) };

// Two numbers, the first not above the second unless they may run backwards.
static bool read_pair(struct reader *reader, const struct config_setting_t *group, const char *key,
	const struct field *range, bool backwards, double *ret_from, double *ret_to)
{
	const struct config_setting_t *list = reader_typed(group, key, FIELD_LIST);
	const struct field ranges[2] = { *range, *range };
	double numbers[2];

	if (!list || !reader_numbers(reader, list, ranges, 2, numbers))
		return false;
	if (numbers[0] == numbers[1] || (numbers[0] > numbers[1] && !backwards)) {
		reader_problem(reader, list, NULL, "does not rise (from, to)");
		return false;
	}
	*ret_from = numbers[0];
	*ret_to = numbers[1];
	return true;
}

// A chair may lower the compiled-in ceilings, never raise them.
static void read_ceilings(struct reader *reader, const struct config_setting_t *group,
	struct reach *reach)
{
	struct region_ceiling ceiling = region_ceiling(reach->region);
	struct field peak = { .key = "peak_n",
		.type = FIELD_REAL,
		.min = 1,
		.max = ceiling.peak_n,
		.unit = "N",
		PLACE(peak_n) };
	struct field sustained = {
		.key = "sustained_n", .type = FIELD_REAL, .min = 0, .unit = "N", PLACE(sustained_n)
	};

	reach->peak_n = ceiling.peak_n;
	reader_field(reader, group, &peak, reach);
	sustained.max = fmin(ceiling.sustained_n, reach->peak_n);
	reach->sustained_n = sustained.max;
	reader_field(reader, group, &sustained, reach);
}
#undef PLACE

// The actuator, and the stretch of its carriage's way.
static void read_way(struct reader *reader, const struct config_setting_t *group,
	const struct chair *chair, struct reach *reach)
{
	const char *name = reader_string(group, "actuator");
	const struct actuator *actuator;
	struct field range = { .type = FIELD_REAL, .unit = "mm" };

	reach->actuator = name
		? actuator_named(reader, reader_member(group, "actuator"), name, chair)
		: -1;
	if (reach->actuator < 0)
		return;
	actuator = &chair->actuators[reach->actuator];
	if (!(1u << actuator->kind & (REACHING | 1u << ACTUATOR_KIND_COUNT))) {
		reader_problem(reader, group, "actuator",
			"\"%s\" is of kind %s (press, knead, tap, cell, vibrate, roller)", name,
			actuator_kind_name(actuator->kind));
		return;
	}
	if (actuator->carriage < 0) {
		if (actuator->carriage != REFERENCE_WRONG && reader_member(group, "mm"))
			reader_problem(reader, group, "mm", "\"%s\" rides on no carriage", name);
		return;
	}
	range.min = chair->actuators[actuator->carriage].soft_min_mm;
	range.max = chair->actuators[actuator->carriage].soft_max_mm;
	if (range.max <= range.min) // reported with the carriage
		return;
	if (!reader_member(group, "mm"))
		reader_problem(reader, group, "mm", "is missing (%g ... %g mm of the carriage)",
			range.min, range.max);
	else
		read_pair(reader, group, "mm", &range, true, &reach->mm_from, &reach->mm_to);
}

// --- lateral ---------------------------------------------------------------------------------

#define WIDTH(name, width) \
	{ .key = (name), \
		.type = FIELD_REAL, \
		.max = 300, \
		.unit = "mm", \
		.offset = offsetof(struct reach, width_mm[WIDTH_##width]) }
static const struct field width_fields[] = { WIDTH("narrow", NARROW), WIDTH("medium", MEDIUM),
	WIDTH("wide", WIDE) };
#undef WIDTH
static const struct schema width_schema = { SCHEMA_ROWS(width_fields) };

// A distance for each contact of the knead that sets them, rising.
static void check_widths(struct reader *reader, const struct config_setting_t *widths,
	const struct actuator *knead, struct reach *reach)
{
	double below_mm = -1;

	for (enum width width = WIDTH_NARROW; width < WIDTH_COUNT; width++) {
		const char *name = width_name(width);
		bool given = reader_member(widths, name);

		if (given && knead->line[width_role(width)] < 0)
			reader_problem(reader, widths, name, "\"%s\" has no such contact",
				knead->name);
		else if (!given && knead->line[width_role(width)] >= 0)
			reader_problem(reader, widths, name,
				"is missing (0 ... 300 mm from the spine, at that contact of "
				"\"%s\")",
				knead->name);
		else if (given && reach->width_mm[width] <= below_mm)
			reader_problem(reader, widths, name,
				"does not rise (narrow, medium, wide)");
		else if (given)
			below_mm = reach->width_mm[width];
	}
	reach->lateral_from_mm = fmax(reach->width_mm[WIDTH_NARROW] - ROLLER_HALF_MM, 0);
	reach->lateral_to_mm = reach->width_mm[WIDTH_WIDE] + ROLLER_HALF_MM;
}

static void read_widths(struct reader *reader, const struct config_setting_t *group,
	const struct chair *chair, struct reach *reach)
{
	const struct config_setting_t *widths = reader_member(group, "lateral");
	enum actuator_kind kind;

	for (enum width width = WIDTH_NARROW; width < WIDTH_COUNT; width++)
		reach->width_mm[width] = NAN;
	reader_group(reader, widths, &width_schema, SELECT_ALL, reach);
	if (reach->actuator < 0 || chair->actuators[reach->actuator].kind == ACTUATOR_KIND_COUNT ||
		chair->actuators[reach->actuator].carriage == REFERENCE_WRONG)
		return; // reported
	kind = chair->actuators[reach->actuator].kind;
	reach->setter = chair_width_setter(chair, reach->actuator);
	if (kind != ACTUATOR_PRESS && kind != ACTUATOR_TAP)
		reader_problem(reader, group, "lateral",
			"a %s has no widths (a list ( ): from, to)", actuator_kind_name(kind));
	else if (reach->setter < 0)
		reader_problem(reader, group, "lateral",
			"no knead beside \"%s\" has the contacts narrow and wide (a list ( ): "
			"from, to)",
			chair->actuators[reach->actuator].name);
	else
		check_widths(reader, widths, &chair->actuators[reach->setter], reach);
	reach->by_width = reach->setter >= 0;
}

static void read_lateral(struct reader *reader, const struct config_setting_t *group,
	const struct chair *chair, struct reach *reach)
{
	static const struct field list = { .key = "lateral", .type = FIELD_LIST, .required = true };
	static const struct field range = {
		.type = FIELD_REAL, .min = 0, .max = 300, .unit = "mm"
	};

	if (reader_typed(group, "lateral", FIELD_GROUP))
		read_widths(reader, group, chair, reach);
	else if (reader_field(reader, group, &list, NULL))
		read_pair(reader, group, "lateral", &range, false, &reach->lateral_from_mm,
			&reach->lateral_to_mm);
}

static void read_reach(struct reader *reader, const struct config_setting_t *group,
	const struct chair *chair, struct reach *reach)
{
	static const struct field along = { .type = FIELD_REAL, .min = -0.5, .max = 1 };

	reader_defaults(&reach_schema, SELECT_ALL, reach);
	reader_group(reader, group, &reach_schema, SELECT_ALL, reach);
	if (names_region(reader, group, &reach->region))
		read_ceilings(reader, group, reach);
	read_pair(reader, group, "along", &along, false, &reach->along_from, &reach->along_to);
	read_way(reader, group, chair, reach);
	read_lateral(reader, group, chair, reach);
}

static void read_reaches(struct reader *reader, const struct config_setting_t *list,
	struct chair *chair)
{
	size_t n = reader_length(list);

	if (n > CHAIR_REACHES_MAX) {
		reader_problem(reader, list, NULL, "has %zu entries (0 ... %d)", n,
			CHAIR_REACHES_MAX);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		const struct config_setting_t *group = reader_element_group(reader, list, i);

		chair->reaches[i] = (struct reach){ .actuator = -1 };
		if (group)
			read_reach(reader, group, chair, &chair->reaches[i]);
	}
	chair->n_reaches = n;
}

// Also if a reach names no actuator that there is, which is reported: it may mean this one.
static bool is_reached(const struct chair *chair, int actuator)
{
	for (size_t i = 0; i < chair->n_reaches; i++) {
		if (chair->reaches[i].actuator == actuator || chair->reaches[i].actuator < 0)
			return true;
	}
	return false;
}

// Without a reach an actuator has no ceiling to press with: it would never move.
static void check_reached(struct reader *reader, const struct config_setting_t *actuators,
	const struct chair *chair)
{
	for (size_t i = 0; i < chair->n_actuators; i++) {
		if (actuator_presses(chair->actuators[i].kind) && !is_reached(chair, (int)i))
			reader_problem(reader, reader_element(actuators, i), NULL,
				"\"%s\" reaches no region (name it in reach)",
				chair->actuators[i].name);
	}
}

int chair_load(const char *file, struct problems *problems, struct chair *ret_chair)
{
	__attribute__((cleanup(reader_freep))) struct reader *reader = NULL;
	struct chair chair = { .estop = -1, .seat = -1, .reset = -1, .enable = -1 };
	const struct config_setting_t *root, *part;
	int r;

	r = reader_open(file, problems, &reader);
	if (r < 0)
		return r == -ENOMEM ? r : -EINVAL;
	root = reader_root(reader);
	reader_defaults(&chair_schema, SELECT_ALL, &chair);
	reader_group(reader, root, &chair_schema, SELECT_ALL, &chair);
	if ((part = reader_typed(root, "inputs", FIELD_GROUP)))
		read_inputs(reader, part, &chair);
	if ((part = reader_typed(root, "enable", FIELD_GROUP)))
		chair.enable = line_read_enable(reader, part, &chair);
	if ((part = reader_typed(root, "actuators", FIELD_LIST)))
		actuators_read(reader, part, &chair);
	if ((part = reader_typed(root, "buttons", FIELD_LIST)))
		buttons_read(reader, part, &chair);
	if ((part = reader_typed(root, "exclusive", FIELD_LIST)))
		read_exclusive(reader, part, &chair);
	if ((part = reader_typed(root, "reach", FIELD_LIST)))
		read_reaches(reader, part, &chair);
	if ((part = reader_typed(root, "actuators", FIELD_LIST)))
		check_reached(reader, part, &chair);
	chair_prove(reader, &chair);

	if (reader_problems(reader))
		return -EINVAL;
	*ret_chair = chair;
	return 0;
}
