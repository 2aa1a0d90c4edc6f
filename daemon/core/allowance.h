// SPDX-License-Identifier: MIT
//
// Limits of the dose per day, and whether a session fits into what is left of the day.
#ifndef CHAIRD_CORE_ALLOWANCE_H
#define CHAIRD_CORE_ALLOWANCE_H

#include <stdbool.h>

#include "core/dose.h"
#include "core/ledger.h"

enum dose_limiting { DOSE_LIMITED, DOSE_UNLIMITED };

// Of each point, and of each muscle of one side; seconds under pressure and newton-seconds.
struct dose_limits {
	enum dose_limiting limiting;
	double point_s, point_n_s;
	double muscle_s, muscle_n_s;
};

// What would be exceeded first, in the order of the atlas, points before muscles.
struct dose_excess {
	char name[NAME_SIZE + 16]; // of the point, or of the muscle with its side
	bool newtons;              // newton-seconds; else seconds
	double today, planned, limit;
};

// Whether a person may have these doses (of dose_of_plan(), for each point of the atlas) beside
// what the ledger has. False with *ret_excess.
bool allowance_check(const struct dose_limits *limits, const struct ledger *ledger,
	const char *person, const struct atlas *atlas, const struct dose *doses,
	struct dose_excess *ret_excess);

#endif
