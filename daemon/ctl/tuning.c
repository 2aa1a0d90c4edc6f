// SPDX-License-Identifier: MIT
#include "ctl/tuning.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/edit.h"
#include "config/library.h"
#include "config/profile_fields.h"
#include "config/scanner.h"
#include "config/text.h"

#define UNDO_MAX    1000
#define PATH_SIZE   64
#define NUMBER_SIZE 32

struct tuning {
	char *name;
	struct profile profile; // of the last text
	char *saved;
	char **texts; // the first one, and that after each change
	size_t n;
};

// --- the text ---------------------------------------------------------------------------------

// The points are not looked up: only a chair has them.
static int parse(const char *name, const char *text, struct problems *problems,
	struct profile *ret_profile)
{
	return profile_parse(name, text, NULL, problems, ret_profile);
}

const char *tuning_text(const struct tuning *tuning)
{
	return tuning->texts[tuning->n - 1];
}

const struct profile *tuning_profile(const struct tuning *tuning)
{
	return &tuning->profile;
}

static int push(struct tuning *tuning, const char *text)
{
	char **texts = realloc(tuning->texts, (tuning->n + 1) * sizeof(*texts));
	char *copy = strdup(text);

	if (texts)
		tuning->texts = texts;
	if (!texts || !copy) {
		free(copy);
		return -ENOMEM;
	}
	if (tuning->n == UNDO_MAX) {
		free(texts[0]);
		memmove(texts, texts + 1, --tuning->n * sizeof(*texts));
	}
	texts[tuning->n++] = copy;
	return 0;
}

static int take(struct tuning *tuning, const char *text, struct problems *problems)
{
	struct profile profile;
	int r = parse(tuning->name, text, problems, &profile);

	if (r < 0)
		return r;
	r = push(tuning, text);
	if (r < 0) {
		profile_clear(&profile);
		return r;
	}
	profile_clear(&tuning->profile);
	tuning->profile = profile;
	return 0;
}

int tuning_new(const char *name, const char *text, struct problems *problems,
	struct tuning **ret_tuning)
{
	struct tuning *tuning = calloc(1, sizeof(*tuning));
	int r = -ENOMEM;

	if (tuning && (tuning->name = strdup(name)))
		r = take(tuning, text, problems);
	if (r == 0)
		r = tuning_saved(tuning);
	if (r == 0)
		*ret_tuning = tuning;
	else
		tuning_free(tuning);
	return r;
}

struct tuning *tuning_free(struct tuning *tuning)
{
	if (!tuning)
		return NULL;
	while (tuning->n > 0)
		free(tuning->texts[--tuning->n]);
	free(tuning->texts);
	free(tuning->saved);
	free(tuning->name);
	profile_clear(&tuning->profile);
	free(tuning);
	return NULL;
}

int tuning_take(struct tuning *tuning, const char *text)
{
	problems_auto problems = { 0 };

	return take(tuning, text, &problems);
}

bool tuning_undo(struct tuning *tuning)
{
	problems_auto problems = { 0 };
	struct profile profile;

	if (tuning->n < 2 ||
		parse(tuning->name, tuning->texts[tuning->n - 2], &problems, &profile) < 0)
		return false;
	free(tuning->texts[--tuning->n]);
	profile_clear(&tuning->profile);
	tuning->profile = profile;
	return true;
}

bool tuning_is_unsaved(const struct tuning *tuning)
{
	return strcmp(tuning->saved, tuning_text(tuning)) != 0;
}

int tuning_saved(struct tuning *tuning)
{
	char *copy = strdup(tuning_text(tuning));

	if (!copy)
		return -ENOMEM;
	free(tuning->saved);
	tuning->saved = copy;
	return 0;
}

// --- the numbers of a step --------------------------------------------------------------------

#define IN_NEWTONS  0x1u
#define IN_PERMILLE 0x2u
#define IN_BOTH     (IN_NEWTONS | IN_PERMILLE)
#define PRESSES \
	(1u << TECHNIQUE_HOLD | 1u << TECHNIQUE_STROKE | 1u << TECHNIQUE_KNEAD | \
		1u << TECHNIQUE_TAP)

static const struct row {
	const char *key, *label, *unit;
	bool of_target;
	unsigned units; // of the target
	size_t offset;
	double nudge;
} rows[] = {
	{ "newtons", "target", "N", true, IN_NEWTONS, offsetof(struct profile_step, target.value),
		1 },
	{ "permille", "target", "per mille", true, IN_PERMILLE,
		offsetof(struct profile_step, target.value), 10 },
	{ "floor", "floor", "N", true, IN_NEWTONS, offsetof(struct profile_step, target.floor), 1 },
	{ "floor", "floor", "per mille", true, IN_PERMILLE,
		offsetof(struct profile_step, target.floor), 10 },
	{ "ramp_n_per_s", "ramp", "N/s", false, IN_NEWTONS,
		offsetof(struct profile_step, ramp_per_s), 0.5 },
	{ "ramp_permille_per_s", "ramp", "per mille/s", false, IN_PERMILLE,
		offsetof(struct profile_step, ramp_per_s), 5 },
	{ "hold_s", "hold", "s", false, IN_BOTH, offsetof(struct profile_step, hold_s), 1 },
	{ "ease_min_s", "eased after", "s", false, IN_BOTH,
		offsetof(struct profile_step, ease_min_s), 1 },
	{ "rest_s", "rest", "s", false, IN_BOTH, offsetof(struct profile_step, rest_s), 1 },
	{ "repeats", "repeats", "", false, IN_BOTH, offsetof(struct profile_step, repeats), 1 },
	{ "speed_mm_s", "speed", "mm/s", false, IN_BOTH, offsetof(struct profile_step, speed_mm_s),
		1 },
	{ "duration_s", "duration", "s", false, IN_BOTH, offsetof(struct profile_step, duration_s),
		1 },
	{ "back", "back", "per mille", false, IN_BOTH,
		offsetof(struct profile_step, posture[PART_BACK]), 25 },
	{ "legs", "legs", "per mille", false, IN_BOTH,
		offsetof(struct profile_step, posture[PART_LEGS]), 25 },
	{ "extension", "extension", "per mille", false, IN_BOTH,
		offsetof(struct profile_step, posture[PART_EXTENSION]), 25 },
};

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

// A part that the step does not move.
static bool stays(const struct row *row, const struct profile_step *step)
{
	return step->technique == TECHNIQUE_POSTURE &&
		*(const int *)((const char *)step + row->offset) == POSTURE_STAYS;
}

static bool applies(const struct row *row, const struct profile_step *step)
{
	const struct field *field = profile_number_field(row->key);
	unsigned techniques = row->of_target ? PRESSES : field->applies_to;
	unsigned unit = step->target.unit == TARGET_NEWTON ? IN_NEWTONS : IN_PERMILLE;

	return (techniques >> step->technique & 1) && (row->units & unit) && !stays(row, step);
}

// "steps[2].target.newtons"
static void path_of(const struct row *row, size_t step, char path[PATH_SIZE])
{
	snprintf(path, PATH_SIZE, "steps[%zu]%s.%s", step, row->of_target ? ".target" : "",
		row->key);
}

// The same of the defaults.
static void path_of_default(const struct row *row, char path[PATH_SIZE])
{
	snprintf(path, PATH_SIZE, "defaults%s.%s", row->of_target ? ".target" : "", row->key);
}

static bool has(const char *text, const char *path)
{
	text_auto *present = edit_present(text, path);

	return present != NULL;
}

static enum tuning_place place_of(const struct row *row, const char *text, size_t step)
{
	char path[PATH_SIZE];

	path_of(row, step, path);
	if (has(text, path))
		return TUNING_IN_STEP;
	path_of_default(row, path);
	return has(text, path) ? TUNING_IN_DEFAULTS : TUNING_NOWHERE;
}

static struct tuning_value value_of(const struct row *row, const struct profile_step *step)
{
	const struct field *field = profile_number_field(row->key);
	const char *at = (const char *)step + row->offset;
	bool whole = field->type == FIELD_INT, floor = !strcmp(row->key, "floor");

	return (struct tuning_value){
		.key = row->key,
		.label = row->label,
		.unit = row->unit,
		.value = whole ? *(const int *)at : *(const double *)at,
		.min = row->of_target && !floor ? fmax(field->min, step->target.floor) : field->min,
		.max = floor ? fmin(field->max, step->target.value) : field->max,
		.nudge = row->nudge,
		.whole = whole,
	};
}

static const struct row *nth_row(const struct profile_step *step, size_t index)
{
	for (size_t i = 0; i < N_ROWS; i++) {
		if (applies(&rows[i], step) && index-- == 0)
			return &rows[i];
	}
	return NULL;
}

size_t tuning_values(const struct tuning *tuning, size_t step,
	struct tuning_value ret_values[TUNING_VALUES_MAX])
{
	const struct profile_step *what = &tuning->profile.steps[step];
	const struct row *row;
	size_t n = 0;

	for (; n < TUNING_VALUES_MAX && (row = nth_row(what, n)); n++) {
		ret_values[n] = value_of(row, what);
		ret_values[n].place = place_of(row, tuning_text(tuning), step);
	}
	return n;
}

// --- where it presses -------------------------------------------------------------------------

// The strings of a value, with commas between them.
static void join_strings(const char *value, char buf[TUNING_TEXT_SIZE])
{
	struct scanner scanner;
	size_t used = 0;
	char token;

	buf[0] = '\0';
	scanner_start(&scanner, value);
	while ((token = scanner_next(&scanner)) != TOKEN_END && used < TUNING_TEXT_SIZE) {
		if (token == TOKEN_STRING)
			used += (size_t)snprintf(buf + used, TUNING_TEXT_SIZE - used, "%s%.*s",
				used ? ", " : "", (int)scanner.length - 2, scanner.token + 1);
	}
}

char *tuning_where(const struct tuning *tuning, size_t step, char buf[TUNING_TEXT_SIZE])
{
	static const char *const keys[] = { "pathway", "points" };
	char path[PATH_SIZE];

	buf[0] = '\0';
	for (size_t i = 0; i < 2 && !*buf; i++) {
		text_auto *value = NULL;

		snprintf(path, sizeof(path), "steps[%zu].%s", step, keys[i]);
		value = edit_present(tuning_text(tuning), path);
		if (value)
			join_strings(value, buf);
	}
	return buf;
}

// --- a change ---------------------------------------------------------------------------------

static void write_number(const struct tuning_value *value, double number, char buf[NUMBER_SIZE])
{
	snprintf(buf, NUMBER_SIZE, "%.10g", number);
	if (!value->whole && !strpbrk(buf, ".e"))
		strcat(buf, ".0");
}

// A target that the step has from the defaults, with one number changed, as one of its own.
static int add_target(const struct tuning *tuning, size_t step, const struct tuning_value *value,
	double number, struct problems *problems, char **ret_text)
{
	const struct target *target = &tuning->profile.steps[step].target;
	bool floor = !strcmp(value->key, "floor");
	char path[PATH_SIZE], group[PATH_SIZE + 2 * NUMBER_SIZE];
	char high[NUMBER_SIZE], low[NUMBER_SIZE];

	write_number(value, floor ? target->value : number, high);
	write_number(value, floor ? number : target->floor, low);
	snprintf(path, sizeof(path), "steps[%zu].target", step);
	snprintf(group, sizeof(group), "{ %s = %s; floor = %s; }",
		target->unit == TARGET_NEWTON ? "newtons" : "permille", high, low);
	return edit_value(tuning->name, tuning_text(tuning), path, group, problems, ret_text);
}

static int change(const struct tuning *tuning, size_t step, const struct row *row,
	const struct tuning_value *value, double number, struct problems *problems, char **ret_text)
{
	char path[PATH_SIZE], written[NUMBER_SIZE];
	const char *text = tuning_text(tuning);

	if (row->of_target && value->place != TUNING_IN_STEP)
		return add_target(tuning, step, value, number, problems, ret_text);
	path_of(row, step, path);
	if (value->place == TUNING_IN_STEP)
		return edit_number(tuning->name, text, path, number, problems, ret_text);
	write_number(value, number, written);
	return edit_value(tuning->name, text, path, written, problems, ret_text);
}

static void why_not(const struct tuning_value *value, bool up, char why[TUNING_TEXT_SIZE])
{
	snprintf(why, TUNING_TEXT_SIZE, "%s: %g is its %s (%g ... %g%s%s)", value->label,
		value->value, up ? "highest" : "lowest", value->min, value->max,
		*value->unit ? " " : "", value->unit);
}

int tuning_nudged(const struct tuning *tuning, size_t step, size_t index, int nudges,
	char **ret_text, char why[TUNING_TEXT_SIZE])
{
	const struct row *row = nth_row(&tuning->profile.steps[step], index);
	struct tuning_value values[TUNING_VALUES_MAX], *value = &values[index];
	problems_auto problems = { 0 };
	double number;
	int r;

	tuning_values(tuning, step, values);
	number = clamp_double(value->value + nudges * value->nudge, value->min, value->max);
	number = round(number * 1000) / 1000;
	if (number == value->value) {
		why_not(value, nudges > 0, why);
		return -ERANGE;
	}
	r = change(tuning, step, row, value, number, &problems, ret_text);
	if (r < 0)
		snprintf(why, TUNING_TEXT_SIZE, "%s",
			problems.n ? problems.list[0].text : "out of memory");
	return r;
}

char *tuning_trial(const struct tuning *tuning, size_t step)
{
	problems_auto problems = { 0 };
	text_auto *present = NULL;
	text_auto *list = NULL;
	char path[PATH_SIZE], *trial;

	snprintf(path, sizeof(path), "steps[%zu]", step);
	present = edit_present(tuning_text(tuning), path);
	if (!present || asprintf(&list, "( %s )", present) < 0)
		return NULL;
	return edit_value(tuning->name, tuning_text(tuning), "steps", list, &problems, &trial) == 0
		? trial
		: NULL;
}
