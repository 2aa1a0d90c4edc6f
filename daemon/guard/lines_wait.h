// SPDX-License-Identifier: MIT
//
// Wait for the real lines. A chip that appears seconds after the start, a line that another program
// holds or a name that is on no chip is no crash: the guard waits for it, logs the cause once and
// again when it changes, and is ready for systemd meanwhile. Until all lines are available no line
// is held and no socket is open.
#ifndef CHAIRD_GUARD_LINES_WAIT_H
#define CHAIRD_GUARD_LINES_WAIT_H

#include "hal/hal_gpio.h"

// Open them. 0; -ECANCELED if signal_fd became readable first; -ENOMEM.
int lines_wait(const struct chair *chair, int signal_fd, struct hal **ret_hal);

#endif
