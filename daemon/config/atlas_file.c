// SPDX-License-Identifier: MIT
//
// Loader of the atlas: the files of atlas/ (points) and of pathways/.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/folder.h"
#include "config/library.h"
#include "config/names.h"
#include "config/reader.h"

#define PLAIN_TEXT_MAX 240 // bytes of refers_to, source and closed

// --- points ----------------------------------------------------------------------------------

#define NO_TEXT SIZE_MAX

// A point during loading: its texts are in the pool, which may still move.
struct entry {
	struct point point;
	size_t refers_to, source, closed; // offsets into the pool; of an open point NO_TEXT
	const char *file;
	int line;
	size_t index; // in its file
};

struct collection {
	struct entry *entries;
	size_t n, capacity;
	char *pool;
	size_t pool_size, pool_capacity;
};

static void collection_clear(struct collection *collection)
{
	free(collection->entries);
	free(collection->pool);
}

static int grow(void **block, size_t *capacity, size_t wanted, size_t size)
{
	size_t next = *capacity ? *capacity : 64;
	void *moved;

	if (wanted <= *capacity)
		return 0;
	while (next < wanted)
		next *= 2;
	moved = realloc(*block, next * size);
	if (!moved)
		return -ENOMEM;
	*block = moved;
	*capacity = next;
	return 0;
}

// Without a text (NULL) the offset is NO_TEXT.
static int keep_text(struct collection *collection, const char *text, size_t *ret_offset)
{
	size_t size = text ? strlen(text) + 1 : 0;
	void *pool = collection->pool;

	*ret_offset = NO_TEXT;
	if (!text)
		return 0;
	if (grow(&pool, &collection->pool_capacity, collection->pool_size + size, 1) < 0)
		return -ENOMEM;
	collection->pool = pool;
	memcpy(collection->pool + collection->pool_size, text, size);
	*ret_offset = collection->pool_size;
	collection->pool_size += size;
	return 0;
}

// Room for so many more entries.
static int reserve(struct collection *collection, size_t n)
{
	void *entries = collection->entries;

	if (grow(&entries, &collection->capacity, collection->n + n, sizeof(struct entry)) < 0)
		return -ENOMEM;
	collection->entries = entries;
	return 0;
}

static int keep_entry(struct collection *collection, const struct entry *entry)
{
	if (reserve(collection, 1) < 0)
		return -ENOMEM;
	collection->entries[collection->n++] = *entry;
	return 0;
}

struct point_keys {
	struct point point;
	int sides, sensitivity;
	const char *refers_to, *source, *closed;
};

static const char *sensitivity_enum_name(unsigned sensitivity)
{
	return sensitivity_name(sensitivity);
}

#define PLACE(member) .offset = offsetof(struct point_keys, member)
// clang-format off: a table, a row a line
static const struct field point_fields[] = {
	// Room for ".left" or ".right" after it.
	{ .key = "name", .type = FIELD_NAME, .required = true,
		.size = NAME_SIZE - sizeof(".right") + 1, PLACE(point.name) },
	{ .key = "muscle", .type = FIELD_TEXT, .required = true, .size = NAME_SIZE,
		PLACE(point.muscle) },
	{ .key = "region", .type = FIELD_CUSTOM },
	{ .key = "sides", .type = FIELD_ENUM, .enum_name = names_side, .n_enum_names = NAMES_SIDES,
		.fallback = SIDE_BOTH, PLACE(sides) },
	{ .key = "along", .type = FIELD_REAL, .required = true, .min = -0.5, .max = 1,
		PLACE(point.along) },
	{ .key = "lateral_mm", .type = FIELD_REAL, .required = true, .min = 0, .max = 300,
		.unit = "mm", PLACE(point.lateral_mm) },
	{ .key = "sensitivity", .type = FIELD_ENUM, .enum_name = sensitivity_enum_name,
		.n_enum_names = SENSITIVITY_COUNT, .fallback = SENSITIVITY_USUAL,
		PLACE(sensitivity) },
	{ .key = "refers_to", .type = FIELD_LONG, .required = true, .max = PLAIN_TEXT_MAX,
		PLACE(refers_to) },
	{ .key = "source", .type = FIELD_LONG, .required = true, .max = PLAIN_TEXT_MAX,
		PLACE(source) },
	{ .key = "closed", .type = FIELD_LONG, .max = PLAIN_TEXT_MAX, PLACE(closed) },
};
// clang-format on
#undef PLACE
static const struct schema point_schema = { SCHEMA_ROWS(point_fields) };

// "both" makes two points, NAME.left and NAME.right; one side makes one; "middle" makes NAME.
static int keep_sides(struct collection *collection, struct entry *entry, int sides)
{
	char *base_end = entry->point.name + strlen(entry->point.name);
	int r = 0;

	if (sides == SIDE_MIDDLE) {
		entry->point.side = SIDE_MIDDLE;
		return keep_entry(collection, entry);
	}
	for (int side = SIDE_LEFT; side <= SIDE_RIGHT && r == 0; side++) {
		if (!(sides & side))
			continue;
		entry->point.side = side;
		*base_end = '.'; // point_fields leave room for it
		strcpy(base_end + 1, side_name(side));
		r = keep_entry(collection, entry);
	}
	return r;
}

static int read_point(struct reader *reader, const struct config_setting_t *group, size_t index,
	struct collection *collection)
{
	struct point_keys keys = { 0 };
	struct entry entry = { 0 };
	size_t before = reader_problems(reader);

	reader_defaults(&point_schema, SELECT_ALL, &keys);
	reader_group(reader, group, &point_schema, SELECT_ALL, &keys);
	if (keys.closed && !*keys.closed)
		reader_problem(reader, group, "closed", "is empty (a reason)");
	if (!names_region(reader, group, &keys.point.region) || reader_problems(reader) != before)
		return 0; // the atlas will not be used
	entry.point = keys.point;
	entry.point.sensitivity = (enum sensitivity)keys.sensitivity;
	entry.file = reader_file(reader);
	entry.line = reader_line(group);
	entry.index = index;
	if (keep_text(collection, keys.refers_to, &entry.refers_to) < 0 ||
		keep_text(collection, keys.source, &entry.source) < 0 ||
		keep_text(collection, keys.closed, &entry.closed) < 0)
		return -ENOMEM;
	return keep_sides(collection, &entry, keys.sides);
}

// Read one file of points. 0 also with problems; -ENOMEM.
static int read_points(const char *file, struct problems *problems, struct collection *collection)
{
	// clang-format off: a table, a row a line
	static const struct field fields[] = {
		{ .key = "points", .type = FIELD_LIST, .required = true },
	};
	// clang-format on
	static const struct schema schema = { SCHEMA_ROWS(fields) };
	__attribute__((cleanup(reader_freep))) struct reader *reader = NULL;
	const struct config_setting_t *list;
	size_t length;
	int r;

	r = reader_open(file, problems, &reader);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	reader_group(reader, reader_root(reader), &schema, SELECT_ALL, NULL);
	list = reader_typed(reader_root(reader), "points", FIELD_LIST);
	length = list ? reader_length(list) : 0;
	if (reserve(collection, length < ATLAS_POINTS_MAX / 2 ? 2 * length : ATLAS_POINTS_MAX) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < length; i++) {
		const struct config_setting_t *group = reader_element_group(reader, list, i);

		if (collection->n + 2 > ATLAS_POINTS_MAX) {
			reader_problem(reader, list, NULL,
				"makes too many points (at most %d in all files)",
				ATLAS_POINTS_MAX);
			return 0;
		}
		if (group && (r = read_point(reader, group, i, collection)) < 0)
			return r;
	}
	return 0;
}

static int compare_entries(const void *a, const void *b)
{
	const struct entry *left = *(const struct entry *const *)a;
	const struct entry *right = *(const struct entry *const *)b;
	int order = strcmp(left->point.name, right->point.name);

	if (order == 0)
		order = strcmp(left->file, right->file);
	return order ? order : (left->line > right->line) - (left->line < right->line);
}

static void already_taken(const struct entry *entry, const struct entry *other,
	struct problems *problems)
{
	const char *slash = strrchr(other->file, '/');
	char path[32];

	snprintf(path, sizeof(path), "points[%zu].name", entry->index);
	problems_add(problems, entry->file, entry->line, path, "\"%s\" is already taken (%s:%d)",
		entry->point.name, slash ? slash + 1 : other->file, other->line);
}

static void free_sorted(const struct entry ***sorted)
{
	free(*sorted);
}

// By name; the caller frees it. NULL: no memory.
static const struct entry **sort(const struct collection *collection)
{
	const struct entry **sorted = malloc(collection->n * sizeof(*sorted) + 1);

	for (size_t i = 0; sorted && i < collection->n; i++)
		sorted[i] = &collection->entries[i];
	if (sorted)
		qsort(sorted, collection->n, sizeof(*sorted), compare_entries);
	return sorted;
}

static void find_duplicates(const struct entry *const *sorted, size_t n, struct problems *problems)
{
	for (size_t i = 1; i < n; i++) {
		if (!strcmp(sorted[i]->point.name, sorted[i - 1]->point.name))
			already_taken(sorted[i], sorted[i - 1], problems);
	}
}

static struct point with_texts(const struct entry *entry, const char *pool)
{
	struct point point = entry->point;

	point.refers_to = pool + entry->refers_to;
	point.source = pool + entry->source;
	if (entry->closed != NO_TEXT)
		point.closed = pool + entry->closed;
	return point;
}

// Sort, find duplicates, and put the points and their texts into one block.
static int finish_points(const struct collection *collection, struct problems *problems,
	struct atlas *atlas)
{
	size_t n = collection->n;
	__attribute__((cleanup(free_sorted))) const struct entry **sorted = sort(collection);
	struct point *points = malloc(n * sizeof(*points) + collection->pool_size + 1);
	char *pool = (char *)(points + n);

	if (!sorted || !points) {
		free(points);
		return -ENOMEM;
	}
	find_duplicates(sorted, n, problems);
	if (collection->pool_size)
		memcpy(pool, collection->pool, collection->pool_size);
	for (size_t i = 0; i < n; i++)
		points[i] = with_texts(sorted[i], pool);
	atlas->points = points;
	atlas->n_points = n;
	return 0;
}

static int load_points(const char *dir, struct problems *problems, struct atlas *atlas)
{
	__attribute__((cleanup(folder_clear))) struct folder folder = { 0 };
	__attribute__((cleanup(collection_clear))) struct collection collection = { 0 };
	int r;

	r = folder_list(dir, "atlas", problems, &folder);
	if (r == -EINVAL)
		r = 0; // a problem; go on with the pathways
	for (size_t i = 0; i < folder.n && r == 0; i++)
		r = read_points(folder.files[i], problems, &collection);
	return r < 0 ? r : finish_points(&collection, problems, atlas);
}

// --- pathways --------------------------------------------------------------------------------

#define PLACE(member) .offset = offsetof(struct pathway, member)
// clang-format off: a table, a row a line
static const struct field pathway_fields[] = {
	{ .key = "name", .type = FIELD_NAME, .required = true, .size = NAME_SIZE, PLACE(name) },
	{ .key = "title", .type = FIELD_TEXT, .required = true, .size = TITLE_SIZE, PLACE(title) },
	{ .key = "referral", .type = FIELD_TEXT, .required = true, .size = TITLE_SIZE,
		PLACE(referral) },
	{ .key = "points", .type = FIELD_LIST, .required = true },
};
// clang-format on
#undef PLACE
static const struct schema pathway_schema = { SCHEMA_ROWS(pathway_fields) };

// Names are looked up in `known`; not at all if it is NULL.
static int read_pathway(struct reader *reader, const struct config_setting_t *group,
	const struct atlas *known, struct atlas *atlas)
{
	struct pathway *pathways, pathway = { 0 };
	const struct config_setting_t *list = reader_typed(group, "points", FIELD_LIST);
	uint16_t points[PATHWAY_POINTS_MAX];

	reader_group(reader, group, &pathway_schema, SELECT_ALL, &pathway);
	pathway.n_points = list ? names_points(reader, list, known, 0, true, points, NULL) : 0;
	for (size_t i = 0; i < atlas->n_pathways; i++) {
		if (pathway.name[0] && !strcmp(atlas->pathways[i].name, pathway.name))
			reader_problem(reader, group, "name", "\"%s\" is already taken",
				pathway.name);
	}
	pathways = reallocarray(atlas->pathways, atlas->n_pathways + 1, sizeof(*pathways));
	if (!pathways)
		return -ENOMEM;
	atlas->pathways = pathways;
	pathway.points = malloc(pathway.n_points * sizeof(*points) + 1);
	if (!pathway.points)
		return -ENOMEM;
	memcpy(pathway.points, points, pathway.n_points * sizeof(*points));
	pathways[atlas->n_pathways++] = pathway;
	return 0;
}

static int read_pathways(const char *file, struct problems *problems, const struct atlas *known,
	struct atlas *atlas)
{
	// clang-format off: a table, a row a line
	static const struct field fields[] = {
		{ .key = "pathways", .type = FIELD_LIST, .required = true },
	};
	// clang-format on
	static const struct schema schema = { SCHEMA_ROWS(fields) };
	__attribute__((cleanup(reader_freep))) struct reader *reader = NULL;
	const struct config_setting_t *list;
	int r;

	r = reader_open(file, problems, &reader);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	reader_group(reader, reader_root(reader), &schema, SELECT_ALL, NULL);
	list = reader_typed(reader_root(reader), "pathways", FIELD_LIST);
	for (size_t i = 0; list && i < reader_length(list); i++) {
		const struct config_setting_t *group = reader_element_group(reader, list, i);

		if (atlas->n_pathways == ATLAS_PATHWAYS_MAX) {
			reader_problem(reader, list, NULL,
				"makes too many pathways (at most %d in all files)",
				ATLAS_PATHWAYS_MAX);
			return 0;
		}
		if (group && (r = read_pathway(reader, group, known, atlas)) < 0)
			return r;
	}
	return 0;
}

static int compare_pathways(const void *a, const void *b)
{
	return strcmp(((const struct pathway *)a)->name, ((const struct pathway *)b)->name);
}

static int load_pathways(const char *dir, struct problems *problems, const struct atlas *known,
	struct atlas *atlas)
{
	__attribute__((cleanup(folder_clear))) struct folder folder = { 0 };
	int r;

	r = folder_list(dir, "pathways", problems, &folder);
	if (r == -EINVAL)
		r = 0; // a problem
	for (size_t i = 0; i < folder.n && r == 0; i++)
		r = read_pathways(folder.files[i], problems, known, atlas);
	if (atlas->n_pathways > 1)
		qsort(atlas->pathways, atlas->n_pathways, sizeof(*atlas->pathways),
			compare_pathways);
	return r;
}

// --- the whole -------------------------------------------------------------------------------

void atlas_clear(struct atlas *atlas)
{
	for (size_t i = 0; i < atlas->n_pathways; i++)
		free(atlas->pathways[i].points);
	free(atlas->pathways);
	free(atlas->points); // with their texts, in one block
	*atlas = (struct atlas){ 0 };
}

int atlas_load(const char *dir, struct problems *problems, struct atlas *ret_atlas)
{
	__attribute__((cleanup(atlas_clear))) struct atlas atlas = { 0 };
	size_t before = problems_count(problems);
	int r;

	r = load_points(dir, problems, &atlas);
	if (r == 0) // names are not looked up in an incomplete atlas
		r = load_pathways(dir, problems, problems_count(problems) == before ? &atlas : NULL,
			&atlas);
	if (r == 0 && problems_count(problems) != before)
		r = -EINVAL;
	if (r == 0) {
		*ret_atlas = atlas;
		atlas = (struct atlas){ 0 };
	}
	return r;
}
