// SPDX-License-Identifier: MIT
#include "ctl/request.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ctl/terminal.h"

int request_open(const struct options *options, struct broker **ret_broker)
{
	const struct settings *settings = &options->settings;
	struct mqtt_cause why;
	int r = broker_open(settings, options->id, options->timeout_s, ret_broker, &why);

	if (r == 0)
		return EXIT_OK;
	if (r == -EACCES) {
		terminal_error("denied",
			*why.remedy ? why.remedy : "see --username and --password-file", "%s",
			why.text);
		return EXIT_REFUSED;
	}
	terminal_error("no-broker", *why.remedy ? why.remedy : "see --host and --port", "%s:%d: %s",
		settings->broker.host, settings->broker.port, why.text);
	return EXIT_NO_ANSWER;
}

// The message without the code that it may begin with: the line begins with the code already.
static const char *skip_code(const char *message, const char *code)
{
	size_t n = strlen(code);

	return strncmp(message, code, n) == 0 && strncmp(message + n, ": ", 2) == 0
		? message + n + 2
		: message;
}

static void explain(struct request_failure *failure, enum exit_code exit_code, const char *code,
	const char *hint, const char *format, ...) __attribute__((format(printf, 5, 6)));

static void explain(struct request_failure *failure, enum exit_code exit_code, const char *code,
	const char *hint, const char *format, ...)
{
	va_list args;

	*failure = (struct request_failure){ .code = code, .hint = hint, .exit_code = exit_code };
	va_start(args, format);
	vsnprintf(failure->message, sizeof(failure->message), format, args);
	va_end(args);
}

static void explain_refusal(const char *verb, json_t *answer, struct request_failure *failure)
{
	const char *code = "failed", *message = "refused without a reason", *hint = NULL;

	json_unpack(answer, "{s:{s?s, s?s, s?s}}", "error", "code", &code, "message", &message,
		"hint", &hint);
	explain(failure, EXIT_REFUSED, code, hint, "%s: %s", verb, skip_code(message, code));
}

void request_explain(const struct options *options, const char *verb, int error, json_t *answer,
	struct request_failure *ret_failure)
{
	if (error == -ENOTCONN)
		explain(ret_failure, EXIT_NO_ANSWER, "offline",
			"is chaird running? systemctl status chaird", "the chair %s is offline",
			options->id);
	else if (error == -ETIMEDOUT)
		explain(ret_failure, EXIT_NO_ANSWER, "no-answer",
			"is chaird running? is the id right? see --id and --timeout",
			"the chair %s did not answer within %g s", options->id, options->timeout_s);
	else if (error < 0)
		explain(ret_failure, EXIT_NO_ANSWER, "no-broker", NULL, "lost the broker: %s",
			strerror(-error));
	else
		explain_refusal(verb, answer, ret_failure);
}

int request_failed(const struct options *options, const char *verb, int error, json_t *answer)
{
	struct request_failure failure;

	request_explain(options, verb, error, answer, &failure);
	terminal_error(failure.code, failure.hint, "%s", failure.message);
	return (int)failure.exit_code;
}

int request_send(struct broker *broker, const struct options *options, const char *verb,
	json_t *args, json_t **ret_data)
{
	json_auto_t *answer = NULL;
	json_t *data;
	int r = broker_request(broker, verb, args, options->timeout_s, &answer);

	if (r < 0 || !json_is_true(json_object_get(answer, "ok")))
		return request_failed(options, verb, r, answer);
	data = json_object_get(answer, "data");
	*ret_data = data ? json_incref(data) : json_object();
	return EXIT_OK;
}

int request_run(const struct subcommand *subcommand, const struct option_row *rows, int argc,
	char *argv[], const char *verb, struct options *ret_options, json_t **ret_data)
{
	__attribute__((cleanup(broker_closep))) struct broker *broker = NULL;
	int r;

	*ret_data = NULL;
	if (!options_parse(subcommand, rows, argc, argv, ret_options, &r))
		return r;
	r = request_open(ret_options, &broker);
	return r == EXIT_OK ? request_send(broker, ret_options, verb, NULL, ret_data) : r;
}

void request_print(json_t *data)
{
	json_dumpf(data, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
	putchar('\n');
}
