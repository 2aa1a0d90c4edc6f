// SPDX-License-Identifier: MIT
#include "guard/line_record.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

// "lines" in the socket's directory.
static void record_path(const char *socket_path, const char *suffix, char ret_path[PATH_MAX])
{
	const char *slash = strrchr(socket_path, '/');
	int length = slash ? (int)(slash - socket_path) : 1;

	snprintf(ret_path, PATH_MAX, "%.*s/lines%s", length, slash ? socket_path : ".", suffix);
}

// "GPIO17 0", or with a chip "mcp23017 3 0": the level of the wire that is safe comes last. Of a
// channel: "pwm 1-0040 0 1000", its frequency comes last.
static void write_line(FILE *file, const struct line *line)
{
	if (line->channel_hz) {
		fprintf(file, "pwm %s %d %d\n", line->chip, line->offset, line->channel_hz);
		return;
	}
	if (line->chip[0])
		fprintf(file, "%s %d", line->chip, line->offset);
	else
		fputs(line->name, file);
	fprintf(file, " %d\n", line->safe_level != line->active_low);
}

static bool parse_channel(const char *text, struct line *ret_line)
{
	char chip[NAME_SIZE];
	int channel, hz;

	if (sscanf(text, "pwm %47s %d %d", chip, &channel, &hz) != 3 ||
		strlen(chip) >= LINE_CHIP_SIZE || channel < 0 || channel > LINE_CHANNEL_MAX ||
		hz < LINE_CHANNEL_HZ_MIN || hz > LINE_CHANNEL_HZ_MAX)
		return false;
	*ret_line = (struct line){ .role = ROLE_PWM, .actuator = -1 };
	line_set_channel(ret_line, chip, channel, hz);
	return true;
}

static bool parse_line(const char *text, struct line *ret_line)
{
	char place[NAME_SIZE];
	int first, second, level, n = sscanf(text, "%47s %d %d", place, &first, &second);

	if (strncmp(text, "pwm ", 4) == 0)
		return parse_channel(text, ret_line);
	level = n == 3 ? second : first;
	if (n < 2 || level < 0 || level > 1 ||
		strlen(place) >= (n == 3 ? LINE_CHIP_SIZE : NAME_SIZE))
		return false;
	// The record has levels of the wire, so the line is active-high here.
	*ret_line = (struct line){ .role = ROLE_RUN, .actuator = -1, .safe_level = level };
	if (n == 3)
		line_set_place(ret_line, place, first);
	else
		strcpy(ret_line->name, place);
	return true;
}

int line_record_write(const char *socket_path, const struct chair *chair)
{
	char path[PATH_MAX], fresh[PATH_MAX];
	FILE *file;
	int r;

	record_path(socket_path, "", path);
	record_path(socket_path, ".new", fresh);
	file = fopen(fresh, "we");
	if (!file)
		return -errno;
	for (size_t i = 0; i < chair->n_lines; i++) {
		if (line_role_is_output(chair->lines[i].role))
			write_line(file, &chair->lines[i]);
	}
	r = ferror(file) ? -EIO : 0;
	if (fclose(file) && r == 0)
		r = -errno;
	if (r == 0 && rename(fresh, path) < 0)
		r = -errno;
	return r;
}

int line_record_read(const char *socket_path, struct chair *ret_chair)
{
	struct chair chair = { .estop = -1, .seat = -1, .reset = -1, .enable = -1 };
	char path[PATH_MAX], text[2 * NAME_SIZE];
	FILE *file;
	int r = 0;

	record_path(socket_path, "", path);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	while (r == 0 && fgets(text, sizeof(text), file)) {
		if (chair.n_lines == CHAIR_LINES_MAX ||
			!parse_line(text, &chair.lines[chair.n_lines]))
			r = -EBADMSG;
		else
			chair.n_lines++;
	}
	fclose(file);
	if (r == 0 && !chair.n_lines)
		r = -EBADMSG;
	if (r == 0)
		*ret_chair = chair;
	return r;
}
