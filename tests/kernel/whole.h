// SPDX-License-Identifier: MIT
//
// The whole system on lines of this kernel: broker, chaird, chairguard with the shipped bench, an
// MQTT client, and a press on the pins.
#ifndef TESTS_KERNEL_WHOLE_H
#define TESTS_KERNEL_WHOLE_H

#include "bench_hardware.h"
#include "tests/system/rig.h"

struct whole {
	struct rig *rig;
	struct bench_hardware *hardware;
	struct line_recorder *recorder; // the press's
	// To be set before a guard is started: it gets neither the limits of a unit nor the
	// capabilities that replace them.
	bool no_realtime;
};

// cmocka's; state is a struct whole *. Teardown fails the test if both directions have ever
// been on together.
int whole_setup(void **state);
int whole_setup_bare(void **state); // nothing runs
int whole_teardown(void **state);

// The chair from now on, with another text in place of the line that begins with a key.
void whole_edit(struct rig *rig, const char *key, const char *text);
// Everything, up to a chair that is ready and occupied.
void whole_start(struct whole *whole);
// The same, once all programs run and the client listens.
void whole_get_ready(struct whole *whole);
// A guard of its own with a task, such as "--safe-off", or NULL. To be freed.
struct process *whole_guard(const struct whole *whole, const char *task);

// Pushes the button until it is answered, and waits until its contact has come to rest.
void whole_reset(struct whole *whole);
// Requests a profile. Returns the mark from before.
size_t whole_play(struct whole *whole, const char *profile);
// Nothing has moved since t0_us, and nothing does; otherwise the test fails.
void whole_expect_rest(struct whole *whole, int64_t t0_us);

#endif
