// SPDX-License-Identifier: MIT
//
// Private parts of the proof: plan_proof.c, plan_proof_time.c and plan_proof_layers.c.
#ifndef CHAIRD_CORE_PLAN_PROOF_PRIVATE_H
#define CHAIRD_CORE_PLAN_PROOF_PRIVATE_H

#include "core/plan_proof.h"

struct judge {
	const struct profile *profile;
	const struct atlas *atlas;
	const struct chair *chair;
	const struct plan *plan;
	struct plan_proof *proof;
};

// A finding about a segment if its value is above the bound. `other` is an actuator or -1.
void judge_above(struct judge *judge, enum finding_kind kind, const struct segment *segment,
	int actuator, int other, double value, double bound);

// The current of a segment's technique, and what it cannot do without: the carriage of a stroke,
// the pump of a cell; or -1.
double judge_main_ma(const struct judge *judge, const struct segment *segment, int *ret_companion);

// How many zones a segment's press has under pressure; note that so many are, and so much current.
int judge_zones_of(const struct judge *judge, const struct segment *segment);
void judge_note_zones(struct judge *judge, int step, int zones);
void judge_note_current(struct judge *judge, int step, double ma);

// Microseconds of a ceiling in seconds; INFINITY: there is none.
double seconds(int64_t us);
// Note an unbroken drive of the actuator's lines with these roles.
void judge_note_lines(struct judge *judge, const struct actuator *actuator, unsigned roles,
	const struct segment *segment, double longest_s, double allowed_s);
// The longest that a pump runs to keep a cell at a level for pressed_s.
double pump_run_s(const struct actuator *cell, double level_permille, double pressed_s);
// The longest that this pump runs for the segment's technique.
double judge_pump_s(const struct judge *judge, const struct segment *segment, int pump);

// All about the layers of a segment. Then how long they, or their pumps, drive this actuator, and
// the set of the actuators that they drive.
void judge_layers(struct judge *judge, const struct segment *segment);
double layers_busy_s(const struct judge *judge, const struct segment *segment, int actuator);
uint32_t layers_used(const struct judge *judge, const struct segment *segment);

// Unbroken drives, shares, and ways of carriages.
void judge_times(struct judge *judge);

#endif
