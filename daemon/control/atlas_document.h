// SPDX-License-Identifier: MIT
//
// The atlas as a JSON document, for the topic atlas: where each point lies, where it is felt, and
// whether this chair can hold it.
//
// A point that the chair reaches carries the reach's ceilings in newtons, less if the point is
// sensitive; of the other points they are null. A closed point counts as not reached, and carries
// the reason. A pathway carries the share of its points that the chair reaches, 0 ... 1. Pure. The
// document is a new reference, or NULL if memory ran out.
#ifndef CHAIRD_CONTROL_ATLAS_DOCUMENT_H
#define CHAIRD_CONTROL_ATLAS_DOCUMENT_H

#include <jansson.h>

#include "core/atlas.h"
#include "core/chair.h"

json_t *atlas_document(const struct atlas *atlas, const struct chair *chair);

#endif
