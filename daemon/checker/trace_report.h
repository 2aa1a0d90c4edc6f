// SPDX-License-Identifier: MIT
//
// What the trace checker found: the first violations in the order in which they were found, and
// the count of all.
#ifndef CHAIRD_CHECKER_TRACE_REPORT_H
#define CHAIRD_CHECKER_TRACE_REPORT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define TRACE_VIOLATIONS_MAX 16

// For ticks that are late, but too little for the guard to trip (250 ms).
#define TRACE_TOLERANCE_US INT64_C(300000)

enum trace_rule { // explained in trace_rules.h
	TRACE_RULE_FORMAT,
	TRACE_RULE_ON_TIME,
	TRACE_RULE_OPPOSED,
	TRACE_RULE_DEAD_TIME,
	TRACE_RULE_RELAY,
	TRACE_RULE_OUTSIDE,
	TRACE_RULE_EXCLUSIVE,
	TRACE_RULE_CURRENT,
	TRACE_RULE_DUTY,
	TRACE_RULE_WAY,
	TRACE_RULE_STOP_BUTTON,
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

// Violations after the first TRACE_VIOLATIONS_MAX are counted only, and a text is cut to its size.
void trace_report_add(struct trace_report *report, enum trace_rule rule, int64_t t_us,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

void trace_report_print(const struct trace_report *report, FILE *out);

#endif
