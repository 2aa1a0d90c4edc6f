// SPDX-License-Identifier: MIT
//
// Parts of a chart: chart.c (document, layout), chart_session.c (panels of the whole session),
// chart_pins.c (outputs), chart_site.c (panel of one place), chart_body.c (map of the body),
// chart_plot.c (axes, curves).
//
// A panel is a nested <svg>, a plot one within it. Lengths are in px; along x also in per cent,
// because the width is the page's. Curves are symbols in a coordinate system of CURVE_WIDTH units,
// which the browser stretches to the plot's width. They are defined once; the rest is drawn twice,
// for narrow and for wide pages. (Styles can hide an element, but not move or resize a nested
// <svg>: browsers do not agree on that.)
#ifndef CHAIRD_CTL_CHART_PRIVATE_H
#define CHAIRD_CTL_CHART_PRIVATE_H

#include "ctl/chart.h"

#define MARGIN      16
#define PLOT_LEFT   58
#define CURVE_WIDTH 1000.0
#define LINE_HEIGHT 16

struct chart {
	FILE *out;
	const struct recording *recording;
	struct site sites[RECORDING_SITES_MAX];
	size_t n_sites;
	struct delivered beside[CHAIR_ACTUATORS_MAX];
	bool wide; // the layout that is drawn
};

// A stretch of the recording and its place on the x axis, in units of CURVE_WIDTH.
struct stretch {
	size_t from, to; // samples
	double x_from, x_to;
};

// A plot's place on its panel and its y axis, from 0.
struct plot {
	int top, height;
	bool half; // on wide pages its panel takes half of the width
	double y_max;
};

// chart_plot.c
void plot_begin(const struct chart *chart, const struct plot *plot);
void plot_end(const struct chart *chart);
// Grid lines with their values, in few steps.
void plot_y_axis(const struct chart *chart, const struct plot *plot);
// A label on the y axis in place of values.
void plot_y_label(const struct chart *chart, int y, const char *text);
// Times of the whole session; labels only at `labels_y` > 0.
void plot_time_axis(const struct chart *chart, const struct plot *plot, int labels_y);
// The least width of a plot, in px.
int plot_px(const struct chart *chart, const struct plot *plot);
// Define the symbol NAME with NUMBER; use it in a plot.
void curves_begin(const struct chart *chart, const char *name, int number, int height);
void curves_end(const struct chart *chart);
void curves_use(const struct chart *chart, const char *name, int number, int top, int height);
// A line through read()'s values, with a gap where they are NAN or 0 if `skip_zero`.
struct curve {
	const char *style; // a class
	double (*read)(const struct sample *sample, int of);
	int of; // for read(): a unit or an actuator
	bool skip_zero;
	bool levels; // another gap wherever the value changes
};
void curve_draw(const struct chart *chart, const struct plot *plot, const struct stretch *stretch,
	const struct curve *curve);
double stretch_x(const struct chart *chart, const struct stretch *stretch, size_t sample);
// The highest value in the stretch, or 0.
double curve_highest(const struct chart *chart, const struct stretch *stretch,
	const struct curve *curve);

// Values for curves, by the sample's own actuator.
double read_target(const struct sample *sample, int unit);
double read_delivered(const struct sample *sample, int unit);
double read_felt(const struct sample *sample, int unit);
double read_peak_ceiling(const struct sample *sample, int unit);
double read_sustained_ceiling(const struct sample *sample, int unit);
double read_position(const struct sample *sample, int actuator);
double read_lung(const struct sample *sample, int unused);

// chart_session.c: curves of the panel; its height in px; draw into the panel that is begun.
void session_panel_define(const struct chart *chart);
int session_panel_height(const struct chart *chart);
void session_panel_draw(const struct chart *chart);

// chart_site.c
void site_panel_define(const struct chart *chart, size_t site);
int site_panel_height(const struct chart *chart, size_t site);
void site_panel_draw(const struct chart *chart, size_t site);
// "71 s, 2104 N s, peak 41.2 N" and more
void dose_text(const struct delivered *delivered, const char *more, char *buf, size_t size);
// The same with ", felt 43.0 N".
void site_dose_text(const struct site *site, char *buf, size_t size);

// chart_pins.c: with pins
void pins_panel_define(const struct chart *chart);
int pins_panel_height(const struct chart *chart);
void pins_panel_draw(const struct chart *chart);

// chart_body.c
int body_panel_height(const struct chart *chart);
void body_panel_draw(const struct chart *chart);
int dose_panel_height(const struct chart *chart);
void dose_panel_draw(const struct chart *chart);

#endif
