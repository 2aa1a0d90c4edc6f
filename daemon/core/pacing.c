// SPDX-License-Identifier: MIT
#include "core/pacing.h"

#include <string.h>

#define WINDOW_US       (DUTY_WINDOW_S * US_PER_S)
#define MARGIN_PERMILLE 50                  // of a share
#define APART_MM        (ZONE_APART_MM + 5) // a carriage stops beside its target
#define GAP_US          (200 * US_PER_MS)   // intervals closer than this count as one
#define SEARCH_US       (100 * US_PER_MS)

static int64_t less_margin_us(int64_t share_us)
{
	return share_us == TIME_NEVER
		? TIME_NEVER
		: share_us / PERMILLE_FULL * (PERMILLE_FULL - MARGIN_PERMILLE);
}

int64_t pacing_longest_us(const struct actuator *actuator)
{
	int64_t longest_us = less_margin_us(min_i64(actuator_share_us(actuator),
		actuator_zone_share_us(actuator)));

	return min_i64(longest_us, actuator_on_max_us(actuator));
}

static void drop_oldest(struct pacing *pacing)
{
	pacing->n--;
	memmove(&pacing->interval[0], &pacing->interval[1],
		pacing->n * sizeof(pacing->interval[0]));
}

// Counting the gap as pressed, and both zones as one, is on the safe side.
static void join_oldest(struct pacing *pacing)
{
	pacing->interval[1].from_us = pacing->interval[0].from_us;
	pacing->interval[1].zone = zone_join(pacing->interval[0].zone, pacing->interval[1].zone);
	drop_oldest(pacing);
}

void pacing_note(struct pacing *pacing, int64_t from_us, int64_t to_us, struct zone zone)
{
	int last;

	while (pacing->n && pacing->interval[0].to_us < to_us - WINDOW_US)
		drop_oldest(pacing);
	last = pacing->n - 1;
	if (last >= 0 && from_us <= pacing->interval[last].to_us + GAP_US) {
		pacing->interval[last].to_us = to_us;
		pacing->interval[last].zone = zone_join(pacing->interval[last].zone, zone);
		return;
	}
	if (pacing->n == PACING_INTERVALS_MAX)
		join_oldest(pacing);
	pacing->interval[pacing->n].from_us = from_us;
	pacing->interval[pacing->n].to_us = to_us;
	pacing->interval[pacing->n].zone = zone;
	pacing->n++;
}

void pacing_forget_zones(struct pacing *pacing)
{
	for (int i = 0; i < pacing->n; i++)
		pacing->interval[i].zone = ZONE_EVERYWHERE;
}

// The drive on this zone since then.
static int64_t driven_since_us(const struct pacing *pacing, int64_t since_us, struct zone zone)
{
	int64_t sum = 0;

	for (int i = 0; i < pacing->n; i++) {
		int64_t from_us = pacing->interval[i].from_us, to_us = pacing->interval[i].to_us;

		if (to_us > since_us && zone_near(pacing->interval[i].zone, zone, APART_MM))
			sum += to_us - (from_us > since_us ? from_us : since_us);
	}
	return sum;
}

// The same at the longest pressed point of a stroke's way. It is one at which an interval begins
// to count.
static int64_t fullest_since_us(const struct pacing *pacing, int64_t since_us, struct zone zone)
{
	int64_t fullest_us;

	if (isinf(zone.from_mm))
		return driven_since_us(pacing, since_us, zone);
	fullest_us = driven_since_us(pacing, since_us, zone_at(zone.from_mm));
	for (int i = 0; i < pacing->n; i++) {
		float begins_mm = pacing->interval[i].zone.from_mm - APART_MM;

		if (begins_mm > zone.from_mm && begins_mm <= zone.to_mm)
			fullest_us = max_i64(fullest_us,
				driven_since_us(pacing, since_us, zone_at(begins_mm)));
	}
	return fullest_us;
}

int64_t pacing_earliest_us(const struct pacing *pacing, const struct actuator *actuator,
	int64_t now_us, int64_t need_us, struct zone zone)
{
	int64_t allowed_us = less_margin_us(actuator_share_us(actuator));
	int64_t allowed_here_us = less_margin_us(actuator_zone_share_us(actuator));
	int64_t start = now_us;

	need_us = min_i64(need_us, min_i64(allowed_us, allowed_here_us));
	// The fullest window ends with the press. A start later by d removes at most d from it, so
	// a step by the excess never overshoots.
	for (;;) {
		int64_t since_us = start + need_us - WINDOW_US;
		int64_t left_us = min_i64(allowed_us -
				driven_since_us(pacing, since_us, ZONE_EVERYWHERE),
			allowed_here_us - fullest_since_us(pacing, since_us, zone));

		if (need_us <= left_us)
			return start;
		start += need_us - left_us > SEARCH_US ? need_us - left_us : SEARCH_US;
	}
}
