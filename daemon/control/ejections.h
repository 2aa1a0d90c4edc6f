// SPDX-License-Identifier: MIT
//
// Count of the connections that ended because another client came with our client id. Pure.
#ifndef CHAIRD_CONTROL_EJECTIONS_H
#define CHAIRD_CONTROL_EJECTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/units.h"

// So many in a row, each no longer than EJECTION_US after the one before, are no accident.
#define EJECTIONS_MIN 3
#define EJECTION_US   (120 * US_PER_S)

struct ejections { // all 0: none yet
	int n;
	int64_t last_us;
};

void ejections_add(struct ejections *ejections, int64_t now_us);
// True from the EJECTIONS_MIN-th on, until EJECTION_US after the last.
bool ejections_contested(const struct ejections *ejections, int64_t now_us);

#endif
