// SPDX-License-Identifier: MIT
#include "control/guard_link.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "control/backoff.h"
#include "core/units.h"
#include "service/clock.h"
#include "service/log.h"

#define RECONNECT_MIN_US   (100 * US_PER_MS)
#define RECONNECT_MAX_US   (2 * US_PER_S)
#define FRAMES_PER_WAKE_UP 32

struct guard_link {
	sd_event *event;
	sd_event_source *connect_timer, *wake_timer, *io;
	struct sockaddr_un address;
	struct guard_link_handlers handlers;
	struct backoff backoff;
	int fd; // -1: not connected
	bool up;
	bool logged_lost; // the loss of the guard: once, not at every attempt
	// The guard requires rising numbers. The session numbers its frames, and the link sends
	// queries in between: on the wire a frame has the session's number plus `queries`.
	uint32_t session_seq, queries;
	// The time that a guard in lockstep grants, and its offset from ours: zero, unless there
	// was another guard or connection before.
	bool granted, granted_once;
	int64_t now_us, offset_us;
	uint32_t turn;
};

static int on_io(sd_event_source *source, int fd, uint32_t events, void *data);

static void close_socket(struct guard_link *link)
{
	link->io = sd_event_source_disable_unref(link->io);
	if (link->fd >= 0)
		close(link->fd);
	link->fd = -1;
}

static int open_socket(struct guard_link *link)
{
	link->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (link->fd < 0)
		return -errno;
	if (connect(link->fd, (const struct sockaddr *)&link->address, sizeof(link->address)) < 0)
		return -errno;
	return 0;
}

static void try_later(struct guard_link *link)
{
	close_socket(link);
	sd_event_source_set_time_relative(link->connect_timer,
		(uint64_t)backoff_next_us(&link->backoff));
	sd_event_source_set_enabled(link->connect_timer, SD_EVENT_ONESHOT);
}

static void drop(struct guard_link *link)
{
	bool was_up = link->up;

	link->up = link->granted = false;
	sd_event_source_set_enabled(link->wake_timer, SD_EVENT_OFF);
	try_later(link);
	if (!was_up)
		return;
	log_warning("guard: the connection is lost");
	link->logged_lost = true;
	link->handlers.down(link->handlers.data);
}

static int on_connect_timer(sd_event_source *source, uint64_t usec, void *data)
{
	struct guard_link *link = data;
	int r = open_socket(link);

	(void)source;
	(void)usec;
	if (r == 0)
		r = sd_event_add_io(link->event, &link->io, link->fd, EPOLLIN, on_io, link);
	if (r >= 0) // before the network: the guard's reports steer the motors
		r = sd_event_source_set_priority(link->io, SD_EVENT_PRIORITY_IMPORTANT);
	if (r >= 0)
		r = guard_link_query(link);
	if (r < 0) {
		if (!link->logged_lost)
			log_warning("guard: %s: %s; trying again", link->address.sun_path,
				strerror(-r));
		link->logged_lost = true;
		try_later(link);
	}
	return 0;
}

static int on_wake_timer(sd_event_source *source, uint64_t usec, void *data)
{
	struct guard_link *link = data;

	(void)source;
	(void)usec;
	link->handlers.reports_drained(link->handlers.data);
	return 0;
}

int guard_link_new(sd_event *event, const char *path, const struct guard_link_handlers *handlers,
	struct guard_link **ret_link)
{
	struct guard_link *link;
	uint64_t seed = 1;
	int r;

	if (strlen(path) >= sizeof(link->address.sun_path))
		return -ENAMETOOLONG;
	link = calloc(1, sizeof(*link));
	if (!link)
		return -ENOMEM;
	link->event = sd_event_ref(event);
	link->handlers = *handlers;
	link->address.sun_family = AF_UNIX;
	strcpy(link->address.sun_path, path);
	link->fd = -1;
	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) < 0)
		seed = (uint64_t)getpid();
	backoff_init(&link->backoff, RECONNECT_MIN_US, RECONNECT_MAX_US, seed);
	// Both before the network: the leases depend on them.
	r = sd_event_add_time(event, &link->wake_timer, CLOCK_MONOTONIC, UINT64_MAX, US_PER_MS,
		on_wake_timer, link);
	if (r >= 0)
		r = sd_event_source_set_priority(link->wake_timer, SD_EVENT_PRIORITY_IMPORTANT);
	if (r >= 0)
		r = sd_event_add_time(event, &link->connect_timer, CLOCK_MONOTONIC, 0,
			10 * US_PER_MS, on_connect_timer, link);
	if (r < 0) {
		guard_link_free(link);
		return r;
	}
	*ret_link = link;
	return 0;
}

struct guard_link *guard_link_free(struct guard_link *link)
{
	if (!link)
		return NULL;
	close_socket(link);
	sd_event_source_disable_unref(link->connect_timer);
	sd_event_source_disable_unref(link->wake_timer);
	sd_event_unref(link->event);
	free(link);
	return NULL;
}

// Sequence number of the session for one of the wire, as in a report. A number that is too low is
// harmless: the session then waits for the next report.
static uint32_t session_number(const struct guard_link *link, uint32_t wire_seq)
{
	uint32_t seq = wire_seq - link->queries;

	return (int32_t)(seq - link->session_seq) > 0 ? link->session_seq : seq;
}

static void handle_grant(struct guard_link *link, const struct wire_grant *grant)
{
	if (!link->granted && link->granted_once)
		link->offset_us = clock_monotonic_us() - grant->now_us;
	link->granted = link->granted_once = true;
	link->turn = grant->turn;
	link->now_us = grant->now_us + link->offset_us;
	link->handlers.reports_drained(link->handlers.data);
}

static void handle_frame(struct guard_link *link, union wire_frame *frame, size_t size)
{
	struct wire_report *report = &frame->report;

	if (wire_check_grant(frame, size)) {
		handle_grant(link, &frame->grant);
		return;
	}
	if (!wire_check_report(frame, size)) {
		log_warning("guard: a report is malformed: connecting again");
		drop(link);
		return;
	}
	report->header.seq = session_number(link, report->header.seq);
	if (link->granted)
		link->now_us = report->now_us + link->offset_us;
	if (!link->up) {
		link->up = true;
		link->logged_lost = false;
		backoff_reset(&link->backoff);
		log_info("guard: connected");
		link->handlers.up(link->handlers.data);
	}
	link->handlers.report(link->handlers.data, report);
}

static int on_io(sd_event_source *source, int fd, uint32_t events, void *data)
{
	union wire_frame frame;
	struct guard_link *link = data;

	(void)source;
	(void)events;
	for (int i = 0; i < FRAMES_PER_WAKE_UP && link->fd >= 0; i++) {
		ssize_t n = recv(fd, &frame, sizeof(frame), MSG_DONTWAIT | MSG_TRUNC);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			break;
		if (n <= 0)
			drop(link);
		else
			handle_frame(link, &frame, (size_t)n);
	}
	if (link->up && !link->granted)
		link->handlers.reports_drained(link->handlers.data);
	return 0;
}

static int transmit(struct guard_link *link, const void *message, size_t size)
{
	if (link->fd < 0)
		return -ENOTCONN;
	// The loop sees every other error as end of file.
	if (send(link->fd, message, size, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		return -errno;
	return 0;
}

int guard_link_send(struct guard_link *link, const union wire_frame *frames, size_t n)
{
	unsigned char message[WIRE_MESSAGE_MAX];
	size_t size = 0;

	for (size_t i = 0; i < n; i++) {
		struct wire_header header = frames[i].header;

		link->session_seq = header.seq;
		header.seq += link->queries;
		memcpy(message + size, &frames[i], header.length);
		memcpy(message + size, &header, sizeof(header));
		size += header.length;
	}
	return n ? transmit(link, message, size) : 0;
}

int64_t guard_link_now_us(const struct guard_link *link)
{
	return link->granted ? link->now_us : clock_monotonic_us();
}

int64_t guard_link_age_us(const struct guard_link *link, const struct wire_report *report)
{
	return link->granted ? 0 : clock_monotonic_us() - report->now_us;
}

void guard_link_wake(struct guard_link *link, int64_t next_us, uint32_t phase)
{
	bool timer = !link->granted && next_us != TIME_NEVER;
	union wire_frame frame = { .next = {
					   .turn = link->turn,
					   .phase = phase,
					   .next_us = next_us == TIME_NEVER
						   ? TIME_NEVER
						   : next_us - link->offset_us,
				   } };

	if (timer)
		sd_event_source_set_time(link->wake_timer, (uint64_t)next_us);
	sd_event_source_set_enabled(link->wake_timer, timer ? SD_EVENT_ONESHOT : SD_EVENT_OFF);
	if (!link->granted)
		return;
	wire_header_init(&frame.header, WIRE_NEXT, sizeof(frame.next), 0);
	transmit(link, &frame, frame.header.length);
}

int guard_link_query(struct guard_link *link)
{
	union wire_frame frame;

	link->queries++;
	wire_header_init(&frame.header, WIRE_QUERY, sizeof(frame.bare),
		link->session_seq + link->queries);
	return transmit(link, &frame, frame.header.length);
}

bool guard_link_is_up(const struct guard_link *link)
{
	return link->up;
}
