// SPDX-License-Identifier: MIT
//
// Interface to the service manager (sd_notify, watchdog, socket activation).
//
// Without systemd every function does nothing and succeeds.
#ifndef CHAIRD_SERVICE_NOTIFY_H
#define CHAIRD_SERVICE_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

// Required notifications: these block until the service manager has received them.
void notify_ready(const char *format, ...) __attribute__((format(printf, 1, 2)));
void notify_reloading(void);
void notify_stopping(void);

// Optional notifications: these never block, and may be lost.
void notify_status(const char *format, ...) __attribute__((format(printf, 1, 2)));
void notify_watchdog(void);

// Address of the service manager ($NOTIFY_SOCKET); false: none.
bool notify_address(struct sockaddr_un *ret_address, socklen_t *ret_size);

// The listening socket from systemd (socket activation), or -1. Owned by the caller.
int notify_listen_fd(void);

// The watchdog's interval in real microseconds; 0: none.
int64_t notify_watchdog_interval_us(void);

#endif
