// SPDX-License-Identifier: MIT
#include "core/ledger.h"

#include <stdio.h>
#include <string.h>

void ledger_init(struct ledger *ledger, const char *day)
{
	snprintf(ledger->day, sizeof(ledger->day), "%s", day);
	ledger->complete = true;
	ledger->n = 0;
}

void ledger_begin_session(struct ledger *ledger)
{
	for (size_t i = 0; i < ledger->n; i++)
		ledger->rows[i].session = (struct ledger_dose){ 0 };
}

void ledger_turn(struct ledger *ledger, const char *day)
{
	size_t n = ledger->n;

	ledger_init(ledger, day);
	for (size_t i = 0; i < n; i++) {
		struct ledger_row *row = &ledger->rows[i];

		if (row->session.pressed_s <= 0)
			continue;
		row->day = row->session;
		ledger->rows[ledger->n++] = *row;
	}
}

static struct ledger_row *find(const struct ledger *ledger, const char *person, const char *point)
{
	for (size_t i = 0; i < ledger->n; i++) {
		const struct ledger_row *row = &ledger->rows[i];

		if (!strcmp(row->point, point) && !strcmp(row->person, person))
			return (struct ledger_row *)row;
	}
	return NULL;
}

static void add_to(struct ledger_dose *sum, struct ledger_dose dose)
{
	sum->pressed_s += dose.pressed_s;
	sum->impulse_n_s += dose.impulse_n_s;
}

// The row, or NULL if it is not there and none is free.
static struct ledger_row *find_or_begin(struct ledger *ledger, const char *person,
	const char *point, const char *muscle, enum side side)
{
	struct ledger_row *row = find(ledger, person, point);

	if (row)
		return row;
	if (ledger->n == LEDGER_ROWS_MAX) {
		ledger->complete = false;
		return NULL;
	}
	row = &ledger->rows[ledger->n++];
	*row = (struct ledger_row){ .side = side };
	snprintf(row->person, sizeof(row->person), "%s", person);
	snprintf(row->point, sizeof(row->point), "%s", point);
	snprintf(row->muscle, sizeof(row->muscle), "%s", muscle);
	return row;
}

void ledger_merge(struct ledger *ledger, const struct ledger *other)
{
	for (size_t i = 0; i < other->n; i++) {
		const struct ledger_row *from = &other->rows[i];
		struct ledger_row *row = find_or_begin(ledger, from->person, from->point,
			from->muscle, from->side);

		if (row)
			add_to(&row->day, from->day);
	}
	ledger->complete &= other->complete;
}

void ledger_add(struct ledger *ledger, const char *person, const struct point *point,
	struct ledger_dose dose)
{
	struct ledger_row *row = find_or_begin(ledger, person, point->name, point->muscle,
		point->side);

	if (!row)
		return;
	add_to(&row->day, dose);
	add_to(&row->session, dose);
}

struct ledger_dose ledger_point(const struct ledger *ledger, const char *person, const char *point)
{
	const struct ledger_row *row = find(ledger, person, point);

	return row ? row->day : (struct ledger_dose){ 0 };
}

struct ledger_dose ledger_muscle(const struct ledger *ledger, const char *person,
	const char *muscle, enum side side)
{
	struct ledger_dose sum = { 0 };

	for (size_t i = 0; i < ledger->n; i++) {
		const struct ledger_row *row = &ledger->rows[i];

		if (row->side == side && !strcmp(row->muscle, muscle) &&
			!strcmp(row->person, person))
			add_to(&sum, row->day);
	}
	return sum;
}
