// SPDX-License-Identifier: MIT
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "core/quantity.h"

#define KELVIN(celsius) ((celsius) + 273.15)

static const struct iio_channel ntc = {
	.thermistor = { .ohm_25 = 10000, .beta = 3950, .series_ohm = 4700, .supply_mv = 3300 },
};

// The divider's voltage with the thermistor at this temperature.
static double voltage_mv(double celsius)
{
	double ohm = ntc.thermistor.ohm_25 *
		exp(ntc.thermistor.beta * (1 / KELVIN(celsius) - 1 / KELVIN(25)));

	return ntc.thermistor.supply_mv * ohm / (ohm + ntc.thermistor.series_ohm);
}

static void a_thermistor_gives_degrees(void **state)
{
	(void)state;
	for (double celsius = -20; celsius <= 100; celsius += 5)
		assert_true(fabs(channel_value(&ntc, voltage_mv(celsius)) - celsius) < 1e-6);
}

// 10 kOhm at 25 degrees is in every data sheet of such a part.
static void a_thermistor_has_its_resistance_at_25_degrees(void **state)
{
	struct iio_channel even = ntc;

	(void)state;
	even.thermistor.series_ohm = 10000;
	assert_true(fabs(channel_value(&even, 1650) - 25) < 1e-9);
}

static void a_broken_wire_has_no_temperature(void **state)
{
	(void)state;
	assert_true(isnan(channel_value(&ntc, 3300)));
	assert_true(isnan(channel_value(&ntc, 3400)));
	assert_true(isnan(channel_value(&ntc, 0)));
	assert_true(isnan(channel_value(&ntc, -1)));
}

static void others_are_linear(void **state)
{
	const struct iio_channel current = { .per_unit = 2, .zero = 100 };

	(void)state;
	assert_true(channel_value(&current, 50) == 0);
	assert_true(channel_value(&current, 1250) == 2400);
}

static void each_has_its_key(void **state)
{
	(void)state;
	assert_string_equal(quantity_name(QUANTITY_CURRENT), "current");
	assert_string_equal(quantity_name(QUANTITY_TEMPERATURE), "thermistor");
	assert_string_equal(quantity_name(QUANTITY_POSITION), "pot");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_thermistor_gives_degrees),
		cmocka_unit_test(a_thermistor_has_its_resistance_at_25_degrees),
		cmocka_unit_test(a_broken_wire_has_no_temperature),
		cmocka_unit_test(others_are_linear),
		cmocka_unit_test(each_has_its_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
