// SPDX-License-Identifier: MIT
//
// chairguard: the only owner of every line, and the thin real-time shell around the engine.
//
// The loop sleeps in ppoll() until the next deadline or until a descriptor has something. There
// is no sd-event here: the guard has one deadline at a time, known in advance, and a general
// event loop would add allocation, a timer's default accuracy of 250 ms and work on each wake-up.
// The deadline is absolute; what ppoll() gets is what is left of it, taken right before the call.
// A SCHED_FIFO thread has no timer slack.
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sysexits.h>
#include <unistd.h>

#include "config/library.h"
#include "guard/engine.h"
#include "guard/line_record.h"
#include "guard/link.h"
#include "guard/options.h"
#include "guard/realtime.h"
#include "guard/teller.h"
#include "hal/lines.h"
#include "hal/sim.h"
#include "service/clock.h"
#include "service/log.h"
#include "service/notify.h"

#define FRAMES_PER_WAKE 16 // the rest waits for the next turn, so that no flood delays an edge
#define STOP_MARGIN_US  (1 * US_PER_S)

enum fd_index { FD_SIGNAL, FD_LISTEN, FD_LINK, FD_HAL, FDS_MAX = FD_HAL + HAL_FDS_MAX };

struct app {
	struct options options;
	struct chair chair;
	bool chair_wrong; // its file cannot be used: trying again is of no use
	struct service_clock clock;
	FILE *trace;
	struct hal *hal;
	struct engine *engine;
	struct link link;
	struct teller teller;
	int signal_fd;
	int64_t watchdog_us; // half of systemd's interval, 0: none; both on the monotonic clock
	int64_t watchdog_next_us;
	int64_t stop_by_us; // TIME_NEVER until somebody asks; on the app's clock
	enum guard_mode told_mode;
	enum guard_reason told_reason;
	uint32_t told_refused;
};

static int64_t app_now_us(const struct app *app)
{
	return clock_now_us(&app->clock);
}

// --- the loop ---------------------------------------------------------------------------------

static void tell_report(struct app *app, const struct wire_report *report)
{
	struct note note = { .kind = NOTE_MODE, .mode = report->mode, .reason = report->reason,
		.culprit = report->culprit };

	if (note.mode == app->told_mode && note.reason == app->told_reason)
		return;
	app->told_mode = note.mode;
	app->told_reason = note.reason;
	teller_say(&app->teller, &note);
}

static void link_changed(struct app *app, bool up)
{
	engine_link(app->engine, app_now_us(app), up);
	teller_say(&app->teller, &(struct note){ .kind = up ? NOTE_LINK_UP : NOTE_LINK_DOWN });
}

static void accept_controllers(struct app *app)
{
	if (link_accept(&app->link))
		link_changed(app, true);
	if (app->link.refused == app->told_refused)
		return;
	app->told_refused = app->link.refused;
	teller_say(&app->teller, &(struct note){ .kind = NOTE_SECOND, .count = app->told_refused });
}

static void take_frames(struct app *app)
{
	struct wire_report frame; // the largest frame there is

	for (int i = 0; i < FRAMES_PER_WAKE; i++) {
		int n = link_receive(&app->link, &frame, sizeof(frame));

		if (n == -EAGAIN)
			return;
		if (n < 0) {
			link_changed(app, false);
			return;
		}
		engine_frame(app->engine, app_now_us(app), &frame, (size_t)n);
	}
}

static void give_report(struct app *app)
{
	struct wire_report report;

	if (!engine_take_report(app->engine, &report))
		return;
	link_send(&app->link, &report);
	tell_report(app, &report);
}

// The longest that a release of this chair may take.
static int64_t release_max_us(const struct chair *chair)
{
	int longest_ms = 0;

	for (size_t i = 0; i < chair->n_actuators; i++) {
		int ms = chair->actuators[i].release_max_ms + chair->actuators[i].dead_time_ms;

		longest_ms = ms > longest_ms ? ms : longest_ms;
	}
	return longest_ms * US_PER_MS + STOP_MARGIN_US;
}

// Let go first, supervised, with the controller shut out; then end.
static void stop_begin(struct app *app)
{
	struct signalfd_siginfo info;

	if (read(app->signal_fd, &info, sizeof(info)) < 0 || app->stop_by_us != TIME_NEVER)
		return;
	teller_say(&app->teller, &(struct note){ .kind = NOTE_STOP });
	app->stop_by_us = app_now_us(app) + release_max_us(&app->chair);
	engine_link(app->engine, app_now_us(app), false);
}

static bool stopped(const struct app *app)
{
	enum guard_mode mode = engine_mode(app->engine);

	if (engine_failed(app->engine))
		return true;
	if (app->stop_by_us == TIME_NEVER)
		return false;
	return (mode != GUARD_ACTIVE && mode != GUARD_RELEASING) ||
		app_now_us(app) >= app->stop_by_us;
}

static void feed_watchdog(struct app *app)
{
	int64_t now_us = clock_monotonic_us();

	if (!app->watchdog_us || now_us < app->watchdog_next_us)
		return;
	app->watchdog_next_us = now_us + app->watchdog_us;
	teller_say(&app->teller, &(struct note){ .kind = NOTE_WATCHDOG });
}

static void wait_until(struct app *app, int64_t next_us, struct pollfd fds[FDS_MAX], size_t n_fds)
{
	int64_t until_us = clock_to_monotonic_us(&app->clock, min_i64(next_us, app->stop_by_us));
	struct timespec left;
	int64_t left_us;

	if (app->watchdog_us)
		until_us = min_i64(until_us, app->watchdog_next_us);
	fds[FD_LINK].fd = app->stop_by_us == TIME_NEVER ? app->link.fd : -1;
	fds[FD_LISTEN].fd = app->stop_by_us == TIME_NEVER ? app->link.listen_fd : -1;
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

// A chip that has gone would wake the loop for ever. The guard has tripped on it by now, and every
// step that reads the lines finds the error again.
static void drop_failed(struct pollfd *fds, size_t n_fds)
{
	for (size_t i = FD_HAL; i < n_fds; i++) {
		if (fds[i].revents & (POLLERR | POLLHUP | POLLNVAL))
			fds[i].fd = -1;
	}
}

static void loop(struct app *app)
{
	struct pollfd fds[FDS_MAX];
	int hal_fds_list[HAL_FDS_MAX];
	size_t n_fds = FD_HAL + hal_fds(app->hal, hal_fds_list);
	int64_t next_us = engine_step(app->engine, app_now_us(app));

	for (size_t i = 0; i < n_fds; i++)
		fds[i] = (struct pollfd){ .fd = i < FD_HAL ? -1 : hal_fds_list[i - FD_HAL],
			.events = POLLIN };
	fds[FD_SIGNAL].fd = app->signal_fd;

	while (!stopped(app)) {
		wait_until(app, next_us, fds, n_fds);
		if (fds[FD_SIGNAL].revents)
			stop_begin(app);
		if (fds[FD_LINK].revents)
			take_frames(app);
		if (fds[FD_LISTEN].revents)
			accept_controllers(app);
		next_us = engine_step(app->engine, app_now_us(app));
		drop_failed(fds, n_fds);
		give_report(app);
		feed_watchdog(app);
	}
}

// --- from nothing to the loop -----------------------------------------------------------------

static int load_chair(struct app *app)
{
	const char *file = app->options.chair_file;
	struct problems problems = { 0 };
	char text[512];
	int r = chair_load(file, &problems, &app->chair);

	for (size_t i = 0; i < problems.n; i++) {
		problem_format(&problems.list[i], text, sizeof(text));
		log_error("%s", text);
	}
	problems_clear(&problems);
	app->chair_wrong = r < 0;
	if (r < 0)
		log_error("%s: cannot be used: %s", file, strerror(-r));
	return r;
}

// Signals are taken by the loop, and by no thread that is made from here on.
static int open_signals(struct app *app)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return -errno;
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	app->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	return app->signal_fd < 0 ? -errno : 0;
}

static int open_lines(struct app *app)
{
	struct lines_error error = { "" };
	int r = lines_open(&app->chair, &(struct lines_options){ 0 }, &app->hal, &error);

	if (r < 0)
		log_error("the lines cannot be had: %s", error.text[0] ? error.text : strerror(-r));
	return r;
}

static int inject_faults(struct app *app)
{
	for (size_t i = 0; i < app->options.n_faults; i++) {
		struct sim_fault fault;
		char why[256];
		int r = sim_fault_parse(&app->chair, app->options.faults[i], &fault, why, sizeof(why));

		if (r < 0) {
			log_error("--fault=%s: %s", app->options.faults[i], why);
			return r;
		}
		r = sim_inject(app->hal, &fault);
		if (r < 0) {
			log_error("--fault=%s: %s", app->options.faults[i], strerror(-r));
			return r;
		}
	}
	return 0;
}

static int open_simulation(struct app *app)
{
	struct sim_options options = {
		.seed = app->options.seed,
		.empty_seat = app->options.empty_seat,
		.control_path = app->options.control_path,
		.speed = app->options.speed,
	};
	int r;

	if (app->options.trace_file) {
		app->trace = fopen(app->options.trace_file, "we");
		if (!app->trace) {
			log_error("%s: %s", app->options.trace_file, strerror(errno));
			return -errno;
		}
		options.trace = app->trace;
	}
	r = sim_new(&app->chair, &options, &app->hal);
	if (r < 0) {
		log_error("the simulated chair cannot be made: %s", strerror(-r));
		return r;
	}
	return inject_faults(app);
}

static int open_all(struct app *app)
{
	int r = open_signals(app);

	if (r < 0)
		return r;
	r = app->options.simulated ? open_simulation(app) : open_lines(app);
	if (r < 0)
		return r;
	r = engine_new(&app->chair, app->hal, app->options.speed, &app->engine);
	if (r == 0)
		r = teller_start(&app->teller, &app->chair);
	if (r < 0) {
		log_error("cannot start: %s", strerror(-r));
		return r;
	}
	if (!app->options.simulated) {
		r = line_record_write(app->options.socket_path, &app->chair);
		if (r < 0)
			log_warning("the record of the lines: %s", strerror(-r));
	}
	r = link_open(app->options.socket_path, notify_listen_fd(), &app->link);
	if (r < 0) {
		log_error("%s: %s", app->options.socket_path, strerror(-r));
		teller_stop(&app->teller);
	}
	return r;
}

// How it ended. What is left on the person is the last thing that the log says.
static int say_end(const struct app *app)
{
	uint32_t pressed = engine_pressed(app->engine);

	for (size_t i = 0; i < app->chair.n_actuators; i++) {
		if (pressed >> i & 1)
			log_error("%s is not proven released: the person may still be pressed by it; pull "
				"the emergency stop and turn the chair back by hand",
				app->chair.actuators[i].name);
	}
	if (engine_failed(app->engine)) {
		log_error("the lines do not take their safe levels: closing them");
		return -EIO;
	}
	log_info(pressed ? "ends" : "ends, with everything let go");
	return 0;
}

static int run(struct app *app)
{
	int r = load_chair(app);

	if (r < 0)
		return r;
	app->clock = clock_start(app->options.speed);
	r = open_all(app);
	if (r < 0)
		goto out;
	app->watchdog_us = notify_watchdog_interval_us() / 2;
	r = realtime_enter();
	if (r < 0)
		log_warning("no real-time priority or locked memory: %s", strerror(-r));
	log_info("%s: %s, %zu actuators", app->options.socket_path, app->chair.id,
		app->chair.n_actuators);
	notify_ready("off");
	loop(app);
	notify_stopping();
	link_close(&app->link);
	teller_stop(&app->teller);
	r = say_end(app);
out:
	engine_free(app->engine);
	hal_free(app->hal);
	if (app->trace)
		fclose(app->trace);
	return r;
}

static int lines_off(const struct chair *chair)
{
	struct lines_error error = { "" };
	int r = lines_safe_off(chair, &(struct lines_options){ 0 }, &error);

	if (r < 0)
		log_error("not every line is safe: %s", error.text[0] ? error.text : strerror(-r));
	return r;
}

// The lines that the guard held, and those of the chair file: it may have changed, or be lost.
static int safe_off(struct app *app)
{
	struct chair held;
	int recorded = line_record_read(app->options.socket_path, &held);
	int r = recorded == 0 ? lines_off(&held) : 0;
	int loaded = load_chair(app);

	if (loaded == 0) {
		int chair = lines_off(&app->chair);

		return r < 0 ? r : chair;
	}
	if (recorded < 0)
		return loaded;
	app->chair_wrong = false; // it was not needed
	return r;
}

static int check(struct app *app)
{
	int r = load_chair(app);

	if (r == 0)
		printf("%s: good\n", app->options.chair_file);
	return r;
}

int main(int argc, char *argv[])
{
	static struct app app = { .stop_by_us = TIME_NEVER, .signal_fd = -1, .link = { -1, -1 } };
	int r = 0;

	if (options_parse(argc, argv, &app.options) < 0)
		return 2;
	log_open("chairguard", app.options.verbose ? LOG_DEBUG : LOG_INFO);
	switch (app.options.task) {
	case TASK_HELP:
		options_usage();
		break;
	case TASK_VERSION:
		printf("chairguard %s\n", CHAIRD_VERSION);
		break;
	case TASK_CHECK:
		r = check(&app);
		break;
	case TASK_SAFE_OFF:
		r = safe_off(&app);
		break;
	case TASK_RUN:
		r = run(&app);
		break;
	}
	if (r < 0)
		return app.chair_wrong ? EX_CONFIG : EXIT_FAILURE;
	return EXIT_SUCCESS;
}
