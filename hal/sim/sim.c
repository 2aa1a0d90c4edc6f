// SPDX-License-Identifier: MIT
#include "hal/sim/sim.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "hal/backend.h"
#include "hal/sim/fault_effects.h"
#include "hal/sim/faults.h"
#include "hal/sim/inputs.h"
#include "hal/sim/measurements.h"
#include "hal/sim/plant.h"
#include "hal/sim/sensors.h"
#include "hal/sim/trace.h"

#define RELAY_DROP_US 100000 // from the last edge of the charge pump to the relay's drop
#define PRESS_MS      200    // default, of a push button
#define POLL_US       10000  // next_us while something moves: it may reach a switch

struct sim {
	struct hal hal;
	struct sim_options options;

	bool started;
	int64_t start_us; // the caller's clock at the first call
	int64_t t_us;     // since then

	struct plant plant;
	uint64_t output_lines, channels;
	uint64_t outputs; // logical
	int64_t enable_toggled_us, power_until_us;

	struct sim_inputs inputs;
	struct sim_sensors sensors;
	struct sim_measurements measurements;

	struct faults faults;
	struct fault_effects effects; // on plant, inputs, sensors, measurements
};

static struct sim *sim_of(struct hal *hal)
{
	return container_of(hal, struct sim, hal);
}

static void handle_pulse(struct sim *sim, const struct switch_edge *edge, int actuator)
{
	sim_inputs_hall(&sim->inputs, edge->t_us, edge->line, edge->active);
	if (!edge->active || !(sim->effects.double_pulses >> actuator & 1))
		return;
	sim_inputs_hall(&sim->inputs, edge->t_us, edge->line, false);
	sim_inputs_hall(&sim->inputs, edge->t_us, edge->line, true);
}

static void handle_edges(struct sim *sim)
{
	for (int i = 0; i < sim->plant.edges.n; i++) {
		const struct switch_edge *edge = &sim->plant.edges.list[i];
		const struct line *line = &sim->hal.chair->lines[edge->line];

		if (line->role != ROLE_PULSE)
			sim_inputs_contact(&sim->inputs, edge->t_us, edge->line, edge->active);
		else if (!(sim->effects.no_pulses >> line->actuator & 1))
			handle_pulse(sim, edge, line->actuator);
	}
}

// --- time -------------------------------------------------------------------------------------

static void drive_plant(struct sim *sim)
{
	bool powered = !sim->effects.estop_pressed && sim->t_us < sim->power_until_us;

	plant_drive(&sim->plant, sim->t_us, sim->outputs, powered, sim->effects.dead);
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
		fault_effects_apply(&sim->effects, sim->t_us, &fault, ends);
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

// False if the write that begins now fails.
static bool write_begins(struct sim *sim)
{
	if (sim->effects.writes_left > 0)
		sim->effects.writes_left--;
	else if (sim->effects.writes_left == 0)
		return false;
	return true;
}

static void change_outputs(struct sim *sim, uint64_t changed)
{
	sim->outputs ^= changed;
	drive_plant(sim);
	if (sim->options.trace && changed)
		trace_change(sim->options.trace, sim->hal.chair, sim->t_us, changed, sim->outputs);
}

static int sim_write(struct hal *hal, int64_t now_us, uint64_t mask, uint64_t levels)
{
	struct sim *sim = sim_of(hal);
	uint64_t changed;

	advance(sim, now_us);
	if (!write_begins(sim))
		return -EIO;
	changed = (sim->outputs ^ levels) & mask & sim->output_lines;
	if (hal->chair->enable >= 0 && changed & LINE_BIT(hal->chair->enable))
		pump_relay(sim);
	change_outputs(sim, changed);
	return 0;
}

static uint64_t sim_channels(struct hal *hal)
{
	return sim_of(hal)->channels;
}

static int sim_drive(struct hal *hal, int64_t now_us, int line, int duty_permille)
{
	struct sim *sim = sim_of(hal);
	bool on = duty_permille > 0;

	advance(sim, now_us);
	if (!write_begins(sim))
		return -EIO;
	plant_channel(&sim->plant, hal->chair->lines[line].actuator, duty_permille);
	if (sim->options.trace)
		trace_drive(sim->options.trace, hal->chair, sim->t_us, line, duty_permille);
	change_outputs(sim,
		(sim->outputs & LINE_BIT(line)) != on * LINE_BIT(line) ? LINE_BIT(line) : 0);
	return 0;
}

static int sim_read(struct hal *hal, int64_t now_us, uint64_t *ret_levels)
{
	struct sim *sim = sim_of(hal);

	advance(sim, now_us);
	if (sim->effects.read_fails)
		return -EIO;
	*ret_levels = sim->inputs.levels;
	return 0;
}

static int sim_events(struct hal *hal, int64_t now_us, struct hal_event *events, size_t capacity)
{
	struct sim *sim = sim_of(hal);
	int n;

	advance(sim, now_us);
	if (sim->effects.read_fails)
		return -EIO;
	n = sim_inputs_take_events(&sim->inputs, events, capacity);
	for (int i = 0; i < n; i++) {
		size_t line = events[i].line;

		if (sim->options.trace && hal->chair->lines[line].role == ROLE_BUTTON)
			trace_input(sim->options.trace, hal->chair, events[i].t_us, line,
				events[i].active);
		events[i].t_us += sim->start_us;
	}
	return n;
}

static int sim_force(struct hal *hal, int64_t now_us, int actuator, struct hal_force *ret_force)
{
	struct sim *sim = sim_of(hal);

	advance(sim, now_us);
	sim_sensors_read(&sim->sensors, sim->start_us, actuator, ret_force);
	return 0;
}

static int sim_measure(struct hal *hal, int64_t now_us, int actuator, enum quantity quantity,
	struct hal_measurement *ret)
{
	struct sim *sim = sim_of(hal);

	advance(sim, now_us);
	sim_measurements_read(&sim->measurements, sim->start_us, actuator, quantity, ret);
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
	if (!sim->effects.read_fails) // no events then
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
		hal_make_safe(hal, sim->start_us + sim->t_us);
	if (sim->options.trace)
		fflush(sim->options.trace);
	free(sim);
}

static const struct hal_ops sim_ops = {
	.write = sim_write,
	.channels = sim_channels,
	.drive = sim_drive,
	.read = sim_read,
	.events = sim_events,
	.force = sim_force,
	.measure = sim_measure,
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
	sim->channels = chair_channels(chair);
	sim->output_lines = chair_outputs(chair) & ~sim->channels;
	sim->outputs = chair_safe_levels(chair);
	sim->enable_toggled_us = INT64_MIN / 2;
	sim->power_until_us = chair->enable < 0 ? TIME_NEVER : 0;
	fault_effects_init(&sim->effects, &sim->plant, &sim->inputs, &sim->sensors,
		&sim->measurements);
	plant_init(&sim->plant, chair, options->seed, !options->empty_seat);
	drive_plant(sim);
	sim_inputs_init(&sim->inputs, chair, options->seed, first_inputs(sim));
	sim_sensors_init(&sim->sensors, &sim->plant, options->seed);
	sim_measurements_init(&sim->measurements, &sim->plant, options->seed);
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
	if (fault->kind == SIM_RESET || fault->kind == SIM_BUTTON)
		timed.for_us = (int64_t)((isnan(fault->value) ? PRESS_MS : fault->value) * 1e3);
	return faults_add(&sim_of(hal)->faults, &timed);
}

bool sim_powered(struct hal *hal)
{
	return sim_of(hal)->plant.powered;
}

int64_t sim_take_late_us(struct hal *hal)
{
	struct sim *sim = sim_of(hal);
	int64_t late_us = sim->effects.late_us;

	sim->effects.late_us = 0;
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
	else if (a->kind == ACTUATOR_HEAT)
		truth.position_mm = part->heater.pad_c;
	else if (!actuator_is_reversible(a->kind))
		truth.speed_mm_s = part->turning;
	if (a->kind == ACTUATOR_KNEAD)
		truth.position_mm = part->turn * PERMILLE_FULL;
	return truth;
}
