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
	double longest_s;         // of the whole session, as far as it was seen, else about
	bool guard;               // connected
	char pressed[LABEL_SIZE]; // not proven released; "": nothing
	bool pressing;            // by its force, or after a fault: not merely unproven
	double target;
	enum target_unit unit;
	double force_n, drive_permille; // of that actuator; NAN: not known
	double phase_s;                 // time in this phase; NAN: not known
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

// Text of a state's member `pressed`: "depth 19.8 N, calf_cells"; "": nothing. A force that a
// release ends below is no figure: "depth below 3 N".
char *view_pressed(const json_t *state, char buf[LABEL_SIZE]);

// Whether something of it presses: with the force of one, or after a fault. Otherwise it is not
// known, as before the chair is homed.
bool view_is_pressing(const json_t *state);

// A text of an object, cut and in printable ASCII; `other` if there is none. Returns buf.
char *view_word(const json_t *object, const char *key, const char *other, char buf[NAME_SIZE]);

// The same of a text for people, "levator scapulae": printable UTF-8 with its spaces.
char *view_text(const json_t *object, const char *key, const char *other, char buf[NAME_SIZE]);

// The values for a progress line. Its texts belong to the view.
struct progress view_progress(const struct view *view);

#endif
