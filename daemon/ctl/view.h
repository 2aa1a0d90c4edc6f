// SPDX-License-Identifier: MIT
//
// State of a chair as a client sees it, gathered from the topics.
//
// Input is not trusted: a value that is missing or of another type changes nothing; text is cut,
// and reduced to printable characters.
#ifndef CHAIRD_CTL_VIEW_H
#define CHAIRD_CTL_VIEW_H

#include <stdbool.h>

#include <jansson.h>

#include "ctl/progress.h"
#include "ctl/table.h"

struct view {
	char phase[NAME_SIZE];
	char points[LABEL_SIZE];
	char actuator[NAME_SIZE]; // that works on them; "": none
	int step, n_steps;
	double remaining_s;
	double longest_s;         // the longest remaining time seen in this session
	bool guard;               // connected
	char pressed[LABEL_SIZE]; // not proven released; "": nothing
	double target;
	enum target_unit unit;
	double force_n, drive_permille; // of that actuator; NAN: not known
	double clock_s;                 // of the last telemetry, in the chair's time; NAN: none yet
	double since_s;                 // in the same time: start of the phase
};

void view_init(struct view *view);

// Update from a topic. view_state: true if something other than the remaining time has changed.
bool view_state(struct view *view, const json_t *state);
void view_target(struct view *view, const json_t *target);
void view_telemetry(struct view *view, const json_t *telemetry);

// Result in an event hold_done. False if there is none.
bool view_hold(const json_t *event, struct table_row *ret_row);

// Label of an object's member `points`, a list of one or two names. Returns buf; "": none.
char *view_points(const json_t *object, char buf[LABEL_SIZE]);

// Text of an object's member `pressed`: "depth 19.8 N, calf_cells"; "": nothing.
char *view_pressed(const json_t *object, char buf[LABEL_SIZE]);

// A text of an object, cut and in printable ASCII; `other` if there is none. Returns buf.
char *view_word(const json_t *object, const char *key, const char *other, char buf[NAME_SIZE]);

// The values for a progress line. Its texts belong to the view.
struct progress view_progress(const struct view *view);

#endif
