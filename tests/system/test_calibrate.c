// SPDX-License-Identifier: MIT
//
// chairctl calibrate on a simulated chair: the table is the chair's own again, only its lines of
// the chair file change, and every abort releases and changes nothing.
//
// The heartbeat is in real time: the chair's time passes only twenty times as fast here.
#include "rig.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "config/library.h"

#define SPEED     "--speed=20"
#define ACTUATOR  "depth"
#define TYPING_MS 200
#define FILE_SIZE 20000

static void start(struct rig *rig)
{
	rig_start_broker(rig);
	rig_start_guard(rig, SPEED);
	rig_start_chaird(rig);
	rig_listen(rig);
}

static void read_file(const char *path, char text[FILE_SIZE])
{
	FILE *file = fopen(path, "re");
	size_t n;

	assert_non_null(file);
	n = fread(text, 1, FILE_SIZE - 1, file);
	text[n] = '\0';
	fclose(file);
}

// A chair file of its own beside the shipped one that the daemons use, and a copy of it. Its
// release has time for every table that a measurement may give.
static const char *own_chair(const struct rig *rig, char path[200])
{
	static const char *retract = "\"retract\"; max_s = ";
	char text[FILE_SIZE], *digit;

	read_file("profiles/chairs/recliner.cfg", text);
	digit = strstr(text, retract);
	assert_non_null(digit);
	digit[strlen(retract)] = '9';
	rig_write(rig, "was.cfg", text);
	rig_write(rig, "mine.cfg", text);
	return rig_path(rig, "mine.cfg", path);
}

static void read_own(const struct rig *rig, const char *name, char text[FILE_SIZE])
{
	char path[200];

	read_file(rig_path(rig, name, path), text);
}

// --- at a terminal ----------------------------------------------------------------------------

struct bench {
	struct rig *rig;
	pid_t pid;
	int fd;
	char text[200000]; // that it printed
	size_t used;
};

static void begin(struct bench *bench, const char *more)
{
	const char *build = getenv("CHAIRD_BUILD");
	char program[400], config[200], chair[220], path[200];
	const struct winsize size = { .ws_col = 120, .ws_row = 25 };

	snprintf(program, sizeof(program), "%s/chairctl", build ? build : "build/default");
	snprintf(config, sizeof(config), "--config=%s/chaird.cfg", bench->rig->dir);
	snprintf(chair, sizeof(chair), "--chair=%s", own_chair(bench->rig, path));
	bench->pid = forkpty(&bench->fd, NULL, NULL, &size);
	assert_true(bench->pid >= 0);
	if (bench->pid == 0) {
		setenv("TERM", "vt100", 1);
		execl(program, program, "calibrate", config, chair, "--timeout=60", "--up-to=300",
			ACTUATOR, more, NULL);
		_exit(127);
	}
	fcntl(bench->fd, F_SETFL, O_NONBLOCK);
}

// Read for a moment. False at its end.
static bool listen_to(struct bench *bench)
{
	ssize_t n;

	// Any message, or the moment.
	client_wait(bench->rig->client, client_mark(bench->rig->client), "", NULL, TYPING_MS);
	do {
		n = read(bench->fd, bench->text + bench->used,
			sizeof(bench->text) - bench->used - 1);
		bench->used += n > 0 ? (size_t)n : 0;
	} while (n > 0);
	bench->text[bench->used] = '\0';
	return n < 0 && errno == EAGAIN;
}

static int code_of(struct bench *bench)
{
	int status;

	close(bench->fd);
	assert_int_equal(waitpid(bench->pid, &status, 0), bench->pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

// Whether it asks now: its last line is a question without an answer.
static bool asks(const struct bench *bench)
{
	const char *question = "newtons on the gauge? ";
	size_t length = strlen(question);

	return bench->used >= length && !strcmp(bench->text + bench->used - length, question);
}

// The gauge: the simulated sensor, which reads the model's force and its noise.
static double gauge_n(struct rig *rig)
{
	char topic[100];
	const struct received *message = client_last(rig->client,
		rig_topic(rig, "telemetry", topic));
	json_t *root = message ? json_loads(message->payload, 0, NULL) : NULL;
	double force_n = NAN;

	json_unpack(root, "{s:{s:{s:F}}}", "actuators", ACTUATOR, "force_n", &force_n);
	json_decref(root);
	return force_n;
}

// Answer every question, as a technician reads the gauge.
static int answer_all(struct bench *bench)
{
	char number[20];

	while (listen_to(bench)) {
		if (!asks(bench) || isnan(gauge_n(bench->rig)))
			continue;
		snprintf(number, sizeof(number), "%.1f\n", fabs(gauge_n(bench->rig)));
		assert_int_equal(write(bench->fd, number, strlen(number)), strlen(number));
	}
	return code_of(bench);
}

// --- the file ---------------------------------------------------------------------------------

static void expect_table(const struct rig *rig)
{
	struct problems problems = { 0 };
	struct chair chair, was;
	char path[200];
	int actuator;

	assert_int_equal(chair_load(rig_path(rig, "mine.cfg", path), &problems, &chair), 0);
	assert_int_equal(chair_load("profiles/chairs/recliner.cfg", &problems, &was), 0);
	actuator = chair_find_actuator(&chair, ACTUATOR);
	for (int drive = 150; drive <= 300; drive += 50) {
		double is_n = calibration_force_n(&chair.actuators[actuator].calibration, drive);
		double was_n = calibration_force_n(&was.actuators[actuator].calibration, drive);

		if (fabs(is_n - was_n) > 3)
			fail_msg("%d per mille: %.1f N instead of %.1f", drive, is_n, was_n);
	}
}

// Only the table differs; the date and the differences stand in it.
static void expect_only_the_table(const struct rig *rig)
{
	static char is[FILE_SIZE], was[FILE_SIZE];
	const char *old = "( (100, 0.0), (200, 8.0), (400, 26.0), (600, 44.0), (800, 62.0) );";
	const char *at, *end;
	char date[40];
	time_t now = time(NULL);

	read_own(rig, "was.cfg", was);
	read_own(rig, "mine.cfg", is);
	at = strstr(was, old);
	assert_non_null(at);
	assert_memory_equal(is, was, (size_t)(at - was));
	end = is + (at - was);
	strftime(date, sizeof(date), "( # measured %Y-", localtime(&now));
	assert_memory_equal(end, date, strlen(date));
	assert_non_null(strstr(end, "\n      # 1"));
	end = strstr(end, " );");
	assert_non_null(end);
	assert_string_equal(end + strlen(" );"), at + strlen(old));
	read_own(rig, "mine.cfg.bak", is);
	assert_string_equal(is, was);
}

static void expect_unchanged(const struct rig *rig)
{
	static char is[FILE_SIZE], was[FILE_SIZE];
	char path[200];

	read_own(rig, "was.cfg", was);
	read_own(rig, "mine.cfg", is);
	assert_string_equal(is, was);
	assert_int_equal(access(rig_path(rig, "mine.cfg.bak", path), F_OK), -1);
}

// --- tests ------------------------------------------------------------------------------------

static void typed_forces_become_the_table(void **state)
{
	static struct bench bench;
	int code;

	bench = (struct bench){ .rig = *state };
	start(bench.rig);
	begin(&bench, NULL);
	code = answer_all(&bench);
	if (code != 0)
		fail_msg("exit %d: ...%s", code,
			bench.text + (bench.used > 500 ? bench.used - 500 : 0));
	expect_table(bench.rig);
	expect_only_the_table(bench.rig);
	rig_expect_nothing_on(bench.rig);
}

static void the_sensor_gives_the_table(void **state)
{
	static struct bench bench;
	int code;

	bench = (struct bench){ .rig = *state };
	start(bench.rig);
	begin(&bench, "--sensor");
	while (listen_to(&bench))
		;
	code = code_of(&bench);
	if (code != 0)
		fail_msg("exit %d: ...%s", code,
			bench.text + (bench.used > 500 ? bench.used - 500 : 0));
	expect_table(bench.rig);
	expect_only_the_table(bench.rig);
	rig_expect_nothing_on(bench.rig);
}

// What ends it at its first question.
static void ends(struct rig *rig, void (*end)(struct bench *bench), int code)
{
	static struct bench bench;

	bench = (struct bench){ .rig = rig };
	start(rig);
	begin(&bench, NULL);
	while (listen_to(&bench) && !asks(&bench))
		;
	assert_true(pins_first(rig_pins(rig), "depth.forward", true, 0) >= 0);
	end(&bench);
	if (code >= 0) {
		while (listen_to(&bench))
			;
		assert_int_equal(code_of(&bench), code);
	}
	rig_expect_nothing_on(rig);
	expect_unchanged(rig);
}

static void type_q(struct bench *bench)
{
	assert_int_equal(write(bench->fd, "12q", 3), 3);
}

static void type_ctrl_c(struct bench *bench)
{
	assert_int_equal(write(bench->fd, "\003", 1), 1);
}

static void kill_it(struct bench *bench)
{
	int status;

	kill(bench->pid, SIGKILL);
	assert_int_equal(waitpid(bench->pid, &status, 0), bench->pid);
	close(bench->fd);
}

static void press_estop(struct bench *bench)
{
	rig_happen(bench->rig, "estop=1");
}

static void q_ends(void **state)
{
	ends(*state, type_q, 1);
}

static void ctrl_c_ends(void **state)
{
	ends(*state, type_ctrl_c, 1);
}

static void a_program_that_dies_releases(void **state)
{
	ends(*state, kill_it, -1);
}

static void the_emergency_stop_ends(void **state)
{
	ends(*state, press_estop, 1);
}

int main(void)
{
#define ON_RECLINER(test) \
	cmocka_unit_test_setup_teardown(test, rig_setup_bare_recliner, rig_teardown)
	const struct CMUnitTest tests[] = {
		ON_RECLINER(typed_forces_become_the_table),
		ON_RECLINER(the_sensor_gives_the_table),
		ON_RECLINER(q_ends),
		ON_RECLINER(ctrl_c_ends),
		ON_RECLINER(a_program_that_dies_releases),
		ON_RECLINER(the_emergency_stop_ends),
	};

	return cmocka_run_group_tests_name("calibrate", tests, NULL, NULL);
}
