// SPDX-License-Identifier: MIT
#include "tests/unit/hal/sim_rig.h"

void rig_open(struct sim_rig *rig, void (*fixture)(struct chair *),
	const struct sim_options *options)
{
	static const struct sim_options plain;

	memset(rig, 0, sizeof(*rig));
	fixture(&rig->chair);
	rig->now_us = 7 * US_PER_S; // a clock does not begin at 0
	rig->level = chair_safe_levels(&rig->chair);
	assert_int_equal(sim_new(&rig->chair, options ? options : &plain, &rig->hal), 0);
	assert_int_equal(hal_write(rig->hal, rig->now_us, 0, 0), 0);
}

void rig_close(struct sim_rig *rig)
{
	rig->hal = hal_free(rig->hal);
}

uint64_t rig_bit(const struct sim_rig *rig, int actuator, enum line_role role)
{
	int line = rig->chair.actuators[actuator].line[role];

	return line < 0 ? 0 : LINE_BIT(line);
}

void rig_set(struct sim_rig *rig, uint64_t mask, uint64_t levels)
{
	rig->level = (rig->level & ~mask) | (levels & mask);
	assert_int_equal(hal_write(rig->hal, rig->now_us, mask, levels), 0);
}

void rig_take(struct sim_rig *rig)
{
	struct hal_event events[64];
	int n;

	do {
		n = hal_events(rig->hal, rig->now_us, events, 64);
		assert_true(n >= 0);
		for (int i = 0; i < n; i++) {
			if (rig->chair.lines[events[i].line].role == ROLE_PULSE)
				rig->pulses++;
			else
				rig->edges++;
		}
	} while (n > 0);
}

void rig_run(struct sim_rig *rig, int actuator, int permille, int64_t ms)
{
	uint64_t forward = rig_bit(rig, actuator, ROLE_FORWARD);
	uint64_t reverse = rig_bit(rig, actuator, ROLE_REVERSE);
	uint64_t pwm = rig_bit(rig, actuator, ROLE_PWM);
	uint64_t pump = rig->chair.enable < 0 ? 0 : LINE_BIT(rig->chair.enable);
	int64_t on_us = 5 * abs(permille);

	rig_set(rig, forward | reverse, permille > 0 ? forward : permille < 0 ? reverse : 0);
	for (int64_t period = 0; period < ms / 5; period++) {
		if (pump && !rig->no_pump && period % 2 == 0)
			rig_set(rig, pump, ~rig->level);
		if (on_us > 0)
			rig_set(rig, pwm, pwm);
		rig->now_us += on_us;
		if (on_us < 5000)
			rig_set(rig, pwm, 0);
		rig->now_us += 5000 - on_us;
		rig_take(rig);
	}
}

double rig_force(struct sim_rig *rig, int actuator)
{
	assert_int_equal(hal_write(rig->hal, rig->now_us, 0, 0), 0);
	return sim_truth(rig->hal, actuator).force_n;
}

bool rig_at(struct sim_rig *rig, int actuator, enum line_role role)
{
	uint64_t levels;

	assert_int_equal(hal_read(rig->hal, rig->now_us, &levels), 0);
	return levels & rig_bit(rig, actuator, role);
}

void rig_inject(struct sim_rig *rig, const char *text)
{
	struct sim_fault fault;
	char why[128];

	if (sim_fault_parse(&rig->chair, text, &fault, why, sizeof(why)) < 0)
		fail_msg("%s: %s", text, why);
	assert_int_equal(sim_inject(rig->hal, &fault), 0);
}
