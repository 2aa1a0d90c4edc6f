// SPDX-License-Identifier: MIT
//
// The map of the body with what each point received, and the list of the places.
//
// A point's dose is its circle's colour and size. Numbers stand beside the body, on the point's
// side, with a line to it: points may lie too close to each other for their own. What a layer
// presses has no number, but its circle.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/reach.h"
#include "ctl/body.h"
#include "ctl/chart_private.h"
#include "ctl/svg.h"

#define SCALE       1.2 // px in a unit of body.h
#define TOP         54
#define CLASSES     5 // of dose
#define RADIUS_PX   3.0
#define LABEL_X     146
#define LABEL_PX    14
#define LEGEND_ROWS 4
#define ROW_PX      40

struct mark {
	int point; // index in the atlas
	double newton_s;
	char numbers[24]; // of its sites; "": only a layer has pressed it
	struct body_corner at;
	double label_y;
	bool left_out;
};

struct marks {
	double most_newton_s; // the upper bound of the highest class
	size_t n;
	struct mark list[]; // one for a point of the atlas at most
};

static struct mark *find_mark(struct marks *marks, const struct chart *chart, int point)
{
	struct mark *mark = marks->list;
	struct body_corner place;

	for (; mark < marks->list + marks->n; mark++) {
		if (mark->point == point)
			return mark;
	}
	place = body_place(&chart->recording->atlas->points[point]);
	*mark = (struct mark){ .point = point, .at = { place.x * SCALE, place.y * SCALE } };
	marks->n++;
	return mark;
}

// 1, 2, 2.5 or 5 times a power of ten.
static double round_up(double value)
{
	static const double steps[] = { 1, 2, 2.5, 5, 10 };
	double ten = pow(10, floor(log10(fmax(value, 1))));
	size_t i = 0;

	while (i + 1 < sizeof(steps) / sizeof(*steps) && steps[i] * ten < value)
		i++;
	return steps[i] * ten;
}

static void collect_sites(const struct chart *chart, struct marks *marks)
{
	for (size_t i = 0; i < chart->n_sites; i++) {
		for (int k = 0; k < 2 && chart->sites[i].points[k] >= 0; k++) {
			struct mark *mark = find_mark(marks, chart, chart->sites[i].points[k]);
			size_t used = strlen(mark->numbers);

			mark->newton_s += chart->sites[i].delivered.newton_s;
			snprintf(mark->numbers + used, sizeof(mark->numbers) - used, "%s%zu",
				used ? "," : "", i + 1);
		}
	}
}

static void collect_layers(const struct chart *chart, struct marks *marks)
{
	const struct chair *chair = chart->recording->chair;
	const struct atlas *atlas = chart->recording->atlas;

	for (int i = 0; i < (int)chair->n_actuators; i++) {
		if (chart->beside[i].newton_s <= 0)
			continue;
		for (size_t point = 0; point < atlas->n_points; point++) {
			if (reach_covers(chair, i, &atlas->points[point], NAN))
				find_mark(marks, chart, (int)point)->newton_s +=
					chart->beside[i].newton_s;
		}
	}
}

static void collect_marks(const struct chart *chart, struct marks *marks)
{
	const struct recording *recording = chart->recording;
	double most = 0;

	collect_sites(chart, marks);
	collect_layers(chart, marks);
	for (size_t i = 0; i < marks->n; i++)
		most = fmax(most, marks->list[i].newton_s);
	for (size_t i = 0; i < recording->n_left_out; i++)
		find_mark(marks, chart, recording->left_out[i])->left_out = true;
	marks->most_newton_s = round_up(most);
}

static int dose_class(const struct marks *marks, double newton_s)
{
	return (int)clamp_double(floor(CLASSES * newton_s / marks->most_newton_s), 0, CLASSES - 1);
}

static bool is_right(const struct chart *chart, const struct mark *mark)
{
	return chart->recording->atlas->points[mark->point].side != SIDE_LEFT;
}

static int by_height(const void *a, const void *b)
{
	const struct mark *const *p = a, *const *q = b;

	return ((*p)->at.y > (*q)->at.y) - ((*p)->at.y < (*q)->at.y);
}

// Move the labels of one side apart, so that each has its line; as near to their points as they
// can be. Returns the lowest.
static double place_labels(const struct chart *chart, struct marks *marks, bool right)
{
	struct mark *side[2 * RECORDING_SITES_MAX];
	double lowest = 0, next = 8;
	size_t n = 0;

	for (size_t i = 0; i < marks->n; i++) {
		if (*marks->list[i].numbers && is_right(chart, &marks->list[i]) == right)
			side[n++] = &marks->list[i];
	}
	qsort(side, n, sizeof(*side), by_height);
	for (size_t i = 0; i < n; i++) {
		side[i]->label_y = fmax(side[i]->at.y, next);
		next = side[i]->label_y + LABEL_PX;
		lowest = side[i]->label_y;
	}
	return lowest;
}

static struct marks *make_marks(const struct chart *chart, int *ret_height)
{
	size_t n_points = chart->recording->atlas->n_points;
	struct marks *marks = calloc(1, sizeof(*marks) + n_points * sizeof(*marks->list));
	double lowest = BODY_HEIGHT * SCALE;

	if (!marks)
		return NULL;
	collect_marks(chart, marks);
	lowest = fmax(lowest, place_labels(chart, marks, false));
	lowest = fmax(lowest, place_labels(chart, marks, true));
	*ret_height = TOP + (int)lowest + 24 + LEGEND_ROWS * 20;
	return marks;
}

int body_panel_height(const struct chart *chart)
{
	int height = 0;

	free(make_marks(chart, &height));
	return height;
}

static void draw_polygon(const struct chart *chart, const struct body_zone *zone, double sign)
{
	fputs("<path class=\"body\" d=\"", chart->out);
	for (size_t i = 0; i < zone->n_corners; i++)
		fprintf(chart->out, "%s%g %g", i ? "L" : "M", sign * zone->corners[i].x,
			zone->corners[i].y);
	fputs("Z\"/>\n", chart->out);
}

static void draw_body(const struct chart *chart)
{
	fprintf(chart->out, "<g transform=\"scale(%g)\">\n", SCALE);
	for (size_t i = 0; i < body_n_zones; i++) {
		if (!body_zones[i].n_corners) {
			fprintf(chart->out,
				"<ellipse class=\"body\" cx=\"%g\" cy=\"%g\" rx=\"%g\" "
				"ry=\"%g\"/>\n",
				body_head.x, body_head.y, body_head_radius.x, body_head_radius.y);
			continue;
		}
		draw_polygon(chart, &body_zones[i], 1);
		if (body_zones[i].pair)
			draw_polygon(chart, &body_zones[i], -1);
	}
	fputs("</g>\n", chart->out);
}

static void draw_circle(const struct chart *chart, int class, double x, double y)
{
	fprintf(chart->out, "<circle class=\"dose d%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>\n",
		class, x, y, RADIUS_PX + class);
}

static void draw_cross(const struct chart *chart, double x, double y)
{
	fprintf(chart->out, "<path class=\"cross\" d=\"M%.1f %.1fl8 8m0 -8l-8 8\"/>\n", x - 4,
		y - 4);
}

static void draw_mark(const struct chart *chart, const struct marks *marks, const struct mark *mark)
{
	const struct point *point = &chart->recording->atlas->points[mark->point];
	int sign = is_right(chart, mark) ? 1 : -1;
	char x[16];

	fputs("<g>\n<title>", chart->out);
	svg_escape(chart->out, point->name);
	if (mark->left_out)
		fprintf(chart->out, ": %s</title>\n", chart->recording->left_out_why);
	else
		fprintf(chart->out, ": %.0f N s</title>\n", mark->newton_s);
	if (*mark->numbers) {
		fprintf(chart->out, "<path class=\"leader\" d=\"M%.1f %.1fL%d %.1fH%d\"/>\n",
			mark->at.x, mark->at.y, sign * (LABEL_X - 18), mark->label_y,
			sign * (LABEL_X - 4));
		snprintf(x, sizeof(x), "%d", sign * LABEL_X);
		svg_text(chart->out, sign > 0 ? "tick" : "tick end", x, (int)mark->label_y + 4,
			"%s%s", mark->numbers, body_is_front(point) ? " front" : "");
	}
	if (mark->left_out)
		draw_cross(chart, mark->at.x, mark->at.y);
	else
		draw_circle(chart, dose_class(marks, mark->newton_s), mark->at.x, mark->at.y);
	fputs("</g>\n", chart->out);
}

// In two columns: the classes of dose, and what was left out.
static void draw_legend(const struct chart *chart, const struct marks *marks, int y)
{
	for (int i = 0; i < CLASSES; i++) {
		double x = i % 2 ? 24 : -140, row = y + i / 2 * 20.0;
		char at[16];

		draw_circle(chart, i, x, row);
		snprintf(at, sizeof(at), "%.0f", x + 14);
		svg_text(chart->out, "tick", at, (int)row + 4, "%s %g N s",
			i == CLASSES - 1 ? "up to" : "less than",
			marks->most_newton_s * (i + 1) / CLASSES);
	}
	if (chart->recording->n_left_out) {
		draw_cross(chart, 24, y + 40);
		svg_text(chart->out, "tick", "38", y + 44, "%s", chart->recording->left_out_why);
	}
}

void body_panel_draw(const struct chart *chart)
{
	int height = 0;
	struct marks *marks = make_marks(chart, &height);

	if (!marks)
		return;
	svg_text(chart->out, "heading", "16", 18, "Dose, newton seconds");
	svg_text(chart->out, "soft", "16", 18 + LINE_HEIGHT, "seen from behind, left is left");
	fprintf(chart->out, "<svg x=\"50%%\" y=\"%d\" overflow=\"visible\">\n", TOP);
	draw_body(chart);
	for (size_t i = 0; i < marks->n; i++)
		draw_mark(chart, marks, &marks->list[i]);
	draw_legend(chart, marks, height - TOP - LEGEND_ROWS * 20 + 10);
	fputs("</svg>\n", chart->out);
	free(marks);
}

// --- the list ---------------------------------------------------------------------------------

static int n_layers(const struct chart *chart)
{
	int n = 0;

	for (size_t i = 0; i < chart->recording->chair->n_actuators; i++)
		n += chart->beside[i].newton_s > 0;
	return n;
}

int dose_panel_height(const struct chart *chart)
{
	return 30 + ROW_PX * ((int)chart->n_sites + n_layers(chart));
}

static void draw_row(const struct chart *chart, int row, const char *number, const char *name,
	const char *dose)
{
	int y = 44 + ROW_PX * row;

	svg_text(chart->out, "tick end", "36", y, "%s", number);
	svg_text(chart->out, "name", "44", y, "%s", name);
	svg_text(chart->out, "soft", "44", y + 15, "%s", dose);
}

void dose_panel_draw(const struct chart *chart)
{
	const struct chair *chair = chart->recording->chair;
	char number[16], label[LABEL_SIZE], dose[96];
	int row = 0;

	svg_text(chart->out, "heading", "16", 18, "Places, in the order of the session");
	for (size_t i = 0; i < chart->n_sites; i++) {
		snprintf(number, sizeof(number), "%zu", i + 1);
		recording_label(chart->recording, chart->sites[i].points, label);
		site_dose_text(&chart->sites[i], dose, sizeof(dose));
		draw_row(chart, row++, number, label, dose);
	}
	for (size_t i = 0; i < chair->n_actuators; i++) {
		if (chart->beside[i].newton_s <= 0)
			continue;
		dose_text(&chart->beside[i], ", on each of its points", dose, sizeof(dose));
		draw_row(chart, row++, "+", chair->actuators[i].name, dose);
	}
}
