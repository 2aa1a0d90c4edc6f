// SPDX-License-Identifier: MIT
//
// Token bucket: a burst at once, then a number of tokens a second. Pure: time is an argument.
#ifndef CHAIRD_CONTROL_RATE_LIMIT_H
#define CHAIRD_CONTROL_RATE_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

// The state is the time at which the bucket will be full again.
struct rate_limit {
	int64_t interval_us; // one token grows back in this time
	int64_t burst;       // tokens in a full bucket
	int64_t full_us;
};

// per_s and burst at least 1. The bucket begins full.
void rate_limit_init(struct rate_limit *limit, int64_t per_s, int64_t burst);

// Take one token. False, without taking any, if there is none.
bool rate_limit_take(struct rate_limit *limit, int64_t now_us);

#endif
