// SPDX-License-Identifier: MIT
//
// Two plans compared: what changes for the person.
#ifndef CHAIRD_CTL_COMPARISON_H
#define CHAIRD_CTL_COMPARISON_H

#include <stdio.h>

#include "ctl/planned_profile.h"
#include "ctl/terminal.h"

// Duration and breath first, then each place that differs: force,
// time under pressure, dose, kneading. Expected values, at an intensity of 0 ... 100 %. 0, or
// -ENOMEM.
int comparison_print(FILE *stream, const struct terminal *terminal, const struct planned_profile *a,
	const struct planned_profile *b, double intensity_percent);

#endif
