// SPDX-License-Identifier: MIT
#include "config/settings_rules.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "config/utf8.h"

#define HOST_MAX 253 // RFC 1035, without the dot at the end

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS  "0123456789"

static bool refuse(char *fault, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool refuse(char *fault, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(fault, SETTING_FAULT_SIZE, format, args);
	va_end(args);
	return false;
}

// --- hosts ------------------------------------------------------------------------------------

// Length of the host at the beginning of an authority, and its port behind a colon, or NULL.
static int split_host(const char *authority, const char **ret_host, const char **ret_port)
{
	size_t length;

	*ret_host = authority;
	if (*authority == '[') {
		*ret_host = authority + 1;
		length = strcspn(*ret_host, "]");
		*ret_port = !strncmp(*ret_host + length, "]:", 2) ? *ret_host + length + 2 : NULL;
	} else {
		length = strcspn(authority, ":/?#");
		*ret_port = authority[length] == ':' ? authority + length + 1 : NULL;
	}
	if (*ret_port && !isdigit((unsigned char)**ret_port))
		*ret_port = NULL;
	return (int)length;
}

// What to write instead of user@host:port/path; tls: of mqtts://.
static bool refuse_address(const char *what, const char *authority, bool tls, char *fault)
{
	const char *at = strrchr(authority, '@'), *host, *port;
	int length = split_host(at ? at + 1 : authority, &host, &port);
	char port_key[32] = "", user_key[SETTING_SIZE + 16] = "";

	if (port)
		snprintf(port_key, sizeof(port_key), " port = %.*s;", (int)strspn(port, DIGITS),
			port);
	else if (tls)
		snprintf(port_key, sizeof(port_key), " port = 8883;");
	if (at)
		snprintf(user_key, sizeof(user_key), " username = \"%.*s\";",
			(int)strcspn(authority, ":@"), authority);
	return refuse(fault, "%s: write host = \"%.*s\";%s%s%s", what, length, host, port_key,
		tls ? " tls = true;" : "", user_key);
}

static bool check_url(const char *url, const char *separator, char *fault)
{
	static const char *const plain[] = { "mqtt", "tcp" };
	static const char *const secure[] = { "mqtts", "ssl", "tls" };
	size_t n = (size_t)(separator - url);
	const char *authority = separator + strlen("://");

	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		if (strlen(plain[i]) == n && !strncasecmp(url, plain[i], n))
			return refuse_address("is a URL", authority, false, fault);
	}
	for (size_t i = 0; i < sizeof(secure) / sizeof(secure[0]); i++) {
		if (strlen(secure[i]) == n && !strncasecmp(url, secure[i], n))
			return refuse_address("is a URL", authority, true, fault);
	}
	return refuse(fault,
		"is a URL of %.*s, which is not supported: write the name or address of a broker "
		"that takes MQTT over TCP",
		(int)n, url);
}

static bool is_ipv6(const char *host)
{
	char address[INET6_ADDRSTRLEN + 1];
	size_t n = strcspn(host, "%"); // fe80::1%eth0
	struct in6_addr ignored;

	if (n >= sizeof(address))
		return false;
	memcpy(address, host, n);
	address[n] = '\0';
	return inet_pton(AF_INET6, address, &ignored) == 1 && (!host[n] || host[n + 1]);
}

static bool check_labels(const char *host, char *fault)
{
	struct in_addr ignored;
	size_t n = strspn(host, LETTERS DIGITS "-_.");

	if (host[n])
		return refuse(fault,
			"\"%s\" is neither a name nor an address (a name has letters, digits, "
			"\".\" and \"-\")",
			host);
	if (n > HOST_MAX)
		return refuse(fault, "is too long for a name (at most %d bytes)", HOST_MAX);
	if (*host == '.' || strstr(host, ".."))
		return refuse(fault, "\"%s\" is not a name: a part of it is empty", host);
	if (!host[strspn(host, DIGITS ".")] && inet_pton(AF_INET, host, &ignored) != 1)
		return refuse(fault,
			"\"%s\" is not an address (four numbers 0 ... 255 with points between "
			"them)",
			host);
	return true;
}

static bool check_host(const char *host, char *fault)
{
	const char *separator = strstr(host, "://"), *colon = strchr(host, ':');

	if (!*host)
		return refuse(fault, "is empty: write a name or an address");
	if (separator)
		return check_url(host, separator, fault);
	if (*host == '[')
		return refuse_address("has brackets", host, false, fault);
	if (is_ipv6(host))
		return true;
	if (strchr(host, '@'))
		return refuse_address("has a user in it", host, false, fault);
	if (*host == '/')
		return refuse(fault, "is a path: write the name or address of the broker");
	if (colon && colon[1] && !colon[1 + strspn(colon + 1, DIGITS)])
		return refuse_address("has a port in it", host, false, fault);
	if (strchr(host, '/'))
		return refuse_address("has a path in it", host, false, fault);
	return check_labels(host, fault);
}

// --- topics -----------------------------------------------------------------------------------

static bool is_fit(char c)
{
	return isalnum((unsigned char)c) || strchr("._:-", c);
}

// The levels of a prefix that are not empty, without what may not stand in them.
static void mend_prefix(const char *prefix, char mended[SETTING_SIZE])
{
	size_t n = 0;

	for (; *prefix && n < SETTING_SIZE - 1; prefix++) {
		if (*prefix == '/' ? n > 0 && mended[n - 1] != '/' : is_fit(*prefix))
			mended[n++] = *prefix;
	}
	while (n > 0 && mended[n - 1] == '/')
		n--;
	mended[n] = '\0';
}

static const char *prefix_fault(const char *prefix)
{
	size_t n = strlen(prefix);

	if (!n)
		return "is empty";
	if (*prefix == '$')
		return "begins with $: such topics are the broker's own";
	if (prefix[strcspn(prefix, "+#")])
		return "has a wildcard (+ or #): a chair has one topic";
	if (*prefix == '/' || prefix[n - 1] == '/')
		return "begins or ends with /";
	if (strstr(prefix, "//"))
		return "has an empty level";
	while (*prefix && (*prefix == '/' || is_fit(*prefix)))
		prefix++;
	return *prefix ? "has a character that is none of letters, digits, \".\", \"_\", \":\", "
			 "\"-\" and, between levels, \"/\""
		       : NULL;
}

static bool check_prefix(const char *prefix, char *fault)
{
	const char *why = prefix_fault(prefix);
	char mended[SETTING_SIZE];

	if (!why)
		return true;
	mend_prefix(prefix, mended);
	return refuse(fault, "%s: write \"%s\"", why, *mended ? mended : "chair");
}

// --- paths ------------------------------------------------------------------------------------

static bool check_socket(const char *path, char *fault)
{
	size_t most = sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1;

	if (!*path)
		return refuse(fault, "is empty: write the path of the guard's socket");
	if (strlen(path) > most)
		return refuse(fault, "is too long for a socket (at most %zu bytes)", most);
	if (path[strlen(path) - 1] == '/')
		return refuse(fault, "is a folder: write the path of the guard's socket in it");
	return true;
}

static bool check_named(const char *path, char *fault)
{
	return *path || refuse(fault, "is empty: write a path, or leave the key out");
}

// True if it cannot be seen, or is there. S_IFREG, S_IFDIR: and is that.
static bool check_there(const char *path, mode_t kind, char *fault)
{
	struct stat status;

	if (stat(path, &status) < 0)
		return errno == EACCES ||
			refuse(fault, "\"%s\" cannot be used: %s", path, strerror(errno));
	if (kind == S_IFREG && S_ISDIR(status.st_mode))
		return refuse(fault, "\"%s\" is a folder, not a file", path);
	if (kind == S_IFDIR && !S_ISDIR(status.st_mode))
		return refuse(fault, "\"%s\" is not a folder", path);
	if (S_ISREG(status.st_mode) && status.st_size == 0)
		return refuse(fault, "\"%s\" is empty", path);
	return true;
}

static bool check_library(const char *path, char *fault)
{
	static const char *const parts[] = { "atlas", "pathways", "sessions" };
	char part[PATH_MAX];

	if (!check_there(path, S_IFDIR, fault))
		return false;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		snprintf(part, sizeof(part), "%s/%s", path, parts[i]);
		if (!check_there(part, S_IFDIR, fault))
			return false;
	}
	return true;
}

static bool is_path(const char *key)
{
	static const char *const paths[] = { "chair_file", "profiles_dir", "guard_socket",
		"password_file", "ca_file", "ca_path", "cert_file", "key_file" };

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		if (!strcmp(paths[i], key))
			return true;
	}
	return false;
}

bool setting_check_path(const char *key, const char *path, char ret_fault[SETTING_FAULT_SIZE])
{
	char copy[SETTING_SIZE];

	if (!*path || !is_path(key))
		return true;
	if (!strcmp(key, "profiles_dir"))
		return check_library(path, ret_fault);
	if (!strcmp(key, "ca_path"))
		return check_there(path, S_IFDIR, ret_fault);
	if (strcmp(key, "guard_socket"))
		return check_there(path, S_IFREG, ret_fault);
	snprintf(copy, sizeof(copy), "%s", path);
	return check_there(dirname(copy), S_IFDIR, ret_fault);
}

// --- all --------------------------------------------------------------------------------------

static const struct {
	const char *key;
	bool (*check)(const char *value, char *fault);
} rules[] = {
	{ "host", check_host },
	{ "prefix", check_prefix },
	{ "guard_socket", check_socket },
	{ "chair_file", check_named },
	{ "profiles_dir", check_named },
};

// Blanks at an end come from copying, and can be seen by nobody.
static bool check_blanks(const char *value, char *fault)
{
	static const char blanks[] = " \t\r\n";
	size_t before = strspn(value, blanks), n = strlen(value);

	while (n > before && strchr(blanks, value[n - 1]))
		n--;
	if (!before && !value[n])
		return true;
	return refuse(fault, "begins or ends with a blank: write \"%.*s\"", (int)(n - before),
		value + before);
}

static bool check_printable(const char *value, char *fault)
{
	while (*value) {
		size_t n = utf8_printable(value);

		if (!n)
			return refuse(fault, "is not printable UTF-8");
		value += n;
	}
	return true;
}

bool setting_check(const char *key, const char *value, char ret_fault[SETTING_FAULT_SIZE])
{
	if (strlen(value) >= SETTING_SIZE)
		return refuse(ret_fault, "is too long (at most %d bytes)", SETTING_SIZE - 1);
	if (!check_blanks(value, ret_fault) || !check_printable(value, ret_fault))
		return false;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (!strcmp(rules[i].key, key))
			return rules[i].check(value, ret_fault);
	}
	return true;
}

const char *settings_check_pairs(const struct settings *settings,
	char ret_fault[SETTING_FAULT_SIZE])
{
	bool cert = *settings->broker.cert_file, key = *settings->broker.key_file;

	if (*settings->broker.password_file && !*settings->broker.username) {
		refuse(ret_fault, "goes with username, which is missing");
		return "password_file";
	}
	if (cert == key)
		return NULL;
	refuse(ret_fault, "goes with %s", cert ? "key_file" : "cert_file");
	return cert ? "cert_file" : "key_file";
}

bool settings_override(struct settings *settings, const struct setting_override *overrides,
	size_t n, int port, struct problems *problems)
{
	char fault[SETTING_FAULT_SIZE];
	bool good = true;

	for (size_t i = 0; i < n; i++) {
		const struct setting_override *override = &overrides[i];

		if (!override->value)
			continue;
		if (setting_check(override->key, override->value, fault)) {
			strcpy(override->setting, override->value);
		} else {
			problems_add(problems, override->option, 0, "", "%s", fault);
			good = false;
		}
	}
	if (port)
		settings->broker.port = port;
	if (good && !settings_password_is_safe(settings)) { // the host may be another machine
		problems_add(problems, settings->broker.host, 0, "", "%s",
			SETTINGS_PASSWORD_UNSAFE);
		return false;
	}
	return good;
}
