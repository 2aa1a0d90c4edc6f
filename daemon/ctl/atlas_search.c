// SPDX-License-Identifier: MIT
#include "ctl/atlas_search.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "config/problems.h"
#include "core/referral.h"

static void add_point(struct atlas_found *found, size_t index)
{
	found->points[found->n_points++] = (uint16_t)index;
}

static void add_pathway(struct atlas_found *found, size_t index)
{
	found->pathways[found->n_pathways++] = (uint16_t)index;
}

static void clear(struct atlas_found *found)
{
	found->n_points = found->n_pathways = 0;
}

void atlas_search_all(const struct atlas *atlas, struct atlas_found *ret_found)
{
	clear(ret_found);
	for (size_t i = 0; i < atlas->n_points; i++)
		add_point(ret_found, i);
	for (size_t i = 0; i < atlas->n_pathways; i++)
		add_pathway(ret_found, i);
}

void atlas_search_zone(const struct atlas *atlas, const char *words, struct atlas_found *ret_found)
{
	clear(ret_found);
	for (size_t i = 0; i < atlas->n_points; i++) {
		if (referral_has(atlas->points[i].refers_to, words))
			add_point(ret_found, i);
	}
	for (size_t i = 0; i < atlas->n_pathways; i++) {
		if (referral_has(atlas->pathways[i].referral, words))
			add_pathway(ret_found, i);
	}
}

// "upper back" is the region upper_back, too.
static bool is_region(enum region region, const char *name)
{
	const char *known = region_name(region);

	for (; *known && *name; known++, name++) {
		if (tolower((unsigned char)*name) != *known && !(*known == '_' && *name == ' '))
			return false;
	}
	return *known == *name;
}

static bool has_name(const struct point *point, const char *name)
{
	size_t base = point_base_length(point);

	return !strcasecmp(point->name, name) ||
		(strlen(name) == base && !strncasecmp(point->name, name, base)) ||
		is_region(point->region, name) || referral_has(point->muscle, name);
}

void atlas_search_name(const struct atlas *atlas, const char *name, struct atlas_found *ret_found)
{
	clear(ret_found);
	for (size_t i = 0; i < atlas->n_points; i++) {
		if (has_name(&atlas->points[i], name))
			add_point(ret_found, i);
	}
	for (size_t i = 0; i < atlas->n_pathways; i++) {
		if (!strcasecmp(atlas->pathways[i].name, name))
			add_pathway(ret_found, i);
	}
}

// --- suggestions ---------------------------------------------------------------------------------

static void consider(struct suggestion *suggestion, const char *text, size_t length)
{
	char candidate[NAME_SIZE];

	if (length >= sizeof(candidate))
		return;
	memcpy(candidate, text, length);
	candidate[length] = '\0';
	suggestion_consider(suggestion, candidate);
}

// The zone, and each of its words.
static void consider_zone(struct suggestion *suggestion, const struct atlas_zone *zone)
{
	size_t from = 0, length;

	consider(suggestion, zone->text, zone->length);
	for (; from < zone->length; from += length + 1) {
		for (length = 0; from + length < zone->length; length++) {
			if (zone->text[from + length] == ' ')
				break;
		}
		consider(suggestion, zone->text + from, length);
	}
}

// Words of a zone that are also among the given ones; little ones do not count.
static int common_words(const struct atlas_zone *zone, const char *words)
{
	size_t from = 0, length;
	int n = 0;

	for (; from < zone->length; from += length + 1) {
		char word[NAME_SIZE];

		length = strcspn(zone->text + from, " ,");
		if (length < 3 || length >= sizeof(word) ||
			!strncasecmp(zone->text + from, "the", length))
			continue;
		snprintf(word, sizeof(word), "%.*s", (int)length, zone->text + from);
		n += referral_has(words, word);
	}
	return n;
}

// The zone with the most words in common, the shortest of several; "": none has one.
static void suggest_by_words(const struct atlas_zone *zones, size_t n, const char *words,
	char ret_zone[NAME_SIZE])
{
	size_t best_length = NAME_SIZE;
	int best = 0;

	for (size_t i = 0; i < n; i++) {
		int common = common_words(&zones[i], words);

		if (zones[i].length >= NAME_SIZE || common == 0 || common < best ||
			(common == best && zones[i].length >= best_length))
			continue;
		best = common;
		best_length = zones[i].length;
		snprintf(ret_zone, NAME_SIZE, "%.*s", (int)best_length, zones[i].text);
	}
}

void atlas_suggest_zone(const struct atlas *atlas, const char *words, char ret_zone[NAME_SIZE])
{
	struct suggestion suggestion;
	struct atlas_zone *zones;
	size_t n;

	ret_zone[0] = '\0';
	if (atlas_zones(atlas, &zones, &n) < 0)
		return;
	suggestion_start(&suggestion, words);
	for (size_t i = 0; i < n; i++)
		consider_zone(&suggestion, &zones[i]);
	memcpy(ret_zone, suggestion.best, NAME_SIZE);
	if (!*ret_zone)
		suggest_by_words(zones, n, words, ret_zone);
	free(zones);
}

void atlas_suggest_name(const struct atlas *atlas, const char *name, char ret_name[NAME_SIZE])
{
	struct suggestion suggestion;

	suggestion_start(&suggestion, name);
	for (size_t i = 0; i < atlas->n_points; i++) {
		const struct point *point = &atlas->points[i];

		consider(&suggestion, point->name, point_base_length(point));
		suggestion_consider(&suggestion, point->name);
		suggestion_consider(&suggestion, point->muscle);
		suggestion_consider(&suggestion, region_name(point->region));
	}
	for (size_t i = 0; i < atlas->n_pathways; i++)
		suggestion_consider(&suggestion, atlas->pathways[i].name);
	memcpy(ret_name, suggestion.best, NAME_SIZE);
}

// --- the zones -----------------------------------------------------------------------------------

static int compare_zones(const void *a, const void *b)
{
	const struct atlas_zone *left = a, *right = b;
	size_t shorter = left->length < right->length ? left->length : right->length;
	int order = strncasecmp(left->text, right->text, shorter);

	return order ? order : (left->length > right->length) - (left->length < right->length);
}

struct zone_list {
	struct atlas_zone *zones;
	size_t n, capacity;
};

static int keep_zones(struct zone_list *list, const char *referral)
{
	struct atlas_zone zone;

	while ((zone.text = referral_next(&referral, &zone.length))) {
		if (list->n == list->capacity) {
			size_t capacity = list->capacity ? 2 * list->capacity : 128;
			void *moved = reallocarray(list->zones, capacity, sizeof(zone));

			if (!moved)
				return -ENOMEM;
			list->zones = moved;
			list->capacity = capacity;
		}
		list->zones[list->n++] = zone;
	}
	return 0;
}

static void drop_repeated(struct zone_list *list)
{
	size_t n = 0;

	if (list->n)
		qsort(list->zones, list->n, sizeof(*list->zones), compare_zones);
	for (size_t i = 0; i < list->n; i++) {
		if (n == 0 || compare_zones(&list->zones[n - 1], &list->zones[i]) != 0)
			list->zones[n++] = list->zones[i];
	}
	list->n = n;
}

int atlas_zones(const struct atlas *atlas, struct atlas_zone **ret_zones, size_t *ret_n)
{
	struct zone_list list = { 0 };
	int r = 0;

	for (size_t i = 0; i < atlas->n_points && r == 0; i++)
		r = keep_zones(&list, atlas->points[i].refers_to);
	for (size_t i = 0; i < atlas->n_pathways && r == 0; i++)
		r = keep_zones(&list, atlas->pathways[i].referral);
	if (r < 0) {
		free(list.zones);
		return r;
	}
	drop_repeated(&list);
	*ret_zones = list.zones;
	*ret_n = list.n;
	return 0;
}
