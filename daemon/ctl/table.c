// SPDX-License-Identifier: MIT
#include "ctl/table.h"

#include <math.h>
#include <string.h>

#define BAND        0.1 // of the target, either way
#define WRAP_INDENT 4

void table_add(struct table *table, const struct table_row *row)
{
	if (table->n < PLAN_SEGMENTS_MAX)
		table->rows[table->n++] = *row;
	else
		table->dropped++;
}

enum verdict table_verdict(const struct hold_result *hold)
{
	if (hold->in_band >= HOLD_IN_BAND_MIN)
		return VERDICT_HELD;
	if (hold->mean < hold->target * (1 - BAND))
		return VERDICT_LIGHT;
	if (hold->mean > hold->target * (1 + BAND))
		return VERDICT_HARD;
	return VERDICT_UNSTEADY;
}

const char *table_verdict_text(enum verdict verdict)
{
	static const char *const texts[] = {
		[VERDICT_HELD] = "held",
		[VERDICT_LIGHT] = "too light",
		[VERDICT_HARD] = "too hard",
		[VERDICT_UNSTEADY] = "unsteady",
	};

	return texts[verdict];
}

bool table_good(const struct table *table)
{
	for (size_t i = 0; i < table->n; i++)
		if (table_verdict(&table->rows[i].hold) != VERDICT_HELD)
			return false;
	return table->dropped == 0;
}

static bool knows_felt(const struct table *table)
{
	for (size_t i = 0; i < table->n; i++)
		if (!isnan(table->rows[i].felt_mean_n))
			return true;
	return false;
}

#define LINE_SIZE (LABEL_SIZE + 160)

// One row: the label, padded to the width, the numbers and the verdict.
static void format_row(char buf[LINE_SIZE], const char *label, int width,
	const struct table_row *row, bool felt, const struct terminal *terminal)
{
	const struct hold_result *hold = &row->hold;
	enum verdict verdict = table_verdict(hold);
	int n = snprintf(buf, LINE_SIZE, "%-*s  %7.1f %-8s  %6.1f  %6.1f  %6.1f  %5.1f s  %5.1f %%",
		width, label, hold->target, table_unit(hold->unit), hold->mean, hold->minimum,
		hold->peak, hold->seconds, 100 * hold->in_band);

	if (felt)
		n += snprintf(buf + n, LINE_SIZE - (size_t)n, "  %6.1f  %6.1f", row->felt_mean_n,
			row->felt_peak_n);
	snprintf(buf + n, LINE_SIZE - (size_t)n, "  %s%s%s%s\n",
		verdict == VERDICT_HELD ? terminal_good(terminal) : terminal_bad(terminal),
		table_verdict_text(verdict), terminal_plain(terminal),
		hold->measured ? "" : " (as driven: no sensor)");
}

static void format_head(char buf[LINE_SIZE], const char *label, int width, bool felt)
{
	snprintf(buf, LINE_SIZE, "%-*s  %-16s  %6s  %6s  %6s  %7s  %7s%s  %s\n", width, label,
		" target", "mean", "min", "peak", "hold", "in band", felt ? "  felt N    peak" : "",
		"verdict");
}

static int label_width(const struct table *table)
{
	int width = (int)strlen("points");

	for (size_t i = 0; i < table->n; i++)
		if ((int)strlen(table->rows[i].label) > width)
			width = (int)strlen(table->rows[i].label);
	return width;
}

static bool is_too_wide(const struct table *table, int width, bool felt,
	const struct terminal *terminal)
{
	char line[LINE_SIZE];

	for (size_t i = 0; i < table->n; i++) {
		format_row(line, table->rows[i].label, width, &table->rows[i], felt, terminal);
		if (terminal_width(line, strcspn(line, "\n")) > terminal->columns)
			return terminal->columns > 0;
	}
	return false;
}

// On a narrow terminal each label has a line of its own; a row that is still too wide is wrapped.
void table_print(FILE *stream, const struct table *table, const struct terminal *terminal)
{
	bool felt = knows_felt(table);
	int width = label_width(table);
	bool apart = is_too_wide(table, width, felt, terminal);
	char line[LINE_SIZE];

	if (apart)
		fprintf(stream, "points\n");
	format_head(line, apart ? "" : "points", apart ? 0 : width, felt);
	terminal_wrap(stream, terminal, WRAP_INDENT, line);
	for (size_t i = 0; i < table->n; i++) {
		const struct table_row *row = &table->rows[i];

		if (apart)
			fprintf(stream, "%s\n", row->label);
		format_row(line, apart ? "" : row->label, apart ? 0 : width, row, felt, terminal);
		terminal_wrap(stream, terminal, WRAP_INDENT, line);
	}
	if (table->dropped > 0)
		fprintf(stream, "and %zu more holds\n", table->dropped);
}

char *table_label(char buf[LABEL_SIZE], const char *a, const char *b)
{
	const char *dot = strrchr(a, '.');
	size_t stem = dot ? (size_t)(dot - a) + 1 : 0;

	if (!b)
		snprintf(buf, LABEL_SIZE, "%.*s", NAME_SIZE, a);
	else if (stem > 0 && strncmp(a, b, stem) == 0)
		snprintf(buf, LABEL_SIZE, "%.*s/%.*s", NAME_SIZE - 1, a, NAME_SIZE - 1, b + stem);
	else
		snprintf(buf, LABEL_SIZE, "%.*s+%.*s", NAME_SIZE - 1, a, NAME_SIZE - 1, b);
	return buf;
}

const char *table_unit(enum target_unit unit)
{
	return unit == TARGET_NEWTON ? "N" : "permille";
}
