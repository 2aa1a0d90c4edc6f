// SPDX-License-Identifier: MIT
#include "core/profile.h"

static const char *const technique_names[TECHNIQUE_COUNT] = {
	[TECHNIQUE_HOLD] = "hold",
	[TECHNIQUE_STROKE] = "stroke",
	[TECHNIQUE_KNEAD] = "knead",
	[TECHNIQUE_PAUSE] = "pause",
};

const char *technique_name(enum technique technique)
{
	return technique_names[technique];
}
