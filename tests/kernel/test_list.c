// SPDX-License-Identifier: MIT
//
// `chairctl lines` on real chips: one with names and an expander without. Runs inside:
// tests/kernel/run build/.../test_list
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <cmocka.h>

#include "hal/gpio_chip.h"
#include "simchip.h"
#include "tests/system/process.h"

#define HEADER_LINES   28
#define EXPANDER_LINES 8
#define TEXT_SIZE      16384
#define CHAIR          "/tmp/chaird-list.cfg"
#define SOCKET         "/tmp/chaird-list.sock"
#define SOON_MS        120000

struct bench {
	struct simchip *header, *expander;
	char text[TEXT_SIZE]; // of the program
};

// The seat's contact has its own resistor, so that its level is the test's and no bias changes it.
static void write_chair(void)
{
	assert_int_equal(system("sed '1i acknowledged = [ \"own-resistors\" ];\n"
				"s/^  seat .*/  seat = { line = \"GPIO6\"; active_low = true; };/' "
				"tests/scenario/chairs/relays.cfg > " CHAIR),
		0);
}

static int setup(void **state)
{
	static char names[HEADER_LINES][16];
	const char *header[HEADER_LINES];
	const char *const no_names[EXPANDER_LINES] = { NULL };
	struct bench *bench = calloc(1, sizeof(*bench));

	for (int i = 0; i < HEADER_LINES; i++) {
		snprintf(names[i], sizeof(names[i]), "GPIO%d", i);
		header[i] = names[i];
	}
	*state = bench;
	write_chair();
	assert_int_equal(simchip_new("pinctrl-bcm2711", header, HEADER_LINES, &bench->header), 0);
	assert_int_equal(simchip_new("mcp23017", no_names, EXPANDER_LINES, &bench->expander), 0);
	return 0;
}

static int teardown(void **state)
{
	struct bench *bench = *state;

	simchip_free(bench->expander);
	simchip_free(bench->header);
	remove(CHAIR);
	free(bench);
	return 0;
}

// Its exit code; what it has printed, stderr included, is in text.
static int list(struct bench *bench, const char *options)
{
	char command[512];
	size_t n;
	FILE *pipe;

	snprintf(command, sizeof(command),
		"\"$CHAIRD_BUILD\"/chairctl lines --chair " CHAIR " %s 2>&1", options);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	n = fread(bench->text, 1, TEXT_SIZE - 1, pipe);
	bench->text[n] = '\0';
	return WEXITSTATUS(pclose(pipe));
}

static void assert_shows(const struct bench *bench, const char *text)
{
	if (!strstr(bench->text, text))
		fail_msg("no \"%s\" in\n%s", text, bench->text);
}

static void what_every_chip_has_and_the_chair_wants(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(list(bench, ""), 0);
	assert_shows(bench, " [pinctrl-bcm2711], 28 lines\n");
	assert_shows(bench, " [mcp23017], 8 lines\n");
	assert_shows(bench, "    17  GPIO17           input   free         press.forward\n");
	assert_shows(bench, "     4  GPIO4            input   free\n");
	assert_shows(bench, "     0  -                input   free         pounder.run\n");
	assert_shows(bench, "     3  -                input   free\n");
}

static void the_live_levels_of_the_inputs(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(simchip_pull(bench->header, 6, true), 0);
	assert_int_equal(list(bench, ""), 0);
	assert_shows(bench, "free         seat                     inactive\n");
	assert_shows(bench, "free         estop                    inactive\n"); // pulled up
	assert_int_equal(simchip_pull(bench->header, 6, false), 0);
	assert_int_equal(list(bench, ""), 0);
	assert_shows(bench, "free         seat                     active\n");
}

static void who_holds_a_line(void **state)
{
	const struct gpio_line_config held[] = { { .offset = 6 },
		{ .offset = 17, .output = true, .level = true } };
	struct bench *bench = *state;
	struct gpio_chip *chip;

	assert_int_equal(gpio_chip_open(simchip_path(bench->header), &chip), 0);
	assert_int_equal(gpio_chip_request(chip, "somebody", held, 2), 0);
	assert_int_equal(list(bench, ""), 0);
	assert_shows(bench, "     6  GPIO6            input   somebody     seat\n"); // not read
	assert_shows(bench, "    17  GPIO17           output  somebody     press.forward\n");
	assert_shows(bench, "free         estop                    inactive\n");
	assert_int_equal(simchip_level(bench->header, 17), 1); // not disturbed
	gpio_chip_close(chip);
}

static struct process *start_guard(void)
{
	char program[PATH_MAX];
	const char *const argv[] = { program, "--chair=" CHAIR, "--socket=" SOCKET, NULL };
	struct process *guard;

	snprintf(program, sizeof(program), "%s/chairguard", getenv("CHAIRD_BUILD"));
	guard = process_start(argv, NULL);
	assert_true(process_logged(guard, SOCKET, SOON_MS));
	return guard;
}

static void end_guard(struct process *guard)
{
	process_signal(guard, SIGTERM);
	assert_int_equal(process_wait(guard, SOON_MS), 0);
	process_free(guard);
}

// A guard of a chair with relays on an expander: it has every line, and none of them is read here.
static void the_guard_holds_its_lines(void **state)
{
	struct bench *bench = *state;
	struct process *guard = start_guard();

	assert_int_equal(list(bench, ""), 0);
	assert_shows(bench, "     6  GPIO6            input   chairguard   seat\n");
	assert_shows(bench, "     0  -                output  chairguard   pounder.run\n");
	assert_shows(bench, "     2  -                output  chairguard   pump.run\n");
	assert_shows(bench, "     3  -                input   free\n");
	for (unsigned i = 0; i < EXPANDER_LINES; i++)
		assert_int_equal(simchip_level(bench->expander, i), 0);
	end_guard(guard);
}

static void no_output_is_touched(void **state)
{
	struct bench *bench = *state;

	for (unsigned i = 0; i < EXPANDER_LINES; i++)
		assert_int_equal(simchip_pull(bench->expander, i, true), 0);
	assert_int_equal(simchip_pull(bench->header, 17, true), 0);
	assert_int_equal(list(bench, ""), 0);
	for (unsigned i = 0; i < EXPANDER_LINES; i++)
		assert_int_equal(simchip_level(bench->expander, i), 1);
	assert_int_equal(simchip_level(bench->header, 17), 1);
}

static void as_json(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(list(bench, "--json | tr -d ' \\n'"), 0);
	assert_shows(bench,
		"\"label\":\"mcp23017\",\"lines\":[{\"offset\":0,\"name\":null,"
		"\"direction\":\"input\",\"holder\":null,\"chair\":\"pounder.run\","
		"\"active\":null}");
	assert_shows(bench,
		"{\"offset\":6,\"name\":\"GPIO6\",\"direction\":\"input\","
		"\"holder\":null,\"chair\":\"seat\",\"active\":true}");
	assert_shows(bench, "\"problem\":null}");
}

// One that runs and is held by no program, one that the chair wants, and free ones.
static void the_channels_of_kernel_pwm(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(system("sed -i 's/pwm     = { line = \"GPIO22\"; }/"
				"pwm = { chip = \"" SIMPWM
				"\"; channel = 2; hz = 20000; }/' " CHAIR),
		0);
	assert_int_equal(system("cd /sys/class/pwm/pwmchip0 && echo 3 >export && "
				"echo 1000000 >pwm3/period && echo 250000 >pwm3/duty_cycle && "
				"echo 1 >pwm3/enable"),
		0);
	assert_int_equal(list(bench, ""), 0);
	assert_shows(bench, "\npwmchip0 [" SIMPWM "], 4 channels of kernel PWM\n");
	assert_shows(bench, "      0  free\n");
	assert_shows(bench, "      2  free            press.pwm\n");
	assert_shows(bench,
		"      3  sysfs                                    250 of 1000, 1000 Hz\n");
	assert_int_equal(system("echo 0 >/sys/class/pwm/pwmchip0/pwm3/enable"), 0);
	assert_int_equal(list(bench, "--json | tr -d ' \\n'"), 0);
	assert_shows(bench,
		"{\"channel\":2,\"holder\":null,\"chair\":\"press.pwm\","
		"\"exported\":false,\"hz\":0,\"permille\":0}");
	assert_shows(bench,
		"{\"channel\":3,\"holder\":\"sysfs\",\"chair\":null,\"exported\":true,\"hz\":1000,"
		"\"permille\":0}");
	assert_int_equal(system("echo 3 >/sys/class/pwm/pwmchip0/unexport"), 0);
	assert_int_equal(system("sed -i 's/channel = 2/channel = 4/' " CHAIR), 0);
	assert_int_equal(list(bench, ""), 1);
	assert_shows(bench, "channel " SIMPWM ":pwm4: the chip has no such channel");
}

static void the_guard_holds_its_channel(void **state)
{
	struct bench *bench = *state;
	struct process *guard;

	assert_int_equal(system("sed -i 's/pwm     = { line = \"GPIO22\"; }/"
				"pwm = { chip = \"" SIMPWM
				"\"; channel = 2; hz = 20000; }/' " CHAIR),
		0);
	guard = start_guard();
	assert_int_equal(list(bench, ""), 0);
	assert_shows(bench,
		"      2  chairguard      press.pwm                0 of 1000, 20000 Hz\n");
	end_guard(guard);
}

static void a_line_that_is_missing(void **state)
{
	struct bench *bench = *state;

	bench->expander = simchip_free(bench->expander);
	assert_int_equal(list(bench, ""), 1);
	assert_shows(bench, "GPIO17           input   free         press.forward\n");
	assert_shows(bench, "line mcp23017:0 is on none of the 1 GPIO chips: pinctrl-bcm2711");
	bench->header = simchip_free(bench->header);
	assert_int_equal(list(bench, ""), 1);
	assert_shows(bench, "there is no GPIO chip on this machine");
}

static void a_chair_file_that_is_wrong(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(system("sed -i 's/GPIO17/17/' " CHAIR), 0);
	assert_int_equal(list(bench, ""), 1);
	assert_shows(bench, "did you mean \"GPIO17\"?");
	assert_shows(bench, "    17  GPIO17           input   free\n"); // the chips all the same
}

#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(what_every_chip_has_and_the_chair_wants),
		test(the_live_levels_of_the_inputs),
		test(who_holds_a_line),
		test(the_guard_holds_its_lines),
		test(no_output_is_touched),
		test(as_json),
		test(the_channels_of_kernel_pwm),
		test(the_guard_holds_its_channel),
		test(a_line_that_is_missing),
		test(a_chair_file_that_is_wrong),
	};

	return cmocka_run_group_tests_name("list", tests, NULL, NULL);
}
