// SPDX-License-Identifier: MIT
//
// Checker of pin traces: finds violations of the guard's rules in the levels of a chair's outputs.
//
// It reads only a trace (format: hal/sim/sim.h) and the chair file. trace_rules.h has the rules.
#ifndef CHAIRD_CHECKER_TRACE_CHECK_H
#define CHAIRD_CHECKER_TRACE_CHECK_H

#include <stdio.h>

#include "checker/trace_chair.h"
#include "checker/trace_report.h"

// Check until end_us: lines keep their last level until then, and later changes do not count. 0:
// until the last change. tolerance_us: for the rules on-time and outside. Returns 0 with the
// violations in the report, or -ENOMEM.
int trace_check(const struct trace_chair *chair, FILE *trace, int64_t tolerance_us, int64_t end_us,
	struct trace_report *ret_report);

#endif
