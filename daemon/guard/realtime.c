// SPDX-License-Identifier: MIT
#include "guard/realtime.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>

// Above threaded interrupt handlers (50), so that no device's interrupts delay a deadline (an edge
// may be delivered a step later, for it carries its own time), and below the kernel's watchdogs
// (99).
#define PRIORITY       60
#define STACK_PREFAULT (64 * 1024) // more than the loop ever uses

// Touch the stack once, so that the loop causes no page fault.
static void prefault_stack(void)
{
	char stack[STACK_PREFAULT];

	memset(stack, 0, sizeof(stack));
	__asm__ volatile("" : : "r"(stack) : "memory"); // do not optimise it away
}

int realtime_enter(void)
{
	struct sched_param parameters = { .sched_priority = PRIORITY };
	int r = 0;

	prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL); // in case SCHED_FIFO is not permitted
	if (mlockall(MCL_CURRENT | MCL_FUTURE) < 0)
		r = -errno;
	prefault_stack();
	if (sched_setscheduler(0, SCHED_FIFO, &parameters) < 0 && r == 0)
		r = -errno;
	return r;
}
