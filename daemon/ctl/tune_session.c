// SPDX-License-Identifier: MIT
#include "ctl/tune_session_private.h"

#include <stdio.h>
#include <string.h>

#include "ctl/interrupt.h"
#include "ctl/terminal.h"
#include "service/clock.h"

#define MUCH              5     // nudges
#define INTENSITY_PERCENT 5.0   // of a key
#define PROOF_US          60000 // between two proofs: the chair answers 20 a second
#define LATE_US           US_PER_S

// --- the file ---------------------------------------------------------------------------------

static void write_file(struct tune_session *session)
{
	bool anew = !session->file->text;
	int r = tune_file_save(session->file, tuning_text(session->tuning));

	if (r == 0)
		r = tuning_saved(session->tuning);
	if (r < 0)
		tune_show(session, true, "not saved: %s: %s", session->file->shown, strerror(-r));
	else if (anew)
		tune_show(session, false, "saved to %s", session->file->shown);
	else
		tune_show(session, false, "saved to %s (the old one: %s.bak)", session->file->shown,
			session->file->shown);
}

static void save(struct tune_session *session)
{
	if (!tune_file_has_changed(session->file)) {
		write_file(session);
		return;
	}
	session->question = ASKS_OVERWRITE;
	tune_show(session, true,
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
	tune_show(session, true,
		"unsaved: s saves and quits, q quits without, another key goes on");
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
		tune_stop(session);
	else
		quit(session);
}

static void act(struct tune_session *session, enum tune_key key)
{
	switch (key) {
	case TUNE_UP:
		return tune_choose_value(session, -1);
	case TUNE_DOWN:
		return tune_choose_value(session, 1);
	case TUNE_PREVIOUS:
		return tune_choose_step(session, -1);
	case TUNE_NEXT:
		return tune_choose_step(session, 1);
	case TUNE_TRY:
		return tune_try_step(session);
	case TUNE_STOP:
		return tune_stop(session);
	case TUNE_SKIP:
		return tune_skip(session);
	case TUNE_SOFTER:
		return tune_change_intensity(session, -INTENSITY_PERCENT);
	case TUNE_STRONGER:
		return tune_change_intensity(session, INTENSITY_PERCENT);
	case TUNE_UNDO:
		return tune_undo(session);
	case TUNE_SAVE:
		return save(session);
	case TUNE_PUT:
		return tune_put_on_chair(session);
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
		tune_nudge(session); // what was typed before it comes first
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
			tune_show(session, true, "not tried: the key came late; t again");
		else
			take_key(session, key);
	}
	if (session->nudges != 0 && now_us >= session->proved_us + PROOF_US)
		tune_nudge(session);
	session->looked_us = clock_monotonic_us();
}

static void draw(const struct tune_session *session)
{
	tune_screen_draw(session->screen,
		&(struct tune_page){ .file = session->file->shown,
			.tuning = session->tuning,
			.step = session->step,
			.value = session->value,
			.bounds = &session->bounds,
			.chair = session->chair,
			.message = session->message,
			.failed = session->failed,
			.help = session->help });
}

// While nothing else is to be done. A trial waits for no proof: the space bar is to act at once.
static void search_bounds(struct tune_session *session)
{
	const struct tune_chair *chair = session->chair;

	if (chair->broker && !chair->offline && !chair->trying && session->nudges == 0)
		tune_bounds_search(&session->bounds, session->tuning, session->step, session->value,
			session->chair, session->file->name);
}

static void take_end_of_trial(struct tune_session *session)
{
	struct tune_chair *chair = session->chair;

	if (*chair->ended && session->question == ASKS_NOTHING)
		tune_show(session, false, "%s", chair->ended);
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
	tune_show(session, false, "? lists the keys");
	session->looked_us = clock_monotonic_us();
	while (session->end == GOES_ON) {
		draw(session);
		tune_chair_listen(session->chair);
		take_keys(session);
		search_bounds(session);
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
