// SPDX-License-Identifier: MIT
//
// Polling of Ctrl-C, SIGTERM and SIGHUP, so that a program that moves a chair can stop it before it
// ends.
#ifndef CHAIRD_CTL_INTERRUPT_H
#define CHAIRD_CTL_INTERRUPT_H

#include <stdbool.h>

// Block the signals: from here on they do not end the process.
void interrupt_block(void);
// True once for each signal that has arrived since; never waits.
bool interrupt_take(void);

#endif
