// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "config/library.h"
#include "config/step_lines.h"

#define PATH_SIZE 64

#define CLOSED_CODE "closed"

// What is proved.
struct subject {
	const struct profile *profile;
	const struct atlas *atlas;
	const struct chair *chair;
	const struct person *person; // NULL: nobody by name
};

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
	if (finding->layer) {
		*ret_line = step->layers[finding->layer - 1].line;
		snprintf(path, PATH_SIZE, "steps[%d].with[%d]", finding->step, finding->layer - 1);
	}
}

// Why the chair does not reach what it is about: it is closed to the person. NULL: it is not.
static const char *why_closed(const struct plan_finding *finding, const struct subject *subject)
{
	const struct person *person = subject->person;

	if (!person)
		return NULL;
	switch (finding->kind) {
	case FINDING_OUT_OF_REACH:
		return person_closed(person, subject->atlas, (size_t)finding->point);
	case FINDING_NOTHING_PRESSED:
		return person_closed_step(person, subject->atlas,
			&subject->profile->steps[finding->step]);
	case FINDING_NOTHING_REACHED:
		return person_closed_profile(person, subject->atlas, subject->profile);
	default:
		return NULL;
	}
}

static const char *what_is_closed(const struct plan_finding *finding, const struct subject *subject)
{
	if (finding->kind == FINDING_OUT_OF_REACH)
		return subject->atlas->points[finding->point].name;
	return finding->kind == FINDING_NOTHING_PRESSED ? "what it presses" : "all of it";
}

static void report(const struct plan_finding *finding, const struct subject *subject,
	const struct plan_proof *proof, struct problems *problems)
{
	struct problem problem = {
		.advice = finding_is_advice(finding->kind),
		.code = finding_code(finding->kind),
		.value = finding->value,
		.bound = finding->bound,
	};
	const char *closed = why_closed(finding, subject);
	char path[PATH_SIZE], text[PLAN_FINDING_TEXT_SIZE];

	place(finding, subject->profile, &problem.line, path);
	if (closed) {
		problem.code = CLOSED_CODE;
		snprintf(text, sizeof(text), "%s is closed to %s: %s",
			what_is_closed(finding, subject), subject->person->name, closed);
	} else {
		plan_finding_text(finding, subject->profile, subject->atlas, subject->chair,
			proof->step_s, text, sizeof(text));
	}
	problems_add_like(problems, problem, subject->profile->file, path, "%s", text);
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

static void report_all(const struct plan_proof *proof, const struct subject *subject,
	struct problems *problems)
{
	const struct plan_findings *findings = &proof->findings;
	size_t first = problems->n;

	for (size_t i = 0; i < findings->n; i++)
		report(&findings->list[i], subject, proof, problems);
	sort(problems, first);
	problems->dropped += findings->dropped;
}

int profile_prove_for(const struct person *person, const struct profile *profile,
	const struct atlas *atlas, const struct chair *chair, struct problems *problems,
	struct plan *ret_plan, struct plan_proof *ret_proof)
{
	const struct subject subject = { profile, atlas, chair, person };
	struct atlas own = *atlas;
	struct point *points = NULL;
	int r;

	if (person) {
		points = calloc(atlas->n_points + 1, sizeof(*points));
		if (!points)
			return -ENOMEM;
		own = person_atlas(person, atlas, chair, points);
	}
	r = person_prove(person, profile, &own, chair, ret_plan, ret_proof);
	report_all(ret_proof, &subject, problems);
	free(points);
	return r;
}

int profile_prove(const struct profile *profile, const struct atlas *atlas,
	const struct chair *chair, struct problems *problems, struct plan *ret_plan,
	struct plan_proof *ret_proof)
{
	return profile_prove_for(NULL, profile, atlas, chair, problems, ret_plan, ret_proof);
}
