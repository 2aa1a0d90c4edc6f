// SPDX-License-Identifier: MIT
#include <math.h>

#include "ctl/chart_private.h"
#include "ctl/svg.h"

#define CURVE_ERROR_PX 0.4 // allowed when samples are left out
#define TIME_LABEL_PX  48  // with its distance from the next

static int plot_percent(const struct chart *chart, const struct plot *plot)
{
	return !chart->wide ? 78 : plot->half ? 83 : 92;
}

int plot_px(const struct chart *chart, const struct plot *plot)
{
	int panel_px = !chart->wide ? CHART_NARROW_PX
		: plot->half        ? CHART_WIDE_PX / 2
				    : CHART_WIDE_PX;

	return panel_px * plot_percent(chart, plot) / 100;
}

void plot_begin(const struct chart *chart, const struct plot *plot)
{
	fprintf(chart->out,
		"<svg x=\"%d\" y=\"%d\" width=\"%d%%\" height=\"%d\" overflow=\"visible\">\n"
		"<line class=\"axis\" y1=\"%d\" x2=\"100%%\" y2=\"%d\"/>\n",
		PLOT_LEFT, plot->top, plot_percent(chart, plot), plot->height, plot->height,
		plot->height);
}

void plot_end(const struct chart *chart)
{
	fputs("</svg>\n", chart->out);
}

void plot_y_label(const struct chart *chart, int y, const char *text)
{
	svg_text(chart->out, "tick end", "-6", y, "%s", text);
}

// 1, 2 or 5 times a power of ten, so that there are at most 4 steps.
static double nice_step(double range)
{
	double step = pow(10, floor(log10(range / 4)));

	if (range / step > 4)
		step *= 2;
	if (range / step > 4)
		step *= 2.5;
	if (range / step > 4)
		step *= 2;
	return step;
}

void plot_y_axis(const struct chart *chart, const struct plot *plot)
{
	double step = nice_step(plot->y_max);

	for (double value = 0; value <= plot->y_max; value += step) {
		int y = plot->height - (int)lround(value / plot->y_max * plot->height);
		char text[32];

		snprintf(text, sizeof(text), "%g", value);
		plot_y_label(chart, y + 4, text);
		if (value > 0)
			fprintf(chart->out,
				"<line class=\"grid\" y1=\"%d\" x2=\"100%%\" y2=\"%d\"/>\n", y, y);
	}
}

static int time_step_s(double seconds, int width_px)
{
	static const int steps[] = { 5, 10, 15, 30, 60, 120, 180, 300, 600 };
	size_t i = 0;

	while (i + 1 < sizeof(steps) / sizeof(*steps) &&
		seconds / steps[i] * TIME_LABEL_PX > width_px)
		i++;
	return steps[i];
}

void plot_time_axis(const struct chart *chart, const struct plot *plot, int labels_y)
{
	double seconds = recording_seconds(chart->recording);
	int step_s = time_step_s(seconds, plot_px(chart, plot));

	for (int s = 0; s <= seconds && seconds > 0; s += step_s) {
		char x[32];

		snprintf(x, sizeof(x), "%.2f%%", 100 * s / seconds);
		fprintf(chart->out, "<line class=\"grid\" x1=\"%s\" x2=\"%s\" y2=\"%d\"/>\n", x, x,
			plot->height);
		if (labels_y > 0)
			svg_text(chart->out, "tick middle", x, labels_y, "%d:%02d", s / 60, s % 60);
	}
}

void curves_begin(const struct chart *chart, const char *name, int number, int height)
{
	fprintf(chart->out,
		"<symbol id=\"%s%d\" viewBox=\"0 0 %.0f %d\" preserveAspectRatio=\"none\">\n", name,
		number, CURVE_WIDTH, height);
}

void curves_use(const struct chart *chart, const char *name, int number, int top, int height)
{
	fprintf(chart->out, "<use href=\"#%s%d\" y=\"%d\" width=\"100%%\" height=\"%d\"/>\n", name,
		number, top, height);
}

void curves_end(const struct chart *chart)
{
	fputs("</symbol>\n", chart->out);
}

double stretch_x(const struct chart *chart, const struct stretch *stretch, size_t sample)
{
	const struct sample *samples = chart->recording->samples;
	double duration_us = (double)(samples[stretch->to].t_us - samples[stretch->from].t_us);
	double since_us = (double)(samples[sample].t_us - samples[stretch->from].t_us);

	return stretch->x_from +
		(stretch->x_to - stretch->x_from) * (duration_us > 0 ? since_us / duration_us : 0);
}

static double curve_value(const struct chart *chart, const struct curve *curve, size_t sample)
{
	double value = curve->read(&chart->recording->samples[sample], curve->of);

	return curve->skip_zero && value <= 0 ? NAN : value;
}

double curve_highest(const struct chart *chart, const struct stretch *stretch,
	const struct curve *curve)
{
	double highest = 0;

	for (size_t i = stretch->from; i <= stretch->to; i++)
		highest = fmax(highest, curve_value(chart, curve, i));
	return highest;
}

// A line under way. Samples are left out as long as one straight line stays within the error of all
// of them: the slopes that it may have ("swinging door").
struct polyline {
	bool begun;
	double x, y;           // its last corner
	double last_x, last_y; // the last sample
	double slope_least, slope_most;
};

static void put_corner(const struct chart *chart, struct polyline *line, double x, double y)
{
	fprintf(chart->out, "%s%.1f %.1f", line->begun ? "L" : "M", x, y);
	*line = (struct polyline){ .begun = true,
		.x = x,
		.y = y,
		.last_x = x,
		.last_y = y,
		.slope_least = -INFINITY,
		.slope_most = INFINITY };
}

static void line_end(const struct chart *chart, struct polyline *line)
{
	if (line->begun && line->last_x > line->x)
		put_corner(chart, line, line->last_x, line->last_y);
	line->begun = false;
}

static void line_add(const struct chart *chart, struct polyline *line, double x, double y)
{
	double slope;

	if (!line->begun) {
		put_corner(chart, line, x, y);
		return;
	}
	if (x <= line->last_x) // a step, or two samples in one place
		x = line->last_x + 0.01;
	slope = (y - line->y) / (x - line->x);
	if (slope < line->slope_least || slope > line->slope_most) {
		put_corner(chart, line, line->last_x, line->last_y);
		slope = (y - line->y) / (x - line->x);
	}
	line->slope_least = fmax(line->slope_least, (y - CURVE_ERROR_PX - line->y) / (x - line->x));
	line->slope_most = fmin(line->slope_most, (y + CURVE_ERROR_PX - line->y) / (x - line->x));
	line->last_x = x;
	line->last_y = y;
}

void curve_draw(const struct chart *chart, const struct plot *plot, const struct stretch *stretch,
	const struct curve *curve)
{
	struct polyline line = { 0 };
	double last = NAN;

	fprintf(chart->out, "<path class=\"%s\" d=\"", curve->style);
	for (size_t i = stretch->from; i <= stretch->to; i++) {
		double value = curve_value(chart, curve, i);

		if (isnan(value) || (curve->levels && value != last))
			line_end(chart, &line);
		last = value;
		if (!isnan(value))
			line_add(chart, &line, stretch_x(chart, stretch, i),
				plot->height * (1 - value / plot->y_max));
	}
	line_end(chart, &line);
	fputs("\"/>\n", chart->out);
}

// --- values -----------------------------------------------------------------------------------

// Newtons are known of everything that presses, whatever its target is in: it has ceilings.
static const struct recorded_actuator *worker(const struct sample *sample, int unit)
{
	if (sample->actuator < 0)
		return NULL;
	if ((int)sample->unit == unit || (unit == TARGET_NEWTON && !isnan(sample->peak_n)))
		return &sample->by[sample->actuator];
	return NULL;
}

double read_target(const struct sample *sample, int unit)
{
	return sample->actuator >= 0 && (int)sample->unit == unit ? sample->target : NAN;
}

double read_delivered(const struct sample *sample, int unit)
{
	const struct recorded_actuator *by = worker(sample, unit);

	if (!by)
		return NAN;
	return unit == TARGET_NEWTON ? by->delivered_n : fmaxf(by->drive_permille, 0);
}

double read_felt(const struct sample *sample, int unit)
{
	const struct recorded_actuator *by = worker(sample, unit);

	return by && unit == TARGET_NEWTON ? by->felt_n : NAN;
}

double read_peak_ceiling(const struct sample *sample, int unit)
{
	return worker(sample, unit) && unit == TARGET_NEWTON ? sample->peak_n : NAN;
}

double read_sustained_ceiling(const struct sample *sample, int unit)
{
	return worker(sample, unit) && unit == TARGET_NEWTON ? sample->sustained_n : NAN;
}

double read_position(const struct sample *sample, int actuator)
{
	return sample->by[actuator].position;
}

double read_lung(const struct sample *sample, int unused)
{
	(void)unused;
	return sample->lung;
}
