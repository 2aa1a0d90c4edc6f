// SPDX-License-Identifier: MIT
//
// Kernel PWM as a drive, on a PWM chip of a real kernel; with the whole system: test_relays.c.
// Runs inside: tests/kernel/run build/.../test_pwm
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hal/hal_gpio.h"
#include "hal/pwm_channel.h"
#include "simchip.h"

#define CHANNEL   2
#define HZ        20000
#define PERIOD_NS 50000

struct bench {
	struct chair chair;
	struct simchip *board;
	struct hal *hal;
	struct hal_error error;
	int fd;
};

static int setup(void **state)
{
	static const char *const names[] = { "GPIO16" };
	static struct bench bench;

	bench = (struct bench){
		.chair = { .n_lines = 2,
			.lines = { { .name = "GPIO16", .role = ROLE_ENABLE, .actuator = -1 },
				{ .role = ROLE_PWM, .actuator = -1 } } }
	};
	line_set_channel(&bench.chair.lines[1], SIMPWM, CHANNEL, HZ);
	assert_int_equal(simchip_new("board", names, 1, &bench.board), 0);
	bench.fd = simpwm_open();
	assert_true(bench.fd >= 0);
	*state = &bench;
	return 0;
}

static int teardown(void **state)
{
	struct bench *bench = *state;

	hal_free(bench->hal);
	simchip_free(bench->board);
	close(bench->fd);
	return 0;
}

static int open_lines(struct bench *bench)
{
	return hal_gpio_open(&bench->chair, &(struct hal_gpio_options){ 0 }, &bench->hal,
		&bench->error);
}

static void assert_state(const struct bench *bench, bool enabled, int64_t duty_ns,
	int64_t period_ns)
{
	struct pwm_state state = simpwm_read(bench->fd, CHANNEL);

	assert_int_equal(state.enabled, enabled);
	assert_int_equal(state.duty_ns, duty_ns);
	assert_int_equal(state.period_ns, period_ns);
}

static void assert_works(struct bench *bench)
{
	assert_int_equal(open_lines(bench), 0);
	assert_int_equal(hal_channels(bench->hal), LINE_BIT(1));
	assert_state(bench, false, 0, PERIOD_NS);
	assert_int_equal(hal_drive(bench->hal, 0, 1, 300), 0);
	assert_state(bench, true, 15000, PERIOD_NS);
	assert_int_equal(hal_drive(bench->hal, 0, 1, 1000), 0);
	assert_state(bench, true, PERIOD_NS, PERIOD_NS);
	assert_int_equal(hal_drive(bench->hal, 0, 1, 0), 0);
	assert_state(bench, false, 0, PERIOD_NS);
	assert_int_equal(hal_drive(bench->hal, 0, 0, 500), -ENODEV); // a line
	assert_int_equal(hal_drive(bench->hal, 0, 1, 500), 0);
	bench->hal = hal_free(bench->hal);
	assert_state(bench, false, 0, PERIOD_NS);
}

static void by_the_name_of_its_device(void **state)
{
	assert_works(*state);
}

static void by_a_path(void **state)
{
	struct bench *bench = *state;

	line_set_channel(&bench->chair.lines[1], SIMPWM_DEVICE, CHANNEL, HZ);
	assert_works(bench);
	line_set_channel(&bench->chair.lines[1], "/sys/class/pwm/pwmchip0", CHANNEL, HZ);
	assert_works(bench);
}

// As a guard leaves it that was killed; the next one may want another frequency.
static void a_channel_that_runs_is_turned_off_at_the_start(void **state)
{
	struct bench *bench = *state;
	struct hal *dead;

	assert_int_equal(open_lines(bench), 0);
	assert_int_equal(hal_drive(bench->hal, 0, 1, 900), 0);
	dead = bench->hal; // its lines are free, and its channel runs on
	simchip_free(bench->board);
	assert_int_equal(simchip_new("board", (const char *const[]){ "GPIO16" }, 1, &bench->board),
		0);
	assert_state(bench, true, 45000, PERIOD_NS);
	line_set_channel(&bench->chair.lines[1], SIMPWM, CHANNEL, 2 * HZ);
	assert_int_equal(open_lines(bench), 0);
	assert_state(bench, false, 0, PERIOD_NS / 2);
	hal_free(dead);
	line_set_channel(&bench->chair.lines[1], SIMPWM, CHANNEL, HZ);
}

static void safe_off_turns_it_off(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(open_lines(bench), 0);
	assert_int_equal(hal_drive(bench->hal, 0, 1, 900), 0);
	assert_int_equal(hal_gpio_safe_off(&bench->chair, &(struct hal_gpio_options){ 0 },
				 &bench->error),
		-EBUSY); // the line is held, and the channel is off for all that
	assert_state(bench, false, 0, PERIOD_NS);
}

static void assert_refused(struct bench *bench, int r, const char *text)
{
	assert_int_equal(open_lines(bench), r);
	assert_null(bench->hal);
	if (!strstr(bench->error.text, text))
		fail_msg("\"%s\" does not say \"%s\"", bench->error.text, text);
}

static void what_is_not_there_is_refused(void **state)
{
	struct bench *bench = *state;

	line_set_channel(&bench->chair.lines[1], SIMPWM, 4, HZ);
	assert_refused(bench, -ENODEV, "channel pwm-sim.0:pwm4: the chip has no such channel");
	line_set_channel(&bench->chair.lines[1], "1-0040", 0, HZ);
	assert_refused(bench, -ENOENT, "channel 1-0040:pwm0: there is no such PWM chip");
}

// The command of the rule for the chip, with "daemon" for the group.
static void run_the_rule(void)
{
	assert_int_equal(system("sh -c \"$(sed -n \"s/.*RUN+=.*sh -c '\\(.*\\)'.*/\\1/p\" "
				"systemd/60-chaird-gpio.rules | "
				"sed 's,/sys%p,/sys/class/pwm/pwmchip0,; s/[$][$]/$/g; "
				"s/chgrp gpio/chgrp daemon/')\""),
		0);
}

// Its result, opened by somebody who is only in that group.
static int open_as_the_guard(const struct line *line)
{
	const gid_t daemon = getgrnam("daemon")->gr_gid;
	pid_t child = fork();
	int status;

	if (child == 0) {
		struct pwm_channel channel;
		struct hal_error error;

		if (setgroups(1, &daemon) < 0 || setgid(65534) < 0 || setuid(65534) < 0)
			_exit(99);
		_exit(-pwm_channel_open(line, PWM_CLASS_DIR, &channel, &error));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return -WEXITSTATUS(status);
}

// The rule has run for the chip; the guard exports its channel, which the rule must hear of.
static void the_rule_gives_the_guard_what_it_writes(void **state)
{
	struct line line = { .role = ROLE_PWM, .actuator = -1 };

	(void)state;
	line_set_channel(&line, SIMPWM, 1, HZ);
	run_the_rule();
	assert_int_equal(open_as_the_guard(&line), -EACCES);
	run_the_rule();
	assert_int_equal(open_as_the_guard(&line), 0);
	assert_int_equal(access("/sys/class/pwm/pwmchip0/pwm1", F_OK), 0);
}

static void a_chip_that_is_lost_is_an_error(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(open_lines(bench), 0);
	assert_int_equal(hal_drive(bench->hal, 0, 1, 300), 0);
	assert_int_equal(simpwm_plug(false), 0);
	assert_int_equal(hal_drive(bench->hal, 0, 1, 200), -ENODEV);
	assert_int_equal(hal_failed_line(bench->hal), 1);
	assert_int_equal(hal_drive(bench->hal, 0, 1, 0), -ENODEV);
	assert_int_equal(simpwm_plug(true), 0);
}

#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(by_the_name_of_its_device),
		test(by_a_path),
		test(a_channel_that_runs_is_turned_off_at_the_start),
		test(safe_off_turns_it_off),
		test(what_is_not_there_is_refused),
		test(the_rule_gives_the_guard_what_it_writes),
		test(a_chip_that_is_lost_is_an_error),
	};

	return cmocka_run_group_tests_name("pwm", tests, NULL, NULL);
}
