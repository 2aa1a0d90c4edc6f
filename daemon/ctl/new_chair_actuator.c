// SPDX-License-Identifier: MIT
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/chair_proof.h"
#include "ctl/new_chair_entry.h"
#include "ctl/questions.h"

// The release of a press, of the format's defaults. (hal/README.md, a usual press)
#define RELEASE_DRIVE_PERMILLE 500
#define SLEW_PERMILLE_S        2000

#define VENT_MARGIN     1.5  // a cell may take longer to be empty by that
#define WAY_MARGIN      1.25 // a back rest may take longer to its end by that
#define TRAVEL_MAX_S    30   // the format's default
#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789._-"

bool new_chair_applies(const struct new_chair_entry *entry, const struct new_chair_when *when)
{
	const int8_t *line = new_chair_actuator(entry)->line;

	if (!(when->kinds >> entry->kind->kind & 1) ||
		(when->builds && !(entry->build && when->builds >> entry->build->build & 1)))
		return false;
	for (int role = 0; role < ROLE_COUNT; role++) {
		if ((when->with >> role & 1 && line[role] < 0) ||
			(when->without >> role & 1 && line[role] >= 0))
			return false;
	}
	return true;
}

bool new_chair_ask_key(const char *key, const char *what, char *ret_answer, size_t size)
{
	char question[240];

	snprintf(question, sizeof(question), "  %s%s%s: ", key, what ? ", " : "", what ? what : "");
	return ask_text(question, ret_answer, size);
}

// --- kind, name and build ---------------------------------------------------------------------

static void print_kinds(void)
{
	for (size_t i = 0; i < n_new_chair_kinds; i++)
		printf("  %-9s %s\n", actuator_kind_name(new_chair_kinds[i].kind),
			new_chair_kinds[i].what);
	printf("  First what others name: carriage, pump, rollers that set a width.\n");
}

static const struct new_chair_kind *find_kind(const char *name)
{
	for (size_t i = 0; i < n_new_chair_kinds; i++) {
		if (!strcmp(actuator_kind_name(new_chair_kinds[i].kind), name))
			return &new_chair_kinds[i];
	}
	return NULL;
}

static enum new_chair_answer ask_kind(struct new_chair_entry *entry)
{
	char answer[32];

	for (;;) {
		if (!ask_text("\nNext actuator, its kind (nothing: no more; ? lists): ", answer,
			    sizeof(answer)))
			return NEW_CHAIR_END;
		if (!*answer)
			return NEW_CHAIR_NOTHING;
		entry->kind = find_kind(answer);
		if (!entry->kind)
			print_kinds();
		else if (entry->kind->must_have_pump && entry->wizard->chair.enable < 0)
			printf("  only with a charge pump, whose relay cuts its power "
			       "(hal/README.md)\n");
		else
			return NEW_CHAIR_ADDED;
	}
}

static bool ask_name(struct new_chair_entry *entry)
{
	const struct chair *chair = &entry->wizard->chair;
	const char *kind = actuator_kind_name(entry->kind->kind);
	char what[80], name[NAME_SIZE];
	bool free_kind = chair_find_actuator(chair, kind) < 0;

	snprintf(what, sizeof(what), "a-z 0-9 . _ -%s%s", free_kind ? "; nothing: " : "",
		free_kind ? kind : "");
	for (;;) {
		if (!new_chair_ask_key("name", what, name, sizeof(name)))
			return false;
		if (!*name && free_kind)
			snprintf(name, sizeof(name), "%s", kind);
		if (*name && !name[strspn(name, NAME_CHARACTERS)] &&
			chair_find_actuator(chair, name) < 0)
			break;
		printf("  it needs a name of its own of a-z 0-9 . _ -\n");
	}
	snprintf(new_chair_actuator(entry)->name, NAME_SIZE, "%s", name);
	return true;
}

static void print_builds(const struct new_chair_kind *kind)
{
	for (size_t i = 0; i < n_new_chair_builds; i++) {
		if (new_chair_builds[i].kinds >> kind->kind & 1)
			printf("  %-9s %s\n", new_chair_builds[i].word, new_chair_builds[i].what);
	}
}

static bool ask_build(struct new_chair_entry *entry)
{
	char word[32];

	while (entry->kind->builds) {
		if (!new_chair_ask_key(entry->kind->builds, "? lists", word, sizeof(word)))
			return false;
		for (size_t i = 0; i < n_new_chair_builds; i++) {
			if (new_chair_builds[i].kinds >> entry->kind->kind & 1 &&
				!strcmp(new_chair_builds[i].word, word))
				entry->build = &new_chair_builds[i];
		}
		if (entry->build)
			break;
		print_builds(entry->kind);
	}
	return true;
}

// An actuator of the kind that this one refers to, if there is one.
static bool ask_reference(struct new_chair_entry *entry)
{
	const struct new_chair_kind *kind = entry->kind;
	const struct chair *chair = &entry->wizard->chair;
	char what[160] = "", name[NAME_SIZE];

	for (size_t i = 0; kind->reference && i < chair->n_actuators; i++) {
		size_t n = strlen(what);

		if (chair->actuators[i].kind == kind->referenced)
			snprintf(what + n, sizeof(what) - n, "%s%s", n ? " or " : "",
				chair->actuators[i].name);
	}
	while (*what) {
		if (!new_chair_ask_key(kind->reference, what, name, sizeof(name)))
			return false;
		entry->reference = chair_find_actuator(chair, name);
		if (entry->reference >= 0 &&
			chair->actuators[entry->reference].kind == kind->referenced)
			break;
		entry->reference = -1;
		if (!*name && !kind->reference_required)
			break;
		printf("  there is %s\n", what);
	}
	if (kind->referenced == ACTUATOR_TRAVEL)
		new_chair_actuator(entry)->carriage = entry->reference;
	return true;
}

// --- text -------------------------------------------------------------------------------------

static double tenths_up(double seconds)
{
	return ceil(seconds * 10 - 1e-6) / 10;
}

// The longest way of a posture actuator that is timed, if the default is too short for it.
static void put_travel_max(const struct new_chair_entry *entry)
{
	double way_s = WAY_MARGIN *
		fmax(new_chair_value(entry, "up_s"), new_chair_value(entry, "down_s"));

	if (actuator_is_posture(entry->kind->kind) && way_s > TRAVEL_MAX_S)
		fprintf(entry->text, "    travel_max_s = %g;  # a quarter longer than it takes\n",
			tenths_up(way_s));
}

static void put_release(const struct new_chair_entry *entry)
{
	const struct actuator press = {
		.stroke_mm = new_chair_value(entry, "stroke_mm"),
		.speed_mm_s = new_chair_value(entry, "speed_mm_s"),
		.slew_permille_s = SLEW_PERMILLE_S,
		.release_drive_permille = RELEASE_DRIVE_PERMILLE,
	};

	switch (entry->kind->kind) {
	case ACTUATOR_PRESS:
		fprintf(entry->text,
			"    slew_per_s = %d;  # fastest rise of drive\n"
			"    release = { kind = \"retract\"; max_s = %g; drive = %d; };\n",
			SLEW_PERMILLE_S, tenths_up(chair_way_home_s(&press)),
			RELEASE_DRIVE_PERMILLE);
		break;
	case ACTUATOR_CELL:
		fprintf(entry->text, "    release = { kind = \"vent\"; max_s = %g; };\n",
			fmax(tenths_up(VENT_MARGIN * new_chair_value(entry, "vent_s")), 0.5));
		break;
	default:
		fputs("    release = { kind = \"coast\"; };\n", entry->text);
		break;
	}
}

static bool is_on_at_low(const struct new_chair_entry *entry)
{
	const struct actuator *actuator = new_chair_actuator(entry);

	for (int role = 0; role < ROLE_COUNT; role++) {
		if (actuator->line[role] >= 0 && line_role_is_output((enum line_role)role) &&
			role != ROLE_VENT &&
			entry->wizard->chair.lines[actuator->line[role]].active_low)
			return true;
	}
	return false;
}

static void put_acknowledged(const struct new_chair_entry *entry)
{
	bool force = actuator_presses(entry->kind->kind), low = is_on_at_low(entry);

	if (force)
		fputs("    # Until chairctl calibrate has measured its force, profiles in newtons "
		      "leave it out.\n",
			entry->text);
	if (force || low)
		fprintf(entry->text, "    acknowledged = [ %s%s%s ];\n",
			force ? "\"uncalibrated\"" : "", force && low ? ", " : "",
			low ? "\"unsafe-when-low\"" : "");
}

static void put_head(const struct new_chair_entry *entry, FILE *text)
{
	const struct actuator *actuator = new_chair_actuator(entry);

	fprintf(text, "  # %s%s%s\n  {%s%s\n    name = \"%s\"; kind = \"%s\";", entry->kind->what,
		entry->build ? ": " : "", entry->build ? entry->build->what : "",
		*entry->moved ? "  # " : "", entry->moved, actuator->name,
		actuator_kind_name(actuator->kind));
	if (entry->reference >= 0)
		fprintf(text, " %s = \"%s\";", entry->kind->reference,
			entry->wizard->chair.actuators[entry->reference].name);
	fputc('\n', text);
}

// --- the whole --------------------------------------------------------------------------------

// The movements come before the lines are written, for they may exchange the directions.
static bool ask_body(struct new_chair_entry *entry)
{
	FILE *text = entry->text;
	char *numbers = NULL;
	size_t size;
	bool good;

	entry->text = open_memstream(&numbers, &size);
	good = entry->text && new_chair_ask_numbers(entry) && new_chair_ask_channels(entry) &&
		new_chair_ask_movements(entry);
	if (entry->text)
		fclose(entry->text);
	entry->text = text;
	if (good) {
		put_head(entry, text);
		new_chair_put_lines(entry);
		fputs(numbers, text);
		put_travel_max(entry);
		put_release(entry);
		put_acknowledged(entry);
		fputs("  }", text);
	}
	free(numbers);
	return good;
}

static bool ask_all(struct new_chair_entry *entry)
{
	return ask_name(entry) && ask_reference(entry) && ask_build(entry) &&
		new_chair_ask_lines(entry) && ask_body(entry) && new_chair_ask_reach(entry);
}

static void drop(struct new_chair *wizard, int index, size_t n_lines)
{
	free(wizard->actuators[index]);
	free(wizard->reaches[index]);
	wizard->actuators[index] = wizard->reaches[index] = NULL;
	wizard->chair.n_actuators = (size_t)index;
	wizard->chair.n_lines = n_lines;
}

enum new_chair_answer new_chair_ask_actuator(struct new_chair *wizard)
{
	struct chair *chair = &wizard->chair;
	struct new_chair_entry entry = {
		.wizard = wizard, .index = (int)chair->n_actuators, .reference = -1
	};
	size_t n_lines = chair->n_lines, size, reach_size;
	enum new_chair_answer answer;
	bool good;

	if (entry.index == CHAIR_ACTUATORS_MAX)
		return NEW_CHAIR_NOTHING;
	answer = ask_kind(&entry);
	if (answer != NEW_CHAIR_ADDED)
		return answer;
	*new_chair_actuator(&entry) =
		(struct actuator){ .kind = entry.kind->kind, .carriage = -1, .source = -1 };
	memset(new_chair_actuator(&entry)->line, -1, sizeof(new_chair_actuator(&entry)->line));
	entry.text = open_memstream(&wizard->actuators[entry.index], &size);
	entry.reach = open_memstream(&wizard->reaches[entry.index], &reach_size);
	good = entry.text && entry.reach && ask_all(&entry);
	if (entry.text)
		fclose(entry.text);
	if (entry.reach)
		fclose(entry.reach);
	chair->n_actuators = (size_t)entry.index + 1;
	if (good && new_chair_check(wizard))
		return NEW_CHAIR_ADDED;
	drop(wizard, entry.index, n_lines);
	if (!good)
		return NEW_CHAIR_END;
	printf("  that cannot be: this actuator is forgotten; begin it again\n");
	return NEW_CHAIR_ADDED;
}
