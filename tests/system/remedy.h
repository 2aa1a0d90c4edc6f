// SPDX-License-Identifier: MIT
//
// `chairctl doctor` as a person uses it: its report, a finding of it, and the remedy followed.
#ifndef TESTS_SYSTEM_REMEDY_H
#define TESTS_SYSTEM_REMEDY_H

#include <jansson.h>

#include "rig.h"

// Parts of a finding's texts; those at the end may be NULL.
struct expected_finding {
	const char *check, *result;
	const char *text[3], *remedy[3];
};

// The report with chaird.cfg and the chair file of the rig. To be freed.
json_t *remedy_report(const struct rig *rig);
// The finding of a check, borrowed; fails the test if it is not as expected.
const json_t *remedy_expect(const json_t *report, const char *name,
	const struct expected_finding *expected);
void remedy_expect_ok(const json_t *report, const char *name, const char *check);
// Run a command of bash that follows the finding's remedy, with $remedy, $folder (of the rig) and
// $chair (its file). Fails the test if the command fails.
void remedy_follow(const struct rig *rig, const char *name, const char *command,
	const json_t *finding);

#endif
