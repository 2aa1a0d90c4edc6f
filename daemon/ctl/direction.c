// SPDX-License-Identifier: MIT
#include "ctl/direction.h"

#include <math.h>

#define CARRIAGE_PERMILLE 300             // motors stall far below
#define OUT_MAX_US        (6 * US_PER_S)  // the way out of a switch is a few millimetres
#define SLACK_US          (10 * US_PER_S) // for arming, request and answer

bool direction_applies(const struct actuator *actuator)
{
	return (actuator->kind == ACTUATOR_PRESS || actuator->kind == ACTUATOR_TRAVEL) &&
		actuator->line[ROLE_HOME] >= 0 && actuator->line[ROLE_FORWARD] >= 0;
}

int direction_jog_permille(const struct actuator *actuator)
{
	double drive = actuator->kind == ACTUATOR_PRESS ? actuator_gentle_permille(actuator)
							: CARRIAGE_PERMILLE;

	return (int)lround(fmin(drive, actuator->drive_max_permille));
}

int64_t direction_back_max_us(const struct actuator *actuator)
{
	if (actuator->kind == ACTUATOR_TRAVEL)
		return actuator->travel_max_ms * US_PER_MS + SLACK_US;
	return RELEASE_TRIES *
		(RELEASE_GENTLE_FACTOR * actuator->release_max_ms * US_PER_MS + RELEASE_PAUSE_US) +
		SLACK_US;
}

static void enter(struct direction *direction, enum direction_phase phase, int64_t now_us)
{
	direction->phase = phase;
	direction->since_us = now_us;
	direction->asked = false;
}

void direction_begin(struct direction *direction, const struct actuator *actuator, int64_t now_us)
{
	*direction = (struct direction){ .actuator = actuator };
	enter(direction, DIRECTION_BACK, now_us);
}

static enum direction_request end(struct direction *direction, enum direction_verdict verdict)
{
	direction->verdict = verdict;
	return DIRECTION_ASK_STOP;
}

// A stop releases a press. A carriage stays in place then, and is homed when the chair is idle.
static enum direction_request back(struct direction *direction, int64_t now_us,
	const struct direction_seen *seen)
{
	bool again = direction->phase == DIRECTION_AGAIN;
	bool travels = direction->actuator->kind == ACTUATOR_TRAVEL;
	bool there = direction->asked && seen->idle;
	int64_t until_us = direction->since_us + direction_back_max_us(direction->actuator);

	if (seen->tripped || now_us > until_us || (travels && there && !seen->at_home))
		return end(direction, again ? DIRECTION_NOT_CLOSED_AGAIN : DIRECTION_NOT_CLOSED);
	if (there && seen->at_home && (travels || seen->released)) {
		if (again)
			return end(direction, DIRECTION_PROVEN);
		enter(direction, DIRECTION_OUT, now_us);
		return DIRECTION_ASK_NOTHING;
	}
	if (direction->asked)
		return DIRECTION_ASK_NOTHING;
	direction->asked = !travels || seen->idle;
	return travels && seen->idle ? DIRECTION_ASK_HOME : DIRECTION_ASK_STOP;
}

static enum direction_request out(struct direction *direction, int64_t now_us,
	const struct direction_seen *seen)
{
	if (seen->tripped || now_us - direction->since_us > OUT_MAX_US)
		return end(direction, DIRECTION_NOT_OPENED);
	if (seen->at_home || !direction->asked) {
		direction->asked = true;
		return DIRECTION_ASK_JOG;
	}
	enter(direction, DIRECTION_AGAIN, now_us);
	return back(direction, now_us, seen);
}

enum direction_request direction_step(struct direction *direction, int64_t now_us,
	const struct direction_seen *seen)
{
	if (direction->verdict != DIRECTION_OPEN)
		return DIRECTION_ASK_STOP;
	return direction->phase == DIRECTION_OUT ? out(direction, now_us, seen)
						 : back(direction, now_us, seen);
}

void direction_busy(struct direction *direction)
{
	direction->asked = false;
}
