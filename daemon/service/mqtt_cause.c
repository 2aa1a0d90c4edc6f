// SPDX-License-Identifier: MIT
#include "service/mqtt_cause.h"

#include <errno.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <mosquitto.h>
#include <mqtt_protocol.h>

#include "service/mqtt_tls.h"

void mqtt_cause_set(struct mqtt_cause *cause, enum mqtt_cause_kind kind, const char *remedy,
	const char *format, ...)
{
	va_list args;

	cause->kind = kind;
	snprintf(cause->remedy, sizeof(cause->remedy), "%s", remedy ? remedy : "");
	va_start(args, format);
	vsnprintf(cause->text, sizeof(cause->text), format, args);
	va_end(args);
}

void mqtt_cause_remedy(struct mqtt_cause *cause, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(cause->remedy, sizeof(cause->remedy), format, args);
	va_end(args);
}

void mqtt_cause_printable(const void *bytes, size_t size, char *ret_text, size_t ret_size)
{
	const unsigned char *at = bytes;
	size_t n = size < ret_size - 1 ? size : ret_size - 1;

	for (size_t i = 0; i < n; i++)
		ret_text[i] = at[i] >= ' ' && at[i] <= '~' ? (char)at[i] : '?';
	ret_text[n] = '\0';
}

// --- the broker's answer ------------------------------------------------------------------------

static const char *login_remedy(const struct settings *settings)
{
	return *settings->broker.username
		? "see that user name and password are those of the broker"
		: "set username and password_file";
}

static const char *reason_remedy(const struct settings *settings, int reason)
{
	switch (reason) {
	case MQTT_RC_BAD_USERNAME_OR_PASSWORD:
	case MQTT_RC_NOT_AUTHORIZED:
		return login_remedy(settings);
	case MQTT_RC_UNSUPPORTED_PROTOCOL_VERSION:
		return "MQTT 5 is needed: mosquitto 2 or later";
	default:
		return NULL;
	}
}

// The reason as the standard words it, and the broker's own words.
static void format_reason(int reason, const char *text, char words[200])
{
	char printable[120];

	mqtt_cause_printable(text ? text : "", text ? strlen(text) : 0, printable,
		sizeof(printable));
	snprintf(words, 200, "%s%s%s%s", mosquitto_reason_string(reason), *printable ? " (" : "",
		printable, *printable ? ")" : "");
}

void mqtt_cause_refused(struct mqtt_cause *cause, const struct settings *settings, int reason,
	const char *text)
{
	char words[200];

	format_reason(reason, text, words);
	mqtt_cause_set(cause, MQTT_CAUSE_REFUSED, reason_remedy(settings, reason),
		"the broker refuses this client: %s", words);
}

void mqtt_cause_ended(struct mqtt_cause *cause, int reason, const char *text)
{
	char words[200];

	format_reason(reason, text, words);
	mqtt_cause_set(cause,
		reason == MQTT_RC_SESSION_TAKEN_OVER ? MQTT_CAUSE_TAKEN_OVER : MQTT_CAUSE_REFUSED,
		NULL, "the broker ends the connection: %s", words);
}

// --- the network --------------------------------------------------------------------------------

static void set_network(struct mqtt_cause *cause, int error)
{
	const char *remedy = NULL;

	switch (error) {
	case ECONNREFUSED:
		remedy =
			"nothing listens there: is mosquitto running, and are host and port right?";
		break;
	case ETIMEDOUT:
	case EHOSTUNREACH:
	case ENETUNREACH:
	case ENETDOWN:
		remedy = "is the network up, and is the host right?";
		break;
	}
	mqtt_cause_set(cause, MQTT_CAUSE_NETWORK, remedy, "%s", strerror(error));
}

static void set_lookup(struct mqtt_cause *cause, const struct settings *settings, int error)
{
	mqtt_cause_set(cause, MQTT_CAUSE_NETWORK, NULL, "the address of \"%s\" is not known: %s",
		settings->broker.host, gai_strerror(error));
	mqtt_cause_remedy(cause,
		error == EAI_AGAIN ? "is the network up, with a name server?"
				   : "correct host: a name or an address, alone");
}

static void set_silent(struct mqtt_cause *cause, const struct settings *settings)
{
	bool tls = settings->broker.tls;

	mqtt_cause_set(cause, MQTT_CAUSE_SILENT, NULL, "the broker closes the connection %s",
		tls ? "before TLS begins" : "without an answer");
	if (tls)
		mqtt_cause_remedy(cause,
			"is %d a port for TLS (usually 8883)? if it is not: tls = false",
			settings->broker.port);
	else
		mqtt_cause_remedy(cause, "is %d a port for TLS? if it is: tls = true",
			settings->broker.port);
}

void mqtt_cause_lost(struct mqtt_cause *cause, const struct settings *settings,
	const struct mqtt_tls *tls, int rc, int error, bool answered)
{
	if (cause->kind != MQTT_CAUSE_NONE || mqtt_tls_cause(tls, cause))
		return;
	if (rc == MOSQ_ERR_EAI) {
		set_lookup(cause, settings, error);
		return;
	}
	if (rc == MOSQ_ERR_ERRNO && error && error != EPROTO && error != ECONNRESET) {
		set_network(cause, error);
		return;
	}
	if (answered || rc == MOSQ_ERR_NOMEM || rc == MOSQ_ERR_INVAL)
		mqtt_cause_set(cause, MQTT_CAUSE_NETWORK, NULL, "%s", mosquitto_strerror(rc));
	else if (mqtt_tls_established(tls))
		mqtt_cause_set(cause, MQTT_CAUSE_TLS, mqtt_tls_client_remedy(settings),
			"the broker closes the connection as soon as TLS is established");
	else
		set_silent(cause, settings);
}
