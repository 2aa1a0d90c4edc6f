// SPDX-License-Identifier: MIT
//
// The release of each actuator, by its declared method: coast, retract to the home switch, or vent.
//
// It ends when it is proven (proof.c), and no frame of the controller can prolong it. If it passes
// its bound, the chair trips and the release is tried again:
//
//   drive   ~~~~~~~~~~|____|~~~~~~~~~~|____|~~~~~~~~~~|______________
//            bound     pause
//           releasing  |  releasing, not-released     |  tripped, not-released
//
// After the last try the actuator rests until a RELEASE or a reset starts a new release.
#include <math.h>

#include "guard/guard_private.h"

#define DEAD_TIME_MAX_US (250 * US_PER_MS) // before a release
#define SENSOR_GRACE_US  (500 * US_PER_MS) // for a sensor to fall after the release

int64_t release_dead_time_us(const struct actuator *config)
{
	return min_i64(config->dead_time_ms * US_PER_MS, DEAD_TIME_MAX_US);
}

static int64_t bound_us(const struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	int64_t us = config->release_max_ms * US_PER_MS;

	if (config->release == RELEASE_VENT)
		us += SENSOR_GRACE_US;
	else if (guard->actuators[actuator].gently) // gentle drive takes longer
		us *= clamp_i64(config->release_drive_permille /
				(int64_t)fmax(actuator_gentle_permille(config), 1),
			1, RELEASE_GENTLE_FACTOR);
	if (guard->actuators[actuator].direction > 0)
		us += release_dead_time_us(config);
	return us;
}

// A press does not stop its release before its way back is proven.
bool release_may_stop(const struct guard *guard, int actuator)
{
	return actuator_config(guard, actuator)->release != RELEASE_RETRACT ||
		guard->actuators[actuator].back_proven;
}

void release_begin(struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	struct actuator_state *state = &guard->actuators[actuator];

	state->seeking = false;
	state->demand = (struct wire_demand){ .mode = WIRE_RELEASE_ACTUATOR };
	if (state->released || state->releasing)
		return;
	state->releasing = true;
	state->release_tries = 0;
	state->gently = config->release == RELEASE_RETRACT && !state->back_proven;
	state->release_from_us = guard->now_us;
	state->release_until_us = guard->now_us + bound_us(guard, actuator);
}

void release_stop(struct guard *guard, int actuator)
{
	guard->actuators[actuator].releasing = false;
}

// Only a press that is not at home. A vent opens without power, too, and a doubted switch proves
// nothing, however often the press is pulled back.
static bool may_retry(const struct guard *guard, int actuator)
{
	return actuator_config(guard, actuator)->release == RELEASE_RETRACT &&
		!guard->actuators[actuator].switch_doubted && !travel_at_home(guard, actuator);
}

static void release_pause(struct guard *guard, int actuator)
{
	struct actuator_state *state = &guard->actuators[actuator];

	state->release_from_us = guard->now_us + RELEASE_PAUSE_US;
	state->release_until_us = state->release_from_us + bound_us(guard, actuator);
}

// The bound has passed without a proof.
static void release_failed(struct guard *guard, int actuator)
{
	struct actuator_state *state = &guard->actuators[actuator];

	release_pause(guard, actuator);
	if (++state->release_tries >= RELEASE_TRIES || !may_retry(guard, actuator))
		release_stop(guard, actuator);
	mode_not_released(guard, actuator);
}

double release_drive(struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	struct actuator_state *state = &guard->actuators[actuator];

	if (config->release == RELEASE_COAST || state->released) {
		release_stop(guard, actuator);
		return 0;
	}
	if (travel_at_home(guard, actuator)) // not released: its sensor disagrees
		state->release_until_us = min_i64(state->release_until_us,
			SENSOR_GRACE_US +
				max_i64(state->release_from_us,
					input_since_us(guard, actuator, ROLE_HOME)));
	if (guard->now_us >= state->release_until_us) {
		release_failed(guard, actuator);
		return 0;
	}
	if (belief_rises(guard, actuator)) {
		state->gently = true;
		release_pause(guard, actuator);
		mode_trip(guard, REASON_WRONG_WAY, actuator);
		return 0;
	}
	if (config->release == RELEASE_VENT || guard->now_us < state->release_from_us ||
		travel_at_home(guard, actuator))
		return 0;
	return -(state->gently ? actuator_gentle_permille(config) : config->release_drive_permille);
}
