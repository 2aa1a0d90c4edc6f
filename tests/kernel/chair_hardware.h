// SPDX-License-Identifier: MIT
//
// The hardware of any chair file: a simulated chip with its named lines, one more for each chip
// that it names (16 lines without names), a carriage that moves between its contacts, the chair's
// own contacts, and a trace of the pins for the independent checker. A channel of the kernel's PWM
// chip counts as on while it has a drive. A thread waits for changes of the outputs. Its real-time
// priority is above a guard's, so that it sees every level, however short.
#ifndef TESTS_KERNEL_CHAIR_HARDWARE_H
#define TESTS_KERNEL_CHAIR_HARDWARE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/chair.h"
#include "line_recorder.h"

struct chair_hardware;

// Its carriage in the middle of its way, occupied, with the E-stop closed. Aborts on failure.
struct chair_hardware *chair_hardware_new(const char *chair_file);
struct chair_hardware *chair_hardware_free(struct chair_hardware *hardware);

// Connect the contacts to their lines, once these have been requested: a simulated chip sets a line
// by the pull-up of its request.
void chair_hardware_connect(struct chair_hardware *hardware);
// Close or open a contact of the chair itself. Returns the time at which it moves.
int64_t chair_hardware_contact(struct chair_hardware *hardware, enum line_role role, bool closed);
// From now on an output keeps its level when its owner dies, as with a vendor's kernel.
void chair_hardware_persist(struct chair_hardware *hardware);

// The recorder's lines are those of the chair.
struct line_recorder *chair_hardware_recorder(const struct chair_hardware *hardware);
unsigned int chair_hardware_line(const struct chair_hardware *hardware, const char *actuator,
	enum line_role role);
// The index of the charge pump's line.
unsigned int chair_hardware_enable(const struct chair_hardware *hardware);
uint64_t chair_hardware_levels(struct chair_hardware *hardware);    // of the outputs, by bit
double chair_hardware_position_mm(struct chair_hardware *hardware); // of the carriage

// The violations that the checker of pin traces finds in everything until now, printed.
size_t chair_hardware_violations(struct chair_hardware *hardware);

#endif
