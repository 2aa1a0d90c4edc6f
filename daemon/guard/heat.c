// SPDX-License-Identifier: MIT
//
// Heaters: a thermostat, and the supervision of their temperature.
//
//   cutoff_c     - - - - - - - - - - - - - -   there for OVERHEATED_US, on or off: trip
//   hold_c       - - - -/\- - -/\- - -/\- -    off
//                      /  \   /  \   /  \      on again HYSTERESIS_C below
//   temperature  _____/    \_/    \_/
//
// It is never on without a valid temperature. While it is on, the thermistor must show that: within
// rise_ms of each switching-on its value rises by RISE_C or reaches hold_c, it does not stay the
// same for rise_ms, and does not fall by FALL_C. Otherwise it is broken, or has come off. Times on
// that were too short to show it add up, unless it has cooled for COOLED_US in between.
//
// A heater whose transistor has failed is on although it is off here: the trip stops the charge
// pump, whose relay cuts its power.
#include <math.h>

#include "guard/guard_private.h"

#define HYSTERESIS_C  1.5
#define RISE_C        1.0
#define FALL_C        5.0
#define OVERHEATED_US (500 * US_PER_MS) // a single wrong value is not heat
#define COOLED_US     (300 * US_PER_S)

static double temperature_c(const struct actuator_state *state)
{
	return state->measured[QUANTITY_TEMPERATURE].value;
}

void heat_start(struct guard *guard, int actuator)
{
	guard->actuators[actuator].heat = (struct heat){
		.on_us = TIME_NEVER,
		.over_us = TIME_NEVER,
	};
}

bool heat_good(const struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	const struct actuator_state *state = &guard->actuators[actuator];

	return config->kind != ACTUATOR_HEAT ||
		(state->measured[QUANTITY_TEMPERATURE].valid &&
			temperature_c(state) < config->cutoff_c &&
			!input_at(guard, actuator, ROLE_CUTOUT));
}

double heat_limit(struct guard *guard, int actuator, double drive)
{
	const struct actuator *config = actuator_config(guard, actuator);
	struct actuator_state *state = &guard->actuators[actuator];
	double low_c = config->hold_c - HYSTERESIS_C;

	if (!heat_good(guard, actuator))
		return 0;
	state->heat.warm = temperature_c(state) >= (state->heat.warm ? low_c : config->hold_c);
	return state->heat.warm ? 0 : drive;
}

static bool is_seen(const struct heat *heat)
{
	return heat->warm || heat->highest_c - heat->lowest_c >= RISE_C;
}

static void note_off(const struct guard *guard, struct heat *heat)
{
	if (heat->on_us != TIME_NEVER)
		heat->unseen_us = is_seen(heat) ? 0 : heat->unseen_us + guard->now_us - heat->on_us;
	heat->on_us = TIME_NEVER;
}

static void note_temperature(struct guard *guard, struct actuator_state *state)
{
	struct heat *heat = &state->heat;
	double now_c = temperature_c(state);

	if (!state->direction) {
		note_off(guard, heat);
		return;
	}
	if (heat->on_us == TIME_NEVER) {
		if (guard->now_us - state->off_us >= COOLED_US)
			heat->unseen_us = 0;
		heat->on_us = heat->changed_us = guard->now_us;
		heat->lowest_c = heat->highest_c = heat->last_c = now_c;
	}
	if (now_c != heat->last_c)
		heat->changed_us = guard->now_us;
	heat->last_c = now_c;
	heat->lowest_c = fmin(heat->lowest_c, now_c);
	heat->highest_c = fmax(heat->highest_c, now_c);
}

// On, and its thermistor does not show that.
static bool heat_unseen(const struct guard *guard, int actuator)
{
	const struct heat *heat = &guard->actuators[actuator].heat;
	int64_t rise_us = actuator_config(guard, actuator)->rise_ms * US_PER_MS;

	if (heat->on_us == TIME_NEVER)
		return false;
	return heat->last_c < heat->highest_c - FALL_C ||
		guard->now_us - heat->changed_us >= rise_us ||
		(heat->unseen_us + guard->now_us - heat->on_us >= rise_us && !is_seen(heat));
}

void heat_check(struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	struct actuator_state *state = &guard->actuators[actuator];
	struct heat *heat = &state->heat;

	if (input_at(guard, actuator, ROLE_CUTOUT))
		mode_trip(guard, REASON_OVERHEATED, actuator);
	if (!state->measured[QUANTITY_TEMPERATURE].valid) // measure.c
		return;
	note_temperature(guard, state);
	if (temperature_c(state) < config->cutoff_c)
		heat->over_us = TIME_NEVER;
	else if (heat->over_us == TIME_NEVER)
		heat->over_us = guard->now_us;
	if (heat->over_us != TIME_NEVER && guard->now_us - heat->over_us >= OVERHEATED_US)
		mode_trip(guard, REASON_OVERHEATED, actuator);
	if (heat_unseen(guard, actuator))
		mode_trip(guard, REASON_MEASUREMENT, actuator);
}
