// SPDX-License-Identifier: MIT
#include "hal/sim/heater.h"

#include <math.h>

// hal/README.md has the reasons.
#define WARMS_C     40.0 // above the room, at full power
#define TAU_S       240.0
#define SAME_C      1e-3 // as the room
#define CUTOUT_C    12.0 // above cutoff_c: the cut-out opens
#define CUTOUT_BACK 15.0 // below that it closes again

void heater_step(struct heater *heater, double share, double cutoff_c, double dt_s)
{
	double target_c = HEATER_ROOM_C + WARMS_C * share;
	double opens_c = cutoff_c + CUTOUT_C;

	heater->pad_c += (target_c - heater->pad_c) * -expm1(-dt_s / TAU_S);
	if (share == 0 && fabs(heater->pad_c - HEATER_ROOM_C) < SAME_C)
		heater->pad_c = HEATER_ROOM_C;
	heater->opened = heater->pad_c >= (heater->opened ? opens_c - CUTOUT_BACK : opens_c);
}
