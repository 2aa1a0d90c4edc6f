// SPDX-License-Identifier: MIT
#include "ctl/person_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define STANDARD_GRAVITY 9.80665 // m/s^2

static const char *side_text(enum side side)
{
	switch (side) {
	case SIDE_LEFT:
		return ", left";
	case SIDE_RIGHT:
		return ", right";
	default:
		return "";
	}
}

char *person_place(const struct atlas *atlas, const int16_t points[2], char buf[PERSON_TEXT_SIZE])
{
	const struct point *a = points[0] >= 0 ? &atlas->points[points[0]] : NULL;
	const struct point *b = points[1] >= 0 ? &atlas->points[points[1]] : NULL;

	if (!a)
		buf[0] = '\0';
	else if (!b)
		snprintf(buf, PERSON_TEXT_SIZE, "%s%s", a->muscle, side_text(a->side));
	else if (strcmp(a->muscle, b->muscle) == 0)
		snprintf(buf, PERSON_TEXT_SIZE, "%s, both sides", a->muscle);
	else
		snprintf(buf, PERSON_TEXT_SIZE, "%s%s, and %s%s", a->muscle, side_text(a->side),
			b->muscle, side_text(b->side));
	return buf;
}

char *person_target(enum target_unit unit, double value, char buf[PERSON_TEXT_SIZE])
{
	if (unit == TARGET_NEWTON)
		snprintf(buf, PERSON_TEXT_SIZE, "%.0f N (the weight of %.1f kg)", value,
			value / STANDARD_GRAVITY);
	else
		snprintf(buf, PERSON_TEXT_SIZE, "%.0f per mille of full drive", value);
	return buf;
}

char *person_time(double seconds, char buf[PERSON_TIME_SIZE])
{
	int whole = (int)lround(seconds);

	snprintf(buf, PERSON_TIME_SIZE, "%d:%02d", whole / 60, whole % 60);
	return buf;
}
