// SPDX-License-Identifier: MIT
//
// The controller's frames, each past wire_check(), applied according to the mode. A demand is only
// a request: the ceilings apply to it later in the step.
#include "guard/guard_private.h"

static void demand_accept(struct guard *guard, int actuator, const struct wire_demand *demand)
{
	const struct actuator *config = actuator_config(guard, actuator);
	struct actuator_state *state = &guard->actuators[actuator];
	bool empties = config->kind == ACTUATOR_CELL && demand->mode == WIRE_DRIVE &&
		demand->value == 0;
	bool homes = config->kind == ACTUATOR_PRESS && demand->mode == WIRE_HOME;

	state->demand = *demand;
	if (demand->mode == WIRE_RELEASE_ACTUATOR || empties || homes) {
		if (!state->releasing)
			release_begin(guard, actuator);
	} else if (demand->mode != WIRE_REST && state->releasing &&
		release_may_stop(guard, actuator)) {
		release_stop(guard, actuator); // REST does not end a release
	}
}

static void setpoint_accept(struct guard *guard, const struct wire_setpoint *frame)
{
	if (guard->mode == GUARD_READY && guard->armed && input_estop_good(guard))
		mode_activate(guard);
	if (guard->mode != GUARD_ACTIVE)
		return;
	guard->lease_until_us = guard->now_us + frame->lease_ms * US_PER_MS;
	for (size_t i = 0; i < guard->chair->n_actuators; i++)
		demand_accept(guard, (int)i, &frame->demand[i]);
}

// A repeated or overtaken frame has no effect, except a RELEASE, which is always carried out.
static bool seq_fresh(struct guard *guard, const struct wire_header *header)
{
	if (guard->seq_known && (int32_t)(header->seq - guard->seq) <= 0)
		return header->type == WIRE_RELEASE;
	guard->seq = header->seq;
	guard->seq_known = true;
	return true;
}

void frame_handle(struct guard *guard, const union wire_frame *frame)
{
	if (!seq_fresh(guard, &frame->header)) {
		guard->frames_refused++;
		return;
	}
	switch (frame->header.type) {
	case WIRE_ARM:
		mode_arm(guard, frame->arm.chair);
		break;
	case WIRE_SETPOINT:
		setpoint_accept(guard, &frame->setpoint);
		break;
	case WIRE_RELEASE:
		mode_release_requested(guard, REASON_ASKED);
		break;
	case WIRE_RESET:
		if (guard->reason != REASON_ESTOP || guard->chair->reset < 0)
			mode_reset(guard);
		break;
	default: // WIRE_QUERY
		guard->report = true;
		break;
	}
}
