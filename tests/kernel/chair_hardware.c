// SPDX-License-Identifier: MIT
#include "chair_hardware.h"

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

#include "checker/trace_check.h"
#include "config/library.h"
#include "hal/sim/trace.h"
#include "simchip.h"
#include "tests/system/process.h"

#define PRIORITY       70     // above the guard
#define RELAY_DROPS_US 100000 // after the last edge of the enable line
#define EXPANDER_LINES 16
#define CHIPS_MAX      4
#define BOARD          0 // the chip whose lines have names
#define TOLERANCE_US   0 // no tick is late in virtual time

struct place {
	unsigned int chip, offset;
};

struct chair_hardware {
	struct chair chair;
	struct trace_chair checked;
	struct simchip *chips[CHIPS_MAX];
	size_t n_chips;
	struct place places[CHAIR_LINES_MAX];
	uint64_t outputs;
	struct line_recorder *recorder;
	struct pollfd fds[CHAIR_LINES_MAX + 1]; // the levels of the outputs by line, an eventfd
	pthread_t thread;

	pthread_mutex_t mutex; // for all that follows
	FILE *trace;
	uint64_t levels; // logical
	int64_t start_us, look_us, toggled_us;
	int carriage; // index, or -1
	double position_mm;
	bool persist;
	bool connected, closed[ROLE_COUNT]; // the chair's own contacts, and the carriage's
};

static void die(const char *what, int error)
{
	fprintf(stderr, "chair: %s: %s\n", what, strerror(error));
	abort();
}

// --- contacts and carriage --------------------------------------------------------------------

static void pull(const struct chair_hardware *hardware, int line, bool active)
{
	const struct place *place = &hardware->places[line];
	int r = simchip_pull(hardware->chips[place->chip], place->offset,
		active != hardware->chair.lines[line].active_low);

	if (r < 0)
		die("pull", -r);
}

// Called with the mutex, as is all up to move().
static void contact(struct chair_hardware *hardware, int line, bool closed)
{
	hardware->closed[hardware->chair.lines[line].role] = closed;
	if (hardware->connected)
		pull(hardware, line, closed);
}

static bool is_on(const struct chair_hardware *hardware, int line)
{
	return line >= 0 && hardware->levels & LINE_BIT(line);
}

static void move(struct chair_hardware *hardware, int64_t now_us)
{
	const struct actuator *carriage = &hardware->chair.actuators[hardware->carriage];
	const struct travel_times *timed = &carriage->timed;
	int64_t powered_us = hardware->toggled_us + RELAY_DROPS_US;
	double dt_ms = (double)((now_us < powered_us ? now_us : powered_us) - hardware->look_us) /
		1e3;

	if (dt_ms > 0 && is_on(hardware, carriage->line[ROLE_FORWARD]))
		hardware->position_mm += timed->way_mm * dt_ms / timed->down_ms;
	if (dt_ms > 0 && is_on(hardware, carriage->line[ROLE_REVERSE]))
		hardware->position_mm -= timed->way_mm * dt_ms / timed->up_ms;
	if (hardware->position_mm < 0)
		hardware->position_mm = 0;
	if (hardware->position_mm > timed->way_mm)
		hardware->position_mm = timed->way_mm;
	if ((hardware->position_mm <= 0) != hardware->closed[ROLE_HOME])
		contact(hardware, carriage->line[ROLE_HOME], hardware->position_mm <= 0);
	if ((hardware->position_mm >= timed->way_mm) != hardware->closed[ROLE_END])
		contact(hardware, carriage->line[ROLE_END], hardware->position_mm >= timed->way_mm);
}

// --- outputs ----------------------------------------------------------------------------------

static bool read_channel(const struct chair_hardware *hardware, int line)
{
	struct pwm_state state = simpwm_read(hardware->fds[line].fd,
		(unsigned)hardware->chair.lines[line].offset);

	return state.enabled && state.duty_ns > 0;
}

static bool read_level(const struct chair_hardware *hardware, int line)
{
	char level;

	if (hardware->chair.lines[line].channel_hz)
		return read_channel(hardware, line);
	if (pread(hardware->fds[line].fd, &level, 1, 0) != 1)
		die("level", errno);
	return (level == '1') != hardware->chair.lines[line].active_low;
}

// The levels that the outputs have now; those that nothing has set since are the last ones.
static uint64_t read_outputs(const struct chair_hardware *hardware)
{
	uint64_t levels = hardware->levels;

	for (uint64_t left = hardware->outputs; left; left &= left - 1) {
		int line = __builtin_ctzll(left);

		if (!(hardware->fds[line].revents & POLLPRI))
			continue;
		levels &= ~LINE_BIT(line);
		if (read_level(hardware, line))
			levels |= LINE_BIT(line);
	}
	return levels;
}

// A simulated line whose owner has died has the level of its pull.
static void pull_outputs(const struct chair_hardware *hardware, uint64_t lines)
{
	for (uint64_t left = lines & ~chair_channels(&hardware->chair); left; left &= left - 1) {
		int line = __builtin_ctzll(left);

		pull(hardware, line, is_on(hardware, line));
	}
}

static void look(struct chair_hardware *hardware)
{
	uint64_t levels = read_outputs(hardware), changed;
	int64_t now_us = monotonic_us();

	line_recorder_put(hardware->recorder, now_us, levels);
	pthread_mutex_lock(&hardware->mutex);
	if (hardware->carriage >= 0)
		move(hardware, now_us); // by the levels that it had until now
	changed = levels ^ hardware->levels;
	trace_change(hardware->trace, &hardware->chair, now_us - hardware->start_us, changed,
		levels);
	if (hardware->chair.enable >= 0 && changed & LINE_BIT(hardware->chair.enable))
		hardware->toggled_us = now_us;
	hardware->levels = levels;
	hardware->look_us = now_us;
	if (hardware->persist)
		pull_outputs(hardware, changed);
	pthread_mutex_unlock(&hardware->mutex);
}

static void *run(void *data)
{
	const struct sched_param param = { .sched_priority = PRIORITY };
	struct chair_hardware *hardware = data;
	size_t stop = hardware->chair.n_lines;

	if (sched_setscheduler(0, SCHED_FIFO, &param) < 0)
		die("priority", errno);
	while (!(hardware->fds[stop].revents & POLLIN)) {
		look(hardware);
		if (ppoll(hardware->fds, stop + 1, NULL, NULL) < 0)
			die("poll", errno);
	}
	return NULL;
}

// --- making it --------------------------------------------------------------------------------

static void print_line(void *data, const char *line)
{
	fprintf(data, "%s\n", line);
}

static void load(struct chair_hardware *hardware, const char *file)
{
	struct problems problems = { 0 };

	if (chair_load(file, &problems, &hardware->chair) < 0 ||
		trace_chair_load(file, &hardware->checked) < 0) {
		problems_report(&problems, print_line, stderr);
		die(file, EINVAL);
	}
	problems_clear(&problems);
	hardware->outputs = chair_outputs(&hardware->chair);
	hardware->carriage = -1;
	for (size_t i = hardware->chair.n_actuators; i-- > 0;) {
		if (hardware->chair.actuators[i].timed.down_ms)
			hardware->carriage = (int)i;
	}
}

static void make_chip(struct chair_hardware *hardware, const char *label, const char *const names[],
	size_t n)
{
	int r = hardware->n_chips < CHIPS_MAX
		? simchip_new(label, names, n, &hardware->chips[hardware->n_chips++])
		: -ENOSPC;

	if (r < 0)
		die(label, -r);
}

// The chip of the lines with names, and one for each label.
static void make_chips(struct chair_hardware *hardware)
{
	static const char *const no_names[EXPANDER_LINES] = { NULL };
	const char *names[CHAIR_LINES_MAX], *labels[CHIPS_MAX] = { "board" };
	const struct chair *chair = &hardware->chair;
	size_t n_names = 0;

	for (size_t i = 0; i < chair->n_lines; i++) {
		if (chair->lines[i].chip[0])
			continue;
		hardware->places[i] = (struct place){ BOARD, (unsigned)n_names };
		names[n_names++] = chair->lines[i].name;
	}
	make_chip(hardware, labels[BOARD], names, n_names);
	for (size_t i = 0; i < chair->n_lines; i++) {
		const struct line *line = &chair->lines[i];
		unsigned int chip = BOARD + 1;

		if (!line->chip[0] || line->channel_hz)
			continue;
		while (chip < hardware->n_chips && strcmp(labels[chip], line->chip) != 0)
			chip++;
		if (chip == hardware->n_chips) {
			make_chip(hardware, line->chip, no_names, EXPANDER_LINES);
			labels[chip] = line->chip;
		}
		hardware->places[i] = (struct place){ chip, (unsigned)line->offset };
	}
}

static void open_levels(struct chair_hardware *hardware)
{
	size_t n = hardware->chair.n_lines;

	for (size_t i = 0; i < n; i++) {
		const struct place *place = &hardware->places[i];

		hardware->fds[i] = (struct pollfd){ -1, POLLPRI, 0 };
		if (!(hardware->outputs & LINE_BIT(i)))
			continue;
		hardware->fds[i].fd = hardware->chair.lines[i].channel_hz
			? simpwm_open()
			: simchip_open_level(hardware->chips[place->chip], place->offset);
		hardware->fds[i].revents = POLLPRI; // to be read for the first time
		if (hardware->fds[i].fd < 0)
			die("level", -hardware->fds[i].fd);
	}
	hardware->fds[n] = (struct pollfd){ eventfd(0, EFD_CLOEXEC), POLLIN, 0 };
	if (hardware->fds[n].fd < 0)
		die("eventfd", errno);
}

struct chair_hardware *chair_hardware_new(const char *chair_file)
{
	struct chair_hardware *hardware = calloc(1, sizeof(*hardware));

	if (!hardware || !(hardware->trace = tmpfile()))
		die("memory", ENOMEM);
	load(hardware, chair_file);
	make_chips(hardware);
	open_levels(hardware);
	hardware->recorder = line_recorder_new(hardware->chair.n_lines);
	hardware->closed[ROLE_ESTOP] = hardware->closed[ROLE_SEAT] = true;
	hardware->levels = chair_safe_levels(&hardware->chair);
	if (hardware->carriage >= 0)
		hardware->position_mm = hardware->chair.actuators[hardware->carriage].timed.way_mm /
			2;
	hardware->start_us = hardware->look_us = monotonic_us();
	hardware->toggled_us = INT64_MIN / 2;
	trace_begin(hardware->trace, &hardware->chair);
	pthread_mutex_init(&hardware->mutex, NULL);
	if (pthread_create(&hardware->thread, NULL, run, hardware))
		die("thread", EAGAIN);
	return hardware;
}

struct chair_hardware *chair_hardware_free(struct chair_hardware *hardware)
{
	if (!hardware)
		return NULL;
	if (eventfd_write(hardware->fds[hardware->chair.n_lines].fd, 1) < 0)
		die("eventfd", errno);
	pthread_join(hardware->thread, NULL);
	for (size_t i = 0; i <= hardware->chair.n_lines; i++) {
		if (hardware->fds[i].fd >= 0)
			close(hardware->fds[i].fd);
	}
	for (size_t i = 0; i < hardware->n_chips; i++)
		simchip_free(hardware->chips[i]);
	pthread_mutex_destroy(&hardware->mutex);
	line_recorder_free(hardware->recorder);
	fclose(hardware->trace);
	free(hardware);
	return NULL;
}

// --- what a test does and asks ----------------------------------------------------------------

void chair_hardware_connect(struct chair_hardware *hardware)
{
	const struct chair *chair = &hardware->chair;

	pthread_mutex_lock(&hardware->mutex);
	hardware->connected = true;
	for (size_t i = 0; i < chair->n_lines; i++) {
		if (!(hardware->outputs & LINE_BIT(i)))
			contact(hardware, (int)i, hardware->closed[chair->lines[i].role]);
	}
	pthread_mutex_unlock(&hardware->mutex);
}

int64_t chair_hardware_contact(struct chair_hardware *hardware, enum line_role role, bool closed)
{
	const struct chair *chair = &hardware->chair;
	int64_t now_us;

	pthread_mutex_lock(&hardware->mutex);
	now_us = monotonic_us();
	contact(hardware,
		role == ROLE_ESTOP          ? chair->estop
			: role == ROLE_SEAT ? chair->seat
					    : chair->reset,
		closed);
	pthread_mutex_unlock(&hardware->mutex);
	return now_us;
}

void chair_hardware_persist(struct chair_hardware *hardware)
{
	pthread_mutex_lock(&hardware->mutex);
	hardware->persist = true;
	pull_outputs(hardware, hardware->outputs);
	pthread_mutex_unlock(&hardware->mutex);
}

struct line_recorder *chair_hardware_recorder(const struct chair_hardware *hardware)
{
	return hardware->recorder;
}

unsigned int chair_hardware_line(const struct chair_hardware *hardware, const char *actuator,
	enum line_role role)
{
	int index = chair_find_actuator(&hardware->chair, actuator);
	int line = index < 0 ? -1 : hardware->chair.actuators[index].line[role];

	if (line < 0)
		die(actuator, ENOENT);
	return (unsigned int)line;
}

unsigned int chair_hardware_enable(const struct chair_hardware *hardware)
{
	return (unsigned int)hardware->chair.enable;
}

uint64_t chair_hardware_levels(struct chair_hardware *hardware)
{
	uint64_t levels;

	pthread_mutex_lock(&hardware->mutex);
	levels = hardware->levels;
	pthread_mutex_unlock(&hardware->mutex);
	return levels;
}

double chair_hardware_position_mm(struct chair_hardware *hardware)
{
	double position_mm;

	pthread_mutex_lock(&hardware->mutex);
	position_mm = hardware->position_mm;
	pthread_mutex_unlock(&hardware->mutex);
	return position_mm;
}

size_t chair_hardware_violations(struct chair_hardware *hardware)
{
	struct trace_report report = { 0 };
	int r;

	pthread_mutex_lock(&hardware->mutex);
	rewind(hardware->trace);
	r = trace_check(&hardware->checked, hardware->trace, TOLERANCE_US,
		monotonic_us() - hardware->start_us, &report);
	fseek(hardware->trace, 0, SEEK_END);
	pthread_mutex_unlock(&hardware->mutex);
	if (r < 0)
		die("trace", -r);
	trace_report_print(&report, stderr);
	return report.n;
}
