// SPDX-License-Identifier: MIT
#include "ctl/keyboard.h"

#include <poll.h>
#include <unistd.h>

bool keyboard_open(struct keyboard *ret_keyboard)
{
	struct keyboard keyboard = { .open = true };
	struct termios single;

	if (tcgetattr(STDIN_FILENO, &keyboard.before) < 0)
		return false;
	single = keyboard.before;
	single.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	single.c_iflag &= ~(tcflag_t)IXON;
	single.c_cc[VMIN] = 0;
	single.c_cc[VTIME] = 0;
	single.c_cc[VSUSP] = _POSIX_VDISABLE;
	if (tcsetattr(STDIN_FILENO, TCSANOW, &single) < 0)
		return false;
	*ret_keyboard = keyboard;
	return true;
}

void keyboard_close(struct keyboard *keyboard)
{
	if (keyboard->open)
		tcsetattr(STDIN_FILENO, TCSANOW, &keyboard->before);
	keyboard->open = false;
}

int keyboard_read(void)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	unsigned char byte;

	if (poll(&input, 1, 0) <= 0)
		return KEYBOARD_NONE;
	if ((input.revents & POLLIN) && read(STDIN_FILENO, &byte, 1) == 1)
		return byte;
	return KEYBOARD_CLOSED;
}

void keyboard_discard(void)
{
	tcflush(STDIN_FILENO, TCIFLUSH);
}
