// SPDX-License-Identifier: MIT
#include "ctl/lines_channels.h"

#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/terminal.h"
#include "hal/pwm_channel.h"

#define NS_PER_S INT64_C(1000000000)

int lines_channels_read(const struct chair *chair, struct lines_channels *ret_channels,
	struct hal_error *ret_error)
{
	*ret_channels = (struct lines_channels){ .chair = chair };
	return pwm_list(chair, PWM_CLASS_DIR, &ret_channels->list, &ret_channels->n, ret_error);
}

void lines_channels_clear(struct lines_channels *channels)
{
	free(channels->list);
	*channels = (struct lines_channels){ 0 };
}

static void name_process(const char *fd, char holder[NAME_SIZE])
{
	char path[64];
	FILE *file;
	int pid;

	if (sscanf(fd, "/proc/%d/", &pid) != 1)
		return;
	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	file = fopen(path, "re");
	if (!file)
		return;
	if (fgets(holder, NAME_SIZE, file))
		holder[strcspn(holder, "\n")] = '\0';
	fclose(file);
}

// The program that has the channel's files open, as far as this user may see it; "sysfs" if there
// is none: then it goes on as it was set. "" if it is not exported.
static const char *holder_of(const struct pwm_listed *channel, char holder[NAME_SIZE])
{
	char path[PATH_MAX], duty[PATH_MAX], open[PATH_MAX];
	glob_t fds;

	holder[0] = '\0';
	if (!channel->exported)
		return holder;
	snprintf(holder, NAME_SIZE, "sysfs");
	snprintf(path, sizeof(path), PWM_CLASS_DIR "/%s/pwm%u/duty_cycle", channel->chip,
		channel->channel);
	if (!realpath(path, duty) || glob("/proc/[0-9]*/fd/*", GLOB_NOSORT, NULL, &fds))
		return holder;
	for (size_t i = 0; i < fds.gl_pathc; i++) {
		ssize_t n = readlink(fds.gl_pathv[i], open, sizeof(open) - 1);

		open[n > 0 ? n : 0] = '\0';
		if (!strcmp(open, duty))
			name_process(fds.gl_pathv[i], holder);
	}
	globfree(&fds);
	return holder;
}

static const char *wanted_as(const struct lines_channels *channels,
	const struct pwm_listed *channel, char buf[NAME_SIZE + 8])
{
	const struct line *line = channel->line < 0 ? NULL : &channels->chair->lines[channel->line];

	snprintf(buf, NAME_SIZE + 8, "%s%s",
		line ? channels->chair->actuators[line->actuator].name : "", line ? ".pwm" : "");
	return buf;
}

static int64_t hz_of(const struct pwm_listed *channel)
{
	return channel->period_ns ? (NS_PER_S + channel->period_ns / 2) / channel->period_ns : 0;
}

static int64_t permille_of(const struct pwm_listed *channel)
{
	return channel->enabled && channel->period_ns
		? channel->duty_ns * PERMILLE_FULL / channel->period_ns
		: 0;
}

static bool begins_chip(const struct lines_channels *channels, size_t i)
{
	return i == 0 || strcmp(channels->list[i].chip, channels->list[i - 1].chip) != 0;
}

static void print_chip(const struct lines_channels *channels, size_t first)
{
	unsigned n = 1;

	while (first + n < channels->n && !begins_chip(channels, first + n))
		n++;
	printf("\n%s [", channels->list[first].chip);
	terminal_print(stdout, channels->list[first].device);
	printf("], %u channels of kernel PWM\nchannel  %-15s %-24s drive\n", n, "holder", "chair");
}

static void print_channel(const struct lines_channels *channels, const struct pwm_listed *channel)
{
	char holder[NAME_SIZE], wanted[NAME_SIZE + 8], drive[64] = "", row[4 * NAME_SIZE];
	int end;

	if (channel->exported)
		snprintf(drive, sizeof(drive), "%lld of 1000, %lld Hz",
			(long long)permille_of(channel), (long long)hz_of(channel));
	holder_of(channel, holder);
	end = snprintf(row, sizeof(row), "%7u  %-15s %-24s %s", channel->channel,
		*holder ? holder : "free", wanted_as(channels, channel, wanted), drive);
	while (end > 0 && row[end - 1] == ' ')
		row[--end] = '\0';
	terminal_print(stdout, row);
	putchar('\n');
}

void lines_channels_print(const struct lines_channels *channels)
{
	for (size_t i = 0; i < channels->n; i++) {
		if (begins_chip(channels, i))
			print_chip(channels, i);
		print_channel(channels, &channels->list[i]);
	}
}

static json_t *text_or_null(const char *text)
{
	return *text ? json_stringn_nocheck(text, strlen(text)) : json_null();
}

static json_t *channel_json(const struct lines_channels *channels, const struct pwm_listed *channel)
{
	char holder[NAME_SIZE], wanted[NAME_SIZE + 8];

	return json_pack("{s:i, s:o, s:o, s:b, s:I, s:I}", "channel", (int)channel->channel,
		"holder", text_or_null(holder_of(channel, holder)), "chair",
		text_or_null(wanted_as(channels, channel, wanted)), "exported",
		(int)channel->exported, "hz", (json_int_t)hz_of(channel), "permille",
		(json_int_t)permille_of(channel));
}

json_t *lines_channels_json(const struct lines_channels *channels)
{
	json_t *chips = json_array(), *list = NULL;

	for (size_t i = 0; i < channels->n; i++) {
		if (begins_chip(channels, i)) {
			list = json_array();
			json_array_append_new(chips,
				json_pack("{s:s, s:o, s:o}", "chip", channels->list[i].chip,
					"device", text_or_null(channels->list[i].device),
					"channels", list));
		}
		json_array_append_new(list, channel_json(channels, &channels->list[i]));
	}
	return chips;
}
