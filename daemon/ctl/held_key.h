// SPDX-License-Identifier: MIT
//
// A key that is held, on a terminal, which reports no release: pure, from times of key presses.
//
// A key that is held repeats, after a delay at first (a quarter to half a second, 660 ms under X)
// and then at least ten times a second. So a key counts as held for HELD_KEY_FIRST_US after its
// first press, and for HELD_KEY_REPEAT_US after each that follows:
//
//   presses   |          | | | | | |
//   held      ~~~~~~~~~~~~~~~~~~~~~~~~~~~~\_____    a key that is held, and its release
//   presses   |
//   held      ~~~~~~~~~~~~~~~~\_________________    a key that is tapped
#ifndef CHAIRD_CTL_HELD_KEY_H
#define CHAIRD_CTL_HELD_KEY_H

#include <stdbool.h>
#include <stdint.h>

#define HELD_KEY_FIRST_US  750000
#define HELD_KEY_REPEAT_US 300000

// All zero: not held. Times are monotonic, and not 0.
struct held_key {
	int64_t until_us;
};

// The terminal has sent the key.
void held_key_press(struct held_key *key, int64_t now_us);
// Another key, for example: it is no longer held.
void held_key_release(struct held_key *key);
bool held_key_is_down(const struct held_key *key, int64_t now_us);

#endif
