// SPDX-License-Identifier: MIT
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "config/reader.h"
#include "config/settings.h"
#include "config/settings_rules.h"
#include "core/wire.h"

#define PLACE(member) .offset = offsetof(struct settings, member)
#define TEXT(key_, member, fallback_) \
	{ .key = (key_), \
		.type = FIELD_TEXT, \
		.size = SETTING_SIZE, \
		.fallback_text = (fallback_), \
		PLACE(member) }

// clang-format off: a table, a row a line
static const struct field settings_fields[] = {
	TEXT("chair_file", chair_file, "/etc/chaird/chair.cfg"),
	TEXT("profiles_dir", profiles_dir, "/usr/share/chaird/profiles"),
	TEXT("guard_socket", guard_socket, WIRE_DEFAULT_SOCKET),
	TEXT("state_dir", state_dir, "/var/lib/chaird"),
	{ .key = "telemetry_hz", .type = FIELD_INT, PLACE(telemetry_hz), .unit = "Hz",
		.fallback = 2, .min = 1, .max = 5 },
	{ .key = "broker", .type = FIELD_GROUP },
	{ .key = "home_assistant", .type = FIELD_GROUP },
	{ .key = "dose", .type = FIELD_GROUP },
};
// clang-format on
#define MEANT(key_)  "did you mean \"" key_ "\"?"
#define WITHIN(key_) "write it within broker: broker = { " key_ " = ...; };"
// clang-format off: a table, a row a line
static const struct alias settings_aliases[] = {
	{ "mqtt", MEANT("broker") },
	{ "chair", MEANT("chair_file") },
	{ "profiles", MEANT("profiles_dir") },
	{ "library", MEANT("profiles_dir") },
	{ "socket", MEANT("guard_socket") },
	{ "guard", MEANT("guard_socket") },
	{ "telemetry", MEANT("telemetry_hz") },
	{ "host", WITHIN("host") },
	{ "port", WITHIN("port") },
	{ "url", "write broker = { host = \"...\"; port = ...; };" },
	{ "prefix", WITHIN("prefix") },
	{ "username", WITHIN("username") },
	{ "user", WITHIN("username") },
	{ "password", WITHIN("password_file") },
	{ "password_file", WITHIN("password_file") },
	{ "tls", WITHIN("tls") },
	{ "ca_file", WITHIN("ca_file") },
	{ "limits", "write it within dose: dose = { limits = ...; };" },
	{ "ledger", MEANT("dose") },
	{ "doses", MEANT("dose") },
};
// clang-format on
static const struct schema settings_schema = {
	SCHEMA_ROWS(settings_fields),
	.aliases = settings_aliases,
	.n_aliases = sizeof(settings_aliases) / sizeof(settings_aliases[0]),
};

// clang-format off: a table, a row a line
static const struct field broker_fields[] = {
	TEXT("host", broker.host, "localhost"),
	{ .key = "port", .type = FIELD_INT, PLACE(broker.port), .fallback = 1883, .min = 1,
		.max = 65535 },
	TEXT("prefix", broker.prefix, "chair"),
	TEXT("username", broker.username, ""),
	TEXT("password_file", broker.password_file, ""),
	{ .key = "keepalive_s", .type = FIELD_INT, PLACE(broker.keepalive_s), .unit = "s",
		.fallback = 60, .min = 5, .max = 3600 },
	{ .key = "grace_s", .type = FIELD_SECONDS, PLACE(broker.grace_ms), .unit = "s",
		.fallback = 5, .min = 0, .max = 60 },
	{ .key = "tls", .type = FIELD_BOOL, PLACE(broker.tls) },
	TEXT("ca_file", broker.ca_file, ""),
	TEXT("ca_path", broker.ca_path, ""),
	TEXT("cert_file", broker.cert_file, ""),
	TEXT("key_file", broker.key_file, ""),
	{ .key = "tls_insecure", .type = FIELD_BOOL, PLACE(broker.tls_insecure) },
	{ .key = "allow_password_without_tls", .type = FIELD_BOOL,
		PLACE(broker.allow_password_without_tls) },
};
// clang-format on
#define PASSWORD "write the password into a file of its own, and password_file = \"...\""
#define ADDRESS  "write host = \"...\"; port = ...;"
// clang-format off: a table, a row a line
static const struct alias broker_aliases[] = {
	{ "user", MEANT("username") },
	{ "login", MEANT("username") },
	{ "name", MEANT("username") },
	{ "user_name", MEANT("username") },
	{ "pass", PASSWORD },
	{ "passwd", PASSWORD },
	{ "password", PASSWORD },
	{ "secret", PASSWORD },
	{ "url", ADDRESS },
	{ "uri", ADDRESS },
	{ "broker_url", ADDRESS },
	{ "address", MEANT("host") },
	{ "addr", MEANT("host") },
	{ "server", MEANT("host") },
	{ "broker", MEANT("host") },
	{ "hostname", MEANT("host") },
	{ "ip", MEANT("host") },
	{ "topic", MEANT("prefix") },
	{ "base", MEANT("prefix") },
	{ "base_topic", MEANT("prefix") },
	{ "root", MEANT("prefix") },
	{ "ssl", MEANT("tls") },
	{ "secure", MEANT("tls") },
	{ "ca", MEANT("ca_file") },
	{ "cafile", MEANT("ca_file") },
	{ "capath", MEANT("ca_path") },
	{ "cert", MEANT("cert_file") },
	{ "certfile", MEANT("cert_file") },
	{ "certificate", MEANT("cert_file") },
	{ "key", MEANT("key_file") },
	{ "keyfile", MEANT("key_file") },
	{ "insecure", MEANT("tls_insecure") },
	{ "keepalive", MEANT("keepalive_s") },
	{ "timeout", MEANT("grace_s") },
	{ "client_id", "leave it out: the client id is made of the chair's id" },
	{ "clientid", "leave it out: the client id is made of the chair's id" },
	{ "id", "leave it out: the client id is made of the chair's id" },
};
// clang-format on
static const struct schema broker_schema = {
	SCHEMA_ROWS(broker_fields),
	.aliases = broker_aliases,
	.n_aliases = sizeof(broker_aliases) / sizeof(broker_aliases[0]),
};

// clang-format off: a table, a row a line
static const struct field home_assistant_fields[] = {
	{ .key = "discovery", .type = FIELD_BOOL, PLACE(home_assistant.discovery), .fallback = 1 },
	{ .key = "prefix", .type = FIELD_TOKEN, .size = SETTING_SIZE,
		.fallback_text = "homeassistant", PLACE(home_assistant.prefix) },
	TEXT("panel_url", home_assistant.panel_url, ""),
};
// clang-format on
static const struct schema home_assistant_schema = { SCHEMA_ROWS(home_assistant_fields) };

static const char *limiting_name(unsigned index)
{
	static const char *const words[] = { [DOSE_LIMITED] = "on", [DOSE_UNLIMITED] = "off" };

	return index < sizeof(words) / sizeof(words[0]) ? words[index] : NULL;
}

#define SECONDS(key_, member, fallback_) \
	{ .key = (key_), \
		.type = FIELD_REAL, \
		.unit = "s", \
		.fallback = (fallback_), \
		.min = 10, \
		.max = 7200, \
		PLACE(member) }
#define NEWTON_SECONDS(key_, member, fallback_) \
	{ .key = (key_), \
		.type = FIELD_REAL, \
		.unit = "N s", \
		.fallback = (fallback_), \
		.min = 100, \
		.max = 360000, \
		PLACE(member) }

// The figures are this project's choice (profiles/README.md): no source has a dose for a day.
static const struct field dose_fields[] = {
	{ .key = "limits",
		.type = FIELD_ENUM,
		.enum_name = limiting_name,
		.n_enum_names = 2,
		PLACE(dose.limiting) },
	SECONDS("point_s", dose.point_s, 300),
	NEWTON_SECONDS("point_newton_s", dose.point_n_s, 12000),
	SECONDS("muscle_s", dose.muscle_s, 600),
	NEWTON_SECONDS("muscle_newton_s", dose.muscle_n_s, 24000),
};
static const struct schema dose_schema = { SCHEMA_ROWS(dose_fields) };

void settings_default(struct settings *settings)
{
	*settings = (struct settings){ 0 };
	reader_defaults(&settings_schema, SELECT_ALL, settings);
	reader_defaults(&broker_schema, SELECT_ALL, settings);
	reader_defaults(&home_assistant_schema, SELECT_ALL, settings);
	reader_defaults(&dose_schema, SELECT_ALL, settings);
}

static bool is_this_machine(const char *host)
{
	struct in_addr address;

	if (inet_pton(AF_INET, host, &address) == 1)
		return ntohl(address.s_addr) >> 24 == 127;
	return !strcasecmp(host, "localhost") || !strcmp(host, "::1");
}

bool settings_password_is_safe(const struct settings *settings)
{
	return !*settings->broker.username || settings->broker.tls ||
		settings->broker.allow_password_without_tls ||
		is_this_machine(settings->broker.host);
}

// The rules for every text that is there, and as a table would have it. paths: they must be there.
static void check_texts(struct reader *reader, const struct config_setting_t *group,
	const struct schema *schema, bool paths)
{
	char fault[SETTING_FAULT_SIZE];

	for (size_t i = 0; i < schema->n; i++) {
		const char *key = schema->fields[i].key, *text = reader_string(group, key);

		if (schema->fields[i].type != FIELD_TEXT || !text ||
			!reader_is_clean(reader, reader_member(group, key)))
			continue;
		if (!setting_check(key, text, fault) ||
			(paths && !setting_check_path(key, text, fault)))
			reader_problem(reader, group, key, "%s", fault);
	}
}

static void read_broker(struct reader *reader, const struct config_setting_t *group, bool paths,
	struct settings *settings)
{
	static const char *const tls_keys[] = { "ca_file", "ca_path", "cert_file", "key_file",
		"tls_insecure" };
	char fault[SETTING_FAULT_SIZE];
	const char *lonely = NULL;

	reader_group(reader, group, &broker_schema, SELECT_ALL, settings);
	if (reader_is_clean(reader, group)) // otherwise its partner may be misspelt
		lonely = settings_check_pairs(settings, fault);
	check_texts(reader, group, &broker_schema, paths);
	if (lonely)
		reader_problem(reader, group, lonely, "%s", fault);
	// Certificates that are not used would be mistaken for protection.
	for (size_t i = 0; !settings->broker.tls && i < sizeof(tls_keys) / sizeof(tls_keys[0]);
		i++) {
		if (reader_member(group, tls_keys[i]))
			reader_problem(reader, group, tls_keys[i], "is for TLS (tls = true)");
	}
	if (!settings_password_is_safe(settings))
		reader_problem(reader, group, "username", SETTINGS_PASSWORD_UNSAFE);
}

static void read_home_assistant(struct reader *reader, const struct config_setting_t *group,
	struct settings *settings)
{
	const char *url = settings->home_assistant.panel_url;

	reader_group(reader, group, &home_assistant_schema, SELECT_ALL, settings);
	// Home Assistant rejects the whole payload for any other scheme.
	if (*url && strncmp(url, "http://", 7) && strncmp(url, "https://", 8))
		reader_problem(reader, group, "panel_url", "must begin with http:// or https://");
}

static int load(const char *file, bool paths, struct problems *problems,
	struct settings *ret_settings)
{
	__attribute__((cleanup(reader_freep))) struct reader *reader = NULL;
	const struct config_setting_t *broker, *home_assistant, *dose;
	struct settings settings;
	int r;

	r = reader_open(file, problems, &reader);
	if (r < 0)
		return r == -ENOENT || r == -ENOMEM ? r : -EINVAL;
	settings_default(&settings);
	reader_group(reader, reader_root(reader), &settings_schema, SELECT_ALL, &settings);
	check_texts(reader, reader_root(reader), &settings_schema, paths);
	if ((broker = reader_typed(reader_root(reader), "broker", FIELD_GROUP)))
		read_broker(reader, broker, paths, &settings);
	home_assistant = reader_typed(reader_root(reader), "home_assistant", FIELD_GROUP);
	if (home_assistant)
		read_home_assistant(reader, home_assistant, &settings);
	if ((dose = reader_typed(reader_root(reader), "dose", FIELD_GROUP)))
		reader_group(reader, dose, &dose_schema, SELECT_ALL, &settings);
	if (reader_problems(reader))
		return -EINVAL;
	*ret_settings = settings;
	return 0;
}

int settings_load(const char *file, struct problems *problems, struct settings *ret_settings)
{
	return load(file, false, problems, ret_settings);
}

int settings_check(const char *file, struct problems *problems, struct settings *ret_settings)
{
	return load(file, true, problems, ret_settings);
}
