// SPDX-License-Identifier: MIT
#include "control/last_session.h"

#include <stdio.h>

bool session_tally_event(struct session_tally *tally, int64_t now_us, const char *profile,
	const struct session_event *event, struct last_session *ret_last)
{
	bool ends = event->type == SESSION_EVENT_COMPLETED || event->type == SESSION_EVENT_ABORTED;

	if (event->type == SESSION_EVENT_STARTED)
		*tally = (struct session_tally){ .running = true, .started_us = now_us };
	if (event->type == SESSION_EVENT_HOLD_DONE)
		tally->holds++;
	if (!ends || !tally->running) // homing can be aborted, too
		return false;
	*ret_last = (struct last_session){
		.minutes = (double)(now_us - tally->started_us) / (60 * US_PER_S),
		.holds = tally->holds,
		.completed = event->type == SESSION_EVENT_COMPLETED,
	};
	snprintf(ret_last->profile, sizeof(ret_last->profile), "%s", profile);
	tally->running = false;
	return true;
}
