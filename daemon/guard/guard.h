// SPDX-License-Identifier: MIT
//
// The guard: a pure state machine that stands between a controller and the motors.
//
// It executes short leased setpoints, knows every ceiling by itself, and lets go of the person
// when the controller goes quiet, lies or dies. Time is an argument; nothing here does I/O,
// allocates or reads a clock.
//
//                      ARM, self-test good              setpoint
//          +-----+ -------------------------> +-------+ --------> +--------+
//   start->| OFF |                            | READY |           | ACTIVE |
//          +-----+ <--- link lost ----------- +-------+ <--+      +--------+
//           |   ^                                |         |          | lease, RELEASE, link, seat,
//   RELEASE,|   |                                |         |          | session length, on-time, duty,
//    reset  |   |        reset edge, inputs good |    all proven       | position
//           |   |                                |    released         v
//           |  +---------+ <- trip: tried or ----+------- +-----------+
//           +->| TRIPPED |       proven                   | RELEASING |
//              +---------+ ---- RELEASE ----------------> +-----------+
//                   ^---------- E-stop, HAL (outputs safe at once)
//
// Released is proven, never timed (proof.c): a press at its home and below 3 N, a cell vented for
// its time and below 3 N. What passes its bound without that is tried again twice, with a pause,
// and latched as REASON_NOT_RELEASED, which outranks every other reason. RELEASE and the reset
// release in every mode in which the E-stop is good, in the releasing direction only; a latched
// fault stays latched meanwhile. Nothing moves by itself after a start, and nothing is pushed that
// has not been proven released since.
//
// E-stop and HAL errors put every output at its safe level in the same step: motor power is gone
// or the lines cannot be trusted. Every other trip first carries out the release of each actuator
// (but not the drive of one that was driven and did not arrive, unless it is a press), then latches.
// A press whose end switch cannot be believed pulls back for its whole release time, whatever the
// switch says, and is not proven released by it.
//
// After every release, asked for or not, setpoints act on nothing until the next ARM: what was in
// flight when the guard let go starts nothing.
//
// ARM in READY runs the self-test again. It starts a new session's time where nothing has moved for
// a minute; otherwise the session goes on, however often it was paused. An ARM that is refused
// trips: REASON_SELF_TEST with the culprit, REASON_PERSIST or REASON_REALTIME. An ARM with the
// fingerprint of another chair is refused without a trip: READY becomes OFF, REASON_OTHER_CHAIR.
// RELEASE is taken in READY, too, where something has not been seen released. A setpoint whose seq
// is not newer than the last frame's is refused; a RELEASE never is.
//
// After a suspend of the computer nothing is known of what happened meanwhile: whatever moves lets
// go (REASON_SUSPEND), READY becomes OFF, and every carriage must be homed again.
#ifndef CHAIRD_GUARD_GUARD_H
#define CHAIRD_GUARD_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/chair.h"
#include "core/wire.h"
#include "hal/hal.h"

struct guard; // see guard_private.h; made once with guard_new()

struct guard_input {
	int64_t now_us;
	int64_t due_us;  // when this step should have been made; now_us where it was not scheduled
	uint64_t levels; // logical level of every input line now
	const struct hal_event *events; // edges since the last step, oldest first
	size_t n_events;
	const struct hal_force *force; // by actuator index; entries without a sensor are ignored
	int hal_error; // 0, or the -errno of a failed line write or read since the last step
	const union wire_frame *frame; // from the controller, past wire_check(), or NULL
	bool link_up;                  // a controller is connected
	bool slept;                    // the computer was suspended since the last step
};

struct guard_output {
	uint64_t levels; // logical level of every output line that is not modulated
	uint16_t duty_permille[CHAIR_LINES_MAX]; // of PWM lines, by line index
	uint64_t pwm_lines;                      // which lines those are: constant for a chair
	bool cut;        // a cut: every level above is safe, and every duty 0, for now
	bool report;     // send a report now
	int64_t next_us; // step again then at the latest; TIME_NEVER while nothing moves
};

// Copies nothing: the chair must outlive the guard. outputs_persist: hal.h. -ENOMEM.
int guard_new(const struct chair *chair, bool outputs_persist, struct guard **ret_guard);
struct guard *guard_free(struct guard *guard);

// One step. To be called at next_us, at every edge of an input, at every frame, and at every
// change of the link. Real-time safe.
void guard_step(struct guard *guard, const struct guard_input *input, struct guard_output *ret);

// The guard's state as a frame. Real-time safe.
void guard_report(const struct guard *guard, struct wire_report *ret_report);

// The loop on real lines has no real-time priority or no locked memory: from now on an ARM is
// refused with REASON_REALTIME, unless the chair allows that.
void guard_no_realtime(struct guard *guard);

// The actuators that press and are not proven released, bit by index.
uint32_t guard_pressed(const struct guard *guard);

enum guard_mode guard_mode(const struct guard *guard);

struct guard_transition {
	enum guard_mode from, to;
	const char *reason;
};

// The table of all transitions of the mode.
const struct guard_transition *guard_transitions(size_t *ret_n);
// Those that this guard has made, bit by index in the table.
uint32_t guard_transitions_made(const struct guard *guard);
// The first transition that was attempted and is not in the table, an error of the program; NULL if
// there was none.
const struct guard_transition *guard_impossible(const struct guard *guard);

#endif
