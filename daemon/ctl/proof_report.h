// SPDX-License-Identifier: MIT
//
// Report of a proved profile: seconds of each step, dose of each point and muscle, force of each
// region, on-time of each line, as tables or as JSON.
#ifndef CHAIRD_CTL_PROOF_REPORT_H
#define CHAIRD_CTL_PROOF_REPORT_H

#include <jansson.h>

#include "core/plan_proof.h"
#include "ctl/terminal.h"

struct proof_report {
	const struct profile *profile;
	const struct atlas *atlas;
	const struct chair *chair;
	const struct plan *plan;
	const struct plan_proof *proof;
};

// Lines longer than the terminal are wrapped. Nothing is printed without memory.
void proof_report_print(FILE *stream, const struct proof_report *report,
	const struct terminal *terminal);

// A new object; NULL without memory.
json_t *proof_report_json(const struct proof_report *report);

#endif
