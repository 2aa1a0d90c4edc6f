// SPDX-License-Identifier: MIT
//
// Time, which here is virtual: it stands still while anybody computes, and leaps to the next timer
// when all wait.
#ifndef TESTS_KERNEL_PASS_H
#define TESTS_KERNEL_PASS_H

#include <stdint.h>

// How much later than its cause something may seem that follows from it at once. Computing takes
// no time, but each look at the clock takes 0.256 us and each system call that fails 1 us: so
// user-mode Linux keeps loops from standing still. From a cause to what is seen of it there are
// some of them; 5 us are the most that was seen.
#define PASS_AT_ONCE_US 20
// How much later an ordinary process may be woken than it asked for, on any Linux.
#define PASS_SLACK_US   50

// Lets time go on to then, on CLOCK_MONOTONIC, or by so much; and by the slack.
void pass_until_us(int64_t t_us);
void pass_us(int64_t us);

#endif
