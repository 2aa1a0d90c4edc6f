// SPDX-License-Identifier: MIT
#include "ctl/person_entry.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/problems.h"

#define ALL_REGIONS "all"
#define BLANKS      " \t"

// --- what can be entered ----------------------------------------------------------------------

bool person_entry_check_name(const char *name, char ret_fault[PERSON_FAULT_SIZE])
{
	if (*name && strlen(name) < NAME_SIZE &&
		strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == strlen(name))
		return true;
	snprintf(ret_fault, PERSON_FAULT_SIZE,
		"\"%.100s\" is no name (1 ... %d of a-z, 0-9, _ and -: it is part of topics)", name,
		NAME_SIZE - 1);
	return false;
}

static bool is_region(const char *place)
{
	for (int i = 0; i < REGION_COUNT; i++) {
		if (!strcmp(region_name((enum region)i), place))
			return true;
	}
	return !strcmp(place, ALL_REGIONS);
}

// "rhomboid" of "rhomboid.left"; other names as they are.
static void without_side(const char *point, char ret_stem[NAME_SIZE])
{
	const char *dot = strrchr(point, '.');
	bool has_side = dot && (!strcmp(dot, ".left") || !strcmp(dot, ".right"));

	snprintf(ret_stem, NAME_SIZE, "%.*s", has_side ? (int)(dot - point) : NAME_SIZE - 1, point);
}

static bool is_point(const struct atlas *atlas, const char *place)
{
	char stem[NAME_SIZE];

	for (size_t i = 0; i < atlas->n_points; i++) {
		without_side(atlas->points[i].name, stem);
		if (!strcmp(atlas->points[i].name, place) || !strcmp(stem, place))
			return true;
	}
	return false;
}

static void suggest_place(const struct atlas *atlas, const char *place,
	char ret_fault[PERSON_FAULT_SIZE])
{
	struct suggestion meant;
	char stem[NAME_SIZE];

	suggestion_start(&meant, place);
	suggestion_consider(&meant, ALL_REGIONS);
	for (int i = 0; i < REGION_COUNT; i++)
		suggestion_consider(&meant, region_name((enum region)i));
	for (size_t i = 0; i < atlas->n_points; i++) {
		without_side(atlas->points[i].name, stem);
		suggestion_consider(&meant, stem);
		suggestion_consider(&meant, atlas->points[i].name);
	}
	snprintf(ret_fault, PERSON_FAULT_SIZE,
		"there is no region and no point \"%.60s\" (%s%s%schairctl atlas lists them)",
		place, *meant.best ? "did you mean " : "", meant.best, *meant.best ? "? " : "");
}

// The next of the places, without blanks around it; "" at the end.
static const char *next_place(const char *places, char ret_place[NAME_SIZE])
{
	size_t length;

	places += strspn(places, BLANKS ",");
	length = strcspn(places, ",");
	snprintf(ret_place, NAME_SIZE, "%.*s", (int)length, places);
	for (size_t n = strlen(ret_place); n && strchr(BLANKS, ret_place[n - 1]); n--)
		ret_place[n - 1] = '\0';
	return places + length;
}

bool person_entry_check_places(const struct atlas *atlas, const char *places,
	char ret_fault[PERSON_FAULT_SIZE])
{
	char place[NAME_SIZE];
	bool any = false;

	if (strlen(places) >= PERSON_PLACES_SIZE) {
		snprintf(ret_fault, PERSON_FAULT_SIZE, "is too long (at most %d bytes)",
			PERSON_PLACES_SIZE - 1);
		return false;
	}
	for (places = next_place(places, place); *place; places = next_place(places, place)) {
		any = true;
		if (is_region(place) || is_point(atlas, place))
			continue;
		suggest_place(atlas, place, ret_fault);
		return false;
	}
	if (!any)
		snprintf(ret_fault, PERSON_FAULT_SIZE, "names no region and no point");
	return any;
}

bool person_entry_close(struct person_entry *entry, const struct atlas *atlas, const char *closing,
	char ret_fault[PERSON_FAULT_SIZE])
{
	const char *equals = strchr(closing, '=');
	struct person_entry_closing *to = &entry->closings[entry->n_closings];

	if (!equals || !equals[1]) {
		snprintf(ret_fault, PERSON_FAULT_SIZE,
			"\"%.60s\": the reason is missing: write lower_back,rhomboid.left=REASON",
			closing);
		return false;
	}
	if (entry->n_closings == PERSON_CLOSINGS_MAX || strlen(equals + 1) >= TITLE_SIZE) {
		snprintf(ret_fault, PERSON_FAULT_SIZE,
			"at most %d times, with a reason of at most %d bytes", PERSON_CLOSINGS_MAX,
			TITLE_SIZE - 1);
		return false;
	}
	snprintf(to->places, sizeof(to->places), "%.*s", (int)(equals - closing), closing);
	snprintf(to->reason, sizeof(to->reason), "%s", equals + 1);
	if (equals - closing >= PERSON_PLACES_SIZE ||
		!person_entry_check_places(atlas, to->places, ret_fault))
		return false;
	entry->n_closings++;
	return true;
}

// --- the text ---------------------------------------------------------------------------------

static void write_string(FILE *stream, const char *string)
{
	fputc('"', stream);
	for (; *string; string++) {
		if (strchr("\"\\", *string))
			fputc('\\', stream);
		fputc(*string, stream);
	}
	fputc('"', stream);
}

static void write_number(FILE *stream, const char *key, double number)
{
	char text[32];

	snprintf(text, sizeof(text), "%.10g", number);
	fprintf(stream, " %s = %s%s;", key, text, strpbrk(text, ".e") ? "" : ".0");
}

// "regions = [ "neck", "calf" ]; ", of the places that are regions, or of those that are not.
static void write_places(FILE *stream, const char *key, const char *places, bool regions)
{
	char place[NAME_SIZE];
	size_t n = 0;

	for (places = next_place(places, place); *place; places = next_place(places, place)) {
		if (is_region(place) != regions)
			continue;
		if (n++)
			fputs(", ", stream);
		else
			fprintf(stream, "%s = [ ", key);
		write_string(stream, place);
	}
	if (n)
		fputs(" ]; ", stream);
}

static void write_closings(FILE *stream, const struct person_entry *entry)
{
	fputs("\n  closed = (\n", stream);
	for (size_t i = 0; i < entry->n_closings; i++) {
		const struct person_entry_closing *closing = &entry->closings[i];

		fputs("    { ", stream);
		write_places(stream, "regions", closing->places, true);
		write_places(stream, "points", closing->places, false);
		fputs("reason = ", stream);
		write_string(stream, closing->reason);
		fprintf(stream, "; }%s\n", i + 1 < entry->n_closings ? "," : "");
	}
	fputs("  );", stream);
}

char *person_entry_text(const struct person_entry *entry)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		return NULL;
	fputs("{ name = ", stream);
	write_string(stream, entry->name);
	fputc(';', stream);
	write_number(stream, "height_cm", entry->height_cm);
	if (entry->shoulder_offset_mm != 0 && !isnan(entry->shoulder_offset_mm))
		write_number(stream, "shoulder_offset_mm", entry->shoulder_offset_mm);
	if (entry->ceiling_percent < 100)
		write_number(stream, "ceiling_intensity", entry->ceiling_percent);
	if (entry->n_closings)
		write_closings(stream, entry);
	fputs(" }", stream);
	if (fclose(stream) == 0)
		return text;
	free(text);
	return NULL;
}
