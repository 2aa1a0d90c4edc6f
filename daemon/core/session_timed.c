// SPDX-License-Identifier: MIT
//
// A carriage without pulses in a session: whether its position is certain enough for a segment.
#include "core/session_private.h"

#include <math.h>

#include "core/motion_time.h"
#include "core/timed.h"

static const struct actuator *timed_carriage(const struct session *session)
{
	int carriage = session_segment(session)->carriage;

	return carriage >= 0 && travel_is_timed(&session->chair->actuators[carriage])
		? &session->chair->actuators[carriage]
		: NULL;
}

// Where the carriage begins its segment.
static double begins_mm(const struct segment *segment)
{
	return segment_travels(segment) ? segment->from_mm : segment->position_mm;
}

// How far off it may be there. Nothing presses in a roll: any place that a contact gives is good.
static double error_max_mm(const struct session *session)
{
	const struct segment *segment = session_segment(session);
	const struct actuator *carriage = &session->chair->actuators[segment->carriage];

	if (segment->technique == TECHNIQUE_ROLL)
		return max_double(carriage->timed.position_error_mm,
			timed_error_at_mm(carriage, segment->from_mm) + TIMED_SLACK_MM);
	return timed_error_max_mm(session->chair, segment->actuator, segment->position_mm);
}

// How far off it would be at its segment: after the way there, or already there.
static bool too_uncertain(const struct session *session, bool there)
{
	const struct segment *segment = session_segment(session);
	const struct actuator *carriage = timed_carriage(session);
	const struct wire_actuator_state *state;
	double error_mm, way_mm;

	if (!carriage)
		return false;
	state = session_state_of(session, segment->carriage);
	if (!(state->flags & ACTUATOR_HOMED))
		return true;
	error_mm = state->error_um / 1000.0;
	way_mm = begins_mm(segment) - state->position_um / 1000.0;
	if (!there && fabs(way_mm) > travel_tolerance_mm(carriage))
		error_mm = timed_error_after_mm(carriage, error_mm, way_mm);
	return error_mm > error_max_mm(session);
}

bool session_must_find(const struct session *session)
{
	return too_uncertain(session, false);
}

bool session_is_lost(const struct session *session)
{
	return too_uncertain(session, true);
}

double session_contact_mm(const struct session *session)
{
	return timed_contact_mm(timed_carriage(session), begins_mm(session_segment(session)));
}

bool session_found(const struct session *session)
{
	uint32_t flags = session_state_of(session, session_segment(session)->carriage)->flags;
	bool home = session_contact_mm(session) == 0;

	return flags & ACTUATOR_HOMED && flags & (home ? ACTUATOR_AT_HOME : ACTUATOR_AT_END);
}
