// SPDX-License-Identifier: MIT
//
// Parser of JSON requests: request/<verb> with {"id": ..., "args": {...}} -> struct request.
//
// It refuses everything else, and names the key and the allowed range.
//
//   id    optional: a whole number, or a string of 1 ... 64 printable ASCII characters without
//         quotes and backslashes. Without one, a request that arrives twice acts twice (dedupe.h).
//   args  optional if the verb needs none.
//
//   start      profile (name; default: the one chosen with set/profile), person (name),
//              intensity (0 ... 100 %), lease_s (1 ... 60 s), ts (seconds since 1970, when it was
//              sent)
//   intensity  intensity (0 ... 100 %)
//   feedback   feedback ("less" | "ok" | "eased" | "more")
//   jog        actuator (name), drive_permille (-1000 ... 1000), heartbeat_ms (1 ... 500 ms)
//   profile    profile (name)
//   check      text (a profile), profile (name, for the messages)
//   put        text (a profile), profile (name)
//   try        text (a profile), profile (name), and what start has
//   person     person (name)
//   consent    person (name), text (the one that was accepted)
//   dose       days (1 ... 31; 1)
//   pause, resume, stop, skip, renew, home, reset, profiles, persons, reload, status, ping, help:
//              none
//
// Size, UTF-8 and depth of the payload are checked before it is parsed (payload.h). An empty
// payload is {}.
#ifndef CHAIRD_CONTROL_COMMAND_JSON_H
#define CHAIRD_CONTROL_COMMAND_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "core/chair.h"
#include "core/command.h"

#define REQUEST_ID_SIZE   72          // a string of 64 with its quotes
#define REQUEST_BYTES_MAX (8 * 1024)  // of a payload
#define REQUEST_TEXT_MAX  (64 * 1024) // of the payload of `check`, `put` and `try`

#define START_AGE_MAX_S 5.0 // a start older than this, or from the future by more, is refused

enum request_kind {
	REQUEST_COMMAND, // for the session
	REQUEST_PROFILES,
	REQUEST_PROFILE,
	REQUEST_CHECK,
	REQUEST_PUT,
	REQUEST_TRY,
	REQUEST_PERSONS,
	REQUEST_PERSON,
	REQUEST_CONSENT,
	REQUEST_DOSE,
	REQUEST_RELOAD,
	REQUEST_STATUS,
	REQUEST_PING,
	REQUEST_HELP,
	REQUEST_CHOOSE, // set/profile: for the next start
};

struct request {
	enum request_kind kind;
	struct command command;  // REQUEST_COMMAND, REQUEST_TRY (a START)
	char profile[NAME_SIZE]; // START, PROFILE, CHECK, PUT, TRY, CHOOSE; "" if none was given
	char person[NAME_SIZE];  // START, TRY, PERSON, CONSENT; "" if none was given
	int days;                // DOSE: 1 ... 31
	double ts_s;             // START, TRY: seconds since 1970, or NAN
	char *text;              // CHECK, PUT, TRY, CONSENT: owned
};

// Reason of a refusal, for machines and for people. Always valid UTF-8.
struct request_error {
	const char *code; // "range": static
	char message[256];
	char hint[160]; // "" if there is none
};

void request_error_set(struct request_error *refused, const char *code, const char *hint,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

// 0 ... REQUEST_VERBS - 1 for a verb in the list above, otherwise -1.
#define REQUEST_VERBS (COMMAND_VERB_COUNT + 13)
int request_verb_index(const char *verb);

bool feedback_parse(const char *name, enum feedback *ret_feedback);

// 0, or -EINVAL with *ret_error set, or -ENOMEM. ret_id is always set: to the id as JSON text,
// or to "null" if there is no readable one. now_s: seconds since 1970.
int request_parse(const struct chair *chair, const char *verb, const void *bytes, size_t size,
	double now_s, struct request *ret_request, char ret_id[REQUEST_ID_SIZE],
	struct request_error *ret_error);

void request_clear(struct request *request);

#endif
