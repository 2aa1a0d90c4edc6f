// SPDX-License-Identifier: MIT
#include "ctl/comparison.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core/dose.h"
#include "ctl/table.h"

#define INDENT    4
#define LINE_SIZE 320

// Less is not felt, and not printed.
#define SAME_N       0.05
#define SAME_S       0.5
#define SAME_IMPULSE 1.0

// What turns at a point without pressing it.
static const struct {
	enum technique technique;
	const char *name, *done;
} turnings[] = {
	{ TECHNIQUE_KNEAD, "kneading", "kneaded" },
	{ TECHNIQUE_TAP, "tapping", "tapped" },
};

#define N_TURNINGS 2

// What a point receives.
struct receipt {
	struct dose dose;
	struct {
		double s, permille;
	} turns[N_TURNINGS];
};

struct side_of_diff {
	const struct planned_profile *planned;
	struct receipt *receipts; // by the index of the point in its atlas
};

struct comparison {
	FILE *stream;
	const struct terminal *terminal;
	struct side_of_diff a, b;
	double intensity_percent;
	size_t n_different, n_same;
};

static void __attribute__((format(printf, 3, 4))) put(const struct comparison *comparison,
	int indent, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	terminal_wrap_line(comparison->stream, comparison->terminal, indent, format, args);
	va_end(args);
}

// --- what a plan gives ------------------------------------------------------------------------

static void add_turning(struct receipt *receipts, const struct plan *plan, int turning,
	double intensity_percent)
{
	for (size_t i = 0; i < plan->n_segments; i++) {
		const struct segment *segment = &plan->segments[i];

		for (int k = 0; k < 2 && segment->technique == turnings[turning].technique; k++) {
			struct receipt *receipt = &receipts[segment->points[k]];

			if (segment->points[k] < 0)
				continue;
			receipt->turns[turning].s += segment->hold_s;
			receipt->turns[turning].permille = fmax(receipt->turns[turning].permille,
				target_at(&segment->target, intensity_percent));
		}
	}
}

static int collect(struct side_of_diff *side, const struct planned_profile *planned,
	double intensity_percent)
{
	const struct library *library = planned->library;
	size_t n = library->atlas.n_points;
	struct dose *doses = calloc(n + 1, sizeof(*doses));

	side->planned = planned;
	side->receipts = calloc(n + 1, sizeof(*side->receipts));
	if (!doses || !side->receipts) {
		free(doses);
		return -ENOMEM;
	}
	dose_of_plan(&planned->plan, &library->chair, intensity_percent, doses, n);
	dose_add_layers(&planned->plan, &library->atlas, &library->chair, intensity_percent, doses);
	for (size_t i = 0; i < n; i++)
		side->receipts[i].dose = doses[i];
	for (int i = 0; i < N_TURNINGS; i++)
		add_turning(side->receipts, &planned->plan, i, intensity_percent);
	free(doses);
	return 0;
}

static struct receipt receipt_of(const struct side_of_diff *side, const char *point)
{
	int index = atlas_find_point(&side->planned->library->atlas, point);

	return index < 0 ? (struct receipt){ 0 } : side->receipts[index];
}

static bool is_nothing(const struct receipt *receipt)
{
	for (int i = 0; i < N_TURNINGS; i++) {
		if (receipt->turns[i].s > 0)
			return false;
	}
	return !receipt->dose.presses;
}

static bool differ(double a, double b, double same)
{
	return isnan(a) != isnan(b) || fabs(a - b) >= same; // both NAN: no
}

static bool receipts_differ(const struct receipt *a, const struct receipt *b)
{
	for (int i = 0; i < N_TURNINGS; i++) {
		if (differ(a->turns[i].s, b->turns[i].s, SAME_S) ||
			differ(a->turns[i].permille, b->turns[i].permille, 1))
			return true;
	}
	return is_nothing(a) != is_nothing(b) || a->dose.presses != b->dose.presses ||
		differ(a->dose.peak_n, b->dose.peak_n, SAME_N) ||
		differ(a->dose.pressed_s, b->dose.pressed_s, SAME_S) ||
		differ(a->dose.impulse_n_s, b->dose.impulse_n_s, SAME_IMPULSE);
}

// --- text -------------------------------------------------------------------------------------

// ", force 30.0 -> 40.0 N", if they differ.
static void add_change(char *line, const char *what, const char *unit, int decimals, double a,
	double b, double same)
{
	size_t used = strlen(line);
	double percent = a > 0 ? 100 * (b - a) / a : NAN;

	if (!differ(a, b, same))
		return;
	if (isnan(a) || isnan(b))
		snprintf(line + used, LINE_SIZE - used, "%s %s %s known", used ? "," : "", what,
			isnan(b) ? "no longer" : "now");
	else
		snprintf(line + used, LINE_SIZE - used, "%s %s %.*f -> %.*f %s", used ? "," : "",
			what, decimals, a, decimals, b, unit);
	used = strlen(line);
	if (isfinite(percent) && fabs(percent) >= 0.5)
		snprintf(line + used, LINE_SIZE - used, " (%+.0f %%)", percent);
}

static void put_line(const struct comparison *comparison, const char *label, const char *line)
{
	if (*line)
		put(comparison, INDENT, "  %s:%s", label, line);
}

static void compare_presses(const struct comparison *comparison, const char *label,
	const struct dose *a, const struct dose *b)
{
	const struct dose *only = a->presses ? a : b;
	char line[LINE_SIZE] = "";

	if (a->presses && b->presses) {
		add_change(line, "force", "N", 1, a->peak_n, b->peak_n, SAME_N);
		add_change(line, "presses", "times", 0, a->presses, b->presses, 1);
		add_change(line, "under pressure", "s", 0, a->pressed_s, b->pressed_s, SAME_S);
		add_change(line, "dose", "N s", 0, a->impulse_n_s, b->impulse_n_s, SAME_IMPULSE);
	} else if (only->presses) {
		snprintf(line, sizeof(line), " %s pressed: %.1f N, %.0f s under pressure, %.0f N s",
			only == b ? "now" : "no longer", only->peak_n, only->pressed_s,
			only->impulse_n_s);
	}
	put_line(comparison, label, line);
}

static void compare_turning(const struct comparison *comparison, const char *label, int turning,
	const struct receipt *a, const struct receipt *b)
{
	double a_s = a->turns[turning].s, b_s = b->turns[turning].s;
	const struct receipt *only = a_s > 0 ? a : b;
	char line[LINE_SIZE] = "", drive[48];

	snprintf(drive, sizeof(drive), "drive of %s", turnings[turning].name);
	if (a_s > 0 && b_s > 0) {
		add_change(line, turnings[turning].name, "s", 0, a_s, b_s, SAME_S);
		add_change(line, drive, "per mille", 0, a->turns[turning].permille,
			b->turns[turning].permille, 1);
	} else if (only->turns[turning].s > 0) {
		snprintf(line, sizeof(line), " %s %s: %.0f s at %.0f per mille",
			only == b ? "now" : "no longer", turnings[turning].done,
			only->turns[turning].s, only->turns[turning].permille);
	}
	put_line(comparison, label, line);
}

// The name of the same point on the other side, if both receive the same; else NULL.
static const char *mirrored(const struct comparison *comparison, const char *left,
	char buf[NAME_SIZE])
{
	struct receipt a = receipt_of(&comparison->a, left), b = receipt_of(&comparison->b, left);
	const char *dot = strrchr(left, '.');
	struct receipt other_a, other_b;

	if (!dot || strcmp(dot, ".left") != 0)
		return NULL;
	snprintf(buf, NAME_SIZE, "%.*s.right", (int)(dot - left), left);
	other_a = receipt_of(&comparison->a, buf);
	other_b = receipt_of(&comparison->b, buf);
	return receipts_differ(&a, &other_a) || receipts_differ(&b, &other_b) ? NULL : buf;
}

static bool is_mirror(const struct comparison *comparison, const char *point)
{
	const char *dot = strrchr(point, '.');
	char left[NAME_SIZE], right[NAME_SIZE];

	if (!dot || strcmp(dot, ".right") != 0)
		return false;
	snprintf(left, sizeof(left), "%.*s.left", (int)(dot - point), point);
	return mirrored(comparison, left, right) != NULL;
}

static void compare_point(struct comparison *comparison, const char *point)
{
	struct receipt a = receipt_of(&comparison->a, point), b = receipt_of(&comparison->b, point);
	char label[LABEL_SIZE], right[NAME_SIZE];

	if ((is_nothing(&a) && is_nothing(&b)) || is_mirror(comparison, point))
		return;
	if (!receipts_differ(&a, &b)) {
		comparison->n_same++;
		return;
	}
	if (!comparison->n_different++)
		put(comparison, 0, "At each place");
	table_label(label, point, mirrored(comparison, point, right));
	compare_presses(comparison, label, &a.dose, &b.dose);
	for (int i = 0; i < N_TURNINGS; i++)
		compare_turning(comparison, label, i, &a, &b);
}

// What runs beside the techniques: how long one actuator may, and how hard at most.
struct beside {
	double seconds, permille;
};

static struct beside beside_of(const struct side_of_diff *side, const char *actuator,
	double intensity_percent)
{
	const struct plan *plan = &side->planned->plan;
	int index = chair_find_actuator(&side->planned->library->chair, actuator);
	struct beside beside = { 0 };
	bool lasts = index >= 0 &&
		layer_kind_lasts(side->planned->library->chair.actuators[index].kind);

	for (size_t i = 0; i < plan->n_segments; i++) {
		const struct segment *segment = &plan->segments[i];

		for (int k = 0; k < segment->n_layers; k++) {
			const struct layer *layer = &plan->layers[segment->first_layer + k];

			if (layer->actuator != index)
				continue;
			beside.seconds += segment_travels(segment) ? segment->estimate_s
								   : segment->hold_s;
			if (lasts)
				beside.seconds += segment->rest_s;
			beside.permille = fmax(beside.permille,
				layer_permille(layer, intensity_percent, 1));
		}
	}
	return beside;
}

static void compare_layers(struct comparison *comparison)
{
	const struct chair *chair = &comparison->b.planned->library->chair;

	for (size_t i = 0; i < chair->n_actuators; i++) {
		const char *name = chair->actuators[i].name;
		struct beside a = beside_of(&comparison->a, name, comparison->intensity_percent);
		struct beside b = beside_of(&comparison->b, name, comparison->intensity_percent);
		char line[LINE_SIZE] = "", label[LABEL_SIZE];

		add_change(line, "for", "s", 0, a.seconds, b.seconds, SAME_S);
		add_change(line, "drive", "per mille", 0, a.permille, b.permille, 1);
		snprintf(label, sizeof(label), "%s beside the rest", name);
		put_line(comparison, label, line);
		comparison->n_different += *line != '\0';
	}
}

// Where a part goes, one position after the other: "400, 0". "": it is not moved.
static void positions_of(const struct side_of_diff *side, enum posture_part part,
	char buf[LINE_SIZE / 4])
{
	const struct plan *plan = &side->planned->plan;
	size_t used = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < plan->n_segments && used < LINE_SIZE / 4; i++) {
		const struct segment *segment = &plan->segments[i];

		if (segment->technique == TECHNIQUE_POSTURE && segment->part == part)
			used += (size_t)snprintf(buf + used, LINE_SIZE / 4 - used, "%s%d",
				used ? ", " : "", segment->permille);
	}
}

static void compare_postures(struct comparison *comparison)
{
	for (int part = 0; part < POSTURE_PARTS; part++) {
		char a[LINE_SIZE / 4], b[LINE_SIZE / 4];

		positions_of(&comparison->a, (enum posture_part)part, a);
		positions_of(&comparison->b, (enum posture_part)part, b);
		if (!strcmp(a, b))
			continue;
		put(comparison, INDENT, "  %s goes to: %s -> %s per mille",
			posture_part_name((enum posture_part)part), *a ? a : "nowhere",
			*b ? b : "nowhere");
		comparison->n_different++;
	}
}

static void compare_whole(struct comparison *comparison)
{
	const struct plan *a = &comparison->a.planned->plan, *b = &comparison->b.planned->plan;

	if (differ(a->estimate_s, b->estimate_s, SAME_S)) {
		put(comparison, INDENT, "  duration: about %.1f -> %.1f minutes",
			a->estimate_s / 60, b->estimate_s / 60);
		comparison->n_different++;
	}
	if (differ(a->inhale_s, b->inhale_s, 0.05) || differ(a->exhale_s, b->exhale_s, 0.05)) {
		put(comparison, INDENT, "  breath: out %.1f -> %.1f s, in %.1f -> %.1f s",
			a->exhale_s, b->exhale_s, a->inhale_s, b->inhale_s);
		comparison->n_different++;
	}
	compare_layers(comparison);
	compare_postures(comparison);
}

static void compare_all(struct comparison *comparison)
{
	const struct atlas *a = &comparison->a.planned->library->atlas;
	const struct atlas *b = &comparison->b.planned->library->atlas;
	size_t n_whole;

	compare_whole(comparison);
	n_whole = comparison->n_different;
	comparison->n_different = 0;
	for (size_t i = 0; i < a->n_points; i++)
		compare_point(comparison, a->points[i].name);
	for (size_t i = 0; i < b->n_points; i++) {
		if (atlas_find_point(a, b->points[i].name) < 0)
			compare_point(comparison, b->points[i].name);
	}
	if (comparison->n_different + n_whole == 0)
		put(comparison, 0, "Nothing changes for the person.");
	else if (comparison->n_same)
		put(comparison, 0, "The same at %zu other %s.", comparison->n_same,
			comparison->n_same == 1 ? "place" : "places");
}

int comparison_print(FILE *stream, const struct terminal *terminal, const struct planned_profile *a,
	const struct planned_profile *b, double intensity_percent)
{
	struct comparison comparison = {
		.stream = stream, .terminal = terminal, .intensity_percent = intensity_percent
	};
	char person[FOR_SIZE];
	int r = collect(&comparison.a, a, intensity_percent);

	if (r == 0)
		r = collect(&comparison.b, b, intensity_percent);
	if (r == 0) {
		put(&comparison, 0, "%s -> %s%s on chair %s, at intensity %.0f %%", a->plan.profile,
			b->plan.profile, planned_for(b, person), a->library->chair.id,
			intensity_percent);
		compare_all(&comparison);
	}
	free(comparison.a.receipts);
	free(comparison.b.receipts);
	return r;
}
