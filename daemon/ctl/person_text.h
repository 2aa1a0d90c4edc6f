// SPDX-License-Identifier: MIT
//
// Plain words for places, forces and doses: texts for the person in the chair.
#ifndef CHAIRD_CTL_PERSON_TEXT_H
#define CHAIRD_CTL_PERSON_TEXT_H

#include "core/atlas.h"
#include "core/profile.h"

#define PERSON_TEXT_SIZE 160

// "rhomboids, both sides", "upper trapezius, left", of one point or of two that are pressed at
// once (-1: only one). Returns buf.
char *person_place(const struct atlas *atlas, const int16_t points[2], char buf[PERSON_TEXT_SIZE]);

// "40 N (the weight of 4.1 kg)", or "300 per mille of full drive". Returns buf.
char *person_target(enum target_unit unit, double value, char buf[PERSON_TEXT_SIZE]);

// "1:05", minutes and seconds. Returns buf.
#define PERSON_TIME_SIZE 16
char *person_time(double seconds, char buf[PERSON_TIME_SIZE]);

#endif
