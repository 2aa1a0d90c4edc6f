// SPDX-License-Identifier: MIT
//
// MQTT 5 client for tests: keeps everything that it receives, and waits for messages with a bound.
#ifndef TESTS_SYSTEM_CLIENT_H
#define TESTS_SYSTEM_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Bound against hanging only: on an idle machine each wait is short.
#define SOON_MS 120000

struct client;

struct received {
	int64_t at_us; // CLOCK_MONOTONIC
	char *topic;
	char *payload; // terminated with a NUL
	size_t size;
	bool retain;
};

// Connects to 127.0.0.1 and subscribes to everything, with retain-as-published. Aborts if it
// cannot.
struct client *client_new(int port);
struct client *client_free(struct client *client);

// Number of messages received so far: a mark for the calls below.
size_t client_mark(struct client *client);

// The first from `mark` on with this topic whose payload contains the text (NULL: any;
// "": an empty one), or NULL after timeout_ms. Valid until client_free().
const struct received *client_wait(struct client *client, size_t mark, const char *topic,
	const char *text, int timeout_ms);
// The same among the messages received so far.
const struct received *client_find(struct client *client, size_t mark, const char *topic,
	const char *text);
// The last one with this topic, or NULL.
const struct received *client_last(struct client *client, const char *topic);

// The last n to stderr, of a test that fails.
void client_show(struct client *client, size_t n);

struct client_property {
	const char *response_topic, *correlation; // or NULL
	uint32_t expiry_s;                        // 0: none
};

void client_publish(struct client *client, const char *topic, const void *payload, size_t size,
	int qos, bool retain, const struct client_property *property);
void client_publish_text(struct client *client, const char *topic, const char *text); // QoS 1

#endif
