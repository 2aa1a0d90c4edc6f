// SPDX-License-Identifier: MIT
#include "hal/pwm_list.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hal/attribute.h"
#include "hal/pwm_channel.h"

struct list {
	struct pwm_listed *channels;
	size_t n;
};

static int64_t number(const char *dir, const char *name)
{
	char text[PWM_TEXT_SIZE];

	attribute_read(dir, name, text, sizeof(text)); // "" counts as 0
	return strtoll(text, NULL, 10);
}

static void name_device(const char *chip_dir, char ret_device[LINE_CHIP_SIZE])
{
	char link[PATH_MAX], *device;

	snprintf(link, sizeof(link), "%.4000s/device", chip_dir);
	device = realpath(link, NULL);
	snprintf(ret_device, LINE_CHIP_SIZE, "%.*s", LINE_CHIP_SIZE - 1,
		device ? strrchr(device, '/') + 1 : "");
	free(device);
}

static void read_state(const char *chip_dir, struct pwm_listed *channel)
{
	char dir[PATH_MAX];

	snprintf(dir, sizeof(dir), "%.4000s/pwm%u", chip_dir, channel->channel);
	channel->exported = access(dir, F_OK) == 0;
	if (!channel->exported)
		return;
	channel->enabled = number(dir, "enable");
	channel->period_ns = number(dir, "period");
	channel->duty_ns = number(dir, "duty_cycle");
}

static int add_chip(struct list *list, const char *class_dir, const char *chip)
{
	char dir[PATH_MAX];
	struct pwm_listed *channels;
	int64_t n;

	snprintf(dir, sizeof(dir), "%.3000s/%.255s", class_dir, chip);
	n = clamp_i64(number(dir, "npwm"), 0, LINE_CHANNEL_MAX + 1);
	channels = realloc(list->channels, (list->n + (size_t)n + 1) * sizeof(*channels));
	if (!channels)
		return -ENOMEM;
	list->channels = channels;
	for (unsigned i = 0; i < n; i++) {
		struct pwm_listed *channel = &channels[list->n++];

		*channel = (struct pwm_listed){ .channel = i, .line = -1 };
		snprintf(channel->chip, sizeof(channel->chip), "%.31s", chip);
		name_device(dir, channel->device);
		read_state(dir, channel);
	}
	return 0;
}

static int is_chip(const struct dirent *entry)
{
	return !strncmp(entry->d_name, PWM_CHIP_NAME, strlen(PWM_CHIP_NAME));
}

static int add_chips(struct list *list, const char *class_dir)
{
	struct dirent **chips;
	int n = scandir(class_dir, &chips, is_chip, versionsort), result = 0;

	if (n < 0)
		return 0; // a kernel without PWM has no chips
	for (int i = 0; i < n; i++) {
		int r = add_chip(list, class_dir, chips[i]->d_name);

		result = result ? result : r;
		free(chips[i]);
	}
	free(chips);
	return result;
}

static int mark(const struct list *list, const struct chair *chair, int line, const char *class_dir)
{
	unsigned number = 0;
	char chip[32];
	int r = pwm_channel_find(&chair->lines[line], class_dir, &number);

	if (r < 0)
		return r;
	snprintf(chip, sizeof(chip), PWM_CHIP_NAME "%u", number);
	for (size_t i = 0; i < list->n; i++) {
		struct pwm_listed *channel = &list->channels[i];

		if (strcmp(channel->chip, chip) ||
			(int)channel->channel != chair->lines[line].offset)
			continue;
		channel->line = line;
		return 0;
	}
	return -ENODEV;
}

int pwm_list(const struct chair *chair, const char *class_dir, struct pwm_listed **ret_channels,
	size_t *ret_n, struct hal_error *ret_error)
{
	struct list list = { NULL, 0 };
	int result = add_chips(&list, class_dir);

	if (result < 0)
		snprintf(ret_error->text, sizeof(ret_error->text), "%s", strerror(-result));
	for (uint64_t left = chair ? chair_channels(chair) : 0; left; left &= left - 1) {
		int line = __builtin_ctzll(left), r = mark(&list, chair, line, class_dir);

		if (r < 0 && result == 0)
			result = pwm_channel_explain(ret_error, &chair->lines[line], r);
	}
	*ret_channels = list.channels;
	*ret_n = list.n;
	return result;
}
