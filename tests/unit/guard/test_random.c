// SPDX-License-Identifier: MIT
//
// Random frames, contacts, pulses, forces and sleeps, for hours of virtual time. bed_check() looks
// at the outputs after every step; here the histories are kept: dead times, longest drives, and
// that motion is always somebody's fresh will. CHAIRD_SEED repeats a run.
#include <stdio.h>

#include "bed.h"

#define RUNS  40
#define MOVES 4000

struct history {
	int64_t forward_us[CHAIR_ACTUATORS_MAX], reverse_us[CHAIR_ACTUATORS_MAX]; // last seen on
	int64_t forward_since_us[CHAIR_ACTUATORS_MAX];                            // or -1
	int64_t willed_us; // last valid setpoint, or -1
};

static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static int pick(uint64_t *seed, int n)
{
	return (int)(next_random(seed) >> 33) % n;
}

static void random_demand(uint64_t *seed, const struct chair *chair, int i,
	struct wire_demand *demand)
{
	enum actuator_kind kind = chair->actuators[i].kind;
	bool signs = kind == ACTUATOR_TRAVEL || kind == ACTUATOR_PRESS;

	*demand = (struct wire_demand){ .mode = WIRE_REST };
	if (kind == ACTUATOR_SOURCE || pick(seed, 4) == 0)
		return;
	demand->mode = (uint8_t)pick(seed, WIRE_MODE_COUNT);
	if (demand->mode == WIRE_DRIVE)
		demand->value = pick(seed, signs ? 2001 : 1001) - (signs ? 1000 : 0);
	if (demand->mode == WIRE_HOME && !signs)
		demand->mode = WIRE_RELEASE_ACTUATOR;
	if (demand->mode == WIRE_POSITION && kind != ACTUATOR_TRAVEL)
		demand->mode = WIRE_REST;
	if (demand->mode == WIRE_POSITION) {
		demand->value = pick(seed, 700000);
		demand->limit_permille = 1 + pick(seed, 1000);
	}
}

// Anything at all, or a good frame with one byte turned.
static void hostile_frame(struct bed *bed, struct history *history, uint64_t *seed)
{
	struct wire_setpoint frame = { .lease_ms = 250, .n = (uint32_t)bed->chair.n_actuators };
	unsigned char *bytes = (unsigned char *)&frame;

	wire_header_init(&frame.header, WIRE_SETPOINT, sizeof(frame), bed->seq + 1);
	memcpy(frame.demand, bed->demand, sizeof(frame.demand));
	if (pick(seed, 2)) {
		for (size_t i = 0; i < sizeof(frame); i++)
			bytes[i] = (unsigned char)next_random(seed);
	} else {
		bytes[pick(seed, sizeof(frame))] ^= (unsigned char)(1 + pick(seed, 255));
	}
	if (!wire_check(&bed->chair, &frame, sizeof(frame)))
		return;
	bed_step(bed, bed->now_us, NULL, 0, 0, &frame);
	history->willed_us = bed->now_us;
	bed->seq = frame.header.seq > bed->seq && frame.header.seq < bed->seq + 1000
		? frame.header.seq
		: bed->seq;
}

static void random_contact(struct bed *bed, uint64_t *seed)
{
	int line = pick(seed, (int)bed->chair.n_lines);
	enum line_role role = bed->chair.lines[line].role;

	if (line_role_is_output(role))
		return;
	if ((role == ROLE_ESTOP || role == ROLE_SEAT) && pick(seed, 4))
		return;
	if (role == ROLE_PULSE)
		bed_pulse(bed, bed->chair.lines[line].actuator);
	else
		bed_input(bed, line, pick(seed, 2));
}

static void history_note(struct history *history, const struct bed *bed)
{
	if (bed_mode(bed) == GUARD_ACTIVE && history->willed_us >= 0)
		assert_true(bed->now_us - history->willed_us <= LEASE_HARD_MAX_MS * US_PER_MS);
	for (size_t i = 0; i < bed->chair.n_actuators; i++) {
		const struct actuator *spec = &bed->chair.actuators[i];
		int64_t dead_us = spec->dead_time_ms * US_PER_MS;
		bool forward = bed_on(bed, (int)i, ROLE_FORWARD);

		if (forward && history->reverse_us[i] >= 0)
			assert_true(bed->now_us - history->reverse_us[i] >= dead_us);
		if (bed_on(bed, (int)i, ROLE_REVERSE)) {
			if (history->forward_us[i] >= 0)
				assert_true(bed->now_us - history->forward_us[i] >= dead_us);
			history->reverse_us[i] = bed->now_us;
		}
		if (forward)
			history->forward_us[i] = bed->now_us;
		if (!forward)
			history->forward_since_us[i] = -1;
		else if (history->forward_since_us[i] < 0)
			history->forward_since_us[i] = bed->now_us;
		else
			assert_true(bed->now_us - history->forward_since_us[i] <=
				spec->on_max_ms * US_PER_MS);
	}
}

static void random_move(struct bed *bed, struct history *history, uint64_t *seed)
{
	int i = pick(seed, (int)bed->chair.n_actuators);

	switch (pick(seed, 16)) {
	case 0:
		hostile_frame(bed, history, seed);
		break;
	case 1:
		random_contact(bed, seed);
		break;
	case 2:
		bed_send(bed, (enum wire_type[]){ WIRE_RELEASE, WIRE_QUERY }[pick(seed, 2)]);
		break;
	case 3:
		bed->link_up = pick(seed, 8) != 0;
		bed_poke(bed);
		break;
	case 4:
		bed->force[i].force_n = pick(seed, 60) == 0 ? 150 : pick(seed, 20);
		bed->force[i].error = pick(seed, 200) == 0 ? -5 : 0;
		break;
	case 5:
		bed_input(bed, bed->chair.estop, true);
		bed_input(bed, bed->chair.seat, true);
		break;
	case 6:
		bed_press_reset(bed);
		bed->force[i] = (struct hal_force){ 0 };
		break;
	default:
		random_demand(seed, &bed->chair, i, &bed->demand[i]);
		if (bed_mode(bed) == GUARD_OFF)
			bed_send(bed, WIRE_ARM);
		bed_setpoint(bed, (uint32_t)(1 + pick(seed, LEASE_HARD_MAX_MS)));
		history->willed_us = bed->now_us;
		break;
	}
	history_note(history, bed);
}

// Live on until the next move, and now and then too late.
static void random_sleep(struct bed *bed, struct history *history, uint64_t *seed)
{
	int64_t until_us = bed->now_us + pick(seed, pick(seed, 40) ? 80000 : 3000000);

	while (bed->now_us < until_us) {
		int64_t late_us = pick(seed, 400) ? pick(seed, 300) : pick(seed, 300000);
		int64_t due_us = bed->out.next_us;

		if (due_us > until_us) {
			bed->now_us = until_us;
			break;
		}
		bed->now_us = due_us + late_us;
		bed_step(bed, due_us, NULL, 0, 0, NULL);
		if (late_us < 300)
			history_note(history, bed);
		else
			memset(history, 0xff, sizeof(*history)); // nobody looked meanwhile
	}
}

static void one_run(uint64_t seed, unsigned visited[GUARD_MODE_COUNT])
{
	struct history history;
	struct bed bed;

	memset(&history, 0xff, sizeof(history));
	if (pick(&seed, 2))
		bed_recliner(&bed);
	else
		bed_bench(&bed);
	for (int i = 0; i < MOVES; i++) {
		random_move(&bed, &history, &seed);
		random_sleep(&bed, &history, &seed);
		visited[bed_mode(&bed)]++;
	}
	bed.keep = false; // the controller is gone: nothing may be left on
	bed.link_up = false;
	bed_poke(&bed);
	bed_run(&bed, 40 * US_PER_S); // with every try of a release that does not arrive
	assert_false(bed_any_busy(&bed));
	assert_true(bed_mode(&bed) == GUARD_OFF || bed_mode(&bed) == GUARD_TRIPPED);
	bed_close(&bed);
}

static void nothing_breaks_the_rules(void **state)
{
	const char *text = getenv("CHAIRD_SEED");
	uint64_t seed = text ? strtoull(text, NULL, 0) : 20260101;
	unsigned visited[GUARD_MODE_COUNT] = { 0 };

	(void)state;
	print_message("CHAIRD_SEED=%llu\n", (unsigned long long)seed);
	for (int i = 0; i < RUNS; i++)
		one_run(seed * 1000003 + (uint64_t)i + 1, visited);
	for (int i = 0; i < GUARD_MODE_COUNT; i++) {
		print_message("%-10s %u\n", guard_mode_name(i), visited[i]);
		assert_true(visited[i] > 100); // it got everywhere
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_breaks_the_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
