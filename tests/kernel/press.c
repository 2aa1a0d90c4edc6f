// SPDX-License-Identifier: MIT
#include "press.h"

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

#define PRIORITY     70 // above the guard
#define SPEED_MM_US  100e-6
#define DEEPEST_MM   25.0  // where the body does not give way any more
#define OPENS_MM     0.5   // the home switch, closed at 0

#define FD_STOP      PRESS_OUTPUTS
#define N_FDS        (FD_STOP + 1)

struct press {
	struct simchip *chip;
	struct watch *watch;
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

// The speed of the press by the levels that it has.
static double speed_mm_us(const struct press *press)
{
	int direction = is_on(press, PRESS_FORWARD) - is_on(press, PRESS_REVERSE);

	return is_on(press, PRESS_PWM) ? direction * SPEED_MM_US : 0;
}

static void move(struct press *press, int64_t dt_us)
{
	bool home;

	press->position_mm += speed_mm_us(press) * (double)dt_us;
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

// In how long the home switch will move if nothing changes before; -1: it will not.
static int64_t switch_moves_us(const struct press *press)
{
	double speed = speed_mm_us(press);
	double way_mm = (press->at_home ? OPENS_MM : 0) - press->position_mm;

	if (press->at_home ? speed <= 0 : speed >= 0)
		return -1;
	return (int64_t)(way_mm / speed) + 1;
}

static uint64_t read_outputs(const struct press *press)
{
	uint64_t levels = 0;

	for (int i = 0; i < PRESS_OUTPUTS; i++) {
		char level;

		if (pread(press->fds[i].fd, &level, 1, 0) != 1)
			die("level", errno);
		levels |= (uint64_t)(level == '1') << i;
	}
	return levels;
}

// Returns when to look again, as switch_moves_us().
static int64_t look(struct press *press)
{
	uint64_t levels = read_outputs(press);
	int64_t now_us = monotonic_us(), next_us;

	watch_put(press->watch, now_us, levels);
	pthread_mutex_lock(&press->mutex);
	move(press, now_us - press->look_us); // by the levels that it had until now
	press->levels = levels;
	press->look_us = now_us;
	press->opposed |= is_on(press, PRESS_FORWARD) && is_on(press, PRESS_REVERSE);
	next_us = switch_moves_us(press);
	pthread_mutex_unlock(&press->mutex);
	return next_us;
}

static void *run(void *data)
{
	const struct sched_param param = { .sched_priority = PRIORITY };
	struct press *press = data;

	if (sched_setscheduler(0, SCHED_FIFO, &param) < 0)
		die("priority", errno);
	while (!(press->fds[FD_STOP].revents & POLLIN)) {
		int64_t us = look(press);
		struct timespec left = { us / 1000000, us % 1000000 * 1000 };

		if (ppoll(press->fds, N_FDS, us < 0 ? NULL : &left, NULL) < 0)
			die("poll", errno);
	}
	return NULL;
}

// --- life -------------------------------------------------------------------------------------

struct press *press_new(void)
{
	static const char *const names[PRESS_LINES] = { "GPIO17", "GPIO27", "GPIO22", "GPIO16",
		NULL, "GPIO23", "GPIO5", "GPIO6", "GPIO13", NULL };
	struct press *press = calloc(1, sizeof(*press));
	int r;

	if (!press)
		die("memory", ENOMEM);
	r = simchip_new("bench-press", names, PRESS_LINES, &press->chip);
	if (r < 0)
		die("chip", -r);
	for (unsigned int i = 0; i < PRESS_OUTPUTS; i++) {
		press->fds[i] = (struct pollfd){ simchip_open_level(press->chip, i), POLLPRI, 0 };
		if (press->fds[i].fd < 0)
			die("level", -press->fds[i].fd);
	}
	press->fds[FD_STOP] = (struct pollfd){ eventfd(0, EFD_CLOEXEC), POLLIN, 0 };
	if (press->fds[FD_STOP].fd < 0)
		die("eventfd", errno);
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
	if (eventfd_write(press->fds[FD_STOP].fd, 1) < 0)
		die("eventfd", errno);
	pthread_join(press->thread, NULL);
	pthread_mutex_destroy(&press->mutex);
	for (int i = 0; i < N_FDS; i++)
		close(press->fds[i].fd);
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
	contact(press, PRESS_SPARE_IN, !press->spare_pressed);
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

int64_t press_estop(struct press *press, bool pressed)
{
	return turn(press, PRESS_ESTOP, &press->estop_pressed, pressed, !pressed);
}

int64_t press_seat(struct press *press, bool occupied)
{
	return turn(press, PRESS_SEAT, &press->occupied, occupied, occupied);
}

int64_t press_button(struct press *press, bool pushed)
{
	return turn(press, PRESS_RESET, &press->button, pushed, pushed);
}

int64_t press_spare(struct press *press, bool pressed)
{
	return turn(press, PRESS_SPARE_IN, &press->spare_pressed, pressed, !pressed);
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
