// SPDX-License-Identifier: MIT
//
// Currents, temperatures and positions that kernel IIO channels measure, and the supervision of a
// motor's current:
//
//   limit    - - - - - - -/~~~~~~~~~|- - - -    a start is shorter than over_current_ms
//   current  __/\________/          |_______    a blocked motor is not: trip
//                        :<- time ->:
//
// A value counts if it was read without an error, is fresh, and lies where the channel's wire is
// whole. Without such a value nothing moves: the self-test and each step in ACTIVE check that. A
// motor that is driven and draws nothing has lost its sensor, or its wire.
#include <math.h>

#include "guard/guard_private.h"

#define NO_CURRENT_SHARE 0.02 // of current_ma
#define NO_CURRENT_US    (2 * US_PER_S)
#define NO_CURRENT_DRIVE 500 // with less drive it may draw little

void measure_start(struct guard *guard, int actuator)
{
	struct actuator_state *state = &guard->actuators[actuator];

	state->over_current_us = state->no_current_us = TIME_NEVER;
}

static void update(const struct guard *guard, const struct iio_channel *channel,
	const struct hal_measurement *input, struct measurement *measurement)
{
	bool plausible = input->value >= channel->low && input->value <= channel->high;

	measurement->failed = input->error || (input->t_us > 0 && !plausible);
	measurement->valid = !measurement->failed && input->t_us > 0 &&
		guard->now_us - input->t_us <= FORCE_FRESH_US;
	if (measurement->valid)
		measurement->value = input->value;
}

void measure_update(struct guard *guard, const struct guard_input *input)
{
	for (uint32_t left = input->measured ? guard->measuring : 0; left;) {
		int i = actuator_take(&left);
		const struct actuator *config = actuator_config(guard, i);

		for (int q = 0; q < QUANTITY_COUNT; q++) {
			if (config->measured[q].present)
				update(guard, &config->measured[q], &input->measured[i][q],
					&guard->actuators[i].measured[q]);
		}
	}
}

bool measure_good(const struct guard *guard, int actuator)
{
	for (int q = 0; q < QUANTITY_COUNT; q++) {
		if (actuator_config(guard, actuator)->measured[q].present &&
			!guard->actuators[actuator].measured[q].valid)
			return false;
	}
	return true;
}

// After the start of a session a channel may need a moment for its first fresh value.
static bool measurement_lost(const struct guard *guard, const struct measurement *measurement)
{
	return measurement->failed ||
		(!measurement->valid && guard->now_us - guard->mode_us > FORCE_FRESH_US);
}

static bool lasts_for(const struct guard *guard, bool is, int64_t *since_us, int64_t for_us)
{
	if (!is)
		*since_us = TIME_NEVER;
	else if (*since_us == TIME_NEVER)
		*since_us = guard->now_us;
	return is && guard->now_us - *since_us >= for_us;
}

// One that is timed without contacts may stand at its own end switch, which cuts its current.
static bool current_missing(struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	struct actuator_state *state = &guard->actuators[actuator];
	bool missing = !config->up_ms && fabs(state->drive) >= NO_CURRENT_DRIVE &&
		state->measured[QUANTITY_CURRENT].value < NO_CURRENT_SHARE * config->current_ma;

	return lasts_for(guard, missing, &state->no_current_us, NO_CURRENT_US);
}

static void current_check(struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	struct actuator_state *state = &guard->actuators[actuator];
	const struct measurement *current = &state->measured[QUANTITY_CURRENT];
	bool over = state->direction && current->valid && current->value > config->current_limit_ma;

	if (lasts_for(guard, over, &state->over_current_us, config->over_current_ms * US_PER_MS))
		mode_trip(guard, REASON_OVER_CURRENT, actuator);
	if (current->valid && current_missing(guard, actuator))
		mode_trip(guard, REASON_MEASUREMENT, actuator);
}

void measure_check(struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);

	for (int q = 0; q < QUANTITY_COUNT; q++) {
		if (config->measured[q].present &&
			measurement_lost(guard, &guard->actuators[actuator].measured[q]))
			mode_trip(guard, REASON_MEASUREMENT, actuator);
	}
	if (config->measured[QUANTITY_CURRENT].present)
		current_check(guard, actuator);
}
