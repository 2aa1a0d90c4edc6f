// SPDX-License-Identifier: MIT
//
// A program in a real terminal: a tmux server of its own, with one window.
//
// Every wait has the bound of the rig (SOON_MS), and fails the test with the screen as it was.
#ifndef TESTS_SYSTEM_TMUX_H
#define TESTS_SYSTEM_TMUX_H

#include <stdbool.h>
#include <sys/types.h>

#include "rig.h"

#define TMUX_SCREEN_SIZE 40000

struct tmux {
	struct rig *rig;
	struct process *server; // it ends with the test, and the program with it
	char socket[200];
};

// Start the program in the rig's folder, in a window of that size. env: "NAME=VALUE" strings to add
// to UTF-8 and a terminal with colours, or NULL.
void tmux_start(struct tmux *tmux, struct rig *rig, int columns, int rows, const char *const argv[],
	const char *const env[]);
// Close the window, if there is one: the program's terminal is gone.
void tmux_end(struct tmux *tmux);

// Type: names of keys as tmux has them ("Right", "Space", "C-c", "q").
void tmux_type(const struct tmux *tmux, const char *key);
void tmux_resize(const struct tmux *tmux, int columns, int rows);

// The screen as it is, a line a row. Returns screen.
char *tmux_screen(const struct tmux *tmux, char screen[TMUX_SCREEN_SIZE]);
// The same with its escape sequences.
char *tmux_colors(const struct tmux *tmux, char screen[TMUX_SCREEN_SIZE]);
// Wait until it shows the text, or no longer does.
void tmux_expect(const struct tmux *tmux, const char *text);
void tmux_expect_gone(const struct tmux *tmux, const char *text);

pid_t tmux_pid(const struct tmux *tmux); // of the program
int tmux_code(const struct tmux *tmux);  // wait for its end: its exit code

#endif
