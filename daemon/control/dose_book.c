// SPDX-License-Identifier: MIT
#include "control/dose_book.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/calendar.h"
#include "control/dose_file.h"
#include "control/file_writer.h"
#include "service/log.h"

// A ledger that is further ahead of a plausible clock was written by a wrong one. A computer
// without a battery for its clock starts with the last time that it knows (systemd-timesyncd),
// so that a clock is behind the ledger for other reasons by little.
#define AHEAD_MAX_S    (INT64_C(31) * 86400)
#define CLOCK_BEGINS_S INT64_C(1793491200) // 2026-11-01: no clock of this program is before it

struct dose_book {
	const char *state_dir;
	struct ledger ledger;
	struct dose_meter meter;
	struct file_writer *writer;
	const char *person; // of the report that is being counted
	int64_t unix_s;
	int64_t put_us;       // when a text was last given to the writer
	bool unwritten;       // the ledger has changed since
	bool session_is_open; // something was counted since ledger_begin_session()
	bool behind;          // the clock shows a day before the ledger's
	bool future_aside;    // at the start, days that may be this one
	int write_error;      // -errno of the last write, or 0
	uint64_t revision;
};

static void change(struct dose_book *book)
{
	book->unwritten = true;
	book->revision++;
}

// --- the file ---------------------------------------------------------------------------------

static void note_result(void *data, int r)
{
	struct dose_book *book = data;

	if (r < 0 && book->write_error == 0)
		log_error("dose: %s/" DOSE_FOLDER " cannot be written: %s", book->state_dir,
			strerror(-r));
	if (r != book->write_error)
		book->revision++;
	book->write_error = r;
}

static void put(struct dose_book *book, int64_t now_us)
{
	book->unwritten = false;
	book->put_us = now_us;
	file_writer_put(book->writer, dose_file_text(&book->ledger));
}

// A file that cannot be used. Of today's, the dose until now is not known.
static void give_up_file(struct dose_book *book, const char *day, int r)
{
	bool broken = r == -EINVAL || r == -EFBIG;
	char today[LEDGER_DAY_SIZE];

	log_warning("dose: %s/" DOSE_FOLDER "/%s.json %s (%s)", book->state_dir, day,
		broken ? "is broken; it is kept aside as .broken" : "cannot be read",
		r == -EINVAL          ? "not what was written there"
			: r == -EFBIG ? "too large"
				      : strerror(-r));
	if (broken && (r = dose_file_set_aside(book->state_dir, day)) < 0)
		log_warning("dose: %s cannot be kept aside: %s", day, strerror(-r));
	calendar_day(book->unix_s, today);
	ledger_init(&book->ledger, strcmp(day, today) > 0 ? day : today);
	if (strcmp(day, today) < 0)
		return;
	book->ledger.complete = false;
	change(book);
}

static bool is_far_ahead(const char *day, int64_t unix_s)
{
	return unix_s >= CLOCK_BEGINS_S && calendar_end_s(day) - unix_s > AHEAD_MAX_S;
}

// Days that a wrong clock has written. True if there was one.
static bool set_future_aside(struct dose_book *book, char days[][LEDGER_DAY_SIZE], int n,
	int *ret_first)
{
	int i, r;

	for (i = 0; i < n && is_far_ahead(days[i], book->unix_s); i++) {
		r = dose_file_set_aside(book->state_dir, days[i]);
		log_warning("dose: %s/" DOSE_FOLDER "/%s.json is far in the future: a wrong clock "
			    "has written it; it %s",
			book->state_dir, days[i],
			r < 0 ? "cannot be kept aside" : "is kept aside as .broken");
	}
	*ret_first = i;
	return i > 0;
}

static void load(struct dose_book *book)
{
	char days[DOSE_DAYS_MAX][LEDGER_DAY_SIZE], today[LEDGER_DAY_SIZE];
	int n = dose_file_days(book->state_dir, days), first, r;

	calendar_day(book->unix_s, today);
	ledger_init(&book->ledger, today);
	if (n == 0 || n == -ENOENT)
		return;
	if (n < 0) {
		log_warning("dose: %s/" DOSE_FOLDER " cannot be read: %s", book->state_dir,
			strerror(-n));
		book->ledger.complete = false;
		return;
	}
	book->future_aside = set_future_aside(book, days, n, &first);
	if (first == n)
		return;
	r = dose_file_load(book->state_dir, days[first], &book->ledger);
	if (r < 0)
		give_up_file(book, days[first], r);
}

// --- life -------------------------------------------------------------------------------------

int dose_book_new(sd_event *event, const char *state_dir, int64_t unix_s,
	struct dose_book **ret_book)
{
	struct dose_book *book = calloc(1, sizeof(*book));
	const struct file_writer_port port = {
		.save = dose_file_write,
		.done = note_result,
		.data = book,
	};
	int r;

	if (!book)
		return -ENOMEM;
	book->state_dir = state_dir;
	book->unix_s = unix_s;
	dose_meter_init(&book->meter);
	load(book);
	r = file_writer_new(event, state_dir, DOSE_WRITE_US, &port, &book->writer);
	if (r < 0) {
		dose_book_free(book);
		return r;
	}
	dose_book_clock(book, unix_s);
	if (book->future_aside) {
		book->ledger.complete = false;
		change(book);
	}
	*ret_book = book;
	return 0;
}

struct dose_book *dose_book_free(struct dose_book *book)
{
	if (!book)
		return NULL;
	if (book->writer && book->unwritten)
		put(book, 0);
	file_writer_free(book->writer);
	free(book);
	return NULL;
}

// --- the day ----------------------------------------------------------------------------------

// The clock was far in the future and is right now: what the running session has pressed counts
// today, with what the file of today has.
static void return_from_future(struct dose_book *book, const char *today)
{
	struct ledger *written = malloc(sizeof(*written));

	log_warning("dose: the ledger returns from %s to %s: the clock was wrong", book->ledger.day,
		today);
	ledger_turn(&book->ledger, today);
	if (written && dose_file_load(book->state_dir, today, written) == 0)
		ledger_merge(&book->ledger, written);
	free(written);
	book->ledger.complete = false; // other sessions of that day may have been today
	change(book);
}

void dose_book_clock(struct dose_book *book, int64_t unix_s)
{
	char today[LEDGER_DAY_SIZE];
	bool behind;
	int order;

	book->unix_s = unix_s;
	calendar_day(unix_s, today);
	if (is_far_ahead(book->ledger.day, unix_s))
		return_from_future(book, today);
	order = strcmp(today, book->ledger.day);
	behind = order < 0;
	if (behind != book->behind)
		book->revision++;
	if (behind && !book->behind)
		log_warning("dose: the clock shows %s, a day before the ledger's %s", today,
			book->ledger.day);
	book->behind = behind;
	if (order <= 0)
		return;
	log_info("dose: the ledger turns from %s to %s", book->ledger.day, today);
	ledger_turn(&book->ledger, today);
	if (book->ledger.n)
		change(book);
	book->revision++;
}

// --- counting ---------------------------------------------------------------------------------

static void count(void *data, const struct point *point, struct ledger_dose dose)
{
	struct dose_book *book = data;

	if (dose.pressed_s <= 0)
		return;
	ledger_add(&book->ledger, book->person, point, dose);
	book->session_is_open = true;
	change(book);
}

static void end_session(struct dose_book *book)
{
	ledger_begin_session(&book->ledger);
	book->session_is_open = false;
}

void dose_book_report(struct dose_book *book, int64_t now_us, const struct dose_book_input *input)
{
	const struct dose_meter_input meter = {
		.chair = input->chair,
		.atlas = input->atlas,
		.report = input->report,
		.segment = input->segment,
		.pressed = count,
		.data = book,
	};
	bool presses;

	book->person = input->person;
	dose_meter_report(&book->meter, &meter);
	presses = dose_meter_presses(&book->meter);
	if (book->unwritten && (!presses || now_us - book->put_us >= DOSE_WRITE_US))
		put(book, now_us);
	if (input->idle && !presses && book->session_is_open)
		end_session(book);
}

// --- what it says -----------------------------------------------------------------------------

const struct ledger *dose_book_ledger(const struct dose_book *book)
{
	return &book->ledger;
}

bool dose_book_presses(const struct dose_book *book)
{
	return dose_meter_presses(&book->meter);
}

uint64_t dose_book_revision(const struct dose_book *book)
{
	return book->revision;
}

const char *dose_book_alert(const struct dose_book *book, char ret_text[DOSE_ALERT_SIZE])
{
	if (!book->ledger.complete)
		snprintf(ret_text, DOSE_ALERT_SIZE,
			"some of what was pressed on %s is not known: the ledger of doses could "
			"not be read, is full, or had a day of a wrong clock; the limits count "
			"only what is known",
			book->ledger.day);
	else if (book->write_error < 0)
		snprintf(ret_text, DOSE_ALERT_SIZE,
			"the ledger of doses cannot be written (%s): a restart forgets what is "
			"pressed now",
			strerror(-book->write_error));
	else if (book->behind)
		snprintf(ret_text, DOSE_ALERT_SIZE,
			"the clock shows a day before %s, the newest of the ledger of doses: what "
			"is pressed counts on that day until the clock is right",
			book->ledger.day);
	else
		return NULL;
	return ret_text;
}
