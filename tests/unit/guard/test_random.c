// SPDX-License-Identifier: MIT
//
// Random frames, contacts, pulses, forces and sleeps, for hours of virtual time. rig_check() looks
// at the outputs after every step; here the histories are kept: dead times, longest drives, and
// that every motion has a recent setpoint. CHAIRD_SEED repeats a run.
#include <stdio.h>

#include "guard_rig.h"

#define RUNS  40
#define MOVES 4000

struct history {
	int64_t forward_us[CHAIR_ACTUATORS_MAX], reverse_us[CHAIR_ACTUATORS_MAX]; // last seen on
	int64_t forward_since_us[CHAIR_ACTUATORS_MAX];                            // or -1
	int64_t setpoint_us; // last valid setpoint, or -1
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
	if (demand->mode == WIRE_WIDTH ||
		(demand->mode == WIRE_POSITION && kind != ACTUATOR_TRAVEL))
		demand->mode = WIRE_REST;
	if (demand->mode == WIRE_POSITION) {
		demand->value = pick(seed, 700000);
		demand->limit_permille = 1 + pick(seed, 1000);
	}
}

// Random bytes, or a well-formed frame with one changed byte.
static void hostile_frame(struct guard_rig *rig, struct history *history, uint64_t *seed)
{
	uint32_t seq = rig->seq;
	union wire_frame frame;
	unsigned char *bytes = (unsigned char *)&frame;

	rig_make_setpoint(rig, 250, &frame);
	rig->seq = seq;
	if (pick(seed, 2)) {
		for (size_t i = 0; i < sizeof(frame.setpoint); i++)
			bytes[i] = (unsigned char)next_random(seed);
	} else {
		bytes[pick(seed, sizeof(frame.setpoint))] ^= (unsigned char)(1 + pick(seed, 255));
	}
	if (!wire_check(&rig->chair, &frame, sizeof(frame.setpoint)))
		return;
	rig_step(rig, rig->now_us, NULL, 0, 0, &frame);
	history->setpoint_us = rig->now_us;
	rig->seq = frame.header.seq > rig->seq && frame.header.seq < rig->seq + 1000
		? frame.header.seq
		: rig->seq;
}

static void random_contact(struct guard_rig *rig, uint64_t *seed)
{
	int line = pick(seed, (int)rig->chair.n_lines);
	enum line_role role = rig->chair.lines[line].role;

	if (line_role_is_output(role))
		return;
	if ((role == ROLE_ESTOP || role == ROLE_SEAT) && pick(seed, 4))
		return;
	if (role == ROLE_PULSE)
		rig_pulse(rig, rig->chair.lines[line].actuator);
	else
		rig_input(rig, line, pick(seed, 2));
}

static void history_note(struct history *history, const struct guard_rig *rig)
{
	if (rig_mode(rig) == GUARD_ACTIVE && history->setpoint_us >= 0)
		assert_true(rig->now_us - history->setpoint_us <= LEASE_HARD_MAX_MS * US_PER_MS);
	for (size_t i = 0; i < rig->chair.n_actuators; i++) {
		const struct actuator *spec = &rig->chair.actuators[i];
		int64_t dead_us = spec->dead_time_ms * US_PER_MS;
		bool forward = rig_on(rig, (int)i, ROLE_FORWARD);

		if (forward && history->reverse_us[i] >= 0)
			assert_true(rig->now_us - history->reverse_us[i] >= dead_us);
		if (rig_on(rig, (int)i, ROLE_REVERSE)) {
			if (history->forward_us[i] >= 0)
				assert_true(rig->now_us - history->forward_us[i] >= dead_us);
			history->reverse_us[i] = rig->now_us;
		}
		if (forward)
			history->forward_us[i] = rig->now_us;
		if (!forward)
			history->forward_since_us[i] = -1;
		else if (history->forward_since_us[i] < 0)
			history->forward_since_us[i] = rig->now_us;
		else
			assert_true(rig->now_us - history->forward_since_us[i] <=
				spec->on_max_ms * US_PER_MS);
	}
}

static void random_move(struct guard_rig *rig, struct history *history, uint64_t *seed)
{
	int i = pick(seed, (int)rig->chair.n_actuators);

	switch (pick(seed, 16)) {
	case 0:
		hostile_frame(rig, history, seed);
		break;
	case 1:
		random_contact(rig, seed);
		break;
	case 2:
		rig_send(rig, (enum wire_type[]){ WIRE_RELEASE, WIRE_QUERY }[pick(seed, 2)]);
		break;
	case 3:
		rig->link_up = pick(seed, 8) != 0;
		rig_poke(rig);
		break;
	case 4:
		rig->force[i].force_n = pick(seed, 60) == 0 ? 150 : pick(seed, 20);
		rig->force[i].error = pick(seed, 200) == 0 ? -5 : 0;
		break;
	case 5:
		rig_input(rig, rig->chair.estop, true);
		rig_input(rig, rig->chair.seat, true);
		break;
	case 6:
		rig_press_reset(rig);
		rig->force[i] = (struct hal_force){ 0 };
		break;
	default:
		random_demand(seed, &rig->chair, i, &rig->demand[i]);
		if (rig_mode(rig) == GUARD_OFF)
			rig_send(rig, WIRE_ARM);
		rig_setpoint(rig, (uint32_t)(1 + pick(seed, LEASE_HARD_MAX_MS)));
		history->setpoint_us = rig->now_us;
		break;
	}
	history_note(history, rig);
}

// Run until the next move, with some steps late.
static void random_sleep(struct guard_rig *rig, struct history *history, uint64_t *seed)
{
	int64_t until_us = rig->now_us + pick(seed, pick(seed, 40) ? 80000 : 3000000);

	while (rig->now_us < until_us) {
		int64_t late_us = pick(seed, 400) ? pick(seed, 300) : pick(seed, 300000);
		int64_t due_us = rig->out.next_us;

		if (due_us > until_us) {
			rig->now_us = until_us;
			break;
		}
		rig->now_us = due_us + late_us;
		rig_step(rig, due_us, NULL, 0, 0, NULL);
		if (late_us < 300)
			history_note(history, rig);
		else
			memset(history, 0xff, sizeof(*history)); // not observed meanwhile
	}
}

static void one_run(uint64_t seed, unsigned visited[GUARD_MODE_COUNT], uint32_t *made)
{
	struct history history;
	struct guard_rig rig;

	memset(&history, 0xff, sizeof(history));
	if (pick(&seed, 2))
		rig_recliner(&rig);
	else
		rig_bench(&rig);
	for (int i = 0; i < MOVES; i++) {
		random_move(&rig, &history, &seed);
		random_sleep(&rig, &history, &seed);
		visited[rig_mode(&rig)]++;
	}
	rig.keep = false; // the controller is gone: nothing may be left on
	rig.link_up = false;
	rig_poke(&rig);
	rig_run(&rig, 40 * US_PER_S); // with every try of a failing release
	assert_false(rig_any_busy(&rig));
	assert_true(rig_mode(&rig) == GUARD_OFF || rig_mode(&rig) == GUARD_TRIPPED);
	assert_null(guard_impossible(rig.guard));
	*made |= guard_transitions_made(rig.guard);
	rig_close(&rig);
}

static void assert_every_row_happened(uint32_t made)
{
	size_t n;
	const struct guard_transition *rows = guard_transitions(&n);

	for (size_t i = 0; i < n; i++) {
		if (!(made >> i & 1))
			print_message("never: %s -> %s\n", guard_mode_name(rows[i].from),
				guard_mode_name(rows[i].to));
	}
	assert_int_equal(made, (UINT32_C(1) << n) - 1);
}

static void nothing_breaks_the_rules(void **state)
{
	const char *text = getenv("CHAIRD_SEED");
	uint64_t seed = text ? strtoull(text, NULL, 0) : 20260101;
	unsigned visited[GUARD_MODE_COUNT] = { 0 };
	uint32_t made = 0;

	(void)state;
	print_message("CHAIRD_SEED=%llu\n", (unsigned long long)seed);
	for (int i = 0; i < RUNS; i++)
		one_run(seed * 1000003 + (uint64_t)i + 1, visited, &made);
	for (int i = 0; i < GUARD_MODE_COUNT; i++) {
		print_message("%-10s %u\n", guard_mode_name(i), visited[i]);
		assert_true(visited[i] > 100); // every mode was reached
	}
	assert_every_row_happened(made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_breaks_the_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
