// SPDX-License-Identifier: MIT
#include "pins.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void add_change(struct pins *pins, int64_t t_us, size_t pin, bool on, int permille)
{
	if (pins->n == pins->capacity) {
		pins->capacity = pins->capacity ? 2 * pins->capacity : 4096;
		pins->changes = realloc(pins->changes, pins->capacity * sizeof(*pins->changes));
		if (!pins->changes)
			abort();
	}
	pins->changes[pins->n++] = (struct pin_change){
		.t_us = t_us, .pin = (uint8_t)pin, .on = on, .permille = (uint16_t)permille
	};
}

static void read_drive(struct pins *pins, int64_t t_us, const char *wire, int permille)
{
	for (size_t i = 0; i < pins->n_pins; i++) {
		if (!strcmp(pins->pin[i].wire, wire)) {
			pins->pin[i].channel = true;
			add_change(pins, t_us, i, permille > 0, permille);
		}
	}
}

static void read_header(struct pins *pins, const char *text)
{
	char wire[48], actuator[48], role[48];
	int safe, permille;
	int64_t t_us;

	if (sscanf(text, "# drive %" SCNd64 " %47s %d", &t_us, wire, &permille) == 3)
		read_drive(pins, t_us, wire, permille);
	if (pins->n_pins == PINS_MAX ||
		sscanf(text, "# line %47s %47s %47s safe %d", wire, actuator, role, &safe) != 4)
		return;
	size_t i = pins->n_pins++;
	bool own = !strcmp(actuator, "-");

	snprintf(pins->pin[i].wire, sizeof(pins->pin[i].wire), "%s", wire);
	snprintf(pins->pin[i].name, sizeof(pins->pin[i].name), "%s%s%s", own ? "" : actuator,
		own ? "" : ".", role);
	pins->pin[i].enable = !strcmp(role, "enable");
	pins->pin[i].safe = safe;
}

static int read_change(struct pins *pins, char *text)
{
	char *name, *value;
	int64_t t_us = strtoll(text, &name, 10);

	value = name == text ? NULL : strchr(name + 1, ' ');
	if (!value)
		return -EINVAL;
	*value++ = '\0';
	for (size_t i = 0; i < pins->n_pins; i++) {
		if (!strcmp(pins->pin[i].wire, name + 1)) {
			add_change(pins, t_us, i, *value - '0' != pins->pin[i].safe, 0);
			return 0;
		}
	}
	return -EINVAL;
}

static void find_pwm(struct pins *pins, const struct trace_chair *chair)
{
	for (size_t i = 0; i < pins->n_pins; i++) {
		for (size_t k = 0; k < chair->n_lines; k++) {
			if (!strcmp(chair->lines[k].name, pins->pin[i].wire))
				pins->pin[i].pwm = chair->lines[k].pulsed;
		}
	}
}

int pins_read(FILE *trace, const struct trace_chair *chair, struct pins *ret_pins)
{
	struct pins pins = { .pwm_period_us = chair->pwm_period_us };
	char *text = NULL;
	size_t size = 0;
	int error = 0;

	rewind(trace);
	while (!error && getline(&text, &size, trace) > 0) {
		if (text[0] == '#')
			read_header(&pins, text);
		else
			error = read_change(&pins, text);
	}
	if (error) {
		fprintf(stderr, "not a pin trace: %s\n", text);
		pins_clear(&pins);
	} else {
		find_pwm(&pins, chair);
		*ret_pins = pins;
	}
	free(text);
	return error;
}

void pins_clear(struct pins *pins)
{
	free(pins->changes);
	*pins = (struct pins){ 0 };
}

static void print_plain(const struct pins *pins, size_t pin, int64_t from_us, int64_t to_us,
	struct timeline *timeline)
{
	bool on = false;

	for (size_t i = 0; i < pins->n && pins->changes[i].t_us <= to_us; i++) {
		const struct pin_change *change = &pins->changes[i];

		if (change->pin != pin || change->on == on)
			continue;
		on = change->on;
		if (change->t_us >= from_us)
			timeline_add(timeline, change->t_us, "pin %s %s", pins->pin[pin].name,
				on ? "on" : "off");
	}
}

// The end of a pulse gives its duty; the last pulse of a series ends with "off".
static void print_pwm(const struct pins *pins, size_t pin, int64_t from_us, int64_t to_us,
	struct timeline *timeline)
{
	int64_t rise_us = INT64_MIN, fall_us = INT64_MAX;
	int printed = 0; // per cent

	for (size_t i = 0; i < pins->n; i++) {
		const struct pin_change *change = &pins->changes[i];

		if (printed && fall_us != INT64_MAX &&
			change->t_us > fall_us + 2 * pins->pwm_period_us) {
			if (fall_us >= from_us && fall_us <= to_us)
				timeline_add(timeline, fall_us, "pin %s off", pins->pin[pin].name);
			printed = 0;
		}
		if (change->t_us > to_us + 2 * pins->pwm_period_us)
			break;
		if (change->pin != pin || change->on == (rise_us != INT64_MIN))
			continue;
		if (change->on) {
			rise_us = change->t_us;
			fall_us = INT64_MAX;
			continue;
		}
		double share = (double)(change->t_us - rise_us) / (double)pins->pwm_period_us;
		int percent = share > 1 ? 100 : (int)(100 * share + 0.5);

		fall_us = change->t_us;
		if (percent > 0 && (!printed || abs(percent - printed) >= 10)) {
			if (rise_us >= from_us && rise_us <= to_us)
				timeline_add(timeline, rise_us, "pin %s %d %%", pins->pin[pin].name,
					percent);
			printed = percent;
		}
		rise_us = INT64_MIN;
	}
}

static void print_channel(const struct pins *pins, size_t pin, int64_t from_us, int64_t to_us,
	struct timeline *timeline)
{
	int printed = 0; // per cent

	for (size_t i = 0; i < pins->n && pins->changes[i].t_us <= to_us; i++) {
		const struct pin_change *change = &pins->changes[i];
		int percent = (change->permille + 5) / 10;

		if (change->pin != pin || (change->on && !change->permille)) // its level
			continue;
		if (printed ? percent && abs(percent - printed) < 10 : !percent)
			continue;
		printed = percent;
		if (change->t_us < from_us)
			continue;
		if (percent)
			timeline_add(timeline, change->t_us, "pin %s %d %%", pins->pin[pin].name,
				percent);
		else
			timeline_add(timeline, change->t_us, "pin %s off", pins->pin[pin].name);
	}
}

void pins_print(const struct pins *pins, int64_t from_us, int64_t to_us, struct timeline *timeline)
{
	for (size_t i = 0; i < pins->n_pins; i++) {
		if (pins->pin[i].channel)
			print_channel(pins, i, from_us, to_us, timeline);
		else if (pins->pin[i].pwm)
			print_pwm(pins, i, from_us, to_us, timeline);
		else if (!pins->pin[i].enable)
			print_plain(pins, i, from_us, to_us, timeline);
	}
}

int64_t pins_safe_from(const struct pins *pins, int64_t from_us)
{
	uint64_t on = 0;
	int64_t safe_us = from_us; // nothing is on since then

	for (size_t i = 0; i < pins->n; i++) {
		const struct pin_change *change = &pins->changes[i];
		uint64_t bit = UINT64_C(1) << change->pin;

		if (pins->pin[change->pin].enable)
			continue;
		if (!on && change->t_us > safe_us + PINS_SAFE_FOR_US)
			break;
		on = change->on ? on | bit : on & ~bit;
		if (!on && change->t_us > from_us)
			safe_us = change->t_us;
	}
	return on ? INT64_MAX : safe_us;
}

int64_t pins_enable_still_from(const struct pins *pins, int64_t from_us)
{
	int64_t still_us = from_us;

	for (size_t i = 0; i < pins->n; i++) {
		const struct pin_change *change = &pins->changes[i];

		if (!pins->pin[change->pin].enable || change->t_us < from_us)
			continue;
		if (change->t_us > still_us + PINS_STILL_FOR_US)
			break;
		still_us = change->t_us;
	}
	return still_us;
}
