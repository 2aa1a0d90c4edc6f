// SPDX-License-Identifier: MIT
//
// Checker of the claimed positions of carriages without pulses, by the plant's true positions.
//
// It knows the carriages from the chair file alone (trace_chair.h): their ways, slips and the
// greatest error with which they may press.
//
//   outside    the true position is not within the claimed one, give or take the claimed error
//   bold       the claimed error grows by less than the chair file's slip of the claimed way,
//              although no contact is near
//   uncertain  something presses while the claimed error is above position_error_mm
//   reach      something presses while a part of the claimed stretch is not within its reach, half
//              a roller to either side
#ifndef CHAIRD_CHECKER_POSITION_CHECK_H
#define CHAIRD_CHECKER_POSITION_CHECK_H

#include <stdio.h>

#include "checker/trace_chair.h"

struct position_check {
	const struct trace_chair *chair; // borrowed
	struct {
		double claimed_mm, error_mm; // NAN: it claims nothing
	} by[TRACE_ACTUATORS_MAX];
	size_t n; // violations
	char first[160];
};

void position_check_start(struct position_check *check, const struct trace_chair *chair);

// At each new claim, of a carriage without pulses; claimed_mm is NAN: it claims nothing. Others are
// ignored. True if this is a violation.
bool position_check_claim(struct position_check *check, int64_t now_us, size_t carriage,
	double true_mm, double claimed_mm, double error_mm);

// This actuator presses on the person, with its carriage at the last claim. True if this is a
// violation; not if nothing is claimed.
bool position_check_press(struct position_check *check, int64_t now_us, size_t actuator);

#endif
