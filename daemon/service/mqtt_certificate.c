// SPDX-License-Identifier: MIT
#include "service/mqtt_certificate.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/x509v3.h>

#define NAMES_SIZE 120

// Mosquitto reads its certificate again at a reload. See "A broker elsewhere" there.
#define RENEW \
	" by /usr/share/doc/chaird/systemd/README.md, \"A broker elsewhere\"; then, there: " \
	"sudo systemctl reload mosquitto"

static void add_name(char names[NAMES_SIZE], const void *bytes, size_t size)
{
	size_t used = strlen(names);
	char name[80];

	mqtt_cause_printable(bytes, size, name, sizeof(name));
	snprintf(names + used, NAMES_SIZE - used, "%s%s", used ? ", " : "", name);
}

static void add_address(char names[NAMES_SIZE], const ASN1_OCTET_STRING *address)
{
	const unsigned char *at = ASN1_STRING_get0_data(address);
	char text[INET6_ADDRSTRLEN];
	int family = ASN1_STRING_length(address) == 4 ? AF_INET
		: ASN1_STRING_length(address) == 16   ? AF_INET6
						      : AF_UNSPEC;

	if (family != AF_UNSPEC && inet_ntop(family, at, text, sizeof(text)))
		add_name(names, text, strlen(text));
}

static void add_common_name(char names[NAMES_SIZE], const X509_NAME *subject)
{
	int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
	const ASN1_STRING *name;

	if (at < 0)
		return;
	name = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
	add_name(names, ASN1_STRING_get0_data(name), (size_t)ASN1_STRING_length(name));
}

// Hosts and addresses that a certificate is for: "a, b".
static void certificate_names(const X509 *certificate, char names[NAMES_SIZE])
{
	GENERAL_NAMES *list = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);

	names[0] = '\0';
	for (int i = 0; i < sk_GENERAL_NAME_num(list); i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(list, i);

		if (name->type == GEN_DNS)
			add_name(names, ASN1_STRING_get0_data(name->d.dNSName),
				(size_t)ASN1_STRING_length(name->d.dNSName));
		else if (name->type == GEN_IPADD)
			add_address(names, name->d.iPAddress);
	}
	GENERAL_NAMES_free(list);
	if (!*names)
		add_common_name(names, X509_get_subject_name(certificate));
	if (!*names)
		snprintf(names, NAMES_SIZE, "no host");
}

// Whose certificate it is that cannot be used.
static void describe(const X509 *certificate, int depth, char text[NAMES_SIZE + 60])
{
	char name[NAMES_SIZE] = "";

	if (depth > 0)
		add_common_name(name, X509_get_subject_name(certificate));
	if (depth > 0)
		snprintf(text, NAMES_SIZE + 60, "the certificate of the authority \"%s\"", name);
	else
		snprintf(text, NAMES_SIZE + 60, "the broker's certificate");
}

static void format_day(const struct tm *utc, char text[40])
{
	strftime(text, 40, "%Y-%m-%d", utc);
}

static void set_expired(struct mqtt_cause *cause, const X509 *certificate, int depth, bool early)
{
	const ASN1_TIME *bound = early ? X509_get0_notBefore(certificate)
				       : X509_get0_notAfter(certificate);
	time_t now = time(NULL);
	struct tm then = { 0 }, today = { 0 };
	char whose[NAMES_SIZE + 60], day[40], clock[40];

	describe(certificate, depth, whose);
	ASN1_TIME_to_tm(bound, &then);
	gmtime_r(&now, &today);
	format_day(&then, day);
	format_day(&today, clock);
	mqtt_cause_set(cause, MQTT_CAUSE_CERTIFICATE,
		early ? "is the clock set? timedatectl; sudo timedatectl set-ntp true"
		      : "on the broker's machine, make it a new certificate" RENEW
			"; or is this computer's clock wrong? timedatectl",
		early ? "%s is not valid before %s, and this computer's date is %s"
		      : "%s has expired on %s; this computer's date is %s",
		whose, day, clock);
}

static void set_wrong_name(const struct settings *settings, struct mqtt_cause *cause,
	const X509 *certificate, bool address)
{
	char names[NAMES_SIZE];

	certificate_names(certificate, names);
	mqtt_cause_set(cause, MQTT_CAUSE_CERTIFICATE, NULL,
		"the broker's certificate is for %s, not for the %s %s", names,
		address ? "address" : "name", settings->broker.host);
	mqtt_cause_remedy(cause,
		"set host to one of these; or on the broker's machine, make it a certificate for "
		"%.60s" RENEW,
		settings->broker.host);
}

static const char *authorities(const struct settings *settings)
{
	return *settings->broker.ca_file    ? settings->broker.ca_file
		: *settings->broker.ca_path ? settings->broker.ca_path
					    : MQTT_SYSTEM_CA_PATH
		", where TLS looks without ca_file";
}

static void set_unknown_authority(const struct settings *settings, struct mqtt_cause *cause,
	const X509 *certificate, bool self_signed)
{
	char issuer[NAMES_SIZE] = "";

	add_common_name(issuer, X509_get_issuer_name(certificate));
	mqtt_cause_set(cause, MQTT_CAUSE_CERTIFICATE, NULL,
		self_signed
			? "the broker's certificate is signed by itself (\"%s\"), and is not in "
			  "%.200s"
			: "the broker's certificate is signed by \"%s\", which is not in %.200s",
		issuer, authorities(settings));
	mqtt_cause_remedy(cause, "set ca_file to the certificate of %s",
		self_signed ? "the broker" : "the authority that signed the broker's");
}

void mqtt_certificate_cause(const struct settings *settings, X509_STORE_CTX *store,
	struct mqtt_cause *cause)
{
	const X509 *certificate = X509_STORE_CTX_get_current_cert(store);
	int error = X509_STORE_CTX_get_error(store), depth = X509_STORE_CTX_get_error_depth(store);

	switch (error) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
		set_expired(cause, certificate, depth, false);
		break;
	case X509_V_ERR_CERT_NOT_YET_VALID:
		set_expired(cause, certificate, depth, true);
		break;
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH:
		set_wrong_name(settings, cause, certificate,
			error == X509_V_ERR_IP_ADDRESS_MISMATCH);
		break;
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
		set_unknown_authority(settings, cause, certificate, true);
		break;
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		set_unknown_authority(settings, cause, certificate, false);
		break;
	default:
		mqtt_cause_set(cause, MQTT_CAUSE_CERTIFICATE, NULL,
			"the broker's certificate is not accepted: %s",
			X509_verify_cert_error_string(error));
		break;
	}
}
