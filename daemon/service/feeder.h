// SPDX-License-Identifier: MIT
//
// Feeds systemd's watchdog from a loop that must not wait for systemd.
//
// One datagram, twice an interval, to a socket that is opened once. Where systemd does not read,
// the datagram is not sent and the next try comes soon. feeder_feed() is real-time safe: it
// neither waits, nor allocates, nor logs.
#ifndef CHAIRD_SERVICE_FEEDER_H
#define CHAIRD_SERVICE_FEEDER_H

#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

struct feeder {
	int fd; // -1: systemd wants none
	struct sockaddr_un address;
	socklen_t address_size;
	int64_t interval_us; // half of systemd's
	int64_t due_us;      // CLOCK_MONOTONIC; TIME_NEVER where there is none
};

// Does nothing and succeeds where systemd wants none. -errno.
int feeder_open(struct feeder *feeder);
void feeder_close(struct feeder *feeder);

// Call at due_us, or at any time: feeds where it is due. now_us: CLOCK_MONOTONIC.
void feeder_feed(struct feeder *feeder, int64_t now_us);

#endif
