// SPDX-License-Identifier: MIT
//
// Two chairs and a profile as plain data, for unit tests that load no file. The chairs are modelled
// on the recliner.cfg and bench.cfg of profiles/chairs/, but their own: a change of those files
// changes no test.
#ifndef CHAIRD_TESTS_UNIT_FIXTURE_H
#define CHAIRD_TESTS_UNIT_FIXTURE_H

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "core/chair.h"
#include "core/profile.h"

static inline int fixture_line(struct chair *chair, const char *name, enum line_role role,
	int actuator, bool active_low, bool safe_level)
{
	int index = (int)chair->n_lines++;
	struct line *line = &chair->lines[index];

	snprintf(line->name, sizeof(line->name), "%s", name);
	line->role = role;
	line->actuator = actuator;
	line->active_low = active_low;
	line->safe_level = safe_level;
	line->bias = line_role_is_output(role) ? BIAS_AS_IS : BIAS_PULL_UP;
	if (actuator >= 0)
		chair->actuators[actuator].line[role] = (int8_t)index;
	return index;
}

static inline struct actuator *fixture_actuator(struct chair *chair, const char *name,
	enum actuator_kind kind)
{
	struct actuator *actuator = &chair->actuators[chair->n_actuators++];

	snprintf(actuator->name, sizeof(actuator->name), "%s", name);
	actuator->kind = kind;
	memset(actuator->line, -1, sizeof(actuator->line));
	actuator->carriage = -1;
	actuator->source = -1;
	return actuator;
}

// An output, and an input wired to ground with a pull-up.
static inline void fixture_out(struct chair *chair, const char *name, enum line_role role)
{
	fixture_line(chair, name, role, (int)chair->n_actuators - 1, false, false);
}

static inline void fixture_in(struct chair *chair, const char *name, enum line_role role)
{
	fixture_line(chair, name, role, (int)chair->n_actuators - 1, true, false);
}

static inline void fixture_motor_lines(struct chair *chair, const char *forward,
	const char *reverse, const char *pwm, const char *home)
{
	fixture_out(chair, forward, ROLE_FORWARD);
	fixture_out(chair, reverse, ROLE_REVERSE);
	fixture_out(chair, pwm, ROLE_PWM);
	fixture_in(chair, home, ROLE_HOME);
}

static inline void fixture_sensor(struct actuator *actuator, const char *device,
	const char *channel)
{
	actuator->sensor.present = true;
	snprintf(actuator->sensor.device, sizeof(actuator->sensor.device), "%s", device);
	snprintf(actuator->sensor.channel, sizeof(actuator->sensor.channel), "%s", channel);
	actuator->sensor.n_per_unit = 1.0;
}

static inline void fixture_press(struct actuator *press)
{
	static const struct calibration table = {
		.n = 5,
		.at = { { 100, 0 }, { 200, 8 }, { 400, 26 }, { 600, 44 }, { 800, 62 } },
	};

	press->travel_max_ms = 10000;
	press->dead_time_ms = 100;
	press->slew_permille_s = 2000;
	press->duty_max_permille = 500;
	press->current_ma = 1500;
	press->release = RELEASE_RETRACT;
	press->release_max_ms = 6000;
	press->release_drive_permille = 500;
	press->calibration = table;
	press->margin_n = 7;
}

static inline void fixture_cell(struct chair *chair, const char *name, int source, const char *fill,
	const char *vent, const char *channel, double full_n)
{
	struct actuator *cell = fixture_actuator(chair, name, ACTUATOR_CELL);

	fixture_out(chair, fill, ROLE_FILL);
	fixture_line(chair, vent, ROLE_VENT, (int)chair->n_actuators - 1, true, true);
	cell->drive_max_permille = 1000;
	cell->on_max_ms = 120000;
	cell->duty_max_permille = 500;
	cell->current_ma = 300;
	cell->fill_ms = 4000;
	cell->vent_ms = 2000;
	cell->leak_ms = 200000;
	cell->release = RELEASE_VENT;
	cell->release_max_ms = 4000;
	cell->calibration = (struct calibration){ .n = 2, .at = { { 0, 0 }, { 1000, full_n } } };
	cell->source = source;
	cell->margin_n = 5;
	fixture_sensor(cell, "cells", channel);
}

// peak_n of 0: the region's own ceilings.
static inline void fixture_reach(struct chair *chair, enum region region, const char *actuator,
	double along_from, double along_to, double lateral_from_mm, double lateral_to_mm,
	double mm_from, double mm_to, double peak_n, double sustained_n)
{
	struct region_ceiling ceiling = region_ceiling(region);

	chair->reaches[chair->n_reaches++] = (struct reach){
		.region = region,
		.sides = SIDE_BOTH,
		.actuator = chair_find_actuator(chair, actuator),
		.along_from = along_from,
		.along_to = along_to,
		.lateral_from_mm = lateral_from_mm,
		.lateral_to_mm = lateral_to_mm,
		.mm_from = mm_from,
		.mm_to = mm_to,
		.peak_n = peak_n > 0 ? peak_n : ceiling.peak_n,
		.sustained_n = peak_n > 0 ? sustained_n : ceiling.sustained_n,
	};
}

static inline void fixture_common(struct chair *chair, const char *id, const char *model)
{
	memset(chair, 0, sizeof(*chair));
	snprintf(chair->id, sizeof(chair->id), "%s", id);
	snprintf(chair->model, sizeof(chair->model), "%s", model);
	chair->pwm_hz = 200;
	chair->enable_hz = 50;
	chair->debounce_ms = 5;
	chair->seat_debounce_ms = 300;
	chair->estop = fixture_line(chair, "GPIO5", ROLE_ESTOP, -1, true, false);
	chair->seat = fixture_line(chair, "GPIO6", ROLE_SEAT, -1, true, false);
	chair->reset = fixture_line(chair, "GPIO13", ROLE_RESET, -1, true, false);
	chair->enable = fixture_line(chair, "GPIO16", ROLE_ENABLE, -1, false, false);
}

static inline void fixture_bench(struct chair *chair)
{
	struct actuator *press;

	fixture_common(chair, "bench", "Bench press, one motor");
	chair->current_max_ma = 2000;
	chair->session_max_s = 900;
	press = fixture_actuator(chair, "press", ACTUATOR_PRESS);
	fixture_motor_lines(chair, "GPIO17", "GPIO27", "GPIO22", "GPIO23");
	fixture_press(press);
	press->drive_max_permille = 800;
	press->on_max_ms = 100000;
	fixture_reach(chair, REGION_THIGH, "press", 0.0, 1.0, 0, 80, 0, 0, 60, 50);
}

static inline void fixture_recliner_carriage(struct chair *chair)
{
	struct actuator *carriage = fixture_actuator(chair, "carriage", ACTUATOR_TRAVEL);

	fixture_motor_lines(chair, "GPIO17", "GPIO27", "GPIO22", "GPIO23");
	fixture_in(chair, "GPIO24", ROLE_END);
	fixture_in(chair, "GPIO25", ROLE_PULSE);
	carriage->mm_per_pulse = 1.0;
	carriage->soft_min_mm = 5.0;
	carriage->soft_max_mm = 595.0;
	carriage->speed_mm_s = 60.0;
	carriage->drive_max_permille = 900;
	carriage->on_max_ms = 60000;
	carriage->travel_max_ms = 42000;
	carriage->no_pulse_ms = 3000;
	carriage->dead_time_ms = 100;
	carriage->slew_permille_s = 3000;
	carriage->duty_max_permille = 1000;
	carriage->current_ma = 1500;
	carriage->release = RELEASE_COAST;
}

static inline void fixture_recliner_actuators(struct chair *chair)
{
	struct actuator *actuator;

	fixture_recliner_carriage(chair);

	actuator = fixture_actuator(chair, "depth", ACTUATOR_PRESS);
	fixture_motor_lines(chair, "GPIO12", "GPIO20", "GPIO21", "GPIO26");
	fixture_press(actuator);
	actuator->carriage = 0;
	actuator->drive_max_permille = 900;
	actuator->on_max_ms = 120000;
	fixture_sensor(actuator, "hx711", "in_voltage0");

	actuator = fixture_actuator(chair, "knead", ACTUATOR_KNEAD);
	fixture_out(chair, "GPIO19", ROLE_PWM);
	actuator->carriage = 0;
	actuator->drive_max_permille = 600;
	actuator->on_max_ms = 300000;
	actuator->slew_permille_s = 1000;
	actuator->duty_max_permille = 1000;
	actuator->current_ma = 1200;
	actuator->release = RELEASE_COAST;

	actuator = fixture_actuator(chair, "pump", ACTUATOR_SOURCE);
	fixture_out(chair, "GPIO18", ROLE_RUN);
	actuator->drive_max_permille = PERMILLE_FULL;
	actuator->on_max_ms = 120000;
	actuator->duty_max_permille = 1000;
	actuator->current_ma = 1200;
	actuator->release = RELEASE_COAST;

	fixture_cell(chair, "shoulder_cells", 3, "GPIO9", "GPIO10", "in_pressure0", 60.0);
	fixture_cell(chair, "calf_cells", 3, "GPIO11", "GPIO14", "in_pressure1", 45.0);
}

static inline void fixture_recliner(struct chair *chair)
{
	fixture_common(chair, "recliner", "Recliner with back carriage and air cells");
	chair->current_max_ma = 6000;
	chair->session_max_s = 1800;
	fixture_recliner_actuators(chair);

	assert(chair_find_actuator(chair, "pump") == 3);
	chair->groups[chair->n_groups++] = 1u << 0 | 1u << 2; // carriage, knead

	fixture_reach(chair, REGION_NECK, "depth", -0.25, -0.02, 0, 60, 20, 100, 40, 20);
	fixture_reach(chair, REGION_SHOULDER, "depth", -0.02, 0.08, 0, 70, 100, 140, 0, 0);
	fixture_reach(chair, REGION_UPPER_BACK, "depth", 0.0, 0.35, 0, 90, 110, 270, 0, 0);
	fixture_reach(chair, REGION_MID_BACK, "depth", 0.35, 0.65, 0, 90, 270, 400, 0, 0);
	fixture_reach(chair, REGION_LOWER_BACK, "depth", 0.65, 1.0, 0, 90, 400, 550, 0, 0);
	fixture_reach(chair, REGION_UPPER_BACK, "knead", 0.0, 0.35, 0, 90, 110, 270, 0, 0);
	fixture_reach(chair, REGION_MID_BACK, "knead", 0.35, 0.65, 0, 90, 270, 400, 0, 0);
	fixture_reach(chair, REGION_LOWER_BACK, "knead", 0.65, 1.0, 0, 90, 400, 550, 0, 0);
	fixture_reach(chair, REGION_SHOULDER, "shoulder_cells", -0.1, 0.2, 70, 250, 0, 0, 0, 0);
	fixture_reach(chair, REGION_UPPER_ARM, "shoulder_cells", 0.0, 1.0, 0, 80, 0, 0, 0, 0);
	fixture_reach(chair, REGION_CALF, "calf_cells", 0.0, 1.0, 0, 80, 0, 0, 0, 0);
}

// A profile of these steps, which it borrows.
static inline struct profile fixture_profile(struct profile_step *steps, size_t n)
{
	return (struct profile){ .name = "test",
		.title = "Test",
		.inhale_s = 4,
		.exhale_s = 6,
		.minutes_max = 30,
		.steps = steps,
		.n_steps = n };
}

#endif
