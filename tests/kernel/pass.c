// SPDX-License-Identifier: MIT
#include "pass.h"

#include <errno.h>
#include <time.h>

#include "tests/system/process.h"

void pass_until_us(int64_t t_us)
{
	const struct timespec until = { t_us / 1000000, t_us % 1000000 * 1000 };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
		;
}

void pass_us(int64_t us)
{
	pass_until_us(monotonic_us() + us);
}
