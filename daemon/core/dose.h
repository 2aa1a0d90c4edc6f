// SPDX-License-Identifier: MIT
//
// The dose of a plan: how long and how much it presses each point and each muscle.
//
// Expected values for a healthy chair, from the plan's likely times: presses and cells count, from
// contact until they are released; kneading has no known force and does not count. Points that are
// pressed at once get the whole force each. The way of a stroke counts for the point that it goes
// to. No allocation: the caller brings one struct dose for each point of the atlas.
#ifndef CHAIRD_CORE_DOSE_H
#define CHAIRD_CORE_DOSE_H

#include <stddef.h>

#include "core/atlas.h"
#include "core/chair.h"
#include "core/plan.h"

struct dose {
	double pressed_s;
	double impulse_n_s; // newton-seconds; NAN: pressed by an actuator without a calibration
	double peak_n;      // the highest target; NAN likewise
	int presses;        // holds, and strokes that end here
};

// The doses of a plan at an intensity of 0 ... 100 %: ret_doses[i] is that of the atlas's point i;
// n is the number of its points.
void dose_of_plan(const struct plan *plan, const struct chair *chair, double intensity_percent,
	struct dose *ret_doses, size_t n);

// Add the doses of its layers: each that presses, presses all points that it reaches.
void dose_add_layers(const struct plan *plan, const struct atlas *atlas, const struct chair *chair,
	double intensity_percent, struct dose *doses);

// Add b to a.
void dose_add(struct dose *a, const struct dose *b);

// A muscle of one side: the left and the right one are two, though pressed at once.
struct muscle_dose {
	const char *muscle; // the atlas's
	enum side side;
	struct dose dose; // of its points together
};

#define MUSCLE_DOSES_MAX (2 * PLAN_SEGMENTS_MAX) // of any plan

// The muscles that these doses (of dose_of_plan()) press, in the order of the atlas; how many, at
// most max.
size_t dose_by_muscle(const struct dose *doses, const struct atlas *atlas,
	struct muscle_dose *ret_muscles, size_t max);

#endif
