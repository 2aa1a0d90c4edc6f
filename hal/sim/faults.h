// SPDX-License-Identifier: MIT
//
// The queue of pending faults, each waiting for its start or its end. sim_fault_parse() and its
// grammar are in sim.h.
#ifndef CHAIRD_HAL_SIM_FAULTS_H
#define CHAIRD_HAL_SIM_FAULTS_H

#include "hal/sim/sim.h"

#define FAULTS_MAX 64

struct faults {
	int n;
	struct {
		int64_t t_us;
		struct sim_fault fault;
		bool ends; // t_us is its end
	} pending[FAULTS_MAX];
};

// True if the fault is possible on the chair: its line or actuator exists, its numbers are in
// range. Otherwise `why` is a sentence for people.
bool fault_check(const struct chair *chair, const struct sim_fault *fault, char *why,
	size_t why_size);

// 0 or -ENOSPC.
int faults_add(struct faults *faults, const struct sim_fault *fault);

// Faults that begin at once begin at now_us.
void faults_begin(struct faults *faults, int64_t now_us);

// The time of the next start or end, or TIME_NEVER.
int64_t faults_next_us(const struct faults *faults);

// Take the next start or end that is not after until_us. A fault with a duration is returned twice,
// at its start and at its end.
bool faults_take(struct faults *faults, int64_t until_us, int64_t *ret_t_us,
	struct sim_fault *ret_fault, bool *ret_ends);

#endif
