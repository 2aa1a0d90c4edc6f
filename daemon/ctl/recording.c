// SPDX-License-Identifier: MIT
#include "ctl/recording.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

int recording_add(struct recording *recording, const struct sample *sample)
{
	if (recording->n && recording->samples[recording->n - 1].t_us >= sample->t_us) {
		recording->samples[recording->n - 1] = *sample;
		return 0;
	}
	if (recording->n == recording->capacity) {
		size_t capacity = recording->capacity ? 2 * recording->capacity : 1024;
		struct sample *samples = realloc(recording->samples, capacity * sizeof(*samples));

		if (!samples)
			return -ENOMEM;
		recording->samples = samples;
		recording->capacity = capacity;
	}
	recording->samples[recording->n++] = *sample;
	return 0;
}

void recording_clear(struct recording *recording)
{
	free(recording->samples);
	*recording = (struct recording){ 0 };
}

// The least that its points bear: a sensitive one less than its region. INFINITY: no point.
static double points_sustained_n(const struct recording *recording, const struct sample *sample)
{
	double least_n = INFINITY;

	for (int i = 0; i < 2; i++) {
		if (sample->points[i] >= 0)
			least_n = fmin(least_n,
				point_sustained_n(&recording->atlas->points[sample->points[i]]));
	}
	return least_n;
}

void recording_set_ceilings(const struct recording *recording, struct sample *sample)
{
	const struct actuator *actuator;
	struct region_ceiling ceiling;

	sample->peak_n = sample->sustained_n = NAN;
	if (sample->actuator < 0)
		return;
	actuator = &recording->chair->actuators[sample->actuator];
	if (!actuator_presses(actuator->kind))
		return;
	if (actuator->carriage >= 0 && isnan(sample->by[actuator->carriage].position))
		return;
	ceiling = chair_ceiling(recording->chair, sample->actuator,
		actuator->carriage < 0 ? 0 : sample->by[actuator->carriage].position);
	sample->peak_n = (float)ceiling.peak_n;
	sample->sustained_n = (float)fmin(ceiling.sustained_n,
		points_sustained_n(recording, sample));
}

const char *recorded_position_unit(enum actuator_kind kind)
{
	if (kind == ACTUATOR_TRAVEL)
		return "mm";
	return actuator_is_posture(kind) ? "permille" : NULL;
}

double recorded_force_n(const struct actuator *actuator, double drive_permille, bool measured,
	double force_n)
{
	if (!actuator_presses(actuator->kind))
		return NAN;
	if (measured)
		return fmax(force_n, 0);
	return calibration_force_n(&actuator->calibration, fmax(drive_permille, 0));
}

double recorded_lung(double t_s, double inhale_s, double exhale_s)
{
	if (!(inhale_s > 0 && exhale_s > 0) || isnan(t_s)) // nor NAN
		return NAN;
	t_s -= (inhale_s + exhale_s) * floor(t_s / (inhale_s + exhale_s));
	return t_s < exhale_s ? 1 - t_s / exhale_s : (t_s - exhale_s) / inhale_s;
}

static bool presses(enum session_phase phase)
{
	return phase == SESSION_PRESS || phase == SESSION_HOLD || phase == SESSION_STROKE ||
		phase == SESSION_KNEAD || phase == SESSION_TAP || phase == SESSION_RELEASE;
}

// The rollers roll: the carriage works alone.
static bool rolls(const struct recording *recording, const struct sample *sample)
{
	return recording->chair->actuators[sample->actuator].kind == ACTUATOR_TRAVEL;
}

static bool is_press(const struct recording *recording, const struct sample *sample)
{
	return presses(sample->phase) && sample->actuator >= 0 && !rolls(recording, sample);
}

bool recording_next_press(const struct recording *recording, size_t *index, struct press *ret)
{
	const struct sample *samples = recording->samples;
	size_t i = *index;

	while (i < recording->n && !is_press(recording, &samples[i]))
		i++;
	if (i == recording->n) {
		*index = i;
		return false;
	}
	ret->from = i;
	while (i < recording->n && presses(samples[i].phase) &&
		samples[i].segment == samples[ret->from].segment)
		i++;
	ret->to = i - 1;
	*index = i;
	return true;
}

bool site_is_at(const struct site *site, const struct sample *sample)
{
	return site->points[0] == sample->points[0] && site->points[1] == sample->points[1] &&
		site->unit == sample->unit;
}

static struct site *find_site(struct site *sites, size_t *n, const struct sample *sample)
{
	for (size_t i = 0; i < *n; i++) {
		if (site_is_at(&sites[i], sample))
			return &sites[i];
	}
	if (*n == RECORDING_SITES_MAX)
		return NULL;
	sites[*n] = (struct site){
		.points = { sample->points[0], sample->points[1] },
		.actuator = sample->actuator,
		.unit = sample->unit,
		.felt_peak_n = NAN,
		.peak_ceiling_n = NAN,
		.sustained_ceiling_n = NAN,
	};
	return &sites[(*n)++];
}

static void add_delivered(struct delivered *delivered, double force_n, double dt_s)
{
	if (!(force_n >= RECORDING_PRESSED_N)) // nor NAN
		return;
	delivered->seconds += dt_s;
	delivered->newton_s += force_n * dt_s;
	delivered->peak_n = fmax(delivered->peak_n, force_n);
}

static void add_sample(struct site *site, const struct sample *sample, double dt_s)
{
	const struct recorded_actuator *by = &sample->by[sample->actuator];

	site->target = fmax(site->target, sample->target);
	site->driven_s += sample->target > 0 ? dt_s : 0;
	site->felt_peak_n = fmax(site->felt_peak_n, by->felt_n); // NAN is no value for fmax()
	site->peak_ceiling_n = fmin(site->peak_ceiling_n, sample->peak_n);
	site->sustained_ceiling_n = fmin(site->sustained_ceiling_n, sample->sustained_n);
	add_delivered(&site->delivered, by->delivered_n, dt_s);
}

size_t recording_sites(const struct recording *recording, struct site sites[RECORDING_SITES_MAX])
{
	const struct sample *samples = recording->samples;
	struct press press;
	size_t n = 0;

	for (size_t index = 0; recording_next_press(recording, &index, &press);) {
		struct site *site = find_site(sites, &n, &samples[press.from]);

		if (!site)
			break;
		site->n_presses++;
		for (size_t i = press.from; i <= press.to && i + 1 < recording->n; i++)
			add_sample(site, &samples[i],
				(double)(samples[i + 1].t_us - samples[i].t_us) / US_PER_S);
	}
	return n;
}

void recording_beside(const struct recording *recording,
	struct delivered ret_beside[CHAIR_ACTUATORS_MAX])
{
	const struct sample *sample = recording->samples;

	memset(ret_beside, 0, CHAIR_ACTUATORS_MAX * sizeof(*ret_beside));
	for (size_t n = 1; n < recording->n; n++, sample++) {
		double dt_s = (double)(sample[1].t_us - sample->t_us) / US_PER_S;

		if (!presses(sample->phase))
			continue;
		for (int i = 0; i < (int)recording->chair->n_actuators; i++) {
			if (i != sample->actuator)
				add_delivered(&ret_beside[i], sample->by[i].delivered_n, dt_s);
		}
	}
}

char *recording_label(const struct recording *recording, const int16_t points[2],
	char buf[LABEL_SIZE])
{
	const struct point *atlas = recording->atlas->points;

	buf[0] = '\0';
	if (points[0] >= 0)
		table_label(buf, atlas[points[0]].name,
			points[1] >= 0 ? atlas[points[1]].name : NULL);
	return buf;
}

int64_t recording_start_us(const struct recording *recording)
{
	return recording->n ? recording->samples[0].t_us : 0;
}

double recording_seconds(const struct recording *recording)
{
	int64_t end_us = recording->n ? recording->samples[recording->n - 1].t_us : 0;

	return (double)(end_us - recording_start_us(recording)) / US_PER_S;
}
