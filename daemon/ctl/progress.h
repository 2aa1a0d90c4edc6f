// SPDX-License-Identifier: MIT
//
// Progress line of a running session, for terminals and for scripts.
#ifndef CHAIRD_CTL_PROGRESS_H
#define CHAIRD_CTL_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/profile.h"

#define PROGRESS_SIZE 512

struct progress {
	const char *phase;   // "hold"
	const char *points;  // table_label(), or ""
	const char *pressed; // not proven released, without a session; "" or NULL: nothing
	bool pressing;       // it is certain to press
	int step, n_steps;   // place of the session, 1-based; 0: none
	double fraction;     // of the whole session, 0 ... 1; NAN: none is running
	double phase_s;      // time in this phase; NAN: not known
	double target;       // 0: no press is demanded
	double now;          // measured, in the same unit; NAN: not known
	enum target_unit unit;
	double remaining_s; // NAN: not known
	bool guard;         // it is connected; nothing moves without it
};

// For a terminal: a bar and the rest in at most `columns` columns. Returns buf.
//   [########............]  41 %  hold 18 s  rhomboid.left/right  39.8/40.0 N  place 2 of 12
char *progress_bar(char buf[PROGRESS_SIZE], const struct progress *progress, int columns,
	bool utf8);

// For scripts: key=value pairs, always the same keys in the same order; "-": no value.
//   phase=hold points=rhomboid.left/right step=2/12 remaining_s=492 guard=yes
char *progress_line(char buf[PROGRESS_SIZE], const struct progress *progress);

#endif
