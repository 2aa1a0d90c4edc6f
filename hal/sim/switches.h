// SPDX-License-Identifier: MIT
//
// The home and end switches and the Hall sensor of a part that moves, and their edges.
#ifndef CHAIRD_HAL_SIM_SWITCHES_H
#define CHAIRD_HAL_SIM_SWITCHES_H

#include "hal/sim/part.h"

#define SWITCH_EDGES_MAX 64

struct switch_edge {
	int64_t t_us;
	int line;
	bool active;
};

// Of one step of the plant; not in the order of time. An edge that does not fit is lost.
struct switch_edges {
	int64_t step_end_us, grid_us; // of the step; its length. Set by the plant
	int n;
	struct switch_edge list[SWITCH_EDGES_MAX];
};

// The part has moved from from_mm to its position within this step. Adds the edges, and updates
// between which positions (quiet_from_mm, quiet_to_mm) none is next: there it need not be called.
void switches_watch(struct part *part, double from_mm, struct switch_edges *edges);

// Its thermal cut-out has opened or closed at the end of this step.
void switches_cutout(struct part *part, struct switch_edges *edges);

// An edge at the end of the step, of a line or of none (-1).
void switches_edge(struct switch_edges *edges, int line, bool active);

// The levels of its home, end, pulse and cut-out lines.
uint64_t switches_levels(const struct part *part);

#endif
