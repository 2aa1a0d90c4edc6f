// SPDX-License-Identifier: MIT
//
// Loader of persons.cfg: people by name.
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/library.h"
#include "config/name_meaning.h"
#include "config/names.h"
#include "config/reader.h"

#define ALL_REGIONS "all"

#define PLACE(member) .offset = offsetof(struct person, member)
// clang-format off: a table, a row a line
static const struct field person_fields[] = {
	{ .key = "name", .type = FIELD_ID, .required = true, .size = NAME_SIZE, PLACE(name) },
	{ .key = "height_cm", .type = FIELD_REAL, .required = true, .unit = "cm",
		.min = PERSON_HEIGHT_MIN_CM, .max = PERSON_HEIGHT_MAX_CM, PLACE(height_cm) },
	{ .key = "shoulder_offset_mm", .type = FIELD_REAL, .min = -PERSON_OFFSET_MAX_MM,
		.max = PERSON_OFFSET_MAX_MM, .unit = "mm", PLACE(shoulder_offset_mm) },
	{ .key = "ceiling_intensity", .type = FIELD_REAL, .fallback = 100, .min = 0, .max = 100,
		.unit = "%", PLACE(ceiling_percent) },
	{ .key = "closed", .type = FIELD_LIST },
};
#undef PLACE

static const struct field closing_fields[] = {
	{ .key = "reason", .type = FIELD_TEXT, .required = true, .size = TITLE_SIZE,
		.offset = offsetof(struct person_closing, reason) },
	{ .key = "regions", .type = FIELD_LIST },
	{ .key = "points", .type = FIELD_LIST },
};

static const struct field file_fields[] = {
	{ .key = "persons", .type = FIELD_LIST, .required = true },
};
// clang-format on

static const struct alias person_aliases[] = {
	{ "height", "did you mean \"height_cm\"?" },
	{ "height_m", "did you mean \"height_cm\"?" },
	{ "intensity", "did you mean \"ceiling_intensity\"?" },
	{ "shoulder_offset", "did you mean \"shoulder_offset_mm\"?" },
	{ "contraindications", "did you mean \"closed\"?" },
};

static const struct schema person_schema = {
	SCHEMA_ROWS(person_fields),
	.aliases = person_aliases,
	.n_aliases = sizeof(person_aliases) / sizeof(person_aliases[0]),
};
static const struct schema closing_schema = { SCHEMA_ROWS(closing_fields) };
static const struct schema file_schema = { SCHEMA_ROWS(file_fields) };

// --- what is closed ---------------------------------------------------------------------------

static void read_region(struct reader *reader, const struct config_setting_t *list, size_t index,
	const struct atlas *atlas, uint32_t *regions)
{
	const char *word = reader_element_string(reader, list, index);
	char meaning[NAME_MEANING_SIZE];
	struct suggestion suggestion;

	if (!word)
		return;
	if (!strcmp(word, ALL_REGIONS)) {
		*regions = UINT32_MAX;
		return;
	}
	suggestion_start(&suggestion, word);
	suggestion_consider(&suggestion, ALL_REGIONS);
	for (int i = 0; i < REGION_COUNT; i++) {
		const char *name = region_name((enum region)i);

		if (!strcmp(name, word)) {
			*regions |= UINT32_C(1) << i;
			return;
		}
		suggestion_consider(&suggestion, name);
	}
	if (atlas && name_meaning(atlas, word, NAME_REGION, meaning))
		reader_problem(reader, reader_element(list, index), NULL, "%s", meaning);
	else
		reader_no_such(reader, reader_element(list, index), "region", &suggestion);
}

static int read_closing(struct reader *reader, const struct config_setting_t *group,
	const struct atlas *atlas, struct person_closing *closing)
{
	const struct config_setting_t *regions, *points;

	reader_group(reader, group, &closing_schema, SELECT_ALL, closing);
	regions = reader_typed(group, "regions", FIELD_LIST);
	points = reader_typed(group, "points", FIELD_LIST);
	for (size_t i = 0; regions && i < reader_length(regions); i++)
		read_region(reader, regions, i, atlas, &closing->regions);
	if (points) {
		uint16_t found[PATHWAY_POINTS_MAX];

		closing->n_points = names_points(reader, points, atlas, 0, true, found, NULL);
		closing->points = calloc(closing->n_points + 1, sizeof(*closing->points));
		if (!closing->points)
			return -ENOMEM;
		memcpy(closing->points, found, closing->n_points * sizeof(found[0]));
	}
	if (reader_is_clean(reader, group) && !closing->regions && !closing->n_points)
		reader_problem(reader, group, NULL,
			"closes nothing: write regions = [ ... ], points = [ ... ] or both");
	return 0;
}

static int read_closings(struct reader *reader, const struct config_setting_t *list,
	const struct atlas *atlas, struct person *person)
{
	size_t n = reader_length(list);
	int r = 0;

	if (n > PERSON_CLOSINGS_MAX) {
		reader_problem(reader, list, NULL, "has %zu entries (at most %d)", n,
			PERSON_CLOSINGS_MAX);
		return 0;
	}
	person->closings = calloc(n + 1, sizeof(*person->closings));
	if (!person->closings)
		return -ENOMEM;
	for (size_t i = 0; i < n && r == 0; i++) {
		const struct config_setting_t *group = reader_element_group(reader, list, i);

		if (group)
			r = read_closing(reader, group, atlas,
				&person->closings[person->n_closings++]);
	}
	return r;
}

// --- people -----------------------------------------------------------------------------------

static int read_person(struct reader *reader, const struct config_setting_t *group,
	const struct atlas *atlas, struct persons *persons)
{
	struct person *person = &persons->list[persons->n];
	const struct config_setting_t *closed;

	reader_defaults(&person_schema, SELECT_ALL, person);
	reader_group(reader, group, &person_schema, SELECT_ALL, person);
	if (*person->name && persons_find(persons, person->name))
		reader_problem(reader, group, "name", "there is another \"%s\"", person->name);
	persons->n++;
	closed = reader_typed(group, "closed", FIELD_LIST);
	return closed ? read_closings(reader, closed, atlas, person) : 0;
}

static int read_persons(struct reader *reader, const struct atlas *atlas, struct persons *persons)
{
	const struct config_setting_t *list;
	size_t n;
	int r = 0;

	reader_group(reader, reader_root(reader), &file_schema, SELECT_ALL, NULL);
	list = reader_typed(reader_root(reader), "persons", FIELD_LIST);
	if (!list)
		return 0;
	n = reader_length(list);
	if (n > PERSONS_MAX) {
		reader_problem(reader, list, NULL, "has %zu people (at most %d)", n, PERSONS_MAX);
		return 0;
	}
	persons->list = calloc(n + 1, sizeof(*persons->list));
	if (!persons->list)
		return -ENOMEM;
	for (size_t i = 0; i < n && r == 0; i++) {
		const struct config_setting_t *group = reader_element_group(reader, list, i);

		if (group)
			r = read_person(reader, group, atlas, persons);
	}
	return r;
}

static int read_whole(struct reader *reader, const struct atlas *atlas, struct persons *ret_persons)
{
	struct persons persons = { 0 };
	int r = read_persons(reader, atlas, &persons);

	if (r == 0 && reader_problems(reader))
		r = -EINVAL;
	if (r < 0)
		persons_clear(&persons);
	else
		*ret_persons = persons;
	return r;
}

int persons_load(const char *file, const struct atlas *atlas, struct problems *problems,
	struct persons *ret_persons)
{
	__attribute__((cleanup(reader_freep))) struct reader *reader = NULL;
	int r = reader_open(file, problems, &reader);

	if (r < 0)
		return r == -ENOENT || r == -ENOMEM ? r : -EINVAL;
	return read_whole(reader, atlas, ret_persons);
}

int persons_parse(const char *name, const char *text, const struct atlas *atlas,
	struct problems *problems, struct persons *ret_persons)
{
	__attribute__((cleanup(reader_freep))) struct reader *reader = NULL;
	int r = reader_parse(name, text, problems, &reader);

	return r < 0 ? r : read_whole(reader, atlas, ret_persons);
}

void persons_clear(struct persons *persons)
{
	for (size_t i = 0; i < persons->n; i++) {
		struct person *person = &persons->list[i];

		for (size_t k = 0; k < person->n_closings; k++)
			free(person->closings[k].points);
		free(person->closings);
	}
	free(persons->list);
	*persons = (struct persons){ 0 };
}
