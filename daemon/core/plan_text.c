// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "core/plan.h"

void plan_problem_text(const struct plan_problem *problem, const struct profile *profile,
	const struct atlas *atlas, char *buf, size_t size)
{
	const char *unit = "N";
	char where[TITLE_SIZE + NAME_SIZE] = "";

	if (problem->step >= 0 && profile->steps[problem->step].target.unit == TARGET_PERMILLE)
		unit = "per mille";
	if (problem->step >= 0)
		snprintf(where, sizeof(where), "step %d%s%s: ", problem->step + 1,
			problem->point >= 0 ? ": " : "",
			problem->point >= 0 ? atlas->points[problem->point].name : "");
	switch (problem->kind) {
	case PLAN_OK:
		snprintf(buf, size, "no problem");
		break;
	case PLAN_NOTHING_REACHED:
		snprintf(buf, size, "this chair reaches no point of the profile");
		break;
	case PLAN_TOO_LONG:
		snprintf(buf, size, "it would take about %.0f s, %.0f s allowed", problem->asked,
			problem->allowed);
		break;
	case PLAN_TOO_MANY:
		snprintf(buf, size,
			"%smore than %.0f presses, strokes and pauses: take fewer points "
			"or repeats",
			where, problem->allowed);
		break;
	case PLAN_ABOVE_CEILING:
		snprintf(buf, size, "%s%.1f %s asked, %.1f %s allowed", where, problem->asked, unit,
			problem->allowed, unit);
		break;
	case PLAN_NOT_CALIBRATED:
		snprintf(buf, size,
			"%s%.1f N asked of an actuator that is not calibrated: "
			"give the target in per mille",
			where, problem->asked);
		break;
	case PLAN_PRESS_TOO_LONG:
		snprintf(buf, size, "%s%.0f s of unbroken drive, %.0f s allowed", where,
			problem->asked, problem->allowed);
		break;
	}
}
