// SPDX-License-Identifier: MIT
#include "core/quantity.h"

#include <math.h>

#define KELVIN_0_C  273.15
#define KELVIN_25_C 298.15

const char *quantity_name(enum quantity quantity)
{
	static const char *const names[QUANTITY_COUNT] = {
		[QUANTITY_CURRENT] = "current",
		[QUANTITY_TEMPERATURE] = "thermistor",
		[QUANTITY_POSITION] = "pot",
	};

	return names[quantity];
}

static double thermistor_c(const struct thermistor *thermistor, double mv)
{
	double ohm;

	if (mv <= 0 || mv >= thermistor->supply_mv) // short-circuited, or its wire is broken
		return NAN;
	ohm = thermistor->series_ohm * mv / (thermistor->supply_mv - mv);
	return 1 / (1 / KELVIN_25_C + log(ohm / thermistor->ohm_25) / thermistor->beta) -
		KELVIN_0_C;
}

double channel_value(const struct iio_channel *channel, double reading)
{
	if (channel->thermistor.beta > 0)
		return thermistor_c(&channel->thermistor, reading);
	return reading * channel->per_unit - channel->zero;
}
