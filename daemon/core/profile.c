// SPDX-License-Identifier: MIT
#include "core/profile.h"

#include <string.h>

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

bool technique_parse(const char *name, enum technique *ret_technique)
{
	for (int i = 0; i < TECHNIQUE_COUNT; i++) {
		if (!strcmp(technique_names[i], name)) {
			*ret_technique = i;
			return true;
		}
	}
	return false;
}
