// SPDX-License-Identifier: MIT
#include "config/chair_file_variant.h"

#include <math.h>

#include "core/timed.h"

// A point must be beyond the contacts, or their contact could be taken for it.
#define CONTACT_APART_MM (2 * TIMED_CONTACT_MM)
#define LATE_SHARE       1.25 // of the time over all of the way, ...
#define LATE_MS          3000 // ... and this: then its contact is overdue

int variant_select(const struct config_setting_t *group, enum actuator_kind kind)
{
	const struct config_setting_t *lines = reader_typed(group, "lines", FIELD_GROUP);

	if (kind == ACTUATOR_CELL && lines && reader_member(lines, "valve"))
		return SELECT_VALVED;
	if (kind == ACTUATOR_TRAVEL && !(lines && reader_member(lines, "pulse")) &&
		(reader_member(group, "down_s") || reader_member(group, "up_s") ||
			reader_member(group, "way_mm")))
		return SELECT_TIMED;
	return (int)kind;
}

const char *variant_name(unsigned selection)
{
	switch (selection) {
	case SELECT_TIMED:
		return "travel\" without \"lines.pulse";
	case SELECT_VALVED:
		return "cell\" with \"lines.valve";
	default:
		return actuator_kind_name(selection);
	}
}

static void check_soft_limits(struct reader *reader, const struct config_setting_t *group,
	const struct actuator *actuator)
{
	double highest_mm = actuator->timed.way_mm - CONTACT_APART_MM;

	if (actuator->soft_max_mm > highest_mm)
		reader_problem(reader, group, "soft_max_mm",
			"%g mm is too near to the contact at way_mm (at most %g mm)",
			actuator->soft_max_mm, highest_mm);
	else if (actuator->soft_max_mm <= actuator->soft_min_mm)
		reader_problem(reader, group, "soft_max_mm", "is not above soft_min_mm");
}

void variant_read_timed(struct reader *reader, const struct config_setting_t *group,
	struct actuator *actuator)
{
	struct travel_times *timed = &actuator->timed;
	int longest_ms = timed->down_ms > timed->up_ms ? timed->down_ms : timed->up_ms;
	double least_s = longest_ms / 1e3 * (1 + timed->slip_permille / (double)PERMILLE_FULL);

	actuator->drive_max_permille = PERMILLE_FULL;
	if (!timed->down_ms || !timed->up_ms || timed->way_mm <= 0)
		return; // reported
	actuator->speed_mm_s = 2 * timed->way_mm * 1000 / (timed->down_ms + timed->up_ms);
	if (actuator->soft_max_mm <= 0)
		actuator->soft_max_mm = timed->way_mm - actuator->soft_min_mm;
	check_soft_limits(reader, group, actuator);
	if (!actuator->travel_max_ms)
		actuator->travel_max_ms = (int)lrint(LATE_SHARE * longest_ms) + LATE_MS;
	else if (actuator->travel_max_ms < least_s * 1e3)
		reader_problem(reader, group, "travel_max_s",
			"%g s is too short: all of its way takes %g s, and slip more (at least "
			"%.1f s)",
			actuator->travel_max_ms / 1e3, longest_ms / 1e3, ceil(least_s * 10) / 10);
}
