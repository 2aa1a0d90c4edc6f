// SPDX-License-Identifier: MIT
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/new_chair.h"
#include "ctl/new_chair_kinds.h"
#include "ctl/nudge.h"
#include "ctl/questions.h"
#include "ctl/terminal.h"

#define COMMENT_SIZE 100

// An actuator that is being asked for.
struct entry {
	struct new_chair *wizard;
	const struct new_chair_kind *kind;
	int index;
	FILE *text, *reach;
	char moved[COMMENT_SIZE]; // by its first movement, in the person's words
};

static struct actuator *actuator_of(const struct entry *entry)
{
	return &entry->wizard->chair.actuators[entry->index];
}

// A key of the file as a question: "  forward, away from home: ".
static bool ask(const char *key, const char *what, char *ret_answer, size_t size)
{
	char question[160];

	snprintf(question, sizeof(question), "  %s%s%s: ", key, what ? ", " : "", what ? what : "");
	return ask_text(question, ret_answer, size);
}

// --- kind and name ----------------------------------------------------------------------------

static void print_kinds(void)
{
	for (size_t i = 0; i < n_new_chair_kinds; i++)
		printf("  %-8s %s\n", actuator_kind_name(new_chair_kinds[i].kind),
			new_chair_kinds[i].what);
}

static const struct new_chair_kind *find_kind(const char *name)
{
	for (size_t i = 0; i < n_new_chair_kinds; i++) {
		if (!strcmp(actuator_kind_name(new_chair_kinds[i].kind), name))
			return &new_chair_kinds[i];
	}
	return NULL;
}

static enum new_chair_answer ask_kind(struct entry *entry)
{
	char answer[32];

	for (;;) {
		if (!ask_text("\nNext actuator, its kind (nothing: no more; ? lists): ", answer,
			    sizeof(answer)))
			return NEW_CHAIR_END;
		if (!*answer)
			return NEW_CHAIR_NOTHING;
		entry->kind = find_kind(answer);
		if (entry->kind)
			return NEW_CHAIR_ADDED;
		print_kinds();
	}
}

static bool ask_name(struct entry *entry)
{
	const struct chair *chair = &entry->wizard->chair;
	const char *kind = actuator_kind_name(entry->kind->kind);
	char what[80], name[NAME_SIZE];
	bool free_kind = chair_find_actuator(chair, kind) < 0;

	snprintf(what, sizeof(what), "a-z 0-9 . _ -%s%s", free_kind ? "; nothing: " : "",
		free_kind ? kind : "");
	for (;;) {
		if (!ask("name", what, name, sizeof(name)))
			return false;
		if (!*name && free_kind)
			snprintf(name, sizeof(name), "%s", kind);
		if (*name && !name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-")] &&
			chair_find_actuator(chair, name) < 0)
			break;
		printf("  it needs a name of its own of a-z 0-9 . _ -\n");
	}
	snprintf(actuator_of(entry)->name, NAME_SIZE, "%s", name);
	return true;
}

// An actuator of the kind that this one refers to, if there is one.
static bool ask_reference(struct entry *entry, int *ret_index)
{
	const struct new_chair_kind *kind = entry->kind;
	const struct chair *chair = &entry->wizard->chair;
	char what[160] = "", name[NAME_SIZE];

	*ret_index = -1;
	for (size_t i = 0; kind->reference && i < chair->n_actuators; i++) {
		size_t n = strlen(what);

		if (chair->actuators[i].kind == kind->referenced)
			snprintf(what + n, sizeof(what) - n, "%s%s", n ? " or " : "",
				chair->actuators[i].name);
	}
	while (*what) {
		if (!ask(kind->reference, what, name, sizeof(name)))
			return false;
		*ret_index = chair_find_actuator(chair, name);
		if (*ret_index >= 0 && chair->actuators[*ret_index].kind == kind->referenced)
			break;
		*ret_index = -1;
		if (!*name && !kind->reference_required)
			break;
		printf("  there is %s\n", what);
	}
	return true;
}

// --- lines and movements ----------------------------------------------------------------------

static bool applies(const struct entry *entry, const struct new_chair_line *row)
{
	const int8_t *line = actuator_of(entry)->line;

	// Of run and pwm one is enough.
	if (row->role == ROLE_PWM && line[ROLE_RUN] >= 0)
		return false;
	return row->kinds >> entry->kind->kind & 1;
}

static bool ask_lines(struct entry *entry)
{
	struct actuator *actuator = actuator_of(entry);

	for (size_t i = 0; i < n_new_chair_lines; i++) {
		const struct new_chair_line *row = &new_chair_lines[i];
		char question[160];
		int line;

		if (!applies(entry, row))
			continue;
		snprintf(question, sizeof(question), "  %s line, %s%s: ", line_role_name(row->role),
			row->what,
			row->required || strstr(row->what, "nothing") ? "" : "; nothing: none");
		switch (new_chair_ask_line(entry->wizard, question, row->required, row->role,
			entry->index, &line)) {
		case NEW_CHAIR_END:
			return false;
		case NEW_CHAIR_ADDED:
			actuator->line[row->role] = (int8_t)line;
			break;
		default:
			break;
		}
	}
	actuator->sign_magnitude = actuator->line[ROLE_PWM] < 0 &&
		(actuator->kind == ACTUATOR_TRAVEL || actuator->kind == ACTUATOR_PRESS);
	return true;
}

static void exchange_directions(struct actuator *actuator, struct chair *chair)
{
	int8_t forward = actuator->line[ROLE_FORWARD];

	actuator->line[ROLE_FORWARD] = actuator->line[ROLE_REVERSE];
	actuator->line[ROLE_REVERSE] = forward;
	chair->lines[actuator->line[ROLE_FORWARD]].role = ROLE_FORWARD;
	chair->lines[actuator->line[ROLE_REVERSE]].role = ROLE_REVERSE;
	printf("  forward and reverse are exchanged\n");
}

// What the person saw of a movement; only the direction matters to the file.
static bool ask_seen(struct entry *entry, const struct new_chair_line *row)
{
	char seen[COMMENT_SIZE], question[120];
	bool right = true;

	if (!ask("What moved, and which way", "nothing: nothing did", seen, sizeof(seen)))
		return false;
	if (!*seen) {
		printf("  see whether its supply is on, the emergency stop out and the line "
		       "right\n");
		return true;
	}
	snprintf(question, sizeof(question),
		"  Was that %s, yes or no: ", row->way ? row->way : "");
	if (row->way && !ask_yes(question, &right))
		return false;
	if (!right)
		exchange_directions(actuator_of(entry), &entry->wizard->chair);
	else if (!*entry->moved)
		snprintf(entry->moved, sizeof(entry->moved), "%s", seen);
	return true;
}

static bool move(struct entry *entry, const struct new_chair_line *row)
{
	struct actuator *actuator = actuator_of(entry);
	struct hal_error error = { "" };
	char question[160];
	bool yes;
	int r;

	snprintf(question, sizeof(question),
		"  Move %s (%s) now, for a tenth of a second, yes or "
		"no: ",
		actuator->name, line_role_name(row->role));
	if (!ask_yes(question, &yes))
		return false;
	if (!yes)
		return true;
	r = nudge(&entry->wizard->chair, entry->index, row->role, &error);
	if (r == 0)
		return ask_seen(entry, row);
	printf("  not moved: %s%s\n", error.text,
		r == -EBUSY ? " (sudo systemctl stop chairguard)" : "");
	return true;
}

static bool ask_movements(struct entry *entry)
{
	for (size_t i = 0; entry->wizard->moving && i < n_new_chair_lines; i++) {
		const struct new_chair_line *row = &new_chair_lines[i];

		if (applies(entry, row) && row->moves && actuator_of(entry)->line[row->role] >= 0 &&
			!move(entry, row))
			return false;
	}
	return true;
}

// --- reach ------------------------------------------------------------------------------------

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

static bool ask_pair(const char *key, const char *from, const char *to, const char *unit,
	double min, double max, double least, double most, FILE *file)
{
	const struct number_question questions[2] = { { from, unit, min, max, least },
		{ to, unit, min, max, most } };
	double numbers[2] = { NAN, NAN };

	if (!ask_number(&questions[0], &numbers[0]) || !ask_number(&questions[1], &numbers[1]))
		return false;
	fprintf(file, " %s = [%g, %g];", key, numbers[0], numbers[1]);
	return true;
}

static enum new_chair_answer ask_region(struct entry *entry, int carriage, bool required)
{
	char region[32];

	for (;;) {
		if (!ask("region that it reaches",
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
		actuator_of(entry)->name);
	if (!ask_pair("along", "    from, of the region's length (0 is its upper end)",
		    "    to (1 is its lower end)", "", -0.5, 1, 0, 1, entry->reach) ||
		!ask_pair("lateral", "    from, beside the middle", "    to, beside the middle",
			"mm", 0, 300, 0, 90, entry->reach) ||
		(carriage >= 0 &&
			!ask_pair("mm", "    position of its carriage at the upper end",
				"    position at the lower end", "mm", 0, 2000, NAN, NAN,
				entry->reach)))
		return NEW_CHAIR_END;
	fputs(" },\n", entry->reach);
	return NEW_CHAIR_ADDED;
}

static bool ask_reach(struct entry *entry, int carriage)
{
	bool required = entry->kind->must_reach;
	enum new_chair_answer answer;

	do {
		answer = ask_region(entry, carriage, required);
		required = false;
	} while (answer == NEW_CHAIR_ADDED);
	return answer == NEW_CHAIR_NOTHING;
}

// --- text -------------------------------------------------------------------------------------

static void put_lines(const struct entry *entry)
{
	const struct actuator *actuator = actuator_of(entry);

	fputs("    lines = {\n", entry->text);
	for (int role = 0; role < ROLE_COUNT; role++) {
		if (actuator->line[role] < 0)
			continue;
		fprintf(entry->text, "      %-7s = ", line_role_name(role));
		new_chair_put_line(entry->text, &entry->wizard->chair.lines[actuator->line[role]],
			"");
		fputs(";\n", entry->text);
	}
	fputs("    };\n", entry->text);
}

static bool ask_numbers(struct entry *entry)
{
	for (size_t i = 0; i < n_new_chair_numbers; i++) {
		const struct new_chair_number *row = &new_chair_numbers[i];
		char text[100];
		const struct number_question question = { text, row->unit, row->min, row->max,
			row->fallback };
		double number = NAN;

		if (!(row->kinds >> entry->kind->kind & 1))
			continue;
		snprintf(text, sizeof(text), "  %s", row->what);
		if (!ask_number(&question, &number))
			return false;
		fprintf(entry->text, "    %s = %.10g;  # %s\n", row->key, number, row->unit);
	}
	return true;
}

static void put_end(const struct entry *entry)
{
	const struct actuator *actuator = actuator_of(entry);
	bool low = false;

	for (int role = 0; role < ROLE_COUNT; role++)
		low |= actuator->line[role] >= 0 && line_role_is_output(role) &&
			role != ROLE_VENT &&
			entry->wizard->chair.lines[actuator->line[role]].active_low;
	fprintf(entry->text, "    release = { %s", entry->kind->release);
	if (!isnan(entry->kind->release_s))
		fprintf(entry->text, " max_s = %g;", entry->kind->release_s);
	fputs(" };\n", entry->text);
	if (entry->kind->by_force)
		fprintf(entry->text,
			"    # Until chairctl calibrate has measured its force, profiles in "
			"newtons leave it out.\n");
	if (entry->kind->by_force || low)
		fprintf(entry->text, "    acknowledged = [ %s%s%s ];\n",
			entry->kind->by_force ? "\"uncalibrated\"" : "",
			entry->kind->by_force && low ? ", " : "", low ? "\"unsafe-when-low\"" : "");
}

static bool ask_rest(struct entry *entry)
{
	struct actuator *actuator = actuator_of(entry);
	const struct chair *chair = &entry->wizard->chair;
	char *numbers = NULL;
	size_t size;
	FILE *text = entry->text;
	int reference;
	bool good;

	entry->text = open_memstream(&numbers, &size);
	good = entry->text && ask_name(entry) && ask_reference(entry, &reference) &&
		ask_lines(entry) && ask_numbers(entry) && ask_movements(entry);
	if (entry->text)
		fclose(entry->text);
	entry->text = text;
	if (good) {
		fprintf(text, "  {%s%s\n    name = \"%s\"; kind = \"%s\";",
			*entry->moved ? "  # " : "", entry->moved, actuator->name,
			actuator_kind_name(actuator->kind));
		if (reference >= 0)
			fprintf(text, " %s = \"%s\";", entry->kind->reference,
				chair->actuators[reference].name);
		fputc('\n', text);
		put_lines(entry);
		if (actuator->sign_magnitude)
			fputs("    drive = \"sign-magnitude\";  # forward and reverse are pulsed\n",
				text);
		fputs(numbers, text);
		put_end(entry);
		fputs("  }", text);
		good = !entry->kind->reaches ||
			ask_reach(entry, actuator->kind == ACTUATOR_CELL ? -1 : reference);
	}
	free(numbers);
	return good;
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
	struct entry entry = { .wizard = wizard, .index = (int)chair->n_actuators };
	size_t n_lines = chair->n_lines, size, reach_size;
	enum new_chair_answer answer;
	bool good;

	if (entry.index == CHAIR_ACTUATORS_MAX)
		return NEW_CHAIR_NOTHING;
	answer = ask_kind(&entry);
	if (answer != NEW_CHAIR_ADDED)
		return answer;
	*actuator_of(&entry) = (struct actuator){ .kind = entry.kind->kind };
	memset(actuator_of(&entry)->line, -1, sizeof(actuator_of(&entry)->line));
	entry.text = open_memstream(&wizard->actuators[entry.index], &size);
	entry.reach = open_memstream(&wizard->reaches[entry.index], &reach_size);
	good = entry.text && entry.reach && ask_rest(&entry);
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
