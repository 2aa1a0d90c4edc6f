// SPDX-License-Identifier: MIT
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/library.h"
#include "ctl/person_file.h"
#include "ctl/person_questions.h"
#include "ctl/request.h"
#include "ctl/terminal.h"
#include "ctl/view.h"

#define WRAP_INDENT   0
#define CLOSED_INDENT 4
#define TEXT_SIZE     2048

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static double number_of(const json_t *object, const char *key)
{
	return json_number_value(json_object_get(object, key));
}

// --- printing ---------------------------------------------------------------------------------

// Words behind each other, each with a blank before it; "" without memory.
static char *joined(const json_t *words)
{
	const json_t *word;
	char *text = NULL;
	size_t size, i;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		return strdup("");
	json_array_foreach((json_t *)words, i, word)
		fprintf(stream, " %s", json_is_string(word) ? json_string_value(word) : "?");
	fclose(stream);
	return text;
}

static void print_closing(const struct terminal *terminal, const json_t *closing)
{
	char *regions = joined(json_object_get(closing, "regions"));
	char *points = joined(json_object_get(closing, "points"));

	terminal_put(terminal, CLOSED_INDENT, "  closed:%s%s: %s", regions, points,
		text_of(closing, "reason"));
	free(regions);
	free(points);
}

static void print_person(const json_t *person)
{
	const json_t *closings = json_object_get(person, "closed"), *closing;
	struct terminal terminal = terminal_detect(stdout);
	const char *given = text_of(person, "consent");
	char name[NAME_SIZE];
	size_t i;

	terminal_put(&terminal, CLOSED_INDENT,
		"%s: %.0f cm, shoulders %+.0f mm, intensity at most %.0f %%",
		view_word(person, "name", "?", name), number_of(person, "height_cm"),
		number_of(person, "shoulder_offset_mm"), number_of(person, "ceiling_intensity"));
	json_array_foreach((json_t *)closings, i, closing) print_closing(&terminal, closing);
	terminal_put(&terminal, CLOSED_INDENT, "  consent: %s", *given ? given : "not given yet");
}

static void print_list(const json_t *data)
{
	const json_t *people = json_object_get(data, "persons"), *person;
	struct terminal terminal = terminal_detect(stdout);
	char name[NAME_SIZE];
	size_t i;

	json_array_foreach((json_t *)people, i, person)
	{
		const char *given = text_of(person, "consent");

		terminal_put(&terminal, CLOSED_INDENT, "%-24s %s",
			view_word(person, "name", "?", name), *given ? given : "no consent yet");
	}
	if (!json_array_size(people))
		printf("nobody by name: chairctl person add NAME\n");
}

// --- consent ----------------------------------------------------------------------------------

// Only a whole "yes" counts.
static bool ask(const json_t *person)
{
	struct terminal terminal = terminal_detect(stdout);
	char line[TEXT_SIZE], answer[16] = "", name[NAME_SIZE];

	snprintf(line, sizeof(line), "%s\n", text_of(person, "consent_text"));
	terminal_wrap(stdout, &terminal, WRAP_INDENT, line);
	printf("\nDo you, %s, accept this? Type yes: ", view_word(person, "name", "?", name));
	fflush(stdout);
	return fgets(answer, sizeof(answer), stdin) && !strcmp(answer, "yes\n");
}

static int give(struct broker *broker, const struct options *options, const char *name, bool json)
{
	json_auto_t *args = json_pack("{s:s}", "person", name);
	json_auto_t *person = NULL, *consent = NULL, *given = NULL;
	int r;

	r = request_send(broker, options, "person", args, &person);
	if (r != EXIT_OK)
		return r;
	if (!ask(person)) {
		terminal_error("refused", NULL, "consent was not given; nothing was changed");
		return EXIT_REFUSED;
	}
	consent = json_pack("{s:s, s:s}", "person", name, "text", text_of(person, "consent_text"));
	r = request_send(broker, options, "consent", consent, &given);
	if (r == EXIT_OK && json)
		request_print(given);
	else if (r == EXIT_OK)
		print_person(given);
	return r;
}

// --- the chair --------------------------------------------------------------------------------

static int list(struct broker *broker, const struct options *options, bool json)
{
	json_auto_t *data = NULL;
	int r = request_send(broker, options, "persons", NULL, &data);

	if (r == EXIT_OK && json)
		request_print(data);
	else if (r == EXIT_OK)
		print_list(data);
	return r;
}

static int show(struct broker *broker, const struct options *options, const char *name, bool json)
{
	json_auto_t *args = json_pack("{s:s}", "person", name);
	json_auto_t *data = NULL;
	int r = request_send(broker, options, "person", args, &data);

	if (r == EXIT_OK && json)
		request_print(data);
	else if (r == EXIT_OK)
		print_person(data);
	return r;
}

// --- the file ---------------------------------------------------------------------------------

// The daemon reads the file that was written, if it is its own, it is there and no session runs.
// Whatever comes of that, the file is written: no failure.
static void reload(struct options *options)
{
	__attribute__((cleanup(broker_closep))) struct broker *broker = NULL;
	json_auto_t *answer = NULL;
	struct mqtt_cause why;
	const char *code = "";
	int r;

	if (options->persons) {
		printf("The chair reads it with: chairctl reload, if it is its persons_file.\n");
		return;
	}
	if (options_find_id(options) < 0 ||
		broker_open(&options->settings, options->id, options->timeout_s, &broker, &why) <
			0) {
		printf("The chair was not reached. It reads it at its next start, or with: "
		       "chairctl reload\n");
		return;
	}
	r = broker_request(broker, "reload", NULL, options->timeout_s, &answer);
	json_unpack(answer, "{s:{s:s}}", "error", "code", &code);
	if (r == 0 && json_is_true(json_object_get(answer, "ok")))
		printf("%s: reloaded\n", options->id);
	else if (!strcmp(code, "busy"))
		printf("A session runs. Afterwards: chairctl reload\n");
	else
		request_failed(options, "reload", r, answer);
}

struct file_task {
	struct options *options;
	const char *name;
	struct person_entry entry;
	struct option_list closed;
};

static int add(struct file_task *task, const struct atlas *atlas)
{
	const char *file = task->options->settings.persons_file;
	struct person_entry *entry = &task->entry;
	char fault[PERSON_FAULT_SIZE];
	int r = person_file_may_add(file, atlas, task->name);

	if (r != EXIT_OK)
		return r;
	entry->name = task->name;
	for (size_t i = 0; i < task->closed.n; i++) {
		if (!person_entry_close(entry, atlas, task->closed.items[i], fault)) {
			terminal_error("usage", NULL, "--closed: %s", fault);
			return EXIT_USAGE;
		}
	}
	if (isnan(entry->height_cm) && !person_questions_ask(entry, atlas)) {
		terminal_error("refused", NULL, "the answers have ended; nothing was changed");
		return EXIT_REFUSED;
	}
	r = person_file_add(file, atlas, entry);
	if (r != EXIT_OK)
		return r;
	printf("%s is in %s.\n", task->name, file);
	reload(task->options);
	printf("Before the first session: chairctl person consent %s\n", task->name);
	return EXIT_OK;
}

static int drop(struct file_task *task, const struct atlas *atlas)
{
	const char *file = task->options->settings.persons_file;
	int r = person_file_remove(file, atlas, task->name);

	if (r != EXIT_OK)
		return r;
	printf("%s is no longer in %s (the old one: %s.bak).\n", task->name, file, file);
	reload(task->options);
	return EXIT_OK;
}

// With the atlas that the closed points are of.
static int change_file(struct file_task *task,
	int (*change)(struct file_task *, const struct atlas *))
{
	__attribute__((cleanup(problems_clear))) struct problems problems = { 0 };
	const char *file = task->options->settings.persons_file;
	struct atlas atlas;
	char dir[PATH_MAX];
	int r;

	if (atlas_load(options_library(task->options, file, dir), &problems, &atlas) < 0) {
		options_print_problems(stderr, &problems);
		terminal_error("file", "name its folder with --profiles",
			"without an atlas it is not known what can be closed");
		return EXIT_REFUSED;
	}
	r = change(task, &atlas);
	atlas_clear(&atlas);
	return r;
}

// --- the subcommand ---------------------------------------------------------------------------

static int ask_chair(struct options *options, const char *what, const char *name, bool json)
{
	__attribute__((cleanup(broker_closep))) struct broker *broker = NULL;
	int r;

	if (options_find_id(options) < 0)
		return EXIT_USAGE;
	r = request_open(options, &broker);
	if (r != EXIT_OK)
		return r;
	if (!name)
		return list(broker, options, json);
	return (!strcmp(what, "show") ? show : give)(broker, options, name, json);
}

// Whether the operands are one of "list" and WORD NAME.
static bool are_understood(const char *what, const char *name)
{
	static const char *const with_name[] = { "show", "add", "remove", "consent" };

	for (size_t i = 0; name && i < sizeof(with_name) / sizeof(with_name[0]); i++) {
		if (!strcmp(what, with_name[i]))
			return true;
	}
	return !name && !strcmp(what, "list");
}

static int run_person(const struct subcommand *self, int argc, char *argv[])
{
	struct file_task task = { .entry = { NULL, NAN, NAN, NAN } };
	struct person_entry *entry = &task.entry;
	bool json = false;
	const struct option_row rows[] = {
		{ "height", 0, OPTION_NUMBER, &entry->height_cm, "CM",
			"add: height; without it the rest is asked for", PERSON_HEIGHT_MIN_CM,
			PERSON_HEIGHT_MAX_CM },
		{ "shoulder-offset", 0, OPTION_NUMBER, &entry->shoulder_offset_mm, "MM",
			"add: shoulders higher than usual (0)", -PERSON_OFFSET_MAX_MM,
			PERSON_OFFSET_MAX_MM },
		{ "ceiling", 0, OPTION_PERCENT, &entry->ceiling_percent, "PERCENT",
			"add: highest intensity (100)", 0, 100 },
		{ "closed", 0, OPTION_LIST, &task.closed, "PLACES=REASON",
			"add: what is never pressed: regions and points,\n"
			"with commas between them; may be repeated",
			0, 0 },
		{ "json", 'j', OPTION_SWITCH, &json, NULL, "print the JSON of the answer", 0, 0 },
		{ 0 },
	};
	struct options options;
	const char *what;
	int r;

	if (!options_parse(self, rows, argc, argv, &options, &r))
		return r;
	what = options.operands[0];
	task.options = &options;
	task.name = options.n_operands > 1 ? options.operands[1] : NULL;
	if (!are_understood(what, task.name)) {
		terminal_error("usage", "write list, or show, add, remove or consent with a NAME",
			"\"%s%s%s\" is not understood", what, task.name ? " " : "",
			task.name ? task.name : "");
		return EXIT_USAGE;
	}
	if (!strcmp(what, "add"))
		return change_file(&task, add);
	if (!strcmp(what, "remove"))
		return change_file(&task, drop);
	return ask_chair(&options, what, task.name, json);
}

const struct subcommand cmd_person = {
	.name = "person",
	.operands = "list|show|add|remove|consent [NAME]",
	.operands_min = 1,
	.operands_max = 2,
	.common = COMMON_BROKER | COMMON_ID_LATER | COMMON_LIBRARY | COMMON_PERSONS,
	.summary = "list people by name, add one, or take a consent",
	.details =
		"People and what is closed to them are in persons.cfg(5). `add` asks for height,\n"
		"shoulders, highest intensity and what must not be pressed, or takes them as\n"
		"options, writes them into that file, of which comments and layout stay, and\n"
		"makes the chair read it. Before the first session of a person, `consent` shows\n"
		"who must not use the chair, and keeps the text and the time when it is accepted\n"
		"with \"yes\".",
	.example = "chairctl person add anna --height 164 --closed \"lower_back=disc surgery\"\n"
		   "chairctl person consent anna",
	.run = run_person,
};
