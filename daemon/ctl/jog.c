// SPDX-License-Identifier: MIT
#include "ctl/jog.h"

#include <errno.h>
#include <string.h>

#include "service/clock.h"

void jog_init(struct jog *jog, struct broker *broker, const struct options *options,
	const char *actuator, const char *phase)
{
	*jog = (struct jog){
		.broker = broker, .options = options, .actuator = actuator, .phase = phase
	};
}

static bool is_busy(json_t *answer)
{
	const char *code = "";

	json_unpack(answer, "{s:{s:s}}", "error", "code", &code);
	return strcmp(code, "busy") == 0;
}

// Whether it is busy for a while only: it releases, after our own movement or another one.
static bool is_releasing(const struct jog *jog, json_t *answer)
{
	return is_busy(answer) &&
		(jog->moved || !jog->phase[0] || strcmp(jog->phase, "releasing") == 0);
}

// A heartbeat that waits longer for its answer would be too late anyway, so a lost one is only an
// error when the chair has been silent for the whole timeout.
static int beat(struct jog *jog, int drive_permille)
{
	json_auto_t *args = json_pack("{s:s, s:i, s:i}", "actuator", jog->actuator,
		"drive_permille", drive_permille, "heartbeat_ms", JOG_HEARTBEAT_MS);
	json_auto_t *answer = NULL;
	int r;

	if (!args)
		return request_failed(jog->options, "jog", -EINVAL, NULL);
	r = broker_request(jog->broker, "jog", args, JOG_HEARTBEAT_MS / 1000.0, &answer);
	if (r == -ETIMEDOUT &&
		clock_monotonic_us() <
			jog->answered_us + (int64_t)(jog->options->timeout_s * (double)US_PER_S))
		return EXIT_OK;
	if (r == 0)
		jog->answered_us = clock_monotonic_us();
	jog->moving = r == 0 && json_is_true(json_object_get(answer, "ok"));
	jog->moved |= jog->moving;
	if (jog->moving || (r == 0 && is_releasing(jog, answer)))
		return EXIT_OK;
	return request_failed(jog->options, "jog", r, answer);
}

int jog_move(struct jog *jog, int drive_permille)
{
	int64_t now_us = clock_monotonic_us();

	if (now_us < jog->next_us)
		return EXIT_OK;
	if (jog->answered_us == 0)
		jog->answered_us = now_us;
	jog->next_us = now_us + JOG_BEAT_MS * US_PER_MS;
	return beat(jog, drive_permille);
}

int jog_end(struct jog *jog)
{
	int r = jog->moving ? beat(jog, 0) : EXIT_OK;

	jog->moving = false;
	jog->next_us = 0;
	jog->answered_us = 0;
	return r;
}
