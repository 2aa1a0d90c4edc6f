// SPDX-License-Identifier: MIT
//
// A configuration file as a tree of settings, read by tables. The only door to libconfig.
//
// A group is read in one call: a table says each key's type, range, default and place in a
// struct; what is unknown, missing, of the wrong type or out of range becomes a problem that
// says where. What no table can say (one name refers to another), the caller checks and reports
// with reader_problem().
#ifndef CHAIRD_CONFIG_READER_H
#define CHAIRD_CONFIG_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/problems.h"

struct config_setting_t; // libconfig's; only reader.c looks inside
struct reader;

// 0, or -errno with a problem added (-ENOENT, -EINVAL, -ENOMEM ...). Problems are borrowed and
// must outlive the reader; so must a name.
int reader_open(const char *file, struct problems *problems, struct reader **ret_reader);
int reader_parse(const char *name, const char *text, struct problems *problems,
	struct reader **ret_reader);
struct reader *reader_free(struct reader *reader);
void reader_freep(struct reader **reader); // for the cleanup attribute

const struct config_setting_t *reader_root(const struct reader *reader);
const char *reader_file(const struct reader *reader);
uint64_t reader_hash(const struct reader *reader);   // FNV-1a of the text
size_t reader_problems(const struct reader *reader); // how many since it was made

enum field_type {
	FIELD_INT,     // int
	FIELD_REAL,    // double; a whole number in the file will do
	FIELD_SECONDS, // seconds in the file, int of milliseconds in the struct
	FIELD_BOOL,    // bool
	FIELD_ID,      // char[]: [a-z0-9_-]+
	FIELD_NAME,    // char[]: [a-z0-9._-]+
	FIELD_TOKEN,   // char[]: the kernel's names: letters, digits and ._:-
	FIELD_TEXT,    // char[]: printable UTF-8
	FIELD_ENUM,    // an enum: int, the word's index
	FIELD_GROUP,   // not stored: reader_typed()
	FIELD_LIST,    // list or array; not stored: reader_typed()
	FIELD_CUSTOM,  // a known key that the caller reads by itself: reader_field()
};

struct field {
	const char *key;
	enum field_type type;
	bool required;
	// For which selections the row holds, bit by selection; 0: for all. A key may have several
	// rows with different ranges.
	unsigned applies_to;
	size_t offset;
	size_t size;               // strings: of the array; 0: not stored, see reader_string()
	double fallback, min, max; // in the file's unit; max of a string not stored: bytes
	const char *fallback_text;
	const char *unit;
	const char *(*enum_name)(unsigned index); // NULL for an index without a word
	unsigned n_enum_names;
};

// What people write for a key, and what to write instead.
struct alias {
	const char *word, *remedy; // "did you mean "username"?"
};

struct schema {
	const struct field *fields;
	size_t n;
	const struct alias *aliases; // of keys that are not known
	size_t n_aliases;
	// What selects rows: `kind = "press"`, say.
	const char *selector;
	const char *(*selection)(unsigned index);
};

#define SCHEMA_ROWS(table) .fields = (table), .n = sizeof(table) / sizeof((table)[0])

#define SELECT_ALL (-1) // whatever the selection

// True where these bytes are what FIELD_NAME takes.
bool reader_is_name(const char *string, size_t length);

// Put the defaults of all rows for this selection into a struct.
void reader_defaults(const struct schema *schema, int selection, void *into);

// Read a group's keys over what is in the struct. A wrong key leaves its place as it is.
void reader_group(struct reader *reader, const struct config_setting_t *group,
	const struct schema *schema, int selection, void *into);

// One key alone, for ranges that depend on what was read before. True where it is there and good;
// a problem where it is wrong, or missing though required.
bool reader_field(struct reader *reader, const struct config_setting_t *group,
	const struct field *field, void *into);

// One setting by itself.
bool reader_is(const struct config_setting_t *setting, enum field_type type);
const char *reader_type_name(const struct config_setting_t *setting); // for people
const char *reader_key(const struct config_setting_t *setting);
double reader_number(const struct config_setting_t *setting);
bool reader_bool(const struct config_setting_t *setting);
const char *reader_text(const struct config_setting_t *setting);
int reader_line(const struct config_setting_t *setting);

// The member of a group, or NULL.
const struct config_setting_t *reader_member(const struct config_setting_t *group, const char *key);
// The same, and NULL too where it is of another type, which reader_group() has reported.
const struct config_setting_t *reader_typed(const struct config_setting_t *group, const char *key,
	enum field_type type);
const char *reader_string(const struct config_setting_t *group, const char *key);

// True if nothing has been found wrong with it, or within it, so far.
bool reader_is_clean(const struct reader *reader, const struct config_setting_t *setting);

// Elements of a list or array.
size_t reader_length(const struct config_setting_t *list);
const struct config_setting_t *reader_element(const struct config_setting_t *list, size_t index);
// The element where it is a group, list or string; otherwise a problem and NULL.
const struct config_setting_t *reader_element_group(struct reader *reader,
	const struct config_setting_t *list, size_t index);
const struct config_setting_t *reader_element_list(struct reader *reader,
	const struct config_setting_t *list, size_t index);
const char *reader_element_string(struct reader *reader, const struct config_setting_t *list,
	size_t index);
// A list or array of exactly n numbers within the ranges of n nameless rows. False: a problem.
bool reader_numbers(struct reader *reader, const struct config_setting_t *list,
	const struct field *ranges, size_t n, double *ret_numbers);

// A problem with a member of a group, or with the setting itself where key is NULL. A member
// that is not there is placed where its group begins.
void reader_problem(struct reader *reader, const struct config_setting_t *setting, const char *key,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

// The setting names something that is not there: "no point "romboid" (did you mean ...)".
void reader_no_such(struct reader *reader, const struct config_setting_t *setting, const char *what,
	const struct suggestion *suggestion);

#endif
