// SPDX-License-Identifier: MIT
//
// Checker of pin traces: finds violations of the guard's rules in the levels of a chair's outputs.
//
// It reads only a trace (format: hal/sim/sim.h) and the chair file. "On" means that the wire's
// level differs from the line's safe level. A gap of at most two PWM periods does not end the on
// time of a PWM line or of any other line of an actuator.
//
//   on-time    a line is on for longer than its actuator's on_max_s
//   opposed    forward and reverse, or fill and vent, active together (exact)
//   dead-time  a direction goes on sooner than dead_time_ms after the opposite (1 ms tolerance)
//   relay      an actuator without PWM goes on sooner than min_off_ms after it went off, or its run
//              line was on for less than min_on_ms although nothing was stopped: something else
//              stayed on, and it goes on again before the enable line has stood still or a press
//              has gone back (1 ms tolerance)
//   outside    a line, or the enable line itself, is on although the enable line has not toggled
//              for more than two ticks: before the first arming, after a release, in between. (On
//              for at most two ticks is allowed: the relay that the enable line holds is open.)
//   exclusive  two actuators of an exclusive group are driven together (exact)
//   current    the actuators' current_ma, each weighted with its duty, go above current_max_ma;
//              in windows of 100 ms, 5 % tolerance for PWM periods at their ends
//   duty       a pressing actuator presses (others: is driven) for more than duty_max of any
//              5 minutes (1 s tolerance)
//   format     the trace does not match the chair file, or is not a trace
//
// The tolerance covers ticks that are late, but too little for the guard to trip (250 ms).
#ifndef CHAIRD_CHECKER_TRACE_CHECK_H
#define CHAIRD_CHECKER_TRACE_CHECK_H

#include <stdio.h>

#include "checker/trace_chair.h"

#define TRACE_TOLERANCE_US   INT64_C(300000)
#define TRACE_VIOLATIONS_MAX 16

enum trace_rule {
	TRACE_RULE_FORMAT,
	TRACE_RULE_ON_TIME,
	TRACE_RULE_OPPOSED,
	TRACE_RULE_DEAD_TIME,
	TRACE_RULE_RELAY,
	TRACE_RULE_OUTSIDE,
	TRACE_RULE_EXCLUSIVE,
	TRACE_RULE_CURRENT,
	TRACE_RULE_DUTY,
	TRACE_RULE_COUNT,
};

struct trace_violation {
	enum trace_rule rule;
	int64_t t_us;
	char text[120];
};

struct trace_report {
	struct trace_violation list[TRACE_VIOLATIONS_MAX];
	size_t n; // of all violations, also those that did not fit in the list
	size_t n_changes;
	int64_t end_us; // the end of the checked time
};

// Check until end_us: lines keep their last level until then, and later changes do not count. 0:
// until the last change. Returns 0 with the violations in the report, or -ENOMEM.
int trace_check(const struct trace_chair *chair, FILE *trace, int64_t tolerance_us, int64_t end_us,
	struct trace_report *ret_report);

void trace_report_print(const struct trace_report *report, FILE *out);

#endif
