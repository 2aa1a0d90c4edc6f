// SPDX-License-Identifier: MIT
//
// chairguard: the process that owns every line of the chair.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "config/library.h"
#include "guard/line_record.h"
#include "guard/lines_wait.h"
#include "guard/lockstep.h"
#include "guard/options.h"
#include "guard/realtime.h"
#include "hal/hal_gpio.h"
#include "hal/sim/sim.h"
#include "service/log.h"
#include "service/notify.h"

struct app {
	struct options options;
	struct chair chair;
	bool chair_wrong; // its file is missing or wrong: a restart would not help
	bool started;     // the loop has begun: a failure from then on is a crash
	FILE *trace;
	struct fault_socket fault_socket;
	struct hal *hal;
	struct engine *engine;
	struct shell shell;
};

// --- start ------------------------------------------------------------------------------------

static int load_chair(struct app *app)
{
	const char *file = app->options.chair_file;
	struct problems problems = { 0 };
	int r = chair_load(file, &problems, &app->chair);

	problems_report(&problems, log_error_text, NULL);
	problems_clear(&problems);
	app->chair_wrong = r < 0;
	if (r < 0)
		log_error("%s: cannot be used: %s", file, strerror(-r));
	return r;
}

static int inject_faults(struct app *app)
{
	for (size_t i = 0; i < app->options.faults.n; i++) {
		struct sim_fault fault;
		char why[256];
		int r = sim_fault_parse(&app->chair, app->options.faults.items[i], &fault, why,
			sizeof(why));

		if (r < 0) {
			log_error("--fault=%s: %s", app->options.faults.items[i], why);
			return r;
		}
		r = sim_inject(app->hal, &fault);
		if (r < 0) {
			log_error("--fault=%s: %s", app->options.faults.items[i], strerror(-r));
			return r;
		}
	}
	return 0;
}

static int open_simulation(struct app *app)
{
	struct sim_options options = {
		.seed = (uint64_t)app->options.seed,
		.empty_seat = app->options.empty_seat,
	};
	int r;

	if (app->options.trace_file) {
		app->trace = fopen(app->options.trace_file, "we");
		if (!app->trace) {
			log_error("%s: %s", app->options.trace_file, strerror(errno));
			return -errno;
		}
		if (app->options.speed) // not as fast as possible: a person may be watching
			setvbuf(app->trace, NULL, _IOLBF, 0);
		options.trace = app->trace;
	}
	if (app->options.control_path) {
		r = fault_socket_open(&app->fault_socket, app->options.control_path);
		if (r < 0) {
			log_error("%s: %s", app->options.control_path, strerror(-r));
			return r;
		}
	}
	r = sim_new(&app->chair, &options, &app->hal);
	if (r < 0) {
		log_error("cannot create the simulated chair: %s", strerror(-r));
		return r;
	}
	return inject_faults(app);
}

static int open_all(struct app *app)
{
	int r = shell_block_signals(&app->shell);

	if (r >= 0)
		r = app->options.simulated
			? open_simulation(app)
			: lines_wait(&app->chair, app->shell.signal_fd, &app->hal);
	if (r < 0)
		return r;
	r = engine_new(&app->chair, app->hal, &app->engine);
	if (r < 0) {
		log_error("cannot start: %s", strerror(-r));
		return r;
	}
	if (!app->options.simulated) {
		r = line_record_write(app->options.socket_path, &app->chair);
		if (r < 0)
			log_warning("cannot write the record of the lines: %s", strerror(-r));
	}
	return shell_open(&app->shell, &app->chair, app->engine, app->options.socket_path);
}

static void loop(struct app *app)
{
	const struct lockstep_options options = {
		.speed = app->options.speed, .fault_socket = &app->fault_socket, .trace = app->trace
	};

	if (app->options.simulated)
		lockstep_run(&app->shell, app->hal, &options);
	else
		loop_run(&app->shell, app->hal);
}

// A simulated chair has a time of its own and needs no real-time priority.
static void enter_realtime(struct app *app)
{
	int r = app->options.simulated ? 0 : realtime_enter();

	if (r == 0)
		return;
	log_warning("no real-time priority or locked memory: %s", strerror(-r));
	engine_no_realtime(app->engine);
	if (!app->chair.allow_no_realtime)
		log_error("the guard will not arm: set LimitRTPRIO=60 and LimitMEMLOCK=64M in the "
			  "unit, or allow_no_realtime in %s",
			app->options.chair_file);
}

// Log how the guard ends, with each press that is not released.
static int log_end(const struct app *app)
{
	uint32_t pressed = engine_pressed(app->engine);

	for (size_t i = 0; i < app->chair.n_actuators; i++) {
		if (pressed >> i & 1)
			log_error("%s is not proven released: the person may still be pressed by "
				  "it; pull the emergency stop and turn the chair back by hand",
				app->chair.actuators[i].name);
	}
	if (engine_failed(app->engine)) {
		log_error("the lines cannot be set to their safe levels: closing them");
		return -EIO;
	}
	log_info(pressed ? "ends" : "ends, with everything released");
	return 0;
}

static int run(struct app *app)
{
	int r = load_chair(app);

	if (r < 0)
		return r;
	r = open_all(app);
	if (r == -ECANCELED) {
		log_info("asked to end while it waits for the lines");
		r = 0;
		goto out;
	}
	if (r < 0)
		goto out;
	app->started = true;
	enter_realtime(app);
	log_info("%s: %s, %zu actuators", app->options.socket_path, app->chair.id,
		app->chair.n_actuators);
	notify_ready("off");
	loop(app);
	notify_stopping();
	shell_close(&app->shell);
	r = log_end(app);
out:
	fault_socket_close(&app->fault_socket);
	engine_free(app->engine);
	hal_free(app->hal);
	if (app->trace)
		fclose(app->trace);
	return r;
}

static int lines_off(const struct chair *chair)
{
	struct hal_error error = { "" };
	int r = hal_gpio_safe_off(chair, &(struct hal_gpio_options){ 0 }, &error);

	if (r < 0)
		log_error("not every line is safe: %s", error.text[0] ? error.text : strerror(-r));
	return r;
}

// Both the recorded lines of the last guard and those of the chair file, which may have changed or
// may be unreadable.
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
	app->chair_wrong = false; // the record was enough
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
	static struct app app = { .fault_socket.fd = -1 };
	int r;

	r = options_parse(argc, argv, &app.options);
	if (r != 0)
		return r < 0 ? 2 : EXIT_SUCCESS;
	log_open("chairguard", app.options.verbose ? LOG_DEBUG : LOG_INFO);
	if (app.options.safe_off)
		r = safe_off(&app);
	else if (app.options.check)
		r = check(&app);
	else
		r = run(&app);
	if (r < 0 && app.chair_wrong)
		return EX_CONFIG;
	if (r < 0)
		return app.started || app.options.safe_off ? EXIT_FAILURE : EX_TEMPFAIL;
	return EXIT_SUCCESS;
}
