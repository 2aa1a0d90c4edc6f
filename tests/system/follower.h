// SPDX-License-Identifier: MIT
//
// Follows a pin trace (hal/sim.h) while the guard writes it, and learns how its time lies to
// CLOCK_MONOTONIC: a change cannot be read before it happened, so of all differences the smallest
// is the nearest. Good to a few milliseconds where the guard writes each line as it comes.
#ifndef TESTS_SYSTEM_FOLLOWER_H
#define TESTS_SYSTEM_FOLLOWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct follower;

// The file may not be there yet; its folder must be. speed: of the guard's clock. Aborts where it
// cannot be followed.
struct follower *follower_new(const char *dir, const char *name, int speed);
struct follower *follower_free(struct follower *follower);

// When `line` ("depth.forward") first went on (left its safe level), or off, at from_us
// (CLOCK_MONOTONIC) or later: its time, or -1 after timeout_ms.
int64_t follower_wait(struct follower *follower, const char *line, bool on, int64_t from_us,
	int timeout_ms);

// When, at from_us or later, every line but the enable line has reached its safe level, and
// stayed for 200 ms; -1 after timeout_ms.
int64_t follower_wait_safe(struct follower *follower, int64_t from_us, int timeout_ms);

// True where a line but the enable line is on now.
bool follower_anything_on(struct follower *follower);

#endif
