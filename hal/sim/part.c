// SPDX-License-Identifier: MIT
#include "hal/sim/part.h"

#include <math.h>

#include "core/timed.h"
#include "hal/sim/noise.h"

// README.md gives the reasons.
#define SPREAD            0.05 // relative difference between specimens
#define PRESS_SPEED_MM_S  40.0 // default, at full drive without load
#define PRESS_RUN_N       1.0
#define PRESS_REST_N      20.0
#define PRESS_STOP_MM     80.0 // default
#define PRESS_INERTIA_S   0.03 // mass / damping
#define CONTACT_MM        15.0
#define CONTOUR_MM        4.0 // amplitude of the back's contour
#define TISSUE_K_N_MM     2.5
#define TISSUE_RELAX_S    6.0
#define TRAVEL_STALL_N    100.0
#define TRAVEL_RUN_N      10.0
#define TRAVEL_REST_N     30.0
#define TRAVEL_INERTIA_S  0.06
#define TRAVEL_SPEED_MM_S 60.0   // default
#define SLIP_SPECIMEN     0.015  // of a carriage without pulses: of this one ...
#define SLIP_RUN          0.015  // ... and of each run, by its load
#define POSTURE_PERMILLE  1000.0 // its way, in per mille of it
#define POSTURE_WAY_S     20.0   // default
#define IDLE_SHARE        0.5    // of current_ma, without a load
#define STALL_SHARE       3.0    // blocked
#define BLOCKED_N         1e6    // friction that nothing moves
#define OVERRUN_MM        4.0    // from a switch to the hard stop
#define PRESS_PULSE_MM    1.0    // of a press with pulses

// For presses and cells without a calibration table.
static const struct calibration usual_press = { .n = 2, .at = { { 100, 0 }, { 800, 62 } } };
static const struct calibration usual_cell = { .n = 2, .at = { { 0, 0 }, { 1000, 50 } } };

static const struct calibration *calibration_of(const struct actuator *actuator)
{
	if (actuator->calibration.n > 1)
		return &actuator->calibration;
	return actuator->kind == ACTUATOR_CELL ? &usual_cell : &usual_press;
}

// The table, extrapolated beyond its last point.
static double table_force_n(const struct calibration *table, double permille)
{
	int last = table->n - 1;
	double width = table->at[last].drive_permille - table->at[last - 1].drive_permille;
	double rise = table->at[last].force_n - table->at[last - 1].force_n;

	if (permille <= table->at[last].drive_permille)
		return calibration_force_n(table, permille);
	return table->at[last].force_n + rise / width * (permille - table->at[last].drive_permille);
}

static double either(double stated, double usual)
{
	return stated > 0 ? stated : usual;
}

static void init_press(struct part *part, const struct actuator *actuator, uint64_t seed,
	uint64_t index)
{
	double full_n = part->gain * table_force_n(calibration_of(actuator), PERMILLE_FULL);

	part->motor.damping = full_n / either(actuator->speed_mm_s, PRESS_SPEED_MM_S);
	part->motor.mass = part->motor.damping * PRESS_INERTIA_S;
	part->motor.friction_run_n = PRESS_RUN_N;
	part->motor.friction_rest_n = PRESS_REST_N;
	part->end_mm = either(actuator->stroke_mm, PRESS_STOP_MM) - OVERRUN_MM;
	part->contact_mm = CONTACT_MM +
		noise_between(noise_bits(seed, NOISE_CONTACT, index, 0), -2.0, 2.0);
	part->tissue.k_n_mm = TISSUE_K_N_MM *
		noise_between(noise_bits(seed, NOISE_STIFFNESS, index, 0), 0.8, 1.2);
	part->tissue.k_relax_n_mm = part->tissue.k_n_mm;
	part->tissue.tau_s = TISSUE_RELAX_S;
	part->motor.x_mm = noise_between(noise_bits(seed, NOISE_START, index, 0), 1.0, 5.0);
}

static void init_travel(struct part *part, double speed, double length, double start)
{
	part->motor.damping = (TRAVEL_STALL_N - TRAVEL_RUN_N) / speed;
	part->motor.mass = part->motor.damping * TRAVEL_INERTIA_S;
	part->motor.friction_run_n = TRAVEL_RUN_N;
	part->motor.friction_rest_n = TRAVEL_REST_N;
	part->end_mm = length;
	part->motor.x_mm = start * length;
}

static double way_s(int stated_ms)
{
	return stated_ms ? stated_ms / 1e3 : POSTURE_WAY_S;
}

// Up it lifts the person: by another torque, so that its speed there is that of the description. A
// specimen is up to SPREAD faster or slower.
static void init_posture(struct part *part, const struct actuator *actuator, double start)
{
	double down = part->gain * POSTURE_PERMILLE / way_s(actuator->down_ms);
	double up = part->gain * POSTURE_PERMILLE / way_s(actuator->up_ms);

	init_travel(part, down, POSTURE_PERMILLE, start);
	part->reverse_share = (TRAVEL_RUN_N + up * part->motor.damping) / TRAVEL_STALL_N;
}

static uint64_t line_set(const struct actuator *actuator, enum line_role role)
{
	return actuator->line[role] < 0 ? 0 : LINE_BIT(actuator->line[role]);
}

void part_init(struct part *part, const struct actuator *actuator, uint64_t seed, uint64_t index)
{
	double start = noise_between(noise_bits(seed, NOISE_START, index, 0), 0.05, 0.25);

	part->actuator = actuator;
	part->self = UINT32_C(1) << index;
	part->forward = line_set(actuator, ROLE_FORWARD);
	part->reverse = line_set(actuator, ROLE_REVERSE);
	part->pwm = line_set(actuator, ROLE_PWM);
	part->run = line_set(actuator, ROLE_RUN);
	part->fill = line_set(actuator, ROLE_FILL);
	part->vent = line_set(actuator, ROLE_VENT);
	part->valve = line_set(actuator, ROLE_VALVE);
	part->seed = noise_bits(seed, NOISE_SLIP, index, 0);
	part->quiet_from_mm = part->quiet_to_mm = NAN;
	part->pulse_permille = PERMILLE_FULL;
	part->strength = 1;
	part->gain = noise_between(noise_bits(seed, NOISE_GAIN, index, 0), 1 - SPREAD, 1 + SPREAD);
	if (actuator->kind == ACTUATOR_PRESS)
		init_press(part, actuator, seed, index);
	else if (travel_is_timed(actuator))
		init_travel(part, timed_mm_s(actuator, 1), actuator->timed.way_mm, start);
	else if (actuator->kind == ACTUATOR_TRAVEL)
		init_travel(part, either(actuator->speed_mm_s, TRAVEL_SPEED_MM_S),
			actuator->soft_max_mm + fmax(actuator->soft_min_mm, 1.0), start);
	else if (actuator_is_posture(actuator->kind))
		init_posture(part, actuator, start);
	if (actuator->kind == ACTUATOR_TRAVEL)
		part->bulge_mm = part_bulge_mm(part);
	part->motor.stop_min_mm = -OVERRUN_MM;
	part->motor.stop_max_mm = part->end_mm + OVERRUN_MM;
	part->heater.pad_c = HEATER_ROOM_C;
	part->cell = (struct cell){
		.fill_s = actuator->fill_ms / 1e3,
		.vent_s = actuator->vent_ms / 1e3,
		.leak_s = actuator->leak_ms / 1e3,
	};
	part->mm_per_pulse = actuator->kind == ACTUATOR_PRESS ? PRESS_PULSE_MM
							      : actuator->mm_per_pulse;
	if (part->mm_per_pulse > 0)
		part->half_pulse = (int64_t)floor(2 * part->motor.x_mm / part->mm_per_pulse);
	part->turn = noise_between(noise_bits(seed, NOISE_START, index, 1), 0, 1);
}

void part_start(struct part *part, int direction)
{
	double specimen = noise_between(noise_bits(part->seed, NOISE_SLIP, 0, 0), -1, 1);
	double run = noise_between(noise_bits(part->seed, NOISE_SLIP, 1, ++part->runs), -1, 1);
	double slip = SLIP_SPECIMEN * specimen + SLIP_RUN * run;

	if (!travel_is_timed(part->actuator) || !direction)
		return;
	part->motor.damping = (TRAVEL_STALL_N - TRAVEL_RUN_N) /
		(timed_mm_s(part->actuator, direction) * (1 + slip));
	part->motor.mass = part->motor.damping * TRAVEL_INERTIA_S;
}

double part_bulge_mm(const struct part *carriage)
{
	return CONTOUR_MM * sin(2 * M_PI * carriage->motor.x_mm / carriage->end_mm);
}

double part_motor_n(const struct part *part, double drive)
{
	const struct calibration *table = calibration_of(part->actuator);
	double permille = fabs(drive) * PERMILLE_FULL;
	double begin = table->at[0].drive_permille;
	double lost_n = PRESS_RUN_N * (begin > 0 ? fmin(permille / begin, 1) : 1);

	if (drive == 0)
		return 0;
	if (actuator_is_posture(part->actuator->kind) && drive < 0)
		return TRAVEL_STALL_N * drive * part->reverse_share;
	if (part->actuator->kind != ACTUATOR_PRESS)
		return TRAVEL_STALL_N * drive;
	return copysign(part->gain * table_force_n(table, permille) + lost_n, drive);
}

void part_block(struct part *part, bool blocked)
{
	double held_n = blocked ? BLOCKED_N : -BLOCKED_N;

	part->strength = !blocked;
	part->motor.friction_run_n += held_n;
	part->motor.friction_rest_n += held_n;
}

// The share of its speed without load at this drive, 0 ... 1.
static double speed_share(const struct part *part)
{
	double full_mm_s = fabs(part->motor_n) / part->motor.damping;

	if (!actuator_is_reversible(part->actuator->kind))
		return clamp_double(part->turning / part->mean, 0, 1);
	return full_mm_s > 0 ? clamp_double(fabs(part->motor.v_mm_s) / full_mm_s, 0, 1) : 0;
}

double part_current_ma(const struct part *part)
{
	if (part->mean == 0)
		return 0;
	return part->actuator->current_ma * fabs(part->mean) *
		(STALL_SHARE + (IDLE_SHARE - STALL_SHARE) * speed_share(part));
}

double part_force_n(const struct part *part)
{
	if (part->actuator->kind == ACTUATOR_PRESS)
		return tissue_force_n(&part->tissue);
	if (part->actuator->kind == ACTUATOR_CELL)
		return table_force_n(calibration_of(part->actuator),
			part->cell.level * PERMILLE_FULL);
	return 0;
}
