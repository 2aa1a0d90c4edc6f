// SPDX-License-Identifier: MIT
#include "config/actuator_file.h"

#include <string.h>

#define KIND(kind) (1u << ACTUATOR_##kind)
#define REVERSIBLE (KIND(TRAVEL) | KIND(PRESS) | KIND(RECLINE))
#define PRESSES    (KIND(PRESS) | KIND(CELL))
#define TURNS      (KIND(KNEAD) | KIND(VIBRATE))
#define ROLE(role) (1u << ROLE_##role)
#define ROWS(table) .fields = (table), .n = sizeof(table) / sizeof((table)[0])

// --- lines -----------------------------------------------------------------------------------

struct line_keys {
	struct line line;
	int safe;
	int hz;
};

static const char *kind_word(unsigned kind)
{
	return actuator_kind_name(kind);
}

static const char *role_word(unsigned role)
{
	return line_role_name(role);
}

static const char *bias_word(unsigned bias)
{
	static const char *const words[] = {
		[BIAS_AS_IS] = "as-is", [BIAS_DISABLED] = "disabled",
		[BIAS_PULL_UP] = "pull-up", [BIAS_PULL_DOWN] = "pull-down",
	};

	return words[bias];
}

static const char *level_word(unsigned level)
{
	return level ? "active" : "inactive";
}

static const struct field line_fields[] = {
	{ .key = "line", .type = FIELD_TOKEN, .required = true,
		.offset = offsetof(struct line_keys, line.name), .size = NAME_SIZE },
	{ .key = "active_low", .type = FIELD_BOOL,
		.offset = offsetof(struct line_keys, line.active_low) },
	{ .key = "bias", .type = FIELD_WORD, .word = bias_word, .n_words = 4,
		.offset = offsetof(struct line_keys, line.bias),
		.fits = ROLE(HOME) | ROLE(END) | ROLE(PULSE) | ROLE(ESTOP) | ROLE(SEAT) | ROLE(RESET) },
	{ .key = "safe", .type = FIELD_WORD, .word = level_word, .n_words = 2,
		.offset = offsetof(struct line_keys, safe), .fits = ROLE(VENT) },
	// A charge pump's capacitor must last from one edge to the next and no longer than 40 ms.
	{ .key = "hz", .type = FIELD_INT, .fallback = 50, .min = 25, .max = 100, .unit = "Hz",
		.offset = offsetof(struct line_keys, hz), .fits = ROLE(ENABLE) },
};
static const struct schema line_schema = {
	ROWS(line_fields), .selector = "role", .selection = role_word,
};

static int add_line(struct reader *reader, const struct config_setting_t *group,
	const struct line *line, struct chair *chair)
{
	int taken = chair_find_line(chair, line->name);

	if (line->name[0] == '\0')
		return -1;
	if (taken >= 0) {
		const struct line *other = &chair->lines[taken];

		reader_problem(reader, group, "line", "%s is already used for %s%s%s", line->name,
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

// Which lines each kind must and may have.
static const struct field role_fields[] = {
	{ .key = "forward", .type = FIELD_GROUP, .required = true, .fits = REVERSIBLE },
	{ .key = "reverse", .type = FIELD_GROUP, .required = true, .fits = REVERSIBLE },
	{ .key = "pwm", .type = FIELD_GROUP, .required = true,
		.fits = KIND(TRAVEL) | KIND(PRESS) | TURNS },
	{ .key = "pwm", .type = FIELD_GROUP, .fits = KIND(RECLINE) | KIND(SOURCE) },
	{ .key = "run", .type = FIELD_GROUP, .fits = KIND(SOURCE) },
	{ .key = "fill", .type = FIELD_GROUP, .required = true, .fits = KIND(CELL) },
	{ .key = "vent", .type = FIELD_GROUP, .required = true, .fits = KIND(CELL) },
	{ .key = "home", .type = FIELD_GROUP, .required = true, .fits = REVERSIBLE },
	{ .key = "end", .type = FIELD_GROUP, .required = true, .fits = KIND(RECLINE) },
	{ .key = "end", .type = FIELD_GROUP, .fits = KIND(TRAVEL) },
	{ .key = "pulse", .type = FIELD_GROUP, .required = true, .fits = KIND(TRAVEL) },
};
static const struct schema role_schema = {
	ROWS(role_fields), .selector = "kind", .selection = kind_word,
};

static void read_lines(struct reader *reader, const struct config_setting_t *lines, int index,
	struct chair *chair)
{
	struct actuator *actuator = &chair->actuators[index];
	const struct config_setting_t *run = reader_member(lines, "run");

	reader_group(reader, lines, &role_schema, actuator->kind, NULL);
	for (int role = 0; role < ROLE_COUNT; role++) {
		const struct config_setting_t *line =
			reader_typed(lines, line_role_name(role), FIELD_GROUP);

		if (line)
			actuator->line[role] = (int8_t)line_read(reader, line, role, index, chair);
	}
	if (actuator->kind == ACTUATOR_SOURCE && !run == !reader_member(lines, "pwm"))
		reader_problem(reader, lines, NULL, "has %s (run or pwm, one of them)",
			run ? "both run and pwm" : "no line");
}

// --- actuators -------------------------------------------------------------------------------

// Ceilings by kind. Their defaults follow the fault supervision of a commercial chair
// (Fujiiryoki Premium 4S manual: end not reached, carriage 42 s, recline 30 s; no pulse, carriage
// 3 s). What presses may be on for half of DUTY_WINDOW_S at most, in one piece or in many.
#define PLACE(member) .offset = offsetof(struct actuator, member)
static const struct field actuator_fields[] = {
	{ .key = "name", .type = FIELD_NAME, .required = true, .size = NAME_SIZE, PLACE(name) },
	{ .key = "kind", .type = FIELD_APART },
	{ .key = "lines", .type = FIELD_GROUP, .required = true },
	{ .key = "release", .type = FIELD_GROUP, .required = true },

	{ .key = "drive_max", .type = FIELD_INT, PLACE(drive_max_permille), .unit = "per mille",
		.fits = KIND(TRAVEL) | KIND(PRESS) | TURNS, .fallback = 700, .min = 1, .max = 1000 },
	{ .key = "drive_max", .type = FIELD_INT, PLACE(drive_max_permille), .unit = "per mille",
		.fits = KIND(CELL) | KIND(SOURCE) | KIND(RECLINE), .fallback = 1000, .min = 1, .max = 1000 },
	{ .key = "on_max_s", .type = FIELD_SECONDS, PLACE(on_max_ms), .unit = "s",
		.fits = KIND(TRAVEL) | KIND(RECLINE), .fallback = 60, .min = 1, .max = 120 },
	{ .key = "on_max_s", .type = FIELD_SECONDS, PLACE(on_max_ms), .unit = "s",
		.fits = PRESSES, .fallback = 120, .min = 1, .max = DUTY_WINDOW_S / 2 },
	{ .key = "on_max_s", .type = FIELD_SECONDS, PLACE(on_max_ms), .unit = "s",
		.fits = TURNS | KIND(SOURCE), .fallback = 120, .min = 1, .max = 600 },
	{ .key = "travel_max_s", .type = FIELD_SECONDS, PLACE(travel_max_ms), .unit = "s",
		.fits = KIND(TRAVEL), .fallback = 42, .min = 1, .max = 60 },
	{ .key = "travel_max_s", .type = FIELD_SECONDS, PLACE(travel_max_ms), .unit = "s",
		.fits = KIND(PRESS), .fallback = 10, .min = 1, .max = 30 },
	{ .key = "travel_max_s", .type = FIELD_SECONDS, PLACE(travel_max_ms), .unit = "s",
		.fits = KIND(RECLINE), .fallback = 30, .min = 1, .max = 60 },
	{ .key = "no_pulse_ms", .type = FIELD_INT, PLACE(no_pulse_ms), .unit = "ms",
		.fits = KIND(TRAVEL), .fallback = 3000, .min = 100, .max = 3000 },
	{ .key = "dead_time_ms", .type = FIELD_INT, PLACE(dead_time_ms), .unit = "ms",
		.fits = REVERSIBLE, .fallback = 100, .min = 20, .max = 2000 },
	{ .key = "slew_per_s", .type = FIELD_INT, PLACE(slew_permille_s), .unit = "per mille a second",
		.fits = REVERSIBLE | TURNS | KIND(SOURCE), .fallback = 2000, .min = 100, .max = 10000 },
	{ .key = "duty_max", .type = FIELD_INT, PLACE(duty_max_permille), .unit = "per mille",
		.fits = PRESSES, .fallback = PRESS_DUTY_HARD_MAX_PERMILLE, .min = 1,
		.max = PRESS_DUTY_HARD_MAX_PERMILLE },
	{ .key = "duty_max", .type = FIELD_INT, PLACE(duty_max_permille), .unit = "per mille",
		.fits = KIND(TRAVEL) | TURNS | KIND(SOURCE) | KIND(RECLINE), .fallback = 1000, .min = 1,
		.max = 1000 },
	{ .key = "current_ma", .type = FIELD_INT, PLACE(current_ma), .unit = "mA", .required = true,
		.min = 1, .max = 20000 },

	{ .key = "mm_per_pulse", .type = FIELD_REAL, PLACE(mm_per_pulse), .unit = "mm", .required = true,
		.fits = KIND(TRAVEL), .min = 0.05, .max = 20 },
	{ .key = "soft_min_mm", .type = FIELD_REAL, PLACE(soft_min_mm), .unit = "mm", .required = true,
		.fits = KIND(TRAVEL), .min = 0, .max = 2000 },
	{ .key = "soft_max_mm", .type = FIELD_REAL, PLACE(soft_max_mm), .unit = "mm", .required = true,
		.fits = KIND(TRAVEL), .min = 1, .max = 2000 },
	{ .key = "speed_mm_s", .type = FIELD_REAL, PLACE(speed_mm_s), .unit = "mm/s", .required = true,
		.fits = KIND(TRAVEL), .min = 1, .max = 300 },

	{ .key = "carriage", .type = FIELD_NAME, .fits = KIND(PRESS) | TURNS },
	{ .key = "calibration", .type = FIELD_LIST, .fits = PRESSES },
	{ .key = "sensor", .type = FIELD_GROUP, .fits = PRESSES },

	{ .key = "source", .type = FIELD_NAME, .required = true, .fits = KIND(CELL) },
	{ .key = "fill_s", .type = FIELD_SECONDS, PLACE(fill_ms), .unit = "s", .required = true,
		.fits = KIND(CELL), .min = 0.1, .max = 60 },
	{ .key = "vent_s", .type = FIELD_SECONDS, PLACE(vent_ms), .unit = "s", .required = true,
		.fits = KIND(CELL), .min = 0.1, .max = 20 },
	{ .key = "leak_s", .type = FIELD_SECONDS, PLACE(leak_ms), .unit = "s",
		.fits = KIND(CELL), .fallback = 300, .min = 1, .max = 100000 },
};
static const struct schema actuator_schema = {
	ROWS(actuator_fields), .selector = "kind", .selection = kind_word,
};
static const struct field kind_field = { .key = "kind", .type = FIELD_WORD, .required = true,
	.word = kind_word, .n_words = ACTUATOR_KIND_COUNT, PLACE(kind) };

static const char *release_word(unsigned release)
{
	static const char *const words[] = {
		[RELEASE_COAST] = "coast", [RELEASE_RETRACT] = "retract", [RELEASE_VENT] = "vent",
	};

	return words[release];
}

static const struct field release_fields[] = {
	{ .key = "kind", .type = FIELD_APART },
	{ .key = "max_s", .type = FIELD_SECONDS, PLACE(release_max_ms), .unit = "s", .required = true,
		.fits = 1u << RELEASE_RETRACT | 1u << RELEASE_VENT, .min = 0.5, .max = 30 },
	{ .key = "drive", .type = FIELD_INT, PLACE(release_drive_permille), .unit = "per mille",
		.fits = 1u << RELEASE_RETRACT, .fallback = 500, .min = 100, .max = 1000 },
};
static const struct schema release_schema = {
	ROWS(release_fields), .selector = "kind", .selection = release_word,
};
static const struct field release_field = { .key = "kind", .type = FIELD_WORD, .required = true,
	.word = release_word, .n_words = 3, PLACE(release) };

static enum release_kind release_of(enum actuator_kind kind)
{
	if (kind == ACTUATOR_PRESS)
		return RELEASE_RETRACT;
	return kind == ACTUATOR_CELL ? RELEASE_VENT : RELEASE_COAST;
}

static void read_release(struct reader *reader, const struct config_setting_t *group,
	struct actuator *actuator)
{
	enum release_kind wanted = release_of(actuator->kind);

	if (!reader_field(reader, group, &release_field, actuator))
		return;
	if (actuator->release != wanted) {
		reader_problem(reader, group, "kind", "\"%s\" is not how a %s lets go (%s)",
			release_word(actuator->release), actuator_kind_name(actuator->kind),
			release_word(wanted));
		return;
	}
	reader_defaults(&release_schema, actuator->release, actuator);
	reader_group(reader, group, &release_schema, actuator->release, actuator);
	if (actuator->release_drive_permille > actuator->drive_max_permille)
		reader_problem(reader, group, "drive", "%d is above drive_max (%d per mille)",
			actuator->release_drive_permille, actuator->drive_max_permille);
	if (wanted == RELEASE_VENT && reader_member(group, "max_s") &&
		actuator->release_max_ms < actuator->vent_ms)
		reader_problem(reader, group, "max_s", "is shorter than vent_s: the cell would not be empty");
}

static void read_calibration(struct reader *reader, const struct config_setting_t *list,
	struct calibration *calibration)
{
	static const struct field pair[] = {
		{ .type = FIELD_INT, .min = 0, .max = 1000, .unit = "per mille" },
		{ .type = FIELD_REAL, .min = 0, .max = 500, .unit = "N" },
	};
	size_t n = reader_length(list);

	if (n < 2 || n > CALIBRATION_POINTS_MAX) {
		reader_problem(reader, list, NULL, "has %zu pairs (2 ... %d)", n,
			CALIBRATION_POINTS_MAX);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		const struct config_setting_t *element = reader_element_list(reader, list, i);
		double numbers[2];

		if (!element || !reader_numbers(reader, element, pair, 2, numbers))
			return;
		calibration->at[i].drive_permille = (int)numbers[0];
		calibration->at[i].force_n = numbers[1];
		if (i > 0 && (calibration->at[i].drive_permille <= calibration->at[i - 1].drive_permille ||
			calibration->at[i].force_n <= calibration->at[i - 1].force_n)) {
			reader_problem(reader, element, NULL, "does not rise (drive and force both grow from pair to pair)");
			return;
		}
	}
	calibration->n = (int)n;
}

static void read_sensor(struct reader *reader, const struct config_setting_t *group,
	struct force_sensor *sensor)
{
	static const struct field fields[] = {
		{ .key = "device", .type = FIELD_TOKEN, .required = true, .size = NAME_SIZE,
			.offset = offsetof(struct force_sensor, device) },
		{ .key = "channel", .type = FIELD_TOKEN, .required = true, .size = NAME_SIZE,
			.offset = offsetof(struct force_sensor, channel) },
		{ .key = "n_per_unit", .type = FIELD_REAL, .required = true, .min = -1e6, .max = 1e6,
			.unit = "N", .offset = offsetof(struct force_sensor, n_per_unit) },
		{ .key = "zero_n", .type = FIELD_REAL, .min = -1000, .max = 1000, .unit = "N",
			.offset = offsetof(struct force_sensor, zero_n) },
	};
	static const struct schema schema = { ROWS(fields) };

	reader_group(reader, group, &schema, SELECT_ALL, sensor);
	if (sensor->n_per_unit == 0 && reader_member(group, "n_per_unit"))
		reader_problem(reader, group, "n_per_unit", "0 would read nothing");
	sensor->present = true;
}

static void read_actuator(struct reader *reader, const struct config_setting_t *group, int index,
	struct chair *chair)
{
	struct actuator *actuator = &chair->actuators[index];
	const struct config_setting_t *part;

	if (!reader_field(reader, group, &kind_field, actuator)) {
		reader_field(reader, group, &actuator_fields[0], actuator); // others refer to the name
		return;
	}
	reader_defaults(&actuator_schema, actuator->kind, actuator);
	reader_group(reader, group, &actuator_schema, actuator->kind, actuator);
	if ((part = reader_typed(group, "lines", FIELD_GROUP)))
		read_lines(reader, part, index, chair);
	if ((part = reader_typed(group, "release", FIELD_GROUP)))
		read_release(reader, part, actuator);
	if (actuator_presses(actuator->kind) && (part = reader_typed(group, "calibration", FIELD_LIST)))
		read_calibration(reader, part, &actuator->calibration);
	if (actuator_presses(actuator->kind) && (part = reader_typed(group, "sensor", FIELD_GROUP)))
		read_sensor(reader, part, &actuator->sensor);

	if (actuator->kind == ACTUATOR_TRAVEL && actuator->soft_max_mm <= actuator->soft_min_mm)
		reader_problem(reader, group, "soft_max_mm", "is not above soft_min_mm");
	if (chair->current_max_ma && actuator->current_ma > chair->current_max_ma)
		reader_problem(reader, group, "current_ma", "%d is above the chair's current_max_ma (%d mA)",
			actuator->current_ma, chair->current_max_ma);
}

int actuator_named(struct reader *reader, const struct config_setting_t *setting,
	const char *name, const struct chair *chair)
{
	int index = chair_find_actuator(chair, name);
	struct suggestion suggestion;

	if (index >= 0)
		return index;
	suggestion_start(&suggestion, name);
	for (size_t i = 0; i < chair->n_actuators; i++)
		suggestion_consider(&suggestion, chair->actuators[i].name);
	if (suggestion.best[0])
		reader_problem(reader, setting, NULL, "no actuator \"%s\" (did you mean \"%s\"?)", name,
			suggestion.best);
	else
		reader_problem(reader, setting, NULL, "no actuator \"%s\"", name);
	return -1;
}

// Another actuator that this one names, which must be of that kind.
static int read_reference(struct reader *reader, const struct config_setting_t *group,
	const char *key, enum actuator_kind kind, const struct chair *chair)
{
	const char *name = reader_string(group, key);
	int index;

	if (!reader_member(group, key))
		return -1;
	if (!name)
		return REFERENCE_WRONG;
	index = actuator_named(reader, reader_member(group, key), name, chair);
	if (index >= 0 && chair->actuators[index].kind == kind)
		return index;
	if (index >= 0 && chair->actuators[index].kind != ACTUATOR_KIND_COUNT)
		reader_problem(reader, group, key, "\"%s\" is of kind %s (%s)", name,
			actuator_kind_name(chair->actuators[index].kind), actuator_kind_name(kind));
	return REFERENCE_WRONG;
}

void actuators_read(struct reader *reader, const struct config_setting_t *list,
	struct chair *chair)
{
	size_t n = reader_length(list);

	if (n == 0 || n > CHAIR_ACTUATORS_MAX) {
		reader_problem(reader, list, NULL, "has %zu actuators (1 ... %d)", n,
			CHAIR_ACTUATORS_MAX);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		struct actuator *actuator = &chair->actuators[i];
		const struct config_setting_t *group = reader_element_group(reader, list, i);

		*actuator = (struct actuator){ .kind = ACTUATOR_KIND_COUNT, .carriage = -1, .source = -1 };
		memset(actuator->line, -1, sizeof(actuator->line));
		if (group)
			read_actuator(reader, group, (int)i, chair);
		if (chair_find_actuator(chair, actuator->name) >= 0 && actuator->name[0])
			reader_problem(reader, group, "name", "\"%s\" is already taken", actuator->name);
		chair->n_actuators = i + 1;
	}
	for (size_t i = 0; i < n; i++) {
		struct actuator *actuator = &chair->actuators[i];
		const struct config_setting_t *group = reader_element(list, i);

		actuator->carriage = REFERENCE_WRONG;
		if (actuator->kind == ACTUATOR_KIND_COUNT)
			continue;
		actuator->carriage = read_reference(reader, group, "carriage", ACTUATOR_TRAVEL, chair);
		actuator->source = read_reference(reader, group, "source", ACTUATOR_SOURCE, chair);
	}
}
