// SPDX-License-Identifier: MIT
#include "config/keys.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define KEYS_SIZE 500 // all keys of an actuator

bool keys_applies(const struct field *field, int selection)
{
	return field->applies_to == 0 || selection == SELECT_ALL ||
		(field->applies_to & (1u << selection));
}

// Most keys differ in their first letter: a call for each would be most of the time of a load.
static bool is_same(const char *key, const char *other)
{
	return *key == *other && !strcmp(key, other);
}

static bool has_row(const struct schema *schema, size_t end, const char *key, int selection)
{
	for (size_t i = 0; i < end; i++) {
		if (!strcmp(schema->fields[i].key, key) &&
			keys_applies(&schema->fields[i], selection))
			return true;
	}
	return false;
}

// The keys that apply, in the order of the table: "name, kind, lines".
static void describe_keys(const struct schema *schema, int selection, char keys[KEYS_SIZE])
{
	size_t length = 0;

	keys[0] = '\0';
	for (size_t i = 0; i < schema->n && length < KEYS_SIZE; i++) {
		const struct field *field = &schema->fields[i];

		if (keys_applies(field, selection) && !has_row(schema, i, field->key, selection))
			length += (size_t)snprintf(keys + length, KEYS_SIZE - length, "%s%s",
				length ? ", " : "", field->key);
	}
}

static const char *alias_remedy(const struct schema *schema, const char *key)
{
	for (size_t i = 0; i < schema->n_aliases; i++) {
		if (!strcasecmp(schema->aliases[i].word, key))
			return schema->aliases[i].remedy;
	}
	return NULL;
}

// The first key that goes on after the word with a unit: "hold_s" of "hold". NULL: none does.
static const char *with_its_unit(const struct schema *schema, int selection, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i < schema->n; i++) {
		const char *key = schema->fields[i].key;

		if (keys_applies(&schema->fields[i], selection) && !strncmp(key, word, n) &&
			key[n] == '_')
			return key;
	}
	return NULL;
}

static bool is_quoted(const char *text, const char *word)
{
	char quoted[NAME_SIZE];

	snprintf(quoted, sizeof(quoted), "\"%s\"", word);
	return strstr(text, quoted);
}

static void unknown_key(struct reader *reader, const struct config_setting_t *member,
	const struct schema *schema, int selection)
{
	const char *remedy = alias_remedy(schema, reader_key(member));
	const char *longer = with_its_unit(schema, selection, reader_key(member)), *meant;
	char keys[KEYS_SIZE], closest[NAME_SIZE + sizeof("did you mean \"\"?")];
	struct suggestion suggestion;

	suggestion_start(&suggestion, reader_key(member));
	for (size_t i = 0; i < schema->n && !remedy; i++) {
		if (keys_applies(&schema->fields[i], selection))
			suggestion_consider(&suggestion, schema->fields[i].key);
	}
	meant = longer ? longer : suggestion.best;
	if (*meant && !remedy) {
		snprintf(closest, sizeof(closest), "did you mean \"%s\"?", meant);
		remedy = closest;
	}
	for (size_t i = 0; i < schema->n && remedy; i++) {
		if (is_quoted(remedy, schema->fields[i].key))
			reader_note_misspelt(reader, member, schema->fields[i].key);
	}
	describe_keys(schema, selection, keys);
	reader_problem(reader, member, NULL, "unknown key (allowed: %s%s%s)", keys,
		remedy ? "; " : "", remedy ? remedy : "");
}

// Among these rows. Sets *known if one has the key, but does not apply.
static const struct field *find_row(const struct schema *schema, size_t from, size_t end,
	const char *key, int selection, bool *known)
{
	for (size_t i = from; i < end; i++) {
		if (!is_same(schema->fields[i].key, key))
			continue;
		if (keys_applies(&schema->fields[i], selection))
			return &schema->fields[i];
		*known = true;
	}
	return NULL;
}

const struct field *keys_find_row(struct reader *reader, const struct config_setting_t *member,
	const struct schema *schema, int selection, size_t from)
{
	const char *key = reader_key(member);
	char keys[KEYS_SIZE];
	bool known = false;
	const struct field *row = find_row(schema, from, schema->n, key, selection, &known);

	if (!row)
		row = find_row(schema, 0, from, key, selection, &known);
	if (row)
		return row;
	if (!known) {
		unknown_key(reader, member, schema, selection);
		return NULL;
	}
	describe_keys(schema, selection, keys);
	reader_problem(reader, member, NULL, "does not go with %s = \"%s\" (allowed: %s)",
		schema->selector, schema->selection((unsigned)selection), keys);
	return NULL;
}
