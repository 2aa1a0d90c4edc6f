// SPDX-License-Identifier: MIT
//
// A plan: a profile resolved for one chair into segments, before anything moves.
//
// Each point gets an actuator and a position; left and right points are pressed at once if one
// actuator reaches both; each target is checked against the ceilings; rests are lengthened as
// holds and ceilings require; points that this chair cannot reach are listed. Plain data, without
// pointers.
#ifndef CHAIRD_CORE_PLAN_H
#define CHAIRD_CORE_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/atlas.h"
#include "core/chair.h"
#include "core/zone.h"
#include "core/profile.h"

#define PLAN_SEGMENTS_MAX 512

struct segment {
	enum technique technique;
	uint16_t step;           // index into the profile's steps
	uint8_t repeat, repeats; // 0-based; HOLD and STROKE
	int16_t points[2];       // atlas indices, pressed at once; -1: unused
	int8_t actuator;         // -1 for PAUSE
	int8_t carriage;         // or -1
	double position_mm;      // of the carriage; STROKE: at its end
	double from_mm;          // STROKE: of the carriage at its beginning
	struct target target;
	double ramp_per_s;
	double hold_s;     // HOLD, KNEAD, PAUSE: duration
	double ease_min_s; // HOLD: shortest duration if the person reports "eased"
	double rest_s;     // after the segment
	double speed_mm_s; // STROKE
	double press_s;    // longest drive of its actuator, until released; STROKE: including the
			   // strokes that follow without a release, which have 0
	struct zone zone;  // pressed during press_s
	double estimate_s; // with approach, ramp, release and rest
};

struct plan {
	char profile[NAME_SIZE];
	char title[TITLE_SIZE];
	uint64_t profile_hash;
	double inhale_s, exhale_s;
	int max_s; // min(profile, chair, hard)
	struct segment segments[PLAN_SEGMENTS_MAX];
	size_t n_segments;
	uint16_t unreachable[PATHWAY_POINTS_MAX]; // atlas indices, each once
	size_t n_unreachable;
	double estimate_s; // of the whole session
	double homing_s;   // of it, before the first segment
};

enum plan_problem_kind {
	PLAN_OK,
	PLAN_NOTHING_REACHED, // no point of the profile can be reached
	PLAN_TOO_LONG,        // the estimate is longer than max_s
	PLAN_TOO_MANY,        // more than PLAN_SEGMENTS_MAX segments
	PLAN_ABOVE_CEILING,   // a target above the region's ceiling, or above the press's force
	PLAN_NOT_CALIBRATED,  // a target in newtons on an actuator without calibration
	PLAN_PRESS_TOO_LONG,  // an unbroken drive longer than the actuator allows
};

struct plan_problem {
	enum plan_problem_kind kind;
	int step;  // index into the profile's steps, or -1
	int point; // atlas index, or -1
	double asked, allowed;
};

// 0, or -EINVAL with *ret_problem set and *ret_plan undefined.
int plan_build(const struct profile *profile, const struct atlas *atlas, const struct chair *chair,
	struct plan *ret_plan, struct plan_problem *ret_problem);

// Whether the stroke that is this segment goes on with the next one, without a release.
bool plan_stroke_goes_on(const struct plan *plan, size_t segment);

// The target at an intensity of 0 ... 100 %: between floor and value, never above it.
double target_at(const struct target *target, double intensity_percent);

// "step 3: trapezius.upper.left: 60.0 N asked, 50.0 N allowed", into buf.
void plan_problem_text(const struct plan_problem *problem, const struct profile *profile,
	const struct atlas *atlas, char *buf, size_t size);

#endif
