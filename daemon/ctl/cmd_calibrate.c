// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "config/library.h"
#include "ctl/calibration_file.h"
#include "ctl/calibration_run.h"
#include "ctl/terminal.h"

// The index of a press or cell, or -1 after printing the error.
static int find_actuator(const struct chair *chair, const char *name)
{
	const char *names[CHAIR_ACTUATORS_MAX], *meant;
	int actuator = chair_find_actuator(chair, name);
	char hint[NAME_SIZE + 20] = "";

	if (actuator >= 0 &&
		(chair->actuators[actuator].kind == ACTUATOR_PRESS ||
			chair->actuators[actuator].kind == ACTUATOR_CELL))
		return actuator;
	for (size_t i = 0; i < chair->n_actuators; i++)
		names[i] = chair->actuators[i].name;
	meant = actuator < 0 ? suggest(name, names, chair->n_actuators) : NULL;
	if (meant)
		snprintf(hint, sizeof(hint), "did you mean %s?", meant);
	terminal_error("usage", hint, "%s is no press or cell of this chair", name);
	return -1;
}

static int load_chair(const char *file, struct chair *ret_chair)
{
	__attribute__((cleanup(problems_clear))) struct problems problems = { 0 };

	if (chair_load(file, &problems, ret_chair) == 0 && access(file, W_OK) == 0)
		return EXIT_OK;
	options_print_problems(stderr, &problems);
	terminal_error("usage", "name it with --chair; sudo may be needed",
		"the chair file %s cannot be changed", file);
	return EXIT_USAGE;
}

static void print_table(const char *name, const struct calibration *table)
{
	printf("%s: table:", name);
	for (int i = 0; i < table->n; i++)
		printf(" %d: %.1f N%s", table->at[i].drive_permille, table->at[i].force_n,
			i + 1 < table->n ? "," : "\n");
}

static int finish(const struct options *options, const struct actuator *actuator, int index,
	const struct fit_point *points, size_t n)
{
	const char *file = options->settings.chair_file;
	struct calibration table;
	int r;

	if (!fit_table(points, n, &table)) {
		terminal_error("no-table", "the chair file is unchanged; does the gauge read?",
			"the force does not rise with the drive");
		return EXIT_REFUSED;
	}
	print_table(actuator->name, &table);
	r = calibration_file_write(file, index, &table, points, n);
	if (r == EXIT_OK)
		printf("written to %s (the old one: %s.bak); it counts after: "
		       "systemctl restart chairguard chaird\n",
			file, file);
	return r;
}

static int run_calibrate(const struct subcommand *self, int argc, char *argv[])
{
	int64_t up_to = PERMILLE_FULL;
	bool by_sensor = false;
	const struct option_row rows[] = {
		{ "sensor", 0, OPTION_SWITCH, &by_sensor, NULL,
			"read the actuator's own force sensor", 0, 0 },
		{ "up-to", 0, OPTION_INTEGER, &up_to, "PERMILLE", "hardest drive (its drive_max)",
			200, PERMILLE_FULL },
		{ 0 },
	};
	__attribute__((cleanup(broker_closep))) struct broker *broker = NULL;
	struct fit_point points[FIT_POINTS_MAX];
	const struct actuator *actuator;
	struct options options;
	struct chair chair;
	size_t n = 0;
	int index, r;

	if (!options_parse(self, rows, argc, argv, &options, &r))
		return r;
	r = load_chair(options.settings.chair_file, &chair);
	if (r != EXIT_OK)
		return r;
	index = find_actuator(&chair, options.operands[0]);
	if (index < 0)
		return EXIT_USAGE;
	actuator = &chair.actuators[index];
	r = request_open(&options, &broker);
	if (r != EXIT_OK)
		return r;
	r = calibration_run(&(struct calibration_run){ .broker = broker,
				    .options = &options,
				    .actuator = actuator->name,
				    .drive_max_permille = (int)min_i64(up_to,
					    actuator->drive_max_permille),
				    .by_sensor = by_sensor },
		points, &n);
	return r == EXIT_OK ? finish(&options, actuator, index, points, n) : r;
}

const struct subcommand cmd_calibrate = {
	.name = "calibrate",
	.operands = "ACTUATOR",
	.operands_min = 1,
	.operands_max = 1,
	.common = COMMON_BROKER,
	.summary = "measure the force of a press or cell, and write its table",
	.details =
		"Put a force gauge with a cushion between roller or cell and body. It drives the\n"
		"actuator in steps, waits 5 s at each, asks for the newtons on the gauge (or\n"
		"reads the sensor), and releases. The seat must be occupied. The guard keeps\n"
		"every ceiling; q, Esc, Ctrl-C and whatever ends this program release. The\n"
		"fitted table goes into the chair file of this machine, and nothing else in it\n"
		"changes.",
	.example = "sudo chairctl calibrate depth --up-to 600",
	.run = run_calibrate,
};
