// SPDX-License-Identifier: MIT
#include "config/chair_file_actuators.h"

#include <string.h>

#include "config/chair_file_channels.h"
#include "config/chair_file_drive.h"
#include "config/chair_file_lines.h"
#include "config/chair_file_posture.h"
#include "config/chair_file_turning.h"
#include "config/chair_file_variant.h"
#include "core/timed.h"

#define POSTURES (KIND(RECLINE) | KIND(EXTENSION))
#define MOVES    (KIND(TRAVEL) | POSTURES)
#define PRESSES  (KIND(PRESS) | CELLS)
#define TURNS    (KIND(KNEAD) | KIND(TAP) | KIND(VIBRATE) | KIND(ROLLER))
#define GRADED   (KIND(TRAVEL) | KIND(PRESS) | TURNS)
#define SWITCHED (TURNS | POSTURES | KIND(SOURCE)) // may be without PWM
#define MOTORS   (MOVES | TIMED | KIND(PRESS) | TURNS | KIND(SOURCE))

static const char *kind_enum_name(unsigned kind)
{
	return actuator_kind_name(kind);
}

static const char *part_enum_name(unsigned part)
{
	return rest_part_name(part);
}

// --- actuators -------------------------------------------------------------------------------

#define PLACE(member) .offset = offsetof(struct actuator, member)
#define NUMBER(key_, type_, member, applies_to_, fallback_, min_, max_, unit_) \
	{ .key = (key_), \
		.type = FIELD_##type_, \
		PLACE(member), \
		.applies_to = (applies_to_), \
		.fallback = (fallback_), \
		.min = (min_), \
		.max = (max_), \
		.unit = (unit_) }
#define REQUIRED(key_, type_, member, applies_to_, min_, max_, unit_) \
	{ .key = (key_), \
		.type = FIELD_##type_, \
		PLACE(member), \
		.applies_to = (applies_to_), \
		.required = true, \
		.min = (min_), \
		.max = (max_), \
		.unit = (unit_) }

// Ceilings by kind. Their defaults follow the fault supervision of a commercial chair
// (Fujiiryoki Premium 4S manual: end not reached, carriage 42 s, recline 30 s, strength 6 s;
// contact not reached, knead 2 s; no pulse, carriage 3 s, knead and recline 2 s, strength 1 s;
// lock, tap 2 s). A press or cell may be on for at most half of DUTY_WINDOW_S, in one interval or
// several; a press on a carriage may be on for longer in several zones.
// clang-format off: a table, a row a line
static const struct field actuator_fields[] = {
	{ .key = "name", .type = FIELD_NAME, .required = true, .size = NAME_SIZE, PLACE(name) },
	{ .key = "kind", .type = FIELD_CUSTOM },
	{ .key = "lines", .type = FIELD_GROUP, .required = true },
	{ .key = "drive", .type = FIELD_TOKEN, .applies_to = MOVES | KIND(PRESS) },
	{ .key = "release", .type = FIELD_GROUP, .required = true },
	{ .key = "carriage", .type = FIELD_NAME,
		.applies_to = KIND(PRESS) | (TURNS & ~KIND(ROLLER)) },
	{ .key = "source", .type = FIELD_NAME, .required = true, .applies_to = CELLS },
	{ .key = "calibration", .type = FIELD_LIST, .applies_to = PRESSES },
	{ .key = "sensor", .type = FIELD_GROUP, .applies_to = PRESSES },
	{ .key = "current", .type = FIELD_GROUP, .required = true, .applies_to = KIND(EXTENSION) },
	{ .key = "current", .type = FIELD_GROUP, .applies_to = MOTORS & ~KIND(EXTENSION) },
	{ .key = "thermistor", .type = FIELD_GROUP, .required = true, .applies_to = KIND(HEAT) },
	{ .key = "pot", .type = FIELD_GROUP, .applies_to = POSTURES },
	{ .key = "part", .type = FIELD_ENUM, .enum_name = part_enum_name,
		.n_enum_names = REST_PART_COUNT, PLACE(part), .applies_to = KIND(RECLINE) },
	{ .key = "acknowledged", .type = FIELD_LIST },
	NUMBER("margin_n", REAL, margin_n, PRESSES, 5, 1, 20, "N"),

	// key, type, place, for which kinds, default, minimum, maximum, unit
	NUMBER("drive_max", INT, drive_max_permille, GRADED, 700, 1, 1000, "per mille"),
	NUMBER("drive_max", INT, drive_max_permille, ~(GRADED | TIMED | KIND(HEAT)), 1000, 1, 1000,
		"per mille"),
	NUMBER("on_max_s", SECONDS, on_max_ms, MOVES | TIMED, 60, 1, 120, "s"),
	NUMBER("on_max_s", SECONDS, on_max_ms, PRESSES, 120, 1, DUTY_WINDOW_S / 2, "s"),
	NUMBER("on_max_s", SECONDS, on_max_ms, ~(MOVES | TIMED | PRESSES | KIND(HEAT)), 120, 1, 600,
		"s"),
	NUMBER("on_max_s", SECONDS, on_max_ms, KIND(HEAT), 600, 1, SESSION_HARD_MAX_S, "s"),
	NUMBER("travel_max_s", SECONDS, travel_max_ms, KIND(TRAVEL), 42, 1, 60, "s"),
	NUMBER("travel_max_s", SECONDS, travel_max_ms, TIMED, 0, 1, 60, "s"), // by its times
	NUMBER("travel_max_s", SECONDS, travel_max_ms, KIND(PRESS), 10, 1, 30, "s"),
	NUMBER("travel_max_s", SECONDS, travel_max_ms, POSTURES, 30, 1, 60, "s"),
	NUMBER("travel_max_s", SECONDS, travel_max_ms, KIND(KNEAD), 2, 0.5, 20, "s"),
	NUMBER("no_pulse_ms", INT, no_pulse_ms, KIND(TRAVEL), 3000, 100, 3000, "ms"),
	NUMBER("no_pulse_ms", INT, no_pulse_ms, KIND(KNEAD), 2000, 100, 5000, "ms"),
	NUMBER("no_pulse_ms", INT, no_pulse_ms, KIND(PRESS), 1000, 100, 3000, "ms"),
	NUMBER("no_pulse_ms", INT, no_pulse_ms, POSTURES, 2000, 100, 3000, "ms"),
	NUMBER("pulses", INT, pulses, POSTURES, 0, 20, 100000, NULL),
	NUMBER("up_s", SECONDS, up_ms, POSTURES, 0, 1, 60, "s"),
	NUMBER("down_s", SECONDS, down_ms, POSTURES, 0, 1, 60, "s"),
	NUMBER("dead_time_ms", INT, dead_time_ms, MOVES | TIMED | KIND(PRESS), 100, 20, 2000, "ms"),
	NUMBER("min_on_ms", INT, min_on_ms, SWITCHED | TIMED, 0, 0, 1000, "ms"),
	NUMBER("min_off_ms", INT, min_off_ms, SWITCHED | TIMED, 0, 0, 5000, "ms"),
	NUMBER("slew_per_s", INT, slew_permille_s, ~(CELLS | TIMED | KIND(HEAT)), 2000, 100, 10000,
		"per mille a second"),
	NUMBER("duty_max", INT, duty_max_permille, CELLS, PRESS_DUTY_HARD_MAX_PERMILLE, 1,
		PRESS_DUTY_HARD_MAX_PERMILLE, "per mille"),
	NUMBER("duty_max", INT, duty_max_permille, KIND(PRESS), PRESS_DUTY_HARD_MAX_PERMILLE, 1,
		1000, "per mille"), // with a carriage; without one, as a cell
	NUMBER("duty_max", INT, duty_max_permille, ~PRESSES, 1000, 1, 1000, "per mille"),
	NUMBER("hold_c", REAL, hold_c, KIND(HEAT), 0, 25, HEAT_HARD_MAX_C, "degrees Celsius"),
	NUMBER("rise_s", SECONDS, rise_ms, KIND(HEAT), 60, 10, 300, "s"),
	NUMBER("lock_ms", INT, lock_ms, KIND(TAP), 2000, 100, 5000, "ms"),
	NUMBER("leak_s", SECONDS, leak_ms, CELLS, 300, 1, 100000, "s"),
	// a carriage without pulses (core/timed.h)
	NUMBER("soft_min_mm", REAL, soft_min_mm, TIMED, 15, 10, 2000, "mm"),
	NUMBER("soft_max_mm", REAL, soft_max_mm, TIMED, 0, 11, 2000, "mm"), // as far from its end
	NUMBER("slip", INT, timed.slip_permille, TIMED, TIMED_SLIP_PERMILLE, 5, 200, "per mille"),
	NUMBER("start_mm", REAL, timed.start_mm, TIMED, TIMED_START_MM, 0.5, 20, "mm"),
	NUMBER("position_error_mm", REAL, timed.position_error_mm, TIMED, TIMED_ERROR_MM, 10, 100,
		"mm"),
	// of a usual press (hal/README.md)
	NUMBER("stroke_mm", REAL, stroke_mm, KIND(PRESS), 80, 20, 300, "mm"),
	NUMBER("speed_mm_s", REAL, speed_mm_s, KIND(PRESS), 40, 1, 300, "mm/s"),

	// the same without a default
	REQUIRED("current_ma", INT, current_ma, 0, 1, 20000, "mA"),
	REQUIRED("hz_max", REAL, hz_max, KIND(TAP), 1, 50, "Hz"),
	REQUIRED("mm_per_pulse", REAL, mm_per_pulse, KIND(TRAVEL), 0.05, 20, "mm"),
	REQUIRED("soft_min_mm", REAL, soft_min_mm, KIND(TRAVEL), 0, 2000, "mm"),
	REQUIRED("soft_max_mm", REAL, soft_max_mm, KIND(TRAVEL), 1, 2000, "mm"),
	REQUIRED("speed_mm_s", REAL, speed_mm_s, KIND(TRAVEL), 1, 300, "mm/s"),
	REQUIRED("cutoff_c", REAL, cutoff_c, KIND(HEAT), 30, HEAT_HARD_MAX_C, "degrees Celsius"),
	REQUIRED("way_mm", REAL, timed.way_mm, TIMED, 50, 2000, "mm"),
	REQUIRED("down_s", SECONDS, timed.down_ms, TIMED, 1, 45, "s"),
	REQUIRED("up_s", SECONDS, timed.up_ms, TIMED, 1, 45, "s"),
	REQUIRED("fill_s", SECONDS, fill_ms, CELLS, 0.1, 60, "s"),
	REQUIRED("vent_s", SECONDS, vent_ms, CELLS, 0.1, 20, "s"),
};
// clang-format on
static const struct schema actuator_schema = {
	SCHEMA_ROWS(actuator_fields),
	.selector = "kind",
	.selection = variant_name,
};
static const struct field kind_field = { .key = "kind",
	.type = FIELD_ENUM,
	.required = true,
	.enum_name = kind_enum_name,
	.n_enum_names = ACTUATOR_KIND_COUNT,
	PLACE(kind) };

static const char *release_enum_name(unsigned release)
{
	static const char *const words[] = {
		[RELEASE_COAST] = "coast",
		[RELEASE_RETRACT] = "retract",
		[RELEASE_VENT] = "vent",
	};

	return words[release];
}

// clang-format off: a table, a row a line
static const struct field release_fields[] = {
	{.key = "kind", .type = FIELD_CUSTOM},
	REQUIRED("max_s", SECONDS, release_max_ms, 1u << RELEASE_RETRACT | 1u << RELEASE_VENT, 0.5,
		30, "s"),
	NUMBER("drive", INT, release_drive_permille, 1u << RELEASE_RETRACT, 500, 100, 1000,
		"per mille"),
};
// clang-format on
static const struct schema release_schema = {
	SCHEMA_ROWS(release_fields),
	.selector = "kind",
	.selection = release_enum_name,
};
static const struct field release_field = { .key = "kind",
	.type = FIELD_ENUM,
	.required = true,
	.enum_name = release_enum_name,
	.n_enum_names = 3,
	PLACE(release) };

static enum release_kind release_of(enum actuator_kind kind)
{
	if (kind == ACTUATOR_PRESS)
		return RELEASE_RETRACT;
	return kind == ACTUATOR_CELL ? RELEASE_VENT : RELEASE_COAST;
}

// Read the kind that selects the group's rows. Without one the other keys are still read.
static bool has_kind(struct reader *reader, const struct config_setting_t *group,
	const struct field *kind, const struct schema *schema, struct actuator *actuator)
{
	bool present = reader_member(group, kind->key);

	if (present && reader_field(reader, group, kind, actuator))
		return true;
	reader_group(reader, group, schema, SELECT_ALL, actuator);
	if (!present)
		reader_field(reader, group, kind, actuator); // it is missing, or misspelt
	return false;
}

static void read_release(struct reader *reader, const struct config_setting_t *group,
	struct actuator *actuator)
{
	enum release_kind expected = release_of(actuator->kind);

	if (!has_kind(reader, group, &release_field, &release_schema, actuator))
		return;
	if (actuator->release != expected) {
		reader_problem(reader, group, "kind", "\"%s\" does not release a %s (%s)",
			release_enum_name(actuator->release), actuator_kind_name(actuator->kind),
			release_enum_name(expected));
		return;
	}
	reader_defaults(&release_schema, actuator->release, actuator);
	reader_group(reader, group, &release_schema, actuator->release, actuator);
	if (actuator->release_drive_permille > actuator->drive_max_permille)
		reader_problem(reader, group, "drive", "%d is above drive_max (%d per mille)",
			actuator->release_drive_permille, actuator->drive_max_permille);
	if (expected == RELEASE_VENT && reader_member(group, "max_s") &&
		actuator->release_max_ms < actuator->vent_ms)
		reader_problem(reader, group, "max_s",
			"is shorter than vent_s: the cell would not be empty");
}

static void read_calibration(struct reader *reader, const struct config_setting_t *list,
	struct calibration *calibration)
{
	// clang-format off: a table, a row a line
	static const struct field pair[] = {
		{ .type = FIELD_INT, .min = 0, .max = 1000, .unit = "per mille" },
		{ .type = FIELD_REAL, .min = 0, .max = 500, .unit = "N" },
	};
	// clang-format on
	size_t n = reader_length(list);
	bool good = true;

	if (n < 2 || n > CALIBRATION_POINTS_MAX) {
		reader_problem(reader, list, NULL, "has %zu pairs (2 ... %d)", n,
			CALIBRATION_POINTS_MAX);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		const struct config_setting_t *element = reader_element_list(reader, list, i);
		double numbers[2];

		if (!element || !reader_numbers(reader, element, pair, 2, numbers)) {
			good = false;
			continue;
		}
		calibration->at[i].drive_permille = (int)numbers[0];
		calibration->at[i].force_n = numbers[1];
		if (i > 0 &&
			(calibration->at[i].drive_permille <=
					calibration->at[i - 1].drive_permille ||
				calibration->at[i].force_n <= calibration->at[i - 1].force_n)) {
			reader_problem(reader, element, NULL,
				"does not rise (drive and force both rise from pair to pair)");
			good = false;
		}
	}
	if (good)
		calibration->n = (int)n;
}

static void read_sensor(struct reader *reader, const struct config_setting_t *group,
	struct force_sensor *sensor)
{
	// clang-format off: a table, a row a line
	static const struct field fields[] = {
		{ .key = "device", .type = FIELD_PATH, .required = true, .size = NAME_SIZE,
			.offset = offsetof(struct force_sensor, device) },
		{ .key = "channel", .type = FIELD_TOKEN, .required = true, .size = NAME_SIZE,
			.offset = offsetof(struct force_sensor, channel) },
		{ .key = "n_per_unit", .type = FIELD_REAL, .required = true, .min = -1e6,
			.max = 1e6, .unit = "N",
			.offset = offsetof(struct force_sensor, n_per_unit) },
		{ .key = "zero_n", .type = FIELD_REAL, .min = -1000, .max = 1000, .unit = "N",
			.offset = offsetof(struct force_sensor, zero_n) },
		{ .key = "range_n", .type = FIELD_REAL, .fallback = 500, .min = 1, .max = 10000,
			.unit = "N", .offset = offsetof(struct force_sensor, range_n) },
	};
	// clang-format on
	static const struct schema schema = { SCHEMA_ROWS(fields) };

	reader_defaults(&schema, SELECT_ALL, sensor);
	reader_group(reader, group, &schema, SELECT_ALL, sensor);
	channel_check_device(reader, group, sensor->device);
	if (sensor->n_per_unit == 0 && reader_member(group, "n_per_unit"))
		reader_problem(reader, group, "n_per_unit", "0 would read nothing");
	sensor->present = true;
}

static void read_actuator(struct reader *reader, const struct config_setting_t *group, int index,
	struct chair *chair)
{
	struct actuator *actuator = &chair->actuators[index];
	const struct config_setting_t *part;
	int selection;

	if (!has_kind(reader, group, &kind_field, &actuator_schema, actuator)) {
		if ((part = reader_typed(group, "lines", FIELD_GROUP)))
			line_read_all(reader, part, index, SELECT_ALL, chair);
		return;
	}
	selection = variant_select(group, actuator->kind);
	reader_defaults(&actuator_schema, selection, actuator);
	reader_group(reader, group, &actuator_schema, selection, actuator);
	if ((part = reader_typed(group, "lines", FIELD_GROUP))) {
		line_read_all(reader, part, index, selection, chair);
		if (selection != SELECT_TIMED)
			drive_read(reader, group, part, actuator);
		turning_read(reader, group, part, actuator);
		posture_read(reader, group, part, actuator);
	}
	posture_check_part(reader, group, chair, actuator);
	channels_read(reader, group, actuator);
	if (selection == SELECT_TIMED)
		variant_read_timed(reader, group, actuator);
	if ((part = reader_typed(group, "release", FIELD_GROUP)))
		read_release(reader, part, actuator);
	if (actuator_presses(actuator->kind) &&
		(part = reader_typed(group, "calibration", FIELD_LIST)))
		read_calibration(reader, part, &actuator->calibration);
	if (actuator_presses(actuator->kind) && (part = reader_typed(group, "sensor", FIELD_GROUP)))
		read_sensor(reader, part, &actuator->sensor);

	if (actuator->kind == ACTUATOR_PRESS && !reader_member(group, "carriage") &&
		actuator->duty_max_permille > PRESS_DUTY_HARD_MAX_PERMILLE)
		reader_problem(reader, group, "duty_max",
			"%d is out of range (1 ... %d per mille without a carriage)",
			actuator->duty_max_permille, PRESS_DUTY_HARD_MAX_PERMILLE);
	if (selection == ACTUATOR_TRAVEL && actuator->soft_max_mm <= actuator->soft_min_mm)
		reader_problem(reader, group, "soft_max_mm", "is not above soft_min_mm");
	if (chair->current_max_ma && actuator->current_ma > chair->current_max_ma)
		reader_problem(reader, group, "current_ma",
			"%d is above the chair's current_max_ma (%d mA)", actuator->current_ma,
			chair->current_max_ma);
}

int actuator_named(struct reader *reader, const struct config_setting_t *setting, const char *name,
	const struct chair *chair)
{
	int index = chair_find_actuator(chair, name);
	struct suggestion suggestion;

	if (index >= 0)
		return index;
	suggestion_start(&suggestion, name);
	for (size_t i = 0; i < chair->n_actuators; i++)
		suggestion_consider(&suggestion, chair->actuators[i].name);
	reader_no_such(reader, setting, "actuator", &suggestion);
	return -1;
}

// The index of another actuator that this one names, which must be of that kind.
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

void actuators_read(struct reader *reader, const struct config_setting_t *list, struct chair *chair)
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

		*actuator = (struct actuator){
			.kind = ACTUATOR_KIND_COUNT, .carriage = -1, .source = -1
		};
		memset(actuator->line, -1, sizeof(actuator->line));
		if (group)
			read_actuator(reader, group, (int)i, chair);
		if (chair_find_actuator(chair, actuator->name) >= 0 && actuator->name[0])
			reader_problem(reader, group, "name", "\"%s\" is already taken",
				actuator->name);
		chair->n_actuators = i + 1;
	}
	for (size_t i = 0; i < n; i++) {
		struct actuator *actuator = &chair->actuators[i];
		const struct config_setting_t *group = reader_element(list, i);

		actuator->carriage = REFERENCE_WRONG;
		if (actuator->kind == ACTUATOR_KIND_COUNT)
			continue;
		actuator->carriage = read_reference(reader, group, "carriage", ACTUATOR_TRAVEL,
			chair);
		actuator->source = read_reference(reader, group, "source", ACTUATOR_SOURCE, chair);
	}
}
