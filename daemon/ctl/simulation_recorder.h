// SPDX-License-Identifier: MIT
//
// Samples of a simulated session for a recording (recording.h).
#ifndef CHAIRD_CTL_SIMULATION_RECORDER_H
#define CHAIRD_CTL_SIMULATION_RECORDER_H

#include "ctl/recording.h"
#include "ctl/simulator.h"

struct simulation_recorder {
	struct recording *recording; // receives the samples; borrowed
	int64_t next_us;
};

// Call after each step of the simulator. A sample is taken every RECORDING_PERIOD_US, and at every
// change of the session's phase. 0 or -ENOMEM.
int simulation_recorder_step(struct simulation_recorder *recorder, struct simulator *simulator,
	int64_t now_us, bool changed);

#endif
