// SPDX-License-Identifier: MIT
//
// Demands to the actuators in each phase, and the drive of a press. Actuators without a demand
// rest.
#include "core/motion_time.h"
#include "core/session_private.h"

#include <math.h>
#include <string.h>

// The motor's force by its calibration while the press extends. With a sensor, APPROACH_N, it
// ends at contact; without one it lasts until the ramp.
#define APPROACH_BLIND_N 6.0
#define APPROACH_SHARE   0.25 // of drive_max, without a calibration

static bool released(const struct session *session, size_t i)
{
	return !actuator_presses(session->chair->actuators[i].kind) ||
		session->report.actuator[i].flags & ACTUATOR_RELEASED;
}

bool session_all_released(const struct session *session)
{
	for (size_t i = 0; i < session->chair->n_actuators; i++) {
		if (!released(session, i))
			return false;
	}
	return true;
}

static bool needs_carriage(const struct session *session, size_t actuator)
{
	if (session->chair->actuators[actuator].kind != ACTUATOR_TRAVEL)
		return false;
	if (!session->has_plan)
		return true;
	for (size_t i = 0; i < session->plan.n_segments; i++) {
		if (session->plan.segments[i].carriage == (int)actuator)
			return true;
	}
	return false;
}

static bool homed(const struct session *session, size_t i)
{
	unsigned flags = session->report.actuator[i].flags;

	if (session->purpose == PURPOSE_HOME && !(flags & ACTUATOR_AT_HOME))
		return false;
	return flags & ACTUATOR_HOMED;
}

bool session_all_homed(const struct session *session)
{
	for (size_t i = 0; i < session->chair->n_actuators; i++) {
		if (needs_carriage(session, i) && !homed(session, i))
			return false;
	}
	return true;
}

static bool parked(const struct session *session, size_t i)
{
	return session->report.actuator[i].flags & ACTUATOR_AT_HOME;
}

bool session_all_parked(const struct session *session)
{
	for (size_t i = 0; i < session->chair->n_actuators; i++) {
		if (needs_carriage(session, i) && !parked(session, i))
			return false;
	}
	return true;
}

static const struct actuator *presser(const struct session *session)
{
	return &session->chair->actuators[session_segment(session)->actuator];
}

bool session_regulated(const struct session *session)
{
	return session_segment(session)->target.unit == TARGET_NEWTON &&
		presser(session)->sensor.present;
}

// The profile's target, scaled by intensity and feedback; never below its floor.
double session_target(const struct session *session)
{
	const struct target *target = &session_segment(session)->target;
	double value = target_at(target, session->intensity_percent) * session->ease;

	return min_double(max_double(value, target->floor) * session->boost, target->value);
}

static double to_drive(const struct session *session, double value)
{
	if (session_segment(session)->target.unit == TARGET_PERMILLE)
		return value;
	return calibration_drive_permille(&presser(session)->calibration, value);
}

static double from_drive(const struct session *session, double drive_permille)
{
	if (session_segment(session)->target.unit == TARGET_PERMILLE)
		return drive_permille;
	return calibration_force_n(&presser(session)->calibration, drive_permille);
}

double session_value(const struct session *session)
{
	const struct wire_actuator_state *state = session_state_of(session,
		session_segment(session)->actuator);

	if (session_regulated(session))
		return state->force_mn / 1000.0;
	return from_drive(session, state->drive_permille);
}

static double approach_drive(const struct session *session)
{
	const struct actuator *actuator = presser(session);
	double drive = actuator->drive_max_permille * APPROACH_SHARE;

	if (actuator->calibration.n)
		drive = calibration_drive_permille(&actuator->calibration,
			actuator->sensor.present ? APPROACH_N : APPROACH_BLIND_N);
	if (session_segment(session)->target.unit == TARGET_PERMILLE)
		drive = fmin(drive, session_target(session));
	return fmin(drive, actuator->drive_max_permille);
}

// The highest drive that the ceiling at this position allows by the table; cached.
static double drive_limit(struct session *session)
{
	const struct actuator *actuator = presser(session);
	int index = session_segment(session)->actuator;
	double position_mm = NAN, error_mm = 0;

	if (actuator->carriage >= 0 &&
		session_state_of(session, actuator->carriage)->flags & ACTUATOR_HOMED) {
		position_mm = session_state_of(session, actuator->carriage)->position_um / 1000.0;
		error_mm = session_state_of(session, actuator->carriage)->error_um / 1000.0;
	}
	if (session->limit.actuator != index || session->limit.at_mm != position_mm ||
		session->limit.error_mm != error_mm) {
		session->limit.actuator = index;
		session->limit.at_mm = position_mm; // NAN never equals
		session->limit.error_mm = error_mm;
		session->limit.permille = fmin(actuator->drive_max_permille,
			actuator_drive_limit_permille(actuator,
				chair_ceiling_near(session->chair, index, position_mm, error_mm)));
	}
	return session->limit.permille;
}

// At contact: the setpoint begins at the present force or drive.
void session_start_press(struct session *session, int64_t now_us)
{
	double value = fmax(session_value(session), 0);

	session->setpoint = fmin(value, session_target(session));
	session->ramp_us = now_us;
	session->drive_permille = approach_drive(session);
	if (session_regulated(session))
		regulator_start(&session->regulator, presser(session), now_us, value);
}

// Ramp the setpoint to the target, up during the exhale and down at once; update the drive.
void session_update_press(struct session *session, int64_t now_us)
{
	const struct segment *segment = session_segment(session);
	const struct wire_actuator_state *state = session_state_of(session, segment->actuator);
	double target = session_target(session), was = session->setpoint;
	double dt_s = (double)(now_us - session->ramp_us) / US_PER_S;

	session->ramp_us = now_us;
	if (session->setpoint > target)
		session->setpoint = target;
	else if (breath_exhales(&session->breath, now_us))
		session->setpoint = fmin(target, session->setpoint + segment->ramp_per_s * dt_s);

	if (!session_regulated(session))
		session->drive_permille = to_drive(session, session->setpoint);
	else if (session->fresh)
		session->drive_permille = regulator_step(&session->regulator, now_us,
			&(struct regulator_input){
				.setpoint_n = session->setpoint,
				.force_n = state->force_mn / 1000.0,
				.applied_permille = state->drive_permille,
				.climbing = session->setpoint > was,
				.limited = state->flags & ACTUATOR_CLAMPED ||
					session->drive_permille >= drive_limit(session),
			});
}

static void demand(struct session *session, int actuator, enum wire_mode mode, double value)
{
	session->demand[actuator].mode = (uint8_t)mode;
	session->demand[actuator].value = (int32_t)lround(value);
}

static void demand_press(struct session *session)
{
	demand(session, session_segment(session)->actuator, WIRE_DRIVE,
		clamp_double(session->drive_permille, 0, drive_limit(session)));
}

static void demand_position(struct session *session, double position_mm, int limit_permille)
{
	int carriage = session_segment(session)->carriage;

	if (carriage < 0)
		return;
	demand(session, carriage, WIRE_POSITION, position_mm * 1000);
	session->demand[carriage].limit_permille = limit_permille;
}

static void demand_clear(struct session *session)
{
	for (size_t i = 0; i < session->chair->n_actuators; i++) {
		if (!released(session, i))
			demand(session, (int)i, WIRE_RELEASE_ACTUATOR, 0);
	}
}

static void demand_home(struct session *session, bool (*there)(const struct session *, size_t))
{
	for (size_t i = 0; i < session->chair->n_actuators; i++) {
		if (needs_carriage(session, i) && !there(session, i))
			demand(session, (int)i, WIRE_HOME, 0);
	}
}

// --- approach --------------------------------------------------------------------------------

static void demand_contact(struct session *session)
{
	const struct segment *segment = session_segment(session);

	if (session_contact_mm(session) == 0)
		demand(session, segment->carriage, WIRE_HOME, 0);
	else
		demand(session, segment->carriage, WIRE_DRIVE, PERMILLE_FULL);
}

// The rollers stand at their width while they press.
static void demand_width(struct session *session)
{
	const struct segment *segment = session_segment(session);

	if (segment->width != WIDTH_ANY)
		demand(session, segment->setter, WIRE_WIDTH, segment->width);
}

static int stroke_limit(const struct session *session)
{
	const struct segment *segment = session_segment(session);

	return stroke_permille(&session->chair->actuators[segment->carriage], segment->speed_mm_s);
}

static void motion_approach(struct session *session)
{
	const struct segment *segment = session_segment(session);
	bool travels = segment_travels(segment);

	if (session->stage == STAGE_CLEAR)
		demand_clear(session);
	else
		demand_width(session);
	if (session->stage == STAGE_FIND)
		demand_contact(session);
	else if (session->stage == STAGE_TRAVEL)
		demand_position(session, travels ? segment->from_mm : segment->position_mm,
			PERMILLE_FULL);
	else if (session->stage == STAGE_CONTACT)
		demand(session, segment->actuator, WIRE_DRIVE, approach_drive(session));
}

// --- a posture -------------------------------------------------------------------------------

static void demand_posture(struct session *session)
{
	const struct segment *segment = session_segment(session);

	if (posture_has_position(&session->chair->actuators[segment->actuator])) {
		demand(session, segment->actuator, WIRE_POSITION,
			(double)segment->permille * PERMILLE_FULL);
		session->demand[segment->actuator].limit_permille = PERMILLE_FULL;
	} else {
		demand(session, segment->actuator, WIRE_DRIVE,
			segment->permille ? PERMILLE_FULL : -PERMILLE_FULL);
	}
}

bool session_posture_reached(const struct session *session)
{
	const struct segment *segment = session_segment(session);
	const struct wire_actuator_state *state = session_state_of(session, segment->actuator);

	if (posture_has_position(&session->chair->actuators[segment->actuator]))
		return state->flags & ACTUATOR_AT_TARGET;
	return !state->drive_permille &&
		state->flags & (segment->permille ? ACTUATOR_AT_END : ACTUATOR_AT_HOME);
}

static void motion_posture(struct session *session)
{
	if (session->stage == STAGE_CLEAR)
		demand_clear(session);
	else if (session->stage == STAGE_TRAVEL)
		demand_posture(session);
}

// A carriage moves only after presses and cells are released; a press extends only after it was
// homed.
static void motion_jog(struct session *session)
{
	enum actuator_kind kind = session->chair->actuators[session->jog_actuator].kind;
	uint32_t flags = session_state_of(session, session->jog_actuator)->flags;

	if (kind == ACTUATOR_TRAVEL && !session_all_released(session))
		demand_clear(session);
	else if (kind == ACTUATOR_PRESS && session->jog_drive_permille > 0 &&
		!(flags & ACTUATOR_HOMED))
		demand(session, session->jog_actuator, WIRE_RELEASE_ACTUATOR, 0);
	else
		demand(session, session->jog_actuator, WIRE_DRIVE, session->jog_drive_permille);
}

// Whether layers run, or end, in a phase.
static bool has_layers(enum session_phase phase)
{
	return phase == SESSION_HOLD || phase == SESSION_STROKE || phase == SESSION_KNEAD ||
		phase == SESSION_TAP || phase == SESSION_RELEASE || phase == SESSION_REST;
}

void session_motion(struct session *session)
{
	const struct segment *segment = session_segment(session);

	memset(session->demand, 0, sizeof(session->demand));
	if (has_layers(session->phase))
		session_layers_demand(session);
	switch (session->phase) {
	case SESSION_HOMING:
	case SESSION_PARKING:
		if (session->stage == STAGE_CLEAR)
			demand_clear(session);
		else
			demand_home(session, session->phase == SESSION_HOMING ? homed : parked);
		break;
	case SESSION_APPROACH:
		motion_approach(session);
		break;
	case SESSION_STROKE:
		demand_width(session);
		demand_position(session, segment->position_mm, stroke_limit(session));
		if (segment->technique == TECHNIQUE_STROKE)
			demand_press(session);
		break;
	case SESSION_PRESS:
	case SESSION_HOLD:
		demand_width(session);
		demand_press(session);
		break;
	case SESSION_RELEASE:
		if (segment->technique != TECHNIQUE_ROLL)
			demand(session, segment->actuator, WIRE_RELEASE_ACTUATOR, 0);
		break;
	case SESSION_KNEAD:
	case SESSION_TAP:
		demand_width(session);
		if (session->stage != STAGE_STOP)
			demand(session, segment->actuator, WIRE_DRIVE,
				to_drive(session, session_target(session)));
		break;
	case SESSION_POSTURE:
		motion_posture(session);
		break;
	case SESSION_JOG:
		motion_jog(session);
		break;
	default:
		break;
	}
}
