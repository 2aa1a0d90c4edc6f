// SPDX-License-Identifier: MIT
//
// What the terminfo database has about the terminal.
#ifndef CHAIRD_CTL_TERMINFO_H
#define CHAIRD_CTL_TERMINFO_H

#include <stdbool.h>

// Whether $TERM is known, and its cursor can be moved to any place.
bool terminfo_can_draw(int fd);

#endif
