// SPDX-License-Identifier: MIT
#include "ctl/simulator.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/button.h"
#include "core/deadman.h"

#define QUEUE_MAX       128              // frames in each direction, as many as a socket holds
#define AGAIN_US        US_PER_MS        // duration of a step that requires another at once
#define ALONE_US        (10 * US_PER_MS) // between steps of a chair without a guard
#define BROKER_GRACE_US (5 * US_PER_S)

struct queue {
	size_t first, n;
	struct {
		int64_t due_us;
		size_t size; // as sent; of a frame too long for the union, the rest is lost
		union wire_frame frame;
	} entry[QUEUE_MAX];
};

struct simulator {
	const struct chair *chair;
	int64_t delay_us, now_us, busy_us; // busy_us: time of the last step
	struct hal *hal;
	struct engine *engine;
	struct session *session;
	struct deadman deadman;
	struct button_watch buttons;
	bool stopped;             // the current run
	bool controller, link_up; // the controller is alive; its socket is open
	bool changed;             // the session's status, in this step
	bool guard_ended;         // its lines did not take their safe levels, or it was killed
	bool guard_killed;
	int64_t engine_next_us, session_next_us;
	struct queue to_guard, to_controller;
	struct wire_report report; // the last, received by the controller or not
	bool reported;
};

// --- queues of frames -------------------------------------------------------------------------

// A full queue drops new frames, as a socket does.
static void queue_put(struct queue *queue, int64_t due_us, const void *bytes, size_t size)
{
	size_t last = (queue->first + queue->n) % QUEUE_MAX;

	if (queue->n == QUEUE_MAX)
		return;
	if (!queue->n) // reuse memory that is in the cache
		queue->first = last = 0;
	queue->n++;
	queue->entry[last].due_us = due_us;
	queue->entry[last].size = size;
	memcpy(&queue->entry[last].frame, bytes,
		size < sizeof(union wire_frame) ? size : sizeof(union wire_frame));
}

static int64_t queue_next_us(const struct queue *queue)
{
	return queue->n ? queue->entry[queue->first].due_us : TIME_NEVER;
}

static void queue_drop(struct queue *queue)
{
	queue->first = (queue->first + 1) % QUEUE_MAX;
	queue->n--;
}

// --- one step ---------------------------------------------------------------------------------

static void take_report(struct simulator *simulator)
{
	if (!engine_take_report(simulator->engine, &simulator->report))
		return;
	simulator->reported = true;
	if (simulator->link_up && simulator->controller)
		queue_put(&simulator->to_controller, simulator->now_us + simulator->delay_us,
			&simulator->report,
			offsetof(struct wire_report, actuator[simulator->report.n]));
}

// Its socket closes, and its lines stay as they are.
static void lose_guard(struct simulator *simulator)
{
	simulator->guard_ended = true;
	simulator->link_up = false;
	simulator->engine_next_us = TIME_NEVER;
	simulator->to_guard.n = simulator->to_controller.n = 0;
	if (simulator->controller)
		session_guard_link(simulator->session, simulator->now_us, false);
	simulator->session_next_us = simulator->now_us;
}

// End the guard as chairguard ends: its socket closes, and chairguard --safe-off drives the lines
// to their safe levels.
static void end_guard(struct simulator *simulator)
{
	lose_guard(simulator);
	hal_make_safe(simulator->hal, simulator->now_us);
}

// Nobody drives the lines any more, and the chair moves on.
static void step_chair(struct simulator *simulator)
{
	struct hal_event events[8];

	while (hal_events(simulator->hal, simulator->now_us, events, 8) > 0)
		;
	simulator->engine_next_us = simulator->now_us + ALONE_US;
}

static void step_engine(struct simulator *simulator)
{
	if (simulator->guard_killed) {
		step_chair(simulator);
		return;
	}
	simulator->engine_next_us = engine_step(simulator->engine, simulator->now_us);
	take_report(simulator);
	if (engine_failed(simulator->engine))
		end_guard(simulator);
	else if (simulator->engine_next_us <= simulator->now_us)
		simulator->engine_next_us = simulator->now_us + AGAIN_US;
}

static void step_guard(struct simulator *simulator)
{
	struct queue *queue = &simulator->to_guard;

	for (; queue_next_us(queue) <= simulator->now_us; queue_drop(queue)) {
		simulator->engine_next_us = engine_frame(simulator->engine, simulator->now_us,
			&queue->entry[queue->first].frame, queue->entry[queue->first].size);
		take_report(simulator);
	}
	if (simulator->engine_next_us <= simulator->now_us)
		step_engine(simulator);
	simulator->now_us += sim_take_late_us(simulator->hal);
}

static void run_session(struct simulator *simulator, const struct simulator_watch *watch)
{
	struct session_output output;

	deadman_step(&simulator->deadman, simulator->now_us, simulator->session);
	session_step(simulator->session, simulator->now_us, &output);
	simulator->session_next_us = output.next_us;
	simulator->changed |= output.changed;
	for (size_t i = 0; i < output.n_frames; i++)
		simulator_send_raw(simulator, &output.frames[i], output.frames[i].header.length);
	for (size_t i = 0; watch && watch->event && i < output.n_events; i++)
		watch->event(watch->data, simulator->now_us, &output.events[i]);
	for (size_t i = 0; watch && watch->transition && i < output.n_transitions; i++)
		watch->transition(watch->data, output.transitions[i]);
}

// When the controller acts next: at its own deadline, or on a report.
static int64_t controller_next_us(const struct simulator *simulator)
{
	if (!simulator->controller)
		return TIME_NEVER;
	return min_i64(queue_next_us(&simulator->to_controller),
		min_i64(simulator->session_next_us, deadman_next_us(&simulator->deadman)));
}

static void press(struct simulator *simulator, size_t button, const struct simulator_watch *watch)
{
	struct command command;
	enum refusal refusal = REFUSAL_NONE;

	if (button_command(simulator->chair, button, &command)) {
		refusal = simulator_command(simulator, &command, NULL);
		if (refusal == REFUSAL_NONE && command.verb == COMMAND_JOG)
			simulator->buttons.jogging = (int)button;
	}
	if (watch && watch->pressed)
		watch->pressed(watch->data, simulator->now_us, button, refusal);
}

static void handle_report(struct simulator *simulator, const struct wire_report *report,
	const struct simulator_watch *watch)
{
	struct session_status status;
	struct command jog;

	session_guard_report(simulator->session, simulator->now_us, report);
	if (!simulator->chair->n_buttons)
		return;
	button_watch_report(&simulator->buttons, report);
	for (uint32_t left = simulator->buttons.begun; left; left &= left - 1)
		press(simulator, (size_t)__builtin_ctz(left), watch);
	session_status(simulator->session, simulator->now_us, &status);
	if (button_jog(&simulator->buttons, simulator->chair, status.phase, &jog))
		simulator_command(simulator, &jog, NULL);
}

static void step_controller(struct simulator *simulator, const struct simulator_watch *watch)
{
	struct queue *queue = &simulator->to_controller;

	if (controller_next_us(simulator) > simulator->now_us)
		return;
	for (; queue_next_us(queue) <= simulator->now_us; queue_drop(queue))
		handle_report(simulator, &queue->entry[queue->first].frame.report, watch);
	run_session(simulator, watch);
}

static int64_t next_us(const struct simulator *simulator)
{
	return min_i64(min_i64(simulator->engine_next_us, queue_next_us(&simulator->to_guard)),
		controller_next_us(simulator));
}

int64_t simulator_run(struct simulator *simulator, int64_t until_us,
	const struct simulator_watch *watch)
{
	int64_t next;

	// Between two runs the caller may have changed the parts: step them now.
	simulator->session_next_us = simulator->now_us;
	simulator->engine_next_us = simulator->guard_ended && !simulator->guard_killed
		? TIME_NEVER
		: simulator->now_us;
	simulator->stopped = false;
	while (!simulator->stopped && (next = next_us(simulator)) <= until_us) {
		if (next > simulator->now_us)
			simulator->now_us = next;
		simulator->busy_us = simulator->now_us;
		simulator->changed = false;
		step_guard(simulator);
		step_controller(simulator, watch);
		if (watch && watch->step)
			watch->step(watch->data, simulator->now_us);
		if (watch && watch->changed && simulator->changed)
			watch->changed(watch->data, simulator->now_us);
	}
	if (!simulator->stopped && simulator->now_us < until_us)
		simulator->now_us = until_us;
	return simulator->busy_us;
}

void simulator_stop(struct simulator *simulator)
{
	simulator->stopped = true;
}

// --- public functions -------------------------------------------------------------------------

enum refusal simulator_command(struct simulator *simulator, const struct command *command,
	const struct plan *plan)
{
	enum refusal refusal = session_command(simulator->session, simulator->now_us, command,
		plan);

	if (refusal == REFUSAL_NONE)
		deadman_command(&simulator->deadman, simulator->now_us, command);
	return refusal;
}

void simulator_broker(struct simulator *simulator, bool up)
{
	deadman_broker(&simulator->deadman, simulator->now_us, up);
}

static void set_link(struct simulator *simulator, bool up)
{
	if (simulator->guard_ended)
		return;
	simulator->link_up = up;
	button_watch_init(&simulator->buttons);
	simulator->to_guard.n = simulator->to_controller.n = 0;
	engine_link(simulator->engine, simulator->now_us, up);
	take_report(simulator);
}

void simulator_kill_controller(struct simulator *simulator, bool drop_link)
{
	simulator->controller = false;
	simulator->to_controller.n = 0;
	if (drop_link && simulator->link_up)
		set_link(simulator, false);
}

void simulator_kill_guard(struct simulator *simulator)
{
	lose_guard(simulator);
	simulator->guard_killed = true;
	simulator->engine_next_us = simulator->now_us;
}

void simulator_revive_controller(struct simulator *simulator)
{
	if (simulator->controller)
		return;
	simulator->controller = true;
	if (simulator->link_up || simulator->guard_ended)
		return;
	set_link(simulator, true);
	session_guard_link(simulator->session, simulator->now_us, false);
	session_guard_link(simulator->session, simulator->now_us, true);
}

void simulator_send_raw(struct simulator *simulator, const void *bytes, size_t size)
{
	if (simulator->link_up)
		queue_put(&simulator->to_guard, simulator->now_us + simulator->delay_us, bytes,
			size);
}

int64_t simulator_now_us(const struct simulator *simulator)
{
	return simulator->now_us;
}

const struct wire_report *simulator_report(const struct simulator *simulator)
{
	return simulator->reported ? &simulator->report : NULL;
}

struct session *simulator_session(struct simulator *simulator)
{
	return simulator->session;
}

struct engine *simulator_engine(struct simulator *simulator)
{
	return simulator->engine;
}

struct hal *simulator_hal(struct simulator *simulator)
{
	return simulator->hal;
}

// --- construction -----------------------------------------------------------------------------

int simulator_new(const struct chair *chair, const struct simulator_options *options,
	struct simulator **ret_simulator)
{
	struct simulator *simulator = calloc(1, sizeof(*simulator));
	void *memory = malloc(session_size());
	int r = -ENOMEM;

	if (!simulator || !memory) {
		free(memory);
		simulator_free(simulator);
		return r;
	}
	simulator->session = session_init(memory, chair);
	deadman_init(&simulator->deadman, 0, BROKER_GRACE_US);
	deadman_broker(&simulator->deadman, 0, true);
	simulator->chair = chair;
	simulator->delay_us = options->frame_delay_us;
	r = sim_new(chair, &options->sim, &simulator->hal);
	if (r >= 0)
		r = engine_new(chair, simulator->hal, &simulator->engine);
	if (r < 0) {
		simulator_free(simulator);
		return r;
	}
	simulator->controller = true;
	set_link(simulator, true);
	session_guard_link(simulator->session, 0, true);
	*ret_simulator = simulator;
	return 0;
}

struct simulator *simulator_free(struct simulator *simulator)
{
	if (!simulator)
		return NULL;
	engine_free(simulator->engine);
	hal_free(simulator->hal);
	free(simulator->session);
	free(simulator);
	return NULL;
}
