// SPDX-License-Identifier: MIT
//
// The trace checker's model of a chair.
//
// It has its own reader of the chair file: the checker shares no code with the guard or with the
// daemons' configuration, so that one mistake cannot hide in both.
#ifndef CHAIRD_CHECKER_TRACE_CHAIR_H
#define CHAIRD_CHECKER_TRACE_CHAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRACE_NAME_SIZE     48
#define TRACE_LINES_MAX     64
#define TRACE_ACTUATORS_MAX 24
#define TRACE_GROUPS_MAX    8
#define TRACE_REACHES_MAX   64
#define TRACE_STOPS_MAX     16

enum trace_role {
	TRACE_FORWARD,
	TRACE_REVERSE,
	TRACE_PWM,
	TRACE_FILL,
	TRACE_VENT,
	TRACE_VALVE, // of a cell: on fills it, off vents it
	TRACE_RUN,
	TRACE_ENABLE,
	TRACE_ROLE_COUNT,
};

struct trace_line {
	char name[TRACE_NAME_SIZE];
	enum trace_role role;
	int actuator;                  // index, or -1
	bool active_level, safe_level; // of the wire
	bool pulsed;                   // by PWM
	bool channel;                  // of kernel PWM: on while it has a drive
};

// A stop button in the person's reach.
struct trace_stop {
	char name[TRACE_NAME_SIZE]; // of its line
	bool active_level;          // of the wire
};

struct trace_actuator {
	char name[TRACE_NAME_SIZE];
	bool presses;                    // kind press or cell
	int line[TRACE_ROLE_COUNT];      // index, or -1
	int64_t on_max_us, dead_time_us; // 0: no such ceiling
	int64_t min_on_us, min_off_us;   // of its relay
	// Longest drive in one direction of an actuator that is timed and has no contact there; 0:
	// it is not.
	int64_t way_us[2];
	double cutoff_c; // of a heater; 0: it is none
	int duty_max_permille;
	int current_ma;
	double margin_n; // allowed difference of its force sensor and its table
	int carriage;    // index, or -1
	// Of a carriage without pulses; way_mm is 0 of all others.
	double way_mm, slip_permille, position_error_mm;
	bool sets_width; // a knead with position contacts
};

// A stretch of the body that an actuator presses, with its ceilings.
struct trace_reach {
	int actuator;
	double from_mm, to_mm; // of its carriage; both 0 without one
	double peak_n, sustained_n;
};

struct trace_chair {
	struct trace_line lines[TRACE_LINES_MAX]; // outputs only
	size_t n_lines;
	struct trace_actuator actuators[TRACE_ACTUATORS_MAX];
	size_t n_actuators;
	uint32_t groups[TRACE_GROUPS_MAX]; // exclusive: sets of actuators, bit by index
	size_t n_groups;
	struct trace_reach reaches[TRACE_REACHES_MAX];
	size_t n_reaches;
	struct trace_stop stops[TRACE_STOPS_MAX];
	size_t n_stops;
	int64_t debounce_us;
	int current_max_ma; // 0: no budget
	int64_t pwm_period_us, tick_us;
	int enable; // line index, or -1
};

extern const char *const trace_role_names[TRACE_ROLE_COUNT];

// 0, or -EINVAL with a message on stderr.
int trace_chair_load(const char *file, struct trace_chair *ret_chair);

#endif
