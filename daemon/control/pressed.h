// SPDX-License-Identifier: MIT
//
// What is not proven released, for people: as the member `pressed` of the state, and as an alert's
// text where it presses though nothing is meant to.
#ifndef CHAIRD_CONTROL_PRESSED_H
#define CHAIRD_CONTROL_PRESSED_H

#include <jansson.h>

#include "control/status.h"

#define PRESSED_SIZE 256

// [{actuator, force_n}], force_n null where no sensor says; null where no guard is heard.
json_t *pressed_list(const struct status_view *view);

// NULL where nothing presses, or only what a session presses with.
const char *pressed_text(const struct status_view *view, char buf[PRESSED_SIZE]);

#endif
