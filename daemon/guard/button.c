// SPDX-License-Identifier: MIT
//
// The buttons in the person's reach. The guard debounces and reports them all, but acts on stop
// only, in mode.c; the controller acts on the others.
//
//   contact  ______|~|_|~~~~~~~~~~~~~~~~~~|_|~|_____________________
//   pressed  ________________|~~~~~~~~~~~~~~~~~~~~~~~~~|____________
//                  :<- debounce ->:       :<- debounce ->:
//
// A button that is pressed for longer than BUTTON_STUCK_US, or already at the guard's start, is
// stuck until it is let go. A stop button that is stuck still counts. One that does not come to
// rest for STOP_RESTLESS_US counts as pressed: it may be held with a worn contact.
#include "guard/guard_private.h"

#define STOP_RESTLESS_US (100 * US_PER_MS)

#define BUTTON_BIT(index) (UINT32_C(1) << (index))

static bool is_pressed(const struct guard *guard, size_t button)
{
	const struct contact *contact = &guard->contact[guard->chair->buttons[button].line];
	bool restless = guard->now_us < contact->edge_us + contact->debounce_us &&
		guard->now_us - contact->restless_us >= STOP_RESTLESS_US;

	return contact->stable || (guard->stop_buttons & BUTTON_BIT(button) && restless);
}

void button_start(struct guard *guard)
{
	for (size_t i = 0; i < guard->chair->n_buttons; i++) {
		if (is_pressed(guard, i))
			guard->buttons |= BUTTON_BIT(i);
	}
	guard->buttons_stuck = guard->buttons;
}

static void button_update(struct guard *guard, size_t button)
{
	uint32_t bit = BUTTON_BIT(button);
	bool pressed = is_pressed(guard, button);

	if (pressed != !!(guard->buttons & bit)) {
		guard->buttons ^= bit;
		guard->buttons_stuck &= guard->buttons;
		guard->button_us[button] = guard->now_us;
		guard->stop_edge |= pressed && guard->stop_buttons & bit;
		guard->report = true;
	} else if (pressed && !(guard->buttons_stuck & bit) &&
		guard->now_us - guard->button_us[button] >= BUTTON_STUCK_US) {
		guard->buttons_stuck |= bit;
		guard->report = true;
	}
}

void button_step(struct guard *guard)
{
	guard->stop_edge = false;
	if (!guard->buttons && !guard->button_accepted && !(guard->unsettled & guard->stop_lines))
		return;
	guard->button_accepted = false;
	for (size_t i = 0; i < guard->chair->n_buttons; i++)
		button_update(guard, i);
}

bool button_stop_held(const struct guard *guard)
{
	return guard->buttons & guard->stop_buttons;
}

int64_t button_next_us(const struct guard *guard)
{
	int64_t next_us = TIME_NEVER;

	for (uint32_t left = guard->buttons & ~guard->buttons_stuck; left; left &= left - 1)
		next_us = min_i64(next_us, guard->button_us[__builtin_ctz(left)] + BUTTON_STUCK_US);
	return next_us;
}
