// SPDX-License-Identifier: MIT
//
// Record of every message that a test program sees, for the validator (check-messages): appended to
// a file of the program's name in $CHAIRD_MESSAGES, if that is set.
//
//   SIZE RETAIN QOS TOPIC[\tRESPONSE-TOPIC]\n
//   PAYLOAD\n
#ifndef TESTS_SYSTEM_RECORD_H
#define TESTS_SYSTEM_RECORD_H

#include <stdbool.h>
#include <stddef.h>

struct record {
	const char *response_topic; // or NULL
	int qos;
	bool retain;
};

// From any thread. Aborts if the file cannot be written.
void record_message(const char *topic, const void *payload, size_t size,
	const struct record *record);

#endif
