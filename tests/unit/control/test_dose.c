// SPDX-License-Identifier: MIT
//
// The dose over days, restarts and power cuts: calendar, files, book and documents.
#include "tests.h"

#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <sys/stat.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "../fixture.h"
#include "control/calendar.h"
#include "control/dose_book.h"
#include "control/dose_document.h"
#include "control/dose_file.h"
#include "service/log.h"

// 2026-11-26 12:00 in Berlin (UTC+1).
#define NOON  INT64_C(1795690800)
#define DAY_S 86400
#define TODAY "2026-11-26"

enum { DEPTH = 1 };

static struct point points[] = {
	{ .name = "rhomboid.left", .muscle = "rhomboids", .side = SIDE_LEFT },
	{ .name = "rhomboid.right", .muscle = "rhomboids", .side = SIDE_RIGHT },
	{ .name = "rhomboid.low.left", .muscle = "rhomboids", .side = SIDE_LEFT },
};
static const struct atlas atlas = { .points = points, .n_points = COUNT(points) };

struct fixture {
	char directory[32];
	sd_event *event;
	struct chair chair;
	struct segment segment;
	struct wire_report report;
	struct ledger ledger;
	struct dose_book *book;
};

static void set_zone(const char *zone)
{
	assert_int_equal(setenv("TZ", zone, 1), 0);
	tzset();
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	set_zone("Europe/Berlin");
	strcpy(f->directory, "/tmp/chaird-dose.XXXXXX");
	assert_non_null(mkdtemp(f->directory));
	assert_true(sd_event_new(&f->event) >= 0);
	fixture_recliner(&f->chair);
	f->segment = (struct segment){ .actuator = DEPTH, .points = { 0, -1 } };
	*state = f;
	return 0;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *where)
{
	(void)status, (void)type, (void)where;
	return remove(path);
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	dose_book_free(f->book);
	sd_event_unref(f->event);
	nftw(f->directory, remove_one, 4, FTW_DEPTH | FTW_PHYS);
	free(f);
	return 0;
}

static const char *path_of(const struct fixture *f, const char *day, char path[100])
{
	snprintf(path, 100, "%s/" DOSE_FOLDER "/%s.json", f->directory, day);
	return path;
}

static void write_file(const struct fixture *f, const char *day, const char *text)
{
	char path[100];
	FILE *file;

	snprintf(path, sizeof(path), "%s/" DOSE_FOLDER, f->directory);
	mkdir(path, 0700);
	file = fopen(path_of(f, day, path), "we");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

// --- the calendar -------------------------------------------------------------------------------

static void a_day_is_one_of_the_local_calendar(void **state)
{
	char day[LEDGER_DAY_SIZE];

	(void)state;
	calendar_day(NOON, day);
	assert_string_equal(day, TODAY);
	calendar_day(NOON + 12 * 3600 - 1, day);
	assert_string_equal(day, TODAY);
	calendar_day(NOON + 12 * 3600, day);
	assert_string_equal(day, "2026-11-27");
	assert_int_equal(calendar_end_s(TODAY), NOON + 12 * 3600);
	set_zone("Pacific/Auckland");
	calendar_day(NOON, day);
	assert_string_equal(day, "2026-11-27");
	calendar_day(INT64_C(1) << 55, day); // no date of four digits
	assert_string_equal(day, "1970-01-01");
}

// The days when the clocks change have 23 and 25 hours.
static void the_clocks_may_change(void **state)
{
	char text[CALENDAR_MOMENT_SIZE];

	(void)state;
	assert_int_equal(calendar_end_s("2026-03-29") - calendar_end_s("2026-03-28"), 23 * 3600);
	assert_int_equal(calendar_end_s("2026-10-25") - calendar_end_s("2026-10-24"), 25 * 3600);
	calendar_iso(calendar_end_s("2026-03-29"), text);
	assert_string_equal(text, "2026-03-30T00:00:00+02:00");
	calendar_iso(calendar_end_s("2026-10-25"), text);
	assert_string_equal(text, "2026-10-26T00:00:00+01:00");
	calendar_text(calendar_end_s("2026-12-31"), text);
	assert_string_equal(text, "2027-01-01 00:00");
}

// In Beirut the clocks go forward at midnight: that day begins at one.
static void a_midnight_may_be_missing(void **state)
{
	char text[CALENDAR_MOMENT_SIZE], day[LEDGER_DAY_SIZE];
	int64_t end_s;

	(void)state;
	set_zone("Asia/Beirut");
	end_s = calendar_end_s("2026-03-28");
	calendar_day(end_s, day);
	assert_string_equal(day, "2026-03-29");
	calendar_day(end_s - 1, day);
	assert_string_equal(day, "2026-03-28");
	calendar_text(end_s, text);
	assert_string_equal(text, "2026-03-29 01:00");
}

static void only_dates_are_days(void **state)
{
	static const char *const bad[] = { "", "2026-11-2", "2026-11-31", "2026-13-01",
		"2026-11-26x", "26-11-2026", "2026-1-126", "../../../x" };

	(void)state;
	assert_true(calendar_is_day(TODAY));
	assert_true(calendar_is_day("2024-02-29"));
	for (size_t i = 0; i < COUNT(bad); i++) {
		if (calendar_is_day(bad[i]))
			fail_msg("taken: %s", bad[i]);
	}
}

// --- the files ----------------------------------------------------------------------------------

static void save(const struct fixture *f, const struct ledger *ledger)
{
	char *text = dose_file_text(ledger);

	assert_int_equal(dose_file_write(f->directory, text), 0);
	free(text);
}

static void fill(struct ledger *ledger, const char *day)
{
	ledger_init(ledger, day);
	ledger_add(ledger, "", &points[0], (struct ledger_dose){ 92.44, 2310.5 });
	ledger_add(ledger, "anna", &points[1], (struct ledger_dose){ 30, 0 });
}

static void what_is_saved_is_loaded(void **state)
{
	struct fixture *f = *state;
	static struct ledger loaded;

	assert_int_equal(dose_file_load(f->directory, TODAY, &loaded), -ENOENT);
	fill(&f->ledger, TODAY);
	f->ledger.complete = false;
	save(f, &f->ledger);
	assert_int_equal(dose_file_load(f->directory, TODAY, &loaded), 0);
	assert_string_equal(loaded.day, TODAY);
	assert_false(loaded.complete);
	assert_int_equal(loaded.n, 2);
	assert_string_equal(loaded.rows[1].person, "anna");
	assert_string_equal(loaded.rows[0].muscle, "rhomboids");
	assert_int_equal(loaded.rows[1].side, SIDE_RIGHT);
	assert_true(loaded.rows[0].day.pressed_s == 92.44);
	assert_true(loaded.rows[0].day.impulse_n_s == 2310.5);
	assert_true(loaded.rows[0].session.pressed_s == 0);
}

static void a_full_ledger_fits_into_a_file(void **state)
{
	struct fixture *f = *state;
	static struct ledger loaded;
	char person[NAME_SIZE];

	ledger_init(&f->ledger, TODAY);
	for (int i = 0; i < LEDGER_ROWS_MAX; i++) {
		struct point point = { .side = SIDE_MIDDLE };

		memset(point.name, 'n', NAME_SIZE - 1);
		memset(point.muscle, 'm', NAME_SIZE - 1);
		snprintf(person, sizeof(person), "%046d", i);
		ledger_add(&f->ledger, person, &point, (struct ledger_dose){ 86400.12, 4320000.1 });
	}
	save(f, &f->ledger);
	assert_int_equal(dose_file_load(f->directory, TODAY, &loaded), 0);
	assert_int_equal(loaded.n, LEDGER_ROWS_MAX);
}

#define ROW(text) \
	"{\"version\":1,\"day\":\"" TODAY "\",\"complete\":true,\"rows\":[{\"person\":\"\"," text \
	"}]}"
#define GOOD \
	"\"point\":\"p\",\"muscle\":\"m\",\"side\":\"left\",\"pressed_s\":1,\"impulse_n_s\":2.5"

static void a_broken_file_is_refused(void **state)
{
	static const char *const broken[] = {
		"",
		"null",
		"[]",
		"{}",
		"{\"version\":1,\"day\":\"" TODAY "\",\"complete\":true}",
		"{\"version\":2,\"day\":\"" TODAY "\",\"complete\":true,\"rows\":[]}",
		"{\"version\":1,\"day\":\"2026-11-25\",\"complete\":true,\"rows\":[]}",
		"{\"version\":1,\"day\":\"" TODAY "\",\"complete\":1,\"rows\":[]}",
		"{\"version\":1,\"day\":\"" TODAY "\",\"rows\":[]}",
		"{\"version\":1,\"day\":\"" TODAY "\",\"complete\":true,\"rows\":[7]}",
		ROW(GOOD) "x",
		ROW("\"point\":\"\",\"muscle\":\"m\",\"side\":\"left\",\"pressed_s\":1,"
		    "\"impulse_n_s\":2"),
		ROW("\"point\":\"p\",\"muscle\":\"m\",\"side\":\"both\",\"pressed_s\":1,"
		    "\"impulse_n_s\":2"),
		ROW("\"point\":\"p\",\"muscle\":\"m\",\"side\":\"left\",\"pressed_s\":-1,"
		    "\"impulse_n_s\":2"),
		ROW("\"point\":\"p\",\"muscle\":\"m\",\"side\":\"left\",\"pressed_s\":1e300,"
		    "\"impulse_n_s\":2"),
		ROW("\"point\":\"p\",\"muscle\":\"m\",\"side\":\"left\",\"pressed_s\":1"),
		ROW(GOOD ",\"point\":\"q\""),
	};
	struct fixture *f = *state;
	static struct ledger loaded;

	write_file(f, TODAY, ROW(GOOD));
	assert_int_equal(dose_file_load(f->directory, TODAY, &loaded), 0);
	loaded.n = 99;
	for (size_t i = 0; i < COUNT(broken); i++) {
		write_file(f, TODAY, broken[i]);
		if (dose_file_load(f->directory, TODAY, &loaded) != -EINVAL)
			fail_msg("taken: %s", broken[i]);
		assert_int_equal(loaded.n, 99); // untouched
	}
	write_file(f, TODAY, ROW(GOOD));
	assert_int_equal(truncate(path_of(f, TODAY, (char[100]){ "" }), INT64_C(1) << 40), 0);
	assert_int_equal(dose_file_load(f->directory, TODAY, &loaded), -EFBIG);
}

static void the_newest_days_are_kept(void **state)
{
	char days[DOSE_DAYS_MAX][LEDGER_DAY_SIZE], day[LEDGER_DAY_SIZE];
	struct fixture *f = *state;

	assert_int_equal(dose_file_days(f->directory, days), -ENOENT);
	for (int i = 0; i < DOSE_DAYS_MAX + 3; i++) {
		calendar_day(NOON + i * DAY_S, day);
		fill(&f->ledger, day);
		save(f, &f->ledger);
	}
	write_file(f, "2026-11-31", "no day");
	write_file(f, "2026-11-26.json.broken", "aside");
	assert_int_equal(dose_file_days(f->directory, days), DOSE_DAYS_MAX);
	assert_string_equal(days[0], day);
	assert_string_equal(days[DOSE_DAYS_MAX - 1], "2026-11-29");
	assert_int_equal(access(path_of(f, "2026-11-28", (char[100]){ "" }), F_OK), -1);
}

// --- the book -----------------------------------------------------------------------------------

static void open_book(struct fixture *f, int64_t unix_s)
{
	dose_book_free(f->book);
	assert_int_equal(dose_book_new(f->event, f->directory, unix_s, &f->book), 0);
}

// A report after some seconds of the chair; whether it presses, and whether a session runs.
static void report(struct fixture *f, double seconds, bool presses, bool runs)
{
	f->report.now_us += (int64_t)(seconds * US_PER_S);
	f->report.actuator[DEPTH] = (struct wire_actuator_state){
		.drive_permille = presses ? 400 : 0, // 26 N
		.flags = presses ? 0 : ACTUATOR_RELEASED,
	};
	dose_book_report(f->book, f->report.now_us,
		&(struct dose_book_input){ .chair = &f->chair,
			.atlas = &atlas,
			.report = &f->report,
			.segment = runs ? &f->segment : NULL,
			.person = "",
			.idle = !runs });
}

static void press(struct fixture *f, double seconds)
{
	report(f, 1, true, true);
	report(f, seconds, true, true);
	report(f, 0, false, true);
}

static double pressed_s(const struct fixture *f)
{
	return ledger_point(dose_book_ledger(f->book), "", points[0].name).pressed_s;
}

static void assert_alert(const struct fixture *f, const char *text)
{
	char alert[DOSE_ALERT_SIZE];

	if (!text)
		assert_null(dose_book_alert(f->book, alert));
	else if (!dose_book_alert(f->book, alert) || !strstr(alert, text))
		fail_msg("not the alert %s", text);
}

static void a_dose_outlives_a_restart(void **state)
{
	struct fixture *f = *state;

	open_book(f, NOON);
	assert_alert(f, NULL);
	press(f, 40);
	assert_true(dose_book_revision(f->book) > 0);
	open_book(f, NOON + 60);
	assert_true(pressed_s(f) == 40);
	press(f, 2);
	open_book(f, NOON + 120);
	assert_true(pressed_s(f) == 42);
	assert_alert(f, NULL);
	open_book(f, NOON + DAY_S);
	assert_true(pressed_s(f) == 0);
}

// While it presses the file is given to the writer, too.
static void a_long_press_is_written_on_the_way(void **state)
{
	struct fixture *f = *state;
	static struct ledger loaded;

	open_book(f, NOON);
	report(f, 1, true, true);
	for (int i = 0; i < 100; i++)
		report(f, 0.02, true, true);
	report(f, 3, true, true);
	while (dose_file_load(f->directory, TODAY, &loaded) < 0)
		assert_true(sd_event_run(f->event, UINT64_MAX) >= 0);
	assert_true(ledger_point(&loaded, "", points[0].name).pressed_s > 4.9);
}

static void midnight_opens_a_new_day(void **state)
{
	struct fixture *f = *state;

	open_book(f, NOON);
	press(f, 40);
	report(f, 1, false, false);
	dose_book_clock(f->book, calendar_end_s(TODAY) - 1);
	assert_true(pressed_s(f) == 40);
	dose_book_clock(f->book, calendar_end_s(TODAY));
	assert_true(pressed_s(f) == 0);
	assert_string_equal(dose_book_ledger(f->book)->day, "2026-11-27");
}

static void midnight_in_a_session_does_not(void **state)
{
	struct fixture *f = *state;

	open_book(f, NOON);
	press(f, 100);
	report(f, 1, false, false); // an earlier session is over
	press(f, 40);
	report(f, 5, false, true); // a rest
	dose_book_clock(f->book, calendar_end_s(TODAY));
	assert_true(pressed_s(f) == 40);
	press(f, 10);
	assert_true(pressed_s(f) == 50);
	report(f, 1, false, false);
	open_book(f, calendar_end_s(TODAY) + 60);
	assert_true(pressed_s(f) == 50);
	dose_book_clock(f->book, calendar_end_s("2026-11-27"));
	assert_true(pressed_s(f) == 0);
}

// What a clock of 2099 has written pins the ledger no longer than that clock: a clock that is right
// again counts today.
static void a_day_far_in_the_future_is_set_aside(void **state)
{
	static const char future[] = "2099-01-01";
	struct fixture *f = *state;
	char path[100];

	open_book(f, NOON);
	press(f, 40);
	report(f, 1, false, false);
	open_book(f, calendar_end_s(future) - 60);
	press(f, 100);
	report(f, 1, false, false);
	open_book(f, NOON + 60);
	assert_string_equal(dose_book_ledger(f->book)->day, TODAY);
	assert_true(pressed_s(f) == 40);
	assert_alert(f, "some of what was pressed on " TODAY " is not known");
	assert_int_equal(access(path_of(f, future, path), F_OK), -1);
	dose_book_clock(f->book, calendar_end_s(TODAY));
	assert_true(pressed_s(f) == 0);
	assert_alert(f, NULL);
}

// The same while it runs; what the running session has pressed is not forgotten.
static void a_clock_that_was_far_ahead_is_left(void **state)
{
	struct fixture *f = *state;
	static struct ledger loaded;

	open_book(f, NOON);
	press(f, 40);
	report(f, 1, false, false);
	while (dose_file_load(f->directory, TODAY, &loaded) < 0)
		assert_true(sd_event_run(f->event, UINT64_MAX) >= 0);
	dose_book_clock(f->book, calendar_end_s("2099-01-01") - 60);
	press(f, 100);
	report(f, 1, false, false); // an earlier session is over
	press(f, 7);
	dose_book_clock(f->book, NOON + 60);
	assert_string_equal(dose_book_ledger(f->book)->day, TODAY);
	assert_true(pressed_s(f) == 47);
	assert_alert(f, "some of what was pressed on " TODAY " is not known");
}

// A day that may be right is kept: a month is no mistake of a clock.
static void a_day_in_the_near_future_counts(void **state)
{
	struct fixture *f = *state;

	open_book(f, NOON + 30 * DAY_S);
	press(f, 40);
	open_book(f, NOON);
	assert_true(pressed_s(f) == 40);
	assert_alert(f, "the clock shows a day before 2026-12-26");
}

// A clock that was not set yet, or was set back, gives no new allowance.
static void a_clock_that_is_behind_gives_no_new_day(void **state)
{
	struct fixture *f = *state;

	open_book(f, NOON);
	press(f, 40);
	open_book(f, 0); // 1970
	assert_string_equal(dose_book_ledger(f->book)->day, TODAY);
	assert_true(pressed_s(f) == 40);
	assert_alert(f, "the clock shows a day before " TODAY);
	press(f, 10);
	dose_book_clock(f->book, NOON + 3600); // it is set
	assert_alert(f, NULL);
	assert_true(pressed_s(f) == 50);
	dose_book_clock(f->book, NOON - DAY_S);
	assert_alert(f, "the clock shows a day before " TODAY);
	assert_true(pressed_s(f) == 50);
	report(f, 1, false, false);
	dose_book_clock(f->book, NOON + DAY_S);
	assert_alert(f, NULL);
	assert_true(pressed_s(f) == 0);
}

static bool is_kept_aside(const struct fixture *f, const char *day)
{
	char path[100], aside[108];

	snprintf(aside, sizeof(aside), "%s.broken", path_of(f, day, path));
	return access(aside, F_OK) == 0 && access(path, F_OK) < 0;
}

// What is not known of today is an alert until tomorrow, also after another restart.
static void a_broken_file_of_today_is_no_zero(void **state)
{
	struct fixture *f = *state;

	write_file(f, TODAY, "{\"version\":1,\"da");
	open_book(f, NOON);
	assert_true(is_kept_aside(f, TODAY));
	assert_alert(f, "some of what was pressed on " TODAY " is not known");
	open_book(f, NOON + 60); // nothing was pressed
	assert_alert(f, "is not known");
	press(f, 10);
	open_book(f, NOON + 120);
	assert_true(pressed_s(f) == 10);
	assert_alert(f, "is not known");
	dose_book_clock(f->book, NOON + DAY_S);
	assert_alert(f, NULL);
}

static void a_broken_file_of_yesterday_does_no_harm(void **state)
{
	struct fixture *f = *state;

	write_file(f, "2026-11-25", "?");
	open_book(f, NOON);
	assert_true(is_kept_aside(f, "2026-11-25"));
	assert_alert(f, NULL);
	assert_string_equal(dose_book_ledger(f->book)->day, TODAY);
}

// A broken file of a day to come: the clock may be wrong, so that day stays.
static void a_broken_file_of_tomorrow_keeps_its_day(void **state)
{
	struct fixture *f = *state;

	write_file(f, "2026-11-27", "?");
	open_book(f, NOON);
	assert_string_equal(dose_book_ledger(f->book)->day, "2026-11-27");
	assert_alert(f, "is not known");
}

static void a_folder_that_cannot_be_written_is_an_alert(void **state)
{
	struct fixture *f = *state;
	char path[100];
	FILE *file;

	snprintf(path, sizeof(path), "%s/" DOSE_FOLDER, f->directory);
	file = fopen(path, "we"); // in place of the folder
	assert_non_null(file);
	fclose(file);
	open_book(f, NOON);
	assert_alert(f, "is not known"); // nor can it be read
	assert_int_equal(unlink(path), 0);
	open_book(f, NOON);
	file = fopen(path, "we");
	fclose(file);
	press(f, 10);
	do {
		char alert[DOSE_ALERT_SIZE];

		assert_true(sd_event_run(f->event, UINT64_MAX) >= 0);
		if (dose_book_alert(f->book, alert))
			break;
	} while (true);
	assert_alert(f, "cannot be written");
	assert_true(pressed_s(f) == 10); // it counts all the same
}

// --- the documents ------------------------------------------------------------------------------

static const struct dose_limits limits = {
	.point_s = 300, .point_n_s = 12000, .muscle_s = 600, .muscle_n_s = 24000
};

static void assert_json(json_t *document, const char *expected)
{
	char *text = json_dumps(document, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));

	assert_string_equal(text, expected);
	free(text);
	json_decref(document);
}

static void the_topic_has_points_and_muscles(void **state)
{
	struct fixture *f = *state;
	const struct dose_excess today = { "rhomboid.left", false, 290, 20, 300 };
	const struct dose_excess ever = { "rhomboid.left", false, 0, 301, 300 };
	json_t *refused;

	ledger_init(&f->ledger, TODAY);
	refused = json_pack("{s:[o, o], s:[]}", "",
		dose_refused_profile("deep", &today, &f->ledger),
		dose_refused_profile("long", &ever, &f->ledger), "anna");
	fill(&f->ledger, TODAY);
	ledger_add(&f->ledger, "", &points[2], (struct ledger_dose){ 10, 100 });
	assert_json(dose_document(&f->ledger, &limits, refused),
		"{\"day\":\"2026-11-26\",\"complete\":true,"
		"\"until\":\"2026-11-27T00:00:00+01:00\","
		"\"limits\":{\"point_s\":300.0,\"point_newton_s\":12000.0,\"muscle_s\":600.0,"
		"\"muscle_newton_s\":24000.0},\"people\":[{\"person\":null,\"points\":["
		"{\"name\":\"rhomboid.left\",\"muscle\":\"rhomboids\",\"side\":\"left\","
		"\"pressed_s\":92.4,\"impulse_n_s\":2310.5},"
		"{\"name\":\"rhomboid.low.left\",\"muscle\":\"rhomboids\",\"side\":\"left\","
		"\"pressed_s\":10.0,\"impulse_n_s\":100.0}],"
		"\"muscles\":[{\"muscle\":\"rhomboids\",\"side\":\"left\",\"pressed_s\":102.4,"
		"\"impulse_n_s\":2410.5}],"
		"\"refused\":[{\"profile\":\"deep\",\"until\":\"2026-11-27T00:00:00+01:00\","
		"\"text\":\"rhomboid.left: 290 s under pressure today and 20 more are above 300 a "
		"day: allowed again 2026-11-27 00:00\"},{\"profile\":\"long\",\"until\":null,"
		"\"text\":\"rhomboid.left: 301 s under pressure in this session alone are above "
		"300 a day\"}]},"
		"{\"person\":\"anna\",\"points\":[{\"name\":\"rhomboid.right\","
		"\"muscle\":\"rhomboids\",\"side\":\"right\",\"pressed_s\":30.0,"
		"\"impulse_n_s\":0.0}],\"muscles\":[{\"muscle\":\"rhomboids\","
		"\"side\":\"right\",\"pressed_s\":30.0,\"impulse_n_s\":0.0}],"
		"\"refused\":[]}]}");
	assert_json(dose_limits_document(&(struct dose_limits){ .limiting = DOSE_UNLIMITED }),
		"null");
}

static void a_refusal_has_the_time_of_its_end(void **state)
{
	struct fixture *f = *state;
	struct dose_excess excess = {
		.name = "rhomboid.left", .today = 250.2, .planned = 92, .limit = 300
	};
	struct request_error error;

	ledger_init(&f->ledger, TODAY);
	dose_refusal(&excess, &f->ledger, &error);
	assert_string_equal(error.code, "dose");
	assert_string_equal(error.message,
		"rhomboid.left: 250 s under pressure today and 92 more are above 300 a day: "
		"allowed again 2026-11-27 00:00");
	excess.planned = 301;
	excess.newtons = true;
	dose_refusal(&excess, &f->ledger, &error);
	assert_string_equal(error.message,
		"rhomboid.left: 301 N s in this session alone are above 300 a day");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_day_is_one_of_the_local_calendar),
		TEST(the_clocks_may_change),
		TEST(a_midnight_may_be_missing),
		TEST(only_dates_are_days),
		TEST(what_is_saved_is_loaded),
		TEST(a_full_ledger_fits_into_a_file),
		TEST(a_broken_file_is_refused),
		TEST(the_newest_days_are_kept),
		TEST(a_dose_outlives_a_restart),
		TEST(a_long_press_is_written_on_the_way),
		TEST(midnight_opens_a_new_day),
		TEST(midnight_in_a_session_does_not),
		TEST(a_day_far_in_the_future_is_set_aside),
		TEST(a_clock_that_was_far_ahead_is_left),
		TEST(a_day_in_the_near_future_counts),
		TEST(a_clock_that_is_behind_gives_no_new_day),
		TEST(a_broken_file_of_today_is_no_zero),
		TEST(a_broken_file_of_yesterday_does_no_harm),
		TEST(a_broken_file_of_tomorrow_keeps_its_day),
		TEST(a_folder_that_cannot_be_written_is_an_alert),
		TEST(the_topic_has_points_and_muscles),
		TEST(a_refusal_has_the_time_of_its_end),
	};

	log_open("test", LOG_ERR - 1);
	return cmocka_run_group_tests_name("dose", tests, NULL, NULL);
}
