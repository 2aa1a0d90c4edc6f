// SPDX-License-Identifier: MIT
#include "control/watchdog.h"

#include "service/clock.h"
#include "service/notify.h"

static void feed(struct watchdog *watchdog)
{
	watchdog->fed_us = clock_monotonic_us();
	notify_watchdog();
}

static int on_timer(sd_event_source *source, uint64_t usec, void *data)
{
	struct watchdog *watchdog = data;

	(void)usec;
	if (guard_link_is_up(watchdog->guard))
		guard_link_query(watchdog->guard);
	else
		feed(watchdog);
	sd_event_source_set_time_relative(source, (uint64_t)watchdog->interval_us / 2);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

int watchdog_start(struct watchdog *watchdog, sd_event *event, struct guard_link *guard)
{
	watchdog->guard = guard;
	watchdog->interval_us = notify_watchdog_interval_us();
	if (!watchdog->interval_us)
		return 0;
	return sd_event_add_time_relative(event, &watchdog->timer, CLOCK_MONOTONIC,
		(uint64_t)watchdog->interval_us / 2, (uint64_t)watchdog->interval_us / 10, on_timer,
		watchdog);
}

void watchdog_report(struct watchdog *watchdog)
{
	if (watchdog->interval_us &&
		clock_monotonic_us() - watchdog->fed_us >= watchdog->interval_us / 4)
		feed(watchdog);
}

void watchdog_stop(struct watchdog *watchdog)
{
	watchdog->timer = sd_event_source_disable_unref(watchdog->timer);
}
