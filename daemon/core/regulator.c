// SPDX-License-Identifier: MIT
#include "core/regulator.h"

#include <math.h>

#include "core/units.h"

#define FILTER_S        0.1
#define LAG_S           0.5 // of a usual press: its damping over the stiffness of the body
#define KP              0.7 // of the error, in drive
#define TI_UP_S         1.5 // time constants of the integral
#define TI_DOWN_S       0.3
#define CELL_FILTER_S   0.03
#define CELL_SHARE      0.8
#define CELL_NEAR       0.025 // of the setpoint: near enough
#define CELL_NEAR_MIN_N 0.3
#define STEP_MAX_S      0.1  // the most that a late report counts for
#define UNKNOWN_FULL_N  60.0 // force of drive_max without a calibration

// Per mille of drive for one newton, about setpoint.
static double gain_at(const struct actuator *actuator, double setpoint_n)
{
	const struct calibration *table = &actuator->calibration;
	double wide = 0;

	if (table->n > 1)
		wide = calibration_drive_permille(table, setpoint_n + 1) -
			calibration_drive_permille(table, setpoint_n - 1);
	return wide > 0 ? wide / 2 : actuator->drive_max_permille / UNKNOWN_FULL_N;
}

static double feedforward(const struct actuator *actuator, double setpoint_n)
{
	if (!actuator->calibration.n)
		return 0;
	return calibration_drive_permille(&actuator->calibration, setpoint_n);
}

void regulator_start(struct regulator *regulator, const struct actuator *actuator, int64_t now_us,
	double force_n)
{
	*regulator = (struct regulator){
		.actuator = actuator,
		.last_us = now_us,
		.force_n = force_n,
		.reference_n = force_n,
	};
}

// A force between the setpoint and the reference is on its way there, without error.
static double error_of(const struct regulator *regulator, double setpoint_n)
{
	double low_n = fmin(regulator->reference_n, setpoint_n);
	double high_n = fmax(regulator->reference_n, setpoint_n);

	return clamp_double(regulator->force_n, low_n, high_n) - regulator->force_n;
}

static void low_pass(double *value, double towards, double lag_s, double dt_s)
{
	*value += (towards - *value) * dt_s / (lag_s + dt_s);
}

static double step_press(struct regulator *regulator, const struct regulator_input *input,
	double gain, double dt_s)
{
	const struct actuator *actuator = regulator->actuator;
	double error_n, drive;
	bool hold_back;

	low_pass(&regulator->force_n, input->force_n, FILTER_S, dt_s);
	if (input->limited) // start again from the present force
		regulator->reference_n = fmin(regulator->force_n, input->setpoint_n);
	low_pass(&regulator->reference_n, input->setpoint_n, LAG_S, dt_s);
	error_n = error_of(regulator, input->setpoint_n);
	drive = feedforward(actuator, input->setpoint_n) + KP * gain * error_n +
		regulator->integral;

	if (error_n > 0)
		hold_back = input->limited || drive >= actuator->drive_max_permille ||
			(input->climbing && actuator->calibration.n);
	else
		hold_back = drive <= 0;
	if (!hold_back)
		regulator->integral += gain * error_n * dt_s / (error_n > 0 ? TI_UP_S : TI_DOWN_S);
	return drive;
}

static double step_cell(struct regulator *regulator, const struct regulator_input *input,
	double gain, double dt_s)
{
	double near_n = fmax(CELL_NEAR * input->setpoint_n, CELL_NEAR_MIN_N), error_n;

	low_pass(&regulator->force_n, input->force_n, CELL_FILTER_S, dt_s);
	error_n = input->setpoint_n - regulator->force_n;
	if (fabs(error_n) < near_n)
		error_n = 0;
	// A demand of 0 would release the cell.
	return fmax(input->applied_permille + CELL_SHARE * gain * error_n, 1);
}

double regulator_step(struct regulator *regulator, int64_t now_us,
	const struct regulator_input *input)
{
	const struct actuator *actuator = regulator->actuator;
	double dt_s = clamp_double((double)(now_us - regulator->last_us) / US_PER_S, 0, STEP_MAX_S);
	double gain = gain_at(actuator, input->setpoint_n), drive;

	regulator->last_us = now_us;
	if (actuator->kind == ACTUATOR_CELL)
		drive = step_cell(regulator, input, gain, dt_s);
	else
		drive = step_press(regulator, input, gain, dt_s);
	return clamp_double(drive, 0, actuator->drive_max_permille);
}
