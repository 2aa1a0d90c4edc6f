// SPDX-License-Identifier: MIT
//
// The document: style, layout of the panels, heading.
//
//   narrow        wide
//   +---------+   +-----------------+
//   | heading |   | heading         |
//   | session |   | session         |
//   | body    |   | body   | places |
//   | places  |   | site 1 | site 2 |
//   | site 1  |   | site 3 | site 4 |
//   | site 2  |   +-----------------+
//   ...
//
// Both layouts are in the document; a media query shows one. The curves are there once.
#include "ctl/chart.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/chart_private.h"
#include "ctl/svg.h"

#define GAP           24
#define TITLE_COLUMNS 30
#define TEXT_COLUMNS  48
#define LEGEND_ITEMS  5

// Of the panel's page (daemon/panel/style.css): dark on light, and light on dark.
static const char style[] =
	"svg{--ground:#f4f2ee;--text:#1d272b;--soft:#535f64;--line:#d9d5cc;--edge:#8b897f;"
	"--band:#cfe6e3;--bar:#0d6b6b;--target:#8a5a00;--delivered:#0d6b6b;--felt:#9cc3dc;"
	"--ceiling:#b3261e;--breath:#535f64;--body:#d8d2c6;"
	"--d0:#f3e9c6;--d1:#e8c468;--d2:#d9902f;--d3:#b8541c;--d4:#7d160f}\n"
	"@media(prefers-color-scheme:dark){svg{--ground:#11171a;--text:#e8eef0;--soft:#a9b7bd;"
	"--line:#334046;--edge:#7d8d94;--band:#1f4745;--bar:#5fc9bf;--target:#e0a84a;"
	"--delivered:#5fc9bf;--felt:#31607c;--ceiling:#ff8a80;--breath:#a9b7bd;--body:#3a474d;"
	"--d0:#574a2a;--d1:#8f6c21;--d2:#d08a2c;--d3:#f0b35a;--d4:#ffe2b0}}\n"
	"text{font:12px system-ui,sans-serif;fill:var(--text)}\n"
	".title{font-size:20px;font-weight:600}.heading{font-size:13px;font-weight:600}\n"
	".soft,.tick{fill:var(--soft)}.tick{font-size:11px}\n"
	".end{text-anchor:end}.middle{text-anchor:middle}\n"
	".ground{fill:var(--ground)}\n"
	".grid{stroke:var(--line)}.axis{stroke:var(--edge)}\n"
	".bar{fill:var(--bar)}.band{fill:var(--band);fill-opacity:.7}\n"
	"path,.sample{fill:none;stroke-width:1.5;vector-effect:non-scaling-stroke;"
	"stroke-linejoin:round}\n"
	".target{stroke:var(--target);stroke-width:2;stroke-dasharray:2 4;stroke-linecap:round}\n"
	".delivered{stroke:var(--delivered)}.felt{stroke:var(--felt);stroke-width:5}\n"
	".ceiling{stroke:var(--ceiling);stroke-width:1.2;stroke-dasharray:7 5}"
	".peak{stroke-dasharray:12 3}\n"
	".breath{stroke:var(--breath);stroke-width:1}\n"
	".body{fill:var(--body);stroke:var(--body);stroke-width:6}\n"
	".leader{stroke:var(--edge);stroke-width:.8}\n"
	".cross{stroke:var(--text)}.dose{stroke:var(--text);stroke-width:1}\n"
	".d0{fill:var(--d0)}.d1{fill:var(--d1)}.d2{fill:var(--d2)}.d3{fill:var(--d3)}"
	".d4{fill:var(--d4)}\n"
	".wide{display:none}\n";

enum kind { PANEL_HEADING, PANEL_SESSION, PANEL_PINS, PANEL_BODY, PANEL_DOSES, PANEL_SITE };

struct panel {
	enum kind kind;
	size_t site;
	int y, height;
	bool right; // wide: in the right column
	bool half;  // wide: takes half of the width
};

struct layout {
	struct panel panels[5 + RECORDING_SITES_MAX];
	size_t n;
	int height, row_height;
};

// --- heading ----------------------------------------------------------------------------------

static const struct {
	const char *style, *text;
} legend[LEGEND_ITEMS] = {
	{ "target", "target" },
	{ "delivered", "delivered" },
	{ "felt", "felt (simulated)" },
	{ "ceiling", "ceiling of a hold" },
	{ "ceiling peak", "ceiling of a peak" },
};

static int heading_text(const struct chart *chart, FILE *out)
{
	const struct recording *recording = chart->recording;
	int y = 32 +
		24 * svg_paragraph(out, "title", "16", 32, 24, TITLE_COLUMNS, recording->title);

	for (int i = 0; i < RECORDING_NOTES_MAX; i++)
		y += LINE_HEIGHT *
			svg_paragraph(out, "soft", "16", y, LINE_HEIGHT, TEXT_COLUMNS,
				recording->notes[i]);
	return y;
}

static int heading_height(const struct chart *chart)
{
	return heading_text(chart, NULL) + (LEGEND_ITEMS + 1) / 2 * 20 + 6;
}

// Pins alone give no targets and no places.
static bool is_drawn(const struct chart *chart, const char *curve)
{
	if (strcmp(curve, "felt") == 0)
		return chart->recording->has_felt;
	return chart->n_sites > 0 || strcmp(curve, "delivered") == 0;
}

static void heading_draw(const struct chart *chart)
{
	int y = heading_text(chart, chart->out) + 8;

	for (int i = 0, shown = 0; i < LEGEND_ITEMS; i++) {
		int x = MARGIN + shown % 2 * 164, row = y + shown / 2 * 20;
		char at[16];

		if (!is_drawn(chart, legend[i].style))
			continue;
		fprintf(chart->out,
			"<line class=\"sample %s\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n",
			legend[i].style, x, row - 4, x + 28, row - 4);
		snprintf(at, sizeof(at), "%d", x + 36);
		svg_text(chart->out, "name", at, row, "%s", legend[i].text);
		shown++;
	}
}

// --- layout -----------------------------------------------------------------------------------

static int panel_height(const struct chart *chart, enum kind kind, size_t site)
{
	switch (kind) {
	case PANEL_HEADING:
		return heading_height(chart);
	case PANEL_SESSION:
		return session_panel_height(chart);
	case PANEL_PINS:
		return pins_panel_height(chart);
	case PANEL_BODY:
		return body_panel_height(chart);
	case PANEL_DOSES:
		return dose_panel_height(chart);
	default:
		return site_panel_height(chart, site);
	}
}

static int add_panel(const struct chart *chart, struct layout *layout, struct panel panel)
{
	panel.height = panel_height(chart, panel.kind, panel.site);
	panel.y = layout->height;
	layout->panels[layout->n++] = panel;
	return panel.height;
}

// A panel of the whole width.
static void add_row(const struct chart *chart, struct layout *layout, enum kind kind)
{
	layout->height += GAP + add_panel(chart, layout, (struct panel){ .kind = kind });
}

// A panel of half the width on a wide page, where the second one completes the row.
static void add_half(const struct chart *chart, struct layout *layout, enum kind kind, size_t site,
	bool second)
{
	struct panel panel = {
		.kind = kind, .site = site, .half = chart->wide, .right = chart->wide && second
	};
	int height = add_panel(chart, layout, panel);

	if (!chart->wide)
		layout->height += GAP + height;
	layout->row_height = second && layout->row_height > height ? layout->row_height : height;
}

static void end_row(const struct chart *chart, struct layout *layout)
{
	if (chart->wide)
		layout->height += GAP + layout->row_height;
}

static void make_layout(const struct chart *chart, struct layout *layout)
{
	layout->n = 0;
	layout->height = 0;
	add_row(chart, layout, PANEL_HEADING);
	add_row(chart, layout, PANEL_SESSION);
	if (chart->recording->pins)
		add_row(chart, layout, PANEL_PINS);
	if (!chart->n_sites)
		return;
	add_half(chart, layout, PANEL_BODY, 0, false);
	add_half(chart, layout, PANEL_DOSES, 0, true);
	end_row(chart, layout);
	for (size_t i = 0; i < chart->n_sites; i++) {
		add_half(chart, layout, PANEL_SITE, i, i % 2);
		if (i % 2 || i + 1 == chart->n_sites)
			end_row(chart, layout);
	}
}

// --- document ---------------------------------------------------------------------------------

static void panel_title(const struct chart *chart, const struct panel *panel)
{
	static const char *const titles[] = {
		[PANEL_HEADING] = "About this picture",
		[PANEL_SESSION] = "Phases, pressure, positions and breath over the session",
		[PANEL_PINS] = "Outputs over the session",
		[PANEL_BODY] = "Map of the body with the dose of each point",
		[PANEL_DOSES] = "List of the places with their doses",
	};
	char label[LABEL_SIZE];

	fputs("<title>", chart->out);
	if (panel->kind == PANEL_SITE) {
		fputs("Pressure over time at ", chart->out);
		svg_escape(chart->out,
			recording_label(chart->recording, chart->sites[panel->site].points, label));
	} else {
		fputs(titles[panel->kind], chart->out);
	}
	fputs("</title>\n", chart->out);
}

static void draw_panel(const struct chart *chart, const struct panel *panel)
{
	fprintf(chart->out,
		"<svg role=\"group\" x=\"%d%%\" y=\"%d\" width=\"%d%%\" height=\"%d\">\n",
		panel->right ? 50 : 0, panel->y, panel->half ? 50 : 100, panel->height);
	panel_title(chart, panel);
	switch (panel->kind) {
	case PANEL_HEADING:
		heading_draw(chart);
		break;
	case PANEL_SESSION:
		session_panel_draw(chart);
		break;
	case PANEL_PINS:
		pins_panel_draw(chart);
		break;
	case PANEL_BODY:
		body_panel_draw(chart);
		break;
	case PANEL_DOSES:
		dose_panel_draw(chart);
		break;
	case PANEL_SITE:
		site_panel_draw(chart, panel->site);
		break;
	}
	fputs("</svg>\n", chart->out);
}

static void draw_layout(struct chart *chart, const struct layout *layout, bool wide)
{
	chart->wide = wide;
	fprintf(chart->out, "<g class=\"%s\">\n", wide ? "wide" : "narrow");
	for (size_t i = 0; i < layout->n; i++)
		draw_panel(chart, &layout->panels[i]);
	fputs("</g>\n", chart->out);
}

static void put_head(const struct chart *chart, int narrow_height, int wide_height)
{
	fprintf(chart->out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"session\" role=\"document\" "
		"lang=\"en\" width=\"100%%\" height=\"%d\">\n<title>",
		narrow_height);
	svg_escape(chart->out, chart->recording->title);
	fputs("</title>\n<desc>", chart->out);
	for (int i = 0; i < RECORDING_NOTES_MAX; i++) {
		svg_escape(chart->out, chart->recording->notes[i]);
		fputs(". ", chart->out);
	}
	fprintf(chart->out,
		"</desc>\n<style>\n%s@media(min-width:%dpx){.narrow{display:none}"
		".wide{display:inline}.session{height:%dpx}}\n</style>\n",
		style, CHART_WIDE_PX, wide_height);
}

static void put_document(struct chart *chart, struct layout layouts[2])
{
	for (int wide = 0; wide < 2; wide++) {
		chart->wide = wide;
		make_layout(chart, &layouts[wide]);
	}
	put_head(chart, layouts[0].height, layouts[1].height);
	fputs("<defs>\n", chart->out);
	session_panel_define(chart);
	if (chart->recording->pins)
		pins_panel_define(chart);
	for (size_t i = 0; i < chart->n_sites; i++)
		site_panel_define(chart, i);
	fputs("</defs>\n<rect class=\"ground\" width=\"100%\" height=\"100%\"/>\n", chart->out);
	draw_layout(chart, &layouts[0], false);
	draw_layout(chart, &layouts[1], true);
	fputs("</svg>\n", chart->out);
}

int chart_draw(const struct recording *recording, FILE *stream)
{
	struct chart *chart = malloc(sizeof(*chart));
	struct layout *layouts = calloc(2, sizeof(*layouts));

	int r = chart && layouts ? 0 : -ENOMEM;

	if (r == 0 && recording->n) {
		chart->out = stream;
		chart->recording = recording;
		chart->n_sites = recording_sites(recording, chart->sites);
		recording_beside(recording, chart->beside);
		put_document(chart, layouts);
	}
	free(layouts);
	free(chart);
	return r;
}
