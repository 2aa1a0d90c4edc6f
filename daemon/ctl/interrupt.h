// SPDX-License-Identifier: MIT
//
// Ctrl-C, SIGTERM and SIGHUP as something to look for: what has set a chair in motion stops it
// before it ends.
#ifndef CHAIRD_CTL_INTERRUPT_H
#define CHAIRD_CTL_INTERRUPT_H

#include <stdbool.h>

// From here on they end nothing by themselves.
void interrupt_block(void);
// True once for each that has come since; never waits.
bool interrupt_take(void);

#endif
