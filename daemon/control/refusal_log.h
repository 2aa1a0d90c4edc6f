// SPDX-License-Identifier: MIT
//
// Log of refused commands: one line each, with topic, payload and reason, at a bounded rate.
//
// Topic, payload and reason come from whoever may publish: bytes that are not printable ASCII are
// escaped, and long ones are cut.
#ifndef CHAIRD_CONTROL_REFUSAL_LOG_H
#define CHAIRD_CONTROL_REFUSAL_LOG_H

#include "control/command_json.h"
#include "control/mqtt_message.h"
#include "control/rate_limit.h"

#define REFUSAL_LOG_PER_S 1
#define REFUSAL_LOG_BURST 20

struct refusal_log {
	struct rate_limit limit;
	uint64_t skipped; // since the last line
};

void refusal_log_init(struct refusal_log *log);

// The line, or "" above the rate: then it counts for the next line.
#define REFUSAL_LINE_SIZE 768
void refusal_log_line(struct refusal_log *log, int64_t now_us, const struct mqtt_message *message,
	const struct request_error *refused, char ret_line[REFUSAL_LINE_SIZE]);

#endif
