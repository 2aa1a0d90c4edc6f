// SPDX-License-Identifier: MIT
#include "ctl/nudge.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "hal/hal_gpio.h"
#include "service/clock.h"

#define SLICE_US  (10 * US_PER_MS)  // between two edges of the charge pump; a period of the drive
#define LIFT_US   (300 * US_PER_MS) // until the relay of the charge pump has closed
#define MARGIN_US (2 * US_PER_MS)   // by which the end comes early, for a computer that is late
#define ON_US     (NUDGE_MS * US_PER_MS - MARGIN_US)

// The lines of one movement, as a chair of their own.
struct movement {
	struct chair chair;
	struct hal *hal;
	uint64_t on, pulsed, safe; // sets of lines: driven, of these pulsed; the safe levels
	bool pump_level;
};

// The signals that end this program. Blocked, they wait until the lines are released.
static sigset_t ending_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	return set;
}

static bool interrupted(void)
{
	sigset_t waiting;

	sigpending(&waiting);
	return sigismember(&waiting, SIGINT) || sigismember(&waiting, SIGTERM) ||
		sigismember(&waiting, SIGHUP);
}

static int add_line(struct movement *movement, const struct line *line)
{
	movement->chair.lines[movement->chair.n_lines] = *line;
	return (int)movement->chair.n_lines++;
}

static void movement_init(struct movement *movement, const struct chair *chair, int actuator,
	enum line_role role)
{
	const int8_t *lines = chair->actuators[actuator].line;
	bool direction = role == ROLE_FORWARD || role == ROLE_REVERSE;

	*movement = (struct movement){
		.chair = { .estop = -1, .seat = -1, .reset = -1, .enable = -1 },
	};
	for (int r = 0; r < ROLE_COUNT; r++) {
		int line;

		if (lines[r] < 0 || !line_role_is_output((enum line_role)r))
			continue;
		line = add_line(movement, &chair->lines[lines[r]]);
		if (r == (int)role || (direction && r == ROLE_PWM))
			movement->on |= LINE_BIT(line);
		if (movement->chair.lines[line].channel_hz)
			continue;
		if (r == ROLE_PWM || (r == (int)role && chair->actuators[actuator].sign_magnitude))
			movement->pulsed |= LINE_BIT(line);
	}
	if (chair->enable >= 0)
		movement->chair.enable = add_line(movement, &chair->lines[chair->enable]);
	movement->safe = chair_safe_levels(&movement->chair);
}

// Write the drive, or the safe levels, and make an edge of the charge pump if one is due.
static int write_levels(struct movement *movement, uint64_t on, bool edge)
{
	const struct chair *chair = &movement->chair;
	uint64_t levels = movement->safe ^ on;

	movement->pump_level ^= edge;
	if (chair->enable >= 0 && movement->pump_level)
		levels ^= LINE_BIT(chair->enable);
	return hal_write(movement->hal, clock_monotonic_us(), chair_outputs(chair), levels);
}

static void sleep_until(int64_t t_us)
{
	struct timespec t = { t_us / US_PER_S, t_us % US_PER_S * 1000 };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
		continue;
}

// Pump without a drive until the relay has closed.
static int lift_relay(struct movement *movement)
{
	int64_t from_us = clock_monotonic_us();
	int r = 0;

	if (movement->chair.enable < 0)
		return 0;
	for (int64_t t_us = 0; r == 0 && t_us < LIFT_US; t_us += SLICE_US) {
		r = interrupted() ? -EINTR : write_levels(movement, 0, true);
		sleep_until(from_us + t_us + SLICE_US);
	}
	return r;
}

// The least drive of a channel of kernel PWM, which pulses by itself.
static int start_channels(struct movement *movement)
{
	uint64_t channels = movement->on & hal_channels(movement->hal);
	int r = 0;

	for (uint64_t left = channels; r == 0 && left; left &= left - 1)
		r = hal_drive(movement->hal, clock_monotonic_us(), __builtin_ctzll(left),
			NUDGE_DRIVE_PERMILLE);
	return r;
}

// In each slice all lines are on first, then those that are not pulsed.
static int drive(struct movement *movement)
{
	int64_t from_us = clock_monotonic_us();
	int r = start_channels(movement);

	for (int64_t t_us = 0; r == 0 && clock_monotonic_us() - from_us < ON_US; t_us += SLICE_US) {
		int64_t end_us = min_i64(t_us + SLICE_US, ON_US);
		int64_t pulse_us = min_i64(t_us + SLICE_US * NUDGE_DRIVE_PERMILLE / PERMILLE_FULL,
			ON_US);

		r = interrupted() ? -EINTR : write_levels(movement, movement->on, true);
		if (r == 0 && movement->pulsed) {
			sleep_until(from_us + pulse_us);
			r = write_levels(movement, movement->on & ~movement->pulsed, false);
		}
		sleep_until(from_us + end_us);
	}
	return r;
}

static int move(struct movement *movement)
{
	int r = lift_relay(movement), end;

	if (r == 0)
		r = drive(movement);
	end = hal_make_safe(movement->hal, clock_monotonic_us());
	return r < 0 ? r : end;
}

// Not every chip makes an input of a line that is released.
static void make_inputs(struct movement *movement)
{
	struct hal_error error;
	struct hal *hal;

	for (size_t i = 0; i < movement->chair.n_lines; i++) {
		struct line *line = &movement->chair.lines[i];

		line->role = ROLE_FAULT;
		line->active_low = line->safe_level = false;
		line->bias = BIAS_AS_IS;
	}
	movement->chair.enable = -1;
	if (hal_gpio_open(&movement->chair, &(struct hal_gpio_options){ 0 }, &hal, &error) == 0)
		hal_free(hal);
}

static int check_persist(struct hal_error *ret_error)
{
	int r = hal_gpio_persist(&(struct hal_gpio_options){ 0 });

	if (r == 0 || r == -ENOENT)
		return 0;
	snprintf(ret_error->text, sizeof(ret_error->text),
		"nothing is moved: the kernel would keep the motor on if this program were killed; "
		"set dtparam=strict_gpiod in config.txt and restart the computer");
	return -EPERM;
}

int nudge(const struct chair *chair, int actuator, enum line_role role, struct hal_error *ret_error)
{
	struct movement movement;
	sigset_t ending = ending_signals(), before;
	int r = check_persist(ret_error);

	if (r < 0)
		return r;
	movement_init(&movement, chair, actuator, role);
	sigprocmask(SIG_BLOCK, &ending, &before);
	r = hal_gpio_open(&movement.chair, &(struct hal_gpio_options){ 0 }, &movement.hal,
		ret_error);
	if (r == 0) {
		r = move(&movement);
		hal_free(movement.hal);
		make_inputs(&movement);
		if (r < 0)
			snprintf(ret_error->text, sizeof(ret_error->text), "%s", strerror(-r));
	}
	sigprocmask(SIG_SETMASK, &before, NULL); // here Ctrl-C ends the program
	return r;
}
