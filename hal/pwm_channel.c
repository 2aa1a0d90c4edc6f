// SPDX-License-Identifier: MIT
#include "hal/pwm_channel.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hal/attribute.h"

#define NS_PER_S 1000000000
#define CHIP     PWM_CHIP_NAME

// --- attributes -------------------------------------------------------------------------------

static int write_number(int fd, int64_t number)
{
	char text[PWM_TEXT_SIZE];
	int n = snprintf(text, sizeof(text), "%" PRId64 "\n", number);
	ssize_t written = pwrite(fd, text, (size_t)n, 0);

	return written < 0 ? -errno : written != n ? -EIO : 0;
}

static int expect_zero(int fd)
{
	char text[PWM_TEXT_SIZE] = "";
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

	return n < 0 ? -errno : strncmp(text, "0\n", 2) != 0 ? -EIO : 0;
}

static int put(const char *dir, const char *name, const char *text)
{
	int fd = attribute_open(dir, name, O_WRONLY), r = 0;

	if (fd < 0)
		return fd;
	if (write(fd, text, strlen(text)) < 0)
		r = -errno;
	close(fd);
	return r;
}

static int put_number(const char *dir, const char *name, int64_t number)
{
	char text[PWM_TEXT_SIZE];

	snprintf(text, sizeof(text), "%" PRId64, number);
	return put(dir, name, text);
}

// --- the chip ---------------------------------------------------------------------------------

// Whether the chip at `path` belongs to this device: by the device's name, or by a path to the chip
// or to its device.
static bool is_meant(const char *meant, const char *path)
{
	char link[PATH_MAX], *chip = realpath(path, NULL), *device, *wanted = NULL;
	bool is = false;

	if (!chip)
		return false;
	snprintf(link, sizeof(link), "%.4000s/device", path);
	device = realpath(link, NULL);
	if (meant[0] == '/') {
		wanted = realpath(meant, NULL);
		is = wanted && (!strcmp(wanted, chip) || (device && !strcmp(wanted, device)));
	} else if (device) {
		is = !strcmp(meant, strrchr(device, '/') + 1);
	}
	free(wanted);
	free(device);
	free(chip);
	return is;
}

int pwm_channel_find(const struct line *line, const char *class_dir, unsigned *ret_chip)
{
	DIR *chips = opendir(class_dir);
	struct dirent *entry;
	unsigned n = 0;

	if (!chips)
		return -errno;
	while ((entry = readdir(chips))) {
		char path[PATH_MAX];

		snprintf(path, sizeof(path), "%.3000s/%s", class_dir, entry->d_name);
		if (strncmp(entry->d_name, CHIP, strlen(CHIP)) || !is_meant(line->chip, path))
			continue;
		*ret_chip = (unsigned)strtoul(entry->d_name + strlen(CHIP), NULL, 10);
		n++;
	}
	closedir(chips);
	return n == 0 ? -ENOENT : n > 1 ? -ENOTUNIQ : 0;
}

// --- the channel ------------------------------------------------------------------------------

// A channel that has never been used has no period, and takes no other write before it has one.
static int turn_off(const char *dir, int64_t period_ns)
{
	char text[PWM_TEXT_SIZE];
	int r = attribute_read(dir, "period", text, sizeof(text));

	if (r == 0 && strcmp(text, "0") != 0) {
		r = put(dir, "enable", "0");
		if (r == 0)
			r = put(dir, "duty_cycle", "0"); // never more than the new period
	}
	if (r == 0)
		r = attribute_read(dir, "polarity", text, sizeof(text));
	if (r == 0 && strcmp(text, "normal") != 0)
		r = put(dir, "polarity", "normal");
	else if (r == -ENOENT)
		r = 0; // the chip has only one
	return r < 0 ? r : put_number(dir, "period", period_ns);
}

// The directory of the channel, which is made by its export.
static int export_channel(const char *chip, int channel, char dir[PATH_MAX])
{
	snprintf(dir, PATH_MAX, "%.4000s/pwm%d", chip, channel);
	if (access(dir, F_OK) == 0)
		return 0;
	return put_number(chip, "export", channel);
}

int pwm_channel_explain(struct hal_error *error, const struct line *line, int r)
{
	const char *why = r == -ENOENT ? "there is no such PWM chip (chairctl lines lists them; "
					 "dtoverlay=pwm-2chan in config.txt makes the Pi's own)"
		: r == -ENOTUNIQ       ? "two PWM chips belong to this device; give a path"
		: r == -EACCES ? "the group gpio may not use it (a moment after its export, "
				 "by 60-chaird-gpio.rules)"
		: r == -EBUSY  ? "a driver of the kernel uses this channel"
		: r == -ENODEV ? "the chip has no such channel"
		: r == -EINVAL ? "the chip does not take this hz"
		: r == -EROFS  ? "/sys is read-only for it (ReadWritePaths of its unit)"
			       : strerror(-r);

	snprintf(error->text, sizeof(error->text), "channel %s: %s", line->name, why);
	return r;
}

int pwm_channel_open(const struct line *line, const char *class_dir,
	struct pwm_channel *ret_channel, struct hal_error *ret_error)
{
	struct pwm_channel channel = {
		.duty_fd = -1, .enable_fd = -1, .period_ns = NS_PER_S / line->channel_hz
	};
	char chip[PATH_MAX], dir[PATH_MAX];
	unsigned number = 0;
	int r = pwm_channel_find(line, class_dir, &number);

	if (r < 0)
		return pwm_channel_explain(ret_error, line, r);
	snprintf(chip, sizeof(chip), "%.3000s/" CHIP "%u", class_dir, number);
	r = export_channel(chip, line->offset, dir);
	if (r == 0)
		r = turn_off(dir, channel.period_ns);
	if (r == 0)
		r = channel.duty_fd = attribute_open(dir, "duty_cycle", O_RDWR);
	if (r >= 0)
		r = channel.enable_fd = attribute_open(dir, "enable", O_RDWR);
	if (r >= 0)
		r = pwm_channel_set(&channel, 0);
	if (r < 0) {
		pwm_channel_close(&channel);
		return pwm_channel_explain(ret_error, line, r);
	}
	*ret_channel = channel;
	return 0;
}

int pwm_channel_set(struct pwm_channel *channel, int duty_permille)
{
	int r = write_number(channel->duty_fd, channel->period_ns * duty_permille / PERMILLE_FULL);
	bool enable = duty_permille > 0;
	int r_enable = 0;

	// Off in any case, and on only with the right duty.
	if (!enable || (r == 0 && !channel->enabled))
		r_enable = write_number(channel->enable_fd, enable);
	channel->enabled = enable && r == 0 && r_enable == 0;
	r = r < 0 ? r : r_enable;
	if (r == 0 && !enable)
		r = expect_zero(channel->duty_fd);
	if (r == 0 && !enable)
		r = expect_zero(channel->enable_fd);
	return r;
}

void pwm_channel_close(struct pwm_channel *channel)
{
	if (channel->duty_fd >= 0)
		close(channel->duty_fd);
	if (channel->enable_fd >= 0)
		close(channel->enable_fd);
	channel->duty_fd = channel->enable_fd = -1;
}

// --- those of a chair -------------------------------------------------------------------------

int pwm_channels_open(const struct chair *chair, const char *class_dir,
	struct pwm_channels *ret_channels, struct hal_error *ret_error)
{
	ret_channels->open = 0;
	for (uint64_t left = chair_channels(chair); left; left &= left - 1) {
		int line = __builtin_ctzll(left);
		int r = pwm_channel_open(&chair->lines[line], class_dir, &ret_channels->at[line],
			ret_error);

		if (r < 0)
			return r;
		ret_channels->open |= LINE_BIT(line);
	}
	return 0;
}

void pwm_channels_close(struct pwm_channels *channels)
{
	for (uint64_t left = channels->open; left; left &= left - 1) {
		struct pwm_channel *channel = &channels->at[__builtin_ctzll(left)];

		pwm_channel_set(channel, 0);
		pwm_channel_close(channel);
	}
	channels->open = 0;
}

int pwm_channels_off(const struct chair *chair, const char *class_dir, struct hal_error *ret_error)
{
	int result = 0;

	for (uint64_t left = chair_channels(chair); left; left &= left - 1) {
		struct pwm_channel channel;
		struct hal_error error;
		int r = pwm_channel_open(&chair->lines[__builtin_ctzll(left)], class_dir, &channel,
			&error);

		if (r == 0)
			pwm_channel_close(&channel);
		else if (result == 0)
			*ret_error = error;
		result = result ? result : r;
	}
	return result;
}
