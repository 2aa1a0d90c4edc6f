// SPDX-License-Identifier: MIT
//
// The state file, intact and broken, its writer, and the count of the last session.
#include "tests.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control/state_keeper.h"
#include "service/log.h"

static const struct kept_state example = { .profile = "legs",
	.intensity_percent = 62.5,
	.last = { .profile = "gentle", .minutes = 12.25, .holds = 14, .completed = true },
	.discovery = "homeassistant/device/chair_bench/config" };

static int setup(void **state)
{
	char *directory = strdup("/tmp/chaird-state.XXXXXX");

	assert_non_null(mkdtemp(directory));
	*state = directory;
	return 0;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *where)
{
	(void)status, (void)type, (void)where;
	return remove(path);
}

static int teardown(void **state)
{
	nftw(*state, remove_one, 4, FTW_DEPTH | FTW_PHYS);
	free(*state);
	return 0;
}

static const char *path_of(const char *directory)
{
	static char path[100];

	snprintf(path, sizeof(path), "%s/%s", directory, STATE_FILE_NAME);
	return path;
}

static void write_bytes(const char *directory, const void *bytes, size_t size)
{
	FILE *file = fopen(path_of(directory), "we");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static void assert_same(const struct kept_state *a, const struct kept_state *b)
{
	assert_string_equal(a->profile, b->profile);
	assert_true(a->intensity_percent == b->intensity_percent);
	assert_string_equal(a->last.profile, b->last.profile);
	assert_true(a->last.minutes == b->last.minutes);
	assert_int_equal(a->last.holds, b->last.holds);
	assert_int_equal(a->last.completed, b->last.completed);
	assert_string_equal(a->discovery, b->discovery);
}

static void what_is_saved_is_loaded(void **state)
{
	struct kept_state none, loaded;

	assert_int_equal(state_file_load(*state, &loaded), -ENOENT);
	kept_state_default(&none);
	assert_int_equal(state_file_save(*state, &none), 0);
	assert_int_equal(state_file_load(*state, &loaded), 0);
	assert_same(&loaded, &none);
	assert_int_equal(state_file_save(*state, &example), 0);
	assert_int_equal(state_file_load(*state, &loaded), 0);
	assert_same(&loaded, &example);
	assert_int_equal(state_file_load("/nowhere", &loaded), -ENOENT);
	assert_int_equal(state_file_save("/nowhere", &example), -ENOENT);
}

static void nobody_else_may_read_it(void **state)
{
	struct stat status;

	assert_int_equal(state_file_save(*state, &example), 0);
	assert_int_equal(stat(path_of(*state), &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
}

// A file cut at any byte is refused.
static void a_truncated_file_is_broken(void **state)
{
	char bytes[STATE_FILE_BYTES_MAX];
	struct kept_state loaded;
	FILE *file;
	size_t size;

	assert_int_equal(state_file_save(*state, &example), 0);
	file = fopen(path_of(*state), "re");
	size = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	assert_in_range(size, 50, sizeof(bytes) - 1);
	for (size_t cut = 0; cut < size; cut++) {
		loaded = example;
		write_bytes(*state, bytes, cut);
		assert_int_equal(state_file_load(*state, &loaded), -EINVAL);
		assert_same(&loaded, &example); // untouched
	}
	write_bytes(*state, bytes, size);
	assert_int_equal(state_file_load(*state, &loaded), 0);
}

#define REST "\"last\":null,\"discovery\":\"\"}"

static void a_broken_file_is_refused(void **state)
{
	static const char *const broken[] = {
		"null",
		"[]",
		"{}",
		"{\"profile\":\"legs\",\"intensity\":50,\"discovery\":\"\"}",
		"{\"profile\":null,\"intensity\":50," REST,
		"{\"profile\":7,\"intensity\":50," REST,
		"{\"profile\":\"legs\",\"intensity\":\"50\"," REST,
		"{\"profile\":\"legs\",\"intensity\":-1," REST,
		"{\"profile\":\"legs\",\"intensity\":100.1," REST,
		"{\"profile\":\"legs\",\"intensity\":1e999," REST,
		"{\"profile\":\"legs\",\"profile\":\"arms\",\"intensity\":50," REST,
		"{\"profile\":\"0123456789012345678901234567890123456789012345678\","
		"\"intensity\":50," REST,
		"{\"profile\":\"legs\",\"intensity\":50,\"last\":{},\"discovery\":\"\"}",
		"{\"profile\":\"legs\",\"intensity\":50,\"last\":{\"profile\":\"legs\","
		"\"minutes\":-1,\"holds\":1,\"completed\":true},\"discovery\":\"\"}",
		"{\"profile\":\"legs\",\"intensity\":50,\"last\":null,\"discovery\":null}",
		"{\"profile\":\"legs\",\"intensity\":50," REST "x",
		"\xff\xfe",
	};
	struct kept_state loaded;

	for (size_t i = 0; i < COUNT(broken); i++) {
		write_bytes(*state, broken[i], strlen(broken[i]));
		if (state_file_load(*state, &loaded) != -EINVAL)
			fail_msg("taken: %s", broken[i]);
	}
	write_bytes(*state, "{\"profile\":\"legs\",\"intensity\":50,\"more\":[]," REST,
		strlen("{\"profile\":\"legs\",\"intensity\":50,\"more\":[]," REST));
	assert_int_equal(state_file_load(*state, &loaded), 0); // of a later version
}

static void a_huge_file_is_not_read(void **state)
{
	static char bytes[STATE_FILE_BYTES_MAX + 2];
	struct kept_state loaded;
	size_t size;
	FILE *file;

	assert_int_equal(state_file_save(*state, &example), 0);
	file = fopen(path_of(*state), "re");
	size = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	memset(bytes + size, ' ', sizeof(bytes) - size);
	write_bytes(*state, bytes, STATE_FILE_BYTES_MAX);
	assert_int_equal(state_file_load(*state, &loaded), 0);
	write_bytes(*state, bytes, STATE_FILE_BYTES_MAX + 1);
	assert_int_equal(state_file_load(*state, &loaded), -EFBIG);
	assert_int_equal(truncate(path_of(*state), INT64_C(1) << 40), 0); // a terabyte of nothing
	assert_int_equal(state_file_load(*state, &loaded), -EFBIG);
}

static void what_is_no_file_is_not_followed(void **state)
{
	struct kept_state loaded;

	assert_int_equal(mkfifo(path_of(*state), 0600), 0); // does not hang
	assert_int_not_equal(state_file_load(*state, &loaded), 0);
	assert_int_equal(unlink(path_of(*state)), 0);
	assert_int_equal(symlink("/etc/passwd", path_of(*state)), 0);
	assert_int_equal(state_file_load(*state, &loaded), -ELOOP);
	assert_int_equal(state_file_save(*state, &example), 0); // in place of the link
	assert_int_equal(state_file_load(*state, &loaded), 0);
}

// A temporary file that a power cut has left is ignored and replaced.
static void a_half_written_file_disturbs_nobody(void **state)
{
	struct kept_state loaded;
	char path[120];
	FILE *file;

	assert_int_equal(state_file_save(*state, &example), 0);
	snprintf(path, sizeof(path), "%s.new", path_of(*state));
	file = fopen(path, "we");
	fputs("{\"profile\":\"le", file);
	fclose(file);
	assert_int_equal(state_file_load(*state, &loaded), 0);
	assert_same(&loaded, &example);
	assert_int_equal(state_file_save(*state, &example), 0);
	assert_int_equal(access(path, F_OK), -1);
}

// --- the keeper ---------------------------------------------------------------------------------

// Turn the loop until the file has been replaced so many times.
static void await_writes(sd_event *event, int watch_fd, int n)
{
	char bytes[sizeof(struct inotify_event) + 256] __attribute__((aligned(8)));

	while (n > 0) {
		assert_true(sd_event_run(event, UINT64_MAX) >= 0);
		while (n > 0 && read(watch_fd, bytes, sizeof(struct inotify_event) + 32) > 0)
			n--;
	}
}

static void changes_are_written_by_themselves(void **state)
{
	int watch_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	struct state_keeper *keeper;
	struct kept_state kept, loaded;
	sd_event *event;

	assert_true(inotify_add_watch(watch_fd, *state, IN_MOVED_TO) >= 0);
	assert_true(sd_event_new(&event) >= 0);
	assert_int_equal(state_keeper_new(event, *state, &kept, &keeper), 0);
	assert_true(kept.intensity_percent == 100 && !*kept.profile);
	state_keeper_update(keeper, &example);
	await_writes(event, watch_fd, 1);
	assert_int_equal(state_file_load(*state, &loaded), 0);
	assert_same(&loaded, &example);

	kept = example; // many changes, and the last one is what stays
	for (int i = 0; i <= 40; i++) {
		kept.intensity_percent = i;
		state_keeper_update(keeper, &kept);
	}
	await_writes(event, watch_fd, 1);
	assert_int_equal(state_file_load(*state, &loaded), 0);
	assert_same(&loaded, &kept);
	state_keeper_free(keeper);
	sd_event_unref(event);
	close(watch_fd);
}

static void the_end_writes_what_is_left(void **state)
{
	struct state_keeper *keeper;
	struct kept_state kept;
	sd_event *event;

	assert_true(sd_event_new(&event) >= 0);
	assert_int_equal(state_keeper_new(event, *state, &kept, &keeper), 0);
	state_keeper_update(keeper, &example);
	state_keeper_free(keeper); // the loop never ran
	assert_int_equal(state_keeper_new(event, *state, &kept, &keeper), 0);
	assert_same(&kept, &example);
	state_keeper_free(keeper);
	sd_event_unref(event);
}

static void without_a_directory_nothing_is_kept(void **state)
{
	struct state_keeper *keeper;
	struct kept_state kept;
	sd_event *event;

	(void)state;
	assert_true(sd_event_new(&event) >= 0);
	assert_int_equal(state_keeper_new(event, "/nowhere", &kept, &keeper), 0);
	assert_true(kept.intensity_percent == 100);
	state_keeper_update(keeper, &example);
	state_keeper_free(keeper);
	sd_event_unref(event);
}

// --- the last session ---------------------------------------------------------------------------

static bool tally(struct session_tally *tally, int64_t now_s, enum session_event_type type,
	struct last_session *last)
{
	return session_tally_event(tally, now_s * US_PER_S, "legs",
		&(struct session_event){ .type = type }, last);
}

static void the_last_session_is_counted(void **state)
{
	struct session_tally run = { 0 };
	struct last_session last = { 0 };

	(void)state;
	assert_false(tally(&run, 5, SESSION_EVENT_ABORTED, &last)); // of a homing
	assert_string_equal(last.profile, "");
	assert_false(tally(&run, 10, SESSION_EVENT_STARTED, &last));
	assert_false(tally(&run, 20, SESSION_EVENT_HOLD_DONE, &last));
	assert_false(tally(&run, 40, SESSION_EVENT_HOLD_DONE, &last));
	assert_true(tally(&run, 100, SESSION_EVENT_COMPLETED, &last));
	assert_string_equal(last.profile, "legs");
	assert_true(last.minutes == 1.5 && last.holds == 2 && last.completed);
	assert_false(tally(&run, 200, SESSION_EVENT_STARTED, &last));
	assert_int_equal(last.holds, 2);
	assert_true(tally(&run, 230, SESSION_EVENT_ABORTED, &last));
	assert_true(last.minutes == 0.5 && last.holds == 0 && !last.completed);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_saved_is_loaded),
		TEST(nobody_else_may_read_it),
		TEST(a_truncated_file_is_broken),
		TEST(a_broken_file_is_refused),
		TEST(a_huge_file_is_not_read),
		TEST(what_is_no_file_is_not_followed),
		TEST(a_half_written_file_disturbs_nobody),
		TEST(changes_are_written_by_themselves),
		TEST(the_end_writes_what_is_left),
		TEST(without_a_directory_nothing_is_kept),
		TEST(the_last_session_is_counted),
	};

	log_open("test", LOG_ERR - 1);
	return cmocka_run_group_tests_name("state file", tests, NULL, NULL);
}
