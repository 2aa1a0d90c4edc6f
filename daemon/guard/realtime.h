// SPDX-License-Identifier: MIT
//
// What makes a thread wake up on time.
#ifndef CHAIRD_GUARD_REALTIME_H
#define CHAIRD_GUARD_REALTIME_H

// SCHED_FIFO, memory locked, stack touched, no timer slack: as much of it as this user may have.
// 0, or the first -errno; what could be had is had all the same. Only for the calling thread.
int realtime_enter(void);

#endif
