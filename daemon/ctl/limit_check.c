// SPDX-License-Identifier: MIT
#include "ctl/limit_check.h"

#include <math.h>
#include <stdarg.h>

#include "core/zone.h"

#define TEXT_INDENT 16

#define DRIVE_SLACK_PERMILLE 30
#define LATE_US              (300 * US_PER_MS) // ticks that are late, but too little for a trip
#define MEAN_S               3.0
#define MEAN_SLACK           1.1
#define NOISE_N              3.0
#define POSITION_SLACK_MM    10.0

static void __attribute__((format(printf, 4, 5))) find(struct limit_report *report,
	const char *rule, int64_t t_us, const char *format, ...)
{
	va_list args;

	if (report->n++ >= LIMIT_FINDINGS_MAX)
		return;
	report->list[report->n - 1].rule = rule;
	report->list[report->n - 1].t_us = t_us;
	va_start(args, format);
	vsnprintf(report->list[report->n - 1].text, sizeof(report->list->text), format, args);
	va_end(args);
}

// --- pins -------------------------------------------------------------------------------------

static void check_drive(const struct pin_trace *pins, int actuator, struct limit_report *report)
{
	const struct actuator *config = &pins->chair->actuators[actuator];

	for (size_t i = 0; i < pins->n_windows; i++) {
		double drive = fabs(pin_trace_drive(pins, actuator, i));

		if (drive > config->drive_max_permille + DRIVE_SLACK_PERMILLE) {
			find(report, "drive", (int64_t)i * PIN_WINDOW_US,
				"%s: %.0f per mille, %d allowed", config->name, drive,
				config->drive_max_permille);
			return; // the rest of it is the same
		}
	}
}

static void check_line(const struct pin_trace *pins, size_t line, struct limit_report *report)
{
	const struct line *config = &pins->chair->lines[line];
	const struct signal *on = &pins->lines[line].on;
	int64_t max_us;

	if (config->actuator < 0)
		return;
	max_us = actuator_on_max_us(&pins->chair->actuators[config->actuator]);
	for (size_t i = 0; max_us != TIME_NEVER && i < on->n; i++) {
		int64_t length_us = on->spans[i].to_us - on->spans[i].from_us;

		if (length_us > max_us + LATE_US)
			find(report, "on-time", on->spans[i].from_us,
				"%s.%s on for %.1f s, %.1f s allowed",
				pins->chair->actuators[config->actuator].name,
				line_role_name(config->role), (double)length_us / US_PER_S,
				(double)max_us / US_PER_S);
	}
}

static void check_pins(const struct pin_trace *pins, struct limit_report *report)
{
	for (size_t i = 0; i < pins->chair->n_actuators; i++)
		check_drive(pins, (int)i, report);
	for (size_t i = 0; i < pins->chair->n_lines; i++)
		check_line(pins, i, report);
}

// --- samples ----------------------------------------------------------------------------------

static double place_mm(const struct recording *recording, const struct sample *sample, int actuator)
{
	int carriage = recording->chair->actuators[actuator].carriage;

	return carriage < 0 ? NAN : sample->by[carriage].position;
}

static bool is_pressed(const struct sample *sample, int actuator)
{
	return sample->pressed >> actuator & 1;
}

// The first sample at which it is reported as released: before that nothing is known of it.
static size_t first_released(const struct recording *recording, int actuator)
{
	size_t i = 0;

	while (i < recording->n && is_pressed(&recording->samples[i], actuator))
		i++;
	return i;
}

static void check_force(const struct recording *recording, int actuator,
	struct limit_report *report)
{
	const struct actuator *config = &recording->chair->actuators[actuator];
	bool above = false, above_mean = false, before = false;
	double mean_n = 0;

	for (size_t i = 1; i < recording->n; i++) {
		const struct sample *sample = &recording->samples[i];
		double dt_s = (double)(sample->t_us - sample[-1].t_us) / US_PER_S;
		double force_n = fmax(sample->by[actuator].delivered_n, 0); // NAN: 0
		struct region_ceiling ceiling = chair_ceiling(recording->chair, actuator,
			place_mm(recording, sample, actuator));
		bool now = force_n > fmax(ceiling.peak_n, NOISE_N);

		mean_n += (force_n - mean_n) * dt_s / (MEAN_S + dt_s);
		if (now && before && !above)
			find(report, "force", sample->t_us, "%s: %.1f N, a peak of %.1f N allowed",
				config->name, force_n, ceiling.peak_n);
		above |= now && before;
		before = now;
		if (mean_n > fmax(MEAN_SLACK * ceiling.sustained_n, NOISE_N) && !above_mean) {
			find(report, "force", sample->t_us,
				"%s: %.1f N in the mean of 3 s, %.1f N allowed", config->name,
				mean_n, ceiling.sustained_n);
			above_mean = true;
		}
	}
}

static void check_pressed(const struct recording *recording, int actuator,
	struct limit_report *report)
{
	const struct actuator *config = &recording->chair->actuators[actuator];
	int64_t max_us = actuator_on_max_us(config);
	int64_t since_us = -1;

	for (size_t i = first_released(recording, actuator); i < recording->n; i++) {
		const struct sample *sample = &recording->samples[i];

		if (!is_pressed(sample, actuator)) {
			since_us = -1;
		} else if (since_us < 0) {
			since_us = sample->t_us;
		} else if (sample->t_us - since_us > max_us + US_PER_S && max_us != TIME_NEVER) {
			find(report, "on-time", since_us,
				"%s reported as pressed for more than %.1f s", config->name,
				(double)max_us / US_PER_S);
			return;
		}
	}
}

// Time pressed near the place of sample `at`, in the five minutes that end there.
static int64_t spent_us(const struct recording *recording, int actuator, size_t first, size_t at)
{
	const struct sample *samples = recording->samples;
	struct zone here = zone_at(place_mm(recording, &samples[at], actuator));
	int64_t sum_us = 0;

	for (size_t i = at;
		i > first && samples[at].t_us - samples[i].t_us < DUTY_WINDOW_S * US_PER_S; i--) {
		struct zone there = zone_at(place_mm(recording, &samples[i], actuator));

		if (is_pressed(&samples[i], actuator) && zone_near(here, there, ZONE_APART_MM))
			sum_us += samples[i].t_us - samples[i - 1].t_us;
	}
	return sum_us;
}

static void check_zone(const struct recording *recording, int actuator, struct limit_report *report)
{
	const struct actuator *config = &recording->chair->actuators[actuator];
	int64_t max_us = actuator_zone_share_us(config);
	size_t first = first_released(recording, actuator);

	for (size_t i = first; i < recording->n && max_us != TIME_NEVER; i++) {
		if (!is_pressed(&recording->samples[i], actuator) ||
			spent_us(recording, actuator, first, i) <= max_us + 2 * US_PER_S)
			continue;
		find(report, "zone", recording->samples[i].t_us,
			"%s pressed one zone for more than %.0f s of 5 minutes", config->name,
			(double)max_us / US_PER_S);
		return;
	}
}

static void check_position(const struct recording *recording, int actuator,
	struct limit_report *report)
{
	const struct actuator *config = &recording->chair->actuators[actuator];

	for (size_t i = 0; i < recording->n; i++) {
		double mm = recording->samples[i].by[actuator].position;

		if (!(mm > config->soft_max_mm + POSITION_SLACK_MM) && !(mm < -POSITION_SLACK_MM))
			continue; // also NAN
		find(report, "position", recording->samples[i].t_us, "%s at %.0f mm, 0 ... %.0f mm",
			config->name, mm, config->soft_max_mm);
		return;
	}
}

static bool counts_as_session(enum session_phase phase)
{
	return phase != SESSION_IDLE && phase != SESSION_FAULT && phase != SESSION_PAUSED;
}

static void check_times(const struct recording *recording, struct limit_report *report)
{
	int64_t session_us = 0, hold_us = 0;

	for (size_t i = 1; i < recording->n; i++) {
		const struct sample *sample = &recording->samples[i];
		int64_t dt_us = sample->t_us - sample[-1].t_us;

		session_us = sample->phase == SESSION_IDLE ? 0
			: counts_as_session(sample->phase) ? session_us + dt_us
							   : session_us;
		if (session_us > recording->chair->session_max_s * US_PER_S + LATE_US &&
			session_us - dt_us <= recording->chair->session_max_s * US_PER_S + LATE_US)
			find(report, "session", sample->t_us, "longer than %d s",
				recording->chair->session_max_s);
		hold_us = sample->phase == SESSION_HOLD ? hold_us + dt_us : 0;
		if (hold_us > (HOLD_HARD_MAX_S + 1) * US_PER_S &&
			hold_us - dt_us <= (HOLD_HARD_MAX_S + 1) * US_PER_S)
			find(report, "hold", sample->t_us, "longer than %d s", HOLD_HARD_MAX_S);
	}
}

void limit_check(const struct recording *recording, struct limit_report *ret_report)
{
	ret_report->n = 0;
	if (recording->pins)
		check_pins(recording->pins, ret_report);
	for (size_t i = 0; i < recording->chair->n_actuators; i++) {
		enum actuator_kind kind = recording->chair->actuators[i].kind;

		if (kind == ACTUATOR_TRAVEL)
			check_position(recording, (int)i, ret_report);
		if (!actuator_presses(kind))
			continue;
		check_force(recording, (int)i, ret_report);
		check_pressed(recording, (int)i, ret_report);
		check_zone(recording, (int)i, ret_report);
	}
	check_times(recording, ret_report);
}

void limit_report_print(const struct limit_report *report, FILE *stream,
	const struct terminal *terminal)
{
	char line[400];

	for (size_t i = 0; i < report->n && i < LIMIT_FINDINGS_MAX; i++) {
		snprintf(line, sizeof(line), "%12.6f s  %s: %s\n",
			(double)report->list[i].t_us / US_PER_S, report->list[i].rule,
			report->list[i].text);
		terminal_wrap(stream, terminal, TEXT_INDENT, line);
	}
	if (report->n > LIMIT_FINDINGS_MAX)
		fprintf(stream, "... and %zu more\n", report->n - LIMIT_FINDINGS_MAX);
}
