// SPDX-License-Identifier: MIT
#include "service/mqtt_credentials.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <mosquitto.h>

#include "service/password.h"

#define SYSTEM_CA_PATH "/etc/ssl/certs"

static const char *or_null(const char *setting)
{
	return *setting ? setting : NULL;
}

static int refused(const char *setting, int rc, char *error, size_t size)
{
	if (rc == MOSQ_ERR_SUCCESS)
		return 0;
	snprintf(error, size, "%s: %s", setting, mosquitto_strerror(rc));
	return rc == MOSQ_ERR_NOMEM ? -ENOMEM : -EINVAL;
}

static int set_user(struct mosquitto *mosq, const struct settings *settings, char *error,
	size_t size)
{
	const char *file = settings->broker.password_file;
	char password[PASSWORD_SIZE];
	int r, rc;

	if (!*settings->broker.username)
		return 0;
	r = password_read(file, password);
	if (r < 0 &&
		(*file || r != -ENOENT)) { // a password is optional, a file that is named is not
		snprintf(error, size, "the password cannot be read: %s%s%s", file,
			*file ? ": " : "", strerror(-r));
		return r;
	}
	rc = mosquitto_username_pw_set(mosq, settings->broker.username, r < 0 ? NULL : password);
	explicit_bzero(password, sizeof(password));
	return refused("user name", rc, error, size);
}

static int set_tls(struct mosquitto *mosq, const struct settings *settings, char *error,
	size_t size)
{
	const char *ca_file = or_null(settings->broker.ca_file);
	const char *ca_path = or_null(settings->broker.ca_path);
	int rc;

	if (!settings->broker.tls)
		return 0;
	if (!ca_file && !ca_path)
		ca_path = SYSTEM_CA_PATH;
	rc = mosquitto_tls_set(mosq, ca_file, ca_path, or_null(settings->broker.cert_file),
		or_null(settings->broker.key_file), NULL);
	if (rc == MOSQ_ERR_SUCCESS)
		rc = mosquitto_tls_insecure_set(mosq, settings->broker.tls_insecure);
	return refused("certificates", rc, error, size);
}

int mqtt_credentials_set(struct mosquitto *mosq, const struct settings *settings, char *error,
	size_t size)
{
	int r = set_user(mosq, settings, error, size);

	return r < 0 ? r : set_tls(mosq, settings, error, size);
}
