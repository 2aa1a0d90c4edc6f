// SPDX-License-Identifier: MIT
//
// The floor of a command's way: what a subscriber in C and a process of real-time priority behind
// a Unix socket need for it, with the same broker and nothing to do on the way.
//
//   publish -> broker -> callback -> socket -> process woken up: it writes FLOOR_TEXT into a pipe
#ifndef TESTS_BENCH_FLOOR_H
#define TESTS_BENCH_FLOOR_H

#define FLOOR_TOPIC "bench/floor"
#define FLOOR_TEXT  "floor\n"

struct floor;

// Two processes that live as long as it does. Aborts if they cannot be started.
struct floor *floor_new(int port);
struct floor *floor_free(struct floor *floor);

// The reading end of the pipe.
int floor_fd(const struct floor *floor);

// Real-time priority as the guard has it on real lines.
void floor_priority(int pid);

#endif
