// SPDX-License-Identifier: MIT
//
// Private parts of the findings' texts: plan_finding_text.c and plan_finding_layers.c.
#ifndef CHAIRD_CORE_PLAN_FINDING_PRIVATE_H
#define CHAIRD_CORE_PLAN_FINDING_PRIVATE_H

#include "core/plan.h"

// Of a finding about a layer.
void plan_finding_layer_text(const struct plan_finding *finding, const struct step_layer *layer,
	const struct chair *chair, char *buf, size_t size);

#endif
