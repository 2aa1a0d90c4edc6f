// SPDX-License-Identifier: MIT
#include "core/posture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define LIKELY_SHARE 0.5 // of its longest time, if the chair file has no time of the way
#define STARTS_S     1.0
#define TIMED_MAX    1.25 // times its way: the guard takes an eighth more until it is sure

static const struct {
	const char *name, *begins; // of the actuator's name
	const char *text;
	enum actuator_kind kind;
	enum rest_part rest; // as the chair file may call it
} parts[POSTURE_PARTS] = {
	[PART_BACK] = { "back", "back", "back rest", ACTUATOR_RECLINE, REST_BACK },
	[PART_LEGS] = { "legs", "leg", "leg rest", ACTUATOR_RECLINE, REST_LEGS },
	[PART_EXTENSION] = { "extension", "", "extension of the leg rest", ACTUATOR_EXTENSION },
};

const char *posture_part_name(enum posture_part part)
{
	return parts[part].name;
}

const char *posture_part_text(enum posture_part part)
{
	return parts[part].text;
}

const char *posture_text(const int permille[POSTURE_PARTS], char text[POSTURE_TEXT_SIZE])
{
	size_t used = 0;

	text[0] = '\0';
	for (int part = 0; part < POSTURE_PARTS; part++) {
		if (permille[part] == POSTURE_STAYS)
			continue;
		used += (size_t)snprintf(text + used, POSTURE_TEXT_SIZE - used, "%s%s %d",
			used ? ", " : "", parts[part].name, permille[part]);
	}
	snprintf(text + used, POSTURE_TEXT_SIZE - used, " per mille");
	return text;
}

static bool is_part(const struct actuator *actuator, enum posture_part part)
{
	if (actuator->kind != parts[part].kind)
		return false;
	if (actuator->part != REST_BY_NAME)
		return actuator->part == parts[part].rest;
	return !strncmp(actuator->name, parts[part].begins, strlen(parts[part].begins));
}

int posture_part_find(const struct chair *chair, enum posture_part part)
{
	for (size_t i = 0; i < chair->n_actuators; i++) {
		if (is_part(&chair->actuators[i], part))
			return (int)i;
	}
	return -1;
}

bool posture_can_stand_at(const struct actuator *actuator, int permille)
{
	return posture_has_position(actuator) || permille == 0 || permille == PERMILLE_FULL;
}

double posture_likely_s(const struct actuator *actuator, double from_permille, double to_permille)
{
	double way_s = actuator->up_ms
		? (to_permille < from_permille ? actuator->up_ms : actuator->down_ms) / 1e3
		: LIKELY_SHARE * actuator->travel_max_ms / 1e3;

	return STARTS_S + way_s * fabs(to_permille - from_permille) / PERMILLE_FULL;
}

double posture_unbroken_max_s(const struct actuator *actuator)
{
	double way_s = max_double(actuator->up_ms, actuator->down_ms) / 1e3;
	double longest_s = actuator->travel_max_ms / 1e3;

	return actuator->up_ms ? min_double(TIMED_MAX * way_s, longest_s) : longest_s;
}

double posture_max_s(const struct actuator *actuator)
{
	bool goes_home_first = posture_has_position(actuator) &&
		!actuator->measured[QUANTITY_POSITION].present;

	return (goes_home_first ? 2 : 1) *
		(posture_unbroken_max_s(actuator) + actuator->dead_time_ms / 1e3);
}
