// SPDX-License-Identifier: MIT
#include "control/mqtt_connection.h"

#include <errno.h>
#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "core/units.h"
#include "service/clock.h"
#include "service/log.h"
#include "service/mqtt_credentials.h"

#define DRAIN_MAX_US \
	(5 * US_PER_MS) // longest reading in one wake-up; then other events get their turn
#define TOPIC_SIZE 512

// Longest message that the broker forwards to us. A shorter one that is still too long for a
// command is read, and refused with a reason.
#define PACKET_MAX (2u * 1024 * 1024)

struct mqtt_connection {
	const struct settings *settings;
	struct mqtt_connection_handlers handlers;
	struct mosquitto *mosq;
	char base[TOPIC_SIZE];  // "chair/<id>/"
	char birth[TOPIC_SIZE]; // of Home Assistant's birth message; "": not subscribed
	struct mqtt_tls *tls;   // NULL: without
	struct mqtt_cause cause;
	bool answered; // CONNECT
};

// --- libmosquitto's callbacks -----------------------------------------------------------------

static void subscribe(struct mqtt_connection *connection)
{
	char set[TOPIC_SIZE + 16], request[TOPIC_SIZE + 16];
	char *topics[] = { set, request, connection->birth };
	int n = *connection->birth ? 3 : 2, r;

	snprintf(set, sizeof(set), "%sset/+", connection->base);
	snprintf(request, sizeof(request), "%srequest/+", connection->base);
	r = mosquitto_subscribe_multiple(connection->mosq, NULL, n, topics, 1,
		MQTT_SUB_OPT_SEND_RETAIN_NEVER | MQTT_SUB_OPT_RETAIN_AS_PUBLISHED, NULL);
	if (r != MOSQ_ERR_SUCCESS)
		log_error("broker: subscribe: %s", mosquitto_strerror(r));
}

// The broker's own words, to be freed, or NULL.
static char *reason_text(const mosquitto_property *properties)
{
	char *text = NULL;

	mosquitto_property_read_string(properties, MQTT_PROP_REASON_STRING, &text, false);
	return text;
}

static void on_connect(struct mosquitto *client, void *data, int reason, int flags,
	const mosquitto_property *properties)
{
	struct mqtt_connection *connection = data;
	char *text;

	(void)client;
	(void)flags;
	connection->answered = true;
	if (reason != 0) {
		text = reason_text(properties);
		mqtt_cause_refused(&connection->cause, connection->settings, reason, text);
		free(text);
		return;
	}
	subscribe(connection);
	connection->handlers.accepted(connection->handlers.data);
}

// Reasons from 128 up come from the broker; the others are errors of the socket, which is checked
// elsewhere.
static void on_disconnect(struct mosquitto *client, void *data, int reason,
	const mosquitto_property *properties)
{
	struct mqtt_connection *connection = data;
	char *text;

	(void)client;
	// libmosquitto calls this for a refused connection, too.
	if (reason < MQTT_RC_UNSPECIFIED || connection->cause.kind != MQTT_CAUSE_NONE)
		return;
	text = reason_text(properties);
	mqtt_cause_ended(&connection->cause, reason, text);
	free(text);
}

static void on_log(struct mosquitto *client, void *data, int level, const char *line)
{
	struct mqtt_connection *connection = data;

	(void)client;
	if (level == MOSQ_LOG_ERR)
		mqtt_tls_log_line(connection->tls, line);
}

static void on_subscribe(struct mosquitto *client, void *data, int mid, int n, const int *granted,
	const mosquitto_property *properties)
{
	const struct mqtt_connection *connection = data;
	const char *const topics[] = { "set/+", "request/+", connection->birth };

	(void)client;
	(void)mid;
	(void)properties;
	for (int i = 0; i < n && i < 3; i++) {
		if (granted[i] >= MQTT_RC_UNSPECIFIED)
			log_error("broker: may not subscribe to %s: %s", topics[i],
				mosquitto_reason_string(granted[i]));
	}
}

static void on_publish(struct mosquitto *client, void *data, int mid, int reason,
	const mosquitto_property *properties)
{
	struct mqtt_connection *connection = data;

	(void)client;
	(void)reason;
	(void)properties;
	connection->handlers.acked(connection->handlers.data, mid);
}

static void on_message(struct mosquitto *client, void *data,
	const struct mosquitto_message *message, const mosquitto_property *properties)
{
	struct mqtt_connection *connection = data;
	size_t n_base = strlen(connection->base);
	struct mqtt_message message_in = { .payload = message->payload ? message->payload : "",
		.size = (size_t)message->payloadlen,
		.retained = message->retain };
	char *response_topic = NULL;
	void *correlation = NULL;
	uint16_t n_correlation = 0;

	(void)client;
	message_in.absolute = *connection->birth && !strcmp(message->topic, connection->birth);
	if (!message_in.absolute && strncmp(message->topic, connection->base, n_base))
		return;
	mosquitto_property_read_string(properties, MQTT_PROP_RESPONSE_TOPIC, &response_topic,
		false);
	mosquitto_property_read_binary(properties, MQTT_PROP_CORRELATION_DATA, &correlation,
		&n_correlation, false);
	message_in.topic = message->topic + (message_in.absolute ? 0 : n_base);
	message_in.response_topic = response_topic;
	message_in.correlation = correlation;
	message_in.n_correlation = n_correlation;
	connection->handlers.message(connection->handlers.data, &message_in);
	free(response_topic);
	free(correlation);
}

// --- set-up -----------------------------------------------------------------------------------

static int set_will(struct mqtt_connection *connection)
{
	char topic[TOPIC_SIZE + 16];
	int r;

	snprintf(topic, sizeof(topic), "%savailability", connection->base);
	r = mosquitto_will_set_v5(connection->mosq, topic, (int)strlen("offline"), "offline", 1,
		true, NULL);
	if (r != MOSQ_ERR_SUCCESS)
		mqtt_cause_set(&connection->cause, MQTT_CAUSE_SETTINGS, "correct prefix",
			"prefix: %s", mosquitto_strerror(r));
	return r;
}

// Reads files, so it is called in the worker thread.
static int set_options(struct mqtt_connection *connection)
{
	int r = mosquitto_int_option(connection->mosq, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);

	if (r == MOSQ_ERR_SUCCESS)
		r = mosquitto_int_option(connection->mosq, MOSQ_OPT_TCP_NODELAY, 1);
	if (r == MOSQ_ERR_SUCCESS)
		r = set_will(connection);
	if (r == MOSQ_ERR_SUCCESS &&
		mqtt_credentials_set(connection->mosq, connection->settings, &connection->cause,
			&connection->tls) < 0)
		r = MOSQ_ERR_INVAL;
	return r;
}

int mqtt_connection_new(const struct settings *settings, const char *chair_id,
	const struct mqtt_connection_handlers *handlers, struct mqtt_connection **ret_connection)
{
	struct mqtt_connection *connection = calloc(1, sizeof(*connection));
	char id[NAME_SIZE + 8];

	if (!connection)
		return -ENOMEM;
	// The library counts this. Never cleaned up: an abandoned thread may still be using it.
	mosquitto_lib_init();
	connection->settings = settings;
	connection->handlers = *handlers;
	snprintf(id, sizeof(id), "chaird-%s", chair_id);
	snprintf(connection->base, sizeof(connection->base), "%s/%s/", settings->broker.prefix,
		chair_id);
	if (settings->home_assistant.discovery)
		snprintf(connection->birth, sizeof(connection->birth), "%s/status",
			settings->home_assistant.prefix);
	connection->mosq = mosquitto_new(id, true, connection);
	if (!connection->mosq) {
		mqtt_connection_free(connection);
		return -ENOMEM;
	}
	mosquitto_connect_v5_callback_set(connection->mosq, on_connect);
	mosquitto_disconnect_v5_callback_set(connection->mosq, on_disconnect);
	mosquitto_message_v5_callback_set(connection->mosq, on_message);
	mosquitto_publish_v5_callback_set(connection->mosq, on_publish);
	mosquitto_subscribe_v5_callback_set(connection->mosq, on_subscribe);
	mosquitto_log_callback_set(connection->mosq, on_log);
	*ret_connection = connection;
	return 0;
}

struct mqtt_connection *mqtt_connection_free(struct mqtt_connection *connection)
{
	if (!connection)
		return NULL;
	mosquitto_destroy(connection->mosq);
	mqtt_tls_free(connection->tls);
	free(connection);
	return NULL;
}

// --- the connection ---------------------------------------------------------------------------

// The connection is lost: keep the cause, unless the broker has given its own.
static int gone(struct mqtt_connection *connection, int r)
{
	mqtt_cause_lost(&connection->cause, connection->settings, connection->tls, r, errno,
		connection->answered);
	return -ENOTCONN;
}

int mqtt_connection_connect(struct mqtt_connection *connection)
{
	mosquitto_property *properties = NULL;
	int r = mosquitto_property_add_int32(&properties, MQTT_PROP_MAXIMUM_PACKET_SIZE,
		PACKET_MAX);

	if (r == MOSQ_ERR_SUCCESS)
		r = set_options(connection);
	// The asynchronous call of libmosquitto 2.0 also resolves synchronously, and takes no
	// properties.
	if (r == MOSQ_ERR_SUCCESS)
		r = mosquitto_connect_bind_v5(connection->mosq, connection->settings->broker.host,
			connection->settings->broker.port, connection->settings->broker.keepalive_s,
			NULL, properties);
	if (r != MOSQ_ERR_SUCCESS)
		gone(connection, r);
	mosquitto_property_free_all(&properties);
	return r == MOSQ_ERR_SUCCESS ? 0 : -ENOTCONN;
}

const struct mqtt_cause *mqtt_connection_cause(const struct mqtt_connection *connection)
{
	static const struct mqtt_cause lost = { .kind = MQTT_CAUSE_NETWORK,
		.text = "the connection is lost" };

	return connection->cause.kind != MQTT_CAUSE_NONE ? &connection->cause : &lost;
}

int mqtt_connection_fd(const struct mqtt_connection *connection)
{
	return mosquitto_socket(connection->mosq);
}

bool mqtt_connection_wants_write(const struct mqtt_connection *connection)
{
	return mosquitto_want_write(connection->mosq);
}

// libmosquitto reads one message per call; without this loop a flood would cost a wake-up for each.
int mqtt_connection_read(struct mqtt_connection *connection)
{
	int64_t until_us = clock_monotonic_us() + DRAIN_MAX_US;
	int r, waiting;

	do {
		waiting = 0;
		r = mosquitto_loop_read(connection->mosq, 1);
	} while (r == MOSQ_ERR_SUCCESS && clock_monotonic_us() < until_us &&
		ioctl(mosquitto_socket(connection->mosq), FIONREAD, &waiting) == 0 && waiting > 0);
	return r == MOSQ_ERR_SUCCESS ? 0 : gone(connection, r);
}

int mqtt_connection_write(struct mqtt_connection *connection)
{
	int r = mosquitto_loop_write(connection->mosq, 1);

	return r == MOSQ_ERR_SUCCESS ? 0 : gone(connection, r);
}

int mqtt_connection_ping(struct mqtt_connection *connection)
{
	int r = mosquitto_loop_misc(connection->mosq);

	return r == MOSQ_ERR_SUCCESS ? 0 : gone(connection, r);
}

static int publish_error(int r)
{
	switch (r) {
	case MOSQ_ERR_SUCCESS:
		return 0;
	case MOSQ_ERR_NOMEM:
		return -ENOMEM;
	case MOSQ_ERR_NO_CONN:
	case MOSQ_ERR_CONN_LOST:
		return -ENOTCONN;
	case MOSQ_ERR_PAYLOAD_SIZE:
	case MOSQ_ERR_OVERSIZE_PACKET:
		return -EMSGSIZE;
	default:
		return -EINVAL;
	}
}

int mqtt_connection_publish(struct mqtt_connection *connection,
	const struct publication *publication, int *ret_mid)
{
	mosquitto_property *properties = NULL;
	char topic[TOPIC_SIZE + 256];
	int r = snprintf(topic, sizeof(topic), "%s%s",
		publication->absolute ? "" : connection->base, publication->topic);

	if (r < 0 || (size_t)r >= sizeof(topic))
		return -EINVAL;
	if (publication->correlation &&
		mosquitto_property_add_binary(&properties, MQTT_PROP_CORRELATION_DATA,
			publication->correlation, (uint16_t)publication->n_correlation))
		return -ENOMEM;
	r = mosquitto_publish_v5(connection->mosq, ret_mid, topic, (int)publication->size,
		publication->payload, publication->qos, publication->retain, properties);
	mosquitto_property_free_all(&properties);
	return publish_error(r);
}

void mqtt_connection_disconnect(struct mqtt_connection *connection)
{
	mosquitto_disconnect_v5(connection->mosq, 0, NULL);
}
