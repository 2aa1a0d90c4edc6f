// SPDX-License-Identifier: MIT
#include "control/broker_watch.h"

void broker_watch_begin(struct broker_watch *watch, int64_t now_us, int64_t keepalive_us)
{
	*watch = (struct broker_watch){ .keepalive_us = keepalive_us, .in_us = now_us,
		.out_us = now_us, .owed_us = TIME_NEVER };
}

void broker_watch_heard(struct broker_watch *watch, int64_t now_us)
{
	watch->in_us = now_us;
	watch->owed_us = watch->n_unacked ? now_us : TIME_NEVER;
}

void broker_watch_wrote(struct broker_watch *watch, int64_t now_us)
{
	watch->out_us = now_us;
}

static void owe(struct broker_watch *watch, int64_t now_us)
{
	watch->owed_us = min_i64(watch->owed_us, now_us);
}

void broker_watch_pinged(struct broker_watch *watch, int64_t now_us)
{
	watch->in_us = watch->out_us = now_us; // the next ping is due a keep-alive from here
	owe(watch, now_us);
}

void broker_watch_published(struct broker_watch *watch, int64_t now_us, int mid)
{
	watch->unacked[watch->n_unacked++] = (uint16_t)mid;
	owe(watch, now_us);
}

void broker_watch_acked(struct broker_watch *watch, int mid)
{
	for (int i = 0; i < watch->n_unacked; i++) {
		if (watch->unacked[i] == mid) {
			watch->unacked[i] = watch->unacked[--watch->n_unacked];
			return;
		}
	}
}

bool broker_watch_is_idle(const struct broker_watch *watch)
{
	return watch->n_unacked == 0;
}

bool broker_watch_is_full(const struct broker_watch *watch)
{
	return watch->n_unacked == UNACKED_MAX;
}

static int64_t silent_us(const struct broker_watch *watch)
{
	return watch->owed_us == TIME_NEVER ? TIME_NEVER : watch->owed_us + ACK_MAX_US;
}

bool broker_watch_is_silent(const struct broker_watch *watch, int64_t now_us)
{
	return now_us >= silent_us(watch);
}

int64_t broker_watch_next_us(const struct broker_watch *watch)
{
	// libmosquitto counts in whole seconds: one more, so that it agrees that a ping is due.
	return min_i64(min_i64(watch->in_us, watch->out_us) + watch->keepalive_us + US_PER_S,
		silent_us(watch));
}
