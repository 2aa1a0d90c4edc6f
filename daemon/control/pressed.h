// SPDX-License-Identifier: MIT
//
// Actuators that are not proven released: the member `pressed` of the state, and an alert's text.
//
// The alert is for force other than the press that a session makes on purpose.
#ifndef CHAIRD_CONTROL_PRESSED_H
#define CHAIRD_CONTROL_PRESSED_H

#include <jansson.h>

#include "control/status.h"

#define PRESSED_SIZE 256

// [{actuator, force_n}], force_n null without a sensor; null if no guard is connected.
json_t *pressed_list(const struct status_view *view);

// Text of the alert; NULL if nothing presses, or only what a session presses with.
const char *pressed_text(const struct status_view *view, char buf[PRESSED_SIZE]);

#endif
