// SPDX-License-Identifier: MIT
#include "config/chair_file_channels.h"

#include <math.h>
#include <string.h>

#define KIND(kind) (1u << ACTUATOR_##kind)
#define POSTURES   (KIND(RECLINE) | KIND(EXTENSION))
#define MOTORS     (~(KIND(CELL) | KIND(HEAT)))

// A value beyond these has a broken wire.
#define CURRENT_LOW_SHARE  (-0.5) // of max_ma; its zero drifts
#define CURRENT_HIGH_SHARE 20.0   // of max_ma
#define TEMPERATURE_LOW_C  (-20.0)
#define TEMPERATURE_HIGH_C 100.0
#define POSITION_BEYOND    50.0 // per mille, at either end

#define HOLD_BELOW_C 3.0   // default of hold_c: that much below cutoff_c
#define POT_MIN      100.0 // between its readings at home and at the end

#define DEVICE_AND_CHANNEL \
	{ .key = "device", \
		.type = FIELD_PATH, \
		.required = true, \
		.size = NAME_SIZE, \
		.offset = offsetof(struct iio_channel, device) }, \
	{ \
		.key = "channel", .type = FIELD_TOKEN, .required = true, .size = NAME_SIZE, \
		.offset = offsetof(struct iio_channel, channel) \
	}

void channel_check_device(struct reader *reader, const struct config_setting_t *group,
	const char *device)
{
	if (strstr(device, "iio:device"))
		reader_problem(reader, group, "device",
			"%s is a number of the kernel, which changes (its name, its label, or the "
			"path of its chip: \"/sys/bus/i2c/devices/1-0048\")",
			device);
}

// --- current ---------------------------------------------------------------------------------

static void read_current(struct reader *reader, const struct config_setting_t *group,
	struct actuator *actuator)
{
	// The over-current time is the commercial chair's (Fujiiryoki Premium 4S manual).
	// clang-format off: a table, a row a line
	static const struct field channel_fields[] = {
		DEVICE_AND_CHANNEL,
		{ .key = "ma_per_unit", .type = FIELD_REAL, .required = true, .min = -1e6,
			.max = 1e6, .unit = "mA",
			.offset = offsetof(struct iio_channel, per_unit) },
		{ .key = "zero_ma", .type = FIELD_REAL, .min = -100000, .max = 100000,
			.unit = "mA", .offset = offsetof(struct iio_channel, zero) },
		{ .key = "max_ma", .type = FIELD_CUSTOM },
		{ .key = "max_ms", .type = FIELD_CUSTOM },
	};
	static const struct field limit = { .key = "max_ma", .type = FIELD_REAL, .required = true,
		.min = 1, .max = 50000, .unit = "mA",
		.offset = offsetof(struct actuator, current_limit_ma) };
	static const struct field time = { .key = "max_ms", .type = FIELD_INT, .min = 50,
		.max = 2000, .unit = "ms", .offset = offsetof(struct actuator, over_current_ms) };
	// clang-format on
	static const struct schema schema = { SCHEMA_ROWS(channel_fields) };
	struct iio_channel *channel = &actuator->measured[QUANTITY_CURRENT];

	actuator->over_current_ms = 300;
	reader_group(reader, group, &schema, SELECT_ALL, channel);
	channel_check_device(reader, group, channel->device);
	reader_field(reader, group, &limit, actuator);
	reader_field(reader, group, &time, actuator);
	if (channel->per_unit == 0 && reader_member(group, "ma_per_unit"))
		reader_problem(reader, group, "ma_per_unit", "0 would read nothing");
	if (reader_member(group, "max_ma") && actuator->current_limit_ma > 0 &&
		actuator->current_limit_ma < actuator->current_ma)
		reader_problem(reader, group, "max_ma",
			"%g is below current_ma (%d mA), which it draws at full drive",
			actuator->current_limit_ma, actuator->current_ma);
	channel->low = CURRENT_LOW_SHARE * actuator->current_limit_ma;
	channel->high = CURRENT_HIGH_SHARE * actuator->current_limit_ma;
	channel->present = true;
}

// --- temperature -----------------------------------------------------------------------------

// A channel of temperature is in thousandths of a degree, by the kernel's ABI.
static bool measures_temperature(const struct iio_channel *channel)
{
	return !strncmp(channel->channel, "in_temp", strlen("in_temp"));
}

static void check_divider(struct reader *reader, const struct config_setting_t *group,
	const struct iio_channel *channel)
{
	static const char *const keys[] = { "ohm_25", "beta", "series_ohm", "supply_mv" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (measures_temperature(channel) && reader_member(group, keys[i]))
			reader_problem(reader, group, keys[i],
				"does not go with channel = \"%s\", which gives degrees",
				channel->channel);
		else if (!measures_temperature(channel) && channel->channel[0] && i < 3 &&
			!reader_member(group, keys[i]) &&
			!reader_is_misspelt(reader, group, keys[i]))
			reader_problem(reader, group, keys[i],
				"is missing (of the thermistor, by its data sheet; of its series "
				"resistor; or write a channel in_temp...)");
	}
}

static void read_thermistor(struct reader *reader, const struct config_setting_t *group,
	struct iio_channel *channel)
{
	// clang-format off: a table, a row a line
	static const struct field fields[] = {
		DEVICE_AND_CHANNEL,
		{ .key = "ohm_25", .type = FIELD_REAL, .min = 100, .max = 1e6, .unit = "ohm",
			.offset = offsetof(struct iio_channel, thermistor.ohm_25) },
		{ .key = "beta", .type = FIELD_REAL, .min = 1000, .max = 10000, .unit = "K",
			.offset = offsetof(struct iio_channel, thermistor.beta) },
		{ .key = "series_ohm", .type = FIELD_REAL, .min = 100, .max = 1e6, .unit = "ohm",
			.offset = offsetof(struct iio_channel, thermistor.series_ohm) },
		{ .key = "supply_mv", .type = FIELD_REAL, .fallback = 3300, .min = 500,
			.max = 24000, .unit = "mV",
			.offset = offsetof(struct iio_channel, thermistor.supply_mv) },
	};
	// clang-format on
	static const struct schema schema = { SCHEMA_ROWS(fields) };

	reader_defaults(&schema, SELECT_ALL, channel);
	reader_group(reader, group, &schema, SELECT_ALL, channel);
	channel_check_device(reader, group, channel->device);
	check_divider(reader, group, channel);
	if (measures_temperature(channel)) {
		channel->thermistor = (struct thermistor){ 0 };
		channel->per_unit = 0.001;
	}
	channel->low = TEMPERATURE_LOW_C;
	channel->high = TEMPERATURE_HIGH_C;
	channel->present = true;
}

static void check_hold(struct reader *reader, const struct config_setting_t *group,
	struct actuator *actuator)
{
	if (actuator->cutoff_c <= 0) // reported
		return;
	if (!reader_member(group, "hold_c"))
		actuator->hold_c = actuator->cutoff_c - HOLD_BELOW_C;
	else if (actuator->hold_c > actuator->cutoff_c - 1)
		reader_problem(reader, group, "hold_c",
			"%g is too near to cutoff_c, which trips the chair (at most %g degrees "
			"Celsius)",
			actuator->hold_c, actuator->cutoff_c - 1);
}

// --- position --------------------------------------------------------------------------------

static void read_pot(struct reader *reader, const struct config_setting_t *group,
	struct iio_channel *channel)
{
	struct pot {
		struct iio_channel channel;
		double at_home, at_end;
	} pot = { 0 };
	// clang-format off: a table, a row a line
	static const struct field fields[] = {
		DEVICE_AND_CHANNEL,
		{ .key = "at_home", .type = FIELD_REAL, .required = true, .min = -1e6, .max = 1e6,
			.unit = "mV", .offset = offsetof(struct pot, at_home) },
		{ .key = "at_end", .type = FIELD_REAL, .required = true, .min = -1e6, .max = 1e6,
			.unit = "mV", .offset = offsetof(struct pot, at_end) },
	};
	// clang-format on
	static const struct schema schema = { SCHEMA_ROWS(fields) };
	double way;

	_Static_assert(offsetof(struct pot, channel) == 0, "its rows are those of a channel");
	reader_group(reader, group, &schema, SELECT_ALL, &pot);
	channel_check_device(reader, group, pot.channel.device);
	way = pot.at_end - pot.at_home;
	*channel = pot.channel;
	channel->present = true;
	if (!reader_member(group, "at_home") || !reader_member(group, "at_end"))
		return;
	if (fabs(way) < POT_MIN) {
		reader_problem(reader, group, "at_end",
			"%g is too near to at_home (%g) to find a position (at least %g mV from "
			"it)",
			pot.at_end, pot.at_home, POT_MIN);
		return;
	}
	channel->per_unit = PERMILLE_FULL / way;
	channel->zero = pot.at_home * channel->per_unit;
	channel->low = -POSITION_BEYOND;
	channel->high = PERMILLE_FULL + POSITION_BEYOND;
}

void channels_read(struct reader *reader, const struct config_setting_t *group,
	struct actuator *actuator)
{
	unsigned kind = 1u << actuator->kind;
	const struct config_setting_t *part;

	if (kind & MOTORS && (part = reader_typed(group, "current", FIELD_GROUP)))
		read_current(reader, part, actuator);
	if (kind & KIND(HEAT) && (part = reader_typed(group, "thermistor", FIELD_GROUP)))
		read_thermistor(reader, part, &actuator->measured[QUANTITY_TEMPERATURE]);
	if (kind & KIND(HEAT))
		check_hold(reader, group, actuator);
	if (kind & POSTURES && (part = reader_typed(group, "pot", FIELD_GROUP)))
		read_pot(reader, part, &actuator->measured[QUANTITY_POSITION]);
}
