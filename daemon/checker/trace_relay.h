// SPDX-License-Identifier: MIT
//
// The least on and off times of a relay, checked at each of its changes.
#ifndef CHAIRD_CHECKER_TRACE_RELAY_H
#define CHAIRD_CHECKER_TRACE_RELAY_H

#include "checker/trace_chair.h"

struct trace_relay {
	bool on;
	int64_t on_us, off_us; // when it last went on, and off
	bool was_short;        // it was on for less than min_on_us, and not because of a stop
};

enum trace_relay_fault { TRACE_RELAY_GOOD, TRACE_RELAY_SOON, TRACE_RELAY_SHORT };

// It is on from now_us on. SOON: that is sooner than min_off_us after it went off. SHORT: its last
// on time was too short, and nothing has been stopped since then, until stopped_us: after a stop
// nothing goes on before the next arming.
enum trace_relay_fault trace_relay_on(struct trace_relay *relay,
	const struct trace_actuator *actuator, int64_t now_us, int64_t stopped_us);

// It is off from now_us on. cut: nothing at all is on any more, as in an emergency stop, which
// waits for no relay.
void trace_relay_off(struct trace_relay *relay, const struct trace_actuator *actuator,
	int64_t now_us, bool cut);

#endif
