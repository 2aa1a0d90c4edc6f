// SPDX-License-Identifier: MIT
//
// User name, password and TLS of a connection to the broker, from the settings.
//
// With TLS and without a CA of its own, the connection trusts the certificates in /etc/ssl/certs.
#ifndef CHAIRD_SERVICE_MQTT_CREDENTIALS_H
#define CHAIRD_SERVICE_MQTT_CREDENTIALS_H

#include "config/settings.h"
#include "service/mqtt_cause.h"
#include "service/mqtt_tls.h"

struct mosquitto;

// Set them before connecting. Reads files, so it may block. 0, with *ret_tls to be freed after the
// connection (NULL without TLS); or -errno with the cause: the password, a certificate or a key
// cannot be used, or libmosquitto refuses a setting.
int mqtt_credentials_set(struct mosquitto *mosq, const struct settings *settings,
	struct mqtt_cause *ret_cause, struct mqtt_tls **ret_tls);

#endif
