// SPDX-License-Identifier: MIT
//
// Supervision of a carriage's position. Its pulses are counted in travel.c, and checked here:
//
//   pulses   | | | | | | |             | | |      a gap: some were due by drive and speed, and the
//                         <-- gap -->             carriage may have gone on meanwhile
//   pulses   || || || ||                          closer than it can go: each is counted twice
//   home, or the end switch, closes elsewhere than at its count
//
// While it is in a gap its position is not known, and the strictest ceiling applies. Once the
// position is lost the carriage is not homed, all presses are released, and it must be homed again.
#include <math.h>

#include "guard/guard_private.h"

#define FASTEST      2.0 // times the speed of the chair file, which is an estimate
#define FAST_PULSES  10  // score: a pulse that is too early adds two, any other subtracts one
#define GAP_PULSES   8   // this many were due
#define GAP_MIN_US   (250 * US_PER_MS)
#define GAP_PERMILLE 300 // with less drive it may stick
#define RUN_PULSES   5   // after the start, while its speed still rises
#define MISPLACED_MM 10.0

static double interval_us(const struct actuator *config, double drive)
{
	double speed_mm_s = config->speed_mm_s * drive / PERMILLE_FULL;

	return speed_mm_s > 0 ? config->mm_per_pulse / speed_mm_s * US_PER_S : 0;
}

// After this time without a pulse, too many are missing.
static int64_t due_us(const struct actuator *config, double drive)
{
	return (int64_t)fmax(GAP_PULSES * interval_us(config, drive), GAP_MIN_US);
}

void position_lose(struct guard *guard, int actuator)
{
	if (!guard->actuators[actuator].homed)
		return;
	guard->actuators[actuator].homed = false;
	guard->actuators[actuator].lost = true;
	guard->report = true;
}

void position_pulse(struct guard *guard, int actuator, int64_t t_us)
{
	const struct actuator *config = actuator_config(guard, actuator);
	struct actuator_state *state = &guard->actuators[actuator];
	bool fast = state->run_pulses > 0 &&
		(double)(t_us - state->pulse_us) < interval_us(config, PERMILLE_FULL) / FASTEST;

	state->pulse_us = t_us;
	state->run_pulses++;
	state->fast_pulses += fast ? 2 : state->fast_pulses > 0 ? -1 : 0;
	if (state->gap || state->fast_pulses >= FAST_PULSES)
		position_lose(guard, actuator);
	state->gap = false;
}

void position_start(struct guard *guard, int actuator)
{
	guard->actuators[actuator].run_pulses = guard->actuators[actuator].fast_pulses = 0;
	guard->actuators[actuator].gap = false;
}

void position_at(struct guard *guard, int actuator, double mm)
{
	const struct actuator_state *state = &guard->actuators[actuator];

	if (fabs((double)state->pulses * actuator_config(guard, actuator)->mm_per_pulse - mm) >
		MISPLACED_MM)
		position_lose(guard, actuator);
}

void position_check(struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	struct actuator_state *state = &guard->actuators[actuator];
	double drive = fabs(state->drive);

	if (state->direction && drive >= GAP_PERMILLE && state->run_pulses >= RUN_PULSES)
		state->gap |= guard->now_us - state->pulse_us > due_us(config, drive);
	position_check_lost(guard, actuator);
}

void position_check_lost(struct guard *guard, int actuator)
{
	if (guard->actuators[actuator].lost)
		mode_release(guard, REASON_POSITION, actuator);
	guard->actuators[actuator].lost = false;
}
