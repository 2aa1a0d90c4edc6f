// SPDX-License-Identifier: MIT
//
// The current budget and the exclusive groups: which actuators may run at the same time.
//
// An actuator that releases comes first and is never denied. Next come those that run already: each
// keeps its current before another gets more. Then the rest, in the order of the chair file. An
// actuator that gets no share waits; nothing is queued.
#include <math.h>

#include "guard/guard_private.h"

enum rank { RANK_RELEASES, RANK_RUNS, RANK_WAITS, RANK_COUNT };

static bool runs(const struct guard *guard, int actuator)
{
	if (actuator_config(guard, actuator)->kind == ACTUATOR_CELL)
		return !guard->actuators[actuator].released && !cell_idle(guard, actuator);
	return guard->actuators[actuator].direction != 0;
}

static enum rank rank_of(const struct guard *guard, int actuator)
{
	if (guard->actuators[actuator].releasing)
		return RANK_RELEASES;
	return runs(guard, actuator) ? RANK_RUNS : RANK_WAITS;
}

static bool needs_current(const struct guard *guard, int actuator)
{
	if (actuator_config(guard, actuator)->kind == ACTUATOR_CELL)
		return !cell_idle(guard, actuator);
	return guard->actuators[actuator].limited != 0;
}

static bool group_free(const struct chair *chair, int actuator, uint32_t taken)
{
	for (size_t i = 0; i < chair->n_groups; i++) {
		if ((chair->groups[i] & UINT32_C(1) << actuator) && (chair->groups[i] & taken))
			return false;
	}
	return true;
}

// The drive, signed per mille, that this much current permits; without PWM it is all or nothing.
static double affordable(const struct actuator *config, double limited, double left_ma)
{
	double max_permille = left_ma * PERMILLE_FULL / config->current_ma;

	if (config->line[ROLE_PWM] < 0)
		return max_permille >= PERMILLE_FULL ? limited : 0;
	return clamp_double(limited, -max_permille, max_permille);
}

static double cost_ma(const struct actuator *config, double drive)
{
	double share = config->line[ROLE_PWM] < 0 ? 1 : fabs(drive) / PERMILLE_FULL;

	return config->current_ma * share;
}

static void deny(struct guard *guard, int actuator)
{
	struct actuator_state *state = &guard->actuators[actuator];

	state->limited = 0;
	state->filling = false; // a cell keeps its level
	state->clamped = true;
}

// The current of one that runs, or its demand if that is less.
static double held_ma(const struct guard *guard, int actuator)
{
	const struct actuator_state *state = &guard->actuators[actuator];

	return cost_ma(actuator_config(guard, actuator),
		min_double(fabs(state->drive), fabs(state->limited)));
}

// Give it its share of what is left. Returns the current of that share.
static double grant(struct guard *guard, int actuator, double left_ma)
{
	const struct actuator *config = actuator_config(guard, actuator);
	struct actuator_state *state = &guard->actuators[actuator];
	bool cell = config->kind == ACTUATOR_CELL;
	double drive = cell ? 1 : state->limited;

	if (config->current_ma <= 0 || guard->chair->current_max_ma <= 0)
		return 0;
	if (state->releasing)
		return cost_ma(config, drive);
	drive = affordable(config, drive, max_double(left_ma, 0));
	if (drive == 0) {
		deny(guard, actuator);
		return 0;
	}
	if (!cell && fabs(drive) < fabs(state->limited)) {
		state->limited = drive;
		state->clamped = true;
	}
	return cost_ma(config, drive);
}

void budget_share(struct guard *guard, uint32_t actuators)
{
	const struct chair *chair = guard->chair;
	double left_ma = chair->current_max_ma;
	double kept_ma = 0; // for those that run and have not been granted their share yet
	double held[CHAIR_ACTUATORS_MAX];
	uint32_t taken = 0, of_rank[RANK_COUNT] = { 0 };

	for (uint32_t left = actuators; left; left &= left - 1) {
		int i = __builtin_ctz(left);
		enum rank rank;

		if (!needs_current(guard, i))
			continue;
		rank = rank_of(guard, i);
		of_rank[rank] |= UINT32_C(1) << i;
		held[i] = rank == RANK_RUNS ? held_ma(guard, i) : 0;
		kept_ma += held[i];
	}
	for (enum rank rank = 0; rank < RANK_COUNT; rank++) {
		for (uint32_t left = of_rank[rank]; left; left &= left - 1) {
			int i = __builtin_ctz(left);

			kept_ma -= held[i];
			if (rank != RANK_RELEASES && !group_free(chair, i, taken)) {
				deny(guard, i);
				continue;
			}
			taken |= UINT32_C(1) << i;
			left_ma -= grant(guard, i, left_ma - kept_ma);
		}
	}
}
