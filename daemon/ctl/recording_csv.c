// SPDX-License-Identifier: MIT
#include "ctl/recording_csv.h"

#include <math.h>

static void put_number(FILE *stream, int decimals, double value)
{
	fputc(',', stream);
	if (!isnan(value))
		fprintf(stream, "%.*f", decimals, value);
}

static void put_header(const struct recording *recording, FILE *stream)
{
	fputs("t_s,phase,points,actuator,unit,target,delivered,felt_n,peak_n,sustained_n,lung",
		stream);
	for (size_t i = 0; i < recording->chair->n_actuators; i++) {
		const struct actuator *actuator = &recording->chair->actuators[i];

		fprintf(stream, ",%s.drive_permille", actuator->name);
		if (actuator_presses(actuator->kind))
			fprintf(stream, ",%s.delivered_n", actuator->name);
		if (actuator_presses(actuator->kind) && recording->has_felt)
			fprintf(stream, ",%s.felt_n", actuator->name);
		if (recorded_position_unit(actuator->kind))
			fprintf(stream, ",%s.position_%s", actuator->name,
				recorded_position_unit(actuator->kind));
	}
	fputs("\n", stream);
}

// What works on the points. Names are [a-z0-9._/+-]: nothing needs quotes.
static void put_work(const struct recording *recording, const struct sample *sample, FILE *stream)
{
	const struct recorded_actuator *by;
	char label[LABEL_SIZE];

	fprintf(stream, "%.3f,%s,%s",
		(double)(sample->t_us - recording_start_us(recording)) / US_PER_S,
		session_phase_name(sample->phase),
		recording_label(recording, sample->points, label));
	if (sample->actuator < 0) {
		fputs(",,,,,,,", stream);
	} else {
		by = &sample->by[sample->actuator];
		fprintf(stream, ",%s,%s", recording->chair->actuators[sample->actuator].name,
			table_unit(sample->unit));
		put_number(stream, 1, sample->target);
		put_number(stream, 1,
			sample->unit == TARGET_NEWTON ? by->delivered_n : by->drive_permille);
		put_number(stream, 1, by->felt_n);
		put_number(stream, 1, sample->peak_n);
		put_number(stream, 1, sample->sustained_n);
	}
	put_number(stream, 3, sample->lung);
}

static void put_sample(const struct recording *recording, const struct sample *sample, FILE *stream)
{
	put_work(recording, sample, stream);
	for (size_t i = 0; i < recording->chair->n_actuators; i++) {
		const struct actuator *actuator = &recording->chair->actuators[i];

		put_number(stream, 0, sample->by[i].drive_permille);
		if (actuator_presses(actuator->kind))
			put_number(stream, 1, sample->by[i].delivered_n);
		if (actuator_presses(actuator->kind) && recording->has_felt)
			put_number(stream, 1, sample->by[i].felt_n);
		if (recorded_position_unit(actuator->kind))
			put_number(stream, 1, sample->by[i].position);
	}
	fputs("\n", stream);
}

int recording_csv(const struct recording *recording, FILE *stream)
{
	put_header(recording, stream);
	for (size_t i = 0; i < recording->n; i++)
		put_sample(recording, &recording->samples[i], stream);
	return 0;
}
