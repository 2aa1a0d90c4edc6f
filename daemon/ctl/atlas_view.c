// SPDX-License-Identifier: MIT
#include "ctl/atlas_view.h"

#include <stdarg.h>
#include <string.h>

#include "ctl/table.h"

#define NOTE_SIZE      80
#define LINE_SIZE      2048
#define REGION_COLUMNS 10
#define KEY_COLUMNS    13 // of atlas_view_whole(), with the indent

// A view on the way to its stream.
struct page {
	FILE *stream;
	const struct terminal *terminal;
	const struct atlas_scope *scope;
	const struct atlas *atlas;
};

// --- both sides as one ---------------------------------------------------------------------------

// Whether the second is the other side of the first.
static bool is_other_side(const struct point *left, const struct point *right)
{
	size_t base = point_base_length(left);

	return left->side == SIDE_LEFT && right->side == SIDE_RIGHT &&
		base == point_base_length(right) && !strncmp(left->name, right->name, base) &&
		left->region == right->region && left->along == right->along &&
		left->lateral_mm == right->lateral_mm && left->sensitivity == right->sensitivity &&
		!left->closed == !right->closed && !strcmp(left->muscle, right->muscle) &&
		!strcmp(left->refers_to, right->refers_to);
}

// How many of the points are shown as one: 1, or 2 if the next is the other side.
static size_t pair_length(const struct page *page, const uint16_t *points, size_t n)
{
	const struct point *all = page->atlas->points;

	return n > 1 && is_other_side(&all[points[0]], &all[points[1]]) ? 2 : 1;
}

static const char *pair_label(const struct page *page, const uint16_t *points, size_t length,
	char buf[LABEL_SIZE])
{
	const struct point *all = page->atlas->points;

	return table_label(buf, all[points[0]].name, length == 2 ? all[points[1]].name : NULL);
}

// --- a line each ---------------------------------------------------------------------------------

static const char *note(const struct page *page, const struct point *point)
{
	struct reach_hit hit;
	double sustained_n;

	if (point->closed)
		return " (closed)";
	if (page->scope->has_chair && !relation_reach(page->scope, point, &hit, &sustained_n))
		return " (out of reach)";
	return "";
}

// " (out of reach)", or " (2 of 6 points in reach)", or "" if the chair reaches all.
static const char *pathway_note(const struct page *page, const struct pathway *pathway,
	char buf[NOTE_SIZE])
{
	size_t reached = page->scope->has_chair ? relation_reached(page->scope, pathway)
						: pathway->n_points;

	buf[0] = '\0';
	if (reached == 0)
		snprintf(buf, NOTE_SIZE, " (out of reach)");
	else if (reached < pathway->n_points)
		snprintf(buf, NOTE_SIZE, " (%zu of %zu points in reach)", reached,
			pathway->n_points);
	return buf;
}

static int label_width(const struct page *page, const struct atlas_found *found)
{
	size_t width = 0, length;
	char label[LABEL_SIZE];

	for (size_t i = 0; i < found->n_points; i += length) {
		length = pair_length(page, found->points + i, found->n_points - i);
		pair_label(page, found->points + i, length, label);
		width = strlen(label) > width ? strlen(label) : width;
	}
	for (size_t i = 0; i < found->n_pathways; i++) {
		size_t name = strlen(page->atlas->pathways[found->pathways[i]].name);

		width = name > width ? name : width;
	}
	return (int)width;
}

static void print_row(const struct page *page, int width, const char *name, const char *region,
	const char *felt_in, const char *note)
{
	char line[LINE_SIZE];

	snprintf(line, sizeof(line), "%-*s  %-*s  %s%s\n", width, name, REGION_COLUMNS, region,
		felt_in, note);
	terminal_wrap(page->stream, page->terminal, width + REGION_COLUMNS + 4, line);
}

void atlas_view_list(FILE *stream, const struct terminal *terminal, const struct atlas_scope *scope,
	const struct atlas_found *found)
{
	const struct page page = { stream, terminal, scope, &scope->library->atlas };
	int width = label_width(&page, found);
	char label[LABEL_SIZE], reach[NOTE_SIZE];
	size_t length;

	for (size_t i = 0; i < found->n_points; i += length) {
		const struct point *point = &page.atlas->points[found->points[i]];

		length = pair_length(&page, found->points + i, found->n_points - i);
		print_row(&page, width, pair_label(&page, found->points + i, length, label),
			region_name(point->region), point->refers_to, note(&page, point));
	}
	if (found->n_points && found->n_pathways)
		fputc('\n', stream);
	for (size_t i = 0; i < found->n_pathways; i++) {
		const struct pathway *pathway = &page.atlas->pathways[found->pathways[i]];

		print_row(&page, width, pathway->name, "pathway", pathway->referral,
			pathway_note(&page, pathway, reach));
	}
}

// --- everything about each -----------------------------------------------------------------------

__attribute__((format(printf, 3, 4))) static void print_key(const struct page *page,
	const char *key, const char *format, ...)
{
	char value[LINE_SIZE], line[LINE_SIZE + KEY_COLUMNS + 8];
	va_list args;

	va_start(args, format);
	vsnprintf(value, sizeof(value), format, args);
	va_end(args);
	snprintf(line, sizeof(line), "  %-*s%s\n", KEY_COLUMNS - 2, key, value);
	terminal_wrap(page->stream, page->terminal, KEY_COLUMNS, line);
}

// A growing text "a, b, c".
struct words {
	char text[LINE_SIZE];
	size_t length;
};

static void add_word(struct words *words, const char *word)
{
	size_t room = sizeof(words->text) - words->length;
	int n = snprintf(words->text + words->length, room, "%s%s", words->length ? ", " : "",
		word);

	words->length += (size_t)n < room ? (size_t)n : room - 1;
}

static void print_words(const struct page *page, const char *key, const struct words *words)
{
	print_key(page, key, "%s", words->length ? words->text : "none");
}

static void print_profiles(const struct page *page, const uint16_t *points, size_t n)
{
	const struct library *library = page->scope->library;
	struct words words = { 0 };

	for (size_t i = 0; i < library->n_profiles; i++) {
		if (relation_presses(&library->profiles[i], points, n))
			add_word(&words, library->profiles[i].name);
	}
	print_words(page, "profiles", &words);
}

static void print_reach(const struct page *page, const struct point *point)
{
	const struct chair *chair = &page->scope->library->chair;
	struct reach_hit hit;
	double sustained_n;
	char where[64] = "";

	if (!page->scope->has_chair || point->closed)
		return;
	if (!relation_reach(page->scope, point, &hit, &sustained_n)) {
		print_key(page, "chair", "%s: out of reach", chair->id);
		return;
	}
	if (hit.carriage >= 0)
		snprintf(where, sizeof(where), ", %.0f mm along its way", hit.position_mm);
	print_key(page, "chair", "%s: %s%s, at most %g N in a hold", chair->id,
		chair->actuators[hit.actuator].name, where, sustained_n);
}

static void print_pathways(const struct page *page, uint16_t point)
{
	struct words words = { 0 };

	for (size_t i = 0; i < page->atlas->n_pathways; i++) {
		if (relation_leads_through(&page->atlas->pathways[i], point))
			add_word(&words, page->atlas->pathways[i].name);
	}
	print_words(page, "pathways", &words);
}

static void print_point(const struct page *page, const uint16_t *points, size_t length)
{
	const struct point *point = &page->atlas->points[points[0]];
	char label[LABEL_SIZE];

	fprintf(page->stream, "%s\n", pair_label(page, points, length, label));
	print_key(page, "muscle", "%s", point->muscle);
	print_key(page, "region", "%s", region_name(point->region));
	print_key(page, "place", "along %g, %g mm from the middle line", point->along,
		point->lateral_mm);
	print_key(page, "felt in", "%s", point->refers_to);
	print_key(page, "bears", "%g N in a hold%s", point_sustained_n(point),
		point->sensitivity == SENSITIVITY_HIGH ? ", of high sensitivity" : "");
	if (point->closed)
		print_key(page, "closed", "%s", point->closed);
	print_reach(page, point);
	print_pathways(page, points[0]);
	print_profiles(page, points, length);
	print_key(page, "source", "%s", point->source);
}

static void print_pathway(const struct page *page, const struct pathway *pathway)
{
	struct words names = { 0 };
	char label[LABEL_SIZE];
	size_t length;

	for (size_t i = 0; i < pathway->n_points; i += length) {
		length = pair_length(page, pathway->points + i, pathway->n_points - i);
		add_word(&names, pair_label(page, pathway->points + i, length, label));
	}
	fprintf(page->stream, "%s (pathway)\n", pathway->name);
	print_key(page, "title", "%s", pathway->title);
	print_key(page, "felt in", "%s", pathway->referral);
	print_words(page, "points", &names);
	if (page->scope->has_chair)
		print_key(page, "chair", "%s: reaches %zu of %zu points",
			page->scope->library->chair.id, relation_reached(page->scope, pathway),
			pathway->n_points);
	print_profiles(page, pathway->points, pathway->n_points);
}

void atlas_view_whole(FILE *stream, const struct terminal *terminal,
	const struct atlas_scope *scope, const struct atlas_found *found)
{
	const struct page page = { stream, terminal, scope, &scope->library->atlas };
	size_t length;

	for (size_t i = 0; i < found->n_pathways; i++) {
		if (i > 0)
			fputc('\n', stream);
		print_pathway(&page, &page.atlas->pathways[found->pathways[i]]);
	}
	for (size_t i = 0; i < found->n_points; i += length) {
		if (i > 0 || found->n_pathways > 0)
			fputc('\n', stream);
		length = pair_length(&page, found->points + i, found->n_points - i);
		print_point(&page, found->points + i, length);
	}
}
