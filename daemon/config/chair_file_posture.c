// SPDX-License-Identifier: MIT
#include "config/chair_file_posture.h"

#define WAY_MARGIN 1.25 // a timed actuator may be slower by that

static bool lacks(struct reader *reader, const struct config_setting_t *group, const char *key)
{
	return !reader_member(group, key) && !reader_is_misspelt(reader, group, key);
}

static void check_contacts(struct reader *reader, const struct config_setting_t *lines)
{
	static const char *const keys[] = { "home", "end" };

	for (int i = 0; i < 2; i++) {
		if (lacks(reader, lines, keys[i]))
			reader_problem(reader, lines, keys[i],
				"is missing (a group { }; or without both ends: a pot, lines.pulse "
				"and pulses, or up_s and down_s)");
	}
}

static void check_pulses(struct reader *reader, const struct config_setting_t *group,
	const struct config_setting_t *lines)
{
	if (lacks(reader, group, "pulses"))
		reader_problem(reader, group, "pulses",
			"is missing (20 ... 100000, from home to the end)");
	if (lacks(reader, lines, "home"))
		reader_problem(reader, lines, "home",
			"is missing (a group { }: pulses count from there)");
}

static void check_time(struct reader *reader, const struct config_setting_t *group,
	const struct config_setting_t *lines, const struct actuator *actuator)
{
	int longest_ms = actuator->up_ms > actuator->down_ms ? actuator->up_ms : actuator->down_ms;

	if (lacks(reader, group, "up_s") || lacks(reader, group, "down_s"))
		reader_problem(reader, group, reader_member(group, "up_s") ? "down_s" : "up_s",
			"is missing (1 ... 60 s, the whole way in that direction)");
	if (reader_member(lines, "pwm") || actuator->sign_magnitude)
		reader_problem(reader, group, reader_member(group, "up_s") ? "up_s" : "down_s",
			"does not go with a drive that is pulsed: its speed is not known (write "
			"forward and reverse alone)");
	if (actuator->travel_max_ms < WAY_MARGIN * longest_ms)
		reader_problem(reader, group, "travel_max_s",
			"%g s is too short for up_s and down_s, which may be longer by a quarter "
			"(write travel_max_s = %g;)",
			actuator->travel_max_ms / 1e3, WAY_MARGIN * longest_ms / 1e3);
}

void posture_check_part(struct reader *reader, const struct config_setting_t *group,
	const struct chair *chair, const struct actuator *actuator)
{
	for (size_t i = 0; actuator->part != REST_BY_NAME && i < chair->n_actuators; i++) {
		if (chair->actuators[i].part == actuator->part)
			reader_problem(reader, group, "part", "\"%s\" is already %s",
				rest_part_name(actuator->part), chair->actuators[i].name);
	}
}

void posture_read(struct reader *reader, const struct config_setting_t *group,
	const struct config_setting_t *lines, struct actuator *actuator)
{
	bool pot = reader_member(group, "pot"), pulse = reader_member(lines, "pulse");
	bool time = reader_member(group, "up_s") || reader_member(group, "down_s");

	if (!actuator_is_posture(actuator->kind))
		return;
	if (pot + pulse + time > 1)
		reader_problem(reader, group, pot ? "pot" : "up_s",
			"does not go with %s: its position is known by one of them (pot, "
			"lines.pulse and pulses, up_s and down_s)",
			pulse ? "lines.pulse" : "up_s and down_s");
	else if (pulse)
		check_pulses(reader, group, lines);
	else if (time)
		check_time(reader, group, lines, actuator);
	else if (!pot)
		check_contacts(reader, lines);
	if (!pulse && reader_member(group, "pulses"))
		reader_problem(reader, group, "pulses", "is without lines.pulse (a group { })");
	if (actuator->pulses)
		actuator->mm_per_pulse = (double)PERMILLE_FULL / actuator->pulses;
}
