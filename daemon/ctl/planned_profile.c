// SPDX-License-Identifier: MIT
#include "ctl/planned_profile.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "config/folder.h"
#include "core/reach.h"
#include "ctl/named_person.h"
#include "ctl/terminal.h"

static int unknown_profile(const struct library *library, const char *wanted)
{
	const struct unusable_profile *unusable = library_unusable(library, wanted);
	char hint[128] = "the name of a file has a slash or ends in .cfg", file[NAME_SIZE + 8];
	char reason[512];
	struct suggestion meant;

	if (unusable) {
		unusable_profile_reason(unusable, 0, reason, sizeof(reason));
		terminal_error("unusable", "chairctl check lists everything that is wrong with it",
			"%s", reason);
		return -EINVAL;
	}
	suggestion_start(&meant, wanted);
	for (size_t i = 0; i < library->n_profiles; i++)
		suggestion_consider(&meant, library->profiles[i].name);
	if (*meant.best)
		snprintf(hint, sizeof(hint), "did you mean %s?", meant.best);
	if (snprintf(file, sizeof(file), "%s.cfg", wanted) < (int)sizeof(file) &&
		access(file, F_OK) == 0)
		snprintf(hint, sizeof(hint), "the file here is %s", file);
	terminal_error("profile", hint, "no profile is called \"%s\"", wanted);
	return -EINVAL;
}

static int find_profile(struct planned_profile *planned, const char *wanted,
	struct problems *problems)
{
	int r;

	planned->profile = library_profile(planned->library, wanted);
	if (planned->profile)
		return 0;
	if (!folder_is_path(wanted))
		return unknown_profile(planned->library, wanted);
	r = profile_load(wanted, &planned->library->atlas, problems, &planned->from_file);
	if (r == 0)
		planned->profile = &planned->from_file;
	return r;
}

static int make_plan(struct planned_profile *planned, struct problems *problems)
{
	const struct library *library = planned->library;
	struct plan_proof proof;
	char person[FOR_SIZE];
	int r = profile_prove_for(planned->person, planned->profile, &library->atlas,
		&library->chair, problems, &planned->plan, &proof);

	if (r < 0)
		terminal_error("plan", "chairctl check lists all with their dose and times",
			"%s: chair %s cannot play it as it is%s", planned->profile->name,
			library->chair.id, planned_for(planned, person));
	return r;
}

int planned_profile_load(const struct options *options, const char *wanted,
	struct planned_profile *ret_planned)
{
	__attribute__((cleanup(problems_clear))) struct problems problems = { 0 };
	char buf[PATH_MAX];
	const char *dir = options_library(options, wanted, buf);
	int r;

	*ret_planned = (struct planned_profile){ 0 };
	r = library_load(dir, options->settings.chair_file, &problems, &ret_planned->library);
	if (r < 0)
		options_print_missing(options, dir);
	if (r == 0)
		r = find_profile(ret_planned, wanted, &problems);
	if (r == 0)
		r = named_person_load(options, &ret_planned->library->atlas,
			&ret_planned->library->persons, &ret_planned->person, &problems);
	if (r == 0)
		r = make_plan(ret_planned, &problems);
	if (r < 0) {
		options_print_problems(stderr, &problems);
		planned_profile_clear(ret_planned);
	}
	return r;
}

void planned_profile_clear(struct planned_profile *planned)
{
	if (planned->profile == &planned->from_file)
		profile_clear(&planned->from_file);
	library_free(planned->library);
	planned->library = NULL;
	planned->profile = NULL;
}

char *planned_left_out(const struct planned_profile *planned, size_t index, char buf[LEFT_OUT_SIZE])
{
	const struct library *library = planned->library;
	size_t point = planned->plan.unreachable[index];
	struct reach_hit hit;
	const char *closed = planned->person
		? person_closed(planned->person, &library->atlas, point)
		: NULL;

	if (closed)
		snprintf(buf, LEFT_OUT_SIZE, "closed to %s: %s", planned->person->name, closed);
	else if (reach_find_hold(&library->chair, &library->atlas.points[point], &hit))
		snprintf(buf, LEFT_OUT_SIZE,
			"%s reaches it for a hold, but nothing for this technique",
			library->chair.actuators[hit.actuator].name);
	else
		snprintf(buf, LEFT_OUT_SIZE, "this chair cannot reach it");
	return buf;
}

const char *planned_for(const struct planned_profile *planned, char buf[FOR_SIZE])
{
	snprintf(buf, FOR_SIZE, "%s%s", planned->person ? " for " : "",
		planned->person ? planned->person->name : "");
	return buf;
}

const char *planned_point_name(const struct library *library, int point)
{
	return point >= 0 ? library->atlas.points[point].name : NULL;
}
