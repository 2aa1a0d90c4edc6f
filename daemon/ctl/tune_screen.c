// SPDX-License-Identifier: MIT
//
//   title
//   steps       as many rows as there are steps, if they have room
//   the chosen step, and the range of the chosen value
//   its values  | the trace, at least VALUE_ROWS rows
//   what the chair does
//   message     MESSAGE_ROWS
//   keys
#define NCURSES_NOMACROS
#include "ctl/tune_screen.h"

#include <curses.h>
#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/terminal.h"
#include "ctl/terminfo.h"

#define VALUE_ROWS   TUNING_VALUES_MAX
#define MESSAGE_ROWS 3
#define OTHER_ROWS   (4 + MESSAGE_ROWS) // without steps and values
#define ROWS_MIN     (OTHER_ROWS + VALUE_ROWS + 1)
#define COLUMNS_MIN  60
#define VALUE_WIDTH  36 // columns left of the trace
#define TOP_WIDTH    5  // columns of its scale

enum color { COLOR_GOOD = 1, COLOR_BAD };

struct tune_screen {
	SCREEN *screen;
	bool color, utf8;
};

// --- the terminal -----------------------------------------------------------------------------

static void begin(struct tune_screen *screen)
{
	const struct terminal terminal = terminal_detect(stdout);

	screen->utf8 = terminal.utf8;
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escdelay(25);
	curs_set(0);
	screen->color = terminal.color && has_colors();
	if (screen->color) {
		start_color();
		use_default_colors();
		init_pair(COLOR_GOOD, COLOR_GREEN, -1);
		init_pair(COLOR_BAD, COLOR_RED, -1);
	}
}

bool tune_screen_is_possible(char why[TUNE_WHY_SIZE])
{
	const char *term = getenv("TERM");

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		snprintf(why, TUNE_WHY_SIZE, "standard input and output must be a terminal");
		return false;
	}
	if (terminfo_can_draw(STDOUT_FILENO))
		return true;
	snprintf(why, TUNE_WHY_SIZE, "TERM=%s is no terminal that can be drawn on",
		term ? term : "");
	return false;
}

struct tune_screen *tune_screen_open(void)
{
	struct tune_screen *screen = calloc(1, sizeof(*screen));

	if (!screen || !(screen->screen = newterm(NULL, stdout, stdin))) {
		free(screen);
		return NULL;
	}
	begin(screen);
	return screen;
}

void tune_screen_close(struct tune_screen *screen)
{
	endwin();
	delscreen(screen->screen);
	free(screen);
}

// --- keys -------------------------------------------------------------------------------------

#define CTRL(letter) ((letter) & 0x1f)

static const struct {
	int key;
	enum tune_key means;
} keys[] = {
	{ KEY_UP, TUNE_UP },
	{ 'k', TUNE_UP },
	{ KEY_DOWN, TUNE_DOWN },
	{ 'j', TUNE_DOWN },
	{ KEY_BTAB, TUNE_PREVIOUS },
	{ KEY_PPAGE, TUNE_PREVIOUS },
	{ '\t', TUNE_NEXT },
	{ KEY_NPAGE, TUNE_NEXT },
	{ KEY_LEFT, TUNE_LESS },
	{ '-', TUNE_LESS },
	{ KEY_RIGHT, TUNE_MORE },
	{ '+', TUNE_MORE },
	{ KEY_SLEFT, TUNE_MUCH_LESS },
	{ '[', TUNE_MUCH_LESS },
	{ KEY_SRIGHT, TUNE_MUCH_MORE },
	{ ']', TUNE_MUCH_MORE },
	{ 't', TUNE_TRY },
	{ ' ', TUNE_STOP },
	{ 'n', TUNE_SKIP },
	{ '<', TUNE_SOFTER },
	{ '>', TUNE_STRONGER },
	{ 'u', TUNE_UNDO },
	{ 's', TUNE_SAVE },
	{ 'p', TUNE_PUT },
	{ '?', TUNE_HELP },
	{ 'q', TUNE_QUIT },
	{ CTRL('c'), TUNE_INTERRUPT },
};

static bool is_gone(void)
{
	struct pollfd input = { .fd = STDIN_FILENO };

	return poll(&input, 1, 0) > 0 && (input.revents & (POLLHUP | POLLERR | POLLNVAL));
}

enum tune_key tune_screen_key(void)
{
	int key = getch();

	if (key == ERR)
		return is_gone() ? TUNE_CLOSED : TUNE_NONE;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (keys[i].key == key)
			return keys[i].means;
	}
	return TUNE_OTHER; // KEY_RESIZE, too: all is drawn again
}

static const char help[] =
	"up, down             choose a value\n"
	"Tab, Shift-Tab       choose a step (Page Down, Page Up)\n"
	"left, right          nudge the value (-, +)\n"
	"[, ]                 nudge it five times as far (Shift-left, Shift-right)\n"
	"\n"
	"t                    try the chosen step, as it is now, on the chair\n"
	"space                stop, and release: at any time, whatever is on the screen\n"
	"n                    release this point, and go to the next\n"
	"<, >                 intensity: between the floor (0 %) and the target (100 %)\n"
	"\n"
	"u                    undo the last nudge\n"
	"s                    save to the file; only the numbers that were nudged change\n"
	"p                    put the profile on the chair, so that it can be started\n"
	"q                    quit\n"
	"\n"
	"A nudge is made only if this chair may play the profile with it. The bars are\n"
	"the measured force, the line is the target. A number in ( ) is not in the step\n"
	"itself: a nudge writes it there. A trial ends with this program.";

// --- drawing ----------------------------------------------------------------------------------

static void set_color(const struct tune_screen *screen, enum color color, bool on)
{
	if (screen->color && on)
		attron(COLOR_PAIR(color));
	else if (screen->color)
		attroff(COLOR_PAIR(color));
}

// A text from the left, cut to the columns that it may take.
static void put(int row, int column, int columns, const char *text)
{
	size_t n = 0;

	while (text[n] && terminal_width(text, n + 1) <= columns)
		n++;
	mvaddnstr(row, column, text, (int)n);
}

static void put_right(int row, const char *text)
{
	int columns = getmaxx(stdscr), width = terminal_width(text, strlen(text));

	put(row, columns > width ? columns - width : 0, columns, text);
}

static void draw_title(const struct tune_page *page)
{
	char left[TITLE_SIZE + PATH_MAX + 8], right[2 * NAME_SIZE];
	const struct tune_chair *chair = page->chair;
	size_t n = 0;

	snprintf(left, sizeof(left), " %s: %s", page->file, tuning_profile(page->tuning)->title);
	n = (size_t)snprintf(right, sizeof(right), "  %s  %s", chair->options->id,
		!chair->broker           ? "no broker"
			: chair->offline ? "offline"
					 : "");
	if (chair->broker && !chair->offline && !isnan(chair->intensity))
		n += (size_t)snprintf(right + n, sizeof(right) - n, "intensity %.0f %%",
			chair->intensity);
	snprintf(right + n, sizeof(right) - n, "%s ",
		tuning_is_unsaved(page->tuning) ? "  unsaved" : "");
	attron(A_REVERSE);
	mvhline(0, 0, ' ', getmaxx(stdscr));
	put(0, 0, getmaxx(stdscr), left);
	put_right(0, right);
	attroff(A_REVERSE);
}

static void describe_step(const struct tune_page *page, size_t step, char *buf, size_t size)
{
	const struct profile_step *what = &tuning_profile(page->tuning)->steps[step];
	char where[TUNING_TEXT_SIZE], target[32] = "", time[32] = "", posture[POSTURE_TEXT_SIZE];

	if (what->technique == TECHNIQUE_POSTURE) {
		snprintf(buf, size, "%3zu  %-6s  %s", step + 1, technique_name(what->technique),
			posture_text(what->posture, posture));
		return;
	}
	if (what->technique != TECHNIQUE_PAUSE)
		snprintf(target, sizeof(target), "%g %s", what->target.value,
			what->target.unit == TARGET_NEWTON ? "N" : "pm");
	if (what->technique == TECHNIQUE_HOLD)
		snprintf(time, sizeof(time), "%d x %g s", what->repeats, what->hold_s);
	else if (what->technique == TECHNIQUE_STROKE)
		snprintf(time, sizeof(time), "%d x %g mm/s", what->repeats, what->speed_mm_s);
	else
		snprintf(time, sizeof(time), "%g s", what->duration_s);
	snprintf(buf, size, "%3zu  %-6s  %7s  %-11s  %s", step + 1, technique_name(what->technique),
		target, time, tuning_where(page->tuning, step, where));
}

static void draw_steps(const struct tune_page *page, int row, int rows)
{
	size_t n = tuning_profile(page->tuning)->n_steps, first = 0;
	char line[TUNING_TEXT_SIZE + 64];

	if (page->step >= (size_t)rows)
		first = page->step - (size_t)rows + 1;
	for (size_t i = first; i < n && i < first + (size_t)rows; i++) {
		describe_step(page, i, line, sizeof(line));
		attrset(i == page->step ? A_BOLD : A_NORMAL);
		mvaddch(row + (int)(i - first), 0, i == page->step ? '>' : ' ');
		put(row + (int)(i - first), 1, getmaxx(stdscr) - 1, line);
		attrset(A_NORMAL);
	}
}

static void draw_heading(const struct tune_page *page, const struct tuning_value *value, int row)
{
	static const char *const places[] = { [TUNING_IN_STEP] = "",
		[TUNING_IN_DEFAULTS] = ", from the defaults",
		[TUNING_NOWHERE] = ", by default" };
	char left[40], right[120];

	snprintf(left, sizeof(left), " step %zu of %zu ", page->step + 1,
		tuning_profile(page->tuning)->n_steps);
	snprintf(right, sizeof(right), " %s: %g ... %g%s%s%s ", value->key, value->min, value->max,
		*value->unit ? " " : "", value->unit, places[value->place]);
	mvhline(row, 0, 0, getmaxx(stdscr));
	put(row, 2, getmaxx(stdscr), left);
	put_right(row, right);
}

static void draw_values(const struct tune_page *page, const struct tuning_value *values, size_t n,
	int row)
{
	char line[80], number[24];

	for (size_t i = 0; i < n; i++) {
		bool own = values[i].place == TUNING_IN_STEP;

		snprintf(number, sizeof(number), own ? "%g" : "(%g)", values[i].value);
		snprintf(line, sizeof(line), "%c %-11s %7s%s %s", i == page->value ? '>' : ' ',
			values[i].label, number, own ? " " : "", values[i].unit);
		attrset(i == page->value ? A_REVERSE : A_NORMAL);
		mvprintw(row + (int)i, 1, "%-*.*s", VALUE_WIDTH - 3, VALUE_WIDTH - 3, line);
		attrset(A_NORMAL);
	}
}

// --- the trace --------------------------------------------------------------------------------

static const char *glyph(const struct tune_screen *screen, struct trace_cell cell)
{
	static const char *const bars[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };

	if (cell.target)
		return screen->utf8 ? "─" : "-";
	if (screen->utf8)
		return bars[cell.eighths];
	return cell.eighths >= TRACE_EIGHTHS / 2 ? "#" : " ";
}

static void draw_cell(const struct tune_screen *screen, struct trace_cell cell, int row, int column)
{
	enum color color = cell.held ? COLOR_GOOD : COLOR_BAD;
	bool through = cell.target && cell.eighths == TRACE_EIGHTHS; // the line runs over the bar

	set_color(screen, color, cell.eighths > 0);
	if (through)
		attron(A_REVERSE);
	mvaddstr(row, column, glyph(screen, cell));
	attrset(A_NORMAL);
}

static void draw_trace(const struct tune_screen *screen, const struct trace *trace, int top_row,
	int rows)
{
	int left = VALUE_WIDTH + TOP_WIDTH, columns = getmaxx(stdscr) - left - 1;
	double top;

	if (columns > TRACE_SAMPLES)
		columns = TRACE_SAMPLES;
	top = trace_top(trace, columns);
	if (trace->n == 0) {
		put(top_row, left, columns, "the trace of a trial: t tries the step");
		return;
	}
	mvprintw(top_row, VALUE_WIDTH, "%4g", top);
	mvprintw(top_row + rows - 1, VALUE_WIDTH, "%4d", 0);
	for (int row = 0; row < rows; row++) {
		for (int column = 0; column < columns; column++)
			draw_cell(screen, trace_cell(trace, columns, rows, top, column, row),
				top_row + rows - 1 - row, left + column);
	}
}

// --- the whole --------------------------------------------------------------------------------

// Bytes of the first row of a text that is broken between words.
static size_t first_row(const char *text, int columns)
{
	size_t n = strlen(text), word;

	if (terminal_width(text, n) <= columns)
		return n;
	for (n = 0; text[n]; n += word) {
		word = strspn(text + n, " ") + strcspn(text + n + strspn(text + n, " "), " ");
		if (terminal_width(text, n + word) > columns)
			break;
	}
	return n ? n : strlen(text);
}

static void draw_message(const struct tune_screen *screen, const struct tune_page *page, int row)
{
	const char *rest = page->message;
	int columns = getmaxx(stdscr) - 2;
	char line[TUNE_WHY_SIZE];

	attron(page->failed ? A_BOLD : A_NORMAL);
	set_color(screen, COLOR_BAD, page->failed);
	for (int i = 0; i < MESSAGE_ROWS && *rest; i++) {
		size_t n = i + 1 < MESSAGE_ROWS ? first_row(rest, columns) : strlen(rest);

		snprintf(line, sizeof(line), "%.*s", (int)n, rest);
		put(row + i, 1, columns, line);
		rest += n;
		rest += *rest == ' ';
	}
	attrset(A_NORMAL);
}

static void draw_page(const struct tune_screen *screen, const struct tune_page *page)
{
	struct tuning_value values[TUNING_VALUES_MAX];
	size_t n_values = tuning_values(page->tuning, page->step, values);
	int n_steps = (int)tuning_profile(page->tuning)->n_steps, rows = getmaxy(stdscr);
	int step_rows = (int)min_i64(n_steps, rows - OTHER_ROWS - VALUE_ROWS);
	int value_rows = rows - OTHER_ROWS - step_rows, row = 1;
	struct progress progress = view_progress(&page->chair->view);
	char bar[PROGRESS_SIZE];

	draw_title(page);
	draw_steps(page, row, step_rows);
	row += step_rows;
	tune_bounds_apply(page->bounds, page->step, page->value, &values[page->value]);
	draw_heading(page, &values[page->value], row++);
	draw_values(page, values, n_values, row);
	draw_trace(screen, &page->chair->trace, row, value_rows);
	row += value_rows;
	mvaddstr(row, 1, progress_bar(bar, &progress, getmaxx(stdscr) - 2, screen->utf8));
	draw_message(screen, page, row + 1);
	attron(A_DIM);
	put(rows - 1, 1, getmaxx(stdscr) - 2,
		"arrows nudge  t try  space stop  u undo  s save  p put  ? help  q quit");
	attroff(A_DIM);
}

static void draw_help(void)
{
	const char *line = help;

	for (int row = 0; *line && row < getmaxy(stdscr); row++) {
		int n = (int)strcspn(line, "\n");

		mvaddnstr(row, 1, line, n);
		line += n + (line[n] == '\n');
	}
}

void tune_screen_draw(const struct tune_screen *screen, const struct tune_page *page)
{
	erase();
	if (getmaxy(stdscr) < ROWS_MIN || getmaxx(stdscr) < COLUMNS_MIN)
		mvprintw(0, 0, "at least %d x %d, please; space stops", COLUMNS_MIN, ROWS_MIN);
	else if (page->help)
		draw_help();
	else
		draw_page(screen, page);
	refresh();
}
