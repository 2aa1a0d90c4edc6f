// SPDX-License-Identifier: MIT
#include "ctl/recording_files.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ctl/chart.h"
#include "ctl/recording_csv.h"
#include "ctl/subcommand.h"
#include "ctl/terminal.h"

static int fail(const char *file, int error)
{
	terminal_error("file", NULL, "%s: %s", file, strerror(error));
	return EXIT_REFUSED;
}

static int write_file(const struct recording *recording, const char *file,
	int (*write)(const struct recording *recording, FILE *stream))
{
	FILE *stream = fopen(file, "we");
	int r;

	if (!stream)
		return fail(file, errno);
	r = write(recording, stream);
	if (r == 0 && ferror(stream))
		r = -EIO;
	if (fclose(stream) != 0 && r == 0)
		r = -errno;
	return r < 0 ? fail(file, -r) : EXIT_OK;
}

int recording_write(const struct recording *recording, const char *svg, const char *csv)
{
	int r = svg ? write_file(recording, svg, chart_draw) : EXIT_OK;

	return r == EXIT_OK && csv ? write_file(recording, csv, recording_csv) : r;
}
