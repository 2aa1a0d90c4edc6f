// SPDX-License-Identifier: MIT
//
// The dose ledger (core/ledger.h) of the running chair: metered from the guard's reports, kept in
// the state directory over restarts and power cuts, and turned at midnight.
//
// Days are of the local calendar. The ledger never goes back: while the clock shows a day before
// its newest one (a Raspberry Pi has no clock of its own), what is pressed counts on that newest
// day, and no new allowance is given. What cannot be known of a day is an alert until it is over.
// A file is written at most every DOSE_WRITE_US: a power cut loses no more than that.
#ifndef CHAIRD_CONTROL_DOSE_BOOK_H
#define CHAIRD_CONTROL_DOSE_BOOK_H

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "core/dose_meter.h"
#include "core/ledger.h"

#define DOSE_WRITE_US   (3 * US_PER_S)
#define DOSE_ALERT_SIZE 256

struct dose_book;

// Load the newest day. Broken files are logged once and kept aside. state_dir is borrowed; unix_s:
// seconds since 1970. -errno.
int dose_book_new(sd_event *event, const char *state_dir, int64_t unix_s,
	struct dose_book **ret_book);
// Writes what is left, and waits for it.
struct dose_book *dose_book_free(struct dose_book *book);

// Note the time of the calendar, and turn to a new day.
void dose_book_clock(struct dose_book *book, int64_t unix_s);

// What the chair does; points are added to this person's.
struct dose_book_input {
	const struct chair *chair;
	const struct atlas *atlas;
	const struct wire_report *report;
	const struct segment *segment; // that is played; NULL: none
	const char *person;            // "": nobody by name
	bool idle;                     // no session runs
};

// Count a report of this chair's guard. now_us: monotonic, to pace the file.
void dose_book_report(struct dose_book *book, int64_t now_us, const struct dose_book_input *input);

const struct ledger *dose_book_ledger(const struct dose_book *book);
bool dose_book_presses(const struct dose_book *book);      // something presses now
uint64_t dose_book_revision(const struct dose_book *book); // counts up with every change

// What people must know about the ledger; NULL: nothing.
const char *dose_book_alert(const struct dose_book *book, char ret_text[DOSE_ALERT_SIZE]);

#endif
