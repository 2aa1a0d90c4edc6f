// SPDX-License-Identifier: MIT
//
// One actuator of the simulated chair: its parameters, which differ a little from the description
// by seed, and its state.
#ifndef CHAIRD_HAL_SIM_PART_H
#define CHAIRD_HAL_SIM_PART_H

#include "core/chair.h"
#include "hal/sim/air.h"
#include "hal/sim/heater.h"
#include "hal/sim/motor.h"
#include "hal/sim/tissue.h"

#define DRIVE_WINDOW_MAX 32

// The drive of a motor: the exact mean over the last PWM period.
struct drive {
	int now;                          // signed per mille
	int64_t acc;                      // us x per mille, signed, since the last grid point
	int64_t window[DRIVE_WINDOW_MAX]; // the same, of the last grid steps
	int64_t sum;                      // of the window
};

struct part {
	const struct actuator *actuator;                        // borrowed
	const struct part *carriage;                            // that it rides on, or NULL
	uint32_t self;                                          // the set of it alone
	uint64_t forward, reverse, pwm, run, fill, vent, valve; // its outputs as sets of lines
	int pulse_permille; // drive while its lines are on: full, or of its channel of kernel PWM
	struct drive drive;
	double mean;            // drive, -1 ... 1
	double motor_n;         // travel, press, recline, extension: the torque that it gives
	struct sim_motor motor; // travel, press, recline, extension
	struct tissue tissue;   // press
	double contact_mm;      // press: distance of the body, in the middle of the carriage's way
	struct cell cell;       // cell
	struct heater heater;   // heat
	double turning;  // knead, vibrate, roller: share of full speed; source: of full pressure
	double strength; // of its motor or pump: 1, or less by the fault `weak`
	double reverse_share;  // recline, extension: its torque up, or in, as a share of that down
	double gain;           // strength of this specimen, relative to its description
	double end_mm;         // position of the end switch
	uint64_t seed;         // of its slip
	uint64_t runs;         // travel without pulses: how often its motor has started
	double rolled_from_mm; // press: its carriage's position in the last step
	uint32_t riders;       // travel: the parts that ride on it
	double bulge_mm;       // travel: of the back, at its position
	bool home, end;        // switches
	double mm_per_pulse;   // travel, press, recline, extension
	int64_t half_pulse;    // the same: half periods of the Hall sensor since home
	double turn;           // knead: of its eccentric, 0 ... 1
	bool blocked;          // tap: it is driven and does not turn
	int64_t unblocked_us;  // tap: when that last ended
	bool locked;           // tap: its lock signal
	double quiet_from_mm, quiet_to_mm; // between these, neither of them changes
	double sampled_n;                  // force when the sensor last converted
};

// A specimen of this actuator; the index makes it differ from others of the same seed.
void part_init(struct part *part, const struct actuator *actuator, uint64_t seed, uint64_t index);

// Its motor starts in this direction. A carriage without pulses slips: its speed differs by some
// per cent from that of the chair file, in each run.
void part_start(struct part *part, int direction);

// The contour of the back at the position of a carriage, in millimetres.
double part_bulge_mm(const struct part *carriage);

// Force at the output in newtons under a drive of -1 ... 1: that of the calibration, plus friction.
double part_motor_n(const struct part *part, double drive);

// Its motor cannot turn any more, or can again.
void part_block(struct part *part, bool blocked);

// The current of a motor, in mA: what it draws without a load, and more the slower it is for its
// drive; a start and a blocked motor draw several times as much.
double part_current_ma(const struct part *part);

// The force on the body: of a press by its tissue, of a cell by its pressure; otherwise 0.
double part_force_n(const struct part *part);

// The distance of the body from home under this press.
static inline double part_contact_mm(const struct part *part)
{
	return part->contact_mm + (part->carriage ? part->carriage->bulge_mm : 0);
}

#endif
