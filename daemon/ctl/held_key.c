// SPDX-License-Identifier: MIT
#include "ctl/held_key.h"

void held_key_press(struct held_key *key, int64_t now_us)
{
	int64_t repeat_us = now_us + HELD_KEY_REPEAT_US;

	if (!held_key_is_down(key, now_us))
		key->until_us = now_us + HELD_KEY_FIRST_US;
	else if (key->until_us < repeat_us)
		key->until_us = repeat_us;
}

void held_key_release(struct held_key *key)
{
	key->until_us = 0;
}

bool held_key_is_down(const struct held_key *key, int64_t now_us)
{
	return now_us < key->until_us;
}
