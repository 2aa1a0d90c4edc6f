// SPDX-License-Identifier: MIT
#include "hal/sim/eccentric.h"

#include <math.h>

#define FULL_TURN_S 1.5  // at full drive: 40 turns a minute
#define CONTACT_ARC 0.03 // a contact is closed so far to both sides of its place, in turns
#define PULSES      8    // of a turn
#define STANDS      1e-3 // of full speed

#define LOCK_LASTS_US 50000 // after the last drive

// How far one place of a turn is from another.
static double apart(double a, double b)
{
	double way = fabs(a - b);

	return fmin(way, 1 - way);
}

static bool is_closed(double turn, enum line_role role)
{
	switch (role) {
	case ROLE_NARROW:
		return apart(turn, 0) <= CONTACT_ARC;
	case ROLE_MEDIUM:
		return apart(turn, 0.25) <= CONTACT_ARC || apart(turn, 0.75) <= CONTACT_ARC;
	case ROLE_WIDE:
		return apart(turn, 0.5) <= CONTACT_ARC;
	default: // the Hall sensor
		return fmod(turn * PULSES, 1) < 0.5;
	}
}

static const enum line_role inputs[] = { ROLE_PULSE, ROLE_NARROW, ROLE_MEDIUM, ROLE_WIDE };
#define N_INPUTS (sizeof(inputs) / sizeof(inputs[0]))

static bool has_inputs(const struct actuator *actuator)
{
	return actuator->line[ROLE_PULSE] >= 0 || actuator_sets_width(actuator);
}

bool eccentric_step(struct part *part, double dt_s, struct switch_edges *edges)
{
	double before = part->turn;

	if (part->turning < STANDS || !has_inputs(part->actuator))
		return false;
	part->turn = fmod(part->turn + part->gain * part->turning * dt_s / FULL_TURN_S, 1);
	for (size_t i = 0; i < N_INPUTS; i++) {
		bool closed = is_closed(part->turn, inputs[i]);

		if (closed != is_closed(before, inputs[i]))
			switches_edge(edges, part->actuator->line[inputs[i]], closed);
	}
	return true;
}

void eccentric_lock(struct part *part, struct switch_edges *edges)
{
	bool locked = part->blocked ||
		(part->unblocked_us && edges->step_end_us - part->unblocked_us < LOCK_LASTS_US);

	if (locked != part->locked)
		switches_edge(edges, part->actuator->line[ROLE_LOCK], locked);
	part->locked = locked;
}

uint64_t eccentric_levels(const struct part *part)
{
	const int8_t *line = part->actuator->line;
	uint64_t levels = part->locked && line[ROLE_LOCK] >= 0 ? LINE_BIT(line[ROLE_LOCK]) : 0;

	for (size_t i = 0; i < N_INPUTS; i++) {
		if (line[inputs[i]] >= 0 && is_closed(part->turn, inputs[i]))
			levels |= LINE_BIT(line[inputs[i]]);
	}
	return levels;
}
