// SPDX-License-Identifier: MIT
#include "tmux.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <cmocka.h>

#define ARGUMENTS_MAX 40
#define LOOK_MS       50 // between two looks at the screen
#define CODE          "exit code "

// Run a command of tmux; its output, to be freed.
static char *run(const struct tmux *tmux, const char *const command[], int *ret_code)
{
	const char *argv[ARGUMENTS_MAX] = { "tmux", "-N", "-S", tmux->socket };
	struct process *process;
	size_t n = 4;
	char *output;

	while (*command && n + 1 < ARGUMENTS_MAX)
		argv[n++] = *command++;
	process = process_start(argv, NULL);
	*ret_code = WEXITSTATUS(process_wait(process, SOON_MS));
	process_logged(process, "all of it", SOON_MS);
	output = process_output(process);
	process_free(process);
	return output;
}

// One that must work.
static char *ask(const struct tmux *tmux, const char *const command[])
{
	char *output;
	int code;

	output = run(tmux, command, &code);
	if (code != 0)
		fail_msg("tmux %s: exit %d: %s", command[0], code, output);
	return output;
}

static void tell(const struct tmux *tmux, const char *const command[])
{
	free(ask(tmux, command));
}

// A moment in which something may happen.
static void wait_moment(const struct tmux *tmux)
{
	client_wait(tmux->rig->client, client_mark(tmux->rig->client), "", NULL, LOOK_MS);
}

// Until its socket accepts. It goes on without a session.
static void start_server(struct tmux *tmux)
{
	static const char *const env[] = { "LC_ALL=C.UTF-8", NULL };
	const char *const argv[] = { "tmux", "-D", "-u", "-S", tmux->socket, "-f", "/dev/null",
		NULL };
	const char *const look[] = { "list-sessions", NULL };
	int64_t until_us = monotonic_us() + SOON_MS * INT64_C(1000);
	int code;

	tmux->server = process_start(argv, env);
	do {
		wait_moment(tmux);
		free(run(tmux, look, &code));
	} while (code != 0 && monotonic_us() < until_us);
	assert_int_equal(code, 0);
}

void tmux_start(struct tmux *tmux, struct rig *rig, int columns, int rows, const char *const argv[],
	const char *const env[])
{
	char width[12], height[12];
	const char *command[ARGUMENTS_MAX] = { "new-session", "-d", "-x", width, "-y", height, "-c",
		rig->dir, "-e", "NO_COLOR=" };
	// tmux itself may miss the end of a program.
	const char *const shell[] = { "sh", "-c", "\"$0\" \"$@\"; echo " CODE "$?; exec cat" };
	size_t n = 10;

	*tmux = (struct tmux){ .rig = rig };
	rig_path(rig, "tmux", tmux->socket);
	snprintf(width, sizeof(width), "%d", columns);
	snprintf(height, sizeof(height), "%d", rows);
	for (; env && *env; env++) {
		command[n++] = "-e";
		command[n++] = *env;
	}
	for (size_t i = 0; i < sizeof(shell) / sizeof(shell[0]); i++)
		command[n++] = shell[i];
	while (*argv)
		command[n++] = *argv++;
	start_server(tmux);
	tell(tmux, command);
}

void tmux_end(struct tmux *tmux)
{
	int code;

	if (tmux->server)
		free(run(tmux, (const char *const[]){ "kill-server", NULL }, &code));
	tmux->server = process_free(tmux->server);
}

void tmux_type(const struct tmux *tmux, const char *key)
{
	tell(tmux, (const char *const[]){ "send-keys", "--", key, NULL });
}

void tmux_resize(const struct tmux *tmux, int columns, int rows)
{
	char width[12], height[12];

	snprintf(width, sizeof(width), "%d", columns);
	snprintf(height, sizeof(height), "%d", rows);
	tell(tmux, (const char *const[]){ "resize-window", "-x", width, "-y", height, NULL });
}

static char *capture(const struct tmux *tmux, const char *option, char screen[TMUX_SCREEN_SIZE])
{
	char *output = ask(tmux, (const char *const[]){ "capture-pane", "-p", option, NULL });

	snprintf(screen, TMUX_SCREEN_SIZE, "%s", output);
	free(output);
	return screen;
}

char *tmux_screen(const struct tmux *tmux, char screen[TMUX_SCREEN_SIZE])
{
	return capture(tmux, NULL, screen);
}

char *tmux_colors(const struct tmux *tmux, char screen[TMUX_SCREEN_SIZE])
{
	return capture(tmux, "-e", screen);
}

static void expect(const struct tmux *tmux, const char *text, bool shown)
{
	static char screen[TMUX_SCREEN_SIZE];

	for (int64_t until_us = monotonic_us() + SOON_MS * INT64_C(1000);
		monotonic_us() < until_us;) {
		if (!strstr(tmux_screen(tmux, screen), text) == !shown)
			return;
		wait_moment(tmux);
	}
	fail_msg("the screen %s \"%s\":\n%s", shown ? "does not show" : "still shows", text,
		screen);
}

void tmux_expect(const struct tmux *tmux, const char *text)
{
	expect(tmux, text, true);
}

void tmux_expect_gone(const struct tmux *tmux, const char *text)
{
	expect(tmux, text, false);
}

pid_t tmux_pid(const struct tmux *tmux)
{
	char *shell = ask(tmux,
		(const char *const[]){ "display-message", "-p", "#{pane_pid}", NULL });
	char path[80];
	FILE *file;
	int pid;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", atoi(shell), atoi(shell));
	free(shell);
	file = fopen(path, "re");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%d", &pid), 1);
	fclose(file);
	return pid;
}

int tmux_code(const struct tmux *tmux)
{
	static char screen[TMUX_SCREEN_SIZE];
	const char *at;

	tmux_expect(tmux, CODE);
	at = strstr(tmux_screen(tmux, screen), CODE);
	assert_non_null(at);
	return atoi(at + strlen(CODE));
}
