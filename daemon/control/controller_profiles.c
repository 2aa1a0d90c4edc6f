// SPDX-License-Identifier: MIT
//
// The texts of profiles over MQTT: sent as they are on the disk, and stored once they are proved.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/text.h"
#include "control/controller_private.h"
#include "control/info.h"
#include "control/profile_store.h"
#include "service/log.h"

#define REASON_SIZE 512 // of one problem of a text

// The file of a profile: a stored one, or one that is shipped.
static void find_file(const struct settings *settings, const char *name, char ret_path[PATH_MAX])
{
	snprintf(ret_path, PATH_MAX, "%s/" LIBRARY_STORED "/%s.cfg", settings->state_dir, name);
	if (access(ret_path, F_OK) < 0)
		snprintf(ret_path, PATH_MAX, "%s/sessions/%s.cfg", settings->profiles_dir, name);
}

json_t *controller_profiles_text(const struct controller *controller, const struct profile *profile)
{
	__attribute__((cleanup(problems_clear))) struct problems problems = { 0 };
	char path[PATH_MAX], *text;
	json_t *json = NULL;
	size_t size;

	find_file(controller->settings, profile->name, path);
	if (text_read(path, &problems, &text, &size) < 0)
		return json_null();
	if (size <= TEXT_MESSAGE_MAX && text_hash(text, size) == profile->hash)
		json = json_stringn(text, size);
	free(text);
	return json ? json : json_null();
}

// Whether this chair may play the text; an error with the first reason if not.
static bool is_proved(const struct controller *controller, const struct request *request,
	struct request_error *refused)
{
	__attribute__((cleanup(problems_clear))) struct problems problems = { 0 };
	const struct atlas *atlas = &controller->library->atlas;
	struct plan *plan = malloc(sizeof(*plan));
	struct plan_problem problem;
	struct profile profile;
	char reason[REASON_SIZE] = "out of memory";
	int r = plan ? profile_parse(request->profile, request->text, atlas, &problems, &profile)
		     : -ENOMEM;

	if (r == 0) {
		r = plan_build(&profile, atlas, &controller->chair, plan, &problem);
		if (r < 0)
			plan_problem_text(&problem, &profile, atlas, reason, sizeof(reason));
		profile_clear(&profile);
	} else if (problems.n) {
		problem_format(&problems.list[0], reason, sizeof(reason));
	}
	free(plan);
	if (r < 0)
		request_error_set(refused, "unproved", "the verb check lists everything", "%s",
			reason);
	return r == 0;
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

	if (!profile_store_is_name(request->profile)) {
		request_error_set(refused, "range", NULL,
			"args.profile: is not a profile's name: a-z, 0-9, \".\", \"_\" and \"-\", "
			"not beginning with \".\"");
		return false;
	}
	if (!is_proved(controller, request, refused) || !store(controller, request, refused))
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
