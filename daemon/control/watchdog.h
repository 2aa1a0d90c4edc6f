// SPDX-License-Identifier: MIT
//
// systemd's watchdog, fed only while the guard answers.
//
// Twice an interval the guard is asked for a report; every report that comes feeds, a few times
// an interval at most. A guard that is connected and silent starves the watchdog. One that is not
// connected at all is known to be away and is being called: then nothing can move, and the timer
// feeds.
#ifndef CHAIRD_CONTROL_WATCHDOG_H
#define CHAIRD_CONTROL_WATCHDOG_H

#include <stdint.h>
#include <systemd/sd-event.h>

#include "control/guard_link.h"

struct watchdog {
	sd_event_source *timer;
	struct guard_link *guard;
	int64_t interval_us; // 0: systemd wants none
	int64_t fed_us;
};

// Does nothing where systemd wants none. The guard link is borrowed. -errno.
int watchdog_start(struct watchdog *watchdog, sd_event *event, struct guard_link *guard);
void watchdog_report(struct watchdog *watchdog); // one came
void watchdog_stop(struct watchdog *watchdog);

#endif
