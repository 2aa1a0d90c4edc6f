// SPDX-License-Identifier: MIT
//
// Log of lost and refused connections to the broker: each cause when it changes, not at every
// attempt.
#ifndef CHAIRD_CONTROL_MQTT_LOSSES_H
#define CHAIRD_CONTROL_MQTT_LOSSES_H

#include <stdbool.h>
#include <stdint.h>

#include "config/settings.h"
#include "control/ejections.h"
#include "service/mqtt_cause.h"

#define LOSS_LINE_SIZE 1024 // a cause with host, port and remedy

struct mqtt_losses {                    // all 0: none yet
	char logged[2][LOSS_LINE_SIZE]; // the last ones since it was connected; "": none
	struct ejections ejections;
};

void mqtt_losses_connected(struct mqtt_losses *losses);

// A connection was lost that had been accepted, and quick: soon after that. If the cause is that
// another client came with our client id, or may be, it counts; from the third on *cause names it.
void mqtt_losses_ejected(struct mqtt_losses *losses, int64_t now_us, bool quick,
	const char *chair_id, struct mqtt_cause *cause);

// Log the cause, unless it was logged. was_up: the connection had been accepted; then always.
void mqtt_losses_log(struct mqtt_losses *losses, const struct settings *settings,
	const struct mqtt_cause *cause, bool was_up);

#endif
