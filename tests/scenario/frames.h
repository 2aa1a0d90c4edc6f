// SPDX-License-Identifier: MIT
//
// Frames that an honest controller never sends.
#ifndef TESTS_SCENARIO_FRAMES_H
#define TESTS_SCENARIO_FRAMES_H

#include "core/wire.h"

struct bad_frame {
	const char *name;
	// Spoils a good setpoint in place; returns how many of its bytes to send.
	size_t (*spoil)(struct wire_setpoint *frame);
};

extern const struct bad_frame bad_frames[];
extern const size_t n_bad_frames;

// A well-formed setpoint that asks for nothing.
void setpoint_init(struct wire_setpoint *frame, const struct chair *chair, uint32_t seq);

// A well-formed frame that is no setpoint; returns how many of its bytes to send. `chair` is the
// fingerprint that an ARM carries.
size_t order_init(struct wire_arm *frame, enum wire_type type, uint64_t chair, uint32_t seq);

#endif
