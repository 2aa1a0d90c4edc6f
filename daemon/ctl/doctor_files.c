// SPDX-License-Identifier: MIT
//
// Checks of the files: settings, chair description, library.
#include "ctl/doctor.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "config/library.h"
#include "ctl/options.h"

#define auto_problems __attribute__((cleanup(problems_clear))) struct problems

// Report the number of problems and the first one; chairctl check prints them all.
static void report_problems(struct finding *finding, const struct problems *problems)
{
	char first[400] = "";

	if (problems->n)
		problem_format(&problems->list[0], first, sizeof(first));
	finding_set(finding, FINDING_PROBLEM, NULL, "wrong in %zu places; the first: %s",
		problems_count(problems), first);
	finding_add(finding->remedy, "correct the problems that this prints: chairctl check %s",
		problems->n ? problems->list[0].file : "FILE");
}

void check_settings(struct doctor *doctor, struct finding *finding)
{
	auto_problems problems = { 0 };
	char buf[PATH_MAX];
	const char *file = doctor->config ? doctor->config
					  : doctor_path(doctor, OPTIONS_DEFAULT_CONFIG, buf);
	int r;

	settings_default(&doctor->settings);
	r = settings_load(file, &problems, &doctor->settings);
	doctor->settings_good = r == 0 || r == -ENOENT;
	if (r == -ENOENT)
		finding_set(finding, FINDING_OK, NULL, "%s does not exist: the defaults apply",
			file);
	else if (r < 0)
		report_problems(finding, &problems);
	else
		finding_set(finding, FINDING_OK, NULL, "%s is valid", file);
	options_find_password(&doctor->settings, doctor->root);
}

const char *doctor_chair_file(const struct doctor *doctor, char buf[PATH_MAX])
{
	return doctor->chair_file ? doctor->chair_file
				  : doctor_path(doctor, doctor->settings.chair_file, buf);
}

static void add_risks(struct finding *finding, const char *of, unsigned acknowledged)
{
	for (int risk = 0; risk < RISK_COUNT; risk++) {
		if (acknowledged & RISK_BIT(risk))
			finding_add(finding->text, "; note: %s acknowledges %s (%s)", of,
				risk_name(risk), risk_text(risk));
	}
}

void check_chair(struct doctor *doctor, struct finding *finding)
{
	auto_problems problems = { 0 };
	char buf[PATH_MAX];
	const char *file = doctor_chair_file(doctor, buf);

	doctor->chair_good = chair_load(file, &problems, &doctor->chair) == 0;
	if (doctor->chair_good) {
		finding_set(finding, FINDING_OK, NULL, "%s is valid: chair %s, %zu actuators", file,
			doctor->chair.id, doctor->chair.n_actuators);
		add_risks(finding, "the chair", doctor->chair.acknowledged);
		for (size_t i = 0; i < doctor->chair.n_actuators; i++)
			add_risks(finding, doctor->chair.actuators[i].name,
				doctor->chair.actuators[i].acknowledged);
	} else if (access(file, F_OK) < 0) {
		finding_set(finding, FINDING_PROBLEM, NULL, "%s does not exist", file);
		finding_add(finding->remedy,
			"describe your chair, from an example: cp "
			"/usr/share/chaird/profiles/chairs/recliner.cfg %s",
			file);
	} else {
		report_problems(finding, &problems);
	}
}

static void report_unusable(struct finding *finding, const struct library *library)
{
	const struct unusable_profile *first = &library->unusable[0];
	char problem[400];

	problem_format(&first->problems.list[0], problem, sizeof(problem));
	finding_set(finding, FINDING_WARNING, NULL, "%zu of %zu profiles cannot be used: %s",
		library->n_unusable, library->n_unusable + library->n_profiles, problem);
	finding_add(finding->remedy, "correct what this lists: chairctl check '%s'", first->file);
}

static int load_library(const struct doctor *doctor, struct problems *problems,
	struct library **ret_library)
{
	char chair[PATH_MAX], dir[PATH_MAX], stored[PATH_MAX];

	doctor_path(doctor, doctor->settings.profiles_dir, dir);
	doctor_path(doctor, doctor->settings.state_dir, stored);
	return library_load_stored(dir, stored, doctor_chair_file(doctor, chair), problems,
		ret_library);
}

bool doctor_load_library(const struct doctor *doctor, struct library **ret_library)
{
	auto_problems problems = { 0 };

	return load_library(doctor, &problems, ret_library) == 0;
}

void check_profiles(struct doctor *doctor, struct finding *finding)
{
	auto_problems problems = { 0 };
	struct library *library;
	char dir[PATH_MAX];

	if (!doctor->chair_good) {
		finding_set(finding, FINDING_NOT_APPLICABLE, NULL, "first the chair file");
		return;
	}
	if (load_library(doctor, &problems, &library) < 0) {
		report_problems(finding, &problems);
		return;
	}
	if (library->n_unusable)
		report_unusable(finding, library);
	else
		finding_set(finding, FINDING_OK, NULL, "%s is valid: %zu points, %zu profiles",
			doctor_path(doctor, doctor->settings.profiles_dir, dir),
			library->atlas.n_points, library->n_profiles);
	library_free(library);
}
