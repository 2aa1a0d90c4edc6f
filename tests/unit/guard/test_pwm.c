// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "guard/pwm.h"

#define HZ     200
#define PERIOD 5000

static const int64_t start_us = 1000 * PERIOD;

struct wave {
	struct pwm pwm;
	int64_t now_us, next_us;
	uint64_t levels;
	int64_t on_us[4]; // of the first four lines
	int wakeups;
};

static void wave_open(struct wave *wave, int64_t now_us)
{
	memset(wave, 0, sizeof(*wave));
	pwm_init(&wave->pwm, HZ, 0xff);
	wave->now_us = now_us;
	wave->levels = pwm_step(&wave->pwm, now_us, &wave->next_us);
	assert_int_equal(wave->levels, 0);
	assert_true(wave->next_us == TIME_NEVER);
}

static void wave_set(struct wave *wave, int a, int b, int c, int d)
{
	uint16_t duty[CHAIR_LINES_MAX] = { (uint16_t)a, (uint16_t)b, (uint16_t)c, (uint16_t)d };

	pwm_set(&wave->pwm, wave->now_us, duty);
	wave->levels = pwm_step(&wave->pwm, wave->now_us, &wave->next_us);
}

static void wave_to(struct wave *wave, int64_t t_us)
{
	for (int i = 0; i < 4; i++)
		wave->on_us[i] += wave->levels & LINE_BIT(i) ? t_us - wave->now_us : 0;
	wave->now_us = t_us;
}

// Wake up at every deadline, each time `late_us` late.
static void wave_run(struct wave *wave, int64_t until_us, int64_t late_us)
{
	while (wave->next_us != TIME_NEVER && wave->next_us + late_us < until_us) {
		wave_to(wave, wave->next_us + late_us);
		wave->levels = pwm_step(&wave->pwm, wave->now_us, &wave->next_us);
		assert_true(wave->next_us > wave->now_us);
		wave->wakeups++;
	}
	wave_to(wave, until_us);
}

static void idle_and_full_have_no_deadline(void **state)
{
	struct wave wave;

	(void)state;
	wave_open(&wave, start_us + 17);
	wave_set(&wave, 0, 1000, 0, 0);
	assert_int_equal(wave.levels, LINE_BIT(1));
	assert_true(wave.next_us == TIME_NEVER);
	assert_int_equal(wave.wakeups, 0);
}

static void mean_duty_is_exact_without_drift(void **state)
{
	static const int duty[4] = { 1, 333, 500, 999 };
	struct wave wave;

	(void)state;
	wave_open(&wave, start_us);
	wave_set(&wave, duty[0], duty[1], duty[2], duty[3]);
	wave_run(&wave, start_us + PERIOD, 0); // the first one counts from here
	memset(wave.on_us, 0, sizeof(wave.on_us));
	wave_run(&wave, start_us + 1001 * PERIOD, 0);
	for (int i = 0; i < 4; i++)
		assert_int_equal(wave.on_us[i], (int64_t)duty[i] * PERIOD);
	assert_int_equal((wave.pwm.period_start_us - start_us) % PERIOD, 0);
}

static void wakeups_are_distinct_duties_plus_one(void **state)
{
	struct wave wave;

	(void)state;
	wave_open(&wave, start_us);
	wave_set(&wave, 360, 360, 720, 360);
	wave_run(&wave, start_us + PERIOD + 1, 0);
	wave.wakeups = 0;
	wave_run(&wave, start_us + 101 * PERIOD + 1, 0);
	assert_int_equal(wave.wakeups, 100 * 3);
}

static void equal_duties_share_an_edge(void **state)
{
	struct wave wave;

	(void)state;
	wave_open(&wave, start_us);
	wave_set(&wave, 360, 360, 720, 0);
	wave_run(&wave, start_us + PERIOD + 1799, 0);
	assert_int_equal(wave.levels, 7);
	wave_run(&wave, start_us + PERIOD + 1801, 0);
	assert_int_equal(wave.levels, 4);
	wave_run(&wave, start_us + PERIOD + 3601, 0);
	assert_int_equal(wave.levels, 0);
}

static void growth_waits_for_the_next_period(void **state)
{
	struct wave wave;

	(void)state;
	wave_open(&wave, start_us);
	wave_set(&wave, 200, 0, 0, 0);
	wave_run(&wave, start_us + PERIOD + 500, 0);
	wave_set(&wave, 600, 0, 0, 0);
	wave_run(&wave, start_us + PERIOD + 1001, 0);
	assert_int_equal(wave.levels, 0);
	wave_run(&wave, start_us + 2 * PERIOD + 2999, 0);
	assert_int_equal(wave.levels, 1);
}

static void shrinking_counts_at_once(void **state)
{
	struct wave wave;

	(void)state;
	wave_open(&wave, start_us);
	wave_set(&wave, 800, 500, 0, 0);
	wave_run(&wave, start_us + PERIOD + 2000, 0);
	assert_int_equal(wave.levels, 3);
	wave_set(&wave, 600, 300, 0, 0); // b is past its new end already
	assert_int_equal(wave.levels, 1);
	assert_true(wave.next_us == start_us + PERIOD + 3000);
	wave_set(&wave, 900, 300, 0, 0); // a growing duty: not in this period
	wave_run(&wave, start_us + PERIOD + 3001, 0);
	assert_int_equal(wave.levels, 0);
}

static void zero_is_off_at_once(void **state)
{
	struct wave wave;

	(void)state;
	wave_open(&wave, start_us);
	wave_set(&wave, 1000, 500, 0, 0);
	wave_run(&wave, start_us + PERIOD + 100, 0);
	assert_int_equal(wave.levels, 3);
	wave_set(&wave, 0, 0, 0, 0);
	assert_int_equal(wave.levels, 0);
	assert_true(wave.next_us == TIME_NEVER);
}

// A wake-up that comes late leaves a line on for that much longer at most, and the time is not
// made up for later.
static void lateness_never_adds_up(void **state)
{
	static const int64_t late_us[] = { 1, 700, 2400, 4999, 5001, 17500, 123456 };

	(void)state;
	for (size_t i = 0; i < sizeof(late_us) / sizeof(late_us[0]); i++) {
		struct wave wave;
		int64_t on_us = 0, was_us;

		wave_open(&wave, start_us);
		wave_set(&wave, 500, 0, 0, 0);
		for (int n = 0; n < 200; n++) {
			was_us = wave.on_us[0];
			wave_run(&wave, wave.next_us + late_us[i] + 1, late_us[i]);
			on_us = wave.levels & 1 ? on_us + wave.on_us[0] - was_us : 0;
			assert_true(on_us <= PERIOD / 2 + late_us[i] + 1);
			assert_int_equal((wave.next_us - start_us) % (PERIOD / 2), 0);
		}
	}
}

static void sixty_four_lines_fit(void **state)
{
	uint16_t duty[CHAIR_LINES_MAX];
	struct pwm pwm;
	int64_t next_us;

	(void)state;
	pwm_init(&pwm, HZ, UINT64_MAX);
	for (int i = 0; i < CHAIR_LINES_MAX; i++)
		duty[i] = (uint16_t)(1 + (i * 37) % 64);
	pwm_set(&pwm, start_us, duty);
	pwm_step(&pwm, start_us + PERIOD, &next_us);
	assert_int_equal(pwm.n_edges, 64);
	for (int i = 1; i < pwm.n_edges; i++)
		assert_true(pwm.edge[i - 1].at_us < pwm.edge[i].at_us);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(idle_and_full_have_no_deadline),
		cmocka_unit_test(mean_duty_is_exact_without_drift),
		cmocka_unit_test(wakeups_are_distinct_duties_plus_one),
		cmocka_unit_test(equal_duties_share_an_edge),
		cmocka_unit_test(growth_waits_for_the_next_period),
		cmocka_unit_test(shrinking_counts_at_once),
		cmocka_unit_test(zero_is_off_at_once),
		cmocka_unit_test(lateness_never_adds_up),
		cmocka_unit_test(sixty_four_lines_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
