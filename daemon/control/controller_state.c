// SPDX-License-Identifier: MIT
//
// State that is kept over restarts: the chosen profile, the intensity, the last session.
#include <stdio.h>
#include <string.h>

#include "control/controller_private.h"
#include "service/log.h"

int controller_state_open(struct controller *controller)
{
	struct kept_state *kept = &controller->kept;
	struct command intensity = { .verb = COMMAND_INTENSITY };
	int r = state_keeper_new(controller->event, controller->settings->state_dir, kept,
		&controller->keeper);

	if (r < 0)
		return r;
	intensity.intensity_percent = kept->intensity_percent;
	session_command(controller->session, controller_now_us(controller), &intensity, NULL);
	if (library_profile(controller->library, kept->profile))
		strcpy(controller->chosen, kept->profile);
	else if (*kept->profile)
		log_warning("state: the profile %s that was chosen is not there any more",
			kept->profile);
	return 0;
}

void controller_state_update(struct controller *controller, const struct session_status *status)
{
	strcpy(controller->kept.profile, controller->chosen);
	controller->kept.intensity_percent = status->intensity_percent;
	state_keeper_update(controller->keeper, &controller->kept);
}

void controller_state_event(struct controller *controller, const char *profile,
	const struct session_event *event)
{
	session_tally_event(&controller->tally, controller_now_us(controller), profile, event,
		&controller->kept.last);
}
