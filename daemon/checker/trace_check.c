// SPDX-License-Identifier: MIT
#include "checker/trace_check.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "checker/trace_relay.h"
#include "checker/trace_signal.h"

#define NEVER_US           (INT64_MIN / 2)
#define DEAD_TIME_SLACK_US 1000
#define CURRENT_WINDOW_US  100000
#define CURRENT_SLACK      1.05
#define DUTY_WINDOW_US     INT64_C(300000000)
#define DUTY_SLACK_US      1000000

struct check {
	const struct trace_chair *chair;
	struct trace_report *report;
	int64_t tolerance_us, end_us;
	int64_t now_us;
	bool level[TRACE_LINES_MAX], before[TRACE_LINES_MAX]; // of the wire; one batch earlier
	bool declared[TRACE_LINES_MAX];
	int64_t off_us[TRACE_LINES_MAX];   // when it last stopped being active
	struct signal on[TRACE_LINES_MAX]; // the line is off its safe level
	struct signal driven[TRACE_ACTUATORS_MAX];
	struct trace_relay relays[TRACE_ACTUATORS_MAX];
	int64_t stopped_us; // the enable line stood still until then, or a press went back
	struct signal pressing[TRACE_ACTUATORS_MAX];
	int64_t toggled_us;  // the enable line, last
	int64_t dark_us;     // something is on without the enable line since then; NEVER_US
	int64_t dark_off_us; // all of that was off
	bool outside_reported;
	int64_t window_end_us;
	double window_ma_us;
	bool out_of_memory;
};

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
};

static void __attribute__((format(printf, 4, 5))) add_violation(struct check *check,
	enum trace_rule rule, int64_t t_us, const char *format, ...)
{
	struct trace_report *report = check->report;
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

static void set(struct check *check, struct signal *signal, bool on)
{
	if (!signal_set(signal, check->now_us, on, 2 * check->chair->pwm_period_us))
		check->out_of_memory = true;
}

static bool line_on(const struct check *check, int line)
{
	return line >= 0 && check->level[line] != check->chair->lines[line].safe_level;
}

static bool line_active(const struct check *check, int line)
{
	return line >= 0 && check->level[line] == check->chair->lines[line].active_level;
}

// Whether it is powered at this instant.
static bool actuator_on(const struct check *check, const struct trace_actuator *actuator)
{
	if (actuator->line[TRACE_PWM] >= 0)
		return line_on(check, actuator->line[TRACE_PWM]);
	for (int role = 0; role < TRACE_ROLE_COUNT; role++) {
		if (line_on(check, actuator->line[role]))
			return true;
	}
	return false;
}

static bool anything_on(const struct check *check)
{
	for (size_t i = 0; i < check->chair->n_lines; i++) {
		if ((int)i != check->chair->enable && line_on(check, (int)i))
			return true;
	}
	return false;
}

// --- at each instant --------------------------------------------------------------------------

static void check_opposed(struct check *check, const struct trace_actuator *actuator,
	enum trace_role one, enum trace_role other)
{
	int a = actuator->line[one], b = actuator->line[other];

	if (!line_active(check, a) || !line_active(check, b))
		return;
	if (check->level[a] != check->before[a] || check->level[b] != check->before[b])
		add_violation(check, TRACE_RULE_OPPOSED, check->now_us, "%s: %s and %s together",
			actuator->name, trace_role_names[one], trace_role_names[other]);
}

static void check_dead_time(struct check *check, const struct trace_actuator *actuator,
	enum trace_role goes_on, enum trace_role opposite)
{
	int line = actuator->line[goes_on], other = actuator->line[opposite];

	if (line < 0 || other < 0 || !line_active(check, line) ||
		check->level[line] == check->before[line])
		return;
	int64_t gap_us = check->now_us - check->off_us[other];

	if (gap_us < actuator->dead_time_us - DEAD_TIME_SLACK_US)
		add_violation(check, TRACE_RULE_DEAD_TIME, check->now_us, "%s: %s %.1f ms after %s",
			actuator->name, trace_role_names[goes_on], gap_us / 1e3,
			trace_role_names[opposite]);
}

static void check_relay(struct check *check, size_t index, bool on)
{
	const struct trace_actuator *actuator = &check->chair->actuators[index];
	struct trace_relay *relay = &check->relays[index];
	int64_t on_us = relay->off_us - relay->on_us, off_us = check->now_us - relay->off_us;
	enum trace_relay_fault fault;

	if (relay->on == on)
		return;
	if (!on) {
		trace_relay_off(relay, actuator, check->now_us,
			actuator->line[TRACE_RUN] < 0 || !anything_on(check));
		return;
	}
	fault = trace_relay_on(relay, actuator, check->now_us, check->stopped_us);
	if (fault == TRACE_RELAY_SOON)
		add_violation(check, TRACE_RULE_RELAY, check->now_us,
			"%s goes on %.1f ms after it went off", actuator->name, off_us / 1e3);
	else if (fault == TRACE_RELAY_SHORT)
		add_violation(check, TRACE_RULE_RELAY, relay->off_us,
			"%s was on for %.1f ms only, and nothing stopped it", actuator->name,
			on_us / 1e3);
}

static void check_actuator(struct check *check, size_t index)
{
	const struct trace_actuator *actuator = &check->chair->actuators[index];
	bool on = actuator_on(check, actuator);
	int forward = actuator->line[TRACE_FORWARD];

	check_opposed(check, actuator, TRACE_FORWARD, TRACE_REVERSE);
	check_opposed(check, actuator, TRACE_FILL, TRACE_VENT);
	check_dead_time(check, actuator, TRACE_FORWARD, TRACE_REVERSE);
	check_dead_time(check, actuator, TRACE_REVERSE, TRACE_FORWARD);
	if (actuator->line[TRACE_PWM] < 0)
		check_relay(check, index, on);
	if (actuator->presses && line_active(check, actuator->line[TRACE_REVERSE]))
		check->stopped_us = check->now_us;
	set(check, &check->driven[index], on);
	set(check, &check->pressing[index],
		on && (!actuator->presses || forward < 0 || line_active(check, forward)));
}

static void check_dark(struct check *check)
{
	int64_t still_us = 2 * check->chair->tick_us;

	if (anything_on(check)) {
		if (check->now_us - check->toggled_us > still_us &&
			check->now_us - check->dark_off_us > 2 * check->chair->pwm_period_us)
			check->dark_us = check->now_us;
		check->dark_off_us = INT64_MAX;
	} else if (check->dark_off_us == INT64_MAX) {
		check->dark_off_us = check->now_us;
		if (check->dark_us != NEVER_US && check->now_us - check->dark_us > still_us)
			add_violation(check, TRACE_RULE_OUTSIDE, check->dark_us,
				"something was on without the enable line");
	}
}

// All changes of one instant have been read: check the new levels.
static void batch_end(struct check *check)
{
	const struct trace_chair *chair = check->chair;

	for (size_t i = 0; i < chair->n_lines; i++) {
		if (check->level[i] == check->before[i])
			continue;
		if (check->level[i] != chair->lines[i].active_level)
			check->off_us[i] = check->now_us;
		if ((int)i == chair->enable) {
			if (check->now_us - check->toggled_us > 2 * chair->tick_us)
				check->stopped_us = check->now_us;
			check->toggled_us = check->now_us;
			check->dark_us = NEVER_US;
			check->outside_reported = false;
		} else {
			set(check, &check->on[i], line_on(check, (int)i));
		}
	}
	if (chair->enable >= 0)
		check_dark(check);
	for (size_t i = 0; i < chair->n_actuators; i++)
		check_actuator(check, i);
	memcpy(check->before, check->level, sizeof(check->before));
}

// --- over the time between two instants -------------------------------------------------------

static void check_outside(struct check *check, int64_t until_us)
{
	const struct trace_chair *chair = check->chair;
	int64_t since_us = check->toggled_us > check->dark_us ? check->toggled_us : check->dark_us;
	int64_t limit_us = since_us + 2 * chair->tick_us + check->tolerance_us;

	if (chair->enable < 0 || check->outside_reported || until_us <= limit_us)
		return;
	for (size_t i = 0; i < chair->n_lines; i++) {
		if (!line_on(check, (int)i))
			continue;
		add_violation(check, TRACE_RULE_OUTSIDE, limit_us,
			"%s is on, the enable line stands still", chair->lines[i].name);
		check->outside_reported = true;
	}
}

static void check_current(struct check *check, int64_t until_us)
{
	const struct trace_chair *chair = check->chair;
	int64_t t_us = check->now_us;
	double ma = 0;

	if (!chair->current_max_ma)
		return;
	for (size_t i = 0; i < chair->n_actuators; i++)
		ma += actuator_on(check, &chair->actuators[i]) ? chair->actuators[i].current_ma : 0;
	while (t_us < until_us) {
		int64_t next_us = until_us < check->window_end_us ? until_us : check->window_end_us;

		check->window_ma_us += ma * (double)(next_us - t_us);
		t_us = next_us;
		if (t_us < check->window_end_us)
			break;
		if (check->window_ma_us / CURRENT_WINDOW_US > CURRENT_SLACK * chair->current_max_ma)
			add_violation(check, TRACE_RULE_CURRENT, t_us, "%.0f mA, %d mA allowed",
				check->window_ma_us / CURRENT_WINDOW_US, chair->current_max_ma);
		check->window_ma_us = 0;
		check->window_end_us += CURRENT_WINDOW_US;
	}
}

static void time_passes(struct check *check, int64_t until_us)
{
	batch_end(check);
	check_outside(check, until_us);
	check_current(check, until_us);
	check->now_us = until_us;
}

// --- over the whole trace ---------------------------------------------------------------------

static void check_on_time(struct check *check, size_t line)
{
	const struct trace_line *l = &check->chair->lines[line];
	const struct signal *signal = &check->on[line];
	int64_t max_us = l->actuator < 0 ? 0 : check->chair->actuators[l->actuator].on_max_us;

	for (size_t i = 0; max_us && i < signal->n; i++) {
		int64_t length_us = signal->spans[i].to_us - signal->spans[i].from_us;

		if (length_us > max_us + check->tolerance_us)
			add_violation(check, TRACE_RULE_ON_TIME, signal->spans[i].from_us,
				"%s (%s %s) on for %.3f s, %.3f s allowed", l->name,
				check->chair->actuators[l->actuator].name,
				trace_role_names[l->role], length_us / 1e6, max_us / 1e6);
	}
}

static void check_duty(struct check *check, size_t actuator)
{
	const struct trace_actuator *a = &check->chair->actuators[actuator];
	int64_t max_us = DUTY_WINDOW_US / 1000 * a->duty_max_permille, from_us = 0, most_us;

	if (a->duty_max_permille >= 1000)
		return;
	most_us = signal_longest_us(&check->pressing[actuator], DUTY_WINDOW_US, &from_us);
	if (most_us > max_us + DUTY_SLACK_US)
		add_violation(check, TRACE_RULE_DUTY, from_us,
			"%s pressed for %.1f s of 5 minutes, %.1f s allowed", a->name,
			most_us / 1e6, max_us / 1e6);
}

static void check_together(struct check *check, size_t one, size_t other)
{
	const struct trace_actuator *actuators = check->chair->actuators;
	int64_t t_us = signal_together_us(&check->driven[one], &check->driven[other]);

	if (t_us >= 0)
		add_violation(check, TRACE_RULE_EXCLUSIVE, t_us, "%s and %s together",
			actuators[one].name, actuators[other].name);
}

static void check_group(struct check *check, uint32_t group)
{
	for (size_t one = 0; one < check->chair->n_actuators; one++) {
		for (size_t other = one + 1; other < check->chair->n_actuators; other++) {
			if (group >> one & group >> other & 1)
				check_together(check, one, other);
		}
	}
}

static void check_whole(struct check *check)
{
	const struct trace_chair *chair = check->chair;

	batch_end(check);
	for (size_t i = 0; i < chair->n_lines; i++) {
		set(check, &check->on[i], false);
		check_on_time(check, i);
		if (!check->declared[i])
			add_violation(check, TRACE_RULE_FORMAT, 0,
				"%s is not in the trace's header", chair->lines[i].name);
	}
	for (size_t i = 0; i < chair->n_actuators; i++) {
		set(check, &check->driven[i], false);
		set(check, &check->pressing[i], false);
		check_duty(check, i);
	}
	for (size_t i = 0; i < chair->n_groups; i++)
		check_group(check, chair->groups[i]);
}

// --- reading ----------------------------------------------------------------------------------

static int find_line(const struct trace_chair *chair, const char *name)
{
	for (size_t i = 0; i < chair->n_lines; i++) {
		if (!strcmp(chair->lines[i].name, name))
			return (int)i;
	}
	return -1;
}

static void read_header(struct check *check, const char *text)
{
	char name[TRACE_NAME_SIZE], actuator[TRACE_NAME_SIZE], role[TRACE_NAME_SIZE];
	int safe, line;

	if (sscanf(text, "# line %47s %47s %47s safe %d", name, actuator, role, &safe) != 4)
		return; // a comment
	line = find_line(check->chair, name);
	if (line < 0) {
		add_violation(check, TRACE_RULE_FORMAT, 0, "%s is no output of this chair", name);
		return;
	}
	const struct trace_line *l = &check->chair->lines[line];

	if (strcmp(trace_role_names[l->role], role) || l->safe_level != safe ||
		strcmp(l->actuator < 0 ? "-" : check->chair->actuators[l->actuator].name, actuator))
		add_violation(check, TRACE_RULE_FORMAT, 0, "%s differs from the chair file: %s",
			name, text);
	check->declared[line] = true;
}

static void read_change(struct check *check, char *text)
{
	char *name, *value;
	int64_t t_us = strtoll(text, &name, 10);
	int line = -1;

	value = name == text ? NULL : strchr(name + 1, ' ');
	if (value) {
		*value++ = '\0';
		line = find_line(check->chair, name + 1);
	}
	if (line < 0 || (*value != '0' && *value != '1') || t_us < check->now_us) {
		add_violation(check, TRACE_RULE_FORMAT, check->now_us, "not a change: \"%.60s\"",
			text);
		return;
	}
	if (t_us > check->end_us)
		return;
	if (t_us > check->now_us)
		time_passes(check, t_us);
	check->level[line] = *value == '1';
	check->report->n_changes++;
}

int trace_check(const struct trace_chair *chair, FILE *trace, int64_t tolerance_us, int64_t end_us,
	struct trace_report *ret_report)
{
	struct check *check = calloc(1, sizeof(*check));
	char *text = NULL;
	size_t size = 0;
	int error;

	*ret_report = (struct trace_report){ 0 };
	if (!check)
		return -ENOMEM;
	check->chair = chair;
	check->report = ret_report;
	check->tolerance_us = tolerance_us;
	check->end_us = end_us ? end_us : INT64_MAX;
	check->toggled_us = check->dark_us = check->dark_off_us = NEVER_US;
	for (size_t i = 0; i < chair->n_actuators; i++)
		check->relays[i].off_us = NEVER_US;
	check->window_end_us = CURRENT_WINDOW_US;
	for (size_t i = 0; i < chair->n_lines; i++) {
		check->before[i] = check->level[i] = chair->lines[i].safe_level;
		check->off_us[i] = NEVER_US;
	}
	while (getline(&text, &size, trace) > 0) {
		if (text[0] == '#')
			read_header(check, text);
		else
			read_change(check, text);
	}
	if (end_us > check->now_us)
		time_passes(check, end_us);
	check_whole(check);
	ret_report->end_us = check->now_us;
	error = check->out_of_memory ? -ENOMEM : 0;

	for (size_t i = 0; i < TRACE_LINES_MAX; i++)
		signal_clear(&check->on[i]);
	for (size_t i = 0; i < TRACE_ACTUATORS_MAX; i++) {
		signal_clear(&check->driven[i]);
		signal_clear(&check->pressing[i]);
	}
	free(text);
	free(check);
	return error;
}

void trace_report_print(const struct trace_report *report, FILE *out)
{
	for (size_t i = 0; i < report->n && i < TRACE_VIOLATIONS_MAX; i++)
		fprintf(out, "%12.6f s  %s: %s\n", report->list[i].t_us / 1e6,
			rule_names[report->list[i].rule], report->list[i].text);
	if (report->n > TRACE_VIOLATIONS_MAX)
		fprintf(out, "... and %zu more\n", report->n - TRACE_VIOLATIONS_MAX);
}
