// SPDX-License-Identifier: MIT
#include "bench_hardware.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "tests/system/process.h"

#define PRIORITY    70 // above the guard
#define SPEED_MM_US 100e-6
#define DEEPEST_MM  25.0 // the body's limit
#define OPENS_MM    0.5  // the home switch, closed at 0

#define FD_STOP PRESS_OUTPUTS
#define N_FDS   (FD_STOP + 1)

struct bench_hardware {
	struct simchip *chip;
	struct line_recorder *recorder;
	struct pollfd fds[N_FDS]; // the levels of the outputs, then an eventfd
	pthread_t thread;

	pthread_mutex_t mutex; // for all that follows
	bool opposed;
	uint64_t levels;
	int64_t look_us;
	double position_mm;
	bool connected, at_home, estop_pressed, occupied, button, spare_pressed;
};

static void die(const char *what, int error)
{
	fprintf(stderr, "press: %s: %s\n", what, strerror(error));
	abort();
}

// --- the hardware -----------------------------------------------------------------------------

// Closed contacts connect their line to ground. Called with the mutex.
static void contact(struct bench_hardware *hardware, enum bench_hardware_line line, bool closed)
{
	int r = hardware->connected ? simchip_pull(hardware->chip, line, !closed) : 0;

	if (r < 0)
		die("pull", -r);
}

static bool is_on(const struct bench_hardware *hardware, enum bench_hardware_line line)
{
	return hardware->levels >> line & 1;
}

// The speed of the press by the levels that it has.
static double speed_mm_us(const struct bench_hardware *hardware)
{
	int direction = is_on(hardware, PRESS_FORWARD) - is_on(hardware, PRESS_REVERSE);

	return is_on(hardware, PRESS_PWM) ? direction * SPEED_MM_US : 0;
}

static void move(struct bench_hardware *hardware, int64_t dt_us)
{
	bool home;

	hardware->position_mm += speed_mm_us(hardware) * (double)dt_us;
	if (hardware->position_mm > DEEPEST_MM)
		hardware->position_mm = DEEPEST_MM;
	if (hardware->position_mm < 0)
		hardware->position_mm = 0;
	home = hardware->position_mm <= (hardware->at_home ? OPENS_MM : 0);
	if (home == hardware->at_home)
		return;
	hardware->at_home = home;
	contact(hardware, PRESS_HOME, home);
}

// The time until the home switch moves if nothing changes before; -1: it does not.
static int64_t switch_moves_us(const struct bench_hardware *hardware)
{
	double speed = speed_mm_us(hardware);
	double way_mm = (hardware->at_home ? OPENS_MM : 0) - hardware->position_mm;

	if (hardware->at_home ? speed <= 0 : speed >= 0)
		return -1;
	return (int64_t)(way_mm / speed) + 1;
}

static uint64_t read_outputs(const struct bench_hardware *hardware)
{
	uint64_t levels = 0;

	for (int i = 0; i < PRESS_OUTPUTS; i++) {
		char level;

		if (pread(hardware->fds[i].fd, &level, 1, 0) != 1)
			die("level", errno);
		levels |= (uint64_t)(level == '1') << i;
	}
	return levels;
}

// Returns the time until the next call, as switch_moves_us().
static int64_t look(struct bench_hardware *hardware)
{
	uint64_t levels = read_outputs(hardware);
	int64_t now_us = monotonic_us(), next_us;

	line_recorder_put(hardware->recorder, now_us, levels);
	pthread_mutex_lock(&hardware->mutex);
	move(hardware, now_us - hardware->look_us); // by the levels that it had until now
	hardware->levels = levels;
	hardware->look_us = now_us;
	hardware->opposed |= is_on(hardware, PRESS_FORWARD) && is_on(hardware, PRESS_REVERSE);
	next_us = switch_moves_us(hardware);
	pthread_mutex_unlock(&hardware->mutex);
	return next_us;
}

static void *run(void *data)
{
	const struct sched_param param = { .sched_priority = PRIORITY };
	struct bench_hardware *hardware = data;

	if (sched_setscheduler(0, SCHED_FIFO, &param) < 0)
		die("priority", errno);
	while (!(hardware->fds[FD_STOP].revents & POLLIN)) {
		int64_t us = look(hardware);
		struct timespec left = { us / 1000000, us % 1000000 * 1000 };

		if (ppoll(hardware->fds, N_FDS, us < 0 ? NULL : &left, NULL) < 0)
			die("poll", errno);
	}
	return NULL;
}

// --- the thread -------------------------------------------------------------------------------

struct bench_hardware *bench_hardware_new(void)
{
	static const char *const names[PRESS_LINES] = { "GPIO17", "GPIO27", "GPIO22", "GPIO16",
		NULL, "GPIO23", "GPIO5", "GPIO6", "GPIO13", NULL };
	struct bench_hardware *hardware = calloc(1, sizeof(*hardware));
	int r;

	if (!hardware)
		die("memory", ENOMEM);
	r = simchip_new("bench-press", names, PRESS_LINES, &hardware->chip);
	if (r < 0)
		die("chip", -r);
	for (unsigned int i = 0; i < PRESS_OUTPUTS; i++) {
		hardware->fds[i] = (struct pollfd){ simchip_open_level(hardware->chip, i), POLLPRI,
			0 };
		if (hardware->fds[i].fd < 0)
			die("level", -hardware->fds[i].fd);
	}
	hardware->fds[FD_STOP] = (struct pollfd){ eventfd(0, EFD_CLOEXEC), POLLIN, 0 };
	if (hardware->fds[FD_STOP].fd < 0)
		die("eventfd", errno);
	hardware->recorder = line_recorder_new(PRESS_OUTPUTS);
	hardware->at_home = hardware->occupied = true;
	hardware->look_us = monotonic_us();
	pthread_mutex_init(&hardware->mutex, NULL);
	if (pthread_create(&hardware->thread, NULL, run, hardware))
		die("thread", EAGAIN);
	return hardware;
}

void bench_hardware_unplug(struct bench_hardware *hardware)
{
	if (!hardware->chip)
		return;
	if (eventfd_write(hardware->fds[FD_STOP].fd, 1) < 0)
		die("eventfd", errno);
	pthread_join(hardware->thread, NULL);
	for (int i = 0; i < N_FDS; i++)
		close(hardware->fds[i].fd);
	hardware->chip = simchip_free(hardware->chip);
}

struct bench_hardware *bench_hardware_free(struct bench_hardware *hardware)
{
	if (!hardware)
		return NULL;
	bench_hardware_unplug(hardware);
	pthread_mutex_destroy(&hardware->mutex);
	line_recorder_free(hardware->recorder);
	free(hardware);
	return NULL;
}

struct simchip *bench_hardware_chip(const struct bench_hardware *hardware)
{
	return hardware->chip;
}

struct line_recorder *bench_hardware_watch(const struct bench_hardware *hardware)
{
	return hardware->recorder;
}

// --- contacts ---------------------------------------------------------------------------------

void bench_hardware_connect(struct bench_hardware *hardware)
{
	pthread_mutex_lock(&hardware->mutex);
	hardware->connected = true;
	contact(hardware, PRESS_HOME, hardware->at_home);
	contact(hardware, PRESS_ESTOP, !hardware->estop_pressed);
	contact(hardware, PRESS_SEAT, hardware->occupied);
	contact(hardware, PRESS_RESET, hardware->button);
	contact(hardware, PRESS_SPARE_IN, !hardware->spare_pressed);
	pthread_mutex_unlock(&hardware->mutex);
}

static int64_t turn(struct bench_hardware *hardware, enum bench_hardware_line line, bool *state,
	bool to, bool closed)
{
	int64_t now_us;

	pthread_mutex_lock(&hardware->mutex);
	*state = to;
	now_us = monotonic_us();
	contact(hardware, line, closed);
	pthread_mutex_unlock(&hardware->mutex);
	return now_us;
}

int64_t bench_hardware_estop(struct bench_hardware *hardware, bool pressed)
{
	return turn(hardware, PRESS_ESTOP, &hardware->estop_pressed, pressed, !pressed);
}

int64_t bench_hardware_seat(struct bench_hardware *hardware, bool occupied)
{
	return turn(hardware, PRESS_SEAT, &hardware->occupied, occupied, occupied);
}

int64_t bench_hardware_button(struct bench_hardware *hardware, bool pushed)
{
	return turn(hardware, PRESS_RESET, &hardware->button, pushed, pushed);
}

int64_t bench_hardware_spare(struct bench_hardware *hardware, bool pressed)
{
	return turn(hardware, PRESS_SPARE_IN, &hardware->spare_pressed, pressed, !pressed);
}

// --- the record -------------------------------------------------------------------------------

static bool ask(struct bench_hardware *hardware, const bool *what)
{
	bool answer;

	pthread_mutex_lock(&hardware->mutex);
	answer = *what;
	pthread_mutex_unlock(&hardware->mutex);
	return answer;
}

bool bench_hardware_at_home(struct bench_hardware *hardware)
{
	return ask(hardware, &hardware->at_home);
}

bool bench_hardware_opposed(struct bench_hardware *hardware)
{
	return ask(hardware, &hardware->opposed);
}
