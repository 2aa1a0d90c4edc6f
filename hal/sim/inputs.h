// SPDX-License-Identifier: MIT
//
// The inputs of the simulated chair: from what its contacts and Hall sensors sense, over bounce
// and stuck lines, to the levels that are read and the edges that wait to be taken. Levels and
// edges always agree. Times as the plant's, from 0.
#ifndef CHAIRD_HAL_SIM_INPUTS_H
#define CHAIRD_HAL_SIM_INPUTS_H

#include "core/chair.h"
#include "hal/sim/contact.h"
#include "hal/hal.h"

#define SIM_INPUTS_EVENTS_MAX 256 // as many as the kernel keeps for the real lines

struct sim_inputs {
	const struct chair *chair;
	uint64_t seed;
	struct contact contacts[CHAIR_LINES_MAX]; // by line: every input but pulses
	uint64_t bouncing;
	uint64_t n_changes; // of contacts so far: each bounces in its own way
	uint64_t sensed;    // as contacts and Hall sensors have it
	uint64_t stuck, stuck_levels;
	uint64_t levels;  // as it is read
	uint64_t welding; // contacts that stay closed once they close
	uint64_t chattering;
	int64_t chatter_us[CHAIR_LINES_MAX], chatter_next_us[CHAIR_LINES_MAX];
	struct hal_event events[SIM_INPUTS_EVENTS_MAX]; // oldest first
	size_t n_events;
	bool lost; // an edge, for want of room
};

void sim_inputs_init(struct sim_inputs *inputs, const struct chair *chair, uint64_t seed,
	uint64_t levels);

// What a contact senses changes; it bounces. Up to t_us everything must have settled.
void sim_inputs_contact(struct sim_inputs *inputs, int64_t t_us, int line, bool active);

// A Hall sensor changes.
void sim_inputs_hall(struct sim_inputs *inputs, int64_t t_us, int line, bool active);

// A line keeps a level whatever is sensed, or no longer does.
void sim_inputs_stick(struct sim_inputs *inputs, int64_t t_us, int line, bool level);
void sim_inputs_unstick(struct sim_inputs *inputs, int64_t t_us, int line);

// A contact has an edge every period_us whatever is sensed; 0: no longer.
void sim_inputs_chatter(struct sim_inputs *inputs, int64_t t_us, int line, int64_t period_us);

// A contact that closes stays closed; false: it opens again where it should.
void sim_inputs_weld(struct sim_inputs *inputs, int64_t t_us, int line, bool welds);

// Let the contacts bounce and chatter up to t_us.
void sim_inputs_settle(struct sim_inputs *inputs, int64_t t_us);

// Edges, oldest first; -EOVERFLOW once where some were lost.
int sim_inputs_take(struct sim_inputs *inputs, struct hal_event *events, size_t capacity);

// When there is something to take: the time of the oldest edge or of the next bounce.
int64_t sim_inputs_next_us(const struct sim_inputs *inputs);

#endif
