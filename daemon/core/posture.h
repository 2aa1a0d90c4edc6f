// SPDX-License-Identifier: MIT
//
// Posture: the parts of a chair that move the person, by the words of a profile, and the times of
// their ways.
//
// A part is a recline or an extension of the chair: the back rest and the leg rest as the chair
// file calls them, or by the beginning of their names (back_rest, legs), the extension by its kind.
// A position is in per mille of its way: 0 is home (upright, in), 1000 the other end.
#ifndef CHAIRD_CORE_POSTURE_H
#define CHAIRD_CORE_POSTURE_H

#include "core/chair.h"

enum posture_part { PART_BACK, PART_LEGS, PART_EXTENSION, POSTURE_PARTS };

#define POSTURE_STAYS (-1) // instead of a position: the part is not moved

const char *posture_part_name(enum posture_part part); // "back": the key in a profile

// "back rest", for people.
const char *posture_part_text(enum posture_part part);
#define POSTURE_TEXT_SIZE 64
// "back 400, legs 300 per mille": the parts that are moved. Returns text.
const char *posture_text(const int permille[POSTURE_PARTS], char text[POSTURE_TEXT_SIZE]);

// The chair's actuator for a part, or -1.
int posture_part_find(const struct chair *chair, enum posture_part part);

// Whether it can be moved to a position: one whose position is not known, to its ends alone.
bool posture_can_stand_at(const struct actuator *actuator, int permille);

// The likely duration of a way, and its longest, without a break and in all: one that does not know
// its position goes home first.
double posture_likely_s(const struct actuator *actuator, double from_permille, double to_permille);
double posture_unbroken_max_s(const struct actuator *actuator);
double posture_max_s(const struct actuator *actuator);

#endif
