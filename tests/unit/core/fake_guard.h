// SPDX-License-Identifier: MIT
//
// A scripted guard with a session of the recliner on top of it, in virtual time.
//
// The guard executes its frames without noise, friction or checks. A test makes it release
// (fake_release), trip (fake_mode) or send no reports (silent).
#ifndef CHAIRD_TESTS_UNIT_CORE_FAKE_GUARD_H
#define CHAIRD_TESTS_UNIT_CORE_FAKE_GUARD_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/deadman.h"
#include "core/session.h"

#define FAKE_TICK_US (20 * US_PER_MS)
#define FAKE_LOG_MAX 4096

enum { CARRIAGE, DEPTH, KNEAD, PUMP, SHOULDER_CELLS, CALF_CELLS, BACK };

struct fake {
	struct chair chair;
	struct deadman deadman;
	struct session *session;
	struct plan plan;

	// the guard
	int64_t now_us, next_us;
	struct wire_report report;
	bool link, silent, asked;                 // asked: a report is due
	int64_t released_us[CHAIR_ACTUATORS_MAX]; // a release under way ends; TIME_NEVER: none
	int64_t lease_until_us;
	struct wire_demand demand[CHAIR_ACTUATORS_MAX];
	double force_n[CHAIR_ACTUATORS_MAX];

	// what was seen
	enum session_phase phases[FAKE_LOG_MAX];
	size_t n_phases;
	struct session_event events[FAKE_LOG_MAX];
	size_t n_events;
	int frames[8]; // by enum wire_type
	bool early;    // a setpoint came in OFF
	bool together; // a carriage moved while a press was not released, outside of a stroke
	struct session_transition impossible[FAKE_LOG_MAX];
	size_t n_impossible; // transitions without a reason
};

// The guard enters a mode and reports it.
void fake_mode(struct fake *fake, enum guard_mode mode, enum guard_reason reason);
// The guard releases every actuator.
void fake_release(struct fake *fake, enum guard_reason reason);

struct session_status fake_status(const struct fake *fake);
void fake_step_session(struct fake *fake);
// 20 ms: the guard acts and reports; the session steps after a report and when it is due.
void fake_tick(struct fake *fake);
void fake_run(struct fake *fake, double seconds);
// Run until the session is in the phase; false if that takes more than an hour.
bool fake_until(struct fake *fake, enum session_phase phase);

enum refusal fake_command(struct fake *fake, const struct command *command);
enum refusal fake_verb(struct fake *fake, enum command_verb verb);

int fake_count(const struct fake *fake, enum session_event_type type);
// The last event of the type; NULL: none.
const struct session_event *fake_event(const struct fake *fake, enum session_event_type type);

// Append a posture to the plan.
void fake_add_posture(struct fake *fake);

struct fake *fake_new(void);
void fake_free(struct fake *fake);
// The guard accepts the session's connection and sends its first report.
void fake_connect(struct fake *fake);

#endif
