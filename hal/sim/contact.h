// SPDX-License-Identifier: MIT
//
// A contact that bounces for 1 to 3 ms after each change of the sensed level.
//
//   sensed   ________|##################
//   contact  ________|#_##_#############
#ifndef CHAIRD_HAL_SIM_CONTACT_H
#define CHAIRD_HAL_SIM_CONTACT_H

#include <stdbool.h>
#include <stdint.h>

#define CONTACT_TOGGLES_MAX 8

struct contact {
	bool level;  // of the contact
	bool sensed; // the level after bouncing
	int n, next; // toggles to come
	int64_t at_us[CONTACT_TOGGLES_MAX];
};

void contact_init(struct contact *contact, bool level);

// The sensed level changes at t_us. Take the toggles up to t_us first; later ones are replaced.
// `bits` are random.
void contact_change(struct contact *contact, int64_t t_us, bool sensed, uint64_t bits);

// Take the next toggle if it is not after until_us; `level` is the level from then on.
bool contact_take_toggle(struct contact *contact, int64_t until_us, int64_t *ret_t_us);

// The time of the next toggle, or TIME_NEVER.
int64_t contact_next_us(const struct contact *contact);

#endif
