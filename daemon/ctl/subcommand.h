// SPDX-License-Identifier: MIT
//
// Subcommand of chairctl: a file cmd_NAME.c and an entry in main.c.
//
// cmd_request.c has those that send one request. This folder cleans up with
// the cleanup attribute. An error is printed once, by the function that turns it into an exit code.
#ifndef CHAIRD_CTL_SUBCOMMAND_H
#define CHAIRD_CTL_SUBCOMMAND_H

enum exit_code {
	EXIT_OK,        // done
	EXIT_REFUSED,   // refused, failed, or a check has found problems
	EXIT_USAGE,     // not understood
	EXIT_NO_ANSWER, // no broker, no chair, or no answer in time
};

// Groups of common options (options.c).
#define COMMON_BROKER   0x1u
#define COMMON_LIBRARY  0x2u
#define COMMON_PERSONS  0x4u  // the file of persons
#define COMMON_ID_LATER 0x10u // with COMMON_BROKER: it is not always needed
#define COMMON_PERSON   0x8u  // one of them, for whom a profile is planned

struct subcommand {
	const char *name;
	const char *operands; // "PROFILE", for the usage line
	int operands_min, operands_max;
	unsigned common;
	const char *summary; // one line, for the list
	const char *details; // more for its --help; NULL: none
	const char *example; // command lines for it
	// argv[0] is "chairctl NAME". Returns an exit code.
	int (*run)(const struct subcommand *self, int argc, char *argv[]);
};

extern const struct subcommand cmd_run, cmd_stop, cmd_pause, cmd_resume, cmd_skip, cmd_intensity,
	cmd_feedback, cmd_home, cmd_jog, cmd_reset, cmd_status, cmd_watch, cmd_profiles, cmd_dose,
	cmd_person, cmd_put, cmd_reload, cmd_atlas, cmd_check, cmd_explain, cmd_diff, cmd_simulate,
	cmd_replay, cmd_tune, cmd_new_chair, cmd_calibrate, cmd_lines, cmd_doctor;

#endif
