// SPDX-License-Identifier: MIT
//
// User name, password and TLS of a connection to the broker, from the settings.
//
// With TLS and without a CA of its own, the connection trusts the certificates in /etc/ssl/certs.
#ifndef CHAIRD_SERVICE_MQTT_CREDENTIALS_H
#define CHAIRD_SERVICE_MQTT_CREDENTIALS_H

#include <stddef.h>

#include "config/settings.h"

struct mosquitto;

// Set them before connecting. Reads files, so it may block. 0, or -errno with the cause in error:
// the password or a certificate cannot be read, or libmosquitto refuses a setting.
int mqtt_credentials_set(struct mosquitto *mosq, const struct settings *settings, char *error,
	size_t size);

#endif
