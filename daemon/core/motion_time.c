// SPDX-License-Identifier: MIT
#include "core/motion_time.h"

#include <math.h>

#include "core/timed.h"

#define STROKE_MIN_PERMILLE 150
#define FRICTION_PERMILLE   100 // of the drive of a carriage
#define SLOWEST             1.5 // times as long as by the chair's speed
#define UNKNOWN_SPEED_MM_S  20.0

double press_contact_max_s(const struct actuator *actuator)
{
	return actuator->sensor.present ? CONTACT_MAX_S : CONTACT_BLIND_S;
}

double press_release_max_s(const struct actuator *actuator)
{
	return (actuator->release_max_ms + actuator->dead_time_ms) / 1e3;
}

double width_max_s(const struct actuator *knead)
{
	return knead->travel_max_ms / 1e3 * PERMILLE_FULL / width_drive_permille(knead);
}

// Half a turn.
double width_likely_s(const struct actuator *knead)
{
	return width_max_s(knead) / 2;
}

static double full_mm_s(const struct actuator *carriage)
{
	return carriage->speed_mm_s > 0 ? carriage->speed_mm_s : UNKNOWN_SPEED_MM_S;
}

int stroke_permille(const struct actuator *carriage, double speed_mm_s)
{
	if (travel_is_timed(carriage)) // it has one speed
		return PERMILLE_FULL;
	return (int)clamp_double(speed_mm_s / full_mm_s(carriage) * PERMILLE_FULL,
		STROKE_MIN_PERMILLE, PERMILLE_FULL);
}

double stroke_mm_s(const struct actuator *carriage, double speed_mm_s)
{
	return full_mm_s(carriage) * stroke_permille(carriage, speed_mm_s) / PERMILLE_FULL;
}

double travel_likely_s(const struct actuator *carriage, double way_mm, int drive_permille)
{
	return MOVE_S + way_mm / (full_mm_s(carriage) * drive_permille / PERMILLE_FULL);
}

double stroke_likely_s(double way_mm, double speed_mm_s)
{
	return MOVE_S + way_mm / fmax(speed_mm_s, 1);
}

static double slowest_mm_s(const struct actuator *carriage, int drive_permille)
{
	double drive = fmin(drive_permille, carriage->drive_max_permille) - FRICTION_PERMILLE;

	return full_mm_s(carriage) * fmax(drive, 1) / (PERMILLE_FULL - FRICTION_PERMILLE) / SLOWEST;
}

static double timed_max_s(const struct actuator *carriage, double way_mm)
{
	double slowest = fmin(timed_mm_s(carriage, -1), timed_mm_s(carriage, 1));
	double slip = carriage->timed.slip_permille / (double)PERMILLE_FULL;

	return SLOWEST * MOVE_S + way_mm / slowest * (1 + slip);
}

double travel_max_s(const struct actuator *carriage, double way_mm, int drive_permille)
{
	if (travel_is_timed(carriage))
		return timed_max_s(carriage, way_mm);
	return SLOWEST * MOVE_S + way_mm / slowest_mm_s(carriage, drive_permille);
}

double travel_pulse_max_s(const struct actuator *carriage, int drive_permille)
{
	return carriage->mm_per_pulse / slowest_mm_s(carriage, drive_permille);
}
