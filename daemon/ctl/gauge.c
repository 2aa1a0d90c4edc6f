// SPDX-License-Identifier: MIT
#include "ctl/gauge.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ctl/view.h"

const char *const gauge_topics[] = { "state", "telemetry", NULL };

void gauge_init(struct gauge *gauge, const char *actuator)
{
	*gauge = (struct gauge){ .actuator = actuator,
		.clock_s = NAN,
		.drive_permille = NAN,
		.force_n = NAN,
		.position_mm = NAN };
}

static double number(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_number(value) ? json_number_value(value) : NAN;
}

static void take_telemetry(struct gauge *gauge, const json_t *telemetry)
{
	const json_t *one = json_object_get(json_object_get(telemetry, "actuators"),
		gauge->actuator);
	const json_t *home = json_object_get(one, "at_home");

	gauge->clock_s = number(telemetry, "t_ms") / 1000;
	gauge->drive_permille = number(one, "drive_permille");
	gauge->force_n = number(one, "force_n");
	gauge->position_mm = number(one, "position_mm");
	gauge->home = json_is_true(home) ? GAUGE_AT_HOME
		: json_is_false(home)    ? GAUGE_AWAY
					 : GAUGE_UNKNOWN;
}

static void take_state(struct gauge *gauge, const json_t *state)
{
	const json_t *pressed = json_object_get(state, "pressed");

	view_word(state, "phase", "", gauge->phase);
	gauge->all_released = json_is_array(pressed) && json_array_size(pressed) == 0;
}

void gauge_message(void *data, const struct broker_message *message)
{
	struct gauge *gauge = data;
	json_auto_t *payload = json_loadb(message->payload, message->size, 0, NULL);

	if (strcmp(message->topic, "state") == 0)
		take_state(gauge, payload);
	else if (strcmp(message->topic, "telemetry") == 0)
		take_telemetry(gauge, payload);
}

char *gauge_text(const struct gauge *gauge, char buf[GAUGE_SIZE])
{
	static const char *const homes[] = { "", ", not at home", ", at home" };
	size_t n = 0;

	if (isnan(gauge->drive_permille))
		return strcpy(buf, "no telemetry yet");
	n = (size_t)snprintf(buf, GAUGE_SIZE, "%+.0f per mille", gauge->drive_permille);
	if (!isnan(gauge->force_n) && n < GAUGE_SIZE)
		n += (size_t)snprintf(buf + n, GAUGE_SIZE - n, ", %.1f N", gauge->force_n);
	if (!isnan(gauge->position_mm) && n < GAUGE_SIZE)
		n += (size_t)snprintf(buf + n, GAUGE_SIZE - n, ", %.0f mm", gauge->position_mm);
	if (n < GAUGE_SIZE)
		snprintf(buf + n, GAUGE_SIZE - n, "%s", homes[gauge->home]);
	return buf;
}
