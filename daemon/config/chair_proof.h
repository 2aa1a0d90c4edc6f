// SPDX-License-Identifier: MIT
//
// The electrical proof of a chair file: values that are each in their range may still make a
// chair that cannot release a person.
//
// A line that is unplugged, without power or floating must read bad (contacts) or be off
// (outputs); a release must get home in its time by the file's own table; a table and a sensor
// must be able to doubt each other (hal/README.md gives the circuit). What cannot be safe is a
// problem. What can be borne is a risk (core/risk.h), and a problem unless the file acknowledges
// it by name. A part in which something is wrong already is not proved.
#ifndef CHAIRD_CONFIG_CHAIR_PROOF_H
#define CHAIRD_CONFIG_CHAIR_PROOF_H

#include "config/reader.h"
#include "core/chair.h"

// Adds a problem for each finding, and fills in what is acknowledged.
void chair_prove(struct reader *reader, struct chair *chair);

#endif
