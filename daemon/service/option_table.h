// SPDX-License-Identifier: MIT
//
// Command-line parser of all programs, driven by a table of their options.
//
// A row has the option's name, its type and the place of its value. From the rows come what
// getopt_long() accepts, the text of --help, and the error messages. --help (-h) and --version
// need no row: they print to stdout and end the parsing.
#ifndef CHAIRD_SERVICE_OPTION_TABLE_H
#define CHAIRD_SERVICE_OPTION_TABLE_H

#include <stddef.h>

#define OPTION_ROWS_MAX  24
#define OPTION_LIST_SIZE 64

enum option_type {
	OPTION_SWITCH,         // bool: true if given
	OPTION_TEXT,           // const char *: not copied
	OPTION_NUMBER,         // double: finite, min ... max
	OPTION_PERCENT,        // double: min ... max, also as 50% and 50,5 (percent.h)
	OPTION_INTEGER,        // int64_t: min ... max
	OPTION_INTEGER_OR_MAX, // int64_t: min ... max, or 0 for the word "max"
	OPTION_LIST,           // struct option_list: may be given up to OPTION_LIST_SIZE times
};

struct option_list {
	const char *items[OPTION_LIST_SIZE]; // not copied
	size_t n;
};

struct option_row {
	const char *name; // NULL ends the table
	char letter;      // 0: no short form
	enum option_type type;
	void *value;          // unchanged if the option is not given
	const char *argument; // name of the value in --help; NULL for a switch
	const char *help;     // may have several lines
	double min, max;      // of numbers and integers: integers up to 2^53
};

struct option_table {
	const char *program;  // "chairctl run": begins every message
	const char *operands; // "FILE..." in --help; "" if the program takes none
	const char *summary;  // paragraph below the usage line of --help
	const char *details;  // paragraphs below the summary; NULL: none
	const char *example;  // command lines below that; NULL: none
	const char *version;  // printed by --version; NULL: there is no such option
	const struct option_row *rows;
};

// Parse argv. 0, with the index of the first operand in *ret_operands; 1 after --help or
// --version; -EINVAL after an error, which is printed to stderr. If the table has no operands, an
// operand is an error and ret_operands may be NULL. Values of options before the error are stored.
int option_table_parse(const struct option_table *table, int argc, char *argv[], int *ret_operands);

#endif
