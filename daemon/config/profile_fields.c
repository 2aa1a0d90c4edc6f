// SPDX-License-Identifier: MIT
#include "config/profile_fields.h"

#include <string.h>

#include "config/names.h"
#include "core/chair.h"

#define HOLD    (1u << TECHNIQUE_HOLD)
#define STROKE  (1u << TECHNIQUE_STROKE)
#define KNEAD   (1u << TECHNIQUE_KNEAD)
#define PAUSE   (1u << TECHNIQUE_PAUSE)
#define TAP     (1u << TECHNIQUE_TAP)
#define ROLL    (1u << TECHNIQUE_ROLL)
#define POSTURE (1u << TECHNIQUE_POSTURE)

static const char *technique_enum_name(unsigned technique)
{
	return technique_name(technique);
}

#define PLACE(member) .offset = offsetof(struct step_keys, member)
#define KEEP(member)  PLACE(member), .size = sizeof(((struct step_keys *)NULL)->member)
#define LINE(key_)    .line = offsetof(struct step_keys, step.line[key_])
#define PART(key_, part) \
	{ .key = (key_), \
		.type = FIELD_INT, \
		PLACE(step.posture[part]), \
		LINE(STEP_PART + (part)), \
		.unit = "per mille", \
		.applies_to = POSTURE, \
		.fallback = POSTURE_STAYS, \
		.min = 0, \
		.max = PERMILLE_FULL }
// clang-format off: a table, a row a line
static const struct field step_fields[] = {
	{ .key = "technique", .type = FIELD_CUSTOM, LINE(STEP_TECHNIQUE) },
	{ .key = "target", .type = FIELD_GROUP, KEEP(target), LINE(STEP_TARGET),
		.applies_to = HOLD | STROKE | KNEAD | TAP },
	{ .key = "ramp_n_per_s", .type = FIELD_REAL, PLACE(ramp_n), LINE(STEP_RAMP), .unit = "N/s",
		.applies_to = HOLD | STROKE, .fallback = 8, .min = 0.5, .max = RAMP_HARD_MAX_N_S },
	{ .key = "ramp_permille_per_s", .type = FIELD_REAL, PLACE(ramp_permille), LINE(STEP_RAMP),
		.unit = "per mille a second", .applies_to = HOLD | STROKE | KNEAD | TAP,
		.fallback = 100, .min = 5, .max = RAMP_HARD_MAX_PERMILLE_S },
	{ .key = "hold_s", .type = FIELD_REAL, PLACE(step.hold_s), LINE(STEP_HOLD), .unit = "s",
		.applies_to = HOLD, .fallback = 30, .min = 5, .max = HOLD_HARD_MAX_S },
	{ .key = "ease_min_s", .type = FIELD_REAL, PLACE(step.ease_min_s), .unit = "s",
		.applies_to = HOLD, .fallback = 15, .min = 5, .max = HOLD_HARD_MAX_S },
	{ .key = "rest_s", .type = FIELD_REAL, PLACE(step.rest_s), LINE(STEP_REST), .unit = "s",
		.applies_to = HOLD, .fallback = 30, .min = 0, .max = 300 },
	{ .key = "repeats", .type = FIELD_INT, PLACE(step.repeats), LINE(STEP_REPEATS),
		.applies_to = HOLD | STROKE | ROLL, .fallback = 2, .min = 1, .max = 6 },
	{ .key = "speed_mm_s", .type = FIELD_REAL, PLACE(step.speed_mm_s), LINE(STEP_SPEED),
		.unit = "mm/s", .applies_to = STROKE | ROLL, .fallback = 20, .min = 2, .max = 60 },
	{ .key = "duration_s", .type = FIELD_REAL, PLACE(step.duration_s), LINE(STEP_DURATION),
		.unit = "s", .applies_to = KNEAD | TAP | PAUSE,
		.fallback = 30, .min = 1, .max = 300 },
	// These make no sense as defaults: NO_DEFAULTS of them.
	{ .key = "pathway", .type = FIELD_NAME, LINE(STEP_POINTS),
		.applies_to = HOLD | STROKE | KNEAD | TAP | ROLL },
	{ .key = "points", .type = FIELD_LIST, KEEP(points), LINE(STEP_POINTS),
		.applies_to = HOLD | STROKE | KNEAD | TAP | ROLL },
	{ .key = "sides", .type = FIELD_ENUM, .enum_name = names_side, .n_enum_names = NAMES_SIDES,
		PLACE(sides), .applies_to = HOLD | STROKE | KNEAD | TAP | ROLL },
	{ .key = "with", .type = FIELD_LIST, KEEP(with), LINE(STEP_LAYERS),
		.applies_to = HOLD | STROKE | KNEAD | TAP | ROLL },
	PART("back", PART_BACK),
	PART("legs", PART_LEGS),
	PART("extension", PART_EXTENSION),
	{ .key = "restore", .type = FIELD_BOOL, PLACE(step.restore), .applies_to = POSTURE },
	{ .key = "optional", .type = FIELD_BOOL, PLACE(step.optional), .applies_to = POSTURE },
};
#define NO_DEFAULTS 9
const struct field profile_technique_field = { .key = "technique", .type = FIELD_ENUM,
	.enum_name = technique_enum_name, .n_enum_names = TECHNIQUE_COUNT, PLACE(technique) };
// clang-format on
#undef PART
#undef LINE
#undef KEEP
#undef PLACE

// What belongs into the target.
#define IN_TARGET(key) { key, "write \"target\" = { " key " = ...; floor = ...; }" }
static const struct alias step_aliases[] = {
	IN_TARGET("newtons"),
	IN_TARGET("permille"),
	{ "newton", "write \"target\" = { newtons = ...; floor = ...; }" },
	{ "floor", "write it into \"target\" = { ...; floor = ...; }" },
};
#undef IN_TARGET
#define STEP_ALIASES \
	.aliases = step_aliases, .n_aliases = sizeof(step_aliases) / sizeof(step_aliases[0])

const struct schema profile_step_schema = {
	SCHEMA_ROWS(step_fields),
	STEP_ALIASES,
	.selector = "technique",
	.selection = technique_enum_name,
};
const struct schema profile_defaults_schema = {
	.fields = step_fields,
	.n = sizeof(step_fields) / sizeof(step_fields[0]) - NO_DEFAULTS,
	STEP_ALIASES,
};

#define PLACE(member) .offset = offsetof(struct target_keys, member)
// 55 N: the highest sustained ceiling of a region (core/region.c).
// clang-format off: a table, a row a line
static const struct field target_fields[] = {
	{ .key = "newtons", .type = FIELD_REAL, PLACE(newtons), .unit = "N", .min = 1, .max = 55 },
	{ .key = "permille", .type = FIELD_REAL, PLACE(permille), .unit = "per mille", .min = 1,
		.max = 1000 },
	{ .key = "floor", .type = FIELD_REAL, PLACE(floor), .min = 0, .max = 1000 },
};
// clang-format on
#undef PLACE

const struct schema profile_target_schema = { SCHEMA_ROWS(target_fields) };

static const struct field *find_number(const struct schema *schema, const char *key)
{
	for (size_t i = 0; i < schema->n; i++) {
		const struct field *field = &schema->fields[i];

		if ((field->type == FIELD_REAL || field->type == FIELD_INT) &&
			!strcmp(field->key, key))
			return field;
	}
	return NULL;
}

const struct field *profile_number_field(const char *key)
{
	const struct field *field = find_number(&profile_step_schema, key);

	return field ? field : find_number(&profile_target_schema, key);
}
