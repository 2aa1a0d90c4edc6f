// SPDX-License-Identifier: MIT
//
// A channel of a kernel PWM chip, through sysfs. It goes on when its process has died, so only a
// charge pump's relay makes it safe.
//
// pwm_channel_open() is for construction; pwm_channel_set() allocates nothing. It blocks as long as
// the chip takes: a processor's own some microseconds, one on I2C some 0.5 ms at 100 kHz. Errors are
// -errno.
#ifndef CHAIRD_HAL_PWM_CHANNEL_H
#define CHAIRD_HAL_PWM_CHANNEL_H

#include "core/chair.h"
#include "hal/hal.h"

#define PWM_CLASS_DIR "/sys/class/pwm"

struct pwm_channel {
	int duty_fd, enable_fd; // of its attributes
	int64_t period_ns;
	bool enabled;
};

// The number of the chip in class_dir that a line means. -ENOENT, or -ENOTUNIQ if two chips have
// that name.
int pwm_channel_find(const struct line *line, const char *class_dir, unsigned *ret_chip);

// Export the channel if it is not, and leave it off, with the line's frequency. -EBUSY: a driver of
// the kernel has it.
int pwm_channel_open(const struct line *line, const char *class_dir,
	struct pwm_channel *ret_channel, struct hal_error *ret_error);

// 0 disables it, too. After an error its state is not known.
int pwm_channel_set(struct pwm_channel *channel, int duty_permille);

// Leaves the channel as it is, and exported.
void pwm_channel_close(struct pwm_channel *channel);

#endif
