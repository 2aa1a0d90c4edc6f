// SPDX-License-Identifier: MIT
//
// The socket through which tests and people reach into a running simulation: each datagram is one
// fault text. A sender that has bound its own socket is answered, with "ok" or with what is wrong.
#ifndef CHAIRD_HAL_CONTROL_H
#define CHAIRD_HAL_CONTROL_H

#include "hal/sim.h"

// A socket at `path`, in the place of an old socket that nobody owns any more. A descriptor or
// -errno.
int control_open(const char *path);

// Closes and removes it. Accepts -1.
void control_close(int fd, const char *path);

// Take everything that has arrived. Returns how many texts were refused.
unsigned control_take(int fd, struct hal *hal);

#endif
