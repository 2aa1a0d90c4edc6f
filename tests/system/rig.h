// SPDX-License-Identifier: MIT
//
// A broker, a guard with a simulated chair, a controller, and a client that listens: real
// processes in a folder of their own.
#ifndef TESTS_SYSTEM_RIG_H
#define TESTS_SYSTEM_RIG_H

#include "client.h"
#include "follower.h"
#include "process.h"

// How long a wait for something may take that takes a moment on an idle machine.
#define SOON_MS 15000

struct rig {
	char dir[64];
	char chair_file[160];
	char chair[16];  // its id
	int port, speed;
	struct process *broker, *guard, *chaird;
	struct client *client;
	struct follower *pins;
};

// cmocka's setup and teardown; state is a struct rig *. The bench runs in real time, the recliner
// 10 times faster: at 20 times a pulse of the PWM is as short as a timer of a virtual machine is late.
int rig_setup_bench(void **state);
int rig_setup_recliner(void **state);
int rig_setup_bare(void **state); // a folder and files for the bench; nothing runs
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
void rig_say(struct rig *rig, const char *topic, const char *text);
// Wait for a message on a topic of the chair's; fails the test where it does not come.
const struct received *rig_expect(struct rig *rig, size_t mark, const char *topic, const char *text,
	int timeout_ms);
// Fails the test where such a message has come.
void rig_refute(struct rig *rig, size_t mark, const char *topic, const char *text);

// What a fault spec says happens to the chair (hal/sim.h).
void rig_happen(struct rig *rig, const char *spec);
// Start a profile and wait until it holds. Returns the mark from before the start.
size_t rig_hold(struct rig *rig, const char *profile);
// Every output at its safe level within the time from from_us on, or the test fails.
void rig_expect_safe(struct rig *rig, int64_t from_us, int within_ms);

#endif
