// SPDX-License-Identifier: MIT
//
// Table of the holds of a session: target, measured values and verdict of each.
#ifndef CHAIRD_CTL_TABLE_H
#define CHAIRD_CTL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "core/atlas.h"
#include "core/session.h"
#include "ctl/terminal.h"

#define HOLD_IN_BAND_MIN 0.95 // least share of a hold's time within +-10 % of its target
#define LABEL_SIZE       (2 * NAME_SIZE + 2)

enum verdict {
	VERDICT_HELD,
	VERDICT_LIGHT,    // too often outside, and on average below the band
	VERDICT_HARD,     // ... above the band
	VERDICT_UNSTEADY, // ... inside it
};

struct table_row {
	char label[LABEL_SIZE]; // of the points pressed at once
	struct hold_result hold;
	// Force on the simulated person; NAN: not known.
	double felt_mean_n, felt_peak_n;
};

// Holds beyond PLAN_SEGMENTS_MAX are counted, not kept; then table_good() is false.
struct table {
	struct table_row rows[PLAN_SEGMENTS_MAX];
	size_t n, dropped;
};

void table_add(struct table *table, const struct table_row *row);

enum verdict table_verdict(const struct hold_result *hold);
const char *table_verdict_text(enum verdict verdict);

// True if every hold was held; also for a session without holds.
bool table_good(const struct table *table);

void table_print(FILE *stream, const struct table *table, const struct terminal *terminal);

// "rhomboid.left", or "rhomboid.left/right" for two sides of one point, or "a+b".
// b may be NULL. Returns buf.
char *table_label(char buf[LABEL_SIZE], const char *a, const char *b);

// "N" or "permille".
const char *table_unit(enum target_unit unit);

#endif
