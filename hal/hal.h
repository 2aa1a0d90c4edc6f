// SPDX-License-Identifier: MIT
//
// The lines of a chair, whatever they are made of. Two backends: hal_gpio.c and sim.c.
//
// Levels are logical and addressed by the chair's line index (core/chair.h). Every call takes the
// caller's clock, so that the simulated chair lives in whatever time its caller lives in. The real
// lines live in CLOCK_MONOTONIC, whatever they are told: there the caller's clock must be that.
// Errors are -errno. No call allocates, logs or blocks after construction, so all of them may be
// made from the real-time loop.
//
// The cleanup idiom of hal/ and daemon/guard/ is `goto out`. hal/README.md: wiring, and what the
// simulated chair is made of.
#ifndef CHAIRD_HAL_HAL_H
#define CHAIRD_HAL_HAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/chair.h"

#define HAL_FDS_MAX 10

struct hal;

// Why a backend cannot be opened, for people: which line, which chip, who holds it.
struct hal_error {
	char text[256];
};

struct hal_event {
	int64_t t_us; // on the caller's clock
	uint8_t line;
	bool active;
};

// The latest force of one actuator. A slow converter is read by a thread of the backend's own;
// this is its last finished value. While reads fail, t_us and force_n stay those of the last good
// one. What the sensor reads with nobody there (zero_n) has been taken off.
struct hal_force {
	int error;    // 0, or the -errno of the last read
	int64_t t_us; // when force_n was read, on the caller's clock; 0: never yet
	double force_n;
};

// All outputs are at their safe level when a constructor returns.

// Set the outputs in `mask` to `levels`, one request per chip. All or an error; after an error
// the state of the lines is not known.
int hal_write(struct hal *hal, int64_t now_us, uint64_t mask, uint64_t levels);

// Levels of all inputs now.
int hal_read(struct hal *hal, int64_t now_us, uint64_t *ret_levels);

// Take up to `capacity` edges of inputs, oldest first: both edges of a contact, the rising ones of
// a pulse line. Returns how many; -EOVERFLOW where edges have been lost for want of being taken.
int hal_events(struct hal *hal, int64_t now_us, struct hal_event *events, size_t capacity);

// The force at an actuator that has a sensor. -ENODEV where it has none.
int hal_force(struct hal *hal, int64_t now_us, int actuator, struct hal_force *ret_force);

// Descriptors that become readable when there is something to take; how many.
size_t hal_fds(struct hal *hal, int fds[HAL_FDS_MAX]);

// The line at which hal_write(), hal_read() or hal_events() last failed, of several that were
// accessed at once the first; -1 if that is not known.
int hal_failed_line(struct hal *hal);

// When the backend next has something to say without a descriptor; TIME_NEVER for real lines.
int64_t hal_next_us(struct hal *hal);

// 1 where the kernel keeps an output at its last level after its owner has gone
// (persist_gpio_outputs=Y), 0 where it lets go.
int hal_outputs_persist(struct hal *hal);

// Leaves every output at its safe level first. Accepts NULL; returns NULL.
struct hal *hal_free(struct hal *hal);

#endif
