// SPDX-License-Identifier: MIT
//
// The engine: guard, PWM schedule and lines, stepped together.
//
// chairguard steps it in real time, the simulator in virtual time. A step reads edges and forces,
// steps the guard, and makes at most one batched write, none if nothing changes. Real-time safe
// after engine_new().
#ifndef CHAIRD_GUARD_ENGINE_H
#define CHAIRD_GUARD_ENGINE_H

#include "core/chair.h"
#include "core/wire.h"
#include "guard/guard.h"
#include "hal/hal.h"

struct engine;

// Chair and hal are borrowed.
int engine_new(const struct chair *chair, struct hal *hal, struct engine **ret_engine);
struct engine *engine_free(struct engine *engine);

// Do what is due at now_us. Returns the latest time of the next step (TIME_NEVER: only when a
// descriptor of the hal or the link is ready).
int64_t engine_step(struct engine *engine, int64_t now_us);

// Step with the `size` bytes that the controller sent. This is the only check of a frame's form: a
// malformed one is counted and dropped. Returns as engine_step() does; now_us while the lines fail.
int64_t engine_frame(struct engine *engine, int64_t now_us, const union wire_frame *frame,
	size_t size);

// The controller has connected (up) or disconnected.
void engine_link(struct engine *engine, int64_t now_us, bool up);

// The computer was suspended (service/suspend.h).
void engine_slept(struct engine *engine, int64_t now_us);

// See guard.h.
void engine_no_realtime(struct engine *engine);
// True once the lines could not be brought to their safe levels for ENGINE_UNSAFE_MAX_US. The
// caller must end then: that closes the lines, and `--safe-off` follows.
#define ENGINE_UNSAFE_MAX_US (2 * US_PER_S)
bool engine_failed(const struct engine *engine);

// The actuators that press and are not proven released, bit by index.
uint32_t engine_pressed(const struct engine *engine);

// Present or last error of the lines: -errno, and the line, or -1 if it is not known. 0 if no line
// has failed.
int engine_line_error(const struct engine *engine, int *ret_line);

enum guard_mode engine_mode(const struct engine *engine);
// See guard.h.
const struct guard_transition *engine_impossible(const struct engine *engine);

// True, with the report filled in, if one is due. At most one per step.
bool engine_take_report(struct engine *engine, struct wire_report *ret_report);

#endif
