// SPDX-License-Identifier: MIT
#include "control/mqtt_liveness.h"

void mqtt_liveness_begin(struct mqtt_liveness *liveness, int64_t now_us, int64_t keepalive_us)
{
	*liveness = (struct mqtt_liveness){ .keepalive_us = keepalive_us,
		.in_us = now_us,
		.out_us = now_us,
		.waiting_us = TIME_NEVER };
}

void mqtt_liveness_heard(struct mqtt_liveness *liveness, int64_t now_us)
{
	liveness->in_us = now_us;
	liveness->waiting_us = liveness->n_unacked ? now_us : TIME_NEVER;
}

void mqtt_liveness_wrote(struct mqtt_liveness *liveness, int64_t now_us)
{
	liveness->out_us = now_us;
}

static void await_answer(struct mqtt_liveness *liveness, int64_t now_us)
{
	liveness->waiting_us = min_i64(liveness->waiting_us, now_us);
}

void mqtt_liveness_pinged(struct mqtt_liveness *liveness, int64_t now_us)
{
	liveness->in_us = liveness->out_us = now_us; // the next ping is due a keep-alive from here
	await_answer(liveness, now_us);
}

void mqtt_liveness_published(struct mqtt_liveness *liveness, int64_t now_us, int mid)
{
	liveness->unacked[liveness->n_unacked++] = (uint16_t)mid;
	await_answer(liveness, now_us);
}

void mqtt_liveness_acked(struct mqtt_liveness *liveness, int mid)
{
	for (int i = 0; i < liveness->n_unacked; i++) {
		if (liveness->unacked[i] == mid) {
			liveness->unacked[i] = liveness->unacked[--liveness->n_unacked];
			return;
		}
	}
}

bool mqtt_liveness_is_idle(const struct mqtt_liveness *liveness)
{
	return liveness->n_unacked == 0;
}

bool mqtt_liveness_is_full(const struct mqtt_liveness *liveness, bool refusal)
{
	return liveness->n_unacked >= (refusal ? UNACKED_REFUSALS_MAX : UNACKED_MAX);
}

static int64_t silent_us(const struct mqtt_liveness *liveness)
{
	return liveness->waiting_us == TIME_NEVER ? TIME_NEVER : liveness->waiting_us + ACK_MAX_US;
}

bool mqtt_liveness_is_silent(const struct mqtt_liveness *liveness, int64_t now_us)
{
	return now_us >= silent_us(liveness);
}

int64_t mqtt_liveness_next_us(const struct mqtt_liveness *liveness)
{
	// libmosquitto counts whole seconds: one more, so that it, too, finds a ping due.
	return min_i64(min_i64(liveness->in_us, liveness->out_us) + liveness->keepalive_us +
			US_PER_S,
		silent_us(liveness));
}
