// SPDX-License-Identifier: MIT
//
// The guard: a pure state machine between the controller and the motors.
//
// It executes setpoints with a short lease, applies every ceiling by itself, and releases the
// person if the controller falls silent, sends wrong frames or dies. Time is an argument; nothing
// here does I/O, allocates (but for guard_new()) or reads a clock.
//
//                 ARM, self-test passed              setpoint
//          +-----+ -------------------------> +-------+ --------> +--------+
//   start->| OFF |                            | READY |           | ACTIVE |
//          +-----+ <--- link lost ----------- +-------+ <--+      +--------+
//           |   ^                                |         |          | lease, RELEASE, stop, link,
//   RELEASE,|   |                                |         |          | seat, session length,
//    reset  |   |    reset edge, inputs plausible|    all proven       | on-time, duty, position
//           |   |                                |    released         v
//           |  +---------+ <- trip: proven or ---+------- +-----------+
//           +->| TRIPPED |    out of tries                | RELEASING |
//              +---------+ ---- RELEASE ----------------> +-----------+
//                   ^---------- E-stop, HAL (outputs safe at once)
//
// The table of all transitions is in mode.c.
//
// A release ends by proof, never by time alone (proof.c): a press at its home and below 3 N, a cell
// vented for its time and below 3 N. A release that passes its bound without a proof is tried twice
// more, with a pause, then latched as REASON_NOT_RELEASED, which outranks every other reason.
// RELEASE and the reset start a release in every mode in which the E-stop is closed, in the
// releasing direction only; a latched fault stays latched. After a start nothing moves by itself,
// and no actuator is pushed before it has been proven released.
//
// E-stop and HAL errors put every output at its safe level in the same step, because motor power is
// gone or the lines cannot be trusted. Every other trip first carries out the release of each
// actuator, then latches; an actuator that was driven and did not arrive is not driven in that
// release unless it is a press. A press with a doubted end switch pulls back for its whole release
// time, whatever the switch reads, and is not proven released by it.
//
// A relay without PWM is never pulsed: it stays on for the chair's min_on_ms and off for its
// min_off_ms. The stop wins: only the end of a demand waits for min_on_ms. A release, a trip, the
// E-stop, a ceiling, an end switch, the budget and an exclusive group are obeyed at once, and after
// them the relay rests all the same.
//
// Back rests, leg rests and extensions stop where they are; their positions are intervals, and what
// is not known is homed first (posture.c). A heater is never on without a good temperature, and the
// guard is its thermostat (heat.c). A motor above its current, and a current, temperature or
// position that is not measured, trip the chair (measure.c).
//
// After every release, requested or not, setpoints have no effect until the next ARM: frames that
// were in flight start nothing.
//
// A stop button in the person's reach acts as a RELEASE, without the controller, once it has been
// pressed for the debounce time; while it is pressed no ARM is accepted (REASON_STOP_BUTTON). The
// other buttons are debounced and reported, for the controller to act on.
//
// ARM in READY runs the self-test again. It starts a new session's time if nothing has moved for a
// minute; otherwise the session's time goes on. An ARM that fails the self-test trips:
// REASON_SELF_TEST with the culprit, REASON_PERSIST or REASON_REALTIME. An ARM with the fingerprint
// of another chair is refused without a trip: READY becomes OFF, REASON_OTHER_CHAIR. RELEASE is
// accepted in READY, too, if an actuator is not proven released. A setpoint whose seq is not newer
// than the last frame's is refused; a RELEASE never is.
//
// After a suspend of the computer the state of the chair is unknown: whatever moves is released
// (REASON_SUSPEND), READY becomes OFF, and every carriage must be homed again.
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
	int64_t due_us;  // when this step should have been made; now_us if it was not scheduled
	uint64_t levels; // logical level of every input line
	const struct hal_event *events; // edges since the last step, oldest first
	size_t n_events;
	const struct hal_force *force; // by actuator index; entries without a sensor are ignored
	// The same of every other quantity; NULL: the chair measures none.
	const struct hal_measurement (*measured)[QUANTITY_COUNT];
	int hal_error; // 0, or the -errno of a failed line write or read since the last step
	const union wire_frame *frame; // from the controller, past wire_check(), or NULL
	bool link_up;                  // a controller is connected
	bool slept;                    // the computer was suspended since the last step
};

struct guard_output {
	uint64_t levels; // logical level of every output line that is not modulated
	uint16_t duty_permille[CHAIR_LINES_MAX]; // by line index, of PWM lines only
	uint64_t pwm_lines;                      // which lines those are: constant for a chair
	bool cut;        // in this step every level is safe and every duty 0
	bool report;     // send a report now
	int64_t next_us; // latest time of the next step; TIME_NEVER: only at an event
};

// The chair is borrowed and must outlive the guard. outputs_persist: see hal.h. 0 or -ENOMEM.
int guard_new(const struct chair *chair, bool outputs_persist, struct guard **ret_guard);
struct guard *guard_free(struct guard *guard);

// Make one step: at next_us, at every edge of an input, at every frame, and at every change of the
// link. Real-time safe.
void guard_step(struct guard *guard, const struct guard_input *input, struct guard_output *ret);

// The guard's state as a frame. Real-time safe.
void guard_report(const struct guard *guard, struct wire_report *ret_report);

// Declare that the loop on real lines has no real-time priority or no locked memory: from now on an
// ARM is refused with REASON_REALTIME, unless the chair allows that.
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
