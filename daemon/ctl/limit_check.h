// SPDX-License-Identifier: MIT
//
// The guard's limits, held against a recorded session.
//
// It judges by what the daemons themselves have read and compiled in: the chair as config/ parses
// it, and the limits of core/. So it finds a guard that did not keep its own limits. The
// independent checker (daemon/checker) has another reader and its own numbers: one mistake cannot
// hide in both.
//
//   drive     mean drive above drive_max, in a pin window; 3 % tolerance
//   on-time   an actuator under drive for longer than it may be: a line off its safe level; a press
//             or cell reported as pressed
//   force     the believed force above the peak ceiling in two samples, or its mean of 3 s above
//             1.1 times the sustained one
//   zone      a zone of the body pressed for more than its share of five minutes
//   position  a carriage outside its soft limits by more than 10 mm
//   session   longer than the chair allows; pauses do not count
//   hold      longer than 90 s
//
// Pins give drive and on-time; telemetry the others. The rest of the guard's rules on pins (opposed
// directions, dead time, exclusive groups, current, the enable line) are the checker's.
#ifndef CHAIRD_CTL_LIMIT_CHECK_H
#define CHAIRD_CTL_LIMIT_CHECK_H

#include <stdio.h>

#include "ctl/recording.h"
#include "ctl/terminal.h"

#define LIMIT_FINDINGS_MAX 32

struct limit_finding {
	const char *rule;
	int64_t t_us;
	char text[128];
};

struct limit_report {
	struct limit_finding list[LIMIT_FINDINGS_MAX];
	size_t n; // of all, also those that did not fit in the list
};

// `pins` of the recording may be NULL; it may have no samples.
void limit_check(const struct recording *recording, struct limit_report *ret_report);
void limit_report_print(const struct limit_report *report, FILE *stream,
	const struct terminal *terminal);

#endif
