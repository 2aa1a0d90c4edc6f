// SPDX-License-Identifier: MIT
//
// Whole session in virtual time: session and guard of the daemons, driving the simulated chair.
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "ctl/planned_profile.h"
#include "ctl/recording_files.h"
#include "ctl/simulation_recorder.h"
#include "ctl/table.h"
#include "ctl/terminal.h"
#include "ctl/work_bar.h"

#define OVERTIME_S      120 // beyond the longest session: then it hangs
#define TIMELINE_INDENT 12

// Force on the simulated person by the holding actuator, integrated over the hold.
struct felt {
	int actuator; // -1: nothing is held
	int64_t since_us;
	double force_n; // since then
	double sum_n_us, total_us, peak_n;
};

struct run {
	const struct planned_profile *planned;
	const struct library *library; // of it, as the plan
	const struct plan *plan;
	struct simulator *simulator;
	struct terminal terminal;
	bool quiet; // write the timeline into `events` only
	enum session_phase phase;
	uint16_t segment;
	struct felt felt;
	bool begun, completed;
	struct table table;
	json_t *events;
	struct recording recording;
	struct simulation_recorder recorder;
	bool records, out_of_memory;
	struct work_bar bar; // if no timeline is on the terminal
};

struct request {
	int64_t seed;
	double intensity;
	struct option_list faults;
	const char *trace, *svg, *csv; // files to write; NULL: none
	bool json;
};

static const char *point_name(const struct run *run, int index)
{
	return planned_point_name(run->library, index);
}

static char *label(const struct run *run, const int16_t points[2], char buf[LABEL_SIZE])
{
	buf[0] = '\0';
	if (points[0] < 0)
		return buf;
	return table_label(buf, point_name(run, points[0]), point_name(run, points[1]));
}

// Where a part of the chair goes, in the place of the points.
static const char *posture(const struct run *run, const struct session_status *status,
	char buf[LABEL_SIZE])
{
	const struct segment *segment = &run->plan->segments[status->segment];

	buf[0] = '\0';
	if (status->phase == SESSION_POSTURE)
		snprintf(buf, LABEL_SIZE, "%s to %d permille",
			run->library->chair.actuators[segment->actuator].name, segment->permille);
	return buf;
}

static void feel(struct run *run, int64_t now_us)
{
	struct felt *felt = &run->felt;

	felt->sum_n_us += felt->force_n * (double)(now_us - felt->since_us);
	felt->total_us += (double)(now_us - felt->since_us);
	felt->since_us = now_us;
	felt->force_n = sim_truth(simulator_hal(run->simulator), felt->actuator).force_n;
	felt->peak_n = fmax(felt->peak_n, felt->force_n);
}

// A pause of the profile is called as its technique.
static const char *phase_word(enum session_phase phase)
{
	return phase == SESSION_TIMED_PAUSE ? technique_name(TECHNIQUE_PAUSE)
					    : session_phase_name(phase);
}

static void print_phase(struct run *run, int64_t now_us, const struct session_status *status)
{
	double at_s = (double)now_us / (double)US_PER_S;
	char points[LABEL_SIZE], part[LABEL_SIZE], target[40] = "";

	if (run->quiet)
		return;
	if (status->target > 0)
		snprintf(target, sizeof(target), "  %.1f %s", status->target,
			table_unit(status->target_unit));
	if (status->has_plan)
		terminal_put(&run->terminal, TIMELINE_INDENT, "%8.2f s  %-9s  %3d/%-3d  %s%s%s",
			at_s, phase_word(status->phase), status->segment + 1, status->n_segments,
			label(run, status->points, points), posture(run, status, part), target);
	else
		terminal_put(&run->terminal, TIMELINE_INDENT, "%8.2f s  %s%s", at_s,
			session_phase_name(status->phase), target);
}

static void record(struct run *run, int64_t now_us, bool changed)
{
	if (run->records &&
		simulation_recorder_step(&run->recorder, run->simulator, now_us, changed) < 0)
		run->out_of_memory = true;
}

static void on_step(void *data, int64_t now_us)
{
	struct run *run = data;

	if (run->felt.actuator >= 0)
		feel(run, now_us);
	record(run, now_us, false);
	work_bar_update(&run->bar,
		(double)now_us / (double)US_PER_S / fmax(1, run->plan->estimate_s));
}

static void on_changed(void *data, int64_t now_us)
{
	struct run *run = data;
	struct session_status status;

	session_status(simulator_session(run->simulator), now_us, &status);
	if (status.phase == run->phase && status.segment == run->segment)
		return;
	record(run, now_us, true);
	print_phase(run, now_us, &status);
	if (run->begun && (status.phase == SESSION_IDLE || status.phase == SESSION_FAULT))
		simulator_stop(run->simulator);
	run->phase = status.phase;
	run->segment = status.segment;
	if (status.phase == SESSION_HOLD)
		run->felt = (struct felt){ .actuator = run->plan->segments[status.segment].actuator,
			.since_us = now_us };
	if (status.phase == SESSION_HOLD)
		feel(run, now_us);
	else
		run->felt.actuator = -1;
}

static void add_hold(struct run *run, const struct hold_result *hold)
{
	const struct felt *felt = &run->felt;
	struct table_row row = { .hold = *hold, .felt_mean_n = NAN, .felt_peak_n = NAN };

	label(run, hold->points, row.label);
	if (felt->total_us > 0) {
		row.felt_mean_n = felt->sum_n_us / felt->total_us;
		row.felt_peak_n = felt->peak_n;
	}
	table_add(&run->table, &row);
}

static void on_event(void *data, int64_t now_us, const struct session_event *event)
{
	struct run *run = data;
	const char *why = NULL;

	if (event->type == SESSION_EVENT_STARTED)
		run->begun = true;
	if (event->type == SESSION_EVENT_HOLD_DONE)
		add_hold(run, &event->hold);
	if (event->type == SESSION_EVENT_COMPLETED)
		run->completed = true;
	if (event->type == SESSION_EVENT_TRIPPED ||
		(event->cause == CAUSE_GUARD && event->reason != REASON_NONE))
		why = guard_reason_text(event->reason);
	else if (event->cause != CAUSE_NONE)
		why = session_cause_text(event->cause);
	json_array_append_new(run->events,
		json_pack("{s:f, s:s, s:s*}", "t_s", (double)now_us / (double)US_PER_S,
			"event_type", session_event_name(event->type), "why", why));
	if (!run->quiet && event->type != SESSION_EVENT_STEP_DONE)
		terminal_put(&run->terminal, TIMELINE_INDENT, "%8.2f s  * %s%s%s",
			(double)now_us / (double)US_PER_S, session_event_name(event->type),
			why ? ": " : "", why ? why : "");
}

static json_t *holds_json(const struct table *table)
{
	json_t *holds = json_array();

	for (size_t i = 0; i < table->n; i++) {
		const struct table_row *row = &table->rows[i];

		json_array_append_new(holds,
			json_pack("{s:s, s:s, s:b, s:f, s:f, s:f, s:f, s:f, s:f, s:o*, s:o*, s:s}",
				"points", row->label, "unit", table_unit(row->hold.unit),
				"measured", row->hold.measured, "target", row->hold.target, "mean",
				row->hold.mean, "minimum", row->hold.minimum, "peak",
				row->hold.peak, "seconds", row->hold.seconds, "in_band",
				row->hold.in_band, "felt_mean_n", json_real(row->felt_mean_n),
				"felt_peak_n", json_real(row->felt_peak_n), "verdict",
				table_verdict_text(table_verdict(&row->hold))));
	}
	return holds;
}

// As the answer to `start` has them.
static void add_left_out(const struct run *run, uint16_t point, json_t *unreachable, json_t *closed)
{
	const struct person *person = run->planned->person;
	const char *why = person ? person_closed(person, &run->library->atlas, point) : NULL;

	if (why)
		json_array_append_new(closed,
			json_pack("{s:s, s:s}", "point", point_name(run, point), "reason", why));
	else
		json_array_append_new(unreachable, json_string(point_name(run, point)));
}

static void print_json(const struct run *run, int64_t seed, int64_t end_us)
{
	const struct person *person = run->planned->person;
	json_auto_t *unreachable = json_array();
	json_auto_t *closed = person ? json_array() : NULL;
	json_auto_t *all = NULL;

	for (size_t i = 0; i < run->plan->n_unreachable; i++)
		add_left_out(run, run->plan->unreachable[i], unreachable, closed);
	all = json_pack("{s:s, s:s, s:s*, s:I, s:b, s:b, s:f, s:O, s:O*, s:O, s:o}", "profile",
		run->plan->profile, "chair", run->library->chair.id, "person",
		person ? person->name : NULL, "seed", (json_int_t)seed, "completed", run->completed,
		"held", table_good(&run->table), "seconds", (double)end_us / (double)US_PER_S,
		"unreachable", unreachable, "closed", closed, "events", run->events, "holds",
		holds_json(&run->table));
	json_dumpf(all, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
	putchar('\n');
}

static void print_result(const struct run *run, int64_t seed, int64_t end_us)
{
	char why[LEFT_OUT_SIZE], person[FOR_SIZE], line[2 * NAME_SIZE + 120];

	if (run->plan->n_unreachable)
		putchar('\n');
	for (size_t i = 0; i < run->plan->n_unreachable; i++)
		terminal_put(&run->terminal, TIMELINE_INDENT, "%s %s: %s",
			i == 0 ? "left out:" : "         ",
			point_name(run, run->plan->unreachable[i]),
			planned_left_out(run->planned, i, why));
	if (run->table.n > 0) {
		putchar('\n');
		table_print(stdout, &run->table, &run->terminal);
	}
	snprintf(line, sizeof(line), "\n%s%s%s after %.1f s%s on %s (seed %lld)\n",
		run->completed ? terminal_good(&run->terminal) : terminal_bad(&run->terminal),
		run->completed ? "completed" : "not completed", terminal_plain(&run->terminal),
		(double)end_us / (double)US_PER_S, planned_for(run->planned, person),
		run->library->chair.id, (long long)seed);
	terminal_wrap(stdout, &run->terminal, 2, line);
}

static void run_begin(struct run *run, const struct planned_profile *planned,
	struct simulator *simulator)
{
	run->planned = planned;
	run->library = planned->library;
	run->plan = &planned->plan;
	run->simulator = simulator;
	run->events = json_array();
	run->recording = (struct recording){
		.chair = &planned->library->chair,
		.atlas = &planned->library->atlas,
		.has_felt = true,
		.left_out = planned->plan.unreachable,
		.n_left_out = planned->plan.n_unreachable,
		.left_out_why = planned->person ? "left out" : "out of reach",
	};
	run->recorder.recording = &run->recording;
}

static void run_clear(struct run *run)
{
	json_decref(run->events);
	recording_clear(&run->recording);
}

static int inject(const struct run *run, const struct option_list *faults)
{
	for (size_t i = 0; i < faults->n; i++) {
		struct sim_fault fault;
		char why[128];

		if (sim_fault_parse(&run->library->chair, faults->items[i], &fault, why,
			    sizeof(why)) < 0) {
			terminal_error("usage", NULL, "--fault: \"%s\": %s", faults->items[i], why);
			return EXIT_USAGE;
		}
		if (sim_inject(simulator_hal(run->simulator), &fault) < 0) {
			terminal_error("usage", NULL, "--fault: too many");
			return EXIT_USAGE;
		}
	}
	return EXIT_OK;
}

static int play(struct run *run, double intensity)
{
	const struct command start = { .verb = COMMAND_START, .intensity_percent = intensity };
	const struct simulator_watch watch = {
		.event = on_event, .step = on_step, .changed = on_changed, .data = run
	};
	enum refusal refusal;

	simulator_run(run->simulator, 0, &watch); // until the guard's first report
	refusal = simulator_command(run->simulator, &start, run->plan);
	if (refusal != REFUSAL_NONE) {
		terminal_error(refusal_code(refusal), refusal_hint(refusal), "start: %s",
			refusal_text(refusal));
		return EXIT_REFUSED;
	}
	work_bar_begin(&run->bar, "simulating", run->quiet || !run->terminal.live);
	simulator_run(run->simulator, (run->plan->max_s + OVERTIME_S) * US_PER_S, &watch);
	work_bar_end(&run->bar);
	return run->completed ? EXIT_OK : EXIT_REFUSED;
}

static void simulator_freep(struct simulator **simulator)
{
	simulator_free(*simulator);
}

static void filep(FILE **file)
{
	if (*file)
		fclose(*file);
}

static void describe(struct run *run, const struct request *request)
{
	struct recording *recording = &run->recording;
	double seconds = recording_seconds(recording);
	char person[FOR_SIZE];

	memcpy(recording->title, run->plan->title, sizeof(recording->title));
	snprintf(recording->notes[0], RECORDING_TEXT_SIZE, "Profile %s%s on chair %s",
		run->plan->profile, planned_for(run->planned, person), run->library->chair.id);
	snprintf(recording->notes[1], RECORDING_TEXT_SIZE, "%s after %d:%02d",
		run->completed ? "Completed" : "Not completed", (int)seconds / 60,
		(int)seconds % 60);
	snprintf(recording->notes[2], RECORDING_TEXT_SIZE, "Simulated (seed %lld)",
		(long long)request->seed);
}

static int write_files(struct run *run, const struct request *request)
{
	if (run->out_of_memory) {
		terminal_error("failed", NULL, "recording: %s", strerror(ENOMEM));
		return EXIT_REFUSED;
	}
	describe(run, request);
	return recording_write(&run->recording, request->svg, request->csv);
}

static int simulate(const struct options *options, const struct request *request)
{
	__attribute__((cleanup(planned_profile_clear))) struct planned_profile planned = { 0 };
	__attribute__((cleanup(filep))) FILE *pins = NULL;
	__attribute__((cleanup(simulator_freep))) struct simulator *simulator = NULL;
	__attribute__((cleanup(run_clear))) struct run run = {
		.terminal = terminal_detect(stdout),
		.quiet = request->json,
		.felt.actuator = -1,
		.records = request->svg || request->csv,
	};
	int r;

	if (planned_profile_load(options, options->operands[0], &planned) < 0)
		return EXIT_REFUSED;
	if (request->trace && !(pins = fopen(request->trace, "we"))) {
		terminal_error("file", NULL, "%s: %s", request->trace, strerror(errno));
		return EXIT_REFUSED;
	}
	r = simulator_new(&planned.library->chair,
		&(struct simulator_options){
			.sim = { .seed = (uint64_t)request->seed, .trace = pins } },
		&simulator);
	if (r < 0) {
		terminal_error("failed", NULL, "simulator: %s", strerror(-r));
		return EXIT_REFUSED;
	}
	run_begin(&run, &planned, simulator);
	r = inject(&run, &request->faults);
	if (r == EXIT_OK)
		r = play(&run, request->intensity);
	if (r == EXIT_USAGE || !run.begun)
		return r;
	if (request->json)
		print_json(&run, request->seed, simulator_now_us(simulator));
	else
		print_result(&run, request->seed, simulator_now_us(simulator));
	if (run.records && write_files(&run, request) != EXIT_OK)
		return EXIT_REFUSED;
	if (request->svg && !request->json)
		terminal_put(&run.terminal, 2, "drawn in %s: open it in a browser", request->svg);
	return r;
}

static int run_simulate(const struct subcommand *self, int argc, char *argv[])
{
	struct request request = { .seed = 1, .intensity = NAN };
	const struct option_row rows[] = {
		{ "intensity", 'I', OPTION_PERCENT, &request.intensity, "PERCENT",
			"between floor and target", 0, 100 },
		{ "seed", 's', OPTION_INTEGER, &request.seed, "N",
			"seed of the simulated noise (1)", 0, 9e15 },
		{ "fault", 'f', OPTION_LIST, &request.faults, "SPEC",
			"inject a fault; may be repeated", 0, 0 },
		{ "svg", 0, OPTION_TEXT, &request.svg, "FILE",
			"draw pressure, carriage and breath over time", 0, 0 },
		{ "csv", 0, OPTION_TEXT, &request.csv, "FILE", "write the same as a table", 0, 0 },
		{ "trace", 0, OPTION_TEXT, &request.trace, "FILE", "write every change of a pin", 0,
			0 },
		{ "json", 0, OPTION_SWITCH, &request.json, NULL, "print the result as JSON", 0, 0 },
		{ 0 },
	};
	struct options options;
	int r;

	if (!options_parse(self, rows, argc, argv, &options, &r))
		return r;
	return simulate(&options, &request);
}

const struct subcommand cmd_simulate = {
	.name = "simulate",
	.operands = "PROFILE",
	.operands_min = 1,
	.operands_max = 1,
	.common = COMMON_LIBRARY | COMMON_PERSON,
	.summary = "play a profile on a simulated chair in virtual time",
	.details =
		"PROFILE is a profile's name or a file (FOLDER/NAME, NAME.cfg). The daemons' own\n"
		"code plays it, on a simulated chair with a person in it. Exit 0 only if the\n"
		"session was completed.\n\n"
		"A fault is KIND[:NAME][=VALUE][@AT_S][+FOR_S]:\n"
		"  estop=1@12.5  seat=0@20  stuck:depth.home=0  dead:carriage@20+5\n"
		"  no-pulses:carriage  sensor-offset:depth=5  sensor-fail:depth  write-fail=3@5\n"
		"  sensor-zero:depth  weak:depth=0.3  chatter:depth.home  vent-sticks:calf_cells\n"
		"  blocked:knead  shorted:pump  channel-reads:legs.current=2500\n"
		"  read-fail  late=300@30",
	.example = "chairctl simulate gentle --svg gentle.svg\n"
		   "chairctl simulate gentle --fault dead:carriage@20",
	.run = run_simulate,
};
