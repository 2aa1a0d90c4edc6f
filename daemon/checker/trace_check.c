// SPDX-License-Identifier: MIT
#include "checker/trace_check.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "checker/trace_rules.h"

static int find_line(const struct trace_chair *chair, const char *name)
{
	for (size_t i = 0; i < chair->n_lines; i++) {
		if (!strcmp(chair->lines[i].name, name))
			return (int)i;
	}
	return -1;
}

// "# drive t_us NAME PERMILLE". True if it is that.
static bool read_drive(struct trace_rules *rules, const char *text, int64_t end_us)
{
	char name[TRACE_NAME_SIZE];
	int line, permille;
	int64_t t_us;

	if (sscanf(text, "# drive %" SCNd64 " %47s %d", &t_us, name, &permille) != 3)
		return false;
	line = find_line(rules->chair, name);
	if (line < 0 || !rules->chair->lines[line].channel || permille < 0 || permille > 1000 ||
		t_us < rules->now_us)
		trace_report_add(rules->report, TRACE_RULE_FORMAT, rules->now_us,
			"not a drive: \"%.60s\"", text);
	else if (!end_us || t_us <= end_us)
		trace_rules_drive(rules, t_us, (size_t)line, permille);
	return true;
}

static void read_header(struct trace_rules *rules, const char *text, int64_t end_us)
{
	char name[TRACE_NAME_SIZE], actuator[TRACE_NAME_SIZE], role[TRACE_NAME_SIZE];
	int safe, line, level;
	int64_t t_us;

	if (read_drive(rules, text, end_us))
		return;
	if (sscanf(text, "# input %" SCNd64 " %47s %d", &t_us, name, &level) == 3) {
		if (!end_us || t_us <= end_us)
			trace_rules_input(rules, t_us, name, level);
		return;
	}
	if (sscanf(text, "# line %47s %47s %47s safe %d", name, actuator, role, &safe) != 4)
		return; // a comment
	line = find_line(rules->chair, name);
	if (line < 0) {
		trace_report_add(rules->report, TRACE_RULE_FORMAT, 0,
			"%s is no output of this chair", name);
		return;
	}
	const struct trace_line *l = &rules->chair->lines[line];

	if (strcmp(trace_role_names[l->role], role) || l->safe_level != safe ||
		strcmp(l->actuator < 0 ? "-" : rules->chair->actuators[l->actuator].name, actuator))
		trace_report_add(rules->report, TRACE_RULE_FORMAT, 0,
			"%s differs from the chair file: %s", name, text);
	rules->declared[line] = true;
}

static void read_change(struct trace_rules *rules, char *text, int64_t end_us)
{
	char *name, *value;
	int64_t t_us = strtoll(text, &name, 10);
	int line = -1;

	value = name == text ? NULL : strchr(name + 1, ' ');
	if (value) {
		*value++ = '\0';
		line = find_line(rules->chair, name + 1);
	}
	if (line < 0 || (*value != '0' && *value != '1') || t_us < rules->now_us) {
		trace_report_add(rules->report, TRACE_RULE_FORMAT, rules->now_us,
			"not a change: \"%.60s\"", text);
		return;
	}
	if (end_us && t_us > end_us)
		return;
	trace_rules_change(rules, t_us, (size_t)line, *value == '1');
	rules->report->n_changes++;
}

int trace_check(const struct trace_chair *chair, FILE *trace, int64_t tolerance_us, int64_t end_us,
	struct trace_report *ret_report)
{
	struct trace_rules rules;
	char *text = NULL;
	size_t size = 0;
	int error;

	*ret_report = (struct trace_report){ 0 };
	trace_rules_start(&rules, chair, tolerance_us, ret_report);
	while (getline(&text, &size, trace) > 0) {
		if (text[0] == '#')
			read_header(&rules, text, end_us);
		else
			read_change(&rules, text, end_us);
	}
	free(text);
	error = trace_rules_end(&rules, end_us);
	ret_report->end_us = rules.now_us;
	return error;
}
