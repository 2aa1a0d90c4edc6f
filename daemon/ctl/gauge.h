// SPDX-License-Identifier: MIT
//
// What one actuator does and measures, gathered from the topics state and telemetry.
//
// Input is not trusted: a value that is missing or of another type is not known.
#ifndef CHAIRD_CTL_GAUGE_H
#define CHAIRD_CTL_GAUGE_H

#include <stdbool.h>

#include "core/units.h"
#include "ctl/broker.h"

#define GAUGE_SIZE 80

struct gauge {
	const char *actuator;  // its name, borrowed
	char phase[NAME_SIZE]; // of the chair; "": not known
	bool all_released;     // nothing of the chair presses
	double clock_s;        // of the last telemetry, in the chair's time; NAN: none yet
	double drive_permille; // NAN: not known, also below
	double force_n;        // of its sensor
	double position_mm;    // from home
	enum { GAUGE_UNKNOWN, GAUGE_AWAY, GAUGE_AT_HOME } home;
};

void gauge_init(struct gauge *gauge, const char *actuator);

// For broker_follow() with gauge_topics; data is the gauge.
extern const char *const gauge_topics[];
void gauge_message(void *data, const struct broker_message *message);

// "+200 per mille, 12.3 N, 41 mm, at home": what is known of it. Returns buf.
char *gauge_text(const struct gauge *gauge, char buf[GAUGE_SIZE]);

#endif
