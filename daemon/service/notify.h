// SPDX-License-Identifier: MIT
//
// What a service and systemd tell each other. Everything here does nothing and succeeds without systemd.
#ifndef CHAIRD_SERVICE_NOTIFY_H
#define CHAIRD_SERVICE_NOTIFY_H

#include <stdint.h>

void notify_ready(const char *status);
void notify_status(const char *format, ...) __attribute__((format(printf, 1, 2)));
void notify_reloading(void);
void notify_stopping(void);
void notify_watchdog(void);

// The listening socket that systemd hands over (socket activation), or -1. Owned by the caller.
int notify_listen_fd(void);

// The watchdog's interval in real microseconds, 0 where there is none.
int64_t notify_watchdog_interval_us(void);

#endif
