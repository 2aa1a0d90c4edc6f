// SPDX-License-Identifier: MIT
//
// Check of the buttons that start a profile: it exists, and the chair may play it.
#include <stdio.h>

#include "config/library.h"
#include "ctl/doctor.h"

#define REASON_SIZE 400

static bool is_played(const struct library *library, const struct profile *profile,
	char reason[REASON_SIZE])
{
	problems_auto problems = { 0 };
	struct plan_proof proof;
	struct plan plan;

	if (profile_prove(profile, &library->atlas, &library->chair, &problems, &plan, &proof) == 0)
		return true;
	if (problems.n)
		problem_format(&problems.list[0], reason, REASON_SIZE);
	return false;
}

// Why the button starts nothing; false: it does start its profile.
static bool starts_nothing(const struct library *library, const struct button *button,
	char reason[REASON_SIZE])
{
	const struct profile *profile = library_profile(library, button->profile);
	const struct unusable_profile *unusable = library_unusable(library, button->profile);

	if (profile)
		return !is_played(library, profile, reason);
	if (unusable)
		problem_format(&unusable->problems.list[0], reason, REASON_SIZE);
	else
		snprintf(reason, REASON_SIZE, "there is no such profile");
	return true;
}

static void report_button(struct finding *finding, const struct button *button, const char *file,
	const char *reason)
{
	finding_set(finding, FINDING_WARNING, NULL,
		"%s:%d: the button \"start %s\" starts nothing: %s", file, button->file_line,
		button->profile, reason);
	finding_add(finding->remedy,
		"name another profile there, or correct this one; chairctl profiles lists those "
		"that this chair plays");
}

void check_buttons(struct doctor *doctor, struct finding *finding)
{
	const struct chair *chair = &doctor->chair;
	char file[PATH_MAX], reason[REASON_SIZE];
	struct library *library;
	int n = 0;

	if (!doctor->chair_good || !chair_buttons(chair, BUTTON_START)) {
		finding_set(finding, FINDING_NOT_APPLICABLE, NULL, "%s",
			doctor->chair_good ? "no button starts a profile" : "first the chair file");
		return;
	}
	if (!doctor_load_library(doctor, &library)) {
		finding_set(finding, FINDING_NOT_APPLICABLE, NULL, "first the profiles");
		return;
	}
	finding_set(finding, FINDING_OK, NULL,
		"each starts a profile that is proved on this chair");
	for (size_t i = 0; i < chair->n_buttons; i++) {
		const struct button *button = &chair->buttons[i];

		if (button->does == BUTTON_START && starts_nothing(library, button, reason) &&
			n++ == 0)
			report_button(finding, button, doctor_chair_file(doctor, file), reason);
	}
	if (n > 1)
		finding_add(finding->text, "; so do %d more", n - 1);
	library_free(library);
}
