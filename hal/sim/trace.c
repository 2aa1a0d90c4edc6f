// SPDX-License-Identifier: MIT
#include "hal/sim/trace.h"

#include <inttypes.h>

static int wire_level(const struct line *line, bool level)
{
	return level ^ line->active_low;
}

void trace_begin(FILE *file, const struct chair *chair)
{
	uint64_t outputs = chair_outputs(chair);

	for (size_t i = 0; i < chair->n_lines; i++) {
		const struct line *line = &chair->lines[i];

		if (!(outputs & LINE_BIT(i)))
			continue;
		fprintf(file, "# line %s %s %s safe %d\n", line->name,
			line->actuator < 0 ? "-" : chair->actuators[line->actuator].name,
			line_role_name(line->role), wire_level(line, line->safe_level));
	}
	trace_change(file, chair, 0, outputs, chair_safe_levels(chair));
}

void trace_change(FILE *file, const struct chair *chair, int64_t t_us, uint64_t changed,
	uint64_t levels)
{
	for (size_t i = 0; i < chair->n_lines; i++) {
		if (changed & LINE_BIT(i))
			fprintf(file, "%" PRId64 " %s %d\n", t_us, chair->lines[i].name,
				wire_level(&chair->lines[i], levels & LINE_BIT(i)));
	}
}

void trace_drive(FILE *file, const struct chair *chair, int64_t t_us, int line, int duty_permille)
{
	fprintf(file, "# drive %" PRId64 " %s %d\n", t_us, chair->lines[line].name, duty_permille);
}

void trace_input(FILE *file, const struct chair *chair, int64_t t_us, size_t line, bool level)
{
	fprintf(file, "# input %" PRId64 " %s %d\n", t_us, chair->lines[line].name,
		wire_level(&chair->lines[line], level));
}
