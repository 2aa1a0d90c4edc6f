// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/new_chair.h"
#include "ctl/nudge.h"
#include "ctl/options.h"
#include "ctl/terminal.h"

// A new file: one that is there is never written over.
static int write_file(const struct new_chair *wizard, const char *path)
{
	FILE *file = fopen(path, "wxe");
	int r;

	if (!file)
		return -errno;
	new_chair_write(wizard, file);
	r = ferror(file) ? -EIO : 0;
	return fclose(file) == 0 ? r : -errno;
}

static void print_beginning(bool moving)
{
	printf("The file of a new chair, line by line. chairctl lines shows the lines of this "
	       "machine.\n");
	if (moving)
		printf("Each actuator may be moved once it is described: only after a yes, for at "
		       "most %d ms.\nStop the guard before (sudo systemctl stop chairguard), "
		       "switch the motors' supply on,\nkeep the emergency stop in your hand, and "
		       "let nobody sit in the chair.\n",
			NUDGE_MS);
	putchar('\n');
}

static int run_new_chair(const struct subcommand *self, int argc, char *argv[])
{
	bool still = false;
	const struct option_row rows[] = {
		{ "still", 's', OPTION_SWITCH, &still, NULL, "move nothing", 0, 0 },
		{ 0 },
	};
	struct new_chair wizard;
	struct options options;
	const char *path;
	int r;

	if (!options_parse(self, rows, argc, argv, &options, &r))
		return r;
	path = options.operands[0];
	if (access(path, F_OK) == 0) {
		terminal_error("file", "name another one, or move it away", "%s is there already",
			path);
		return EXIT_REFUSED;
	}
	new_chair_init(&wizard, !still);
	print_beginning(!still);
	r = new_chair_ask(&wizard) ? write_file(&wizard, path) : -ECANCELED;
	new_chair_clear(&wizard);
	if (r == -ECANCELED)
		terminal_error("input", NULL, "it has ended: nothing is written");
	else if (r < 0)
		terminal_error("file", NULL, "%s: %s", path, strerror(-r));
	else
		printf("\n%s is written. Next: sudo chairctl doctor, and chairctl calibrate.\n",
			path);
	return r < 0 ? EXIT_REFUSED : EXIT_OK;
}

const struct subcommand cmd_new_chair = {
	.name = "new-chair",
	.operands = "FILE",
	.operands_min = 1,
	.operands_max = 1,
	.summary = "describe a new chair, and see what each line moves",
	.details =
		"It asks for the contacts, actuators and buttons of a chair and their lines, and\n"
		"writes a commented file (chair.cfg(5)) that chairctl check accepts. After a yes\n"
		"it moves one actuator, for at most a tenth of a second and with little drive:\n"
		"is it that one, and which way? The guard must be stopped and the motors' supply\n"
		"on. The lines are released after each movement. A FILE that is there is not\n"
		"changed.\n"
		"\n"
		"  sudo chairctl new-chair my-chair.cfg",
	.run = run_new_chair,
};
