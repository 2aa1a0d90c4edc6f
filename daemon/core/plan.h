// SPDX-License-Identifier: MIT
//
// A plan: a profile resolved for one chair into segments, before anything moves.
//
// Each point gets an actuator and a position; left and right points are pressed at once if one
// actuator reaches both; rests are lengthened as holds and ceilings require; points that this chair
// cannot reach are listed. Plain data, without pointers.
#ifndef CHAIRD_CORE_PLAN_H
#define CHAIRD_CORE_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/atlas.h"
#include "core/chair.h"
#include "core/layer.h"
#include "core/plan_finding.h"
#include "core/profile.h"
#include "core/zone.h"

#define PLAN_SEGMENTS_MAX 512
#define PLAN_LAYERS_MAX   256

struct segment {
	enum technique technique;
	uint16_t step;           // index into the profile's steps
	uint8_t repeat, repeats; // 0-based; HOLD, STROKE and ROLL
	int16_t points[2];       // atlas indices, pressed at once; -1: unused
	int8_t actuator;         // ROLL: its carriage; POSTURE: the part; -1 for PAUSE
	int8_t carriage;         // or -1
	uint8_t width;           // enum width: of the rollers
	int8_t setter;           // the knead that sets it, unless it is any
	uint8_t part;            // POSTURE: enum posture_part
	uint16_t permille;       // POSTURE: of its way, where it goes
	double position_mm;      // of the carriage; STROKE, ROLL: at its end
	double from_mm;          // STROKE, ROLL: of the carriage at its beginning
	struct target target;
	double ramp_per_s;
	double hold_s;     // HOLD, KNEAD, TAP, PAUSE: duration
	double ease_min_s; // HOLD: shortest duration if the person reports "eased"
	double rest_s;     // after the segment
	double speed_mm_s; // STROKE, ROLL
	// Expected drive of its actuator, for pacing, until released. STROKE: including the strokes
	// that follow without a release, which have 0.
	double press_s;
	double longest_s;  // the longest that this drive may be, if all takes its longest time
	struct zone zone;  // pressed during press_s
	double estimate_s; // with approach, ramp, release and rest
	// The plan's layers that run beside it.
	uint16_t first_layer;
	uint8_t n_layers;
};

struct plan {
	char profile[NAME_SIZE];
	char title[TITLE_SIZE];
	uint64_t profile_hash;
	double inhale_s, exhale_s;
	int max_s;                                // min(profile, chair, hard)
	uint16_t unreachable[PATHWAY_POINTS_MAX]; // atlas indices, each once
	size_t n_unreachable;
	double estimate_s; // of the whole session
	double homing_s;   // of it, before the first segment
	size_t n_layers;
	struct layer layers[PLAN_LAYERS_MAX];
	size_t n_segments;
	struct segment segments[PLAN_SEGMENTS_MAX]; // the last member: see plan_copy()
};

// Always makes a plan, which may be played only if it is proved (plan_proof.h). Adds what it finds
// on the way: points out of reach, steps that do nothing, too many segments. Segments beyond
// n_segments are undefined.
void plan_build(const struct profile *profile, const struct atlas *atlas, const struct chair *chair,
	struct plan *ret_plan, struct plan_findings *findings);

// Whether the chair reaches no point of the profile.
bool plan_reaches_nothing(const struct plan *plan);

static inline bool segment_travels(const struct segment *segment)
{
	return technique_travels(segment->technique);
}

// Whether the stroke or roll that is this segment goes on with the next one, without a release.
bool plan_stroke_goes_on(const struct plan *plan, size_t segment);

// Copy a plan with the segments that it has: all of them are 60 KiB, for which a start would wait.
void plan_copy(struct plan *to, const struct plan *from);

// The target at an intensity of 0 ... 100 %: between floor and value, never above it.
double target_at(const struct target *target, double intensity_percent);

#endif
