// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "config/library.h"
#include "config/step_lines.h"

#define PATH_SIZE 64

// "steps[2].hold_s", or "defaults.hold_s" if it stands there.
static void path_of(const struct profile_step *step, int index, enum step_key key,
	char path[PATH_SIZE])
{
	const char *name = step_key_name(step, key);

	if (step->of_defaults & 1u << key)
		snprintf(path, PATH_SIZE, "defaults.%s", name);
	else
		snprintf(path, PATH_SIZE, "steps[%d]%s%s", index, *name ? "." : "", name);
}

static int line_of_point(const struct profile_step *step, int point)
{
	for (size_t i = 0; i < step->n_points; i++) {
		if (step->points[i] == point)
			return step_lines_point(step, i);
	}
	return step->line[STEP_POINTS];
}

static void place(const struct plan_finding *finding, const struct profile *profile, int *ret_line,
	char path[PATH_SIZE])
{
	enum step_key key = finding_key(finding, profile);
	const struct profile_step *step;

	if (finding->step < 0) {
		*ret_line = profile->minutes_line;
		snprintf(path, PATH_SIZE, "%s", profile->minutes_given ? "minutes_max" : "steps");
		return;
	}
	step = &profile->steps[finding->step];
	*ret_line = step->line[key];
	if (key == STEP_POINTS && finding->point >= 0)
		*ret_line = line_of_point(step, finding->point);
	path_of(step, finding->step, key, path);
}

static void report(const struct plan_finding *finding, const struct profile *profile,
	const struct atlas *atlas, const struct chair *chair, const struct plan_proof *proof,
	struct problems *problems)
{
	struct problem problem = {
		.advice = finding_is_advice(finding->kind),
		.code = finding_code(finding->kind),
		.value = finding->value,
		.bound = finding->bound,
	};
	char path[PATH_SIZE], text[PLAN_FINDING_TEXT_SIZE];

	place(finding, profile, &problem.line, path);
	plan_finding_text(finding, profile, atlas, chair, proof->step_s, text, sizeof(text));
	problems_add_like(problems, problem, profile->file, path, "%s", text);
}

// Errors come first, and each kind in the order of the lines.
static bool is_before(const struct problem *a, const struct problem *b)
{
	return a->advice != b->advice ? b->advice : a->line < b->line;
}

static void sort(struct problems *problems, size_t first)
{
	for (size_t i = first; i < problems->n; i++) {
		struct problem problem = problems->list[i];
		size_t k = i;

		for (; k > first && is_before(&problem, &problems->list[k - 1]); k--)
			problems->list[k] = problems->list[k - 1];
		problems->list[k] = problem;
	}
}

int profile_prove(const struct profile *profile, const struct atlas *atlas,
	const struct chair *chair, struct problems *problems, struct plan *ret_plan,
	struct plan_proof *ret_proof)
{
	int r = plan_prove(profile, atlas, chair, ret_plan, ret_proof);
	const struct plan_findings *findings = &ret_proof->findings;
	size_t first = problems->n;

	for (size_t i = 0; i < findings->n; i++)
		report(&findings->list[i], profile, atlas, chair, ret_proof, problems);
	sort(problems, first);
	problems->dropped += findings->dropped;
	return r;
}
