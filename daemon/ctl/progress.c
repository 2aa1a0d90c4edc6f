// SPDX-License-Identifier: MIT
#include "ctl/progress.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/units.h"
#include "ctl/table.h"

#define CELLS 20

// A line with a limit of columns; one byte is one column, except in the bar.
struct fitted {
	char *buf;
	size_t used;
	int columns;
};

// Add a part whole or not at all: half a number would be a wrong number. False: no room for it.
static bool __attribute__((format(printf, 2, 3))) add(struct fitted *line, const char *format, ...)
{
	char part[PROGRESS_SIZE];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(part, sizeof(part), format, args);
	va_end(args);
	if (n < 0 || n > line->columns || line->used + (size_t)n >= PROGRESS_SIZE)
		return false;
	memcpy(line->buf + line->used, part, (size_t)n + 1);
	line->used += (size_t)n;
	line->columns -= n;
	return true;
}

static void add_bar(struct fitted *line, double fraction, bool utf8)
{
	int full = (int)(clamp_double(fraction, 0, 1) * CELLS + 0.5);

	if (line->columns < CELLS + 2)
		return;
	line->columns -= CELLS + 2;
	line->buf[line->used++] = '[';
	for (int i = 0; i < CELLS; i++) {
		const char *cell = i < full ? (utf8 ? "█" : "#") : utf8 ? "░" : ".";

		line->used = (size_t)(stpcpy(line->buf + line->used, cell) - line->buf);
	}
	line->buf[line->used++] = ']';
	line->buf[line->used] = '\0';
}

char *progress_bar(char buf[PROGRESS_SIZE], const struct progress *progress, int columns, bool utf8)
{
	struct fitted line = { .buf = buf, .columns = columns };

	buf[0] = '\0';
	if (!isnan(progress->fraction)) {
		add_bar(&line, progress->fraction, utf8);
		add(&line, " %3.0f %%  ", 100 * clamp_double(progress->fraction, 0, 1));
	}
	add(&line, "%s%s", progress->phase, progress->guard ? "" : " (no guard)");
	if (progress->pressed && *progress->pressed)
		add(&line, "  %s%s",
			progress->pressing ? "STILL PRESSED by " : "not proven released: ",
			progress->pressed);
	if (!isnan(progress->phase_s))
		add(&line, " %.0f s", floor(progress->phase_s));
	if (*progress->points)
		add(&line, "  %s", progress->points);
	if (progress->target > 0 && !isnan(progress->now))
		add(&line, "  %.1f/%.1f %s", progress->now, progress->target,
			table_unit(progress->unit));
	else if (progress->target > 0)
		add(&line, "  %.1f %s", progress->target, table_unit(progress->unit));
	if (progress->step > 0 &&
		!add(&line, "  place %d of %d", progress->step, progress->n_steps))
		add(&line, "  %d/%d", progress->step, progress->n_steps);
	if (progress->remaining_s > 0)
		add(&line, "  %d:%02d left", (int)progress->remaining_s / 60,
			(int)progress->remaining_s % 60);
	return buf;
}

char *progress_line(char buf[PROGRESS_SIZE], const struct progress *progress)
{
	struct fitted line = { .buf = buf, .columns = PROGRESS_SIZE };

	buf[0] = '\0';
	add(&line, "phase=%s points=%s", progress->phase,
		*progress->points ? progress->points : "-");
	if (progress->step > 0)
		add(&line, " step=%d/%d", progress->step, progress->n_steps);
	else
		add(&line, " step=-");
	if (progress->remaining_s > 0)
		add(&line, " remaining_s=%.0f", progress->remaining_s);
	else
		add(&line, " remaining_s=-");
	add(&line, " guard=%s", progress->guard ? "yes" : "no");
	return buf;
}
