// SPDX-License-Identifier: MIT
//
// Layers: what runs beside the main technique of a step, and which kinds of actuators can.
//
//   main    ____/~~~~~~~~~~~~~~~~~~~~~~~~\____
//   knead   _______/~~~~~~~~~~~~~~~~~~\_______    in after the main technique has begun, out
//   cell    _______/~~\____/~~\____/~~\_______    before it ends; breathing: on_s, then off_s
//   heat    _______|~~~~~~~~~~~~~~~~~~~~~~~~~~    and through the rest after it: a pad is slow
//
// A further kind is one row in layer.c.
#ifndef CHAIRD_CORE_LAYER_H
#define CHAIRD_CORE_LAYER_H

#include "core/chair.h"

#define STEP_LAYERS_MAX 4
#define LAYER_ON_MAX_S  90 // HOLD_HARD_MAX_S: what presses breathes no longer

// How fast a layer comes in and, if it does not press, goes out. What is only on or off jumps.
#define LAYER_RAMP_PERMILLE_S 100.0

// As a technician writes it.
struct step_layer {
	char actuator[NAME_SIZE]; // its name; "": the first one of the kind
	enum actuator_kind kind;  // void if it has a name
	double permille;          // drive, or level of a cell, at intensity 100 % ...
	double floor_permille;    // ... and at 0 %
	double on_s, off_s;       // on for on_s, off for off_s, again; on_s 0: always on
	bool optional;            // a chair without it plays the step without it
	int line;                 // in its file; 0: not known
};

// As it runs on a chair.
struct layer {
	int8_t actuator;
	uint8_t index; // in `with` of its step
	uint16_t permille, floor_permille;
	float on_s, off_s; // on_s 0: as long as the segment works
};

// Whether such an actuator can be a layer.
bool layer_kind_allowed(enum actuator_kind kind);
// "knead"; NULL for one that cannot.
const char *layer_kind_name(unsigned kind);
// Whether its drive must be said; otherwise it is on or off.
bool layer_kind_has_drive(enum actuator_kind kind);
// Whether it goes on through the rest after its segment.
bool layer_kind_lasts(enum actuator_kind kind);
// Seconds of its rhythm unless it has its own; 0: always on.
double layer_kind_rhythm_s(enum actuator_kind kind);

// The drive at an intensity of 0 ... 100 % times `ease`, never below the floor.
double layer_permille(const struct layer *layer, double intensity_percent, double ease);

#endif
