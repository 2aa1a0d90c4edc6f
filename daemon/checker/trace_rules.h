// SPDX-License-Identifier: MIT
//
// The rules that every pin trace must keep, checked change by change.
//
// "On" means that the wire's level differs from the line's safe level. A gap of at most two PWM
// periods does not end the on time of a PWM line or of any other line of an actuator.
//
//   on-time    a line is on for longer than its actuator's on_max_s
//   opposed    forward and reverse, or fill and vent, active together (exact)
//   dead-time  a direction goes on sooner than dead_time_ms after the opposite (1 ms tolerance)
//   relay      an actuator without PWM goes on sooner than min_off_ms after it went off, or its run
//              line was on for less than min_on_ms although nothing was stopped: something else
//              stayed on, and it goes on again before the enable line has stopped or a press
//              has gone back (1 ms tolerance)
//   outside    a line, or the enable line itself, is on although the enable line has not toggled
//              for more than two ticks: before the first arming, after a release, in between. (On
//              for at most two ticks is allowed: the relay that the enable line holds is open.)
//   exclusive  two actuators of an exclusive group are driven together (exact)
//   current    the actuators' current_ma, each weighted with its duty or with the drive of its
//              channel of kernel PWM, go above current_max_ma;
//              in windows of 100 ms, 5 % tolerance for PWM periods at their ends
//   duty       a pressing actuator presses (others: is driven) for more than duty_max of any
//              5 minutes (1 s tolerance)
//   way        an actuator that is timed and has no contact at that end is driven there for longer
//              than its time and a quarter
//   stop-button  while a stop button has been pressed for longer than debounce_ms and 10 ms,
//              something is on that does not release: anything but the enable line, a press that
//              goes back and a vent (with what the tolerance has above TRACE_TOLERANCE_US)
//   format     the trace does not match the chair file, or is not a trace (trace_check.c; here only
//              that its header declares every output)
#ifndef CHAIRD_CHECKER_TRACE_RULES_H
#define CHAIRD_CHECKER_TRACE_RULES_H

#include "checker/trace_chair.h"
#include "checker/trace_relay.h"
#include "checker/trace_report.h"
#include "checker/trace_signal.h"

// Times are the trace's, from 0; lines and actuators by their index in the chair.
struct trace_rules {
	const struct trace_chair *chair; // borrowed
	struct trace_report *report;     // borrowed; gets the violations
	int64_t tolerance_us;
	int64_t now_us;                 // of the last change
	bool declared[TRACE_LINES_MAX]; // by the trace's header; set by the reader
	bool level[TRACE_LINES_MAX], before[TRACE_LINES_MAX]; // of the wire; an instant earlier
	int drive_permille[TRACE_LINES_MAX];                  // of a channel of kernel PWM
	int64_t off_us[TRACE_LINES_MAX];                      // when it last stopped being active
	struct signal on[TRACE_LINES_MAX];                    // the line is off its safe level
	struct signal driven[TRACE_ACTUATORS_MAX];
	struct signal pressing[TRACE_ACTUATORS_MAX];
	struct trace_relay relays[TRACE_ACTUATORS_MAX];
	int64_t stopped_us; // the enable line was stopped until then, or a press went back
	int64_t toggled_us; // the enable line, last
	int64_t dark_us;    // something is on without the enable line since then; NEVER_US: nothing
	int64_t dark_off_us;   // when all of that went off; INT64_MAX: something is on
	bool outside_reported; // since the enable line last toggled
	int64_t pressed_us[TRACE_STOPS_MAX]; // since when each is pressed; NEVER_US: it is not
	bool stop_reported;                  // since one was last pressed
	int64_t window_end_us;               // of the current budget's window
	double window_ma_us;                 // in that window so far
	bool out_of_memory;
};

// Every line is at its safe level.
void trace_rules_start(struct trace_rules *rules, const struct trace_chair *chair,
	int64_t tolerance_us, struct trace_report *report);

// The wire of this line has this level from t_us on. t_us is not before now_us.
void trace_rules_change(struct trace_rules *rules, int64_t t_us, size_t line, bool level);

// The channel of kernel PWM has this drive from t_us on; full before the first.
void trace_rules_drive(struct trace_rules *rules, int64_t t_us, size_t line, int drive_permille);

// The input has this level from t_us on. Inputs other than stop buttons have no effect.
void trace_rules_input(struct trace_rules *rules, int64_t t_us, const char *name, bool level);

// The lines keep their levels until end_us, or end with the last change if that is later. Checks
// what takes the whole trace, and frees its memory. 0, or -ENOMEM: the rules about spans of time
// were not checked completely.
int trace_rules_end(struct trace_rules *rules, int64_t end_us);

#endif
