// SPDX-License-Identifier: MIT
//
// The movements of `chairctl new-chair` on a real chip: how long, how hard, only after a yes, and
// what becomes of the lines. The questions themselves: tests/system/test_new_chair.c. Runs inside:
// tests/kernel/run build/.../test_new_chair
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "config/library.h"
#include "hal/gpio_chip.h"
#include "simchip.h"
#include "tests/system/process.h"

#define LINES     28
#define CHANNEL   1
#define PUMP      16 // the charge pump
#define FIRST     17 // of the actuator's lines
#define SAMPLE_NS 300000
#define FILE_NAME "/tmp/chaird-new-chair.cfg"
#define ANSWERS   "/tmp/chaird-new-chair.in"
#define OUTPUT    "/tmp/chaird-new-chair.out"
#define TEXT_SIZE 16384

#define CHAIR "new\nA new chair\n5000\nGPIO5\nGPIO6\n\n"
#define END   "\n\n" // no more actuators, no buttons

struct bench {
	struct simchip *chip;
	// Of each line, in microseconds: how long it was on, when first and last. Sampled.
	int64_t on[LINES], first[LINES], last[LINES], now_us;
	int edges[LINES];
	bool level[LINES];
	int pwm;                          // the states of kernel PWM
	int64_t channel_on, channel_most; // CHANNEL: how long it was on, and its highest duty
	char text[TEXT_SIZE];             // what the program has printed, or the file
};

static int setup(void **state)
{
	static char names[LINES][16];
	const char *list[LINES];
	struct bench *bench = calloc(1, sizeof(*bench));

	for (int i = 0; i < LINES; i++) {
		snprintf(names[i], sizeof(names[i]), "GPIO%d", i);
		list[i] = names[i];
	}
	*state = bench;
	bench->pwm = simpwm_open();
	assert_true(bench->pwm >= 0);
	assert_int_equal(simchip_new("pinctrl-bcm2711", list, LINES, &bench->chip), 0);
	remove(FILE_NAME);
	return 0;
}

static int teardown(void **state)
{
	struct bench *bench = *state;

	simchip_free(bench->chip);
	close(bench->pwm);
	remove(FILE_NAME);
	remove(ANSWERS);
	remove(OUTPUT);
	free(bench);
	return 0;
}

static pid_t start(const char *answers)
{
	const char *build = getenv("CHAIRD_BUILD");
	char program[400];
	FILE *file = fopen(ANSWERS, "we");
	pid_t pid;

	assert_non_null(file);
	fputs(answers, file);
	fclose(file);
	snprintf(program, sizeof(program), "%s/chairctl", build ? build : "build/default");
	pid = fork();
	assert_true(pid >= 0);
	if (pid)
		return pid;
	if (!freopen(ANSWERS, "r", stdin) || !freopen(OUTPUT, "w", stdout) ||
		dup2(STDOUT_FILENO, STDERR_FILENO) < 0)
		_exit(127);
	execl(program, "chairctl", "new-chair", FILE_NAME, NULL);
	_exit(127);
}

static void sample_channel(struct bench *bench, int64_t us)
{
	struct pwm_state state = simpwm_read(bench->pwm, CHANNEL);

	if (!state.enabled)
		return;
	bench->channel_on += us;
	if (state.duty_ns > bench->channel_most)
		bench->channel_most = state.duty_ns;
}

static void sample(struct bench *bench)
{
	int64_t was_us = bench->now_us;

	nanosleep(&(struct timespec){ 0, SAMPLE_NS }, NULL);
	bench->now_us = monotonic_us();
	sample_channel(bench, bench->now_us - was_us);
	for (int i = PUMP; i < LINES; i++) {
		bool level = simchip_level(bench->chip, (unsigned)i) == 1;

		bench->edges[i] += level != bench->level[i];
		if (bench->level[i])
			bench->on[i] += bench->now_us - was_us;
		if (level && !bench->first[i])
			bench->first[i] = bench->now_us;
		if (level)
			bench->last[i] = bench->now_us;
		bench->level[i] = level;
	}
}

static const char *read_text(struct bench *bench, const char *path)
{
	FILE *file = fopen(path, "re");
	size_t n;

	assert_non_null(file);
	n = fread(bench->text, 1, TEXT_SIZE - 1, file);
	bench->text[n] = '\0';
	fclose(file);
	return bench->text;
}

// Its status as of waitpid(). A signal is sent when the line first goes on; 0: none.
static int run(struct bench *bench, const char *answers, int line, int signal)
{
	pid_t pid = start(answers);
	int status;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		sample(bench);
		if (signal && bench->first[line]) {
			kill(pid, signal);
			signal = 0;
		}
	}
	sample(bench);
	return status;
}

static void assert_released(const struct bench *bench)
{
	struct gpio_chip *chip;

	assert_int_equal(gpio_chip_open(simchip_path(bench->chip), &chip), 0);
	for (unsigned i = 0; i < LINES; i++) {
		struct gpio_line_info info;

		assert_int_equal(gpio_chip_line_info(chip, i, &info), 0);
		assert_false(info.output);
		assert_string_equal(info.holder, "");
	}
	gpio_chip_close(chip);
}

static int span_ms(const struct bench *bench, int line)
{
	return (int)((bench->last[line] - bench->first[line]) / 1000);
}

static void a_relay_is_on_for_a_tenth_of_a_second(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(run(bench,
				 CHAIR "\nsource\n\nGPIO17\n\n1000\n\n\n\nyes\nthe pump hums\n" END,
				 0, 0),
		0);
	assert_int_equal(bench->edges[FIRST], 2); // on once
	assert_in_range(span_ms(bench, FIRST), 80, 100);
	assert_int_equal(bench->on[PUMP], 0); // there is none
	assert_released(bench);
	assert_non_null(strstr(read_text(bench, FILE_NAME), "{  # the pump hums\n"));
}

// The charge pump closes its relay first. A pulsed line is on for a quarter of the time.
static void a_motor_turns_with_little_drive(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(run(bench,
				 CHAIR
				 "GPIO16\nknead\n\n\nGPIO17\n\n\n\n800\n\nyes\nrollers\n\n" END,
				 0, 0),
		0);
	assert_in_range(bench->edges[FIRST], 18, 22);
	assert_true(span_ms(bench, FIRST) <= 100);
	assert_in_range(bench->on[FIRST] / 1000, 18, 35);
	assert_true(bench->first[FIRST] - bench->first[PUMP] >= 280000);
	assert_in_range(bench->edges[PUMP], 36, 44); // 50 Hz for 0.4 s
	assert_released(bench);
}

static void a_channel_of_kernel_pwm_turns_with_little_drive(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(run(bench,
				 CHAIR "GPIO16\nknead\n\n\n" SIMPWM ":pwm1\n\n\n\n\n800\n\nyes\n"
				       "rollers\n\n" END,
				 0, 0),
		0);
	assert_in_range(bench->channel_on / 1000, 80, 101);
	assert_int_equal(bench->channel_most, 12500); // a quarter of 20 kHz
	assert_in_range(bench->edges[PUMP], 36, 44);
	assert_false(simpwm_read(bench->pwm, CHANNEL).enabled);
	assert_int_equal(simpwm_read(bench->pwm, CHANNEL).duty_ns, 0);
	assert_released(bench);
	assert_non_null(strstr(read_text(bench, FILE_NAME),
		"pwm     = { chip = \"" SIMPWM "\"; channel = 1; hz = 20000; };"));
}

static void kernel_pwm_needs_the_charge_pump(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(run(bench,
				 CHAIR "\nknead\n\n\n" SIMPWM
				       ":pwm1\nGPIO17\n\n\n\n800\n\nno\n\n" END,
				 0, 0),
		0);
	assert_int_equal(bench->channel_on, 0);
	assert_non_null(strstr(read_text(bench, OUTPUT),
		"without a charge pump kernel PWM drives no motor"));
}

#define CARRIAGE \
	"travel\n\npulses\nGPIO17\nGPIO18\nGPIO19\nGPIO2\n\nGPIO3\n\n1500\n1\n5\n500\n50\n\n"

static const char carriage[] = CHAIR "\n" CARRIAGE "yes\nthe rollers went up\nno\n" END;

static void a_wrong_way_exchanges_the_directions(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(run(bench, carriage, 0, 0), 0);
	assert_in_range(span_ms(bench, FIRST), 80, 100);
	assert_int_equal(bench->on[FIRST + 1], 0); // one direction only
	assert_in_range(bench->on[FIRST + 2] / 1000, 18, 35);
	assert_released(bench);
	read_text(bench, FILE_NAME);
	assert_non_null(strstr(bench->text, "forward = { line = \"GPIO18\"; }"));
	assert_non_null(strstr(bench->text, "reverse = { line = \"GPIO17\"; }"));
}

// An actuator of each further kind, and the lines of those that move.
static const char each_kind[] = CHAIR
	"GPIO16\n"
	"travel\nrail\ntime\nGPIO17\nGPIO18\nGPIO2\nGPIO3\n\n1500\n640\n14.78\n15.86\n\n\n\n"
	"yes\nrollers, up\nno\n"
	"tap\n\n\n\nGPIO19\nGPIO4\n\n900\n12\n\nyes\nit taps\n\n"
	"roller\n\nGPIO20\n\n900\n\n\n\nyes\nfeet\n\n"
	"source\npump\nGPIO21\n\n900\n\n\n\nno\n"
	"cell\n\npump\none\nGPIO22\n300\n10\n3\n\nyes\na click\nfoot\n\n\n\n\n\n"
	"recline\nback\ntime\nGPIO23\nGPIO24\n\n2500\n12\n15\n\n\n\nyes\nthe back, down\nyes\n"
	"extension\n\npot\nGPIO25\nGPIO26\n\n\n1200\n\n\nads1115:in_voltage0\n300\n2900\n"
	"ads1115:in_voltage1\n2\n\n1800\n\nyes\nlegs, out\nyes\n"
	"heat\n\nGPIO27\n\n2000\n\n\nads1115:in_voltage2\n\n\n\n"
	"\n\n\n"; // no more actuators, groups, buttons

static void each_kind_moves_by_its_own_line(void **state)
{
	static const int moved[] = { 17, 19, 20, 22, 23, 25 }, still[] = { 18, 21, 24, 26, 27 };
	struct bench *bench = *state;
	struct problems problems = { 0 };
	struct chair chair;
	int64_t before_us = 0;

	assert_int_equal(run(bench, each_kind, 0, 0), 0);
	for (size_t i = 0; i < sizeof(moved) / sizeof(moved[0]); i++) {
		assert_in_range(span_ms(bench, moved[i]), 80, 100);
		assert_int_equal(bench->edges[moved[i]] == 2, moved[i] != 19); // it alone is pulsed
		assert_true(bench->first[moved[i]] > before_us);
		before_us = bench->last[moved[i]];
	}
	for (size_t i = 0; i < sizeof(still) / sizeof(still[0]); i++)
		assert_int_equal(bench->edges[still[i]], 0);
	assert_released(bench);
	assert_int_equal(chair_load(FILE_NAME, &problems, &chair), 0);
	assert_int_equal(chair.n_actuators, 8);
	assert_string_equal(chair.lines[chair.actuators[0].line[ROLE_FORWARD]].name, "GPIO18");
}

static void without_a_yes_nothing_moves(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(run(bench, CHAIR "\nsource\n\nGPIO17\n\n1000\n\n\n\ny\nYES\n\nno\n" END, 0,
				 0),
		0);
	assert_int_equal(bench->on[FIRST], 0);
	assert_released(bench);
}

static void nothing_moves_while_the_guard_holds_a_line(void **state)
{
	const struct gpio_line_config held[] = { { .offset = FIRST + 1, .output = true } };
	struct bench *bench = *state;
	struct gpio_chip *chip;

	assert_int_equal(gpio_chip_open(simchip_path(bench->chip), &chip), 0);
	assert_int_equal(gpio_chip_request(chip, "chairguard", held, 1), 0);
	// No question follows about what has moved.
	assert_int_equal(run(bench, CHAIR "\n" CARRIAGE "yes\n" END, 0, 0), 0);
	gpio_chip_close(chip);
	assert_int_equal(bench->on[FIRST] + bench->on[FIRST + 2], 0);
	read_text(bench, OUTPUT);
	assert_non_null(strstr(bench->text, "not moved: "));
	assert_non_null(strstr(bench->text, "sudo systemctl stop chairguard"));
}

static void ended_in_the_movement(struct bench *bench, int signal)
{
	int status = run(bench, carriage, FIRST, signal);

	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), signal);
	assert_true(span_ms(bench, FIRST) <= 25); // two periods of the drive
	assert_int_equal(simchip_level(bench->chip, FIRST), 0);
	assert_int_equal(simchip_level(bench->chip, FIRST + 2), 0);
	assert_int_equal(access(FILE_NAME, F_OK), -1);
}

static void an_interrupt_ends_the_movement(void **state)
{
	ended_in_the_movement(*state, SIGINT);
	assert_released(*state);
}

static void a_termination_ends_the_movement(void **state)
{
	ended_in_the_movement(*state, SIGTERM);
	assert_released(*state);
}

static void a_killed_program_leaves_no_output(void **state)
{
	ended_in_the_movement(*state, SIGKILL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_relay_is_on_for_a_tenth_of_a_second),
		TEST(a_motor_turns_with_little_drive),
		TEST(a_channel_of_kernel_pwm_turns_with_little_drive),
		TEST(kernel_pwm_needs_the_charge_pump),
		TEST(a_wrong_way_exchanges_the_directions),
		TEST(each_kind_moves_by_its_own_line),
		TEST(without_a_yes_nothing_moves),
		TEST(nothing_moves_while_the_guard_holds_a_line),
		TEST(an_interrupt_ends_the_movement),
		TEST(a_termination_ends_the_movement),
		TEST(a_killed_program_leaves_no_output),
	};

	return cmocka_run_group_tests_name("new-chair", tests, NULL, NULL);
}
