// SPDX-License-Identifier: MIT
#include "config/chair_file_drive.h"

#include <string.h>

#define KIND(kind) (1u << ACTUATOR_##kind)
#define REVERSIBLE (KIND(TRAVEL) | KIND(PRESS) | KIND(RECLINE) | KIND(EXTENSION))
#define GRADED     (KIND(TRAVEL) | KIND(PRESS)) // never by a relay
#define TURNS      (KIND(KNEAD) | KIND(TAP) | KIND(VIBRATE) | KIND(ROLLER))

// A bridge in locked antiphase stands still only while its line is switched at half of the time.
static void read_bridge(struct reader *reader, const struct config_setting_t *group,
	const struct config_setting_t *lines, struct actuator *actuator)
{
	const char *drive = reader_string(group, "drive");
	bool pwm = reader_member(lines, "pwm");

	actuator->sign_magnitude = drive && !strcmp(drive, "sign-magnitude");
	if (drive && !strcmp(drive, "locked-antiphase"))
		reader_problem(reader, group, "drive",
			"\"locked-antiphase\" is full drive when an edge is late (sign-magnitude)");
	else if (drive && !actuator->sign_magnitude)
		reader_problem(reader, group, "drive", "\"%s\" is not known (sign-magnitude)",
			drive);
	else if (drive && pwm)
		reader_problem(reader, lines, "pwm",
			"does not go with drive = \"sign-magnitude\", which pulses forward and "
			"reverse");
	else if (!drive && !pwm && !actuator_is_posture(actuator->kind))
		reader_problem(reader, lines, "pwm",
			"is missing (a group { }; or, for a bridge that is pulsed at forward and "
			"reverse, drive = \"sign-magnitude\")");
}

static void refuse_keys(struct reader *reader, const struct config_setting_t *group,
	const char *const keys[2], const char *why)
{
	for (int i = 0; i < 2; i++) {
		if (reader_member(group, keys[i]))
			reader_problem(reader, group, keys[i], "%s", why);
	}
}

// Kneading, tapping and vibration by a relay have no speed.
static void refuse_speed(struct reader *reader, const struct config_setting_t *group)
{
	static const char *const keys[2] = { "drive_max", "slew_per_s" };

	refuse_keys(reader, group, keys,
		"does not go with lines.run, which is on or off (for a speed write lines.pwm)");
}

static void refuse_relay(struct reader *reader, const struct config_setting_t *group)
{
	static const char *const keys[2] = { "min_on_ms", "min_off_ms" };

	refuse_keys(reader, group, keys,
		"is for a relay, which must not be pulsed (write lines.run, or forward and reverse "
		"alone)");
}

void drive_read(struct reader *reader, const struct config_setting_t *group,
	const struct config_setting_t *lines, struct actuator *actuator)
{
	unsigned kind = 1u << actuator->kind;

	if (kind & REVERSIBLE)
		read_bridge(reader, group, lines, actuator);
	if (kind & TURNS && reader_member(lines, "run")) {
		refuse_speed(reader, group);
		actuator->drive_max_permille = PERMILLE_FULL;
	}
	if (kind & KIND(HEAT))
		actuator->drive_max_permille = PERMILLE_FULL;
	if (!(kind & GRADED) && (reader_member(lines, "pwm") || actuator->sign_magnitude))
		refuse_relay(reader, group);
}
