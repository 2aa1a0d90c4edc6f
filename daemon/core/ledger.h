// SPDX-License-Identifier: MIT
//
// The dose ledger of one day: for each person how long and how hard each point was pressed.
//
// A muscle's dose is that of its points on one side together. Pure; a day is its date by the local
// calendar, "2026-11-26", so that later days compare greater.
#ifndef CHAIRD_CORE_LEDGER_H
#define CHAIRD_CORE_LEDGER_H

#include <stdbool.h>
#include <stddef.h>

#include "core/atlas.h"

#define LEDGER_ROWS_MAX 1024 // people times points, of one day
#define LEDGER_DAY_SIZE 11   // "2026-11-26"

struct ledger_dose {
	double pressed_s;
	double impulse_n_s; // newton-seconds, of presses whose force is known
};

struct ledger_row {
	char person[NAME_SIZE]; // "": nobody by name
	char point[NAME_SIZE];
	char muscle[NAME_SIZE];
	enum side side;
	struct ledger_dose day;
	struct ledger_dose session; // the part since ledger_begin_session()
};

struct ledger {
	char day[LEDGER_DAY_SIZE];
	bool complete; // false: some pressing of this day is missing
	struct ledger_row rows[LEDGER_ROWS_MAX];
	size_t n;
};

// An empty day.
void ledger_init(struct ledger *ledger, const char *day);

void ledger_begin_session(struct ledger *ledger);

// A later day begins. The running session counts on it as a whole, so that midnight opens no second
// allowance to somebody who sits in the chair; without one the day begins empty. Call
// ledger_begin_session() after a session's end, too.
void ledger_turn(struct ledger *ledger, const char *day);

// Add the day's doses of another ledger of the same day.
void ledger_merge(struct ledger *ledger, const struct ledger *other);

// Add to a row. If all are taken, the ledger is no longer complete.
void ledger_add(struct ledger *ledger, const char *person, const struct point *point,
	struct ledger_dose dose);

// The day's dose of a person; zeros if there is none.
struct ledger_dose ledger_point(const struct ledger *ledger, const char *person, const char *point);
struct ledger_dose ledger_muscle(const struct ledger *ledger, const char *person,
	const char *muscle, enum side side);

#endif
