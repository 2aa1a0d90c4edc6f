// SPDX-License-Identifier: MIT
#include "config/reader.h"

#include <errno.h>
#include <libconfig.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/text.h"

#define PATH_SIZE 256

// Keys whose misspelling is remembered. After more of them some are reported as missing, too.
#define MISSPELT_MAX 32

struct misspelt {
	const struct config_setting_t *group;
	const char *key;
};

struct reader {
	struct config_t config;
	struct problems *problems;
	const char *name;
	char *text; // owned
	size_t size;
	size_t problems_before; // with those that were dropped
	size_t first_problem;
	bool mended; // the text has faults: it serves to find what else is wrong
	struct misspelt misspelt[MISSPELT_MAX];
	size_t n_misspelt;
};

void reader_freep(struct reader **reader)
{
	if (*reader) {
		config_destroy(&(*reader)->config);
		free((*reader)->text);
		free(*reader);
		*reader = NULL;
	}
}

static void explain(struct reader *reader)
{
	const char *why = config_error_text(&reader->config), *more = "";

	if (!strcmp(why, "mismatched element type in array"))
		more = " (all whole, or all with a point; ( ) takes both)";
	else if (!strcmp(why, "duplicate setting name"))
		more = " (a key stands once in its group: remove one)";
	problems_add(reader->problems, reader->name, config_error_line(&reader->config), "", "%s%s",
		why, more);
}

// A fault of the text on this line has been reported: what was read from it is not what stands
// there.
static bool is_doubtful(const struct reader *reader, int line)
{
	const struct problems *problems = reader->problems;

	for (size_t i = reader->first_problem; reader->mended && i < problems->n; i++) {
		if (problems->list[i].column && problems->list[i].line == line)
			return true;
	}
	return false;
}

// Takes the text.
static int parse(const char *name, char *text, size_t size, struct problems *problems,
	struct reader **ret_reader)
{
	text_auto *tokens = NULL;
	struct reader *reader;
	int r;

	reader = calloc(1, sizeof(*reader));
	if (!reader) {
		free(text);
		return -ENOMEM;
	}
	reader->problems = problems;
	reader->name = name;
	reader->text = text;
	reader->size = size;
	reader->problems_before = problems_count(problems);
	reader->first_problem = problems->n;
	config_init(&reader->config);
	r = text_tokens(name, text, problems, &tokens);
	reader->mended = r < 0;
	if (tokens)
		r = config_read_string(&reader->config, tokens) == CONFIG_TRUE ? 0 : -EINVAL;
	if (r == -EINVAL && reader_problems(reader) == 0)
		explain(reader);
	if (r < 0)
		reader_freep(&reader);
	else
		*ret_reader = reader;
	return r;
}

int reader_open(const char *file, struct problems *problems, struct reader **ret_reader)
{
	char *text = NULL;
	size_t size = 0;
	int r;

	r = text_read(file, problems, &text, &size);
	if (r < 0)
		return r;
	return parse(file, text, size, problems, ret_reader);
}

int reader_parse(const char *name, const char *text, struct problems *problems,
	struct reader **ret_reader)
{
	size_t size;
	char *copy;

	text = text_skip_mark(text);
	size = strlen(text);
	if (size > TEXT_MESSAGE_MAX) {
		problems_add(problems, name, 0, "", "is too big (at most %d bytes)",
			TEXT_MESSAGE_MAX);
		return -EINVAL;
	}
	copy = strdup(text);
	return copy ? parse(name, copy, size, problems, ret_reader) : -ENOMEM;
}

const struct config_setting_t *reader_root(const struct reader *reader)
{
	return config_root_setting(&reader->config);
}

const char *reader_file(const struct reader *reader)
{
	return reader->name;
}

uint64_t reader_hash(const struct reader *reader)
{
	return text_hash(reader->text, reader->size);
}

size_t reader_problems(const struct reader *reader)
{
	return problems_count(reader->problems) - reader->problems_before;
}

bool reader_is(const struct config_setting_t *setting, enum field_type type)
{
	int found = config_setting_type(setting);

	switch (type) {
	case FIELD_GROUP:
		return found == CONFIG_TYPE_GROUP;
	case FIELD_LIST:
		return found == CONFIG_TYPE_LIST || found == CONFIG_TYPE_ARRAY;
	case FIELD_BOOL:
		return found == CONFIG_TYPE_BOOL;
	case FIELD_INT:
		return found == CONFIG_TYPE_INT || found == CONFIG_TYPE_INT64;
	case FIELD_REAL:
	case FIELD_SECONDS:
		return found == CONFIG_TYPE_INT || found == CONFIG_TYPE_INT64 ||
			found == CONFIG_TYPE_FLOAT;
	default:
		return found == CONFIG_TYPE_STRING;
	}
}

const char *reader_type_name(const struct config_setting_t *setting)
{
	static const char *const names[] = {
		[CONFIG_TYPE_NONE] = "nothing",
		[CONFIG_TYPE_GROUP] = "a group { }",
		[CONFIG_TYPE_INT] = "a whole number",
		[CONFIG_TYPE_INT64] = "a whole number",
		[CONFIG_TYPE_FLOAT] = "a number with a point",
		[CONFIG_TYPE_STRING] = "a string",
		[CONFIG_TYPE_BOOL] = "true or false",
		[CONFIG_TYPE_ARRAY] = "an array [ ]",
		[CONFIG_TYPE_LIST] = "a list ( )",
	};

	return names[config_setting_type(setting)];
}

double reader_number(const struct config_setting_t *setting)
{
	if (config_setting_type(setting) == CONFIG_TYPE_FLOAT)
		return config_setting_get_float(setting);
	return (double)config_setting_get_int64(setting);
}

bool reader_bool(const struct config_setting_t *setting)
{
	return config_setting_get_bool(setting);
}

const char *reader_text(const struct config_setting_t *setting)
{
	return config_setting_get_string(setting);
}

// libconfig's own look-up measures every key of the group anew.
const struct config_setting_t *reader_member(const struct config_setting_t *group, const char *key)
{
	unsigned n = (unsigned)config_setting_length(group);

	for (unsigned i = 0; i < n; i++) {
		const struct config_setting_t *member = config_setting_get_elem(group, i);
		const char *name = config_setting_name(member);

		if (name && *name == *key && !strcmp(name, key))
			return member;
	}
	return NULL;
}

const struct config_setting_t *reader_typed(const struct config_setting_t *group, const char *key,
	enum field_type type)
{
	const struct config_setting_t *member = reader_member(group, key);

	return member && reader_is(member, type) ? member : NULL;
}

const char *reader_string(const struct config_setting_t *group, const char *key)
{
	const struct config_setting_t *member = reader_typed(group, key, FIELD_TEXT);

	return member ? reader_text(member) : NULL;
}

const char *reader_key(const struct config_setting_t *setting)
{
	return config_setting_name(setting);
}

size_t reader_length(const struct config_setting_t *list)
{
	return (size_t)config_setting_length(list);
}

const struct config_setting_t *reader_element(const struct config_setting_t *list, size_t index)
{
	return config_setting_get_elem(list, (unsigned)index);
}

int reader_line(const struct config_setting_t *setting)
{
	return config_setting_source_line(setting);
}

// "steps[2].target"; the root is "".
static void setting_path(const struct config_setting_t *setting, char path[PATH_SIZE])
{
	const struct config_setting_t *parent = config_setting_parent(setting);
	size_t length;

	if (!parent) {
		path[0] = '\0';
		return;
	}
	setting_path(parent, path);
	length = strlen(path);
	if (config_setting_name(setting))
		snprintf(path + length, PATH_SIZE - length, "%s%s", length ? "." : "",
			config_setting_name(setting));
	else
		snprintf(path + length, PATH_SIZE - length, "[%d]", config_setting_index(setting));
}

bool reader_is_misspelt(const struct reader *reader, const struct config_setting_t *group,
	const char *key)
{
	for (size_t i = 0; i < reader->n_misspelt; i++) {
		if (reader->misspelt[i].group == group && !strcmp(reader->misspelt[i].key, key))
			return true;
	}
	return false;
}

void reader_note_misspelt(struct reader *reader, const struct config_setting_t *member,
	const char *key)
{
	if (reader->n_misspelt < MISSPELT_MAX)
		reader->misspelt[reader->n_misspelt++] =
			(struct misspelt){ config_setting_parent(member), key };
}

bool reader_is_clean(const struct reader *reader, const struct config_setting_t *setting)
{
	char path[PATH_SIZE];
	size_t length;

	setting_path(setting, path);
	length = strlen(path);
	for (size_t i = reader->first_problem; i < reader->problems->n; i++) {
		const char *found = reader->problems->list[i].path;

		// "inputs.seats" is not within "inputs.seat"; everything is within the root.
		if (!strncmp(found, path, length) &&
			(!length || !found[length] || strchr(".[", found[length])))
			return false;
	}
	return reader->problems->dropped == 0;
}

void reader_problem(struct reader *reader, const struct config_setting_t *setting, const char *key,
	const char *format, ...)
{
	const struct config_setting_t *member = NULL;
	char path[PATH_SIZE], text[PATH_SIZE * 2];
	size_t length;
	va_list args;

	if (reader->problems->n == PROBLEMS_MAX) { // then even the path is too much work
		reader->problems->dropped++;
		return;
	}
	if (key)
		member = reader_member(setting, key);
	if (is_doubtful(reader, reader_line(member ? member : setting)))
		return;
	setting_path(setting, path);
	length = strlen(path);
	if (key)
		snprintf(path + length, PATH_SIZE - length, "%s%s", length ? "." : "", key);
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	problems_add(reader->problems, reader->name, reader_line(member ? member : setting), path,
		"%s", text);
}

void reader_not_known(struct reader *reader, const struct config_setting_t *setting,
	const char *known, const struct suggestion *suggestion)
{
	if (suggestion->best[0])
		reader_problem(reader, setting, NULL,
			"\"%s\" is not known (%s; did you mean \"%s\"?)", suggestion->word, known,
			suggestion->best);
	else
		reader_problem(reader, setting, NULL, "\"%s\" is not known (%s)", suggestion->word,
			known);
}

void reader_no_such(struct reader *reader, const struct config_setting_t *setting, const char *what,
	const struct suggestion *suggestion)
{
	if (suggestion->best[0])
		reader_problem(reader, setting, NULL, "no %s \"%s\" (did you mean \"%s\"?)", what,
			suggestion->word, suggestion->best);
	else
		reader_problem(reader, setting, NULL, "no %s \"%s\"", what, suggestion->word);
}
