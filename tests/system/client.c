// SPDX-License-Identifier: MIT
#include "client.h"

#include <errno.h>
#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "process.h"
#include "record.h"

#define READY_TOPIC  "test/ready"
#define LOOP_MS      1000 // what is sent ends it before
#define RECONNECT_MS 100

struct client {
	struct mosquitto *mosquitto;
	pthread_t network;
	atomic_bool ends;
	pthread_mutex_t mutex;
	pthread_cond_t more;
	struct received **list;
	size_t n, capacity;
};

static void die(const char *what, int error)
{
	fprintf(stderr, "client: %s: %s\n", what, mosquitto_strerror(error));
	abort();
}

static void on_message(struct mosquitto *mosquitto, void *data,
	const struct mosquitto_message *message, const mosquitto_property *properties)
{
	struct client *client = data;
	struct received *received = calloc(1, sizeof(*received));
	char *response_topic = NULL;

	(void)mosquitto;
	mosquitto_property_read_string(properties, MQTT_PROP_RESPONSE_TOPIC, &response_topic,
		false);
	received->at_us = monotonic_us();
	received->topic = strdup(message->topic);
	received->size = (size_t)message->payloadlen;
	received->payload = calloc(1, received->size + 1);
	if (received->size)
		memcpy(received->payload, message->payload, received->size);
	received->retain = message->retain;
	pthread_mutex_lock(&client->mutex);
	record_message(received->topic, received->payload, received->size,
		&(struct record){ .response_topic = response_topic,
			.qos = message->qos,
			.retain = message->retain });
	free(response_topic);
	if (client->n == client->capacity) {
		client->capacity = client->capacity ? 2 * client->capacity : 256;
		client->list = realloc(client->list, client->capacity * sizeof(*client->list));
	}
	client->list[client->n++] = received;
	pthread_cond_broadcast(&client->more);
	pthread_mutex_unlock(&client->mutex);
}

static void on_connect(struct mosquitto *mosquitto, void *data, int reason, int flags,
	const mosquitto_property *properties)
{
	(void)data;
	(void)flags;
	(void)properties;
	if (reason)
		die("connect", MOSQ_ERR_CONN_REFUSED);
	mosquitto_subscribe_v5(mosquitto, NULL, "#", 1, MQTT_SUB_OPT_RETAIN_AS_PUBLISHED, NULL);
	mosquitto_publish_v5(mosquitto, NULL, READY_TOPIC, 0, NULL, 1, false, NULL);
}

// Of our own: that of mosquitto_loop_start() misses a mosquitto_disconnect() while it connects
// again, and never ends (libmosquitto 2.0.11).
static void *run_network(void *data)
{
	const struct timespec pause = { .tv_nsec = RECONNECT_MS * 1000000L };
	struct client *client = data;

	while (!client->ends) {
		if (mosquitto_loop(client->mosquitto, LOOP_MS, 1) != MOSQ_ERR_SUCCESS &&
			!client->ends) {
			nanosleep(&pause, NULL);
			mosquitto_reconnect(client->mosquitto);
		}
	}
	return NULL;
}

struct client *client_new(int port)
{
	struct client *client = calloc(1, sizeof(*client));
	pthread_condattr_t monotonic;
	int error;

	if (!client)
		abort();
	pthread_mutex_init(&client->mutex, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&client->more, &monotonic);
	pthread_condattr_destroy(&monotonic);
	client->mosquitto = mosquitto_new(NULL, true, client);
	mosquitto_int_option(client->mosquitto, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
	mosquitto_int_option(client->mosquitto, MOSQ_OPT_TCP_NODELAY, 1);
	mosquitto_max_inflight_messages_set(client->mosquitto, 0);
	mosquitto_connect_v5_callback_set(client->mosquitto, on_connect);
	mosquitto_message_v5_callback_set(client->mosquitto, on_message);
	mosquitto_threaded_set(client->mosquitto, true);
	error = mosquitto_connect(client->mosquitto, "127.0.0.1", port, 60);
	if (error || pthread_create(&client->network, NULL, run_network, client))
		die("connect", error);
	if (!client_wait(client, 0, READY_TOPIC, NULL, SOON_MS))
		die("subscribe", MOSQ_ERR_CONN_LOST);
	return client;
}

struct client *client_free(struct client *client)
{
	if (!client)
		return NULL;
	client->ends = true;
	mosquitto_disconnect(client->mosquitto); // wakes its loop
	pthread_join(client->network, NULL);
	mosquitto_destroy(client->mosquitto);
	for (size_t i = 0; i < client->n; i++) {
		free(client->list[i]->topic);
		free(client->list[i]->payload);
		free(client->list[i]);
	}
	free(client->list);
	pthread_mutex_destroy(&client->mutex);
	pthread_cond_destroy(&client->more);
	free(client);
	return NULL;
}

size_t client_mark(struct client *client)
{
	size_t n;

	pthread_mutex_lock(&client->mutex);
	n = client->n;
	pthread_mutex_unlock(&client->mutex);
	return n;
}

static const struct received *find(const struct client *client, size_t *mark, const char *topic,
	const char *text)
{
	for (; *mark < client->n; (*mark)++) {
		const struct received *received = client->list[*mark];

		if (!strcmp(received->topic, topic) &&
			(!text ||
				(*text ? strstr(received->payload, text) != NULL
				       : !received->size)))
			return received;
	}
	return NULL;
}

const struct received *client_wait(struct client *client, size_t mark, const char *topic,
	const char *text, int timeout_ms)
{
	int64_t until_us = monotonic_us() + timeout_ms * INT64_C(1000);
	struct timespec until = { until_us / 1000000, until_us % 1000000 * 1000 };
	const struct received *received;

	pthread_mutex_lock(&client->mutex);
	while (!(received = find(client, &mark, topic, text))) {
		if (pthread_cond_timedwait(&client->more, &client->mutex, &until) == ETIMEDOUT)
			break;
	}
	pthread_mutex_unlock(&client->mutex);
	return received;
}

const struct received *client_find(struct client *client, size_t mark, const char *topic,
	const char *text)
{
	const struct received *received;

	pthread_mutex_lock(&client->mutex);
	received = find(client, &mark, topic, text);
	pthread_mutex_unlock(&client->mutex);
	return received;
}

const struct received *client_last(struct client *client, const char *topic)
{
	const struct received *received = NULL;

	pthread_mutex_lock(&client->mutex);
	for (size_t i = client->n; i-- > 0 && !received;) {
		if (!strcmp(client->list[i]->topic, topic))
			received = client->list[i];
	}
	pthread_mutex_unlock(&client->mutex);
	return received;
}

void client_show(struct client *client, size_t n)
{
	pthread_mutex_lock(&client->mutex);
	for (size_t i = client->n > n ? client->n - n : 0; i < client->n; i++)
		fprintf(stderr, "%5lld ms ago %s %.200s\n",
			(long long)(monotonic_us() - client->list[i]->at_us) / 1000,
			client->list[i]->topic, client->list[i]->payload);
	pthread_mutex_unlock(&client->mutex);
}

void client_publish(struct client *client, const char *topic, const void *payload, size_t size,
	int qos, bool retain, const struct client_property *property)
{
	mosquitto_property *properties = NULL;

	if (property && property->response_topic)
		mosquitto_property_add_string(&properties, MQTT_PROP_RESPONSE_TOPIC,
			property->response_topic);
	if (property && property->correlation)
		mosquitto_property_add_binary(&properties, MQTT_PROP_CORRELATION_DATA,
			property->correlation, (uint16_t)strlen(property->correlation));
	if (property && property->expiry_s)
		mosquitto_property_add_int32(&properties, MQTT_PROP_MESSAGE_EXPIRY_INTERVAL,
			property->expiry_s);
	int error = mosquitto_publish_v5(client->mosquitto, NULL, topic, (int)size, payload, qos,
		retain, properties);

	mosquitto_property_free_all(&properties);
	if (error)
		die("publish", error);
}

void client_publish_text(struct client *client, const char *topic, const char *text)
{
	client_publish(client, topic, text, strlen(text), 1, false, NULL);
}
