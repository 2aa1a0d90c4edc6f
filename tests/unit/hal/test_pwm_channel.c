// SPDX-License-Identifier: MIT
//
// A channel of kernel PWM on plain files, which take every write and may be made to lose one. On a
// real kernel: tests/kernel/test_pwm.c.
#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "hal/pwm_channel.h"

#define CHANNEL "device/pwm/pwmchip3/pwm0"

struct bench {
	char root[32]; // and class_dir: it has the chip's link
	struct line line;
	struct pwm_channel channel;
	struct hal_error error;
};

static const char *path_of(const struct bench *bench, const char *name, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s/%s", bench->root, name);
	return path;
}

static void write_file(const struct bench *bench, const char *name, const char *text)
{
	char path[PATH_MAX];
	FILE *file = fopen(path_of(bench, name, path), "we");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static long number_in(const struct bench *bench, const char *name)
{
	char path[PATH_MAX], text[32] = "";
	FILE *file = fopen(path_of(bench, name, path), "re");

	assert_non_null(file);
	assert_non_null(fgets(text, sizeof(text), file));
	fclose(file);
	return strtol(text, NULL, 10);
}

// A file that takes every write and keeps none.
static void lose_writes(const struct bench *bench, const char *name)
{
	char path[PATH_MAX];

	assert_int_equal(unlink(path_of(bench, name, path)), 0);
	assert_int_equal(symlink("/dev/null", path), 0);
}

static int setup(void **state)
{
	static const char *const folders[] = { "device", "device/pwm", "device/pwm/pwmchip3",
		CHANNEL };
	struct bench *bench = calloc(1, sizeof(*bench));
	char path[PATH_MAX], target[PATH_MAX];

	strcpy(bench->root, "/tmp/chaird-pwm-XXXXXX");
	assert_non_null(mkdtemp(bench->root));
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		assert_int_equal(mkdir(path_of(bench, folders[i], path), 0755), 0);
	assert_int_equal(symlink(path_of(bench, "device", target),
				 path_of(bench, "device/pwm/pwmchip3/device", path)),
		0);
	assert_int_equal(symlink(path_of(bench, "device/pwm/pwmchip3", target),
				 path_of(bench, "pwmchip3", path)),
		0);
	write_file(bench, CHANNEL "/period", "1000\n");
	write_file(bench, CHANNEL "/duty_cycle", "900\n");
	write_file(bench, CHANNEL "/enable", "1\n");
	write_file(bench, CHANNEL "/polarity", "normal\n");
	line_set_channel(&bench->line, "device", 0, 20000);
	*state = bench;
	return 0;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *where)
{
	(void)status, (void)type, (void)where;
	return remove(path);
}

static int teardown(void **state)
{
	struct bench *bench = *state;

	nftw(bench->root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(bench);
	return 0;
}

static int open_channel(struct bench *bench)
{
	return pwm_channel_open(&bench->line, bench->root, &bench->channel, &bench->error);
}

static void it_is_off_when_it_is_opened_and_when_it_is_set_to_0(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(open_channel(bench), 0);
	assert_int_equal(number_in(bench, CHANNEL "/enable"), 0);
	assert_int_equal(number_in(bench, CHANNEL "/duty_cycle"), 0);
	assert_int_equal(number_in(bench, CHANNEL "/period"), 50000);
	assert_int_equal(pwm_channel_set(&bench->channel, 250), 0);
	assert_int_equal(number_in(bench, CHANNEL "/enable"), 1);
	assert_int_equal(number_in(bench, CHANNEL "/duty_cycle"), 12500);
	assert_int_equal(pwm_channel_set(&bench->channel, 0), 0);
	assert_int_equal(number_in(bench, CHANNEL "/enable"), 0);
	assert_int_equal(number_in(bench, CHANNEL "/duty_cycle"), 0);
	pwm_channel_close(&bench->channel);
}

static void off_that_is_not_read_back_is_an_error(void **state)
{
	struct bench *bench = *state;

	lose_writes(bench, CHANNEL "/enable");
	assert_int_equal(open_channel(bench), -EIO);
	write_file(bench, CHANNEL "/period", "1000\n");
	lose_writes(bench, CHANNEL "/duty_cycle");
	assert_int_equal(open_channel(bench), -EIO);
}

static void a_channel_that_is_lost_is_an_error(void **state)
{
	struct bench *bench = *state;
	char path[PATH_MAX];

	assert_int_equal(unlink(path_of(bench, CHANNEL "/enable", path)), 0);
	assert_true(open_channel(bench) < 0);
	line_set_channel(&bench->line, "other", 0, 20000);
	assert_int_equal(open_channel(bench), -ENOENT);
	assert_non_null(strstr(bench->error.text, "there is no such PWM chip"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(it_is_off_when_it_is_opened_and_when_it_is_set_to_0),
		TEST(off_that_is_not_read_back_is_an_error),
		TEST(a_channel_that_is_lost_is_an_error),
	};

	return cmocka_run_group_tests_name("pwm_channel", tests, NULL, NULL);
}
