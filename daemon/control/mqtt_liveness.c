// SPDX-License-Identifier: MIT
#include "control/mqtt_liveness.h"

void mqtt_liveness_begin(struct mqtt_liveness *watch, int64_t now_us, int64_t keepalive_us)
{
	*watch = (struct mqtt_liveness){ .keepalive_us = keepalive_us,
		.in_us = now_us,
		.out_us = now_us,
		.owed_us = TIME_NEVER };
}

void mqtt_liveness_heard(struct mqtt_liveness *watch, int64_t now_us)
{
	watch->in_us = now_us;
	watch->owed_us = watch->n_unacked ? now_us : TIME_NEVER;
}

void mqtt_liveness_wrote(struct mqtt_liveness *watch, int64_t now_us)
{
	watch->out_us = now_us;
}

static void owe(struct mqtt_liveness *watch, int64_t now_us)
{
	watch->owed_us = min_i64(watch->owed_us, now_us);
}

void mqtt_liveness_pinged(struct mqtt_liveness *watch, int64_t now_us)
{
	watch->in_us = watch->out_us = now_us; // the next ping is due a keep-alive from here
	owe(watch, now_us);
}

void mqtt_liveness_published(struct mqtt_liveness *watch, int64_t now_us, int mid)
{
	watch->unacked[watch->n_unacked++] = (uint16_t)mid;
	owe(watch, now_us);
}

void mqtt_liveness_acked(struct mqtt_liveness *watch, int mid)
{
	for (int i = 0; i < watch->n_unacked; i++) {
		if (watch->unacked[i] == mid) {
			watch->unacked[i] = watch->unacked[--watch->n_unacked];
			return;
		}
	}
}

bool mqtt_liveness_is_idle(const struct mqtt_liveness *watch)
{
	return watch->n_unacked == 0;
}

bool mqtt_liveness_is_full(const struct mqtt_liveness *watch)
{
	return watch->n_unacked == UNACKED_MAX;
}

static int64_t silent_us(const struct mqtt_liveness *watch)
{
	return watch->owed_us == TIME_NEVER ? TIME_NEVER : watch->owed_us + ACK_MAX_US;
}

bool mqtt_liveness_is_silent(const struct mqtt_liveness *watch, int64_t now_us)
{
	return now_us >= silent_us(watch);
}

int64_t mqtt_liveness_next_us(const struct mqtt_liveness *watch)
{
	// libmosquitto counts in whole seconds: one more, so that it agrees that a ping is due.
	return min_i64(min_i64(watch->in_us, watch->out_us) + watch->keepalive_us + US_PER_S,
		silent_us(watch));
}
