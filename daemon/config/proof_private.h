// SPDX-License-Identifier: MIT
//
// Private parts of the electrical proof: chair_proof.c, line_proof.c and press_proof.c.
#ifndef CHAIRD_CONFIG_PROOF_PRIVATE_H
#define CHAIRD_CONFIG_PROOF_PRIVATE_H

#include "config/chair_proof.h"

struct proof {
	struct reader *reader;
	const struct chair *chair;
	bool pump;             // the chair has a charge pump's relay
	bool of_actuator;      // an actuator is being proved, not the chair
	unsigned acknowledged; // set of its risks that the file acknowledges
	unsigned found;        // set of its risks
};

// Note a risk of the actuator or chair being proved; a problem unless it is acknowledged. The
// printf-like text gives the fault, then the text to write instead.
void proof_risk(struct proof *proof, enum chair_risk risk, const struct config_setting_t *setting,
	const char *key, const char *format, ...) __attribute__((format(printf, 5, 6)));

// line_proof.c: one line by its group. Not the charge pump's: its relay drops at either level.
void proof_line(struct proof *proof, const struct config_setting_t *group, const struct line *line);
// The name of a pin for an output that the chair does not use yet, in buf: `first` if free.
const char *proof_free_pin(const struct chair *chair, int first, char buf[NAME_SIZE]);

// press_proof.c: the release, table and sensor of a press or cell.
void proof_press(struct proof *proof, const struct config_setting_t *group, int actuator);

#endif
