// SPDX-License-Identifier: MIT
#include "checker/trace_relay.h"

#define SLACK_US 1000

enum trace_relay_fault trace_relay_on(struct trace_relay *relay,
	const struct trace_actuator *actuator, int64_t now_us, int64_t stopped_us)
{
	relay->on = true;
	relay->on_us = now_us;
	if (now_us - relay->off_us < actuator->min_off_us - SLACK_US)
		return TRACE_RELAY_SOON;
	return relay->was_short && stopped_us < relay->off_us ? TRACE_RELAY_SHORT
							      : TRACE_RELAY_GOOD;
}

void trace_relay_off(struct trace_relay *relay, const struct trace_actuator *actuator,
	int64_t now_us, bool cut)
{
	relay->on = false;
	relay->off_us = now_us;
	relay->was_short = !cut && now_us - relay->on_us < actuator->min_on_us - SLACK_US;
}
