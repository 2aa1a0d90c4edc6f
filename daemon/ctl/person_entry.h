// SPDX-License-Identifier: MIT
//
// A person as they are written into persons.cfg(5).
#ifndef CHAIRD_CTL_PERSON_ENTRY_H
#define CHAIRD_CTL_PERSON_ENTRY_H

#include <stdbool.h>
#include <stddef.h>

#include "core/person.h"

#define PERSON_PLACES_SIZE 1024

struct person_entry_closing {
	char places[PERSON_PLACES_SIZE]; // regions and points, with commas between them
	char reason[TITLE_SIZE];
};

struct person_entry {
	const char *name;
	// NAN: not given.
	double height_cm, shoulder_offset_mm, ceiling_percent;
	struct person_entry_closing closings[PERSON_CLOSINGS_MAX];
	size_t n_closings;
};

#define PERSON_FAULT_SIZE 240

// True if the name can be one. False: why not, in ret_fault.
bool person_entry_check_name(const char *name, char ret_fault[PERSON_FAULT_SIZE]);

// True if each of the places is a region, a point, a point without its side, or "all".
bool person_entry_check_places(const struct atlas *atlas, const char *places,
	char ret_fault[PERSON_FAULT_SIZE]);

// Add "lower_back,rhomboid.left=disc surgery".
bool person_entry_close(struct person_entry *entry, const struct atlas *atlas, const char *closing,
	char ret_fault[PERSON_FAULT_SIZE]);

// The group of the file, without what has its default; NULL without memory.
char *person_entry_text(const struct person_entry *entry);

#endif
