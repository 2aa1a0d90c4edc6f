// SPDX-License-Identifier: MIT
//
// Electrical proof of a chair file: that the chair it describes can release a person.
//
// Values in their ranges are not enough. A line that is unplugged, without power or floating must
// be off (output) or read as the safe state (contact); by the file's own table a release must get
// home in its time; a force sensor needs a table to be checked against. hal/README.md gives the
// circuit. An unsafe finding is a problem. A tolerable one is a risk (core/risk.h), and a problem
// only if the file does not acknowledge it by name. Parts that already have problems are skipped.
#ifndef CHAIRD_CONFIG_CHAIR_PROOF_H
#define CHAIRD_CONFIG_CHAIR_PROOF_H

#include "config/reader.h"
#include "core/chair.h"

// Add a problem for each finding, and set the chair's and actuators' acknowledged risks.
void chair_prove(struct reader *reader, struct chair *chair);

// The longest time, in s, that a press may need from its farthest point home at its release drive,
// without the dead time; INFINITY: it may never get there. release.max_s must not be shorter.
double chair_way_home_s(const struct actuator *press);

#endif
