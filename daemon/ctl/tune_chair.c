// SPDX-License-Identifier: MIT
#include "ctl/tune_chair.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "service/clock.h"

#define LISTEN_US     20000 // so that keys act at once
#define RENEW_US      US_PER_S
#define RENEW_TIMEOUT 0.5 // s: a key for a stop may be waiting

// --- what the chair reports -------------------------------------------------------------------

static void take_target(struct tune_chair *chair, const json_t *target)
{
	const json_t *intensity = json_object_get(target, "intensity");

	view_target(&chair->view, target);
	if (json_is_number(intensity))
		chair->intensity = json_number_value(intensity);
}

static void take_telemetry(struct tune_chair *chair, const json_t *telemetry)
{
	struct progress progress;

	view_telemetry(&chair->view, telemetry);
	progress = view_progress(&chair->view);
	if (chair->trying)
		trace_add(&chair->trace, progress.target, progress.now);
}

static void end_trial(struct tune_chair *chair, const char *how)
{
	chair->trying = false;
	snprintf(chair->ended, sizeof(chair->ended), "%s", how);
}

static void take_event(struct tune_chair *chair, const json_t *event)
{
	const char *type = "", *text = "it was aborted", *reason = "the guard has tripped";
	char how[TUNE_WHY_SIZE];

	json_unpack((json_t *)event, "{s?s, s?s, s?s}", "event_type", &type, "text", &text,
		"reason_text", &reason);
	if (!chair->trying)
		return;
	if (strcmp(type, "started") == 0)
		chair->started = true;
	if (!chair->started)
		return; // an earlier session's
	if (strcmp(type, "completed") == 0)
		end_trial(chair, "the trial is over");
	snprintf(how, sizeof(how), "the trial ended: %s",
		strcmp(type, "tripped") == 0 ? reason : text);
	if (strcmp(type, "aborted") == 0 || strcmp(type, "tripped") == 0)
		end_trial(chair, how);
}

static void take_availability(struct tune_chair *chair, const char *payload)
{
	chair->offline = strcmp(payload, "online") != 0;
	if (chair->offline && chair->trying)
		end_trial(chair, "the trial ended: the chair went offline");
}

static void on_message(void *data, const struct broker_message *message)
{
	struct tune_chair *chair = data;
	json_auto_t *payload = json_loadb(message->payload, message->size, 0, NULL);

	if (strcmp(message->topic, "state") == 0)
		view_state(&chair->view, payload);
	else if (strcmp(message->topic, "target") == 0)
		take_target(chair, payload);
	else if (strcmp(message->topic, "telemetry") == 0)
		take_telemetry(chair, payload);
	else if (strcmp(message->topic, "event") == 0)
		take_event(chair, payload);
	else if (strcmp(message->topic, "availability") == 0)
		take_availability(chair, message->payload);
}

// --- the connection ---------------------------------------------------------------------------

static int follow(struct tune_chair *chair)
{
	static const char *const topics[] = { "state", "target", "telemetry", "event", NULL };

	view_init(&chair->view);
	chair->intensity = NAN;
	return broker_follow(chair->broker, topics, on_message, chair);
}

int tune_chair_open(struct tune_chair *chair, const struct options *options, const char *person)
{
	int r;

	*chair = (struct tune_chair){ .options = options, .person = person };
	r = request_open(options, &chair->broker);
	if (r != EXIT_OK)
		return r;
	r = follow(chair);
	return r < 0 ? request_failed(options, "tune", r, NULL) : EXIT_OK;
}

static void lose(struct tune_chair *chair)
{
	chair->broker = broker_close(chair->broker);
	if (chair->trying)
		end_trial(chair, "lost the broker: the chair releases when the lease lapses");
}

static bool reconnect(struct tune_chair *chair, char why[TUNE_WHY_SIZE])
{
	struct mqtt_cause cause;

	if (broker_open(&chair->options->settings, chair->options->id, chair->options->timeout_s,
		    &chair->broker, &cause) == 0 &&
		follow(chair) == 0)
		return true;
	snprintf(why, TUNE_WHY_SIZE, "no broker: %s", chair->broker ? "lost again" : cause.text);
	lose(chair);
	return false;
}

static void explain(struct tune_chair *chair, const char *verb, int error, json_t *answer,
	char why[TUNE_WHY_SIZE])
{
	struct request_failure failure;
	bool hint;

	request_explain(chair->options, verb, error, answer, &failure);
	hint = failure.hint && *failure.hint;
	snprintf(why, TUNE_WHY_SIZE, "%s%s%s%s", failure.message, hint ? " (" : "",
		hint ? failure.hint : "", hint ? ")" : "");
}

// Send a request. The answer's data, owned by the caller; NULL, with the reason, if it is refused
// or there is none.
static json_t *ask(struct tune_chair *chair, const char *verb, json_t *args, double timeout_s,
	char why[TUNE_WHY_SIZE])
{
	json_auto_t *answer = NULL;
	json_t *data;
	int r;

	why[0] = '\0';
	if (!chair->broker && !reconnect(chair, why))
		return NULL;
	r = broker_request(chair->broker, verb, args, timeout_s, &answer);
	if (r == 0 && json_is_true(json_object_get(answer, "ok"))) {
		data = json_object_get(answer, "data");
		return data ? json_incref(data) : json_object();
	}
	explain(chair, verb, r, answer, why);
	if (r < 0 && r != -ETIMEDOUT && r != -ENOTCONN)
		lose(chair);
	return NULL;
}

static bool act(struct tune_chair *chair, const char *verb, json_t *args, char why[TUNE_WHY_SIZE])
{
	json_auto_t *data = ask(chair, verb, args, chair->options->timeout_s, why);

	return data != NULL;
}

// --- what the chair may play ------------------------------------------------------------------

// The first error; or, if there is none, the first advice on the step.
static void take_findings(const json_t *findings, size_t step, char why[TUNE_WHY_SIZE])
{
	char group[24];
	size_t i;
	json_t *finding;

	snprintf(group, sizeof(group), "steps[%zu]", step);
	json_array_foreach((json_t *)findings, i, finding)
	{
		const char *severity = "", *path = "", *text = "";
		bool error;

		json_unpack(finding, "{s?s, s?s, s?s}", "severity", &severity, "path", &path,
			"text", &text);
		error = strcmp(severity, "error") == 0;
		if (error || (!*why && strncmp(path, group, strlen(group)) == 0))
			snprintf(why, TUNE_WHY_SIZE, "%s%s%s", path, *path ? ": " : "", text);
		if (error)
			return;
	}
}

bool tune_chair_proves(struct tune_chair *chair, const char *name, const char *text, size_t step,
	char why[TUNE_WHY_SIZE])
{
	json_auto_t *args = json_pack("{s:s, s:s}", "profile", name, "text", text);
	json_auto_t *data = ask(chair, "check", args, chair->options->timeout_s, why);

	if (!data)
		return false;
	take_findings(json_object_get(data, "findings"), step, why);
	return json_is_true(json_object_get(data, "valid"));
}

bool tune_chair_judges(struct tune_chair *chair, const char *name, const char *text,
	bool *ret_plays)
{
	char why[TUNE_WHY_SIZE];
	json_auto_t *args = json_pack("{s:s, s:s}", "profile", name, "text", text);
	json_auto_t *data = ask(chair, "check", args, chair->options->timeout_s, why);

	if (data)
		*ret_plays = json_is_true(json_object_get(data, "valid"));
	return data != NULL;
}

bool tune_chair_put(struct tune_chair *chair, const char *name, const char *text,
	char why[TUNE_WHY_SIZE])
{
	json_auto_t *args = json_pack("{s:s, s:s}", "profile", name, "text", text);

	return act(chair, "put", args, why);
}

// --- a trial ----------------------------------------------------------------------------------

static void list_left_out(const json_t *data, char why[TUNE_WHY_SIZE])
{
	const json_t *names = json_object_get(data, "unreachable");
	size_t n = json_array_size(names);
	const char *first = json_string_value(json_array_get(names, 0));

	if (n > 0)
		snprintf(why, TUNE_WHY_SIZE, "out of this chair's reach: %s%s", first ? first : "?",
			n > 1 ? " and others" : "");
}

bool tune_chair_try(struct tune_chair *chair, const char *name, const char *text,
	char why[TUNE_WHY_SIZE])
{
	json_auto_t *args = json_pack("{s:s, s:s, s:i, s:s*}", "profile", name, "text", text,
		"lease_s", TUNE_LEASE_S, "person", chair->person);
	json_auto_t *data = NULL;

	if (chair->trying) {
		snprintf(why, TUNE_WHY_SIZE, "a trial is under way: the space bar stops it");
		return false;
	}
	chair->trying = true; // its first event may come before the answer
	chair->started = false;
	chair->ended[0] = '\0';
	chair->trace = (struct trace){ 0 };
	chair->renew_us = clock_monotonic_us() + RENEW_US;
	data = ask(chair, "try", args, chair->options->timeout_s, why);
	if (data)
		list_left_out(data, why);
	else
		chair->trying = false;
	return data != NULL;
}

bool tune_chair_stop(struct tune_chair *chair, char why[TUNE_WHY_SIZE])
{
	return act(chair, "stop", NULL, why);
}

bool tune_chair_skip(struct tune_chair *chair, char why[TUNE_WHY_SIZE])
{
	return act(chair, "skip", NULL, why);
}

bool tune_chair_set_intensity(struct tune_chair *chair, double percent, char why[TUNE_WHY_SIZE])
{
	json_auto_t *args = json_pack("{s:f}", "intensity", percent);

	return act(chair, "intensity", args, why);
}

// A renewal that fails changes nothing: the chair reports how the trial ends.
static void renew(struct tune_chair *chair)
{
	char why[TUNE_WHY_SIZE];
	json_auto_t *data = NULL;

	if (!chair->trying || clock_monotonic_us() < chair->renew_us)
		return;
	chair->renew_us = clock_monotonic_us() + RENEW_US;
	data = ask(chair, "renew", NULL, RENEW_TIMEOUT, why);
}

void tune_chair_listen(struct tune_chair *chair)
{
	struct pollfd keys = { .fd = STDIN_FILENO, .events = POLLIN };

	if (!chair->broker)
		poll(&keys, 1, LISTEN_US / US_PER_MS);
	else if (broker_wait(chair->broker, clock_monotonic_us() + LISTEN_US) < 0)
		lose(chair);
	renew(chair);
}

void tune_chair_close(struct tune_chair *chair)
{
	char why[TUNE_WHY_SIZE];

	if (chair->trying && chair->broker)
		tune_chair_stop(chair, why);
	chair->broker = broker_close(chair->broker);
}
