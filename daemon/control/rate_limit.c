// SPDX-License-Identifier: MIT
#include "control/rate_limit.h"

#include "core/units.h"

void rate_limit_init(struct rate_limit *limit, int64_t per_s, int64_t burst)
{
	*limit = (struct rate_limit){
		.interval_us = US_PER_S / per_s, .burst = burst, .full_us = INT64_MIN
	};
}

bool rate_limit_take(struct rate_limit *limit, int64_t now_us)
{
	if (limit->full_us < now_us)
		limit->full_us = now_us;
	if (limit->full_us - now_us > (limit->burst - 1) * limit->interval_us)
		return false;
	limit->full_us += limit->interval_us;
	return true;
}
