// SPDX-License-Identifier: MIT
//
// The panel of a pin trace: when each output was off its safe level.
#include "ctl/chart_private.h"
#include "ctl/svg.h"

#define TOP     34
#define LANE_PX 30 // a name, and its bar below it
#define BAR_Y   18
#define BAR_PX  9

// The enable line toggles all the time; one that was never on has no lane.
static bool has_lane(const struct chart *chart, size_t line)
{
	const struct pin_trace *pins = chart->recording->pins;

	return pins->lines[line].on.n > 0 && pins->chair->lines[line].role != ROLE_ENABLE;
}

static int lanes_px(const struct chart *chart)
{
	int height = 0;

	for (size_t i = 0; i < chart->recording->chair->n_lines; i++)
		height += has_lane(chart, i) ? LANE_PX : 0;
	return height;
}

int pins_panel_height(const struct chart *chart)
{
	return TOP + lanes_px(chart) + 40;
}

static double x_of(const struct chart *chart, int64_t t_us)
{
	double seconds = (double)(t_us - recording_start_us(chart->recording)) / US_PER_S;

	return clamp_double(CURVE_WIDTH * seconds / recording_seconds(chart->recording), 0,
		CURVE_WIDTH);
}

static void draw_spans(const struct chart *chart, const struct signal *on, int y)
{
	for (size_t i = 0; i < on->n; i++) {
		double from = x_of(chart, on->spans[i].from_us),
		       to = x_of(chart, on->spans[i].to_us);

		if (to > from)
			fprintf(chart->out,
				"<rect class=\"bar\" x=\"%.2f\" y=\"%d\" width=\"%.2f\" "
				"height=\"%d\"/>\n",
				from, y, to - from, BAR_PX);
	}
}

void pins_panel_define(const struct chart *chart)
{
	int y = BAR_Y;

	curves_begin(chart, "pins", 0, lanes_px(chart));
	for (size_t i = 0; i < chart->recording->chair->n_lines; i++) {
		if (!has_lane(chart, i))
			continue;
		draw_spans(chart, &chart->recording->pins->lines[i].on, y);
		y += LANE_PX;
	}
	curves_end(chart);
}

void pins_panel_draw(const struct chart *chart)
{
	const struct chair *chair = chart->recording->chair;
	const struct plot plot = { .top = TOP, .height = lanes_px(chart) };
	int y = 12;

	svg_text(chart->out, "heading", "16", 18, "Outputs off their safe level");
	plot_begin(chart, &plot);
	plot_time_axis(chart, &plot, plot.height + 16);
	curves_use(chart, "pins", 0, 0, plot.height);
	for (size_t i = 0; i < chair->n_lines; i++) {
		const struct line *line = &chair->lines[i];

		if (!has_lane(chart, i))
			continue;
		svg_text(chart->out, "tick", "0", y, "%s %s (%s)",
			line->actuator < 0 ? "chair" : chair->actuators[line->actuator].name,
			line_role_name(line->role), line->name);
		y += LANE_PX;
	}
	plot_end(chart);
	svg_text(chart->out, "soft middle", "50%", TOP + plot.height + 34,
		"session time, minutes:seconds");
}
