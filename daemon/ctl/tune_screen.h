// SPDX-License-Identifier: MIT
//
// The screen of chairctl tune, and its keys. It alone uses ncurses.
#ifndef CHAIRD_CTL_TUNE_SCREEN_H
#define CHAIRD_CTL_TUNE_SCREEN_H

#include "ctl/tune_bounds.h"
#include "ctl/tune_chair.h"
#include "ctl/tuning.h"

enum tune_key {
	TUNE_NONE,   // no key is waiting
	TUNE_CLOSED, // the terminal is gone
	TUNE_OTHER,
	TUNE_UP, // to another value
	TUNE_DOWN,
	TUNE_PREVIOUS, // to another step
	TUNE_NEXT,
	TUNE_LESS, // nudge the value
	TUNE_MORE,
	TUNE_MUCH_LESS,
	TUNE_MUCH_MORE,
	TUNE_TRY,
	TUNE_STOP,
	TUNE_SKIP,
	TUNE_SOFTER, // the intensity
	TUNE_STRONGER,
	TUNE_UNDO,
	TUNE_SAVE,
	TUNE_PUT,
	TUNE_HELP,
	TUNE_QUIT,
	TUNE_INTERRUPT, // Ctrl-C
};

// What is shown; all borrowed.
struct tune_page {
	const char *file;
	const struct tuning *tuning;
	size_t step, value; // that are chosen
	const struct tune_bounds *bounds;
	const struct tune_chair *chair;
	const char *message; // "": none
	bool failed;         // the message is an error
	bool help;           // in place of all else
};

struct tune_screen;

// Whether standard input and output are a terminal that can be drawn on; if not, with the reason in
// `why`.
bool tune_screen_is_possible(char why[TUNE_WHY_SIZE]);
// Take the terminal, if that is so; its signals become keys. NULL without memory.
struct tune_screen *tune_screen_open(void);
// Give it back as it was.
void tune_screen_close(struct tune_screen *screen);

// The next key; never waits.
enum tune_key tune_screen_key(void);
void tune_screen_draw(const struct tune_screen *screen, const struct tune_page *page);

#endif
