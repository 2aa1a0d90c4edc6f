// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/pacing.h"
#include "core/units.h"

#define S US_PER_S

static const struct actuator press = {
	.kind = ACTUATOR_PRESS,
	.carriage = -1,
	.duty_max_permille = 500,
};
static const struct actuator roller = {
	.kind = ACTUATOR_PRESS,
	.carriage = 0,
	.duty_max_permille = 800,
};
static const struct actuator knead = { .kind = ACTUATOR_KNEAD, .duty_max_permille = 1000 };

static int64_t earliest_us(const struct pacing *pacing, int64_t now_us, int64_t need_us)
{
	return pacing_earliest_us(pacing, &press, now_us, need_us, ZONE_EVERYWHERE);
}

static void longest_drive_has_a_margin(void **state)
{
	const struct actuator brief = {
		.kind = ACTUATOR_PRESS, .carriage = -1, .on_max_ms = 60000
	};
	const struct actuator meek = { .kind = ACTUATOR_KNEAD, .duty_max_permille = 100 };

	(void)state;
	assert_true(pacing_longest_us(&press) == PRESS_HARD_MAX_S * S);
	assert_true(pacing_longest_us(&roller) == pacing_longest_us(&press)); // it is in one zone
	assert_true(pacing_longest_us(&brief) == 60 * S);
	assert_true(pacing_longest_us(&knead) == TIME_NEVER);
	assert_true(pacing_longest_us(&meek) <= 30 * S);
}

static void an_idle_actuator_may_press_at_once(void **state)
{
	const struct pacing none = { 0 };

	(void)state;
	assert_true(earliest_us(&none, 5 * S, 100 * S) == 5 * S);
	assert_true(earliest_us(&none, 5 * S, 900 * S) == 5 * S); // and never hangs
	assert_true(pacing_earliest_us(&none, &knead, 5 * S, 900 * S, ZONE_EVERYWHERE) == 5 * S);
}

static void a_full_window_waits_for_its_oldest_part(void **state)
{
	struct pacing pacing = { 0 };
	int64_t start;

	(void)state;
	pacing_note(&pacing, 0, 100 * S, ZONE_EVERYWHERE);
	start = earliest_us(&pacing, 110 * S, 60 * S);
	// of the window that ends with the press, 82.5 s may be old: it begins at 17.5 s
	assert_true(start >= 257500 * US_PER_MS && start < 258 * S);
}

static void another_zone_need_not_wait(void **state)
{
	struct pacing pacing = { 0 };

	(void)state;
	pacing_note(&pacing, 0, 100 * S, zone_at(200));
	assert_true(pacing_earliest_us(&pacing, &roller, 110 * S, 60 * S, zone_at(240)) == 110 * S);
	assert_true(pacing_earliest_us(&pacing, &roller, 110 * S, 60 * S, zone_at(170)) > 250 * S);
	assert_true(pacing_earliest_us(&pacing, &roller, 110 * S, 60 * S,
			    zone_join(zone_at(300), zone_at(100))) > 250 * S); // a stroke over it

	pacing_note(&pacing, 110 * S, 170 * S, zone_at(240)); // 160 s of 228, in all zones
	assert_true(pacing_earliest_us(&pacing, &roller, 170 * S, 60 * S, zone_at(300)) == 170 * S);
	assert_true(pacing_earliest_us(&pacing, &roller, 170 * S, 80 * S, zone_at(300)) > 220 * S);

	pacing_forget_zones(&pacing);
	assert_true(pacing_earliest_us(&pacing, &roller, 170 * S, 60 * S, zone_at(300)) > 250 * S);
}

// A stroke goes over zones that have each been pressed; the fullest of them counts.
static void a_stroke_waits_for_the_fullest_zone(void **state)
{
	const struct zone way = { 100, 400 };
	struct pacing pacing = { 0 };

	(void)state;
	for (int i = 0; i < 3; i++) // at 150, 250 and 350 mm
		pacing_note(&pacing, i * 61 * S, (i * 61 + 60) * S, zone_at(150 + 100 * i));
	assert_true(pacing_earliest_us(&pacing, &roller, 200 * S, 40 * S, way) == 200 * S);
	pacing_note(&pacing, 200 * S, 245 * S, zone_at(250)); // of 142 s, 105 s are spent there
	assert_true(pacing_earliest_us(&pacing, &roller, 245 * S, 40 * S, way) > 320 * S);
	assert_true(pacing_earliest_us(&pacing, &roller, 245 * S, 40 * S,
			    (struct zone){ 300, 400 }) < 300 * S);
}

// Presses as early as pacing allows, for hours: no window exceeds the share of the actuator or of
// a zone.
static void greedy_pressing_stays_within_its_shares(void **state)
{
	static uint8_t on[2 * 3600]; // by second: 0, or 1 and more for the zones in turn
	int sum[5] = { 0 };          // of each, and of them all
	struct pacing pacing = { 0 };
	unsigned length = 1, zone = 1;
	int64_t now = 0;

	(void)state;
	while (now < 7000 * S) {
		length = (length * 7 + 3) % 53 + 5; // 5 ... 57 s
		zone = length % 3 ? zone : zone % 4 + 1;
		now = pacing_earliest_us(&pacing, &roller, now, length * S, zone_at(100 * zone));
		pacing_note(&pacing, now, now + length * S, zone_at(100 * zone));
		for (unsigned i = 0; i < length && (size_t)(now / S) + i < sizeof(on); i++)
			on[now / S + i] = (uint8_t)zone;
		now += length * S + S;
	}
	for (size_t t = 0; t < sizeof(on); t++) {
		int old = t >= DUTY_WINDOW_S ? on[t - DUTY_WINDOW_S] : 0;

		for (int i = 1; i < 5; i++) {
			sum[i] += (on[t] == i) - (old == i);
			assert_true(sum[i] <= DUTY_WINDOW_S / 2 - 5);
		}
		sum[0] += (on[t] > 0) - (old > 0);
		assert_true(sum[0] <= DUTY_WINDOW_S * 8 / 10 - 5);
	}
}

static void many_short_intervals_are_all_counted(void **state)
{
	struct pacing pacing = { 0 };

	(void)state;
	for (int i = 0; i < 100; i++) // 100 s of 200
		pacing_note(&pacing, i * 2 * S, i * 2 * S + S, zone_at(i % 2 * 300));
	assert_true(earliest_us(&pacing, 200 * S, 45 * S) > 200 * S);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(longest_drive_has_a_margin),
		cmocka_unit_test(an_idle_actuator_may_press_at_once),
		cmocka_unit_test(a_full_window_waits_for_its_oldest_part),
		cmocka_unit_test(another_zone_need_not_wait),
		cmocka_unit_test(a_stroke_waits_for_the_fullest_zone),
		cmocka_unit_test(greedy_pressing_stays_within_its_shares),
		cmocka_unit_test(many_short_intervals_are_all_counted),
	};

	return cmocka_run_group_tests_name("pacing", tests, NULL, NULL);
}
