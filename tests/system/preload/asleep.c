// SPDX-License-Identifier: MIT
//
// A suspend as a program sees it when it is awake again: CLOCK_BOOTTIME has run ahead of
// CLOCK_MONOTONIC. By an hour, from when the file $ASLEEP is there.
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define ASLEEP_S 3600

int clock_gettime(clockid_t clock, struct timespec *time)
{
	const char *file = getenv("ASLEEP");
	int r = (int)syscall(SYS_clock_gettime, clock, time);

	if (r == 0 && clock == CLOCK_BOOTTIME && file && access(file, F_OK) == 0)
		time->tv_sec += ASLEEP_S;
	return r;
}
