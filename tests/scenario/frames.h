// SPDX-License-Identifier: MIT
//
// Malformed frames, and well-formed ones outside of a session.
#ifndef TESTS_SCENARIO_FRAMES_H
#define TESTS_SCENARIO_FRAMES_H

#include "core/wire.h"

struct bad_frame {
	const char *name;
	// Corrupts a valid setpoint in place; returns the number of bytes to send.
	size_t (*corrupt)(struct wire_setpoint *frame);
};

extern const struct bad_frame bad_frames[];
extern const size_t n_bad_frames;

// A valid setpoint in which every actuator rests.
void setpoint_init(struct wire_setpoint *frame, const struct chair *chair, uint32_t seq);

// A valid frame of another type; returns the number of bytes to send. `chair` is the fingerprint
// of an ARM.
size_t bare_frame_init(struct wire_arm *frame, enum wire_type type, uint64_t chair, uint32_t seq);

#endif
