// SPDX-License-Identifier: MIT
//
// Power cuts of atomic_file_write(): a process is killed before each of its system calls that
// change the disk, and within each write. The old or the new file is there, never neither.
#include "tests.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "service/atomic_file.h"

#define NAME "kept"

static const char *const old_text = "old: 0123456789", *const new_text = "new: 012345678901234567";

// --- the calls, in place of the C library's -----------------------------------------------------

static int calls_left = -1; // until the cut; -1: none

static bool is_cut(void)
{
	return calls_left >= 0 && calls_left-- == 0;
}

static void cut_power(void)
{
	if (is_cut())
		raise(SIGKILL);
}

int openat(int directory, const char *path, int flags, ...)
{
	if (flags & O_CREAT)
		cut_power();
	return (int)syscall(SYS_openat, directory, path, flags, 0600);
}

// Cut before it, within it, and after it.
ssize_t write(int fd, const void *bytes, size_t size)
{
	cut_power();
	if (is_cut()) {
		syscall(SYS_write, fd, bytes, size / 2);
		raise(SIGKILL);
	}
	return syscall(SYS_write, fd, bytes, size);
}

int fsync(int fd)
{
	cut_power();
	return (int)syscall(SYS_fsync, fd);
}

int renameat(int from, const char *old_path, int to, const char *new_path)
{
	cut_power();
	return (int)syscall(SYS_renameat2, from, old_path, to, new_path, 0);
}

// --- the test -----------------------------------------------------------------------------------

static int setup(void **state)
{
	char *directory = strdup("/tmp/chaird-cut.XXXXXX");

	assert_non_null(mkdtemp(directory));
	*state = directory;
	return 0;
}

static int teardown(void **state)
{
	static const char *const names[] = { NAME, NAME ATOMIC_FILE_TEMPORARY };
	char path[100];

	for (size_t i = 0; i < COUNT(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", (const char *)*state, names[i]);
		unlink(path);
	}
	assert_int_equal(rmdir(*state), 0);
	free(*state);
	return 0;
}

// Write in a process whose power is cut after so many calls. Whether it was.
static bool write_until_cut(const char *directory, int calls)
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (!child) {
		calls_left = calls;
		_exit(atomic_file_write(directory, NAME, new_text) < 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFSIGNALED(status)) {
		assert_int_equal(WTERMSIG(status), SIGKILL);
		return true;
	}
	assert_int_equal(WEXITSTATUS(status), 0);
	return false;
}

static void assert_is(const char *directory, const char *text)
{
	char bytes[100];
	ssize_t n = atomic_file_read(directory, NAME, bytes, sizeof(bytes));

	assert_int_equal(n, strlen(text));
	assert_memory_equal(bytes, text, strlen(text));
}

static bool is_old(const char *directory)
{
	char bytes[100];

	return atomic_file_read(directory, NAME, bytes, sizeof(bytes)) ==
		(ssize_t)strlen(old_text) &&
		!memcmp(bytes, old_text, strlen(old_text));
}

static void the_old_or_the_new_file_is_there(void **state)
{
	const char *directory = *state;
	int calls = 0, n_old = 0, n_new = 0;
	bool cut;

	do {
		assert_int_equal(atomic_file_write(directory, NAME, old_text), 0);
		cut = write_until_cut(directory, calls++);
		if (is_old(directory)) {
			assert_true(cut);
			n_old++;
		} else {
			assert_is(directory, new_text);
			n_new++;
		}
	} while (cut);
	// openat, write, half a write, fsync, renameat; then fsync of the folder, and no cut
	assert_int_equal(n_old, 5);
	assert_int_equal(n_new, 2);
}

// Where there was no file before, there is none or the new one.
static void a_first_file_is_whole_or_not_there(void **state)
{
	const char *directory = *state;
	char bytes[100], path[100];
	int calls = 0;
	bool cut;

	do {
		cut = write_until_cut(directory, calls++);
		if (atomic_file_read(directory, NAME, bytes, sizeof(bytes)) != -ENOENT)
			assert_is(directory, new_text);
		else
			assert_true(cut);
		snprintf(path, sizeof(path), "%s/" NAME, directory);
		unlink(path);
	} while (cut);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_old_or_the_new_file_is_there, setup, teardown),
		cmocka_unit_test_setup_teardown(a_first_file_is_whole_or_not_there, setup,
			teardown),
	};

	return cmocka_run_group_tests_name("power cut", tests, NULL, NULL);
}
