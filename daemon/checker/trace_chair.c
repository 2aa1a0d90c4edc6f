// SPDX-License-Identifier: MIT
#include "checker/trace_chair.h"

#include <errno.h>
#include <libconfig.h>
#include <stdio.h>
#include <string.h>

const char *const trace_role_names[TRACE_ROLE_COUNT] = {
	[TRACE_FORWARD] = "forward",
	[TRACE_REVERSE] = "reverse",
	[TRACE_PWM] = "pwm",
	[TRACE_FILL] = "fill",
	[TRACE_VENT] = "vent",
	[TRACE_VALVE] = "valve",
	[TRACE_RUN] = "run",
	[TRACE_ENABLE] = "enable",
};

static double number(const config_setting_t *group, const char *key, double fallback)
{
	const config_setting_t *setting = config_setting_get_member(group, key);

	if (!setting)
		return fallback;
	return config_setting_type(setting) == CONFIG_TYPE_FLOAT ? config_setting_get_float(setting)
								 : config_setting_get_int(setting);
}

static const char *text(const config_setting_t *group, const char *key)
{
	const char *value = "";

	config_setting_lookup_string(group, key, &value);
	return value;
}

// Its kernel's name, "CHIP:OFFSET", or of a channel of kernel PWM "CHIP:pwmCHANNEL".
static void name_line(const config_setting_t *wire, char ret_name[TRACE_NAME_SIZE])
{
	int offset = 0, channel = 0;

	if (config_setting_lookup_int(wire, "channel", &channel))
		snprintf(ret_name, TRACE_NAME_SIZE, "%.41s:pwm%d", text(wire, "chip"), channel);
	else if (config_setting_lookup_int(wire, "offset", &offset))
		snprintf(ret_name, TRACE_NAME_SIZE, "%s:%d", text(wire, "chip"), offset);
	else
		snprintf(ret_name, TRACE_NAME_SIZE, "%s", text(wire, "line"));
}

static int add_line(struct trace_chair *chair, const config_setting_t *wire, enum trace_role role,
	int actuator)
{
	struct trace_line *line = &chair->lines[chair->n_lines];
	int active_low = 0;

	if (chair->n_lines == TRACE_LINES_MAX)
		return -EINVAL;
	config_setting_lookup_bool(wire, "active_low", &active_low);
	name_line(wire, line->name);
	line->channel = config_setting_get_member(wire, "channel");
	line->role = role;
	line->actuator = actuator;
	line->active_level = !active_low;
	line->safe_level = !strcmp(text(wire, "safe"), "active") ? !active_low : active_low;
	return (int)chair->n_lines++;
}

// Peak and sustained ceiling of each region, in newtons.
static const struct {
	const char *name;
	double peak_n, sustained_n;
} regions[] = {
	{ "neck", 40, 20 },
	{ "shoulder", 105, 50 },
	{ "upper_back", 105, 50 },
	{ "mid_back", 105, 50 },
	{ "lower_back", 105, 50 },
	{ "buttock", 90, 45 },
	{ "upper_arm", 60, 30 },
	{ "forearm", 60, 30 },
	{ "hand", 35, 15 },
	{ "thigh", 110, 55 },
	{ "calf", 50, 25 },
	{ "shin", 50, 0 },
	{ "chest", 35, 0 },
	{ "foot", 50, 25 },
};

static int find_actuator(const struct trace_chair *chair, const char *name)
{
	for (size_t i = 0; i < chair->n_actuators; i++) {
		if (!strcmp(chair->actuators[i].name, name))
			return (int)i;
	}
	return -1;
}

static double element(const config_setting_t *list, int index)
{
	const config_setting_t *setting = list ? config_setting_get_elem(list, (unsigned)index)
					       : NULL;

	if (!setting)
		return 0;
	return config_setting_type(setting) == CONFIG_TYPE_FLOAT ? config_setting_get_float(setting)
								 : config_setting_get_int(setting);
}

static void read_reach(struct trace_chair *chair, const config_setting_t *group)
{
	struct trace_reach *reach = &chair->reaches[chair->n_reaches];
	const config_setting_t *mm = config_setting_get_member(group, "mm");
	double from_mm = element(mm, 0), to_mm = element(mm, 1);

	if (chair->n_reaches == TRACE_REACHES_MAX)
		return;
	*reach = (struct trace_reach){ .actuator = find_actuator(chair, text(group, "actuator")),
		.from_mm = from_mm < to_mm ? from_mm : to_mm,
		.to_mm = from_mm < to_mm ? to_mm : from_mm };
	for (size_t i = 0; i < sizeof(regions) / sizeof(regions[0]); i++) {
		if (strcmp(regions[i].name, text(group, "region")))
			continue;
		reach->peak_n = number(group, "peak_n", regions[i].peak_n);
		reach->sustained_n = number(group, "sustained_n", regions[i].sustained_n);
		reach->sustained_n = reach->sustained_n < reach->peak_n ? reach->sustained_n
									: reach->peak_n;
	}
	chair->n_reaches++;
}

#define WAY_MARGIN 1.25 // a timed actuator may be slower by that

// The times of the ways down and up (forward and reverse), if no contact ends them.
static void read_ways(struct trace_actuator *actuator, const config_setting_t *group,
	const config_setting_t *lines)
{
	static const char *const times[2] = { "down_s", "up_s" };
	static const char *const contacts[2] = { "end", "home" };

	for (int i = 0; i < 2; i++) {
		if (!config_setting_get_member(lines, contacts[i]))
			actuator->way_us[i] = (int64_t)(WAY_MARGIN * number(group, times[i], 0) *
				1e6);
	}
}

static int read_actuator(struct trace_chair *chair, const config_setting_t *group)
{
	struct trace_actuator *actuator = &chair->actuators[chair->n_actuators];
	const config_setting_t *lines = config_setting_get_member(group, "lines");

	if (chair->n_actuators == TRACE_ACTUATORS_MAX || !lines)
		return -EINVAL;
	snprintf(actuator->name, sizeof(actuator->name), "%s", text(group, "name"));
	actuator->presses = !strcmp(text(group, "kind"), "press") ||
		!strcmp(text(group, "kind"), "cell");
	actuator->on_max_us = (int64_t)(number(group, "on_max_s", 0) * 1e6);
	actuator->dead_time_us = (int64_t)(number(group, "dead_time_ms", 0) * 1e3);
	actuator->min_on_us = (int64_t)(number(group, "min_on_ms", 0) * 1e3);
	actuator->min_off_us = (int64_t)(number(group, "min_off_ms", 0) * 1e3);
	read_ways(actuator, group, lines);
	actuator->cutoff_c = number(group, "cutoff_c", 0);
	actuator->duty_max_permille = (int)number(group, "duty_max", 1000);
	actuator->current_ma = (int)number(group, "current_ma", 0);
	actuator->margin_n = number(group, "margin_n", 5);
	actuator->way_mm = number(group, "way_mm", 0);
	actuator->slip_permille = number(group, "slip", 40);
	actuator->position_error_mm = number(group, "position_error_mm", 30);
	actuator->carriage = find_actuator(chair, text(group, "carriage"));
	actuator->sets_width = config_setting_get_member(lines, "narrow");
	for (int role = 0; role < TRACE_ROLE_COUNT; role++) {
		const config_setting_t *wire = config_setting_get_member(lines,
			trace_role_names[role]);

		int line = wire ? add_line(chair, wire, role, (int)chair->n_actuators) : -1;

		actuator->line[role] = line;
		if (line >= 0)
			chair->lines[line].pulsed = (role == TRACE_PWM &&
							    !chair->lines[line].channel) ||
				(role <= TRACE_REVERSE &&
					!strcmp(text(group, "drive"), "sign-magnitude"));
	}
	chair->n_actuators++;
	return 0;
}

static void read_group(struct trace_chair *chair, const config_setting_t *names)
{
	uint32_t set = 0;

	for (int i = 0; i < config_setting_length(names); i++) {
		for (size_t a = 0; a < chair->n_actuators; a++) {
			if (!strcmp(config_setting_get_string_elem(names, i),
				    chair->actuators[a].name))
				set |= UINT32_C(1) << a;
		}
	}
	if (chair->n_groups < TRACE_GROUPS_MAX)
		chair->groups[chair->n_groups++] = set;
}

static void read_button(struct trace_chair *chair, const config_setting_t *group)
{
	struct trace_stop *stop = &chair->stops[chair->n_stops];
	int active_low = 0;

	if (strcmp(text(group, "does"), "stop") || chair->n_stops == TRACE_STOPS_MAX)
		return;
	config_setting_lookup_bool(group, "active_low", &active_low);
	name_line(group, stop->name);
	stop->active_level = !active_low;
	chair->n_stops++;
}

static int read_chair(const config_setting_t *root, struct trace_chair *chair)
{
	const config_setting_t *list = config_setting_get_member(root, "actuators");
	const config_setting_t *enable = config_setting_get_member(root, "enable");
	const config_setting_t *exclusive = config_setting_get_member(root, "exclusive");
	const config_setting_t *reach = config_setting_get_member(root, "reach");
	const config_setting_t *buttons = config_setting_get_member(root, "buttons");
	double enable_hz = enable ? number(enable, "hz", 50) : 50;

	for (int i = 0; list && i < config_setting_length(list); i++) {
		int error = read_actuator(chair, config_setting_get_elem(list, i));

		if (error)
			return error;
	}
	for (int i = 0; exclusive && i < config_setting_length(exclusive); i++)
		read_group(chair, config_setting_get_elem(exclusive, i));
	for (int i = 0; buttons && i < config_setting_length(buttons); i++)
		read_button(chair, config_setting_get_elem(buttons, i));
	chair->debounce_us = (int64_t)(number(root, "debounce_ms", 5) * 1e3);
	for (int i = 0; reach && i < config_setting_length(reach); i++)
		read_reach(chair, config_setting_get_elem(reach, i));
	chair->enable = enable ? add_line(chair, enable, TRACE_ENABLE, -1) : -1;
	chair->current_max_ma = (int)number(root, "current_max_ma", 0);
	chair->pwm_period_us = (int64_t)(1e6 / number(root, "pwm_hz", 200));
	chair->tick_us = (int64_t)(1e6 / (2 * enable_hz));
	return chair->n_lines ? 0 : -EINVAL;
}

int trace_chair_load(const char *file, struct trace_chair *ret_chair)
{
	struct trace_chair chair = { 0 };
	config_t config;
	int error = -EINVAL;

	config_init(&config);
	if (!config_read_file(&config, file))
		fprintf(stderr, "%s:%d: %s\n", file, config_error_line(&config),
			config_error_text(&config));
	else
		error = read_chair(config_root_setting(&config), &chair);
	config_destroy(&config);
	if (!error)
		*ret_chair = chair;
	return error;
}
