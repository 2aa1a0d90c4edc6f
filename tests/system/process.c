// SPDX-License-Identifier: MIT
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define REST_MS 5000 // a child of it may keep its output open

struct process {
	pid_t pid;
	int pidfd, output_fd;
	bool reaped;
	int status;
	pthread_t reader;
	pthread_mutex_t mutex;
	pthread_cond_t more;
	char *output;
	size_t n;
	bool ended;
};

int64_t monotonic_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

static void die(const char *what)
{
	perror(what);
	abort();
}

static void *read_output(void *data)
{
	struct process *process = data;
	char chunk[4096];
	ssize_t n;

	while ((n = read(process->output_fd, chunk, sizeof(chunk))) > 0) {
		pthread_mutex_lock(&process->mutex);
		char *output = realloc(process->output, process->n + (size_t)n + 1);

		if (!output)
			die("realloc");
		memcpy(output + process->n, chunk, (size_t)n);
		process->output = output;
		process->n += (size_t)n;
		output[process->n] = '\0';
		pthread_cond_broadcast(&process->more);
		pthread_mutex_unlock(&process->mutex);
	}
	pthread_mutex_lock(&process->mutex);
	process->ended = true;
	pthread_cond_broadcast(&process->more);
	pthread_mutex_unlock(&process->mutex);
	return NULL;
}

static void become(const char *const argv[], const char *const env[], int output_fd, pid_t parent)
{
	char path[4096];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	dup2(output_fd, STDOUT_FILENO);
	dup2(output_fd, STDERR_FILENO);
	for (; env && *env; env++)
		putenv((char *)*env);
	snprintf(path, sizeof(path), "%s:/usr/sbin:/usr/bin", getenv("PATH"));
	setenv("PATH", path, 1);
	execvp(argv[0], (char **)argv);
	perror(argv[0]);
	_exit(127);
}

struct process *process_start(const char *const argv[], const char *const env[])
{
	struct process *process = calloc(1, sizeof(*process));
	pid_t parent = getpid();
	pthread_condattr_t monotonic;
	int fds[2];

	if (!process || pipe2(fds, O_CLOEXEC) < 0)
		die("pipe");
	process->pid = fork();
	if (process->pid < 0)
		die("fork");
	if (process->pid == 0)
		become(argv, env, fds[1], parent);
	close(fds[1]);
	process->output_fd = fds[0];
	process->pidfd = (int)syscall(SYS_pidfd_open, process->pid, 0);
	if (process->pidfd < 0)
		die("pidfd_open");
	pthread_mutex_init(&process->mutex, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&process->more, &monotonic);
	pthread_condattr_destroy(&monotonic);
	if (pthread_create(&process->reader, NULL, read_output, process))
		die("pthread_create");
	return process;
}

struct process *process_free(struct process *process)
{
	if (!process)
		return NULL;
	if (!process->reaped) {
		kill(process->pid, SIGKILL);
		waitpid(process->pid, &process->status, 0);
	}
	pthread_join(process->reader, NULL);
	pthread_mutex_destroy(&process->mutex);
	pthread_cond_destroy(&process->more);
	close(process->output_fd);
	close(process->pidfd);
	free(process->output);
	free(process);
	return NULL;
}

pid_t process_pid(const struct process *process)
{
	return process->pid;
}

void process_signal(struct process *process, int signal)
{
	if (!process->reaped)
		kill(process->pid, signal);
}

bool process_logged(struct process *process, const char *text, int timeout_ms)
{
	int64_t until_us = monotonic_us() + timeout_ms * INT64_C(1000);
	struct timespec until = { until_us / 1000000, until_us % 1000000 * 1000 };
	bool found;

	pthread_mutex_lock(&process->mutex);
	while (!(found = process->output && strstr(process->output, text)) && !process->ended) {
		if (pthread_cond_timedwait(&process->more, &process->mutex, &until) == ETIMEDOUT)
			break;
	}
	pthread_mutex_unlock(&process->mutex);
	return found;
}

int process_wait(struct process *process, int timeout_ms)
{
	struct pollfd ends = { .fd = process->pidfd, .events = POLLIN };

	if (process->reaped)
		return process->status;
	if (poll(&ends, 1, timeout_ms) != 1)
		return -1;
	waitpid(process->pid, &process->status, 0);
	process->reaped = true;
	return process->status;
}

char *process_output(struct process *process)
{
	int64_t until_us = monotonic_us() + REST_MS * INT64_C(1000);
	struct timespec until = { until_us / 1000000, until_us % 1000000 * 1000 };
	char *copy;

	pthread_mutex_lock(&process->mutex);
	while (process->reaped && !process->ended) { // the rest of it is on its way
		if (pthread_cond_timedwait(&process->more, &process->mutex, &until) == ETIMEDOUT)
			break;
	}
	copy = strdup(process->output ? process->output : "");
	pthread_mutex_unlock(&process->mutex);
	return copy;
}
