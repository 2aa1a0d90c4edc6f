// SPDX-License-Identifier: MIT
//
// Days of the local calendar. A day of 23 or 25 hours, when the clocks change, is one day.
#ifndef CHAIRD_CONTROL_CALENDAR_H
#define CHAIRD_CONTROL_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#include "core/ledger.h"

#define CALENDAR_MOMENT_SIZE 32

// The local date of a time in seconds since 1970: "2026-11-26".
void calendar_day(int64_t unix_s, char ret_day[LEDGER_DAY_SIZE]);

// Whether a text is such a date.
bool calendar_is_day(const char *text);

// The end of a day: the first second of the day after it. 0 for a text that is no day.
int64_t calendar_end_s(const char *day);

// For machines and for people: "2026-11-27T00:00:00+01:00", "2026-11-27 00:00".
void calendar_iso(int64_t unix_s, char ret_text[CALENDAR_MOMENT_SIZE]);
void calendar_text(int64_t unix_s, char ret_text[CALENDAR_MOMENT_SIZE]);

#endif
