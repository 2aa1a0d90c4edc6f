// SPDX-License-Identifier: MIT
#include "ctl/calibration_run.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/gauge.h"
#include "ctl/interrupt.h"
#include "ctl/jog.h"
#include "ctl/keyboard.h"
#include "ctl/terminal.h"
#include "service/clock.h"

#define SETTLE_S        5.0 // of the chair's time: cushion and tissue give way so long
#define STEADY_PERMILLE 5.0 // change of a drive that counts as none
#define SAMPLES         3   // of the sensor, for one reading
#define BROKEN_MAX      10  // times that the chair may release during one step
#define FORCE_MAX_N     500.0
#define ESCAPE          '\033'
#define RUBOUT          0x7f

static const int drives[] = { 100, 200, 300, 400, 600, 800, 1000 };

#define N_DRIVES (sizeof(drives) / sizeof(drives[0]))

// One step.
struct step {
	const struct calibration_run *run;
	struct jog *jog;
	struct gauge *gauge;
	size_t number;       // from 1
	double steady;       // the drive, since it is steady
	double settled_at_s; // in the chair's time; NAN: it is not driven
	bool settled;
	int broken;            // times that it was settled and the chair released
	double sum_n, taken_s; // of the sensor's samples, and the time of the last
	int n_samples;
	char entry[12];                        // that is being typed
	char line[2 * GAUGE_SIZE + NAME_SIZE]; // as last drawn
	bool ended;                            // by the user
};

// --- the drive --------------------------------------------------------------------------------

static void watch_drive(struct step *step)
{
	const struct gauge *gauge = step->gauge;
	bool driven = !strcmp(gauge->phase, "jog") && gauge->drive_permille > 0;
	bool steady = driven && !isnan(step->settled_at_s) &&
		fabs(gauge->drive_permille - step->steady) <= STEADY_PERMILLE;

	if (!steady) {
		step->broken += step->settled;
		step->steady = gauge->drive_permille;
		step->settled_at_s = driven ? gauge->clock_s + SETTLE_S : NAN;
		step->n_samples = 0;
		step->sum_n = 0;
	}
	step->settled = steady && gauge->clock_s >= step->settled_at_s;
}

// --- the force --------------------------------------------------------------------------------

static bool sample(struct step *step, double *ret_force_n)
{
	const struct gauge *gauge = step->gauge;

	if (gauge->clock_s <= step->taken_s || isnan(gauge->force_n))
		return false;
	step->taken_s = gauge->clock_s;
	step->sum_n += gauge->force_n;
	step->n_samples++;
	*ret_force_n = step->sum_n / step->n_samples;
	return step->n_samples == SAMPLES;
}

// A number that was typed, with a point or a comma.
static bool parse_entry(const char *entry, double *ret_force_n)
{
	char text[sizeof(((struct step *)0)->entry)], *comma, *end;

	strcpy(text, entry);
	if ((comma = strchr(text, ',')))
		*comma = '.';
	*ret_force_n = strtod(text, &end);
	return *text && !*end && *ret_force_n <= FORCE_MAX_N;
}

// One key. True with a number that is complete. What is typed before the force has settled, or is
// no part of a number, is ignored.
static bool take_key(struct step *step, int key, double *ret_force_n)
{
	size_t length = strlen(step->entry);
	bool complete;

	if (key == KEYBOARD_CLOSED || key == ESCAPE || tolower(key) == 'q') {
		step->ended = true;
	} else if (key == RUBOUT || key == '\b') {
		step->entry[length ? length - 1 : 0] = '\0';
	} else if (key == '\n' || key == '\r') {
		complete = step->settled && parse_entry(step->entry, ret_force_n);
		step->entry[0] = '\0';
		return complete;
	} else if (step->settled && length + 1 < sizeof(step->entry) &&
		(isdigit(key) || key == '.' || key == ',')) {
		step->entry[length] = (char)key;
		step->entry[length + 1] = '\0';
	}
	return false;
}

static bool take_keys(struct step *step, double *ret_force_n)
{
	int key;

	while (!step->ended && (key = keyboard_read()) != KEYBOARD_NONE) {
		if (take_key(step, key, ret_force_n))
			return true;
	}
	return false;
}

static bool read_force(struct step *step, double *ret_force_n)
{
	if (!step->run->by_sensor)
		return take_keys(step, ret_force_n);
	return step->settled && sample(step, ret_force_n);
}

// --- a step -----------------------------------------------------------------------------------

static void draw(struct step *step)
{
	char text[GAUGE_SIZE], line[sizeof(step->line)];

	snprintf(line, sizeof(line), "%s: step %zu: %s: %s%s", step->run->actuator, step->number,
		gauge_text(step->gauge, text),
		!step->settled                 ? "settling (q ends)"
			: step->run->by_sensor ? "reading"
					       : "newtons on the gauge? ",
		step->settled ? step->entry : "");
	if (!terminal_detect(stdout).live || !strcmp(line, step->line))
		return;
	strcpy(step->line, line);
	printf("\r\033[K%.*s", terminal_columns(stdout) - 1, line);
	fflush(stdout);
}

static int ended(const char *code, const char *why)
{
	terminal_error(code, "the chair file is unchanged", "%s", why);
	return EXIT_REFUSED;
}

// Press, and read. EXIT_OK with the reading.
static int press(struct step *step, int drive_permille, struct fit_point *ret_point)
{
	for (;;) {
		int r = jog_move(step->jog, drive_permille);
		double force_n;

		if (r == EXIT_OK &&
			broker_wait(step->run->broker, clock_monotonic_us() + JOG_TOPIC_US) < 0)
			return ended("no-broker", "lost the broker");
		if (r != EXIT_OK)
			return r;
		watch_drive(step);
		if (read_force(step, &force_n)) {
			*ret_point = (struct fit_point){ step->steady, force_n };
			return EXIT_OK;
		}
		draw(step);
		if (step->ended || interrupt_take())
			return ended("interrupted", "the calibration was ended");
		if (step->broken > BROKEN_MAX)
			return ended("released",
				"the chair releases again and again: see chairctl watch");
	}
}

static int take_step(const struct calibration_run *run, struct jog *jog, struct gauge *gauge,
	size_t number, struct fit_point *ret_point)
{
	struct step step = {
		.run = run, .jog = jog, .gauge = gauge, .number = number, .settled_at_s = NAN
	};
	int r = press(&step, drives[number - 1], ret_point);
	int end = jog_end(jog);

	if (terminal_detect(stdout).live)
		fputs("\r\033[K", stdout);
	if (r == EXIT_OK && end == EXIT_OK)
		printf("%s: %.0f per mille: %.1f N\n", run->actuator, ret_point->drive_permille,
			ret_point->force_n);
	return r == EXIT_OK ? end : r;
}

static int take_steps(const struct calibration_run *run, struct fit_point ret_points[],
	size_t *ret_n)
{
	struct gauge gauge;
	struct jog jog;
	size_t n = 0;
	int r;

	gauge_init(&gauge, run->actuator);
	jog_init(&jog, run->broker, run->options, run->actuator, gauge.phase);
	r = broker_follow(run->broker, gauge_topics, gauge_message, &gauge);
	if (r < 0)
		return request_failed(run->options, "calibrate", r, NULL);
	for (size_t i = 0; i < N_DRIVES && drives[i] <= run->drive_max_permille; i++) {
		r = take_step(run, &jog, &gauge, i + 1, &ret_points[n]);
		if (r != EXIT_OK)
			return r;
		if (n &&
			ret_points[n].drive_permille <=
				ret_points[n - 1].drive_permille + STEADY_PERMILLE) {
			printf("%s: the guard allows no more here\n", run->actuator);
			break;
		}
		n++;
	}
	*ret_n = n;
	return EXIT_OK;
}

int calibration_run(const struct calibration_run *run, struct fit_point ret_points[FIT_POINTS_MAX],
	size_t *ret_n)
{
	__attribute__((cleanup(keyboard_close))) struct keyboard keyboard = { 0 };

	if (!run->by_sensor && !keyboard_open(&keyboard)) {
		terminal_error("usage", "--sensor reads the force from the actuator's own sensor",
			"the keyboard is not a terminal");
		return EXIT_USAGE;
	}
	interrupt_block();
	return take_steps(run, ret_points, ret_n);
}
