// SPDX-License-Identifier: MIT
//
// The chair on which a profile is tuned: proofs, trials, and what is felt of them, over MQTT.
//
// A trial holds a lease of TUNE_LEASE_S, which tune_chair_listen() renews: the chair releases by
// itself when this program, its computer, or the network to it dies. A broker that is lost is
// connected to again by the next call that needs it.
//
// A call that fails puts the reason for people into `why`, with what it has to add even if it does
// not, or "".
#ifndef CHAIRD_CTL_TUNE_CHAIR_H
#define CHAIRD_CTL_TUNE_CHAIR_H

#include <stdint.h>

#include "ctl/options.h"
#include "ctl/request.h"
#include "ctl/trace.h"
#include "ctl/view.h"

#define TUNE_LEASE_S  5
#define TUNE_WHY_SIZE 480

struct tune_chair {
	const struct options *options; // borrowed, as `person`
	const char *person;            // for whom it is tried; NULL: nobody by name
	struct broker *broker;         // NULL: lost
	struct view view;
	double intensity; // in %; NAN: not known
	bool offline;
	struct trace trace; // of the last trial
	bool trying;        // a trial is under way
	bool started;       // the chair has reported its start
	int64_t renew_us;   // when its lease is to be renewed
	// How a trial ended, until the caller clears it; "": it did not.
	char ended[TUNE_WHY_SIZE];
};

// Connect. EXIT_OK, or an exit code after printing the error.
int tune_chair_open(struct tune_chair *chair, const struct options *options, const char *person);
// End a trial, and disconnect.
void tune_chair_close(struct tune_chair *chair);

// Receive what the chair reports, for a moment, and renew what is due.
void tune_chair_listen(struct tune_chair *chair);

// Whether the chair may play the text of a profile; of the advice in `why` only that on one step.
bool tune_chair_proves(struct tune_chair *chair, const char *name, const char *text, size_t step,
	char why[TUNE_WHY_SIZE]);
// Whether it may, and nothing else. False: it did not answer.
bool tune_chair_judges(struct tune_chair *chair, const char *name, const char *text,
	bool *ret_plays);
// Start a trial of the text.
bool tune_chair_try(struct tune_chair *chair, const char *name, const char *text,
	char why[TUNE_WHY_SIZE]);
// Stop whatever moves.
bool tune_chair_stop(struct tune_chair *chair, char why[TUNE_WHY_SIZE]);
// Go to the next point of the trial.
bool tune_chair_skip(struct tune_chair *chair, char why[TUNE_WHY_SIZE]);
bool tune_chair_set_intensity(struct tune_chair *chair, double percent, char why[TUNE_WHY_SIZE]);
// Store the text as the chair's profile of that name.
bool tune_chair_put(struct tune_chair *chair, const char *name, const char *text,
	char why[TUNE_WHY_SIZE]);

#endif
