// SPDX-License-Identifier: MIT
#include "control/mqtt_client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "control/worker.h"
#include "control/backoff.h"
#include "control/mqtt_liveness.h"
#include "control/mqtt_losses.h"
#include "core/units.h"
#include "service/clock.h"
#include "service/log.h"

// Short enough for several attempts within the grace of a session (5 s).
#define RECONNECT_MIN_US (250 * US_PER_MS)
#define RECONNECT_MAX_US (30 * US_PER_S)
#define STEADY_US        (5 * US_PER_S)  // after so long a connection counts as a success
#define GREETING_MAX_US  (10 * US_PER_S) // connected -> accepted

enum mqtt_client_state {
	MQTT_CLIENT_WAITING,    // for the next attempt
	MQTT_CLIENT_CONNECTING, // a thread owns the connection
	MQTT_CLIENT_GREETING,   // connected; the broker has not accepted yet
	MQTT_CLIENT_UP,
	MQTT_CLIENT_CLOSING, // disconnecting
	MQTT_CLIENT_CLOSED,
};

struct mqtt_client {
	sd_event *event;
	sd_event_source *timer, *io;
	const struct settings *settings;
	struct mqtt_client_handlers handlers;
	char chair_id[NAME_SIZE];
	struct backoff backoff;
	enum mqtt_client_state state;
	struct mqtt_connection *connection; // in GREETING, UP and CLOSING
	int worker_fd;                      // in CONNECTING
	int64_t deadline_us;                // of WAITING, GREETING and CLOSING
	int64_t up_us;                      // since when
	struct mqtt_liveness liveness;      // from GREETING on
	struct mqtt_losses losses;
	bool close; // asked for
};

// All times here are CLOCK_MONOTONIC: they are about the network, whatever clock the chair has.
static int64_t now_us(void)
{
	return clock_monotonic_us();
}

// --- the timer --------------------------------------------------------------------------------

static int64_t next_us(const struct mqtt_client *client)
{
	if (client->close && client->state < MQTT_CLIENT_CLOSING)
		return 0;
	switch (client->state) {
	case MQTT_CLIENT_WAITING:
	case MQTT_CLIENT_GREETING:
	case MQTT_CLIENT_CLOSING:
		return client->deadline_us;
	case MQTT_CLIENT_UP:
		return mqtt_liveness_next_us(&client->liveness);
	default:
		return TIME_NEVER;
	}
}

static void arm_timer(struct mqtt_client *client)
{
	int64_t due_us = next_us(client);

	sd_event_source_set_time(client->timer,
		due_us == TIME_NEVER ? UINT64_MAX : (uint64_t)due_us);
	sd_event_source_set_enabled(client->timer,
		due_us == TIME_NEVER ? SD_EVENT_OFF : SD_EVENT_ONESHOT);
}

// --- loss -------------------------------------------------------------------------------------

static void forget_link(struct mqtt_client *client)
{
	client->io = sd_event_source_disable_unref(client->io);
	client->connection = mqtt_connection_free(client->connection);
	if (client->worker_fd >= 0)
		worker_abandon(client->worker_fd);
	client->worker_fd = -1;
}

static void try_later(struct mqtt_client *client)
{
	client->state = MQTT_CLIENT_WAITING;
	client->deadline_us = now_us() + backoff_next_us(&client->backoff);
	arm_timer(client);
}

static void closed(struct mqtt_client *client)
{
	forget_link(client);
	client->state = MQTT_CLIENT_CLOSED;
	arm_timer(client);
	client->handlers.closed(client->handlers.data);
}

// Not to be called from within a handler of the connection.
static void drop_for(struct mqtt_client *client, const struct mqtt_cause *why)
{
	bool was_up = client->state == MQTT_CLIENT_UP;
	int64_t since_us = min_i64(client->liveness.waiting_us, now_us());
	struct mqtt_cause cause = *why; // it goes with the connection

	if (client->state == MQTT_CLIENT_CLOSING) {
		closed(client);
		return;
	}
	if (was_up)
		mqtt_losses_ejected(&client->losses, now_us(),
			now_us() - client->up_us <= STEADY_US, client->chair_id, &cause);
	mqtt_losses_log(&client->losses, client->settings, &cause, was_up);
	// If the broker closes soon after accepting (for another chaird with our id, say), wait
	// longer.
	if (was_up && now_us() - client->up_us > STEADY_US)
		backoff_reset(&client->backoff);
	forget_link(client);
	try_later(client);
	if (was_up)
		client->handlers.down(client->handlers.data, since_us);
}

static void drop(struct mqtt_client *client, const char *why)
{
	struct mqtt_cause cause;

	mqtt_cause_set(&cause, MQTT_CAUSE_NETWORK, NULL, "%s", why);
	drop_for(client, &cause);
}

static void drop_lost(struct mqtt_client *client)
{
	drop_for(client, mqtt_connection_cause(client->connection));
}

// Call after every call into the connection: it may be lost, or have something to write.
static void after_call(struct mqtt_client *client)
{
	if (client->state == MQTT_CLIENT_CLOSING && mqtt_liveness_is_idle(&client->liveness)) {
		mqtt_connection_disconnect(client->connection);
		closed(client);
	} else if (mqtt_connection_fd(client->connection) < 0) {
		drop_lost(client);
	} else {
		sd_event_source_set_io_events(client->io,
			EPOLLIN |
				(mqtt_connection_wants_write(client->connection)
						? (uint32_t)EPOLLOUT
						: 0));
		arm_timer(client);
	}
}

// --- handlers of the connection ---------------------------------------------------------------

static int publish_availability(struct mqtt_client *client, const char *text)
{
	return mqtt_client_publish(client,
		&(struct publication){ .topic = "availability",
			.payload = text,
			.size = strlen(text),
			.qos = 1,
			.retain = true });
}

static void on_accepted(void *data)
{
	struct mqtt_client *client = data;

	client->state = MQTT_CLIENT_UP;
	client->up_us = now_us();
	mqtt_losses_connected(&client->losses);
	log_info("broker: connected to %s:%d", client->settings->broker.host,
		client->settings->broker.port);
	publish_availability(client, "online");
	client->handlers.up(client->handlers.data);
}

static void on_message(void *data, const struct mqtt_message *message)
{
	struct mqtt_client *client = data;

	client->handlers.message(client->handlers.data, message);
}

static void on_acked(void *data, int mid)
{
	struct mqtt_client *client = data;

	mqtt_liveness_acked(&client->liveness, mid);
}

// --- the loop ---------------------------------------------------------------------------------

static int on_io(sd_event_source *source, int fd, uint32_t events, void *data)
{
	struct mqtt_client *client = data;
	int r = 0;

	(void)source;
	(void)fd;
	if (events & ~(uint32_t)EPOLLOUT) {
		r = mqtt_connection_read(client->connection);
		mqtt_liveness_heard(&client->liveness, now_us());
	}
	// Send the answers to the messages just read at once.
	if (r == 0 && mqtt_connection_wants_write(client->connection)) {
		r = mqtt_connection_write(client->connection);
		mqtt_liveness_wrote(&client->liveness, now_us());
	}
	if (r < 0)
		drop_lost(client);
	else
		after_call(client);
	return 0;
}

static void greet(struct mqtt_client *client)
{
	int r;

	client->state = MQTT_CLIENT_GREETING;
	client->deadline_us = now_us() + GREETING_MAX_US;
	mqtt_liveness_begin(&client->liveness, now_us(),
		client->settings->broker.keepalive_s * US_PER_S);
	r = sd_event_add_io(client->event, &client->io, mqtt_connection_fd(client->connection),
		EPOLLIN, on_io, client);
	if (r < 0)
		drop(client, strerror(-r));
	else
		after_call(client);
}

static int on_attempt(sd_event_source *source, int fd, uint32_t events, void *data)
{
	struct mqtt_client *client = data;
	void *connection = NULL;
	int result, r;

	(void)source;
	(void)events;
	client->io = sd_event_source_disable_unref(client->io);
	client->worker_fd = -1;
	r = worker_finish(fd, &result, &connection);
	client->connection = connection;
	if (r < 0)
		drop(client, strerror(-r));
	else if (result < 0)
		drop_lost(client);
	else
		greet(client);
	return 0;
}

static int run_attempt(void *data)
{
	return mqtt_connection_connect(data);
}

static void free_attempt(void *data)
{
	mqtt_connection_free(data);
}

static void connect_now(struct mqtt_client *client)
{
	const struct mqtt_connection_handlers handlers = {
		.accepted = on_accepted, .message = on_message, .acked = on_acked, .data = client
	};
	struct mqtt_connection *connection = NULL;
	int r = mqtt_connection_new(client->settings, client->chair_id, &handlers, &connection);

	if (r == 0)
		r = worker_start(run_attempt, free_attempt, connection, &client->worker_fd);
	if (r < 0) {
		mqtt_connection_free(connection);
		drop(client, strerror(-r));
		return;
	}
	client->state = MQTT_CLIENT_CONNECTING;
	r = sd_event_add_io(client->event, &client->io, client->worker_fd, EPOLLIN, on_attempt,
		client);
	if (r < 0)
		drop(client, strerror(-r));
	else
		arm_timer(client);
}

// Wait until everything is acknowledged: if we closed with acknowledgements unread, the kernel
// would reset the connection, and the broker would lose what it has not read.
static void publish_offline(struct mqtt_client *client)
{
	if (publish_availability(client, "offline") < 0) {
		closed(client);
		return;
	}
	client->state = MQTT_CLIENT_CLOSING;
	client->deadline_us = now_us() + CLOSE_MAX_US;
	after_call(client);
}

static void ping(struct mqtt_client *client)
{
	int r = mqtt_connection_ping(client->connection);

	mqtt_liveness_pinged(&client->liveness, now_us());
	if (r < 0)
		drop_lost(client);
	else
		after_call(client);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *data)
{
	struct mqtt_client *client = data;

	(void)source;
	(void)usec;
	if (now_us() < next_us(client))
		arm_timer(client);
	else if (client->close && client->state < MQTT_CLIENT_CLOSING)
		publish_offline(client);
	else if (client->state == MQTT_CLIENT_WAITING)
		connect_now(client);
	else if (client->state != MQTT_CLIENT_UP)
		drop(client, "the broker does not answer");
	else if (mqtt_liveness_is_silent(&client->liveness, now_us()))
		drop(client, "the broker is silent");
	else
		ping(client);
	return 0;
}

// --- public functions -------------------------------------------------------------------------

int mqtt_client_new(sd_event *event, const struct settings *settings, const char *chair_id,
	const struct mqtt_client_handlers *handlers, struct mqtt_client **ret_client)
{
	struct mqtt_client *client = calloc(1, sizeof(*client));
	uint64_t seed;
	int r;

	if (!client)
		return -ENOMEM;
	client->event = sd_event_ref(event);
	client->settings = settings;
	client->handlers = *handlers;
	client->worker_fd = -1;
	mqtt_liveness_begin(&client->liveness, 0, 0);
	snprintf(client->chair_id, sizeof(client->chair_id), "%s", chair_id);
	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) != sizeof(seed))
		seed = (uint64_t)now_us();
	backoff_init(&client->backoff, RECONNECT_MIN_US, RECONNECT_MAX_US, seed);
	r = sd_event_add_time(event, &client->timer, CLOCK_MONOTONIC, 0, 0, on_timer, client);
	if (r < 0) {
		mqtt_client_free(client);
		return r;
	}
	*ret_client = client;
	return 0;
}

struct mqtt_client *mqtt_client_free(struct mqtt_client *client)
{
	if (!client)
		return NULL;
	forget_link(client);
	sd_event_source_disable_unref(client->timer);
	sd_event_unref(client->event);
	free(client);
	return NULL;
}

int mqtt_client_publish(struct mqtt_client *client, const struct publication *publication)
{
	int mid, r;

	if (client->state != MQTT_CLIENT_UP)
		return -ENOTCONN;
	if (publication->qos ? mqtt_liveness_is_full(&client->liveness, publication->refusal)
			     : mqtt_connection_wants_write(client->connection))
		return -EAGAIN;
	r = mqtt_connection_publish(client->connection, publication, &mid);
	if (r < 0)
		return r;
	mqtt_liveness_wrote(&client->liveness, now_us());
	if (publication->qos)
		mqtt_liveness_published(&client->liveness, now_us(), mid);
	// The socket may be lost or full: the loop handles both.
	sd_event_source_set_io_events(client->io,
		EPOLLIN |
			(mqtt_connection_wants_write(client->connection) ? (uint32_t)EPOLLOUT : 0));
	arm_timer(client);
	return 0;
}

bool mqtt_client_contested(const struct mqtt_client *client)
{
	return ejections_contested(&client->losses.ejections, now_us());
}

void mqtt_client_close(struct mqtt_client *client)
{
	client->close = true; // from the loop: this may be within a handler of the connection
	arm_timer(client);
}
