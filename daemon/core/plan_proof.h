// SPDX-License-Identifier: MIT
//
// The proof of a profile on a chair, before anything moves: every rule that the guard enforces,
// judged for the worst case with the guard's own figures.
//
// A healthy chair plays a proved plan to its end. What is judged:
//
//   force      each target, on its whole way, against the ceilings of region and chair, the table
//              and the drive
//   time       the longest unbroken drive of each line, and its share of any five minutes
//   together   current and exclusive groups of what must run at once
//   travel     each way of a carriage in its time, and its pulses at that speed
//   length     of the session
//   protocol   holds, rests, time on each muscle: advice, but for the rest between two holds
//
// Plain data, without pointers; no allocation.
#ifndef CHAIRD_CORE_PLAN_PROOF_H
#define CHAIRD_CORE_PLAN_PROOF_H

#include "core/plan.h"
#include "core/plan_finding.h"

// The session's protocol (core/plan_proof.c has its source).
#define HOLD_ADVISED_MIN_S   30.0
#define HOLD_ADVISED_MAX_S   60.0
#define MUSCLE_ADVISED_MAX_S 180.0

struct line_time {
	double longest_s, allowed_s; // unbroken drive; longest_s 0: the plan does not use the line
	int step;                    // of the longest, or -1: homing and parking
};

struct share_time {
	double longest_s, allowed_s; // in any five minutes; allowed_s INFINITY: no such ceiling
};

struct region_force {
	double target_n, allowed_n; // the highest target by newtons or table; NAN: not known
	bool pressed;
};

struct plan_proof {
	double step_s[PROFILE_STEPS_MAX]; // likely duration of each step, with its rests
	double peak_ma;                   // of everything that runs at once
	int peak_step;                    // where; -1: homing and parking
	struct line_time lines[CHAIR_LINES_MAX];
	struct share_time shares[CHAIR_ACTUATORS_MAX];
	struct region_force regions[REGION_COUNT];
	int zones;      // the most that are under pressure together: regions, each side for itself
	int zones_step; // where
	struct plan_findings findings; // the last member, whose list is not cleared
};

// Plan and prove. 0, or -EINVAL if a rule is broken: proof->findings has errors, and the plan must
// not be played. Advice alone does not fail.
int plan_prove(const struct profile *profile, const struct atlas *atlas, const struct chair *chair,
	struct plan *ret_plan, struct plan_proof *ret_proof);

// The targets of a proved plan were lowered: note the force on each region anew.
void plan_proof_lowered(struct plan_proof *proof, const struct plan *plan,
	const struct atlas *atlas, const struct chair *chair);

#endif
