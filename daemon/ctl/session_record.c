// SPDX-License-Identifier: MIT
#include "ctl/session_record.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "ctl/view.h"

int session_record_write(FILE *stream, double t_s, const struct broker_message *message)
{
	json_t *payload = json_loadb(message->payload, message->size, JSON_DECODE_ANY, NULL);
	json_auto_t *line = NULL;

	if (!payload && message->size > 0)
		payload = json_stringn(message->payload, message->size);
	line = json_pack("{s:f, s:s, s:o?}", "t_s", t_s, "topic", message->topic, "payload",
		payload);
	if (!line || json_dumpf(line, stream, JSON_COMPACT | JSON_REAL_PRECISION(9)) < 0 ||
		fputc('\n', stream) == EOF || fflush(stream) == EOF)
		return -EIO;
	return 0;
}

// --- reading ----------------------------------------------------------------------------------

// The last values of each topic.
struct reader {
	struct recording *recording;
	struct session_record *record;
	struct sample sample;
	double inhale_s, exhale_s, origin_s; // of the breath, on the guard's clock
};

static double number(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_number(value) ? json_number_value(value) : NAN;
}

static enum session_phase find_phase(const char *name)
{
	for (int phase = 0; phase < SESSION_PHASE_COUNT; phase++) {
		if (strcmp(session_phase_name((enum session_phase)phase), name) == 0)
			return (enum session_phase)phase;
	}
	return SESSION_IDLE;
}

static int16_t find_point(struct reader *reader, const char *name)
{
	int point = name ? atlas_find_point(reader->recording->atlas, name) : -1;

	reader->record->n_unknown_points += name && point < 0;
	return (int16_t)point;
}

static void read_state(struct reader *reader, const json_t *state)
{
	const struct chair *chair = reader->recording->chair;
	const json_t *points = json_object_get(state, "points");
	const json_t *pressed = json_object_get(state, "pressed");
	struct sample *sample = &reader->sample;
	char word[NAME_SIZE];

	sample->phase = find_phase(view_word(state, "phase", "idle", word));
	for (size_t i = 0; i < 2; i++)
		sample->points[i] = find_point(reader,
			json_string_value(json_array_get(points, i)));
	sample->actuator = (int8_t)chair_find_actuator(chair,
		view_word(state, "actuator", "", word));
	sample->segment = (uint16_t)clamp_double(fmax(number(state, "step"), 0), 0,
		PLAN_SEGMENTS_MAX);
	sample->pressed = 0;
	for (size_t i = 0; i < json_array_size(pressed); i++) {
		int actuator = chair_find_actuator(chair,
			view_word(json_array_get(pressed, i), "actuator", "", word));

		sample->pressed |= actuator < 0 ? 0 : UINT32_C(1) << actuator;
	}
	if (*view_word(state, "profile", "", word))
		snprintf(reader->recording->title, TITLE_SIZE, "%s", word);
}

static void read_target(struct reader *reader, const json_t *target)
{
	const json_t *breath = json_object_get(target, "breath");
	char unit[NAME_SIZE];

	reader->sample.target = (float)fmax(number(target, "value"), 0);
	reader->sample.unit = strcmp(view_word(target, "unit", "N", unit), "permille") == 0
		? TARGET_PERMILLE
		: TARGET_NEWTON;
	reader->inhale_s = number(breath, "inhale_s");
	reader->exhale_s = number(breath, "exhale_s");
	reader->origin_s = number(breath, "t_ms") / 1000 + number(breath, "origin_s");
}

static void read_event(struct reader *reader, const json_t *event)
{
	char type[NAME_SIZE];

	view_word(event, "event_type", "", type);
	if (strcmp(type, "completed") && strcmp(type, "aborted") && strcmp(type, "tripped"))
		return;
	memcpy(reader->record->ended, type, sizeof(type));
	view_word(event, "cause", "", reader->record->why);
	if (!*reader->record->why || strcmp(reader->record->why, "guard") == 0)
		view_word(event, "reason", reader->record->why, reader->record->why);
}

static struct recorded_actuator read_actuator(const struct actuator *actuator, const json_t *values)
{
	double drive = number(values, "drive_permille"), force_n = number(values, "force_n");

	const char *unit = recorded_position_unit(actuator->kind);
	char key[NAME_SIZE];

	snprintf(key, sizeof(key), "position_%s", unit ? unit : "");
	return (struct recorded_actuator){
		.drive_permille = (float)drive,
		.delivered_n = (float)recorded_force_n(actuator, drive, !isnan(force_n), force_n),
		.felt_n = NAN,
		.position = unit ? (float)number(values, key) : NAN,
	};
}

static int read_telemetry(struct reader *reader, const json_t *telemetry)
{
	const struct chair *chair = reader->recording->chair;
	const json_t *actuators = json_object_get(telemetry, "actuators");
	double t_ms = number(telemetry, "t_ms");

	if (!(t_ms >= 0))
		return 0;
	reader->sample.t_us = (int64_t)(t_ms * US_PER_MS);
	reader->sample.lung = (float)recorded_lung(t_ms / 1000 - reader->origin_s, reader->inhale_s,
		reader->exhale_s);
	for (size_t i = 0; i < chair->n_actuators; i++)
		reader->sample.by[i] = read_actuator(&chair->actuators[i],
			json_object_get(actuators, chair->actuators[i].name));
	recording_set_ceilings(reader->recording, &reader->sample);
	return recording_add(reader->recording, &reader->sample);
}

static int read_message(struct reader *reader, const char *text)
{
	json_auto_t *line = json_loads(text, 0, NULL);
	const char *topic = json_string_value(json_object_get(line, "topic"));
	const json_t *payload = json_object_get(line, "payload");

	if (!topic || !payload)
		return -EINVAL;
	reader->record->n_messages++;
	if (strcmp(topic, "state") == 0)
		read_state(reader, payload);
	else if (strcmp(topic, "target") == 0)
		read_target(reader, payload);
	else if (strcmp(topic, "event") == 0)
		read_event(reader, payload);
	else if (strcmp(topic, "telemetry") == 0)
		return read_telemetry(reader, payload);
	return 0;
}

int session_record_read(FILE *stream, struct recording *recording,
	struct session_record *ret_record, int *ret_line)
{
	struct reader reader = { .recording = recording,
		.record = ret_record,
		.sample = { .points = { -1, -1 }, .actuator = -1 },
		.inhale_s = NAN };
	char *text = NULL;
	size_t size = 0;
	int r = 0;

	*ret_record = (struct session_record){ 0 };
	for (*ret_line = 1; r == 0 && getline(&text, &size, stream) > 0; ++*ret_line)
		r = read_message(&reader, text);
	--*ret_line;
	free(text);
	return r;
}
