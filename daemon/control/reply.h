// SPDX-License-Identifier: MIT
//
// Answer to a request, as JSON text. Pure.
//
//   {"id": ..., "ok": true, "data": {...}}
//   {"id": ..., "ok": false, "error": {"code": ..., "message": ..., "hint": ...}}
#ifndef CHAIRD_CONTROL_REPLY_H
#define CHAIRD_CONTROL_REPLY_H

#include <jansson.h>

#include "control/command_json.h"
#include "core/command.h"

// A string that the caller frees, or NULL if memory runs out. `id` is JSON text. Takes the
// reference to data; NULL is {}.
char *reply_ok(const char *id, json_t *data);
char *reply_error(const char *id, const struct request_error *refused);

// Error for a refusal by the session.
void reply_refusal(enum refusal refusal, struct request_error *ret_error);

#endif
