// SPDX-License-Identifier: MIT
#include "soak.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include <jansson.h>

#include "../system/process.h"

#define RUNS    15
#define PROFILE "deep-upper-back"
#define CHAIR   "recliner"

struct run {
	double session_s, processor_s, wall_s;
};

static void become_simulator(int output)
{
	const char *build = getenv("CHAIRD_BUILD");
	char program[400];

	snprintf(program, sizeof(program), "%s/chairctl", build ? build : "build/default");
	dup2(output, STDOUT_FILENO);
	execl(program, "chairctl", "simulate", PROFILE, "--chair=profiles/chairs/" CHAIR ".cfg",
		"--profiles=profiles", "--json", NULL);
	_exit(127);
}

static double seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static struct run play(void)
{
	FILE *output = tmpfile();
	int64_t from_us = monotonic_us();
	struct rusage used;
	struct run run;
	json_t *result;
	int status;
	pid_t pid;

	assert_non_null(output);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		become_simulator(fileno(output));
	assert_int_equal(wait4(pid, &status, 0, &used), pid);
	run.wall_s = (double)(monotonic_us() - from_us) / 1e6;
	run.processor_s = seconds(used.ru_utime) + seconds(used.ru_stime);
	assert_int_equal(status, 0);
	rewind(output);
	result = json_loadf(output, 0, NULL);
	run.session_s = json_number_value(json_object_get(result, "seconds"));
	assert_true(run.session_s > 0);
	json_decref(result);
	fclose(output);
	return run;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double values[RUNS])
{
	qsort(values, RUNS, sizeof(*values), compare);
	return values[RUNS / 2];
}

void soak(void **state)
{
	double processor_s[RUNS], wall_s[RUNS], session_s = 0;

	(void)state;
	for (int i = 0; i < RUNS; i++) {
		struct run run = play();

		session_s = run.session_s;
		processor_s[i] = run.processor_s;
		wall_s[i] = run.wall_s;
	}
	printf("simulate %s, %.1f s of session on %s:  processor %.1f ms, %.0f times real time   "
	       "wall %.1f ms, %.0f times   (medians of %d)\n",
		PROFILE, session_s, CHAIR, median(processor_s) * 1e3,
		session_s / median(processor_s), median(wall_s) * 1e3, session_s / median(wall_s),
		RUNS);
}
