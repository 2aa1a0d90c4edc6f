// SPDX-License-Identifier: MIT
#include "control/mqtt_link.h"

#include <errno.h>
#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <unistd.h>

#include "control/backoff.h"
#include "control/mqtt_attempt.h"
#include "control/mqtt_watch.h"
#include "control/password.h"
#include "core/units.h"
#include "service/clock.h"
#include "service/log.h"

#define RECONNECT_MIN_US (1 * US_PER_S)
#define RECONNECT_MAX_US (30 * US_PER_S)
#define GREETING_MAX_US  (10 * US_PER_S) // connected -> CONNACK
#define DRAIN_MAX_US     (5 * US_PER_MS) // of messages in one wake-up; then the others' turn
#define TOPIC_SIZE       512

// What a client may send us at most. Larger ones the broker keeps to itself; what is smaller but
// too large for a command is read, and refused with a reason.
#define PACKET_MAX (2u * 1024 * 1024)

enum link_state {
	LINK_WAITING,    // for the next attempt
	LINK_CONNECTING, // a thread has the client
	LINK_GREETING,   // connected; the broker has not said yes yet
	LINK_UP,
	LINK_CLOSING, // the goodbye is on its way
	LINK_CLOSED,
};

struct mqtt_link {
	sd_event *event;
	sd_event_source *timer, *io;
	const struct settings *settings;
	struct mqtt_link_handlers handlers;
	struct backoff backoff;
	char id[NAME_SIZE + 8];
	char base[TOPIC_SIZE]; // "chair/<id>/"
	enum link_state state;
	struct mosquitto *client; // NULL in WAITING, CONNECTING and CLOSED
	int attempt_fd;           // in CONNECTING
	bool told;                // that there is no broker: said once, not at every attempt
	int64_t deadline_us;      // of WAITING, GREETING and CLOSING
	int64_t up_us;            // since when
	bool close;               // asked for
	struct mqtt_watch watch;  // in UP
};

// All times here are CLOCK_MONOTONIC: they watch the network, whatever clock the chair is on.
static int64_t now_us(void)
{
	return clock_monotonic_us();
}

// --- connecting -------------------------------------------------------------------------------

// An attempt with what its thread needs; the thread touches nothing else.
struct mqtt_attempt {
	struct attempt attempt; // first
	struct mosquitto *client;
	mosquitto_property *properties;
	char host[SETTING_SIZE];
	int port, keepalive_s;
	int error; // errno of the attempt
};

static int mqtt_attempt_run(struct attempt *base)
{
	struct mqtt_attempt *attempt = (struct mqtt_attempt *)base;
	int r = mosquitto_connect_bind_v5(attempt->client, attempt->host, attempt->port,
		attempt->keepalive_s, NULL, attempt->properties);

	attempt->error = errno;
	return r;
}

static void mqtt_attempt_free(struct attempt *base)
{
	struct mqtt_attempt *attempt = (struct mqtt_attempt *)base;

	mosquitto_destroy(attempt->client);
	mosquitto_property_free_all(&attempt->properties);
	free(attempt);
}

static void on_connect(struct mosquitto *client, void *data, int reason, int flags,
	const mosquitto_property *properties);
static void on_disconnect(struct mosquitto *client, void *data, int reason,
	const mosquitto_property *properties);
static void on_message(struct mosquitto *client, void *data,
	const struct mosquitto_message *message, const mosquitto_property *properties);
static void on_publish(struct mosquitto *client, void *data, int mid, int reason,
	const mosquitto_property *properties);
static void on_subscribe(struct mosquitto *client, void *data, int mid, int n, const int *granted,
	const mosquitto_property *properties);

static const char *or_null(const char *text)
{
	return *text ? text : NULL;
}

static int set_password(const struct settings *settings, struct mosquitto *client)
{
	char password[PASSWORD_SIZE];
	int r;

	if (!*settings->broker.username)
		return MOSQ_ERR_SUCCESS;
	r = password_read(settings->broker.password_file, password);
	if (r < 0 && (r != -ENOENT || *settings->broker.password_file))
		log_error("broker: the password cannot be read: %s", strerror(-r));
	r = mosquitto_username_pw_set(client, settings->broker.username, r < 0 ? NULL : password);
	explicit_bzero(password, sizeof(password));
	return r;
}

static int set_tls(const struct settings *settings, struct mosquitto *client)
{
	const char *ca_path = or_null(settings->broker.ca_path);
	int r;

	if (!settings->broker.tls)
		return MOSQ_ERR_SUCCESS;
	if (!ca_path && !*settings->broker.ca_file)
		ca_path = "/etc/ssl/certs"; // whom this machine trusts
	r = mosquitto_tls_set(client, or_null(settings->broker.ca_file), ca_path,
		or_null(settings->broker.cert_file), or_null(settings->broker.key_file), NULL);
	if (r == MOSQ_ERR_SUCCESS)
		r = mosquitto_tls_insecure_set(client, settings->broker.tls_insecure);
	return r;
}

static int set_will(const struct mqtt_link *link, struct mosquitto *client)
{
	char topic[TOPIC_SIZE + 16];

	snprintf(topic, sizeof(topic), "%savailability", link->base);
	return mosquitto_will_set_v5(client, topic, (int)strlen("offline"), "offline", 1, true, NULL);
}

static struct mosquitto *make_client(struct mqtt_link *link)
{
	struct mosquitto *client = mosquitto_new(link->id, true, link);
	int r;

	if (!client)
		return NULL;
	r = mosquitto_int_option(client, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
	if (r == MOSQ_ERR_SUCCESS)
		r = mosquitto_int_option(client, MOSQ_OPT_TCP_NODELAY, 1);
	if (r == MOSQ_ERR_SUCCESS)
		r = set_will(link, client);
	if (r == MOSQ_ERR_SUCCESS)
		r = set_password(link->settings, client);
	if (r == MOSQ_ERR_SUCCESS)
		r = set_tls(link->settings, client);
	if (r != MOSQ_ERR_SUCCESS) {
		if (!link->told)
			log_error("broker: settings: %s", mosquitto_strerror(r));
		mosquitto_destroy(client);
		return NULL;
	}
	mosquitto_connect_v5_callback_set(client, on_connect);
	mosquitto_disconnect_v5_callback_set(client, on_disconnect);
	mosquitto_message_v5_callback_set(client, on_message);
	mosquitto_publish_v5_callback_set(client, on_publish);
	mosquitto_subscribe_v5_callback_set(client, on_subscribe);
	return client;
}

static struct mqtt_attempt *make_attempt(struct mqtt_link *link)
{
	struct mqtt_attempt *attempt = calloc(1, sizeof(*attempt));

	if (!attempt)
		return NULL;
	attempt->attempt.run = mqtt_attempt_run;
	attempt->attempt.free = mqtt_attempt_free;
	snprintf(attempt->host, sizeof(attempt->host), "%s", link->settings->broker.host);
	attempt->port = link->settings->broker.port;
	attempt->keepalive_s = link->settings->broker.keepalive_s;
	attempt->client = make_client(link);
	if (!attempt->client || mosquitto_property_add_int32(&attempt->properties,
			MQTT_PROP_MAXIMUM_PACKET_SIZE, PACKET_MAX) != MOSQ_ERR_SUCCESS) {
		mqtt_attempt_free(&attempt->attempt);
		return NULL;
	}
	return attempt;
}

// --- the timer --------------------------------------------------------------------------------

static int64_t next_us(const struct mqtt_link *link)
{
	if (link->close && link->state != LINK_CLOSING && link->state != LINK_CLOSED)
		return 0;
	switch (link->state) {
	case LINK_WAITING:
	case LINK_GREETING:
	case LINK_CLOSING:
		return link->deadline_us;
	case LINK_UP:
		return mqtt_watch_next_us(&link->watch);
	default:
		return TIME_NEVER;
	}
}

static void arm_timer(struct mqtt_link *link)
{
	int64_t due_us = next_us(link);

	sd_event_source_set_time(link->timer, due_us == TIME_NEVER ? UINT64_MAX : (uint64_t)due_us);
	sd_event_source_set_enabled(link->timer,
		due_us == TIME_NEVER ? SD_EVENT_OFF : SD_EVENT_ONESHOT);
}

// --- losing it --------------------------------------------------------------------------------

static void forget_client(struct mqtt_link *link)
{
	link->io = sd_event_source_disable_unref(link->io);
	mosquitto_destroy(link->client);
	link->client = NULL;
}

static void try_later(struct mqtt_link *link)
{
	link->state = LINK_WAITING;
	link->deadline_us = now_us() + backoff_next_us(&link->backoff);
	link->told = true;
	arm_timer(link);
}

// Not to be called from within a callback of libmosquitto.
static void drop(struct mqtt_link *link, const char *why)
{
	enum link_state was = link->state;
	int64_t since_us = min_i64(link->watch.owed_us, now_us());

	forget_client(link);
	if (was == LINK_CLOSING) {
		link->state = LINK_CLOSED;
		arm_timer(link);
		link->handlers.closed(link->handlers.data);
		return;
	}
	if (was == LINK_UP || !link->told)
		log_warning("broker: %s; trying again", why);
	// Thrown out as soon as we are in (by another chaird with our id, say): wait longer.
	if (was == LINK_UP && now_us() - link->up_us > RECONNECT_MAX_US)
		backoff_reset(&link->backoff);
	try_later(link);
	if (was == LINK_UP)
		link->handlers.down(link->handlers.data, since_us);
}

// After every call into libmosquitto: is it still there, and has it something to write?
static void after_call(struct mqtt_link *link)
{
	uint32_t events = EPOLLIN;

	if (mosquitto_socket(link->client) < 0) {
		drop(link, "the connection is lost");
		return;
	}
	if (link->state == LINK_CLOSING && mqtt_watch_is_idle(&link->watch)) {
		mosquitto_disconnect_v5(link->client, 0, NULL);
		drop(link, "closed");
		return;
	}
	if (mosquitto_want_write(link->client))
		events |= EPOLLOUT;
	sd_event_source_set_io_events(link->io, events);
	arm_timer(link);
}

// --- the loop ---------------------------------------------------------------------------------

// libmosquitto reads one message at a call. A flood would cost a wake-up each.
static int drain(struct mqtt_link *link)
{
	int64_t until_us = now_us() + DRAIN_MAX_US;
	int r, waiting;

	do {
		waiting = 0;
		r = mosquitto_loop_read(link->client, 1);
	} while (r == MOSQ_ERR_SUCCESS && now_us() < until_us &&
		ioctl(mosquitto_socket(link->client), FIONREAD, &waiting) == 0 && waiting > 0);
	return r;
}

static int on_io(sd_event_source *source, int fd, uint32_t events, void *data)
{
	struct mqtt_link *link = data;
	int r = MOSQ_ERR_SUCCESS;

	(void)source;
	(void)fd;
	if (events & ~(uint32_t)EPOLLOUT) {
		r = drain(link);
		mqtt_watch_heard(&link->watch, now_us());
	}
	// Answers to what was just read go out at once.
	if (r == MOSQ_ERR_SUCCESS && mosquitto_want_write(link->client)) {
		r = mosquitto_loop_write(link->client, 1);
		mqtt_watch_wrote(&link->watch, now_us());
	}
	if (r != MOSQ_ERR_SUCCESS)
		drop(link, mosquitto_strerror(r));
	else
		after_call(link);
	return 0;
}

static int on_attempt(sd_event_source *source, int fd, uint32_t events, void *data)
{
	struct mqtt_link *link = data;
	struct mqtt_attempt *attempt = (struct mqtt_attempt *)attempt_finish(fd);
	int r;

	(void)source;
	(void)events;
	link->io = sd_event_source_disable_unref(link->io);
	link->attempt_fd = -1;
	if (!attempt)
		return -EIO;
	r = attempt->attempt.result;
	if (r != MOSQ_ERR_SUCCESS) {
		if (!link->told)
			log_warning("broker: %s:%d: %s; trying again", attempt->host, attempt->port,
				r == MOSQ_ERR_ERRNO ? strerror(attempt->error) : mosquitto_strerror(r));
		mqtt_attempt_free(&attempt->attempt);
		try_later(link);
		return 0;
	}
	link->client = attempt->client;
	attempt->client = NULL;
	mqtt_attempt_free(&attempt->attempt);
	link->state = LINK_GREETING;
	link->deadline_us = now_us() + GREETING_MAX_US;
	mqtt_watch_begin(&link->watch, now_us(), link->settings->broker.keepalive_s * US_PER_S);
	r = sd_event_add_io(link->event, &link->io, mosquitto_socket(link->client), EPOLLIN, on_io,
		link);
	if (r < 0)
		drop(link, strerror(-r));
	else
		after_call(link);
	return 0;
}

static void connect_now(struct mqtt_link *link)
{
	struct mqtt_attempt *attempt = make_attempt(link);
	int r = attempt ? attempt_start(&attempt->attempt, &link->attempt_fd) : -ENOMEM;

	if (r < 0) {
		if (attempt)
			mqtt_attempt_free(&attempt->attempt);
		try_later(link);
		return;
	}
	link->state = LINK_CONNECTING;
	arm_timer(link);
	r = sd_event_add_io(link->event, &link->io, link->attempt_fd, EPOLLIN, on_attempt, link);
	if (r < 0) {
		attempt_abandon(link->attempt_fd);
		link->attempt_fd = -1;
		try_later(link);
	}
}

static void keep_alive(struct mqtt_link *link)
{
	int r = mosquitto_loop_misc(link->client); // sends a PINGREQ

	mqtt_watch_pinged(&link->watch, now_us());
	if (r != MOSQ_ERR_SUCCESS)
		drop(link, mosquitto_strerror(r));
	else
		after_call(link);
}

// Say goodbye. To disconnect while acknowledgements are unread would make the kernel reset the
// connection, and the broker lose what it has not read: first everything is acknowledged.
static void close_now(struct mqtt_link *link)
{
	mqtt_link_publish(link, &(struct publication){ .topic = "availability",
		.payload = "offline", .size = strlen("offline"), .qos = 1, .retain = true });
	if (link->state == LINK_UP) {
		link->state = LINK_CLOSING;
		link->deadline_us = now_us() + CLOSE_MAX_US;
		after_call(link);
		return;
	}
	if (link->attempt_fd >= 0) {
		link->io = sd_event_source_disable_unref(link->io);
		attempt_abandon(link->attempt_fd);
		link->attempt_fd = -1;
	}
	forget_client(link);
	link->state = LINK_CLOSED;
	arm_timer(link);
	link->handlers.closed(link->handlers.data);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *data)
{
	struct mqtt_link *link = data;

	(void)source;
	(void)usec;
	if (now_us() < next_us(link))
		arm_timer(link);
	else if (link->close && link->state != LINK_CLOSING)
		close_now(link);
	else if (link->state == LINK_WAITING)
		connect_now(link);
	else if (link->state == LINK_GREETING || link->state == LINK_CLOSING)
		drop(link, "no answer");
	else if (mqtt_watch_is_silent(&link->watch, now_us()))
		drop(link, "silent");
	else
		keep_alive(link);
	return 0;
}

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
		if (!link->told)
			log_error("broker: refused: %s", mosquitto_reason_string(reason));
		link->told = true;
		return; // the broker closes
	}
	link->state = LINK_UP;
	link->up_us = now_us();
	link->told = false;
	log_info("broker: connected to %s:%d", link->settings->broker.host,
		link->settings->broker.port);
	subscribe(link);
	mqtt_link_publish(link, &(struct publication){ .topic = "availability",
		.payload = "online", .size = strlen("online"), .qos = 1, .retain = true });
	link->handlers.up(link->handlers.data);
}

static void on_disconnect(struct mosquitto *client, void *data, int reason,
	const mosquitto_property *properties)
{
	struct mqtt_link *link = data;

	(void)client;
	(void)properties;
	// Reasons from 128 up are the broker's own; the rest is seen at the socket.
	if (reason >= MQTT_RC_UNSPECIFIED && !link->told)
		log_warning("broker: disconnected: %s", mosquitto_reason_string(reason));
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
	mqtt_watch_acked(&link->watch, mid);
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

// --- for everyone -----------------------------------------------------------------------------

int mqtt_link_new(sd_event *event, const struct settings *settings, const char *chair_id,
	const struct mqtt_link_handlers *handlers, struct mqtt_link **ret_link)
{
	struct mqtt_link *link = calloc(1, sizeof(*link));
	uint64_t seed;
	int r;

	if (!link)
		return -ENOMEM;
	mosquitto_lib_init();
	link->event = sd_event_ref(event);
	link->settings = settings;
	link->handlers = *handlers;
	link->attempt_fd = -1;
	mqtt_watch_begin(&link->watch, now_us(), 0);
	snprintf(link->id, sizeof(link->id), "chaird-%s", chair_id);
	snprintf(link->base, sizeof(link->base), "%s/%s/", settings->broker.prefix, chair_id);
	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) != sizeof(seed))
		seed = (uint64_t)now_us();
	backoff_init(&link->backoff, RECONNECT_MIN_US, RECONNECT_MAX_US, seed);
	r = sd_event_add_time(event, &link->timer, CLOCK_MONOTONIC, 0, 0, on_timer, link);
	if (r < 0) {
		mqtt_link_free(link);
		return r;
	}
	*ret_link = link;
	return 0;
}

struct mqtt_link *mqtt_link_free(struct mqtt_link *link)
{
	bool abandoned = link && link->attempt_fd >= 0;

	if (!link)
		return NULL;
	forget_client(link);
	if (abandoned)
		attempt_abandon(link->attempt_fd);
	else
		mosquitto_lib_cleanup(); // not while a thread is in there
	sd_event_source_disable_unref(link->timer);
	sd_event_unref(link->event);
	free(link);
	return NULL;
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

int mqtt_link_publish(struct mqtt_link *link, const struct publication *publication)
{
	mosquitto_property *properties = NULL;
	char topic[TOPIC_SIZE + 256];
	int mid, r;

	if (link->state != LINK_UP)
		return -ENOTCONN;
	if (publication->qos ? mqtt_watch_is_full(&link->watch) : mosquitto_want_write(link->client))
		return -EAGAIN;
	r = snprintf(topic, sizeof(topic), "%s%s", publication->absolute ? "" : link->base,
		publication->topic);
	if (r < 0 || (size_t)r >= sizeof(topic))
		return -EINVAL;
	if (publication->correlation &&
		mosquitto_property_add_binary(&properties, MQTT_PROP_CORRELATION_DATA,
			publication->correlation, (uint16_t)publication->n_correlation))
		return -ENOMEM;
	r = mosquitto_publish_v5(link->client, &mid, topic, (int)publication->size,
		publication->payload, publication->qos, publication->retain, properties);
	mosquitto_property_free_all(&properties);
	if (r != MOSQ_ERR_SUCCESS)
		return publish_error(r);
	mqtt_watch_wrote(&link->watch, now_us());
	if (publication->qos)
		mqtt_watch_published(&link->watch, now_us(), mid);
	// The socket may be gone or full: what is to be done about it is done from the loop.
	sd_event_source_set_io_events(link->io, EPOLLIN |
		(mosquitto_want_write(link->client) ? (uint32_t)EPOLLOUT : 0));
	arm_timer(link);
	return 0;
}

bool mqtt_link_is_up(const struct mqtt_link *link)
{
	return link->state == LINK_UP;
}

void mqtt_link_close(struct mqtt_link *link)
{
	link->close = true; // from the loop: this may be within a callback of libmosquitto
	arm_timer(link);
}
