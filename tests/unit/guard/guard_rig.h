// SPDX-License-Identifier: MIT
//
// A guard in virtual time with contacts that the test sets: it is stepped at its own deadlines, and
// after every step the rules that always hold are asserted.
#ifndef CHAIRD_TESTS_UNIT_GUARD_GUARD_RIG_H
#define CHAIRD_TESTS_UNIT_GUARD_GUARD_RIG_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "core/fingerprint.h"
#include "guard/guard.h"
#include "tests/unit/fixture.h"

#define KEEP_US (50 * US_PER_MS) // between two setpoints of the controller

enum { CARRIAGE, DEPTH, KNEAD, PUMP, SHOULDER, CALF }; // of the recliner
enum { PRESS };                                        // of the bench

struct guard_rig {
	struct chair chair;
	struct guard *guard;
	int64_t now_us, keep_next_us;
	uint64_t levels;                             // of the inputs
	struct hal_force force[CHAIR_ACTUATORS_MAX]; // force_n 0: about that of the applied drive
	struct guard_output out;
	bool link_up;
	bool keep; // repeat the setpoint of `demand`
	uint32_t seq;
	struct wire_demand demand[CHAIR_ACTUATORS_MAX];
	uint64_t steps;
	unsigned reports;
};

bool rig_on(const struct guard_rig *rig, int actuator, enum line_role role);
int rig_duty(const struct guard_rig *rig, int actuator);
enum guard_mode rig_mode(const struct guard_rig *rig);
struct wire_report rig_report(const struct guard_rig *rig);
uint32_t rig_flags(const struct guard_rig *rig, int actuator);
// Is any line of it away from its safe level?
bool rig_busy(const struct guard_rig *rig, int actuator);
bool rig_any_busy(const struct guard_rig *rig);

// Assert the rules that hold after every step; rig_step() does.
void rig_check(const struct guard_rig *rig);

// --- stepping ---------------------------------------------------------------------------------

// One step as the engine makes it; due_us before now_us: a late one.
void rig_step(struct guard_rig *rig, int64_t due_us, const struct hal_event *events,
	size_t n_events, int hal_error, const union wire_frame *frame);
void rig_poke(struct guard_rig *rig);
void rig_input(struct guard_rig *rig, int line, bool active);
void rig_role(struct guard_rig *rig, int actuator, enum line_role role, bool active);
void rig_pulse(struct guard_rig *rig, int actuator);
void rig_send_arm(struct guard_rig *rig, uint64_t fingerprint);
void rig_send(struct guard_rig *rig, enum wire_type type);
// Make the setpoint of `demand` without sending it.
void rig_make_setpoint(struct guard_rig *rig, uint32_t lease_ms, union wire_frame *ret_frame);
void rig_setpoint(struct guard_rig *rig, uint32_t lease_ms);
// Run for `us`, with a step at each deadline of the guard.
void rig_run(struct guard_rig *rig, int64_t us);
// Set the demand on one actuator, and repeat the setpoint from now on.
void rig_ask(struct guard_rig *rig, int actuator, enum wire_mode mode, int value);

// --- set-up -----------------------------------------------------------------------------------

void rig_open(struct guard_rig *rig, void (*fixture)(struct chair *chair));
void rig_close(struct guard_rig *rig);
void rig_arm(struct guard_rig *rig);
// The recliner, or the bench, armed and occupied.
void rig_recliner(struct guard_rig *rig);
void rig_bench(struct guard_rig *rig);
// Push an actuator until it is off its home switch.
void rig_press(struct guard_rig *rig, int actuator, int drive_permille);
void rig_press_reset(struct guard_rig *rig);

#define assert_reason(rig, expected) \
	assert_string_equal(guard_reason_name(rig_report(rig).reason), guard_reason_name(expected))
#define assert_mode(rig, expected) \
	assert_string_equal(guard_mode_name(rig_mode(rig)), guard_mode_name(expected))

#endif
