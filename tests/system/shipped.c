// SPDX-License-Identifier: MIT
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

#define BROKER_TRIES 5

const char *const shipped_users[] = { "daemon", "panel", "home", "technician", NULL };

// The shipped snippet with other ports and another folder.
static void write_config(const struct shipped *shipped)
{
	char *text = rig_read("systemd/mosquitto/chaird.conf"), path[200];
	FILE *file = fopen(rig_path(shipped->rig, "mosquitto.conf", path), "we");
	int n_ports = 0, n_files = 0;

	assert_non_null(file);
	fprintf(file, "user root\nlog_dest stderr\n");
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		char key[40], value[200];

		if (sscanf(line, "%39s /etc/mosquitto/%199s", key, value) == 2) {
			fprintf(file, "%s %s/%s\n", key, shipped->rig->dir, value);
			n_files++;
		} else if (sscanf(line, "listener %*d %199s", value) == 1) {
			assert_string_equal(value, "127.0.0.1");
			fprintf(file, "listener %d %s\n",
				n_ports++ ? shipped->web_port : shipped->port, value);
		} else {
			fprintf(file, "%s\n", line);
		}
	}
	assert_int_equal(n_files, 2);
	assert_int_equal(n_ports, 2);
	assert_int_equal(fclose(file), 0);
	free(text);
}

static void run_command(const char *const argv[])
{
	struct process *process = process_start(argv, NULL);

	assert_int_equal(process_wait(process, SOON_MS), 0);
	process_free(process);
}

static void make_files(const struct shipped *shipped)
{
	char passwd[200], acl[200], source[4096];
	FILE *file;

	assert_non_null(realpath("systemd/mosquitto/chaird.acl", source));
	assert_int_equal(symlink(source, rig_path(shipped->rig, "chaird.acl", acl)), 0);
	file = fopen(rig_path(shipped->rig, "chaird.passwd", passwd), "wex");
	assert_non_null(file);
	fclose(file);
	for (int i = 0; shipped_users[i]; i++) {
		const char *const argv[] = { "mosquitto_passwd", "-b", passwd, shipped_users[i],
			shipped_users[i], NULL };

		run_command(argv);
	}
	assert_int_equal(chmod(passwd, 0600), 0);
}

int shipped_set_up(void **state)
{
	struct shipped *shipped = calloc(1, sizeof(*shipped));
	char path[200];

	assert_non_null(shipped);
	assert_int_equal(rig_setup_bare((void **)&shipped->rig), 0);
	*state = shipped;
	make_files(shipped);
	for (int i = 0; i < BROKER_TRIES; i++) {
		const char *const argv[] = { "mosquitto", "-c",
			rig_path(shipped->rig, "mosquitto.conf", path), NULL };

		shipped->port = rig_free_port();
		shipped->web_port = rig_free_port();
		write_config(shipped);
		process_free(shipped->rig->broker);
		shipped->rig->broker = process_start(argv, NULL);
		if (process_logged(shipped->rig->broker, " running", SOON_MS))
			return 0;
	}
	return -1;
}

int shipped_tear_down(void **state)
{
	struct shipped *shipped = *state;

	rig_teardown((void **)&shipped->rig);
	free(shipped);
	return 0;
}
