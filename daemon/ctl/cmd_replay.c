// SPDX-License-Identifier: MIT
//
// A recorded session: its picture, its table, and what the guard's limits and the independent
// checker find in it.
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "checker/person_check.h"
#include "checker/trace_check.h"
#include "config/library.h"
#include "ctl/limit_check.h"
#include "ctl/options.h"
#include "ctl/recording_files.h"
#include "ctl/session_record.h"
#include "ctl/terminal.h"

struct replay {
	struct library *library;
	const char *chair_file;
	const char *pins_file, *record_file; // NULL: not given
	struct pin_trace pins;
	struct session_record record;
	struct recording recording;
};

static void replay_clear(struct replay *replay)
{
	pin_trace_clear(&replay->pins);
	recording_clear(&replay->recording);
	library_free(replay->library);
}

static FILE *open_file(const char *file)
{
	FILE *stream = fopen(file, "re");

	if (!stream)
		terminal_error("file", NULL, "%s: %s", file, strerror(errno));
	return stream;
}

static int fail(const char *file, int r, int line, const char *what)
{
	if (r == -EINVAL)
		terminal_error("file", NULL, "%s:%d: is no line of %s", file, line, what);
	else
		terminal_error("failed", NULL, "%s: %s", file, strerror(-r));
	return EXIT_USAGE;
}

// Put the file in its place by its first character: an object is a record, all else a pin trace.
static int add_file(struct replay *replay, const char *file)
{
	FILE *stream = open_file(file);
	const char **place;
	int first;

	if (!stream)
		return EXIT_USAGE;
	first = fgetc(stream);
	fclose(stream);
	place = first == '{' ? &replay->record_file : &replay->pins_file;
	if (*place) {
		terminal_error("usage", "one pin trace and one record of messages at most",
			"%s and %s are of the same kind", *place, file);
		return EXIT_USAGE;
	}
	*place = file;
	return EXIT_OK;
}

static int read_record(struct replay *replay)
{
	FILE *stream = open_file(replay->record_file);
	int line, r;

	if (!stream)
		return EXIT_USAGE;
	r = session_record_read(stream, &replay->recording, &replay->record, &line);
	fclose(stream);
	return r < 0 ? fail(replay->record_file, r, line, "a record of messages") : EXIT_OK;
}

// Without messages, samples by the pins alone: drives, and forces by the table.
static int sample_pins(struct replay *replay)
{
	const struct chair *chair = &replay->library->chair;

	for (size_t window = 0; window < replay->pins.n_windows; window++) {
		struct sample sample = { .t_us = (int64_t)window * PIN_WINDOW_US,
			.points = { -1, -1 },
			.actuator = -1,
			.lung = NAN };

		for (size_t i = 0; i < chair->n_actuators; i++) {
			double drive = pin_trace_drive(&replay->pins, (int)i, window);

			sample.by[i] = (struct recorded_actuator){
				.drive_permille = (float)drive,
				.delivered_n = (float)recorded_force_n(&chair->actuators[i], drive,
					false, NAN),
				.felt_n = NAN,
				.position = NAN,
			};
			if (sample.by[i].delivered_n > 0)
				sample.actuator = (int8_t)i;
		}
		recording_set_ceilings(&replay->recording, &sample);
		if (recording_add(&replay->recording, &sample) < 0)
			return fail(replay->pins_file, -ENOMEM, 0, "");
	}
	return EXIT_OK;
}

static int read_pins(struct replay *replay)
{
	FILE *stream = open_file(replay->pins_file);
	int line, r;

	if (!stream)
		return EXIT_USAGE;
	r = pin_trace_read(stream, &replay->library->chair, &replay->pins, &line);
	fclose(stream);
	if (r < 0)
		return fail(replay->pins_file, r, line, "a pin trace of this chair");
	replay->recording.pins = &replay->pins;
	return replay->record_file ? EXIT_OK : sample_pins(replay);
}

static void describe(struct replay *replay)
{
	struct recording *recording = &replay->recording;
	double seconds = recording_seconds(recording);

	if (!*recording->title)
		snprintf(recording->title, sizeof(recording->title), "Recorded session");
	snprintf(recording->notes[0], RECORDING_TEXT_SIZE, "Recorded on chair %s: %d:%02d",
		replay->library->chair.id, (int)seconds / 60, (int)seconds % 60);
	if (*replay->record.ended)
		snprintf(recording->notes[1], RECORDING_TEXT_SIZE, "It ended: %s%s%s",
			replay->record.ended, *replay->record.why ? ", " : "", replay->record.why);
	if (!replay->record_file)
		snprintf(recording->notes[1], RECORDING_TEXT_SIZE,
			"By its pins alone: forces are those of the drives");
}

static int check_times(const struct replay *replay)
{
	const struct recording *recording = &replay->recording;

	if (!replay->record_file || !replay->pins_file || !recording->n ||
		replay->pins.end_us >= recording_start_us(recording))
		return EXIT_OK;
	terminal_error("file", "both are on the guard's clock: take those of one session",
		"%s ends before %s begins", replay->pins_file, replay->record_file);
	return EXIT_USAGE;
}

// --- rules ------------------------------------------------------------------------------------

static void print_head(const char *name, size_t n)
{
	if (n)
		printf("%s: %zu %s\n", name, n, n == 1 ? "violation" : "violations");
	else
		printf("%s: no violation\n", name);
}

static size_t judge_limits(const struct replay *replay)
{
	struct terminal terminal = terminal_detect(stdout);
	struct limit_report report;

	limit_check(&replay->recording, &report);
	print_head("guard's limits", report.n);
	limit_report_print(&report, stdout, &terminal);
	return report.n;
}

// -errno, or the number of violations.
static int judge_pins(const struct replay *replay, const struct trace_chair *chair)
{
	struct trace_report report;
	FILE *stream = open_file(replay->pins_file);
	int r;

	if (!stream)
		return -errno;
	r = trace_check(chair, stream, TRACE_TOLERANCE_US, 0, &report);
	fclose(stream);
	if (r < 0)
		return r;
	print_head("independent checker, pins", report.n);
	trace_report_print(&report, stdout);
	return (int)report.n;
}

static size_t judge_forces(const struct replay *replay, const struct trace_chair *chair)
{
	const struct recording *recording = &replay->recording;
	struct person_check check;

	person_check_start(&check, chair);
	for (size_t i = 0; i < recording->n; i++) {
		const struct sample *sample = &recording->samples[i];

		person_check_time(&check, sample->t_us);
		for (size_t k = 0; k < chair->n_actuators; k++) {
			int carriage = chair->actuators[k].carriage;

			if (chair->actuators[k].presses && !isnan(sample->by[k].delivered_n))
				person_check_force(&check, k, sample->by[k].delivered_n,
					carriage < 0 ? NAN : sample->by[carriage].position,
					sample->pressed >> k & 1);
		}
	}
	print_head("independent checker, forces", check.n);
	if (check.n)
		printf("  %s\n", check.first);
	return check.n;
}

static int judge(const struct replay *replay)
{
	struct trace_chair *chair = malloc(sizeof(*chair));
	size_t n = judge_limits(replay);
	int r = chair ? trace_chair_load(replay->chair_file, chair) : -ENOMEM;

	if (r == 0 && replay->pins_file)
		r = judge_pins(replay, chair);
	if (r >= 0) {
		n += (size_t)r;
		n += replay->record_file ? judge_forces(replay, chair) : 0;
	}
	free(chair);
	if (r < 0) {
		terminal_error("failed", NULL, "independent checker: %s", strerror(-r));
		return EXIT_USAGE;
	}
	return n ? EXIT_REFUSED : EXIT_OK;
}

// --- the subcommand ---------------------------------------------------------------------------

static int load(struct replay *replay, const struct options *options)
{
	__attribute__((cleanup(problems_clear))) struct problems problems = { 0 };
	char dir[PATH_MAX];
	int r = library_load(options_library(options, NULL, dir), options->settings.chair_file,
		&problems, &replay->library);

	if (r < 0) {
		options_print_problems(stderr, &problems);
		return EXIT_USAGE;
	}
	replay->chair_file = options->settings.chair_file;
	replay->recording.chair = &replay->library->chair;
	replay->recording.atlas = &replay->library->atlas;
	for (int i = 0; i < options->n_operands; i++) {
		r = add_file(replay, options->operands[i]);
		if (r != EXIT_OK)
			return r;
	}
	r = replay->record_file ? read_record(replay) : EXIT_OK;
	if (r == EXIT_OK && replay->pins_file)
		r = read_pins(replay);
	return r == EXIT_OK ? check_times(replay) : r;
}

static void print_what(const struct replay *replay)
{
	struct terminal terminal = terminal_detect(stdout);

	if (replay->record_file)
		terminal_put(&terminal, 2, "%s: %zu messages, %zu samples", replay->record_file,
			replay->record.n_messages, replay->recording.n);
	if (replay->record.n_unknown_points)
		terminal_error("points", "--profiles names the library of the recorded chair",
			"the atlas has not every recorded point: those are not drawn");
	if (replay->pins_file)
		terminal_put(&terminal, 2, "%s: %zu changes in %.1f s", replay->pins_file,
			replay->pins.n_changes, (double)replay->pins.end_us / US_PER_S);
}

static int run_replay(const struct subcommand *self, int argc, char *argv[])
{
	__attribute__((cleanup(replay_clear))) struct replay replay = { 0 };
	const char *svg = NULL, *csv = NULL;
	const struct option_row rows[] = {
		{ "svg", 0, OPTION_TEXT, &svg, "FILE", "draw it", 0, 0 },
		{ "csv", 0, OPTION_TEXT, &csv, "FILE", "write the same as a table", 0, 0 },
		{ 0 },
	};
	struct options options;
	int r;

	if (!options_parse(self, rows, argc, argv, &options, &r))
		return r;
	r = load(&replay, &options);
	if (r != EXIT_OK)
		return r;
	print_what(&replay);
	describe(&replay);
	r = recording_write(&replay.recording, svg, csv);
	return r == EXIT_OK ? judge(&replay) : r;
}

const struct subcommand cmd_replay = {
	.name = "replay",
	.operands = "TRACE...",
	.operands_min = 1,
	.operands_max = 2,
	.common = COMMON_LIBRARY,
	.summary = "draw a recorded session, and hold the guard's rules against it",
	.details =
		"TRACE is a pin trace (simulate --trace, chairguard --trace), or a record of\n"
		"messages (watch --record); or both of one session, in any order. Two judge it:\n"
		"the guard's own limits, and a checker that shares no code with the guard and has\n"
		"its own reader of the chair's file. Exit 0 only if neither finds a violation; 2\n"
		"if a file cannot be read.",
	.example = "chairctl simulate gentle --trace pins && chairctl replay pins --svg pins.svg",
	.run = run_replay,
};
