// SPDX-License-Identifier: MIT
//
// Check of the directions: forward and reverse of each motor with a home switch are wired as in the
// chair file. It is the only check that moves something, and only on request.
//
// It sends requests as any client does: the guard keeps every ceiling, and a jog ends without its
// heartbeat, also if this process dies.
#include "ctl/doctor.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/wire.h"
#include "ctl/direction.h"
#include "ctl/interrupt.h"
#include "service/clock.h"

#define LOOK_AGAIN_US (100 * US_PER_MS) // well within the heartbeat, and the rate of requests

struct trial {
	struct doctor *doctor;
	struct direction direction;
	struct direction_seen seen;
	bool still;      // no actuator is driven
	char fault[256]; // text of the latched fault
	bool fault_is_of_it;
	bool ended; // without a verdict, because:
	char why[256], remedy[256];
};

static void end_trial(struct trial *trial, const char *why, const char *remedy)
{
	if (trial->ended)
		return; // the first reason counts
	trial->ended = true;
	snprintf(trial->why, sizeof(trial->why), "%s", why);
	snprintf(trial->remedy, sizeof(trial->remedy), "%s", remedy ? remedy : "");
}

// Answer to a request, which the caller owns; NULL: none, and the trial has ended.
static json_t *ask(struct trial *trial, const char *verb, json_t *args)
{
	json_t *answer = NULL;
	int r = broker_request(trial->doctor->broker, verb, args, trial->doctor->timeout_s,
		&answer);

	if (r < 0)
		end_trial(trial,
			r == -ENOTCONN            ? "the chair went offline"
				: r == -ETIMEDOUT ? "the chair does not answer"
						  : "the connection to the broker is lost",
			"the motor stops without a heartbeat; check that it does, then: "
			"systemctl status mosquitto chaird");
	return answer;
}

static bool is_pressed(json_t *state, const char *name)
{
	json_t *list = json_object_get(state, "pressed"), *entry;
	size_t i;

	if (!json_is_array(list))
		return true; // not known
	json_array_foreach(list, i, entry)
	{
		const char *actuator = json_string_value(json_object_get(entry, "actuator"));

		if (actuator && strcmp(actuator, name) == 0)
			return true;
	}
	return false;
}

static void read_state(struct trial *trial, json_t *state, json_t *telemetry)
{
	const char *name = trial->direction.actuator->name;
	const char *phase = "", *mode = "", *text = NULL, *culprit = NULL;
	int at_home = 0;

	json_unpack(state, "{s:s, s?{s?s, s?s}}", "phase", &phase, "fault", "text", &text,
		"actuator", &culprit);
	json_unpack(telemetry, "{s:s, s:{s:{s:b}}}", "mode", &mode, "actuators", name, "at_home",
		&at_home);
	trial->seen = (struct direction_seen){ .idle = strcmp(phase, "idle") == 0,
		.at_home = at_home,
		.released = !is_pressed(state, name),
		.tripped = text };
	trial->still = strcmp(mode, guard_mode_name(GUARD_ACTIVE)) != 0 &&
		strcmp(mode, guard_mode_name(GUARD_RELEASING)) != 0;
	trial->fault_is_of_it = culprit && strcmp(culprit, name) == 0;
	snprintf(trial->fault, sizeof(trial->fault), "%s", text ? text : "");
}

static bool look(struct trial *trial)
{
	json_auto_t *answer = ask(trial, "status", NULL);
	json_t *state = NULL, *telemetry = NULL;

	if (!answer)
		return false;
	json_unpack(answer, "{s:{s:o, s:o}}", "data", "state", &state, "telemetry", &telemetry);
	if (!json_is_true(json_object_get(state, "guard")))
		end_trial(trial, "the guard is not connected", "systemctl status chairguard");
	else
		read_state(trial, state, telemetry);
	return !trial->ended;
}

static void request(struct trial *trial, const char *verb, json_t *args)
{
	json_auto_t *answer = ask(trial, verb, args);
	const char *code = "", *message = "it was refused", *hint = NULL;

	if (!answer || json_is_true(json_object_get(answer, "ok")))
		return;
	json_unpack(answer, "{s:{s:s, s?s, s?s}}", "error", "code", &code, "message", &message,
		"hint", &hint);
	if (strcmp(code, "busy") == 0)
		direction_busy(&trial->direction);
	else if (strcmp(code, "fault") != 0) // a fault is in the next status, with its text
		end_trial(trial, message, hint);
}

static void request_jog(struct trial *trial)
{
	const struct actuator *actuator = trial->direction.actuator;
	json_auto_t *args = json_pack("{s:s, s:i, s:i}", "actuator", actuator->name,
		"drive_permille", direction_jog_permille(actuator), "heartbeat_ms",
		DIRECTION_HEARTBEAT_MS);

	request(trial, "jog", args);
}

static void wait_a_moment(struct trial *trial)
{
	int64_t until_us = clock_monotonic_us() + LOOK_AGAIN_US;

	while (!trial->ended && clock_monotonic_us() < until_us) {
		if (broker_wait(trial->doctor->broker, until_us) < 0)
			end_trial(trial, "the connection to the broker is lost",
				"the motor stops without a heartbeat; check that it does, "
				"then: systemctl status mosquitto");
	}
}

static bool interrupted(struct trial *trial)
{
	trial->doctor->interrupted |= interrupt_take();
	return trial->doctor->interrupted;
}

static void step(struct trial *trial)
{
	if (!look(trial))
		return;
	switch (direction_step(&trial->direction, clock_monotonic_us(), &trial->seen)) {
	case DIRECTION_ASK_STOP:
		request(trial, "stop", NULL);
		break;
	case DIRECTION_ASK_HOME:
		request(trial, "home", NULL);
		break;
	case DIRECTION_ASK_JOG:
		request_jog(trial);
		break;
	case DIRECTION_ASK_NOTHING:
		break;
	}
	wait_a_moment(trial);
	if (interrupted(trial))
		end_trial(trial, "interrupted", "run it again");
}

// Stop, and wait until everything stands still. Send no stop after a trip: the guard has released
// by then, or has tried to, and a stop would drive again a motor that may be wired the wrong way
// round. An interrupt ends the wait.
static void stop(struct trial *trial)
{
	struct trial last = { .doctor = trial->doctor, .direction = trial->direction };
	int64_t until_us = clock_monotonic_us() + direction_back_max_us(last.direction.actuator);

	if (!trial->seen.tripped)
		request(&last, "stop", NULL);
	while (!last.ended && look(&last) && clock_monotonic_us() < until_us) {
		if (last.still && (last.seen.idle || last.seen.tripped))
			return;
		wait_a_moment(&last);
		if (interrupt_take()) {
			trial->doctor->interrupted = true;
			break;
		}
	}
	if (!last.ended)
		trial->ended = false; // a motor that still moves outranks the reason
	end_trial(trial, "it has not been seen to stop", "pull the emergency stop");
}

// --- findings ---------------------------------------------------------------------------------

static const struct {
	const char *text, *remedy;
} verdicts[] = {
	[DIRECTION_PROVEN] = { "its home switch opens on forward and closes on reverse", NULL },
	[DIRECTION_NOT_CLOSED] = { "its home switch does not close on reverse",
		"are forward and reverse exchanged, is the motor without power or too weak, "
		"or is the switch stuck or not connected? swap the motor's two wires, or "
		"repair the switch; then press the reset button and run it again" },
	[DIRECTION_NOT_OPENED] = { "its home switch does not open on forward",
		"are forward and reverse exchanged, is the motor without power, or is the "
		"switch stuck? swap the motor's two wires, or repair the switch; then press "
		"the reset button and run it again" },
	[DIRECTION_NOT_CLOSED_AGAIN] = { "its home switch does not close again on reverse",
		"is the wire of reverse connected, and does the switch move freely? repair "
		"it; then press the reset button and run it again" },
};

static void report(const struct trial *trial, struct finding *finding)
{
	const char *name = trial->direction.actuator->name;
	enum direction_verdict verdict = trial->direction.verdict;
	bool other = trial->seen.tripped && !trial->fault_is_of_it;

	if (trial->ended)
		finding_set(finding, FINDING_PROBLEM, *trial->remedy ? trial->remedy : NULL,
			"%s: not proven: %s", name, trial->why);
	else if (other)
		finding_set(finding, FINDING_PROBLEM,
			"remove the cause, then press the reset button and run it again",
			"%s: not proven: the chair tripped: %s", name, trial->fault);
	else
		finding_set(finding, verdict == DIRECTION_PROVEN ? FINDING_OK : FINDING_PROBLEM,
			verdicts[verdict].remedy, "%s: %s", name, verdicts[verdict].text);
	if (!trial->ended && !other && trial->seen.tripped)
		finding_add(finding->text, "; the chair tripped: %s", trial->fault);
}

void check_direction(struct doctor *doctor, const struct actuator *actuator,
	struct finding *finding)
{
	struct trial trial = { .doctor = doctor };

	direction_begin(&trial.direction, actuator, clock_monotonic_us());
	if (look(&trial) && trial.seen.tripped) {
		finding_set(finding, FINDING_NOT_APPLICABLE, NULL,
			"%s: first reset the latched fault: %s", actuator->name, trial.fault);
		return;
	}
	if (!trial.ended && !trial.seen.idle) // of another client, so it is not stopped
		end_trial(&trial, "the chair is busy", "run it again when it is idle");
	else if (!trial.ended) {
		while (!trial.ended && trial.direction.verdict == DIRECTION_OPEN)
			step(&trial);
		stop(&trial);
	}
	report(&trial, finding);
}
