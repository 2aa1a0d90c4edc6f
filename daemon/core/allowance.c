// SPDX-License-Identifier: MIT
#include "core/allowance.h"

#include <math.h>
#include <stdio.h>

static bool exceeds(double today, double planned, double limit, bool newtons,
	struct dose_excess *ret_excess)
{
	if (isnan(planned)) // a force that is not known is limited by its time
		return false;
	if (today + planned <= limit)
		return false;
	ret_excess->newtons = newtons;
	ret_excess->today = today;
	ret_excess->planned = planned;
	ret_excess->limit = limit;
	return true;
}

static bool above(struct ledger_dose today, const struct dose *planned, double limit_s,
	double limit_n_s, struct dose_excess *ret_excess)
{
	return exceeds(today.pressed_s, planned->pressed_s, limit_s, false, ret_excess) ||
		exceeds(today.impulse_n_s, planned->impulse_n_s, limit_n_s, true, ret_excess);
}

static bool check_points(const struct dose_limits *limits, const struct ledger *ledger,
	const char *person, const struct atlas *atlas, const struct dose *doses,
	struct dose_excess *ret_excess)
{
	for (size_t i = 0; i < atlas->n_points; i++) {
		const char *name = atlas->points[i].name;

		if (!doses[i].presses ||
			!above(ledger_point(ledger, person, name), &doses[i], limits->point_s,
				limits->point_n_s, ret_excess))
			continue;
		snprintf(ret_excess->name, sizeof(ret_excess->name), "%s", name);
		return false;
	}
	return true;
}

static bool check_muscles(const struct dose_limits *limits, const struct ledger *ledger,
	const char *person, const struct atlas *atlas, const struct dose *doses,
	struct dose_excess *ret_excess)
{
	struct muscle_dose muscles[MUSCLE_DOSES_MAX];
	size_t n = dose_by_muscle(doses, atlas, muscles, MUSCLE_DOSES_MAX);

	for (size_t i = 0; i < n; i++) {
		const struct muscle_dose *muscle = &muscles[i];

		if (!above(ledger_muscle(ledger, person, muscle->muscle, muscle->side),
			    &muscle->dose, limits->muscle_s, limits->muscle_n_s, ret_excess))
			continue;
		snprintf(ret_excess->name, sizeof(ret_excess->name), "%s, %s", muscle->muscle,
			side_name(muscle->side));
		return false;
	}
	return true;
}

bool allowance_check(const struct dose_limits *limits, const struct ledger *ledger,
	const char *person, const struct atlas *atlas, const struct dose *doses,
	struct dose_excess *ret_excess)
{
	return limits->limiting == DOSE_UNLIMITED ||
		(check_points(limits, ledger, person, atlas, doses, ret_excess) &&
			check_muscles(limits, ledger, person, atlas, doses, ret_excess));
}
