// SPDX-License-Identifier: MIT
//
// Commands to a session from people, panels and home automation, parsed and in range.
#ifndef CHAIRD_CORE_COMMAND_H
#define CHAIRD_CORE_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "core/units.h"

enum command_verb {
	COMMAND_START,
	COMMAND_PAUSE,
	COMMAND_RESUME,
	COMMAND_STOP, // never refused
	COMMAND_SKIP,
	COMMAND_INTENSITY,
	COMMAND_FEEDBACK,
	COMMAND_RENEW,
	COMMAND_HOME,
	COMMAND_JOG,
	COMMAND_RESET,
	COMMAND_VERB_COUNT,
};

// EASED: the tenderness has gone; ends a hold after its minimum.
enum feedback { FEEDBACK_LESS, FEEDBACK_OK, FEEDBACK_MORE, FEEDBACK_EASED, FEEDBACK_COUNT };

// A client's lease replaces the broker's grace time: while it lasts a lost broker is ignored.
#define CLIENT_LEASE_MAX_S 60

struct command {
	enum command_verb verb;
	double intensity_percent; // START (NAN: keep), INTENSITY: 0 ... 100
	int64_t lease_us;         // START: 0 none, else 1 ... CLIENT_LEASE_MAX_S
	enum feedback feedback;
	int actuator;         // JOG
	int drive_permille;   // JOG: signed; 0 ends it
	int64_t heartbeat_us; // JOG: 1 ... 500 ms, then it ends
	bool local;           // by a button at the chair: see deadman.h
};

enum refusal {
	REFUSAL_NONE,
	REFUSAL_BUSY, // a session is running
	REFUSAL_IDLE, // no session is running
	REFUSAL_NOT_PAUSED,
	REFUSAL_FAULT,       // a fault is latched: reset first
	REFUSAL_GUARD,       // no guard is connected
	REFUSAL_OTHER_CHAIR, // the guard has read another chair
	REFUSAL_SEAT,        // the seat is empty
	REFUSAL_NO_LEASE,    // RENEW of a session that holds none
	REFUSAL_NO_FAULT,    // RESET without a fault
	REFUSAL_ACTUATOR,    // JOG of an actuator that does not exist or cannot be jogged
	REFUSAL_STEP,        // no segment to skip, pause or give feedback on now
	REFUSAL_FLOOR,       // FEEDBACK less, already at the profile's floor
	REFUSAL_BUTTON,      // RESET after an E-stop, on a chair with a reset button
	REFUSAL_STOP_BUTTON, // a stop button at the chair is pressed
	REFUSAL_COUNT,
};

const char *command_verb_name(enum command_verb verb);
bool command_verb_parse(const char *name, enum command_verb *ret_verb);
const char *refusal_code(enum refusal refusal); // "busy": stable, for machines
const char *refusal_text(enum refusal refusal); // for people
const char *refusal_hint(enum refusal refusal); // a remedy, for people

#endif
