// SPDX-License-Identifier: MIT
#include "core/timed.h"

#include <math.h>

#define SEARCH_STEPS 10

double timed_mm_s(const struct actuator *carriage, int direction)
{
	const struct travel_times *timed = &carriage->timed;

	return timed->way_mm * 1000 / (direction > 0 ? timed->down_ms : timed->up_ms);
}

double timed_error_after_mm(const struct actuator *carriage, double error_mm, double way_mm)
{
	const struct travel_times *timed = &carriage->timed;

	return error_mm + timed->start_mm + fabs(way_mm) * timed->slip_permille / PERMILLE_FULL;
}

double timed_contact_mm(const struct actuator *carriage, double position_mm)
{
	double way_mm = carriage->timed.way_mm;

	return position_mm <= way_mm / 2 ? 0 : way_mm;
}

double timed_error_at_mm(const struct actuator *carriage, double position_mm)
{
	return timed_error_after_mm(carriage, TIMED_CONTACT_MM,
		position_mm - timed_contact_mm(carriage, position_mm));
}

static bool covers(const struct chair *chair, int actuator, double mm, double apart_mm)
{
	return chair_covers_way(chair, actuator, mm - apart_mm, mm + apart_mm);
}

double timed_error_max_mm(const struct chair *chair, int actuator, double position_mm)
{
	const struct actuator *carriage = &chair->actuators[chair->actuators[actuator].carriage];
	double low_mm = 0, high_mm = carriage->timed.position_error_mm;

	if (covers(chair, actuator, position_mm, high_mm + travel_tolerance_mm(carriage)))
		return high_mm;
	for (int i = 0; i < SEARCH_STEPS; i++) { // the narrower, the more is covered
		double middle_mm = (low_mm + high_mm) / 2;

		if (covers(chair, actuator, position_mm, middle_mm + travel_tolerance_mm(carriage)))
			low_mm = middle_mm;
		else
			high_mm = middle_mm;
	}
	return low_mm;
}
