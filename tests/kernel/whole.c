// SPDX-License-Identifier: MIT
#include "whole.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pass.h"

#define BUTTON_US 50000 // debounce time of its contact

// --- the chair's file -------------------------------------------------------------------------

// The chair from now on, with another text in place of the line that begins with a key.
void whole_edit(struct rig *rig, const char *key, const char *text)
{
	char path[160], line[300];
	FILE *from = fopen(rig->chair_file, "re"), *to;
	int edited = 0;

	snprintf(path, sizeof(path), "%s/%s.cfg", rig->dir, key);
	to = fopen(path, "we");
	assert_true(from && to);
	while (fgets(line, sizeof(line), from)) {
		bool found = !strncmp(line, key, strlen(key));

		fputs(found ? text : line, to);
		edited += found;
	}
	fclose(from);
	assert_int_equal(fclose(to), 0);
	assert_int_equal(edited, 1);
	strcpy(rig->chair_file, path);
}

// --- parts ------------------------------------------------------------------------------------

struct process *whole_guard(const struct whole *whole, const char *task)
{
	const char *build = getenv("CHAIRD_BUILD");
	char program[PATH_MAX], chair[200], socket[200];
	const char *const argv[] = { "setpriv", "--bounding-set=-sys_nice,-ipc_lock",
		"--inh-caps=-sys_nice,-ipc_lock", program, "--backend=gpiod", chair, socket, task,
		NULL };

	snprintf(program, sizeof(program), "%s/chairguard", build ? build : "build/default");
	snprintf(chair, sizeof(chair), "--chair=%s", whole->rig->chair_file);
	snprintf(socket, sizeof(socket), "--socket=%s/guard.sock", whole->rig->dir);
	return process_start(whole->no_realtime ? argv : argv + 3, NULL);
}

// Pushes the button until it is answered, and waits until its contact has come to rest.
void whole_reset(struct whole *whole)
{
	size_t mark = client_mark(whole->rig->client);

	bench_hardware_button(whole->hardware, true);
	rig_expect(whole->rig, mark, "state", "\"phase\":\"idle\"", SOON_MS);
	pass_until_us(bench_hardware_button(whole->hardware, false) + BUTTON_US + PASS_AT_ONCE_US);
}

// The guard finds every contact open, and latches until they are closed and it is reset.
void whole_start(struct whole *whole)
{
	rig_start_broker(whole->rig);
	whole->rig->guard = whole_guard(whole, NULL);
	assert_true(process_logged(whole->rig->guard, "guard.sock", SOON_MS));
	rig_start_chaird(whole->rig);
	rig_listen(whole->rig);
	whole_get_ready(whole);
}

void whole_get_ready(struct whole *whole)
{
	rig_expect(whole->rig, 0, "state", "\"code\":\"estop\"", SOON_MS);
	bench_hardware_connect(whole->hardware);
	rig_expect(whole->rig, 0, "state", "\"estop_good\":true", SOON_MS);
	whole_reset(whole);
	rig_expect(whole->rig, 0, "state", "\"occupied\":true", SOON_MS);
}

int whole_setup_bare(void **state)
{
	struct whole *whole = calloc(1, sizeof(*whole));
	char path[200], target[PATH_MAX];

	assert_non_null(whole);
	assert_int_equal(rig_setup_bare((void **)&whole->rig), 0);
	assert_non_null(realpath("tests/kernel/profiles/calf.cfg", target));
	rig_path(whole->rig, "profiles/sessions/calf.cfg", path);
	assert_int_equal(symlink(target, path), 0);
	whole->hardware = bench_hardware_new();
	whole->recorder = bench_hardware_watch(whole->hardware);
	*state = whole;
	return 0;
}

int whole_setup(void **state)
{
	whole_setup_bare(state);
	whole_start(*state);
	return 0;
}

int whole_teardown(void **state)
{
	struct whole *whole = *state;
	bool opposed = bench_hardware_opposed(whole->hardware);

	rig_teardown((void **)&whole->rig);
	bench_hardware_free(whole->hardware);
	free(whole);
	assert_false(opposed);
	return 0;
}

size_t whole_play(struct whole *whole, const char *profile)
{
	size_t mark = client_mark(whole->rig->client);
	char text[100];

	snprintf(text, sizeof(text), "{\"args\":{\"profile\":\"%s\"}}", profile);
	rig_publish(whole->rig, "request/start", text);
	return mark;
}

// Nothing has moved since t0_us, and nothing does.
void whole_expect_rest(struct whole *whole, int64_t t0_us)
{
	int64_t safe_us = line_recorder_wait_safe(whole->recorder, t0_us, SOON_MS);

	if (safe_us != t0_us)
		fail_msg("%.1f ms on: forward %d, reverse %d, pwm %d, enable %d",
			(double)(safe_us - t0_us) / 1e3,
			line_recorder_was_on(whole->recorder, PRESS_FORWARD, t0_us),
			line_recorder_was_on(whole->recorder, PRESS_REVERSE, t0_us),
			line_recorder_was_on(whole->recorder, PRESS_PWM, t0_us),
			line_recorder_was_on(whole->recorder, PRESS_ENABLE, t0_us));
}
