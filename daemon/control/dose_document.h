// SPDX-License-Identifier: MIT
//
// JSON documents of the dose ledger, and its refusals. Pure, but for the local calendar.
//
// Every function returns a new reference, or NULL if memory runs out.
#ifndef CHAIRD_CONTROL_DOSE_DOCUMENT_H
#define CHAIRD_CONTROL_DOSE_DOCUMENT_H

#include <jansson.h>

#include "control/command_json.h"
#include "core/allowance.h"

// The topic dose: day, complete, until (the end of that day), limits (null: off), people: of each
// person with a dose the points[], muscles[] and refused[] (dose_refused_profile()). Takes refused,
// an object of such arrays by person ("": nobody by name), each with a person to be listed.
json_t *dose_document(const struct ledger *ledger, const struct dose_limits *limits,
	json_t *refused);

// A profile that may not be started: profile, until (when it may; null: on no day), text.
json_t *dose_refused_profile(const char *profile, const struct dose_excess *excess,
	const struct ledger *ledger);

// A day in the answer of the verb dose: day, complete, people (person, points, muscles).
json_t *dose_day(const struct ledger *ledger);

// Limits of the dose; null if they are off.
json_t *dose_limits_document(const struct dose_limits *limits);

// Why a session may not start on the ledger's day, and when it may.
void dose_refusal(const struct dose_excess *excess, const struct ledger *ledger,
	struct request_error *ret_error);

#endif
