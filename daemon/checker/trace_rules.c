// SPDX-License-Identifier: MIT
#include "checker/trace_rules.h"

#include <errno.h>
#include <string.h>

#define NEVER_US           (INT64_MIN / 2)
#define DEAD_TIME_SLACK_US 1000
#define CURRENT_WINDOW_US  100000
#define CURRENT_SLACK      1.05
#define DUTY_WINDOW_US     INT64_C(300000000)
#define DUTY_SLACK_US      1000000
#define STOP_SLACK_US      10000

void trace_rules_start(struct trace_rules *rules, const struct trace_chair *chair,
	int64_t tolerance_us, struct trace_report *report)
{
	*rules = (struct trace_rules){ .chair = chair, .report = report };
	rules->tolerance_us = tolerance_us;
	rules->toggled_us = rules->dark_us = rules->dark_off_us = NEVER_US;
	rules->window_end_us = CURRENT_WINDOW_US;
	for (size_t i = 0; i < chair->n_actuators; i++)
		rules->relays[i].off_us = NEVER_US;
	for (size_t i = 0; i < chair->n_stops; i++)
		rules->pressed_us[i] = NEVER_US;
	for (size_t i = 0; i < chair->n_lines; i++) {
		rules->before[i] = rules->level[i] = chair->lines[i].safe_level;
		rules->off_us[i] = NEVER_US;
		rules->drive_permille[i] = 1000;
	}
}

static void set_signal(struct trace_rules *rules, struct signal *signal, bool on)
{
	if (!signal_set(signal, rules->now_us, on, 2 * rules->chair->pwm_period_us))
		rules->out_of_memory = true;
}

static bool line_on(const struct trace_rules *rules, int line)
{
	return line >= 0 && rules->level[line] != rules->chair->lines[line].safe_level;
}

static bool line_active(const struct trace_rules *rules, int line)
{
	return line >= 0 && rules->level[line] == rules->chair->lines[line].active_level;
}

// Whether it is powered at this instant.
static bool actuator_on(const struct trace_rules *rules, const struct trace_actuator *actuator)
{
	if (actuator->line[TRACE_PWM] >= 0)
		return line_on(rules, actuator->line[TRACE_PWM]);
	for (int role = 0; role < TRACE_ROLE_COUNT; role++) {
		if (line_on(rules, actuator->line[role]))
			return true;
	}
	return false;
}

static bool anything_on(const struct trace_rules *rules)
{
	for (size_t i = 0; i < rules->chair->n_lines; i++) {
		if ((int)i != rules->chair->enable && line_on(rules, (int)i))
			return true;
	}
	return false;
}

// --- at each instant --------------------------------------------------------------------------

static void check_opposed(struct trace_rules *rules, const struct trace_actuator *actuator,
	enum trace_role one, enum trace_role other)
{
	int a = actuator->line[one], b = actuator->line[other];

	if (!line_active(rules, a) || !line_active(rules, b))
		return;
	if (rules->level[a] != rules->before[a] || rules->level[b] != rules->before[b])
		trace_report_add(rules->report, TRACE_RULE_OPPOSED, rules->now_us,
			"%s: %s and %s together", actuator->name, trace_role_names[one],
			trace_role_names[other]);
}

static void check_dead_time(struct trace_rules *rules, const struct trace_actuator *actuator,
	enum trace_role goes_on, enum trace_role opposite)
{
	int line = actuator->line[goes_on], other = actuator->line[opposite];

	if (line < 0 || other < 0 || !line_active(rules, line) ||
		rules->level[line] == rules->before[line])
		return;
	int64_t gap_us = rules->now_us - rules->off_us[other];

	if (gap_us < actuator->dead_time_us - DEAD_TIME_SLACK_US)
		trace_report_add(rules->report, TRACE_RULE_DEAD_TIME, rules->now_us,
			"%s: %s %.1f ms after %s", actuator->name, trace_role_names[goes_on],
			gap_us / 1e3, trace_role_names[opposite]);
}

static void check_relay(struct trace_rules *rules, size_t index, bool on)
{
	const struct trace_actuator *actuator = &rules->chair->actuators[index];
	struct trace_relay *relay = &rules->relays[index];
	int64_t on_us = relay->off_us - relay->on_us, off_us = rules->now_us - relay->off_us;
	enum trace_relay_fault fault;

	if (relay->on == on)
		return;
	if (!on) {
		trace_relay_off(relay, actuator, rules->now_us,
			actuator->line[TRACE_RUN] < 0 || !anything_on(rules));
		return;
	}
	fault = trace_relay_on(relay, actuator, rules->now_us, rules->stopped_us);
	if (fault == TRACE_RELAY_SOON)
		trace_report_add(rules->report, TRACE_RULE_RELAY, rules->now_us,
			"%s goes on %.1f ms after it went off", actuator->name, off_us / 1e3);
	else if (fault == TRACE_RELAY_SHORT)
		trace_report_add(rules->report, TRACE_RULE_RELAY, relay->off_us,
			"%s was on for %.1f ms only, and nothing stopped it", actuator->name,
			on_us / 1e3);
}

static void check_actuator(struct trace_rules *rules, size_t index)
{
	const struct trace_actuator *actuator = &rules->chair->actuators[index];
	bool on = actuator_on(rules, actuator);
	int forward = actuator->line[TRACE_FORWARD];

	check_opposed(rules, actuator, TRACE_FORWARD, TRACE_REVERSE);
	check_opposed(rules, actuator, TRACE_FILL, TRACE_VENT);
	check_dead_time(rules, actuator, TRACE_FORWARD, TRACE_REVERSE);
	check_dead_time(rules, actuator, TRACE_REVERSE, TRACE_FORWARD);
	if (actuator->line[TRACE_PWM] < 0)
		check_relay(rules, index, on);
	if (actuator->presses && line_active(rules, actuator->line[TRACE_REVERSE]))
		rules->stopped_us = rules->now_us;
	set_signal(rules, &rules->driven[index], on);
	set_signal(rules, &rules->pressing[index],
		on && (!actuator->presses || forward < 0 || line_active(rules, forward)));
}

static void check_dark(struct trace_rules *rules)
{
	int64_t still_us = 2 * rules->chair->tick_us;

	if (anything_on(rules)) {
		if (rules->now_us - rules->toggled_us > still_us &&
			rules->now_us - rules->dark_off_us > 2 * rules->chair->pwm_period_us)
			rules->dark_us = rules->now_us;
		rules->dark_off_us = INT64_MAX;
	} else if (rules->dark_off_us == INT64_MAX) {
		rules->dark_off_us = rules->now_us;
		if (rules->dark_us != NEVER_US && rules->now_us - rules->dark_us > still_us)
			trace_report_add(rules->report, TRACE_RULE_OUTSIDE, rules->dark_us,
				"something was on without the enable line");
	}
}

// All changes of this instant are known: check the new levels.
static void check_instant(struct trace_rules *rules)
{
	const struct trace_chair *chair = rules->chair;

	for (size_t i = 0; i < chair->n_lines; i++) {
		if (rules->level[i] == rules->before[i])
			continue;
		if (rules->level[i] != chair->lines[i].active_level)
			rules->off_us[i] = rules->now_us;
		if ((int)i == chair->enable) {
			if (rules->now_us - rules->toggled_us > 2 * chair->tick_us)
				rules->stopped_us = rules->now_us;
			rules->toggled_us = rules->now_us;
			rules->dark_us = NEVER_US;
			rules->outside_reported = false;
		} else {
			set_signal(rules, &rules->on[i], line_on(rules, (int)i));
		}
	}
	if (chair->enable >= 0)
		check_dark(rules);
	for (size_t i = 0; i < chair->n_actuators; i++)
		check_actuator(rules, i);
	memcpy(rules->before, rules->level, sizeof(rules->before));
}

// --- over the time between two instants -------------------------------------------------------

static void check_outside(struct trace_rules *rules, int64_t until_us)
{
	const struct trace_chair *chair = rules->chair;
	int64_t since_us = rules->toggled_us > rules->dark_us ? rules->toggled_us : rules->dark_us;
	int64_t limit_us = since_us + 2 * chair->tick_us + rules->tolerance_us;

	if (chair->enable < 0 || rules->outside_reported || until_us <= limit_us)
		return;
	for (size_t i = 0; i < chair->n_lines; i++) {
		if (!line_on(rules, (int)i))
			continue;
		trace_report_add(rules->report, TRACE_RULE_OUTSIDE, limit_us,
			"%s is on, the enable line stands still", chair->lines[i].name);
		rules->outside_reported = true;
	}
}

// Drawn at this instant.
static double actuator_ma(const struct trace_rules *rules, const struct trace_actuator *actuator)
{
	int pwm = actuator->line[TRACE_PWM];
	double ma = actuator_on(rules, actuator) ? actuator->current_ma : 0;

	return pwm < 0 ? ma : ma * rules->drive_permille[pwm] / 1000;
}

static void check_current(struct trace_rules *rules, int64_t until_us)
{
	const struct trace_chair *chair = rules->chair;
	int64_t t_us = rules->now_us;
	double ma = 0;

	if (!chair->current_max_ma)
		return;
	for (size_t i = 0; i < chair->n_actuators; i++)
		ma += actuator_ma(rules, &chair->actuators[i]);
	while (t_us < until_us) {
		int64_t next_us = until_us < rules->window_end_us ? until_us : rules->window_end_us;

		rules->window_ma_us += ma * (double)(next_us - t_us);
		t_us = next_us;
		if (t_us < rules->window_end_us)
			break;
		if (rules->window_ma_us / CURRENT_WINDOW_US > CURRENT_SLACK * chair->current_max_ma)
			trace_report_add(rules->report, TRACE_RULE_CURRENT, t_us,
				"%.0f mA, %d mA allowed", rules->window_ma_us / CURRENT_WINDOW_US,
				chair->current_max_ma);
		rules->window_ma_us = 0;
		rules->window_end_us += CURRENT_WINDOW_US;
	}
}

static bool releases(const struct trace_rules *rules, const struct trace_actuator *actuator)
{
	if (actuator->line[TRACE_VENT] >= 0)
		return !line_active(rules, actuator->line[TRACE_FILL]);
	return actuator->presses && line_active(rules, actuator->line[TRACE_REVERSE]);
}

static void check_stop(struct trace_rules *rules, int64_t since_us, int64_t until_us)
{
	const struct trace_chair *chair = rules->chair;
	int64_t limit_us = since_us + chair->debounce_us + STOP_SLACK_US;

	if (rules->tolerance_us > TRACE_TOLERANCE_US)
		limit_us += rules->tolerance_us - TRACE_TOLERANCE_US;
	if (since_us == NEVER_US || rules->stop_reported || until_us <= limit_us)
		return;
	for (size_t i = 0; i < chair->n_actuators; i++) {
		if (!actuator_on(rules, &chair->actuators[i]) ||
			releases(rules, &chair->actuators[i]))
			continue;
		trace_report_add(rules->report, TRACE_RULE_STOP_BUTTON,
			rules->now_us > limit_us ? rules->now_us : limit_us,
			"%s is on although a stop button is pressed", chair->actuators[i].name);
		rules->stop_reported = true;
	}
}

static void pass_time(struct trace_rules *rules, int64_t until_us)
{
	check_instant(rules);
	check_outside(rules, until_us);
	for (size_t i = 0; i < rules->chair->n_stops; i++)
		check_stop(rules, rules->pressed_us[i], until_us);
	check_current(rules, until_us);
	rules->now_us = until_us;
}

// --- over the whole trace ---------------------------------------------------------------------

static void check_on_time(struct trace_rules *rules, size_t line)
{
	const struct trace_line *l = &rules->chair->lines[line];
	const struct signal *signal = &rules->on[line];
	int64_t max_us = l->actuator < 0 ? 0 : rules->chair->actuators[l->actuator].on_max_us;

	for (size_t i = 0; max_us && i < signal->n; i++) {
		int64_t length_us = signal->spans[i].to_us - signal->spans[i].from_us;

		if (length_us > max_us + rules->tolerance_us)
			trace_report_add(rules->report, TRACE_RULE_ON_TIME,
				signal->spans[i].from_us,
				"%s (%s %s) on for %.3f s, %.3f s allowed", l->name,
				rules->chair->actuators[l->actuator].name,
				trace_role_names[l->role], length_us / 1e6, max_us / 1e6);
	}
}

static void check_way(struct trace_rules *rules, size_t line)
{
	const struct trace_line *l = &rules->chair->lines[line];
	const struct signal *signal = &rules->on[line];
	int64_t way_us = l->actuator < 0 || l->role > TRACE_REVERSE
		? 0
		: rules->chair->actuators[l->actuator].way_us[l->role];

	for (size_t i = 0; way_us && i < signal->n; i++) {
		int64_t length_us = signal->spans[i].to_us - signal->spans[i].from_us;

		if (length_us > way_us + rules->tolerance_us)
			trace_report_add(rules->report, TRACE_RULE_WAY, signal->spans[i].from_us,
				"%s (%s %s) driven for %.3f s, its way takes %.3f s", l->name,
				rules->chair->actuators[l->actuator].name,
				trace_role_names[l->role], length_us / 1e6, way_us / 1e6);
	}
}

static void check_duty(struct trace_rules *rules, size_t actuator)
{
	const struct trace_actuator *a = &rules->chair->actuators[actuator];
	int64_t max_us = DUTY_WINDOW_US / 1000 * a->duty_max_permille, from_us = 0, most_us;

	if (a->duty_max_permille >= 1000)
		return;
	most_us = signal_longest_us(&rules->pressing[actuator], DUTY_WINDOW_US, &from_us);
	if (most_us > max_us + DUTY_SLACK_US)
		trace_report_add(rules->report, TRACE_RULE_DUTY, from_us,
			"%s pressed for %.1f s of 5 minutes, %.1f s allowed", a->name,
			most_us / 1e6, max_us / 1e6);
}

static void check_together(struct trace_rules *rules, size_t one, size_t other)
{
	const struct trace_actuator *actuators = rules->chair->actuators;
	int64_t t_us = signal_together_us(&rules->driven[one], &rules->driven[other]);

	if (t_us >= 0)
		trace_report_add(rules->report, TRACE_RULE_EXCLUSIVE, t_us, "%s and %s together",
			actuators[one].name, actuators[other].name);
}

static void check_group(struct trace_rules *rules, uint32_t group)
{
	for (size_t one = 0; one < rules->chair->n_actuators; one++) {
		for (size_t other = one + 1; other < rules->chair->n_actuators; other++) {
			if (group >> one & group >> other & 1)
				check_together(rules, one, other);
		}
	}
}

static void check_whole(struct trace_rules *rules)
{
	const struct trace_chair *chair = rules->chair;

	check_instant(rules);
	for (size_t i = 0; i < chair->n_lines; i++) {
		set_signal(rules, &rules->on[i], false);
		check_on_time(rules, i);
		check_way(rules, i);
		if (!rules->declared[i])
			trace_report_add(rules->report, TRACE_RULE_FORMAT, 0,
				"%s is not in the trace's header", chair->lines[i].name);
	}
	for (size_t i = 0; i < chair->n_actuators; i++) {
		set_signal(rules, &rules->driven[i], false);
		set_signal(rules, &rules->pressing[i], false);
		check_duty(rules, i);
	}
	for (size_t i = 0; i < chair->n_groups; i++)
		check_group(rules, chair->groups[i]);
}

// --- what the reader calls --------------------------------------------------------------------

void trace_rules_change(struct trace_rules *rules, int64_t t_us, size_t line, bool level)
{
	if (t_us > rules->now_us)
		pass_time(rules, t_us);
	rules->level[line] = level;
}

void trace_rules_drive(struct trace_rules *rules, int64_t t_us, size_t line, int drive_permille)
{
	if (t_us > rules->now_us)
		pass_time(rules, t_us);
	rules->drive_permille[line] = drive_permille;
}

void trace_rules_input(struct trace_rules *rules, int64_t t_us, const char *name, bool level)
{
	if (t_us > rules->now_us)
		pass_time(rules, t_us);
	for (size_t i = 0; i < rules->chair->n_stops; i++) {
		const struct trace_stop *stop = &rules->chair->stops[i];

		if (strcmp(stop->name, name))
			continue;
		rules->pressed_us[i] = level == stop->active_level ? rules->now_us : NEVER_US;
		rules->stop_reported = false;
	}
}

int trace_rules_end(struct trace_rules *rules, int64_t end_us)
{
	if (end_us > rules->now_us)
		pass_time(rules, end_us);
	check_whole(rules);
	for (size_t i = 0; i < TRACE_LINES_MAX; i++)
		signal_clear(&rules->on[i]);
	for (size_t i = 0; i < TRACE_ACTUATORS_MAX; i++) {
		signal_clear(&rules->driven[i]);
		signal_clear(&rules->pressing[i]);
	}
	return rules->out_of_memory ? -ENOMEM : 0;
}
