// SPDX-License-Identifier: MIT
#include "ctl/tune_session.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/interrupt.h"
#include "ctl/terminal.h"
#include "ctl/tune_screen.h"
#include "service/clock.h"

#define MUCH              5     // nudges
#define INTENSITY_PERCENT 5.0   // of a key
#define PROOF_US          60000 // between two proofs: the chair answers 20 a second
#define LATE_US           US_PER_S

// What the next key answers.
enum question { ASKS_NOTHING, ASKS_QUIT, ASKS_OVERWRITE };

struct tune_session {
	struct tuning *tuning;
	struct tune_chair *chair;
	struct tune_file *file;
	struct tune_screen *screen;
	size_t step, value; // that are chosen
	int nudges;         // that were typed and are to be made
	int64_t proved_us;  // when the chair was last asked for a proof
	enum question question;
	bool help, failed;
	enum { GOES_ON, QUIT, BROKEN_OFF } end;
	int64_t looked_us; // when keys were last read
	char message[TUNE_WHY_SIZE];
};

static void free_text(char **text)
{
	free(*text);
}

#define text_auto __attribute__((cleanup(free_text))) char

static void show(struct tune_session *session, bool failed, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void show(struct tune_session *session, bool failed, const char *format, ...)
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

static void choose_step(struct tune_session *session, int by)
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
static void choose_value(struct tune_session *session, int by)
{
	size_t n = count_values(session, session->step);

	if (by < 0 && session->value > 0) {
		session->value--;
	} else if (by > 0 && session->value + 1 < n) {
		session->value++;
	} else if (by > 0 && session->step + 1 < tuning_profile(session->tuning)->n_steps) {
		choose_step(session, by);
		session->value = 0;
	} else if (by < 0 && session->step > 0) {
		choose_step(session, by);
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
	show(session, false, "%s %g%s%s%s%s", value->label, value->value, *value->unit ? " " : "",
		value->unit, *note ? lead : later, note);
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
static void nudge(struct tune_session *session)
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
		show(session, true, "not changed: %s", first);
	else if (*first)
		describe_nudge(session, ", no farther: ", first);
	else
		describe_nudge(session, "; advice: ", why);
}

static void undo(struct tune_session *session)
{
	if (!tuning_undo(session->tuning)) {
		show(session, true, "there is nothing to undo");
		return;
	}
	show(session, false, "undone");
}

// --- the chair --------------------------------------------------------------------------------

static void try_step(struct tune_session *session)
{
	char why[TUNE_WHY_SIZE];
	text_auto *text = tuning_trial(session->tuning, session->step);

	if (!text)
		show(session, true, "not tried: out of memory");
	else if (!tune_chair_try(session->chair, session->file->name, text, why))
		show(session, true, "not tried: %s", why);
	else
		show(session, false, "step %zu is tried; the space bar stops it%s%s",
			session->step + 1, *why ? "; " : "", why);
}

static void stop(struct tune_session *session)
{
	char why[TUNE_WHY_SIZE];

	if (tune_chair_stop(session->chair, why))
		show(session, false, "stopped: the chair releases");
	else
		show(session, true, "not stopped: %s", why);
}

static void skip(struct tune_session *session)
{
	char why[TUNE_WHY_SIZE];

	if (tune_chair_skip(session->chair, why))
		show(session, false, "on to the next point");
	else
		show(session, true, "%s", why);
}

static void change_intensity(struct tune_session *session, double by)
{
	double percent = clamp_double(session->chair->intensity + by, 0, 100);
	char why[TUNE_WHY_SIZE];

	if (isnan(percent))
		show(session, true, "the intensity is not known yet");
	else if (tune_chair_set_intensity(session->chair, percent, why))
		show(session, false, "intensity %.0f %%", percent);
	else
		show(session, true, "%s", why);
}

static void put_on_chair(struct tune_session *session)
{
	char why[TUNE_WHY_SIZE];

	if (!tune_chair_put(session->chair, session->file->name, tuning_text(session->tuning),
		    why)) {
		show(session, true, "not put on the chair: %s", why);
		return;
	}
	if (!session->file->text) // it came from the chair
		tuning_saved(session->tuning);
	show(session, false, "the chair %s has %s now", session->chair->options->id,
		session->file->name);
}

// --- the file ---------------------------------------------------------------------------------

static void write_file(struct tune_session *session)
{
	bool anew = !session->file->text;
	int r = tune_file_save(session->file, tuning_text(session->tuning));

	if (r == 0)
		r = tuning_saved(session->tuning);
	if (r < 0)
		show(session, true, "not saved: %s: %s", session->file->shown, strerror(-r));
	else if (anew)
		show(session, false, "saved to %s", session->file->shown);
	else
		show(session, false, "saved to %s (the old one: %s.bak)", session->file->shown,
			session->file->shown);
}

static void save(struct tune_session *session)
{
	if (!tune_file_has_changed(session->file)) {
		write_file(session);
		return;
	}
	session->question = ASKS_OVERWRITE;
	show(session, true,
		session->file->text
			? "%s has changed since it was read: s writes over it and keeps it as .bak"
			: "%s is there already: s writes over it and keeps it as .bak",
		session->file->shown);
}

static void quit(struct tune_session *session)
{
	if (!tuning_is_unsaved(session->tuning)) {
		session->end = QUIT;
		return;
	}
	session->question = ASKS_QUIT;
	show(session, true, "unsaved: s saves and quits, q quits without, another key goes on");
}

// The key after a question. False: it is no answer, and does what it always does.
static bool answer(struct tune_session *session, enum tune_key key)
{
	enum question question = session->question;

	session->question = ASKS_NOTHING;
	session->message[0] = '\0';
	if (question == ASKS_OVERWRITE && key == TUNE_SAVE) {
		write_file(session);
		return true;
	}
	if (question != ASKS_QUIT)
		return false;
	if (key == TUNE_SAVE)
		save(session);
	if (key == TUNE_QUIT || key == TUNE_INTERRUPT ||
		(key == TUNE_SAVE && !tuning_is_unsaved(session->tuning)))
		session->end = QUIT;
	return key != TUNE_STOP;
}

// --- keys -------------------------------------------------------------------------------------

static void interrupt(struct tune_session *session)
{
	if (session->chair->trying)
		stop(session);
	else
		quit(session);
}

static void act(struct tune_session *session, enum tune_key key)
{
	switch (key) {
	case TUNE_UP:
		return choose_value(session, -1);
	case TUNE_DOWN:
		return choose_value(session, 1);
	case TUNE_PREVIOUS:
		return choose_step(session, -1);
	case TUNE_NEXT:
		return choose_step(session, 1);
	case TUNE_TRY:
		return try_step(session);
	case TUNE_STOP:
		return stop(session);
	case TUNE_SKIP:
		return skip(session);
	case TUNE_SOFTER:
		return change_intensity(session, -INTENSITY_PERCENT);
	case TUNE_STRONGER:
		return change_intensity(session, INTENSITY_PERCENT);
	case TUNE_UNDO:
		return undo(session);
	case TUNE_SAVE:
		return save(session);
	case TUNE_PUT:
		return put_on_chair(session);
	case TUNE_HELP:
		session->help = true;
		return;
	case TUNE_QUIT:
		return quit(session);
	case TUNE_INTERRUPT:
		return interrupt(session);
	default:
		return;
	}
}

static int nudges_of(enum tune_key key)
{
	switch (key) {
	case TUNE_LESS:
		return -1;
	case TUNE_MORE:
		return 1;
	case TUNE_MUCH_LESS:
		return -MUCH;
	case TUNE_MUCH_MORE:
		return MUCH;
	default:
		return 0;
	}
}

static void take_key(struct tune_session *session, enum tune_key key)
{
	bool helped = session->help;

	session->help = false;
	if (session->question != ASKS_NOTHING && answer(session, key))
		return;
	if (helped && key != TUNE_STOP)
		return;
	session->nudges += nudges_of(key);
	if (session->nudges != 0 && nudges_of(key) == 0)
		nudge(session); // what was typed before it comes first
	act(session, key);
}

// Nudges of a key that repeats are made together, not one by one: each takes a proof. A key that
// has waited, since this program or the network had to, starts nothing.
static void take_keys(struct tune_session *session)
{
	int64_t now_us = clock_monotonic_us();
	bool late = now_us > session->looked_us + LATE_US;
	enum tune_key key;

	while (session->end == GOES_ON && (key = tune_screen_key()) != TUNE_NONE) {
		if (key == TUNE_CLOSED)
			session->end = BROKEN_OFF;
		else if (key == TUNE_TRY && late)
			show(session, true, "not tried: the key came late; t again");
		else
			take_key(session, key);
	}
	if (session->nudges != 0 && now_us >= session->proved_us + PROOF_US)
		nudge(session);
	session->looked_us = clock_monotonic_us();
}

static void draw(const struct tune_session *session)
{
	tune_screen_draw(session->screen,
		&(struct tune_page){ .file = session->file->shown,
			.tuning = session->tuning,
			.step = session->step,
			.value = session->value,
			.chair = session->chair,
			.message = session->message,
			.failed = session->failed,
			.help = session->help });
}

static void take_end_of_trial(struct tune_session *session)
{
	struct tune_chair *chair = session->chair;

	if (*chair->ended && session->question == ASKS_NOTHING)
		show(session, false, "%s", chair->ended);
	chair->ended[0] = '\0';
}

// --- the session ------------------------------------------------------------------------------

// Nobody could be asked: what was not saved is kept beside the file.
static void rescue(const struct tune_session *session)
{
	const char *path = session->file->shown;
	int r = tune_file_rescue(session->file, tuning_text(session->tuning));

	if (r < 0)
		terminal_error("unsaved", NULL, "the changes are lost: %s.unsaved: %s", path,
			strerror(-r));
	else
		terminal_error("unsaved", NULL, "the changes are in %s.unsaved", path);
}

static void run(struct tune_session *session)
{
	show(session, false, "? lists the keys");
	session->looked_us = clock_monotonic_us();
	while (session->end == GOES_ON) {
		draw(session);
		tune_chair_listen(session->chair);
		take_keys(session);
		take_end_of_trial(session);
		if (interrupt_take())
			session->end = BROKEN_OFF;
	}
}

int tune_session_run(struct tuning *tuning, struct tune_chair *chair, struct tune_file *file)
{
	struct tune_session session = { .tuning = tuning, .chair = chair, .file = file };
	char why[TUNE_WHY_SIZE];

	interrupt_block();
	session.screen = tune_screen_open();
	if (!session.screen) {
		terminal_error("memory", NULL, "out of memory");
		return EXIT_REFUSED;
	}
	run(&session);
	if (chair->trying)
		tune_chair_stop(chair, why);
	tune_screen_close(session.screen);
	if (session.end != BROKEN_OFF)
		return EXIT_OK;
	if (tuning_is_unsaved(tuning))
		rescue(&session);
	return EXIT_REFUSED;
}
