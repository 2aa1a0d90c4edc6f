// SPDX-License-Identifier: MIT
//
// What a chair's reports say, gathered from its topics. What comes is taken with care: what is
// missing or of another type stays as it was; text is cut and made harmless.
#ifndef CHAIRD_CTL_VIEW_H
#define CHAIRD_CTL_VIEW_H

#include <stdbool.h>

#include <jansson.h>

#include "ctl/progress.h"
#include "ctl/table.h"

struct view {
	char phase[NAME_SIZE];
	char points[LABEL_SIZE];
	char actuator[NAME_SIZE]; // that works on them; "" none
	int step, n_steps;
	double remaining_s;
	double longest_s;         // the most that ever remained of this session
	bool guard;               // is connected
	char pressed[LABEL_SIZE]; // what is not proven released; "" nothing
	double target;
	enum target_unit unit;
	double force_n, drive_permille; // of that actuator; NAN: not known
	double clock_s; // the chair's own clock, of the last telemetry; NAN: none yet
	double since_s; // on it: since when the phase lasts
};

void view_init(struct view *view);

// The topics. view_state: true where it says something new but the time that remains.
bool view_state(struct view *view, const json_t *state);
void view_target(struct view *view, const json_t *target);
void view_telemetry(struct view *view, const json_t *telemetry);

// The result in an event hold_done. False where there is none.
bool view_hold(const json_t *event, struct table_row *ret_row);

// Of an object's member `points`, a list of one or two names. Returns buf, "" where there is none.
char *view_points(const json_t *object, char buf[LABEL_SIZE]);

// Of an object's member `pressed`: "depth 19.8 N, calf_cells", "" where nothing is.
char *view_pressed(const json_t *object, char buf[LABEL_SIZE]);

// A text of an object, cut and in printable ASCII; `other` where there is none. Returns buf.
char *view_word(const json_t *object, const char *key, const char *other, char buf[NAME_SIZE]);

// What of it makes a line. The texts are the view's own.
struct progress view_progress(const struct view *view);

#endif
