// SPDX-License-Identifier: MIT
//
// What an actuator's kernel IIO channels measure besides its force, and how a reading becomes a
// value.
#ifndef CHAIRD_CORE_QUANTITY_H
#define CHAIRD_CORE_QUANTITY_H

#include <stdbool.h>

#include "core/units.h"

enum quantity {
	QUANTITY_CURRENT,     // of a motor, in mA
	QUANTITY_TEMPERATURE, // of a heater, in degrees Celsius
	QUANTITY_POSITION,    // of a recline or an extension, in per mille of its way from home
	QUANTITY_COUNT,
};

// An NTC thermistor between the channel and ground, with a resistor from there to its supply. Its
// resistance is ohm_25 * exp(beta * (1 / T - 1 / 298.15 K)).
struct thermistor {
	double ohm_25;
	double beta; // 0: none, the channel is linear
	double series_ohm;
	double supply_mv;
};

// reading = (raw + offset) * scale, in the units of the kernel's ABI: mV, mA or thousandths of a
// degree. value = reading * per_unit - zero, or that of the thermistor.
struct iio_channel {
	bool present;
	// The IIO device: its name attribute, "ads1015", its label, or its chip's path in /sys.
	char device[NAME_SIZE];
	char channel[NAME_SIZE]; // "in_voltage0"
	double per_unit, zero;
	struct thermistor thermistor;
	double low, high; // a value that is not between them has a broken wire
};

const char *quantity_name(enum quantity quantity); // "current", ...: the key of the chair file

// NAN if no thermistor has this reading.
double channel_value(const struct iio_channel *channel, double reading);

#endif
