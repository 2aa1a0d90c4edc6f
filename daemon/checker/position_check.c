// SPDX-License-Identifier: MIT
#include "checker/position_check.h"

#include <math.h>

#define ROUNDING_MM    0.05 // of positions in reports
#define CONTACT_MM     12.0 // so near to a contact its edges may have set the position
#define ROLLER_HALF_MM 15.0

void position_check_start(struct position_check *check, const struct trace_chair *chair)
{
	*check = (struct position_check){ .chair = chair };
	for (size_t i = 0; i < TRACE_ACTUATORS_MAX; i++)
		check->by[i].claimed_mm = check->by[i].error_mm = NAN;
}

static bool violates(struct position_check *check, int64_t now_us, size_t actuator,
	const char *rule, double is, double allowed)
{
	if (check->n++ == 0)
		snprintf(check->first, sizeof(check->first), "%.3f s: %s: %s: %.2f mm (%.2f mm)",
			(double)now_us / 1e6, check->chair->actuators[actuator].name, rule, is,
			allowed);
	return true;
}

static bool near_contact(const struct trace_actuator *carriage, double mm)
{
	return mm < CONTACT_MM || mm > carriage->way_mm - CONTACT_MM;
}

bool position_check_claim(struct position_check *check, int64_t now_us, size_t carriage,
	double true_mm, double claimed_mm, double error_mm)
{
	const struct trace_actuator *config = &check->chair->actuators[carriage];
	double before_mm = check->by[carriage].claimed_mm, least_mm;

	if (config->way_mm <= 0)
		return false;
	least_mm = check->by[carriage].error_mm +
		fabs(claimed_mm - before_mm) * config->slip_permille / 1000;
	check->by[carriage].claimed_mm = claimed_mm;
	check->by[carriage].error_mm = error_mm;
	if (isnan(claimed_mm))
		return false;
	if (fabs(true_mm - claimed_mm) > error_mm + ROUNDING_MM)
		return violates(check, now_us, carriage, "outside of its claimed position",
			fabs(true_mm - claimed_mm), error_mm);
	if (!near_contact(config, true_mm) && error_mm < least_mm - ROUNDING_MM)
		return violates(check, now_us, carriage, "claims less than it may slip", error_mm,
			least_mm);
	return false;
}

// Under one of this actuator's reaches, and to where that goes on; otherwise the same place.
static double covered_from_mm(const struct trace_chair *chair, size_t actuator, double at_mm)
{
	double to_mm = at_mm;

	for (size_t i = 0; i < chair->n_reaches; i++) {
		const struct trace_reach *reach = &chair->reaches[i];

		if (reach->actuator == (int)actuator && reach->from_mm - ROLLER_HALF_MM <= at_mm)
			to_mm = fmax(to_mm, reach->to_mm + ROLLER_HALF_MM);
	}
	return to_mm;
}

// The farthest place that its reaches cover from here on without a gap.
static double covered_to_mm(const struct trace_chair *chair, size_t actuator, double from_mm)
{
	double to_mm = covered_from_mm(chair, actuator, from_mm);

	while (to_mm > from_mm) {
		from_mm = to_mm;
		to_mm = covered_from_mm(chair, actuator, from_mm);
	}
	return to_mm;
}

bool position_check_press(struct position_check *check, int64_t now_us, size_t actuator)
{
	int carriage = check->chair->actuators[actuator].carriage;
	double claimed_mm, error_mm, to_mm;

	if (carriage < 0 || check->chair->actuators[carriage].way_mm <= 0 ||
		isnan(check->by[carriage].claimed_mm))
		return false;
	claimed_mm = check->by[carriage].claimed_mm;
	error_mm = check->by[carriage].error_mm;
	if (error_mm > check->chair->actuators[carriage].position_error_mm + ROUNDING_MM)
		return violates(check, now_us, actuator, "presses although it may be off by",
			error_mm, check->chair->actuators[carriage].position_error_mm);
	to_mm = covered_to_mm(check->chair, actuator, claimed_mm - error_mm);
	if (to_mm < claimed_mm + error_mm - ROUNDING_MM)
		return violates(check, now_us, actuator, "presses beyond its reach",
			claimed_mm + error_mm, to_mm);
	return false;
}
