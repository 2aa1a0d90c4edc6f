// SPDX-License-Identifier: MIT
#include "ctl/tune_bounds.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "config/text.h"

void tune_bounds_forget(struct tune_bounds *bounds)
{
	*bounds = (struct tune_bounds){ .state = BOUNDS_NOT_BEGUN };
}

static bool is_over(const struct tune_search *search)
{
	return abs(search->bad - search->good) == 1;
}

// The end comes first: most values may be nudged as far as they go.
static int next_probe(const struct tune_search *search)
{
	return abs(search->bad) > abs(search->end) ? search->end : (search->good + search->bad) / 2;
}

static void start(struct tune_bounds *bounds, const struct tuning *tuning,
	const struct tuning_value *value, struct tune_chair *chair, const char *name)
{
	int down = (int)floor((value->min - value->value) / value->nudge);
	int up = (int)ceil((value->max - value->value) / value->nudge);
	bool played;

	bounds->from = value->value;
	bounds->down = (struct tune_search){ .end = down, .bad = down - 1 };
	bounds->up = (struct tune_search){ .end = up, .bad = up + 1 };
	bounds->state = tune_chair_judges(chair, name, tuning_text(tuning), &played) && played
		? BOUNDS_SEARCHED
		: BOUNDS_UNKNOWABLE;
}

// The value may have been nudged since the search began.
static void probe(struct tune_bounds *bounds, struct tune_search *search,
	const struct tuning *tuning, const struct tuning_value *value, struct tune_chair *chair,
	const char *name)
{
	int at = next_probe(search);
	int nudges = (int)lround((bounds->from - value->value) / value->nudge) + at;
	char why[TUNING_TEXT_SIZE];
	text_auto *text = NULL;
	bool played = false;
	int r = nudges == 0
		? -ERANGE
		: tuning_nudged(tuning, bounds->step, bounds->value, nudges, &text, why);

	if (r == -ERANGE) // it is the present text
		played = true;
	else if (r == 0 && !tune_chair_judges(chair, name, text, &played))
		bounds->state = BOUNDS_UNKNOWABLE;
	if (played)
		search->good = at;
	else
		search->bad = at;
}

static void finish(struct tune_bounds *bounds, const struct tuning_value *value)
{
	bounds->max = fmin(bounds->from + bounds->up.good * value->nudge, value->max);
	bounds->min = fmax(bounds->from + bounds->down.good * value->nudge, value->min);
	bounds->state = BOUNDS_KNOWN;
}

void tune_bounds_search(struct tune_bounds *bounds, const struct tuning *tuning, size_t step,
	size_t index, struct tune_chair *chair, const char *name)
{
	struct tuning_value values[TUNING_VALUES_MAX], *value = &values[index];

	if (bounds->step != step || bounds->value != index)
		tune_bounds_forget(bounds);
	bounds->step = step;
	bounds->value = index;
	if (bounds->state == BOUNDS_KNOWN || bounds->state == BOUNDS_UNKNOWABLE)
		return;
	tuning_values(tuning, step, values);
	if (bounds->state == BOUNDS_NOT_BEGUN)
		start(bounds, tuning, value, chair, name);
	else if (!is_over(&bounds->up))
		probe(bounds, &bounds->up, tuning, value, chair, name);
	else if (!is_over(&bounds->down))
		probe(bounds, &bounds->down, tuning, value, chair, name);
	else
		finish(bounds, value);
}

void tune_bounds_apply(const struct tune_bounds *bounds, size_t step, size_t index,
	struct tuning_value *value)
{
	if (bounds->state != BOUNDS_KNOWN || bounds->step != step || bounds->value != index)
		return;
	value->min = bounds->min;
	value->max = bounds->max;
}
