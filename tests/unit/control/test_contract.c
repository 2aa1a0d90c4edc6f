// SPDX-License-Identifier: MIT
//
// The words of the interface in C, in the schemas and in chaird-mqtt(7) are the same.
#include "tests.h"

#include <glob.h>
#include <jansson.h>

#include "control/command_json.h"
#include "control/set_text.h"
#include "control/status.h"
#include "control/verb_table.h"
#include "core/profile.h"

#define PAGE      "daemon/control/chaird-mqtt.7.scd"
#define SCHEMAS   "daemon/control/schema/"
#define WORDS_MAX 64

struct words {
	size_t n;
	char word[WORDS_MAX][NAME_SIZE];
};

static void add(struct words *words, const char *word, size_t size)
{
	assert_in_range(words->n, 0, WORDS_MAX - 1);
	assert_in_range(size, 1, NAME_SIZE - 1);
	snprintf(words->word[words->n++], NAME_SIZE, "%.*s", (int)size, word);
}

static bool has(const struct words *words, const char *word)
{
	for (size_t i = 0; i < words->n; i++) {
		if (!strcmp(words->word[i], word))
			return true;
	}
	return false;
}

static void assert_same(const char *what, const struct words *is, const struct words *said)
{
	for (size_t i = 0; i < is->n; i++) {
		if (!has(said, is->word[i]))
			fail_msg("%s: %s is missing", what, is->word[i]);
	}
	for (size_t i = 0; i < said->n; i++) {
		if (!has(is, said->word[i]))
			fail_msg("%s: there is no %s", what, said->word[i]);
	}
}

static char *read_file(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;

	if (!file)
		fail_msg("%s: cannot be read", path);
	assert_true(getdelim(&text, &size, '\0', file) > 0);
	fclose(file);
	return text;
}

// --- the schemas ------------------------------------------------------------------------------

static json_t *schema(const char *name)
{
	char path[100];
	json_t *document;

	snprintf(path, sizeof(path), SCHEMAS "%s", name);
	document = json_load_file(path, 0, NULL);
	if (!document)
		fail_msg("%s: cannot be read", path);
	return document;
}

static struct words schema_enum(const char *definition)
{
	json_t *common = schema("common.json");
	const json_t *value,
		*values = json_object_get(json_object_get(json_object_get(common, "$defs"),
						  definition),
			"enum");
	struct words words = { 0 };
	size_t i;

	assert_true(json_array_size(values) > 0);
	json_array_foreach(values, i, value)
		add(&words, json_string_value(value), json_string_length(value));
	json_decref(common);
	return words;
}

// The keys of a group ("properties", "$defs") of a schema.
static struct words schema_keys(const char *name, const char *group)
{
	json_t *document = schema(name), *value;
	struct words words = { 0 };
	const char *key;

	json_object_foreach(json_object_get(document, group), key, value)
		add(&words, key, strlen(key));
	assert_true(words.n > 0);
	json_decref(document);
	return words;
}

// --- the tables -------------------------------------------------------------------------------

static const char *phase(int i)
{
	return session_phase_name((enum session_phase)i);
}

static const char *cause(int i)
{
	return session_cause_name((enum session_cause)i);
}

static const char *reason(int i)
{
	return guard_reason_name((enum guard_reason)i);
}

static const char *mode(int i)
{
	return guard_mode_name((enum guard_mode)i);
}

static const char *region(int i)
{
	return region_name((enum region)i);
}

static const char *side(int i)
{
	static const enum side sides[] = { SIDE_LEFT, SIDE_RIGHT, SIDE_MIDDLE }; // of a point

	return side_name(sides[i]);
}

static const char *kind(int i)
{
	return actuator_kind_name((enum actuator_kind)i);
}

static const char *technique(int i)
{
	return technique_name((enum technique)i);
}

static const char *feedback(int i)
{
	return feedback_name((enum feedback)i);
}

static const char *event_type(int i) // the last are the controller's own
{
	static const char *const own[] = { "refused", "reloaded", "reload_refused" };

	return i >= SESSION_EVENT_TYPE_COUNT ? own[i - SESSION_EVENT_TYPE_COUNT]
					     : session_event_name(i);
}

static const char *alert(int i)
{
	return alert_name((enum alert)i);
}

static void tables_and_schemas_have_the_same_words(void **state)
{
	static const struct {
		const char *definition;
		int first, end;
		const char *(*name)(int i);
	} tables[] = {
		{ "phase", 0, SESSION_PHASE_COUNT, phase },
		{ "cause", CAUSE_NONE + 1, CAUSE_COUNT, cause },
		{ "reason", REASON_NONE + 1, REASON_COUNT, reason },
		{ "mode", 0, GUARD_MODE_COUNT, mode },
		{ "region", 0, REGION_COUNT, region },
		{ "side", 0, 3, side },
		{ "kind", 0, ACTUATOR_KIND_COUNT, kind },
		{ "technique", 0, TECHNIQUE_COUNT, technique },
		{ "feedback", 0, FEEDBACK_COUNT, feedback },
		{ "event_type", 0, SESSION_EVENT_TYPE_COUNT + 3, event_type },
		{ "alert", 0, ALERT_COUNT, alert },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(tables); i++) {
		struct words is = { 0 }, said = schema_enum(tables[i].definition);

		for (int k = tables[i].first; k < tables[i].end; k++)
			add(&is, tables[i].name(k), strlen(tables[i].name(k)));
		assert_same(tables[i].definition, &is, &said);
	}
}

static struct words verbs(void)
{
	struct words words = { 0 };

	for (int i = 0; i < REQUEST_VERBS; i++)
		add(&words, verb_name(i), strlen(verb_name(i)));
	return words;
}

static void every_verb_and_property_has_a_schema(void **state)
{
	struct words is = verbs(), said = schema_keys("request.json", "$defs");

	(void)state;
	assert_same("request.json", &is, &said);
	add(&is, "error", 5);
	add(&is, "refused", 7);
	said = schema_keys("response.json", "$defs");
	assert_same("response.json", &is, &said);
	said = schema_keys("set.json", "$defs");
	assert_int_equal(said.n, SET_PROPS);
	for (size_t i = 0; i < said.n; i++)
		assert_true(set_prop_index(said.word[i]) >= 0);
}

// The codes that a source file gives to request_error_set(): the first string of each call.
static void add_codes(struct words *words, const char *path)
{
	static const char call[] = "request_error_set(";
	char *text = read_file(path);

	for (const char *at = text; (at = strstr(at, call)); at++) {
		const char *begin = strchr(at, '"'), *end;
		size_t before = begin ? (size_t)(begin - at) : 0;

		if (!begin || memchr(at, ';', before) || memmem(at, before, "refusal_code", 12))
			continue; // its definition; a code of the session, which has its table
		end = strchr(begin + 1, '"');
		if (memchr(begin + 1, ' ', (size_t)(end - begin - 1)))
			fail_msg("%s: no code in %.80s", path, at);
		if (*begin && end > begin + 1) {
			char code[NAME_SIZE];

			snprintf(code, sizeof(code), "%.*s", (int)(end - begin - 1), begin + 1);
			if (!has(words, code))
				add(words, code, strlen(code));
		}
	}
	free(text);
}

static struct words error_codes(void)
{
	struct words words = { 0 };
	glob_t files;

	for (int i = REFUSAL_NONE + 1; i < REFUSAL_COUNT; i++)
		add(&words, refusal_code((enum refusal)i), strlen(refusal_code((enum refusal)i)));
	assert_int_equal(glob("daemon/control/*.c", 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++)
		add_codes(&words, files.gl_pathv[i]);
	globfree(&files);
	return words;
}

static void every_code_of_an_error_is_in_the_schema(void **state)
{
	struct words is = error_codes(), said = schema_enum("error");

	(void)state;
	assert_same("error", &is, &said);
}

// --- the page ---------------------------------------------------------------------------------

// The lines of a section of the page, up to the next heading of its level or above; with its NUL.
static char *section_behind(const char *before, const char *heading)
{
	char *page = read_file(PAGE), line[100], *begin, *end, *copy;
	size_t level = strspn(heading, "#");

	snprintf(line, sizeof(line), "\n%s\n", heading);
	begin = strstr(strstr(page, before), line);
	if (!begin)
		fail_msg(PAGE ": has no %s", heading);
	begin += strlen(line);
	for (end = begin; *end; end++) {
		size_t hashes = strspn(end, "#");

		if (end[-1] == '\n' && hashes && hashes <= level && end[hashes] == ' ')
			break;
	}
	copy = strndup(begin, (size_t)(end - begin));
	free(page);
	return copy;
}

static char *section(const char *heading)
{
	return section_behind("", heading);
}

// The terms that a section explains: lines of *words*, with an indented text below.
static struct words page_terms(const char *heading)
{
	char *text = section(heading), *rest = NULL;
	struct words words = { 0 };

	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		const char *at = line, *end;

		if (!rest || *line != '*' || *rest != '\t')
			continue;
		while ((at = strchr(at, '*')) && (end = strchr(at + 1, '*'))) {
			add(&words, at + 1, (size_t)(end - at - 1));
			at = end + 1;
		}
	}
	free(text);
	assert_true(words.n > 0);
	return words;
}

// A row of the table of topics, as far as topics.json has it.
static void topic_row(const json_t *entry, char *row, size_t size)
{
	static const struct {
		const char *topic, *term;
	} levels[] = {
		{ "alert/+", "*alert/*_code_" },
		{ "response/+", "*response/*_verb_" },
		{ "request/+", "*request/*_verb_" },
		{ "set/+", "*set/*_property_" },
	};
	const char *topic = json_string_value(json_object_get(entry, "topic"));
	bool ours = !strcmp(json_string_value(json_object_get(entry, "publisher")), "chaird");
	char term[60];

	snprintf(term, sizeof(term), "*%s*", topic);
	for (size_t i = 0; i < COUNT(levels); i++) {
		if (!strcmp(levels[i].topic, topic))
			snprintf(term, sizeof(term), "%s", levels[i].term);
	}
	snprintf(row, size, "|  %s\n:  %s\n:  %d\n", term,
		json_is_true(json_object_get(entry, "retain")) ? "yes"
			: ours                                 ? "no"
							       : "never",
		ours ? (int)json_integer_value(json_object_get(entry, "qos")) : 1);
}

static void the_page_has_every_topic(void **state)
{
	json_t *document = schema("topics.json"), *entry;
	char *text = section("# TOPICS"), row[120];
	size_t i, n_rows = 0;

	(void)state;
	json_array_foreach(json_object_get(document, "topics"), i, entry)
	{
		topic_row(entry, row, sizeof(row));
		if (!strstr(text, row))
			fail_msg("# TOPICS: there is no row\n%s", row);
	}
	for (const char *at = text; (at = strstr(at, "\n|  *")); at++)
		n_rows++;
	assert_int_equal(n_rows, i);
	free(text);
	json_decref(document);
}

static void the_page_explains_every_word(void **state)
{
	static const struct {
		const char *heading, *definition;
	} lists[] = {
		{ "# PHASES", "phase" },
		{ "# EVENTS", "event_type" },
		{ "# CAUSES", "cause" },
		{ "# REASONS", "reason" },
		{ "# ALERTS", "alert" },
		{ "# ERRORS", "error" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(lists); i++) {
		struct words is = schema_enum(lists[i].definition);
		struct words said = page_terms(lists[i].heading);

		assert_same(lists[i].heading, &is, &said);
	}
}

static void the_page_explains_every_key(void **state)
{
	static const char *const topics[] = { "state", "target", "telemetry", "event", "info",
		"atlas" };

	(void)state;
	for (size_t i = 0; i < COUNT(topics); i++) {
		char file[40], heading[40];
		struct words is, said;

		snprintf(file, sizeof(file), "%s.json", topics[i]);
		snprintf(heading, sizeof(heading), "## %s", topics[i]);
		is = schema_keys(file, "properties");
		said = page_terms(heading);
		assert_same(heading, &is, &said);
	}
}

static void the_page_has_every_verb_and_property(void **state)
{
	struct words is = verbs(), said = { 0 };
	char *requests = section("# REQUESTS"), *rest = NULL;

	(void)state;
	for (char *line = strtok_r(requests, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		if (!strncmp(line, "## ", 3))
			add(&said, line + 3, strlen(line + 3));
	free(requests);
	assert_same("# REQUESTS", &is, &said);
	said = page_terms("# PLAIN COMMANDS");
	assert_int_equal(said.n, SET_PROPS);
	for (size_t i = 0; i < said.n; i++) {
		assert_memory_equal(said.word[i], "set/", 4);
		assert_true(set_prop_index(said.word[i] + 4) >= 0);
	}
}

// Each argument stands in the paragraph of its verb, with its range.
static void the_page_has_every_argument(void **state)
{
	(void)state;
	for (size_t i = 0; i < VERB_ARGUMENTS; i++) {
		const struct verb_argument *argument = &verb_arguments[i];
		char heading[40], text[60], *paragraph, *at;

		snprintf(heading, sizeof(heading), "## %s", argument->verb);
		paragraph = section_behind("# REQUESTS", heading);
		snprintf(text, sizeof(text), "_%s_:", argument->key);
		at = strstr(paragraph, text);
		if (!at)
			fail_msg(PAGE ": %s has no %s", heading, text);
		snprintf(text, sizeof(text), "%g ...", argument->min);
		if (argument->unit && strcmp(argument->key, "ts") && !strstr(at, text))
			fail_msg(PAGE ": %s: %s has no range from %s", heading, argument->key,
				text);
		snprintf(text, sizeof(text), "%g", argument->max);
		if (argument->unit && strcmp(argument->key, "ts") && !strstr(at, text))
			fail_msg(PAGE ": %s: %s has no range to %s", heading, argument->key, text);
		free(paragraph);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_and_schemas_have_the_same_words),
		cmocka_unit_test(every_verb_and_property_has_a_schema),
		cmocka_unit_test(every_code_of_an_error_is_in_the_schema),
		cmocka_unit_test(the_page_has_every_topic),
		cmocka_unit_test(the_page_explains_every_word),
		cmocka_unit_test(the_page_explains_every_key),
		cmocka_unit_test(the_page_has_every_verb_and_property),
		cmocka_unit_test(the_page_has_every_argument),
	};

	return cmocka_run_group_tests_name("contract", tests, NULL, NULL);
}
