// SPDX-License-Identifier: MIT
#include "ctl/follow.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/interrupt.h"
#include "ctl/request.h"
#include "ctl/session_record.h"
#include "service/clock.h"

#define WRAP_INDENT 4

// Begin a line of its own in place of the live one, which is drawn again below it.
static void begin_line(const struct follow *follow)
{
	if (follow->terminal.live)
		fputs("\r\033[K", stdout);
}

// A line that is composed before it is printed.
struct text {
	FILE *stream;
	char *bytes;
	size_t n;
};

static FILE *begin_text(struct text *text)
{
	*text = (struct text){ 0 };
	text->stream = open_memstream(&text->bytes, &text->n);
	return text->stream;
}

// Print the line, wrapped to the width of the terminal.
static void end_text(const struct follow *follow, struct text *text)
{
	struct terminal terminal = follow->terminal;

	fputc('\n', text->stream);
	if (fclose(text->stream) == 0) {
		terminal.columns = terminal.live ? terminal_columns(stdout) : 0;
		begin_line(follow);
		terminal_wrap(stdout, &terminal, WRAP_INDENT, text->bytes);
	}
	free(text->bytes);
}

static void on_state(struct follow *follow, const json_t *state, const char *below)
{
	char line[PROGRESS_SIZE];
	struct progress progress;

	(void)below;
	if (!view_state(&follow->view, state) || follow->terminal.live)
		return;
	progress = view_progress(&follow->view);
	printf("state %s\n", progress_line(line, &progress));
}

static void on_target(struct follow *follow, const json_t *target, const char *below)
{
	(void)below;
	view_target(&follow->view, target);
}

static void on_telemetry(struct follow *follow, const json_t *telemetry, const char *below)
{
	(void)below;
	view_telemetry(&follow->view, telemetry);
}

static void on_hold(struct follow *follow, const json_t *event, FILE *stream)
{
	struct table_row row;

	if (!view_hold(event, &row))
		return;
	table_add(&follow->table, &row);
	fprintf(stream, " target=%.1f mean=%.1f minimum=%.1f unit=%s seconds=%.1f in_band=%.3f",
		row.hold.target, row.hold.mean, row.hold.minimum, table_unit(row.hold.unit),
		row.hold.seconds, row.hold.in_band);
}

// The cause, or the guard's reason if it released by itself or tripped; "" if there is none. The
// text of it, for people, is the event's.
static const char *event_why(const json_t *event, char why[NAME_SIZE])
{
	const char *text = json_string_value(json_object_get(event, "text"));
	char reason[NAME_SIZE];

	view_word(event, "cause", "", why);
	if ((!*why || strcmp(why, "guard") == 0) && *view_word(event, "reason", "", reason)) {
		memcpy(why, reason, sizeof(reason));
		text = json_string_value(json_object_get(event, "reason_text"));
	}
	return text ? text : "";
}

static void on_event(struct follow *follow, const json_t *event, const char *below)
{
	char type[NAME_SIZE], points[LABEL_SIZE], why[NAME_SIZE];
	const char *reason = event_why(event, why);
	struct text text;

	(void)below;
	view_word(event, "event_type", "unknown", type);
	if (!begin_text(&text))
		return;
	fprintf(text.stream, "event %s", type);
	if (*view_points(event, points))
		fprintf(text.stream, " points=%s", points);
	if (*why)
		fprintf(text.stream, " why=%s", why);
	if (*reason) {
		fputs(" (", text.stream);
		terminal_print(text.stream, reason);
		fputc(')', text.stream);
	}
	if (strcmp(type, "hold_done") == 0)
		on_hold(follow, event, text.stream);
	end_text(follow, &text);

	if (strcmp(type, "started") == 0)
		follow->started = true;
	else if (strcmp(type, "hold_reached") == 0)
		follow->reached++;
	else if (strcmp(type, "completed") == 0 && follow->started)
		follow->end = FOLLOW_COMPLETED;
	else if ((strcmp(type, "aborted") == 0 || strcmp(type, "tripped") == 0) &&
		follow->started) {
		follow->end = FOLLOW_BROKEN_OFF;
		memcpy(follow->why, why, sizeof(why));
		snprintf(follow->reason, sizeof(follow->reason), "%s", reason);
	}
}

static void on_alert(struct follow *follow, const json_t *alert, const char *below)
{
	const char *message = json_string_value(json_object_get(alert, "text"));
	struct text text;

	if (!begin_text(&text))
		return;
	fputs("alert ", text.stream);
	terminal_print(text.stream, below);
	fputc(' ', text.stream);
	terminal_print(text.stream, message ? message : "over"); // the empty payload
	end_text(follow, &text);
}

static void on_availability(struct follow *follow, const struct broker_message *message)
{
	enum follow_presence presence = strcmp(message->payload, "online") == 0 ? FOLLOW_ONLINE
										: FOLLOW_OFFLINE;

	if (presence == follow->presence)
		return; // it is retained, and received by two subscriptions
	follow->presence = presence;
	begin_line(follow);
	printf("availability %s\n", presence == FOLLOW_ONLINE ? "online" : "offline");
}

static const struct {
	const char *topic; // a prefix if it ends in a slash
	void (*on_message)(struct follow *follow, const json_t *payload, const char *below);
} reports[] = {
	{ "state", on_state },
	{ "target", on_target },
	{ "telemetry", on_telemetry },
	{ "event", on_event },
	{ "alert/", on_alert },
};

static void record(struct follow *follow, const struct broker_message *message)
{
	double t_s = (double)(clock_monotonic_us() - follow->begun_us) / US_PER_S;

	if (follow->record && session_record_write(follow->record, t_s, message) < 0)
		follow->record_failed = true;
}

static void on_message(void *data, const struct broker_message *message)
{
	struct follow *follow = data;
	json_auto_t *payload = json_loadb(message->payload, message->size, 0, NULL);

	record(follow, message);
	if (strcmp(message->topic, "availability") == 0)
		on_availability(follow, message);
	for (size_t i = 0; i < sizeof(reports) / sizeof(*reports); i++) {
		size_t n = strlen(reports[i].topic);
		bool prefix = reports[i].topic[n - 1] == '/';

		if (strncmp(message->topic, reports[i].topic, n) == 0 &&
			(prefix || !message->topic[n]))
			reports[i].on_message(follow, payload, message->topic + n);
	}
}

int follow_begin(struct follow *follow, struct broker *broker)
{
	static const char *const topics[] = { "availability", "state", "target", "telemetry",
		"event", "alert/#", NULL };

	*follow = (struct follow){ .terminal = terminal_detect(stdout),
		.begun_us = clock_monotonic_us() };
	view_init(&follow->view);
	return broker_follow(broker, topics, on_message, follow);
}

static void draw(const struct follow *follow)
{
	struct progress progress = view_progress(&follow->view);
	char line[PROGRESS_SIZE];

	if (follow->terminal.live)
		printf("\r\033[K%s",
			progress_bar(line, &progress, terminal_columns(stdout) - 1,
				follow->terminal.utf8));
	fflush(stdout);
}

static int lost(const struct follow *follow, int error)
{
	begin_line(follow);
	terminal_error("no-broker", NULL, "lost the broker: %s", strerror(-error));
	return EXIT_NO_ANSWER;
}

// Print the result of the session, and return the exit code.
static int conclude(struct follow *follow)
{
	struct terminal *terminal = &follow->terminal;
	size_t measured = follow->table.n + follow->table.dropped;

	begin_line(follow);
	putchar('\n');
	if (terminal->live)
		terminal->columns = terminal_columns(stdout);
	if (follow->table.n > 0)
		table_print(stdout, &follow->table, terminal);
	if (follow->end == FOLLOW_GOING) {
		terminal_error("unknown", "see chairctl watch", "%s",
			follow->presence == FOLLOW_OFFLINE ? "the chair went offline"
							   : "the session may still be going on");
		return EXIT_NO_ANSWER;
	}
	if (follow->end == FOLLOW_BROKEN_OFF) {
		terminal_error(follow->why, NULL, "the session was broken off%s%s",
			*follow->reason ? ": " : "", follow->reason);
		return EXIT_REFUSED;
	}
	if (measured != follow->reached) {
		terminal_error("not-held", NULL, "%zu holds began, %zu were held to their end",
			follow->reached, measured);
		return EXIT_REFUSED;
	}
	if (!table_good(&follow->table)) {
		terminal_error("not-held", NULL,
			"not every hold was within 10 %% of its target for %.0f %% of its time",
			100 * HOLD_IN_BAND_MIN);
		return EXIT_REFUSED;
	}
	printf("\n%scompleted%s, holds: %zu\n", terminal_good(terminal), terminal_plain(terminal),
		measured);
	return EXIT_OK;
}

int follow_session(struct follow *follow, struct broker *broker, const struct options *options)
{
	bool stopping = false;

	interrupt_block();
	while (follow->end == FOLLOW_GOING && follow->presence != FOLLOW_OFFLINE) {
		int r = broker_wait(broker, TIME_NEVER);

		if (r < 0)
			return lost(follow, r);
		draw(follow);
		if (!interrupt_take())
			continue;
		if (stopping)
			break;
		stopping = true;
		begin_line(follow);
		printf("stopping\n");
		json_auto_t *data = NULL;
		r = request_send(broker, options, "stop", NULL, &data);
		if (r != EXIT_OK)
			return r;
	}
	return conclude(follow);
}

static int cannot_record(const struct follow *follow)
{
	begin_line(follow);
	terminal_error("file", NULL, "the record cannot be written");
	return EXIT_REFUSED;
}

int follow_watch(struct follow *follow, struct broker *broker)
{
	interrupt_block();
	while (!interrupt_take()) {
		int r = broker_wait(broker, TIME_NEVER);

		if (r < 0)
			return lost(follow, r);
		draw(follow);
		if (follow->record_failed)
			return cannot_record(follow);
		if (ferror(stdout))
			return EXIT_REFUSED; // the reader has closed the pipe
	}
	begin_line(follow);
	return EXIT_OK;
}
