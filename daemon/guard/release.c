// SPDX-License-Identifier: MIT
//
// Letting go of a person, each actuator in its own way: coast, retract to the home switch, vent.
// It ends by the switch or by its time, and nothing a controller says can make it last longer.
#include <math.h>

#include "guard/guard_private.h"

void release_begin(struct guard *guard, int actuator)
{
	const struct actuator *spec = axis_spec(guard, actuator);
	struct axis *axis = &guard->axis[actuator];
	int64_t wait_ms = axis->direction > 0 ? spec->dead_time_ms : 0;

	axis->seeking = false;
	axis->demand = (struct wire_demand){ .mode = WIRE_LET_GO };
	if (axis->released || axis->letting_go)
		return;
	axis->letting_go = true;
	axis->let_go_until_us = guard->now_us + (wait_ms + spec->release_max_ms) * US_PER_MS;
}

void release_stop(struct guard *guard, int actuator)
{
	guard->axis[actuator].letting_go = false;
}

static bool has_home(const struct guard *guard, int actuator)
{
	return axis_spec(guard, actuator)->line[ROLE_HOME] >= 0;
}

// A retraction that its switch ends, and the switch has not closed in time.
bool release_overdue(const struct guard *guard, int actuator)
{
	const struct axis *axis = &guard->axis[actuator];

	return axis->letting_go && axis_spec(guard, actuator)->release == RELEASE_RETRACT &&
		has_home(guard, actuator) && !input_at(guard, actuator, ROLE_HOME) &&
		guard->now_us >= axis->let_go_until_us;
}

double release_drive(struct guard *guard, int actuator)
{
	const struct actuator *spec = axis_spec(guard, actuator);
	struct axis *axis = &guard->axis[actuator];
	bool over = guard->now_us >= axis->let_go_until_us;
	bool home = input_at(guard, actuator, ROLE_HOME) && !axis->switch_doubted;

	switch (spec->release) {
	case RELEASE_RETRACT:
		if (!over && !home)
			return -spec->release_drive_permille;
		axis->homed |= home;
		axis->released = home || !has_home(guard, actuator);
		break;
	case RELEASE_VENT:
		if (!over)
			return 0;
		axis->level = 0;
		axis->released = true;
		break;
	case RELEASE_COAST:
		axis->released = true;
		break;
	}
	axis->letting_go = false;
	return 0;
}
