// SPDX-License-Identifier: MIT
#include "core/fingerprint.h"

#include <string.h>

#include "core/hash.h"

// Each number is hashed as eight bytes, so that adjacent ones cannot be confused.
static void add_int(uint64_t *hash, int64_t value)
{
	*hash = hash_bytes(*hash, &value, sizeof(value));
}

static void add_real(uint64_t *hash, double value)
{
	value += 0.0; // -0 is 0
	*hash = hash_bytes(*hash, &value, sizeof(value));
}

// Hashed with its NUL, for the same reason.
static void add_text(uint64_t *hash, const char *text)
{
	*hash = hash_bytes(*hash, text, strlen(text) + 1);
}

static void add_line(uint64_t *hash, const struct line *line)
{
	add_text(hash, line->name);
	if (line->chip[0]) { // a name may look like a chip and an offset
		add_text(hash, line->chip);
		add_int(hash, line->offset);
		add_int(hash, line->channel_hz);
	}
	add_int(hash, line->role);
	add_int(hash, line->actuator);
	add_int(hash, line->active_low);
	add_int(hash, line->safe_level);
	add_int(hash, line->bias);
}

static void add_calibration(uint64_t *hash, const struct calibration *calibration)
{
	add_int(hash, calibration->n);
	for (int i = 0; i < calibration->n; i++) {
		add_int(hash, calibration->at[i].drive_permille);
		add_real(hash, calibration->at[i].force_n);
	}
}

static void add_sensor(uint64_t *hash, const struct force_sensor *sensor)
{
	add_int(hash, sensor->present);
	if (!sensor->present)
		return;
	add_text(hash, sensor->device);
	add_text(hash, sensor->channel);
	add_real(hash, sensor->n_per_unit);
	add_real(hash, sensor->zero_n);
	add_real(hash, sensor->range_n);
}

static void add_channel(uint64_t *hash, const struct iio_channel *channel)
{
	const double numbers[] = {
		channel->per_unit,
		channel->zero,
		channel->thermistor.ohm_25,
		channel->thermistor.beta,
		channel->thermistor.series_ohm,
		channel->thermistor.supply_mv,
		channel->low,
		channel->high,
	};

	add_int(hash, channel->present);
	if (!channel->present)
		return;
	add_text(hash, channel->device);
	add_text(hash, channel->channel);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		add_real(hash, numbers[i]);
}

static void add_actuator(uint64_t *hash, const struct actuator *actuator)
{
	const int numbers[] = {
		actuator->kind,
		actuator->sign_magnitude,
		actuator->drive_max_permille,
		actuator->on_max_ms,
		actuator->travel_max_ms,
		actuator->no_pulse_ms,
		actuator->dead_time_ms,
		actuator->min_on_ms,
		actuator->min_off_ms,
		actuator->slew_permille_s,
		actuator->duty_max_permille,
		actuator->current_ma,
		actuator->release,
		actuator->release_max_ms,
		actuator->release_drive_permille,
		actuator->carriage,
		actuator->source,
		actuator->fill_ms,
		actuator->vent_ms,
		actuator->leak_ms,
		actuator->timed.down_ms,
		actuator->timed.up_ms,
		actuator->timed.slip_permille,
		actuator->lock_ms,
		actuator->over_current_ms,
		actuator->up_ms,
		actuator->down_ms,
		actuator->rise_ms,
		actuator->part,
	};

	add_text(hash, actuator->name);
	for (size_t i = 0; i < ROLE_COUNT; i++)
		add_int(hash, actuator->line[i]);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		add_int(hash, numbers[i]);
	add_real(hash, actuator->hz_max);
	add_real(hash, actuator->mm_per_pulse);
	add_real(hash, actuator->soft_min_mm);
	add_real(hash, actuator->soft_max_mm);
	add_real(hash, actuator->speed_mm_s);
	add_real(hash, actuator->stroke_mm);
	add_real(hash, actuator->timed.way_mm);
	add_real(hash, actuator->timed.start_mm);
	add_real(hash, actuator->timed.position_error_mm);
	add_real(hash, actuator->current_limit_ma);
	add_real(hash, actuator->cutoff_c);
	add_real(hash, actuator->hold_c);
	add_int(hash, actuator->acknowledged);
	add_calibration(hash, &actuator->calibration);
	add_sensor(hash, &actuator->sensor);
	for (size_t i = 0; i < QUANTITY_COUNT; i++)
		add_channel(hash, &actuator->measured[i]);
}

static void add_reach(uint64_t *hash, const struct reach *reach)
{
	const double numbers[] = {
		reach->along_from,
		reach->along_to,
		reach->lateral_from_mm,
		reach->lateral_to_mm,
		reach->mm_from,
		reach->mm_to,
		reach->peak_n,
		reach->sustained_n,
		reach->width_mm[WIDTH_NARROW],
		reach->width_mm[WIDTH_MEDIUM],
		reach->width_mm[WIDTH_WIDE],
	};

	add_int(hash, reach->region);
	add_int(hash, reach->sides);
	add_int(hash, reach->actuator);
	add_int(hash, reach->by_width);
	add_int(hash, reach->setter);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		add_real(hash, numbers[i]);
}

static void add_button(uint64_t *hash, const struct button *button)
{
	add_int(hash, button->does);
	add_int(hash, button->line);
	add_text(hash, button->profile);
	add_int(hash, button->actuator);
	add_int(hash, button->direction);
}

uint64_t chair_fingerprint(const struct chair *chair)
{
	const int numbers[] = {
		chair->current_max_ma,
		chair->session_max_s,
		chair->pwm_hz,
		chair->enable_hz,
		chair->estop,
		chair->seat,
		chair->reset,
		chair->enable,
		chair->debounce_ms,
		chair->seat_debounce_ms,
		chair->allow_no_realtime,
		(int)chair->acknowledged,
	};
	uint64_t hash = HASH_START;

	add_text(&hash, chair->id);
	add_int(&hash, (int64_t)chair->n_lines);
	for (size_t i = 0; i < chair->n_lines; i++)
		add_line(&hash, &chair->lines[i]);
	add_int(&hash, (int64_t)chair->n_actuators);
	for (size_t i = 0; i < chair->n_actuators; i++)
		add_actuator(&hash, &chair->actuators[i]);
	add_int(&hash, (int64_t)chair->n_reaches);
	for (size_t i = 0; i < chair->n_reaches; i++)
		add_reach(&hash, &chair->reaches[i]);
	add_int(&hash, (int64_t)chair->n_groups);
	for (size_t i = 0; i < chair->n_groups; i++)
		add_int(&hash, chair->groups[i]);
	for (size_t i = 0; i < chair->n_buttons; i++)
		add_button(&hash, &chair->buttons[i]);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		add_int(&hash, numbers[i]);
	return hash;
}
