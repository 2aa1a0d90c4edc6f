// SPDX-License-Identifier: MIT
#include "hal/senses.h"

#include <errno.h>
#include <string.h>

#include "hal/noise.h"

void senses_init(struct senses *senses, const struct chair *chair, uint64_t seed, uint64_t levels)
{
	memset(senses, 0, sizeof(*senses));
	senses->chair = chair;
	senses->seed = seed;
	senses->sensed = senses->levels = levels;
	for (size_t i = 0; i < chair->n_lines; i++)
		contact_init(&senses->contacts[i], levels & LINE_BIT(i));
}

// In order of time: what a step of the plant finds does not come so.
static void queue_event(struct senses *senses, int64_t t_us, int line, bool active)
{
	size_t i;

	if (senses->n_events == SENSES_EVENTS_MAX) {
		senses->lost = true;
		return;
	}
	for (i = senses->n_events++; i > 0 && senses->events[i - 1].t_us > t_us; i--)
		senses->events[i] = senses->events[i - 1];
	senses->events[i] = (struct hal_event){ t_us, (uint8_t)line, active };
}

// What is read of a line may have changed.
static void publish(struct senses *senses, int64_t t_us, int line)
{
	uint64_t bit = LINE_BIT(line);
	uint64_t levels = senses->stuck & bit ? senses->stuck_levels : senses->sensed;
	bool active = levels & bit;

	if (active == !!(senses->levels & bit))
		return;
	senses->levels ^= bit;
	if (active || senses->chair->lines[line].role != ROLE_PULSE)
		queue_event(senses, t_us, line, active);
}

static void sense(struct senses *senses, int64_t t_us, int line, bool active)
{
	uint64_t bit = LINE_BIT(line);

	senses->sensed = active ? senses->sensed | bit : senses->sensed & ~bit;
	publish(senses, t_us, line);
	if (active && senses->welding & bit)
		senses_stick(senses, t_us, line, true);
}

static void settle_contact(struct senses *senses, int line, int64_t until_us)
{
	struct contact *contact = &senses->contacts[line];
	int64_t t_us;

	while (contact_take(contact, until_us, &t_us))
		sense(senses, t_us, line, contact->level);
	if (contact_next_us(contact) == TIME_NEVER)
		senses->bouncing &= ~LINE_BIT(line);
}

void senses_contact(struct senses *senses, int64_t t_us, int line, bool active)
{
	settle_contact(senses, line, t_us);
	contact_change(&senses->contacts[line], t_us, active,
		noise_bits(senses->seed, NOISE_BOUNCE, (uint64_t)line, senses->n_changes++));
	senses->bouncing |= LINE_BIT(line);
}

void senses_hall(struct senses *senses, int64_t t_us, int line, bool active)
{
	sense(senses, t_us, line, active);
}

void senses_stick(struct senses *senses, int64_t t_us, int line, bool level)
{
	uint64_t bit = LINE_BIT(line);

	senses->stuck |= bit;
	senses->stuck_levels = level ? senses->stuck_levels | bit : senses->stuck_levels & ~bit;
	publish(senses, t_us, line);
}

void senses_unstick(struct senses *senses, int64_t t_us, int line)
{
	senses->stuck &= ~LINE_BIT(line);
	publish(senses, t_us, line);
}

void senses_chatter(struct senses *senses, int64_t t_us, int line, int64_t period_us)
{
	uint64_t bit = LINE_BIT(line);

	senses->chatter_us[line] = period_us;
	senses->chatter_next_us[line] = t_us + period_us;
	if (period_us) {
		senses->chattering |= bit;
		senses_stick(senses, t_us, line, senses->levels & bit);
	} else {
		senses->chattering &= ~bit;
		senses_unstick(senses, t_us, line);
	}
}

static void settle_chatter(struct senses *senses, int line, int64_t until_us)
{
	while (senses->chatter_next_us[line] <= until_us) {
		int64_t t_us = senses->chatter_next_us[line];

		senses_stick(senses, t_us, line, !(senses->stuck_levels & LINE_BIT(line)));
		senses->chatter_next_us[line] = t_us + senses->chatter_us[line];
	}
}

void senses_weld(struct senses *senses, int64_t t_us, int line, bool welds)
{
	uint64_t bit = LINE_BIT(line);

	senses->welding = welds ? senses->welding | bit : senses->welding & ~bit;
	if (!welds)
		senses_unstick(senses, t_us, line);
	else if (senses->levels & bit)
		senses_stick(senses, t_us, line, true);
}

void senses_settle(struct senses *senses, int64_t t_us)
{
	for (uint64_t left = senses->chattering; left; left &= left - 1)
		settle_chatter(senses, __builtin_ctzll(left), t_us);
	for (uint64_t left = senses->bouncing; left; left &= left - 1)
		settle_contact(senses, __builtin_ctzll(left), t_us);
}

int senses_take(struct senses *senses, struct hal_event *events, size_t capacity)
{
	size_t n = senses->n_events < capacity ? senses->n_events : capacity;

	if (senses->lost) {
		senses->lost = false;
		return -EOVERFLOW;
	}
	if (n == 0)
		return 0;
	memcpy(events, senses->events, n * sizeof(*events));
	senses->n_events -= n;
	memmove(senses->events, senses->events + n, senses->n_events * sizeof(*events));
	return (int)n;
}

int64_t senses_next_us(const struct senses *senses)
{
	int64_t next_us = TIME_NEVER;

	if (senses->n_events)
		return senses->events[0].t_us;
	for (uint64_t left = senses->bouncing; left; left &= left - 1)
		next_us = min_i64(next_us,
			contact_next_us(&senses->contacts[__builtin_ctzll(left)]));
	for (uint64_t left = senses->chattering; left; left &= left - 1)
		next_us = min_i64(next_us, senses->chatter_next_us[__builtin_ctzll(left)]);
	return next_us;
}
