// SPDX-License-Identifier: MIT
//
// Settings that cannot work: what is said of them in a file, and of the same on a command line.
#include "sandbox.h"

#include <errno.h>

#include "config/settings.h"
#include "config/settings_rules.h"

struct value {
	const char *key, *value, *fault; // NULL: good
};

// clang-format off: a table, a row a line
static const struct value values[] = {
	{ "host", "localhost", NULL },
	{ "host", "broker.home.arpa", NULL },
	{ "host", "broker.", NULL },
	{ "host", "my_broker-2", NULL },
	{ "host", "192.168.1.20", NULL },
	{ "host", "::1", NULL },
	{ "host", "fe80::1%eth0", NULL },
	{ "host", "[::1]", "has brackets: write host = \"::1\";" },
	{ "host", "[::1]:8883", "has brackets: write host = \"::1\"; port = 8883;" },
	{ "host", "mqtt://localhost", "is a URL: write host = \"localhost\";" },
	{ "host", "tcp://localhost:1884/", "is a URL: write host = \"localhost\"; port = 1884;" },
	{ "host", "mqtts://b.example",
		"is a URL: write host = \"b.example\"; port = 8883; tls = true;" },
	{ "host", "MQTTS://me:secret@b.example:8884/chair",
		"is a URL: write host = \"b.example\"; port = 8884; tls = true; "
		"username = \"me\";" },
	{ "host", "mqtt://[fe80::1]:1883", "is a URL: write host = \"fe80::1\"; port = 1883;" },
	{ "host", "wss://b.example/mqtt",
		"is a URL of wss, which is not supported: write the name or "
		"address of a broker that takes MQTT over TCP" },
	{ "host", "localhost:1883", "has a port in it: write host = \"localhost\"; port = 1883;" },
	{ "host", "me@b.example",
		"has a user in it: write host = \"b.example\"; username = \"me\";" },
	{ "host", "b.example/mqtt", "has a path in it: write host = \"b.example\";" },
	{ "host", "/run/mosquitto.sock", "is a path: write the name or address of the broker" },
	{ "host", "localhost ", "begins or ends with a blank: write \"localhost\"" },
	{ "host", "\tlocalhost", "begins or ends with a blank: write \"localhost\"" },
	{ "host", "", "is empty: write a name or an address" },
	{ "host", "192.168.1",
		"\"192.168.1\" is not an address (four numbers 0 ... 255 with points "
		"between them)" },
	{ "host", "192.168.1.300",
		"\"192.168.1.300\" is not an address (four numbers 0 ... 255 with "
		"points between them)" },
	{ "host", "b..example", "\"b..example\" is not a name: a part of it is empty" },
	{ "host", "my broker",
		"\"my broker\" is neither a name nor an address (a name has letters, "
		"digits, \".\" and \"-\")" },
	{ "host", "localhost:",
		"\"localhost:\" is neither a name nor an address (a name has letters, "
		"digits, \".\" and \"-\")" },
	{ "prefix", "chair", NULL },
	{ "prefix", "home/chair", NULL },
	{ "prefix", "home/first_floor/my-chair:1.b", NULL },
	{ "prefix", "$SYS", "begins with $: such topics are the broker's own: write \"SYS\"" },
	{ "prefix", "$share/g/chair",
		"begins with $: such topics are the broker's own: write \"share/g/chair\"" },
	{ "prefix", "home/+", "has a wildcard (+ or #): a chair has one topic: write \"home\"" },
	{ "prefix", "#", "has a wildcard (+ or #): a chair has one topic: write \"chair\"" },
	{ "prefix", "/chair", "begins or ends with /: write \"chair\"" },
	{ "prefix", "home/chair/", "begins or ends with /: write \"home/chair\"" },
	{ "prefix", "home//chair", "has an empty level: write \"home/chair\"" },
	{ "prefix", "/", "begins or ends with /: write \"chair\"" },
	{ "prefix", "", "is empty: write \"chair\"" },
	{ "prefix", "my chair",
		"has a character that is none of letters, digits, \".\", \"_\", \":\", "
		"\"-\" and, between levels, \"/\": write \"mychair\"" },
	{ "username", "chair parlour", NULL },
	{ "username", "", NULL },
	{ "username", "chair ", "begins or ends with a blank: write \"chair\"" },
	{ "ca_file", "/etc/ca.crt ", "begins or ends with a blank: write \"/etc/ca.crt\"" },
	{ "chair_file", "", "is empty: write a path, or leave the key out" },
	{ "guard_socket", "/run/guard/",
		"is a folder: write the path of the guard's socket in it" },
	{ "guard_socket", "/0123456789/0123456789/0123456789/0123456789/0123456789"
		"/0123456789/0123456789/0123456789/0123456789/012345678",
		"is too long for a socket (at most 107 bytes)" },
};
// clang-format on

static void values_that_cannot_work_say_what_to_write(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		char fault[SETTING_FAULT_SIZE] = "";
		bool good = setting_check(values[i].key, values[i].value, fault);

		if (good == !values[i].fault && !strcmp(fault, good ? "" : values[i].fault))
			continue;
		print_error("%s = \"%s\": %s\n", values[i].key, values[i].value,
			good ? "good" : fault);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

static void settings_text(struct sandbox *sandbox, const struct value *value)
{
	bool root = !strcmp(value->key, "chair_file") || !strcmp(value->key, "guard_socket");
	char text[600];

	snprintf(text, sizeof(text), "%s %s = \"%s\"; %s %s", root ? "" : "broker = {", value->key,
		value->value, !strcmp(value->key, "ca_file") ? "tls = true;" : "",
		root ? "" : "};");
	sandbox_file(sandbox, "s.cfg", text);
}

// One rule, whether a value comes from a file or from an option.
static void files_and_options_have_the_same_rules(void **state)
{
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		char setting[SETTING_SIZE] = "before", expected[SETTING_FAULT_SIZE + 20], *lines;
		struct problems problems = { 0 };
		struct settings settings;
		struct setting_override override = { "--it", values[i].key, values[i].value,
			setting };
		bool good = !values[i].fault;

		settings_default(&settings);
		assert_int_equal(settings_override(&settings, &override, 1, 0, &problems), good);
		assert_string_equal(setting, good ? values[i].value : "before");
		if (good)
			*expected = '\0';
		else
			snprintf(expected, sizeof(expected), "--it: %s\n", values[i].fault);
		lines = sandbox_lines(&problems);
		assert_string_equal(lines, expected);
		free(lines);

		settings_text(*state, &values[i]);
		assert_int_equal(settings_load(sandbox_path(*state, "s.cfg"), &problems, &settings),
			good ? 0 : -EINVAL);
		assert_int_equal(problems_count(&problems), !good);
		problems_clear(&problems);
	}
}

static void refuses(struct sandbox *sandbox, const char *text, const char *expected)
{
	struct problems problems = { 0 };
	struct settings settings;
	char *lines;
	int r;

	sandbox_file(sandbox, "s.cfg", text);
	r = settings_check(sandbox_path(sandbox, "s.cfg"), &problems, &settings);
	lines = sandbox_lines(&problems);
	assert_string_equal(lines, expected);
	assert_int_equal(r, *expected ? -EINVAL : 0);
	free(lines);
}

#define BROKER_KEYS \
	"host, port, prefix, username, password_file, keepalive_s, grace_s, tls, ca_file, " \
	"ca_path, cert_file, key_file, tls_insecure, allow_password_without_tls"
#define SETTINGS_KEYS \
	"chair_file, profiles_dir, persons_file, guard_socket, state_dir, telemetry_hz, broker, " \
	"home_assistant, dose"

static void what_belongs_together_is_asked_for(void **state)
{
	refuses(*state, "broker = { password_file = \"/dev/null\"; };",
		"s.cfg:1: broker.password_file: goes with username, which is missing\n");
	refuses(*state, "broker = { password_file = \"/none/password\"; };",
		"s.cfg:1: broker.password_file: \"/none/password\" cannot be used: "
		"No such file or directory\n"
		"s.cfg:1: broker.password_file: goes with username, which is missing\n");
	refuses(*state, "broker = { user = \"me\"; password_file = \"/dev/null\"; };",
		"s.cfg:1: broker.user: unknown key (allowed: " BROKER_KEYS
		"; did you mean \"username\"?)\n");
	refuses(*state, "broker = {\n username = \"\"; password_file = \"/dev/null\"; };",
		"s.cfg:2: broker.password_file: goes with username, which is missing\n");
	refuses(*state, "broker = { username = \"me\"; password_file = \"/dev/null\"; };", "");
	refuses(*state, "broker = { tls = true; key_file = \"/dev/null\"; };",
		"s.cfg:1: broker.key_file: goes with cert_file\n");
}

static void keys_that_people_write_are_understood(void **state)
{
	static const struct {
		const char *text, *expected;
	} keys[] = {
		{ "broker = { user = \"x\"; };",
			"s.cfg:1: broker.user: unknown key (allowed: " BROKER_KEYS
			"; did you mean \"username\"?)\n" },
		{ "broker = { USER = \"x\"; };",
			"s.cfg:1: broker.USER: unknown key (allowed: " BROKER_KEYS
			"; did you mean \"username\"?)\n" },
		{ "broker = { url = \"mqtt://x:1883\"; };",
			"s.cfg:1: broker.url: unknown key (allowed: " BROKER_KEYS
			"; write host = \"...\"; port = ...;)\n" },
		{ "broker = { pass = \"x\"; };",
			"s.cfg:1: broker.pass: unknown key (allowed: " BROKER_KEYS
			"; write the password into a file of its "
			"own, and password_file = \"...\")\n" },
		{ "broker = { password = \"x\"; };",
			"s.cfg:1: broker.password: unknown key (allowed: " BROKER_KEYS
			"; write the password into a file of "
			"its own, and password_file = \"...\")\n" },
		{ "broker = { address = \"x\"; };",
			"s.cfg:1: broker.address: unknown key (allowed: " BROKER_KEYS
			"; did you mean \"host\"?)\n" },
		{ "broker = { server = \"x\"; };",
			"s.cfg:1: broker.server: unknown key (allowed: " BROKER_KEYS
			"; did you mean \"host\"?)\n" },
		{ "broker = { broker = \"x\"; };",
			"s.cfg:1: broker.broker: unknown key (allowed: " BROKER_KEYS
			"; did you mean \"host\"?)\n" },
		{ "broker = { ssl = true; };",
			"s.cfg:1: broker.ssl: unknown key (allowed: " BROKER_KEYS
			"; did you mean \"tls\"?)\n" },
		{ "broker = { topic = \"x\"; };",
			"s.cfg:1: broker.topic: unknown key (allowed: " BROKER_KEYS
			"; did you mean \"prefix\"?)\n" },
		{ "broker = { client_id = \"x\"; };",
			"s.cfg:1: broker.client_id: unknown key (allowed: " BROKER_KEYS
			"; leave it out: the client id is "
			"made of the chair's id)\n" },
		{ "host = \"x\";",
			"s.cfg:1: host: unknown key (allowed: " SETTINGS_KEYS
			"; write it within broker: "
			"broker = { host = ...; };)\n" },
		{ "mqtt = { host = \"x\"; };",
			"s.cfg:1: mqtt: unknown key (allowed: " SETTINGS_KEYS
			"; did you mean \"broker\"?)\n" },
		{ "broker = { hots = \"x\"; };",
			"s.cfg:1: broker.hots: unknown key (allowed: " BROKER_KEYS
			"; did you mean \"host\"?)\n" },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		refuses(*state, keys[i].text, keys[i].expected);
}

// --- files ------------------------------------------------------------------------------------

// Settings with a path within the sandbox in the place of PATH.
static void refuses_path(struct sandbox *sandbox, const char *text, const char *name,
	const char *key, const char *fault)
{
	char expected[600] = "", path[SANDBOX_PATH], *whole;

	snprintf(path, sizeof(path), "%s/%s", sandbox->dir, name);
	whole = sandbox_edit(text, "PATH", path);
	if (key)
		snprintf(expected, sizeof(expected), "s.cfg:1: %s: \"%s\" %s\n", key, path, fault);
	refuses(sandbox, whole, expected);
	free(whole);
}

#define TLS "broker = { tls = true; "

static void what_is_named_must_be_there(void **state)
{
	struct sandbox *sandbox = *state;
	static const struct {
		const char *text, *key;
	} files[] = {
		{ "chair_file = \"PATH\";", "chair_file" },
		{ "broker = { username = \"u\"; password_file = \"PATH\"; };",
			"broker.password_file" },
		{ TLS "ca_file = \"PATH\"; };", "broker.ca_file" },
		{ TLS "key_file = \"/dev/null\"; cert_file = \"PATH\"; };", "broker.cert_file" },
		{ TLS "cert_file = \"/dev/null\"; key_file = \"PATH\"; };", "broker.key_file" },
	};

	sandbox_file(sandbox, "file", "x");
	sandbox_file(sandbox, "empty", "");
	sandbox_folder(sandbox, "folder");
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		refuses_path(sandbox, files[i].text, "none", files[i].key,
			"cannot be used: No such file or directory");
		refuses_path(sandbox, files[i].text, "file/none", files[i].key,
			"cannot be used: Not a directory");
		refuses_path(sandbox, files[i].text, "folder", files[i].key,
			"is a folder, not a file");
		refuses_path(sandbox, files[i].text, "empty", files[i].key, "is empty");
		refuses_path(sandbox, files[i].text, "file", NULL, NULL);
	}
	refuses_path(sandbox, TLS "ca_path = \"PATH\"; };", "none", "broker.ca_path",
		"cannot be used: No such file or directory");
	refuses_path(sandbox, TLS "ca_path = \"PATH\"; };", "file", "broker.ca_path",
		"is not a folder");
	refuses_path(sandbox, TLS "ca_path = \"PATH\"; };", "folder", NULL, NULL);
	refuses_path(sandbox, "guard_socket = \"PATH/guard.sock\";", "none", "guard_socket",
		"cannot be used: No such file or directory");
	refuses_path(sandbox, "guard_socket = \"PATH/guard.sock\";", "folder", NULL, NULL);
}

static void a_library_has_its_three_folders(void **state)
{
	struct sandbox *sandbox = *state;

	refuses_path(sandbox, "profiles_dir = \"PATH\";", "none", "profiles_dir",
		"cannot be used: No such file or directory");
	sandbox_folder(sandbox, "library");
	sandbox_folder(sandbox, "library/atlas");
	sandbox_folder(sandbox, "library/pathways");
	sandbox_file(sandbox, "s.cfg", "");
	refuses_path(sandbox, "profiles_dir = \"PATH\";", "library/sessions", "profiles_dir",
		"cannot be used: No such file or directory");
	sandbox_folder(sandbox, "library/sessions");
	refuses_path(sandbox, "profiles_dir = \"PATH\";", "library", NULL, NULL);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, sandbox_setup, sandbox_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_that_cannot_work_say_what_to_write),
		TEST(files_and_options_have_the_same_rules),
		TEST(what_belongs_together_is_asked_for),
		TEST(keys_that_people_write_are_understood),
		TEST(what_is_named_must_be_there),
		TEST(a_library_has_its_three_folders),
	};

	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
