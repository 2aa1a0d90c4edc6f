// SPDX-License-Identifier: MIT
//
// Waiting in the virtual time of the test kernel, which stands still while a process computes and
// leaps to the next timer when all wait.
#ifndef TESTS_KERNEL_PASS_H
#define TESTS_KERNEL_PASS_H

#include <stdint.h>

// The latency that an immediate effect may show. Computing takes no time, but each read of the
// clock takes 0.256 us and each failed system call 1 us, by which user-mode Linux keeps loops from
// standing still. Between a cause and its observed effect there are some of these; 5 us is the most
// that was measured.
#define PASS_AT_ONCE_US 20
// The delay of an ordinary process's wake-up after its timer, on any Linux.
#define PASS_SLACK_US   50

// Waits until that time on CLOCK_MONOTONIC, or for that long; plus the slack.
void pass_until_us(int64_t t_us);
void pass_us(int64_t us);

#endif
