// SPDX-License-Identifier: MIT
#include "config/chair_file_lines.h"

#include <stdio.h>
#include <string.h>

#include "config/chair_file_variant.h"

#define POSTURES   (KIND(RECLINE) | KIND(EXTENSION))
#define REVERSIBLE (KIND(TRAVEL) | KIND(PRESS) | POSTURES)
#define ONE_WAY    (KIND(SOURCE) | KIND(KNEAD) | KIND(TAP) | KIND(VIBRATE) | KIND(ROLLER))
#define ROLE(role) (1u << ROLE_##role)

struct line_keys {
	struct line line;
	int safe;
	int hz;
};

static const char *role_enum_name(unsigned role)
{
	return line_role_name(role);
}

static const char *bias_enum_name(unsigned bias)
{
	static const char *const words[] = {
		[BIAS_AS_IS] = "as-is",
		[BIAS_DISABLED] = "disabled",
		[BIAS_PULL_UP] = "pull-up",
		[BIAS_PULL_DOWN] = "pull-down",
	};

	return words[bias];
}

static const char *level_enum_name(unsigned level)
{
	return level ? "active" : "inactive";
}

// clang-format off: a table, a row a line
static const struct field line_fields[] = {
	{ .key = "line", .type = FIELD_CUSTOM },
	{ .key = "chip", .type = FIELD_PATH, .max = LINE_CHIP_SIZE - 1 },
	{ .key = "offset", .type = FIELD_INT, .max = LINE_OFFSET_MAX,
		.offset = offsetof(struct line_keys, line.offset) },
	{ .key = "channel", .type = FIELD_INT, .max = LINE_CHANNEL_MAX,
		.offset = offsetof(struct line_keys, line.offset), .applies_to = ROLE(PWM) },
	{ .key = "active_low", .type = FIELD_BOOL,
		.offset = offsetof(struct line_keys, line.active_low) },
	{ .key = "bias", .type = FIELD_ENUM, .enum_name = bias_enum_name, .n_enum_names = 4,
		.offset = offsetof(struct line_keys, line.bias),
		.applies_to = ROLE(HOME) | ROLE(END) | ROLE(PULSE) | ROLE(FAULT) | ROLE(LOCK) |
			ROLE(CUTOUT) | ROLE(NARROW) | ROLE(MEDIUM) | ROLE(WIDE) | ROLE(ESTOP) |
			ROLE(SEAT) | ROLE(RESET) | ROLE(BUTTON) },
	{ .key = "safe", .type = FIELD_ENUM, .enum_name = level_enum_name, .n_enum_names = 2,
		.offset = offsetof(struct line_keys, safe), .applies_to = ROLE(VENT) },
	// A charge pump's capacitor must last from edge to edge, and no longer than 40 ms.
	{ .key = "hz", .type = FIELD_INT, .fallback = 50, .min = 25, .max = 100, .unit = "Hz",
		.offset = offsetof(struct line_keys, hz), .applies_to = ROLE(ENABLE) },
	{ .key = "hz", .type = FIELD_INT, .fallback = LINE_CHANNEL_HZ, .min = LINE_CHANNEL_HZ_MIN,
		.max = LINE_CHANNEL_HZ_MAX, .unit = "Hz",
		.offset = offsetof(struct line_keys, hz), .applies_to = ROLE(PWM) },
	{ .key = "does", .type = FIELD_TEXT, .required = true, .max = NAME_SIZE + 15,
		.applies_to = ROLE(BUTTON) },
};
// clang-format on
static const struct schema line_schema = {
	SCHEMA_ROWS(line_fields),
	.selector = "role",
	.selection = role_enum_name,
};

// --- the place of a line ---------------------------------------------------------------------

static void report_number(struct reader *reader, const struct config_setting_t *group,
	const char *number)
{
	reader_problem(reader, group, "line",
		"%s is a number, not a line's name (did you mean \"GPIO%s\"? For a line without a "
		"name write chip = \"LABEL\"; offset = %s;)",
		number, number, number);
}

static void read_name(struct reader *reader, const struct config_setting_t *group,
	struct line *line)
{
	static const struct field field = { .type = FIELD_TOKEN,
		.key = "line",
		.offset = offsetof(struct line, name),
		.size = NAME_SIZE,
		.required = true };
	const struct config_setting_t *setting = reader_member(group, "line");
	char number[16];

	if (reader_is(setting, FIELD_INT)) {
		snprintf(number, sizeof(number), "%.0f", reader_number(setting));
		report_number(reader, group, number);
		return;
	}
	if (!reader_field(reader, group, &field, line))
		return;
	if (strspn(line->name, "0123456789") < strlen(line->name))
		return;
	report_number(reader, group, line->name);
	line->name[0] = '\0';
}

// Numbers of chips change from kernel to kernel, and with the order in which drivers are loaded.
static bool is_chip_number(const char *chip, const char *kind)
{
	const char *slash = strrchr(chip, '/'), *name = slash ? slash + 1 : chip;
	size_t n = strlen(kind);

	return !strncmp(name, kind, n) && name[n] &&
		strspn(name + n, "0123456789") == strlen(name + n);
}

// A channel of a kernel PWM chip.
static void read_channel(struct reader *reader, const struct config_setting_t *group,
	struct line_keys *keys)
{
	static const char *const others[] = { "line", "offset", "active_low" };
	const struct config_setting_t *chip = reader_member(group, "chip");
	const struct config_setting_t *channel = reader_member(group, "channel");

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (reader_member(group, others[i]))
			reader_problem(reader, group, others[i],
				"does not go with channel (of a kernel PWM chip: chip, channel and "
				"hz; its wire is low without drive)");
	}
	if (!chip)
		reader_problem(reader, group, "chip",
			"is missing (the name of the PWM chip's device, which chairctl lines shows "
			"in brackets, or its path)");
	else if (reader_is_clean(reader, chip) && is_chip_number(reader_text(chip), "pwmchip"))
		reader_problem(reader, group, "chip",
			"\"%s\" may be another chip after the next start (write the name of its "
			"device, which chairctl lines shows in brackets)",
			reader_text(chip));
	else if (reader_is_clean(reader, chip) && reader_is_clean(reader, channel))
		line_set_channel(&keys->line, reader_text(chip), keys->line.offset, keys->hz);
}

static void read_place(struct reader *reader, const struct config_setting_t *group,
	struct line *line)
{
	const struct config_setting_t *chip = reader_member(group, "chip");
	const struct config_setting_t *offset = reader_member(group, "offset");

	if (reader_member(group, "line") && (chip || offset)) {
		reader_problem(reader, group, chip ? "chip" : "offset",
			"does not go with line (write line alone, or chip and offset)");
	} else if (reader_member(group, "line")) {
		read_name(reader, group, line);
	} else if (!chip && !offset) {
		reader_problem(reader, group, "line",
			"is missing (the kernel's name: \"GPIO17\"; or chip and offset)");
	} else if (!chip || !offset) {
		reader_problem(reader, group, chip ? "offset" : "chip", "is missing (%s)",
			chip ? "its number on the chip, 0 ... 999" : "the chip's label, or a path");
	} else if (reader_is_clean(reader, chip) && is_chip_number(reader_text(chip), "gpiochip")) {
		reader_problem(reader, group, "chip",
			"\"%s\" may be another chip after the next start (write its label, which "
			"gpiodetect shows in brackets)",
			reader_text(chip));
	} else if (reader_is_clean(reader, chip) && reader_is_clean(reader, offset)) {
		line_set_place(line, reader_text(chip), line->offset);
	}
}

// --- lines -----------------------------------------------------------------------------------

static int add_line(struct reader *reader, const struct config_setting_t *group,
	const struct line *line, struct chair *chair)
{
	int taken = chair_find_line(chair, line->name);

	if (line->name[0] == '\0')
		return -1;
	if (taken >= 0) {
		const struct line *other = &chair->lines[taken];

		reader_problem(reader, group,
			line->channel_hz        ? "channel"
				: line->chip[0] ? "offset"
						: "line",
			"%s is already used for %s%s%s", line->name,
			other->actuator >= 0 ? chair->actuators[other->actuator].name : "",
			other->actuator >= 0 ? "." : "", line_role_name(other->role));
		return -1;
	}
	if (chair->n_lines == CHAIR_LINES_MAX) {
		reader_problem(reader, group, NULL, "is one line too many (at most %d)",
			CHAIR_LINES_MAX);
		return -1;
	}
	chair->lines[chair->n_lines] = *line;
	return (int)chair->n_lines++;
}

static int read_line(struct reader *reader, const struct config_setting_t *group,
	enum line_role role, int actuator, struct chair *chair, struct line_keys *ret_keys)
{
	struct line_keys keys = { 0 };

	reader_defaults(&line_schema, role, &keys);
	reader_group(reader, group, &line_schema, role, &keys);
	if (role == ROLE_PWM && reader_member(group, "channel"))
		read_channel(reader, group, &keys);
	else if (!reader_member(group, "channel")) // reported
		read_place(reader, group, &keys.line);
	if (role == ROLE_PWM && reader_member(group, "hz") && !reader_member(group, "channel"))
		reader_problem(reader, group, "hz",
			"goes with channel (a line is pulsed at the chair's pwm_hz)");
	if (role == ROLE_VENT && !keys.safe)
		reader_problem(reader, group, "safe",
			"must be \"active\": a cell without power must lose its air, so its vent "
			"is a normally open valve");
	keys.line.role = role;
	keys.line.actuator = actuator;
	keys.line.safe_level = keys.safe;
	*ret_keys = keys;
	return add_line(reader, group, &keys.line, chair);
}

int line_read(struct reader *reader, const struct config_setting_t *group, enum line_role role,
	int actuator, struct chair *chair)
{
	struct line_keys keys;

	return read_line(reader, group, role, actuator, chair, &keys);
}

int line_read_enable(struct reader *reader, const struct config_setting_t *group,
	struct chair *chair)
{
	struct line_keys keys;
	int line = read_line(reader, group, ROLE_ENABLE, -1, chair, &keys);

	chair->enable_hz = keys.hz;
	return line;
}

// The lines that each kind must have (required) and may have.
// clang-format off: a table, a row a line
static const struct field role_fields[] = {
	{ .key = "forward", .type = FIELD_GROUP, .required = true,
		.applies_to = REVERSIBLE | TIMED },
	{ .key = "reverse", .type = FIELD_GROUP, .required = true,
		.applies_to = REVERSIBLE | TIMED },
	{ .key = "pwm", .type = FIELD_GROUP, .applies_to = REVERSIBLE | ONE_WAY },
	{ .key = "run", .type = FIELD_GROUP, .applies_to = ONE_WAY },
	{ .key = "fill", .type = FIELD_GROUP, .required = true, .applies_to = KIND(CELL) },
	{ .key = "vent", .type = FIELD_GROUP, .required = true, .applies_to = KIND(CELL) },
	{ .key = "valve", .type = FIELD_GROUP, .required = true, .applies_to = VALVED },
	{ .key = "run", .type = FIELD_GROUP, .required = true, .applies_to = KIND(HEAT) },
	{ .key = "home", .type = FIELD_GROUP, .required = true,
		.applies_to = (REVERSIBLE & ~POSTURES) | TIMED },
	{ .key = "home", .type = FIELD_GROUP, .applies_to = POSTURES }, // chair_file_posture.c
	{ .key = "end", .type = FIELD_GROUP, .required = true, .applies_to = TIMED },
	{ .key = "end", .type = FIELD_GROUP,
		.applies_to = KIND(TRAVEL) | KIND(PRESS) | POSTURES },
	{ .key = "pulse", .type = FIELD_GROUP, .required = true, .applies_to = KIND(TRAVEL) },
	{ .key = "pulse", .type = FIELD_GROUP,
		.applies_to = KIND(PRESS) | KIND(KNEAD) | POSTURES },
	{ .key = "narrow", .type = FIELD_GROUP, .applies_to = KIND(KNEAD) },
	{ .key = "medium", .type = FIELD_GROUP, .applies_to = KIND(KNEAD) },
	{ .key = "wide", .type = FIELD_GROUP, .applies_to = KIND(KNEAD) },
	{ .key = "fault", .type = FIELD_GROUP, .applies_to = REVERSIBLE | TIMED | ONE_WAY },
	{ .key = "lock", .type = FIELD_GROUP, .applies_to = KIND(TAP) },
	{ .key = "cutout", .type = FIELD_GROUP, .applies_to = KIND(HEAT) },
};
// clang-format on
static const struct schema role_schema = {
	SCHEMA_ROWS(role_fields),
	.selector = "kind",
	.selection = variant_name,
};

void line_read_all(struct reader *reader, const struct config_setting_t *lines, int index,
	int selection, struct chair *chair)
{
	struct actuator *actuator = &chair->actuators[index];
	const struct config_setting_t *run = reader_member(lines, "run");

	reader_group(reader, lines, &role_schema, selection, NULL);
	for (int role = 0; role < ROLE_COUNT; role++) {
		const struct config_setting_t *line = reader_typed(lines, line_role_name(role),
			FIELD_GROUP);

		if (line)
			actuator->line[role] = (int8_t)line_read(reader, line, role, index, chair);
	}
	if (ONE_WAY & 1u << actuator->kind && !run == !reader_member(lines, "pwm"))
		reader_problem(reader, lines, NULL, "has %s (run or pwm, one of them)",
			run ? "both run and pwm" : "no line");
}
