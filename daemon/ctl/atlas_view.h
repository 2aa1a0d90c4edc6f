// SPDX-License-Identifier: MIT
//
// Points and pathways of an atlas, as text and as JSON: what they are, where they are felt, whether
// a chair reaches them, and which profiles press them.
#ifndef CHAIRD_CTL_ATLAS_VIEW_H
#define CHAIRD_CTL_ATLAS_VIEW_H

#include <stdio.h>

#include <jansson.h>

#include "ctl/atlas_relation.h"
#include "ctl/atlas_search.h"
#include "ctl/terminal.h"

// A line each, for the terminal of the stream.
void atlas_view_list(FILE *stream, const struct terminal *terminal, const struct atlas_scope *scope,
	const struct atlas_found *found);

// Everything about each.
void atlas_view_whole(FILE *stream, const struct terminal *terminal,
	const struct atlas_scope *scope, const struct atlas_found *found);

// The same as a new reference; NULL without memory.
json_t *atlas_json(const struct atlas_scope *scope, const struct atlas_found *found);

#endif
