// SPDX-License-Identifier: MIT
//
// Test rig of real processes: broker, guard with a simulated chair, controller and MQTT client, in
// a folder of their own.
//
// The chair's time passes as fast as the programs run, and stands still when a test acts: the
// bounds of a release are taken from the pins in that time, and are exact. Times of people and of
// the network are the computer's; nothing is asserted about how much of it passes.
#ifndef TESTS_SYSTEM_RIG_H
#define TESTS_SYSTEM_RIG_H

#include "client.h"
#include "pins.h"
#include "process.h"

struct rig {
	char dir[64];
	char chair_file[160];
	char chair[16]; // its id
	int port;
	int grace_s;               // of the broker, in the settings
	const char *dose;          // keys of its group in the settings; NULL: no limits
	const char *more_settings; // lines for the settings file, or NULL
	struct process *broker, *guard, *chaird;
	struct client *client;
	int clock_fd;      // to the guard's clock
	struct pins *pins; // of the last rig_pins()
};

// cmocka's setup and teardown; state is a struct rig *.
int rig_setup_bench(void **state);
int rig_setup_recliner(void **state);
int rig_setup_bare(void **state); // a folder and files for the bench; nothing runs
int rig_setup_bare_recliner(void **state);
int rig_setup_bare_chair(void **state, const char *id); // one of tests/scenario/chairs
int rig_teardown(void **state);

// Start one part. Each returns when the part is ready, and fails the test if it is not.
void rig_start_broker(struct rig *rig);
void rig_start_guard(struct rig *rig, const char *more); // more: an option more, or NULL
void rig_start_chaird(struct rig *rig);
// End chaird by a signal, and start it again.
void rig_restart_chaird(struct rig *rig, int signal);
// Programs that are started from now on load preload/NAME.so; "" for none.
void rig_preload(const char *name);
// Start the listening client and wait for the chair to be online.
void rig_listen(struct rig *rig);

// Write the settings file again, for the next start of the controller.
void rig_settings(const struct rig *rig);

// A port of the loopback that is free now; it is not reserved.
int rig_free_port(void);

// The text of any file, to be freed. Fails the test if there is none.
char *rig_read(const char *path);
// Write a file of the folder.
void rig_write(const struct rig *rig, const char *name, const char *text);
// <folder>/<name>
const char *rig_path(const struct rig *rig, const char *name, char buf[200]);
// chair/<id>/<topic>
const char *rig_topic(const struct rig *rig, const char *topic, char buf[100]);

// Publish to a topic of the chair.
void rig_publish(struct rig *rig, const char *topic, const char *text);
// Wait for a message on a topic of the chair; fails the test if none arrives.
const struct received *rig_expect(struct rig *rig, size_t mark, const char *topic, const char *text,
	int timeout_ms);
// Fails the test if such a message has arrived.
void rig_refute(struct rig *rig, size_t mark, const char *topic, const char *text);

// Inject a fault by its spec (hal/sim/sim.h).
void rig_happen(struct rig *rig, const char *spec);

// Let the chair's time pass up to a halt (guard/lockstep.h): "halt:hold", "halt+2.5". Returns its
// time then.
int64_t rig_pass(struct rig *rig, const char *until);
// The same in two halves, for an action in between that makes the time pass.
void rig_will_halt(struct rig *rig, const char *until);
int64_t rig_halted(struct rig *rig);
void rig_go(struct rig *rig); // let the time pass

// Start a profile and run it to its first hold, where the time stands still. Returns the mark from
// before the start, and that time.
size_t rig_hold(struct rig *rig, const char *profile, int64_t *ret_now_us);

// The pins until now; valid until the next call.
const struct pins *rig_pins(struct rig *rig);
// Let within_ms and a second of the chair's time pass, and assert that every output is at its safe
// level since from_us + within_ms at the latest.
void rig_expect_safe(struct rig *rig, int64_t from_us, int within_ms);
// Assert that a minute of the chair's time later every output is at its safe level.
void rig_expect_nothing_on(struct rig *rig);

#endif
