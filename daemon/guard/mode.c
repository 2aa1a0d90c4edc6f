// SPDX-License-Identifier: MIT
//
// The guard's modes: the table of their transitions, and every rule that changes the mode. The
// diagram is in guard.h.
#include "guard/guard_private.h"

// The step in which motion begins is a tick, for it makes the first edge of the charge pump.
static void motion_begin(struct guard *guard)
{
	guard->motion_us = guard->now_us;
	guard->tick = true;
	guard->next_tick_us = guard_grid_next_us(guard, guard->tick_us);
	guard->next_report_us = guard_grid_next_us(guard, REPORT_PERIOD_US);
}

// Every transition that the guard may make. mode_enter() is the only writer of guard->mode.
static const struct guard_transition transitions[] = {
	{ GUARD_OFF, GUARD_READY, "ARM, the self-test passed" },
	{ GUARD_OFF, GUARD_RELEASING, "RELEASE, stop button or reset, something not released" },
	{ GUARD_OFF, GUARD_TRIPPED, "E-stop, failed line, or ARM with a failed self-test" },
	{ GUARD_READY, GUARD_OFF, "link lost, suspend, or ARM for another chair" },
	{ GUARD_READY, GUARD_ACTIVE, "setpoint" },
	{ GUARD_READY, GUARD_RELEASING,
		"RELEASE, stop button, link lost or suspend, not released" },
	{ GUARD_READY, GUARD_TRIPPED, "E-stop, failed line, or ARM with a failed self-test" },
	{ GUARD_ACTIVE, GUARD_RELEASING,
		"end of the lease, RELEASE, stop button, a ceiling or a trip" },
	{ GUARD_ACTIVE, GUARD_TRIPPED, "E-stop or failed line" },
	{ GUARD_RELEASING, GUARD_OFF, "released, and the link or the session has ended" },
	{ GUARD_RELEASING, GUARD_READY, "released" },
	{ GUARD_RELEASING, GUARD_TRIPPED, "released after a trip, E-stop or failed line" },
	{ GUARD_TRIPPED, GUARD_OFF, "reset" },
	{ GUARD_TRIPPED, GUARD_RELEASING, "RELEASE or stop button, something not released" },
};

#define N_TRANSITIONS (sizeof(transitions) / sizeof(transitions[0]))

const struct guard_transition *guard_transitions(size_t *ret_n)
{
	*ret_n = N_TRANSITIONS;
	return transitions;
}

// True if the transition is in the table; otherwise the first such is kept, to be reported.
static bool transition_note(struct guard *guard, enum guard_mode to)
{
	for (size_t i = 0; i < N_TRANSITIONS; i++) {
		if (transitions[i].from == guard->mode && transitions[i].to == to) {
			guard->transitions_made |= UINT32_C(1) << i;
			return true;
		}
	}
	if (!guard->impossible.reason)
		guard->impossible = (struct guard_transition){ guard->mode, to, "impossible" };
	guard->report = true;
	return false;
}

void mode_enter(struct guard *guard, enum guard_mode mode)
{
	bool moved = guard_moves(guard), safer = mode != GUARD_READY && mode != GUARD_ACTIVE;

	if (!transition_note(guard, mode) && !safer)
		return;
	guard->mode = mode;
	guard->mode_us = guard->now_us;
	guard->report = true;
	if (moved)
		guard->still_us = guard->now_us;
	if (!guard_moves(guard))
		guard->next_tick_us = TIME_NEVER;
	else if (!moved)
		motion_begin(guard);
}

static void reason_set(struct guard *guard, enum guard_reason reason, int culprit)
{
	guard->reason = reason;
	guard->culprit = culprit;
	guard->report = true;
}

// Enter TRIPPED: nothing is on, and positions are unknown unless released. Cells with a normally
// open valve are empty before a reset can come.
static void mode_latch(struct guard *guard)
{
	drive_none(guard);
	for (size_t i = 0; i < guard->chair->n_actuators; i++) {
		int vent = actuator_config(guard, (int)i)->line[ROLE_VENT];

		release_stop(guard, (int)i);
		posture_forget(guard, (int)i);
		guard->actuators[i].known = guard->actuators[i].released;
		guard->actuators[i].homed = guard->actuators[i].released &&
			actuator_config(guard, (int)i)->kind == ACTUATOR_PRESS;
		if ((vent >= 0 && guard->chair->lines[vent].safe_level) ||
			guard->valves & ACTUATOR_BIT(i))
			guard->actuators[i].level = 0;
	}
	mode_enter(guard, GUARD_TRIPPED);
}

// The controller has read another chair: its demands would be on other actuators.
static void refuse_other_chair(struct guard *guard)
{
	reason_set(guard, REASON_OTHER_CHAIR, -1);
	guard->armed = false;
	if (guard->mode == GUARD_READY)
		mode_enter(guard, GUARD_OFF);
}

void mode_arm(struct guard *guard, uint64_t fingerprint)
{
	enum guard_reason reason;
	int culprit;

	if (guard->mode != GUARD_OFF && guard->mode != GUARD_READY)
		return;
	if (fingerprint != guard->fingerprint) {
		refuse_other_chair(guard);
		return;
	}
	reason = selftest_run(guard, &culprit);
	reason_set(guard, reason, culprit);
	if (reason != REASON_NONE) {
		mode_latch(guard);
		return;
	}
	if (button_stop_held(guard)) { // a stuck one is no reason to trip: it moves nothing
		reason_set(guard, REASON_STOP_BUTTON, -1);
		guard->armed = false;
		return;
	}
	guard->armed = guard->armed_once = true;
	timed_forget(guard);
	if (guard->now_us - guard->still_us >= SESSION_REST_US)
		guard->active_us = 0;
	if (guard->mode == GUARD_OFF)
		mode_enter(guard, GUARD_READY);
}

void mode_activate(struct guard *guard)
{
	reason_set(guard, REASON_NONE, -1);
	for (size_t i = 0; i < guard->chair->n_actuators; i++) {
		guard->actuators[i].goal_us = 0;
		guard->actuators[i].mean_n = 0;
		guard->actuators[i].over_us = TIME_NEVER;
	}
	mode_enter(guard, GUARD_ACTIVE);
}

static void release_all(struct guard *guard, bool off_after)
{
	guard->off_after_release = off_after;
	guard->armed = false;
	for (size_t i = 0; i < guard->chair->n_actuators; i++)
		release_begin(guard, (int)i);
	mode_enter(guard, GUARD_RELEASING);
}

void mode_release(struct guard *guard, enum guard_reason reason, int culprit)
{
	bool begins = guard->mode == GUARD_ACTIVE ||
		(guard->mode == GUARD_READY && !proof_all(guard));

	if (begins) {
		reason_set(guard, reason, culprit);
		release_all(guard, false);
	}
	if (guard->mode == GUARD_RELEASING &&
		(reason == REASON_LINK || reason == REASON_SESSION_LENGTH))
		guard->off_after_release = true;
}

// Unlike mode_release() also if not armed, or with a latched fault, which stays latched.
void mode_release_requested(struct guard *guard, enum guard_reason reason)
{
	mode_release(guard, reason, -1);
	if ((guard->mode != GUARD_OFF && guard->mode != GUARD_TRIPPED) || proof_all(guard) ||
		!input_estop_good(guard) || guard->now_us < guard->release_rest_us)
		return;
	if (guard->mode == GUARD_OFF)
		reason_set(guard, reason, -1);
	release_all(guard, true);
}

// A motor that was driven and did not arrive is not driven again, except a press, which always
// pulls back for its release time at most: the drive may have been too weak, and a stalled press
// does less harm than a person who stays pressed. If its switch was wrong, it pulls back for all of
// that time, whatever the switch reads.
static void culprit_stop(struct guard *guard, enum guard_reason reason, int culprit)
{
	bool stuck = reason == REASON_END_SWITCH || reason == REASON_NO_PULSE ||
		reason == REASON_TRAVEL_TIME || reason == REASON_WRONG_WAY;

	if (culprit < 0 || !stuck)
		return;
	if (reason == REASON_END_SWITCH || reason == REASON_WRONG_WAY)
		guard->actuators[culprit].out_proven = guard->actuators[culprit].back_proven =
			false;
	if (reason == REASON_END_SWITCH)
		guard->actuators[culprit].switch_doubted = true;
	if (actuator_config(guard, culprit)->kind != ACTUATOR_PRESS)
		release_stop(guard, culprit);
}

void mode_trip(struct guard *guard, enum guard_reason reason, int culprit)
{
	if (!guard_moves(guard))
		return;
	mode_release(guard, reason, culprit);
	if (!guard_reason_is_trip(guard->reason)) // a release that began without a fault
		reason_set(guard, reason, culprit);
	culprit_stop(guard, reason, culprit);
}

// This reason outranks every other, because a person has to act on it. But if the press is at home
// and only the sensor that tripped the chair disagrees, the reason of that trip is kept.
void mode_not_released(struct guard *guard, int culprit)
{
	bool there = travel_at_home(guard, culprit);

	mode_release(guard, REASON_NOT_RELEASED, culprit);
	if (!there || !guard_reason_is_trip(guard->reason))
		reason_set(guard, REASON_NOT_RELEASED, culprit);
}

// Every output is safe from this step on (IEC 60204-1 stop category 0).
static void trip_now(struct guard *guard, enum guard_reason reason)
{
	guard->cut = true;
	if (guard->mode == GUARD_TRIPPED)
		return;
	if (!guard_reason_is_trip(guard->reason))
		reason_set(guard, reason, -1);
	mode_latch(guard);
}

void mode_reset(struct guard *guard)
{
	if ((guard->mode != GUARD_TRIPPED && guard->mode != GUARD_OFF) || !inputs_good(guard))
		return;
	if (guard->mode == GUARD_TRIPPED) {
		reason_set(guard, REASON_NONE, -1);
		mode_enter(guard, GUARD_OFF);
	}
	mode_release_requested(guard, REASON_ASKED);
}

// Nothing starts while it is pressed, and what was in flight before starts nothing after it.
static void mode_stop_button(struct guard *guard)
{
	guard->armed = false;
	mode_release(guard, REASON_STOP_BUTTON, -1);
	if (guard->stop_edge)
		mode_release_requested(guard, REASON_STOP_BUTTON);
}

// During a suspend the lines kept their levels without supervision.
static void mode_suspended(struct guard *guard)
{
	for (size_t i = 0; i < guard->chair->n_actuators; i++) {
		guard->actuators[i].homed = false;
		posture_forget(guard, (int)i);
	}
	mode_release(guard, REASON_SUSPEND, -1);
	if (guard->mode == GUARD_READY) {
		reason_set(guard, REASON_SUSPEND, -1);
		mode_enter(guard, GUARD_OFF);
	}
}

static int session_max_s(const struct chair *chair)
{
	return chair->session_max_s < SESSION_HARD_MAX_S ? chair->session_max_s
							 : SESSION_HARD_MAX_S;
}

int64_t mode_next_us(const struct guard *guard)
{
	if (guard->mode != GUARD_ACTIVE)
		return TIME_NEVER;
	return min_i64(guard->lease_until_us,
		guard->now_us + session_max_s(guard->chair) * US_PER_S - guard->active_us);
}

// Leave RELEASING once every actuator has ended its release.
static void try_end_release(struct guard *guard)
{
	for (size_t i = 0; i < guard->chair->n_actuators; i++) {
		if (guard->actuators[i].releasing)
			return;
	}
	// Repeated requests must not drive a motor without a pause.
	guard->release_rest_us = proof_all(guard) ? 0 : guard->now_us + RELEASE_PAUSE_US;
	if (guard_reason_is_trip(guard->reason)) {
		mode_latch(guard);
	} else if (guard->off_after_release || !guard->link_up) {
		if (guard->reason == REASON_ASKED || guard->reason == REASON_STOP_BUTTON)
			reason_set(guard, REASON_NONE, -1);
		mode_enter(guard, GUARD_OFF);
	} else {
		reason_set(guard, REASON_NONE, -1);
		mode_enter(guard, GUARD_READY);
	}
}

// The rules that do not depend on the controller's frame, which is handled after them.
void mode_step(struct guard *guard, const struct guard_input *input)
{
	const struct chair *chair = guard->chair;
	bool occupied = input_occupied(guard);

	if (guard->inputs_unknown != (input->hal_error != 0))
		guard->report = true;
	guard->inputs_unknown = input->hal_error;
	if (input->hal_error)
		trip_now(guard, REASON_HAL);
	if (!input_estop_good(guard))
		guard->cut = true;
	if (chair->estop >= 0 && !guard->contact[chair->estop].stable)
		trip_now(guard, REASON_ESTOP);
	if (guard->reset_edge)
		mode_reset(guard);
	if (button_stop_held(guard))
		mode_stop_button(guard);

	if (input->slept)
		mode_suspended(guard);
	if (!input->link_up && guard->link_up) {
		mode_release(guard, REASON_LINK, -1);
		if (guard->mode == GUARD_READY) {
			reason_set(guard, REASON_LINK, -1);
			mode_enter(guard, GUARD_OFF);
		}
		guard->seq_known = false;
	}
	guard->link_up = input->link_up;

	if (guard->mode == GUARD_ACTIVE) {
		guard->active_us += guard->dt_us;
		if (guard->now_us >= guard->lease_until_us)
			mode_release(guard, REASON_LEASE, -1);
		else if (guard->occupied && !occupied)
			mode_release(guard, REASON_SEAT, -1);
		else if (guard->active_us >= session_max_s(chair) * US_PER_S)
			mode_release(guard, REASON_SESSION_LENGTH, -1);
	} else if (guard->mode == GUARD_RELEASING && guard->now_us > guard->mode_us) {
		try_end_release(guard);
	}
	guard->occupied = occupied;
}
