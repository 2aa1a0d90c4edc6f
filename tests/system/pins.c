// SPDX-License-Identifier: MIT
#include "pins.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINES_MAX 64

struct change {
	int64_t t_us;
	uint8_t line;
	bool on;
};

struct pins {
	struct {
		char wire[48], name[100];
		int safe;
		bool enable;
	} line[LINES_MAX];
	size_t n_lines;
	struct change *changes;
	size_t n, capacity;
};

static void take_header(struct pins *pins, const char *text)
{
	char wire[48], actuator[48], role[48];
	size_t i = pins->n_lines;
	int safe;

	if (i == LINES_MAX ||
		sscanf(text, "# line %47s %47s %47s safe %d", wire, actuator, role, &safe) != 4)
		return;
	bool own = !strcmp(actuator, "-");

	snprintf(pins->line[i].wire, sizeof(pins->line[i].wire), "%s", wire);
	snprintf(pins->line[i].name, sizeof(pins->line[i].name), "%s%s%s", own ? "" : actuator,
		own ? "" : ".", role);
	pins->line[i].safe = safe;
	pins->line[i].enable = !strcmp(role, "enable");
	pins->n_lines++;
}

static void add_change(struct pins *pins, int64_t t_us, size_t line, bool on)
{
	if (pins->n == pins->capacity) {
		pins->capacity = pins->capacity ? 2 * pins->capacity : 4096;
		pins->changes = realloc(pins->changes, pins->capacity * sizeof(*pins->changes));
		if (!pins->changes)
			abort();
	}
	pins->changes[pins->n++] = (struct change){ t_us, (uint8_t)line, on };
}

static void take_line(struct pins *pins, const char *text)
{
	char wire[48];
	int64_t t_us;
	int level;

	if (text[0] == '#') {
		take_header(pins, text);
		return;
	}
	if (sscanf(text, "%" SCNd64 " %47s %d", &t_us, wire, &level) != 3)
		return;
	for (size_t i = 0; i < pins->n_lines; i++) {
		if (!strcmp(pins->line[i].wire, wire))
			add_change(pins, t_us, i, level != pins->line[i].safe);
	}
}

struct pins *pins_read(const char *path)
{
	struct pins *pins = calloc(1, sizeof(*pins));
	FILE *file = fopen(path, "re");
	char text[200];

	if (!pins || !file) {
		perror(path);
		abort();
	}
	// The last line of a killed guard may be incomplete.
	while (fgets(text, sizeof(text), file) && strchr(text, '\n'))
		take_line(pins, text);
	fclose(file);
	return pins;
}

struct pins *pins_free(struct pins *pins)
{
	if (pins)
		free(pins->changes);
	free(pins);
	return NULL;
}

int64_t pins_first(const struct pins *pins, const char *line, bool on, int64_t from_us)
{
	for (size_t i = 0; i < pins->n; i++) {
		const struct change *change = &pins->changes[i];

		if (change->t_us >= from_us && change->on == on &&
			!strcmp(pins->line[change->line].name, line))
			return change->t_us;
	}
	return -1;
}

int64_t pins_safe_since(const struct pins *pins, int64_t from_us)
{
	uint64_t on = 0;

	for (size_t i = 0; i < pins->n; i++) {
		const struct change *change = &pins->changes[i];
		uint64_t bit = UINT64_C(1) << change->line;

		if (pins->line[change->line].enable || !(on & bit) == !change->on)
			continue;
		on ^= bit;
		if (change->t_us > from_us)
			from_us = change->t_us;
	}
	return on ? -1 : from_us;
}
