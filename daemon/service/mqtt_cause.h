// SPDX-License-Identifier: MIT
//
// Why there is no connection to the broker, and what to do about it, in plain words.
#ifndef CHAIRD_SERVICE_MQTT_CAUSE_H
#define CHAIRD_SERVICE_MQTT_CAUSE_H

#include <stdbool.h>
#include <stddef.h>

#include "config/settings.h"

struct mqtt_tls;

enum mqtt_cause_kind {
	MQTT_CAUSE_NONE,
	MQTT_CAUSE_SETTINGS, // a file or a setting of ours
	MQTT_CAUSE_NETWORK,  // no connection
	MQTT_CAUSE_SILENT,   // closed before the broker gave any answer: perhaps TLS, perhaps not
	MQTT_CAUSE_CERTIFICATE, // the broker's certificate was not accepted
	MQTT_CAUSE_TLS,         // another failure of TLS
	MQTT_CAUSE_REFUSED,     // the broker's answer
	MQTT_CAUSE_TAKEN_OVER,  // another client came with our client id
};

// Printable text. Bytes of the broker are escaped.
struct mqtt_cause {
	enum mqtt_cause_kind kind;
	char text[400];
	char remedy[300]; // "" if there is none
};

void mqtt_cause_set(struct mqtt_cause *cause, enum mqtt_cause_kind kind, const char *remedy,
	const char *format, ...) __attribute__((format(printf, 4, 5)));
void mqtt_cause_remedy(struct mqtt_cause *cause, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

// Copy bytes from outside; all but printable ASCII become '?'. Cut where they do not fit.
void mqtt_cause_printable(const void *bytes, size_t size, char *ret_text, size_t ret_size);

// The broker refused CONNECT, or ended the connection, with a reason code of MQTT 5, and perhaps
// with a text of its own (or NULL).
void mqtt_cause_refused(struct mqtt_cause *cause, const struct settings *settings, int reason,
	const char *text);
void mqtt_cause_ended(struct mqtt_cause *cause, int reason, const char *text);

// A call of libmosquitto failed with rc, and errno as it left it. answered: the broker had answered
// CONNECT. tls may be NULL; what it has found comes first. Keeps a cause that is set already.
void mqtt_cause_lost(struct mqtt_cause *cause, const struct settings *settings,
	const struct mqtt_tls *tls, int rc, int error, bool answered);

#endif
