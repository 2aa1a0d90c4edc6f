// SPDX-License-Identifier: MIT
//
// Positions and moves of actuators with directions, and the supervision of their travel.
//
// A position counts Hall pulses from the home switch, in the direction in which the motor is, or
// was last, driven. A move has the demanded drive, slows down on its last stretch and switches the
// motor off so that it coasts to the target:
//
//   drive    limit ~~~~~~~~~~~~\                     creep grows while no pulse comes,
//                               \                    until a stuck carriage moves
//                     creep      \____
//            -------------------------|------------> target
//                              brake   tolerance
#include <math.h>
#include <stdlib.h>

#include "core/timed.h"
#include "guard/guard_private.h"

#define CREEP_PERMILLE          200
#define CREEP_PATIENCE_US       (300 * US_PER_MS) // without a pulse, before creep grows
#define CREEP_GROWTH_PERMILLE_S 400
#define BRAKE_S                 0.6 // at full speed: length of the stretch that slows down
#define BRAKE_MIN_MM            10.0
#define STANDING_US             (150 * US_PER_MS) // without a pulse: it stands
#define COASTS_US               (1 * US_PER_S)    // after drive; later pulses are stray
#define STRAY_PULSES_MAX        3
#define SWITCH_OPENS_MM         30.0           // a switch still closed that far away is stuck
#define SWITCH_OPENS_US         (2 * US_PER_S) // the same for motors without pulses, ...
#define SWITCH_OPENS_PERMILLE   200 // ... under at least this drive or, if calibrated, ...
#define SWITCH_OPENS_N          4.0 // ... this force
#define SWITCH_SUSPECT_US       (600 * US_PER_MS) // pushed that long without opening: no proof
#define SWITCH_LEFT_US          (1 * US_PER_S)    // driven away that long: it cannot close again

// Its position is counted.
static bool has_pulses(const struct actuator *config)
{
	return config->kind != ACTUATOR_PRESS && config->line[ROLE_PULSE] >= 0;
}

static double position_mm(const struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	const struct actuator_state *state = &guard->actuators[actuator];

	return travel_is_timed(config) ? state->timed_mm
				       : (double)state->pulses * config->mm_per_pulse;
}

bool travel_drive_moves(const struct actuator *config, double drive)
{
	if (config->kind == ACTUATOR_PRESS && config->calibration.n)
		return drive >= config->calibration.at[0].drive_permille &&
			calibration_force_n(&config->calibration, drive) >= SWITCH_OPENS_N;
	return drive >= SWITCH_OPENS_PERMILLE;
}

// A switch that has not opened in a push is no evidence of where the press is.
bool travel_at_home(const struct guard *guard, int actuator)
{
	const struct actuator_state *state = &guard->actuators[actuator];

	return input_at(guard, actuator, ROLE_HOME) && !state->switch_doubted &&
		(state->opened || state->pushed_us < SWITCH_SUSPECT_US);
}

// Add up how long a press has been pushed with its home switch closed.
void travel_integrate(struct guard *guard, int actuator)
{
	struct actuator_state *state = &guard->actuators[actuator];

	state->opened |= !input_at(guard, actuator, ROLE_HOME);
	if (state->released)
		state->pushed_us = state->opened = 0;
	else if (state->direction > 0 && !state->opened &&
		travel_drive_moves(actuator_config(guard, actuator), state->drive))
		state->pushed_us += guard->dt_us;
}

double travel_mm(const struct guard *guard, int actuator)
{
	return actuator >= 0 && guard->actuators[actuator].homed && !guard->actuators[actuator].gap
		? position_mm(guard, actuator)
		: NAN;
}

double travel_error_mm(const struct guard *guard, int actuator)
{
	return actuator >= 0 && guard->timed & ACTUATOR_BIT(actuator)
		? guard->actuators[actuator].timed_error_mm
		: 0;
}

struct zone travel_zone(const struct guard *guard, int actuator)
{
	return zone_near_mm(travel_mm(guard, actuator), travel_error_mm(guard, actuator));
}

void travel_pulse(struct guard *guard, int actuator, int64_t t_us)
{
	struct actuator_state *state = &guard->actuators[actuator];

	state->pulses += state->direction ? state->direction : state->last_direction;
	state->progress_us = t_us;
	state->away_pulses++;
	if (actuator_is_posture(actuator_config(guard, actuator)->kind)) {
		posture_pulse(guard, actuator);
		return;
	}
	position_pulse(guard, actuator, t_us);
	if (!state->direction && t_us - state->off_us > COASTS_US &&
		++state->stray_pulses > STRAY_PULSES_MAX)
		state->homed = false; // moved by hand
}

// A home switch closes while the motor pushes away from it, far from home. If it counted, the next
// release would end at once, with the person still pressed. Of a carriage without pulses the other
// switch counts as much.
static bool closes_wrongly(const struct guard *guard, int actuator, enum line_role role)
{
	const struct actuator_state *state = &guard->actuators[actuator];

	if (role == ROLE_END)
		return guard->timed & ACTUATOR_BIT(actuator) && state->direction < 0 &&
			guard->now_us - state->progress_us > SWITCH_LEFT_US;
	if (role != ROLE_HOME || state->direction <= 0)
		return false;
	if (has_pulses(actuator_config(guard, actuator)))
		return state->homed && position_mm(guard, actuator) > SWITCH_OPENS_MM;
	return guard->now_us - state->progress_us > SWITCH_LEFT_US;
}

void travel_closed(struct guard *guard, int actuator, enum line_role role)
{
	const struct actuator *config = actuator_config(guard, actuator);
	struct actuator_state *state = &guard->actuators[actuator];
	int direction = state->direction ? state->direction : state->last_direction;

	if (closes_wrongly(guard, actuator, role))
		mode_trip(guard, REASON_END_SWITCH, actuator);
	if (actuator_is_posture(config->kind)) {
		posture_closed(guard, actuator, role);
		return;
	}
	if (role == ROLE_HOME && direction < 0) {
		if (has_pulses(config) && state->homed)
			position_at(guard, actuator, 0);
		state->pulses = 0;
	}
	if (guard->timed & ACTUATOR_BIT(actuator))
		timed_closed(guard, actuator, role);
	state->back_proven |= role == ROLE_HOME && state->direction < 0;
	if (role == ROLE_END && has_pulses(config) && direction > 0)
		position_at(guard, actuator, config->soft_max_mm + config->soft_min_mm);
}

void travel_opened(struct guard *guard, int actuator, enum line_role role)
{
	struct actuator_state *state = &guard->actuators[actuator];

	if (guard->timed & ACTUATOR_BIT(actuator))
		timed_opened(guard, actuator, role);
	state->switch_doubted = false; // it does open
	state->out_proven |= role == ROLE_HOME && state->direction > 0;
}

// The fastest drive with left_mm to go, per mille.
static double approach(const struct guard *guard, int actuator, double left_mm)
{
	const struct actuator *config = actuator_config(guard, actuator);
	const struct actuator_state *state = &guard->actuators[actuator];
	double brake_mm = fmax(config->speed_mm_s * BRAKE_S, BRAKE_MIN_MM);
	double creep = CREEP_PERMILLE;

	if (state->direction) {
		int64_t stuck_us = guard->now_us - state->progress_us - CREEP_PATIENCE_US;

		creep += (double)clamp_i64(stuck_us, 0, 2 * US_PER_S) / US_PER_S *
			CREEP_GROWTH_PERMILLE_S;
	}
	return fmin(creep + (PERMILLE_FULL - creep) * left_mm / brake_mm, PERMILLE_FULL);
}

double travel_position(struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	struct actuator_state *state = &guard->actuators[actuator];
	double tolerance_mm = travel_tolerance_mm(config);
	double target_mm, error_mm;
	int64_t moved_us;
	bool arrived;

	if (!state->homed)
		return 0;
	target_mm = clamp_double(state->demand.value / 1000.0, config->soft_min_mm,
		config->soft_max_mm);
	error_mm = target_mm - position_mm(guard, actuator);
	arrived = fabs(error_mm) <= tolerance_mm &&
		(!state->seeking || fabs(error_mm) <= config->mm_per_pulse ||
			state->direction * error_mm < 0);
	state->seeking = !arrived;
	if (!arrived)
		return copysign(fmin(state->demand.limit_permille,
					approach(guard, actuator, fabs(error_mm))),
			error_mm);
	moved_us = travel_is_timed(config) ? state->off_us : state->progress_us;
	state->at_target = !state->direction && guard->now_us - moved_us > STANDING_US;
	return 0;
}

double travel_home(struct guard *guard, int actuator)
{
	struct actuator_state *state = &guard->actuators[actuator];

	if (input_at(guard, actuator, ROLE_HOME)) {
		if (!state->homed)
			state->pulses = 0;
		if (!state->homed && guard->timed & ACTUATOR_BIT(actuator))
			timed_closed(guard, actuator, ROLE_HOME);
		state->homed = true;
		return 0;
	}
	if (state->homed)
		return -fmin(approach(guard, actuator, fmax(position_mm(guard, actuator), 0)),
			HOMING_DRIVE_PERMILLE);
	return -HOMING_DRIVE_PERMILLE;
}

// A carriage slows down towards its soft limits and does not go beyond.
static double soft_limited(const struct guard *guard, int actuator, double drive)
{
	const struct actuator *config = actuator_config(guard, actuator);
	double left_mm = drive > 0 ? config->soft_max_mm - position_mm(guard, actuator)
				   : position_mm(guard, actuator) - config->soft_min_mm;

	if (left_mm <= 0)
		return 0;
	return copysign(fmin(fabs(drive), approach(guard, actuator, left_mm)), drive);
}

double travel_limit(const struct guard *guard, int actuator, double drive)
{
	const struct actuator *config = actuator_config(guard, actuator);
	const struct actuator_state *state = &guard->actuators[actuator];

	if (drive > 0 && input_touches(guard, actuator, ROLE_END))
		return 0;
	// A chattering contact must not end a release: only its proof does.
	if (drive < 0 && !state->releasing && input_touches(guard, actuator, ROLE_HOME))
		return 0;
	if (actuator_is_posture(config->kind))
		return posture_limit(guard, actuator, drive);
	if (config->kind != ACTUATOR_TRAVEL || state->releasing || state->demand.mode == WIRE_HOME)
		return drive;
	if (travel_is_timed(config)) // up to its contacts
		return drive;
	if (!state->homed)
		return clamp_double(drive, -HOMING_DRIVE_PERMILLE, HOMING_DRIVE_PERMILLE);
	return soft_limited(guard, actuator, drive);
}

// --- supervision ------------------------------------------------------------------------------

// The demand has an end that has not been reached: a switch, a target.
static bool goal_is_pending(const struct actuator *config, const struct actuator_state *state)
{
	switch (state->demand.mode) {
	case WIRE_DRIVE:
		return config->kind != ACTUATOR_PRESS || state->demand.value < 0;
	case WIRE_POSITION:
		return !state->at_target;
	default:
		return state->demand.mode == WIRE_HOME;
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
	const struct actuator *config = actuator_config(guard, actuator);
	struct actuator_state *state = &guard->actuators[actuator];

	if (!same_goal(&state->goal, &state->demand) || !goal_is_pending(config, state)) {
		state->goal = state->demand;
		state->goal_us = 0;
	} else if (state->direction && !state->releasing) {
		state->goal_us += guard->dt_us;
	}
	return config->travel_max_ms && state->goal_us > config->travel_max_ms * US_PER_MS;
}

// Driven off an end switch that stays closed.
static bool switch_stuck(struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	struct actuator_state *state = &guard->actuators[actuator];
	bool away = (state->direction > 0 && input_at(guard, actuator, ROLE_HOME)) ||
		(state->direction < 0 && input_at(guard, actuator, ROLE_END));

	if (!away) {
		state->away_us = 0;
		state->away_pulses = 0;
		return false;
	}
	if (has_pulses(config))
		return state->away_pulses * config->mm_per_pulse > SWITCH_OPENS_MM;
	if (travel_drive_moves(config, fabs(state->drive)))
		state->away_us += guard->dt_us;
	return state->away_us > SWITCH_OPENS_US;
}

void travel_check(struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	const struct actuator_state *state = &guard->actuators[actuator];
	bool busy = guard->busy & ACTUATOR_BIT(actuator);

	if ((input_at(guard, actuator, ROLE_HOME) && input_at(guard, actuator, ROLE_END)) ||
		(busy && switch_stuck(guard, actuator)))
		mode_trip(guard, REASON_END_SWITCH, actuator);
	if (actuator_is_posture(config->kind))
		posture_check(guard, actuator);
	else if (has_pulses(config))
		position_check(guard, actuator);
	else if (guard->timed & ACTUATOR_BIT(actuator))
		timed_check(guard, actuator);
	if (!busy)
		return;
	if (has_pulses(config) && state->direction && config->no_pulse_ms &&
		guard->now_us - state->progress_us > config->no_pulse_ms * US_PER_MS)
		mode_trip(guard, REASON_NO_PULSE, actuator);
	if (goal_overdue(guard, actuator))
		mode_trip(guard, REASON_TRAVEL_TIME, actuator);
}
