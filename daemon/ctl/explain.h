// SPDX-License-Identifier: MIT
//
// A plan in plain words, minute by minute, for the person and the technician.
#ifndef CHAIRD_CTL_EXPLAIN_H
#define CHAIRD_CTL_EXPLAIN_H

#include <stdio.h>

#include "ctl/planned_profile.h"
#include "ctl/terminal.h"

// Expected times, at an intensity of 0 ... 100 %. 0, or -ENOMEM.
int explain(FILE *stream, const struct terminal *terminal, const struct planned_profile *planned,
	double intensity_percent);

#endif
