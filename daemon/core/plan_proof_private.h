// SPDX-License-Identifier: MIT
//
// Private parts of the proof: plan_proof.c and plan_proof_time.c.
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

// Unbroken drives, shares, and ways of carriages.
void judge_times(struct judge *judge);

#endif
