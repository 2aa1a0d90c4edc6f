// SPDX-License-Identifier: MIT
//
// Real-time priority and locked memory for the calling thread.
#ifndef CHAIRD_GUARD_REALTIME_H
#define CHAIRD_GUARD_REALTIME_H

// Sets SCHED_FIFO, locks memory, prefaults the stack and turns timer slack off, each as far as the
// user's limits permit. 0, or the -errno of the first that failed; the others are set all the same.
int realtime_enter(void);

#endif
