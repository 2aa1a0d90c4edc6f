// SPDX-License-Identifier: MIT
//
// A referral: the zones in which a point is felt, as a text with commas between them, "temple,
// behind the eye".
#ifndef CHAIRD_CORE_REFERRAL_H
#define CHAIRD_CORE_REFERRAL_H

#include <stdbool.h>
#include <stddef.h>

// The next zone at *at, without the blanks around it, and its length; NULL after the last one.
// Moves *at behind it. Empty zones are skipped.
const char *referral_next(const char **at, size_t *ret_length);

// True if the words stand in one of the zones, together and whole, in letters of any case: "eye" is
// in "behind the eye", and "leg" is not in "legend". Never true of "".
bool referral_has(const char *referral, const char *words);

#endif
