// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/pacing.h"
#include "core/units.h"

#define S US_PER_S

static const struct actuator press = { .kind = ACTUATOR_PRESS, .duty_max_permille = 500 };

static void what_is_allowed(void **state)
{
	const struct actuator eager = { .kind = ACTUATOR_CELL, .duty_max_permille = 1000 };
	const struct actuator knead = { .kind = ACTUATOR_KNEAD, .duty_max_permille = 1000 };
	const struct actuator meek = { .kind = ACTUATOR_KNEAD, .duty_max_permille = 100 };

	(void)state;
	assert_true(pacing_allowed_us(&press) < 150 * S);
	assert_true(pacing_allowed_us(&press) > 135 * S);
	assert_true(pacing_allowed_us(&eager) == pacing_allowed_us(&press)); // the hard ceiling
	assert_true(pacing_allowed_us(&knead) == TIME_NEVER);
	assert_true(pacing_allowed_us(&meek) <= 30 * S);
}

static void an_idle_actuator_may_press_at_once(void **state)
{
	const struct pacing none = { 0 };

	(void)state;
	assert_true(pacing_earliest_us(&none, 5 * S, 100 * S, 140 * S) == 5 * S);
	assert_true(pacing_earliest_us(&none, 5 * S, 900 * S, 140 * S) == 5 * S); // and never hangs
	assert_true(pacing_earliest_us(&none, 5 * S, 900 * S, TIME_NEVER) == 5 * S);
}

static void a_full_window_waits_for_its_oldest_part(void **state)
{
	struct pacing pacing = { 0 };
	int64_t start;

	(void)state;
	pacing_note(&pacing, 0, 100 * S);
	start = pacing_earliest_us(&pacing, 110 * S, 60 * S, 140 * S);
	// of the window that ends with the press, 80 s may be old: it begins at 20 s
	assert_true(start >= 260 * S && start < 261 * S);
}

// Press as early as pacing lets one, for hours: no window is ever above what is allowed.
static void greedy_pressing_stays_within_its_share(void **state)
{
	static uint8_t on[3600 * 2];
	struct pacing pacing = { 0 };
	int64_t now = 0, allowed = pacing_allowed_us(&press);
	unsigned length = 1;
	int sum = 0;

	(void)state;
	while (now < 7000 * S) {
		length = (length * 7 + 3) % 53 + 5; // 5 ... 57 s
		now = pacing_earliest_us(&pacing, now, length * S, allowed);
		pacing_note(&pacing, now, now + length * S);
		for (unsigned i = 0; i < length && (size_t)(now / S) + i < sizeof(on); i++)
			on[now / S + i] = 1;
		now += length * S + S;
	}
	for (size_t t = 0; t < sizeof(on); t++) {
		sum += on[t] - (t >= DUTY_WINDOW_S ? on[t - DUTY_WINDOW_S] : 0);
		assert_true(sum <= DUTY_WINDOW_S / 2 - 5);
	}
}

static void many_short_spells_are_never_forgotten(void **state)
{
	struct pacing pacing = { 0 };

	(void)state;
	for (int i = 0; i < 100; i++)
		pacing_note(&pacing, i * 2 * S, i * 2 * S + S); // 100 s of 200
	assert_true(pacing_earliest_us(&pacing, 200 * S, 45 * S, 140 * S) > 200 * S);
}

static void even_rests_go_on_for_ever(void **state)
{
	int64_t allowed = pacing_allowed_us(&press);

	(void)state;
	for (double press_s = 5; press_s <= 140; press_s += 1) {
		double rest_s = pacing_rest_s(press_s, press_s, allowed);
		struct pacing pacing = { 0 };
		int64_t now = 0;

		assert_true(rest_s >= press_s);
		for (int i = 0; i < 40; i++) {
			int64_t need = (int64_t)(press_s * S);

			assert_true(pacing_earliest_us(&pacing, now, need, allowed) == now);
			pacing_note(&pacing, now, now + need);
			now += need + (int64_t)(rest_s * S);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_allowed),
		cmocka_unit_test(an_idle_actuator_may_press_at_once),
		cmocka_unit_test(a_full_window_waits_for_its_oldest_part),
		cmocka_unit_test(greedy_pressing_stays_within_its_share),
		cmocka_unit_test(many_short_spells_are_never_forgotten),
		cmocka_unit_test(even_rests_go_on_for_ever),
	};

	return cmocka_run_group_tests_name("pacing", tests, NULL, NULL);
}
