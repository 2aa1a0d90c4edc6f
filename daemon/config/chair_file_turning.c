// SPDX-License-Identifier: MIT
#include "config/chair_file_turning.h"

// From the weak contact of a press to its strong one, by the commercial fault table.
#define CONTACTS_APART_MS 6000

// A time without the line that it supervises would do nothing.
static bool has_line(struct reader *reader, const struct config_setting_t *group,
	const struct config_setting_t *lines, const char *line, const char *time)
{
	if (reader_member(lines, line))
		return true;
	if (reader_member(group, time))
		reader_problem(reader, group, time, "does not go without lines.%s", line);
	return false;
}

// A motor that is only on or off runs past a contact.
static void check_contacts(struct reader *reader, const struct config_setting_t *lines)
{
	static const char *const ends[2][2] = { { "narrow", "wide" }, { "wide", "narrow" } };

	for (int i = 0; i < 2; i++) {
		if (!reader_member(lines, ends[i][0]) &&
			(reader_member(lines, ends[i][1]) || reader_member(lines, "medium")))
			reader_problem(reader, lines, ends[i][0],
				"is missing (a group { }; narrow and wide, and between them medium "
				"if there is one)");
	}
	if (reader_member(lines, "run"))
		reader_problem(reader, lines, "run",
			"cannot stop at a contact: a motor that is only on or off runs past it "
			"(write pwm)");
}

void turning_read(struct reader *reader, const struct config_setting_t *group,
	const struct config_setting_t *lines, struct actuator *actuator)
{
	bool contacts = reader_member(lines, "narrow") || reader_member(lines, "medium") ||
		reader_member(lines, "wide");

	switch (actuator->kind) {
	case ACTUATOR_KNEAD:
		if (contacts)
			check_contacts(reader, lines);
		else if (!has_line(reader, group, lines, "narrow", "travel_max_s"))
			actuator->travel_max_ms = 0;
		if (!has_line(reader, group, lines, "pulse", "no_pulse_ms"))
			actuator->no_pulse_ms = 0;
		break;
	case ACTUATOR_PRESS:
		if (!has_line(reader, group, lines, "pulse", "no_pulse_ms"))
			actuator->no_pulse_ms = 0;
		if (reader_member(lines, "end") && !reader_member(group, "travel_max_s"))
			actuator->travel_max_ms = CONTACTS_APART_MS;
		break;
	case ACTUATOR_TAP:
		if (!has_line(reader, group, lines, "lock", "lock_ms"))
			actuator->lock_ms = 0;
		break;
	default:
		break;
	}
}
