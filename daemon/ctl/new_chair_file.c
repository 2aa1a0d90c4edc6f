// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "config/library.h"
#include "ctl/new_chair.h"

static void put_input(const struct new_chair *wizard, const char *key, int line,
	const char *comment, FILE *file)
{
	if (line < 0)
		return;
	fprintf(file, "  %-5s = ", key);
	new_chair_put_line(file, &wizard->chair.lines[line], "");
	fprintf(file, ";  # %s\n", comment);
}

static void put_head(const struct new_chair *wizard, FILE *file)
{
	const struct chair *chair = &wizard->chair;

	fprintf(file,
		"# Made by chairctl new-chair. man chair.cfg explains every key.\n"
		"id = \"%s\";\nmodel = \"%s\";\ncurrent_max_ma = %d;  # of all actuators "
		"together\n\n"
		"inputs = {\n",
		chair->id, chair->model, chair->current_max_ma);
	put_input(wizard, "estop", chair->estop, "normally closed: closed is not pressed", file);
	put_input(wizard, "seat", chair->seat, "closed while somebody sits", file);
	put_input(wizard, "reset", chair->reset, "a push button", file);
	fputs("};\n", file);
	if (chair->enable < 0) {
		fputs("# Without a charge pump's relay a computer that freezes keeps its motors "
		      "running.\nacknowledged = [ \"no-charge-pump\" ];\n",
			file);
		return;
	}
	fputs("enable = ", file);
	new_chair_put_line(file, &chair->lines[chair->enable], " hz = 50;");
	fputs(";  # the charge pump that holds the motors' relay\n", file);
}

// A list of the file; the elements end at the first NULL.
static void put_list(char *const elements[], size_t n_max, const char *comment, const char *key,
	FILE *file)
{
	if (!elements[0])
		return;
	fprintf(file, "\n%s\n%s = (\n", comment, key);
	for (size_t i = 0; i < n_max && elements[i]; i++)
		fprintf(file, "  %s%s\n", elements[i], i + 1 < n_max && elements[i + 1] ? "," : "");
	fputs(");\n", file);
}

static void put_reaches(const struct new_chair *wizard, FILE *file)
{
	size_t n = wizard->chair.n_actuators;

	fputs("\n# Along the spine 0 is the vertebra C7 and 1 the sacrum; along a limb, its ends.\n"
	      "reach = (\n",
		file);
	for (size_t i = 0, last = n; i < n; i++) {
		size_t length = strlen(wizard->reaches[i]);

		for (last = i + 1; last < n && !*wizard->reaches[last];)
			last++;
		// A list has no comma after its last element.
		if (length && last == n)
			fprintf(file, "%.*s\n", (int)length - 2, wizard->reaches[i]);
		else
			fputs(wizard->reaches[i], file);
	}
	fputs(");\n", file);
}

void new_chair_write(const struct new_chair *wizard, FILE *file)
{
	size_t n = wizard->chair.n_actuators;
	bool reaches = false;

	put_head(wizard, file);
	fputs("\nactuators = (\n", file);
	for (size_t i = 0; i < n; i++) {
		fprintf(file, "%s%s\n", wizard->actuators[i], i + 1 < n ? "," : "");
		reaches |= *wizard->reaches[i];
	}
	fputs(");\n", file);
	put_list(wizard->groups, CHAIR_GROUPS_MAX, "# Of each list only one runs at a time.",
		"exclusive", file);
	put_list(wizard->buttons, CHAIR_BUTTONS_MAX, "# In the person's reach.", "buttons", file);
	if (reaches)
		put_reaches(wizard, file);
}

static void take_soft_limits(struct new_chair *wizard, const struct chair *checked)
{
	for (size_t i = 0; i < checked->n_actuators; i++) {
		wizard->chair.actuators[i].soft_min_mm = checked->actuators[i].soft_min_mm;
		wizard->chair.actuators[i].soft_max_mm = checked->actuators[i].soft_max_mm;
	}
}

bool new_chair_check(struct new_chair *wizard)
{
	struct problems problems = { 0 };
	struct chair chair;
	char path[40];
	int fd = memfd_create("chair", MFD_CLOEXEC), r = -errno;
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

	if (file) {
		new_chair_write(wizard, file);
		fflush(file);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		r = chair_load(path, &problems, &chair);
	}
	for (size_t i = 0; i < problems.n; i++)
		printf("  %s: %s\n", problems.list[i].path, problems.list[i].text);
	problems_clear(&problems);
	if (r == 0)
		take_soft_limits(wizard, &chair);
	if (file)
		fclose(file);
	else if (fd >= 0)
		close(fd);
	return r == 0;
}
