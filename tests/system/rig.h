// SPDX-License-Identifier: MIT
//
// A broker, a guard with a simulated chair, a controller, and a client that listens: real
// processes in a folder of their own.
//
// The chair's time passes as fast as the programs can go, and stands still where a test wants to
// act: the bounds of a release are taken from the pins, in that time, and are exact. People's and
// the network's time is the computer's; nothing is asserted about how much of it passes.
#ifndef TESTS_SYSTEM_RIG_H
#define TESTS_SYSTEM_RIG_H

#include "client.h"
#include "pins.h"
#include "process.h"

// Against hanging, and nothing else: what is waited for takes a moment on an idle machine.
#define SOON_MS 120000

struct rig {
	char dir[64];
	char chair_file[160];
	char chair[16]; // its id
	int port;
	int grace_s; // of the broker, in the settings
	struct process *broker, *guard, *chaird;
	struct client *client;
	int clock_fd;      // to the guard's clock
	struct pins *pins; // as last asked for
};

// cmocka's setup and teardown; state is a struct rig *.
int rig_setup_bench(void **state);
int rig_setup_recliner(void **state);
int rig_setup_bare(void **state); // a folder and files for the bench; nothing runs
int rig_setup_bare_recliner(void **state);
int rig_teardown(void **state);

// One part at a time. Each returns once the part is ready; fails the test where it is not.
void rig_start_broker(struct rig *rig);
void rig_start_guard(struct rig *rig, const char *more); // more: an option more, or NULL
void rig_start_chaird(struct rig *rig);
// Start the listening client and wait for the chair to be online.
void rig_listen(struct rig *rig);

// A port of the loopback that is free now; whoever takes it first has it.
int rig_free_port(void);

// <folder>/<name>
const char *rig_path(const struct rig *rig, const char *name, char buf[200]);
// chair/<id>/<topic>
const char *rig_topic(const struct rig *rig, const char *topic, char buf[100]);

// Publish to a topic of the chair's.
void rig_publish(struct rig *rig, const char *topic, const char *text);
// Wait for a message on a topic of the chair's; fails the test where it does not come.
const struct received *rig_expect(struct rig *rig, size_t mark, const char *topic, const char *text,
	int timeout_ms);
// Fails the test where such a message has come.
void rig_refute(struct rig *rig, size_t mark, const char *topic, const char *text);

// What a fault spec says happens to the chair (hal/sim/sim.h).
void rig_happen(struct rig *rig, const char *spec);

// Let the chair's time pass until it is to stand still (guard/lockstep.h): "halt:hold", "halt+2.5".
// Its time then.
int64_t rig_pass(struct rig *rig, const char *until);
// The same in two halves, to do in between what makes it pass.
void rig_will_halt(struct rig *rig, const char *until);
int64_t rig_halted(struct rig *rig);
void rig_go(struct rig *rig); // let it pass on

// Start a profile and let it come to its first hold, where the time stands still. Returns the mark
// from before the start and that time.
size_t rig_hold(struct rig *rig, const char *profile, int64_t *ret_now_us);

// The pins until now; valid until the next call.
const struct pins *rig_pins(struct rig *rig);
// Pass that much of the chair's time, a second more, and find every output at its safe level since
// from_us + within_ms at the latest.
void rig_expect_safe(struct rig *rig, int64_t from_us, int within_ms);

#endif
