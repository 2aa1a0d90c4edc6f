// SPDX-License-Identifier: MIT
//
// The controller: library, session, guard and broker, put together in one sd-event loop.
//
// News comes from four sides: frames from the guard, messages from the broker, the session's own
// deadlines, signals. Whatever it is, the session is told, stepped once, and what it asks for is
// done: frames first, then the topics. Nothing here waits for anybody.
#ifndef CHAIRD_CONTROL_CONTROLLER_H
#define CHAIRD_CONTROL_CONTROLLER_H

#include <stdint.h>
#include <systemd/sd-event.h>

#include "config/library.h"
#include "config/settings.h"

struct controller;

// Settings are borrowed, the library is taken over, also on failure.
// SIGTERM, SIGINT and SIGHUP must be blocked. Returns without having waited for guard or broker.
// -errno.
int controller_new(sd_event *event, const struct settings *settings, struct library *library,
	struct controller **ret_controller);
struct controller *controller_free(struct controller *controller);

#endif
