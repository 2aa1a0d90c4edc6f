// SPDX-License-Identifier: MIT
//
// Checks of `chairctl doctor`, each with a finding and a remedy.
//
// A check changes nothing. The table in doctor.c has their order: later ones use the results of
// earlier ones. Only check_direction() moves something; it is not in the table.
#ifndef CHAIRD_CTL_DOCTOR_H
#define CHAIRD_CTL_DOCTOR_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "config/settings.h"
#include "core/chair.h"
#include "ctl/broker.h"

struct library;
struct timex;

enum finding_level {
	FINDING_OK,
	FINDING_WARNING, // it works, but not as well or as safely as it could
	FINDING_PROBLEM, // no session is possible, or no safe one
	FINDING_NOT_APPLICABLE,
};

struct finding {
	enum finding_level level;
	char text[512];
	char remedy[512]; // a command, or a line and its file; "": none
};

struct doctor {
	const char *root;       // before every path that is not given; "": this machine
	const char *config;     // --config, or NULL
	const char *chair_file; // --chair, or NULL
	double timeout_s;       // of the broker
	bool commission;        // directions are proven after the checks
	int (*adjtimex)(struct timex *timex);

	// Results of the checks so far.
	struct settings settings; // the defaults if the file is wrong
	struct chair chair;
	bool settings_good, chair_good;
	pid_t guard;           // 0: it does not run
	bool guard_waits;      // it runs, and holds no line yet
	struct broker *broker; // NULL: not reached
	bool ready;            // chaird answers, with its guard, and no fault is latched
	bool interrupted;      // Ctrl-C or a signal has arrived
};

struct doctor_check {
	const char *name;
	void (*run)(struct doctor *doctor, struct finding *finding);
};

// NULL-terminated by name.
extern const struct doctor_check doctor_checks[];

// doctor_files.c
void check_settings(struct doctor *doctor, struct finding *finding);
void check_chair(struct doctor *doctor, struct finding *finding);
void check_profiles(struct doctor *doctor, struct finding *finding);
// doctor_buttons.c
void check_buttons(struct doctor *doctor, struct finding *finding);
// doctor_lines.c
void check_persist(struct doctor *doctor, struct finding *finding);
void check_gpio(struct doctor *doctor, struct finding *finding);
void check_lines(struct doctor *doctor, struct finding *finding);
// True if the guard runs on real lines and holds none of the chair's: then it waits for them.
bool doctor_guard_waits(const struct doctor *doctor);
void check_sensors(struct doctor *doctor, struct finding *finding);
// doctor_pwm.c
void check_pwm(struct doctor *doctor, struct finding *finding);
// doctor_guard.c
void check_guard(struct doctor *doctor, struct finding *finding);
void check_realtime(struct doctor *doctor, struct finding *finding);
// doctor_broker.c
void check_broker(struct doctor *doctor, struct finding *finding);
void check_anonymous(struct doctor *doctor, struct finding *finding);
void check_acl(struct doctor *doctor, struct finding *finding);
void check_controller(struct doctor *doctor, struct finding *finding);
// doctor_directions.c: prove the direction of an actuator to which direction_applies()
// (direction.h). Moves it, and stops it; interrupt_block() (interrupt.h) must have been called.
void check_direction(struct doctor *doctor, const struct actuator *actuator,
	struct finding *finding);
// doctor_machine.c
void check_clock(struct doctor *doctor, struct finding *finding);
void check_voltage(struct doctor *doctor, struct finding *finding);
void check_watchdog(struct doctor *doctor, struct finding *finding);

// --- for the checks ---------------------------------------------------------------------------

// The remedy may be NULL.
void finding_set(struct finding *finding, enum finding_level level, const char *remedy,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

// Append to a text or a remedy; cut if it does not fit.
void finding_add(char into[512], const char *format, ...) __attribute__((format(printf, 2, 3)));

// root + path, in buf.
const char *doctor_path(const struct doctor *doctor, const char *path, char buf[PATH_MAX]);

// doctor_files.c: --chair or that of the settings, perhaps in buf.
const char *doctor_chair_file(const struct doctor *doctor, char buf[PATH_MAX]);

// The library with the stored profiles and the chair. False if it has an error.
bool doctor_load_library(const struct doctor *doctor, struct library **ret_library);

// The beginning of a small file below root, without the newline at its end. False if it cannot be
// read.
bool doctor_read(const struct doctor *doctor, const char *path, char *buf, size_t size);

// The number after "KEY:" or "KEY " at the beginning of a line, as in /proc/PID/status; -1 if there
// is none.
long doctor_number(const char *text, const char *key, int base);

// The id of the group gpio, or -1.
long doctor_gpio_group(const struct doctor *doctor);

#endif
