// SPDX-License-Identifier: MIT
#include "ctl/work_bar.h"

#include <math.h>
#include <stdio.h>

#include "ctl/progress.h"
#include "ctl/terminal.h"
#include "service/clock.h"

#define FIRST_US      (US_PER_S / 2)
#define AGAIN_US      (US_PER_S / 10)
#define CALLS_A_CLOCK 256u

void work_bar_begin(struct work_bar *bar, const char *what, bool live)
{
	struct terminal terminal = terminal_detect(stderr);

	*bar = (struct work_bar){ .what = what,
		.live = live && terminal.live,
		.utf8 = terminal.utf8,
		.next_us = clock_monotonic_us() + FIRST_US };
}

static void draw(const struct work_bar *bar, double fraction)
{
	const struct progress progress = { .phase = bar->what,
		.points = "",
		.fraction = fraction,
		.phase_s = NAN,
		.remaining_s = NAN,
		.guard = true };
	char line[PROGRESS_SIZE];

	fprintf(stderr, "\r\033[K%s",
		progress_bar(line, &progress, terminal_columns(stderr) - 1, bar->utf8));
	fflush(stderr);
}

void work_bar_update(struct work_bar *bar, double fraction)
{
	int64_t now_us;

	if (!bar->live || bar->n_calls++ % CALLS_A_CLOCK)
		return;
	now_us = clock_monotonic_us();
	if (now_us < bar->next_us)
		return;
	draw(bar, fraction);
	bar->drawn = true;
	bar->next_us = now_us + AGAIN_US;
}

void work_bar_end(struct work_bar *bar)
{
	if (bar->drawn)
		fputs("\r\033[K", stderr);
	bar->drawn = false;
}
