// SPDX-License-Identifier: MIT
#include "ctl/pin_trace.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// A line while the trace is read.
struct reader {
	struct pin_trace *trace;
	bool on[CHAIR_LINES_MAX];
	float drive[CHAIR_LINES_MAX]; // of a channel of kernel PWM; 1 of other lines
	int64_t since_us[CHAIR_LINES_MAX];
	size_t capacity; // windows
};

static bool grow(struct reader *reader, size_t n)
{
	struct pin_trace *trace = reader->trace;
	size_t capacity = reader->capacity ? reader->capacity : 1024;

	trace->n_windows = n > trace->n_windows ? n : trace->n_windows;
	if (n <= reader->capacity)
		return true;
	while (capacity < n)
		capacity *= 2;
	for (size_t i = 0; i < trace->chair->n_lines; i++) {
		float *share = realloc(trace->lines[i].share, capacity * sizeof(*share));

		if (!share)
			return false;
		memset(share + reader->capacity, 0, (capacity - reader->capacity) * sizeof(*share));
		trace->lines[i].share = share;
	}
	reader->capacity = capacity;
	return true;
}

// Account for the time that a line was on until now.
static bool spend(struct reader *reader, size_t line, int64_t until_us)
{
	if (!grow(reader, (size_t)(until_us / PIN_WINDOW_US) + 1))
		return false;
	for (int64_t t_us = reader->since_us[line]; reader->on[line] && t_us < until_us;) {
		int64_t window = t_us / PIN_WINDOW_US;
		int64_t next_us = min_i64(until_us, (window + 1) * PIN_WINDOW_US);

		reader->trace->lines[line].share[window] += reader->drive[line] *
			(float)(next_us - t_us) / (float)PIN_WINDOW_US;
		t_us = next_us;
	}
	reader->since_us[line] = until_us;
	return true;
}

static int change(struct reader *reader, int64_t t_us, size_t line, bool wire)
{
	const struct line *config = &reader->trace->chair->lines[line];
	bool on = (wire != config->active_low) != config->safe_level;
	int64_t bridge_us = 2 * US_PER_S / reader->trace->chair->pwm_hz;

	if (!spend(reader, line, t_us) ||
		!signal_set(&reader->trace->lines[line].on, t_us, on, bridge_us))
		return -ENOMEM;
	reader->on[line] = on;
	reader->trace->end_us = t_us;
	reader->trace->n_changes++;
	return 0;
}

static int read_change(struct reader *reader, char *text)
{
	char *name, *value;
	int64_t t_us = strtoll(text, &name, 10);
	int line;

	value = name != text && *name == ' ' ? strchr(name + 1, ' ') : NULL;
	if (!value || t_us < reader->trace->end_us || (value[1] != '0' && value[1] != '1') ||
		t_us > (int64_t)SESSION_HARD_MAX_S * 100 * US_PER_S)
		return -EINVAL;
	*value = '\0';
	line = chair_find_line(reader->trace->chair, name + 1);
	if (line < 0 || !line_role_is_output(reader->trace->chair->lines[line].role))
		return -EINVAL;
	return change(reader, t_us, (size_t)line, value[1] == '1');
}

// "# drive t_us NAME PERMILLE"; other comments have no effect.
static int read_comment(struct reader *reader, const char *text)
{
	char name[NAME_SIZE];
	int64_t t_us;
	int line, permille;

	if (sscanf(text, "# drive %" SCNd64 " %47s %d", &t_us, name, &permille) != 3)
		return 0;
	line = chair_find_line(reader->trace->chair, name);
	if (line < 0 || !reader->trace->chair->lines[line].channel_hz ||
		t_us < reader->trace->end_us || permille < 0 || permille > PERMILLE_FULL)
		return -EINVAL;
	if (!spend(reader, (size_t)line, t_us))
		return -ENOMEM;
	reader->drive[line] = (float)permille / PERMILLE_FULL;
	reader->trace->end_us = t_us;
	return 0;
}

static int finish(struct reader *reader)
{
	for (size_t i = 0; i < reader->trace->chair->n_lines; i++) {
		if (!spend(reader, i, reader->trace->end_us) ||
			!signal_set(&reader->trace->lines[i].on, reader->trace->end_us, false, 0))
			return -ENOMEM;
	}
	return 0;
}

int pin_trace_read(FILE *stream, const struct chair *chair, struct pin_trace *ret_trace,
	int *ret_line)
{
	struct reader reader = { .trace = ret_trace };
	char *text = NULL;
	size_t size = 0;
	int r = 0;

	*ret_trace = (struct pin_trace){ .chair = chair };
	for (size_t i = 0; i < CHAIR_LINES_MAX; i++)
		reader.drive[i] = 1;
	for (*ret_line = 1; r == 0 && getline(&text, &size, stream) > 0; ++*ret_line) {
		r = text[0] == '#' ? read_comment(&reader, text) : read_change(&reader, text);
	}
	--*ret_line;
	if (r == 0)
		r = finish(&reader);
	if (r < 0)
		pin_trace_clear(ret_trace);
	free(text);
	return r;
}

void pin_trace_clear(struct pin_trace *trace)
{
	for (size_t i = 0; i < CHAIR_LINES_MAX; i++) {
		signal_clear(&trace->lines[i].on);
		free(trace->lines[i].share);
	}
	*trace = (struct pin_trace){ 0 };
}

static double line_share(const struct pin_trace *trace, int line, size_t window)
{
	return line < 0 ? 0 : trace->lines[line].share[window];
}

double pin_trace_drive(const struct pin_trace *trace, int actuator, size_t window)
{
	const struct actuator *config = &trace->chair->actuators[actuator];
	double forward = line_share(trace, config->line[ROLE_FORWARD], window);
	double reverse = line_share(trace, config->line[ROLE_REVERSE], window);
	double share;

	if (config->kind == ACTUATOR_CELL)
		return NAN;
	if (config->line[ROLE_PWM] >= 0)
		share = line_share(trace, config->line[ROLE_PWM], window);
	else if (config->line[ROLE_RUN] >= 0)
		share = line_share(trace, config->line[ROLE_RUN], window);
	else
		share = fmax(forward, reverse);
	return PERMILLE_FULL * (reverse > forward ? -share : share);
}
