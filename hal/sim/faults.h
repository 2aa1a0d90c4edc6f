// SPDX-License-Identifier: MIT
//
// Faults that wait for their time, and faults that wait for their end.
// sim_fault_parse() and its grammar are in sim.h.
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

// True where the fault fits the chair: what its kind speaks of is there, its numbers are in range.
// Otherwise a plain sentence is in `why`.
bool fault_check(const struct chair *chair, const struct sim_fault *fault, char *why,
	size_t why_size);

// -ENOSPC.
int faults_add(struct faults *faults, const struct sim_fault *fault);

// What was to begin at once begins now, for as long as it lasts.
void faults_begin(struct faults *faults, int64_t now_us);

// When the next one begins or ends, or TIME_NEVER.
int64_t faults_next_us(const struct faults *faults);

// Take the next one that begins or ends not after until_us. One that begins and is not for good
// comes again when it ends.
bool faults_take(struct faults *faults, int64_t until_us, int64_t *ret_t_us,
	struct sim_fault *ret_fault, bool *ret_ends);

#endif
