// SPDX-License-Identifier: MIT
#include "config/layer_file.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#define FLOOR_NONE (-1) // not in the file

#define PLACE(member) .offset = offsetof(struct step_layer, member)
// clang-format off: a table, a row a line
static const struct field layer_fields[] = {
	{ .key = "kind", .type = FIELD_ENUM, .enum_name = layer_kind_name, PLACE(kind),
		.n_enum_names = ACTUATOR_KIND_COUNT },
	{ .key = "actuator", .type = FIELD_NAME, PLACE(actuator), .size = NAME_SIZE },
	{ .key = "permille", .type = FIELD_REAL, PLACE(permille), .unit = "per mille",
		.fallback = PERMILLE_FULL, .min = 1, .max = PERMILLE_FULL },
	{ .key = "floor", .type = FIELD_REAL, PLACE(floor_permille), .unit = "per mille",
		.fallback = FLOOR_NONE, .min = 0, .max = PERMILLE_FULL },
	{ .key = "on_s", .type = FIELD_REAL, PLACE(on_s), .unit = "s", .min = 1,
		.max = LAYER_ON_MAX_S },
	{ .key = "off_s", .type = FIELD_REAL, PLACE(off_s), .unit = "s", .min = 1, .max = 300 },
	{ .key = "optional", .type = FIELD_BOOL, PLACE(optional) },
};
// clang-format on
#undef PLACE
static const struct schema layer_schema = { SCHEMA_ROWS(layer_fields) };

// Whether this key is there, or meant.
static bool has(const struct reader *reader, const struct config_setting_t *group, const char *key)
{
	return reader_member(group, key) || reader_is_misspelt(reader, group, key);
}

static void check_actuator(struct reader *reader, const struct config_setting_t *group,
	const struct step_layer *layer)
{
	bool kind = has(reader, group, "kind"), actuator = has(reader, group, "actuator");

	if (kind == actuator)
		reader_problem(reader, group, NULL, "has %s (kind or actuator, one of them)",
			kind ? "both kind and actuator" : "nothing to run");
	else if (!has(reader, group, "permille") && (actuator || layer_kind_has_drive(layer->kind)))
		reader_problem(reader, group, "permille", "is missing (1 ... %d per mille)",
			PERMILLE_FULL);
}

static void check_values(struct reader *reader, const struct config_setting_t *group,
	struct step_layer *layer)
{
	if (layer->floor_permille == FLOOR_NONE)
		layer->floor_permille = layer->permille;
	if (layer->floor_permille > layer->permille)
		reader_problem(reader, group, "floor", "%g is above permille (0 ... %g)",
			layer->floor_permille, layer->permille);
	if (layer->off_s > 0 && !has(reader, group, "on_s") &&
		!(reader_member(group, "kind") && layer_kind_rhythm_s(layer->kind) > 0))
		reader_problem(reader, group, "off_s", "needs on_s: off so long after each on_s");
}

static void read_layer(struct reader *reader, const struct config_setting_t *group,
	struct step_layer *layer)
{
	size_t before = reader_problems(reader);

	reader_defaults(&layer_schema, SELECT_ALL, layer);
	reader_group(reader, group, &layer_schema, SELECT_ALL, layer);
	layer->line = reader_line(group);
	if (reader_problems(reader) == before)
		check_actuator(reader, group, layer);
	check_values(reader, group, layer);
}

int layers_read(struct reader *reader, const struct config_setting_t *list,
	struct profile_step *step)
{
	size_t n = reader_length(list);

	if (n == 0 || n > STEP_LAYERS_MAX) {
		reader_problem(reader, list, NULL, "has %zu layers (1 ... %d)", n, STEP_LAYERS_MAX);
		return 0;
	}
	step->layers = calloc(n, sizeof(*step->layers));
	if (!step->layers)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		const struct config_setting_t *group = reader_element_group(reader, list, i);

		if (group)
			read_layer(reader, group, &step->layers[i]);
	}
	step->n_layers = n;
	return 0;
}
