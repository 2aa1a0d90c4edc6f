// SPDX-License-Identifier: MIT
#include "rig.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ftw.h>
#include <math.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <cmocka.h>

#define BROKER_TRIES   5
#define GRACE_S        60 // so that a slow broker ends no session of another test
#define SHIPPED_CHAIRS "profiles/chairs"

// --- files ------------------------------------------------------------------------------------

const char *rig_path(const struct rig *rig, const char *name, char buf[200])
{
	snprintf(buf, 200, "%s/%s", rig->dir, name);
	return buf;
}

const char *rig_topic(const struct rig *rig, const char *topic, char buf[100])
{
	snprintf(buf, 100, "chair/%s/%s", rig->chair, topic);
	return buf;
}

char *rig_read(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;

	assert_non_null(file);
	assert_true(getdelim(&text, &size, '\0', file) > 0);
	fclose(file);
	return text;
}

void rig_write(const struct rig *rig, const char *name, const char *text)
{
	char path[200];
	FILE *file = fopen(rig_path(rig, name, path), "we");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

// The shipped atlas and pathways, with sessions short enough for a test.
static void make_profiles(const struct rig *rig)
{
	static const char *const links[][2] = {
		{ "profiles/atlas", "profiles/atlas" },
		{ "profiles/pathways", "profiles/pathways" },
		{ "tests/scenario/profiles/short.cfg", "profiles/sessions/short.cfg" },
		{ "tests/scenario/profiles/cells.cfg", "profiles/sessions/cells.cfg" },
		{ "tests/scenario/profiles/eased.cfg", "profiles/sessions/eased.cfg" },
		{ "tests/system/profiles/press.cfg", "profiles/sessions/press.cfg" },
	};
	char path[200], target[4096];

	assert_int_equal(mkdir(rig_path(rig, "profiles", path), 0755), 0);
	assert_int_equal(mkdir(rig_path(rig, "profiles/sessions", path), 0755), 0);
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		assert_non_null(realpath(links[i][0], target));
		assert_int_equal(symlink(target, rig_path(rig, links[i][1], path)), 0);
	}
}

// Two people by name.
static const char persons[] =
	"persons = (\n"
	"  { name = \"anna\"; height_cm = 164.0; ceiling_intensity = 60.0;\n"
	"    closed = ( { points = [ \"gastrocnemius.left\" ]; reason = \"a wound\"; },\n"
	"      { regions = [ \"upper_back\" ]; reason = \"a disc\"; } ); },\n"
	"  { name = \"ben\"; height_cm = 188.0; }\n"
	");\n";

void rig_settings(const struct rig *rig)
{
	char text[1200];

	snprintf(text, sizeof(text),
		"chair_file = \"%s\";\nprofiles_dir = \"%s/profiles\";\n"
		"persons_file = \"%s/persons.cfg\";\n"
		"guard_socket = \"%s/guard.sock\";\nstate_dir = \"%s\";\ntelemetry_hz = 5;\n"
		"broker = { host = \"127.0.0.1\"; port = %d; grace_s = %d; };\n"
		"dose = { %s };\n%s",
		rig->chair_file, rig->dir, rig->dir, rig->dir, rig->dir, rig->port, rig->grace_s,
		rig->dose ? rig->dose : "limits = \"off\";",
		rig->more_settings ? rig->more_settings : "");
	rig_write(rig, "chaird.cfg", text);
	rig_write(rig, "persons.cfg", persons);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *where)
{
	(void)status;
	(void)type;
	(void)where;
	return remove(path);
}

// --- parts ------------------------------------------------------------------------------------

int rig_free_port(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(fd >= 0 && bind(fd, (struct sockaddr *)&address, size) == 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
	close(fd);
	return ntohs(address.sin_port);
}

// If another program takes the port between its choice and its use, the broker ends: choose
// another.
void rig_start_broker(struct rig *rig)
{
	char path[200], text[400];
	const char *const argv[] = { "mosquitto", "-c", rig_path(rig, "mosquitto.conf", path),
		NULL };

	for (int i = 0; i < BROKER_TRIES; i++) {
		if (!rig->port)
			rig->port = rig_free_port();
		snprintf(text, sizeof(text),
			"listener %d 127.0.0.1\nallow_anonymous true\n"
			"persistence false\nset_tcp_nodelay true\nlog_dest stderr\nuser root\n"
			"max_queued_messages 0\nlog_type error\nlog_type warning\n"
			"log_type notice\nlog_type information\nlog_type subscribe\n",
			rig->port);
		rig_write(rig, "mosquitto.conf", text);
		process_free(rig->broker);
		rig->broker = process_start(argv, NULL);
		if (process_logged(rig->broker, " running", SOON_MS)) {
			rig_settings(rig);
			return;
		}
		rig->port = 0;
	}
	fail_msg("no broker could be started");
}

static const char *program(const char *name, char buf[400])
{
	const char *build = getenv("CHAIRD_BUILD");

	snprintf(buf, 400, "%s/%s", build ? build : "build/default", name);
	return buf;
}

// A socket of our own that the guard's clock can answer.
static void open_clock(struct rig *rig)
{
	struct sockaddr_un own = { .sun_family = AF_UNIX }, guard = { .sun_family = AF_UNIX };
	struct timeval bound = { .tv_sec = SOON_MS / 1000 };

	if (rig->clock_fd >= 0)
		close(rig->clock_fd);
	snprintf(own.sun_path, sizeof(own.sun_path), "%s/clock.sock", rig->dir);
	snprintf(guard.sun_path, sizeof(guard.sun_path), "%s/sim.sock", rig->dir);
	unlink(own.sun_path);
	rig->clock_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_true(rig->clock_fd >= 0);
	assert_int_equal(setsockopt(rig->clock_fd, SOL_SOCKET, SO_RCVTIMEO, &bound, sizeof(bound)),
		0);
	assert_int_equal(bind(rig->clock_fd, (struct sockaddr *)&own, sizeof(own)), 0);
	assert_int_equal(connect(rig->clock_fd, (struct sockaddr *)&guard, sizeof(guard)), 0);
}

void rig_start_guard(struct rig *rig, const char *more)
{
	char path[400], chair[200], socket[200], control[200], trace[200];
	const char *argv[] = { program("chairguard", path), "--backend=sim", chair, socket, control,
		trace, "--speed=max", "--seed=1", more, NULL };

	snprintf(chair, sizeof(chair), "--chair=%s", rig->chair_file);
	snprintf(socket, sizeof(socket), "--socket=%s/guard.sock", rig->dir);
	snprintf(control, sizeof(control), "--sim-control=%s/sim.sock", rig->dir);
	snprintf(trace, sizeof(trace), "--trace=%s/pins", rig->dir);
	process_free(rig->guard);
	rig->guard = process_start(argv, NULL);
	assert_true(process_logged(rig->guard, "guard.sock", SOON_MS));
	open_clock(rig);
}

void rig_start_chaird(struct rig *rig)
{
	char path[400], config[200];
	const char *argv[] = { program("chaird", path), config, NULL };

	snprintf(config, sizeof(config), "--config=%s/chaird.cfg", rig->dir);
	process_free(rig->chaird);
	rig->chaird = process_start(argv, NULL);
}

void rig_restart_chaird(struct rig *rig, int signal)
{
	size_t mark = client_mark(rig->client);

	process_signal(rig->chaird, signal);
	process_wait(rig->chaird, SOON_MS);
	rig_expect(rig, mark, "availability", "offline", SOON_MS);
	mark = client_mark(rig->client);
	rig_start_chaird(rig);
	rig_expect(rig, mark, "availability", "online", SOON_MS);
	rig_expect(rig, mark, "state", "\"guard\":true", SOON_MS);
}

void rig_preload(const char *name)
{
	char file[100], path[400];

	if (!*name) {
		unsetenv("LD_PRELOAD");
		return;
	}
	snprintf(file, sizeof(file), "tests/system/preload/%s.so", name);
	setenv("ASAN_OPTIONS", "verify_asan_link_order=0", 1); // it is loaded before the sanitizer
	setenv("LD_PRELOAD", program(file, path), 1);
}

void rig_listen(struct rig *rig)
{
	rig->client = client_new(rig->port);
	rig_expect(rig, 0, "availability", "online", SOON_MS);
	rig_expect(rig, 0, "state", "\"guard\":true", SOON_MS);
}

// --- setup and teardown -----------------------------------------------------------------------

static struct rig *make_rig(void **state, const char *folder, const char *chair)
{
	struct rig *rig = calloc(1, sizeof(*rig));
	char here[100];

	assert_non_null(rig);
	*state = rig;
	snprintf(rig->dir, sizeof(rig->dir), "/tmp/chaird-system.XXXXXX");
	assert_non_null(mkdtemp(rig->dir));
	assert_non_null(getcwd(here, sizeof(here)));
	snprintf(rig->chair, sizeof(rig->chair), "%s", chair);
	snprintf(rig->chair_file, sizeof(rig->chair_file), "%s/%s/%s.cfg", here, folder, chair);
	rig->grace_s = GRACE_S;
	rig->clock_fd = -1;
	make_profiles(rig);
	return rig;
}

static int start_all(struct rig *rig)
{
	rig_start_broker(rig);
	rig_start_guard(rig, NULL);
	rig_start_chaird(rig);
	rig_listen(rig);
	return 0;
}

int rig_setup_bench(void **state)
{
	return start_all(make_rig(state, SHIPPED_CHAIRS, "bench"));
}

int rig_setup_recliner(void **state)
{
	return start_all(make_rig(state, SHIPPED_CHAIRS, "recliner"));
}

int rig_setup_bare(void **state)
{
	make_rig(state, SHIPPED_CHAIRS, "bench");
	return 0;
}

int rig_setup_bare_recliner(void **state)
{
	make_rig(state, SHIPPED_CHAIRS, "recliner");
	return 0;
}

int rig_setup_bare_chair(void **state, const char *id)
{
	make_rig(state, "tests/scenario/chairs", id);
	return 0;
}

static void show_output(const char *name, struct process *process)
{
	char *output = process ? process_output(process) : NULL;

	if (output)
		fprintf(stderr, "--- output of %s:\n%s", name, output);
	free(output);
}

static void show_outputs(const struct rig *rig)
{
	show_output("chaird", rig->chaird);
	show_output("chairguard", rig->guard);
	show_output("the broker", rig->broker);
	fputs("--- last messages:\n", stderr);
	if (rig->client)
		client_show(rig->client, 12);
}

int rig_teardown(void **state)
{
	struct rig *rig = *state;

	if (getenv("CHAIRD_TEST_VERBOSE"))
		show_outputs(rig);
	client_free(rig->client);
	process_free(rig->chaird);
	process_free(rig->guard);
	process_free(rig->broker);
	pins_free(rig->pins);
	if (rig->clock_fd >= 0)
		close(rig->clock_fd);
	if (!getenv("CHAIRD_TEST_KEEP"))
		nftw(rig->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(rig);
	return 0;
}

// --- actions of tests -------------------------------------------------------------------------

void rig_publish(struct rig *rig, const char *topic, const char *text)
{
	char buf[100];

	client_publish_text(rig->client, rig_topic(rig, topic, buf), text);
}

const struct received *rig_expect(struct rig *rig, size_t mark, const char *topic, const char *text,
	int timeout_ms)
{
	char buf[100];
	const struct received *received = client_wait(rig->client, mark, rig_topic(rig, topic, buf),
		text, timeout_ms);

	if (!received) {
		const struct received *last = client_last(rig->client, buf);

		show_outputs(rig);
		fail_msg("no %s on %s within %d ms; the last there: %s", text ? text : "message",
			buf, timeout_ms, last ? last->payload : "none");
	}
	return received;
}

void rig_refute(struct rig *rig, size_t mark, const char *topic, const char *text)
{
	char buf[100];
	const struct received *received = client_find(rig->client, mark, rig_topic(rig, topic, buf),
		text);

	if (received)
		fail_msg("%s: %s", buf, received->payload);
}

static void send_to_guard(struct rig *rig, const char *text)
{
	assert_int_equal(send(rig->clock_fd, text, strlen(text), 0), strlen(text));
}

static void hear_guard(struct rig *rig, char *text, size_t size)
{
	ssize_t n = recv(rig->clock_fd, text, size - 1, 0);

	if (n < 0) {
		show_outputs(rig);
		fail_msg("the guard's clock does not answer");
	}
	text[n] = '\0';
}

void rig_happen(struct rig *rig, const char *spec)
{
	char answer[300];

	send_to_guard(rig, spec);
	hear_guard(rig, answer, sizeof(answer));
	assert_string_equal(answer, "ok");
}

void rig_will_halt(struct rig *rig, const char *until)
{
	send_to_guard(rig, until);
}

int64_t rig_halted(struct rig *rig)
{
	char answer[300];
	double t_s;

	hear_guard(rig, answer, sizeof(answer));
	if (sscanf(answer, "halted %lf", &t_s) != 1)
		fail_msg("the guard's clock answers \"%s\"", answer);
	return llround(t_s * 1e6);
}

int64_t rig_pass(struct rig *rig, const char *until)
{
	rig_will_halt(rig, until);
	return rig_halted(rig);
}

void rig_go(struct rig *rig)
{
	rig_happen(rig, "go");
}

size_t rig_hold(struct rig *rig, const char *profile, int64_t *ret_now_us)
{
	size_t mark = client_mark(rig->client);
	int64_t now_us;
	char text[100];

	rig_will_halt(rig, "halt:hold");
	snprintf(text, sizeof(text), "{\"id\":\"hold-%zu\",\"args\":{\"profile\":\"%s\"}}", mark,
		profile);
	rig_publish(rig, "request/start", text);
	rig_expect(rig, mark, "response/start", "\"ok\":true", SOON_MS);
	now_us = rig_halted(rig);
	rig_expect(rig, mark, "state", "\"phase\":\"hold\"", SOON_MS);
	if (ret_now_us)
		*ret_now_us = now_us;
	return mark;
}

const struct pins *rig_pins(struct rig *rig)
{
	char path[200];

	pins_free(rig->pins);
	rig->pins = pins_read(rig_path(rig, "pins", path));
	return rig->pins;
}

void rig_expect_safe(struct rig *rig, int64_t from_us, int within_ms)
{
	char until[40];
	int64_t safe_us;

	snprintf(until, sizeof(until), "halt@%.6f", (double)from_us / 1e6 + within_ms / 1e3 + 1);
	rig_pass(rig, until);
	safe_us = pins_safe_since(rig_pins(rig), from_us);
	if (safe_us < 0)
		fail_msg("something is still on");
	assert_in_range(safe_us - from_us, 0, within_ms * INT64_C(1000));
	rig_go(rig);
}

void rig_expect_nothing_on(struct rig *rig)
{
	int64_t now_us;

	rig_pass(rig, "halt+60");
	now_us = rig_pass(rig, "halt");
	assert_int_equal(pins_safe_since(rig_pins(rig), now_us), now_us);
	rig_go(rig);
}
