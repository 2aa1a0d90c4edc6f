// SPDX-License-Identifier: MIT
#include "ctl/interrupt.h"

#include <signal.h>
#include <time.h>

static void fill(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGHUP);
}

void interrupt_block(void)
{
	sigset_t set;

	fill(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

// A pending signal is the whole state: there is no handler and no variable.
bool interrupt_take(void)
{
	sigset_t set;

	fill(&set);
	return sigtimedwait(&set, NULL, &(struct timespec){ 0 }) > 0;
}
