// SPDX-License-Identifier: MIT
#include "core/chair.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define TOLERANCE_MM 2.0 // of a carriage's position

static const char *const kind_names[ACTUATOR_KIND_COUNT] = {
	[ACTUATOR_TRAVEL] = "travel",
	[ACTUATOR_PRESS] = "press",
	[ACTUATOR_KNEAD] = "knead",
	[ACTUATOR_CELL] = "cell",
	[ACTUATOR_SOURCE] = "source",
	[ACTUATOR_VIBRATE] = "vibrate",
	[ACTUATOR_RECLINE] = "recline",
	[ACTUATOR_TAP] = "tap",
	[ACTUATOR_EXTENSION] = "extension",
	[ACTUATOR_HEAT] = "heat",
	[ACTUATOR_ROLLER] = "roller",
};

static const char *const role_names[ROLE_COUNT] = {
	[ROLE_FORWARD] = "forward",
	[ROLE_REVERSE] = "reverse",
	[ROLE_PWM] = "pwm",
	[ROLE_FILL] = "fill",
	[ROLE_VENT] = "vent",
	[ROLE_VALVE] = "valve",
	[ROLE_RUN] = "run",
	[ROLE_ENABLE] = "enable",
	[ROLE_HOME] = "home",
	[ROLE_END] = "end",
	[ROLE_PULSE] = "pulse",
	[ROLE_FAULT] = "fault",
	[ROLE_LOCK] = "lock",
	[ROLE_NARROW] = "narrow",
	[ROLE_MEDIUM] = "medium",
	[ROLE_WIDE] = "wide",
	[ROLE_ESTOP] = "estop",
	[ROLE_SEAT] = "seat",
	[ROLE_RESET] = "reset",
	[ROLE_CUTOUT] = "cutout",
	[ROLE_BUTTON] = "button",
};

static const char *const button_action_names[BUTTON_ACTION_COUNT] = {
	[BUTTON_STOP] = "stop",
	[BUTTON_PAUSE] = "pause",
	[BUTTON_RESUME] = "resume",
	[BUTTON_LESS] = "less",
	[BUTTON_EASED] = "eased",
	[BUTTON_MORE] = "more",
	[BUTTON_SKIP] = "skip",
	[BUTTON_START] = "start",
	[BUTTON_RECLINE] = "recline",
	[BUTTON_EXTENSION] = "extension",
};

int chair_find_actuator(const struct chair *chair, const char *name)
{
	for (size_t i = 0; i < chair->n_actuators; i++) {
		if (!strcmp(chair->actuators[i].name, name))
			return (int)i;
	}
	return -1;
}

int chair_find_line(const struct chair *chair, const char *name)
{
	for (size_t i = 0; i < chair->n_lines; i++) {
		if (!strcmp(chair->lines[i].name, name))
			return (int)i;
	}
	return -1;
}

const char *actuator_kind_name(enum actuator_kind kind)
{
	return kind_names[kind];
}

const char *line_role_name(enum line_role role)
{
	return role_names[role];
}

const char *rest_part_name(enum rest_part part)
{
	static const char *const names[REST_PART_COUNT] = {
		[REST_BACK] = "back",
		[REST_LEGS] = "legs",
	};

	return names[part];
}

uint32_t chair_buttons(const struct chair *chair, enum button_action does)
{
	uint32_t set = 0;

	for (size_t i = 0; i < chair->n_buttons; i++)
		set |= (uint32_t)(chair->buttons[i].does == does) << i;
	return set;
}

const char *button_action_name(enum button_action does)
{
	return button_action_names[does];
}

const char *button_text(const struct chair *chair, size_t button, char text[BUTTON_TEXT_SIZE])
{
	const struct button *b = &chair->buttons[button];
	const char *name = button_action_names[b->does];

	if (b->does == BUTTON_START)
		snprintf(text, BUTTON_TEXT_SIZE, "%s %s", name, b->profile);
	else if (button_jogs(b->does))
		snprintf(text, BUTTON_TEXT_SIZE, "%s %s %c", name,
			chair->actuators[b->actuator].name, b->direction > 0 ? '+' : '-');
	else
		snprintf(text, BUTTON_TEXT_SIZE, "%s", name);
	return text;
}

bool line_role_is_output(enum line_role role)
{
	return role <= ROLE_ENABLE;
}

void line_set_place(struct line *line, const char *chip, int offset)
{
	snprintf(line->chip, sizeof(line->chip), "%s", chip);
	line->offset = offset;
	snprintf(line->name, sizeof(line->name), "%s:%u", line->chip,
		(unsigned)offset % (LINE_OFFSET_MAX + 1));
}

void line_set_channel(struct line *line, const char *chip, int channel, int hz)
{
	snprintf(line->chip, sizeof(line->chip), "%s", chip);
	line->offset = channel;
	line->channel_hz = (uint16_t)hz;
	snprintf(line->name, sizeof(line->name), "%.41s:pwm%u", line->chip,
		(unsigned)channel % (LINE_CHANNEL_MAX + 1));
}

uint64_t chair_channels(const struct chair *chair)
{
	uint64_t set = 0;

	for (size_t i = 0; i < chair->n_lines; i++) {
		if (chair->lines[i].channel_hz)
			set |= LINE_BIT(i);
	}
	return set;
}

uint64_t chair_outputs(const struct chair *chair)
{
	uint64_t set = 0;

	for (size_t i = 0; i < chair->n_lines; i++) {
		if (line_role_is_output(chair->lines[i].role))
			set |= LINE_BIT(i);
	}
	return set;
}

static bool is_pulsed(const struct chair *chair, const struct line *line)
{
	if (line->role == ROLE_FORWARD || line->role == ROLE_REVERSE)
		return line->actuator >= 0 && chair->actuators[line->actuator].sign_magnitude;
	return line->role == ROLE_PWM;
}

uint64_t chair_pwm_lines(const struct chair *chair)
{
	uint64_t set = 0;

	for (size_t i = 0; i < chair->n_lines; i++) {
		if (is_pulsed(chair, &chair->lines[i]))
			set |= LINE_BIT(i);
	}
	return set;
}

uint64_t chair_safe_levels(const struct chair *chair)
{
	uint64_t set = 0;

	for (size_t i = 0; i < chair->n_lines; i++) {
		if (line_role_is_output(chair->lines[i].role) && chair->lines[i].safe_level)
			set |= LINE_BIT(i);
	}
	return set;
}

int64_t actuator_on_max_us(const struct actuator *actuator)
{
	int64_t on_max_us = actuator->on_max_ms ? actuator->on_max_ms * US_PER_MS : TIME_NEVER;

	if (!actuator_presses(actuator->kind))
		return on_max_us;
	return min_i64(on_max_us,
		PRESS_HARD_MAX_S * US_PER_S - actuator->release_max_ms * US_PER_MS);
}

int64_t chair_release_max_us(const struct chair *chair)
{
	int64_t longest_us = 0;

	for (size_t i = 0; i < chair->n_actuators; i++) {
		const struct actuator *actuator = &chair->actuators[i];
		int64_t us = (actuator->release_max_ms + actuator->dead_time_ms) * US_PER_MS;

		longest_us = us > longest_us ? us : longest_us;
	}
	return longest_us;
}

static int64_t share_us(int permille)
{
	return permille < PERMILLE_FULL ? permille * DUTY_WINDOW_S * US_PER_S / PERMILLE_FULL
					: TIME_NEVER;
}

int64_t actuator_share_us(const struct actuator *actuator)
{
	int64_t duty_us = share_us(actuator->duty_max_permille > 0 ? actuator->duty_max_permille
								   : PERMILLE_FULL);

	return actuator_rides(actuator) ? duty_us
					: min_i64(duty_us, actuator_zone_share_us(actuator));
}

int64_t actuator_zone_share_us(const struct actuator *actuator)
{
	return share_us(actuator_presses(actuator->kind) ? PRESS_DUTY_HARD_MAX_PERMILLE
							 : PERMILLE_FULL);
}

int chair_width_setter(const struct chair *chair, int actuator)
{
	for (size_t i = 0; i < chair->n_actuators; i++) {
		const struct actuator *knead = &chair->actuators[i];

		if (knead->kind == ACTUATOR_KNEAD && actuator_sets_width(knead) &&
			knead->carriage == chair->actuators[actuator].carriage)
			return (int)i;
	}
	return -1;
}

int width_drive_permille(const struct actuator *knead)
{
	return knead->drive_max_permille < WIDTH_DRIVE_PERMILLE ? knead->drive_max_permille
								: WIDTH_DRIVE_PERMILLE;
}

const char *width_name(enum width width)
{
	return line_role_name(width_role(width));
}

static double interpolate(double x, double x0, double y0, double x1, double y1)
{
	return x1 > x0 ? y0 + (y1 - y0) * (x - x0) / (x1 - x0) : y0;
}

double calibration_force_n(const struct calibration *calibration, double drive_permille)
{
	int n = calibration->n;

	if (n == 0)
		return NAN;
	if (drive_permille <= calibration->at[0].drive_permille)
		return calibration->at[0].force_n;
	for (int i = 1; i < n; i++) {
		if (drive_permille <= calibration->at[i].drive_permille)
			return interpolate(drive_permille, calibration->at[i - 1].drive_permille,
				calibration->at[i - 1].force_n, calibration->at[i].drive_permille,
				calibration->at[i].force_n);
	}
	return calibration->at[n - 1].force_n;
}

double calibration_drive_permille(const struct calibration *calibration, double force_n)
{
	int n = calibration->n;

	if (n == 0)
		return -1;
	if (force_n < calibration->at[0].force_n)
		return 0;
	for (int i = 1; i < n; i++) {
		if (force_n <= calibration->at[i].force_n)
			return interpolate(force_n, calibration->at[i - 1].force_n,
				calibration->at[i - 1].drive_permille, calibration->at[i].force_n,
				calibration->at[i].drive_permille);
	}
	return calibration->at[n - 1].drive_permille;
}

double actuator_drive_limit_permille(const struct actuator *actuator, struct region_ceiling ceiling)
{
	double limit_n = ceiling.sustained_n;

	if (!actuator->calibration.n)
		return PERMILLE_FULL;
	if (actuator->sensor.present && limit_n > 0)
		limit_n += actuator->margin_n;
	return calibration_drive_permille(&actuator->calibration, fmin(limit_n, ceiling.peak_n));
}

double actuator_gentle_permille(const struct actuator *actuator)
{
	const struct calibration *calibration = &actuator->calibration;

	if (!calibration->n)
		return actuator->release_drive_permille / 2;
	return fmin(actuator->release_drive_permille,
		calibration_drive_permille(calibration,
			fmax(GENTLE_N, calibration->at[0].force_n)));
}

// Whether the reach, whose ends may be in either order, is under the roller, which has a breadth.
static bool reach_covers(const struct reach *reach, double position_mm)
{
	double low = min_double(reach->mm_from, reach->mm_to);
	double high = max_double(reach->mm_from, reach->mm_to);

	return position_mm >= low - ROLLER_HALF_MM && position_mm <= high + ROLLER_HALF_MM;
}

static struct region_ceiling stricter(struct region_ceiling a, struct region_ceiling b)
{
	return (struct region_ceiling){
		.peak_n = min_double(a.peak_n, b.peak_n),
		.sustained_n = min_double(a.sustained_n, b.sustained_n),
	};
}

double travel_tolerance_mm(const struct actuator *travel)
{
	return max_double(TOLERANCE_MM, 2 * travel->mm_per_pulse);
}

// The strictest of its reaches under the roller, or of all.
static struct region_ceiling strictest(const struct chair *chair, int actuator, bool all,
	double position_mm)
{
	struct region_ceiling ceiling = { INFINITY, INFINITY };

	for (size_t i = 0; i < chair->n_reaches; i++) {
		const struct reach *reach = &chair->reaches[i];

		if (reach->actuator != actuator || (!all && !reach_covers(reach, position_mm)))
			continue;
		ceiling = stricter(ceiling,
			(struct region_ceiling){ reach->peak_n, reach->sustained_n });
		ceiling = stricter(ceiling, region_ceiling(reach->region));
	}
	return ceiling;
}

struct region_ceiling chair_ceiling(const struct chair *chair, int actuator, double position_mm)
{
	bool all = chair->actuators[actuator].carriage < 0 || isnan(position_mm);
	struct region_ceiling ceiling = strictest(chair, actuator, all, position_mm);

	if (isinf(ceiling.peak_n) && !all) // between two stretches
		ceiling = strictest(chair, actuator, true, position_mm);
	if (isinf(ceiling.peak_n)) // without a reach
		return (struct region_ceiling){ 0, 0 };
	return ceiling;
}

static double lowest_mm(const struct reach *reach)
{
	return min_double(reach->mm_from, reach->mm_to) - ROLLER_HALF_MM;
}

static double highest_mm(const struct reach *reach)
{
	return max_double(reach->mm_from, reach->mm_to) + ROLLER_HALF_MM;
}

// The farthest end of the stretches that are under the roller at at_mm; -INFINITY: none is.
static double covered_to_mm(const struct chair *chair, int actuator, double at_mm)
{
	double end_mm = -INFINITY;

	for (size_t i = 0; i < chair->n_reaches; i++) {
		if (chair->reaches[i].actuator == actuator &&
			reach_covers(&chair->reaches[i], at_mm))
			end_mm = max_double(end_mm, highest_mm(&chair->reaches[i]));
	}
	return end_mm;
}

bool chair_covers_way(const struct chair *chair, int actuator, double from_mm, double to_mm)
{
	double end_mm = covered_to_mm(chair, actuator, from_mm);

	while (end_mm > from_mm && end_mm < to_mm) {
		from_mm = end_mm;
		end_mm = covered_to_mm(chair, actuator, from_mm);
	}
	return end_mm >= to_mm;
}

struct region_ceiling chair_ceiling_between(const struct chair *chair, int actuator, double a_mm,
	double b_mm)
{
	double from_mm = min_double(a_mm, b_mm), to_mm = max_double(a_mm, b_mm);
	struct region_ceiling ceiling = { INFINITY, INFINITY };

	if (chair->actuators[actuator].carriage < 0)
		return chair_ceiling(chair, actuator, from_mm);
	// Between two stretches: the strictest.
	if (!chair_covers_way(chair, actuator, from_mm, to_mm))
		return chair_ceiling(chair, actuator, NAN);
	for (size_t i = 0; i < chair->n_reaches; i++) {
		const struct reach *reach = &chair->reaches[i];

		if (reach->actuator != actuator || highest_mm(reach) < from_mm ||
			lowest_mm(reach) > to_mm)
			continue;
		ceiling = stricter(ceiling,
			(struct region_ceiling){ reach->peak_n, reach->sustained_n });
		ceiling = stricter(ceiling, region_ceiling(reach->region));
	}
	return ceiling;
}

struct region_ceiling chair_ceiling_near(const struct chair *chair, int actuator,
	double position_mm, double error_mm)
{
	if (isnan(position_mm) || error_mm <= 0)
		return chair_ceiling(chair, actuator, position_mm);
	return chair_ceiling_between(chair, actuator, position_mm - error_mm,
		position_mm + error_mm);
}
