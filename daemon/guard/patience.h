// SPDX-License-Identifier: MIT
//
// The timeout of a guard in lockstep for its controller's answer. A slow computer does not trigger
// it: time in which the controller is runnable and does not run does not count, nor does time in
// which the guard itself does not run.
#ifndef CHAIRD_GUARD_PATIENCE_H
#define CHAIRD_GUARD_PATIENCE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct patience {
	pid_t peer;
	int slept, waited; // slices of waiting: with the controller asleep; all
};

struct patience patience_begin(pid_t peer);
// Waits until the socket is readable, or for one slice (50 ms).
void patience_wait(struct patience *patience, int fd);
// True once the controller has slept for 1 s of the waiting, or after 30 s of waiting.
bool patience_lost(const struct patience *patience);

#endif
