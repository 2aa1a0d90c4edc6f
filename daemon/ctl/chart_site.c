// SPDX-License-Identifier: MIT
//
// The panel of one place: its presses side by side, without the time between them.
//
//   |      ____         |      ____
//   |  ___/    \        |  ___/    \       .
//   +-----------------  +-----------------
//   1:05                2:40
#include <math.h>
#include <stdlib.h>

#include "ctl/chart_private.h"
#include "ctl/svg.h"

#define HEADING_COLUMNS 36
#define CAPTION_LINES   3
#define PRESSURE_PX     110
#define BREATH_TOP      (PRESSURE_PX + 6)
#define BREATH_PX       14
#define LABELS_Y        (BREATH_TOP + BREATH_PX + 16)
#define HEADROOM        1.3      // for the labels of the bands
#define BEFORE_US       US_PER_S // shown before a press
#define TICK_S          10
#define GAP_SHARE       0.03
#define BAND_LABEL_PX   60
#define TIME_LABEL_PX   44

struct press_list {
	struct stretch *stretches;
	size_t n;
};

static void site_heading(const struct chart *chart, size_t site, char *buf, size_t size)
{
	char label[LABEL_SIZE];

	recording_label(chart->recording, chart->sites[site].points, label);
	snprintf(buf, size, "%zu  %s", site + 1, label);
}

void dose_text(const struct delivered *delivered, const char *more, char *buf, size_t size)
{
	snprintf(buf, size, "%.0f s, %.0f N s, peak %.1f N%s", delivered->seconds,
		delivered->newton_s, delivered->peak_n, more);
}

void site_dose_text(const struct site *site, char *buf, size_t size)
{
	char felt[32] = "";

	if (site->unit != TARGET_NEWTON && site->delivered.newton_s <= 0) {
		snprintf(buf, size, "%.0f s driven, force not known", site->driven_s);
		return;
	}
	if (!isnan(site->felt_peak_n))
		snprintf(felt, sizeof(felt), ", felt %.1f N", site->felt_peak_n);
	dose_text(&site->delivered, felt, buf, size);
}

static int heading_px(const struct chart *chart, size_t site)
{
	char heading[LABEL_SIZE + 16];

	site_heading(chart, site, heading, sizeof(heading));
	return LINE_HEIGHT * svg_paragraph(NULL, "", "", 0, 0, HEADING_COLUMNS, heading);
}

int site_panel_height(const struct chart *chart, size_t site)
{
	return heading_px(chart, site) + CAPTION_LINES * LINE_HEIGHT + 14 + LABELS_Y + 34;
}

static int draw_captions(const struct chart *chart, size_t index)
{
	const struct site *site = &chart->sites[index];
	const char *unit = site->unit == TARGET_NEWTON ? "N" : "per mille";
	char heading[LABEL_SIZE + 16], dose[96];
	int y = 18;

	site_heading(chart, index, heading, sizeof(heading));
	y += LINE_HEIGHT *
		svg_paragraph(chart->out, "heading", "16", y, LINE_HEIGHT, HEADING_COLUMNS,
			heading);
	svg_text(chart->out, "soft", "16", y, "%s, target %.1f %s, %zu %s",
		chart->recording->chair->actuators[site->actuator].name, site->target, unit,
		site->n_presses, site->n_presses == 1 ? "press" : "presses");
	site_dose_text(site, dose, sizeof(dose));
	svg_text(chart->out, "soft", "16", y + LINE_HEIGHT, "%s", dose);
	if (!isnan(site->peak_ceiling_n))
		svg_text(chart->out, "soft", "16", y + 2 * LINE_HEIGHT,
			"ceilings: held %.0f N, peak %.0f N", site->sustained_ceiling_n,
			site->peak_ceiling_n);
	return y + 2 * LINE_HEIGHT;
}

// A little earlier than the press itself, within its approach.
static size_t beginning(const struct recording *recording, size_t press)
{
	const struct sample *samples = recording->samples;
	int64_t from_us = samples[press].t_us - BEFORE_US;
	size_t i = press;

	while (i > 0 && samples[i - 1].t_us >= from_us && samples[i - 1].phase == SESSION_APPROACH)
		i--;
	return i;
}

// The presses of the place, side by side. Without memory: none.
static struct press_list find_presses(const struct chart *chart, const struct site *site)
{
	const struct recording *recording = chart->recording;
	const struct sample *samples = recording->samples;
	struct press_list list = { calloc(site->n_presses, sizeof(struct stretch)), 0 };
	double sum_us = 0, gap, x = 0;
	struct press press;

	for (size_t index = 0; list.stretches && list.n < site->n_presses &&
		recording_next_press(recording, &index, &press);) {
		if (!site_is_at(site, &samples[press.from]))
			continue;
		press.from = beginning(recording, press.from);
		sum_us += (double)(samples[press.to].t_us - samples[press.from].t_us);
		list.stretches[list.n++] = (struct stretch){ press.from, press.to, 0, 0 };
	}
	gap = list.n > 1 ? fmin(GAP_SHARE, 0.3 / (double)(list.n - 1)) * CURVE_WIDTH : 0;
	for (size_t i = 0; i < list.n; i++) {
		struct stretch *stretch = &list.stretches[i];
		double share = (double)(samples[stretch->to].t_us - samples[stretch->from].t_us) /
			fmax(sum_us, 1);

		stretch->x_from = x;
		stretch->x_to = x + share * (CURVE_WIDTH - gap * (double)(list.n - 1));
		x = stretch->x_to + gap;
	}
	return list;
}

static const char *band_name(enum session_phase phase)
{
	switch (phase) {
	case SESSION_HOLD:
		return "hold";
	case SESSION_STROKE:
		return "stroke";
	case SESSION_KNEAD:
		return "knead";
	case SESSION_TAP:
		return "tap";
	default:
		return NULL;
	}
}

struct band {
	double from, to; // of CURVE_WIDTH
	const char *name;
	double seconds;
};

// The part of a press between ramp and release. False: there is none.
static bool find_band(const struct chart *chart, const struct stretch *stretch, struct band *ret)
{
	const struct sample *samples = chart->recording->samples;
	size_t from = stretch->from, to;

	while (from < stretch->to && !band_name(samples[from].phase))
		from++;
	for (to = from; to < stretch->to && band_name(samples[to].phase);)
		to++;
	if (to == from)
		return false;
	*ret = (struct band){ .from = stretch_x(chart, stretch, from),
		.to = stretch_x(chart, stretch, to),
		.name = band_name(samples[from].phase),
		.seconds = (double)(samples[to].t_us - samples[from].t_us) / US_PER_S };
	return true;
}

// The phases between ramp and release, and their names where there is room.
static void draw_bands(const struct chart *chart, const struct press_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		struct band band;

		if (find_band(chart, &list->stretches[i], &band))
			fprintf(chart->out,
				"<rect class=\"band\" x=\"%.1f\" width=\"%.1f\" height=\"%d\"/>\n",
				band.from, band.to - band.from, PRESSURE_PX);
	}
}

static void name_bands(const struct chart *chart, const struct plot *plot,
	const struct press_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		struct band band;
		char x[32];

		if (!find_band(chart, &list->stretches[i], &band) ||
			(band.to - band.from) / CURVE_WIDTH * plot_px(chart, plot) < BAND_LABEL_PX)
			continue;
		snprintf(x, sizeof(x), "%.2f%%", 50 * (band.from + band.to) / CURVE_WIDTH);
		svg_text(chart->out, "tick middle", x, 12, "%s %.0f s", band.name, band.seconds);
	}
}

static void draw_marks(const struct chart *chart, const struct stretch *stretch)
{
	const struct sample *samples = chart->recording->samples;
	double seconds = (double)(samples[stretch->to].t_us - samples[stretch->from].t_us) /
		US_PER_S;
	double width = stretch->x_to - stretch->x_from;

	for (int s = 0; s <= seconds && seconds > 0; s += TICK_S) {
		double x = 100 * (stretch->x_from + width * s / seconds) / CURVE_WIDTH;

		fprintf(chart->out,
			"<line class=\"axis\" x1=\"%.2f%%\" y1=\"%d\" x2=\"%.2f%%\" y2=\"%d\"/>\n",
			x, s ? PRESSURE_PX - 4 : 0, x, PRESSURE_PX);
	}
}

// The time of each press below its beginning, as far as there is room.
static void draw_times(const struct chart *chart, const struct plot *plot,
	const struct press_list *list)
{
	double next_px = 0;

	for (size_t i = 0; i < list->n; i++) {
		const struct stretch *stretch = &list->stretches[i];
		double share = stretch->x_from / CURVE_WIDTH;
		int64_t from_us = chart->recording->samples[stretch->from].t_us;
		int s = (int)((from_us - recording_start_us(chart->recording)) / US_PER_S);
		char x[32];

		draw_marks(chart, stretch);
		if (share * plot_px(chart, plot) < next_px)
			continue;
		snprintf(x, sizeof(x), "%.2f%%", 100 * share);
		svg_text(chart->out, "tick", x, LABELS_Y, "%d:%02d", s / 60, s % 60);
		next_px = share * plot_px(chart, plot) + TIME_LABEL_PX;
	}
}

#define N_CURVES 5

static void choose_curves(const struct site *site, struct curve curves[N_CURVES])
{
	int unit = (int)site->unit;

	curves[0] = (struct curve){ .style = "felt", .read = read_felt, .of = unit };
	curves[1] = (struct curve){ .style = "delivered", .read = read_delivered, .of = unit };
	curves[2] = (struct curve){
		.style = "target", .read = read_target, .of = unit, .skip_zero = true
	};
	curves[3] =
		(struct curve){ .style = "ceiling", .read = read_sustained_ceiling, .of = unit };
	curves[4] =
		(struct curve){ .style = "ceiling peak", .read = read_peak_ceiling, .of = unit };
}

// Its y axis has room for all but the peak ceiling, which may lie far above the rest.
static struct plot make_plot(const struct chart *chart, const struct site *site,
	const struct press_list *list)
{
	double highest = site->unit == TARGET_NEWTON ? 10 : 100;
	struct curve curves[N_CURVES];

	choose_curves(site, curves);
	for (size_t i = 0; i < list->n; i++) {
		for (int k = 0; k < N_CURVES - 1; k++)
			highest = fmax(highest,
				curve_highest(chart, &list->stretches[i], &curves[k]));
	}
	return (struct plot){ .height = PRESSURE_PX, .half = true, .y_max = HEADROOM * highest };
}

void site_panel_define(const struct chart *chart, size_t index)
{
	const struct site *site = &chart->sites[index];
	const struct plot breath = { .height = BREATH_PX, .y_max = 1 };
	struct press_list list = find_presses(chart, site);
	struct plot plot = make_plot(chart, site, &list);
	struct curve curves[N_CURVES];

	choose_curves(site, curves);
	curves_begin(chart, "site", (int)index, PRESSURE_PX);
	draw_bands(chart, &list);
	for (size_t i = 0; i < list.n; i++) {
		for (int k = 0; k < N_CURVES; k++)
			curve_draw(chart, &plot, &list.stretches[i], &curves[k]);
	}
	curves_end(chart);
	curves_begin(chart, "sitebreath", (int)index, BREATH_PX);
	for (size_t i = 0; i < list.n; i++)
		curve_draw(chart, &breath, &list.stretches[i],
			&(struct curve){ .style = "breath", .read = read_lung });
	curves_end(chart);
	free(list.stretches);
}

void site_panel_draw(const struct chart *chart, size_t index)
{
	const struct site *site = &chart->sites[index];
	struct press_list list = find_presses(chart, site);
	struct plot plot = make_plot(chart, site, &list);

	plot.top = draw_captions(chart, index) + 14;
	plot_begin(chart, &plot);
	plot_y_axis(chart, &plot);
	curves_use(chart, "site", (int)index, 0, PRESSURE_PX);
	curves_use(chart, "sitebreath", (int)index, BREATH_TOP, BREATH_PX);
	draw_times(chart, &plot, &list);
	name_bands(chart, &plot, &list);
	plot_y_label(chart, BREATH_TOP + BREATH_PX - 3, "breath");
	plot_end(chart);
	svg_text(chart->out, "soft middle", "50%", plot.top + LABELS_Y + 18,
		"%s; min:s of each press; a mark each %d s",
		site->unit == TARGET_NEWTON ? "newtons" : "per mille", TICK_S);
	free(list.stretches);
}
