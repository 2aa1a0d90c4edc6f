// SPDX-License-Identifier: MIT
//
// Why there is no connection to the broker: the same cause in chaird's log, from chairctl and from
// the doctor, whose remedy mends it.
#include <arpa/inet.h>
#include <jansson.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "rig.h"

#define NO_CA    "tls = true;"
#define CA       "tls = true; ca_file = \"%1$s/ca.crt\";"
#define CLIENT   CA " cert_file = \"%1$s/chair.crt\"; key_file = \"%1$s/chair.key\";"
#define HAS_CERT "require_certificate true\n"

// A broker and settings that do not fit each other, what is reported, and what mends it.
struct mistake {
	const char *certificate; // of the broker; NULL: no TLS
	const char *broker;      // more of its configuration
	const char *host, *settings;
	const char *cause, *remedy;
	const char *right_host, *right_settings; // after the remedy; NULL: the broker is at fault
};

static const struct mistake mistakes[] = {
	{ "expired", "", "localhost", CA, "the broker's certificate has expired on 2020-02-01",
		"make it a new certificate by ", NULL, NULL },
	{ "early", "", "localhost", CA, "the broker's certificate is not valid before 2044-01-01",
		"is the clock set?", NULL, NULL },
	{ "named", "", "localhost", CA,
		"is for other.example, b.example, 10.0.0.7, not for the name localhost",
		"set host to one of these", NULL, NULL },
	{ "good", "", "127.0.0.1", CA, "is for localhost, not for the address 127.0.0.1",
		"set host to one of these", "localhost", CA },
	{ "address", "", "localhost", CA, "is for 127.0.0.1, not for the name localhost",
		"set host to one of these", "127.0.0.1", CA },
	{ "self", "", "localhost", CA,
		"is signed by itself (\"localhost\"), and is not in %s/ca.crt",
		"set ca_file to the certificate of the broker", "localhost",
		"tls = true; ca_file = \"%1$s/self.crt\";" },
	{ "good", "", "localhost", "tls = true; ca_file = \"%1$s/other-ca.crt\";",
		"is signed by \"Test Authority\", which is not in %s/other-ca.crt",
		"set ca_file to the certificate of the authority", "localhost", CA },
	{ "good", "", "localhost", NO_CA,
		"is signed by \"Test Authority\", which is not in /etc/ssl/certs, where TLS looks "
		"without ca_file",
		"set ca_file to the certificate of the authority", "localhost", CA },
	{ "good", "", "localhost", "tls = true; ca_file = \"%1$s/ca.key\";",
		"ca_file: %s/ca.key: must be a CERTIFICATE, and is a PRIVATE KEY",
		"begins with -----BEGIN CERTIFICATE-----", "localhost", CA },
	{ "good", "", "localhost", "tls = true; ca_file = \"%1$s/binary.crt\";",
		"ca_file: %s/binary.crt: must be a CERTIFICATE, and is not in PEM form",
		"begins with -----BEGIN CERTIFICATE-----", "localhost", CA },
	{ "good", "", "localhost", "tls = true; ca_file = \"%1$s/nothing.crt\";",
		"ca_file: %s/nothing.crt: No such file or directory", "correct the path in ca_file",
		"localhost", CA },
	{ "good", "", "localhost", "tls = true; ca_file = \"%1$s\";", "ca_file: %s: Is a directory",
		"correct the path in ca_file", "localhost", CA },
	{ "good", HAS_CERT, "localhost",
		CA " cert_file = \"%1$s/chair.crt\"; key_file = \"%1$s/good.key\";",
		"key_file: %s/good.key: is not the key of the certificate in cert_file "
		"%s/chair.crt",
		"set key_file to the key", "localhost", CLIENT },
	{ "good", HAS_CERT, "localhost",
		CA " cert_file = \"%1$s/chair.crt\"; key_file = \"%1$s/locked.key\";",
		"key_file: %s/locked.key: is encrypted", "openssl pkey -in %s/locked.key -out NEW",
		"localhost", CLIENT },
	{ "good", HAS_CERT, "localhost",
		CA " cert_file = \"%1$s/chair.key\"; key_file = \"%1$s/chair.crt\";",
		"cert_file: %s/chair.key: must be a CERTIFICATE, and is a PRIVATE KEY",
		"set cert_file to a PEM file", "localhost", CLIENT },
	{ "good", HAS_CERT, "localhost",
		CA " cert_file = \"%1$s/chair.crt\"; key_file = \"%1$s/none.key\";",
		"key_file: %s/none.key: No such file or directory", "correct the path in key_file",
		"localhost", CLIENT },
	// The broker's alert, or the closed connection, whichever comes first.
	{ "good", HAS_CERT, "localhost", CA, " TLS", "set cert_file and key_file", "localhost",
		CLIENT },
	{ "good", HAS_CERT, "localhost",
		CA " cert_file = \"%1$s/self.crt\"; key_file = \"%1$s/self.key\";", " TLS",
		"is cert_file signed by an authority that the broker trusts", "localhost", CLIENT },
	{ "good", "", "localhost", "", "the broker closes the connection without an answer",
		"tls = true", "localhost", CA },
	{ NULL, "", "localhost", CA, "the broker closes the connection before TLS begins",
		"tls = false", "localhost", "" },
	{ NULL, "", "nowhere.invalid", "", "the address of \"nowhere.invalid\" is not known", "",
		"localhost", "" },
	{ NULL, "allow_anonymous false\n", "localhost", "",
		"the broker refuses this client: Not authorized", "", NULL, NULL },
};

static void write_file(const struct rig *rig, const char *name, const char *text)
{
	char path[200];
	FILE *file = fopen(rig_path(rig, name, path), "we");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

// Paths of the folder in place of %s.
static const char *fill(const struct rig *rig, const char *format, char text[1000])
{
	char *to = text;

	for (; *format; format++) {
		if (strncmp(format, "%s", 2) == 0)
			to += sprintf(to, "%s", rig->dir), format++;
		else if (strncmp(format, "%1$s", 4) == 0)
			to += sprintf(to, "%s", rig->dir), format += 3;
		else
			*to++ = *format;
	}
	*to = '\0';
	return text;
}

static void write_settings(const struct rig *rig, const char *name, const char *host,
	const char *more)
{
	char text[2000], filled[1000];

	snprintf(text, sizeof(text),
		"chair_file = \"%s\";\nprofiles_dir = \"%s/profiles\";\n"
		"guard_socket = \"%s/guard.sock\";\n"
		"broker = { host = \"%s\"; port = %d; %s };\n",
		rig->chair_file, rig->dir, rig->dir, host, rig->port, fill(rig, more, filled));
	write_file(rig, name, text);
}

static void start_broker(struct rig *rig, const char *certificate, const char *more)
{
	char path[200], text[1000], tls[700] = "";
	const char *const argv[] = { "mosquitto", "-c", rig_path(rig, "tls.conf", path), NULL };

	if (certificate)
		snprintf(tls, sizeof(tls),
			"cafile %s/ca.crt\ncertfile %s/%s.crt\nkeyfile %s/%s.key\n", rig->dir,
			rig->dir, certificate, rig->dir, certificate);
	rig->port = rig_free_port();
	snprintf(text, sizeof(text),
		"%slistener %d 127.0.0.1\nlog_dest stderr\nuser root\npersistence false\n%s%s",
		strstr(more, "anonymous") ? "" : "allow_anonymous true\n", rig->port, tls, more);
	write_file(rig, "tls.conf", text);
	process_free(rig->broker);
	rig->broker = process_start(argv, NULL);
	assert_true(process_logged(rig->broker, " running", SOON_MS));
}

static char *run(const struct rig *rig, const char *subcommand, const char *option, int *ret_code)
{
	const char *build = getenv("CHAIRD_BUILD");
	char program[400], config[200], chair[200], root[100];
	const char *const argv[] = { program, subcommand, config, option, chair, root, NULL };
	struct process *process;
	char *output;

	snprintf(program, sizeof(program), "%s/chairctl", build ? build : "build/default");
	snprintf(config, sizeof(config), "--config=%s/chaird.cfg", rig->dir);
	snprintf(chair, sizeof(chair), "--chair=%s", rig->chair_file);
	snprintf(root, sizeof(root), strcmp(subcommand, "doctor") ? "--timeout=60" : "--root=%s",
		rig->dir);
	process = process_start(argv, NULL);
	*ret_code = WEXITSTATUS(process_wait(process, SOON_MS));
	process_logged(process, "all of it", SOON_MS); // its end
	output = process_output(process);
	process_free(process);
	return output;
}

// The doctor's finding about the broker.
static void examine(const struct rig *rig, const char *result, const char *text, const char *remedy)
{
	int code;
	char *output = run(rig, "doctor", "--json", &code);
	json_t *json = json_loads(output, 0, NULL), *finding;
	size_t i;

	assert_non_null(json);
	json_array_foreach(json_object_get(json, "findings"), i, finding)
	{
		const char *found_result, *found_text, *found_remedy = "";

		if (strcmp(json_string_value(json_object_get(finding, "check")), "broker") != 0)
			continue;
		json_unpack(finding, "{s:s, s:s, s?s}", "result", &found_result, "text",
			&found_text, "remedy", &found_remedy);
		if (strcmp(found_result, result) != 0 || !strstr(found_text, text) ||
			!strstr(found_remedy, remedy))
			fail_msg("%s: %s -> %s; not %s: %s -> %s", found_result, found_text,
				found_remedy, result, text, remedy);
	}
	json_decref(json);
	free(output);
}

static void expect_output(const char *output, const char *text)
{
	if (!strstr(output, text))
		fail_msg("no \"%s\" in: %s", text, output);
}

static void find(struct rig *rig, const struct mistake *mistake)
{
	char cause[1000], remedy[1000], *output;
	int code;

	fill(rig, mistake->cause, cause);
	fill(rig, mistake->remedy, remedy);
	rig_start_chaird(rig);
	if (!process_logged(rig->chaird, cause, SOON_MS)) {
		output = process_output(rig->chaird);
		fail_msg("chaird: no \"%s\" in: %s", cause, output);
	}
	output = process_output(rig->chaird);
	expect_output(output, remedy);
	free(output);
	output = run(rig, "status", "--id=bench", &code);
	assert_int_not_equal(code, 0);
	expect_output(output, cause);
	expect_output(output, remedy);
	assert_null(strstr(output, "is mosquitto running"));
	free(output);
}

static void make_certificates(struct rig *rig)
{
	char script[4096], command[4200];
	const char *const argv[] = { "bash", "-c", command, NULL };

	assert_non_null(realpath("tests/system/make-certificates", script));
	snprintf(command, sizeof(command), "cd %s && %s", rig->dir, script);
	struct process *process = process_start(argv, NULL);

	assert_int_equal(process_wait(process, SOON_MS), 0);
	process_free(process);
}

static int set_up(void **state)
{
	rig_setup_bare(state);
	make_certificates(*state);
	return 0;
}

static void each_mistake_is_named_and_mended(void **state)
{
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		const struct mistake *mistake = &mistakes[i];

		start_broker(rig, mistake->certificate, mistake->broker);
		write_settings(rig, "chaird.cfg", mistake->host, mistake->settings);
		find(rig, mistake);
		if (!mistake->right_settings)
			continue;
		write_settings(rig, "chaird.cfg", mistake->right_host, mistake->right_settings);
		rig_start_chaird(rig);
		assert_true(process_logged(rig->chaird, "connected to", SOON_MS));
		examine(rig, "ok", "answers", "");
	}
}

static void the_doctor_finds_each_mistake(void **state)
{
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		const struct mistake *mistake = &mistakes[i];
		bool other_port = strstr(mistake->cause, "closes the connection") != NULL;
		char cause[1000], remedy[1000];

		start_broker(rig, mistake->certificate, mistake->broker);
		write_settings(rig, "chaird.cfg", mistake->host, mistake->settings);
		examine(rig, "problem",
			!other_port                    ? fill(rig, mistake->cause, cause)
				: mistake->certificate ? "this port is for TLS"
						       : "this port is without TLS",
			fill(rig, mistake->remedy, remedy));
	}
}

// --- a cause that changes -----------------------------------------------------------------------

static int listen_on(struct rig *rig)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(fd >= 0 && bind(fd, (struct sockaddr *)&address, size) == 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
	assert_int_equal(listen(fd, 1), 0);
	rig->port = ntohs(address.sin_port);
	return fd;
}

// Let one client come, read what it sends first, answer, and close when it does.
static void serve(int listen_fd, const void *answer, size_t size)
{
	struct pollfd waiting = { .fd = listen_fd, .events = POLLIN };
	char bytes[1000];

	assert_int_equal(poll(&waiting, 1, SOON_MS), 1);
	int fd = accept(listen_fd, NULL, NULL);

	assert_true(fd >= 0);
	assert_true(read(fd, bytes, sizeof(bytes)) > 0);
	if (size) {
		assert_int_equal(send(fd, answer, size, MSG_NOSIGNAL), size);
		while (read(fd, bytes, sizeof(bytes)) > 0)
			;
	}
	close(fd);
}

static int count(struct process *process, const char *text)
{
	char *output = process_output(process);
	int n = 0;

	for (const char *at = output; (at = strstr(at, text)); at++)
		n++;
	free(output);
	return n;
}

static void a_cause_is_logged_when_it_changes(void **state)
{
	static const char silent[] = "closes the connection without an answer";
	static const unsigned char refused[] = { 0x20, 3, 0, 0x87, 0 }, // CONNACK
		banned[] = { 0x20, 15, 0, 0x8a, 12, 0x1f, 0, 9, 's', 'e', 'e', ' ', 'a', 'd', 'm',
			'i', 'n' }; // with a reason string
	struct rig *rig = *state;
	int fd = listen_on(rig);

	write_settings(rig, "chaird.cfg", "127.0.0.1", "");
	rig_start_chaird(rig);
	for (int i = 0; i < 3; i++)
		serve(fd, NULL, 0);
	serve(fd, refused, sizeof(refused));
	assert_int_equal(count(rig->chaird, silent), 1);
	assert_true(process_logged(rig->chaird,
		"the broker refuses this client: Not authorized (set username and "
		"password_file); trying again",
		SOON_MS));
	serve(fd, refused, sizeof(refused));
	serve(fd, banned, sizeof(banned));
	assert_true(process_logged(rig->chaird,
		"the broker refuses this client: Banned (see admin); trying again", SOON_MS));
	assert_int_equal(count(rig->chaird, "Not authorized"), 1);
	close(fd);
	assert_true(process_logged(rig->chaird,
		"Connection refused (nothing listens there: is mosquitto running", SOON_MS));
}

static void what_answers_without_tls_is_named(void **state)
{
	static const char answer[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
	struct rig *rig = *state;
	int fd = listen_on(rig);

	write_settings(rig, "chaird.cfg", "127.0.0.1", CA);
	rig_start_chaird(rig);
	serve(fd, answer, strlen(answer));
	assert_true(process_logged(rig->chaird, "the answer from there is not TLS (is ", SOON_MS));
	close(fd);
}

// --- one client id for two ----------------------------------------------------------------------

static void two_with_one_client_id_are_named(void **state)
{
	struct rig *rig = *state;
	struct process *other;
	int code;
	char *output;

	start_broker(rig, NULL, "");
	write_settings(rig, "chaird.cfg", "127.0.0.1", "");
	rig_start_chaird(rig);
	assert_true(process_logged(rig->chaird, "connected to", SOON_MS));
	other = rig->chaird;
	rig->chaird = NULL;
	rig_start_chaird(rig);
	assert_true(process_logged(rig->chaird,
		"another client uses the client id chaird-bench, and each disconnects the other "
		"(give each chair an id of its own",
		SOON_MS));
	rig->client = client_new(rig->port);
	rig_expect(rig, 0, "alert/client-id", "the client id chaird-bench", SOON_MS);
	output = run(rig, "doctor", "--json", &code);
	expect_output(output, "two programs have the client id chaird-bench at the broker");
	free(output);
	process_free(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_mistake_is_named_and_mended, set_up,
			rig_teardown),
		cmocka_unit_test_setup_teardown(the_doctor_finds_each_mistake, set_up,
			rig_teardown),
		cmocka_unit_test_setup_teardown(a_cause_is_logged_when_it_changes, rig_setup_bare,
			rig_teardown),
		cmocka_unit_test_setup_teardown(what_answers_without_tls_is_named, set_up,
			rig_teardown),
		cmocka_unit_test_setup_teardown(two_with_one_client_id_are_named, rig_setup_bare,
			rig_teardown),
	};

	return cmocka_run_group_tests_name("tls", tests, NULL, NULL);
}
