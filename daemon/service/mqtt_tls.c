// SPDX-License-Identifier: MIT
#include "service/mqtt_tls.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <mosquitto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "service/mqtt_certificate.h"

struct mqtt_tls {
	const struct settings *settings;
	SSL_CTX *context;
	struct mqtt_cause cause; // the first
	bool established;
	bool encrypted; // a pass phrase was asked for
};

// --- the conversation ---------------------------------------------------------------------------

static int on_verify(int good, X509_STORE_CTX *store)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct mqtt_tls *tls = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));

	if (!good && tls->cause.kind == MQTT_CAUSE_NONE)
		mqtt_certificate_cause(tls->settings, store, &tls->cause);
	return good;
}

const char *mqtt_tls_client_remedy(const struct settings *settings)
{
	return *settings->broker.cert_file
		? "is cert_file signed by an authority that the broker trusts, and valid today?"
		: "if the broker requires a certificate of its clients: set cert_file and key_file";
}

// OpenSSL 3.0 has no words for the alerts of TLS 1.3.
static const char *alert_text(int value)
{
	return (value & 0xff) == TLS13_AD_CERTIFICATE_REQUIRED ? "certificate required"
							       : SSL_alert_desc_string_long(value);
}

static void on_info(const SSL *ssl, int where, int value)
{
	struct mqtt_tls *tls = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));

	if (where & SSL_CB_HANDSHAKE_DONE)
		tls->established = true;
	if (where != SSL_CB_READ_ALERT || value >> 8 != SSL3_AL_FATAL ||
		tls->cause.kind != MQTT_CAUSE_NONE)
		return;
	mqtt_cause_set(&tls->cause, MQTT_CAUSE_TLS, mqtt_tls_client_remedy(tls->settings),
		"the broker ends TLS: %s", alert_text(value));
}

void mqtt_tls_log_line(struct mqtt_tls *tls, const char *line)
{
	unsigned long error;
	const char *reason;

	if (!tls || tls->cause.kind != MQTT_CAUSE_NONE ||
		sscanf(line, "OpenSSL Error[%*d]: error:%lx", &error) != 1)
		return;
	if (ERR_SYSTEM_ERROR(error) || ERR_GET_REASON(error) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
		return; // a lost connection
	if (ERR_GET_REASON(error) == SSL_R_WRONG_VERSION_NUMBER ||
		ERR_GET_REASON(error) == SSL_R_HTTP_REQUEST) {
		mqtt_cause_set(&tls->cause, MQTT_CAUSE_SILENT, NULL,
			"the answer from there is not TLS");
		mqtt_cause_remedy(&tls->cause,
			"is %d a port for TLS (usually 8883)? if it is not: tls = false",
			tls->settings->broker.port);
		return;
	}
	reason = ERR_reason_error_string(error);
	mqtt_cause_set(&tls->cause, MQTT_CAUSE_TLS, NULL, "TLS: %s", reason ? reason : line);
}

bool mqtt_tls_cause(const struct mqtt_tls *tls, struct mqtt_cause *ret_cause)
{
	if (!tls || tls->cause.kind == MQTT_CAUSE_NONE)
		return false;
	*ret_cause = tls->cause;
	return true;
}

bool mqtt_tls_established(const struct mqtt_tls *tls)
{
	return tls && tls->established;
}

// --- the files ----------------------------------------------------------------------------------

// -EINVAL with a cause if it cannot be read, or is no file or folder as it should be.
static int check_path(const char *key, const char *path, bool folder, struct mqtt_cause *cause)
{
	struct stat status;
	FILE *file;
	int error = 0;

	if (stat(path, &status) < 0)
		error = errno;
	else if (!folder && !S_ISREG(status.st_mode))
		error = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
	else if (folder && !S_ISDIR(status.st_mode))
		error = ENOTDIR;
	else if ((file = fopen(path, "re")))
		fclose(file);
	else
		error = errno;
	if (!error)
		return 0;
	mqtt_cause_set(cause, MQTT_CAUSE_SETTINGS, NULL, "%s: %.250s: %s", key, path,
		strerror(error));
	mqtt_cause_remedy(cause,
		error == EACCES ? "let the user who runs this read the file of %s"
				: "correct the path in %s",
		key);
	return -EINVAL;
}

// What a PEM file says that it has: "CERTIFICATE"; "" if it is no PEM file.
static void pem_label(const char *path, char label[64])
{
	FILE *file = fopen(path, "re");
	char line[256];

	label[0] = '\0';
	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "-----BEGIN %63[A-Z0-9 ]-----", label) == 1)
			break;
	}
	if (file)
		fclose(file);
}

static int refuse_file(const char *key, const char *path, const char *wanted,
	struct mqtt_cause *cause)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());
	char label[64], found[100];

	pem_label(path, label);
	if (!*label)
		snprintf(found, sizeof(found), "not in PEM form (no line -----BEGIN ...-----)");
	else if (strstr(label, wanted))
		snprintf(found, sizeof(found), "damaged (%s)", reason ? reason : "unreadable");
	else
		snprintf(found, sizeof(found), "a %s", label);
	mqtt_cause_set(cause, MQTT_CAUSE_SETTINGS, NULL, "%s: %.200s: must be a %s, and is %s", key,
		path, wanted, found);
	mqtt_cause_remedy(cause, "set %s to a PEM file that begins with -----BEGIN %s-----", key,
		wanted);
	return -EINVAL;
}

static int load_authorities(struct mqtt_tls *tls, struct mqtt_cause *cause)
{
	const char *file = tls->settings->broker.ca_file, *path = tls->settings->broker.ca_path;
	int r = 0;

	if (*file)
		r = check_path("ca_file", file, false, cause);
	if (r == 0 && *file && SSL_CTX_load_verify_file(tls->context, file) != 1)
		r = refuse_file("ca_file", file, "CERTIFICATE", cause);
	if (r == 0 && *path)
		r = check_path("ca_path", path, true, cause);
	if (r == 0 && (*path || !*file))
		SSL_CTX_load_verify_dir(tls->context, *path ? path : MQTT_SYSTEM_CA_PATH);
	return r;
}

static int refuse_key(const struct mqtt_tls *tls, const char *key, struct mqtt_cause *cause)
{
	if (tls->encrypted) {
		mqtt_cause_set(cause, MQTT_CAUSE_SETTINGS, NULL,
			"key_file: %.250s: is encrypted, and no pass phrase can be typed", key);
		mqtt_cause_remedy(cause, "write it without one: openssl pkey -in %.100s -out NEW",
			key);
		return -EINVAL;
	}
	return refuse_file("key_file", key, "PRIVATE KEY", cause);
}

static int load_identity(struct mqtt_tls *tls, struct mqtt_cause *cause)
{
	const char *certificate = tls->settings->broker.cert_file;
	const char *key = tls->settings->broker.key_file;
	int r;

	if (!*certificate)
		return 0;
	r = check_path("cert_file", certificate, false, cause);
	if (r == 0)
		r = check_path("key_file", key, false, cause);
	if (r < 0)
		return r;
	if (SSL_CTX_use_certificate_chain_file(tls->context, certificate) != 1)
		return refuse_file("cert_file", certificate, "CERTIFICATE", cause);
	if (SSL_CTX_use_PrivateKey_file(tls->context, key, SSL_FILETYPE_PEM) == 1 &&
		SSL_CTX_check_private_key(tls->context) == 1)
		return 0;
	if (ERR_GET_REASON(ERR_peek_last_error()) != X509_R_KEY_VALUES_MISMATCH &&
		ERR_GET_REASON(ERR_peek_last_error()) != X509_R_KEY_TYPE_MISMATCH &&
		ERR_GET_REASON(ERR_peek_last_error()) != SSL_R_NO_CERTIFICATE_ASSIGNED)
		return refuse_key(tls, key, cause);
	mqtt_cause_set(cause, MQTT_CAUSE_SETTINGS,
		"set key_file to the key that the certificate was made with",
		"key_file: %.150s: is not the key of the certificate in cert_file %.150s", key,
		certificate);
	return -EINVAL;
}

static int on_pass_phrase(char *buf, int size, int writing, void *data)
{
	struct mqtt_tls *tls = data;

	(void)buf;
	(void)size;
	(void)writing;
	tls->encrypted = true;
	return -1;
}

// --- life ---------------------------------------------------------------------------------------

// tls_insecure: the certificate is checked, but not for whom it is.
static bool expect_host(const struct mqtt_tls *tls)
{
	X509_VERIFY_PARAM *param = SSL_CTX_get0_param(tls->context);
	const char *host = tls->settings->broker.host;

	return tls->settings->broker.tls_insecure ||
		X509_VERIFY_PARAM_set1_ip_asc(param, host) == 1 ||
		X509_VERIFY_PARAM_set1_host(param, host, 0) == 1;
}

static int set_up(struct mqtt_tls *tls, struct mqtt_cause *cause)
{
	int r;

	tls->context = SSL_CTX_new(TLS_client_method());
	if (!tls->context || !expect_host(tls)) {
		mqtt_cause_set(cause, MQTT_CAUSE_SETTINGS, NULL, "TLS cannot be set up");
		return -ENOMEM;
	}
	SSL_CTX_set_app_data(tls->context, tls);
	SSL_CTX_set_min_proto_version(tls->context, TLS1_2_VERSION);
	SSL_CTX_set_options(tls->context, SSL_OP_NO_COMPRESSION);
	SSL_CTX_set_mode(tls->context, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_verify(tls->context, SSL_VERIFY_PEER, on_verify);
	SSL_CTX_set_info_callback(tls->context, on_info);
	SSL_CTX_set_default_passwd_cb(tls->context, on_pass_phrase);
	SSL_CTX_set_default_passwd_cb_userdata(tls->context, tls);
	r = load_authorities(tls, cause);
	return r < 0 ? r : load_identity(tls, cause);
}

int mqtt_tls_new(const struct settings *settings, struct mqtt_cause *ret_cause,
	struct mqtt_tls **ret_tls)
{
	struct mqtt_tls *tls = calloc(1, sizeof(*tls));
	int r;

	if (!tls) {
		mqtt_cause_set(ret_cause, MQTT_CAUSE_SETTINGS, NULL, "out of memory");
		return -ENOMEM;
	}
	tls->settings = settings;
	ERR_clear_error();
	r = set_up(tls, ret_cause);
	ERR_clear_error();
	if (r < 0) {
		mqtt_tls_free(tls);
		return r;
	}
	*ret_tls = tls;
	return 0;
}

struct mqtt_tls *mqtt_tls_free(struct mqtt_tls *tls)
{
	if (tls)
		SSL_CTX_free(tls->context);
	free(tls);
	return NULL;
}

int mqtt_tls_use(struct mqtt_tls *tls, struct mosquitto *mosq)
{
	int rc = mosquitto_int_option(mosq, MOSQ_OPT_SSL_CTX_WITH_DEFAULTS, 0);

	return rc != MOSQ_ERR_SUCCESS ? rc
				      : mosquitto_void_option(mosq, MOSQ_OPT_SSL_CTX, tls->context);
}
