// SPDX-License-Identifier: MIT
//
// TLS of a connection to the broker: an OpenSSL context of ours for libmosquitto, which remembers
// why a connection failed.
//
// libmosquitto reports every failure of TLS as "A TLS error occurred". Here the files are read and
// checked before connecting, and OpenSSL's own reasons are kept while it does: of the broker's
// certificate, of an alert from the broker, and of an answer that is not TLS. Never prompts for a
// pass phrase.
#ifndef CHAIRD_SERVICE_MQTT_TLS_H
#define CHAIRD_SERVICE_MQTT_TLS_H

#include <stdbool.h>
#include <stddef.h>

#include "config/settings.h"
#include "service/mqtt_cause.h"

struct mosquitto;
struct mqtt_tls;

// Without ca_file and ca_path, the authorities in /etc/ssl/certs are trusted. Reads files. 0, or
// -EINVAL or -ENOMEM with *ret_cause. Borrows the settings. Must outlive the connection.
int mqtt_tls_new(const struct settings *settings, struct mqtt_cause *ret_cause,
	struct mqtt_tls **ret_tls);
struct mqtt_tls *mqtt_tls_free(struct mqtt_tls *tls);

// Hand the context to libmosquitto. Its error code.
int mqtt_tls_use(struct mqtt_tls *tls, struct mosquitto *mosq);

// A line of libmosquitto's log, which is the only place where it passes OpenSSL's errors on.
// tls may be NULL.
void mqtt_tls_log_line(struct mqtt_tls *tls, const char *line);

// The first cause that was found, if there is one. tls may be NULL: then there is none.
bool mqtt_tls_cause(const struct mqtt_tls *tls, struct mqtt_cause *ret_cause);

// What to look at if the broker does not accept our certificate, or misses one.
const char *mqtt_tls_client_remedy(const struct settings *settings);

// The handshake is over. tls may be NULL: then it never is.
bool mqtt_tls_established(const struct mqtt_tls *tls);

#endif
