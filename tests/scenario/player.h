// SPDX-License-Identifier: MIT
//
// Player of scenarios: runs one in virtual time and records a timeline.
#ifndef TESTS_SCENARIO_PLAYER_H
#define TESTS_SCENARIO_PLAYER_H

#include "config/library.h"
#include "ctl/simulator.h"

#include "checker/person_check.h"
#include "pins.h"
#include "scenario.h"
#include "timeline.h"
#include "checker/trace_check.h"
#include "transitions.h"

// A controller that lies: the same frame every 20 ms.
struct lie {
	struct wire_setpoint frame;
	int bad; // index into bad_frames, or -1; n_bad_frames: one after the other
	uint32_t seq;
	int64_t next_us, until_us;
};

struct player {
	const struct scenario *scenario;
	struct library *library;
	struct profile *profile; // of the scenario's own folder, or NULL
	struct plan *plan;       // NULL without a profile
	struct simulator *simulator;
	FILE *trace;
	struct timeline timeline;
	struct pins pins;
	struct trace_report checked;
	struct trace_chair chair; // for the checkers
	struct person_check person;
	struct transitions transitions; // of the session

	int64_t fired_us[SCENARIO_LINES_MAX]; // of each action; TIME_NEVER before
	int64_t due_us[SCENARIO_LINES_MAX];
	struct lie lie;
	enum session_phase phase;
	int phases_seen[SESSION_PHASE_COUNT];
	struct wire_report report;
	bool pressed;
	double left_n; // on the person at the end, unreported
	bool guard_killed;
	bool powered;           // after that: the relay is still closed
	uint32_t stands;        // after that: actuators without a speed, as a set
	int64_t writes_fail_us; // from then on the lines may stay as they are; TIME_NEVER
};

// 0, or -errno with the reason on stderr. To be freed with player_free() in both cases.
int player_play(const struct scenario *scenario, struct player *ret_player);
void player_free(struct player *player);

// The number of expectations not met and violations, each printed on stderr.
size_t player_judge(const struct player *player);

// Do the verb of an action (verbs.c). False if it is not valid.
bool player_do(struct player *player, const char *verb);
// Send the next frame of the lie.
void player_lie(struct player *player);

#endif
