// SPDX-License-Identifier: MIT
//
// How far a value may be nudged on this chair: the grammar's range is wider than what the chair
// plays, and only its proof has the rest. It is found by halves, a proof at a time.
#ifndef CHAIRD_CTL_TUNE_BOUNDS_H
#define CHAIRD_CTL_TUNE_BOUNDS_H

#include "ctl/tune_chair.h"
#include "ctl/tuning.h"

// In nudges from the value at which the search began.
struct tune_search {
	int end;  // of the grammar's range
	int good; // the farthest that is known to be played
	int bad;  // the nearest that is known not to be; at first beyond the end
};

struct tune_bounds {
	size_t step, value; // to which they belong
	enum { BOUNDS_NOT_BEGUN, BOUNDS_SEARCHED, BOUNDS_KNOWN, BOUNDS_UNKNOWABLE } state;
	double from; // the value at which the search began
	struct tune_search down, up;
	double min, max; // once they are known
};

// Forget them: they may have changed.
void tune_bounds_forget(struct tune_bounds *bounds);

// Go on with the search for a value of a step, by one proof of the chair at most. Of a text that
// the chair does not play as it is, or without an answer, they stay unknown until forgotten.
void tune_bounds_search(struct tune_bounds *bounds, const struct tuning *tuning, size_t step,
	size_t value, struct tune_chair *chair, const char *name);

// Put them in place of the grammar's, if they are known of this value.
void tune_bounds_apply(const struct tune_bounds *bounds, size_t step, size_t index,
	struct tuning_value *value);

#endif
