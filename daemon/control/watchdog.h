// SPDX-License-Identifier: MIT
//
// Feeder of systemd's watchdog that feeds only while a connected guard answers.
//
// Twice an interval it requests a report; each report feeds, at most a few times an interval. If
// the guard is connected and silent, the watchdog expires. If no guard is connected, nothing can
// move and the link keeps reconnecting: then the timer feeds.
#ifndef CHAIRD_CONTROL_WATCHDOG_H
#define CHAIRD_CONTROL_WATCHDOG_H

#include <stdint.h>
#include <systemd/sd-event.h>

#include "control/guard_link.h"

struct watchdog {
	sd_event_source *timer;
	struct guard_link *guard;
	int64_t interval_us; // 0: systemd has no watchdog
	int64_t fed_us;
};

// Does nothing without a watchdog of systemd. Borrows the link. -errno.
int watchdog_start(struct watchdog *watchdog, sd_event *event, struct guard_link *guard);
void watchdog_report(struct watchdog *watchdog); // the guard has sent a report
void watchdog_stop(struct watchdog *watchdog);

#endif
