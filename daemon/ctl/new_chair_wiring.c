// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "ctl/new_chair_entry.h"

static const struct new_chair_line *find_row(const struct new_chair_entry *entry,
	enum line_role role)
{
	for (size_t i = 0; i < n_new_chair_lines; i++) {
		if (new_chair_lines[i].role == role &&
			new_chair_applies(entry, &new_chair_lines[i].when))
			return &new_chair_lines[i];
	}
	return NULL;
}

static bool ask_line(struct new_chair_entry *entry, const struct new_chair_line *row)
{
	const char *none = row->otherwise ? row->otherwise : "none";
	bool channel = row->role == ROLE_PWM && entry->wizard->chair.enable >= 0;
	char question[200];
	int line;

	snprintf(question, sizeof(question), "  %s line, %s%s%s%s: ", line_role_name(row->role),
		row->what, channel ? ", or kernel PWM: fe20c000.pwm:pwm0" : "",
		row->required ? "" : "; nothing: ", row->required ? "" : none);
	switch (new_chair_ask_line(entry->wizard, question, row->required, row->role, entry->index,
		&line)) {
	case NEW_CHAIR_END:
		return false;
	case NEW_CHAIR_ADDED:
		new_chair_actuator(entry)->line[row->role] = (int8_t)line;
		break;
	default:
		break;
	}
	return true;
}

bool new_chair_ask_lines(struct new_chair_entry *entry)
{
	struct actuator *actuator = new_chair_actuator(entry);

	for (size_t i = 0; i < n_new_chair_lines; i++) {
		const struct new_chair_line *row = &new_chair_lines[i];

		if (new_chair_applies(entry, &row->when) && !ask_line(entry, row))
			return false;
	}
	actuator->sign_magnitude = actuator->line[ROLE_PWM] < 0 &&
		(actuator->kind == ACTUATOR_PRESS ||
			(entry->build && actuator->kind == ACTUATOR_TRAVEL &&
				entry->build->build == BUILD_PULSES));
	return true;
}

void new_chair_put_lines(const struct new_chair_entry *entry)
{
	const struct actuator *actuator = new_chair_actuator(entry);

	fputs("    lines = {\n", entry->text);
	for (int role = 0; role < ROLE_COUNT; role++) {
		if (actuator->line[role] < 0)
			continue;
		fprintf(entry->text, "      %-7s = ", line_role_name((enum line_role)role));
		new_chair_put_line(entry->text, &entry->wizard->chair.lines[actuator->line[role]],
			"");
		fprintf(entry->text, ";  # %s\n", find_row(entry, (enum line_role)role)->what);
	}
	fputs("    };\n", entry->text);
	if (actuator->sign_magnitude)
		fputs("    drive = \"sign-magnitude\";  # forward and reverse are pulsed\n",
			entry->text);
}
