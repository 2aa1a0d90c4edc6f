// SPDX-License-Identifier: MIT
#include "control/help.h"

#include <string.h>

#include "control/verb_table.h"

static json_t *feedback_choices(void)
{
	json_t *choices = json_array();

	for (int i = 0; i < FEEDBACK_COUNT; i++)
		json_array_append_new(choices, json_string(feedback_name((enum feedback)i)));
	return choices;
}

static json_t *argument_document(const struct verb_argument *argument)
{
	json_t *document = json_pack("{s:s, s:s, s:b, s:s}", "name", argument->key, "type",
		argument->unit ? "number" : "string", "required", argument->required, "text",
		argument->text);

	if (argument->unit) {
		json_object_set_new(document, "minimum", json_real(argument->min));
		json_object_set_new(document, "maximum", json_real(argument->max));
		json_object_set_new(document, "unit", json_string(argument->unit));
	} else {
		json_object_set_new(document, "max_bytes", json_integer(argument->size_max));
	}
	if (!strcmp(argument->key, "feedback"))
		json_object_set_new(document, "choices", feedback_choices());
	return document;
}

static json_t *verb_document(int verb)
{
	json_t *args = json_array();

	for (size_t i = 0; i < VERB_ARGUMENTS; i++) {
		if (!strcmp(verb_arguments[i].verb, verb_name(verb)))
			json_array_append_new(args, argument_document(&verb_arguments[i]));
	}
	return json_pack("{s:s, s:s, s:o}", "verb", verb_name(verb), "text", verb_text(verb),
		"args", args);
}

json_t *help_document(void)
{
	json_t *verbs = json_array();

	for (int i = 0; i < REQUEST_VERBS; i++)
		json_array_append_new(verbs, verb_document(i));
	return json_pack("{s:o}", "verbs", verbs);
}
