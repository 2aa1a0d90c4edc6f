// SPDX-License-Identifier: MIT
//
// Simulator of a whole session in virtual time: chair, guard and session in one thread.
//
// It runs the session and guard code of the daemons, with the plant behind the simulated lines:
// there is no second model of any of them. Frames take no time unless a delay is set.
#ifndef CHAIRD_CTL_SIMULATOR_H
#define CHAIRD_CTL_SIMULATOR_H

#include "core/session.h"
#include "guard/engine.h"
#include "hal/sim/sim.h"

struct simulator;

struct simulator_options {
	struct sim_options sim;
	int64_t frame_delay_us; // each way
};

int simulator_new(const struct chair *chair, const struct simulator_options *options,
	struct simulator **ret_simulator);
struct simulator *simulator_free(struct simulator *simulator);

// Callbacks: on every event and every transition of the session, after every step, and after a step
// that changed the session's status other than its times; on every press of a button (button.h),
// with the answer to its command. A button that starts a profile does so only there.
struct simulator_watch {
	void (*event)(void *data, int64_t now_us, const struct session_event *event);
	void (*step)(void *data, int64_t now_us);
	void (*changed)(void *data, int64_t now_us);
	void (*transition)(void *data, struct session_transition transition);
	void (*pressed)(void *data, int64_t now_us, size_t button, enum refusal refusal);
	void *data;
};

// Run until until_us. Returns the time of the last step, which is earlier if everything is at rest.
int64_t simulator_run(struct simulator *simulator, int64_t until_us,
	const struct simulator_watch *watch);
// Called from a watch: end the run after this step.
void simulator_stop(struct simulator *simulator);

enum refusal simulator_command(struct simulator *simulator, const struct command *command,
	const struct plan *plan);
// The controller dies: it sends no more frames (the link stays up, or drops as well).
void simulator_kill_controller(struct simulator *simulator, bool drop_link);
// The guard dies, for good: its outputs stay as they are, and nothing writes them any more.
void simulator_kill_guard(struct simulator *simulator);
void simulator_revive_controller(struct simulator *simulator);
// The broker connects or is lost. (Its times are in the chair's time here.)
void simulator_broker(struct simulator *simulator, bool up);
// Deliver bytes to the guard as if the controller had sent them.
void simulator_send_raw(struct simulator *simulator, const void *bytes, size_t size);

int64_t simulator_now_us(const struct simulator *simulator);
// Last report of the guard, also while the controller is dead; NULL: none yet.
const struct wire_report *simulator_report(const struct simulator *simulator);
struct session *simulator_session(struct simulator *simulator);
struct engine *simulator_engine(struct simulator *simulator);
struct hal *simulator_hal(struct simulator *simulator);

#endif
