// SPDX-License-Identifier: MIT
//
// Who may run at the same time: exclusive groups, and the current that the supply gives.
//
// What lets go of a person comes first and is never denied. Then come those that run already:
// each keeps what it has before another gets more. Then the rest in the order of the chair file.
// Who gets no share waits; nothing is queued.
#include <math.h>

#include "guard/guard_private.h"

enum rank { RANK_LETS_GO, RANK_RUNS, RANK_WAITS, RANK_COUNT };

static bool runs(const struct guard *guard, int actuator)
{
	if (axis_spec(guard, actuator)->kind == ACTUATOR_CELL)
		return !guard->axis[actuator].released && !cell_idle(guard, actuator);
	return guard->axis[actuator].direction != 0;
}

static enum rank rank_of(const struct guard *guard, int actuator)
{
	if (guard->axis[actuator].letting_go)
		return RANK_LETS_GO;
	return runs(guard, actuator) ? RANK_RUNS : RANK_WAITS;
}

static bool wants(const struct guard *guard, int actuator)
{
	if (axis_spec(guard, actuator)->kind == ACTUATOR_CELL)
		return !cell_idle(guard, actuator);
	return guard->axis[actuator].wanted != 0;
}

static bool group_free(const struct chair *chair, int actuator, uint32_t taken)
{
	for (size_t i = 0; i < chair->n_groups; i++) {
		if ((chair->groups[i] & UINT32_C(1) << actuator) && (chair->groups[i] & taken))
			return false;
	}
	return true;
}

// What this much current gives, signed per mille; on-or-off things take all or nothing.
static double affordable(const struct actuator *spec, double wanted, double left_ma)
{
	double most = left_ma * PERMILLE_FULL / spec->current_ma;

	if (spec->line[ROLE_PWM] < 0)
		return most >= PERMILLE_FULL ? wanted : 0;
	return clamp_double(wanted, -most, most);
}

static double cost_ma(const struct actuator *spec, double drive)
{
	double share = spec->line[ROLE_PWM] < 0 ? 1 : fabs(drive) / PERMILLE_FULL;

	return spec->current_ma * share;
}

static void deny(struct guard *guard, int actuator)
{
	struct axis *axis = &guard->axis[actuator];

	axis->wanted = 0;
	axis->filling = false; // a cell keeps what it has
	axis->clamped = true;
}

// What one that runs has now, or still wants of it.
static double held_ma(const struct guard *guard, int actuator)
{
	const struct axis *axis = &guard->axis[actuator];

	return cost_ma(axis_spec(guard, actuator), fmin(fabs(axis->drive), fabs(axis->wanted)));
}

// Its share of what is left, and what that costs.
static double grant(struct guard *guard, int actuator, double left_ma)
{
	const struct actuator *spec = axis_spec(guard, actuator);
	struct axis *axis = &guard->axis[actuator];
	bool cell = spec->kind == ACTUATOR_CELL;
	double drive = cell ? 1 : axis->wanted;

	if (spec->current_ma <= 0 || guard->chair->current_max_ma <= 0)
		return 0;
	if (axis->letting_go)
		return cost_ma(spec, drive);
	drive = affordable(spec, drive, fmax(left_ma, 0));
	if (drive == 0) {
		deny(guard, actuator);
		return 0;
	}
	if (!cell && fabs(drive) < fabs(axis->wanted)) {
		axis->wanted = drive;
		axis->clamped = true;
	}
	return cost_ma(spec, drive);
}

void budget_share(struct guard *guard, uint32_t actuators)
{
	const struct chair *chair = guard->chair;
	double left_ma = chair->current_max_ma;
	double kept_ma = 0; // by those that run and have not had their turn
	uint32_t taken = 0, of_rank[RANK_COUNT] = { 0 };

	for (uint32_t left = actuators; left; left &= left - 1) {
		int i = __builtin_ctz(left);
		enum rank rank = rank_of(guard, i);

		if (!wants(guard, i))
			continue;
		of_rank[rank] |= UINT32_C(1) << i;
		kept_ma += rank == RANK_RUNS ? held_ma(guard, i) : 0;
	}
	for (enum rank rank = 0; rank < RANK_COUNT; rank++) {
		for (uint32_t left = of_rank[rank]; left; left &= left - 1) {
			int i = __builtin_ctz(left);

			if (rank == RANK_RUNS)
				kept_ma -= held_ma(guard, i);
			if (rank != RANK_LETS_GO && !group_free(chair, i, taken)) {
				deny(guard, i);
				continue;
			}
			taken |= UINT32_C(1) << i;
			left_ma -= grant(guard, i, left_ma - kept_ma);
		}
	}
}
