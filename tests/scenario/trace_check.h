// SPDX-License-Identifier: MIT
//
// The checker of pin traces: finds what no pin trace of a chair may ever show.
//
// It reads a trace (format: hal/sim/sim.h) and the chair file, nothing else. "On" means: the wire's
// level differs from the line's safe level. A PWM line is on without a break while no gap is
// longer than two PWM periods; the other lines of an actuator are judged the same way.
//
//   on-time    a line is on for longer than its actuator's on_max_s
//   opposed    forward and reverse, or fill and vent, active together (exact)
//   dead-time  a direction goes on sooner than dead_time_ms after the opposite (1 ms tolerance)
//   outside    a line, or the enable line itself, is on while that has not toggled for more than
//              two ticks, which is: before the first arming, after a release, in between. (What was on for no
//              longer than two ticks is forgiven: the relay that the enable line holds is open.)
//   exclusive  two actuators of an exclusive group are driven together (exact)
//   current    the actuators' current_ma, each weighted with its duty, go above current_max_ma;
//              taken over windows of 100 ms, 5 % tolerance for PWM periods that a window cuts
//   duty       a pressing actuator presses (others: is driven) for more than duty_max of any
//              5 minutes (1 s tolerance)
//   format     the trace does not fit the chair file, or is no trace
//
// The tolerance covers the ticks that the guard may run late before it trips (250 ms).
#ifndef TESTS_SCENARIO_TRACE_CHECK_H
#define TESTS_SCENARIO_TRACE_CHECK_H

#include <stdio.h>

#include "trace_chair.h"

#define TRACE_TOLERANCE_US   INT64_C(300000)
#define TRACE_VIOLATIONS_MAX 16

enum trace_rule {
	TRACE_RULE_FORMAT,
	TRACE_RULE_ON_TIME,
	TRACE_RULE_OPPOSED,
	TRACE_RULE_DEAD_TIME,
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
	size_t n; // all of them, also those that the list has no room for
	size_t n_changes;
	int64_t end_us; // how far it was judged
};

const char *trace_rule_name(enum trace_rule rule);

// end_us: judge until then; the lines keep their last level until then, and later changes do not
// count. 0: until the last change.
// 0 with everything found in the report, or -ENOMEM.
int trace_check(const struct trace_chair *chair, FILE *trace, int64_t tolerance_us, int64_t end_us,
	struct trace_report *ret_report);

void trace_report_print(const struct trace_report *report, FILE *out);

#endif
