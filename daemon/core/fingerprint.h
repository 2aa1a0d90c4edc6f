// SPDX-License-Identifier: MIT
//
// A chair's fingerprint: two programs whose fingerprints are equal have read the same chair.
//
// The controller names actuators by their index and computes forces from its own copy of the
// chair; the guard has another copy. The fingerprint is in ARM and REPORT (wire.h), so that both
// notice when the two are not of one file.
#ifndef CHAIRD_CORE_FINGERPRINT_H
#define CHAIRD_CORE_FINGERPRINT_H

#include <stdint.h>

#include "core/chair.h"

// FNV-1a over every member that the file fills in, in the order of the struct, but for the model's
// title, which is for people only. Never over padding, nor over array entries beyond their count.
// Comments, white space and the order of keys in the file do not matter; the order of actuators,
// reaches and groups does.
uint64_t chair_fingerprint(const struct chair *chair);

#endif
