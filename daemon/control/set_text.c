// SPDX-License-Identifier: MIT
#include "control/set_text.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/spelling.h"
#include "service/percent.h"

static int parse_profile(const char *text, struct request *request, struct request_error *refused)
{
	if (!*text || text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789._-")]) {
		request_error_set(refused, "range", NULL,
			"profile: must be a name of 1 ... %d characters a-z 0-9 . _ -",
			NAME_SIZE - 1);
		return -EINVAL;
	}
	request->kind = REQUEST_CHOOSE;
	snprintf(request->profile, sizeof(request->profile), "%s", text);
	return 0;
}

static int parse_intensity(const char *text, struct request *request, struct request_error *refused)
{
	double percent;

	if (!percent_parse(text, &percent) || !(percent >= 0 && percent <= 100)) {
		request_error_set(refused, "range", "send 50, 50.5 or 50%, without a unit or JSON",
			"intensity: must be a number in 0 ... 100 %%");
		return -EINVAL;
	}
	request->command = (struct command){
		.verb = COMMAND_INTENSITY, .intensity_percent = percent, .actuator = -1
	};
	return 0;
}

static int parse_feedback(const char *text, struct request *request, struct request_error *refused)
{
	request->command = (struct command){
		.verb = COMMAND_FEEDBACK, .intensity_percent = NAN, .actuator = -1
	};
	if (feedback_parse(text, &request->command.feedback))
		return 0;
	request_error_set(refused, "range", NULL, "feedback: must be one of less, eased, more");
	return -EINVAL;
}

static int parse_session(const char *text, struct request *request, struct request_error *refused)
{
	static const enum command_verb verbs[] = { COMMAND_START, COMMAND_PAUSE, COMMAND_RESUME,
		COMMAND_STOP, COMMAND_SKIP };

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (!strcmp(command_verb_name(verbs[i]), text)) {
			request->command = (struct command){
				.verb = verbs[i], .intensity_percent = NAN, .actuator = -1
			};
			return 0;
		}
	}
	request_error_set(refused, "range", "send the word alone, in small letters",
		"session: must be one of start, pause, resume, stop, skip");
	return -EINVAL;
}

static const struct {
	const char *prop;
	int (*parse)(const char *text, struct request *request, struct request_error *refused);
} props[SET_PROPS] = {
	{ "profile", parse_profile },
	{ "intensity", parse_intensity },
	{ "feedback", parse_feedback },
	{ "session", parse_session },
};

int set_prop_index(const char *prop)
{
	for (int i = 0; i < SET_PROPS; i++) {
		if (!strcmp(props[i].prop, prop))
			return i;
	}
	return -1;
}

bool set_is_stop(const char *prop, const void *bytes, size_t size)
{
	if (!strcmp(prop, "profile"))
		return false;
	if (!strcasecmp(prop, "session"))
		return spelling_means_off(bytes, size);
	return spelling_means_stop(bytes, size) ||
		(set_prop_index(prop) < 0 && spelling_means_stop(prop, strlen(prop)));
}

// start, resume and skip, which move something, must be spelled exactly.
static int parse_session_bytes(const void *bytes, size_t size, struct request *request,
	struct request_error *refused)
{
	char text[NAME_SIZE];

	if (!spelling_trim_space(bytes, size, text))
		text[0] = '\0';
	if (parse_session(text, request, refused) == 0)
		return 0;
	if (!spelling_means_pause(bytes, size))
		return -EINVAL;
	return parse_session(command_verb_name(COMMAND_PAUSE), request, refused);
}

int set_parse(const char *prop, const void *bytes, size_t size, struct request *ret_request,
	struct request_error *ret_error)
{
	struct request request = { .kind = REQUEST_COMMAND, .ts_s = NAN };
	int index = set_prop_index(prop);
	char text[NAME_SIZE];
	int r;

	if (index < 0) {
		request_error_set(ret_error, "key", NULL,
			"set: unknown property (allowed: profile, intensity, feedback, session)");
		return -EINVAL;
	}
	// A text that is too long for any value is refused with the range of the property.
	if (!spelling_trim(bytes, size, text))
		text[0] = '\0';
	if (props[index].parse == parse_session)
		r = parse_session_bytes(bytes, size, &request, ret_error);
	else
		r = props[index].parse(text, &request, ret_error);
	if (r == 0)
		*ret_request = request;
	return r;
}
