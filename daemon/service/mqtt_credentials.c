// SPDX-License-Identifier: MIT
#include "service/mqtt_credentials.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <mosquitto.h>

#include "service/password.h"

static int refused(const char *setting, int rc, struct mqtt_cause *cause)
{
	if (rc == MOSQ_ERR_SUCCESS)
		return 0;
	mqtt_cause_set(cause, MQTT_CAUSE_SETTINGS, NULL, "%s: %s", setting, mosquitto_strerror(rc));
	return rc == MOSQ_ERR_NOMEM ? -ENOMEM : -EINVAL;
}

static int set_user(struct mosquitto *mosq, const struct settings *settings,
	struct mqtt_cause *cause)
{
	const char *file = settings->broker.password_file;
	char password[PASSWORD_SIZE];
	int r, rc;

	if (!*settings->broker.username)
		return 0;
	r = password_read(file, password);
	if (r < 0 &&
		(*file || r != -ENOENT)) { // a password is optional, a file that is named is not
		mqtt_cause_set(cause, MQTT_CAUSE_SETTINGS,
			r == -EACCES ? "let the user who runs this read password_file"
				     : "correct password_file",
			"the password cannot be read: %.250s%s%s", file, *file ? ": " : "",
			strerror(-r));
		return r;
	}
	rc = mosquitto_username_pw_set(mosq, settings->broker.username, r < 0 ? NULL : password);
	explicit_bzero(password, sizeof(password));
	return refused("user name", rc, cause);
}

int mqtt_credentials_set(struct mosquitto *mosq, const struct settings *settings,
	struct mqtt_cause *ret_cause, struct mqtt_tls **ret_tls)
{
	struct mqtt_tls *tls = NULL;
	int r = set_user(mosq, settings, ret_cause);

	if (r == 0 && settings->broker.tls)
		r = mqtt_tls_new(settings, ret_cause, &tls);
	if (r == 0 && tls)
		r = refused("tls", mqtt_tls_use(tls, mosq), ret_cause);
	if (r < 0) {
		mqtt_tls_free(tls);
		return r;
	}
	*ret_tls = tls;
	return 0;
}
