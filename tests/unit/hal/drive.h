// SPDX-License-Identifier: MIT
//
// A hand on the lines of a simulated chair, in virtual time: drives an actuator with PWM and keeps
// the charge pump going.
#ifndef CHAIRD_TESTS_UNIT_HAL_DRIVE_H
#define CHAIRD_TESTS_UNIT_HAL_DRIVE_H

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "hal/sim/sim.h"
#include "tests/unit/fixture.h"

struct bench {
	struct chair chair;
	struct hal *hal;
	int64_t now_us;
	bool no_pump;   // leave the charge pump alone
	uint64_t level; // of the outputs
	size_t pulses;  // rising edges seen on pulse lines
	size_t edges;   // all others
};

static inline void bench_open(struct bench *bench, void (*fixture)(struct chair *),
	const struct sim_options *options)
{
	static const struct sim_options plain;

	memset(bench, 0, sizeof(*bench));
	fixture(&bench->chair);
	bench->now_us = 7 * US_PER_S; // a clock does not begin at 0
	bench->level = chair_safe_levels(&bench->chair);
	assert_int_equal(sim_new(&bench->chair, options ? options : &plain, &bench->hal), 0);
	assert_int_equal(hal_write(bench->hal, bench->now_us, 0, 0), 0);
}

static inline void bench_close(struct bench *bench)
{
	bench->hal = hal_free(bench->hal);
}

static inline uint64_t bench_bit(const struct bench *bench, int actuator, enum line_role role)
{
	int line = bench->chair.actuators[actuator].line[role];

	return line < 0 ? 0 : LINE_BIT(line);
}

static inline void bench_set(struct bench *bench, uint64_t mask, uint64_t levels)
{
	bench->level = (bench->level & ~mask) | (levels & mask);
	assert_int_equal(hal_write(bench->hal, bench->now_us, mask, levels), 0);
}

static inline void bench_take(struct bench *bench)
{
	struct hal_event events[64];
	int n;

	do {
		n = hal_events(bench->hal, bench->now_us, events, 64);
		assert_true(n >= 0);
		for (int i = 0; i < n; i++) {
			if (bench->chair.lines[events[i].line].role == ROLE_PULSE)
				bench->pulses++;
			else
				bench->edges++;
		}
	} while (n > 0);
}

// Let time pass under a signed drive of one actuator; another actuator keeps its lines.
static inline void bench_run(struct bench *bench, int actuator, int permille, int64_t ms)
{
	uint64_t forward = bench_bit(bench, actuator, ROLE_FORWARD);
	uint64_t reverse = bench_bit(bench, actuator, ROLE_REVERSE);
	uint64_t pwm = bench_bit(bench, actuator, ROLE_PWM);
	uint64_t pump = bench->chair.enable < 0 ? 0 : LINE_BIT(bench->chair.enable);
	int64_t on_us = 5 * abs(permille);

	bench_set(bench, forward | reverse, permille > 0 ? forward : permille < 0 ? reverse : 0);
	for (int64_t period = 0; period < ms / 5; period++) {
		if (pump && !bench->no_pump && period % 2 == 0)
			bench_set(bench, pump, ~bench->level);
		if (on_us > 0)
			bench_set(bench, pwm, pwm);
		bench->now_us += on_us;
		if (on_us < 5000)
			bench_set(bench, pwm, 0);
		bench->now_us += 5000 - on_us;
		bench_take(bench);
	}
}

static inline double bench_force(struct bench *bench, int actuator)
{
	assert_int_equal(hal_write(bench->hal, bench->now_us, 0, 0), 0);
	return sim_truth(bench->hal, actuator).force_n;
}

static inline bool bench_at(struct bench *bench, int actuator, enum line_role role)
{
	uint64_t levels;

	assert_int_equal(hal_read(bench->hal, bench->now_us, &levels), 0);
	return levels & bench_bit(bench, actuator, role);
}

static inline void bench_inject(struct bench *bench, const char *text)
{
	struct sim_fault fault;
	char why[128];

	if (sim_fault_parse(&bench->chair, text, &fault, why, sizeof(why)) < 0)
		fail_msg("%s: %s", text, why);
	assert_int_equal(sim_inject(bench->hal, &fault), 0);
}

#endif
