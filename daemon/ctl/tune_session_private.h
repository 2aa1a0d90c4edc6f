// SPDX-License-Identifier: MIT
//
// State of a session of chairctl tune, and what its keys do:
//
//   tune_session.c  keys, questions, the file, the session as a whole
//   tune_actions.c  what is chosen and nudged, and what the chair is asked for
#ifndef CHAIRD_CTL_TUNE_SESSION_PRIVATE_H
#define CHAIRD_CTL_TUNE_SESSION_PRIVATE_H

#include "ctl/tune_session.h"
#include "ctl/tune_screen.h"

// What the next key answers.
enum question { ASKS_NOTHING, ASKS_QUIT, ASKS_OVERWRITE };

struct tune_session {
	struct tuning *tuning;
	struct tune_chair *chair;
	struct tune_file *file;
	struct tune_screen *screen;
	size_t step, value; // that are chosen
	struct tune_bounds bounds;
	int nudges;        // that were typed and are to be made
	int64_t proved_us; // when the chair was last asked for a proof
	enum question question;
	bool help, failed;
	enum { GOES_ON, QUIT, BROKEN_OFF } end;
	int64_t looked_us; // when keys were last read
	char message[TUNE_WHY_SIZE];
};

// The message on the screen.
void tune_show(struct tune_session *session, bool failed, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

// To the next step (1) or the previous one (-1), if there is one. Likewise of the values; beyond
// the last one of a step comes the first one of the next.
void tune_choose_step(struct tune_session *session, int by);
void tune_choose_value(struct tune_session *session, int by);

// Make the nudges that were typed, as far as they are allowed.
void tune_nudge(struct tune_session *session);
void tune_undo(struct tune_session *session);

void tune_try_step(struct tune_session *session);
void tune_stop(struct tune_session *session);
void tune_skip(struct tune_session *session);
void tune_change_intensity(struct tune_session *session, double by_percent);
void tune_put_on_chair(struct tune_session *session);

#endif
