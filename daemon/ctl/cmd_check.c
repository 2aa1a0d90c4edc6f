// SPDX-License-Identifier: MIT
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "config/library.h"
#include "core/plan.h"
#include "ctl/options.h"
#include "ctl/terminal.h"

struct check {
	const struct options *options;
	struct chair chair; // of --chair
	bool planned;       // --chair is given
};

static void print_risks(const char *file, const char *of, unsigned acknowledged)
{
	for (int risk = 0; risk < RISK_COUNT; risk++) {
		if (acknowledged & RISK_BIT(risk))
			printf("%s: note: %s acknowledges %s: %s\n", file, of, risk_name(risk),
				risk_text(risk));
	}
}

static int check_chair(const char *file, struct problems *problems)
{
	struct chair chair;
	int r = chair_load(file, problems, &chair);

	if (r == 0)
		printf("%s: ok: chair %s: %zu actuators, %zu lines, %zu reaches\n", file, chair.id,
			chair.n_actuators, chair.n_lines, chair.n_reaches);
	if (r == 0)
		print_risks(file, "the chair", chair.acknowledged);
	for (size_t i = 0; r == 0 && i < chair.n_actuators; i++)
		print_risks(file, chair.actuators[i].name, chair.actuators[i].acknowledged);
	return r;
}

static int check_settings(const char *file, struct problems *problems)
{
	struct settings settings;
	int r;

	settings_default(&settings);
	r = settings_check(file, problems, &settings);
	if (r == 0)
		printf("%s: ok: settings: broker %s:%d\n", file, settings.broker.host,
			settings.broker.port);
	return r;
}

// Points and pathways refer to each other, so the whole atlas is checked.
static int check_atlas(const struct check *check, const char *file, struct problems *problems)
{
	char buf[PATH_MAX];
	struct atlas atlas;
	int r = atlas_load(options_library(check->options, file, buf), problems, &atlas);

	if (r == 0) {
		printf("%s: ok: atlas: %zu points, %zu pathways\n", file, atlas.n_points,
			atlas.n_pathways);
		atlas_clear(&atlas);
	}
	return r;
}

// Plan the profile on the chair.
static int check_plan(const struct check *check, const char *file, const struct profile *profile,
	const struct atlas *atlas, struct problems *problems)
{
	struct plan_problem problem;
	struct plan plan;
	char text[256];

	if (plan_build(profile, atlas, &check->chair, &plan, &problem) < 0) {
		plan_problem_text(&problem, profile, atlas, text, sizeof(text));
		problems_add(problems, file, 0, "", "on chair %s: %s", check->chair.id, text);
		return -EINVAL;
	}
	printf("%s: ok: profile %s: %zu steps; on chair %s: %zu segments, about %.0f min\n", file,
		profile->name, profile->n_steps, check->chair.id, plan.n_segments,
		plan.estimate_s / 60);
	for (size_t i = 0; i < plan.n_unreachable; i++)
		printf("%s: note: chair %s does not reach %s\n", file, check->chair.id,
			atlas->points[plan.unreachable[i]].name);
	return 0;
}

static int check_profile(const struct check *check, const char *file, struct problems *problems)
{
	struct profile profile;
	char buf[PATH_MAX];
	struct atlas atlas;
	int r = atlas_load(options_library(check->options, file, buf), problems, &atlas);

	if (r < 0)
		return r;
	r = profile_load(file, &atlas, problems, &profile);
	if (r == 0) {
		if (check->planned)
			r = check_plan(check, file, &profile, &atlas, problems);
		else
			printf("%s: ok: profile %s: %zu steps\n", file, profile.name,
				profile.n_steps);
		profile_clear(&profile);
	}
	atlas_clear(&atlas);
	return r;
}

static int check_file(const struct check *check, const char *file)
{
	__attribute__((cleanup(problems_clear))) struct problems problems = { 0 };
	int r = -EINVAL;

	switch (file_kind(file, &problems)) {
	case FILE_CHAIR:
		r = check_chair(file, &problems);
		break;
	case FILE_SETTINGS:
		r = check_settings(file, &problems);
		break;
	case FILE_ATLAS:
	case FILE_PATHWAYS:
		r = check_atlas(check, file, &problems);
		break;
	case FILE_PROFILE:
		r = check_profile(check, file, &problems);
		break;
	case FILE_UNKNOWN:
		break;
	}
	options_print_problems(stdout, &problems);
	return r;
}

static int run_check(const struct subcommand *self, int argc, char *argv[])
{
	__attribute__((cleanup(problems_clear))) struct problems problems = { 0 };
	struct options options;
	struct check check = { .options = &options };
	int r;

	if (!options_parse(self, NULL, argc, argv, &options, &r))
		return r;
	if (options.chair && chair_load(options.chair, &problems, &check.chair) < 0) {
		options_print_problems(stdout, &problems);
		return EXIT_REFUSED;
	}
	check.planned = options.chair;
	r = EXIT_OK;
	for (int i = 0; i < options.n_operands; i++)
		if (check_file(&check, options.operands[i]) < 0)
			r = EXIT_REFUSED;
	return r;
}

const struct subcommand cmd_check = {
	.name = "check",
	.operands = "FILE...",
	.operands_min = 1,
	.operands_max = INT_MAX,
	.common = COMMON_LIBRARY,
	.summary = "find everything that is wrong with files",
	.details =
		"Chairs, atlas, pathways, profiles and settings, recognised by their keys. A\n"
		"problem is one line, FILE:LINE: PATH: PROBLEM, or FILE:LINE:COLUMN: PROBLEM in\n"
		"the text itself; what settings name must exist. A point or a pathway is checked\n"
		"together with its folder (DIR/atlas, DIR/pathways), a profile against the atlas\n"
		"of its library: --profiles, else around FILE or the chair's file, else of the\n"
		"settings, else profiles/ here. With --chair a profile is also planned for that\n"
		"chair, and the points out of its reach are named. A chair is proved\n"
		"electrically too (chair.cfg(5), PROOF), and the risks that its file\n"
		"acknowledges are noted.",
	.run = run_check,
};
