// SPDX-License-Identifier: MIT
//
// The closing table: what every hold was meant to be and what it was.
#ifndef CHAIRD_CTL_TABLE_H
#define CHAIRD_CTL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "core/atlas.h"
#include "core/session.h"
#include "ctl/terminal.h"

#define HOLD_IN_BAND_MIN 0.95 // share of a hold within +-10 % of its target that makes it good
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
	// What the simulated person felt; NAN where nobody knows.
	double felt_mean_n, felt_peak_n;
};

// More holds than a plan may have segments are counted, not kept: then no table is good.
struct table {
	struct table_row rows[PLAN_SEGMENTS_MAX];
	size_t n, dropped;
};

void table_add(struct table *table, const struct table_row *row);

enum verdict table_verdict(const struct hold_result *hold);
const char *table_verdict_text(enum verdict verdict);

// True where every hold was held. So it is of a session without holds.
bool table_good(const struct table *table);

void table_print(FILE *stream, const struct table *table, const struct terminal *terminal);

// "rhomboid.left", or "rhomboid.left/right" for two sides of one point, or "a+b".
// b may be NULL. Returns buf.
char *table_label(char buf[LABEL_SIZE], const char *a, const char *b);

// "N" or "permille".
const char *table_unit(enum target_unit unit);

#endif
