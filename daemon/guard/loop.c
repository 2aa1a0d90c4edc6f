// SPDX-License-Identifier: MIT
//
// The real-time loop. It sleeps in ppoll() until the next deadline or until a descriptor is ready.
// It does not use sd-event: the guard has one deadline at a time, known in advance, and a general
// event loop would add allocation, a timer's default accuracy of 250 ms and work on each wake-up.
// The deadline is absolute; the rest of it, for ppoll(), is computed right before the call. A
// SCHED_FIFO thread has no timer slack.
#include <errno.h>
#include <poll.h>
#include <time.h>

#include "guard/shell.h"
#include "service/clock.h"

#define FRAMES_PER_WAKE 16 // the rest waits for the next wake-up, so that no flood delays an edge

enum fd_index { FD_SIGNAL, FD_LISTEN, FD_LINK, FD_HAL, FDS_MAX = FD_HAL + HAL_FDS_MAX };

static void handle_frames(struct shell *shell)
{
	union wire_frame frame;

	for (int i = 0; i < FRAMES_PER_WAKE || link_holds_frame(&shell->link); i++) {
		int n = link_receive(&shell->link, &frame);

		if (n == -EAGAIN)
			return;
		if (n < 0) {
			shell_link_changed(shell, clock_monotonic_us(), false);
			return;
		}
		engine_frame(shell->engine, clock_monotonic_us(), &frame, (size_t)n);
	}
}

static void wait_until(struct shell *shell, int64_t next_us, struct pollfd fds[FDS_MAX],
	size_t n_fds)
{
	int64_t until_us = min_i64(min_i64(next_us, shell->stop_by_us), shell->feeder.due_us);
	struct timespec left;
	int64_t left_us;

	fds[FD_LINK].fd = shell_stopping(shell) ? -1 : shell->link.fd;
	fds[FD_LISTEN].fd = shell_stopping(shell) ? -1 : shell->link.listen_fd;
	left_us = until_us - clock_monotonic_us();
	if (left_us < 0)
		left_us = 0;
	left = (struct timespec){ .tv_sec = left_us / US_PER_S,
		.tv_nsec = left_us % US_PER_S * 1000 };
	if (ppoll(fds, n_fds, until_us == TIME_NEVER ? NULL : &left, NULL) <= 0) {
		for (size_t i = 0; i < n_fds; i++)
			fds[i].revents = 0;
	}
}

// Stop polling a chip that has disappeared, which would wake the loop for ever. The guard has
// tripped by now, and every further read of the lines returns the error again.
static void drop_failed(struct pollfd *fds, size_t n_fds)
{
	for (size_t i = FD_HAL; i < n_fds; i++) {
		if (fds[i].revents & (POLLERR | POLLHUP | POLLNVAL))
			fds[i].fd = -1;
	}
}

void loop_run(struct shell *shell, struct hal *hal)
{
	struct pollfd fds[FDS_MAX];
	int hal_fds_list[HAL_FDS_MAX];
	size_t n_fds = FD_HAL + hal_fds(hal, hal_fds_list);
	int64_t next_us = engine_step(shell->engine, clock_monotonic_us());

	for (size_t i = 0; i < n_fds; i++)
		fds[i] = (struct pollfd){ .fd = i < FD_HAL ? -1 : hal_fds_list[i - FD_HAL],
			.events = POLLIN };
	fds[FD_SIGNAL].fd = shell->signal_fd;

	while (!shell_stopped(shell, clock_monotonic_us())) {
		wait_until(shell, next_us, fds, n_fds);
		if (suspend_happened(&shell->suspend))
			engine_slept(shell->engine, clock_monotonic_us());
		if (fds[FD_SIGNAL].revents)
			shell_stop(shell, clock_monotonic_us());
		if (fds[FD_LINK].revents)
			handle_frames(shell);
		if (fds[FD_LISTEN].revents)
			shell_accept(shell, clock_monotonic_us());
		next_us = engine_step(shell->engine, clock_monotonic_us());
		drop_failed(fds, n_fds);
		shell_report(shell);
		feeder_feed(&shell->feeder, clock_monotonic_us());
	}
}
