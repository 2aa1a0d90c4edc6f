// SPDX-License-Identifier: MIT
//
// Asking a chair something on behalf of a person: broker.h with the complaints.
#ifndef CHAIRD_CTL_REQUEST_H
#define CHAIRD_CTL_REQUEST_H

#include <jansson.h>

#include "ctl/broker.h"
#include "ctl/options.h"

// Connect. EXIT_OK with the broker, or an exit code after saying why not.
int request_open(const struct options *options, struct broker **ret_broker);

// Ask. EXIT_OK with the answer's data (owned by the caller, never NULL), or an exit
// code after saying why not. args is borrowed; NULL: none.
int request_send(struct broker *broker, const struct options *options, const char *verb,
	json_t *args, json_t **ret_data);

// JSON as it came, indented, on stdout.
void request_print(json_t *data);

#endif
