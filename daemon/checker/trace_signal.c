// SPDX-License-Identifier: MIT
#include "checker/trace_signal.h"

#include <stdlib.h>

bool signal_set(struct signal *signal, int64_t now_us, bool on, int64_t bridge_us)
{
	if (on == signal->on)
		return true;
	if (!on) {
		signal->on = false;
		signal->spans[signal->n - 1].to_us = now_us;
		return true;
	}
	if (signal->n && now_us - signal->spans[signal->n - 1].to_us <= bridge_us) {
		signal->on = true; // the same span goes on
		return true;
	}
	if (signal->n == signal->capacity) {
		size_t capacity = signal->capacity ? 2 * signal->capacity : 16;
		struct span *spans = realloc(signal->spans, capacity * sizeof(*spans));

		if (!spans)
			return false;
		signal->spans = spans;
		signal->capacity = capacity;
	}
	signal->on = true;
	signal->spans[signal->n++] = (struct span){ now_us, now_us };
	return true;
}

void signal_clear(struct signal *signal)
{
	free(signal->spans);
	*signal = (struct signal){ 0 };
}

static int64_t on_within_us(const struct signal *signal, int64_t from_us, int64_t to_us)
{
	int64_t sum_us = 0;

	for (size_t i = 0; i < signal->n; i++) {
		int64_t begin_us = signal->spans[i].from_us, end_us = signal->spans[i].to_us;

		begin_us = begin_us > from_us ? begin_us : from_us;
		end_us = end_us < to_us ? end_us : to_us;
		sum_us += end_us > begin_us ? end_us - begin_us : 0;
	}
	return sum_us;
}

// The fullest window begins where a span begins or ends where one ends.
int64_t signal_longest_us(const struct signal *signal, int64_t window_us, int64_t *ret_from_us)
{
	int64_t most_us = 0;

	for (size_t i = 0; i < 2 * signal->n; i++) {
		const struct span *span = &signal->spans[i / 2];
		int64_t from_us = i % 2 ? span->to_us - window_us : span->from_us;
		int64_t on_us = on_within_us(signal, from_us, from_us + window_us);

		if (on_us > most_us) {
			most_us = on_us;
			*ret_from_us = from_us;
		}
	}
	return most_us;
}

int64_t signal_together_us(const struct signal *one, const struct signal *other)
{
	for (size_t i = 0, j = 0; i < one->n && j < other->n;) {
		const struct span *a = &one->spans[i], *b = &other->spans[j];

		if (a->from_us < b->to_us && b->from_us < a->to_us)
			return a->from_us > b->from_us ? a->from_us : b->from_us;
		if (a->to_us < b->to_us)
			i++;
		else
			j++;
	}
	return -1;
}
