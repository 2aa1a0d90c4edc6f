// SPDX-License-Identifier: MIT
//
// Feeder of systemd's watchdog for a loop that must not wait for systemd.
//
// It sends one datagram twice an interval, on a socket that is opened once. If systemd does not
// read, the datagram is dropped and the next try comes soon. feeder_feed() is real-time safe: it
// does not block, allocate or log.
#ifndef CHAIRD_SERVICE_FEEDER_H
#define CHAIRD_SERVICE_FEEDER_H

#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

struct feeder {
	int fd; // -1: systemd has no watchdog
	struct sockaddr_un address;
	socklen_t address_size;
	int64_t interval_us; // half of systemd's
	int64_t due_us;      // CLOCK_MONOTONIC; TIME_NEVER without a watchdog
};

// Does nothing and succeeds without a watchdog of systemd. -errno.
int feeder_open(struct feeder *feeder);
void feeder_close(struct feeder *feeder);

// Call at due_us or at any time: feeds if it is due. now_us: CLOCK_MONOTONIC.
void feeder_feed(struct feeder *feeder, int64_t now_us);

#endif
