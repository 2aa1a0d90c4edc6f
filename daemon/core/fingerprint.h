// SPDX-License-Identifier: MIT
//
// Fingerprint of a chair: equal in two programs that have read the same chair.
//
// The controller and the guard each have a copy of the chair, and refer to actuators by index. The
// fingerprint in ARM and REPORT (wire.h) detects copies of different files.
#ifndef CHAIRD_CORE_FINGERPRINT_H
#define CHAIRD_CORE_FINGERPRINT_H

#include <stdint.h>

#include "core/chair.h"

// FNV-1a over every member that the file sets, in the order of the struct, except `model`, which
// is only shown to people. Padding and unused array entries are not hashed. The order of
// actuators, reaches and groups matters; comments, white space and the order of keys do not.
uint64_t chair_fingerprint(const struct chair *chair);

#endif
