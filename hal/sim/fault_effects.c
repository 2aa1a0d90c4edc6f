// SPDX-License-Identifier: MIT
#include "hal/sim/fault_effects.h"

#include <math.h>

#define CHATTER_MS 4 // default

void fault_effects_init(struct fault_effects *effects, struct plant *plant,
	struct sim_inputs *inputs, struct sim_sensors *sensors,
	struct sim_measurements *measurements)
{
	*effects = (struct fault_effects){
		.plant = plant,
		.inputs = inputs,
		.sensors = sensors,
		.measurements = measurements,
		.writes_left = -1,
	};
}

static void apply_stuck(struct sim_inputs *inputs, int64_t t_us, const struct sim_fault *fault,
	bool ends)
{
	bool level = isnan(fault->value) ? inputs->levels & LINE_BIT(fault->line)
					 : fault->value != 0;

	if (ends)
		sim_inputs_unstick(inputs, t_us, fault->line);
	else
		sim_inputs_stick(inputs, t_us, fault->line, level);
}

static void set_bit(uint32_t *set, int bit, bool on)
{
	*set = on ? *set | 1u << bit : *set & ~(1u << bit);
}

static void apply_to_sensor(struct sim_sensors *sensors, const struct sim_fault *fault, bool ends)
{
	int actuator = fault->actuator;

	switch (fault->kind) {
	case SIM_SENSOR_FAIL:
		set_bit(&sensors->failing, actuator, !ends);
		break;
	case SIM_SENSOR_FROZEN:
		set_bit(&sensors->frozen, actuator, !ends);
		break;
	case SIM_SENSOR_ZERO:
		set_bit(&sensors->zero, actuator, !ends);
		sensors->next_us[actuator] = 0;
		break;
	case SIM_SENSOR_OFFSET:
		sensors->offset_n[actuator] = ends ? 0 : fault->value;
		sensors->next_us[actuator] = 0;
		break;
	default: // SIM_SENSOR_LOW
		sensors->factor[actuator] = ends ? 1 : fault->value;
		sensors->next_us[actuator] = 0;
		break;
	}
}

static void apply_to_plant(struct plant *plant, const struct sim_fault *fault, bool ends)
{
	if (fault->kind == SIM_EXCHANGED)
		set_bit(&plant->exchanged, fault->actuator, !ends);
	else if (fault->kind == SIM_BLOCKED)
		part_block(&plant->parts[fault->actuator], !ends);
	else if (fault->kind == SIM_SHORTED)
		set_bit(&plant->shorted, fault->actuator, !ends);
	else if (fault->kind == SIM_VENT_STICKS)
		set_bit(&plant->vents_stuck, fault->actuator, !ends);
	else
		plant->parts[fault->actuator].strength = ends ? 1 : fault->value;
	plant->altered = true;
}

static void apply_to_channel(struct sim_measurements *measurements, const struct sim_fault *fault,
	bool ends)
{
	struct sim_measurement *channel = &measurements->by[fault->actuator][fault->quantity];

	if (fault->kind == SIM_CHANNEL_FAIL)
		channel->fails = !ends;
	else if (fault->kind == SIM_CHANNEL_FROZEN)
		channel->frozen = !ends;
	else
		channel->reads = ends ? NAN : fault->value;
}

static void apply_chatter(struct sim_inputs *inputs, int64_t t_us, const struct sim_fault *fault,
	bool ends)
{
	double period_ms = isnan(fault->value) ? CHATTER_MS : fault->value;

	sim_inputs_chatter(inputs, t_us, fault->line, ends ? 0 : (int64_t)(period_ms * 1e3));
}

void fault_effects_apply(struct fault_effects *effects, int64_t t_us, const struct sim_fault *fault,
	bool ends)
{
	const struct chair *chair = effects->plant->chair;
	struct sim_inputs *inputs = effects->inputs;
	bool on = (fault->value != 0) != ends;

	switch (fault->kind) {
	case SIM_STUCK:
		apply_stuck(inputs, t_us, fault, ends);
		break;
	case SIM_CHATTER:
		apply_chatter(inputs, t_us, fault, ends);
		break;
	case SIM_WELD:
		sim_inputs_weld(inputs, t_us, fault->line, !ends);
		break;
	case SIM_DEAD:
		set_bit(&effects->dead, fault->actuator, !ends);
		break;
	case SIM_NO_PULSES:
		set_bit(&effects->no_pulses, fault->actuator, !ends);
		break;
	case SIM_DOUBLE_PULSES:
		set_bit(&effects->double_pulses, fault->actuator, !ends);
		break;
	case SIM_SENSOR_OFFSET:
	case SIM_SENSOR_FAIL:
	case SIM_SENSOR_ZERO:
	case SIM_SENSOR_FROZEN:
	case SIM_SENSOR_LOW:
		apply_to_sensor(effects->sensors, fault, ends);
		break;
	case SIM_EXCHANGED:
	case SIM_VENT_STICKS:
	case SIM_WEAK:
	case SIM_BLOCKED:
	case SIM_SHORTED:
		apply_to_plant(effects->plant, fault, ends);
		break;
	case SIM_CHANNEL_FAIL:
	case SIM_CHANNEL_FROZEN:
	case SIM_CHANNEL_READS:
		apply_to_channel(effects->measurements, fault, ends);
		break;
	case SIM_WRITE_FAIL:
		effects->writes_left = ends   ? -1
			: isnan(fault->value) ? 0
					      : (int64_t)fault->value - 1;
		break;
	case SIM_READ_FAIL:
		effects->read_fails = !ends;
		break;
	case SIM_LATE:
		effects->late_us += (int64_t)(fault->value * 1e3);
		break;
	case SIM_ESTOP:
		effects->estop_pressed = on;
		sim_inputs_contact(inputs, t_us, chair->estop, !on);
		break;
	case SIM_SEAT:
		plant_seat(effects->plant, on);
		sim_inputs_contact(inputs, t_us, chair->seat, on);
		break;
	case SIM_RESET:
		sim_inputs_contact(inputs, t_us, chair->reset, !ends);
		break;
	case SIM_BUTTON:
		sim_inputs_contact(inputs, t_us, fault->line, !ends);
		break;
	default:
		break;
	}
}
