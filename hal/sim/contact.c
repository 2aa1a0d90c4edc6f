// SPDX-License-Identifier: MIT
#include "hal/sim/contact.h"

#include "core/units.h"
#include "hal/sim/noise.h"

void contact_init(struct contact *contact, bool level)
{
	*contact = (struct contact){ .level = level, .sensed = level };
}

void contact_change(struct contact *contact, int64_t t_us, bool sensed, uint64_t bits)
{
	int pairs = 1 + (int)(bits % 3);
	double bounce_us = noise_between(noise_mix(bits), 1000, 3000);

	if (sensed == contact->sensed)
		return;
	contact->sensed = sensed;
	contact->next = 0;
	// In the middle of an earlier bounce it may already have its final level.
	contact->n = 2 * pairs + (contact->level != sensed);
	for (int i = 0; i < contact->n; i++) {
		bool inner = i > 0 && i < contact->n - 1;
		double early = inner ? noise_between(noise_mix(bits + (uint64_t)i), 0, 0.8) : 0;

		contact->at_us[i] = t_us + (int64_t)(bounce_us * (i - early) / (contact->n - 1));
	}
}

bool contact_take_toggle(struct contact *contact, int64_t until_us, int64_t *ret_t_us)
{
	if (contact_next_us(contact) > until_us)
		return false;
	*ret_t_us = contact->at_us[contact->next++];
	contact->level = !contact->level;
	return true;
}

int64_t contact_next_us(const struct contact *contact)
{
	return contact->next < contact->n ? contact->at_us[contact->next] : TIME_NEVER;
}
