// SPDX-License-Identifier: MIT
//
// Keys of a terminal, one by one and at once, without an echo.
//
// Ctrl-C stays a signal (interrupt.h). Ctrl-Z and Ctrl-S do nothing: nobody halts a program that
// moves a chair by mistake.
#ifndef CHAIRD_CTL_KEYBOARD_H
#define CHAIRD_CTL_KEYBOARD_H

#include <stdbool.h>
#include <termios.h>

#define KEYBOARD_NONE   (-1) // no key is waiting
#define KEYBOARD_CLOSED (-2) // the terminal is gone, or at its end

struct keyboard {
	struct termios before;
	bool open;
};

// Take the keyboard on standard input. False if that is not a terminal.
bool keyboard_open(struct keyboard *ret_keyboard);
// Give it back as it was. For the cleanup attribute.
void keyboard_close(struct keyboard *keyboard);

// The next byte that was typed, or one of the above; never waits.
int keyboard_read(void);
// Forget what was typed so far.
void keyboard_discard(void);

#endif
