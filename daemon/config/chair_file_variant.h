// SPDX-License-Identifier: MIT
//
// Variants of a kind of actuator, which have keys and lines of their own: a carriage without pulses
// (timed), and a cell with one 3/2 valve.
//
// A variant is one more value of the selector `kind` in the tables of actuators and their lines.
#ifndef CHAIRD_CONFIG_CHAIR_FILE_VARIANT_H
#define CHAIRD_CONFIG_CHAIR_FILE_VARIANT_H

#include "config/reader.h"
#include "core/chair.h"

enum { SELECT_TIMED = ACTUATOR_KIND_COUNT, SELECT_VALVED };

#define KIND(kind) (1u << ACTUATOR_##kind)
#define TIMED      (1u << SELECT_TIMED)
#define VALVED     (1u << SELECT_VALVED)
#define CELLS      (KIND(CELL) | VALVED)

// What selects the rows of an actuator, by its kind and by what its group has.
int variant_select(const struct config_setting_t *group, enum actuator_kind kind);

// The name of a selection, for `kind = "NAME"` in messages.
const char *variant_name(unsigned selection);

// What follows from the keys of a timed carriage, and the rules that no table can express.
void variant_read_timed(struct reader *reader, const struct config_setting_t *group,
	struct actuator *actuator);

#endif
