// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>

#include "ctl/new_chair_entry.h"
#include "ctl/nudge.h"
#include "ctl/questions.h"

static void exchange_directions(struct actuator *actuator, struct chair *chair)
{
	int8_t forward = actuator->line[ROLE_FORWARD];

	actuator->line[ROLE_FORWARD] = actuator->line[ROLE_REVERSE];
	actuator->line[ROLE_REVERSE] = forward;
	chair->lines[actuator->line[ROLE_FORWARD]].role = ROLE_FORWARD;
	chair->lines[actuator->line[ROLE_REVERSE]].role = ROLE_REVERSE;
	printf("  forward and reverse are exchanged\n");
}

// What the person saw of a movement; only the direction matters to the file.
static bool ask_seen(struct new_chair_entry *entry, const struct new_chair_line *row)
{
	char seen[NEW_CHAIR_COMMENT_SIZE], question[120];
	bool right = true;

	if (!new_chair_ask_key("What moved, and which way", "nothing: nothing did", seen,
		    sizeof(seen)))
		return false;
	if (!*seen) {
		printf("  see whether its supply is on, the emergency stop out and the line "
		       "right\n");
		return true;
	}
	snprintf(question, sizeof(question),
		"  Was that %s, yes or no: ", row->way ? row->way : "");
	if (row->way && !ask_yes(question, &right))
		return false;
	if (!right)
		exchange_directions(new_chair_actuator(entry), &entry->wizard->chair);
	else if (!*entry->moved)
		snprintf(entry->moved, sizeof(entry->moved), "%s", seen);
	return true;
}

static bool move(struct new_chair_entry *entry, const struct new_chair_line *row)
{
	struct actuator *actuator = new_chair_actuator(entry);
	struct hal_error error = { "" };
	char question[160];
	bool yes;
	int r;

	snprintf(question, sizeof(question),
		"  Move %s (%s) now, for a tenth of a second, yes or no: ", actuator->name,
		line_role_name(row->role));
	if (!ask_yes(question, &yes))
		return false;
	if (!yes)
		return true;
	r = nudge(&entry->wizard->chair, entry->index, row->role, &error);
	if (r == 0)
		return ask_seen(entry, row);
	printf("  not moved: %s%s\n", error.text,
		r == -EBUSY ? " (sudo systemctl stop chairguard)" : "");
	return true;
}

bool new_chair_ask_movements(struct new_chair_entry *entry)
{
	for (size_t i = 0; entry->wizard->moving && i < n_new_chair_lines; i++) {
		const struct new_chair_line *row = &new_chair_lines[i];

		if (new_chair_applies(entry, &row->when) && row->moves &&
			new_chair_actuator(entry)->line[row->role] >= 0 && !move(entry, row))
			return false;
	}
	return true;
}
