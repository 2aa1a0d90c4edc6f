// SPDX-License-Identifier: MIT
#include "guard/pwm.h"

#include <string.h>

void pwm_init(struct pwm *pwm, int hz, uint64_t lines)
{
	*pwm = (struct pwm){ .period_us = US_PER_S / hz, .lines = lines };
}

// Insert a falling edge in order of time; equal ones share an entry.
static void edge_add(struct pwm *pwm, int32_t at_us, uint64_t line)
{
	int i = 0;

	while (i < pwm->n_edges && pwm->edge[i].at_us < at_us)
		i++;
	if (i == pwm->n_edges || pwm->edge[i].at_us != at_us) {
		memmove(&pwm->edge[i + 1], &pwm->edge[i],
			(size_t)(pwm->n_edges - i) * sizeof(pwm->edge[0]));
		pwm->edge[i].at_us = at_us;
		pwm->edge[i].lines = 0;
		pwm->n_edges++;
	}
	pwm->edge[i].lines |= line;
}

// Rebuild the edges of the running period from the current duties.
static void edges_build(struct pwm *pwm)
{
	pwm->n_edges = 0;
	pwm->full = 0;
	for (uint64_t left = pwm->lines; left; left &= left - 1) {
		int line = __builtin_ctzll(left);
		int duty = pwm->current[line];

		if (duty >= PERMILLE_FULL)
			pwm->full |= LINE_BIT(line);
		else if (duty > 0)
			edge_add(pwm, (int32_t)(duty * pwm->period_us / PERMILLE_FULL),
				LINE_BIT(line));
	}
}

static void duties_apply(struct pwm *pwm)
{
	pwm->grows = false;
	memcpy(pwm->current, pwm->demanded, sizeof(pwm->current));
	edges_build(pwm);
}

// Lines that were on in the last step and should have fallen in that period.
static uint64_t lines_overdue(const struct pwm *pwm)
{
	uint64_t lines = 0;

	for (int i = 0; i < pwm->n_edges; i++)
		lines |= pwm->edge[i].lines;
	return lines & pwm->levels;
}

// Begin the period that now_us lies in. Missed periods are not made up for; a line that stayed on
// through them stays off in this one.
static void period_begin(struct pwm *pwm, int64_t now_us)
{
	int64_t start_us = pwm->period_start_us + pwm->period_us;

	if (now_us < start_us)
		return;
	pwm->rests = lines_overdue(pwm);
	if (now_us >= start_us + pwm->period_us)
		start_us = now_us - (now_us - start_us) % pwm->period_us;
	pwm->period_start_us = start_us;
	if (pwm->grows)
		duties_apply(pwm);
}

void pwm_set(struct pwm *pwm, int64_t now_us, const uint16_t duty_permille[CHAIR_LINES_MAX])
{
	bool shrinks = false;

	period_begin(pwm, now_us);
	pwm->grows = false;
	for (uint64_t left = pwm->lines; left; left &= left - 1) {
		int line = __builtin_ctzll(left);

		pwm->demanded[line] = duty_permille[line];
		if (pwm->demanded[line] > pwm->current[line]) {
			pwm->grows = true;
		} else if (pwm->demanded[line] < pwm->current[line]) {
			pwm->current[line] = pwm->demanded[line];
			shrinks = true;
		}
	}
	if (shrinks)
		edges_build(pwm);
	if (pwm->grows && !pwm->n_edges && !pwm->full) {
		pwm->period_start_us = now_us;
		duties_apply(pwm);
	}
}

uint64_t pwm_step(struct pwm *pwm, int64_t now_us, int64_t *ret_next_us)
{
	uint64_t levels;
	int64_t next_us = TIME_NEVER, phase_us;

	period_begin(pwm, now_us);
	levels = pwm->full;
	phase_us = now_us - pwm->period_start_us;
	if (pwm->n_edges || pwm->grows)
		next_us = pwm->period_start_us + pwm->period_us;
	for (int i = pwm->n_edges - 1; i >= 0 && pwm->edge[i].at_us > phase_us; i--) {
		levels |= pwm->edge[i].lines;
		next_us = pwm->period_start_us + pwm->edge[i].at_us;
	}
	*ret_next_us = next_us;
	pwm->levels = levels & ~pwm->rests;
	return pwm->levels;
}
