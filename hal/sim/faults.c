// SPDX-License-Identifier: MIT
#include "hal/sim/faults.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/number.h"

#define FAULT_TIME_MAX_S 1e6

// The thing that a kind of fault is about.
enum fault_object {
	OF_CHAIR,
	OF_INPUT,
	OF_CONTACT, // an input that is not a Hall sensor
	OF_BUTTON,
	OF_ACTUATOR,
	OF_SENSOR,
	OF_PULSES,
	OF_REVERSIBLE,
	OF_CELL,
	OF_MOTOR,
	OF_ONE_WAY,
	OF_CHANNEL, // a current, temperature or position
};

// The grammar as a table.
static const struct {
	const char *name;
	enum fault_object of;
	bool needs_value, takes_value;
	double low, high; // of the value
	bool whole;       // only 0 and 1, or only whole numbers
	bool once;        // no +FOR_S
} kinds[SIM_FAULT_KIND_COUNT] = {
	[SIM_STUCK] = { "stuck", OF_INPUT, false, true, 0, 1, true, false },
	[SIM_DEAD] = { "dead", OF_ACTUATOR, false, false, 0, 0, false, false },
	[SIM_NO_PULSES] = { "no-pulses", OF_PULSES, false, false, 0, 0, false, false },
	[SIM_SENSOR_OFFSET] = { "sensor-offset", OF_SENSOR, true, true, -1000, 1000, false, false },
	[SIM_SENSOR_FAIL] = { "sensor-fail", OF_SENSOR, false, false, 0, 0, false, false },
	[SIM_WRITE_FAIL] = { "write-fail", OF_CHAIR, false, true, 1, 1e9, true, false },
	[SIM_READ_FAIL] = { "read-fail", OF_CHAIR, false, false, 0, 0, false, false },
	[SIM_LATE] = { "late", OF_CHAIR, true, true, 1, 10000, false, true },
	[SIM_SENSOR_ZERO] = { "sensor-zero", OF_SENSOR, false, false, 0, 0, false, false },
	[SIM_SENSOR_FROZEN] = { "sensor-frozen", OF_SENSOR, false, false, 0, 0, false, false },
	[SIM_SENSOR_LOW] = { "sensor-low", OF_SENSOR, true, true, 0, 2, false, false },
	[SIM_CHATTER] = { "chatter", OF_CONTACT, false, true, 0.5, 1000, false, false },
	[SIM_WELD] = { "weld", OF_CONTACT, false, false, 0, 0, false, false },
	[SIM_DOUBLE_PULSES] = { "double-pulses", OF_PULSES, false, false, 0, 0, false, false },
	[SIM_EXCHANGED] = { "exchanged", OF_REVERSIBLE, false, false, 0, 0, false, false },
	[SIM_VENT_STICKS] = { "vent-sticks", OF_CELL, false, false, 0, 0, false, false },
	[SIM_WEAK] = { "weak", OF_ACTUATOR, true, true, 0, 1, false, false },
	[SIM_BLOCKED] = { "blocked", OF_MOTOR, false, false, 0, 0, false, false },
	[SIM_SHORTED] = { "shorted", OF_ONE_WAY, false, false, 0, 0, false, false },
	[SIM_CHANNEL_FAIL] = { "channel-fail", OF_CHANNEL, false, false, 0, 0, false, false },
	[SIM_CHANNEL_FROZEN] = { "channel-frozen", OF_CHANNEL, false, false, 0, 0, false, false },
	[SIM_CHANNEL_READS] = { "channel-reads", OF_CHANNEL, true, true, -1e5, 1e5, false, false },
	[SIM_ESTOP] = { "estop", OF_CHAIR, true, true, 0, 1, true, false },
	[SIM_SEAT] = { "seat", OF_CHAIR, true, true, 0, 1, true, false },
	[SIM_RESET] = { "reset", OF_CHAIR, false, true, 1, 60000, false, true },
	[SIM_BUTTON] = { "button", OF_BUTTON, false, true, 1, 60000, false, true },
};

// --- check against the chair ------------------------------------------------------------------

static bool of_line(enum fault_object of)
{
	return of == OF_INPUT || of == OF_CONTACT || of == OF_BUTTON;
}

static bool has_channel(const struct actuator *actuator, const struct sim_fault *fault)
{
	return (unsigned)fault->quantity < QUANTITY_COUNT &&
		actuator->measured[fault->quantity].present;
}

// Whether the actuator has what the fault is about.
static bool check_actuator(const struct actuator *actuator, const struct sim_fault *fault,
	char *why, size_t why_size)
{
	const char *lacks = NULL;

	switch (kinds[fault->kind].of) {
	case OF_SENSOR:
		lacks = actuator->sensor.present ? NULL : "has no force sensor";
		break;
	case OF_PULSES:
		lacks = actuator->line[ROLE_PULSE] >= 0 ? NULL : "has no pulse sensor";
		break;
	case OF_REVERSIBLE:
		lacks = actuator->line[ROLE_REVERSE] >= 0 ? NULL : "runs one way only";
		break;
	case OF_CELL:
		lacks = actuator->kind == ACTUATOR_CELL ? NULL : "has no vent";
		break;
	case OF_MOTOR:
		if (actuator->kind == ACTUATOR_CELL || actuator->kind == ACTUATOR_HEAT)
			lacks = "has no motor";
		break;
	case OF_ONE_WAY:
		lacks = actuator->line[ROLE_RUN] >= 0 ? NULL : "has no run line";
		break;
	case OF_CHANNEL:
		lacks = has_channel(actuator, fault)
			? NULL
			: "has no such channel (current, thermistor, pot)";
		break;
	default:
		break;
	}
	if (lacks)
		snprintf(why, why_size, "%s %s", actuator->name, lacks);
	return !lacks;
}

static bool check_object(const struct chair *chair, const struct sim_fault *fault, char *why,
	size_t why_size)
{
	const char *kind = kinds[fault->kind].name;
	int contact = fault->kind == SIM_ESTOP ? chair->estop
		: fault->kind == SIM_SEAT      ? chair->seat
		: fault->kind == SIM_RESET     ? chair->reset
					       : 0;

	if (contact < 0) {
		snprintf(why, why_size, "this chair has no %s input", kind);
		return false;
	}
	if (kinds[fault->kind].of == OF_CHAIR)
		return true;
	if (kinds[fault->kind].of == OF_BUTTON) {
		if (fault->line >= 0 && (size_t)fault->line < chair->n_lines &&
			chair->lines[fault->line].role == ROLE_BUTTON)
			return true;
		snprintf(why, why_size, "%s needs what a button does, or its line", kind);
		return false;
	}
	if (of_line(kinds[fault->kind].of)) {
		bool no_pulses = kinds[fault->kind].of == OF_CONTACT;

		if (fault->line >= 0 && (size_t)fault->line < chair->n_lines &&
			!line_role_is_output(chair->lines[fault->line].role) &&
			!(no_pulses && chair->lines[fault->line].role == ROLE_PULSE))
			return true;
		snprintf(why, why_size, "%s needs the name of %s", kind,
			no_pulses ? "a contact" : "an input");
		return false;
	}
	if (fault->actuator < 0 || (size_t)fault->actuator >= chair->n_actuators) {
		snprintf(why, why_size, "%s needs the name of an actuator", kind);
		return false;
	}
	return check_actuator(&chair->actuators[fault->actuator], fault, why, why_size);
}

static bool check_value(const struct sim_fault *fault, char *why, size_t why_size)
{
	double value = fault->value;
	const char *kind = kinds[fault->kind].name;

	if (isnan(value)) {
		if (!kinds[fault->kind].needs_value)
			return true;
		snprintf(why, why_size, "%s needs a value (%g ... %g)", kind,
			kinds[fault->kind].low, kinds[fault->kind].high);
		return false;
	}
	if (!kinds[fault->kind].takes_value) {
		snprintf(why, why_size, "%s takes no value", kind);
		return false;
	}
	if (!(value >= kinds[fault->kind].low && value <= kinds[fault->kind].high) ||
		(kinds[fault->kind].whole && value != floor(value))) {
		snprintf(why, why_size, "%s: %g is out of range (%s%g ... %g)", kind, value,
			kinds[fault->kind].whole ? "whole numbers, " : "", kinds[fault->kind].low,
			kinds[fault->kind].high);
		return false;
	}
	return true;
}

bool fault_check(const struct chair *chair, const struct sim_fault *fault, char *why,
	size_t why_size)
{
	int64_t longest_us = (int64_t)(FAULT_TIME_MAX_S * 1e6);

	if ((unsigned)fault->kind >= SIM_FAULT_KIND_COUNT) {
		snprintf(why, why_size, "unknown kind of fault");
		return false;
	}
	if (fault->at_us < 0 || fault->at_us > longest_us || fault->for_us < 0 ||
		fault->for_us > longest_us) {
		snprintf(why, why_size, "times are 0 ... %g s", FAULT_TIME_MAX_S);
		return false;
	}
	if (kinds[fault->kind].once && fault->for_us) {
		snprintf(why, why_size, "%s takes its length as =MS, not as +FOR_S",
			kinds[fault->kind].name);
		return false;
	}
	return check_object(chair, fault, why, why_size) && check_value(fault, why, why_size);
}

// --- from text --------------------------------------------------------------------------------

static bool parse_kind(const char **text, struct sim_fault *ret)
{
	size_t length = strcspn(*text, ":=@+");

	for (int i = 0; i < SIM_FAULT_KIND_COUNT; i++) {
		if (strlen(kinds[i].name) == length && !strncmp(*text, kinds[i].name, length)) {
			ret->kind = i;
			*text += length;
			return true;
		}
	}
	return false;
}

// A line by its kernel name, or as ACTUATOR.ROLE; a line of the chair itself by its role alone.
static int find_line(const struct chair *chair, const char *name)
{
	for (size_t i = 0; i < chair->n_lines; i++) {
		const struct line *line = &chair->lines[i];
		const char *role = line_role_name(line->role);
		char full[2 * NAME_SIZE];

		if (line->actuator < 0)
			snprintf(full, sizeof(full), "%s", role);
		else
			snprintf(full, sizeof(full), "%s.%s", chair->actuators[line->actuator].name,
				role);
		if (!strcmp(name, line->name) || !strcmp(name, full))
			return (int)i;
	}
	return -1;
}

// ACTUATOR.QUANTITY; an actuator's name may have points, too.
static bool parse_channel(const struct chair *chair, char *name, struct sim_fault *ret, char *why,
	size_t why_size)
{
	char *point = strrchr(name, '.');

	for (int q = 0; point && q < QUANTITY_COUNT; q++) {
		if (strcmp(point + 1, quantity_name((enum quantity)q)))
			continue;
		*point = '\0';
		ret->quantity = (enum quantity)q;
		ret->actuator = chair_find_actuator(chair, name);
		*point = '.';
		if (ret->actuator >= 0)
			return true;
	}
	snprintf(why, why_size,
		"this chair has no channel %s (ACTUATOR.current, .thermistor, .pot)", name);
	return false;
}

// A button by its line, or the first that does this.
static int find_button(const struct chair *chair, const char *name)
{
	int line = chair_find_line(chair, name);

	for (size_t i = 0; line < 0 && i < chair->n_buttons; i++) {
		if (!strcmp(button_action_name(chair->buttons[i].does), name))
			line = chair->buttons[i].line;
	}
	return line;
}

// ":NAME", if present.
static bool parse_name(const struct chair *chair, const char **text, struct sim_fault *ret,
	char *why, size_t why_size)
{
	char name[2 * NAME_SIZE];
	size_t length;

	if (**text != ':')
		return true;
	length = strcspn(++*text, "=@+");
	snprintf(name, sizeof(name), "%.*s", (int)length, *text);
	*text += length;
	switch (kinds[ret->kind].of) {
	case OF_CHAIR:
		snprintf(why, why_size, "%s takes no name", kinds[ret->kind].name);
		return false;
	case OF_INPUT:
	case OF_CONTACT:
	case OF_BUTTON:
		ret->line = kinds[ret->kind].of == OF_BUTTON ? find_button(chair, name)
							     : find_line(chair, name);
		if (ret->line >= 0)
			return true;
		snprintf(why, why_size, "this chair has no line %s", name);
		return false;
	case OF_CHANNEL:
		return parse_channel(chair, name, ret, why, why_size);
	default:
		ret->actuator = chair_find_actuator(chair, name);
		if (ret->actuator >= 0)
			return true;
		snprintf(why, why_size, "this chair has no actuator %s", name);
		return false;
	}
}

// MARK and a number, if present.
static bool parse_number(const char **text, char mark, double *ret, char *why, size_t why_size)
{
	char *end, fault[NUMBER_FAULT_SIZE];
	const char *word = *text + 1;
	double x;

	if (**text != mark)
		return true;
	x = strtod(word, &end);
	if (!number_check_form(word, (size_t)(end - word), fault) || !isfinite(x)) {
		snprintf(why, why_size, "a decimal number must follow the %c", mark);
		return false;
	}
	*text = end;
	*ret = x;
	return true;
}

static bool parse_times(const char **text, struct sim_fault *ret, char *why, size_t why_size)
{
	double at_s = 0, for_s = NAN;

	if (!parse_number(text, '@', &at_s, why, why_size) ||
		!parse_number(text, '+', &for_s, why, why_size))
		return false;
	if (!(at_s >= 0 && at_s <= FAULT_TIME_MAX_S) ||
		!(isnan(for_s) || (for_s >= 1e-6 && for_s <= FAULT_TIME_MAX_S))) {
		snprintf(why, why_size, "times are 0 ... %g s", FAULT_TIME_MAX_S);
		return false;
	}
	ret->at_us = llround(at_s * 1e6);
	ret->for_us = isnan(for_s) ? 0 : llround(for_s * 1e6);
	return true;
}

int sim_fault_parse(const struct chair *chair, const char *text, struct sim_fault *ret_fault,
	char *why, size_t why_size)
{
	struct sim_fault fault = { .line = -1, .actuator = -1, .value = NAN };

	if (!parse_kind(&text, &fault)) {
		int used = snprintf(why, why_size, "unknown fault; there are");

		for (int i = 0; i < SIM_FAULT_KIND_COUNT && (size_t)used < why_size; i++)
			used += snprintf(why + used, why_size - (size_t)used, " %s", kinds[i].name);
		return -EINVAL;
	}
	if (!parse_name(chair, &text, &fault, why, why_size) ||
		!parse_number(&text, '=', &fault.value, why, why_size) ||
		!parse_times(&text, &fault, why, why_size))
		return -EINVAL;
	if (*text) {
		snprintf(why, why_size,
			"\"%.40s\" is left over; KIND[:NAME][=VALUE][@AT_S][+FOR_S]", text);
		return -EINVAL;
	}
	if (!fault_check(chair, &fault, why, why_size))
		return -EINVAL;
	*ret_fault = fault;
	return 0;
}

// --- in time ----------------------------------------------------------------------------------

int faults_add(struct faults *faults, const struct sim_fault *fault)
{
	if (faults->n == FAULTS_MAX)
		return -ENOSPC;
	faults->pending[faults->n].t_us = fault->at_us;
	faults->pending[faults->n].fault = *fault;
	faults->pending[faults->n].ends = false;
	faults->n++;
	return 0;
}

void faults_begin(struct faults *faults, int64_t now_us)
{
	for (int i = 0; i < faults->n; i++) {
		if (faults->pending[i].fault.at_us == 0 && faults->pending[i].t_us == 0)
			faults->pending[i].t_us = now_us;
	}
}

// The index of the earliest; of two at the same time, of the one that was added first.
static int first_of(const struct faults *faults)
{
	int first = -1;

	for (int i = 0; i < faults->n; i++) {
		if (first < 0 || faults->pending[i].t_us < faults->pending[first].t_us)
			first = i;
	}
	return first;
}

int64_t faults_next_us(const struct faults *faults)
{
	return faults->n ? faults->pending[first_of(faults)].t_us : TIME_NEVER;
}

bool faults_take(struct faults *faults, int64_t until_us, int64_t *ret_t_us,
	struct sim_fault *ret_fault, bool *ret_ends)
{
	int first = first_of(faults);

	if (first < 0 || faults->pending[first].t_us > until_us)
		return false;
	*ret_t_us = faults->pending[first].t_us;
	*ret_fault = faults->pending[first].fault;
	*ret_ends = faults->pending[first].ends;
	if (ret_fault->for_us && !*ret_ends) {
		faults->pending[first].ends = true;
		faults->pending[first].t_us += ret_fault->for_us;
		return true;
	}
	faults->n--;
	memmove(&faults->pending[first], &faults->pending[first + 1],
		(size_t)(faults->n - first) * sizeof(faults->pending[0]));
	return true;
}
