// SPDX-License-Identifier: MIT
#include "control/command_json.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/problems.h"
#include "config/utf8.h"
#include "control/payload.h"
#include "control/verb_table.h"

static void json_decref_cleanup(json_t **json)
{
	json_decref(*json);
}

#define json_auto __attribute__((cleanup(json_decref_cleanup))) json_t

void request_error_set(struct request_error *refused, const char *code, const char *hint,
	const char *format, ...)
{
	va_list args;

	refused->code = code;
	snprintf(refused->hint, sizeof(refused->hint), "%s", hint ? hint : "");
	va_start(args, format);
	vsnprintf(refused->message, sizeof(refused->message), format, args);
	va_end(args);
	utf8_drop_incomplete(refused->hint);
	utf8_drop_incomplete(refused->message);
}

// --- before parsing ---------------------------------------------------------------------------

static int check_bytes(const char *verb, const void *bytes, size_t size,
	struct request_error *refused)
{
	bool has_text = !strcmp(verb, "check") || !strcmp(verb, "put") || !strcmp(verb, "try");
	size_t limit = has_text ? REQUEST_TEXT_MAX : REQUEST_BYTES_MAX;

	if (size > limit) {
		request_error_set(refused, "too-long", NULL,
			"payload: %zu bytes are too many (at most %zu)", size, limit);
		return -EINVAL;
	}
	switch (payload_check(bytes, size)) {
	case PAYLOAD_OK:
		return 0;
	case PAYLOAD_NUL:
		request_error_set(refused, "encoding", "UTF-16 is not allowed: send it as UTF-8",
			"payload: contains a NUL byte (UTF-8 without NUL is allowed)");
		break;
	case PAYLOAD_NOT_UTF8:
		request_error_set(refused, "encoding", "send it as UTF-8",
			"payload: is not UTF-8 (UTF-8 without NUL is allowed)");
		break;
	case PAYLOAD_TOO_DEEP:
		request_error_set(refused, "too-deep", NULL,
			"payload: brackets are nested too deep (at most %d)", PAYLOAD_DEPTH_MAX);
		break;
	}
	return -EINVAL;
}

static int parse_bytes(const void *bytes, size_t size, json_t **ret_root,
	struct request_error *refused)
{
	const size_t n_mark = size >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3) ? 3 : 0;
	json_error_t error;
	json_t *root;

	bytes = (const char *)bytes + n_mark; // a byte order mark does no harm
	size -= n_mark;
	root = size ? json_loadb(bytes, size, JSON_REJECT_DUPLICATES, &error) : json_object();

	if (!root && size && json_error_code(&error) == json_error_out_of_memory)
		return -ENOMEM;
	if (!root && !size)
		return -ENOMEM;
	if (!root) {
		// The parser's own text quotes the payload, perhaps cut within a character: give
		// only the position.
		request_error_set(refused, "json", "the payload is {\"id\": ..., \"args\": {...}}",
			json_error_code(&error) == json_error_duplicate_key
				? "payload: a key occurs twice (line %d, column %d)"
				: json_error_code(&error) == json_error_numeric_overflow
				? "payload: a number is not finite or too large "
				  "(line %d, column %d)"
				: "payload: is not JSON (line %d, column %d)",
			error.line, error.column);
		return -EINVAL;
	}
	if (!json_is_object(root)) {
		json_decref(root);
		request_error_set(refused, "json", "the payload is {\"id\": ..., \"args\": {...}}",
			"payload: must be an object");
		return -EINVAL;
	}
	*ret_root = root;
	return 0;
}

// --- the envelope -----------------------------------------------------------------------------

static int parse_id(const json_t *id, char ret_id[REQUEST_ID_SIZE], struct request_error *refused)
{
	const char *text = json_string_value(id);

	if (!id)
		return 0;
	if (json_is_integer(id)) {
		snprintf(ret_id, REQUEST_ID_SIZE, "%lld", (long long)json_integer_value(id));
		return 0;
	}
	if (text && *text && json_string_length(id) <= 64) {
		while (*text >= ' ' && *text <= '~' && *text != '"' && *text != '\\')
			text++;
		if (!*text) {
			snprintf(ret_id, REQUEST_ID_SIZE, "\"%s\"", json_string_value(id));
			return 0;
		}
	}
	request_error_set(refused, "range", NULL,
		"id: must be a whole number or 1 ... 64 printable ASCII "
		"characters without \" and \\");
	return -EINVAL;
}

// Refuse an unknown key: quote it if it is short, and suggest the closest known one.
static void refuse_key(const char *prefix, const char *key, const char *const known[], size_t n,
	struct request_error *refused)
{
	const char *meant = suggest(key, known, n);
	char list[100] = "";

	for (size_t i = 0; i < n; i++) {
		size_t used = strlen(list);

		snprintf(list + used, sizeof(list) - used, "%s%s", i ? ", " : "", known[i]);
	}
	if (strlen(key) > NAME_SIZE)
		key = "(a long key)";
	request_error_set(refused, "key", NULL, "%s%s: unknown key (allowed: %s)", prefix, key,
		n ? list : "none");
	if (meant)
		snprintf(refused->hint, sizeof(refused->hint), "did you mean %s?", meant);
}

static const struct verb_argument *argument_find(const char *verb, const char *key)
{
	for (size_t i = 0; i < VERB_ARGUMENTS; i++) {
		if (!strcmp(verb_arguments[i].verb, verb) && !strcmp(verb_arguments[i].key, key))
			return &verb_arguments[i];
	}
	return NULL;
}

// A key of the envelope that does not exist. Perhaps it was meant as an argument.
static void refuse_envelope_key(const char *verb, const char *key, struct request_error *refused)
{
	static const char *const known[] = { "id", "args" };

	refuse_key("", key, known, 2, refused);
	if (argument_find(verb, key))
		snprintf(refused->hint, sizeof(refused->hint),
			"arguments go into args: {\"args\":{\"%s\": ...}}", key);
}

static int parse_envelope(const char *verb, json_t *root, char ret_id[REQUEST_ID_SIZE],
	json_t **ret_args, struct request_error *refused)
{
	json_t *args = json_object_get(root, "args");
	const char *key;
	json_t *value;
	int r = parse_id(json_object_get(root, "id"), ret_id, refused);

	if (r < 0)
		return r;
	json_object_foreach(root, key, value)
	{
		if (strcmp(key, "id") && strcmp(key, "args")) {
			refuse_envelope_key(verb, key, refused);
			return -EINVAL;
		}
	}
	if (args && !json_is_object(args)) {
		request_error_set(refused, "type", NULL, "args: must be an object");
		return -EINVAL;
	}
	*ret_args = args;
	return 0;
}

// What an unknown verb may have been meant as, and which there are.
static void refuse_verb(const char *verb, struct request_error *refused)
{
	const char *known[REQUEST_VERBS], *meant;
	char list[220] = "";

	for (int i = 0; i < REQUEST_VERBS; i++) {
		size_t used = strlen(list);

		known[i] = verb_name(i);
		snprintf(list + used, sizeof(list) - used, "%s%s", i ? ", " : "", known[i]);
	}
	meant = suggest(verb, known, REQUEST_VERBS);
	request_error_set(refused, "verb",
		"request/help answers with the verbs and their arguments",
		"request: unknown verb (allowed: %s)", list);
	if (meant)
		snprintf(refused->hint, sizeof(refused->hint), "did you mean request/%s?", meant);
}

static int choose_verb(const char *verb, struct request *request, struct request_error *refused)
{
	int index = request_verb_index(verb);

	if (index < 0) {
		refuse_verb(verb, refused);
		return -EINVAL;
	}
	request->kind = verb_kind(index);
	if (request->kind == REQUEST_COMMAND)
		request->command.verb = (enum command_verb)index;
	return 0;
}

// --- the arguments ----------------------------------------------------------------------------

static int parse_argument(const struct verb_argument *argument, const json_t *value,
	struct verb_values *values, struct request_error *refused)
{
	void *field = (char *)values + argument->offset;
	double number = json_number_value(value);

	if (!argument->unit) {
		if (!json_is_string(value) || !json_string_length(value) ||
			json_string_length(value) > (size_t)argument->size_max) {
			request_error_set(refused, "range", NULL,
				"args.%s: must be a string of 1 ... %d bytes", argument->key,
				argument->size_max);
			return -EINVAL;
		}
		*(const char **)field = json_string_value(value);
		return 0;
	}
	if (!json_is_number(value) || !isfinite(number) || number < argument->min ||
		number > argument->max) {
		request_error_set(refused, "range",
			json_is_string(value)
				? "a number has no quotes, no unit and a decimal point"
				: NULL,
			"args.%s: must be a number in %.10g ... %.10g %s", argument->key,
			argument->min, argument->max, argument->unit);
		return -EINVAL;
	}
	*(double *)field = number;
	return 0;
}

static int parse_arguments(const char *verb, json_t *args, struct verb_values *values,
	struct request_error *refused)
{
	const char *known[VERB_ARGUMENTS];
	size_t n_known = 0;
	const char *key;
	json_t *value;

	for (size_t i = 0; i < VERB_ARGUMENTS; i++) {
		if (!strcmp(verb_arguments[i].verb, verb))
			known[n_known++] = verb_arguments[i].key;
	}
	json_object_foreach(args, key, value)
	{
		const struct verb_argument *argument = argument_find(verb, key);
		int r;

		if (!argument) {
			refuse_key("args.", key, known, n_known, refused);
			return -EINVAL;
		}
		r = parse_argument(argument, value, values, refused);
		if (r < 0)
			return r;
	}
	for (size_t i = 0; i < n_known; i++) {
		const struct verb_argument *argument = argument_find(verb, known[i]);

		if (!argument->required || json_object_get(args, argument->key))
			continue;
		if (argument->unit)
			request_error_set(refused, "missing", NULL,
				"args.%s: is missing (a number in %.10g ... %.10g %s)",
				argument->key, argument->min, argument->max, argument->unit);
		else
			request_error_set(refused, "missing", NULL,
				"args.%s: is missing (a string of 1 ... %d bytes)", argument->key,
				argument->size_max);
		return -EINVAL;
	}
	return 0;
}

// --- the meaning ------------------------------------------------------------------------------

// A duration in the unit that people would use: "7.0 s", "12 minutes", "6 years".
static void format_age(double age_s, char text[32])
{
	static const struct {
		double below_s, unit_s;
		const char *name;
	} units[] = {
		{ 2 * 3600, 60, "minutes" },
		{ 2 * 86400, 3600, "hours" },
		{ 730 * 86400, 86400, "days" },
		{ INFINITY, 365.25 * 86400, "years" },
	};
	size_t i = 0;

	if (age_s < 120) {
		snprintf(text, 32, "%.1f s", age_s);
		return;
	}
	while (age_s >= units[i].below_s)
		i++;
	snprintf(text, 32, "%.0f %s", age_s / units[i].unit_s, units[i].name);
}

static int check_ts(double ts_s, double now_s, struct request_error *refused)
{
	double age_s = now_s - ts_s;
	char age[32];

	if (isnan(ts_s) || fabs(age_s) <= START_AGE_MAX_S)
		return 0;
	format_age(fabs(age_s), age);
	request_error_set(refused, "stale",
		age_s > 120         ? "send it again; if that does not help, the two clocks differ"
			: age_s > 0 ? "send it again"
				    : "the two clocks differ",
		"args.ts: is %s %s (at most %.0f s)", age, age_s > 0 ? "old" : "in the future",
		START_AGE_MAX_S);
	return -EINVAL;
}

static int fill_feedback(const char *name, enum feedback *ret, struct request_error *refused)
{
	if (feedback_parse(name, ret))
		return 0;
	request_error_set(refused, "range", NULL, "args.feedback: must be less, ok, eased or more");
	return -EINVAL;
}

static int fill_actuator(const struct chair *chair, const char *name, int *ret,
	struct request_error *refused)
{
	const char *known[CHAIR_ACTUATORS_MAX];
	const char *meant;
	int actuator = chair_find_actuator(chair, name);

	if (actuator >= 0) {
		*ret = actuator;
		return 0;
	}
	for (size_t i = 0; i < chair->n_actuators; i++)
		known[i] = chair->actuators[i].name;
	meant = suggest(name, known, chair->n_actuators);
	request_error_set(refused, "actuator", "the actuators are listed in the topic info",
		"args.actuator: is not an actuator of this chair");
	if (meant)
		snprintf(refused->hint, sizeof(refused->hint), "did you mean %s?", meant);
	return -EINVAL;
}

static int fill_request(const struct chair *chair, const struct verb_values *values, double now_s,
	struct request *request, struct request_error *refused)
{
	struct command *command = &request->command;
	int r = 0;

	command->intensity_percent = values->intensity;
	command->lease_us = isnan(values->lease_s) ? 0 : llround(values->lease_s * US_PER_S);
	command->drive_permille = isnan(values->drive_permille)
		? 0
		: (int)lround(values->drive_permille);
	command->heartbeat_us = isnan(values->heartbeat_ms)
		? 0
		: llround(values->heartbeat_ms * US_PER_MS);
	command->actuator = -1;
	request->ts_s = values->ts;
	request->days = isnan(values->days) ? 1 : (int)values->days;
	r = check_ts(values->ts, now_s, refused);
	if (r == 0 && values->feedback)
		r = fill_feedback(values->feedback, &command->feedback, refused);
	if (r == 0 && values->actuator)
		r = fill_actuator(chair, values->actuator, &command->actuator, refused);
	if (r < 0)
		return r;
	if (values->profile)
		snprintf(request->profile, sizeof(request->profile), "%s", values->profile);
	if (values->person)
		snprintf(request->person, sizeof(request->person), "%s", values->person);
	if (values->text) {
		request->text = strdup(values->text);
		if (!request->text)
			return -ENOMEM;
	}
	return 0;
}

int request_parse(const struct chair *chair, const char *verb, const void *bytes, size_t size,
	double now_s, struct request *ret_request, char ret_id[REQUEST_ID_SIZE],
	struct request_error *ret_error)
{
	struct verb_values values = { .intensity = NAN,
		.lease_s = NAN,
		.ts = NAN,
		.drive_permille = NAN,
		.heartbeat_ms = NAN,
		.days = NAN };
	struct request request = { 0 };
	json_auto *root = NULL;
	json_t *args;
	int r;

	strcpy(ret_id, "null");
	r = check_bytes(verb, bytes, size, ret_error);
	if (r == 0)
		r = parse_bytes(bytes, size, &root, ret_error);
	if (r == 0)
		r = parse_envelope(verb, root, ret_id, &args, ret_error);
	if (r == 0)
		r = choose_verb(verb, &request, ret_error);
	if (r == 0)
		r = parse_arguments(verb, args, &values, ret_error);
	if (r == 0)
		r = fill_request(chair, &values, now_s, &request, ret_error);
	if (r == 0)
		*ret_request = request;
	return r;
}

void request_clear(struct request *request)
{
	free(request->text);
	request->text = NULL;
}
