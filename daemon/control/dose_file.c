// SPDX-License-Identifier: MIT
#include "control/dose_file.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "service/atomic_file.h"
#include "control/calendar.h"

#define NAME_BYTES         (LEDGER_DAY_SIZE + 8) // "2026-11-26.json"
#define SECONDS_MAX        (LEDGER_ROWS_MAX * 86400.0)
#define NEWTON_SECONDS_MAX (1000 * SECONDS_MAX)

static void file_name(const char *day, char ret_name[NAME_BYTES])
{
	snprintf(ret_name, NAME_BYTES, "%s.json", day);
}

static int folder_path(const char *state_dir, char ret_path[PATH_MAX])
{
	int n = snprintf(ret_path, PATH_MAX, "%s/" DOSE_FOLDER, state_dir);

	return n < PATH_MAX ? 0 : -ENAMETOOLONG;
}

// --- days -------------------------------------------------------------------------------------

static bool is_day_file(const char *name, char ret_day[LEDGER_DAY_SIZE])
{
	if (strlen(name) != LEDGER_DAY_SIZE - 1 + strlen(".json") ||
		strcmp(name + LEDGER_DAY_SIZE - 1, ".json"))
		return false;
	memcpy(ret_day, name, LEDGER_DAY_SIZE - 1);
	ret_day[LEDGER_DAY_SIZE - 1] = '\0';
	return calendar_is_day(ret_day);
}

static int newest_first(const void *a, const void *b)
{
	return strcmp(b, a);
}

// Each day to `each`, in no order. 0 or -errno.
static int for_each_day(const char *state_dir, void (*each)(void *data, const char *day),
	void *data)
{
	char path[PATH_MAX], day[LEDGER_DAY_SIZE];
	const struct dirent *entry;
	int r = folder_path(state_dir, path);
	DIR *folder;

	if (r < 0)
		return r;
	folder = opendir(path);
	if (!folder)
		return -errno;
	while ((entry = readdir(folder))) {
		if (is_day_file(entry->d_name, day))
			each(data, day);
	}
	closedir(folder);
	return 0;
}

// The newest days so far. (Insertion: a folder of many files needs no memory.)
struct newest {
	char (*days)[LEDGER_DAY_SIZE];
	int n;
	char dropped[LEDGER_DAY_SIZE]; // one that has no place, or ""
};

static void keep_newest(void *data, const char *day)
{
	struct newest *newest = data;

	if (newest->n < DOSE_DAYS_MAX) {
		strcpy(newest->days[newest->n++], day);
	} else if (strcmp(day, newest->days[DOSE_DAYS_MAX - 1]) > 0) {
		strcpy(newest->dropped, newest->days[DOSE_DAYS_MAX - 1]);
		strcpy(newest->days[DOSE_DAYS_MAX - 1], day);
	} else {
		strcpy(newest->dropped, day);
	}
	qsort(newest->days, (size_t)newest->n, LEDGER_DAY_SIZE, newest_first);
}

int dose_file_days(const char *state_dir, char ret_days[DOSE_DAYS_MAX][LEDGER_DAY_SIZE])
{
	struct newest newest = { .days = ret_days };
	int r = for_each_day(state_dir, keep_newest, &newest);

	return r < 0 ? r : newest.n;
}

// One at a time: a day adds one file at most.
static void remove_oldest(const char *state_dir)
{
	char days[DOSE_DAYS_MAX][LEDGER_DAY_SIZE], path[PATH_MAX];
	struct newest newest = { .days = days };

	if (for_each_day(state_dir, keep_newest, &newest) < 0 || !*newest.dropped)
		return;
	snprintf(path, sizeof(path), "%s/" DOSE_FOLDER "/%s.json", state_dir, newest.dropped);
	unlink(path);
}

// --- reading ----------------------------------------------------------------------------------

static bool read_text(const json_t *row, const char *key, char *ret_text, size_t size)
{
	const json_t *value = json_object_get(row, key);

	if (!json_is_string(value) || json_string_length(value) >= size)
		return false;
	strcpy(ret_text, json_string_value(value));
	return true;
}

static bool read_number(const json_t *row, const char *key, double max, double *ret_number)
{
	const json_t *value = json_object_get(row, key);

	*ret_number = json_number_value(value);
	return json_is_number(value) && *ret_number >= 0 && *ret_number <= max;
}

static bool read_side(const json_t *row, enum side *ret_side)
{
	static const enum side sides[] = { SIDE_LEFT, SIDE_RIGHT, SIDE_MIDDLE };
	const char *text = json_string_value(json_object_get(row, "side"));

	for (size_t i = 0; text && i < sizeof(sides) / sizeof(sides[0]); i++) {
		if (!strcmp(side_name(sides[i]), text)) {
			*ret_side = sides[i];
			return true;
		}
	}
	return false;
}

static bool read_row(const json_t *value, struct ledger_row *row)
{
	*row = (struct ledger_row){ 0 };
	return read_text(value, "person", row->person, sizeof(row->person)) &&
		read_text(value, "point", row->point, sizeof(row->point)) && *row->point &&
		read_text(value, "muscle", row->muscle, sizeof(row->muscle)) &&
		read_side(value, &row->side) &&
		read_number(value, "pressed_s", SECONDS_MAX, &row->day.pressed_s) &&
		read_number(value, "impulse_n_s", NEWTON_SECONDS_MAX, &row->day.impulse_n_s);
}

static bool read_rows(const json_t *rows, struct ledger *ledger)
{
	const json_t *row;
	size_t i;

	if (!json_is_array(rows) || json_array_size(rows) > LEDGER_ROWS_MAX)
		return false;
	json_array_foreach((json_t *)rows, i, row)
	{
		if (!read_row(row, &ledger->rows[ledger->n++]))
			return false;
	}
	return true;
}

static bool read_ledger(const json_t *root, const char *day, struct ledger *ledger)
{
	const char *written = json_string_value(json_object_get(root, "day"));

	ledger_init(ledger, day);
	ledger->complete = json_is_true(json_object_get(root, "complete"));
	return json_integer_value(json_object_get(root, "version")) == DOSE_VERSION && written &&
		!strcmp(written, day) && json_is_boolean(json_object_get(root, "complete")) &&
		read_rows(json_object_get(root, "rows"), ledger);
}

static int parse(const char *text, size_t size, const char *day, struct ledger *ret_ledger)
{
	struct ledger *ledger = malloc(sizeof(*ledger));
	json_t *root;
	bool good;

	if (!ledger)
		return -ENOMEM;
	root = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
	good = json_is_object(root) && read_ledger(root, day, ledger);
	json_decref(root);
	if (good)
		*ret_ledger = *ledger;
	free(ledger);
	return good ? 0 : -EINVAL;
}

int dose_file_load(const char *state_dir, const char *day, struct ledger *ret_ledger)
{
	char path[PATH_MAX], name[NAME_BYTES], *bytes;
	int r = folder_path(state_dir, path);
	ssize_t n;

	if (r < 0)
		return r;
	bytes = malloc(DOSE_BYTES_MAX + 1);
	if (!bytes)
		return -ENOMEM;
	file_name(day, name);
	n = atomic_file_read(path, name, bytes, DOSE_BYTES_MAX + 1);
	if (n < 0)
		r = (int)n;
	else
		r = n > DOSE_BYTES_MAX ? -EFBIG : parse(bytes, (size_t)n, day, ret_ledger);
	free(bytes);
	return r;
}

int dose_file_set_aside(const char *state_dir, const char *day)
{
	char from[PATH_MAX], to[PATH_MAX + sizeof(".broken")];

	if (snprintf(from, sizeof(from), "%s/" DOSE_FOLDER "/%s.json", state_dir, day) >=
		(int)sizeof(from))
		return -ENAMETOOLONG;
	snprintf(to, sizeof(to), "%s.broken", from);
	return rename(from, to) < 0 ? -errno : 0;
}

// --- writing ----------------------------------------------------------------------------------

static json_t *row_document(const struct ledger_row *row)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:f, s:f}", "person", row->person, "point",
		row->point, "muscle", row->muscle, "side", side_name(row->side), "pressed_s",
		round(row->day.pressed_s * 100) / 100, "impulse_n_s",
		round(row->day.impulse_n_s * 10) / 10);
}

char *dose_file_text(const struct ledger *ledger)
{
	json_t *rows = json_array(), *root;
	char *text;

	for (size_t i = 0; i < ledger->n; i++)
		json_array_append_new(rows, row_document(&ledger->rows[i]));
	root = json_pack("{s:i, s:s, s:b, s:o}", "version", DOSE_VERSION, "day", ledger->day,
		"complete", ledger->complete, "rows", rows);
	text = root ? json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(9)) : NULL;
	json_decref(root);
	return text;
}

// The day that a text of dose_file_text() names.
static bool day_of(const char *text, char ret_day[LEDGER_DAY_SIZE])
{
	static const char key[] = "\"day\": \"";
	const char *at = strstr(text, key);

	if (!at)
		return false;
	snprintf(ret_day, LEDGER_DAY_SIZE, "%s", at + strlen(key));
	return calendar_is_day(ret_day);
}

int dose_file_write(const char *state_dir, const char *text)
{
	char path[PATH_MAX], day[LEDGER_DAY_SIZE], name[NAME_BYTES];
	int r = folder_path(state_dir, path);

	if (r < 0)
		return r;
	if (!day_of(text, day))
		return -EINVAL;
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return -errno;
	file_name(day, name);
	r = atomic_file_write(path, name, text);
	if (r == 0)
		remove_oldest(state_dir);
	return r;
}
