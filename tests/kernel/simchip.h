// SPDX-License-Identifier: MIT
//
// Simulated hardware of the test kernel: GPIO chips (gpio-sim), sensors (the IIO dummy) and a PWM
// chip (pwm-sim.patch), which is always there. The others are made through configfs. All look to
// the code under test like any other chip or sensor.
// Functions return 0 or -errno; ret_ parameters are untouched on failure.
#ifndef SIMCHIP_H
#define SIMCHIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct simchip;
struct simiio;

// Makes a chip with that label and one line per name (NULL: a line without a name), all lines
// pulled down. Up to eight chips may have the same label.
// Its device node exists on return.
int simchip_new(const char *label, const char *const names[], size_t n_lines, struct simchip **ret);

// Removes the chip, even under a process that holds its lines. Accepts NULL, returns NULL.
struct simchip *simchip_free(struct simchip *chip);

// "/dev/gpiochipN", valid as long as the chip.
const char *simchip_path(const struct simchip *chip);

// "/sys/bus/platform/devices/gpio-sim.N", of which the chip is a part, valid as long as the chip.
const char *simchip_device(const struct simchip *chip);

// The physical level of a line, driven from either side: 1 high, 0 low, or -errno.
int simchip_level(const struct simchip *chip, unsigned int line);

// Opens the level of a line to follow it: pread() of one byte at 0 gives '1' or '0', and poll() for
// POLLPRI returns once the line has been set since. A descriptor to close, or -errno.
int simchip_open_level(const struct simchip *chip, unsigned int line);

// Drives an input from outside. A requested output keeps its level.
int simchip_pull(const struct simchip *chip, unsigned int line, bool up);

// Makes a sensor, the kernel's IIO dummy. Its in_voltage0_raw is always 73, _offset 7 and _scale
// 0.001333: by the IIO rule (raw + offset) * scale it measures 0.10664 mV. in_accel_x_raw is 34,
// without offset or scale; out_voltage0_raw, in_steps_input and in_activity_walking_input read
// back what was written to them.
int simiio_new(const char *name, struct simiio **ret);

// Removes the sensor. Accepts NULL, returns NULL.
struct simiio *simiio_free(struct simiio *iio);

// Its sysfs directory, "/sys/bus/iio/devices/iio:deviceN", valid as long as the sensor.
const char *simiio_path(const struct simiio *iio);

// The PWM chip of the test kernel, its device, and the state of a channel.
#define SIMPWM        "pwm-sim.0"
#define SIMPWM_DEVICE "/sys/devices/platform/" SIMPWM
struct pwm_state {
	bool enabled;
	int64_t duty_ns, period_ns;
};

// A descriptor of the states, to be polled for POLLPRI: a channel was set since. Or -errno.
int simpwm_open(void);
struct pwm_state simpwm_read(int fd, unsigned channel); // aborts if it cannot

// Take the chip away from under its users, or bring it back. 0 or -errno.
int simpwm_plug(bool plugged);

#endif
