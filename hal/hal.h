// SPDX-License-Identifier: MIT
//
// The hardware abstraction: the lines and force sensors of a chair. Backends: hal_gpio.c and
// sim/sim.c.
//
// Levels are logical and addressed by the chair's line index (core/chair.h). Every call takes the
// caller's clock, so that a simulated chair runs in any time of its caller. With real lines that
// clock must be CLOCK_MONOTONIC, which their time stamps are of. Errors are -errno. After
// construction no call allocates, logs or blocks, so all may be made from the real-time loop.
//
// The cleanup idiom of hal/ and daemon/guard/ is `goto out`. hal/README.md describes the wiring and
// the model of the simulated chair.
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

// The latest force of one actuator. A thread of the backend reads slow converters; this is its last
// finished value. While reads fail, t_us and force_n stay those of the last successful one. The
// value without a load (zero_n) has been subtracted.
struct hal_force {
	int error;    // 0, or the -errno of the last read
	int64_t t_us; // when force_n was read, on the caller's clock; 0: not yet
	double force_n;
};

// The latest current, temperature or position of one actuator, in the unit of its quantity; like
// struct hal_force.
struct hal_measurement {
	int error;
	int64_t t_us;
	double value; // NAN: no value has this reading, as with a broken wire
};

// Every constructor leaves all outputs at their safe levels.

// Set the outputs in `mask` to `levels`, one request per chip. After an error the levels of the
// lines are not known.
int hal_write(struct hal *hal, int64_t now_us, uint64_t mask, uint64_t levels);

// The PWM lines that the backend pulses by itself, as kernel PWM does. The caller pulses all others
// by hal_write(), which does not touch these.
uint64_t hal_channels(struct hal *hal);

// Set the drive of such a line. 0: off, and the channel disabled, which is read back. After an
// error its state is not known.
int hal_drive(struct hal *hal, int64_t now_us, int line, int duty_permille);

// Write every output's safe level, and turn off every channel. Continues past errors; returns the
// first.
int hal_make_safe(struct hal *hal, int64_t now_us);

// Read the levels of all inputs.
int hal_read(struct hal *hal, int64_t now_us, uint64_t *ret_levels);

// Take up to `capacity` edges of inputs, oldest first: both edges of a contact, the rising ones of
// a pulse line. Returns their number, or -EOVERFLOW if edges have been lost in a full buffer.
int hal_events(struct hal *hal, int64_t now_us, struct hal_event *events, size_t capacity);

// The force at an actuator that has a sensor. -ENODEV if it has none.
int hal_force(struct hal *hal, int64_t now_us, int actuator, struct hal_force *ret_force);

// The quantity of an actuator that has a channel for it. -ENODEV if it has none.
int hal_measure(struct hal *hal, int64_t now_us, int actuator, enum quantity quantity,
	struct hal_measurement *ret_measurement);

// Descriptors that are readable while there are events. Returns their number.
size_t hal_fds(struct hal *hal, int fds[HAL_FDS_MAX]);

// The line at which hal_write(), hal_drive(), hal_read() or hal_events() last failed: the first of
// several that were accessed at once; -1 if it is not known.
int hal_failed_line(struct hal *hal);

// The time of the backend's next event that no descriptor announces; TIME_NEVER for real lines.
int64_t hal_next_us(struct hal *hal);

// 1 if the kernel keeps an output at its last level after its owner has ended
// (persist_gpio_outputs=Y), 0 if it releases the line.
int hal_outputs_persist(struct hal *hal);

// Sets every output to its safe level first. Accepts NULL; returns NULL.
struct hal *hal_free(struct hal *hal);

#endif
