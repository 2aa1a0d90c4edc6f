// SPDX-License-Identifier: MIT
#include "config/name_meaning.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "core/referral.h"

#define LIST_MAX 8 // names in a list; then "..."

// A name with small letters and blanks: "Upper_Back" -> "upper back".
static void fold(const char *name, size_t length, char ret_folded[NAME_SIZE])
{
	size_t n = 0;

	for (; n < length && n < NAME_SIZE - 1; n++)
		ret_folded[n] = (char)(strchr("._-", name[n]) ? ' '
							      : tolower((unsigned char)name[n]));
	ret_folded[n] = '\0';
}

static bool same(const char *folded, const char *name)
{
	char other[NAME_SIZE];

	fold(name, strlen(name), other);
	return !strcmp(folded, other);
}

static bool begins(const char *text, const char *words)
{
	size_t n = strlen(words);

	return !strncmp(text, words, n) && (!text[n] || text[n] == ' ');
}

static bool ends(const char *text, const char *words)
{
	size_t n = strlen(text), n_words = strlen(words);

	return n >= n_words && !strcmp(text + n - n_words, words) &&
		(n == n_words || text[n - n_words - 1] == ' ');
}

// --- which points --------------------------------------------------------------------------------

// The parts of a muscle have it first in Latin, "gluteus maximus", and last in English, "middle
// trapezius".
static bool is_of_muscle(const struct point *point, const char *folded)
{
	char base[NAME_SIZE], muscle[NAME_SIZE];

	fold(point->name, point_base_length(point), base);
	fold(point->muscle, strlen(point->muscle), muscle);
	return *folded && (ends(muscle, folded) || begins(muscle, folded) || begins(base, folded));
}

static bool is_of_region(const struct point *point, const char *folded)
{
	return same(folded, region_name(point->region));
}

static bool is_felt_in(const struct point *point, const char *folded)
{
	return referral_has(point->refers_to, folded);
}

typedef bool point_test(const struct point *point, const char *folded);

// A list of names, each once, that ends in "..." where there are more.
struct list {
	char text[NAME_MEANING_SIZE / 2];
	size_t length, n;
	char last[NAME_SIZE];
};

static void list_add(struct list *list, const char *name, size_t length)
{
	char shown[NAME_SIZE];

	snprintf(shown, sizeof(shown), "%.*s", (int)length, name);
	if (!strcmp(list->last, shown))
		return; // the other side
	strcpy(list->last, shown);
	if (list->n == LIST_MAX || list->length + length + sizeof(", , ...") > sizeof(list->text)) {
		if (list->n <= LIST_MAX)
			strcpy(list->text + list->length, ", ...");
		list->n = LIST_MAX + 1;
		return;
	}
	list->length += (size_t)snprintf(list->text + list->length,
		sizeof(list->text) - list->length, "%s%s", list->n ? ", " : "", shown);
	list->n++;
}

// The open points that pass.
static bool list_points(const struct atlas *atlas, point_test *test, const char *folded,
	struct list *ret_list)
{
	*ret_list = (struct list){ 0 };
	for (size_t i = 0; i < atlas->n_points; i++) {
		const struct point *point = &atlas->points[i];

		if (!point->closed && test(point, folded))
			list_add(ret_list, point->name, point_base_length(point));
	}
	return ret_list->n > 0;
}

static bool list_of_pathway(const struct atlas *atlas, const char *folded, struct list *ret_list,
	const char **ret_name)
{
	*ret_list = (struct list){ 0 };
	for (size_t i = 0; i < atlas->n_pathways; i++) {
		const struct pathway *pathway = &atlas->pathways[i];

		if (!same(folded, pathway->name))
			continue;
		*ret_name = pathway->name;
		for (size_t k = 0; k < pathway->n_points; k++) {
			const struct point *point = &atlas->points[pathway->points[k]];

			list_add(ret_list, point->name, point_base_length(point));
		}
		return true;
	}
	return false;
}

static bool list_pathways_to(const struct atlas *atlas, const char *folded, struct list *ret_list)
{
	*ret_list = (struct list){ 0 };
	for (size_t i = 0; i < atlas->n_pathways; i++) {
		const struct pathway *pathway = &atlas->pathways[i];

		if (referral_has(pathway->referral, folded))
			list_add(ret_list, pathway->name, strlen(pathway->name));
	}
	return ret_list->n > 0;
}

// --- sides ---------------------------------------------------------------------------------------

static enum side side_of_word(const char *word, size_t length)
{
	static const struct {
		const char *word;
		enum side side;
	} words[] = {
		{ "left", SIDE_LEFT },
		{ "l", SIDE_LEFT },
		{ "right", SIDE_RIGHT },
		{ "r", SIDE_RIGHT },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (length == strlen(words[i].word) && !strncmp(word, words[i].word, length))
			return words[i].side;
	}
	return 0;
}

// The name without a side at its end or its beginning, and that side; 0: there is none.
static enum side split_side(const char *folded, char ret_base[NAME_SIZE])
{
	const char *first = strchr(folded, ' '), *last = strrchr(folded, ' ');
	enum side side;

	if (!first)
		return 0;
	if ((side = side_of_word(last + 1, strlen(last + 1))))
		snprintf(ret_base, NAME_SIZE, "%.*s", (int)(last - folded), folded);
	else if ((side = side_of_word(folded, (size_t)(first - folded))))
		snprintf(ret_base, NAME_SIZE, "%s", first + 1);
	return side;
}

// A point that the atlas has on another side, or whose side is written otherwise.
static bool of_side(const struct atlas *atlas, const char *name, const char *folded,
	char ret_text[NAME_MEANING_SIZE])
{
	char wanted[NAME_SIZE], base[NAME_SIZE];
	enum side side = split_side(folded, wanted);
	const struct point *found = NULL;

	for (size_t i = 0; side && i < atlas->n_points; i++) {
		const struct point *point = &atlas->points[i];

		fold(point->name, point_base_length(point), base);
		if (!strcmp(base, wanted) && (!found || point->side == side))
			found = point;
	}
	if (!found)
		return false;
	if (found->side == side)
		snprintf(ret_text, NAME_MEANING_SIZE,
			"no point \"%s\" (with its side it is \"%s\")", name, found->name);
	else
		snprintf(ret_text, NAME_MEANING_SIZE, "no point \"%s\" (%s \"%s\")", name,
			found->side == SIDE_MIDDLE ? "it lies in the middle:"
						   : "the atlas has only",
			found->name);
	return true;
}

// --- meanings ------------------------------------------------------------------------------------

static bool is_named(const struct point *point, const char *folded)
{
	char base[NAME_SIZE];

	fold(point->name, point_base_length(point), base);
	return !strcmp(base, folded) || same(folded, point->name);
}

static bool points_meaning(const struct atlas *atlas, const char *name, const char *folded,
	char ret_text[NAME_MEANING_SIZE])
{
	struct list list;
	const char *pathway;

	if (list_points(atlas, is_of_region, folded, &list))
		snprintf(ret_text, NAME_MEANING_SIZE, "\"%s\" is a region: write points of it (%s)",
			name, list.text);
	else if (list_of_pathway(atlas, folded, &list, &pathway))
		snprintf(ret_text, NAME_MEANING_SIZE,
			"\"%s\" is a pathway: write its points (%s), or in a step pathway = "
			"\"%s\" without points",
			name, list.text, pathway);
	else if (of_side(atlas, name, folded, ret_text))
		return true;
	else if (list_points(atlas, is_named, folded, &list))
		snprintf(ret_text, NAME_MEANING_SIZE, "no point \"%s\" (did you mean \"%s\"?)",
			name, list.text);
	else if (list_points(atlas, is_of_muscle, folded, &list))
		snprintf(ret_text, NAME_MEANING_SIZE, "\"%s\" is a muscle: write points of it (%s)",
			name, list.text);
	else if (list_points(atlas, is_felt_in, folded, &list))
		snprintf(ret_text, NAME_MEANING_SIZE, "no point \"%s\": these are felt there (%s)",
			name, list.text);
	else
		return false;
	return true;
}

// What stands in points, not in a pathway.
static bool pathway_meaning(const struct atlas *atlas, const char *name, const char *folded,
	char ret_text[NAME_MEANING_SIZE])
{
	const char *kind = NULL;
	struct list list;

	if (list_points(atlas, is_named, folded, &list))
		kind = "a point";
	else if (list_points(atlas, is_of_region, folded, &list))
		kind = "a region";
	else if (list_points(atlas, is_of_muscle, folded, &list))
		kind = "a muscle";
	if (kind)
		snprintf(ret_text, NAME_MEANING_SIZE, "\"%s\" is %s: write points = [ ... ] (%s)",
			name, kind, list.text);
	else if (list_pathways_to(atlas, folded, &list))
		snprintf(ret_text, NAME_MEANING_SIZE, "no pathway \"%s\": these lead there (%s)",
			name, list.text);
	return kind || list.n > 0;
}

static bool region_meaning(const struct atlas *atlas, const char *name, const char *folded,
	char ret_text[NAME_MEANING_SIZE])
{
	const char *kind = NULL;
	struct list list;

	if (list_points(atlas, is_named, folded, &list))
		kind = "a point";
	else if (list_points(atlas, is_of_muscle, folded, &list))
		kind = "a muscle";
	if (kind)
		snprintf(ret_text, NAME_MEANING_SIZE, "\"%s\" is %s: write points = [ ... ] (%s)",
			name, kind, list.text);
	return kind;
}

bool name_meaning(const struct atlas *atlas, const char *name, enum name_kind wanted,
	char ret_text[NAME_MEANING_SIZE])
{
	char folded[NAME_SIZE];

	if (strlen(name) >= NAME_SIZE)
		return false;
	fold(name, strlen(name), folded);
	switch (wanted) {
	case NAME_POINT:
		return points_meaning(atlas, name, folded, ret_text);
	case NAME_PATHWAY:
		return pathway_meaning(atlas, name, folded, ret_text);
	case NAME_REGION:
		return region_meaning(atlas, name, folded, ret_text);
	}
	return false;
}
