// SPDX-License-Identifier: MIT
#include "control/mqtt_losses.h"

#include <stdio.h>
#include <string.h>

#include "service/log.h"

void mqtt_losses_connected(struct mqtt_losses *losses)
{
	losses->logged[0][0] = losses->logged[1][0] = '\0';
}

// A broker that gives no reason counts, too, if it closes soon after it accepted.
void mqtt_losses_ejected(struct mqtt_losses *losses, int64_t now_us, bool quick,
	const char *chair_id, struct mqtt_cause *cause)
{
	bool taken_over = cause->kind == MQTT_CAUSE_TAKEN_OVER;

	if (!taken_over && !quick)
		return;
	ejections_add(&losses->ejections, now_us);
	if (!ejections_contested(&losses->ejections, now_us))
		return;
	mqtt_cause_set(cause, cause->kind,
		"give each chair an id of its own in its chair file, or stop the other chaird",
		"%s the client id chaird-%s, and each disconnects the other",
		taken_over ? "another client uses"
			   : "the broker closes again and again: perhaps another client uses",
		chair_id);
}

// Two causes that take turns (an alert of TLS, and the closed connection that may overtake it) are
// logged once each.
void mqtt_losses_log(struct mqtt_losses *losses, const struct settings *settings,
	const struct mqtt_cause *cause, bool was_up)
{
	char line[LOSS_LINE_SIZE];

	snprintf(line, sizeof(line), "%s:%d: %s%s%s%s", settings->broker.host,
		settings->broker.port, cause->text, *cause->remedy ? " (" : "", cause->remedy,
		*cause->remedy ? ")" : "");
	if (!was_up && (!strcmp(line, losses->logged[0]) || !strcmp(line, losses->logged[1])))
		return;
	log_warning("broker: %s; trying again", line);
	memcpy(losses->logged[1], losses->logged[0], sizeof(line));
	memcpy(losses->logged[0], line, sizeof(line));
}
