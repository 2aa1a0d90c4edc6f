// SPDX-License-Identifier: MIT
//
// Record of a chair's MQTT messages in a file: `chairctl watch --record` writes it, `chairctl
// replay` reads it. One JSON object a line:
//
//   {"t_s": 12.345, "topic": "telemetry", "payload": {...}}
//
// t_s is the time since the recording began, on the recording computer; the payload is the
// message's (chaird-mqtt(7)), a text if it is no JSON, null if it is empty.
#ifndef CHAIRD_CTL_SESSION_RECORD_H
#define CHAIRD_CTL_SESSION_RECORD_H

#include <stdio.h>

#include "ctl/broker.h"
#include "ctl/recording.h"

// Write one message as a line, and flush it. 0 or -EIO.
int session_record_write(FILE *stream, double t_s, const struct broker_message *message);

// What was read, besides the samples.
struct session_record {
	size_t n_messages, n_unknown_points; // names of points that the atlas has not
	char ended[NAME_SIZE];               // "completed", "aborted" or "tripped"; "": it did not
	char why[NAME_SIZE];                 // its cause or reason; "": none
};

// Add a sample to the recording for each telemetry message, on the guard's clock, with what the
// messages before it reported. Sets the title to the profile's name. 0, -ENOMEM, or -EINVAL with
// *ret_line, which is no line of a record.
int session_record_read(FILE *stream, struct recording *recording,
	struct session_record *ret_record, int *ret_line);

#endif
