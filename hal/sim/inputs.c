// SPDX-License-Identifier: MIT
#include "hal/sim/inputs.h"

#include <errno.h>
#include <string.h>

#include "hal/sim/noise.h"

void sim_inputs_init(struct sim_inputs *inputs, const struct chair *chair, uint64_t seed,
	uint64_t levels)
{
	memset(inputs, 0, sizeof(*inputs));
	inputs->chair = chair;
	inputs->seed = seed;
	inputs->sensed = inputs->levels = levels;
	for (size_t i = 0; i < chair->n_lines; i++)
		contact_init(&inputs->contacts[i], levels & LINE_BIT(i));
}

// Insert by time, because the edges of a step of the plant are not in order.
static void queue_event(struct sim_inputs *inputs, int64_t t_us, int line, bool active)
{
	size_t i;

	if (inputs->n_events == SIM_INPUTS_EVENTS_MAX) {
		inputs->lost = true;
		return;
	}
	for (i = inputs->n_events++; i > 0 && inputs->events[i - 1].t_us > t_us; i--)
		inputs->events[i] = inputs->events[i - 1];
	inputs->events[i] = (struct hal_event){ t_us, (uint8_t)line, active };
}

// Update the level that is read of a line, with an edge if it changes.
static void update_level(struct sim_inputs *inputs, int64_t t_us, int line)
{
	uint64_t bit = LINE_BIT(line);
	uint64_t levels = inputs->stuck & bit ? inputs->stuck_levels : inputs->sensed;
	bool active = levels & bit;

	if (active == !!(inputs->levels & bit))
		return;
	inputs->levels ^= bit;
	if (active || inputs->chair->lines[line].role != ROLE_PULSE)
		queue_event(inputs, t_us, line, active);
}

static void sense(struct sim_inputs *inputs, int64_t t_us, int line, bool active)
{
	uint64_t bit = LINE_BIT(line);

	inputs->sensed = active ? inputs->sensed | bit : inputs->sensed & ~bit;
	update_level(inputs, t_us, line);
	if (active && inputs->welding & bit)
		sim_inputs_stick(inputs, t_us, line, true);
}

static void settle_contact(struct sim_inputs *inputs, int line, int64_t until_us)
{
	struct contact *contact = &inputs->contacts[line];
	int64_t t_us;

	while (contact_take_toggle(contact, until_us, &t_us))
		sense(inputs, t_us, line, contact->level);
	if (contact_next_us(contact) == TIME_NEVER)
		inputs->bouncing &= ~LINE_BIT(line);
}

void sim_inputs_contact(struct sim_inputs *inputs, int64_t t_us, int line, bool active)
{
	settle_contact(inputs, line, t_us);
	contact_change(&inputs->contacts[line], t_us, active,
		noise_bits(inputs->seed, NOISE_BOUNCE, (uint64_t)line, inputs->n_changes++));
	inputs->bouncing |= LINE_BIT(line);
}

void sim_inputs_hall(struct sim_inputs *inputs, int64_t t_us, int line, bool active)
{
	sense(inputs, t_us, line, active);
}

void sim_inputs_stick(struct sim_inputs *inputs, int64_t t_us, int line, bool level)
{
	uint64_t bit = LINE_BIT(line);

	inputs->stuck |= bit;
	inputs->stuck_levels = level ? inputs->stuck_levels | bit : inputs->stuck_levels & ~bit;
	update_level(inputs, t_us, line);
}

void sim_inputs_unstick(struct sim_inputs *inputs, int64_t t_us, int line)
{
	inputs->stuck &= ~LINE_BIT(line);
	update_level(inputs, t_us, line);
}

void sim_inputs_chatter(struct sim_inputs *inputs, int64_t t_us, int line, int64_t period_us)
{
	uint64_t bit = LINE_BIT(line);

	inputs->chatter_us[line] = period_us;
	inputs->chatter_next_us[line] = t_us + period_us;
	if (period_us) {
		inputs->chattering |= bit;
		sim_inputs_stick(inputs, t_us, line, inputs->levels & bit);
	} else {
		inputs->chattering &= ~bit;
		sim_inputs_unstick(inputs, t_us, line);
	}
}

static void settle_chatter(struct sim_inputs *inputs, int line, int64_t until_us)
{
	while (inputs->chatter_next_us[line] <= until_us) {
		int64_t t_us = inputs->chatter_next_us[line];

		sim_inputs_stick(inputs, t_us, line, !(inputs->stuck_levels & LINE_BIT(line)));
		inputs->chatter_next_us[line] = t_us + inputs->chatter_us[line];
	}
}

void sim_inputs_weld(struct sim_inputs *inputs, int64_t t_us, int line, bool welds)
{
	uint64_t bit = LINE_BIT(line);

	inputs->welding = welds ? inputs->welding | bit : inputs->welding & ~bit;
	if (!welds)
		sim_inputs_unstick(inputs, t_us, line);
	else if (inputs->levels & bit)
		sim_inputs_stick(inputs, t_us, line, true);
}

void sim_inputs_settle(struct sim_inputs *inputs, int64_t t_us)
{
	for (uint64_t left = inputs->chattering; left; left &= left - 1)
		settle_chatter(inputs, __builtin_ctzll(left), t_us);
	for (uint64_t left = inputs->bouncing; left; left &= left - 1)
		settle_contact(inputs, __builtin_ctzll(left), t_us);
}

int sim_inputs_take_events(struct sim_inputs *inputs, struct hal_event *events, size_t capacity)
{
	size_t n = inputs->n_events < capacity ? inputs->n_events : capacity;

	if (inputs->lost) {
		inputs->lost = false;
		return -EOVERFLOW;
	}
	if (n == 0)
		return 0;
	memcpy(events, inputs->events, n * sizeof(*events));
	inputs->n_events -= n;
	memmove(inputs->events, inputs->events + n, inputs->n_events * sizeof(*events));
	return (int)n;
}

int64_t sim_inputs_next_us(const struct sim_inputs *inputs)
{
	int64_t next_us = TIME_NEVER;

	if (inputs->n_events)
		return inputs->events[0].t_us;
	for (uint64_t left = inputs->bouncing; left; left &= left - 1)
		next_us = min_i64(next_us,
			contact_next_us(&inputs->contacts[__builtin_ctzll(left)]));
	for (uint64_t left = inputs->chattering; left; left &= left - 1)
		next_us = min_i64(next_us, inputs->chatter_next_us[__builtin_ctzll(left)]);
	return next_us;
}
