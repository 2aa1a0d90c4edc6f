// SPDX-License-Identifier: MIT
//
// Meter of the dose that a chair delivers, from the guard's reports.
//
// A press or cell counts from its first push until it is reported as released, also when its
// session was aborted, and in a jog. Its force is the one that is believed: the larger of its
// sensor and its calibrated drive, as in the guard (guard/belief.c); a press without either counts
// in seconds only. In a session the segment's points get all of it, as in dose.h; a press outside
// of one counts for every point that the actuator reaches from where it is.
//
//   drive       ___/~~~~~~~~\__
//   table       ___/~~~~~~~~~~~~~~~|_     the last push stays until released
//   counts         |<------------->|
//
// Pure. Time is the chair's.
#ifndef CHAIRD_CORE_DOSE_METER_H
#define CHAIRD_CORE_DOSE_METER_H

#include "core/atlas.h"
#include "core/chair.h"
#include "core/ledger.h"
#include "core/plan.h"
#include "core/wire.h"

struct dose_meter {
	int64_t last_us; // time of the last report
	struct {
		bool presses;
		double held_n;     // by the table, of the last push; NAN: not calibrated
		double force_n;    // believed at the last report; NAN: not known
		int16_t points[2]; // of its segment; -1: unused; both -1: pressed outside of one
	} actuator[CHAIR_ACTUATORS_MAX];
};

struct dose_meter_input {
	const struct chair *chair;
	const struct atlas *atlas;
	const struct wire_report *report; // of this chair
	const struct segment *segment;    // that is played; NULL: none
	// Called for each point that was pressed since the last report.
	void (*pressed)(void *data, const struct point *point, struct ledger_dose dose);
	void *data;
};

void dose_meter_init(struct dose_meter *meter);

void dose_meter_report(struct dose_meter *meter, const struct dose_meter_input *input);

bool dose_meter_presses(const struct dose_meter *meter); // anything, at the last report

#endif
