// SPDX-License-Identifier: MIT
//
// A step of a part of the plant: what its motor, its air or its heater does to it and to the
// person.
#include "hal/sim/plant_step.h"

#include <math.h>

#include "hal/sim/air.h"
#include "hal/sim/eccentric.h"

#define KNEAD_S   0.2
#define TAP_S     0.1
#define VIBRATE_S 0.05

// The force of the body against a press.
static double press_body(struct part *part, double dt_s)
{
	double at_mm = part->carriage ? part->carriage->motor.x_mm : 0;
	double rolled_mm = at_mm - part->rolled_from_mm;

	part->rolled_from_mm = at_mm;
	return tissue_press(&part->tissue, part->motor.x_mm - part_contact_mm(part), rolled_mm,
		dt_s);
}

static void step_motor(struct plant *plant, struct part *part, double dt_s)
{
	bool presses = part->actuator->kind == ACTUATOR_PRESS && plant->occupied;
	double x0 = part->motor.x_mm, x;

	sim_motor_step(&part->motor, part->strength * part->motor_n, fabs(part->mean),
		presses ? press_body(part, dt_s) : 0, dt_s);
	x = part->motor.x_mm;
	plant->moving = part->motor.v_mm_s == 0 ? plant->moving & ~part->self
						: plant->moving | part->self;
	if (x != x0 && part->riders) {
		part->bulge_mm = part_bulge_mm(part);
		plant_wake(plant, part->riders);
	}
	if (x > part->quiet_from_mm && x < part->quiet_to_mm)
		return;
	switches_watch(part, x0, &plant->edges);
}

static void step_heater(struct plant *plant, struct part *part, double dt_s)
{
	bool opened = part->heater.opened;

	heater_step(&part->heater, part->strength * part->mean, part->actuator->cutoff_c, dt_s);
	if (part->heater.opened != opened)
		switches_cutout(part, &plant->edges);
}

// What the pump's pressure is for this cell, of which a specimen gets more or less.
static double pump_pressure(const struct plant *plant, const struct part *part)
{
	int source = part->actuator->source;

	return source < 0 ? part->gain : part->gain * plant->parts[source].turning;
}

// Of the other cells with one valve that are connected to the same hose, the fullest that has more
// pressure than the pump; or NULL.
static struct cell *fullest_on_hose(struct plant *plant, const struct part *part)
{
	struct cell *fullest = NULL;

	for (size_t i = 0; i < plant->chair->n_actuators; i++) {
		struct part *other = &plant->parts[i];

		if (other != part && other->valve && other->cell.fill &&
			other->actuator->source == part->actuator->source &&
			other->cell.level > pump_pressure(plant, other) &&
			(!fullest || other->cell.level > fullest->level))
			fullest = &other->cell;
	}
	return fullest;
}

// One valve lets in the air of one hose: the pump's, or that of a fuller cell, until both have the
// same.
static void step_cell(struct plant *plant, struct part *part, double dt_s)
{
	bool shares = part->valve && part->cell.fill;
	struct cell *cell = &part->cell, *fullest = shares ? fullest_on_hose(plant, part) : NULL;
	double before = cell->level, pump = pump_pressure(plant, part), most;

	if (fullest && fullest->level > before) {
		most = (fullest->level - before) / 2;
		cell->level = min_double(air_filled(before, fullest->level, cell->fill_s, dt_s),
			before + most);
		fullest->level -= cell->level - before;
		pump = 0;
	}
	air_cell(cell, pump, dt_s);
}

// Its speed follows its drive with this time constant.
static void turn(struct part *part, double time_s, double dt_s)
{
	part->turning += (part->strength * part->mean - part->turning) *
		min_double(dt_s / time_s, 1);
}

static void step_knead(struct plant *plant, struct part *part, double dt_s)
{
	turn(part, KNEAD_S, dt_s);
	plant->moving = eccentric_step(part, dt_s, &plant->edges) ? plant->moving | part->self
								  : plant->moving & ~part->self;
}

void plant_step_part(struct plant *plant, struct part *part, double dt_s)
{
	switch (part->actuator->kind) {
	case ACTUATOR_TRAVEL:
	case ACTUATOR_PRESS:
	case ACTUATOR_RECLINE:
	case ACTUATOR_EXTENSION:
		step_motor(plant, part, dt_s);
		break;
	case ACTUATOR_KNEAD:
		step_knead(plant, part, dt_s);
		break;
	case ACTUATOR_ROLLER:
		turn(part, KNEAD_S, dt_s);
		break;
	case ACTUATOR_TAP:
		turn(part, TAP_S, dt_s);
		eccentric_lock(part, &plant->edges);
		break;
	case ACTUATOR_VIBRATE:
		turn(part, VIBRATE_S, dt_s);
		break;
	case ACTUATOR_HEAT:
		step_heater(plant, part, dt_s);
		break;
	case ACTUATOR_SOURCE:
		part->turning = air_pump(part->turning, part->strength * part->mean, dt_s);
		break;
	case ACTUATOR_CELL:
		step_cell(plant, part, dt_s);
		break;
	default:
		break;
	}
}
