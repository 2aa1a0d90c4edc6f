// SPDX-License-Identifier: MIT
//
// A movement of one actuator without the guard, to see what is wired to its lines.
//
// It lasts NUDGE_MS at the most, at the least drive that moves a usual motor, and nothing else is
// driven but the charge pump. All lines are requested before, so that nothing moves while another
// process holds one of them, and released after it, before SIGINT, SIGTERM or SIGHUP ends the
// program. If it is killed the kernel makes them inputs; where it would keep them on
// (persist_gpio_outputs), nothing is moved.
#ifndef CHAIRD_CTL_NUDGE_H
#define CHAIRD_CTL_NUDGE_H

#include "core/chair.h"
#include "hal/hal.h"

#define NUDGE_MS             100
#define NUDGE_DRIVE_PERMILLE 250 // of a line that can be pulsed

// Drive the line of this role, with `pwm` if the actuator has one. Only the lines of the actuator
// and the charge pump are used. 0, or -errno with an explanation: -EBUSY if a line is held, -EPERM
// if the kernel would keep it on.
int nudge(const struct chair *chair, int actuator, enum line_role role,
	struct hal_error *ret_error);

#endif
