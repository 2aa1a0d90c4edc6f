// SPDX-License-Identifier: MIT
#include "hal/sim/sim.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "hal/backend.h"
#include "hal/sim/faults.h"
#include "hal/sim/noise.h"
#include "hal/sim/plant.h"
#include "hal/sim/inputs.h"
#include "hal/sim/trace.h"

#define RELAY_DROP_US  100000 // from the last edge of the charge pump to the relay's drop
#define RESET_MS       200
#define POLL_US        10000 // next_us while something moves: it may reach a switch
#define SENSOR_NOISE_N 0.3
#define CHATTER_MS     4

struct sim {
	struct hal hal;
	struct sim_options options;

	bool started;
	int64_t start_us; // the caller's clock at the first call
	int64_t t_us;     // since then
	int64_t late_us;

	struct plant plant;
	uint64_t output_lines;
	uint64_t outputs; // logical
	bool estop_pressed;
	int64_t enable_toggled_us, power_until_us;

	struct sim_inputs inputs;

	struct faults faults;
	uint32_t dead, no_pulses, double_pulses, sensor_fails, sensor_zero, sensor_frozen;
	uint64_t sensor_noise[CHAIR_ACTUATORS_MAX]; // noise_owner()
	double sensor_factor[CHAIR_ACTUATORS_MAX];
	double sensor_offset_n[CHAIR_ACTUATORS_MAX];
	struct hal_force last_force[CHAIR_ACTUATORS_MAX];
	int64_t last_until_us[CHAIR_ACTUATORS_MAX]; // the sensor's next conversion
	int64_t writes_left;                        // until writes fail; -1: they do not
	bool read_fails;
};

static struct sim *sim_of(struct hal *hal)
{
	return container_of(hal, struct sim, hal);
}

static void handle_pulse(struct sim *sim, const struct plant_edge *edge, int actuator)
{
	sim_inputs_hall(&sim->inputs, edge->t_us, edge->line, edge->active);
	if (!edge->active || !(sim->double_pulses >> actuator & 1))
		return;
	sim_inputs_hall(&sim->inputs, edge->t_us, edge->line, false);
	sim_inputs_hall(&sim->inputs, edge->t_us, edge->line, true);
}

static void handle_edges(struct sim *sim)
{
	for (int i = 0; i < sim->plant.n_edges; i++) {
		const struct plant_edge *edge = &sim->plant.edges[i];
		const struct line *line = &sim->hal.chair->lines[edge->line];

		if (line->role != ROLE_PULSE)
			sim_inputs_contact(&sim->inputs, edge->t_us, edge->line, edge->active);
		else if (!(sim->no_pulses >> line->actuator & 1))
			handle_pulse(sim, edge, line->actuator);
	}
}

// --- faults and people ------------------------------------------------------------------------

static void apply_stuck(struct sim *sim, const struct sim_fault *fault, bool ends)
{
	bool level = isnan(fault->value) ? sim->inputs.levels & LINE_BIT(fault->line)
					 : fault->value != 0;

	if (ends)
		sim_inputs_unstick(&sim->inputs, sim->t_us, fault->line);
	else
		sim_inputs_stick(&sim->inputs, sim->t_us, fault->line, level);
}

static void set_bit(uint32_t *set, int bit, bool on)
{
	*set = on ? *set | 1u << bit : *set & ~(1u << bit);
}

static void apply(struct sim *sim, const struct sim_fault *fault, bool ends)
{
	bool on = (fault->value != 0) != ends;

	switch (fault->kind) {
	case SIM_STUCK:
		apply_stuck(sim, fault, ends);
		break;
	case SIM_DEAD:
		set_bit(&sim->dead, fault->actuator, !ends);
		break;
	case SIM_NO_PULSES:
		set_bit(&sim->no_pulses, fault->actuator, !ends);
		break;
	case SIM_SENSOR_OFFSET:
		sim->sensor_offset_n[fault->actuator] = ends ? 0 : fault->value;
		sim->last_until_us[fault->actuator] = 0;
		break;
	case SIM_SENSOR_FAIL:
		set_bit(&sim->sensor_fails, fault->actuator, !ends);
		break;
	case SIM_SENSOR_ZERO:
		set_bit(&sim->sensor_zero, fault->actuator, !ends);
		sim->last_until_us[fault->actuator] = 0;
		break;
	case SIM_SENSOR_FROZEN:
		set_bit(&sim->sensor_frozen, fault->actuator, !ends);
		break;
	case SIM_SENSOR_LOW:
		sim->sensor_factor[fault->actuator] = ends ? 1 : fault->value;
		sim->last_until_us[fault->actuator] = 0;
		break;
	case SIM_CHATTER:
		sim_inputs_chatter(&sim->inputs, sim->t_us, fault->line,
			ends ? 0
			     : (int64_t)((isnan(fault->value) ? CHATTER_MS : fault->value) * 1e3));
		break;
	case SIM_WELD:
		sim_inputs_weld(&sim->inputs, sim->t_us, fault->line, !ends);
		break;
	case SIM_DOUBLE_PULSES:
		set_bit(&sim->double_pulses, fault->actuator, !ends);
		break;
	case SIM_EXCHANGED:
		set_bit(&sim->plant.exchanged, fault->actuator, !ends);
		sim->plant.altered = true;
		break;
	case SIM_VENT_STICKS:
		set_bit(&sim->plant.vents_stuck, fault->actuator, !ends);
		sim->plant.altered = true;
		break;
	case SIM_WEAK:
		sim->plant.parts[fault->actuator].strength = ends ? 1 : fault->value;
		sim->plant.altered = true;
		break;
	case SIM_WRITE_FAIL:
		sim->writes_left = ends ? -1 : isnan(fault->value) ? 0 : (int64_t)fault->value - 1;
		break;
	case SIM_READ_FAIL:
		sim->read_fails = !ends;
		break;
	case SIM_LATE:
		sim->late_us += (int64_t)(fault->value * 1e3);
		break;
	case SIM_ESTOP:
		sim->estop_pressed = on;
		sim_inputs_contact(&sim->inputs, sim->t_us, sim->hal.chair->estop, !on);
		break;
	case SIM_SEAT:
		plant_seat(&sim->plant, on);
		sim_inputs_contact(&sim->inputs, sim->t_us, sim->hal.chair->seat, on);
		break;
	case SIM_RESET:
		sim_inputs_contact(&sim->inputs, sim->t_us, sim->hal.chair->reset, !ends);
		break;
	default:
		break;
	}
}

// --- time -------------------------------------------------------------------------------------

static void drive_plant(struct sim *sim)
{
	bool powered = !sim->estop_pressed && sim->t_us < sim->power_until_us;

	plant_drive(&sim->plant, sim->t_us, sim->outputs, powered, sim->dead);
}

// The next time at which a fault or the relay changes the drive of the plant.
static int64_t next_change_us(const struct sim *sim)
{
	int64_t next_us = faults_next_us(&sim->faults);

	return sim->t_us < sim->power_until_us ? min_i64(next_us, sim->power_until_us) : next_us;
}

static void apply_faults(struct sim *sim)
{
	int64_t t_us;
	struct sim_fault fault;
	bool ends;

	while (faults_take(&sim->faults, sim->t_us, &t_us, &fault, &ends))
		apply(sim, &fault, ends);
}

static void run_until(struct sim *sim, int64_t until_us)
{
	int64_t change_us;

	faults_begin(&sim->faults, until_us);
	do {
		change_us = next_change_us(sim);
		// If the caller's clock goes back, the plant's stands still.
		sim->t_us = max_i64(min_i64(until_us, change_us), sim->t_us);
		while (plant_step(&sim->plant, sim->t_us))
			handle_edges(sim);
		if (sim->t_us < change_us)
			break;
		apply_faults(sim);
		drive_plant(sim);
	} while (sim->t_us < until_us);
	sim_inputs_settle(&sim->inputs, sim->t_us);
}

static void advance(struct sim *sim, int64_t now_us)
{
	bool begins = !sim->started;

	if (begins)
		sim->start_us = now_us;
	sim->started = true;
	if (begins || now_us - sim->start_us > sim->t_us || sim->faults.n)
		run_until(sim, now_us - sim->start_us);
}

// --- the backend ------------------------------------------------------------------------------

// One edge alone does not lift the relay, for which the pump needs a square wave.
static void pump_relay(struct sim *sim)
{
	if (sim->t_us - sim->enable_toggled_us < RELAY_DROP_US)
		sim->power_until_us = sim->t_us + RELAY_DROP_US;
	sim->enable_toggled_us = sim->t_us;
}

static int sim_write(struct hal *hal, int64_t now_us, uint64_t mask, uint64_t levels)
{
	struct sim *sim = sim_of(hal);
	uint64_t changed;

	advance(sim, now_us);
	if (sim->writes_left == 0)
		return -EIO;
	if (sim->writes_left > 0)
		sim->writes_left--;
	changed = (sim->outputs ^ levels) & mask & sim->output_lines;
	sim->outputs ^= changed;
	if (hal->chair->enable >= 0 && changed & LINE_BIT(hal->chair->enable))
		pump_relay(sim);
	drive_plant(sim);
	if (sim->options.trace && changed)
		trace_change(sim->options.trace, hal->chair, sim->t_us, changed, sim->outputs);
	return 0;
}

static int sim_read(struct hal *hal, int64_t now_us, uint64_t *ret_levels)
{
	struct sim *sim = sim_of(hal);

	advance(sim, now_us);
	if (sim->read_fails)
		return -EIO;
	*ret_levels = sim->inputs.levels;
	return 0;
}

static int sim_events(struct hal *hal, int64_t now_us, struct hal_event *events, size_t capacity)
{
	struct sim *sim = sim_of(hal);
	int n;

	advance(sim, now_us);
	if (sim->read_fails)
		return -EIO;
	n = sim_inputs_take_events(&sim->inputs, events, capacity);
	for (int i = 0; i < n; i++)
		events[i].t_us += sim->start_us;
	return n;
}

static double sensed_n(const struct sim *sim, int actuator)
{
	if (sim->sensor_zero >> actuator & 1)
		return 0;
	return sim->plant.parts[actuator].sampled_n * sim->sensor_factor[actuator] +
		sim->sensor_offset_n[actuator];
}

static void convert(struct sim *sim, int actuator)
{
	int64_t sample = sim->plant.t_us / PLANT_SAMPLE_US;
	uint64_t bits = noise_mix(sim->sensor_noise[actuator] + (uint64_t)sample);

	sim->last_until_us[actuator] = (sample + 1) * PLANT_SAMPLE_US;
	sim->last_force[actuator].t_us = max_i64(sim->start_us + sample * PLANT_SAMPLE_US, 1);
	if (!(sim->sensor_frozen >> actuator & 1))
		sim->last_force[actuator].force_n = sensed_n(sim, actuator) +
			SENSOR_NOISE_N * noise_normal(bits);
}

static int sim_force(struct hal *hal, int64_t now_us, int actuator, struct hal_force *ret_force)
{
	struct sim *sim = sim_of(hal);
	bool fails;

	advance(sim, now_us);
	fails = sim->sensor_fails & 1u << actuator;
	if (!fails && sim->plant.t_us >= sim->last_until_us[actuator])
		convert(sim, actuator);
	*ret_force = sim->last_force[actuator];
	ret_force->error = fails ? -EIO : 0;
	return 0;
}

static size_t sim_fds(struct hal *hal, int fds[HAL_FDS_MAX])
{
	(void)hal;
	(void)fds;
	return 0;
}

static int64_t sim_next_us(struct hal *hal)
{
	struct sim *sim = sim_of(hal);
	int64_t next_us = faults_next_us(&sim->faults);

	if (!sim->started)
		return TIME_NEVER;
	if (!sim->read_fails) // no events then
		next_us = min_i64(next_us, sim_inputs_next_us(&sim->inputs));
	if (plant_moves(&sim->plant))
		next_us = min_i64(next_us, sim->t_us + POLL_US);
	return next_us == TIME_NEVER ? TIME_NEVER : sim->start_us + next_us;
}

static int sim_outputs_persist(struct hal *hal)
{
	return sim_of(hal)->options.persist;
}

static void sim_free(struct hal *hal)
{
	struct sim *sim = sim_of(hal);

	if (sim->started)
		sim_write(hal, sim->start_us + sim->t_us, chair_outputs(hal->chair),
			chair_safe_levels(hal->chair));
	if (sim->options.trace)
		fflush(sim->options.trace);
	free(sim);
}

static const struct hal_ops sim_ops = {
	.write = sim_write,
	.read = sim_read,
	.events = sim_events,
	.force = sim_force,
	.fds = sim_fds,
	.next_us = sim_next_us,
	.outputs_persist = sim_outputs_persist,
	.free = sim_free,
};

// --- construction, faults, state for tests ----------------------------------------------------

static uint64_t first_inputs(const struct sim *sim)
{
	const struct chair *chair = sim->hal.chair;
	uint64_t levels = plant_levels(&sim->plant);

	if (chair->estop >= 0)
		levels |= LINE_BIT(chair->estop);
	if (chair->seat >= 0 && !sim->options.empty_seat)
		levels |= LINE_BIT(chair->seat);
	return levels;
}

int sim_new(const struct chair *chair, const struct sim_options *options, struct hal **ret_hal)
{
	struct sim *sim = calloc(1, sizeof(*sim));

	if (!sim)
		return -ENOMEM;
	sim->hal.ops = &sim_ops;
	sim->hal.chair = chair;
	sim->options = *options;
	sim->writes_left = -1;
	sim->output_lines = chair_outputs(chair);
	for (size_t i = 0; i < chair->n_actuators; i++) {
		sim->sensor_factor[i] = 1;
		sim->sensor_noise[i] = noise_owner(options->seed, NOISE_SENSOR, i);
	}
	sim->outputs = chair_safe_levels(chair);
	sim->enable_toggled_us = INT64_MIN / 2;
	sim->power_until_us = chair->enable < 0 ? TIME_NEVER : 0;
	plant_init(&sim->plant, chair, options->seed, !options->empty_seat);
	drive_plant(sim);
	sim_inputs_init(&sim->inputs, chair, options->seed, first_inputs(sim));
	if (options->trace) {
		trace_begin(options->trace, chair);
		fflush(options->trace);
	}
	*ret_hal = &sim->hal;
	return 0;
}

int sim_inject(struct hal *hal, const struct sim_fault *fault)
{
	struct sim_fault timed = *fault;
	char why[128];

	if (!fault_check(hal->chair, fault, why, sizeof(why)))
		return -EINVAL;
	if (fault->kind == SIM_RESET)
		timed.for_us = (int64_t)((isnan(fault->value) ? RESET_MS : fault->value) * 1e3);
	return faults_add(&sim_of(hal)->faults, &timed);
}

int64_t sim_take_late_us(struct hal *hal)
{
	struct sim *sim = sim_of(hal);
	int64_t late_us = sim->late_us;

	sim->late_us = 0;
	return late_us;
}

struct sim_truth sim_truth(struct hal *hal, int actuator)
{
	struct sim *sim = sim_of(hal);
	const struct part *part = &sim->plant.parts[actuator];
	const struct actuator *a = &hal->chair->actuators[actuator];
	struct sim_truth truth = {
		.force_n = sim->plant.occupied ? plant_force_n(&sim->plant, actuator) : 0,
		.position_mm = part->motor.x_mm,
		.speed_mm_s = part->motor.v_mm_s,
	};

	if (a->kind == ACTUATOR_CELL)
		truth.position_mm = part->cell.level * PERMILLE_FULL;
	else if (a->kind != ACTUATOR_TRAVEL && a->kind != ACTUATOR_PRESS &&
		a->kind != ACTUATOR_RECLINE)
		truth.speed_mm_s = part->turning;
	return truth;
}
