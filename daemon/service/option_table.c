// SPDX-License-Identifier: MIT
#include "service/option_table.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/number.h"
#include "core/suggestion.h"
#include "service/percent.h"

#define HELP_COLUMN 27 // where the help texts begin

// What getopt_long() returns: letters are themselves, rows are counted from KEY_ROW.
enum { KEY_HELP = 'h', KEY_VERSION = 256, KEY_ROW };

// A name that is too long has a line of its own.
static void print_row(const struct option_row *row)
{
	char left[64];
	int n = snprintf(left, sizeof(left), "--%s%s%s", row->name, row->argument ? "=" : "",
		row->argument ? row->argument : "");

	if (row->letter)
		printf("  -%c, ", row->letter);
	else
		printf("      ");
	if (n < HELP_COLUMN - 6)
		printf("%-*s", HELP_COLUMN - 6, left);
	else
		printf("%s\n%*s", left, HELP_COLUMN, "");
	for (const char *c = row->help; *c; c++) {
		putchar(*c);
		if (*c == '\n')
			printf("%*s", HELP_COLUMN, "");
	}
	putchar('\n');
}

// Each line indented.
static void print_example(const char *lines)
{
	for (const char *end = lines; *end; lines = end + 1) {
		end = strchrnul(lines, '\n');
		printf("  %.*s\n", (int)(end - lines), lines);
	}
	putchar('\n');
}

static void print_help(const struct option_table *table)
{
	printf("Usage: %s [OPTION]...%s%s\n\n%s\n\n", table->program, *table->operands ? " " : "",
		table->operands, table->summary);
	if (table->details)
		printf("%s\n\n", table->details);
	if (table->example)
		print_example(table->example);
	for (const struct option_row *row = table->rows; row->name; row++)
		print_row(row);
	print_row(&(struct option_row){
		.name = "help", .letter = KEY_HELP, .help = "print this text and exit" });
	if (table->version)
		print_row(&(struct option_row){
			.name = "version", .help = "print the version and exit" });
}

static bool parse_number(const struct option_row *row, const char *text, double *ret_value)
{
	char fault[NUMBER_FAULT_SIZE];
	double value = strtod(text, NULL);

	if (!number_check_form(text, strlen(text), fault) || !isfinite(value) || value < row->min ||
		value > row->max)
		return false;
	*ret_value = value;
	return true;
}

static bool parse_percent(const struct option_row *row, const char *text, double *ret_value)
{
	double value;

	if (!percent_parse(text, &value) || value < row->min || value > row->max)
		return false;
	*ret_value = value;
	return true;
}

static bool parse_integer(const struct option_row *row, const char *text, int64_t *ret_value)
{
	char fault[NUMBER_FAULT_SIZE], *end;
	long long value;

	if (row->type == OPTION_INTEGER_OR_MAX && strcmp(text, "max") == 0) {
		*ret_value = 0;
		return true;
	}
	errno = 0;
	value = strtoll(text, &end, 10);
	if (!number_check_form(text, strlen(text), fault) || errno || *end ||
		(double)value < row->min || (double)value > row->max)
		return false;
	*ret_value = value;
	return true;
}

static bool add_item(struct option_list *list, const char *text)
{
	if (list->n == OPTION_LIST_SIZE)
		return false;
	list->items[list->n++] = text;
	return true;
}

// False if the text is not a value of the row's type.
static bool store(const struct option_row *row, const char *text)
{
	switch (row->type) {
	case OPTION_SWITCH:
		*(bool *)row->value = true;
		return true;
	case OPTION_TEXT:
		*(const char **)row->value = text;
		return true;
	case OPTION_NUMBER:
		return parse_number(row, text, row->value);
	case OPTION_PERCENT:
		return parse_percent(row, text, row->value);
	case OPTION_INTEGER:
	case OPTION_INTEGER_OR_MAX:
		return parse_integer(row, text, row->value);
	case OPTION_LIST:
		return add_item(row->value, text);
	}
	return false;
}

static bool is_integer(const struct option_row *row)
{
	return row->type == OPTION_INTEGER || row->type == OPTION_INTEGER_OR_MAX;
}

static void print_error(const char *program, const struct option_row *row, const char *text)
{
	const char *max = row->type == OPTION_INTEGER_OR_MAX ? ", or max"
		: row->type == OPTION_PERCENT                ? ": write 50, 50.5 or 50%"
							     : "";
	char fault[NUMBER_FAULT_SIZE];

	fprintf(stderr, "%s: --%s: ", program, row->name);
	if (row->type == OPTION_LIST)
		fprintf(stderr, "given more than %d times\n", OPTION_LIST_SIZE);
	else if (!number_check_form(text, strlen(text), fault))
		fprintf(stderr, "%s (%.16g ... %.16g%s)\n", *text ? fault : "is empty", row->min,
			row->max, max);
	else if (is_integer(row) && text[strcspn(text, ".eE")])
		fprintf(stderr, "%s is not a whole number (%.16g ... %.16g%s)\n", text, row->min,
			row->max, max);
	else
		fprintf(stderr, "%s is out of range (%.16g ... %.16g%s)\n", text, row->min,
			row->max, max);
}

struct getopt_names {
	struct option longs[OPTION_ROWS_MAX + 3]; // --help, --version, and the end
	char letters[2 * OPTION_ROWS_MAX + 2];
};

static void name_options(const struct option_table *table, struct getopt_names *names)
{
	struct option *longs = names->longs;
	char *letter = names->letters;

	*letter++ = KEY_HELP;
	for (int i = 0; i < OPTION_ROWS_MAX && table->rows[i].name; i++) {
		const struct option_row *row = &table->rows[i];
		int argument = row->type == OPTION_SWITCH ? no_argument : required_argument;

		*longs++ = (struct option){ row->name, argument, NULL, KEY_ROW + i };
		if (row->letter)
			*letter++ = row->letter;
		if (row->letter && argument)
			*letter++ = ':';
	}
	*longs++ = (struct option){ "help", no_argument, NULL, KEY_HELP };
	if (table->version)
		*longs = (struct option){ "version", no_argument, NULL, KEY_VERSION };
}

// Below the error of getopt_long(): the option that was perhaps meant by a long one.
static void suggest_option(const struct option_table *table, const char *word)
{
	struct suggestion meant;
	char name[NAME_SIZE];

	if (strncmp(word, "--", 2) || strlen(word) >= sizeof(name))
		return;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(word + 2, "="), word + 2);
	suggestion_start(&meant, name);
	for (const struct option_row *row = table->rows; row->name; row++)
		suggestion_consider(&meant, row->name);
	if (meant.distance > 0 && *meant.best)
		fprintf(stderr, "%s: did you mean --%s?\n", table->program, meant.best);
}

static const struct option_row *find_row(const struct option_row *rows, int key)
{
	if (key >= KEY_ROW)
		return &rows[key - KEY_ROW];
	while (rows->letter != key)
		rows++;
	return rows;
}

int option_table_parse(const struct option_table *table, int argc, char *argv[], int *ret_operands)
{
	struct getopt_names names = { 0 };
	int key;

	name_options(table, &names);
	optind = 0; // start afresh
	while ((key = getopt_long(argc, argv, names.letters, names.longs, NULL)) != -1) {
		const struct option_row *row;

		switch (key) {
		case '?': // getopt_long() has printed the error
			suggest_option(table, argv[optind - 1]);
			return -EINVAL;
		case KEY_HELP:
			print_help(table);
			return 1;
		case KEY_VERSION:
			printf("%s %s\n", table->program, table->version);
			return 1;
		}
		row = find_row(table->rows, key);
		if (!store(row, optarg)) {
			print_error(table->program, row, optarg);
			return -EINVAL;
		}
	}
	if (!*table->operands && optind < argc) {
		fprintf(stderr, "%s: %s: not an option; see --help\n", table->program,
			argv[optind]);
		return -EINVAL;
	}
	if (ret_operands)
		*ret_operands = optind;
	return 0;
}
