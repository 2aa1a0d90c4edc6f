// SPDX-License-Identifier: MIT
//
// Where a carriage is, how it gets somewhere, and how the guard tells that it does not.
//
// A position counts Hall pulses from the home switch, in the direction the motor is driven in or
// was last. A move goes at the asked drive, slows down on its last stretch and lets the motor
// run out on the target:
//
//   drive    limit ~~~~~~~~~~~~\                     creep grows while no pulse comes:
//                               \                    what is stuck gets more until it moves
//                     creep      \____
//            -------------------------|------------> target
//                              brake   tolerance
#include <math.h>
#include <stdlib.h>

#include "guard/guard_private.h"

#define CREEP_PERMILLE     200
#define CREEP_PATIENCE_US  (300 * US_PER_MS) // without a pulse, then creep grows
#define CREEP_GROWTH_PERMILLE_S 400
#define BRAKE_S            0.6  // of full speed: the stretch that slows down
#define BRAKE_MIN_MM       10.0
#define TOLERANCE_MM       2.0
#define STANDING_US        (150 * US_PER_MS) // without a pulse: it stands
#define RUNS_OUT_US        (1 * US_PER_S) // after drive; later pulses have another cause
#define STRAY_PULSES_MAX   3
#define SWITCH_OPENS_MM    30.0 // a switch that is still closed so far away is stuck
#define SWITCH_OPENS_US    (2 * US_PER_S) // the same for motors that count nothing,
#define SWITCH_OPENS_PERMILLE 200         // driven at least so hard, where nothing is calibrated
#define SWITCH_OPENS_N     4.0
#define SWITCH_SUSPECT_US  (600 * US_PER_MS) // pushed for so long without opening: proves nothing
#define SWITCH_LEFT_US     (1 * US_PER_S) // driven away for so long: it cannot close again

static bool has_pulses(const struct actuator *spec)
{
	return spec->line[ROLE_PULSE] >= 0;
}

static double position_mm(const struct guard *guard, int actuator)
{
	return (double)guard->axis[actuator].pulses * axis_spec(guard, actuator)->mm_per_pulse;
}

bool travel_moves(const struct actuator *spec, double drive)
{
	if (spec->kind == ACTUATOR_PRESS && spec->calibration.n)
		return drive >= spec->calibration.at[0].drive_permille &&
			calibration_force_n(&spec->calibration, drive) >= SWITCH_OPENS_N;
	return drive >= SWITCH_OPENS_PERMILLE;
}

// A switch that has not opened in a push says nothing of where the press is.
bool travel_at_home(const struct guard *guard, int actuator)
{
	const struct axis *axis = &guard->axis[actuator];

	return input_at(guard, actuator, ROLE_HOME) && !axis->switch_doubted &&
		(axis->opened || axis->pushed_us < SWITCH_SUSPECT_US);
}

// How long a press has been pushed while its home switch stays closed.
void travel_settle(struct guard *guard, int actuator)
{
	struct axis *axis = &guard->axis[actuator];

	axis->opened |= !input_at(guard, actuator, ROLE_HOME);
	if (axis->released)
		axis->pushed_us = axis->opened = 0;
	else if (axis->direction > 0 && travel_moves(axis_spec(guard, actuator), axis->drive))
		axis->pushed_us += guard->dt_us;
}

double travel_mm(const struct guard *guard, int actuator)
{
	return actuator >= 0 && guard->axis[actuator].homed && !guard->axis[actuator].gap
		? position_mm(guard, actuator)
		: NAN;
}

void travel_pulse(struct guard *guard, int actuator, int64_t t_us)
{
	struct axis *axis = &guard->axis[actuator];

	axis->pulses += axis->direction ? axis->direction : axis->last_direction;
	axis->progress_us = t_us;
	axis->away_pulses++;
	position_pulse(guard, actuator, t_us);
	if (!axis->direction && t_us - axis->off_us > RUNS_OUT_US &&
		++axis->stray_pulses > STRAY_PULSES_MAX)
		axis->homed = false; // somebody moved it
}

// A home switch that closes while the motor pushes away from it, far from home: were it believed,
// the next release would end at once, with the person still pressed.
static bool closes_wrongly(const struct guard *guard, int actuator, enum line_role role)
{
	const struct axis *axis = &guard->axis[actuator];

	if (role != ROLE_HOME || axis->direction <= 0)
		return false;
	if (has_pulses(axis_spec(guard, actuator)))
		return axis->homed && position_mm(guard, actuator) > SWITCH_OPENS_MM;
	return guard->now_us - axis->progress_us > SWITCH_LEFT_US;
}

void travel_switch(struct guard *guard, int actuator, enum line_role role)
{
	const struct actuator *spec = axis_spec(guard, actuator);
	struct axis *axis = &guard->axis[actuator];
	int direction = axis->direction ? axis->direction : axis->last_direction;

	if (closes_wrongly(guard, actuator, role))
		mode_trip(guard, REASON_END_SWITCH, actuator);
	if (role == ROLE_HOME && direction < 0) {
		if (has_pulses(spec) && axis->homed)
			position_at(guard, actuator, 0);
		axis->pulses = 0;
	}
	axis->back_proven |= role == ROLE_HOME && axis->direction < 0;
	if (role == ROLE_END && has_pulses(spec) && direction > 0)
		position_at(guard, actuator, spec->soft_max_mm + spec->soft_min_mm);
}

void travel_opened(struct guard *guard, int actuator, enum line_role role)
{
	struct axis *axis = &guard->axis[actuator];

	axis->switch_doubted = false; // it opens after all
	axis->out_proven |= role == ROLE_HOME && axis->direction > 0;
}

// How fast to go with so much way left.
static double approach(const struct guard *guard, int actuator, double left_mm)
{
	const struct actuator *spec = axis_spec(guard, actuator);
	const struct axis *axis = &guard->axis[actuator];
	double brake_mm = fmax(spec->speed_mm_s * BRAKE_S, BRAKE_MIN_MM);
	double creep = CREEP_PERMILLE;

	if (axis->direction) {
		int64_t stuck_us = guard->now_us - axis->progress_us - CREEP_PATIENCE_US;

		creep += (double)clamp_i64(stuck_us, 0, 2 * US_PER_S) / US_PER_S *
			CREEP_GROWTH_PERMILLE_S;
	}
	return fmin(creep + (PERMILLE_FULL - creep) * left_mm / brake_mm, PERMILLE_FULL);
}

double travel_position(struct guard *guard, int actuator)
{
	const struct actuator *spec = axis_spec(guard, actuator);
	struct axis *axis = &guard->axis[actuator];
	double tolerance_mm = fmax(TOLERANCE_MM, 2 * spec->mm_per_pulse);
	double target_mm, error_mm;
	bool arrived;

	if (!axis->homed)
		return 0;
	target_mm = clamp_double(axis->demand.value / 1000.0, spec->soft_min_mm, spec->soft_max_mm);
	error_mm = target_mm - position_mm(guard, actuator);
	arrived = fabs(error_mm) <= tolerance_mm &&
		(!axis->seeking || fabs(error_mm) <= spec->mm_per_pulse ||
			axis->direction * error_mm < 0);
	axis->seeking = !arrived;
	if (!arrived)
		return copysign(fmin(axis->demand.limit_permille,
			approach(guard, actuator, fabs(error_mm))), error_mm);
	axis->at_target = !axis->direction && guard->now_us - axis->progress_us > STANDING_US;
	return 0;
}

double travel_home(struct guard *guard, int actuator)
{
	struct axis *axis = &guard->axis[actuator];

	if (input_at(guard, actuator, ROLE_HOME)) {
		if (!axis->homed)
			axis->pulses = 0;
		axis->homed = true;
		return 0;
	}
	if (axis->homed)
		return -fmin(approach(guard, actuator, fmax(position_mm(guard, actuator), 0)),
			HOMING_DRIVE_PERMILLE);
	return -HOMING_DRIVE_PERMILLE;
}

// Within its soft limits a carriage goes as it likes, slower towards them and not beyond.
static double soft_limited(const struct guard *guard, int actuator, double drive)
{
	const struct actuator *spec = axis_spec(guard, actuator);
	double left_mm = drive > 0 ? spec->soft_max_mm - position_mm(guard, actuator) :
		position_mm(guard, actuator) - spec->soft_min_mm;

	if (left_mm <= 0)
		return 0;
	return copysign(fmin(fabs(drive), approach(guard, actuator, left_mm)), drive);
}

double travel_limit(const struct guard *guard, int actuator, double drive)
{
	const struct actuator *spec = axis_spec(guard, actuator);
	const struct axis *axis = &guard->axis[actuator];

	if (drive > 0 && input_touches(guard, actuator, ROLE_END))
		return 0;
	// A contact that chatters does not end a release: only its proof does.
	if (drive < 0 && !axis->letting_go && input_touches(guard, actuator, ROLE_HOME))
		return 0;
	if (spec->kind != ACTUATOR_TRAVEL || axis->letting_go || axis->demand.mode == WIRE_HOME)
		return drive;
	if (!axis->homed)
		return clamp_double(drive, -HOMING_DRIVE_PERMILLE, HOMING_DRIVE_PERMILLE);
	return soft_limited(guard, actuator, drive);
}

// --- supervision ------------------------------------------------------------------------------

// Something is asked for that has to come to an end: a switch, a target.
static bool goal_open(const struct actuator *spec, const struct axis *axis)
{
	switch (axis->demand.mode) {
	case WIRE_DRIVE:
		return spec->kind != ACTUATOR_PRESS || axis->demand.value < 0;
	case WIRE_POSITION:
		return !axis->at_target;
	default:
		return axis->demand.mode == WIRE_HOME;
	}
}

static bool same_goal(const struct wire_demand *a, const struct wire_demand *b)
{
	if (a->mode != b->mode)
		return false;
	if (a->mode == WIRE_DRIVE)
		return (a->value > 0) == (b->value > 0) && (a->value < 0) == (b->value < 0);
	return a->value == b->value;
}

static bool goal_overdue(struct guard *guard, int actuator)
{
	const struct actuator *spec = axis_spec(guard, actuator);
	struct axis *axis = &guard->axis[actuator];

	if (!same_goal(&axis->goal, &axis->demand) || !goal_open(spec, axis)) {
		axis->goal = axis->demand;
		axis->goal_us = 0;
	} else if (axis->direction && !axis->letting_go) {
		axis->goal_us += guard->dt_us;
	}
	return spec->travel_max_ms && axis->goal_us > spec->travel_max_ms * US_PER_MS;
}

// Driven off an end switch, and it stays closed.
static bool switch_stuck(struct guard *guard, int actuator)
{
	const struct actuator *spec = axis_spec(guard, actuator);
	struct axis *axis = &guard->axis[actuator];
	bool away = (axis->direction > 0 && input_at(guard, actuator, ROLE_HOME)) ||
		(axis->direction < 0 && input_at(guard, actuator, ROLE_END));

	if (!away) {
		axis->away_us = 0;
		axis->away_pulses = 0;
		return false;
	}
	if (has_pulses(spec))
		return axis->away_pulses * spec->mm_per_pulse > SWITCH_OPENS_MM;
	if (travel_moves(spec, fabs(axis->drive)))
		axis->away_us += guard->dt_us;
	return axis->away_us > SWITCH_OPENS_US;
}

void travel_check(struct guard *guard, int actuator)
{
	const struct actuator *spec = axis_spec(guard, actuator);
	const struct axis *axis = &guard->axis[actuator];

	if (spec->line[ROLE_FORWARD] < 0)
		return;
	if ((input_at(guard, actuator, ROLE_HOME) && input_at(guard, actuator, ROLE_END)) ||
		switch_stuck(guard, actuator))
		mode_trip(guard, REASON_END_SWITCH, actuator);
	if (has_pulses(spec))
		position_check(guard, actuator);
	if (has_pulses(spec) && axis->direction && spec->no_pulse_ms &&
		guard->now_us - axis->progress_us > spec->no_pulse_ms * US_PER_MS)
		mode_trip(guard, REASON_NO_PULSE, actuator);
	if (goal_overdue(guard, actuator))
		mode_trip(guard, REASON_TRAVEL_TIME, actuator);
}
