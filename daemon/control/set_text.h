// SPDX-License-Identifier: MIT
//
// Parser of plain-text commands: set/<prop>, as mosquitto_pub and home automation send them.
//
//   set/profile    the name of a profile, for the next start
//   set/intensity  0 ... 100 (%)
//                  also 50%, 50,5 and +50
//   set/feedback   less | eased | more
//   set/session    start | pause | resume | stop | skip
//
// White space, quotes, a byte order mark and NUL around the text are ignored. stop and pause are
// recognised in any spelling (spelling.h).
#ifndef CHAIRD_CONTROL_SET_TEXT_H
#define CHAIRD_CONTROL_SET_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "control/command_json.h"

// 0 ... SET_PROPS - 1 for one of these, otherwise -1.
#define SET_PROPS 4
int set_prop_index(const char *prop);

// True if it is a wish to stop, which comes before all other checks: on set/session in any
// spelling, also 0 and false; in words on any other property but set/profile; and in the name of
// one that does not exist (set/stop).
bool set_is_stop(const char *prop, const void *bytes, size_t size);

// 0, or -EINVAL with *ret_error set. The request owns nothing.
int set_parse(const char *prop, const void *bytes, size_t size, struct request *ret_request,
	struct request_error *ret_error);

#endif
