// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ctl/request.h"
#include "ctl/terminal.h"
#include "ctl/view.h"

#define WRAP_INDENT 0
#define TEXT_SIZE   2048

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

static void print_words(const json_t *words)
{
	const json_t *word;
	size_t i;

	json_array_foreach((json_t *)words, i, word)
	{
		putchar(' ');
		terminal_print(stdout, json_is_string(word) ? json_string_value(word) : "?");
	}
}

static void print_person(const json_t *person)
{
	const json_t *closings = json_object_get(person, "closed"), *closing;
	const char *given = text_of(person, "consent");
	char name[NAME_SIZE];
	size_t i;

	printf("%s: %.0f cm, shoulders %+.0f mm, intensity at most %.0f %%\n",
		view_word(person, "name", "?", name), number_of(person, "height_cm"),
		number_of(person, "shoulder_offset_mm"), number_of(person, "ceiling_intensity"));
	json_array_foreach((json_t *)closings, i, closing)
	{
		fputs("  closed:", stdout);
		print_words(json_object_get(closing, "regions"));
		print_words(json_object_get(closing, "points"));
		fputs(": ", stdout);
		terminal_print(stdout, text_of(closing, "reason"));
		putchar('\n');
	}
	fputs("  consent: ", stdout);
	terminal_print(stdout, *given ? given : "not given yet");
	putchar('\n');
}

static void print_list(const json_t *data)
{
	const json_t *people = json_object_get(data, "persons"), *person;
	char name[NAME_SIZE];
	size_t i;

	json_array_foreach((json_t *)people, i, person)
	{
		const char *given = text_of(person, "consent");

		printf("%-24s ", view_word(person, "name", "?", name));
		terminal_print(stdout, *given ? given : "no consent yet");
		putchar('\n');
	}
	if (!json_array_size(people))
		printf("nobody by name: see persons.cfg(5)\n");
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

// --- the subcommand ---------------------------------------------------------------------------

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

static int run_person(const struct subcommand *self, int argc, char *argv[])
{
	bool json = false;
	const struct option_row rows[] = {
		{ "json", 'j', OPTION_SWITCH, &json, NULL, "print the JSON of the answer", 0, 0 },
		{ 0 },
	};
	__attribute__((cleanup(broker_closep))) struct broker *broker = NULL;
	struct options options;
	const char *what, *name;
	bool lists;
	int r;

	if (!options_parse(self, rows, argc, argv, &options, &r))
		return r;
	what = options.operands[0];
	name = options.operands[1];
	lists = !strcmp(what, "list");
	if ((!lists && strcmp(what, "show") && strcmp(what, "consent")) ||
		lists == (name != NULL)) {
		terminal_error("usage", "write list, show NAME or consent NAME",
			"\"%s%s%s\" is not understood", what, name ? " " : "", name ? name : "");
		return EXIT_USAGE;
	}
	r = request_open(&options, &broker);
	if (r != EXIT_OK)
		return r;
	if (lists)
		return list(broker, &options, json);
	return (!strcmp(what, "show") ? show : give)(broker, &options, name, json);
}

const struct subcommand cmd_person = {
	.name = "person",
	.operands = "list|show|consent [NAME]",
	.operands_min = 1,
	.operands_max = 2,
	.common = COMMON_BROKER,
	.summary = "list people by name, show one, or take a consent",
	.details =
		"People and what is closed to them are written into persons.cfg(5). Before the\n"
		"first session of a person, `consent` shows who must not use the chair, and keeps\n"
		"the text and the time when it is accepted with \"yes\".\n"
		"\n"
		"  chairctl person consent anna",
	.run = run_person,
};
