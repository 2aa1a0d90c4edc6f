// SPDX-License-Identifier: MIT
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "config/library.h"
#include "config/text.h"
#include "ctl/named_person.h"
#include "ctl/proof_report.h"
#include "ctl/terminal.h"

// An atlas, loaded once for all files of its library; and the people, whose closed points are its.
struct loaded {
	char dir[PATH_MAX];
	struct atlas atlas;
	struct persons persons; // with it, and the one of --person; NULL: nobody by name
	const struct person *person;
	int result; // of loading both; 1: not tried yet
};

struct check {
	const struct options *options;
	struct terminal terminal;
	struct chair chair; // to prove profiles on
	bool prove;         // it is there
	char why[512];      // it is not
	bool whole;         // print the report of a profile, too
	struct loaded loaded;
	json_t *files; // NULL: print text
};

// A file that is checked: what is wrong with it, and its results.
struct subject {
	struct check *check;
	const char *file;
	struct problems problems;
	json_t *notes, *report; // may be NULL
};

// "FILE: ok: ..." or "FILE: note: ..." on a line, or in the notes.
static void say(struct subject *subject, const char *what, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void say(struct subject *subject, const char *what, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (subject->check->files)
		json_array_append_new(subject->notes, json_string(text));
	else
		printf("%s: %s: %s\n", subject->file, what, text);
}

static void say_risks(struct subject *subject, const char *of, unsigned acknowledged)
{
	for (int risk = 0; risk < RISK_COUNT; risk++) {
		if (acknowledged & RISK_BIT(risk))
			say(subject, "note", "%s acknowledges %s: %s", of, risk_name(risk),
				risk_text(risk));
	}
}

static void check_chair(struct subject *subject)
{
	struct chair chair;

	if (chair_load(subject->file, &subject->problems, &chair) < 0)
		return;
	say(subject, "ok", "chair %s: %zu actuators, %zu lines, %zu reaches", chair.id,
		chair.n_actuators, chair.n_lines, chair.n_reaches);
	say_risks(subject, "the chair", chair.acknowledged);
	for (size_t i = 0; i < chair.n_actuators; i++)
		say_risks(subject, chair.actuators[i].name, chair.actuators[i].acknowledged);
}

static void check_settings(struct subject *subject)
{
	struct settings settings;

	settings_default(&settings);
	if (settings_check(subject->file, &subject->problems, &settings) == 0)
		say(subject, "ok", "settings: broker %s:%d", settings.broker.host,
			settings.broker.port);
}

static void forget_atlas(struct loaded *loaded)
{
	if (loaded->result == 0) {
		persons_clear(&loaded->persons);
		atlas_clear(&loaded->atlas);
	}
	loaded->result = 1;
}

static int load_atlas(const char *dir, struct subject *subject, struct loaded *loaded)
{
	int r = atlas_load(dir, &subject->problems, &loaded->atlas);

	if (r < 0) {
		options_print_missing(subject->check->options, dir);
		return r;
	}
	r = named_person_load(subject->check->options, &loaded->atlas, &loaded->persons,
		&loaded->person, &subject->problems);
	if (r < 0)
		atlas_clear(&loaded->atlas);
	return r;
}

// The atlas that belongs to the file; NULL if it has problems, which are added.
static const struct atlas *atlas_of(struct subject *subject)
{
	struct loaded *loaded = &subject->check->loaded;
	char buf[PATH_MAX];
	const char *dir = options_library(subject->check->options, subject->file, buf);

	if (loaded->result != 0 || strcmp(loaded->dir, dir)) {
		forget_atlas(loaded);
		snprintf(loaded->dir, sizeof(loaded->dir), "%s", dir);
		loaded->result = load_atlas(dir, subject, loaded);
	}
	return loaded->result == 0 ? &loaded->atlas : NULL;
}

// Points and pathways refer to each other, so the whole atlas is checked.
static void check_atlas(struct subject *subject)
{
	const struct atlas *atlas = atlas_of(subject);

	if (atlas)
		say(subject, "ok", "atlas: %zu points, %zu pathways", atlas->n_points,
			atlas->n_pathways);
}

// What is closed are points of the atlas.
static void check_persons(struct subject *subject)
{
	const struct atlas *atlas = atlas_of(subject);
	struct persons persons;

	if (persons_load(subject->file, atlas, &subject->problems, &persons) < 0)
		return;
	if (atlas)
		say(subject, "ok", "persons: %zu", persons.n);
	persons_clear(&persons);
}

// The planner lengthens a rest for the zone or the actuator.
static void note_rests(struct subject *subject, const struct profile *profile,
	const struct plan *plan)
{
	for (size_t i = 0; i < profile->n_steps; i++) {
		double rest_s = 0;

		for (size_t k = 0; k < plan->n_segments; k++) {
			if (plan->segments[k].step == i)
				rest_s = fmax(rest_s, plan->segments[k].rest_s);
		}
		if (rest_s >= profile->steps[i].rest_s + 0.5)
			say(subject, "note",
				"steps[%zu].rest_s: up to %.0f s are played in place of %g s: the "
				"zone, or the actuator, needs that rest",
				i, rest_s, profile->steps[i].rest_s);
	}
}

static void report_proof(struct subject *subject, const struct proof_report *report)
{
	const struct check *check = subject->check;

	const struct person *person = check->loaded.person;

	say(subject, "ok",
		"profile %s: %zu steps;%s%s on chair %s: %zu segments, about %.1f of %.0f min",
		report->profile->name, report->profile->n_steps, person ? " for " : "",
		person ? person->name : "", check->chair.id, report->plan->n_segments,
		report->plan->estimate_s / 60, report->plan->max_s / 60.0);
	note_rests(subject, report->profile, report->plan);
	if (check->files)
		subject->report = proof_report_json(report);
	else if (check->whole)
		proof_report_print(stdout, report, &check->terminal);
}

static void prove(struct subject *subject, const struct profile *profile, const struct atlas *atlas)
{
	const struct chair *chair = &subject->check->chair;
	struct plan_proof proof;
	struct plan plan;

	if (profile_prove_for(subject->check->loaded.person, profile, atlas, chair,
		    &subject->problems, &plan, &proof) == 0)
		report_proof(subject,
			&(struct proof_report){ profile, atlas, chair, &plan, &proof });
}

static void check_profile(struct subject *subject)
{
	const struct atlas *atlas = atlas_of(subject);
	struct profile profile;

	if (profile_load(subject->file, atlas, &subject->problems, &profile) < 0)
		return;
	if (atlas && subject->check->prove)
		prove(subject, &profile, atlas);
	else if (atlas)
		say(subject, "ok", "profile %s: %zu steps; not proved: %s", profile.name,
			profile.n_steps, subject->check->why);
	profile_clear(&profile);
}

static json_t *problem_json(const struct problem *problem)
{
	return json_pack("{s:s, s:s, s:o, s:o, s:s, s:s, s:s*, s:o, s:o}", "severity",
		problem->advice ? "warning" : "error", "file", problem->file, "line",
		problem->line ? json_integer(problem->line) : json_null(), "column",
		problem->column ? json_integer(problem->column) : json_null(), "path",
		problem->path, "text", problem->text, "code", problem->code, "value",
		problem->code ? json_real(problem->value) : json_null(), "bound",
		problem->code ? json_real(problem->bound) : json_null());
}

static void add_json(struct subject *subject)
{
	json_t *findings = json_array();

	for (size_t i = 0; i < subject->problems.n; i++)
		json_array_append_new(findings, problem_json(&subject->problems.list[i]));
	json_array_append_new(subject->check->files,
		json_pack("{s:s, s:b, s:o, s:I, s:O, s:O*}", "file", subject->file, "good",
			problems_errors(&subject->problems) == 0, "findings", findings, "dropped",
			(json_int_t)subject->problems.dropped, "notes", subject->notes, "proof",
			subject->report));
}

static bool can_read(const char *file)
{
	struct stat status;

	if (stat(file, &status) < 0 || access(file, R_OK) < 0)
		return false;
	if (!S_ISDIR(status.st_mode))
		return true;
	errno = EISDIR;
	return false;
}

static void check_kind(struct subject *subject)
{
	switch (file_kind(subject->file, &subject->problems)) {
	case FILE_CHAIR:
		check_chair(subject);
		break;
	case FILE_SETTINGS:
		check_settings(subject);
		break;
	case FILE_ATLAS:
	case FILE_PATHWAYS:
		check_atlas(subject);
		break;
	case FILE_PERSONS:
		check_persons(subject);
		break;
	case FILE_PROFILE:
		check_profile(subject);
		break;
	case FILE_UNKNOWN:
		break;
	}
}

static enum exit_code check_file(struct check *check, const char *file)
{
	struct subject subject = { .check = check, .file = file, .notes = json_array() };
	enum exit_code result = EXIT_OK;

	if (can_read(file)) {
		check_kind(&subject);
		if (problems_errors(&subject.problems))
			result = EXIT_REFUSED;
	} else {
		text_unreadable(file, -errno, &subject.problems);
		result = EXIT_USAGE;
	}
	if (check->files)
		add_json(&subject);
	else
		options_print_problems(stdout, &subject.problems);
	json_decref(subject.notes);
	json_decref(subject.report);
	problems_clear(&subject.problems);
	return result;
}

// The chair of --chair, else of the settings, which need not be there.
static enum exit_code find_chair(struct check *check)
{
	__attribute__((cleanup(problems_clear))) struct problems problems = { 0 };
	const char *file = check->options->settings.chair_file;
	bool named = check->options->chair;

	if (!can_read(file)) {
		snprintf(check->why, sizeof(check->why),
			"%s cannot be read: %s; name a chair with --chair", file, strerror(errno));
		if (named)
			terminal_error("file", NULL, "%s: %s", file, strerror(errno));
		return named ? EXIT_USAGE : EXIT_OK;
	}
	check->prove = chair_load(file, &problems, &check->chair) == 0;
	options_print_problems(stderr, &problems);
	return check->prove ? EXIT_OK : EXIT_REFUSED;
}

static enum exit_code check_files(struct check *check)
{
	const struct options *options = check->options;
	enum exit_code result = find_chair(check);

	if (result != EXIT_OK)
		return result;
	for (int i = 0; i < options->n_operands; i++) {
		enum exit_code one = check_file(check, options->operands[i]);

		result = one > result ? one : result;
	}
	return result;
}

static int run_check(const struct subcommand *self, int argc, char *argv[])
{
	struct options options;
	struct check check = { .options = &options, .loaded.result = 1 };
	bool json = false;
	const struct option_row rows[] = {
		{ "json", 0, OPTION_SWITCH, &json, NULL, "print findings and proofs as JSON", 0,
			0 },
		{ 0 },
	};
	json_auto_t *all = NULL;
	int r;

	if (!options_parse(self, rows, argc, argv, &options, &r))
		return r;
	check.terminal = terminal_detect(stdout);
	check.whole = options.n_operands == 1;
	if (json)
		check.files = json_array();
	r = check_files(&check);
	forget_atlas(&check.loaded);
	if (!json)
		return r;
	all = json_pack("{s:s*, s:o}", "chair", check.prove ? check.chair.id : NULL, "files",
		check.files);
	json_dumpf(all, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
	putchar('\n');
	return r;
}

const struct subcommand cmd_check = {
	.name = "check",
	.operands = "FILE...",
	.operands_min = 1,
	.operands_max = INT_MAX,
	.common = COMMON_LIBRARY | COMMON_PERSON,
	.summary = "find everything that is wrong with files, and prove profiles",
	.details =
		"Chairs, atlas, pathways, profiles and settings, recognised by their keys. A\n"
		"problem is one line, FILE:LINE: PATH: PROBLEM, or FILE:LINE:COLUMN: PROBLEM in\n"
		"the text itself; what settings name must exist. A point or a pathway is checked\n"
		"together with its folder (DIR/atlas, DIR/pathways), a profile against the atlas\n"
		"of its library: --profiles, else around FILE or the chair's file, else of the\n"
		"settings, else profiles/ here. A chair is proved electrically too\n"
		"(chair.cfg(5), PROOF), and the risks that its file acknowledges are noted.\n\n"
		"A profile is also planned and proved on a chair, that of --chair or of the\n"
		"settings, before anything moves: force, time under drive, current, travel and\n"
		"length, for the worst case. A rule that it breaks is an error, advice that it\n"
		"does not follow a warning. A single profile that is proved gets a report: the\n"
		"seconds of each step, the dose of each point and muscle, the force on each\n"
		"region, the longest on-time of each line.\n\n"
		"Exit 0: all good, perhaps with warnings; 1: errors; 2: a file cannot be read.",
	.example = "chairctl check shoulders.cfg --chair recliner.cfg",
	.run = run_check,
};
