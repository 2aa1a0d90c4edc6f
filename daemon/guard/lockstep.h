// SPDX-License-Identifier: MIT
//
// The loop of a guard with a simulated chair, which owns the chair's time and grants it to the
// controller in turns (core/wire.h). A slow computer only makes that time pass more slowly:
//
//   chair       0      4 ms    10 ms                      20 ms
//   guard       step   step    step, REPORT, GRANT        step, ...
//   controller                              act, NEXT
//   computer    ...any time; the chair's passes at most `speed` times as fast...
//
// The chair's time begins at the first request: an ARM of the controller, a fault, or a command for
// the clock. While nothing is due it passes at the set speed, in steps of one second (without a
// speed it stands still).
//
// The loop does not wait for a controller that has died. One that has not answered for a second of
// sleep, or for 30 s in all (patience.h), counts as dead until its next frame: the time goes on,
// and its lease runs out, as on a real chair.
#ifndef CHAIRD_GUARD_LOCKSTEP_H
#define CHAIRD_GUARD_LOCKSTEP_H

#include <stdio.h>

#include "guard/shell.h"
#include "hal/sim/fault_socket.h"

struct lockstep_options {
	int64_t speed;                     // at most this many times real time; 0: no bound
	struct fault_socket *fault_socket; // receives faults (hal/sim/sim.h) and clock commands
	// Trace of the simulated chair, or NULL. Flushed before each grant and each answer, so that
	// it is complete up to the time of everything that was sent.
	FILE *trace;
};

// Clock commands, in seconds of the chair's time; each replaces the one before:
//   halt          at once             halt@12.5   at that time
//   halt+2.5      that much later     halt:hold   when that phase of a session next begins
//   go            resume
// After each but `go` the time passes until then; the answer, sent when it stands, is
// "halted 12.500000 hold".

// As loop_run(), in the chair's time. The options' members are borrowed; the fault socket may be
// closed.
void lockstep_run(struct shell *shell, struct hal *hal, const struct lockstep_options *options);

#endif
