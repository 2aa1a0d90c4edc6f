// SPDX-License-Identifier: MIT
#include "control/dose_document.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "control/calendar.h"

static json_t *rounded(double value)
{
	return json_real(round(value * 10) / 10);
}

// --- people -----------------------------------------------------------------------------------

static json_t *points_of(const struct ledger *ledger, const char *person)
{
	json_t *list = json_array();

	for (size_t i = 0; i < ledger->n; i++) {
		const struct ledger_row *row = &ledger->rows[i];

		if (strcmp(row->person, person))
			continue;
		json_array_append_new(list,
			json_pack("{s:s, s:s, s:s, s:o, s:o}", "name", row->point, "muscle",
				row->muscle, "side", side_name(row->side), "pressed_s",
				rounded(row->day.pressed_s), "impulse_n_s",
				rounded(row->day.impulse_n_s)));
	}
	return list;
}

// True for the first row of its muscle and person.
static bool is_first(const struct ledger *ledger, size_t index)
{
	const struct ledger_row *row = &ledger->rows[index];

	for (size_t i = 0; i < index; i++) {
		const struct ledger_row *other = &ledger->rows[i];

		if (other->side == row->side && !strcmp(other->muscle, row->muscle) &&
			!strcmp(other->person, row->person))
			return false;
	}
	return true;
}

static json_t *muscles_of(const struct ledger *ledger, const char *person)
{
	json_t *list = json_array();

	for (size_t i = 0; i < ledger->n; i++) {
		const struct ledger_row *row = &ledger->rows[i];
		struct ledger_dose dose;

		if (strcmp(row->person, person) || !is_first(ledger, i))
			continue;
		dose = ledger_muscle(ledger, person, row->muscle, row->side);
		json_array_append_new(list,
			json_pack("{s:s, s:s, s:o, s:o}", "muscle", row->muscle, "side",
				side_name(row->side), "pressed_s", rounded(dose.pressed_s),
				"impulse_n_s", rounded(dose.impulse_n_s)));
	}
	return list;
}

static json_t *person_document(const struct ledger *ledger, const char *person)
{
	return json_pack("{s:o, s:o, s:o}", "person", *person ? json_string(person) : json_null(),
		"points", points_of(ledger, person), "muscles", muscles_of(ledger, person));
}

static bool is_known(const struct ledger *ledger, size_t n, const char *person)
{
	for (size_t i = 0; i < n; i++) {
		if (!strcmp(ledger->rows[i].person, person))
			return true;
	}
	return false;
}

json_t *dose_day(const struct ledger *ledger)
{
	json_t *people = json_array();

	for (size_t i = 0; i < ledger->n; i++) {
		const char *person = ledger->rows[i].person;

		if (!is_known(ledger, i, person))
			json_array_append_new(people, person_document(ledger, person));
	}
	return json_pack("{s:s, s:b, s:o}", "day", ledger->day, "complete", ledger->complete,
		"people", people);
}

// --- the topic --------------------------------------------------------------------------------

json_t *dose_limits_document(const struct dose_limits *limits)
{
	if (limits->limiting == DOSE_UNLIMITED)
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:o}", "point_s", rounded(limits->point_s),
		"point_newton_s", rounded(limits->point_n_s), "muscle_s", rounded(limits->muscle_s),
		"muscle_newton_s", rounded(limits->muscle_n_s));
}

json_t *dose_document(const struct ledger *ledger, const struct dose_limits *limits,
	json_t *refused)
{
	json_t *people = json_array(), *profiles;
	char until[CALENDAR_MOMENT_SIZE];
	const char *person;

	calendar_iso(calendar_end_s(ledger->day), until);
	json_object_foreach(refused, person, profiles)
	{
		json_t *document = person_document(ledger, person);

		json_object_set(document, "refused", profiles);
		json_array_append_new(people, document);
	}
	json_decref(refused);
	return json_pack("{s:s, s:b, s:s, s:o, s:o}", "day", ledger->day, "complete",
		ledger->complete, "until", until, "limits", dose_limits_document(limits), "people",
		people);
}

// --- refusals ---------------------------------------------------------------------------------

static bool is_for_ever(const struct dose_excess *excess)
{
	return excess->planned > excess->limit;
}

void dose_refusal(const struct dose_excess *excess, const struct ledger *ledger,
	struct request_error *ret_error)
{
	const char *unit = excess->newtons ? "N s" : "s under pressure";
	char until[CALENDAR_MOMENT_SIZE];

	if (is_for_ever(excess)) {
		request_error_set(ret_error, "dose",
			"press it shorter; dose in chaird.cfg has the limits",
			"%s: %.0f %s in this session alone are above %.0f a day", excess->name,
			excess->planned, unit, excess->limit);
		return;
	}
	calendar_text(calendar_end_s(ledger->day), until);
	request_error_set(ret_error, "dose", "chairctl dose lists what the day has had",
		"%s: %.0f %s today and %.0f more are above %.0f a day: allowed again %s",
		excess->name, excess->today, unit, excess->planned, excess->limit, until);
}

json_t *dose_refused_profile(const char *profile, const struct dose_excess *excess,
	const struct ledger *ledger)
{
	char until[CALENDAR_MOMENT_SIZE];
	struct request_error error;

	dose_refusal(excess, ledger, &error);
	calendar_iso(calendar_end_s(ledger->day), until);
	return json_pack("{s:s, s:o, s:s}", "profile", profile, "until",
		is_for_ever(excess) ? json_null() : json_string(until), "text", error.message);
}
