// SPDX-License-Identifier: MIT
#include "guard/lockstep.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <time.h>

#include "guard/halt.h"
#include "guard/pace.h"
#include "guard/patience.h"
#include "hal/sim/sim.h"
#include "service/clock.h"

#define FRAMES_PER_WAKE 16
#define FRAMES_PER_TURN 64        // an honest controller sends four at most
#define ROUNDS_MAX      64        // of step and turn at one time; no honest controller needs ten
#define AGAIN_US        US_PER_MS // by which the time moves on after ROUNDS_MAX
#define IDLE_BEAT_US    US_PER_S
#define AHEAD_US        US_PER_MS // of real time: the loop does not sleep for less ...
#define AHEAD_MAX       64        // ... but polls its descriptors after so many steps

struct lockstep {
	struct shell *shell;
	struct hal *hal;
	FILE *trace;
	struct fault_socket *fault_socket;
	struct pace pace;
	struct halt halt;
	int64_t now_us;         // the chair's time
	int64_t engine_next_us; // next step of the engine
	int64_t peer_next_us;   // next turn that the controller has requested
	int64_t granted_us;     // time and number of the last grant
	uint32_t turn;
	bool reported; // since the last grant
	bool silent;   // the controller counts as dead
	bool begun;    // there has been a request: the time passes
	int ahead;     // steps since the descriptors were last polled
};

// --- faults and commands of the clock ---------------------------------------------------------

static void handle_texts(struct lockstep *lockstep)
{
	struct fault_socket_peer peer;
	const char *why;
	char text[128];

	while (fault_socket_receive(lockstep->fault_socket, text, sizeof(text), &peer)) {
		lockstep->begun = true;
		if (!halt_parse(&lockstep->halt, lockstep->now_us, text, &why)) {
			fault_socket_inject(lockstep->fault_socket, &peer, lockstep->hal, text);
			lockstep->engine_next_us = lockstep->now_us;
			continue;
		}
		lockstep->halt.sender = peer;
		if (why || lockstep->halt.answered)
			fault_socket_answer(lockstep->fault_socket, &peer, why ? why : "ok");
		pace_begin(&lockstep->pace, clock_monotonic_us(), lockstep->now_us);
	}
}

// --- the controller's turn --------------------------------------------------------------------

static void link_down(struct lockstep *lockstep)
{
	shell_link_changed(lockstep->shell, lockstep->now_us, false);
	lockstep->peer_next_us = TIME_NEVER;
	lockstep->engine_next_us = lockstep->now_us;
}

// True if the frame ends the controller's turn.
static bool handle_frame(struct lockstep *lockstep, const union wire_frame *frame, size_t size)
{
	const struct wire_next *next = &frame->next;

	handle_texts(lockstep); // what was sent before the frame is handled before it
	lockstep->reported |= lockstep->silent; // reports were not sent meanwhile
	lockstep->silent = false;
	if (!wire_check_next(frame, size)) {
		engine_frame(lockstep->shell->engine, lockstep->now_us, frame, size);
		lockstep->reported |= shell_report(lockstep->shell);
		lockstep->engine_next_us = lockstep->now_us;
		return false;
	}
	// The phase is current even if the frame crossed a grant: so no short phase is missed.
	if (next->phase < SESSION_PHASE_COUNT)
		halt_phase_changed(&lockstep->halt, lockstep->now_us,
			(enum session_phase)next->phase);
	if (next->turn != lockstep->turn || next->next_us < 0)
		return false; // it answers an earlier turn
	lockstep->peer_next_us = next->next_us;
	return true;
}

// As link_receive(); handles a controller that has disconnected.
static int receive_frame(struct lockstep *lockstep, union wire_frame *ret_frame)
{
	int n = link_receive(&lockstep->shell->link, ret_frame);

	if (n < 0 && n != -EAGAIN)
		link_down(lockstep);
	return n;
}

static void give_up(struct lockstep *lockstep)
{
	lockstep->silent = true;
	rt_log_write(&lockstep->shell->log, &(struct note){ .kind = NOTE_SILENT });
}

static void await_turn(struct lockstep *lockstep)
{
	struct patience patience = patience_begin(lockstep->shell->link.peer);
	union wire_frame frame;
	int n, frames = 0;

	while ((n = receive_frame(lockstep, &frame)) != -EPIPE) {
		if (n > 0 && handle_frame(lockstep, &frame, (size_t)n))
			return;
		feeder_feed(&lockstep->shell->feeder, clock_monotonic_us());
		if (n == -EAGAIN)
			patience_wait(&patience, lockstep->shell->link.fd);
		else if (++frames > FRAMES_PER_TURN)
			break;
		if (patience_lost(&patience))
			break;
	}
	if (n != -EPIPE)
		give_up(lockstep);
}

static void grant_turn(struct lockstep *lockstep)
{
	union wire_frame grant = { .grant = {
					   .now_us = lockstep->now_us, .turn = ++lockstep->turn } };

	lockstep->peer_next_us = TIME_NEVER;
	lockstep->reported = false;
	lockstep->granted_us = lockstep->now_us;
	wire_header_init(&grant.header, WIRE_GRANT, sizeof(grant.grant), 0);
	if (lockstep->trace)
		fflush(lockstep->trace);
	if (link_send(&lockstep->shell->link, &grant) == 0)
		await_turn(lockstep);
	else
		give_up(lockstep); // the controller does not read
}

// --- one time ---------------------------------------------------------------------------------

static bool peer_waits(const struct lockstep *lockstep)
{
	return lockstep->shell->link.fd >= 0 && !lockstep->silent &&
		!shell_stopping(lockstep->shell);
}

static bool moves(const struct lockstep *lockstep)
{
	enum guard_mode mode = engine_mode(lockstep->shell->engine);

	return mode == GUARD_ACTIVE || mode == GUARD_RELEASING;
}

// There is something for the controller to do, or the time stands still at a value not granted yet:
// a request that the controller gets then must carry that time.
static bool turn_is_due(const struct lockstep *lockstep)
{
	bool stands = lockstep->now_us >= lockstep->halt.at_us || !moves(lockstep);

	return lockstep->reported || lockstep->peer_next_us <= lockstep->now_us ||
		(stands && lockstep->granted_us < lockstep->now_us);
}

static void step_engine(struct lockstep *lockstep)
{
	lockstep->engine_next_us = engine_step(lockstep->shell->engine, lockstep->now_us);
	lockstep->now_us += sim_take_late_us(lockstep->hal);
	lockstep->begun |= engine_mode(lockstep->shell->engine) != GUARD_OFF;
	if (lockstep->begun && lockstep->pace.speed)
		lockstep->engine_next_us = min_i64(lockstep->engine_next_us,
			lockstep->now_us + IDLE_BEAT_US);
	lockstep->reported |= shell_report(lockstep->shell);
}

// Step the engine and grant turns until neither has anything due at this time.
static void step(struct lockstep *lockstep)
{
	for (int round = 0; round < ROUNDS_MAX; round++) {
		bool due = lockstep->engine_next_us <= lockstep->now_us;

		if (due)
			step_engine(lockstep);
		if (peer_waits(lockstep) && turn_is_due(lockstep))
			grant_turn(lockstep);
		else if (!due)
			return;
	}
	lockstep->engine_next_us = lockstep->now_us + AGAIN_US;
	lockstep->peer_next_us = TIME_NEVER;
}

// The next value of the chair's time; TIME_NEVER: it does not move on by itself.
static int64_t next_us(const struct lockstep *lockstep)
{
	int64_t next = lockstep->shell->stop_by_us;

	if (lockstep->begun || lockstep->engine_next_us <= lockstep->now_us)
		next = min_i64(next, lockstep->engine_next_us);
	if (peer_waits(lockstep))
		next = min_i64(next, lockstep->peer_next_us);
	if (lockstep->halt.at_us == TIME_NEVER || shell_stopping(lockstep->shell))
		return next;
	// A halted clock waits for a command; until then requests are handled at that time.
	return next > lockstep->now_us && lockstep->now_us >= lockstep->halt.at_us
		? TIME_NEVER
		: min_i64(next, lockstep->halt.at_us);
}

static void answer_halted(struct lockstep *lockstep)
{
	struct halt *halt = &lockstep->halt;
	char text[80];

	if (halt->answered || lockstep->now_us < halt->at_us)
		return;
	halt->answered = true;
	if (lockstep->trace)
		fflush(lockstep->trace);
	snprintf(text, sizeof(text), "halted %" PRId64 ".%06" PRId64 " %s",
		lockstep->now_us / US_PER_S, lockstep->now_us % US_PER_S,
		session_phase_name(halt->now));
	fault_socket_answer(lockstep->fault_socket, &halt->sender, text);
}

// --- input from outside -----------------------------------------------------------------------

// Frames that the controller sends between two turns.
static void handle_frames(struct lockstep *lockstep)
{
	const struct link *link = &lockstep->shell->link;
	union wire_frame frame;

	for (int i = 0; i < FRAMES_PER_WAKE || link_holds_frame(link); i++) {
		int n = receive_frame(lockstep, &frame);

		if (n < 0)
			return;
		handle_frame(lockstep, &frame, (size_t)n);
	}
}

// A new controller first gets the time, as a grant.
static void accept_controller(struct lockstep *lockstep)
{
	int was = lockstep->shell->link.fd;

	shell_accept(lockstep->shell, lockstep->now_us);
	if (lockstep->shell->link.fd == was)
		return;
	lockstep->silent = false;
	lockstep->engine_next_us = lockstep->now_us;
	grant_turn(lockstep);
}

// A suspend ends a session on a simulated chair, too.
static void check_suspend(struct lockstep *lockstep)
{
	if (!suspend_happened(&lockstep->shell->suspend))
		return;
	engine_slept(lockstep->shell->engine, lockstep->now_us);
	lockstep->engine_next_us = lockstep->now_us;
}

// Wait until the chair's time may move on (true) or a descriptor is ready.
static bool wait_for(struct lockstep *lockstep, int64_t until_us)
{
	struct shell *shell = lockstep->shell;
	bool stopping = shell_stopping(shell);
	struct pollfd fds[] = {
		{ shell->signal_fd, POLLIN, 0 },
		{ stopping ? -1 : shell->link.listen_fd, POLLIN, 0 },
		{ stopping ? -1 : shell->link.fd, POLLIN, 0 },
		{ lockstep->fault_socket->fd, POLLIN, 0 },
	};
	int64_t real_us = clock_monotonic_us();
	int64_t due_us = until_us == TIME_NEVER ? TIME_NEVER
						: pace_due_us(&lockstep->pace, real_us, until_us);
	int64_t wake_us = min_i64(due_us, shell->feeder.due_us);
	int64_t left_us = clamp_i64(wake_us - real_us, 0, TIME_NEVER);
	struct timespec left = { left_us / US_PER_S, left_us % US_PER_S * 1000 };

	if (left_us < AHEAD_US && lockstep->ahead++ < AHEAD_MAX)
		return due_us != TIME_NEVER && due_us - real_us < AHEAD_US;
	lockstep->ahead = 0;
	if (ppoll(fds, sizeof(fds) / sizeof(fds[0]), wake_us == TIME_NEVER ? NULL : &left, NULL) >
		0) {
		if (fds[0].revents)
			shell_stop(shell, lockstep->now_us);
		if (fds[1].revents)
			accept_controller(lockstep);
		if (fds[2].revents)
			handle_frames(lockstep);
		if (fds[3].revents)
			handle_texts(lockstep);
		return due_us <= real_us;
	}
	return due_us != TIME_NEVER && clock_monotonic_us() >= due_us;
}

void lockstep_run(struct shell *shell, struct hal *hal, const struct lockstep_options *options)
{
	struct lockstep lockstep = { .shell = shell,
		.hal = hal,
		.trace = options->trace,
		.fault_socket = options->fault_socket,
		.pace.speed = options->speed,
		.peer_next_us = TIME_NEVER };

	halt_init(&lockstep.halt);
	pace_begin(&lockstep.pace, clock_monotonic_us(), 0);
	step(&lockstep);
	while (!shell_stopped(shell, lockstep.now_us)) {
		int64_t until_us;

		check_suspend(&lockstep);
		until_us = next_us(&lockstep);
		if (wait_for(&lockstep, until_us) && until_us == next_us(&lockstep))
			lockstep.now_us = clamp_i64(until_us, lockstep.now_us, TIME_NEVER);
		step(&lockstep);
		answer_halted(&lockstep);
		feeder_feed(&shell->feeder, clock_monotonic_us());
	}
}
