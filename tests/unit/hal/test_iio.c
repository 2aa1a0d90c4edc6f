// SPDX-License-Identifier: MIT
//
// Force sensors in a directory with the layout of sysfs for IIO devices.
#include "tests/unit/hal/sim_rig.h"

#include <ftw.h>
#include <sched.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "hal/iio.h"

enum { DEPTH = 1, SHOULDER = 4, CALF = 5 }; // actuators of the recliner

static struct chair chair;
static char dir[32];

static void put(const char *device, const char *attribute, const char *text)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, device);
	assert_true(mkdir(path, 0755) == 0 || errno == EEXIST);
	snprintf(path, sizeof(path), "%s/%s/%s", dir, device, attribute);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void drop(const char *device, const char *attribute)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s/%s", dir, device, attribute);
	assert_int_equal(unlink(path), 0);
}

static int make_devices(void **state)
{
	(void)state;
	fixture_recliner(&chair);
	strcpy(dir, "/tmp/chaird-iio-XXXXXX");
	assert_non_null(mkdtemp(dir));
	put("iio:device0", "name", "ads1115\n");
	put("iio:device1", "name", "hx711\n");
	put("iio:device1", "in_voltage0_raw", "2000\n");
	put("iio:device1", "in_voltage_scale", "0.010000000\n"); // shared by all voltages
	put("iio:device3", "name", "cells\n");
	put("iio:device3", "in_pressure0_raw", "150\n");
	put("iio:device3", "in_pressure0_offset", "-50\n");
	put("iio:device3", "in_pressure0_scale", "0.5\n");
	put("iio:device3", "in_pressure1_raw", "7\n");
	return 0;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
	(void)status;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int remove_devices(void **state)
{
	(void)state;
	return nftw(dir, remove_one, 4, FTW_DEPTH | FTW_PHYS);
}

static int64_t monotonic_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * US_PER_S + t.tv_nsec / 1000;
}

// The latest value once `good` holds of it, within 5 s.
static struct hal_force wait_for(struct iio *iio, int actuator,
	bool (*good)(const struct hal_force *force, double value), double value)
{
	int64_t give_up_us = monotonic_us() + 5 * US_PER_S;
	struct hal_force force;

	for (;;) {
		iio_latest(iio, actuator, &force);
		if (good(&force, value))
			return force;
		if (monotonic_us() > give_up_us)
			fail_msg("last: error %d, %g N", force.error, force.force_n);
		sched_yield();
	}
}

static bool reads(const struct hal_force *force, double value)
{
	return !force->error && force->t_us > 0 && fabs(force->force_n - value) < 1e-9;
}

static bool fails(const struct hal_force *force, double error)
{
	return force->error == (int)error;
}

static void values_are_scaled_and_timestamped(void **state)
{
	struct hal_error error;
	struct hal_force first, second;
	struct iio *iio;
	int64_t before_us = monotonic_us();

	(void)state;
	chair.actuators[DEPTH].sensor.n_per_unit = 2.0;
	chair.actuators[DEPTH].sensor.zero_n = 5.0;
	assert_int_equal(iio_open(&chair, dir, &iio, &error), 0);
	first = wait_for(iio, DEPTH, reads, 2000 * 0.01 * 2.0 - 5.0);
	assert_true(first.t_us >= before_us && first.t_us <= monotonic_us());
	wait_for(iio, SHOULDER, reads, (150 - 50) * 0.5);
	wait_for(iio, CALF, reads, 7); // neither scale nor offset
	put("iio:device1", "in_voltage0_raw", "3000\n");
	second = wait_for(iio, DEPTH, reads, 3000 * 0.01 * 2.0 - 5.0);
	assert_true(second.t_us > first.t_us);
	assert_null(iio_close(iio));
	assert_null(iio_close(NULL));
}

// A current by a shared scale, and a thermistor by its equation.
static void quantities_have_their_channels(void **state)
{
	struct iio_channel *current = &chair.actuators[DEPTH].measured[QUANTITY_CURRENT];
	struct iio_channel *heat = &chair.actuators[CALF].measured[QUANTITY_TEMPERATURE];
	struct hal_measurement value;
	struct hal_error error;
	struct iio *iio;

	(void)state;
	*current = (struct iio_channel){ true, "ads1115", "in_voltage1", .per_unit = 2,
		.zero = 50 };
	*heat = (struct iio_channel){ true, "ads1115", "in_voltage2",
		.thermistor = { 10000, 3950, 10000, 3300 } };
	put("iio:device0", "in_voltage1_raw", "4000\n");
	put("iio:device0", "in_voltage2_raw", "13200\n");
	put("iio:device0", "in_voltage_scale", "0.125\n");
	assert_int_equal(iio_open(&chair, dir, &iio, &error), 0);
	wait_for(iio, DEPTH, reads, 20.0); // all are read in turn
	wait_for(iio, CALF, reads, 7);
	do
		iio_measured(iio, CALF, QUANTITY_TEMPERATURE, &value);
	while (!value.t_us);
	assert_true(fabs(value.value - 25) < 1e-9);
	iio_measured(iio, DEPTH, QUANTITY_CURRENT, &value);
	assert_int_equal(value.error, 0);
	assert_true(fabs(value.value - 950) < 1e-9);
	iio_close(iio);
}

static void a_failed_read_is_reported_and_the_last_value_ages(void **state)
{
	struct hal_error error;
	struct hal_force good, bad;
	struct iio *iio;

	(void)state;
	assert_int_equal(iio_open(&chair, dir, &iio, &error), 0);
	good = wait_for(iio, DEPTH, reads, 20.0);
	put("iio:device1", "in_voltage0_raw", "what\n");
	bad = wait_for(iio, DEPTH, fails, -EBADMSG);
	assert_true(bad.force_n == good.force_n);
	assert_true(bad.t_us >= good.t_us);
	put("iio:device1", "in_voltage0_raw", "100\n");
	wait_for(iio, DEPTH, reads, 1.0);
	iio_close(iio);
}

static void nothing_is_ready_before_the_first_read(void **state)
{
	struct hal_error error;
	struct hal_force force;
	struct iio *iio;

	(void)state;
	drop("iio:device1", "in_voltage0_raw");
	put("iio:device1", "in_voltage0_raw", ""); // never a number
	assert_int_equal(iio_open(&chair, dir, &iio, &error), 0);
	force = wait_for(iio, DEPTH, fails, -EBADMSG);
	assert_int_equal(force.t_us, 0);
	iio_close(iio);
}

static void refused(int expected, const char *part)
{
	struct hal_error error = { "" };
	struct iio *iio = (struct iio *)&error;

	assert_int_equal(iio_open(&chair, dir, &iio, &error), expected);
	assert_ptr_equal(iio, &error);
	if (!strstr(error.text, part))
		fail_msg("\"%s\" does not speak of \"%s\"", error.text, part);
}

static void errors_name_the_sensor(void **state)
{
	(void)state;
	put("iio:device1", "in_voltage_scale", "one\n");
	refused(-EINVAL, "scale");
	put("iio:device1", "in_voltage_scale", "1\n");
	drop("iio:device1", "in_voltage0_raw");
	refused(-ENOENT, "in_voltage0_raw");
	put("iio:device1", "in_voltage0_raw", "1\n");
	put("iio:device0", "name", "hx711\n");
	refused(-ENOTUNIQ, "2 IIO devices are named hx711");
	put("iio:device0", "name", "a\n");
	put("iio:device1", "name", "b\n");
	refused(-ENOENT, "sensor of depth: no IIO device is named hx711 (there are: ");
	put("iio:device1", "name", "hx711\n");
	chair.actuators[CALF].measured[QUANTITY_POSITION] = (struct iio_channel){ true, "pots",
		"in_voltage1", .per_unit = 1 };
	refused(-ENOENT, "pot of calf_cells: no IIO device is named pots");
}

// --- several devices with one name ------------------------------------------------------------

// As sysfs has it: "iio:deviceN" is a link into the directory of its chip, which is one on a bus.
static void put_chip(int number, const char *chip, const char *label)
{
	char path[128], target[128], raw[16];

	snprintf(path, sizeof(path), "%s/%s", dir, chip);
	assert_int_equal(mkdir(path, 0755), 0);
	snprintf(path, sizeof(path), "%s/%s/subsystem", dir, chip);
	assert_int_equal(symlink("../i2c", path), 0);
	snprintf(target, sizeof(target), "%s/iio:device%d", chip, number);
	put(target, "name", "ads1015\n");
	put(target, "label", label);
	snprintf(raw, sizeof(raw), "%d\n", number);
	put(target, "in_voltage0_raw", raw);
	snprintf(path, sizeof(path), "%s/iio:device%d", dir, number);
	assert_int_equal(symlink(target, path), 0);
}

static int make_twins(void **state)
{
	char path[128];

	make_devices(state);
	snprintf(path, sizeof(path), "%s/i2c", dir);
	assert_int_equal(mkdir(path, 0755), 0);
	put_chip(48, "1-0048", "back\n");
	put_chip(49, "1-0049", "legs\n");
	return 0;
}

static void mean(int actuator, const char *device)
{
	assert_true(strlen(device) < NAME_SIZE);
	strcpy(chair.actuators[actuator].sensor.device, device);
	strcpy(chair.actuators[actuator].sensor.channel, "in_voltage0");
}

static void expect_of_depth(const char *device, double value)
{
	struct hal_error error;
	struct iio *iio;

	mean(DEPTH, device);
	assert_int_equal(iio_open(&chair, dir, &iio, &error), 0);
	wait_for(iio, DEPTH, reads, value);
	iio_close(iio);
}

static void of_two_with_one_name_one_is_meant(void **state)
{
	char path[128];

	(void)state;
	mean(DEPTH, "ads1015");
	refused(-ENOTUNIQ, "sensor of depth: 2 IIO devices are named ads1015: write device = ");
	refused(-ENOTUNIQ, "/sys/bus/i2c/devices/1-0048");
	refused(-ENOTUNIQ, "/sys/bus/i2c/devices/1-0049");
	expect_of_depth("back", 48);
	expect_of_depth("legs", 49);
	snprintf(path, sizeof(path), "%s/1-0048", dir);
	expect_of_depth(path, 48);
	snprintf(path, sizeof(path), "%s/1-0049/iio:device49", dir);
	expect_of_depth(path, 49);
	snprintf(path, sizeof(path), "%s/1-004", dir); // the beginning of a name is none
	mean(DEPTH, path);
	refused(-ENOENT, "no IIO device is at ");
	mean(DEPTH, dir);
	refused(-ENOTUNIQ, "IIO devices are at ");
}

static void two_names_of_one_channel_are_found(void **state)
{
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/1-0049", dir);
	mean(DEPTH, "legs");
	mean(SHOULDER, path);
	refused(-EBUSY, "depth and shoulder_cells read the same IIO channel");
	mean(SHOULDER, "back");
	expect_of_depth("legs", 49);
}

static void a_chair_without_sensors_needs_no_thread(void **state)
{
	struct hal_error error;
	struct iio *iio;

	(void)state;
	fixture_bench(&chair);
	assert_int_equal(iio_open(&chair, "/nonexistent", &iio, &error), 0);
	assert_null(iio);
}

#define WITH_DEVICES(test) cmocka_unit_test_setup_teardown(test, make_devices, remove_devices)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_DEVICES(values_are_scaled_and_timestamped),
		WITH_DEVICES(quantities_have_their_channels),
		WITH_DEVICES(a_failed_read_is_reported_and_the_last_value_ages),
		WITH_DEVICES(nothing_is_ready_before_the_first_read),
		WITH_DEVICES(errors_name_the_sensor),
		cmocka_unit_test_setup_teardown(of_two_with_one_name_one_is_meant, make_twins,
			remove_devices),
		cmocka_unit_test_setup_teardown(two_names_of_one_channel_are_found, make_twins,
			remove_devices),
		WITH_DEVICES(a_chair_without_sensors_needs_no_thread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
