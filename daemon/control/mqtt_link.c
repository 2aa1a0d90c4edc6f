// SPDX-License-Identifier: MIT
#include "control/mqtt_link.h"

#include <errno.h>
#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "control/password.h"
#include "core/units.h"
#include "service/clock.h"
#include "service/log.h"

#define DRAIN_MAX_US (5 * US_PER_MS) // of messages in one wake-up; then the others' turn
#define TOPIC_SIZE   512

// What a client may send us at most. Larger ones the broker keeps to itself; what is smaller but
// too large for a command is read, and refused with a reason.
#define PACKET_MAX (2u * 1024 * 1024)

struct mqtt_link {
	const struct settings *settings;
	struct mqtt_link_handlers handlers;
	struct mosquitto *client;
	char base[TOPIC_SIZE]; // "chair/<id>/"
	char error[128];
};

// --- libmosquitto's callbacks -----------------------------------------------------------------

static void subscribe(struct mqtt_link *link)
{
	char set[TOPIC_SIZE + 16], request[TOPIC_SIZE + 16];
	char *topics[] = { set, request };
	int r;

	snprintf(set, sizeof(set), "%sset/+", link->base);
	snprintf(request, sizeof(request), "%srequest/+", link->base);
	r = mosquitto_subscribe_multiple(link->client, NULL, 2, topics, 1,
		MQTT_SUB_OPT_SEND_RETAIN_NEVER | MQTT_SUB_OPT_RETAIN_AS_PUBLISHED, NULL);
	if (r != MOSQ_ERR_SUCCESS)
		log_error("broker: subscribe: %s", mosquitto_strerror(r));
}

static void on_connect(struct mosquitto *client, void *data, int reason, int flags,
	const mosquitto_property *properties)
{
	struct mqtt_link *link = data;

	(void)client;
	(void)flags;
	(void)properties;
	if (reason != 0) {
		link->handlers.refused(link->handlers.data, mosquitto_reason_string(reason));
		return;
	}
	subscribe(link);
	link->handlers.accepted(link->handlers.data);
}

static void on_disconnect(struct mosquitto *client, void *data, int reason,
	const mosquitto_property *properties)
{
	struct mqtt_link *link = data;

	(void)client;
	(void)properties;
	// Reasons from 128 up are the broker's own words; the rest is seen at the socket.
	if (reason >= MQTT_RC_UNSPECIFIED)
		snprintf(link->error, sizeof(link->error), "%s", mosquitto_reason_string(reason));
}

static void on_subscribe(struct mosquitto *client, void *data, int mid, int n, const int *granted,
	const mosquitto_property *properties)
{
	(void)client;
	(void)data;
	(void)mid;
	(void)properties;
	for (int i = 0; i < n; i++) {
		if (granted[i] >= MQTT_RC_UNSPECIFIED)
			log_error("broker: may not subscribe to %s: %s", i ? "request/+" : "set/+",
				mosquitto_reason_string(granted[i]));
	}
}

static void on_publish(struct mosquitto *client, void *data, int mid, int reason,
	const mosquitto_property *properties)
{
	struct mqtt_link *link = data;

	(void)client;
	(void)reason;
	(void)properties;
	link->handlers.acked(link->handlers.data, mid);
}

static void on_message(struct mosquitto *client, void *data,
	const struct mosquitto_message *message, const mosquitto_property *properties)
{
	struct mqtt_link *link = data;
	size_t n_base = strlen(link->base);
	struct inbox_message inbox = { .payload = message->payload ? message->payload : "",
		.size = (size_t)message->payloadlen, .retained = message->retain };
	char *response_topic = NULL;
	void *correlation = NULL;
	uint16_t n_correlation = 0;

	(void)client;
	if (strncmp(message->topic, link->base, n_base))
		return;
	mosquitto_property_read_string(properties, MQTT_PROP_RESPONSE_TOPIC, &response_topic, false);
	mosquitto_property_read_binary(properties, MQTT_PROP_CORRELATION_DATA, &correlation,
		&n_correlation, false);
	inbox.topic = message->topic + n_base;
	inbox.response_topic = response_topic;
	inbox.correlation = correlation;
	inbox.n_correlation = n_correlation;
	link->handlers.message(link->handlers.data, &inbox);
	free(response_topic);
	free(correlation);
}

// --- setting up -------------------------------------------------------------------------------

static const char *or_null(const char *text)
{
	return *text ? text : NULL;
}

// Keep the words for a setting that libmosquitto does not take.
static int set_error(struct mqtt_link *link, const char *what, int r)
{
	if (r != MOSQ_ERR_SUCCESS)
		snprintf(link->error, sizeof(link->error), "%s: %s", what, mosquitto_strerror(r));
	return r;
}

static int set_password(struct mqtt_link *link)
{
	const struct settings *settings = link->settings;
	char password[PASSWORD_SIZE];
	int r;

	if (!*settings->broker.username)
		return MOSQ_ERR_SUCCESS;
	r = password_read(settings->broker.password_file, password);
	if (r < 0 && (r != -ENOENT || *settings->broker.password_file)) {
		snprintf(link->error, sizeof(link->error), "the password cannot be read: %s",
			strerror(-r));
		return MOSQ_ERR_INVAL;
	}
	r = mosquitto_username_pw_set(link->client, settings->broker.username,
		r < 0 ? NULL : password);
	explicit_bzero(password, sizeof(password));
	return set_error(link, "user name", r);
}

static int set_tls(struct mqtt_link *link)
{
	const struct settings *settings = link->settings;
	const char *ca_path = or_null(settings->broker.ca_path);
	int r;

	if (!settings->broker.tls)
		return MOSQ_ERR_SUCCESS;
	if (!ca_path && !*settings->broker.ca_file)
		ca_path = "/etc/ssl/certs"; // whom this machine trusts
	r = mosquitto_tls_set(link->client, or_null(settings->broker.ca_file), ca_path,
		or_null(settings->broker.cert_file), or_null(settings->broker.key_file), NULL);
	if (r == MOSQ_ERR_SUCCESS)
		r = mosquitto_tls_insecure_set(link->client, settings->broker.tls_insecure);
	return set_error(link, "certificates", r);
}

static int set_will(struct mqtt_link *link)
{
	char topic[TOPIC_SIZE + 16];

	snprintf(topic, sizeof(topic), "%savailability", link->base);
	return set_error(link, "prefix", mosquitto_will_set_v5(link->client, topic,
		(int)strlen("offline"), "offline", 1, true, NULL));
}

// Reads files, so in the attempt's time.
static int set_options(struct mqtt_link *link)
{
	int r = mosquitto_int_option(link->client, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);

	if (r == MOSQ_ERR_SUCCESS)
		r = mosquitto_int_option(link->client, MOSQ_OPT_TCP_NODELAY, 1);
	if (r == MOSQ_ERR_SUCCESS)
		r = set_will(link);
	if (r == MOSQ_ERR_SUCCESS)
		r = set_password(link);
	if (r == MOSQ_ERR_SUCCESS)
		r = set_tls(link);
	return r;
}

int mqtt_link_new(const struct settings *settings, const char *chair_id,
	const struct mqtt_link_handlers *handlers, struct mqtt_link **ret_link)
{
	struct mqtt_link *link = calloc(1, sizeof(*link));
	char id[NAME_SIZE + 8];

	if (!link)
		return -ENOMEM;
	// Counted, and never taken back: a thread of an abandoned attempt may still be in there.
	mosquitto_lib_init();
	link->settings = settings;
	link->handlers = *handlers;
	snprintf(id, sizeof(id), "chaird-%s", chair_id);
	snprintf(link->base, sizeof(link->base), "%s/%s/", settings->broker.prefix, chair_id);
	link->client = mosquitto_new(id, true, link);
	if (!link->client) {
		mqtt_link_free(link);
		return -ENOMEM;
	}
	mosquitto_connect_v5_callback_set(link->client, on_connect);
	mosquitto_disconnect_v5_callback_set(link->client, on_disconnect);
	mosquitto_message_v5_callback_set(link->client, on_message);
	mosquitto_publish_v5_callback_set(link->client, on_publish);
	mosquitto_subscribe_v5_callback_set(link->client, on_subscribe);
	*ret_link = link;
	return 0;
}

struct mqtt_link *mqtt_link_free(struct mqtt_link *link)
{
	if (!link)
		return NULL;
	mosquitto_destroy(link->client);
	free(link);
	return NULL;
}

// --- the connection ---------------------------------------------------------------------------

// The connection is gone: keep the words, unless the broker has said it better.
static int gone(struct mqtt_link *link, int r)
{
	if (!*link->error)
		snprintf(link->error, sizeof(link->error), "%s",
			r == MOSQ_ERR_ERRNO ? strerror(errno) : mosquitto_strerror(r));
	return -ENOTCONN;
}

int mqtt_link_connect(struct mqtt_link *link)
{
	mosquitto_property *properties = NULL;
	int r = mosquitto_property_add_int32(&properties, MQTT_PROP_MAXIMUM_PACKET_SIZE, PACKET_MAX);

	if (r == MOSQ_ERR_SUCCESS)
		r = set_options(link);
	// The asynchronous call of libmosquitto 2.0 resolves in the caller's time all the same, and
	// takes no properties.
	if (r == MOSQ_ERR_SUCCESS)
		r = mosquitto_connect_bind_v5(link->client, link->settings->broker.host,
			link->settings->broker.port, link->settings->broker.keepalive_s, NULL,
			properties);
	if (r != MOSQ_ERR_SUCCESS)
		gone(link, r);
	mosquitto_property_free_all(&properties);
	return r == MOSQ_ERR_SUCCESS ? 0 : -ENOTCONN;
}

const char *mqtt_link_error(const struct mqtt_link *link)
{
	return *link->error ? link->error : "the connection is lost";
}

int mqtt_link_fd(const struct mqtt_link *link)
{
	return mosquitto_socket(link->client);
}

bool mqtt_link_wants_write(const struct mqtt_link *link)
{
	return mosquitto_want_write(link->client);
}

// libmosquitto reads one message at a call. A flood would cost a wake-up each.
int mqtt_link_read(struct mqtt_link *link)
{
	int64_t until_us = clock_monotonic_us() + DRAIN_MAX_US;
	int r, waiting;

	do {
		waiting = 0;
		r = mosquitto_loop_read(link->client, 1);
	} while (r == MOSQ_ERR_SUCCESS && clock_monotonic_us() < until_us &&
		ioctl(mosquitto_socket(link->client), FIONREAD, &waiting) == 0 && waiting > 0);
	return r == MOSQ_ERR_SUCCESS ? 0 : gone(link, r);
}

int mqtt_link_write(struct mqtt_link *link)
{
	int r = mosquitto_loop_write(link->client, 1);

	return r == MOSQ_ERR_SUCCESS ? 0 : gone(link, r);
}

int mqtt_link_ping(struct mqtt_link *link)
{
	int r = mosquitto_loop_misc(link->client);

	return r == MOSQ_ERR_SUCCESS ? 0 : gone(link, r);
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

int mqtt_link_publish(struct mqtt_link *link, const struct publication *publication,
	int *ret_mid)
{
	mosquitto_property *properties = NULL;
	char topic[TOPIC_SIZE + 256];
	int r = snprintf(topic, sizeof(topic), "%s%s", publication->absolute ? "" : link->base,
		publication->topic);

	if (r < 0 || (size_t)r >= sizeof(topic))
		return -EINVAL;
	if (publication->correlation &&
		mosquitto_property_add_binary(&properties, MQTT_PROP_CORRELATION_DATA,
			publication->correlation, (uint16_t)publication->n_correlation))
		return -ENOMEM;
	r = mosquitto_publish_v5(link->client, ret_mid, topic, (int)publication->size,
		publication->payload, publication->qos, publication->retain, properties);
	mosquitto_property_free_all(&properties);
	return publish_error(r);
}

void mqtt_link_disconnect(struct mqtt_link *link)
{
	mosquitto_disconnect_v5(link->client, 0, NULL);
}
