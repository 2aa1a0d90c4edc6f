// SPDX-License-Identifier: MIT
//
// The floor of a command's way: what a subscriber in C and a process of real-time priority behind
// a Unix socket need for it, with the same broker and nothing to do on the way.
//
//   publish -> broker -> callback -> socket -> process woken up: the time is taken there
#ifndef TESTS_BENCH_FLOOR_H
#define TESTS_BENCH_FLOOR_H

#include <stdint.h>

#define FLOOR_TOPIC "bench/floor"

struct floor;

// Two processes that live as long as it does. Aborts if they cannot be started.
struct floor *floor_new(int port);
struct floor *floor_free(struct floor *floor);

// The time (CLOCK_MONOTONIC) at which the next message on FLOOR_TOPIC reached the end. Spins until
// then, as the measurement of the daemons does.
int64_t floor_wait(struct floor *floor);

// Real-time priority as the guard has it on real lines.
void floor_priority(int pid);

#endif
