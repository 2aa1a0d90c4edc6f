// SPDX-License-Identifier: MIT
#include "ctl/broker.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <mosquitto.h>
#include <mqtt_protocol.h>

#include "core/units.h"
#include "service/clock.h"
#include "service/mqtt_credentials.h"

// Longest single wait for the socket.
#define LOOP_MS 100

#define VERSION_TOPIC "$SYS/broker/version"

struct broker {
	struct mosquitto *mosq;
	char base[SETTING_SIZE + NAME_SIZE]; // "chair/recliner/"
	char answers[64];                    // relative to base: our response topic
	int error;                           // 0, or -errno after the connection is lost
	bool connected, offline;
	int unconfirmed; // subscriptions that the broker has not granted yet
	bool received;   // a message, since broker_wait() began
	uint64_t serial;
	char id[20]; // correlation id of the last request, from its serial
	json_t *answer;
	int probe_reason; // of the broker's acknowledgement; -1: none yet
	char version[sizeof(((struct broker_probe *)NULL)->version)];
	void (*handle)(void *data, const struct broker_message *message);
	void *data;
	const struct settings *settings;
	struct mqtt_tls *tls;    // NULL: without
	struct mqtt_cause cause; // of the error
};

// The first error stays, and so does its cause.
static int lose(struct broker *broker, int error, const char *text)
{
	if (broker->error == 0)
		broker->error = error;
	if (broker->cause.kind == MQTT_CAUSE_NONE)
		mqtt_cause_set(&broker->cause, MQTT_CAUSE_NETWORK, NULL, "%s", text);
	return broker->error;
}

static int lose_connection(struct broker *broker, int error, int rc, int rc_errno)
{
	mqtt_cause_lost(&broker->cause, broker->settings, broker->tls, rc, rc_errno,
		broker->connected);
	return lose(broker, error, mosquitto_strerror(rc));
}

static int from_mosquitto(struct broker *broker, int rc)
{
	int error = errno;

	if (rc == MOSQ_ERR_SUCCESS)
		return 0;
	return lose_connection(broker,
		rc == MOSQ_ERR_ERRNO && error != 0 ? -error
			: rc == MOSQ_ERR_NOMEM     ? -ENOMEM
						   : -ECONNRESET,
		rc, error);
}

// The broker's own words, to be freed, or NULL.
static char *reason_text(const mosquitto_property *properties)
{
	char *text = NULL;

	mosquitto_property_read_string(properties, MQTT_PROP_REASON_STRING, &text, false);
	return text;
}

static void on_connect(struct mosquitto *mosq, void *data, int reason, int flags,
	const mosquitto_property *properties)
{
	struct broker *broker = data;
	char *text;

	(void)mosq;
	(void)flags;
	if (reason == MQTT_RC_SUCCESS) {
		broker->connected = true;
		return;
	}
	text = reason_text(properties);
	mqtt_cause_refused(&broker->cause, broker->settings, reason, text);
	free(text);
	lose(broker, -EACCES, mosquitto_reason_string(reason));
}

static void on_disconnect(struct mosquitto *mosq, void *data, int reason,
	const mosquitto_property *properties)
{
	struct broker *broker = data;
	int error = errno;
	char *text;

	(void)mosq;
	if (reason < MQTT_RC_UNSPECIFIED) {
		lose_connection(broker, -ECONNRESET, reason, error);
		return;
	}
	// libmosquitto calls this for a refused connection, too.
	if (broker->cause.kind != MQTT_CAUSE_NONE)
		return;
	text = reason_text(properties);
	mqtt_cause_ended(&broker->cause, reason, text);
	free(text);
	lose(broker, -ECONNRESET, mosquitto_reason_string(reason));
}

static void on_log(struct mosquitto *mosq, void *data, int level, const char *line)
{
	struct broker *broker = data;

	(void)mosq;
	if (level == MOSQ_LOG_ERR)
		mqtt_tls_log_line(broker->tls, line);
}

static void on_subscribe(struct mosquitto *mosq, void *data, int mid, int n, const int *granted,
	const mosquitto_property *properties)
{
	struct broker *broker = data;

	(void)mosq;
	(void)mid;
	(void)properties;
	broker->unconfirmed--;
	for (int i = 0; i < n; i++)
		if (granted[i] >= MQTT_RC_UNSPECIFIED)
			lose(broker, -EACCES, "this user may not read the topics of the chair");
}

// Only a probe waits for this, and nothing else is outstanding then.
static void on_publish(struct mosquitto *mosq, void *data, int mid, int reason,
	const mosquitto_property *properties)
{
	struct broker *broker = data;

	(void)mosq;
	(void)mid;
	(void)properties;
	broker->probe_reason = reason;
}

static void handle_answer(struct broker *broker, const struct mosquitto_message *message,
	const mosquitto_property *properties)
{
	void *id = NULL;
	uint16_t size = 0;

	mosquitto_property_read_binary(properties, MQTT_PROP_CORRELATION_DATA, &id, &size, false);
	if (id && size == strlen(broker->id) && memcmp(id, broker->id, size) == 0 &&
		!broker->answer)
		broker->answer = json_loadb(message->payload, (size_t)message->payloadlen, 0, NULL);
	free(id);
}

static void on_message(struct mosquitto *mosq, void *data, const struct mosquitto_message *message,
	const mosquitto_property *properties)
{
	struct broker *broker = data;
	size_t base = strlen(broker->base);
	struct broker_message below;

	(void)mosq;
	if (strcmp(message->topic, VERSION_TOPIC) == 0)
		snprintf(broker->version, sizeof(broker->version), "%s",
			message->payload ? (const char *)message->payload : "");
	if (strncmp(message->topic, broker->base, base) != 0)
		return;
	below.topic = message->topic + base;
	below.payload = message->payload ? message->payload : ""; // libmosquitto adds the NUL
	below.size = (size_t)message->payloadlen;
	if (strcmp(below.topic, broker->answers) == 0) {
		handle_answer(broker, message, properties);
		return;
	}
	broker->received = true;
	if (strcmp(below.topic, "availability") == 0)
		broker->offline = strcmp(below.payload, "offline") == 0;
	if (broker->handle)
		broker->handle(broker->data, &below);
}

static int configure(struct broker *broker, const struct settings *settings)
{
	int r = mqtt_credentials_set(broker->mosq, settings, &broker->cause, &broker->tls);

	if (r < 0)
		return r;
	mosquitto_log_callback_set(broker->mosq, on_log);
	mosquitto_connect_v5_callback_set(broker->mosq, on_connect);
	mosquitto_disconnect_v5_callback_set(broker->mosq, on_disconnect);
	mosquitto_subscribe_v5_callback_set(broker->mosq, on_subscribe);
	mosquitto_publish_v5_callback_set(broker->mosq, on_publish);
	mosquitto_message_v5_callback_set(broker->mosq, on_message);
	return from_mosquitto(broker,
		mosquitto_int_option(broker->mosq, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5));
}

static int subscribe_topic(struct broker *broker, const char *topic)
{
	int r = from_mosquitto(broker, mosquitto_subscribe(broker->mosq, NULL, topic, 1));

	if (r == 0)
		broker->unconfirmed++;
	return r;
}

static int subscribe(struct broker *broker, const char *below)
{
	char topic[sizeof(broker->base) + 64];

	snprintf(topic, sizeof(topic), "%s%s", broker->base, below);
	return subscribe_topic(broker, topic);
}

// One turn of libmosquitto's loop, at most until until_us. -errno if the connection is lost.
static int turn(struct broker *broker, int64_t until_us)
{
	int64_t left_us = clamp_i64(until_us - clock_monotonic_us(), 0, LOOP_MS * US_PER_MS);
	int rc = mosquitto_loop(broker->mosq, (int)((left_us + 999) / US_PER_MS), 1);

	return broker->error ? broker->error : from_mosquitto(broker, rc);
}

static int await_subscriptions(struct broker *broker, int64_t until_us)
{
	int r = 0;

	while (r == 0 && broker->unconfirmed > 0)
		r = clock_monotonic_us() < until_us
			? turn(broker, until_us)
			: lose(broker, -ETIMEDOUT, "no answer from the broker");
	return r;
}

// Of the addresses of a name only the first is tried without waiting. That of this machine may be
// ::1, where the broker of systemd/mosquitto does not listen.
static const char *address_of(const char *host)
{
	return strcmp(host, "localhost") ? host : "127.0.0.1";
}

static int open_until(struct broker *broker, const struct settings *settings, int64_t until_us)
{
	int r = configure(broker, settings);

	if (r == 0)
		r = from_mosquitto(broker,
			mosquitto_connect_async(broker->mosq, address_of(settings->broker.host),
				settings->broker.port, settings->broker.keepalive_s));
	while (r == 0 && !broker->connected)
		r = clock_monotonic_us() < until_us
			? turn(broker, until_us)
			: lose(broker, -ETIMEDOUT, "no answer from the broker");
	if (r == 0)
		r = subscribe(broker, broker->answers);
	if (r == 0)
		r = subscribe(broker, "availability");
	return r < 0 ? r : await_subscriptions(broker, until_us);
}

int broker_open(const struct settings *settings, const char *id, double timeout_s,
	struct broker **ret_broker, struct mqtt_cause *ret_cause)
{
	int64_t until_us = clock_monotonic_us() + (int64_t)(timeout_s * (double)US_PER_S);
	struct broker *broker = calloc(1, sizeof(*broker));
	char client[40];
	uint64_t unique;
	int r = -ENOMEM;

	mosquitto_lib_init();
	if (getrandom(&unique, sizeof(unique), 0) != sizeof(unique))
		unique = (uint64_t)clock_monotonic_us();
	snprintf(client, sizeof(client), "chairctl-%016llx", (unsigned long long)unique);
	if (broker)
		broker->mosq = mosquitto_new(client, true, broker);
	if (broker && broker->mosq) {
		broker->settings = settings;
		broker->serial = unique;
		snprintf(broker->base, sizeof(broker->base), "%s/%s/", settings->broker.prefix, id);
		snprintf(broker->answers, sizeof(broker->answers), "response/%s", client);
		r = open_until(broker, settings, until_us);
	}
	if (r < 0) {
		if (broker && broker->cause.kind != MQTT_CAUSE_NONE)
			*ret_cause = broker->cause;
		else
			mqtt_cause_set(ret_cause, MQTT_CAUSE_NETWORK, NULL, "%s", strerror(-r));
		broker_close(broker);
		return r;
	}
	*ret_broker = broker;
	return 0;
}

struct broker *broker_close(struct broker *broker)
{
	if (broker) {
		if (broker->mosq && broker->connected)
			mosquitto_disconnect(broker->mosq);
		mosquitto_destroy(broker->mosq);
		mqtt_tls_free(broker->tls);
		json_decref(broker->answer);
		free(broker);
		mosquitto_lib_cleanup();
	}
	return NULL;
}

int broker_follow(struct broker *broker, const char *const topics[],
	void (*handle)(void *data, const struct broker_message *message), void *data)
{
	int r = 0;

	broker->handle = handle;
	broker->data = data;
	for (; r == 0 && *topics; topics++)
		r = subscribe(broker, *topics);
	return r;
}

int broker_wait(struct broker *broker, int64_t until_us)
{
	int r;

	broker->received = false;
	r = turn(broker, until_us);
	return r < 0 ? r : broker->received;
}

static int publish_request(struct broker *broker, const char *verb, const char *payload,
	double timeout_s)
{
	char answers[sizeof(broker->base) + sizeof(broker->answers)];
	char topic[sizeof(broker->base) + 64];
	mosquitto_property *properties = NULL;
	int rc;

	snprintf(topic, sizeof(topic), "%srequest/%s", broker->base, verb);
	snprintf(answers, sizeof(answers), "%s%s", broker->base, broker->answers);
	rc = mosquitto_property_add_string(&properties, MQTT_PROP_RESPONSE_TOPIC, answers);
	if (rc == MOSQ_ERR_SUCCESS)
		rc = mosquitto_property_add_binary(&properties, MQTT_PROP_CORRELATION_DATA,
			broker->id, (uint16_t)strlen(broker->id));
	// After that time this program no longer waits, so the request must not move the chair.
	if (rc == MOSQ_ERR_SUCCESS)
		rc = mosquitto_property_add_int32(&properties, MQTT_PROP_MESSAGE_EXPIRY_INTERVAL,
			(uint32_t)timeout_s + 1);
	if (rc == MOSQ_ERR_SUCCESS)
		rc = mosquitto_publish_v5(broker->mosq, NULL, topic, (int)strlen(payload), payload,
			1, false, properties);
	mosquitto_property_free_all(&properties);
	return from_mosquitto(broker, rc);
}

int broker_request(struct broker *broker, const char *verb, json_t *args, double timeout_s,
	json_t **ret_answer)
{
	int64_t until_us = clock_monotonic_us() + (int64_t)(timeout_s * (double)US_PER_S);
	json_t *request;
	char *payload;
	int r;

	if (broker->offline)
		return -ENOTCONN;
	snprintf(broker->id, sizeof(broker->id), "%016llx", (unsigned long long)++broker->serial);
	request = json_pack("{s:s, s:O*}", "id", broker->id, "args", args);
	payload = request ? json_dumps(request, JSON_COMPACT) : NULL;
	r = payload ? publish_request(broker, verb, payload, timeout_s) : -ENOMEM;
	free(payload);
	json_decref(request);

	while (r == 0 && !broker->answer) {
		if (clock_monotonic_us() >= until_us)
			return broker->offline ? -ENOTCONN : -ETIMEDOUT;
		r = turn(broker, until_us);
	}
	if (r < 0)
		return r;
	*ret_answer = broker->answer;
	broker->answer = NULL;
	return 0;
}

// The version is retained: if this user may read it, it arrives before the acknowledgement.
int broker_probe(struct broker *broker, const char *below, double timeout_s,
	struct broker_probe *ret_probe)
{
	int64_t until_us = clock_monotonic_us() + (int64_t)(timeout_s * (double)US_PER_S);
	char topic[sizeof(broker->base) + 64];
	int r = subscribe_topic(broker, VERSION_TOPIC);

	broker->probe_reason = -1;
	snprintf(topic, sizeof(topic), "%s%s", broker->base, below);
	if (r == 0)
		r = from_mosquitto(broker,
			mosquitto_publish_v5(broker->mosq, NULL, topic, 0, NULL, 1, false, NULL));
	while (r == 0 && broker->probe_reason < 0)
		r = clock_monotonic_us() < until_us ? turn(broker, until_us) : -ETIMEDOUT;
	if (r < 0)
		return r;
	ret_probe->allowed = broker->probe_reason < MQTT_RC_UNSPECIFIED;
	memcpy(ret_probe->version, broker->version, sizeof(broker->version));
	return 0;
}
