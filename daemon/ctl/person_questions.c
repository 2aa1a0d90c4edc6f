// SPDX-License-Identifier: MIT
#include "ctl/person_questions.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ctl/questions.h"
#include "ctl/terminal.h"

static void print_regions(void)
{
	struct terminal terminal = terminal_detect(stdout);
	char line[600] = "  regions: all";

	for (int i = 0; i < REGION_COUNT; i++) {
		size_t n = strlen(line);

		if (region_ceiling((enum region)i).peak_n > 0) // the others are never pressed
			snprintf(line + n, sizeof(line) - n, ", %s", region_name((enum region)i));
	}
	strcat(line, "\n");
	terminal_wrap(stdout, &terminal, 4, line);
	printf("  points: chairctl atlas lists them\n");
}

// Closings until an empty answer.
static bool ask_closings(struct person_entry *entry, const struct atlas *atlas)
{
	char fault[PERSON_FAULT_SIZE];

	while (entry->n_closings < PERSON_CLOSINGS_MAX) {
		struct person_entry_closing *closing = &entry->closings[entry->n_closings];

		if (!ask_text("What must not be pressed: regions or points, with commas between "
			      "them (nothing; ? lists): ",
			    closing->places, sizeof(closing->places)))
			return false;
		if (!*closing->places)
			return true;
		if (!strcmp(closing->places, "?")) {
			print_regions();
			continue;
		}
		if (!person_entry_check_places(atlas, closing->places, fault)) {
			printf("  %s\n", fault);
			continue;
		}
		do {
			if (!ask_text("  because of, as it will be shown: ", closing->reason,
				    sizeof(closing->reason)))
				return false;
		} while (!*closing->reason);
		entry->n_closings++;
	}
	return true;
}

bool person_questions_ask(struct person_entry *entry, const struct atlas *atlas)
{
	const struct number_question height = { "Height", "cm", PERSON_HEIGHT_MIN_CM,
		PERSON_HEIGHT_MAX_CM, NAN };
	const struct number_question offset = {
		"Shoulders above the seat, against others of that height", "mm",
		-PERSON_OFFSET_MAX_MM, PERSON_OFFSET_MAX_MM, 0
	};
	const struct number_question ceiling = { "Highest intensity", "%", 0, 100, 100 };

	return ask_number(&height, &entry->height_cm) &&
		ask_number(&offset, &entry->shoulder_offset_mm) &&
		ask_number(&ceiling, &entry->ceiling_percent) &&
		(entry->n_closings || ask_closings(entry, atlas));
}
