// SPDX-License-Identifier: MIT
//
// Why the broker's certificate is not accepted.
#ifndef CHAIRD_SERVICE_MQTT_CERTIFICATE_H
#define CHAIRD_SERVICE_MQTT_CERTIFICATE_H

#include <openssl/x509_vfy.h>

#include "config/settings.h"
#include "service/mqtt_cause.h"

#define MQTT_SYSTEM_CA_PATH "/etc/ssl/certs" // of authorities, where the settings name none

// The error that OpenSSL has found in a certificate, in plain words.
void mqtt_certificate_cause(const struct settings *settings, X509_STORE_CTX *store,
	struct mqtt_cause *cause);

#endif
