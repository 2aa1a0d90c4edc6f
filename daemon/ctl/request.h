// SPDX-License-Identifier: MIT
//
// Requests to a chair for a subcommand: broker.h with error messages and exit codes.
#ifndef CHAIRD_CTL_REQUEST_H
#define CHAIRD_CTL_REQUEST_H

#include <jansson.h>

#include "ctl/broker.h"
#include "ctl/options.h"

// Connect. EXIT_OK with the broker, or an exit code after printing the error.
int request_open(const struct options *options, struct broker **ret_broker);

// Send a request. EXIT_OK with the answer's data (owned by the caller, never NULL), or an exit code
// after printing the error. Borrows args; NULL: none.
int request_send(struct broker *broker, const struct options *options, const char *verb,
	json_t *args, json_t **ret_data);

// Why a request failed: an error line in its parts (terminal_error()), and the exit code.
struct request_failure {
	const char *code; // static, or of the answer
	const char *hint; // the same; NULL: none
	char message[320];
	enum exit_code exit_code;
};

// Of broker_request(), or of its answer that refuses.
void request_explain(const struct options *options, const char *verb, int error, json_t *answer,
	struct request_failure *ret_failure);
// Print that. Returns the exit code.
int request_failed(const struct options *options, const char *verb, int error, json_t *answer);

// Run a subcommand that sends one request without arguments: parse its command line (options.h),
// connect, send. EXIT_OK with options and the answer's data; or an exit code with *ret_data NULL,
// also EXIT_OK after --help.
int request_run(const struct subcommand *subcommand, const struct option_row *rows, int argc,
	char *argv[], const char *verb, struct options *ret_options, json_t **ret_data);

// Print JSON, indented, to stdout.
void request_print(json_t *data);

#endif
