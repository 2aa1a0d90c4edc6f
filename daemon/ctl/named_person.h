// SPDX-License-Identifier: MIT
//
// The person of --person, from the file of --persons or of the settings.
#ifndef CHAIRD_CTL_NAMED_PERSON_H
#define CHAIRD_CTL_NAMED_PERSON_H

#include "core/person.h"
#include "ctl/options.h"

// Load the people, if one is named, and find that one; else *ret_person is NULL and *ret_persons
// without people. 0, or -errno with problems added.
int named_person_load(const struct options *options, const struct atlas *atlas,
	struct persons *ret_persons, const struct person **ret_person, struct problems *problems);

#endif
