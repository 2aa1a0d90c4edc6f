// SPDX-License-Identifier: MIT
//
// Consents of people by name: who has accepted which text, and when; kept in the state directory.
//
// A consent is to the text itself: if a later version has another one, it must be given again. A
// file that is broken is logged once and kept aside, and everybody is asked anew.
#ifndef CHAIRD_CONTROL_CONSENT_BOOK_H
#define CHAIRD_CONTROL_CONSENT_BOOK_H

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "core/units.h"

#define CONSENT_FILE      "consent.json"
#define CONSENT_TEXT_SIZE 1024
#define CONSENTS_MAX      64 // the oldest are forgotten

// What is to be accepted before the first session.
extern const char consent_text[];

struct consent_book;

// state_dir is borrowed. -errno.
int consent_book_new(sd_event *event, const char *state_dir, struct consent_book **ret_book);
// Writes what is left, and waits for it.
struct consent_book *consent_book_free(struct consent_book *book);

// When the person accepted the present text ("2026-11-26T18:00:00+01:00"); NULL: not yet.
const char *consent_book_given(const struct consent_book *book, const char *person);

// The person accepts the present text.
void consent_book_give(struct consent_book *book, const char *person, int64_t unix_s);

#endif
