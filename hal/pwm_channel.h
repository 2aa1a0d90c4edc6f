// SPDX-License-Identifier: MIT
//
// A channel of a kernel PWM chip, through sysfs.
//
// Its files: export in the chip's folder; period and duty_cycle in nanoseconds, polarity and enable
// in the channel's (Linux, Documentation/ABI/testing/sysfs-class-pwm and driver-api/pwm.rst). Its
// state is that of the channel and of no open file: nothing sets it back when the process that set
// it dies (tests/kernel/test_pwm.c proves it), so only a charge pump's relay makes it safe.
//
// Off is both, a duty of 0 and then disabled: a disabled channel need not be low, and a duty of 0
// is (driver-api/pwm.rst). Reading gives the state that the chip's driver has accepted last; what
// the chip makes of it, no file shows (the same).
//
// pwm_channel_open() is for construction; pwm_channel_set() allocates nothing. It blocks as long as
// the chip takes: a processor's own some microseconds, one on I2C some 0.5 ms at 100 kHz. Errors
// are -errno.
#ifndef CHAIRD_HAL_PWM_CHANNEL_H
#define CHAIRD_HAL_PWM_CHANNEL_H

#include "core/chair.h"
#include "hal/hal.h"

#define PWM_CLASS_DIR "/sys/class/pwm"
#define PWM_CHIP_NAME "pwmchip" // and its number
#define PWM_TEXT_SIZE 24        // of an attribute

struct pwm_channel {
	int duty_fd, enable_fd; // of its attributes
	int64_t period_ns;
	bool enabled;
};

// The number of the chip in class_dir that a line means. -ENOENT, or -ENOTUNIQ if two chips have
// that name.
int pwm_channel_find(const struct line *line, const char *class_dir, unsigned *ret_chip);

// Write why a channel cannot be used, by its -errno. Returns r.
int pwm_channel_explain(struct hal_error *error, const struct line *line, int r);

// Export the channel if it is not, and leave it off, with the line's frequency. -EBUSY: a driver of
// the kernel has it. -EACCES may pass: udev gives the files of a channel that was just exported to
// the group gpio.
int pwm_channel_open(const struct line *line, const char *class_dir,
	struct pwm_channel *ret_channel, struct hal_error *ret_error);

// 0 disables it, too, and reads both back: -EIO if it is not off. After an error its state is not
// known.
int pwm_channel_set(struct pwm_channel *channel, int duty_permille);

// Leaves the channel as it is, and exported.
void pwm_channel_close(struct pwm_channel *channel);

// Those of a chair.
struct pwm_channels {
	uint64_t open;                          // lines
	struct pwm_channel at[CHAIR_LINES_MAX]; // by line
};

// Opens them in order. After an error those before it are open, and to be closed.
int pwm_channels_open(const struct chair *chair, const char *class_dir,
	struct pwm_channels *ret_channels, struct hal_error *ret_error);
// Turns each off first, as well as it can be.
void pwm_channels_close(struct pwm_channels *channels);
// Turn them off without having opened them. Continues past errors; returns the first.
int pwm_channels_off(const struct chair *chair, const char *class_dir, struct hal_error *ret_error);

#endif
