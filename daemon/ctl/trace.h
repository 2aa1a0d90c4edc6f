// SPDX-License-Identifier: MIT
//
// The last samples of a press, target and measured, and a plot of them in character cells: pure.
//
// A plot has rows and columns of cells, the newest sample in its last column. A bar is as high as
// the measured value, to an eighth of a cell.
#ifndef CHAIRD_CTL_TRACE_H
#define CHAIRD_CTL_TRACE_H

#include <stdbool.h>
#include <stddef.h>

#define TRACE_SAMPLES 256 // the widest plot, in columns
#define TRACE_EIGHTHS 8   // of a full cell

struct trace_sample {
	double target; // 0: nothing is to be pressed
	double now;    // measured, in the same unit; NAN: not known
};

// All zero: empty.
struct trace {
	struct trace_sample samples[TRACE_SAMPLES];
	size_t n; // added so far
};

struct trace_cell {
	int eighths; // of it that the bar fills: 0 ... TRACE_EIGHTHS
	bool target; // the line of the target runs through it
	bool held;   // the measured value is within 10 % of the target
};

void trace_add(struct trace *trace, double target, double now);

// The value at the upper edge of a plot of so many columns: a round number above all that it shows.
double trace_top(const struct trace *trace, int columns);
// A cell of it; row 0 is the lowest.
struct trace_cell trace_cell(const struct trace *trace, int columns, int rows, double top,
	int column, int row);

#endif
