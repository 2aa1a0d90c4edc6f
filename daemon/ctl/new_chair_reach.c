// SPDX-License-Identifier: MIT
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ctl/new_chair_entry.h"
#include "ctl/questions.h"

#define WIDTH_MAX_MM 300

// --- region -----------------------------------------------------------------------------------

static bool is_region(const char *name)
{
	for (int i = 0; i < REGION_COUNT; i++) {
		if (!strcmp(region_name(i), name))
			return region_ceiling(i).peak_n > 0;
	}
	return false;
}

static void print_regions(void)
{
	for (int i = 0; i < REGION_COUNT; i++) {
		if (region_ceiling(i).peak_n > 0)
			printf("  %s\n", region_name(i));
	}
}

// --- numbers ----------------------------------------------------------------------------------

struct pair {
	const char *key, *from, *to, *unit;
	double min, max, least, most; // least and most: of empty answers; NAN: there are none
	bool backwards;               // it may fall
};

// A number that is not the one before, and above it unless it may fall.
static bool ask_next(const struct number_question *question, double before, bool backwards,
	double *ret_number)
{
	for (;;) {
		*ret_number = NAN;
		if (!ask_number(question, ret_number))
			return false;
		if (*ret_number > before || (backwards && *ret_number < before))
			return true;
		printf("  it must not be %g again\n", before);
	}
}

// An array holds whole numbers or others, not both.
static void put_real(double number, FILE *file)
{
	fprintf(file, number == trunc(number) ? "%.1f" : "%g", number);
}

static bool ask_pair(const struct pair *pair, FILE *file)
{
	struct number_question question = { pair->from, pair->unit, pair->min, pair->max,
		pair->least };
	double from = NAN, to;

	if (!ask_number(&question, &from))
		return false;
	question = (struct number_question){ pair->to, pair->unit,
		pair->backwards ? pair->min : from, pair->max, pair->most };
	if (!ask_next(&question, from, pair->backwards, &to))
		return false;
	fprintf(file, " %s = [", pair->key);
	put_real(from, file);
	fputs(", ", file);
	put_real(to, file);
	fputs("];", file);
	return true;
}

// The rollers' distance at each contact of the knead that sets it.
static bool ask_widths(const struct actuator *setter, FILE *file)
{
	double before_mm = -1, mm;

	fputs(" lateral = {", file);
	for (enum width width = WIDTH_NARROW; width < WIDTH_COUNT; width++) {
		char text[120];
		const struct number_question question = { text, "mm", fmax(before_mm, 0),
			WIDTH_MAX_MM, NAN };

		if (setter->line[width_role(width)] < 0)
			continue;
		snprintf(text, sizeof(text), "    rollers beside the middle, %s at its contact %s",
			setter->name, width_name(width));
		if (!ask_next(&question, before_mm, false, &mm))
			return false;
		fprintf(file, " %s = %g;", width_name(width), mm);
		before_mm = mm;
	}
	fputs(" };", file);
	return true;
}

static bool ask_lateral(const struct new_chair_entry *entry)
{
	static const struct pair lateral = { "lateral", "    from, beside the middle",
		"    to, beside the middle", "mm", 0, WIDTH_MAX_MM, 0, 90, false };
	const struct chair *chair = &entry->wizard->chair;
	bool has_width = entry->kind->kind == ACTUATOR_PRESS || entry->kind->kind == ACTUATOR_TAP;
	int setter = has_width ? chair_width_setter(chair, entry->index) : -1;

	return setter < 0 ? ask_pair(&lateral, entry->reach)
			  : ask_widths(&chair->actuators[setter], entry->reach);
}

static bool ask_stretch(const struct new_chair_entry *entry)
{
	static const struct pair along = { "along",
		"    from, of the region's length (0 is its upper end)",
		"    to (1 is its lower end)", "", -0.5, 1, 0, 1, false };
	int carriage = new_chair_actuator(entry)->carriage;
	struct pair mm = { "mm", "    position of its carriage at the upper end",
		"    position at the lower end", "mm", 0, 0, NAN, NAN, true };

	if (!ask_pair(&along, entry->reach) || !ask_lateral(entry))
		return false;
	if (carriage < 0)
		return true;
	mm.min = entry->wizard->chair.actuators[carriage].soft_min_mm;
	mm.max = entry->wizard->chair.actuators[carriage].soft_max_mm;
	return ask_pair(&mm, entry->reach);
}

// --- reach ------------------------------------------------------------------------------------

static enum new_chair_answer ask_region(struct new_chair_entry *entry, bool required)
{
	char region[32];

	for (;;) {
		if (!new_chair_ask_key("region that it reaches",
			    required ? "? lists" : "nothing: no more; ? lists", region,
			    sizeof(region)))
			return NEW_CHAIR_END;
		if (!*region && !required)
			return NEW_CHAIR_NOTHING;
		if (is_region(region))
			break;
		print_regions();
	}
	fprintf(entry->reach, "  { region = \"%s\"; actuator = \"%s\";", region,
		new_chair_actuator(entry)->name);
	if (!ask_stretch(entry))
		return NEW_CHAIR_END;
	fputs(" },\n", entry->reach);
	return NEW_CHAIR_ADDED;
}

bool new_chair_ask_reach(struct new_chair_entry *entry)
{
	bool required = entry->kind->must_reach;
	enum new_chair_answer answer = NEW_CHAIR_ADDED;

	while (entry->kind->reaches && answer == NEW_CHAIR_ADDED) {
		answer = ask_region(entry, required);
		required = false;
	}
	return answer != NEW_CHAIR_END;
}
