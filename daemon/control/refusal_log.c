// SPDX-License-Identifier: MIT
#include "control/refusal_log.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define CUT " ..."

// Printable ASCII as it is, other bytes as \xNN; cut with " ..." where it does not fit.
static void escape(const void *bytes, size_t size, char *ret, size_t ret_size)
{
	const unsigned char *at = bytes, *end = at + size;
	size_t used = 0, room = ret_size - sizeof(CUT);

	for (; at < end && used + 4 <= room; at++) {
		if (*at >= ' ' && *at <= '~' && *at != '\\')
			ret[used++] = (char)*at;
		else
			used += (size_t)sprintf(ret + used, "\\x%02x", *at);
	}
	ret[used] = '\0';
	if (at < end)
		strcpy(ret + used, CUT);
}

void refusal_log_init(struct refusal_log *log)
{
	*log = (struct refusal_log){ 0 };
	rate_limit_init(&log->limit, REFUSAL_LOG_PER_S, REFUSAL_LOG_BURST);
}

void refusal_log_line(struct refusal_log *log, int64_t now_us, const struct mqtt_message *message,
	const struct request_error *refused, char ret_line[REFUSAL_LINE_SIZE])
{
	char topic[100], payload[100], text[260], more[60] = "";

	ret_line[0] = '\0';
	if (!rate_limit_take(&log->limit, now_us)) {
		log->skipped++;
		return;
	}
	escape(message->topic, strlen(message->topic), topic, sizeof(topic));
	escape(message->payload, message->size, payload, sizeof(payload));
	escape(refused->message, strlen(refused->message), text, sizeof(text));
	if (log->skipped)
		snprintf(more, sizeof(more), "; %" PRIu64 " more refusals were not logged",
			log->skipped);
	log->skipped = 0;
	snprintf(ret_line, REFUSAL_LINE_SIZE, "refused %s \"%s\": %s%s", topic, payload, text,
		more);
}
