// SPDX-License-Identifier: MIT
//
// Pin trace (hal/sim/sim.h) as moments of a timeline:
// "pin depth.forward on", "pin depth.pwm 42 %".
#ifndef TESTS_SCENARIO_PINS_H
#define TESTS_SCENARIO_PINS_H

#include <stdint.h>
#include <stdio.h>

#include "checker/trace_chair.h"
#include "timeline.h"

#define PINS_MAX 64

struct pin_change {
	int64_t t_us;
	uint8_t pin;
	bool on;           // off its safe level
	uint16_t permille; // drive of a channel of kernel PWM
};

struct pins {
	struct {
		char wire[48], name[100]; // "GPIO17", "depth.forward"
		bool pwm, enable, channel;
		int safe;
	} pin[PINS_MAX];
	size_t n_pins;
	struct pin_change *changes;
	size_t n, capacity;
	int64_t pwm_period_us;
};

// The file is read from its beginning. 0 or -EINVAL, with the reason on stderr.
int pins_read(FILE *trace, const struct trace_chair *chair, struct pins *ret_pins);
void pins_clear(struct pins *pins);

// Add the changes in [from_us, to_us], except the enable line's. PWM is reduced to its duty, added
// when it begins, ends or changes by 10 points or more, as the drive of a channel of kernel PWM.
void pins_print(const struct pins *pins, int64_t from_us, int64_t to_us, struct timeline *timeline);

// The first time, from_us or later, at which every line but the enable line is at its safe level
// and stays there for a second; INT64_MAX: never.
#define PINS_SAFE_FOR_US 1000000
int64_t pins_safe_from(const struct pins *pins, int64_t from_us);

// The first time, from_us or later, at which the enable line stands still for 200 ms.
#define PINS_STILL_FOR_US 200000
int64_t pins_enable_still_from(const struct pins *pins, int64_t from_us);

#endif
