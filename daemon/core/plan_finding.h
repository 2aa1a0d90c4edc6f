// SPDX-License-Identifier: MIT
//
// The findings of planning and proving a profile on a chair: rules that it breaks, and advice that
// it does not follow.
//
// A bounded list, filled by plan.c and plan_proof.c. A finding that repeats itself at other presses
// of its step is listed once, with the worst value.
#ifndef CHAIRD_CORE_PLAN_FINDING_H
#define CHAIRD_CORE_PLAN_FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "core/atlas.h"
#include "core/chair.h"
#include "core/profile.h"

#define PLAN_FINDINGS_MAX 200

// In brackets: value, bound. [s] both in seconds.
enum finding_kind {
	FINDING_NOTHING_REACHED, // the chair reaches no point of the profile
	FINDING_TOO_LONG,        // the session [s]
	FINDING_TOO_MANY,        // more segments than PLAN_SEGMENTS_MAX
	FINDING_OUT_OF_REACH,    // advice: the chair does not reach a point
	FINDING_UNCERTAIN,       // advice: a point where a carriage may be too far off [mm]
	FINDING_STROKE_TIMED,    // advice: a stroke with a carriage that has one speed [mm/s]
	FINDING_NOTHING_PRESSED, // advice: a step does nothing on the chair
	FINDING_NOT_CALIBRATED,  // a target in newtons without a table [N]
	FINDING_FORCE_REGION,    // a target above what a region bears [N]
	FINDING_FORCE_WAY,       // the same on the way of a stroke [N]
	FINDING_FORCE_ACTUATOR,  // a target above the actuator's force [N]
	FINDING_DRIVE,           // a target above the actuator's drive [per mille]
	FINDING_SWITCHED,        // a target below the full drive of what is on or off [per mille]
	FINDING_DRIVE_REGION,    // a target whose force is above what a region bears [per mille]
	FINDING_CONTACT,         // the floor is too weak to reach the body in time [per mille]
	FINDING_STROKE_LIGHT,    // the floor of a stroke is below what its speed needs [N]
	FINDING_ON_TIME,         // an unbroken drive [s]
	FINDING_SHARE,           // the drive in any five minutes [s]
	FINDING_CURRENT,         // of what must run at once [mA]
	FINDING_EXCLUSIVE,       // two actuators that must run at once exclude each other
	FINDING_TRAVEL,          // a way of the carriage [s]
	FINDING_PULSES,          // time between two pulses of the carriage [s]
	FINDING_LAYER_MISSING,   // a layer for which the chair has no actuator
	FINDING_LAYER_KIND,      // a layer that names an actuator that cannot be one
	FINDING_LAYER_TWICE,     // a layer whose actuator works in the step already
	FINDING_LAYER_CLOSED,    // a layer that presses what is closed to the person
	FINDING_LAYER_ZONE,      // a layer that presses where another one of the step presses
	FINDING_PART_MISSING,    // a posture of a part (other) that the chair has not
	FINDING_PART_ENDS,       // a position (other: the part) between ends that are known alone
	FINDING_HOLD_SHORT,      // advice [s]
	FINDING_HOLD_LONG,       // advice [s]
	FINDING_MUSCLE_LONG,     // advice: holds and rests of a muscle [s]
	FINDING_KIND_COUNT,
};

struct plan_finding {
	enum finding_kind kind;
	int step;     // index into the profile's steps, or -1
	int layer;    // of `with` of the step, counted from 1; 0: not about a layer
	int point;    // atlas index, or -1
	int actuator; // or -1
	int other;    // actuator that must run at once, or enum posture_part, or -1
	double value, bound;
};

struct plan_findings {
	size_t n, dropped;
	size_t errors; // of them, with the dropped ones; the rest is advice
	struct plan_finding list[PLAN_FINDINGS_MAX];
};

void plan_findings_add(struct plan_findings *findings, struct plan_finding finding);

bool finding_is_advice(enum finding_kind kind);
const char *finding_code(enum finding_kind kind); // "on_time": stable, for machines

// The key of a step that it is about.
enum step_key finding_key(const struct plan_finding *finding, const struct profile *profile);

// "60 N is above what the upper_back bears here (at most 50 N; rhomboid.left)", into buf; step_s is
// that of the proof (plan_proof.h).
#define PLAN_FINDING_TEXT_SIZE 1000 // of the longest: the seconds of each step
void plan_finding_text(const struct plan_finding *finding, const struct profile *profile,
	const struct atlas *atlas, const struct chair *chair, const double step_s[], char *buf,
	size_t size);

#endif
