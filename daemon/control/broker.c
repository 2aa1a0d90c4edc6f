// SPDX-License-Identifier: MIT
#include "control/broker.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "control/attempt.h"
#include "control/backoff.h"
#include "control/broker_watch.h"
#include "core/units.h"
#include "service/clock.h"
#include "service/log.h"

// A session outlives the broker by its grace of 5 s: in that time there are some attempts.
#define RECONNECT_MIN_US (250 * US_PER_MS)
#define RECONNECT_MAX_US (30 * US_PER_S)
#define STEADY_US        (5 * US_PER_S) // connected for so long: that was no mistake
#define GREETING_MAX_US  (10 * US_PER_S) // connected -> accepted

enum broker_state {
	BROKER_WAITING,    // for the next attempt
	BROKER_CONNECTING, // a thread has the link
	BROKER_GREETING,   // connected; the broker has not said yes yet
	BROKER_UP,
	BROKER_CLOSING, // the goodbye is on its way
	BROKER_CLOSED,
};

struct broker {
	sd_event *event;
	sd_event_source *timer, *io;
	const struct settings *settings;
	struct broker_handlers handlers;
	char chair_id[NAME_SIZE];
	struct backoff backoff;
	enum broker_state state;
	struct mqtt_link *link;     // in GREETING, UP and CLOSING
	int attempt_fd;             // in CONNECTING
	int64_t deadline_us;        // of WAITING, GREETING and CLOSING
	int64_t up_us;              // since when
	struct broker_watch watch;  // from GREETING on
	bool told;                  // that there is no broker: said once, not at every attempt
	bool close;                 // asked for
};

// All times here are CLOCK_MONOTONIC: they watch the network, whatever clock the chair is on.
static int64_t now_us(void)
{
	return clock_monotonic_us();
}

// --- the timer --------------------------------------------------------------------------------

static int64_t next_us(const struct broker *broker)
{
	if (broker->close && broker->state < BROKER_CLOSING)
		return 0;
	switch (broker->state) {
	case BROKER_WAITING:
	case BROKER_GREETING:
	case BROKER_CLOSING:
		return broker->deadline_us;
	case BROKER_UP:
		return broker_watch_next_us(&broker->watch);
	default:
		return TIME_NEVER;
	}
}

static void arm_timer(struct broker *broker)
{
	int64_t due_us = next_us(broker);

	sd_event_source_set_time(broker->timer, due_us == TIME_NEVER ? UINT64_MAX : (uint64_t)due_us);
	sd_event_source_set_enabled(broker->timer,
		due_us == TIME_NEVER ? SD_EVENT_OFF : SD_EVENT_ONESHOT);
}

// --- losing it --------------------------------------------------------------------------------

static void forget_link(struct broker *broker)
{
	broker->io = sd_event_source_disable_unref(broker->io);
	broker->link = mqtt_link_free(broker->link);
	if (broker->attempt_fd >= 0)
		attempt_abandon(broker->attempt_fd);
	broker->attempt_fd = -1;
}

static void try_later(struct broker *broker)
{
	broker->state = BROKER_WAITING;
	broker->deadline_us = now_us() + backoff_next_us(&broker->backoff);
	broker->told = true;
	arm_timer(broker);
}

static void closed(struct broker *broker)
{
	forget_link(broker);
	broker->state = BROKER_CLOSED;
	arm_timer(broker);
	broker->handlers.closed(broker->handlers.data);
}

// Not to be called from within a handler of the link.
static void drop(struct broker *broker, const char *why)
{
	bool was_up = broker->state == BROKER_UP;
	int64_t since_us = min_i64(broker->watch.owed_us, now_us());

	if (broker->state == BROKER_CLOSING) {
		closed(broker);
		return;
	}
	if (was_up || !broker->told)
		log_warning("broker: %s:%d: %s; trying again", broker->settings->broker.host,
			broker->settings->broker.port, why);
	// Thrown out as soon as we are in (by another chaird with our id, say): wait longer.
	if (was_up && now_us() - broker->up_us > STEADY_US)
		backoff_reset(&broker->backoff);
	forget_link(broker);
	try_later(broker);
	if (was_up)
		broker->handlers.down(broker->handlers.data, since_us);
}

// After every call into the link: is it still there, and has it something to write?
static void after_call(struct broker *broker)
{
	if (broker->state == BROKER_CLOSING && broker_watch_is_idle(&broker->watch)) {
		mqtt_link_disconnect(broker->link);
		closed(broker);
	} else if (mqtt_link_fd(broker->link) < 0) {
		drop(broker, mqtt_link_error(broker->link));
	} else {
		sd_event_source_set_io_events(broker->io, EPOLLIN |
			(mqtt_link_wants_write(broker->link) ? (uint32_t)EPOLLOUT : 0));
		arm_timer(broker);
	}
}

// --- the link's handlers ----------------------------------------------------------------------

static int publish_availability(struct broker *broker, const char *text)
{
	return broker_publish(broker, &(struct publication){ .topic = "availability",
		.payload = text, .size = strlen(text), .qos = 1, .retain = true });
}

static void on_accepted(void *data)
{
	struct broker *broker = data;

	broker->state = BROKER_UP;
	broker->up_us = now_us();
	broker->told = false;
	log_info("broker: connected to %s:%d", broker->settings->broker.host,
		broker->settings->broker.port);
	publish_availability(broker, "online");
	broker->handlers.up(broker->handlers.data);
}

static void on_refused(void *data, const char *why)
{
	struct broker *broker = data;

	if (!broker->told)
		log_error("broker: refused: %s", why);
	broker->told = true;
}

static void on_message(void *data, const struct inbox_message *message)
{
	struct broker *broker = data;

	broker->handlers.message(broker->handlers.data, message);
}

static void on_acked(void *data, int mid)
{
	struct broker *broker = data;

	broker_watch_acked(&broker->watch, mid);
}

// --- the loop ---------------------------------------------------------------------------------

static int on_io(sd_event_source *source, int fd, uint32_t events, void *data)
{
	struct broker *broker = data;
	int r = 0;

	(void)source;
	(void)fd;
	if (events & ~(uint32_t)EPOLLOUT) {
		r = mqtt_link_read(broker->link);
		broker_watch_heard(&broker->watch, now_us());
	}
	// Answers to what was just read go out at once.
	if (r == 0 && mqtt_link_wants_write(broker->link)) {
		r = mqtt_link_write(broker->link);
		broker_watch_wrote(&broker->watch, now_us());
	}
	if (r < 0)
		drop(broker, mqtt_link_error(broker->link));
	else
		after_call(broker);
	return 0;
}

static void greet(struct broker *broker)
{
	int r;

	broker->state = BROKER_GREETING;
	broker->deadline_us = now_us() + GREETING_MAX_US;
	broker_watch_begin(&broker->watch, now_us(), broker->settings->broker.keepalive_s * US_PER_S);
	r = sd_event_add_io(broker->event, &broker->io, mqtt_link_fd(broker->link), EPOLLIN, on_io,
		broker);
	if (r < 0)
		drop(broker, strerror(-r));
	else
		after_call(broker);
}

static int on_attempt(sd_event_source *source, int fd, uint32_t events, void *data)
{
	struct broker *broker = data;
	void *link = NULL;
	int result, r;

	(void)source;
	(void)events;
	broker->io = sd_event_source_disable_unref(broker->io);
	broker->attempt_fd = -1;
	r = attempt_finish(fd, &result, &link);
	broker->link = link;
	if (r < 0)
		drop(broker, strerror(-r));
	else if (result < 0)
		drop(broker, mqtt_link_error(broker->link));
	else
		greet(broker);
	return 0;
}

static int run_attempt(void *data)
{
	return mqtt_link_connect(data);
}

static void free_attempt(void *data)
{
	mqtt_link_free(data);
}

static void connect_now(struct broker *broker)
{
	const struct mqtt_link_handlers handlers = { .accepted = on_accepted,
		.refused = on_refused, .message = on_message, .acked = on_acked, .data = broker };
	struct mqtt_link *link = NULL;
	int r = mqtt_link_new(broker->settings, broker->chair_id, &handlers, &link);

	if (r == 0)
		r = attempt_start(run_attempt, free_attempt, link, &broker->attempt_fd);
	if (r < 0) {
		mqtt_link_free(link);
		drop(broker, strerror(-r));
		return;
	}
	broker->state = BROKER_CONNECTING;
	r = sd_event_add_io(broker->event, &broker->io, broker->attempt_fd, EPOLLIN, on_attempt,
		broker);
	if (r < 0)
		drop(broker, strerror(-r));
	else
		arm_timer(broker);
}

// To disconnect while acknowledgements are unread would make the kernel reset the connection, and
// the broker lose what it has not read: first everything is acknowledged.
static void say_goodbye(struct broker *broker)
{
	if (publish_availability(broker, "offline") < 0) {
		closed(broker);
		return;
	}
	broker->state = BROKER_CLOSING;
	broker->deadline_us = now_us() + CLOSE_MAX_US;
	after_call(broker);
}

static void ping(struct broker *broker)
{
	int r = mqtt_link_ping(broker->link);

	broker_watch_pinged(&broker->watch, now_us());
	if (r < 0)
		drop(broker, mqtt_link_error(broker->link));
	else
		after_call(broker);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *data)
{
	struct broker *broker = data;

	(void)source;
	(void)usec;
	if (now_us() < next_us(broker))
		arm_timer(broker);
	else if (broker->close && broker->state < BROKER_CLOSING)
		say_goodbye(broker);
	else if (broker->state == BROKER_WAITING)
		connect_now(broker);
	else if (broker->state != BROKER_UP)
		drop(broker, "no answer");
	else if (broker_watch_is_silent(&broker->watch, now_us()))
		drop(broker, "silent");
	else
		ping(broker);
	return 0;
}

// --- for everyone -----------------------------------------------------------------------------

int broker_new(sd_event *event, const struct settings *settings, const char *chair_id,
	const struct broker_handlers *handlers, struct broker **ret_broker)
{
	struct broker *broker = calloc(1, sizeof(*broker));
	uint64_t seed;
	int r;

	if (!broker)
		return -ENOMEM;
	broker->event = sd_event_ref(event);
	broker->settings = settings;
	broker->handlers = *handlers;
	broker->attempt_fd = -1;
	broker_watch_begin(&broker->watch, 0, 0);
	snprintf(broker->chair_id, sizeof(broker->chair_id), "%s", chair_id);
	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) != sizeof(seed))
		seed = (uint64_t)now_us();
	backoff_init(&broker->backoff, RECONNECT_MIN_US, RECONNECT_MAX_US, seed);
	r = sd_event_add_time(event, &broker->timer, CLOCK_MONOTONIC, 0, 0, on_timer, broker);
	if (r < 0) {
		broker_free(broker);
		return r;
	}
	*ret_broker = broker;
	return 0;
}

struct broker *broker_free(struct broker *broker)
{
	if (!broker)
		return NULL;
	forget_link(broker);
	sd_event_source_disable_unref(broker->timer);
	sd_event_unref(broker->event);
	free(broker);
	return NULL;
}

int broker_publish(struct broker *broker, const struct publication *publication)
{
	int mid, r;

	if (broker->state != BROKER_UP)
		return -ENOTCONN;
	if (publication->qos ? broker_watch_is_full(&broker->watch) :
			mqtt_link_wants_write(broker->link))
		return -EAGAIN;
	r = mqtt_link_publish(broker->link, publication, &mid);
	if (r < 0)
		return r;
	broker_watch_wrote(&broker->watch, now_us());
	if (publication->qos)
		broker_watch_published(&broker->watch, now_us(), mid);
	// The socket may be gone or full: what is to be done about it is done from the loop.
	sd_event_source_set_io_events(broker->io, EPOLLIN |
		(mqtt_link_wants_write(broker->link) ? (uint32_t)EPOLLOUT : 0));
	arm_timer(broker);
	return 0;
}

void broker_close(struct broker *broker)
{
	broker->close = true; // from the loop: this may be within a handler of the link
	arm_timer(broker);
}
