// SPDX-License-Identifier: MIT
//
// Groups read by table: the rows of a schema against the settings of a group.
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "config/keys.h"
#include "config/reader.h"
#include "config/utf8.h"

#define RANGE_SIZE 256

// The allowed values, for people: "5 ... 90 s".
static void describe_range(const struct field *field, char range[RANGE_SIZE])
{
	static const char *const texts[] = {
		[FIELD_BOOL] = "true or false",
		[FIELD_ID] = "a-z, 0-9, \"_\" and \"-\"",
		[FIELD_NAME] = "a-z, 0-9, \".\", \"_\" and \"-\"",
		[FIELD_TOKEN] = "letters, digits, \".\", \"_\", \":\" and \"-\"",
		[FIELD_PATH] = "letters, digits, \".\", \"_\", \":\", \"-\" and \"/\"",
		[FIELD_TEXT] = "a string",
		[FIELD_LONG] = "a string",
		[FIELD_GROUP] = "a group { }",
		[FIELD_LIST] = "a list ( )",
	};
	size_t length = 0;

	switch (field->type) {
	case FIELD_INT:
	case FIELD_REAL:
	case FIELD_SECONDS:
		snprintf(range, RANGE_SIZE, "%.9g ... %.9g%s%s", field->min, field->max,
			field->unit ? " " : "", field->unit ? field->unit : "");
		break;
	case FIELD_ENUM:
		for (unsigned i = 0; i < field->n_enum_names && length < RANGE_SIZE; i++) {
			if (field->enum_name(i))
				length += (size_t)snprintf(range + length, RANGE_SIZE - length,
					"%s%s", length ? ", " : "", field->enum_name(i));
		}
		break;
	default:
		snprintf(range, RANGE_SIZE, "%s", texts[field->type]);
		break;
	}
}

static bool check_type(struct reader *reader, const struct config_setting_t *setting,
	const struct field *field)
{
	static const char *const expected[] = {
		[FIELD_INT] = "a whole number",
		[FIELD_REAL] = "a number",
		[FIELD_SECONDS] = "a number",
		[FIELD_BOOL] = "true or false",
		[FIELD_ID] = "a string",
		[FIELD_NAME] = "a string",
		[FIELD_TOKEN] = "a string",
		[FIELD_PATH] = "a string",
		[FIELD_TEXT] = "a string",
		[FIELD_LONG] = "a string",
		[FIELD_ENUM] = "a string",
		[FIELD_GROUP] = "a group { }",
		[FIELD_LIST] = "a list ( )",
	};
	char range[RANGE_SIZE];

	if (field->type == FIELD_CUSTOM || reader_is(setting, field->type))
		return true;
	describe_range(field, range);
	if (!strcmp(range, expected[field->type]))
		reader_problem(reader, setting, NULL, "is %s, not %s", reader_type_name(setting),
			range);
	else
		reader_problem(reader, setting, NULL, "is %s, not %s (%s)",
			reader_type_name(setting), expected[field->type], range);
	return false;
}

static bool read_number(struct reader *reader, const struct config_setting_t *setting,
	const struct field *field, double *ret_number)
{
	double number = reader_number(setting);
	char range[RANGE_SIZE];

	if (number >= field->min && number <= field->max) { // false for NAN
		*ret_number = number;
		return true;
	}
	describe_range(field, range);
	reader_problem(reader, setting, NULL, "%.9g is out of range (%s)", number, range);
	return false;
}

static void *member_of(const struct field *field, void *into)
{
	return (char *)into + field->offset;
}

static void store_number(const struct field *field, double number, void *into)
{
	if (field->type == FIELD_REAL)
		*(double *)member_of(field, into) = number;
	else if (field->type == FIELD_SECONDS)
		*(int *)member_of(field, into) = (int)lrint(number * 1000);
	else
		*(int *)member_of(field, into) = (int)number;
}

// The types that may have a character, as a set of 1u << type.
#define IN_PATH  (1u << FIELD_PATH)
#define IN_TOKEN (1u << FIELD_TOKEN | IN_PATH)
#define IN_NAME  (1u << FIELD_NAME | IN_TOKEN)
#define IN_ALL   (1u << FIELD_ID | IN_NAME)

static const unsigned alphabet[256] = {
	['a' ... 'z'] = IN_ALL,
	['0' ... '9'] = IN_ALL,
	['_'] = IN_ALL,
	['-'] = IN_ALL,
	['.'] = IN_NAME,
	[':'] = IN_TOKEN,
	['A' ... 'Z'] = IN_TOKEN,
	['/'] = IN_PATH,
};

static bool is_text(enum field_type type)
{
	return type == FIELD_TEXT || type == FIELD_LONG;
}

// The length of the longest valid beginning of a string.
static size_t valid_length(enum field_type type, const char *string)
{
	size_t n = 0, length;

	if (!is_text(type)) {
		while (alphabet[(unsigned char)string[n]] & 1u << type)
			n++;
		return n;
	}
	while ((length = utf8_printable(string + n)))
		n += length;
	return n;
}

bool reader_is_name(const char *string, size_t length)
{
	return valid_length(FIELD_NAME, string) >= length;
}

static size_t longest_text(const struct field *field)
{
	if (field->size)
		return field->size - 1;
	return field->max > 0 ? (size_t)field->max : NAME_SIZE - 1;
}

static bool read_string(struct reader *reader, const struct config_setting_t *setting,
	const struct field *field, void *into)
{
	const char *string = reader_text(setting);
	size_t length = strlen(string), valid = valid_length(field->type, string);
	bool empty = length == 0 &&
		(field->required || (field->fallback_text && field->fallback_text[0]));
	char range[RANGE_SIZE];

	if (length <= longest_text(field) && valid == length && !empty) {
		if (field->type == FIELD_LONG)
			*(const char **)member_of(field, into) = string;
		else if (field->size)
			memcpy(member_of(field, into), string, length + 1);
		return true;
	}
	describe_range(field, range);
	if (length > longest_text(field))
		reader_problem(reader, setting, NULL, "is too long (at most %zu bytes)",
			longest_text(field));
	else if (empty)
		reader_problem(reader, setting, NULL, "is empty (%s)", range);
	else if (is_text(field->type))
		reader_problem(reader, setting, NULL, "is not printable UTF-8");
	else
		reader_problem(reader, setting, NULL, "\"%s\" is not a name (%s)", string, range);
	return false;
}

static bool read_enum(struct reader *reader, const struct config_setting_t *setting,
	const struct field *field, void *into)
{
	const char *string = reader_text(setting);
	struct suggestion suggestion;
	char range[RANGE_SIZE];

	for (unsigned i = 0; i < field->n_enum_names; i++) {
		const char *name = field->enum_name(i);

		if (name && !strcmp(name, string)) {
			*(int *)member_of(field, into) = (int)i;
			return true;
		}
	}
	suggestion_start(&suggestion, string);
	for (unsigned i = 0; i < field->n_enum_names; i++) {
		if (field->enum_name(i))
			suggestion_consider(&suggestion, field->enum_name(i));
	}
	describe_range(field, range);
	reader_not_known(reader, setting, range, &suggestion);
	return false;
}

static bool read_setting(struct reader *reader, const struct config_setting_t *setting,
	const struct field *field, void *into)
{
	double number;

	if (!check_type(reader, setting, field))
		return false;
	switch (field->type) {
	case FIELD_INT:
	case FIELD_REAL:
	case FIELD_SECONDS:
		if (!read_number(reader, setting, field, &number))
			return false;
		store_number(field, number, into);
		return true;
	case FIELD_BOOL:
		*(bool *)member_of(field, into) = reader_bool(setting);
		return true;
	case FIELD_ENUM:
		return read_enum(reader, setting, field, into);
	case FIELD_GROUP:
	case FIELD_LIST:
	case FIELD_CUSTOM:
		if (field->size)
			*(const struct config_setting_t **)member_of(field, into) = setting;
		return true;
	default:
		return read_string(reader, setting, field, into);
	}
}

static void missing(struct reader *reader, const struct config_setting_t *group,
	const struct field *field)
{
	char range[RANGE_SIZE];

	if (reader_is_misspelt(reader, group, field->key))
		return; // reported already
	describe_range(field, range);
	reader_problem(reader, group, field->key, "is missing (%s)", range);
}

bool reader_field(struct reader *reader, const struct config_setting_t *group,
	const struct field *field, void *into)
{
	const struct config_setting_t *member = reader_member(group, field->key);

	if (member)
		return read_setting(reader, member, field, into);
	if (field->required)
		missing(reader, group, field);
	return false;
}

void reader_defaults(const struct schema *schema, int selection, void *into)
{
	for (size_t i = 0; i < schema->n; i++) {
		const struct field *field = &schema->fields[i];

		if (!keys_applies(field, selection))
			continue;
		switch (field->type) {
		case FIELD_INT:
		case FIELD_REAL:
		case FIELD_SECONDS:
			store_number(field, field->fallback, into);
			break;
		case FIELD_BOOL:
			*(bool *)member_of(field, into) = field->fallback != 0;
			break;
		case FIELD_ENUM:
			*(int *)member_of(field, into) = (int)field->fallback;
			break;
		case FIELD_LONG:
			*(const char **)member_of(field, into) = NULL;
			break;
		case FIELD_GROUP:
		case FIELD_LIST:
		case FIELD_CUSTOM:
			if (field->size)
				*(const struct config_setting_t **)member_of(field, into) = NULL;
			break;
		default:
			if (field->size)
				strcpy(member_of(field, into),
					field->fallback_text ? field->fallback_text : "");
			break;
		}
	}
}

// Without a selection nothing says which of several rows of a key holds.
static bool is_undecided(const struct schema *schema, const struct field *field, int selection)
{
	const struct field *end = schema->fields + schema->n;

	if (!schema->selector || selection != SELECT_ALL)
		return false;
	for (const struct field *other = schema->fields; other < end; other++) {
		if (other != field && !strcmp(other->key, field->key))
			return true;
	}
	return false;
}

// One problem with a file that has no key at all, but should have. False: it needs none.
static bool is_empty(struct reader *reader, const struct schema *schema)
{
	char keys[RANGE_SIZE] = "";
	size_t length = 0;

	for (size_t i = 0; i < schema->n && length < RANGE_SIZE; i++) {
		if (schema->fields[i].required)
			length += (size_t)snprintf(keys + length, RANGE_SIZE - length, "%s%s",
				length ? ", " : "", schema->fields[i].key);
	}
	if (length)
		reader_problem(reader, reader_root(reader), NULL, "is empty (at least %s)", keys);
	return length > 0;
}

void reader_group(struct reader *reader, const struct config_setting_t *group,
	const struct schema *schema, int selection, void *into)
{
	size_t n = reader_length(group), row = 0;
	uint64_t found = 0; // set of rows

	assert(schema->n <= 64);
	if (n == 0 && group == reader_root(reader) && is_empty(reader, schema))
		return;
	for (size_t i = 0; i < n; i++) {
		const struct config_setting_t *member = reader_element(group, i);
		const struct field *field = keys_find_row(reader, member, schema, selection, row);

		if (!field)
			continue;
		row = (size_t)(field - schema->fields) + 1;
		found |= UINT64_C(1) << (row - 1);
		if (field->line)
			*(int *)((char *)into + field->line) = reader_line(member);
		if (!is_undecided(schema, field, selection))
			read_setting(reader, member, field, into);
	}
	for (size_t i = 0; i < schema->n; i++) {
		const struct field *field = &schema->fields[i];

		if (field->required && keys_applies(field, selection) &&
			!(field->applies_to && selection == SELECT_ALL) &&
			!(found & UINT64_C(1) << i))
			missing(reader, group, field);
	}
}

const struct config_setting_t *reader_element_group(struct reader *reader,
	const struct config_setting_t *list, size_t index)
{
	static const struct field group = { .type = FIELD_GROUP };
	const struct config_setting_t *element = reader_element(list, index);

	return check_type(reader, element, &group) ? element : NULL;
}

const struct config_setting_t *reader_element_list(struct reader *reader,
	const struct config_setting_t *list, size_t index)
{
	static const struct field nested = { .type = FIELD_LIST };
	const struct config_setting_t *element = reader_element(list, index);

	return check_type(reader, element, &nested) ? element : NULL;
}

const char *reader_element_string(struct reader *reader, const struct config_setting_t *list,
	size_t index)
{
	static const struct field string = { .type = FIELD_TEXT };
	const struct config_setting_t *element = reader_element(list, index);

	return check_type(reader, element, &string) ? reader_text(element) : NULL;
}

bool reader_numbers(struct reader *reader, const struct config_setting_t *list,
	const struct field *ranges, size_t n, double *ret_numbers)
{
	bool good = true;

	if (reader_length(list) != n) {
		reader_problem(reader, list, NULL, "has %zu elements (%zu numbers)",
			reader_length(list), n);
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		const struct config_setting_t *element = reader_element(list, i);

		if (!check_type(reader, element, &ranges[i]) ||
			!read_number(reader, element, &ranges[i], &ret_numbers[i]))
			good = false;
	}
	return good;
}
