// SPDX-License-Identifier: MIT
//
// The panels of the whole session: phases, pressure, positions, breath.
#include <math.h>

#include "ctl/chart_private.h"
#include "ctl/svg.h"

#define LANES_TOP     34
#define LANE_HEIGHT   16
#define GAP           44 // between two plots, with the heading of the second
#define PRESSURE_PX   150
#define CARRIAGE_PX   80
#define POSTURE_PX    48
#define POSTURE_MOVES 10 // per mille: less is its sensor's noise
#define BREATH_PX     24
#define LIMIT_LABEL_Y 13 // below the line of a carriage's limit
#define AXIS_PX       40 // labels and title of the time axis

// Rows of the phases' picture: a place for each, so that colour is not needed.
static const struct lane {
	const char *name;
	uint32_t phases; // set
} lanes[] = {
	{ "move",
		1u << SESSION_ARMING | 1u << SESSION_HOMING | 1u << SESSION_APPROACH |
			1u << SESSION_PARKING | 1u << SESSION_JOG },
	{ "ramp", 1u << SESSION_PRESS },
	{ "hold", 1u << SESSION_HOLD },
	{ "stroke", 1u << SESSION_STROKE },
	{ "knead", 1u << SESSION_KNEAD },
	{ "tap", 1u << SESSION_TAP },
	{ "posture", 1u << SESSION_POSTURE },
	{ "release", 1u << SESSION_RELEASE | 1u << SESSION_RELEASING | 1u << SESSION_PAUSING },
	{ "rest", 1u << SESSION_REST | 1u << SESSION_TIMED_PAUSE | 1u << SESSION_PAUSED },
	{ "fault", 1u << SESSION_FAULT },
};

#define N_LANES   (sizeof(lanes) / sizeof(*lanes))
#define LANE_HOLD 2

static struct stretch whole(const struct chart *chart)
{
	return (struct stretch){ .from = 0, .to = chart->recording->n - 1, .x_to = CURVE_WIDTH };
}

static bool lane_has(const struct lane *lane, const struct sample *sample)
{
	return lane->phases >> sample->phase & 1;
}

// Whether an actuator runs beside the technique, as a layer of its step does.
static bool runs_beside(const struct chart *chart, size_t actuator, const struct sample *sample)
{
	enum actuator_kind kind = chart->recording->chair->actuators[actuator].kind;
	uint32_t working = 1u << SESSION_HOLD | 1u << SESSION_STROKE | 1u << SESSION_KNEAD |
		1u << SESSION_TAP;

	if (layer_kind_lasts(kind))
		working |= 1u << SESSION_RELEASE | 1u << SESSION_REST;
	return layer_kind_allowed(kind) && working >> sample->phase & 1 && sample->actuator >= 0 &&
		sample->actuator != (int)actuator && sample->by[actuator].drive_permille > 0;
}

static bool is_layer(const struct chart *chart, size_t actuator)
{
	for (size_t i = 0; i < chart->recording->n; i++) {
		if (runs_beside(chart, actuator, &chart->recording->samples[i]))
			return true;
	}
	return false;
}

static bool lane_is_used(const struct chart *chart, const struct lane *lane)
{
	for (size_t i = 0; i < chart->recording->n; i++) {
		if (lane_has(lane, &chart->recording->samples[i]))
			return true;
	}
	return false;
}

static int lanes_px(const struct chart *chart)
{
	int height = 0;

	for (size_t i = 0; i < N_LANES; i++)
		height += lane_is_used(chart, &lanes[i]) ? LANE_HEIGHT : 0;
	for (size_t i = 0; i < chart->recording->chair->n_actuators; i++)
		height += is_layer(chart, i) ? LANE_HEIGHT : 0;
	return height;
}

static bool breathes(const struct chart *chart)
{
	const struct stretch all = whole(chart);

	return curve_highest(chart, &all, &(struct curve){ .read = read_lung }) > 0;
}

// Whether it moves more than noise between known positions. NAN is neither least nor most.
static bool moves(const struct chart *chart, size_t actuator)
{
	double least = INFINITY, most = -INFINITY;

	for (size_t i = 0; i < chart->recording->n; i++) {
		least = fmin(least, read_position(&chart->recording->samples[i], (int)actuator));
		most = fmax(most, read_position(&chart->recording->samples[i], (int)actuator));
	}
	return most - least > POSTURE_MOVES;
}

// A carriage has a plot if its position is known, a posture if it moves in this session.
static int position_px(const struct chart *chart, size_t actuator)
{
	enum actuator_kind kind = chart->recording->chair->actuators[actuator].kind;

	if (actuator_is_posture(kind))
		return moves(chart, actuator) ? POSTURE_PX : 0;
	for (size_t i = 0; i < chart->recording->n; i++) {
		if (!isnan(chart->recording->samples[i].by[actuator].position))
			return CARRIAGE_PX;
	}
	return 0;
}

int session_panel_height(const struct chart *chart)
{
	int height = LANES_TOP + PRESSURE_PX + AXIS_PX;

	height += lanes_px(chart) ? lanes_px(chart) + GAP : 0;

	for (size_t i = 0; i < chart->recording->chair->n_actuators; i++)
		height += position_px(chart, i) ? GAP + position_px(chart, i) : 0;
	return height + (breathes(chart) ? GAP + BREATH_PX : 0);
}

// Bars where the phase is one of the lane's.
static void draw_bars(const struct chart *chart, const struct lane *lane, const char *style, int y,
	int height)
{
	const struct stretch all = whole(chart);
	const struct sample *samples = chart->recording->samples;

	for (size_t i = 0; i < all.to; i++) {
		size_t from = i;

		if (!lane_has(lane, &samples[i]))
			continue;
		while (i < all.to && lane_has(lane, &samples[i]))
			i++;
		fprintf(chart->out,
			"<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>\n",
			style, stretch_x(chart, &all, from), y,
			stretch_x(chart, &all, i) - stretch_x(chart, &all, from), height);
	}
}

// Bars of a layer: a cell's have gaps, in which it rests.
static void draw_layer_bars(const struct chart *chart, size_t actuator, int y, int height)
{
	const struct stretch all = whole(chart);
	const struct sample *samples = chart->recording->samples;

	for (size_t i = 0; i < all.to; i++) {
		size_t from = i;

		while (i < all.to && runs_beside(chart, actuator, &samples[i]))
			i++;
		if (i == from)
			continue;
		fprintf(chart->out,
			"<rect class=\"bar\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>\n",
			stretch_x(chart, &all, from), y,
			stretch_x(chart, &all, i) - stretch_x(chart, &all, from), height);
	}
}

// --- curves -----------------------------------------------------------------------------------

static void define_lanes(const struct chart *chart)
{
	int y = 0;

	curves_begin(chart, "phases", 0, lanes_px(chart) + 1); // not 0: that is no view box
	for (size_t i = 0; i < N_LANES; i++) {
		draw_bars(chart, &lanes[i], "bar", y + 3, LANE_HEIGHT - 6);
		y += lane_is_used(chart, &lanes[i]) ? LANE_HEIGHT : 0;
	}
	for (size_t i = 0; i < chart->recording->chair->n_actuators; i++) {
		if (!is_layer(chart, i))
			continue;
		draw_layer_bars(chart, i, y + 3, LANE_HEIGHT - 6);
		y += LANE_HEIGHT;
	}
	curves_end(chart);
}

static const struct curve pressures[] = {
	{ .style = "felt", .read = read_felt, .of = TARGET_NEWTON },
	{ .style = "delivered", .read = read_delivered, .of = TARGET_NEWTON },
	{ .style = "target", .read = read_target, .of = TARGET_NEWTON, .skip_zero = true },
	{ .style = "ceiling", .read = read_sustained_ceiling, .of = TARGET_NEWTON, .levels = true },
	{ .style = "ceiling peak", .read = read_peak_ceiling, .of = TARGET_NEWTON, .levels = true },
};

#define N_PRESSURES (sizeof(pressures) / sizeof(*pressures))

// Its y axis has room for all but the peak ceiling, which may lie far above the rest.
static struct plot pressure_plot(const struct chart *chart)
{
	const struct stretch all = whole(chart);
	struct plot plot = { .height = PRESSURE_PX, .y_max = 10 };

	for (size_t i = 0; i + 1 < N_PRESSURES; i++)
		plot.y_max = fmax(plot.y_max, 1.1 * curve_highest(chart, &all, &pressures[i]));
	return plot;
}

static void define_pressure(const struct chart *chart)
{
	const struct stretch all = whole(chart);
	const struct plot plot = pressure_plot(chart);

	curves_begin(chart, "pressure", 0, plot.height);
	draw_bars(chart, &lanes[LANE_HOLD], "band", 0, plot.height);
	for (size_t i = 0; i < N_PRESSURES; i++)
		curve_draw(chart, &plot, &all, &pressures[i]);
	curves_end(chart);
}

static struct plot position_plot(const struct chart *chart, int actuator)
{
	const struct actuator *config = &chart->recording->chair->actuators[actuator];

	return (struct plot){ .height = position_px(chart, (size_t)actuator),
		.y_max = 1.1 *
			(actuator_is_posture(config->kind) ? PERMILLE_FULL
							   : fmax(config->soft_max_mm, 10)) };
}

static void define_position(const struct chart *chart, int actuator)
{
	const struct stretch all = whole(chart);
	const struct plot plot = position_plot(chart, actuator);

	curves_begin(chart, "position", actuator, plot.height);
	curve_draw(chart, &plot, &all,
		&(struct curve){ .style = "delivered", .read = read_position, .of = actuator });
	curves_end(chart);
}

void session_panel_define(const struct chart *chart)
{
	const struct plot breath = { .height = BREATH_PX, .y_max = 1 };
	const struct stretch all = whole(chart);

	define_lanes(chart);
	define_pressure(chart);
	for (size_t i = 0; i < chart->recording->chair->n_actuators; i++) {
		if (position_px(chart, i))
			define_position(chart, (int)i);
	}
	curves_begin(chart, "breath", 0, BREATH_PX);
	curve_draw(chart, &breath, &all, &(struct curve){ .style = "breath", .read = read_lung });
	curves_end(chart);
}

// --- plots ------------------------------------------------------------------------------------

// "+ cell", and "+ cell 2" of another one.
static char *layer_label(const struct chart *chart, size_t actuator, char buf[NAME_SIZE])
{
	const struct actuator *actuators = chart->recording->chair->actuators;
	const char *kind = actuator_kind_name(actuators[actuator].kind);
	int number = 1;

	for (size_t i = 0; i < actuator; i++)
		number += actuators[i].kind == actuators[actuator].kind && is_layer(chart, i);
	if (number > 1)
		snprintf(buf, NAME_SIZE, "+ %s %d", kind, number);
	else
		snprintf(buf, NAME_SIZE, "+ %s", kind);
	return buf;
}

static void draw_lanes(const struct chart *chart, int top)
{
	const struct plot plot = { .top = top, .height = lanes_px(chart) };
	char label[NAME_SIZE];
	int y = 0;

	plot_begin(chart, &plot);
	plot_time_axis(chart, &plot, 0);
	for (size_t i = 0; i < N_LANES; i++) {
		if (!lane_is_used(chart, &lanes[i]))
			continue;
		plot_y_label(chart, y + 12, lanes[i].name);
		y += LANE_HEIGHT;
	}
	for (size_t i = 0; i < chart->recording->chair->n_actuators; i++) {
		if (!is_layer(chart, i))
			continue;
		plot_y_label(chart, y + 12, layer_label(chart, i, label));
		y += LANE_HEIGHT;
	}
	curves_use(chart, "phases", 0, 0, plot.height + 1);
	plot_end(chart);
}

static void draw_pressure(const struct chart *chart, int top, int labels_y)
{
	struct plot plot = pressure_plot(chart);

	plot.top = top;
	plot_begin(chart, &plot);
	plot_y_axis(chart, &plot);
	plot_time_axis(chart, &plot, labels_y);
	curves_use(chart, "pressure", 0, 0, plot.height);
	plot_end(chart);
}

static void draw_limit(const struct chart *chart, const struct plot *plot, double limit_mm)
{
	double y = plot->height * (1 - limit_mm / plot->y_max);

	fprintf(chart->out, "<line class=\"ceiling\" y1=\"%.1f\" x2=\"100%%\" y2=\"%.1f\"/>\n", y,
		y);
	svg_text(chart->out, "tick end", "100%", (int)y + LIMIT_LABEL_Y, "at most %.0f mm",
		limit_mm);
}

static void draw_position(const struct chart *chart, int top, int actuator, int labels_y)
{
	const struct actuator *config = &chart->recording->chair->actuators[actuator];
	struct plot plot = position_plot(chart, actuator);

	plot.top = top;
	plot_begin(chart, &plot);
	plot_y_axis(chart, &plot);
	plot_time_axis(chart, &plot, labels_y);
	if (config->kind == ACTUATOR_TRAVEL)
		draw_limit(chart, &plot, config->soft_max_mm);
	curves_use(chart, "position", actuator, 0, plot.height);
	plot_end(chart);
}

static void draw_breath(const struct chart *chart, int top, int labels_y)
{
	const struct plot plot = { .top = top, .height = BREATH_PX, .y_max = 1 };

	plot_begin(chart, &plot);
	plot_time_axis(chart, &plot, labels_y);
	curves_use(chart, "breath", 0, 0, plot.height);
	plot_end(chart);
}

static int last_plot(const struct chart *chart)
{
	int last = -1;

	for (size_t i = 0; i < chart->recording->chair->n_actuators; i++)
		last = position_px(chart, i) ? (int)i : last;
	return last;
}

// Below the last plot stand the times.
void session_panel_draw(const struct chart *chart)
{
	const struct chair *chair = chart->recording->chair;
	bool breath = breathes(chart);
	int last = last_plot(chart), y = LANES_TOP;

	if (lanes_px(chart)) { // without messages the phases are not known
		svg_text(chart->out, "heading", "16", y - 16, "Phases");
		draw_lanes(chart, y);
		y += lanes_px(chart) + GAP;
	}
	svg_text(chart->out, "heading", "16", y - 14, "Pressure, newtons");
	draw_pressure(chart, y, !breath && last < 0 ? PRESSURE_PX + 16 : 0);
	y += PRESSURE_PX;
	for (int i = 0; i <= last; i++) {
		int height = position_px(chart, (size_t)i);

		if (!height)
			continue;
		y += GAP;
		svg_text(chart->out, "heading", "16", y - 14, "Position of %s, %s from home",
			chair->actuators[i].name,
			chair->actuators[i].kind == ACTUATOR_TRAVEL ? "mm" : "per mille");
		draw_position(chart, y, i, !breath && i == last ? height + 16 : 0);
		y += height;
	}
	if (breath) {
		y += GAP;
		svg_text(chart->out, "heading", "16", y - 14, "Breath to follow: up is in");
		draw_breath(chart, y, BREATH_PX + 16);
		y += BREATH_PX;
	}
	svg_text(chart->out, "soft middle", "50%", y + 34, "session time, minutes:seconds");
}
