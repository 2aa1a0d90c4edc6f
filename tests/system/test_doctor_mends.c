// SPDX-License-Identifier: MIT
//
// The doctor against set-ups whose broker and settings do not fit each other: it finds the fault,
// and its remedy as printed mends it. Those of lines and the clock:
// tests/kernel/test_doctor_mends.c.
//
// A remedy's folders /etc/mosquitto and /etc/chaird are the rig's. `sudo` runs the command, and
// `systemctl` reloads the broker here, or records the restart that it would have done.
#include "remedy.h"
#include "shipped.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

// --- what a remedy names ----------------------------------------------------------------------

static void write_command(const struct rig *rig, const char *name, const char *text)
{
	char path[200];

	rig_write(rig, name, text);
	assert_int_equal(chmod(rig_path(rig, name, path), 0755), 0);
}

static void make_commands(const struct rig *rig)
{
	static char *path; // of the caller
	char folder[200], both[4400], pid[20];

	assert_int_equal(mkdir(rig_path(rig, "bin", folder), 0755), 0);
	write_command(rig, "bin/sudo", "#!/bin/sh\nexec \"$@\"\n");
	write_command(rig, "bin/systemctl",
		"#!/bin/sh\n"
		"case $* in\n"
		"'reload mosquitto') kill -HUP $(cat \"$folder/broker.pid\") ;;\n"
		"'restart '*) echo \"$2 $3\" >\"$folder/restart\" ;;\n"
		"*) exit 1 ;;\n"
		"esac\n");
	snprintf(pid, sizeof(pid), "%d", (int)process_pid(rig->broker));
	rig_write(rig, "broker.pid", pid);
	if (!path)
		path = strdup(getenv("PATH"));
	snprintf(both, sizeof(both), "%s:%s", folder, path);
	setenv("PATH", both, 1);
}

static bool restart_was_requested(const struct rig *rig)
{
	char path[200];

	return unlink(rig_path(rig, "restart", path)) == 0;
}

// --- TLS --------------------------------------------------------------------------------------

struct mistake {
	const char *name;
	const char *certificate; // of the broker, see make-certificates
	const char *settings;    // of TLS; @: the folder
	struct expected_finding finding;
	const char *mend; // see remedy_follow()
};

#define CA "ca_file = \"@/ca.crt\";"

// The remedy's file, from "certificates by an authority of your own" on, for this broker's name.
#define RENEW \
	"test -f \"systemd/$(sed -n 's|.*/chaird/systemd/\\(README.md\\),.*|\\1|p' " \
	"<<<\"$remedy\")\"; " \
	"sed -n '/^    openssl req -newkey/,/^    sudo install/p' systemd/README.md |" \
	" sed \"s/broker[.]example/localhost/g; s,/etc/mosquitto,$folder,; s/-g mosquitto//\"" \
	" >\"$folder/renew\"; " \
	"(cd \"$folder\"; . ./renew); " \
	"[[ $remedy =~ 'then, there: '([a-z ]+) ]]; eval \"${BASH_REMATCH[1]}\""

#define SET(key, value) \
	"sed -i 's,\\(" key " = \\)\"[^\"]*\",\\1\"" value "\",' \"$folder/chaird.cfg\"; " \
	"[[ $remedy =~ 'after a change of chaird.cfg: '(.*) ]]; eval \"${BASH_REMATCH[1]}\""

static const struct mistake mistakes[] = {
	{ "expired certificate", "expired", CA,
		{ "broker", "problem", { "the broker's certificate has expired on 2020-02-01" },
			{ "on the broker's machine, make it a new certificate by ",
				"\"A broker elsewhere\"; then, there: sudo systemctl reload "
				"mosquitto",
				"or is this computer's clock wrong? timedatectl" } },
		RENEW },
	{ "certificate for another name", "named", CA,
		{ "broker", "problem",
			{ "the broker's certificate is for other.example, b.example, 10.0.0.7, "
			  "not for the name localhost" },
			{ "or on the broker's machine, make it a certificate for localhost by ",
				"\"A broker elsewhere\"; then, there: sudo systemctl reload "
				"mosquitto" } },
		RENEW },
	{ "another name for the broker", "address", CA,
		{ "broker", "problem", { "is for 127.0.0.1, not for the name localhost" },
			{ "set host to one of these",
				"after a change of chaird.cfg: sudo systemctl restart chaird" } },
		SET("host", "127.0.0.1") },
	{ "unknown authority", "good", "ca_file = \"@/other-ca.crt\";",
		{ "broker", "problem",
			{ "the broker's certificate is signed by \"Test Authority\", which is not "
			  "in /" },
			{ "set ca_file to the certificate of the authority that signed the "
			  "broker's",
				"after a change of chaird.cfg: sudo systemctl restart chaird" } },
		SET("ca_file", "'$folder'/ca.crt") },
	{ "another certificate's key", "good",
		CA " cert_file = \"@/chair.crt\"; key_file = \"@/good.key\";",
		{ "broker", "problem",
			{ "good.key: is not the key of the certificate in cert_file /" },
			{ "set key_file to the key that the certificate was made with",
				"after a change of chaird.cfg: sudo systemctl restart chaird" } },
		SET("key_file", "'$folder'/chair.key") },
};

static void run_bash(const struct rig *rig, const char *command)
{
	const char *const argv[] = { "bash", "-euc", command, NULL };
	struct process *process;

	setenv("folder", rig->dir, 1);
	process = process_start(argv, NULL);
	assert_int_equal(process_wait(process, SOON_MS), 0);
	process_free(process);
}

// As in tls.conf.example, without users.
static void start_tls_broker(struct rig *rig, const struct mistake *mistake)
{
	char command[300], path[200], text[1000];
	const char *const argv[] = { "mosquitto", "-c", rig_path(rig, "tls.conf", path), NULL };

	snprintf(command, sizeof(command),
		"cd \"$folder\"; mkdir -p certs; cp ca.crt certs; cp %s.crt certs/broker.crt; "
		"cp %s.key certs/broker.key",
		mistake->certificate, mistake->certificate);
	run_bash(rig, command);
	rig->port = rig_free_port();
	snprintf(text, sizeof(text),
		"allow_anonymous true\nlog_dest stderr\nuser root\nlistener %d 127.0.0.1\n"
		"cafile %s/certs/ca.crt\ncertfile %s/certs/broker.crt\n"
		"keyfile %s/certs/broker.key\nrequire_certificate %s\n",
		rig->port, rig->dir, rig->dir, rig->dir,
		strstr(mistake->settings, "cert_file") ? "true" : "false");
	rig_write(rig, "tls.conf", text);
	rig->broker = process_start(argv, NULL);
	assert_true(process_logged(rig->broker, " running", SOON_MS));
}

static void write_tls_settings(const struct rig *rig, const char *tls)
{
	char text[2000];

	snprintf(text, sizeof(text),
		"chair_file = \"%s\";\nprofiles_dir = \"@/profiles\";\n"
		"guard_socket = \"@/guard.sock\";\nstate_dir = \"@\";\n"
		"broker = { host = \"localhost\"; port = %d; tls = true; %s };\n",
		rig->chair_file, rig->port, tls);
	rig_write(rig, "chaird.cfg", text);
	run_bash(rig, "sed -i \"s,@,$folder,g\" \"$folder/chaird.cfg\"");
}

static void mend_tls(struct rig *rig, const struct mistake *mistake)
{
	json_t *report = remedy_report(rig);

	remedy_follow(rig, mistake->name, mistake->mend,
		remedy_expect(report, mistake->name, &mistake->finding));
	json_decref(report);
	if (restart_was_requested(rig))
		rig_start_chaird(rig);
	else
		assert_true(process_logged(rig->broker, "Reloading config", SOON_MS));
	assert_true(process_logged(rig->chaird, "connected to", SOON_MS));
	report = remedy_report(rig);
	remedy_expect_ok(report, mistake->name, "broker");
	json_decref(report);
}

static void remedies_of_tls_mend(void **state)
{
	char script[4096], command[4200];

	(void)state;
	assert_non_null(realpath("tests/system/make-certificates", script));
	snprintf(command, sizeof(command), "cd \"$folder\"; %s", script);
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		struct rig *rig;

		rig_setup_bare((void **)&rig);
		run_bash(rig, command);
		start_tls_broker(rig, &mistakes[i]);
		make_commands(rig);
		write_tls_settings(rig, mistakes[i].settings);
		rig_start_chaird(rig);
		mend_tls(rig, &mistakes[i]);
		rig_teardown((void **)&rig);
		print_message("%s: found, and mended by its remedy\n", mistakes[i].name);
	}
}

// --- the password -----------------------------------------------------------------------------

// The file named in the remedy has the right password, and it is typed twice.
#define SET_PASSWORD \
	"remedy=${remedy//\\/etc\\/mosquitto/$folder}; " \
	"[[ $remedy =~ 'with the password in '([^:]+)': '([^;]+)'; then, there: '(.*) ]]; " \
	"cat \"${BASH_REMATCH[1]}\" \"${BASH_REMATCH[1]}\" | eval \"${BASH_REMATCH[2]}\"; " \
	"eval \"${BASH_REMATCH[3]}\""

static void the_remedy_of_a_password_mends(void **state)
{
	static const struct expected_finding refused = { "broker", "problem",
		{ "the broker refuses this client: Not authorized; it came as the user daemon" },
		{ "on the broker's machine, with the password in ",
			"sudo mosquitto_passwd /etc/mosquitto/chaird.passwd daemon; then, there: "
			"sudo systemctl reload mosquitto" } };
	const struct shipped *shipped = *state;
	struct rig *rig = shipped->rig;
	json_t *report;
	char text[1000];

	make_commands(rig);
	rig_write(rig, "mqtt-password", "not daemon's\n");
	snprintf(text, sizeof(text),
		"chair_file = \"%s\";\nbroker = { host = \"127.0.0.1\"; port = %d; "
		"username = \"daemon\"; password_file = \"%s/mqtt-password\"; };\n",
		rig->chair_file, shipped->port, rig->dir);
	rig_write(rig, "chaird.cfg", text);
	report = remedy_report(rig);
	remedy_follow(rig, "password", SET_PASSWORD, remedy_expect(report, "password", &refused));
	json_decref(report);
	assert_true(process_logged(rig->broker, "Reloading config", SOON_MS));
	report = remedy_report(rig);
	remedy_expect_ok(report, "password", "broker");
	remedy_expect_ok(report, "password", "acl");
	json_decref(report);
}

// --- the client id ----------------------------------------------------------------------------

// The chair file named in the remedy.
#define SET_ID \
	"named='here: id in ([^)]+)\\); then, there: ([^;]+)'; [[ $remedy =~ $named ]]; " \
	"sed -i 's/^id = .*/id = \"other\";/' \"${BASH_REMATCH[1]}\"; eval \"${BASH_REMATCH[2]}\""

static const struct expected_finding contested = { "controller", "problem",
	{ "two programs have the client id chaird-bench at the broker and disconnect each other" },
	{ "give one of the two chairs another id in its chair file (here: id in ",
		"then, there: sudo systemctl restart chairguard chaird" } };

static const struct expected_finding unproven = { "controller", "problem",
	{ "is not proven released" }, { "chairctl stop, which releases" } };

// The other chair: chaird-bench too, elsewhere and without a guard.
static struct process *start_first(struct rig *rig)
{
	struct process *first;

	run_bash(rig,
		"mkdir \"$folder/first\"; sed -i 's,guard[.]sock,first/guard.sock,; "
		"/^state_dir/s,\";,/first\";,' \"$folder/chaird.cfg\"");
	rig_start_chaird(rig);
	assert_true(process_logged(rig->chaird, "connected to", SOON_MS));
	first = rig->chaird;
	rig->chaird = NULL;
	rig_settings(rig);
	return first;
}

// A chair file that can be edited, and chairctl with the rig's settings.
static void make_files(struct rig *rig)
{
	const char *build = getenv("CHAIRD_BUILD");
	char path[200], text[5000], program[4096];

	snprintf(text, sizeof(text), "cp '%s' \"$folder/chair.cfg\"", rig->chair_file);
	run_bash(rig, text);
	snprintf(rig->chair_file, sizeof(rig->chair_file), "%s/chair.cfg", rig->dir);
	rig_settings(rig);
	snprintf(path, sizeof(path), "%s/chairctl", build ? build : "build/default");
	assert_non_null(realpath(path, program));
	snprintf(text, sizeof(text), "#!/bin/sh\nexec '%s' \"$@\" --config=%s/chaird.cfg\n",
		program, rig->dir);
	write_command(rig, "bin/chairctl", text);
}

static void restart_as_other(struct rig *rig)
{
	assert_true(restart_was_requested(rig));
	rig_start_guard(rig, NULL);
	rig_start_chaird(rig);
	snprintf(rig->chair, sizeof(rig->chair), "other");
	rig_expect(rig, 0, "availability", "online", SOON_MS);
	rig_expect(rig, 0, "state", "\"guard\":true", SOON_MS);
}

static void the_remedy_of_a_client_id_mends(void **state)
{
	struct rig *rig = *state;
	struct process *first;
	json_t *report;

	rig_start_broker(rig);
	make_commands(rig);
	make_files(rig);
	first = start_first(rig);
	rig_start_guard(rig, NULL);
	rig_start_chaird(rig);
	rig->client = client_new(rig->port);
	rig_expect(rig, 0, "alert/client-id", "the client id chaird-bench", SOON_MS);

	report = remedy_report(rig);
	remedy_follow(rig, "client id", SET_ID, remedy_expect(report, "client id", &contested));
	json_decref(report);
	restart_as_other(rig);
	report = remedy_report(rig); // of a chair that has just been started
	remedy_follow(rig, "client id", "eval \"${remedy%%,*}\"",
		remedy_expect(report, "client id", &unproven));
	json_decref(report);
	rig_expect(rig, 0, "state", "\"pressed\":[]", SOON_MS);
	report = remedy_report(rig);
	remedy_expect_ok(report, "client id", "controller");
	json_decref(report);
	process_free(first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(remedies_of_tls_mend),
		cmocka_unit_test_setup_teardown(the_remedy_of_a_password_mends, shipped_set_up,
			shipped_tear_down),
		cmocka_unit_test_setup_teardown(the_remedy_of_a_client_id_mends, rig_setup_bare,
			rig_teardown),
	};

	return cmocka_run_group_tests_name("doctor mends", tests, NULL, NULL);
}
