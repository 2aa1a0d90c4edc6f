// SPDX-License-Identifier: MIT
//
// The inputs of the simulated chair: from the sensed levels of contacts and Hall sensors, through
// bounce and stuck lines, to the levels that are read and the queue of edges. Levels and edges
// always agree. Times are the plant's, from 0.
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
	uint64_t n_changes; // of contacts so far; seeds the bounce of each
	uint64_t sensed;    // by contacts (after bounce) and Hall sensors
	uint64_t stuck, stuck_levels;
	uint64_t levels;  // as read
	uint64_t welding; // contacts that stay closed once they close
	uint64_t chattering;
	int64_t chatter_us[CHAIR_LINES_MAX], chatter_next_us[CHAIR_LINES_MAX];
	struct hal_event events[SIM_INPUTS_EVENTS_MAX]; // oldest first
	size_t n_events;
	bool lost; // an edge did not fit into the queue
};

void sim_inputs_init(struct sim_inputs *inputs, const struct chair *chair, uint64_t seed,
	uint64_t levels);

// The sensed level of a contact changes; it bounces. Call sim_inputs_settle() up to t_us before.
void sim_inputs_contact(struct sim_inputs *inputs, int64_t t_us, int line, bool active);

// A Hall sensor changes.
void sim_inputs_hall(struct sim_inputs *inputs, int64_t t_us, int line, bool active);

// A line keeps a level independent of the sensed one, or no longer does.
void sim_inputs_stick(struct sim_inputs *inputs, int64_t t_us, int line, bool level);
void sim_inputs_unstick(struct sim_inputs *inputs, int64_t t_us, int line);

// A contact has an edge every period_us, independent of the sensed level; 0: no longer.
void sim_inputs_chatter(struct sim_inputs *inputs, int64_t t_us, int line, int64_t period_us);

// A contact stays closed once it closes; false: no longer.
void sim_inputs_weld(struct sim_inputs *inputs, int64_t t_us, int line, bool welds);

// Let the contacts bounce and chatter up to t_us.
void sim_inputs_settle(struct sim_inputs *inputs, int64_t t_us);

// Take edges, oldest first. Returns their number, or once -EOVERFLOW if some were lost.
int sim_inputs_take_events(struct sim_inputs *inputs, struct hal_event *events, size_t capacity);

// The time of the oldest edge or of the next bounce; TIME_NEVER: none.
int64_t sim_inputs_next_us(const struct sim_inputs *inputs);

#endif
