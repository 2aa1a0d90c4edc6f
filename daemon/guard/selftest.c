// SPDX-License-Identifier: MIT
//
// The self-test of an ARM: it reads inputs only; nothing moves.
#include <math.h>

#include "guard/guard_private.h"

static bool actuator_is_plausible(const struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	const struct actuator_state *state = &guard->actuators[actuator];
	bool at_home = input_at(guard, actuator, ROLE_HOME);

	if (inputs_conflict(guard, actuator))
		return false;
	if (!measure_good(guard, actuator) || !heat_good(guard, actuator))
		return false;
	if (!config->sensor.present)
		return true;
	if (!state->force_valid)
		return false;
	// A press at home does not touch the person, and a cell at rest has been vented.
	return (config->kind == ACTUATOR_PRESS && !at_home) || fabs(state->force_n) <= UNTOUCHED_N;
}

enum guard_reason selftest_run(const struct guard *guard, int *ret_culprit)
{
	const struct chair *chair = guard->chair;

	*ret_culprit = -1;
	if (guard->outputs_persist && (chair->enable < 0 || chair->enable_hz == 0))
		return REASON_PERSIST;
	if (guard->no_realtime && !chair->allow_no_realtime)
		return REASON_REALTIME;
	if (!input_estop_good(guard))
		return REASON_SELF_TEST;
	if (chair->reset >= 0 && guard->contact[chair->reset].stable) // a button that is stuck
		return REASON_SELF_TEST;
	for (size_t i = 0; i < chair->n_actuators; i++) {
		if (!actuator_is_plausible(guard, (int)i)) {
			*ret_culprit = (int)i;
			return REASON_SELF_TEST;
		}
	}
	return REASON_NONE;
}
