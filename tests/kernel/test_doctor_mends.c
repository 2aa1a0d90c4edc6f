// SPDX-License-Identifier: MIT
//
// The doctor against broken set-ups of lines and the clock: it finds the fault, and its remedy as
// printed mends it. Those of the broker: tests/system/test_doctor_mends.c.
// Runs inside: tests/kernel/run build/.../test_doctor_mends
//
// A row of `cases` is one set-up. To add one: how it is broken, the check that finds it with its
// text and remedy, and what a person types then.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <gpiod.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/system/remedy.h"
#include "whole.h"

struct set_up {
	struct whole *whole;
	struct process *thief; // NULL: no line is held
};

struct broken {
	const char *name;
	void (*prepare)(struct set_up *set_up);
	struct expected_finding finding;
	const char *mend;                   // a command, see remedy_follow()
	void (*act)(struct set_up *set_up); // or what no command does
};

// --- faults -----------------------------------------------------------------------------------

static void set_clock_status(int status)
{
	struct timex timex = { .modes = ADJ_STATUS | ADJ_MAXERROR, .status = status };

	assert_true(adjtimex(&timex) >= 0);
}

static void free_running_clock(struct set_up *set_up)
{
	(void)set_up;
	set_clock_status(STA_UNSYNC);
}

static void missing_chip(struct set_up *set_up)
{
	bench_hardware_unplug(set_up->whole->hardware);
}

static void connect_chip(struct set_up *set_up)
{
	struct whole *whole = set_up->whole;

	bench_hardware_free(whole->hardware);
	whole->hardware = bench_hardware_new();
	whole->recorder = bench_hardware_watch(whole->hardware);
}

// This program under another name holds a line, see main().
static void held_line(struct set_up *set_up)
{
	struct simchip *chip = bench_hardware_chip(set_up->whole->hardware);
	const char *const argv[] = { "thief", simchip_path(chip), NULL };

	set_up->thief = process_start(argv, NULL);
	assert_true(process_logged(set_up->thief, "holds it", SOON_MS));
}

static void wrong_pin_name(struct set_up *set_up)
{
	whole_edit(set_up->whole->rig, "  seat",
		"  seat = { line = \"BCM6\"; active_low = true; bias = \"pull-up\"; };\n");
}

static const struct broken cases[] = {
	{ "clock", free_running_clock,
		{ "clock", "warning", { "not synchronised" },
			{ "sudo timedatectl set-ntp true || ",
				"sudo apt install systemd-timesyncd; then" } },
		"eval \"${remedy%%; then*}\"", NULL },
	{ "missing chip", missing_chip,
		{ "lines", "problem",
			{ "not found: GPIO5 ", "there is no GPIO chip on this machine" },
			{ "connect the GPIO chip", "the guard waits for it" } },
		NULL, connect_chip },
	{ "held line", held_line,
		{ "lines", "problem", { "held by others: GPIO22 (thief)" },
			{ "stop the process that holds them: sudo kill " } },
		"eval \"${remedy#*: }\"", NULL },
	{ "wrong pin name", wrong_pin_name,
		{ "lines", "problem", { "not found: BCM6. ", "did you mean GPIO6?" },
			{ "correct the names in ",
				"then: sudo systemctl restart chairguard chaird" } },
		"sed -i s/BCM6/GPIO6/ \"$chair\"; eval \"${remedy##*then: }\"", NULL },
};

static const struct expected_finding guard_waits = { "guard", "problem", { "waits for its lines" },
	{ "" } };

// --- a case -----------------------------------------------------------------------------------

// The programs that a remedy names, in a folder that comes first in PATH.
static void make_commands(const struct rig *rig)
{
	static const char *const names[] = { "thief", "timedatectl", "sudo", "systemctl" };
	char path[256], self[4096], folder[200], both[4400];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	assert_true(n > 0);
	self[n] = '\0';
	assert_int_equal(mkdir(rig_path(rig, "bin", folder), 0755), 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		assert_int_equal(symlink(self, path), 0);
	}
	snprintf(both, sizeof(both), "%s:%s", folder, getenv("PATH"));
	setenv("PATH", both, 1);
}

// The systemctl of make_commands() only records the call.
static bool restart_was_requested(const struct rig *rig)
{
	char path[200];

	return unlink(rig_path(rig, "restart", path)) == 0;
}

static void run_case(struct set_up *set_up, const struct broken *broken)
{
	bool waits = !strcmp(broken->finding.check, "lines");
	struct whole *whole = set_up->whole;
	struct rig *rig = whole->rig;
	const json_t *finding;
	json_t *report;

	broken->prepare(set_up);
	rig_start_broker(rig);
	rig->guard = whole_guard(whole, NULL);
	assert_true(process_logged(rig->guard, waits ? "waiting for the lines" : "guard.sock",
		SOON_MS));
	report = remedy_report(rig);
	finding = remedy_expect(report, broken->name, &broken->finding);
	if (waits)
		remedy_expect(report, broken->name, &guard_waits);

	if (broken->act)
		broken->act(set_up);
	else
		remedy_follow(rig, broken->name, broken->mend, finding);
	json_decref(report);
	if (restart_was_requested(rig)) {
		process_free(rig->guard);
		rig->guard = whole_guard(whole, NULL);
	}
	assert_true(process_logged(rig->guard, "guard.sock", SOON_MS));
	report = remedy_report(rig);
	remedy_expect_ok(report, broken->name, broken->finding.check);
	remedy_expect_ok(report, broken->name, "guard");
	json_decref(report);
}

static void every_remedy_mends(void **state)
{
	char *path = strdup(getenv("PATH"));

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct set_up set_up = { 0 };

		assert_int_equal(whole_setup_bare((void **)&set_up.whole), 0);
		make_commands(set_up.whole->rig);
		run_case(&set_up, &cases[i]);
		process_free(set_up.thief);
		assert_int_equal(whole_teardown((void **)&set_up.whole), 0);
		setenv("PATH", path, 1);
		print_message("%s: found, and mended by its remedy\n", cases[i].name);
	}
	free(path);
}

// --- programs that a remedy names and this kernel does not have -------------------------------

static int sudo(char *argv[])
{
	execvp(argv[1], argv + 1);
	return 127;
}

static int systemctl(char *argv[])
{
	char path[200];
	FILE *file;

	if (strcmp(argv[1], "restart") != 0)
		return 1;
	snprintf(path, sizeof(path), "%s/restart", getenv("folder"));
	file = fopen(path, "we");
	return file && fclose(file) == 0 ? 0 : 1;
}

// What the daemon that set-ntp turns on does once it has reached a time server.
static int timedatectl(char *argv[])
{
	struct timex timex = { .modes = ADJ_STATUS | ADJ_MAXERROR, .status = STA_PLL };

	return strcmp(argv[1], "set-ntp") == 0 && adjtimex(&timex) >= 0 ? 0 : 1;
}

static int thief(char *argv[])
{
	struct gpiod_chip *chip = gpiod_chip_open(argv[1]);
	struct gpiod_request_config *name = gpiod_request_config_new();
	struct gpiod_line_config *lines = gpiod_line_config_new();

	gpiod_request_config_set_consumer(name, "thief");
	gpiod_line_config_add_line_settings(lines, &(unsigned int){ PRESS_PWM }, 1, NULL);
	if (!chip || !gpiod_chip_request_lines(chip, name, lines))
		return 1;
	puts("holds it");
	fflush(stdout);
	pause();
	return 0;
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_remedy_mends) };
	const struct {
		const char *name;
		int (*run)(char *argv[]);
	} programs[] = { { "sudo", sudo }, { "systemctl", systemctl },
		{ "timedatectl", timedatectl }, { "thief", thief } };
	const char *self = basename(argv[0]);

	for (size_t i = 0; argc > 1 && i < sizeof(programs) / sizeof(programs[0]); i++) {
		if (!strcmp(self, programs[i].name))
			return programs[i].run(argv);
	}
	return cmocka_run_group_tests_name("doctor mends", tests, NULL, NULL);
}
