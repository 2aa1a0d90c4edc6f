// SPDX-License-Identifier: MIT
#include "checker/trace_report.h"

#include <stdarg.h>

static const char *const rule_names[TRACE_RULE_COUNT] = {
	[TRACE_RULE_FORMAT] = "format",
	[TRACE_RULE_ON_TIME] = "on-time",
	[TRACE_RULE_OPPOSED] = "opposed",
	[TRACE_RULE_DEAD_TIME] = "dead-time",
	[TRACE_RULE_RELAY] = "relay",
	[TRACE_RULE_OUTSIDE] = "outside",
	[TRACE_RULE_EXCLUSIVE] = "exclusive",
	[TRACE_RULE_CURRENT] = "current",
	[TRACE_RULE_DUTY] = "duty",
	[TRACE_RULE_WAY] = "way",
	[TRACE_RULE_STOP_BUTTON] = "stop-button",
};

void trace_report_add(struct trace_report *report, enum trace_rule rule, int64_t t_us,
	const char *format, ...)
{
	va_list args;

	if (report->n < TRACE_VIOLATIONS_MAX) {
		struct trace_violation *violation = &report->list[report->n];

		violation->rule = rule;
		violation->t_us = t_us;
		va_start(args, format);
		vsnprintf(violation->text, sizeof(violation->text), format, args);
		va_end(args);
	}
	report->n++;
}

void trace_report_print(const struct trace_report *report, FILE *out)
{
	for (size_t i = 0; i < report->n && i < TRACE_VIOLATIONS_MAX; i++)
		fprintf(out, "%12.6f s  %s: %s\n", report->list[i].t_us / 1e6,
			rule_names[report->list[i].rule], report->list[i].text);
	if (report->n > TRACE_VIOLATIONS_MAX)
		fprintf(out, "... and %zu more\n", report->n - TRACE_VIOLATIONS_MAX);
}
