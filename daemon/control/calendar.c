// SPDX-License-Identifier: MIT
#include "control/calendar.h"

#include <string.h>
#include <time.h>

#define YEAR_MIN 1970
#define YEAR_MAX 9999

#define HOUR_S 3600

// A time that has no date of four digits is the first of all.
static struct tm local_time(int64_t unix_s)
{
	static const struct tm first = { .tm_year = YEAR_MIN - 1900, .tm_mday = 1 };
	time_t t = (time_t)unix_s;
	struct tm local;

	return localtime_r(&t, &local) && local.tm_year + 1900 >= YEAR_MIN &&
			local.tm_year + 1900 <= YEAR_MAX
		? local
		: first;
}

void calendar_day(int64_t unix_s, char ret_day[LEDGER_DAY_SIZE])
{
	struct tm local = local_time(unix_s);

	strftime(ret_day, LEDGER_DAY_SIZE, "%Y-%m-%d", &local);
}

// Noon, so that no change of the clocks moves it to another day.
static bool parse(const char *day, struct tm *ret_noon)
{
	const char *end;

	*ret_noon = (struct tm){ 0 };
	end = strptime(day, "%Y-%m-%d", ret_noon);
	ret_noon->tm_hour = 12;
	ret_noon->tm_isdst = -1;
	return end && !*end && strlen(day) == LEDGER_DAY_SIZE - 1;
}

bool calendar_is_day(const char *text)
{
	char again[LEDGER_DAY_SIZE];
	struct tm noon;

	if (!parse(text, &noon))
		return false;
	calendar_day(mktime(&noon), again);
	return !strcmp(again, text);
}

int64_t calendar_end_s(const char *day)
{
	char today[LEDGER_DAY_SIZE];
	struct tm next;
	int64_t end_s;

	if (!parse(day, &next))
		return 0;
	next.tm_mday++;
	next.tm_hour = 0;
	end_s = mktime(&next);
	// Where the clocks change at midnight it may not exist, and mktime() may go either way.
	for (calendar_day(end_s, today); strcmp(today, day) <= 0; calendar_day(end_s, today))
		end_s += HOUR_S;
	return end_s;
}

void calendar_iso(int64_t unix_s, char ret_text[CALENDAR_MOMENT_SIZE])
{
	struct tm local = local_time(unix_s);
	size_t n = strftime(ret_text, CALENDAR_MOMENT_SIZE - 1, "%Y-%m-%dT%H:%M:%S%z", &local);

	memmove(ret_text + n - 1, ret_text + n - 2, 3); // a colon into +0100
	ret_text[n - 2] = ':';
}

void calendar_text(int64_t unix_s, char ret_text[CALENDAR_MOMENT_SIZE])
{
	struct tm local = local_time(unix_s);

	strftime(ret_text, CALENDAR_MOMENT_SIZE, "%Y-%m-%d %H:%M", &local);
}
