// SPDX-License-Identifier: MIT
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ctl/request.h"
#include "ctl/terminal.h"
#include "ctl/view.h"

#define LINE_SIZE   200
#define WRAP_INDENT 4

// Limits of points or of muscles; NAN: off.
struct limit {
	double seconds, newton_s;
};

static double number(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_number(value) ? json_number_value(value) : NAN;
}

static struct limit limit_of(const json_t *limits, const char *seconds, const char *newton_s)
{
	return (struct limit){ number(limits, seconds), number(limits, newton_s) };
}

// "rhomboid.left", or "rhomboids, left" of a muscle.
static const char *label(const json_t *row, bool muscle, char buf[LABEL_SIZE])
{
	char name[NAME_SIZE], side[NAME_SIZE];

	if (muscle)
		view_text(row, "muscle", "?", name);
	else
		view_word(row, "name", "?", name);
	view_word(row, "side", "?", side);
	snprintf(buf, LABEL_SIZE, "%s%s%s", name, muscle ? ", " : "", muscle ? side : "");
	return buf;
}

static int columns_of(const char *text)
{
	return terminal_width(text, strlen(text));
}

// Of its limit: the greater share of both.
static void print_row(const json_t *row, bool muscle, struct limit limit, int width,
	const struct terminal *terminal)
{
	double seconds = number(row, "pressed_s"), newton_s = number(row, "impulse_n_s");
	double percent = 100 * fmax(seconds / limit.seconds, newton_s / limit.newton_s);
	char line[LINE_SIZE], name[LABEL_SIZE], share[16] = "";

	if (isfinite(percent))
		snprintf(share, sizeof(share), "%8.0f %%", percent);
	label(row, muscle, name);
	snprintf(line, sizeof(line), "  %s%*s %8.1f %8.0f%s\n", name, width - columns_of(name), "",
		seconds, newton_s, share);
	terminal_wrap(stdout, terminal, WRAP_INDENT, line);
}

static int width_of(const json_t *rows, bool muscle, int least)
{
	char name[LABEL_SIZE];
	const json_t *row;
	size_t i;

	json_array_foreach((json_t *)rows, i, row)
	{
		int width = columns_of(label(row, muscle, name));

		least = width > least ? width : least;
	}
	return least;
}

static void print_rows(const json_t *rows, bool muscle, struct limit limit, int width,
	const struct terminal *terminal)
{
	char line[LINE_SIZE];
	const json_t *row;
	size_t i;

	snprintf(line, sizeof(line), "  %-*s %8s %8s%s\n", width, muscle ? "muscle" : "point", "s",
		"N s", isnan(limit.seconds) ? "" : "  of a day");
	terminal_wrap(stdout, terminal, WRAP_INDENT, line);
	json_array_foreach((json_t *)rows, i, row) print_row(row, muscle, limit, width, terminal);
}

static void print_person(const json_t *person, const json_t *limits,
	const struct terminal *terminal)
{
	const json_t *points = json_object_get(person, "points");
	const json_t *muscles = json_object_get(person, "muscles");
	int width = width_of(muscles, true, width_of(points, false, (int)strlen("muscle")));
	char name[NAME_SIZE];

	view_word(person, "person", "", name);
	if (*name)
		printf("  %s:\n", name);
	print_rows(points, false, limit_of(limits, "point_s", "point_newton_s"), width, terminal);
	print_rows(muscles, true, limit_of(limits, "muscle_s", "muscle_newton_s"), width, terminal);
}

static void print_day(const json_t *day, const json_t *limits, const struct terminal *terminal)
{
	const json_t *people = json_object_get(day, "people"), *person;
	char name[NAME_SIZE];
	size_t i;

	printf("%s%s%s\n", view_word(day, "day", "?", name),
		json_array_size(people) ? ":" : ": nothing was pressed",
		json_is_false(json_object_get(day, "complete"))
			? " (not complete: see the alert dose)"
			: "");
	json_array_foreach((json_t *)people, i, person) print_person(person, limits, terminal);
}

static void print_limits(const json_t *limits, const struct terminal *terminal)
{
	struct limit point = limit_of(limits, "point_s", "point_newton_s");
	struct limit muscle = limit_of(limits, "muscle_s", "muscle_newton_s");
	char line[LINE_SIZE];

	snprintf(line, sizeof(line),
		"at most, a day: %.0f s and %.0f N s a point, %.0f s and %.0f N s a muscle\n",
		point.seconds, point.newton_s, muscle.seconds, muscle.newton_s);
	terminal_wrap(stdout, terminal, WRAP_INDENT,
		isnan(point.seconds) ? "no limits: see dose in chaird.cfg\n" : line);
}

static void print_doses(const json_t *data)
{
	struct terminal terminal = terminal_detect(stdout);
	const json_t *limits = json_object_get(data, "limits");
	const json_t *days = json_object_get(data, "days"), *day;
	size_t i;

	json_array_foreach((json_t *)days, i, day) print_day(day, limits, &terminal);
	print_limits(limits, &terminal);
}

static int run_dose(const struct subcommand *self, int argc, char *argv[])
{
	bool json = false;
	int64_t days = 1;
	const struct option_row rows[] = {
		{ "days", 'd', OPTION_INTEGER, &days, "N", "today and days before it (1)", 1, 31 },
		{ "json", 'j', OPTION_SWITCH, &json, NULL, "print the JSON of the answer", 0, 0 },
		{ 0 },
	};
	__attribute__((cleanup(broker_closep))) struct broker *broker = NULL;
	json_auto_t *data = NULL, *args = NULL;
	struct options options;
	int r;

	if (!options_parse(self, rows, argc, argv, &options, &r))
		return r;
	args = json_pack("{s:I}", "days", (json_int_t)days);
	r = request_open(&options, &broker);
	if (r == EXIT_OK)
		r = request_send(broker, &options, "dose", args, &data);
	if (r != EXIT_OK)
		return r;
	if (json)
		request_print(data);
	else
		print_doses(data);
	return EXIT_OK;
}

const struct subcommand cmd_dose = {
	.name = "dose",
	.operands = "",
	.common = COMMON_BROKER,
	.summary = "list how much was pressed today",
	.details =
		"Seconds under pressure and newton-seconds of each point and muscle, and how much\n"
		"of the day's limits (dose in chaird.cfg) that is. A press whose force is not\n"
		"known has seconds only.",
	.example = "chairctl dose --days 7",
	.run = run_dose,
};
