// SPDX-License-Identifier: MIT
//
// Controller of the chair: library, session, guard link and MQTT client in one sd-event loop.
//
// There are four sources of events: reports of the guard, messages from the broker, deadlines of
// the session, and signals. Each one is passed to the session, which is stepped once; then its
// frames are sent to the guard, and the topics published. Nothing here blocks.
#ifndef CHAIRD_CONTROL_CONTROLLER_H
#define CHAIRD_CONTROL_CONTROLLER_H

#include <stdint.h>
#include <systemd/sd-event.h>

#include "config/library.h"
#include "config/settings.h"

struct controller;

// Borrows the settings and owns the library, also on failure. SIGTERM, SIGINT and SIGHUP must be
// blocked. Does not wait for guard or broker. -errno.
int controller_new(sd_event *event, const struct settings *settings, struct library *library,
	struct controller **ret_controller);
struct controller *controller_free(struct controller *controller);

#endif
