// SPDX-License-Identifier: MIT
//
// People by name: plans for their bodies, and their consent.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "control/controller_private.h"
#include "config/problems.h"

int controller_persons_open(struct controller *controller)
{
	return consent_book_new(controller->event, controller->settings->state_dir,
		&controller->consents);
}

// --- one person -------------------------------------------------------------------------------

const struct person *controller_persons_find(const struct controller *controller, const char *name,
	struct request_error *refused)
{
	const struct persons *persons = &controller->library->persons;
	const struct person *person = persons_find(persons, name);
	const char *names[PERSONS_MAX], *meant;

	if (person)
		return person;
	for (size_t i = 0; i < persons->n; i++)
		names[i] = persons->list[i].name;
	meant = suggest(name, names, persons->n);
	request_error_set(refused, "person",
		persons->n ? "the verb persons lists them" : "persons.cfg has none",
		"person: there is nobody of that name");
	if (meant)
		snprintf(refused->hint, sizeof(refused->hint), "did you mean %s?", meant);
	return NULL;
}

bool controller_persons_may_start(const struct controller *controller, const struct person *person,
	struct request_error *refused)
{
	char hint[sizeof(refused->hint)];

	if (consent_book_given(controller->consents, person->name))
		return true;
	snprintf(hint, sizeof(hint), "chairctl person consent %s", person->name);
	request_error_set(refused, "consent", hint,
		"%s has not yet accepted the text on who must not use the chair", person->name);
	return false;
}

int controller_persons_atlas(const struct controller *controller, const struct person *person,
	struct point **ret_points, struct atlas *ret_atlas)
{
	const struct atlas *atlas = &controller->library->atlas;

	*ret_points = NULL;
	*ret_atlas = *atlas;
	if (!person)
		return 0;
	*ret_points = calloc(atlas->n_points + 1, sizeof(**ret_points));
	if (!*ret_points)
		return -ENOMEM;
	*ret_atlas = person_atlas(person, atlas, &controller->chair, *ret_points);
	return 0;
}

// --- what is left out -------------------------------------------------------------------------

json_t *controller_persons_closed(const struct controller *controller, const struct person *person,
	const struct plan *plan)
{
	const struct atlas *atlas = &controller->library->atlas;
	json_t *list = json_array();

	for (size_t i = 0; person && i < plan->n_unreachable; i++) {
		const char *reason = person_closed(person, atlas, plan->unreachable[i]);

		if (reason)
			json_array_append_new(list,
				json_pack("{s:s, s:s}", "point",
					atlas->points[plan->unreachable[i]].name, "reason",
					reason));
	}
	return list;
}

json_t *controller_persons_unreachable(const struct controller *controller,
	const struct person *person, const struct plan *plan)
{
	const struct atlas *atlas = &controller->library->atlas;
	json_t *list = json_array();

	for (size_t i = 0; i < plan->n_unreachable; i++) {
		if (!person || !person_closed(person, atlas, plan->unreachable[i]))
			json_array_append_new(list,
				json_string(atlas->points[plan->unreachable[i]].name));
	}
	return list;
}

// --- the verbs --------------------------------------------------------------------------------

static json_t *given(const struct controller *controller, const struct person *person)
{
	const char *when = consent_book_given(controller->consents, person->name);

	return when ? json_string(when) : json_null();
}

json_t *controller_persons_list(const struct controller *controller)
{
	const struct persons *persons = &controller->library->persons;
	json_t *list = json_array();

	for (size_t i = 0; i < persons->n; i++)
		json_array_append_new(list,
			json_pack("{s:s, s:o}", "name", persons->list[i].name, "consent",
				given(controller, &persons->list[i])));
	return json_pack("{s:o}", "persons", list);
}

static json_t *closing_document(const struct person_closing *closing, const struct atlas *atlas)
{
	json_t *regions = json_array(), *points = json_array();

	for (int i = 0; i < REGION_COUNT; i++) {
		if (closing->regions >> i & 1)
			json_array_append_new(regions, json_string(region_name((enum region)i)));
	}
	for (size_t i = 0; i < closing->n_points; i++)
		json_array_append_new(points, json_string(atlas->points[closing->points[i]].name));
	return json_pack("{s:s, s:o, s:o}", "reason", closing->reason, "regions", regions, "points",
		points);
}

static bool show(const struct controller *controller, const struct person *person,
	json_t **ret_data)
{
	json_t *closed = json_array();

	for (size_t i = 0; i < person->n_closings; i++)
		json_array_append_new(closed,
			closing_document(&person->closings[i], &controller->library->atlas));
	*ret_data = json_pack("{s:s, s:f, s:f, s:f, s:o, s:o, s:s}", "name", person->name,
		"height_cm", person->height_cm, "shoulder_offset_mm", person->shoulder_offset_mm,
		"ceiling_intensity", person->ceiling_percent, "closed", closed, "consent",
		given(controller, person), "consent_text", consent_text);
	return true;
}

bool controller_persons_show(const struct controller *controller, const char *name,
	json_t **ret_data, struct request_error *refused)
{
	const struct person *person = controller_persons_find(controller, name, refused);

	return person && show(controller, person, ret_data);
}

// The text comes with the consent, so that it is to what was read.
bool controller_persons_consent(struct controller *controller, const char *name, const char *text,
	json_t **ret_data, struct request_error *refused)
{
	const struct person *person = controller_persons_find(controller, name, refused);

	if (!person)
		return false;
	if (strcmp(text, consent_text)) {
		request_error_set(refused, "consent",
			"get it with the verb person, as consent_text",
			"args.text: is not the text that is to be accepted");
		return false;
	}
	consent_book_give(controller->consents, person->name, time(NULL));
	return show(controller, person, ret_data);
}
