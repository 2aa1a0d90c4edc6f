// SPDX-License-Identifier: MIT
#include "control/reply.h"

#include "control/status.h"

// Takes the reference to body.
static char *reply_dump(const char *id, bool ok, const char *key, json_t *body)
{
	json_t *reply = json_pack("{s:o, s:b, s:o}", "id", json_loads(id, JSON_DECODE_ANY, NULL),
		"ok", ok, key, body);
	char *text = reply ? json_dumps(reply, STATUS_DUMP_FLAGS) : NULL;

	json_decref(reply);
	return text;
}

char *reply_ok(const char *id, json_t *data)
{
	return reply_dump(id, true, "data", data ? data : json_object());
}

char *reply_error(const char *id, const struct request_error *refused)
{
	return reply_dump(id, false, "error",
		json_pack("{s:s, s:s, s:s}", "code", refused->code, "message", refused->message,
			"hint", refused->hint));
}

void reply_refusal(enum refusal refusal, struct request_error *ret_error)
{
	request_error_set(ret_error, refusal_code(refusal), refusal_hint(refusal), "%s",
		refusal_text(refusal));
}
