// SPDX-License-Identifier: MIT
//
// The loop of a guard with a simulated chair: it owns the chair's time and hands it out (the
// exchange stands in core/wire.h). A slow computer only makes that time pass more slowly:
//
//   chair       0      4 ms    10 ms                      20 ms
//   guard       step   step    step, REPORT, GRANT        step, ...
//   controller                              act, NEXT
//   computer    ...whatever it takes; at most `speed` times as fast as the chair...
//
// The chair's time begins when somebody first asks something of the chair: a controller that arms
// it, a fault, a word of the clock. While nothing is due it passes at its pace, a second at a time
// (with no pace it stands still).
//
// A controller that has died is not waited for. One that does not answer for a second (it does not
// even want the processor), or for 30 s whatever it does, counts as dead until it is heard again:
// the time goes on at its pace, and its lease runs out, as on a real chair.
#ifndef CHAIRD_GUARD_LOCKSTEP_H
#define CHAIRD_GUARD_LOCKSTEP_H

#include <stdio.h>

#include "guard/shell.h"
#include "hal/sim/fault_socket.h"

struct lockstep_options {
	int64_t speed; // at most so many times real time; 0: as fast as it goes
	struct fault_socket
		*fault_socket; // takes faults (hal/sim/sim.h) and the words of the clock, below
	FILE *trace;           // of the simulated chair, or NULL. Whole up to the time of
			       // everything that anybody has been told.
};

// Words of the clock, in seconds of the chair's time; one of them counts at a time:
//   halt          at once             halt@12.5   at that time
//   halt+2.5      so much later       halt:hold   when that phase of a session next begins
//   go            let it pass
// All but `go` let it pass until then, and are answered when it stands: "halted 12.500000 hold".

// As loop_run(). What is in the options is borrowed; a control socket may be closed.
void lockstep_run(struct shell *shell, struct hal *hal, const struct lockstep_options *options);

#endif
