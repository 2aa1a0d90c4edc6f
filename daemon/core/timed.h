// SPDX-License-Identifier: MIT
//
// A carriage without pulses: its position is the time that it was driven, times its speed.
//
//   home |----------------------------------------| end
//   claimed      [----x----]                           x - error ... x + error
//                     [-------x-------]                wider with each start and each millimetre
//   at a contact                                  [x]  known again: both contacts give a position
//
// The guard integrates the position (guard/timed.c); the planner and the session use the same
// figures to see beforehand how far off it may be. Every time is one of full drive: it is driven by
// relays, and has one speed in each direction.
#ifndef CHAIRD_CORE_TIMED_H
#define CHAIRD_CORE_TIMED_H

#include "core/chair.h"

#define TIMED_SLACK_MM 1.0 // the guard adds up its error in steps

// A carriage coasts beyond its contact, and the contact has a hysteresis.
#define TIMED_CONTACT_MM 5.0

// Half of the difference of the two times of the only such carriage that was measured (Somnitec
// MassageChairV3: 15.86 s up, 14.78 s down), which its own weight makes: 35 per mille. A person who
// leans on it makes as much again.
#define TIMED_SLIP_PERMILLE 40
// 50 ms at 60 mm/s: a geared motor needs that to reach its speed, and coasts about as far.
#define TIMED_START_MM      3.0
// A roller's breadth.
#define TIMED_ERROR_MM      30.0

static inline bool travel_is_timed(const struct actuator *actuator)
{
	return actuator->timed.down_ms > 0;
}

// In this direction: > 0 is away from home.
double timed_mm_s(const struct actuator *carriage, int direction);

// By how much it may be off after one more way of way_mm. error_mm: before it.
double timed_error_after_mm(const struct actuator *carriage, double error_mm, double way_mm);

// The contact that is nearer to a position: 0 or way_mm, and the error on arrival from there.
double timed_contact_mm(const struct actuator *carriage, double position_mm);
double timed_error_at_mm(const struct actuator *carriage, double position_mm);

// How far off the carriage may be while this actuator works at a position: all of that must be
// within its reach, wherever near the position it stops. At most position_error_mm; less than
// timed_error_at_mm(): it never may.
double timed_error_max_mm(const struct chair *chair, int actuator, double position_mm);

#endif
