// SPDX-License-Identifier: MIT
//
// The model of soft tissue under a roller: a standard linear solid, a spring in parallel with a
// spring and dashpot.
//
//         +--- k ------------+        F = k e + q,  F >= 0 (tissue does not pull)
//   e ->  |                  | wall   dq/dt = k_relax de/dt - q / tau
//         +--- k_relax --[]--+
//
// Pressed fast it has the stiffness k + k_relax; held, q relaxes and only k remains. A roller that
// moves on reaches tissue that has not relaxed yet.
#ifndef CHAIRD_HAL_SIM_TISSUE_H
#define CHAIRD_HAL_SIM_TISSUE_H

struct tissue {
	double k_n_mm, k_relax_n_mm, tau_s;
	// state
	double depth_mm, q_n;
};

// Press to depth_mm (below 0: no contact) within dt_s, after rolling rolled_mm along the body.
// Returns the force in newtons.
double tissue_press(struct tissue *tissue, double depth_mm, double rolled_mm, double dt_s);

double tissue_force_n(const struct tissue *tissue);

#endif
