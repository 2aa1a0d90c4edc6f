// SPDX-License-Identifier: MIT
#include "guard/engine.h"

#include <errno.h>
#include <stdlib.h>

#include "guard/pwm.h"

#define EVENTS_MAX 64               // edges taken in one step; more wait for the next
#define AGAIN_US   (10 * US_PER_MS) // between writes of the safe levels while `unsure`

struct engine {
	const struct chair *chair;
	struct hal *hal;
	struct guard *guard;
	struct pwm pwm;

	uint64_t outputs, safe_levels;
	uint64_t channels;                // PWM lines that the hal pulses
	uint16_t driven[CHAIR_LINES_MAX]; // their drive that was last written
	uint64_t written;                 // levels that were last written
	uint64_t unsure;                  // lines of unknown level, since a write failed
	int64_t unsure_us;                // since when
	int write_error;
	int line_error, failed_line; // since the lines last began to fail
	bool lines_fail;
	uint64_t inputs; // levels, as last read

	struct guard_output out; // of the last guard_step()
	struct hal_event events[EVENTS_MAX];
	struct hal_force force[CHAIR_ACTUATORS_MAX];
	struct hal_measurement measured[CHAIR_ACTUATORS_MAX][QUANTITY_COUNT];
	uint32_t measuring[QUANTITY_COUNT]; // sets of actuators, bit by index
	bool link_up, report_due;
	bool slept; // to be passed to the next step
	uint32_t frames_malformed;
	int64_t now_us, next_us;
};

int engine_new(const struct chair *chair, struct hal *hal, struct engine **ret_engine)
{
	bool persist = hal_outputs_persist(hal) != 0; // an error counts as persistent
	struct engine *engine = calloc(1, sizeof(*engine));
	int r;

	if (!engine)
		return -ENOMEM;
	r = guard_new(chair, persist, &engine->guard);
	if (r < 0) {
		free(engine);
		return r;
	}
	engine->channels = hal_channels(hal);
	pwm_init(&engine->pwm, chair->pwm_hz, chair_pwm_lines(chair) & ~engine->channels);
	engine->chair = chair;
	engine->hal = hal;
	for (size_t i = 0; i < chair->n_actuators; i++) {
		for (int q = 0; q < QUANTITY_COUNT; q++)
			engine->measuring[q] |= (uint32_t)chair->actuators[i].measured[q].present
				<< i;
	}
	engine->outputs = chair_outputs(chair) & ~engine->channels;
	engine->safe_levels = engine->written = chair_safe_levels(chair);
	*ret_engine = engine;
	return 0;
}

struct engine *engine_free(struct engine *engine)
{
	if (engine)
		guard_free(engine->guard);
	free(engine);
	return NULL;
}

static void note_failure(struct engine *engine, int hal_error)
{
	if (hal_error && !engine->lines_fail) {
		engine->line_error = hal_error;
		engine->failed_line = hal_failed_line(engine->hal);
	}
	engine->lines_fail = hal_error;
}

static void step_guard(struct engine *engine, int64_t now_us, size_t n_events, int hal_error,
	const union wire_frame *frame)
{
	// Time spent in a suspend does not count as lateness.
	bool due = now_us >= engine->out.next_us && !engine->slept;
	struct guard_input input = {
		.now_us = now_us,
		.due_us = due ? engine->out.next_us : now_us,
		.levels = engine->inputs,
		.events = engine->events,
		.n_events = n_events,
		.force = engine->force,
		.measured = engine->measured,
		.hal_error = hal_error,
		.frame = frame,
		.link_up = engine->link_up,
		.slept = engine->slept,
	};

	engine->slept = false;
	note_failure(engine, hal_error);
	guard_step(engine->guard, &input, &engine->out);
	pwm_set(&engine->pwm, now_us, engine->out.duty_permille);
	engine->report_due |= engine->out.report;
}

static void read_measurements(struct engine *engine, int64_t now_us)
{
	for (int q = 0; q < QUANTITY_COUNT; q++) {
		for (uint32_t left = engine->measuring[q]; left; left &= left - 1) {
			int i = __builtin_ctz(left);
			int r = hal_measure(engine->hal, now_us, i, (enum quantity)q,
				&engine->measured[i][q]);

			if (r < 0)
				engine->measured[i][q].error = r;
		}
	}
}

// Read forces and inputs. An error of a sensor is passed to the guard with its value; the result is
// that of the inputs.
static int read_lines(struct engine *engine, int64_t now_us)
{
	for (size_t i = 0; i < engine->chair->n_actuators; i++) {
		if (!engine->chair->actuators[i].sensor.present)
			continue;
		int r = hal_force(engine->hal, now_us, (int)i, &engine->force[i]);

		if (r < 0)
			engine->force[i].error = r;
	}
	read_measurements(engine, now_us);
	return hal_read(engine->hal, now_us, &engine->inputs);
}

// Write the drives that change, and continue past an error. If the lines have failed, only off.
static int write_channels(struct engine *engine, int64_t now_us, bool lines_failed)
{
	int result = 0;

	for (uint64_t left = engine->channels; left; left &= left - 1) {
		int line = __builtin_ctzll(left), r;
		uint16_t duty_permille = lines_failed ? 0 : engine->out.duty_permille[line];

		if (duty_permille == engine->driven[line] && !engine->unsure)
			continue;
		r = hal_drive(engine->hal, now_us, line, duty_permille);
		engine->driven[line] = duty_permille;
		result = result ? result : r;
	}
	return result;
}

// Write the levels that change, as one request.
static int write_lines(struct engine *engine, int64_t now_us, int64_t *ret_pwm_next_us)
{
	uint64_t levels, mask;
	int r, r_channels;

	levels = engine->out.levels | pwm_step(&engine->pwm, now_us, ret_pwm_next_us);
	mask = (levels ^ engine->written) | engine->unsure;
	r = mask ? hal_write(engine->hal, now_us, mask, levels) : 0;
	engine->written = levels;
	r_channels = engine->channels ? write_channels(engine, now_us, r < 0) : 0;
	r = r < 0 ? r : r_channels;
	if (r < 0 && !engine->unsure)
		engine->unsure_us = now_us;
	engine->unsure = r < 0 ? engine->outputs : 0;
	engine->write_error = r;
	return r;
}

static void step(struct engine *engine, int64_t now_us, bool must_step,
	const union wire_frame *frame)
{
	int n_events = hal_events(engine->hal, now_us, engine->events, EVENTS_MAX);
	int64_t pwm_next_us;
	bool was_unsure;
	int r;

	engine->now_us = now_us;
	if (n_events != 0 || must_step || frame || engine->unsure ||
		now_us >= engine->out.next_us) {
		r = read_lines(engine, now_us);
		if (n_events < 0)
			r = n_events;
		if (engine->unsure)
			r = engine->write_error;
		step_guard(engine, now_us, n_events > 0 ? (size_t)n_events : 0, r, frame);
	}
	was_unsure = engine->unsure;
	r = write_lines(engine, now_us, &pwm_next_us);
	if (r < 0 && !was_unsure) {
		// The guard trips and sets every output to its safe level, the enable line
		// included. That write is repeated until it succeeds; no write that turns something
		// on is repeated.
		step_guard(engine, now_us, 0, r, NULL);
		write_lines(engine, now_us, &pwm_next_us);
	}
	engine->next_us = min_i64(min_i64(engine->out.next_us, pwm_next_us),
		hal_next_us(engine->hal));
	if (engine->unsure)
		engine->next_us = min_i64(engine->next_us, now_us + AGAIN_US);
	if (n_events == EVENTS_MAX)
		engine->next_us = now_us;
}

int64_t engine_step(struct engine *engine, int64_t now_us)
{
	step(engine, now_us, false, NULL);
	return engine->next_us;
}

int64_t engine_frame(struct engine *engine, int64_t now_us, const union wire_frame *frame,
	size_t size)
{
	if (wire_check(engine->chair, frame, size))
		step(engine, now_us, false, frame);
	else
		engine->frames_malformed++;
	return engine->lines_fail ? now_us : engine->next_us;
}

void engine_link(struct engine *engine, int64_t now_us, bool up)
{
	engine->link_up = up;
	step(engine, now_us, true, NULL);
}

void engine_slept(struct engine *engine, int64_t now_us)
{
	engine->slept = true;
	step(engine, now_us, true, NULL);
}

void engine_no_realtime(struct engine *engine)
{
	guard_no_realtime(engine->guard);
}

bool engine_failed(const struct engine *engine)
{
	return engine->unsure && engine->now_us - engine->unsure_us >= ENGINE_UNSAFE_MAX_US;
}

uint32_t engine_pressed(const struct engine *engine)
{
	return guard_pressed(engine->guard);
}

int engine_line_error(const struct engine *engine, int *ret_line)
{
	*ret_line = engine->failed_line;
	return engine->line_error;
}

enum guard_mode engine_mode(const struct engine *engine)
{
	return guard_mode(engine->guard);
}

const struct guard_transition *engine_impossible(const struct engine *engine)
{
	return guard_impossible(engine->guard);
}

bool engine_take_report(struct engine *engine, struct wire_report *ret_report)
{
	if (!engine->report_due)
		return false;
	engine->report_due = false;
	guard_report(engine->guard, ret_report);
	ret_report->frames_refused += engine->frames_malformed;
	return true;
}
