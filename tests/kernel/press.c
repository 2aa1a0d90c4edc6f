// SPDX-License-Identifier: MIT
#include "press.h"

#include <errno.h>
#include <gpiod.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/system/process.h"

#define LOOK_NS      (300 * 1000)
#define PRIORITY     50 // above the controller and the broker, below the guard
#define GAP_MAX_US   10000 // what is not looked at for longer is not moved for longer
#define SPEED_MM_S   100.0
#define DEEPEST_MM   25.0  // where the body does not give way any more
#define OPENS_MM     0.5   // the home switch, closed at 0
#define EDGE_WAIT_NS INT64_C(1000000000)

struct press {
	struct simchip *chip;
	struct watch *watch;
	struct gpiod_line_request *tap;
	int fds[PRESS_OUTPUTS];
	pthread_t thread;

	pthread_mutex_t mutex; // for all that follows
	bool stop, opposed;
	uint64_t levels;
	int64_t look_us;
	double position_mm;
	bool connected, at_home, estop_pressed, occupied, button;
};

static void die(const char *what, int error)
{
	fprintf(stderr, "press: %s: %s\n", what, strerror(error));
	abort();
}

// --- the hardware -----------------------------------------------------------------------------

// Closed contacts connect their line to ground. Called with the mutex.
static void contact(struct press *press, enum press_line line, bool closed)
{
	int r = press->connected ? simchip_pull(press->chip, line, !closed) : 0;

	if (r < 0)
		die("pull", -r);
}

static bool is_on(const struct press *press, enum press_line line)
{
	return press->levels >> line & 1;
}

static void move(struct press *press, int64_t dt_us)
{
	int direction = is_on(press, PRESS_FORWARD) - is_on(press, PRESS_REVERSE);
	bool home;

	if (dt_us > GAP_MAX_US)
		dt_us = GAP_MAX_US;
	if (is_on(press, PRESS_PWM))
		press->position_mm += direction * SPEED_MM_S * (double)dt_us / 1e6;
	if (press->position_mm > DEEPEST_MM)
		press->position_mm = DEEPEST_MM;
	if (press->position_mm < 0)
		press->position_mm = 0;
	home = press->position_mm <= (press->at_home ? OPENS_MM : 0);
	if (home == press->at_home)
		return;
	press->at_home = home;
	contact(press, PRESS_HOME, home);
}

static uint64_t read_outputs(const struct press *press)
{
	uint64_t levels = 0;

	for (int i = 0; i < PRESS_OUTPUTS; i++) {
		char level;

		if (pread(press->fds[i], &level, 1, 0) != 1)
			die("level", errno);
		levels |= (uint64_t)(level == '1') << i;
	}
	return levels;
}

// False at the end.
static bool look(struct press *press)
{
	uint64_t levels = read_outputs(press);
	int64_t now_us = monotonic_us();
	bool stop;

	watch_put(press->watch, now_us, levels);
	pthread_mutex_lock(&press->mutex);
	move(press, now_us - press->look_us); // by the levels that it had until now
	press->levels = levels;
	press->look_us = now_us;
	press->opposed |= is_on(press, PRESS_FORWARD) && is_on(press, PRESS_REVERSE);
	stop = press->stop;
	pthread_mutex_unlock(&press->mutex);
	return !stop;
}

static void *run(void *data)
{
	sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){ .sched_priority = PRIORITY });
	while (look(data))
		clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){ .tv_nsec = LOOK_NS }, NULL);
	return NULL;
}

// --- life -------------------------------------------------------------------------------------

static struct gpiod_line_request *request_tap(const struct press *press)
{
	struct gpiod_chip *chip = gpiod_chip_open(simchip_path(press->chip));
	struct gpiod_line_settings *settings = gpiod_line_settings_new();
	struct gpiod_line_config *config = gpiod_line_config_new();
	struct gpiod_line_request *tap = NULL;

	gpiod_line_settings_set_edge_detection(settings, GPIOD_LINE_EDGE_BOTH);
	if (chip && gpiod_line_config_add_line_settings(config, &(unsigned int){ PRESS_TAP }, 1,
			    settings) == 0)
		tap = gpiod_chip_request_lines(chip, NULL, config);
	if (!tap)
		die("tap", errno);
	gpiod_line_config_free(config);
	gpiod_line_settings_free(settings);
	gpiod_chip_close(chip);
	return tap;
}

struct press *press_new(void)
{
	static const char *const names[PRESS_LINES] = { "GPIO17", "GPIO27", "GPIO22", "GPIO16",
		"GPIO23", "GPIO5", "GPIO6", "GPIO13", NULL };
	struct press *press = calloc(1, sizeof(*press));
	int r;

	if (!press)
		die("memory", ENOMEM);
	r = simchip_new("bench-press", names, PRESS_LINES, &press->chip);
	if (r < 0)
		die("chip", -r);
	for (unsigned int i = 0; i < PRESS_OUTPUTS; i++) {
		press->fds[i] = simchip_open_level(press->chip, i);
		if (press->fds[i] < 0)
			die("level", -press->fds[i]);
	}
	press->tap = request_tap(press);
	press->watch = watch_new(PRESS_OUTPUTS);
	press->at_home = press->occupied = true;
	press->look_us = monotonic_us();
	pthread_mutex_init(&press->mutex, NULL);
	if (pthread_create(&press->thread, NULL, run, press))
		die("thread", EAGAIN);
	return press;
}

struct press *press_free(struct press *press)
{
	if (!press)
		return NULL;
	pthread_mutex_lock(&press->mutex);
	press->stop = true;
	pthread_mutex_unlock(&press->mutex);
	pthread_join(press->thread, NULL);
	pthread_mutex_destroy(&press->mutex);
	for (int i = 0; i < PRESS_OUTPUTS; i++)
		close(press->fds[i]);
	gpiod_line_request_release(press->tap);
	watch_free(press->watch);
	simchip_free(press->chip);
	free(press);
	return NULL;
}

struct simchip *press_chip(const struct press *press)
{
	return press->chip;
}

struct watch *press_watch(const struct press *press)
{
	return press->watch;
}

// --- contacts ---------------------------------------------------------------------------------

void press_connect(struct press *press)
{
	pthread_mutex_lock(&press->mutex);
	press->connected = true;
	contact(press, PRESS_HOME, press->at_home);
	contact(press, PRESS_ESTOP, !press->estop_pressed);
	contact(press, PRESS_SEAT, press->occupied);
	contact(press, PRESS_RESET, press->button);
	pthread_mutex_unlock(&press->mutex);
}

static int64_t turn(struct press *press, enum press_line line, bool *state, bool to, bool closed)
{
	int64_t now_us;

	pthread_mutex_lock(&press->mutex);
	*state = to;
	now_us = monotonic_us();
	contact(press, line, closed);
	pthread_mutex_unlock(&press->mutex);
	return now_us;
}

static int64_t tapped(struct press *press)
{
	struct gpiod_edge_event_buffer *buffer = gpiod_edge_event_buffer_new(1);
	uint64_t t_ns;

	if (gpiod_line_request_wait_edge_events(press->tap, EDGE_WAIT_NS) != 1 ||
		gpiod_line_request_read_edge_events(press->tap, buffer, 1) != 1)
		die("tap", ETIMEDOUT);
	t_ns = gpiod_edge_event_get_timestamp_ns(gpiod_edge_event_buffer_get_event(buffer, 0));
	gpiod_edge_event_buffer_free(buffer);
	return (int64_t)(t_ns / 1000);
}

int64_t press_estop(struct press *press, bool pressed)
{
	bool moves = press->estop_pressed != pressed;
	int r = simchip_pull(press->chip, PRESS_TAP, pressed);
	int64_t now_us;

	if (r < 0)
		die("pull", -r);
	now_us = turn(press, PRESS_ESTOP, &press->estop_pressed, pressed, !pressed);
	return moves ? tapped(press) : now_us;
}

int64_t press_seat(struct press *press, bool occupied)
{
	return turn(press, PRESS_SEAT, &press->occupied, occupied, occupied);
}

int64_t press_button(struct press *press, bool pushed)
{
	return turn(press, PRESS_RESET, &press->button, pushed, pushed);
}

// --- what was seen ----------------------------------------------------------------------------

static bool ask(struct press *press, const bool *what)
{
	bool answer;

	pthread_mutex_lock(&press->mutex);
	answer = *what;
	pthread_mutex_unlock(&press->mutex);
	return answer;
}

bool press_at_home(struct press *press)
{
	return ask(press, &press->at_home);
}

bool press_opposed(struct press *press)
{
	return ask(press, &press->opposed);
}
