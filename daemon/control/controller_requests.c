// SPDX-License-Identifier: MIT
//
// Execution of each request.
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/controller_private.h"
#include "control/help.h"
#include "control/info.h"
#include "control/reply.h"
#include "core/fingerprint.h"
#include "service/log.h"

// Shortest interval between stops that are passed on while nothing moves.
#define IDLE_STOP_US (100 * US_PER_MS)

#define REASON_SIZE 512 // of one problem of a file

static struct session_status status_now(const struct controller *controller)
{
	struct session_status status;

	session_status(controller->session, controller_now_us(controller), &status);
	return status;
}

void controller_requests_stop(void *data)
{
	struct controller *controller = data;
	const struct command stop = { .verb = COMMAND_STOP };
	int64_t now_us = clock_monotonic_us();

	switch (status_now(controller).phase) {
	case SESSION_IDLE:
	case SESSION_FAULT:
	case SESSION_RELEASING:
		if (now_us - controller->stopped_us < IDLE_STOP_US)
			return;
		break;
	default:
		break;
	}
	controller->stopped_us = now_us;
	session_command(controller->session, controller_now_us(controller), &stop, NULL);
	controller_step(controller);
}

// Everything that may press or move is released: paused if it can be resumed, ended otherwise.
const char *controller_requests_not_understood(void *data)
{
	struct controller *controller = data;
	const struct command pause = { .verb = COMMAND_PAUSE };

	switch (status_now(controller).phase) {
	case SESSION_IDLE:
	case SESSION_FAULT:
	case SESSION_RELEASING:
	case SESSION_PAUSING:
	case SESSION_PAUSED:
		return NULL;
	default:
		break;
	}
	if (session_command(controller->session, controller_now_us(controller), &pause, NULL) !=
		REFUSAL_NONE) {
		controller_requests_stop(controller);
		return "to be sure, the chair was stopped";
	}
	controller_step(controller);
	return "to be sure, the session was paused";
}

bool controller_requests_lowers(void *data, const struct request *request)
{
	const struct controller *controller = data;
	const struct command *command = &request->command;

	if (request->kind != REQUEST_COMMAND)
		return false;
	switch (command->verb) {
	case COMMAND_STOP:
	case COMMAND_PAUSE:
		return true;
	case COMMAND_INTENSITY:
		return command->intensity_percent < status_now(controller).intensity_percent;
	case COMMAND_FEEDBACK:
		return command->feedback == FEEDBACK_LESS;
	case COMMAND_JOG:
		return command->drive_permille == 0;
	default:
		return false;
	}
}

// --- profiles ---------------------------------------------------------------------------------

#define MORE_SIZE  40
#define CHECK_HINT "chairctl check lists everything that is wrong with it"

// " (and 2 more)" for three problems, of which the first is named before; "" for one.
static const char *and_more(size_t problems, char text[MORE_SIZE])
{
	text[0] = '\0';
	if (problems > 1)
		snprintf(text, MORE_SIZE, " (and %zu more)", problems - 1);
	return text;
}

static const struct profile *find_profile(const struct controller *controller, const char *name,
	struct request_error *refused)
{
	const struct library *library = controller->library;
	const struct profile *profile = library_profile(library, name);
	const struct unusable_profile *unusable = library_unusable(library, name);
	const char *names[64], *meant;
	char reason[REASON_SIZE], more[MORE_SIZE];
	size_t n = 0;

	if (profile)
		return profile;
	if (unusable) {
		unusable_profile_reason(unusable, 0, reason, sizeof(reason));
		request_error_set(refused, "unusable", CHECK_HINT, "%s%s", reason,
			and_more(problems_count(&unusable->problems), more));
		return NULL;
	}
	for (; n < library->n_profiles && n < sizeof(names) / sizeof(names[0]); n++)
		names[n] = library->profiles[n].name;
	meant = suggest(name, names, n);
	request_error_set(refused, "profile", "the verb profiles lists them",
		"profile: there is no profile of that name");
	if (meant)
		snprintf(refused->hint, sizeof(refused->hint), "did you mean %s?", meant);
	return NULL;
}

static bool choose(struct controller *controller, const char *name, struct request_error *refused)
{
	const struct profile *profile = find_profile(controller, name, refused);

	if (!profile)
		return false;
	strcpy(controller->chosen, profile->name);
	controller_refresh(controller, true);
	return true;
}

static bool show(const struct controller *controller, const char *name, json_t **ret_data,
	struct request_error *refused)
{
	const struct profile *profile = find_profile(controller, name, refused);

	if (!profile)
		return false;
	*ret_data = info_profile(controller->library, &controller->chair, profile);
	json_object_set_new(*ret_data, "text", controller_profiles_text(profile));
	return true;
}

// --- the session ------------------------------------------------------------------------------

static bool command(struct controller *controller, const struct command *asked,
	const struct plan *plan, struct request_error *refused)
{
	enum refusal refusal;

	controller_wake(controller);
	refusal = session_command(controller->session, controller_now_us(controller), asked, plan);
	if (refusal != REFUSAL_NONE) {
		reply_refusal(refusal, refused);
		return false;
	}
	deadman_command(&controller->deadman, clock_monotonic_us(), asked);
	controller_step(controller);
	return true;
}

// A profile that is not proved never runs.
static bool prove(struct controller *controller, const struct person *person,
	const struct profile *profile, struct request_error *refused)
{
	__attribute__((cleanup(problems_clear))) struct problems problems = { 0 };
	char reason[REASON_SIZE], more[MORE_SIZE];
	struct plan_proof proof;
	const char *closed;
	const struct atlas *atlas = &controller->library->atlas;
	int r = profile_prove_for(person, profile, atlas, &controller->chair, &problems,
		&controller->plan, &proof);

	if (r == 0)
		return true;
	if (r == -ENOMEM) {
		request_error_set(refused, "memory", NULL, "out of memory");
		return false;
	}
	closed = person && plan_reaches_nothing(&controller->plan)
		? person_closed_profile(person, atlas, profile)
		: NULL;
	if (closed) {
		request_error_set(refused, "closed", "choose another profile",
			"nothing of %s is open to %s: %s", profile->name, person->name, closed);
		return false;
	}
	problem_format_short(&problems.list[0], reason, sizeof(reason));
	request_error_set(refused, "plan", CHECK_HINT, "%s%s", reason,
		and_more(proof.findings.errors, more));
	return false;
}

static const struct profile *profile_to_start(const struct controller *controller,
	const char *asked, struct request_error *refused)
{
	const char *name = *asked ? asked : controller->chosen;

	if (*name)
		return find_profile(controller, name, refused);
	request_error_set(refused, "missing", "the verb profiles lists them",
		"args.profile: is missing (a name of 1 ... %d bytes), and none is chosen",
		NAME_SIZE - 1);
	return NULL;
}

bool controller_requests_start(struct controller *controller, const struct request *request,
	const struct profile *profile, json_t **ret_data, struct request_error *refused)
{
	struct command start = request->command;
	const struct plan *plan = &controller->plan;
	const struct person *person = NULL;
	bool other;

	start.verb = COMMAND_START;
	if (*request->person) {
		person = controller_persons_find(controller, request->person, refused);
		if (!person || !controller_persons_may_start(controller, person, refused))
			return false;
	}
	if (!prove(controller, person, profile, refused) ||
		!controller_dose_allows(controller, request->person, plan, refused) ||
		!command(controller, &start, plan, refused))
		return false;
	if (request->kind == REQUEST_COMMAND) // what is tried is not chosen
		strcpy(controller->chosen, plan->profile);
	other = strcmp(controller->person, request->person) != 0;
	strcpy(controller->person, request->person);
	controller_refresh(controller, other);
	*ret_data = json_pack("{s:s, s:f, s:o, s:o}", "profile", plan->profile, "minutes",
		round(plan->estimate_s / 6) / 10, "unreachable",
		controller_persons_unreachable(controller, person, plan), "closed",
		controller_persons_closed(controller, person, plan));
	return true;
}

static bool start(struct controller *controller, const struct request *request, json_t **ret_data,
	struct request_error *refused)
{
	const struct profile *profile = profile_to_start(controller, request->profile, refused);

	return profile &&
		controller_requests_start(controller, request, profile, ret_data, refused);
}

static void show_status(struct controller *controller, json_t **ret_data)
{
	struct status_view view;

	controller_view(controller, &view);
	*ret_data = json_pack("{s:o, s:o, s:o}", "state", status_state(&view), "target",
		status_target(&view), "telemetry",
		view.report ? status_telemetry(&view) : json_null());
}

// --- the library ------------------------------------------------------------------------------

// True, with an error, if the chair file now describes another chair. Only a restart of both
// programs can change to it: the guard reads its file only when it starts.
static bool other_chair(const struct controller *controller, const struct library *library,
	struct request_error *refused)
{
	if (chair_fingerprint(&library->chair) == chair_fingerprint(&controller->chair))
		return false;
	request_error_set(refused, "other_chair",
		"restart both: systemctl restart chairguard chaird; or put the chair file back",
		"%.100s has become another chair: nothing was reloaded",
		controller->settings->chair_file);
	return true;
}

void controller_requests_report_profiles(struct controller *controller)
{
	const struct library *library = controller->library;
	char reason[REASON_SIZE], text[REASON_SIZE + 64];

	if (library->n_unusable) {
		unusable_profile_reason(&library->unusable[0], 0, reason, sizeof(reason));
		snprintf(text, sizeof(text), "%zu of %zu profiles cannot be used: %s",
			library->n_unusable, library->n_unusable + library->n_profiles, reason);
	}
	publisher_alert(&controller->publisher, ALERT_PROFILES, library->n_unusable ? text : NULL);
}

// The library as its files are now, or NULL with an error. All problems go to the journal.
static struct library *load_library(const struct controller *controller,
	struct request_error *refused)
{
	const struct settings *settings = controller->settings;
	struct problems problems = { 0 };
	struct library *library = NULL;
	char first[REASON_SIZE];

	if (library_load_all(settings, &problems, &library) < 0) {
		snprintf(first, sizeof(first), "out of memory");
		if (problems.n)
			problem_format(&problems.list[0], first, sizeof(first));
		problems_report(&problems, log_error_text, NULL);
		request_error_set(refused, "config",
			"correct what the journal lists; nothing was changed",
			"%zu problems in the files, the first: %s", problems_count(&problems),
			first);
		problems_clear(&problems);
		return NULL;
	}
	library_report_unusable(library, log_error_text, NULL);
	if (other_chair(controller, library, refused))
		return library_free(library);
	return library;
}

// What was read again, and what was not.
static json_t *reload_data(const struct controller *controller)
{
	const struct library *library = controller->library;
	json_t *unusable = json_array();

	for (size_t i = 0; i < library->n_unusable; i++)
		json_array_append_new(unusable, json_string(library->unusable[i].name));
	return json_pack("{s:[s,s,s,s], s:{s:s}, s:I, s:I, s:I, s:o}", "reloaded", "chair", "atlas",
		"pathways", "profiles", "not_reloaded", "settings",
		"chaird.cfg is read only at the start: systemctl restart chaird", "points",
		(json_int_t)library->atlas.n_points, "pathways",
		(json_int_t)library->atlas.n_pathways, "profiles", (json_int_t)library->n_profiles,
		"unusable", unusable);
}

void controller_requests_library_changed(struct controller *controller)
{
	struct status_view view;

	if (!library_profile(controller->library, controller->chosen))
		controller->chosen[0] = '\0';
	controller_requests_report_profiles(controller);
	controller_view(controller, &view);
	publisher_info(&controller->publisher, &view);
	controller_dose_publish(controller);
	controller_discovery_publish(controller);
	controller_refresh(controller, true);
}

// What a session is made of changes only between sessions.
static bool is_idle(const struct controller *controller, struct request_error *refused)
{
	if (status_now(controller).phase == SESSION_IDLE)
		return true;
	reply_refusal(REFUSAL_BUSY, refused);
	return false;
}

static bool reload(struct controller *controller, struct request_error *refused)
{
	struct library *library;

	if (!is_idle(controller, refused))
		return false;
	library = load_library(controller, refused);
	publisher_alert(&controller->publisher, ALERT_RELOAD, library ? NULL : refused->message);
	if (!library)
		return false;
	library_free(controller->library);
	controller->library = library;
	controller->chair = library->chair;
	log_info("reloaded: %zu points, %zu profiles; cannot be used: %zu", library->atlas.n_points,
		library->n_profiles, library->n_unusable);
	controller_requests_library_changed(controller);
	return true;
}

bool controller_requests_reload(struct controller *controller, json_t **ret_data,
	struct request_error *refused)
{
	if (!reload(controller, refused)) {
		publisher_reload_refused(&controller->publisher, refused);
		return false;
	}
	*ret_data = reload_data(controller);
	publisher_reloaded(&controller->publisher, *ret_data);
	return true;
}

static bool is_stopping(const struct controller *controller, struct request_error *refused)
{
	if (controller->stopping)
		request_error_set(refused, "stopping", NULL, "chaird is stopping");
	return controller->stopping;
}

bool controller_requests_act(void *data, const struct request *request, json_t **ret_data,
	struct request_error *ret_error)
{
	struct controller *controller = data;

	switch (request->kind) {
	case REQUEST_COMMAND:
		if (is_stopping(controller, ret_error))
			return false;
		if (request->command.verb == COMMAND_START)
			return start(controller, request, ret_data, ret_error);
		if (request->command.verb == COMMAND_JOG)
			controller->person[0] = '\0';
		return command(controller, &request->command, NULL, ret_error);
	case REQUEST_CHOOSE:
		return choose(controller, request->profile, ret_error);
	case REQUEST_PROFILES:
		*ret_data = json_pack("{s:o}", "profiles",
			info_profiles(controller->library, &controller->chair));
		return true;
	case REQUEST_PROFILE:
		return show(controller, request->profile, ret_data, ret_error);
	case REQUEST_CHECK:
		return controller_profiles_check(controller, request, ret_data, ret_error);
	case REQUEST_PUT:
		return is_idle(controller, ret_error) &&
			controller_profiles_put(controller, request, ret_data, ret_error);
	case REQUEST_TRY:
		return !is_stopping(controller, ret_error) &&
			controller_profiles_try(controller, request, ret_data, ret_error);
	case REQUEST_PERSONS:
		*ret_data = controller_persons_list(controller);
		return true;
	case REQUEST_PERSON:
		return controller_persons_show(controller, request->person, ret_data, ret_error);
	case REQUEST_CONSENT:
		return controller_persons_consent(controller, request->person, request->text,
			ret_data, ret_error);
	case REQUEST_DOSE:
		return controller_dose_show(controller, request->days, ret_data, ret_error);
	case REQUEST_RELOAD:
		return controller_requests_reload(controller, ret_data, ret_error);
	case REQUEST_STATUS:
		show_status(controller, ret_data);
		return true;
	case REQUEST_HELP:
		*ret_data = help_document();
		return true;
	case REQUEST_PING:
		return true;
	}
	return false;
}
