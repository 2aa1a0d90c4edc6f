// SPDX-License-Identifier: MIT
//
//   force    ____/~~~~~~~~~~~~~~\____     half of it counts while it rises and falls
//            ramp | settle, hold | release
#include "core/dose.h"

#include <math.h>
#include <string.h>

#include "core/breath.h"
#include "core/motion_time.h"

// The force of a drive or target at this intensity; NAN if it is not known.
static double force_n(const struct segment *segment, const struct chair *chair,
	double intensity_percent)
{
	double value = target_at(&segment->target, intensity_percent);

	if (segment->target.unit == TARGET_NEWTON)
		return value;
	return calibration_force_n(&chair->actuators[segment->actuator].calibration, value);
}

static void add_ramp(struct dose *dose, const struct plan *plan, const struct segment *segment,
	double intensity_percent, double full_n)
{
	const struct breath breath = { .inhale_s = plan->inhale_s, .exhale_s = plan->exhale_s };
	double unbroken_s = target_at(&segment->target, intensity_percent) / segment->ramp_per_s;
	double ramp_s = breath_ramp_likely_s(&breath, unbroken_s);

	dose->pressed_s += ramp_s + SETTLE_LIKELY_S;
	dose->impulse_n_s += (ramp_s / 2 + SETTLE_LIKELY_S) * full_n;
}

static void add_release(struct dose *dose, double full_n)
{
	dose->pressed_s += RELEASE_LIKELY_S;
	dose->impulse_n_s += RELEASE_LIKELY_S / 2 * full_n;
}

static void add_full(struct dose *dose, double seconds, double full_n)
{
	dose->pressed_s += seconds;
	dose->impulse_n_s += seconds * full_n;
}

static struct dose dose_of_segment(const struct plan *plan, size_t index, const struct chair *chair,
	double intensity_percent)
{
	const struct segment *segment = &plan->segments[index];
	double full_n = force_n(segment, chair, intensity_percent);
	struct dose dose = { .peak_n = full_n, .presses = 1 };

	if (segment->technique == TECHNIQUE_HOLD)
		add_full(&dose, segment->hold_s, full_n);
	else
		add_full(&dose,
			stroke_likely_s(fabs(segment->position_mm - segment->from_mm),
				segment->speed_mm_s),
			full_n);
	if (segment->press_s > 0)
		add_ramp(&dose, plan, segment, intensity_percent, full_n);
	if (!plan_stroke_goes_on(plan, index))
		add_release(&dose, full_n);
	return dose;
}

void dose_add(struct dose *a, const struct dose *b)
{
	a->pressed_s += b->pressed_s;
	a->impulse_n_s += b->impulse_n_s;
	if (b->presses && !(a->peak_n > b->peak_n)) // also if one is NAN
		a->peak_n = isnan(a->peak_n) ? NAN : b->peak_n;
	a->presses += b->presses;
}

void dose_of_plan(const struct plan *plan, const struct chair *chair, double intensity_percent,
	struct dose *ret_doses, size_t n)
{
	memset(ret_doses, 0, n * sizeof(*ret_doses));
	for (size_t i = 0; i < plan->n_segments; i++) {
		const struct segment *segment = &plan->segments[i];
		struct dose dose;

		if (segment->technique != TECHNIQUE_HOLD && segment->technique != TECHNIQUE_STROKE)
			continue;
		dose = dose_of_segment(plan, i, chair, intensity_percent);
		for (int side = 0; side < 2; side++) {
			if (segment->points[side] >= 0 && (size_t)segment->points[side] < n)
				dose_add(&ret_doses[segment->points[side]], &dose);
		}
	}
}

static struct muscle_dose *find_muscle(struct muscle_dose *muscles, size_t n,
	const struct point *point)
{
	for (size_t i = 0; i < n; i++) {
		if (muscles[i].side == point->side && !strcmp(muscles[i].muscle, point->muscle))
			return &muscles[i];
	}
	return NULL;
}

size_t dose_by_muscle(const struct dose *doses, const struct atlas *atlas,
	struct muscle_dose *ret_muscles, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < atlas->n_points; i++) {
		const struct point *point = &atlas->points[i];
		struct muscle_dose *muscle;

		if (!doses[i].presses)
			continue;
		muscle = find_muscle(ret_muscles, n, point);
		if (!muscle && n < max) {
			muscle = &ret_muscles[n++];
			*muscle = (struct muscle_dose){
				.muscle = point->muscle,
				.side = point->side,
			};
		}
		if (muscle)
			dose_add(&muscle->dose, &doses[i]);
	}
	return n;
}
