// SPDX-License-Identifier: MIT
#include "guard/lines_wait.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "service/clock.h"
#include "service/feeder.h"
#include "service/log.h"
#include "service/notify.h"

#define FIRST_PAUSE_US (250 * US_PER_MS)
#define LAST_PAUSE_US  (5 * US_PER_S)

// Feed systemd's watchdog until then. True if the descriptor became readable first.
static bool pause_until(int64_t until_us, int signal_fd, struct feeder *feeder)
{
	struct pollfd signals = { .fd = signal_fd, .events = POLLIN };
	int64_t now_us;

	while ((now_us = clock_monotonic_us()) < until_us) {
		int64_t left_us;

		feeder_feed(feeder, now_us);
		left_us = min_i64(until_us, feeder->due_us) - now_us;
		if (poll(&signals, 1, (int)(left_us / US_PER_MS) + 1) > 0)
			return true;
	}
	return false;
}

// Log a cause once, and again when it changes.
static void log_cause(char logged[256], const char *cause)
{
	if (strcmp(logged, cause) == 0)
		return;
	log_error("waiting for the lines: %s", cause);
	if (*logged)
		notify_status("waiting for the lines: %s", cause);
	else
		notify_ready("waiting for the lines: %s", cause);
	snprintf(logged, 256, "%s", cause);
}

int lines_wait(const struct chair *chair, int signal_fd, struct hal **ret_hal)
{
	int64_t pause_us = FIRST_PAUSE_US;
	char logged[256] = "";
	struct feeder feeder;
	int r = feeder_open(&feeder);

	if (r < 0)
		log_error("systemd's watchdog cannot be fed: %s", strerror(-r));
	for (;;) {
		struct hal_error error = { "" };

		r = hal_gpio_open(chair, &(struct hal_gpio_options){ 0 }, ret_hal, &error);
		if (r == 0 || r == -ENOMEM)
			break;
		log_cause(logged, error.text[0] ? error.text : strerror(-r));
		if (pause_until(clock_monotonic_us() + pause_us, signal_fd, &feeder)) {
			r = -ECANCELED;
			break;
		}
		pause_us = min_i64(2 * pause_us, LAST_PAUSE_US);
	}
	if (r == 0 && *logged)
		log_info("all lines are available");
	feeder_close(&feeder);
	return r;
}
