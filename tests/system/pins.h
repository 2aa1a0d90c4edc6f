// SPDX-License-Identifier: MIT
//
// Reader of a pin trace (hal/sim/sim.h).
//
// Times are the chair's, in microseconds from its beginning. The trace is complete up to the time
// of every message that the guard has sent.
#ifndef TESTS_SYSTEM_PINS_H
#define TESTS_SYSTEM_PINS_H

#include <stdbool.h>
#include <stdint.h>

struct pins;

// Reads the file as it is now. Aborts if it cannot.
struct pins *pins_read(const char *path);
struct pins *pins_free(struct pins *pins);

// When `line` ("depth.forward") first went on (left its safe level), or off, at from_us or later;
// -1: it did not.
int64_t pins_first(const struct pins *pins, const char *line, bool on, int64_t from_us);
// Since when, at from_us or later, every line but the enable line is at its safe level; -1: one is
// not.
int64_t pins_safe_since(const struct pins *pins, int64_t from_us);

#endif
