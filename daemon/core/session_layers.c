// SPDX-License-Identifier: MIT
//
// The layers of a segment: in after its technique has begun, out before it ends.
//
//               comes in                   rhythm, or the end is near
//   OUT ------------------------> IN ----------------------------------> ENDS ----> OUT
//    ^   pacing, rest, time left     ramp, then on for on_s      ramp, or release    |
//    +-------------------------------------------------------------------------------+
//
// What presses rises during the exhale only, and goes out by its release, which is proven. A layer
// never prolongs the technique: if its end comes sooner than expected, the layers end at once. What
// lasts (heat) goes on through the release and the rest after it.
#include "core/motion_time.h"
#include "core/session_private.h"

#include <math.h>
#include <string.h>

#define LEAST_S             5.0  // what presses, or has no ramp, does not come in for less
#define PRESS_STEP_PERMILLE 50.0 // it rises in steps, which spare valves and pump

static const struct layer *layer_of(const struct session *session, int i)
{
	return &session->plan.layers[session_segment(session)->first_layer + i];
}

static const struct actuator *actuator_of(const struct session *session, int i)
{
	return &session->chair->actuators[layer_of(session, i)->actuator];
}

static bool presses(const struct session *session, int i)
{
	return actuator_presses(actuator_of(session, i)->kind);
}

static bool lasts(const struct session *session, int i)
{
	return layer_kind_lasts(actuator_of(session, i)->kind);
}

static bool is_out(const struct session *session, int i)
{
	const struct wire_actuator_state *state = session_state_of(session,
		layer_of(session, i)->actuator);

	return presses(session, i) ? state->flags & ACTUATOR_RELEASED : state->drive_permille == 0;
}

static double value_of(const struct session *session, int i)
{
	const struct layer *layer = layer_of(session, i);
	double permille = layer_permille(layer, session->intensity_percent, session->ease);

	return min_double(permille, actuator_of(session, i)->drive_max_permille);
}

// It is on or off, without a ramp.
static bool jumps(const struct session *session, int i)
{
	return actuator_is_switched(actuator_of(session, i)) && !presses(session, i);
}

// Time to ramp up, and to go out.
static double in_s(const struct session *session, int i)
{
	double unbroken_s = value_of(session, i) / LAYER_RAMP_PERMILLE_S;

	if (jumps(session, i))
		return 0;
	return presses(session, i) ? breath_ramp_likely_s(&session->breath, unbroken_s)
				   : unbroken_s;
}

static double out_s(const struct session *session, int i)
{
	if (jumps(session, i))
		return 0;
	return presses(session, i) ? press_release_max_s(actuator_of(session, i))
				   : session->layers[i].drive_permille / LAYER_RAMP_PERMILLE_S;
}

static void enter(struct session *session, int64_t now_us, int i, enum layer_stage stage)
{
	session->layers[i].stage = stage;
	session->layers[i].stage_us = now_us;
}

// So long it is driven, once in.
static double drive_s(const struct session *session, int i, double left_s)
{
	const struct layer *layer = layer_of(session, i);
	double once_s = in_s(session, i) + layer->on_s + out_s(session, i);

	return layer->on_s > 0 ? min_double(once_s, left_s) : left_s;
}

// Whether it may come in: there is time for it, it has rested, and the guard's shares allow it.
static bool may_come_in(const struct session *session, int64_t now_us, int i, double left_s)
{
	const struct layer *layer = layer_of(session, i);
	double least_s = presses(session, i) || jumps(session, i)
		? in_s(session, i) + LEAST_S + press_release_max_s(actuator_of(session, i))
		: 2 * in_s(session, i);
	int64_t need_us;

	if (value_of(session, i) <= 0 || left_s < least_s ||
		now_us < session->layers[i].rest_until_us || !is_out(session, i))
		return false;
	need_us = (int64_t)(min_double(drive_s(session, i, left_s), 2 * DUTY_WINDOW_S) * US_PER_S);
	return pacing_earliest_us(&session->pacing[layer->actuator], actuator_of(session, i),
		       now_us, need_us, ZONE_EVERYWHERE) <= now_us;
}

static void ramp_up(struct session *session, int64_t now_us, int i, double dt_s)
{
	struct layer_state *state = &session->layers[i];
	double value = value_of(session, i);

	if (jumps(session, i))
		state->drive_permille = value;
	else if (!presses(session, i) || breath_exhales(&session->breath, now_us))
		state->drive_permille += LAYER_RAMP_PERMILLE_S * dt_s;
	if (state->drive_permille >= value && !state->in_us)
		state->in_us = now_us;
	state->drive_permille = min_double(state->drive_permille, value);
}

static void run_in(struct session *session, int64_t now_us, int i, double dt_s, double left_s)
{
	const struct layer *layer = layer_of(session, i);
	const struct layer_state *state = &session->layers[i];

	ramp_up(session, now_us, i, dt_s);
	if (left_s <= out_s(session, i) ||
		(layer->on_s > 0 && state->in_us &&
			now_us - state->in_us >= (int64_t)(layer->on_s * US_PER_S)))
		enter(session, now_us, i, LAYER_ENDS);
}

static void run_ends(struct session *session, int64_t now_us, int i, double dt_s)
{
	struct layer_state *state = &session->layers[i];

	state->drive_permille -= LAYER_RAMP_PERMILLE_S * dt_s;
	if (presses(session, i) || jumps(session, i) || state->drive_permille < 0)
		state->drive_permille = 0;
	// One step at least: the release that this stage demands is to be seen.
	if (state->drive_permille > 0 || now_us == state->stage_us || !is_out(session, i))
		return;
	state->rest_until_us = now_us + (int64_t)(layer_of(session, i)->off_s * US_PER_S);
	enter(session, now_us, i, LAYER_OUT);
}

void session_layers_reset(struct session *session)
{
	memset(session->layers, 0, sizeof(session->layers));
	session->layers_us = 0;
}

static void update(struct session *session, int64_t now_us, int i, double dt_s, double left_s)
{
	switch (session->layers[i].stage) {
	case LAYER_OUT:
		if (!may_come_in(session, now_us, i, left_s))
			break;
		session->layers[i].in_us = 0;
		session->layers[i].drive_permille = 0;
		enter(session, now_us, i, LAYER_IN);
		break;
	case LAYER_IN:
		run_in(session, now_us, i, dt_s, left_s);
		break;
	case LAYER_ENDS:
		run_ends(session, now_us, i, dt_s);
		break;
	}
}

static double passed_s(struct session *session, int64_t now_us)
{
	double dt_s = session->layers_us ? (double)(now_us - session->layers_us) / US_PER_S : 0;

	session->layers_us = now_us;
	return dt_s;
}

void session_layers_update(struct session *session, int64_t now_us, double left_s)
{
	const struct segment *segment = session_segment(session);
	double dt_s = passed_s(session, now_us);

	for (int i = 0; i < segment->n_layers; i++)
		update(session, now_us, i, dt_s,
			lasts(session, i) ? left_s + segment->rest_s : left_s);
}

void session_layers_rest(struct session *session, int64_t now_us, double left_s)
{
	double dt_s = passed_s(session, now_us);

	for (int i = 0; i < session_segment(session)->n_layers; i++) {
		if (lasts(session, i))
			update(session, now_us, i, dt_s, left_s);
	}
}

void session_layers_end(struct session *session, int64_t now_us)
{
	for (int i = 0; i < session_segment(session)->n_layers; i++) {
		if (session->layers[i].stage == LAYER_OUT || lasts(session, i))
			continue;
		session->layers[i].drive_permille = 0;
		enter(session, now_us, i, LAYER_ENDS);
	}
}

bool session_layers_out(const struct session *session)
{
	for (int i = 0; i < session_segment(session)->n_layers; i++) {
		if (!lasts(session, i) && !is_out(session, i))
			return false;
	}
	return true;
}

int64_t session_layers_release_max_us(const struct session *session)
{
	int64_t longest_us = 0;

	for (int i = 0; i < session_segment(session)->n_layers; i++)
		longest_us = max_i64(longest_us,
			actuator_of(session, i)->release_max_ms * US_PER_MS);
	return longest_us;
}

bool session_layers_yield(const struct session *session)
{
	for (int i = 0; i < session_segment(session)->n_layers; i++) {
		if (value_of(session, i) > layer_of(session, i)->floor_permille)
			return true;
	}
	return false;
}

static double demanded_permille(const struct session *session, int i)
{
	double permille = session->layers[i].drive_permille;

	if (!presses(session, i) || session->layers[i].in_us)
		return permille;
	return floor(permille / PRESS_STEP_PERMILLE) * PRESS_STEP_PERMILLE;
}

void session_layers_demand(struct session *session)
{
	for (int i = 0; i < session_segment(session)->n_layers; i++) {
		const struct layer_state *state = &session->layers[i];
		struct wire_demand *demand = &session->demand[layer_of(session, i)->actuator];

		if (state->stage == LAYER_ENDS && presses(session, i)) {
			demand->mode = WIRE_RELEASE_ACTUATOR;
		} else if (demanded_permille(session, i) > 0) {
			demand->mode = WIRE_DRIVE;
			demand->value = (int32_t)lround(demanded_permille(session, i));
		}
	}
}
