// SPDX-License-Identifier: MIT
//
// How long a guard in lockstep waits for its controller's answer. It is not a verdict about a slow
// computer: the time in which the controller wants the processor and does not get it does not
// count, nor does time in which the guard itself did not get it.
#ifndef CHAIRD_GUARD_PATIENCE_H
#define CHAIRD_GUARD_PATIENCE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct patience {
	pid_t peer;
	int slept, waited; // slices: it did not want the processor; all
};

struct patience patience_begin(pid_t peer);
// Until the socket has something, or for one slice.
void patience_wait(struct patience *patience, int fd);
// It has slept for a second, or has been waited for for 30.
bool patience_lost(const struct patience *patience);

#endif
