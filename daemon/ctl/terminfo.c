// SPDX-License-Identifier: MIT
//
// Its header makes macros of words like "columns": no other file includes it.
#include "ctl/terminfo.h"

#include <curses.h>
#include <term.h>

bool terminfo_can_draw(int fd)
{
	bool can;
	int error;

	if (setupterm(NULL, fd, &error) != OK)
		return false;
	can = cursor_address != NULL;
	del_curterm(cur_term);
	return can;
}
