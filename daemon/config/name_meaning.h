// SPDX-License-Identifier: MIT
//
// Names that people write in the place of others: a region for its points, a muscle, a pathway, a
// zone, a side spelt otherwise.
#ifndef CHAIRD_CONFIG_NAME_MEANING_H
#define CHAIRD_CONFIG_NAME_MEANING_H

#include <stdbool.h>
#include <stddef.h>

#include "core/atlas.h"

enum name_kind {
	NAME_POINT,
	NAME_PATHWAY,
	NAME_REGION,
};

#define NAME_MEANING_SIZE 400

// What a name is that is not of the wanted kind, and what to write: ""trapezius" is a muscle: write
// points of it (trapezius.lower, trapezius.middle, trapezius.upper)". False: nothing is known by
// that name. Letters of any case, and any of ". _-" between words.
bool name_meaning(const struct atlas *atlas, const char *name, enum name_kind wanted,
	char ret_text[NAME_MEANING_SIZE]);

#endif
