// SPDX-License-Identifier: MIT
//
// Debounced contacts. A level is accepted once it has been steady for the contact's debounce time:
//
//   raw      ______|~|_|~|__|~~~~~~~~~~~~~~~~~~|_|~~~~~~~~~~~
//                           :<- debounce ->:     :<- debounce ->:
//   stable   ______________________________|~~~~~~~~~~~~~~~~~
//                                           a glitch: no effect
//
// The E-stop acts before it is accepted. All outputs are cut at its first edge, and come back
// (through slew, from zero) only once it has been closed for the debounce time again:
//
//   raw      ~~~~~~|_|~~~~~~~~~~~~~~~~~~~~   raw      ~~~~~~|_______________
//   outputs  ######.....(debounce)..######   outputs  ######................
//                                            trip           (debounce)|
//
// A motor stops at the first edge of an end switch, too, and its bouncing does not start it again:
// it runs towards the switch only once the open level is accepted.
#include "guard/guard_private.h"

#define RESTLESS_MAX_US (3 * US_PER_S)

static int64_t debounce_us(const struct chair *chair, enum line_role role)
{
	return (role == ROLE_SEAT ? chair->seat_debounce_ms : chair->debounce_ms) * US_PER_MS;
}

void inputs_start(struct guard *guard, uint64_t levels)
{
	for (size_t i = 0; i < guard->chair->n_lines; i++) {
		const struct line *line = &guard->chair->lines[i];
		bool level = levels & LINE_BIT(i);

		if (line_role_is_output(line->role) || line->role == ROLE_PULSE)
			continue;
		guard->contacts |= LINE_BIT(i);
		guard->raw |= levels & LINE_BIT(i);
		guard->contact[i] = (struct contact){
			.raw = level,
			.stable = level,
			.edge_us = guard->now_us - US_PER_S -
				debounce_us(guard->chair,
					line->role), // as if always at this level
			.debounce_us = debounce_us(guard->chair, line->role),
		};
	}
}

static bool contact_settled(const struct contact *contact, int64_t now_us)
{
	return now_us >= contact->edge_us + contact->debounce_us;
}

static void contact_edge(struct guard *guard, int index, bool active, int64_t t_us)
{
	struct contact *contact = &guard->contact[index];
	uint64_t bit = LINE_BIT(index);

	if (contact_settled(contact, t_us))
		contact->restless_us = t_us;
	contact->raw = active;
	contact->edge_us = t_us;
	guard->raw = active ? guard->raw | bit : guard->raw & ~bit;
	guard->unsettled |= bit;
}

// The contact has been steady at another level than the accepted one.
static void contact_accept(struct guard *guard, int index)
{
	const struct line *line = &guard->chair->lines[index];
	struct contact *contact = &guard->contact[index];

	contact->stable = contact->raw;
	switch (line->role) {
	case ROLE_RESET:
		guard->reset_edge |= contact->stable;
		break;
	case ROLE_BUTTON:
		guard->button_accepted = true;
		break;
	case ROLE_HOME:
	case ROLE_END:
		if (contact->stable)
			travel_closed(guard, line->actuator, line->role);
		else
			travel_opened(guard, line->actuator, line->role);
		break;
	case ROLE_NARROW:
	case ROLE_MEDIUM:
	case ROLE_WIDE:
		turning_contact(guard, line->actuator, line->role);
		break;
	default:
		guard->report = true; // E-stop and seat
		break;
	}
}

static void pulse(struct guard *guard, int actuator, int64_t t_us)
{
	if (guard->turners & ACTUATOR_BIT(actuator))
		turning_pulse(guard, actuator);
	else
		travel_pulse(guard, actuator, t_us);
}

void inputs_update(struct guard *guard, const struct guard_input *input)
{
	for (size_t i = 0; i < input->n_events; i++) {
		const struct hal_event *event = &input->events[i];
		const struct line *line = &guard->chair->lines[event->line];

		if (guard->contacts & LINE_BIT(event->line))
			contact_edge(guard, event->line, event->active, event->t_us);
		else if (line->role == ROLE_PULSE && event->active)
			pulse(guard, line->actuator, event->t_us);
	}
	guard->reset_edge = false;
	// If a level differs from that of the last edge, an edge was lost.
	for (uint64_t left = (input->levels ^ guard->raw) & guard->contacts; left;
		left &= left - 1) {
		int i = __builtin_ctzll(left);

		contact_edge(guard, i, input->levels & LINE_BIT(i), guard->now_us);
	}
	for (uint64_t left = guard->unsettled; left; left &= left - 1) {
		int i = __builtin_ctzll(left);
		struct contact *contact = &guard->contact[i];

		if (!contact_settled(contact, guard->now_us))
			continue;
		guard->unsettled &= ~LINE_BIT(i);
		if (contact->raw != contact->stable)
			contact_accept(guard, i);
	}
}

static const struct contact *contact_of(const struct guard *guard, int actuator,
	enum line_role role)
{
	int line = actuator_config(guard, actuator)->line[role];

	return line < 0 ? NULL : &guard->contact[line];
}

bool input_at(const struct guard *guard, int actuator, enum line_role role)
{
	const struct contact *contact = contact_of(guard, actuator, role);

	return contact && contact->stable;
}

int64_t input_since_us(const struct guard *guard, int actuator, enum line_role role)
{
	const struct contact *contact = contact_of(guard, actuator, role);

	return contact ? contact->edge_us : guard->now_us;
}

bool input_touches(const struct guard *guard, int actuator, enum line_role role)
{
	const struct contact *contact = contact_of(guard, actuator, role);

	return contact &&
		(contact->raw || contact->stable || !contact_settled(contact, guard->now_us));
}

bool input_estop_good(const struct guard *guard)
{
	int line = guard->chair->estop;
	const struct contact *contact;

	if (line < 0)
		return true;
	contact = &guard->contact[line];
	return contact->stable && contact->raw && contact_settled(contact, guard->now_us);
}

// A contact that is not steady for RESTLESS_MAX_US counts as an empty seat.
bool input_occupied(const struct guard *guard)
{
	const struct contact *contact;

	if (guard->chair->seat < 0)
		return true;
	contact = &guard->contact[guard->chair->seat];
	return contact->stable &&
		(contact_settled(contact, guard->now_us) ||
			guard->now_us - contact->restless_us < RESTLESS_MAX_US);
}

bool inputs_conflict(const struct guard *guard, int actuator)
{
	int positions = input_at(guard, actuator, ROLE_NARROW) +
		input_at(guard, actuator, ROLE_MEDIUM) + input_at(guard, actuator, ROLE_WIDE);

	return positions > 1 ||
		(input_at(guard, actuator, ROLE_HOME) && input_at(guard, actuator, ROLE_END));
}

bool inputs_good(const struct guard *guard)
{
	if (!input_estop_good(guard))
		return false;
	for (size_t i = 0; i < guard->chair->n_actuators; i++) {
		if (inputs_conflict(guard, (int)i))
			return false;
	}
	return true;
}

int64_t inputs_next_us(const struct guard *guard)
{
	int64_t next_us = TIME_NEVER;

	for (uint64_t left = guard->unsettled; left; left &= left - 1) {
		const struct contact *contact = &guard->contact[__builtin_ctzll(left)];

		next_us = min_i64(next_us, contact->edge_us + contact->debounce_us);
	}
	return next_us;
}
