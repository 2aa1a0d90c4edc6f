// SPDX-License-Identifier: MIT
#include "control/ejections.h"

void ejections_add(struct ejections *ejections, int64_t now_us)
{
	if (ejections->n && now_us - ejections->last_us > EJECTION_US)
		ejections->n = 0;
	if (ejections->n < EJECTIONS_MIN)
		ejections->n++;
	ejections->last_us = now_us;
}

bool ejections_contested(const struct ejections *ejections, int64_t now_us)
{
	return ejections->n >= EJECTIONS_MIN && now_us - ejections->last_us <= EJECTION_US;
}
