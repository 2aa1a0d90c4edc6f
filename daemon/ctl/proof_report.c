// SPDX-License-Identifier: MIT
#include "ctl/proof_report.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core/dose.h"
#include "ctl/table.h"

#define FULL_INTENSITY 100 // a dose is that of the targets
#define WRAP_INDENT    4
#define CELL_SIZE      24

// Doses of every point of the atlas, and of the muscles.
struct doses {
	struct dose *points;
	struct muscle_dose *muscles;
	size_t n_muscles;
};

static void doses_clear(struct doses *doses)
{
	free(doses->points);
	free(doses->muscles);
}

static bool doses_make(const struct proof_report *report, struct doses *ret_doses)
{
	size_t n = report->atlas->n_points;
	struct doses doses = {
		.points = malloc(n * sizeof(*doses.points) + 1),
		.muscles = malloc(MUSCLE_DOSES_MAX * sizeof(*doses.muscles)),
	};

	if (!doses.points || !doses.muscles) {
		doses_clear(&doses);
		return false;
	}
	dose_of_plan(report->plan, report->chair, FULL_INTENSITY, doses.points, n);
	dose_add_layers(report->plan, report->atlas, report->chair, FULL_INTENSITY, doses.points);
	doses.n_muscles = dose_by_muscle(doses.points, report->atlas, doses.muscles,
		MUSCLE_DOSES_MAX);
	*ret_doses = doses;
	return true;
}

static bool line_used(const struct proof_report *report, size_t line)
{
	return report->proof->lines[line].longest_s > 0;
}

// "depth.forward".
static void line_label(const struct proof_report *report, size_t index, char buf[LABEL_SIZE])
{
	const struct line *line = &report->chair->lines[index];

	snprintf(buf, LABEL_SIZE, "%s.%s", report->chair->actuators[line->actuator].name,
		line_role_name(line->role));
}

// --- tables ----------------------------------------------------------------------------------

struct output {
	FILE *stream;
	const struct terminal *terminal;
	int width; // of the labels
};

static void print_line(const struct output *output, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static void print_row(const struct output *output, const char *label, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void print_line(const struct output *output, const char *format, ...)
{
	char text[2 * LABEL_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	terminal_wrap(output->stream, output->terminal, WRAP_INDENT, text);
}

// With the label in a column.
static void print_row(const struct output *output, const char *label, const char *format, ...)
{
	char rest[LABEL_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(rest, sizeof(rest), format, args);
	va_end(args);
	print_line(output, "%-*s  %s\n", output->width, label, rest);
}

static void print_head(const struct output *output, const char *label, const char *rest)
{
	fputc('\n', output->stream);
	print_row(output, label, "%s", rest);
}

// A number with its unit; "-" if it is not known or has no limit.
static const char *cell(char buf[CELL_SIZE], double value, const char *unit)
{
	if (isfinite(value))
		snprintf(buf, CELL_SIZE, "%.1f %s", value, unit);
	else
		snprintf(buf, CELL_SIZE, "-");
	return buf;
}

// A step is counted from 1 for people; homing and parking have none.
static const char *step_cell(char buf[CELL_SIZE], int step)
{
	if (step < 0)
		snprintf(buf, CELL_SIZE, "homing");
	else
		snprintf(buf, CELL_SIZE, "step %d", step + 1);
	return buf;
}

// A pathway is named after the zone to which it leads: " (gluteus minimus, piriformis)" of it.
static void pathway_muscles(const struct atlas *atlas, const struct profile_step *step,
	char buf[LABEL_SIZE])
{
	size_t used = 0;

	for (size_t i = 0; i < step->n_points && used < LABEL_SIZE; i++) {
		const char *muscle = atlas->points[step->points[i]].muscle;

		if (!used || !strstr(buf, muscle))
			used += (size_t)snprintf(buf + used, LABEL_SIZE - used, "%s%s",
				used ? ", " : " (", muscle);
	}
	if (used && used < LABEL_SIZE)
		snprintf(buf + used, LABEL_SIZE - used, ")");
}

static void print_steps(const struct output *output, const struct proof_report *report)
{
	const struct profile *profile = report->profile;

	print_line(output, "\n%-6s %10s  what\n", "step", "takes");
	for (size_t i = 0; i < profile->n_steps; i++) {
		const struct profile_step *step = &profile->steps[i];
		const char *what = "", *more = "";
		char muscles[LABEL_SIZE] = "", posture[POSTURE_TEXT_SIZE];

		if (step->technique == TECHNIQUE_POSTURE) {
			what = posture_text(step->posture, posture);
		} else if (step->pathway) {
			what = step->pathway->name;
			pathway_muscles(report->atlas, step, muscles);
		} else if (step->n_points) {
			what = report->atlas->points[step->points[0]].name;
			more = step->n_points > 1 ? ", ..." : "";
		}
		print_line(output, "%-6zu %8.1f s  %s%s%s%s%s\n", i + 1, report->proof->step_s[i],
			technique_name(step->technique), *what ? ": " : "", what, more, muscles);
	}
}

static void muscle_label(const struct muscle_dose *muscle, char buf[LABEL_SIZE])
{
	snprintf(buf, LABEL_SIZE, "%s, %s", muscle->muscle, side_name(muscle->side));
}

static void print_dose(const struct output *output, const char *label, const struct dose *dose)
{
	char impulse[CELL_SIZE], peak[CELL_SIZE];

	print_row(output, label, "%5d  %7.1f s  %11s  %7s", dose->presses, dose->pressed_s,
		cell(impulse, dose->impulse_n_s, "N s"), cell(peak, dose->peak_n, "N"));
}

static void print_doses(const struct output *output, const struct proof_report *report,
	const struct doses *doses)
{
	static const char columns[] = "times    pressed      impulse   target";
	char label[LABEL_SIZE];

	print_head(output, "dose of a point", columns);
	for (size_t i = 0; i < report->atlas->n_points; i++) {
		if (doses->points[i].presses)
			print_dose(output, report->atlas->points[i].name, &doses->points[i]);
	}
	print_head(output, "dose of a muscle", columns);
	for (size_t i = 0; i < doses->n_muscles; i++) {
		muscle_label(&doses->muscles[i], label);
		print_dose(output, label, &doses->muscles[i].dose);
	}
}

// A figure and its bound.
static void print_bounded(const struct output *output, const char *label, double value,
	double bound, const char *unit, const char *where)
{
	char figure[CELL_SIZE], most[CELL_SIZE];

	print_row(output, label, "%9s  %9s%s%s", cell(figure, value, unit), cell(most, bound, unit),
		*where ? "  " : "", where);
}

static void print_regions(const struct output *output, const struct proof_report *report)
{
	print_head(output, "force on a region", "  at most    ceiling");
	for (int i = 0; i < REGION_COUNT; i++) {
		const struct region_force *force = &report->proof->regions[i];

		if (force->pressed)
			print_bounded(output, region_name(i), force->target_n, force->allowed_n,
				"N", "");
	}
}

static void print_times(const struct output *output, const struct proof_report *report)
{
	const struct chair *chair = report->chair;
	char label[LABEL_SIZE], step[CELL_SIZE];

	print_head(output, "a line on without a break", "  at most    allowed  in");
	for (size_t i = 0; i < chair->n_lines; i++) {
		const struct line_time *line = &report->proof->lines[i];

		if (!line_used(report, i))
			continue;
		line_label(report, i, label);
		print_bounded(output, label, line->longest_s, line->allowed_s, "s",
			step_cell(step, line->step));
	}
	print_head(output, "drive in any five minutes", "  at most    allowed");
	for (size_t i = 0; i < chair->n_actuators; i++) {
		const struct share_time *share = &report->proof->shares[i];

		if (share->longest_s > 0)
			print_bounded(output, chair->actuators[i].name, share->longest_s,
				share->allowed_s, "s", "");
	}
}

static void print_together(const struct output *output, const struct proof_report *report)
{
	const struct plan_proof *proof = report->proof;
	char step[CELL_SIZE];

	print_line(output, "\ncurrent: at most %.0f of %d mA (%s)\n", proof->peak_ma,
		report->chair->current_max_ma, step_cell(step, proof->peak_step));
	if (proof->zones)
		print_line(output, "zones under pressure together: at most %d (%s)\n", proof->zones,
			step_cell(step, proof->zones_step));
}

static int widest(int width, const char *label)
{
	int columns = terminal_width(label, strlen(label));

	return columns > width ? columns : width;
}

static int label_width(const struct proof_report *report, const struct doses *doses)
{
	int width = widest(0, "a line on without a break");
	char label[LABEL_SIZE];

	for (size_t i = 0; i < report->atlas->n_points; i++) {
		if (doses->points[i].presses)
			width = widest(width, report->atlas->points[i].name);
	}
	for (size_t i = 0; i < doses->n_muscles; i++) {
		muscle_label(&doses->muscles[i], label);
		width = widest(width, label);
	}
	return width;
}

void proof_report_print(FILE *stream, const struct proof_report *report,
	const struct terminal *terminal)
{
	struct output output = { .stream = stream, .terminal = terminal };
	struct doses doses;

	if (!doses_make(report, &doses))
		return;
	output.width = label_width(report, &doses);
	print_steps(&output, report);
	print_doses(&output, report, &doses);
	print_regions(&output, report);
	print_times(&output, report);
	print_together(&output, report);
	doses_clear(&doses);
}

// --- JSON ------------------------------------------------------------------------------------

// null if it is not known or has no limit.
static json_t *number(double value)
{
	return isfinite(value) ? json_real(round(value * 1e3) / 1e3) : json_null();
}

static json_t *step_number(int step)
{
	return step >= 0 ? json_integer(step + 1) : json_null();
}

static json_t *steps_json(const struct proof_report *report)
{
	json_t *list = json_array();

	for (size_t i = 0; i < report->profile->n_steps; i++)
		json_array_append_new(list,
			json_pack("{s:I, s:s, s:o}", "step", (json_int_t)(i + 1), "technique",
				technique_name(report->profile->steps[i].technique), "seconds",
				number(report->proof->step_s[i])));
	return list;
}

static json_t *dose_json(const struct dose *dose)
{
	return json_pack("{s:i, s:o, s:o, s:o}", "presses", dose->presses, "pressed_s",
		number(dose->pressed_s), "impulse_n_s", number(dose->impulse_n_s), "target_n",
		number(dose->peak_n));
}

static json_t *points_json(const struct proof_report *report, const struct doses *doses)
{
	json_t *object = json_object();

	for (size_t i = 0; i < report->atlas->n_points; i++) {
		if (doses->points[i].presses)
			json_object_set_new(object, report->atlas->points[i].name,
				dose_json(&doses->points[i]));
	}
	return object;
}

static json_t *muscles_json(const struct doses *doses)
{
	json_t *list = json_array(), *muscle;

	for (size_t i = 0; i < doses->n_muscles; i++) {
		muscle = dose_json(&doses->muscles[i].dose);
		json_object_set_new(muscle, "muscle", json_string(doses->muscles[i].muscle));
		json_object_set_new(muscle, "side", json_string(side_name(doses->muscles[i].side)));
		json_array_append_new(list, muscle);
	}
	return list;
}

static json_t *regions_json(const struct proof_report *report)
{
	json_t *object = json_object();

	for (int i = 0; i < REGION_COUNT; i++) {
		const struct region_force *force = &report->proof->regions[i];

		if (force->pressed)
			json_object_set_new(object, region_name(i),
				json_pack("{s:o, s:o}", "target_n", number(force->target_n),
					"ceiling_n", number(force->allowed_n)));
	}
	return object;
}

static json_t *lines_json(const struct proof_report *report)
{
	json_t *object = json_object();
	char label[LABEL_SIZE];

	for (size_t i = 0; i < report->chair->n_lines; i++) {
		const struct line_time *line = &report->proof->lines[i];

		if (!line_used(report, i))
			continue;
		line_label(report, i, label);
		json_object_set_new(object, label,
			json_pack("{s:s, s:o, s:o, s:o}", "line", report->chair->lines[i].name,
				"on_s", number(line->longest_s), "allowed_s",
				number(line->allowed_s), "step", step_number(line->step)));
	}
	return object;
}

static json_t *shares_json(const struct proof_report *report)
{
	json_t *object = json_object();

	for (size_t i = 0; i < report->chair->n_actuators; i++) {
		const struct share_time *share = &report->proof->shares[i];

		if (share->longest_s > 0)
			json_object_set_new(object, report->chair->actuators[i].name,
				json_pack("{s:o, s:o}", "driven_s", number(share->longest_s),
					"allowed_s", number(share->allowed_s)));
	}
	return object;
}

json_t *proof_report_json(const struct proof_report *report)
{
	const struct plan_proof *proof = report->proof;
	struct doses doses;
	json_t *json;

	if (!doses_make(report, &doses))
		return NULL;
	json = json_pack("{s:o, s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:{s:o, s:i, s:o}, "
			 "s:{s:i, s:o}}",
		"seconds", number(report->plan->estimate_s), "allowed_s",
		json_integer(report->plan->max_s), "segments", (json_int_t)report->plan->n_segments,
		"steps", steps_json(report), "points", points_json(report, &doses), "muscles",
		muscles_json(&doses), "regions", regions_json(report), "lines", lines_json(report),
		"five_minutes", shares_json(report), "current", "peak_ma", number(proof->peak_ma),
		"allowed_ma", report->chair->current_max_ma, "step", step_number(proof->peak_step),
		"zones", "together", proof->zones, "step", step_number(proof->zones_step));
	doses_clear(&doses);
	return json;
}
