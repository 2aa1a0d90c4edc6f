// SPDX-License-Identifier: MIT
//
// Notifications between a service and systemd. Everything here does nothing and succeeds without
// systemd.
#ifndef CHAIRD_SERVICE_NOTIFY_H
#define CHAIRD_SERVICE_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

// What the service manager must hear: these wait for it.
void notify_ready(const char *format, ...) __attribute__((format(printf, 1, 2)));
void notify_reloading(void);
void notify_stopping(void);

// What may be lost: these never wait.
void notify_status(const char *format, ...) __attribute__((format(printf, 1, 2)));
void notify_watchdog(void);

// Where the service manager listens ($NOTIFY_SOCKET); false: nowhere.
bool notify_address(struct sockaddr_un *ret_address, socklen_t *ret_size);

// The listening socket that systemd hands over (socket activation), or -1. Owned by the caller.
int notify_listen_fd(void);

// The watchdog's interval in real microseconds, 0 where there is none.
int64_t notify_watchdog_interval_us(void);

#endif
