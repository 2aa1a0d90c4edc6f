// SPDX-License-Identifier: MIT
//
// The keys of a group against the rows of its schema: which row holds, and what is meant by a key
// that has none.
#ifndef CHAIRD_CONFIG_KEYS_H
#define CHAIRD_CONFIG_KEYS_H

#include "config/reader.h"

// Whether a row applies to a selection (reader.h).
bool keys_applies(const struct field *field, int selection);

// The row for a member; NULL and a problem if there is none. It is looked for from row `from` on
// first: the keys of a group are mostly in the order of their table.
const struct field *keys_find_row(struct reader *reader, const struct config_setting_t *member,
	const struct schema *schema, int selection, size_t from);

#endif
