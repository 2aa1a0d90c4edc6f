// SPDX-License-Identifier: MIT
//
// What a new person is asked for.
#ifndef CHAIRD_CTL_PERSON_QUESTIONS_H
#define CHAIRD_CTL_PERSON_QUESTIONS_H

#include "ctl/person_entry.h"

// Ask on standard output for what the entry does not have, and read the answers from standard
// input. What cannot be is asked for again. False at the end of the input.
bool person_questions_ask(struct person_entry *entry, const struct atlas *atlas);

#endif
