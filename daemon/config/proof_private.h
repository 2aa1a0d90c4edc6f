// SPDX-License-Identifier: MIT
//
// What the parts of the proof share; for chair_proof.c, line_proof.c and press_proof.c only.
#ifndef CHAIRD_CONFIG_PROOF_PRIVATE_H
#define CHAIRD_CONFIG_PROOF_PRIVATE_H

#include "config/chair_proof.h"

struct proof {
	struct reader *reader;
	const struct chair *chair;
	bool pump;             // the chair has a charge pump's relay
	bool of_actuator;      // what is proved: an actuator, or the chair
	unsigned acknowledged; // risks of that
	unsigned found;
};

// A risk of what is proved: a problem unless it is acknowledged. Printf-like: what is wrong; what
// to write instead.
void proof_risk(struct proof *proof, enum chair_risk risk, const struct config_setting_t *setting,
	const char *key, const char *format, ...) __attribute__((format(printf, 5, 6)));

// line_proof.c: one line by its group; not the charge pump's, of which no level passes.
void proof_line(struct proof *proof, const struct config_setting_t *group, const struct line *line);
// The name of a pin that an output may have and the chair does not use yet, in buf: the first, or
// another.
const char *proof_free_pin(const struct chair *chair, int first, char buf[NAME_SIZE]);

// press_proof.c: the release, table and sensor of a press or cell.
void proof_press(struct proof *proof, const struct config_setting_t *group, int actuator);

#endif
