// SPDX-License-Identifier: MIT
//
// Consents over restarts, of a text that has changed, and of more people than are kept.
#include "tests.h"

#include <stdbool.h>
#include <syslog.h>
#include <unistd.h>

#include "control/consent_book.h"
#include "service/log.h"

#define NOON INT64_C(1795690800) // 2026-11-26 12:00 in Berlin

struct fixture {
	char directory[40];
	sd_event *event;
	struct consent_book *book;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_int_equal(setenv("TZ", "Europe/Berlin", 1), 0);
	strcpy(f->directory, "/tmp/chaird-consent.XXXXXX");
	assert_non_null(mkdtemp(f->directory));
	assert_true(sd_event_new(&f->event) >= 0);
	assert_int_equal(consent_book_new(f->event, f->directory, &f->book), 0);
	*state = f;
	return 0;
}

static const char *path_of(const struct fixture *f, const char *name, char path[100])
{
	snprintf(path, 100, "%s/%s", f->directory, name);
	return path;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	char path[100];

	consent_book_free(f->book);
	sd_event_unref(f->event);
	unlink(path_of(f, CONSENT_FILE, path));
	unlink(path_of(f, CONSENT_FILE ".broken", path));
	assert_int_equal(rmdir(f->directory), 0);
	free(f);
	return 0;
}

static void reopen(struct fixture *f)
{
	consent_book_free(f->book);
	assert_int_equal(consent_book_new(f->event, f->directory, &f->book), 0);
}

static void a_consent_outlives_a_restart(void **state)
{
	struct fixture *f = *state;

	assert_null(consent_book_given(f->book, "anna"));
	consent_book_give(f->book, "anna", NOON);
	assert_string_equal(consent_book_given(f->book, "anna"), "2026-11-26T12:00:00+01:00");
	reopen(f);
	assert_string_equal(consent_book_given(f->book, "anna"), "2026-11-26T12:00:00+01:00");
	assert_null(consent_book_given(f->book, "ann"));
	consent_book_give(f->book, "anna", NOON + 60);
	reopen(f);
	assert_string_equal(consent_book_given(f->book, "anna"), "2026-11-26T12:01:00+01:00");
}

static void write_file(const struct fixture *f, const char *text)
{
	char path[100];
	FILE *file = fopen(path_of(f, CONSENT_FILE, path), "we");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

#define CONSENT(text) \
	"{\"version\":1,\"consents\":[{\"person\":\"anna\",\"given\":\"2020-01-01\"," \
	"\"text\":\"" text "\"}]}"

static void another_text_is_no_consent(void **state)
{
	struct fixture *f = *state;

	write_file(f, CONSENT("Sit down."));
	reopen(f);
	assert_null(consent_book_given(f->book, "anna"));
	consent_book_give(f->book, "anna", NOON);
	assert_non_null(consent_book_given(f->book, "anna"));
}

static void a_broken_file_is_kept_aside(void **state)
{
	static const char *const broken[] = {
		"",
		"[]",
		"{\"version\":2,\"consents\":[]}",
		"{\"version\":1}",
		"{\"version\":1,\"consents\":[{\"person\":\"anna\"}]}",
		CONSENT(""),
		CONSENT("x") "x",
	};
	struct fixture *f = *state;
	char path[100];

	for (size_t i = 0; i < COUNT(broken); i++) {
		write_file(f, broken[i]);
		reopen(f);
		if (access(path_of(f, CONSENT_FILE, path), F_OK) == 0)
			fail_msg("taken: %s", broken[i]);
		assert_int_equal(access(path_of(f, CONSENT_FILE ".broken", path), F_OK), 0);
	}
}

static void the_oldest_is_forgotten(void **state)
{
	struct fixture *f = *state;
	char name[16];

	for (int i = 0; i <= CONSENTS_MAX; i++) {
		snprintf(name, sizeof(name), "p%d", i);
		consent_book_give(f->book, name, NOON + i);
	}
	reopen(f);
	assert_null(consent_book_given(f->book, "p0"));
	assert_non_null(consent_book_given(f->book, "p1"));
	assert_non_null(consent_book_given(f->book, name));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_consent_outlives_a_restart),
		TEST(another_text_is_no_consent),
		TEST(a_broken_file_is_kept_aside),
		TEST(the_oldest_is_forgotten),
	};

	log_open("test", LOG_ERR - 1);
	return cmocka_run_group_tests_name("consent", tests, NULL, NULL);
}
