// SPDX-License-Identifier: MIT
#include "service/feeder.h"

#include <errno.h>
#include <unistd.h>

#include "core/units.h"
#include "service/notify.h"

#define TRIES 8 // per interval, while systemd does not read

int feeder_open(struct feeder *feeder)
{
	int64_t watchdog_us = notify_watchdog_interval_us();

	*feeder = (struct feeder){ .fd = -1, .due_us = TIME_NEVER };
	if (!watchdog_us || !notify_address(&feeder->address, &feeder->address_size))
		return 0;
	feeder->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (feeder->fd < 0)
		return -errno;
	feeder->interval_us = watchdog_us / 2;
	feeder->due_us = 0;
	return 0;
}

void feeder_close(struct feeder *feeder)
{
	if (feeder->fd >= 0)
		close(feeder->fd);
	feeder->fd = -1;
	feeder->due_us = TIME_NEVER;
}

void feeder_feed(struct feeder *feeder, int64_t now_us)
{
	static const char fed[] = "WATCHDOG=1";

	if (now_us < feeder->due_us)
		return;
	if (sendto(feeder->fd, fed, sizeof(fed) - 1, MSG_DONTWAIT | MSG_NOSIGNAL,
		    (const struct sockaddr *)&feeder->address, feeder->address_size) >= 0)
		feeder->due_us = now_us + feeder->interval_us;
	else
		feeder->due_us = now_us + feeder->interval_us / TRIES;
}
