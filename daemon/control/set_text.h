// SPDX-License-Identifier: MIT
//
// Parser of plain-text commands: set/<prop>, as mosquitto_pub and home automation send them.
//
//   set/profile    the name of a profile, for the next start
//   set/intensity  0 ... 100 (%)
//   set/feedback   less | eased | more
//   set/session    start | pause | resume | stop | skip
//
// White space around the text is ignored.
#ifndef CHAIRD_CONTROL_SET_TEXT_H
#define CHAIRD_CONTROL_SET_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "control/command_json.h"

// 0 ... SET_PROPS - 1 for one of these, otherwise -1.
#define SET_PROPS 4
int set_prop_index(const char *prop);

// True for set/session with "stop", which comes before all other checks.
bool set_is_stop(const char *prop, const void *bytes, size_t size);

// 0, or -EINVAL with *ret_error set. The request owns nothing.
int set_parse(const char *prop, const void *bytes, size_t size, struct request *ret_request,
	struct request_error *ret_error);

#endif
