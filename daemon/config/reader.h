// SPDX-License-Identifier: MIT
//
// Reader of a configuration file: a tree of settings, read by tables. It alone uses libconfig.
//
// A group is read in one call: a table gives each key's type, range, default and member of a
// struct. Each key that is unknown, missing, of the wrong type or out of range becomes a problem
// with its line. Callers check what no table can express (one name refers to another) and report
// it with reader_problem().
#ifndef CHAIRD_CONFIG_READER_H
#define CHAIRD_CONFIG_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/problems.h"

struct config_setting_t; // libconfig's; opaque outside reader.c
struct reader;

// 0, or -errno with a problem added (-ENOENT, -EINVAL ...); -ENOMEM without one. `problems` and
// `name` are borrowed and must outlive the reader. 0 also with problems (reader_problems()) of a
// text whose remedy is certain: it is read with the remedies to find what else is wrong, and must
// not be used. Nothing is reported twice for one line of it.
int reader_open(const char *file, struct problems *problems, struct reader **ret_reader);
int reader_parse(const char *name, const char *text, struct problems *problems,
	struct reader **ret_reader);
void reader_freep(struct reader **reader); // for the cleanup attribute

const struct config_setting_t *reader_root(const struct reader *reader);
const char *reader_file(const struct reader *reader);
uint64_t reader_hash(const struct reader *reader);   // of the text
size_t reader_problems(const struct reader *reader); // how many since it was opened

enum field_type {
	FIELD_INT,     // int
	FIELD_REAL,    // double; in the file with or without a point
	FIELD_SECONDS, // seconds in the file, int of milliseconds in the struct
	FIELD_BOOL,    // bool
	FIELD_ID,      // char[]: [a-z0-9_-]+
	FIELD_NAME,    // char[]: [a-z0-9._-]+
	FIELD_TOKEN,   // char[]: the kernel's names: letters, digits and ._:-
	FIELD_PATH,    // char[]: a token, or a path of such tokens
	FIELD_TEXT,    // char[]: printable UTF-8
	FIELD_ENUM,    // an enum: int, the name's index
	FIELD_LONG,    // const char *, the reader's own: printable UTF-8
	FIELD_GROUP,   // const struct config_setting_t *, or not stored: reader_typed()
	FIELD_LIST,    // the same: list or array
	FIELD_CUSTOM,  // the same: a known key that the caller reads
};

struct field {
	const char *key;
	enum field_type type;
	bool required;
	// The set of selections that the row applies to, bit by selection; 0: all. A key may have
	// several rows with different ranges.
	unsigned applies_to;
	size_t offset;
	size_t size; // of a member for a string or a setting; 0: not stored, but for a long text
	size_t line; // offset of an int that takes the key's line, too; 0: none
	double fallback, min, max; // in the file's unit; max of a string without a size: bytes
	const char *fallback_text;
	const char *unit;
	const char *(*enum_name)(unsigned index); // NULL for an index without a name
	unsigned n_enum_names;
};

// What people write for a key, and what to write instead.
struct alias {
	const char *word, *remedy; // "did you mean "username"?"
};

struct schema {
	const struct field *fields;
	size_t n;
	const struct alias *aliases; // of unknown keys
	size_t n_aliases;
	// The key and values that select rows: `kind = "press"`.
	const char *selector;
	const char *(*selection)(unsigned index);
};

#define SCHEMA_ROWS(table) .fields = (table), .n = sizeof(table) / sizeof((table)[0])

// The rows of all selections. A key with several rows is known then, but its value is not read, and
// one that some selections need is not missing.
#define SELECT_ALL (-1)

// Whether these bytes are a FIELD_NAME.
bool reader_is_name(const char *string, size_t length);

// Store the defaults of all rows for this selection in the struct.
void reader_defaults(const struct schema *schema, int selection, void *into);

// Store a group's keys in the struct. A wrong key leaves its member unchanged.
void reader_group(struct reader *reader, const struct config_setting_t *group,
	const struct schema *schema, int selection, void *into);

// Store one key, for ranges that depend on keys read before. True if it is present and valid; a
// problem if it is wrong, or missing though required.
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
// The same; also NULL if it is of another type, which reader_group() has reported.
const struct config_setting_t *reader_typed(const struct config_setting_t *group, const char *key,
	enum field_type type);
const char *reader_string(const struct config_setting_t *group, const char *key);

// True if reader_group() has reported an unknown key of the group that means this one.
bool reader_is_misspelt(const struct reader *reader, const struct config_setting_t *group,
	const char *key);
// For keys.c: the member means this key, a text that stays.
void reader_note_misspelt(struct reader *reader, const struct config_setting_t *member,
	const char *key);

// True if no problem has been found so far with the setting or within it.
bool reader_is_clean(const struct reader *reader, const struct config_setting_t *setting);

// Elements of a list or array.
size_t reader_length(const struct config_setting_t *list);
const struct config_setting_t *reader_element(const struct config_setting_t *list, size_t index);
// The element if it is a group, list or string; otherwise NULL and a problem.
const struct config_setting_t *reader_element_group(struct reader *reader,
	const struct config_setting_t *list, size_t index);
const struct config_setting_t *reader_element_list(struct reader *reader,
	const struct config_setting_t *list, size_t index);
const char *reader_element_string(struct reader *reader, const struct config_setting_t *list,
	size_t index);
// A list or array of exactly n numbers within the ranges of n nameless rows. False: a problem.
bool reader_numbers(struct reader *reader, const struct config_setting_t *list,
	const struct field *ranges, size_t n, double *ret_numbers);

// A problem with a member of a group, or with the setting itself if key is NULL. A missing member
// gets the line of its group.
void reader_problem(struct reader *reader, const struct config_setting_t *setting, const char *key,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

// The setting's word is not among the known ones: ""pres" is not known (travel, press; did you
// mean "press"?)". The suggestion holds the word and has considered the known ones.
void reader_not_known(struct reader *reader, const struct config_setting_t *setting,
	const char *known, const struct suggestion *suggestion);
// The setting names something that does not exist: "no point "romboid" (did you mean ...)".
void reader_no_such(struct reader *reader, const struct config_setting_t *setting, const char *what,
	const struct suggestion *suggestion);

#endif
