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
#define TELL_US      5000 // even where nothing has changed
#define PRIORITY     50 // above the controller and the broker, below the guard
#define GAP_MAX_US   10000 // what is not looked at for longer is not moved for longer
#define SPEED_MM_S   100.0
#define DEEPEST_MM   25.0  // where the body does not give way any more
#define OPENS_MM     0.5   // the home switch, closed at 0
#define EDGE_WAIT_NS INT64_C(1000000000)
#define FINGER_US    50000
#define QUIET_US     100000
#define CHANGES_MAX  (1 << 17)

struct change {
	int64_t t_us;
	uint8_t line;
	bool on;
};

struct press {
	struct simchip *chip;
	struct gpiod_line_request *tap;
	int fds[PRESS_OUTPUTS];
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t looked;
	bool stop;

	bool level[PRESS_OUTPUTS];
	int64_t look_us, told_us; // the last look, and the last one that others were woken for
	struct change *changes;
	size_t n_changes;
	bool opposed;

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

static void move(struct press *press, int64_t dt_us)
{
	int direction = press->level[PRESS_FORWARD] - press->level[PRESS_REVERSE];
	bool home;

	if (dt_us > GAP_MAX_US)
		dt_us = GAP_MAX_US;
	if (press->level[PRESS_PWM])
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

static void keep(struct press *press, enum press_line line, bool on, int64_t now_us)
{
	if (press->level[line] == on)
		return;
	if (press->n_changes == CHANGES_MAX)
		die("changes", ENOSPC);
	press->level[line] = on;
	press->changes[press->n_changes++] = (struct change){ now_us, (uint8_t)line, on };
}

static void look(struct press *press)
{
	char level[PRESS_OUTPUTS];
	int64_t now_us;
	size_t n;

	for (int i = 0; i < PRESS_OUTPUTS; i++) {
		if (pread(press->fds[i], &level[i], 1, 0) != 1)
			die("level", errno);
	}
	now_us = monotonic_us();
	pthread_mutex_lock(&press->mutex);
	n = press->n_changes;
	move(press, now_us - press->look_us); // by the levels that it had until now
	for (int i = 0; i < PRESS_OUTPUTS; i++)
		keep(press, (enum press_line)i, level[i] == '1', now_us);
	press->look_us = now_us;
	press->opposed |= press->level[PRESS_FORWARD] && press->level[PRESS_REVERSE];
	if (press->n_changes != n || now_us - press->told_us >= TELL_US) {
		press->told_us = now_us;
		pthread_cond_broadcast(&press->looked);
	}
	pthread_mutex_unlock(&press->mutex);
}

static bool stops(struct press *press)
{
	bool stop;

	pthread_mutex_lock(&press->mutex);
	stop = press->stop;
	pthread_mutex_unlock(&press->mutex);
	return stop;
}

static void *run(void *data)
{
	struct press *press = data;

	sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){ .sched_priority = PRIORITY });
	while (!stops(press)) {
		look(press);
		clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){ .tv_nsec = LOOK_NS }, NULL);
	}
	return NULL;
}

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
	pthread_condattr_t monotonic;
	int r;

	if (!press || !(press->changes = calloc(CHANGES_MAX, sizeof(*press->changes))))
		die("memory", ENOMEM);
	r = simchip_new("bench-press", names, PRESS_LINES, &press->chip);
	if (r < 0)
		die("chip", -r);
	for (int i = 0; i < PRESS_OUTPUTS; i++) {
		press->fds[i] = simchip_open_level(press->chip, (unsigned)i);
		if (press->fds[i] < 0)
			die("level", -press->fds[i]);
	}
	press->tap = request_tap(press);
	press->at_home = press->occupied = true;
	press->look_us = press->told_us = monotonic_us();
	pthread_mutex_init(&press->mutex, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&press->looked, &monotonic);
	pthread_condattr_destroy(&monotonic);
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
	for (int i = 0; i < PRESS_OUTPUTS; i++)
		close(press->fds[i]);
	pthread_cond_destroy(&press->looked);
	pthread_mutex_destroy(&press->mutex);
	gpiod_line_request_release(press->tap);
	simchip_free(press->chip);
	free(press->changes);
	free(press);
	return NULL;
}

struct simchip *press_chip(const struct press *press)
{
	return press->chip;
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
	int64_t t_us;

	if (gpiod_line_request_wait_edge_events(press->tap, EDGE_WAIT_NS) != 1 ||
		gpiod_line_request_read_edge_events(press->tap, buffer, 1) != 1)
		die("tap", ETIMEDOUT);
	t_us = (int64_t)gpiod_edge_event_get_timestamp_ns(
		       gpiod_edge_event_buffer_get_event(buffer, 0)) / 1000;
	gpiod_edge_event_buffer_free(buffer);
	return t_us;
}

int64_t press_estop(struct press *press, bool pressed)
{
	bool moves = press->estop_pressed != pressed;
	int64_t now_us;

	if (moves && simchip_pull(press->chip, PRESS_TAP, pressed) < 0)
		die("pull", errno);
	now_us = turn(press, PRESS_ESTOP, &press->estop_pressed, pressed, !pressed);
	return moves ? tapped(press) : now_us;
}

int64_t press_seat(struct press *press, bool occupied)
{
	return turn(press, PRESS_SEAT, &press->occupied, occupied, occupied);
}

static void look_on_until(struct press *press, int64_t until_us)
{
	pthread_mutex_lock(&press->mutex);
	while (press->look_us < until_us)
		pthread_cond_wait(&press->looked, &press->mutex);
	pthread_mutex_unlock(&press->mutex);
}

void press_push_reset(struct press *press)
{
	look_on_until(press, turn(press, PRESS_RESET, &press->button, true, true) + FINGER_US);
	look_on_until(press, turn(press, PRESS_RESET, &press->button, false, false) + FINGER_US);
}

// --- what was seen ----------------------------------------------------------------------------

// Backwards, because what is asked for has happened of late.
static int64_t first(const struct press *press, enum press_line output, bool on, int64_t from_us)
{
	bool before = press->level[output]; // before the changes that have been looked at
	int64_t t_us = -1;

	for (size_t i = press->n_changes; i > 0 && press->changes[i - 1].t_us >= from_us; i--) {
		const struct change *change = &press->changes[i - 1];

		if (change->line != output)
			continue;
		if (change->on == on)
			t_us = change->t_us;
		before = !change->on;
	}
	return before == on && press->look_us >= from_us ? from_us : t_us;
}

// The last change of any output, where all are off now.
static int64_t off_since(const struct press *press, int64_t from_us)
{
	int64_t last_us = press->n_changes ? press->changes[press->n_changes - 1].t_us : from_us;

	for (int i = 0; i < PRESS_OUTPUTS; i++) {
		if (press->level[i])
			return INT64_MAX;
	}
	return last_us > from_us ? last_us : from_us;
}

int64_t press_wait(struct press *press, enum press_line output, bool on, int64_t from_us,
	int timeout_ms)
{
	int64_t until_us = monotonic_us() + timeout_ms * INT64_C(1000), t_us;

	pthread_mutex_lock(&press->mutex);
	while ((t_us = first(press, output, on, from_us)) < 0 && press->look_us < until_us)
		pthread_cond_wait(&press->looked, &press->mutex);
	pthread_mutex_unlock(&press->mutex);
	return t_us;
}

int64_t press_wait_safe(struct press *press, int64_t from_us, int timeout_ms)
{
	int64_t until_us = monotonic_us() + timeout_ms * INT64_C(1000), since_us;
	bool safe;

	pthread_mutex_lock(&press->mutex);
	do {
		pthread_cond_wait(&press->looked, &press->mutex);
		since_us = off_since(press, from_us);
		safe = press->look_us - QUIET_US >= since_us;
	} while (!safe && press->look_us < until_us);
	pthread_mutex_unlock(&press->mutex);
	return safe ? since_us : -1;
}

bool press_was_on(struct press *press, enum press_line output, int64_t from_us)
{
	bool was_on;

	pthread_mutex_lock(&press->mutex);
	was_on = first(press, output, true, from_us) >= 0;
	pthread_mutex_unlock(&press->mutex);
	return was_on;
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

// Between rising edges. A host that is busy skips some; the median does not mind.
static double median_hz(int64_t rises_us[], size_t n)
{
	if (n < 2)
		return 0;
	for (size_t i = 0; i + 1 < n; i++)
		rises_us[i] = rises_us[i + 1] - rises_us[i];
	qsort(rises_us, n - 1, sizeof(rises_us[0]), compare);
	return 1e6 / (double)rises_us[(n - 1) / 2];
}

struct press_pulses press_pulses(struct press *press, enum press_line output, int64_t from_us,
	int64_t to_us)
{
	int64_t *rises_us = calloc(CHANGES_MAX, sizeof(*rises_us));
	int64_t on_us = 0, at_us = from_us;
	struct press_pulses pulses;
	bool on = false;
	size_t n = 0;

	if (!rises_us)
		die("memory", ENOMEM);
	pthread_mutex_lock(&press->mutex);
	for (size_t i = 0; i < press->n_changes && press->changes[i].t_us < to_us; i++) {
		const struct change *change = &press->changes[i];

		if (change->line != output)
			continue;
		if (change->t_us >= from_us) {
			on_us += on ? change->t_us - at_us : 0;
			at_us = change->t_us;
			if (change->on)
				rises_us[n++] = change->t_us;
		}
		on = change->on;
	}
	pthread_mutex_unlock(&press->mutex);
	on_us += on ? to_us - at_us : 0;
	pulses.duty = (double)on_us / (double)(to_us - from_us);
	pulses.hz = median_hz(rises_us, n);
	free(rises_us);
	return pulses;
}

bool press_at_home(struct press *press)
{
	bool at_home;

	pthread_mutex_lock(&press->mutex);
	at_home = press->at_home;
	pthread_mutex_unlock(&press->mutex);
	return at_home;
}

bool press_opposed(struct press *press)
{
	bool opposed;

	pthread_mutex_lock(&press->mutex);
	opposed = press->opposed;
	pthread_mutex_unlock(&press->mutex);
	return opposed;
}
