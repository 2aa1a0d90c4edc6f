// SPDX-License-Identifier: MIT
#include "core/pacing.h"

#include <math.h>
#include <string.h>

#define WINDOW_US (DUTY_WINDOW_S * US_PER_S)
#define MARGIN_PERMILLE 50  // of the share
#define GAP_US (200 * US_PER_MS) // spells closer than this count as one
#define SEARCH_US (100 * US_PER_MS)
#define REST_STEP_S 0.5

int64_t pacing_allowed_us(const struct actuator *actuator)
{
	int64_t permille = actuator->duty_max_permille;

	if (permille <= 0 || permille > PERMILLE_FULL)
		permille = PERMILLE_FULL;
	if (actuator_presses(actuator->kind))
		permille = min_i64(permille, PRESS_DUTY_HARD_MAX_PERMILLE);
	if (permille == PERMILLE_FULL)
		return TIME_NEVER;
	return WINDOW_US / PERMILLE_FULL * permille / PERMILLE_FULL *
		(PERMILLE_FULL - MARGIN_PERMILLE);
}

static void drop_oldest(struct pacing *pacing)
{
	pacing->n--;
	memmove(&pacing->spell[0], &pacing->spell[1], pacing->n * sizeof(pacing->spell[0]));
}

void pacing_note(struct pacing *pacing, int64_t from_us, int64_t to_us)
{
	while (pacing->n && pacing->spell[0].to_us < to_us - WINDOW_US)
		drop_oldest(pacing);
	if (pacing->n && from_us <= pacing->spell[pacing->n - 1].to_us + GAP_US) {
		pacing->spell[pacing->n - 1].to_us = to_us;
		return;
	}
	if (pacing->n == PACING_SPELLS_MAX) { // counting a gap as pressed errs on the safe side
		pacing->spell[1].from_us = pacing->spell[0].from_us;
		drop_oldest(pacing);
	}
	pacing->spell[pacing->n].from_us = from_us;
	pacing->spell[pacing->n].to_us = to_us;
	pacing->n++;
}

static int64_t driven_since_us(const struct pacing *pacing, int64_t since_us)
{
	int64_t sum = 0;

	for (int i = 0; i < pacing->n; i++) {
		if (pacing->spell[i].to_us > since_us)
			sum += pacing->spell[i].to_us -
				(pacing->spell[i].from_us > since_us ? pacing->spell[i].from_us
								     : since_us);
	}
	return sum;
}

int64_t pacing_earliest_us(const struct pacing *pacing, int64_t now_us, int64_t need_us,
	int64_t allowed_us)
{
	int64_t start = now_us;

	need_us = min_i64(need_us, allowed_us);
	if (allowed_us == TIME_NEVER)
		return now_us;
	// The fullest window is the one that ends with the press. Starting later by d takes at most
	// d out of it, so going by the excess never goes too far.
	for (;;) {
		int64_t excess = driven_since_us(pacing, start + need_us - WINDOW_US) + need_us -
			allowed_us;

		if (excess <= 0)
			return start;
		start += excess > SEARCH_US ? excess : SEARCH_US;
	}
}

double pacing_rest_s(double press_s, double rest_s, int64_t allowed_us)
{
	double allowed_s = (double)allowed_us / US_PER_S;

	if (allowed_us == TIME_NEVER || press_s <= 0)
		return rest_s;
	for (;; rest_s += REST_STEP_S) {
		double period_s = press_s + rest_s;
		double whole = floor(DUTY_WINDOW_S / period_s);
		double driven_s = whole * press_s +
			fmin(press_s, DUTY_WINDOW_S - whole * period_s);

		if (driven_s <= allowed_s || rest_s >= DUTY_WINDOW_S)
			return rest_s;
	}
}
