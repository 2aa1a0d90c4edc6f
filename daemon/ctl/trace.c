// SPDX-License-Identifier: MIT
#include "ctl/trace.h"

#include <math.h>

#include "core/units.h"

#define BAND 0.1 // of the target

void trace_add(struct trace *trace, double target, double now)
{
	trace->samples[trace->n++ % TRACE_SAMPLES] = (struct trace_sample){ target, now };
}

// NULL: the column is older than the first sample.
static const struct trace_sample *sample_at(const struct trace *trace, int columns, int column)
{
	size_t age = (size_t)(columns - column);

	return age <= trace->n && age <= TRACE_SAMPLES
		? &trace->samples[(trace->n - age) % TRACE_SAMPLES]
		: NULL;
}

double trace_top(const struct trace *trace, int columns)
{
	double highest = 1, unit;

	for (int column = 0; column < columns; column++) {
		const struct trace_sample *sample = sample_at(trace, columns, column);

		if (sample)
			highest = fmax(highest, fmax(sample->target, sample->now)); // not NAN
	}
	unit = pow(10, floor(log10(highest)));
	return unit * ceil(highest / unit * 1.05);
}

struct trace_cell trace_cell(const struct trace *trace, int columns, int rows, double top,
	int column, int row)
{
	const struct trace_sample *sample = sample_at(trace, columns, column);
	struct trace_cell cell = { 0 };

	if (!sample)
		return cell;
	if (!isnan(sample->now))
		cell.eighths = (int)clamp_double(round(sample->now / top * rows * TRACE_EIGHTHS) -
				row * TRACE_EIGHTHS,
			0, TRACE_EIGHTHS);
	cell.target = sample->target > 0 && (int)(sample->target / top * rows) == row;
	cell.held = sample->target > 0 &&
		fabs(sample->now - sample->target) <= BAND * sample->target;
	return cell;
}
