// SPDX-License-Identifier: MIT
#include "checker/person_check.h"

#include <math.h>

#define SLACK   1.1
#define MEAN_S  3.0
#define SMALL_N 3.0 // never above a ceiling
#define SLACK_C 1.0

static const int64_t lasts_us[PERSON_RULE_COUNT] = {
	[PERSON_PEAK] = 500000,
	[PERSON_SUSTAINED] = 3000000,
	[PERSON_UNREPORTED] = 500000,
	[PERSON_HOT] = 1000000,
	[PERSON_WIDTH] = 500000,
};

static const char *const rule_names[PERSON_RULE_COUNT] = {
	[PERSON_PEAK] = "above the peak ceiling",
	[PERSON_SUSTAINED] = "above the sustained ceiling",
	[PERSON_UNREPORTED] = "although reported as released",
	[PERSON_HOT] = "above its cut-off",
	[PERSON_WIDTH] = "from a contact at which it is reported",
};

void person_check_start(struct person_check *check, const struct trace_chair *chair)
{
	*check = (struct person_check){ .chair = chair };
	for (size_t i = 0; i < TRACE_ACTUATORS_MAX; i++) {
		for (int rule = 0; rule < PERSON_RULE_COUNT; rule++)
			check->by[i].since_us[rule] = INT64_MAX;
	}
}

// The strictest of the reaches at its position; between two, the strictest of all.
static void ceiling(const struct trace_chair *chair, size_t actuator, double position_mm,
	double *ret_peak_n, double *ret_sustained_n)
{
	double peak_n = INFINITY, sustained_n = INFINITY;

	for (int anywhere = 0; anywhere < 2 && isinf(peak_n); anywhere++) {
		for (size_t i = 0; i < chair->n_reaches; i++) {
			const struct trace_reach *reach = &chair->reaches[i];

			if (reach->actuator != (int)actuator)
				continue;
			if (!anywhere && !isnan(position_mm) &&
				(position_mm < reach->from_mm || position_mm > reach->to_mm))
				continue;
			peak_n = fmin(peak_n, reach->peak_n);
			sustained_n = fmin(sustained_n, reach->sustained_n);
		}
	}
	*ret_peak_n = isinf(peak_n) ? 0 : peak_n;
	*ret_sustained_n = isinf(sustained_n) ? 0 : sustained_n;
}

static bool judge(struct person_check *check, size_t actuator, enum person_rule rule, bool is,
	double value, double allowed)
{
	int64_t *since_us = &check->by[actuator].since_us[rule];
	const char *unit = rule == PERSON_HOT ? "degrees"
		: rule == PERSON_WIDTH        ? "per mille of a turn"
					      : "N";

	if (!is) {
		*since_us = INT64_MAX;
		return false;
	}
	if (*since_us == INT64_MAX)
		*since_us = check->now_us;
	if (check->now_us - *since_us <= lasts_us[rule] || check->by[actuator].seen[rule])
		return false;
	check->by[actuator].seen[rule] = true;
	if (check->n++ == 0)
		snprintf(check->first, sizeof(check->first), "%.3f s: %s: %.1f %s %s (%.1f %s)",
			(double)check->now_us / 1e6, check->chair->actuators[actuator].name, value,
			unit, rule_names[rule], allowed, unit);
	return true;
}

void person_check_time(struct person_check *check, int64_t now_us)
{
	check->now_us = now_us;
}

bool person_check_force(struct person_check *check, size_t actuator, double force_n,
	double position_mm, bool reported)
{
	double *mean_n = &check->by[actuator].mean_n, peak_n, sustained_n;
	int64_t *mean_us = &check->by[actuator].mean_us;
	double dt_s = (double)(check->now_us - *mean_us) / 1e6;
	double margin_n = check->wrong_sensors >> actuator & 1
		? check->chair->actuators[actuator].margin_n
		: 0;
	bool news = false;

	*mean_us = check->now_us;
	*mean_n += (force_n - *mean_n) * dt_s / (MEAN_S + dt_s);
	check->highest_n = fmax(check->highest_n, force_n);
	ceiling(check->chair, actuator, position_mm, &peak_n, &sustained_n);
	news |= judge(check, actuator, PERSON_PEAK,
		force_n > fmax(SLACK * (peak_n + margin_n), SMALL_N), force_n, peak_n);
	news |= judge(check, actuator, PERSON_SUSTAINED,
		*mean_n > fmax(SLACK * (sustained_n + margin_n), SMALL_N), *mean_n, sustained_n);
	news |= judge(check, actuator, PERSON_UNREPORTED,
		force_n > PERSON_UNREPORTED_N && !reported, force_n, PERSON_UNREPORTED_N);
	return news;
}

bool person_check_heat(struct person_check *check, size_t actuator, double temperature_c)
{
	double cutoff_c = check->chair->actuators[actuator].cutoff_c;

	return judge(check, actuator, PERSON_HOT, temperature_c > cutoff_c + SLACK_C, temperature_c,
		cutoff_c);
}

// The contacts of the simulated chair are a quarter of a turn apart (hal/README.md), and closed 30
// per mille to both sides; the motor coasts a little.
#define QUARTER_TURN      250.0
#define AT_CONTACT_WITHIN 40.0

bool person_check_width(struct person_check *check, size_t actuator, double turn_permille,
	bool there)
{
	double apart = fabs(remainder(turn_permille, QUARTER_TURN));

	return judge(check, actuator, PERSON_WIDTH, there && apart > AT_CONTACT_WITHIN, apart,
		AT_CONTACT_WITHIN);
}
