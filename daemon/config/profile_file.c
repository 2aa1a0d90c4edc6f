// SPDX-License-Identifier: MIT
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/folder.h"
#include "config/layer_file.h"
#include "config/library.h"
#include "config/name_meaning.h"
#include "config/names.h"
#include "config/profile_fields.h"
#include "config/profile_memory.h"
#include "config/reader.h"
#include "config/step_lines.h"

#define DESCRIPTION_MAX 1000

// --- a step ----------------------------------------------------------------------------------

static void missing_floor(struct reader *reader, const struct config_setting_t *group,
	const struct target *target)
{
	const char *unit = target->unit == TARGET_NEWTON ? "N" : "per mille";

	if (isnan(target->value))
		reader_problem(reader, group, "floor", "is missing (0 ... the target, %s)", unit);
	else
		reader_problem(reader, group, "floor", "is missing (0 ... the target, %g %s)",
			target->value, unit);
}

// NAN: the key is missing, or its value is wrong.
static bool has_number(const struct config_setting_t *group, const char *key, double number)
{
	return !isnan(number) || reader_member(group, key);
}

// A wrong value becomes NAN: it is reported once, and not as missing.
static void read_target(struct reader *reader, const struct config_setting_t *group,
	struct target *target)
{
	struct target_keys keys = { NAN, NAN, NAN };
	bool newtons, permille;

	reader_group(reader, group, &profile_target_schema, SELECT_ALL, &keys);
	newtons = has_number(group, "newtons", keys.newtons);
	permille = has_number(group, "permille", keys.permille);
	target->value = NAN;
	if (newtons == permille) {
		reader_problem(reader, group, NULL, "has %s (newtons or permille, one of them)",
			newtons ? "both newtons and permille" : "no value");
		return;
	}
	target->unit = newtons ? TARGET_NEWTON : TARGET_PERMILLE;
	target->value = newtons ? keys.newtons : keys.permille;
	target->floor = keys.floor;
	if (!has_number(group, "floor", keys.floor) && !reader_is_misspelt(reader, group, "floor"))
		missing_floor(reader, group, target);
	if (keys.floor > target->value)
		reader_problem(reader, group, "floor", "%g is above the target (0 ... %g)",
			keys.floor, target->value);
}

// The common keys of a defaults group and a step.
static void read_common(struct reader *reader, const struct config_setting_t *group,
	const struct schema *schema, struct step_keys *keys)
{
	if (reader_member(group, "technique") &&
		!reader_field(reader, group, &profile_technique_field, keys))
		keys->technique = SELECT_ALL;
	reader_group(reader, group, schema, schema->selector ? keys->technique : SELECT_ALL, keys);
	if (keys->target)
		read_target(reader, keys->target, &keys->step.target);
	if (reader_is_misspelt(reader, group, "target"))
		keys->step.target.value = NAN; // reported, and not missing
}

static const struct pathway *find_pathway(struct reader *reader,
	const struct config_setting_t *group, const struct atlas *atlas)
{
	const char *name = reader_string(group, "pathway");
	const struct config_setting_t *member = reader_member(group, "pathway");
	int index = atlas_find_pathway(atlas, name);
	char meaning[NAME_MEANING_SIZE];
	struct suggestion suggestion;

	if (index >= 0)
		return &atlas->pathways[index];
	if (name_meaning(atlas, name, NAME_PATHWAY, meaning)) {
		reader_problem(reader, member, NULL, "%s", meaning);
		return NULL;
	}
	suggestion_start(&suggestion, name);
	for (size_t i = 0; i < atlas->n_pathways; i++)
		suggestion_consider(&suggestion, atlas->pathways[i].name);
	reader_no_such(reader, member, "pathway", &suggestion);
	return NULL;
}

static size_t pathway_points(const struct pathway *pathway, const struct atlas *atlas,
	unsigned sides, struct profile_step *step)
{
	size_t n = 0;

	for (size_t i = 0; i < pathway->n_points; i++) {
		if (!sides || (atlas->points[pathway->points[i]].side & sides))
			step->points[n++] = pathway->points[i];
	}
	memset(step->point_lines, 0, n * sizeof(*step->point_lines));
	return n;
}

// A pathway may run through closed points, so that it can be looked up; no step may press them.
static void check_open(struct reader *reader, const struct config_setting_t *group,
	const struct atlas *atlas, const struct profile_step *step)
{
	for (size_t i = 0; i < step->n_points; i++) {
		const struct point *point = &atlas->points[step->points[i]];

		if (!point->closed)
			continue;
		reader_problem(reader, group, "pathway",
			"%s, which it runs through, is closed: %s (" NAMES_CLOSED_REMEDY ")",
			point->name, point->closed);
		return;
	}
}

// The step's points, from a pathway or a list.
static void read_points(struct reader *reader, const struct config_setting_t *group,
	const struct atlas *atlas, const struct step_keys *keys, struct profile_step *step)
{
	const struct config_setting_t *list = keys->points;
	bool by_pathway = reader_member(group, "pathway");
	bool by_list = list || reader_member(group, "points");
	size_t before = reader_problems(reader);

	if (!by_list && !by_pathway &&
		(reader_is_misspelt(reader, group, "points") ||
			reader_is_misspelt(reader, group, "pathway")))
		return;
	if (by_pathway == by_list) {
		reader_problem(reader, group, NULL, "has %s (pathway or points, one of them)",
			by_list ? "both pathway and points" : "nowhere to press");
		return;
	}
	if (list)
		step->n_points = names_points(reader, list, atlas, (unsigned)keys->sides, false,
			step->points, step->point_lines);
	else if (atlas && by_pathway && reader_string(group, "pathway"))
		step->pathway = find_pathway(reader, group, atlas);
	if (step->pathway) {
		step->n_points = pathway_points(step->pathway, atlas, (unsigned)keys->sides, step);
		check_open(reader, group, atlas, step);
	}
	if (!step->n_points && (list || step->pathway) && atlas &&
		reader_problems(reader) == before)
		reader_problem(reader, group, "sides", "leaves no point to press");
}

// The points limit the target already; a chair may allow less.
static void check_ceiling(struct reader *reader, const struct config_setting_t *group,
	const struct atlas *atlas, const struct profile_step *step)
{
	const struct point *weakest = NULL;
	double allowed_n = INFINITY;

	for (size_t i = 0; i < step->n_points; i++) {
		const struct point *point = &atlas->points[step->points[i]];

		if (point_sustained_n(point) < allowed_n) {
			allowed_n = point_sustained_n(point);
			weakest = point;
		}
	}
	if (!weakest)
		return;
	if (allowed_n == 0)
		reader_problem(reader, group, NULL, "%s bears no sustained pressure (%s)",
			region_name(weakest->region), weakest->name);
	else if (step->target.unit == TARGET_NEWTON && step->target.value > allowed_n)
		reader_problem(reader, group, "target",
			"%g N is above what %sthe %s bears (0 ... %g N; %s)", step->target.value,
			weakest->sensitivity == SENSITIVITY_HIGH ? "a sensitive point of " : "",
			region_name(weakest->region), allowed_n, weakest->name);
}

static void check_target(struct reader *reader, const struct config_setting_t *group,
	const struct atlas *atlas, const struct profile_step *step)
{
	bool newtons = step->target.unit == TARGET_NEWTON;
	bool turns = step->technique == TECHNIQUE_KNEAD || step->technique == TECHNIQUE_TAP;

	if (step->target.value == 0 && !reader_member(group, "target"))
		reader_problem(reader, group, "target", "is missing (here or in defaults)");
	if (!(step->target.value > 0))
		return;
	if (turns && newtons)
		reader_problem(reader, group, "target", "a %s has no newtons (permille)",
			technique_name(step->technique));
	if (newtons && reader_member(group, "ramp_permille_per_s"))
		reader_problem(reader, group, "ramp_permille_per_s",
			"the target is in newtons (ramp_n_per_s)");
	if (!newtons && reader_member(group, "ramp_n_per_s") && !turns)
		reader_problem(reader, group, "ramp_n_per_s",
			"the target is in per mille (ramp_permille_per_s)");
	check_ceiling(reader, group, atlas, step);
}

static void check_posture(struct reader *reader, const struct config_setting_t *group)
{
	for (int part = 0; part < POSTURE_PARTS; part++) {
		const char *name = posture_part_name((enum posture_part)part);

		if (reader_member(group, name) || reader_is_misspelt(reader, group, name))
			return;
	}
	reader_problem(reader, group, NULL,
		"has no part to move (back, legs or extension: 0 ... %d per mille of its way)",
		PERMILLE_FULL);
}

// Room for the points of a step.
struct step_points {
	uint16_t index[PATHWAY_POINTS_MAX];
	int line[PATHWAY_POINTS_MAX];
};

// 0 or -ENOMEM.
static int read_step(struct reader *reader, const struct config_setting_t *group,
	const struct atlas *atlas, const struct step_keys *defaults, struct step_points *points,
	struct profile_step *step)
{
	struct step_keys keys = *defaults;
	int r;

	keys.target = NULL;
	memset(keys.step.line, 0, sizeof(keys.step.line));
	read_common(reader, group, &profile_step_schema, &keys);
	*step = keys.step;
	step->points = points->index;
	step->point_lines = points->line;
	step_lines_complete(step, defaults->step.line, reader_line(group));
	if (keys.with && (r = layers_read(reader, keys.with, step)) < 0)
		return r;
	if (keys.technique != SELECT_ALL)
		step->technique = (enum technique)keys.technique;
	if (keys.technique == TECHNIQUE_POSTURE)
		check_posture(reader, group);
	if (keys.technique == TECHNIQUE_PAUSE || keys.technique == TECHNIQUE_POSTURE)
		return 0;
	step->ramp_per_s = step->target.unit == TARGET_NEWTON ? keys.ramp_n : keys.ramp_permille;
	// Of an unknown technique nothing is missing.
	if (keys.technique != SELECT_ALL || reader_member(group, "points") ||
		reader_member(group, "pathway"))
		read_points(reader, group, atlas, &keys, step);
	if (keys.technique == TECHNIQUE_ROLL) // nothing presses
		step->target = (struct target){ TARGET_PERMILLE, 0, 0 };
	else if (keys.technique != SELECT_ALL)
		check_target(reader, group, atlas, step);
	else
		check_ceiling(reader, group, atlas, step);
	return 0;
}

// --- a profile -------------------------------------------------------------------------------

#define PLACE(member) .offset = offsetof(struct profile, member)
// clang-format off: a table, a row a line
static const struct field profile_fields[] = {
	{ .key = "title", .type = FIELD_TEXT, .required = true, .size = TITLE_SIZE, PLACE(title) },
	{ .key = "description", .type = FIELD_TEXT, .max = DESCRIPTION_MAX },
	{ .key = "minutes_max", .type = FIELD_INT, PLACE(minutes_max), .unit = "min",
		.fallback = SESSION_DEFAULT_S / 60, .min = 1, .max = SESSION_HARD_MAX_S / 60 },
	{ .key = "breathing", .type = FIELD_GROUP },
	{ .key = "defaults", .type = FIELD_GROUP },
	{ .key = "steps", .type = FIELD_LIST, .required = true },
};
// clang-format on
static const struct schema profile_schema = { SCHEMA_ROWS(profile_fields) };

// clang-format off: a table, a row a line
static const struct field breathing_fields[] = {
	{ .key = "inhale_s", .type = FIELD_REAL, PLACE(inhale_s), .unit = "s", .fallback = 4,
		.min = 1, .max = 15 },
	{ .key = "exhale_s", .type = FIELD_REAL, PLACE(exhale_s), .unit = "s", .fallback = 6,
		.min = 1, .max = 15 },
};
// clang-format on
#undef PLACE
static const struct schema breathing_schema = { SCHEMA_ROWS(breathing_fields) };

// A profile during reading has its parts in blocks of their own, but for the name of its file.
static void clear_draft(struct profile *draft)
{
	for (size_t i = 0; i < draft->n_steps; i++)
		free(draft->steps[i].layers);
	free(draft->steps); // with room for all their points
	free(draft->description);
}

static int read_steps(struct reader *reader, const struct config_setting_t *list,
	const struct atlas *atlas, const struct step_keys *defaults, struct profile *profile)
{
	size_t n = reader_length(list);
	struct step_points *points;
	int r = 0;

	if (n == 0 || n > PROFILE_STEPS_MAX) {
		reader_problem(reader, list, NULL, "has %zu steps (1 ... %d)", n,
			PROFILE_STEPS_MAX);
		return 0;
	}
	profile->steps = malloc(n * (sizeof(*profile->steps) + sizeof(*points)));
	if (!profile->steps)
		return -ENOMEM;
	points = (struct step_points *)(profile->steps + n);
	memset(profile->steps, 0, n * sizeof(*profile->steps));
	profile->n_steps = n;
	for (size_t i = 0; i < n && r == 0; i++) {
		const struct config_setting_t *group = reader_element_group(reader, list, i);

		if (group)
			r = read_step(reader, group, atlas, defaults, &points[i],
				&profile->steps[i]);
	}
	return r;
}

static void note_minutes(const struct config_setting_t *root, const struct config_setting_t *steps,
	struct profile *profile)
{
	const struct config_setting_t *minutes = reader_member(root, "minutes_max");

	profile->minutes_given = minutes;
	if (minutes || steps)
		profile->minutes_line = reader_line(minutes ? minutes : steps);
}

static int read_profile(struct reader *reader, const struct atlas *atlas, struct profile *profile)
{
	const struct config_setting_t *root = reader_root(reader), *part;
	const char *description = reader_string(root, "description");
	struct step_keys defaults = { 0 };

	reader_defaults(&profile_schema, SELECT_ALL, profile);
	reader_defaults(&breathing_schema, SELECT_ALL, profile);
	reader_defaults(&profile_step_schema, SELECT_ALL, &defaults);
	reader_group(reader, root, &profile_schema, SELECT_ALL, profile);
	if ((part = reader_typed(root, "breathing", FIELD_GROUP)))
		reader_group(reader, part, &breathing_schema, SELECT_ALL, profile);
	if ((part = reader_typed(root, "defaults", FIELD_GROUP)))
		read_common(reader, part, &profile_defaults_schema, &defaults);
	profile->hash = reader_hash(reader);
	profile->file = (char *)reader_file(reader);
	profile->description = strdup(description ? description : "");
	if (!profile->description)
		return -ENOMEM;
	part = reader_typed(root, "steps", FIELD_LIST);
	note_minutes(root, part, profile);
	return part ? read_steps(reader, part, atlas, &defaults, profile) : 0;
}

// Closes the reader: the profile gets its memory when the tree of settings has left it, so that the
// next file's tree goes there again, in one piece.
static int finish(struct reader **reader, const struct atlas *atlas, const char *name,
	struct profile *ret_profile)
{
	__attribute__((cleanup(clear_draft))) struct profile draft = { 0 };
	int r;

	r = read_profile(*reader, atlas, &draft);
	if (r == 0 && reader_problems(*reader))
		r = -EINVAL;
	reader_freep(reader);
	if (r < 0)
		return r;
	strcpy(draft.name, name);
	return profile_pack(&draft, ret_profile);
}

// The name of a file without its folder and ".cfg". False, with a problem, if it is not valid.
static bool name_of(const char *file, struct problems *problems, char name[NAME_SIZE])
{
	size_t length;
	const char *base = folder_stem(file, &length);
	char mended[NAME_SIZE];

	if (length > 0 && length < NAME_SIZE && reader_is_name(base, length)) {
		memcpy(name, base, length);
		name[length] = '\0';
		return true;
	}
	names_mend(base, length, mended);
	if (problems)
		problems_add(problems, file, 0, "",
			"a profile has the name of its file (a-z, 0-9, \".\", \"_\" and \"-\"; at "
			"most %d bytes): rename it, to %s.cfg perhaps",
			NAME_SIZE - 1, *mended ? mended : "profile");
	return false;
}

int profile_load(const char *file, const struct atlas *atlas, struct problems *problems,
	struct profile *ret_profile)
{
	__attribute__((cleanup(reader_freep))) struct reader *reader = NULL;
	char name[NAME_SIZE] = "";
	int r;

	r = reader_open(file, problems, &reader);
	if (r < 0)
		return r == -ENOMEM ? r : -EINVAL;
	name_of(file, problems, name);
	return finish(&reader, atlas, name, ret_profile);
}

int profile_parse(const char *name, const char *text, const struct atlas *atlas,
	struct problems *problems, struct profile *ret_profile)
{
	__attribute__((cleanup(reader_freep))) struct reader *reader = NULL;
	char base[NAME_SIZE] = "";
	int r;

	r = reader_parse(name, text, problems, &reader);
	if (r < 0)
		return r;
	name_of(name, NULL, base);
	return finish(&reader, atlas, base, ret_profile);
}
