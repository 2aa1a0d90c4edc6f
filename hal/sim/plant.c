// SPDX-License-Identifier: MIT
#include "hal/sim/plant.h"

#include <string.h>

#include "core/timed.h"
#include "hal/sim/eccentric.h"
#include "hal/sim/plant_step.h"

#define GRID_US 1000

#define PART_BIT(i) (UINT32_C(1) << (i))

// --- outputs ----------------------------------------------------------------------------------

// The direction of a part's drive. Both at once short-circuit the bridge: no torque.
static int direction(const struct part *part, uint64_t levels)
{
	bool pulse = levels & part->pwm || !part->pwm;

	switch (part->actuator->kind) {
	case ACTUATOR_TRAVEL:
	case ACTUATOR_PRESS:
	case ACTUATOR_RECLINE:
	case ACTUATOR_EXTENSION:
		return pulse * (!!(levels & part->forward) - !!(levels & part->reverse));
	case ACTUATOR_SOURCE:
	case ACTUATOR_KNEAD:
	case ACTUATOR_TAP:
	case ACTUATOR_VIBRATE:
	case ACTUATOR_ROLLER:
	case ACTUATOR_HEAT:
		return pulse && (levels & part->run || !part->run);
	default:
		return 0;
	}
}

// Without power a spring moves a valve to its safe level.
static void set_valves(const struct plant *plant, struct part *part)
{
	uint64_t effective = plant->powered ? plant->levels : plant->safe_levels;

	part->cell.fill = effective & (part->fill | part->valve);
	part->cell.vent = effective & part->vent || (part->valve && !part->cell.fill);
}

static void note_blocked(const struct plant *plant, struct part *part, bool blocked)
{
	if (part->blocked && !blocked)
		part->unblocked_us = plant->acc_us;
	part->blocked = blocked;
}

static void drive_part(struct plant *plant, size_t i)
{
	struct part *part = &plant->parts[i];
	bool alive = !(plant->dead & PART_BIT(i)), turns = alive && part->strength > 0;
	int before = part->drive.now;

	part->drive.now = plant->powered && alive
		? direction(part, plant->levels) * part->pulse_permille
		: 0;
	note_blocked(plant, part, plant->powered && !turns && direction(part, plant->levels));
	if ((plant->exchanged | plant->shorted) & PART_BIT(i))
		part->drive.now = plant->exchanged & PART_BIT(i) ? -part->drive.now
								 : plant->powered * PERMILLE_FULL;
	if (part->drive.now != before && travel_is_timed(part->actuator))
		part_start(part, part->drive.now);
	plant->driven = part->drive.now ? plant->driven | PART_BIT(i)
					: plant->driven & ~PART_BIT(i);
	if (part->actuator->kind == ACTUATOR_CELL && alive)
		set_valves(plant, part);
	if (plant->vents_stuck & PART_BIT(i)) {
		part->cell.vent = false;
		part->cell.fill |= part->valve != 0;
	}
}

// Add up the drive of the time until t_us, for the next step.
static void add_up_drive(struct plant *plant, int64_t t_us)
{
	for (uint32_t left = plant->driven; left; left &= left - 1) {
		struct drive *drive = &plant->parts[__builtin_ctz(left)].drive;

		drive->acc += drive->now * (t_us - plant->acc_us);
	}
	plant->acc_us = t_us;
}

static uint32_t all_parts(const struct plant *plant)
{
	return (uint32_t)((UINT64_C(1) << plant->chair->n_actuators) - 1);
}

void plant_drive(struct plant *plant, int64_t t_us, uint64_t levels, bool powered, uint32_t dead)
{
	bool all = plant->altered || powered != plant->powered || dead != plant->dead;
	uint64_t lines = (levels ^ plant->levels) & plant->lines;
	uint32_t changed = all ? all_parts(plant) : 0;

	if (!all && !lines)
		return;
	plant->altered = false;
	for (uint64_t left = lines; left; left &= left - 1)
		changed |= plant->parts_of[__builtin_ctzll(left)];
	add_up_drive(plant, t_us);
	plant->levels = levels;
	plant->powered = powered;
	plant->dead = dead;
	for (uint32_t left = changed; left; left &= left - 1)
		drive_part(plant, (size_t)__builtin_ctz(left));
	plant_wake(plant, changed);
}

void plant_channel(struct plant *plant, int actuator, int duty_permille)
{
	plant->parts[actuator].pulse_permille = duty_permille;
	plant->altered = true;
}

void plant_init(struct plant *plant, const struct chair *chair, uint64_t seed, bool occupied)
{
	int64_t period_us = US_PER_S / (chair->pwm_hz > 0 ? chair->pwm_hz : 200);

	memset(plant, 0, sizeof(*plant));
	plant->chair = chair;
	plant->occupied = occupied;
	plant->window = (int)clamp_i64((period_us + GRID_US - 1) / GRID_US, 1, DRIVE_WINDOW_MAX);
	plant->grid_us = plant->edges.grid_us = period_us / plant->window;
	plant->sample_us = PLANT_SAMPLE_US;
	plant->safe_levels = chair_safe_levels(chair);
	for (size_t i = 0; i < chair->n_lines; i++) {
		if (chair->lines[i].actuator < 0)
			continue;
		plant->lines |= LINE_BIT(i);
		plant->parts_of[i] = PART_BIT(chair->lines[i].actuator);
	}
	for (size_t i = 0; i < chair->n_actuators; i++)
		part_init(&plant->parts[i], &chair->actuators[i], seed, i);
	for (size_t i = 0; i < chair->n_actuators; i++) {
		int carriage = chair->actuators[i].carriage;

		if (carriage >= 0) {
			plant->parts[i].carriage = &plant->parts[carriage];
			plant->parts[i].rolled_from_mm = plant->parts[carriage].motor.x_mm;
			plant->parts[carriage].riders |= PART_BIT(i);
		}
		drive_part(plant, i);
	}
	plant_wake(plant, all_parts(plant));
}

// --- time -------------------------------------------------------------------------------------

static bool has_position(enum actuator_kind kind)
{
	return actuator_is_reversible(kind);
}

// At most air that leaks or vents, which may be stepped at any length.
static bool part_rests(const struct plant *plant, struct part *part)
{
	enum actuator_kind kind = part->actuator->kind;

	if (part->drive.now || part->drive.acc || part->drive.sum || part->locked)
		return false;
	if (kind == ACTUATOR_PRESS && plant->occupied && part->motor.x_mm > part_contact_mm(part))
		return false;
	if (has_position(kind))
		return part->motor.v_mm_s == 0;
	if (part->valve && part->cell.fill) // other cells may share its air
		return false;
	return kind != ACTUATOR_SOURCE || part->turning == 0;
}

static bool plant_rests(struct plant *plant)
{
	if (plant->driven || plant->moving)
		return false;
	for (uint32_t left = plant->awake; left; left &= left - 1) {
		if (!part_rests(plant, &plant->parts[__builtin_ctz(left)]))
			return false;
	}
	return true;
}

// No step of any length changes the part until it is woken.
static bool part_sleeps(const struct plant *plant, struct part *part)
{
	bool still;

	if (plant->moving & part->self)
		return false;
	switch (part->actuator->kind) {
	case ACTUATOR_PRESS:
		still = part->tissue.depth_mm == 0 && part->tissue.q_n == 0 &&
			(!part->carriage || part->carriage->motor.x_mm == part->rolled_from_mm);
		break;
	case ACTUATOR_CELL:
		still = part->cell.level == 0 && !part->cell.fill;
		break;
	case ACTUATOR_HEAT:
		still = part->heater.pad_c == HEATER_ROOM_C;
		break;
	default:
		still = part->turning == 0;
		break;
	}
	still = still && part_rests(plant, part);
	for (int i = 0; still && i < plant->window; i++)
		still = part->drive.window[i] == 0;
	return still;
}

static void shift_window(struct plant *plant, struct part *part)
{
	struct drive *drive = &part->drive;
	int64_t change = drive->acc - drive->window[plant->window_next];

	drive->window[plant->window_next] = drive->acc;
	drive->acc = 0;
	if (change == 0)
		return;
	drive->sum += change;
	part->mean = (double)drive->sum / (double)(plant->grid_us * plant->window * PERMILLE_FULL);
	if (has_position(part->actuator->kind))
		part->motor_n = part_motor_n(part, part->mean);
}

// In the order of the chair file; a part that an earlier one wakes is stepped, too.
static void step_parts(struct plant *plant, double dt_s)
{
	for (uint32_t left = plant->awake; left;) {
		int i = __builtin_ctz(left);
		struct part *part = &plant->parts[i];

		shift_window(plant, part);
		plant_step_part(plant, part, dt_s);
		if (part_sleeps(plant, part))
			plant->awake &= ~PART_BIT(i);
		left = plant->awake & (UINT32_C(-2) << i);
	}
	if (++plant->window_next == plant->window)
		plant->window_next = 0;
}

// Sample the forces for the sensors.
static void sample(struct plant *plant)
{
	for (uint32_t left = plant->stale; left; left &= left - 1) {
		int i = __builtin_ctz(left);

		plant->parts[i].sampled_n = plant_force_n(plant, i);
	}
	plant->stale = plant->awake;
	plant->sample_us = plant->t_us - plant->t_us % PLANT_SAMPLE_US + PLANT_SAMPLE_US;
}

bool plant_step(struct plant *plant, int64_t until_us)
{
	int64_t left_us = until_us - plant->t_us, span_us = plant->grid_us;

	plant->edges.n = 0;
	if (left_us < span_us)
		return false;
	if (left_us >= 2 * span_us && plant_rests(plant))
		span_us = left_us - left_us % span_us;
	add_up_drive(plant, plant->t_us + span_us);
	plant->t_us += span_us;
	plant->edges.step_end_us = plant->t_us;
	step_parts(plant, (double)span_us / 1e6);
	if (plant->t_us >= plant->sample_us)
		sample(plant);
	return true;
}

// --- state ------------------------------------------------------------------------------------

void plant_seat(struct plant *plant, bool occupied)
{
	plant->occupied = occupied;
	for (size_t i = 0; !occupied && i < plant->chair->n_actuators; i++)
		plant->parts[i].tissue.depth_mm = plant->parts[i].tissue.q_n = 0;
	plant_wake(plant, all_parts(plant));
}

bool plant_moves(const struct plant *plant)
{
	return plant->moving;
}

double plant_force_n(const struct plant *plant, int actuator)
{
	return part_force_n(&plant->parts[actuator]);
}

double plant_measure(const struct plant *plant, int actuator, enum quantity quantity)
{
	const struct part *part = &plant->parts[actuator];

	switch (quantity) {
	case QUANTITY_CURRENT:
		return part_current_ma(part);
	case QUANTITY_TEMPERATURE:
		return part->heater.pad_c;
	default:
		return part->motor.x_mm;
	}
}

uint64_t plant_levels(const struct plant *plant)
{
	uint64_t levels = 0;

	for (size_t i = 0; i < plant->chair->n_actuators; i++)
		levels |= plant->parts[i].actuator->kind == ACTUATOR_KNEAD ||
				plant->parts[i].actuator->kind == ACTUATOR_TAP
			? eccentric_levels(&plant->parts[i])
			: switches_levels(&plant->parts[i]);
	return levels;
}
