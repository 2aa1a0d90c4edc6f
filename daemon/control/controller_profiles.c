// SPDX-License-Identifier: MIT
//
// The texts of profiles over MQTT: checked, tried and stored once they are proved, and sent as they
// are on the disk.
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "config/text.h"
#include "control/controller_private.h"
#include "control/info.h"
#include "control/profile_store.h"
#include "service/log.h"

json_t *controller_profiles_text(const struct profile *profile)
{
	__attribute__((cleanup(problems_clear))) struct problems problems = { 0 };
	json_t *json = NULL;
	size_t size;
	char *text;

	if (text_read(profile->file, &problems, &text, &size) < 0)
		return json_null();
	if (size <= TEXT_MESSAGE_MAX && text_hash(text, size) == profile->hash)
		json = json_stringn(text, size);
	free(text);
	return json ? json : json_null();
}

// Whether this chair may play a text: 0 with the profile, to be cleared; -EINVAL; -ENOMEM.
static int prove(const struct controller *controller, const char *name, const char *text,
	struct problems *problems, struct profile *ret_profile)
{
	const struct atlas *atlas = &controller->library->atlas;
	struct plan_proof *proof = malloc(sizeof(*proof));
	struct plan *plan = malloc(sizeof(*plan));
	struct profile profile;
	int r = plan && proof ? profile_parse(name, text, atlas, problems, &profile) : -ENOMEM;

	if (r == 0) {
		r = profile_prove(&profile, atlas, &controller->chair, problems, plan, proof);
		if (r == 0)
			*ret_profile = profile;
		else
			profile_clear(&profile);
	}
	free(plan);
	free(proof);
	return r;
}

// --- check ------------------------------------------------------------------------------------

static json_t *place(int number)
{
	return number > 0 ? json_integer(number) : json_null();
}

static json_t *figure(const struct problem *problem, double number)
{
	return problem->code && isfinite(number) ? json_real(number) : json_null();
}

// As `chairctl check --json` prints it, without the file.
static json_t *finding(const struct problem *problem)
{
	return json_pack("{s:s, s:o, s:o, s:s, s:s, s:s*, s:o, s:o}", "severity",
		problem->advice ? "warning" : "error", "line", place(problem->line), "column",
		place(problem->column), "path", problem->path, "text", problem->text, "code",
		problem->code, "value", figure(problem, problem->value), "bound",
		figure(problem, problem->bound));
}

static json_t *checked(const struct controller *controller, const struct problems *problems,
	const struct profile *profile)
{
	json_t *lines = json_array(), *findings = json_array();
	json_t *data = json_pack("{s:b, s:o, s:o, s:I}", "valid", profile != NULL, "problems",
		lines, "findings", findings, "dropped", (json_int_t)problems->dropped);
	char line[PROBLEM_LINE_MAX];

	for (size_t i = 0; i < problems->n; i++) {
		problem_format(&problems->list[i], line, sizeof(line));
		json_array_append_new(lines, json_string(line));
		json_array_append_new(findings, finding(&problems->list[i]));
	}
	if (profile)
		json_object_set_new(data, "profile",
			info_profile(controller->library, &controller->chair, profile));
	return data;
}

bool controller_profiles_check(const struct controller *controller, const struct request *request,
	json_t **ret_data, struct request_error *refused)
{
	__attribute__((cleanup(problems_clear))) struct problems problems = { 0 };
	const char *name = *request->profile ? request->profile : "profile";
	struct profile profile;
	int r = prove(controller, name, request->text, &problems, &profile);

	if (r == -ENOMEM) {
		request_error_set(refused, "memory", NULL, "out of memory");
		return false;
	}
	*ret_data = checked(controller, &problems, r == 0 ? &profile : NULL);
	if (r == 0)
		profile_clear(&profile);
	return true;
}

// --- put --------------------------------------------------------------------------------------

static void refuse_unproved(const struct problems *problems, struct request_error *refused)
{
	char line[PROBLEM_LINE_MAX] = "out of memory";

	if (problems->n)
		problem_format(&problems->list[0], line, sizeof(line));
	request_error_set(refused, "unproved", "the verb check lists everything", "%s", line);
}

static bool is_name(const char *name, struct request_error *refused)
{
	if (profile_store_is_name(name))
		return true;
	request_error_set(refused, "range", NULL,
		"args.profile: is not a profile's name: a-z, 0-9, \".\", \"_\" and \"-\", "
		"not beginning with \".\"");
	return false;
}

static bool is_proved(const struct controller *controller, const struct request *request,
	struct request_error *refused)
{
	__attribute__((cleanup(problems_clear))) struct problems problems = { 0 };
	struct profile profile;

	if (prove(controller, request->profile, request->text, &problems, &profile) == 0) {
		profile_clear(&profile);
		return true;
	}
	refuse_unproved(&problems, refused);
	return false;
}

static bool store(struct controller *controller, const struct request *request,
	struct request_error *refused)
{
	char path[PATH_MAX];
	int r = profile_store_put(controller->settings->state_dir, request->profile, request->text,
		path);

	if (r == 0)
		r = library_add(controller->library, path);
	if (r == 0)
		return true;
	request_error_set(refused, "storage",
		"see whether the disk is full or read-only; chaird can store 100 profiles",
		"%s was not stored: %s", request->profile, strerror(-r));
	return false;
}

bool controller_profiles_put(struct controller *controller, const struct request *request,
	json_t **ret_data, struct request_error *refused)
{
	const struct profile *profile;

	if (!is_name(request->profile, refused) || !is_proved(controller, request, refused) ||
		!store(controller, request, refused))
		return false;
	log_info("put: stored the profile %s", request->profile);
	controller_requests_library_changed(controller);
	profile = library_profile(controller->library, request->profile);
	*ret_data = profile
		? json_pack("{s:o}", "profile",
			  info_profile(controller->library, &controller->chair, profile))
		: NULL;
	return true;
}

// --- try --------------------------------------------------------------------------------------

bool controller_profiles_try(struct controller *controller, const struct request *request,
	json_t **ret_data, struct request_error *refused)
{
	__attribute__((cleanup(problems_clear))) struct problems problems = { 0 };
	__attribute__((cleanup(profile_clear))) struct profile profile = { 0 };
	const char *name = *request->profile ? request->profile : "trial";

	if (!is_name(name, refused))
		return false;
	if (profile_parse(name, request->text, &controller->library->atlas, &problems, &profile) <
		0) {
		refuse_unproved(&problems, refused);
		return false;
	}
	return controller_requests_start(controller, request, &profile, ret_data, refused);
}
