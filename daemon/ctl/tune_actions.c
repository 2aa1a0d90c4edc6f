// SPDX-License-Identifier: MIT
#include "ctl/tune_session_private.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/text.h"
#include "service/clock.h"

void tune_show(struct tune_session *session, bool failed, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(session->message, sizeof(session->message), format, args);
	va_end(args);
	session->failed = failed;
}

// --- what is chosen ---------------------------------------------------------------------------

static size_t count_values(const struct tune_session *session, size_t step)
{
	struct tuning_value values[TUNING_VALUES_MAX];

	return tuning_values(session->tuning, step, values);
}

void tune_choose_step(struct tune_session *session, int by)
{
	size_t n = tuning_profile(session->tuning)->n_steps, n_values;

	if ((by < 0 && session->step == 0) || (by > 0 && session->step + 1 == n))
		return;
	session->step += (size_t)by;
	n_values = count_values(session, session->step);
	if (session->value >= n_values)
		session->value = n_values - 1;
}

// Beyond the last value of a step comes the first of the next one.
void tune_choose_value(struct tune_session *session, int by)
{
	size_t n = count_values(session, session->step);

	if (by < 0 && session->value > 0) {
		session->value--;
	} else if (by > 0 && session->value + 1 < n) {
		session->value++;
	} else if (by > 0 && session->step + 1 < tuning_profile(session->tuning)->n_steps) {
		tune_choose_step(session, by);
		session->value = 0;
	} else if (by < 0 && session->step > 0) {
		tune_choose_step(session, by);
		session->value = count_values(session, session->step) - 1;
	}
}

// --- nudges -----------------------------------------------------------------------------------

// `note`: the advice on it, or why it did not go farther; "": neither.
static void describe_nudge(struct tune_session *session, const char *lead, const char *note)
{
	struct tuning_value values[TUNING_VALUES_MAX], *value = &values[session->value];
	const char *later = session->chair->trying ? "; t tries it after this trial" : "";

	tuning_values(session->tuning, session->step, values);
	tune_show(session, false, "%s %g%s%s%s%s", value->label, value->value,
		*value->unit ? " " : "", value->unit, *note ? lead : later, note);
}

// Whether it is within the grammar, and the chair may play the profile with it; then it is made.
static bool try_nudge(struct tune_session *session, int nudges, char why[TUNE_WHY_SIZE])
{
	text_auto *text = NULL;

	why[0] = '\0';
	if (tuning_nudged(session->tuning, session->step, session->value, nudges, &text, why) < 0 ||
		!tune_chair_proves(session->chair, session->file->name, text, session->step, why))
		return false;
	if (tuning_take(session->tuning, text) == 0)
		return true;
	snprintf(why, TUNE_WHY_SIZE, "out of memory");
	return false;
}

// What is too far is tried again, half as far.
void tune_nudge(struct tune_session *session)
{
	char why[TUNE_WHY_SIZE], first[TUNE_WHY_SIZE] = "";
	int nudges = session->nudges;

	session->nudges = 0;
	session->proved_us = clock_monotonic_us();
	for (; nudges != 0; nudges /= 2) {
		if (try_nudge(session, nudges, why))
			break;
		if (!*first)
			memcpy(first, why, sizeof(first));
	}
	if (nudges == 0)
		tune_show(session, true, "not changed: %s", first);
	else if (*first)
		describe_nudge(session, ", no farther: ", first);
	else
		describe_nudge(session, "; advice: ", why);
}

void tune_undo(struct tune_session *session)
{
	if (!tuning_undo(session->tuning)) {
		tune_show(session, true, "there is nothing to undo");
		return;
	}
	tune_bounds_forget(&session->bounds);
	tune_show(session, false, "undone");
}

// --- the chair --------------------------------------------------------------------------------

void tune_try_step(struct tune_session *session)
{
	char why[TUNE_WHY_SIZE];
	text_auto *text = tuning_trial(session->tuning, session->step);

	if (!text)
		tune_show(session, true, "not tried: out of memory");
	else if (!tune_chair_try(session->chair, session->file->name, text, why))
		tune_show(session, true, "not tried: %s", why);
	else
		tune_show(session, false, "step %zu is tried; the space bar stops it%s%s",
			session->step + 1, *why ? "; " : "", why);
}

void tune_stop(struct tune_session *session)
{
	char why[TUNE_WHY_SIZE];

	if (tune_chair_stop(session->chair, why))
		tune_show(session, false, "stopped: the chair releases");
	else
		tune_show(session, true, "not stopped: %s", why);
}

void tune_skip(struct tune_session *session)
{
	char why[TUNE_WHY_SIZE];

	if (tune_chair_skip(session->chair, why))
		tune_show(session, false, "on to the next point");
	else
		tune_show(session, true, "%s", why);
}

void tune_change_intensity(struct tune_session *session, double by)
{
	double percent = clamp_double(session->chair->intensity + by, 0, 100);
	char why[TUNE_WHY_SIZE];

	if (isnan(percent))
		tune_show(session, true, "the intensity is not known yet");
	else if (tune_chair_set_intensity(session->chair, percent, why))
		tune_show(session, false, "intensity %.0f %%", percent);
	else
		tune_show(session, true, "%s", why);
}

void tune_put_on_chair(struct tune_session *session)
{
	char why[TUNE_WHY_SIZE];

	if (!tune_chair_put(session->chair, session->file->name, tuning_text(session->tuning),
		    why)) {
		tune_show(session, true, "not put on the chair: %s", why);
		return;
	}
	if (!session->file->text) // it came from the chair
		tuning_saved(session->tuning);
	tune_show(session, false, "the chair %s has %s now", session->chair->options->id,
		session->file->name);
}
