// SPDX-License-Identifier: MIT
//
// The topic atlas: every point and pathway, and what of them this chair reaches. Pure.
//
//   points    [{name, muscle, region, side, along, lateral_mm, refers_to, reachable}], by name;
//             reachable: true if an actuator of this chair gets there
//   pathways  [{name, title, referral, points[], reachable}], by name; points by name and in order;
//             reachable: the share of them that this chair reaches, 0 ... 1
#ifndef CHAIRD_CONTROL_ATLAS_DOCUMENT_H
#define CHAIRD_CONTROL_ATLAS_DOCUMENT_H

#include <jansson.h>

#include "core/atlas.h"
#include "core/chair.h"

// A new reference, or NULL if memory ran out.
json_t *atlas_document(const struct atlas *atlas, const struct chair *chair);

#endif
