// SPDX-License-Identifier: MIT
#include "fake_guard.h"

#include "../fixture.h"
#include "core/fingerprint.h"

#define RELEASE_US (400 * US_PER_MS) // how long an actuator takes to release
#define SPEED_MM_S 50.0
#define END_UM     590000 // of the carriage's way

void fake_mode(struct fake *fake, enum guard_mode mode, enum guard_reason reason)
{
	fake->report.mode = (uint8_t)mode;
	fake->report.reason = (uint8_t)reason;
	fake->asked = true;
}

static void release_actuator(struct fake *fake, size_t i)
{
	fake->demand[i] = (struct wire_demand){ .mode = WIRE_RELEASE_ACTUATOR };
	if (actuator_presses(fake->chair.actuators[i].kind) &&
		!(fake->report.actuator[i].flags & ACTUATOR_RELEASED) &&
		fake->released_us[i] == TIME_NEVER)
		fake->released_us[i] = fake->now_us + RELEASE_US;
}

void fake_release(struct fake *fake, enum guard_reason reason)
{
	for (size_t i = 0; i < fake->chair.n_actuators; i++)
		release_actuator(fake, i);
	fake_mode(fake, GUARD_RELEASING, reason);
}

static void handle_setpoint(struct fake *fake, const struct wire_setpoint *frame)
{
	if (fake->report.mode == GUARD_READY)
		fake_mode(fake, GUARD_ACTIVE, REASON_NONE);
	if (fake->report.mode != GUARD_ACTIVE) {
		fake->early |= fake->report.mode == GUARD_OFF;
		return;
	}
	fake->lease_until_us = fake->now_us + frame->lease_ms * US_PER_MS;
	for (size_t i = 0; i < frame->n; i++) {
		fake->demand[i] = frame->demand[i];
		if (frame->demand[i].mode == WIRE_RELEASE_ACTUATOR)
			release_actuator(fake, i);
		else if (frame->demand[i].mode != WIRE_REST)
			fake->released_us[i] = TIME_NEVER;
	}
}

static void handle_frame(struct fake *fake, const union wire_frame *frame)
{
	if (!wire_check(&fake->chair, frame, frame->header.length))
		abort();
	fake->frames[frame->header.type]++;
	if (!fake->link)
		return;
	fake->report.header.seq = frame->header.seq;
	switch (frame->header.type) {
	case WIRE_ARM:
		if (fake->report.mode == GUARD_OFF)
			fake_mode(fake, GUARD_READY, REASON_NONE);
		break;
	case WIRE_SETPOINT:
		handle_setpoint(fake, &frame->setpoint);
		break;
	case WIRE_RELEASE:
		if (fake->report.mode == GUARD_ACTIVE || fake->report.mode == GUARD_READY)
			fake_release(fake, REASON_ASKED);
		break;
	case WIRE_RESET:
		if (fake->report.mode == GUARD_TRIPPED && fake->report.estop_good)
			fake_mode(fake, GUARD_OFF, REASON_NONE);
		break;
	default:
		fake->asked = true;
		break;
	}
}

static void set_flag(uint32_t *flags, uint32_t flag, bool on)
{
	*flags = on ? *flags | flag : *flags & ~flag;
}

static void move_carriage(struct fake *fake)
{
	struct wire_actuator_state *state = &fake->report.actuator[CARRIAGE];
	const struct wire_demand *demand = &fake->demand[CARRIAGE];
	double target = demand->value, step = SPEED_MM_S * 1000 * FAKE_TICK_US / US_PER_S;
	double left;

	set_flag(&state->flags, ACTUATOR_AT_TARGET, false);
	state->drive_permille = 0;
	if (demand->mode == WIRE_POSITION && !(state->flags & ACTUATOR_HOMED))
		abort();
	if (demand->mode == WIRE_DRIVE)
		target = demand->value > 0 ? END_UM : 0;
	else if (demand->mode == WIRE_HOME)
		target = 0;
	else if (demand->mode != WIRE_POSITION)
		return;
	left = target - state->position_um;
	if (fabs(left) > step)
		left = copysign(step, left);
	state->position_um += (int32_t)lround(left);
	state->drive_permille = left > 0 ? 500 : left < 0 ? -500 : 0;
	fake->together |= left != 0 && !(fake->report.actuator[DEPTH].flags & ACTUATOR_RELEASED);
	set_flag(&state->flags, ACTUATOR_AT_HOME, state->position_um == 0);
	if (demand->mode == WIRE_HOME && state->position_um == 0)
		state->flags |= ACTUATOR_HOMED;
	set_flag(&state->flags, ACTUATOR_AT_TARGET, demand->mode == WIRE_POSITION && left == 0);
}

static void press(struct fake *fake, size_t i)
{
	struct wire_actuator_state *state = &fake->report.actuator[i];
	double force_n;

	state->drive_permille = fake->demand[i].mode == WIRE_DRIVE ? fake->demand[i].value : 0;
	if (state->drive_permille)
		set_flag(&state->flags, ACTUATOR_RELEASED, false);
	if (fake->now_us >= fake->released_us[i]) {
		set_flag(&state->flags, ACTUATOR_RELEASED, true);
		fake->released_us[i] = TIME_NEVER;
	}
	force_n = fmax(calibration_force_n(&fake->chair.actuators[i].calibration,
			       state->drive_permille),
		0);
	if (fake->chair.actuators[i].kind == ACTUATOR_PRESS)
		force_n = fake->force_n[i] + (force_n - fake->force_n[i]) * 0.1; // 0.2 s
	fake->force_n[i] = force_n;
	state->force_mn = (int32_t)lround(force_n * 1000);
}

// A tenth of its way takes 0.2 s.
static void move_back(struct fake *fake)
{
	struct wire_actuator_state *state = &fake->report.actuator[BACK];
	bool moves = fake->demand[BACK].mode == WIRE_POSITION;
	int32_t left = moves ? fake->demand[BACK].value - state->position_um : 0;

	state->drive_permille = left > 0 ? 1000 : left < 0 ? -1000 : 0;
	state->position_um += (int32_t)clamp_double(left, -10000, 10000);
	set_flag(&state->flags, ACTUATOR_AT_TARGET, moves && left == 0);
	fake->together |= left != 0 && !(fake->report.actuator[DEPTH].flags & ACTUATOR_RELEASED);
}

static bool guard_moves(const struct fake *fake)
{
	return fake->report.mode == GUARD_ACTIVE || fake->report.mode == GUARD_RELEASING;
}

static void guard_tick(struct fake *fake)
{
	bool done = true;

	move_carriage(fake);
	for (size_t i = DEPTH; i < fake->chair.n_actuators; i++) {
		if (i == KNEAD)
			fake->report.actuator[i].drive_permille = fake->demand[i].mode == WIRE_DRIVE
				? fake->demand[i].value
				: 0;
		else if (i == BACK)
			move_back(fake);
		else if (i != PUMP)
			press(fake, i);
		done &= fake->released_us[i] == TIME_NEVER;
	}
	if (fake->report.mode == GUARD_ACTIVE && fake->now_us > fake->lease_until_us)
		fake_release(fake, REASON_LEASE);
	else if (fake->report.mode == GUARD_RELEASING && done &&
		guard_reason_is_trip(fake->report.reason))
		fake_mode(fake, GUARD_TRIPPED, fake->report.reason);
	else if (fake->report.mode == GUARD_RELEASING && done)
		fake_mode(fake, GUARD_READY, REASON_NONE);
}

struct session_status fake_status(const struct fake *fake)
{
	struct session_status status;

	session_status(fake->session, fake->now_us, &status);
	return status;
}

static void note_transition(struct fake *fake, struct session_transition transition)
{
	if (!session_transition_reason(transition.from, transition.to) &&
		fake->n_impossible < FAKE_LOG_MAX)
		fake->impossible[fake->n_impossible++] = transition;
}

void fake_step_session(struct fake *fake)
{
	struct session_output output;
	enum session_phase phase;

	deadman_step(&fake->deadman, fake->now_us, fake->session);
	session_step(fake->session, fake->now_us, &output);
	fake->next_us = min_i64(output.next_us, deadman_next_us(&fake->deadman));
	if (output.next_us <= fake->now_us)
		abort(); // it would spin
	for (size_t i = 0; i < output.n_frames; i++)
		handle_frame(fake, &output.frames[i]);
	for (size_t i = 0; i < output.n_events && fake->n_events < FAKE_LOG_MAX; i++)
		fake->events[fake->n_events++] = output.events[i];
	for (size_t i = 0; i < output.n_transitions; i++)
		note_transition(fake, output.transitions[i]);
	phase = fake_status(fake).phase;
	if (fake->n_phases == 0 || fake->phases[fake->n_phases - 1] != phase)
		fake->phases[fake->n_phases++ % FAKE_LOG_MAX] = phase;
}

void fake_tick(struct fake *fake)
{
	bool report;

	fake->now_us += FAKE_TICK_US;
	if (guard_moves(fake)) {
		guard_tick(fake);
		fake->asked = true;
	}
	report = fake->asked && fake->link && !fake->silent;
	fake->asked = fake->asked && !report && !guard_moves(fake);
	if (report)
		session_guard_report(fake->session, fake->now_us, &fake->report);
	if (report || fake->now_us >= fake->next_us)
		fake_step_session(fake);
}

void fake_run(struct fake *fake, double seconds)
{
	for (int64_t end_us = fake->now_us + (int64_t)(seconds * US_PER_S); fake->now_us < end_us;)
		fake_tick(fake);
}

bool fake_until(struct fake *fake, enum session_phase phase)
{
	for (int64_t end_us = fake->now_us + 3600 * US_PER_S; fake->now_us < end_us;) {
		if (fake_status(fake).phase == phase)
			return true;
		fake_tick(fake);
	}
	return false;
}

enum refusal fake_command(struct fake *fake, const struct command *command)
{
	enum refusal refusal = session_command(fake->session, fake->now_us, command, &fake->plan);

	if (refusal == REFUSAL_NONE)
		deadman_command(&fake->deadman, fake->now_us, command);
	fake_step_session(fake);
	return refusal;
}

enum refusal fake_verb(struct fake *fake, enum command_verb verb)
{
	return fake_command(fake, &(struct command){ .verb = verb, .intensity_percent = NAN });
}

int fake_count(const struct fake *fake, enum session_event_type type)
{
	int count = 0;

	for (size_t i = 0; i < fake->n_events; i++)
		count += fake->events[i].type == type;
	return count;
}

const struct session_event *fake_event(const struct fake *fake, enum session_event_type type)
{
	for (size_t i = fake->n_events; i-- > 0;) {
		if (fake->events[i].type == type)
			return &fake->events[i];
	}
	return NULL;
}

static void add_segment(struct fake *fake, struct segment segment)
{
	struct zone from = zone_at(segment.technique == TECHNIQUE_STROKE ? segment.from_mm
									 : segment.position_mm);

	segment.zone = segment.carriage < 0 ? ZONE_EVERYWHERE
					    : zone_join(from, zone_at(segment.position_mm));
	segment.points[1] = -1;
	segment.estimate_s = 60;
	fake->plan.segments[fake->plan.n_segments++] = segment;
	fake->plan.estimate_s += segment.estimate_s;
}

// Two holds, a stroke in two legs, a pause, kneading, tapping, a hold of an air cell.
static void make_plan(struct fake *fake)
{
	const struct segment hold = {
		.technique = TECHNIQUE_HOLD,
		.actuator = DEPTH,
		.carriage = CARRIAGE,
		.position_mm = 200,
		.target = { TARGET_NEWTON, 15, 40 },
		.ramp_per_s = 8,
		.hold_s = 20,
		.rest_s = 30,
		.press_s = 45,
		.repeats = 2,
		.points = { 3 },
	};
	struct segment segment = hold;

	fake->plan = (struct plan){ .inhale_s = 4, .exhale_s = 6, .max_s = 1800 };
	add_segment(fake, segment);
	segment.repeat = 1;
	add_segment(fake, segment);
	segment = (struct segment){ .technique = TECHNIQUE_STROKE,
		.actuator = DEPTH,
		.carriage = CARRIAGE,
		.from_mm = 120,
		.position_mm = 180,
		.speed_mm_s = 20,
		.target = { TARGET_NEWTON, 6, 12 },
		.ramp_per_s = 8,
		.press_s = 30 };
	add_segment(fake, segment);
	segment.from_mm = 180;
	segment.position_mm = 240;
	segment.rest_s = 10;
	segment.press_s = 0;
	add_segment(fake, segment);
	add_segment(fake,
		(struct segment){ .technique = TECHNIQUE_PAUSE,
			.actuator = -1,
			.carriage = -1,
			.hold_s = 10 });
	add_segment(fake,
		(struct segment){ .technique = TECHNIQUE_KNEAD,
			.actuator = KNEAD,
			.carriage = CARRIAGE,
			.position_mm = 150,
			.target = { TARGET_PERMILLE, 100, 400 },
			.hold_s = 10,
			.press_s = 10 });
	add_segment(fake,
		(struct segment){ .technique = TECHNIQUE_TAP,
			.actuator = KNEAD,
			.carriage = CARRIAGE,
			.position_mm = 150,
			.target = { TARGET_PERMILLE, 100, 400 },
			.hold_s = 10,
			.press_s = 10 });
	segment = hold;
	segment.actuator = SHOULDER_CELLS;
	segment.carriage = -1;
	segment.target = (struct target){ TARGET_NEWTON, 10, 20 };
	segment.rest_s = 0;
	add_segment(fake, segment);
}

void fake_add_posture(struct fake *fake)
{
	add_segment(fake,
		(struct segment){ .technique = TECHNIQUE_POSTURE,
			.actuator = BACK,
			.carriage = -1,
			.points = { -1 },
			.part = PART_BACK,
			.permille = 600,
			.target = { TARGET_PERMILLE, 0, 0 },
			.press_s = 5 });
}

static void add_back(struct chair *chair)
{
	struct actuator *back = &chair->actuators[chair->n_actuators++];

	*back = (struct actuator){ .name = "back", .kind = ACTUATOR_RECLINE };
	memset(back->line, -1, sizeof(back->line));
	back->carriage = back->source = -1;
	back->drive_max_permille = back->duty_max_permille = PERMILLE_FULL;
	back->on_max_ms = 60000;
	back->travel_max_ms = 30000;
	back->up_ms = back->down_ms = 2000;
}

void fake_connect(struct fake *fake)
{
	fake->link = true;
	session_guard_link(fake->session, fake->now_us, true);
	fake_step_session(fake);
	fake_run(fake, 0.1);
}

struct fake *fake_new(void)
{
	struct fake *fake = calloc(1, sizeof(*fake));

	fixture_recliner(&fake->chair);
	add_back(&fake->chair);
	make_plan(fake);
	fake->now_us = 1000 * US_PER_S;
	deadman_init(&fake->deadman, fake->now_us, 5 * US_PER_S);
	deadman_broker(&fake->deadman, fake->now_us, true);
	fake->session = session_init(malloc(session_size()), &fake->chair);
	wire_header_init(&fake->report.header, WIRE_REPORT, sizeof(fake->report), 0);
	fake->report.culprit = -1;
	fake->report.estop_good = fake->report.occupied = 1;
	fake->report.n = (uint32_t)fake->chair.n_actuators;
	fake->report.chair = chair_fingerprint(&fake->chair);
	fake->report.actuator[CARRIAGE].position_um = 80000;
	for (size_t i = 0; i < CHAIR_ACTUATORS_MAX; i++) {
		fake->released_us[i] = TIME_NEVER;
		fake->report.actuator[i].flags |= ACTUATOR_FORCE_VALID;
	}
	fake_step_session(fake);
	return fake;
}

void fake_free(struct fake *fake)
{
	free(fake->session);
	free(fake);
}
