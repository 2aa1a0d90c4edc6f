// SPDX-License-Identifier: MIT
#include "floor.h"

#include <mosquitto.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PRIORITY 60 // daemon/guard/realtime.c

struct floor {
	pid_t subscriber, woken;
	int fd;
};

static void die(const char *what)
{
	perror(what);
	abort();
}

void floor_priority(int pid)
{
	if (sched_setscheduler(pid, SCHED_FIFO,
		    &(struct sched_param){ .sched_priority = PRIORITY }) < 0)
		perror("bench: no real-time priority");
}

static void on_message(struct mosquitto *mosquitto, void *data,
	const struct mosquitto_message *message)
{
	int fd = *(int *)data;

	(void)mosquitto;
	if (send(fd, message->payload, (size_t)message->payloadlen, 0) < 0)
		_exit(1);
}

static void on_connect(struct mosquitto *mosquitto, void *data, int result)
{
	(void)data;
	if (result || mosquitto_subscribe(mosquitto, NULL, FLOOR_TOPIC, 0))
		_exit(1);
}

// The hop is there once it is subscribed.
static void on_subscribe(struct mosquitto *mosquitto, void *data, int id, int n, const int *granted)
{
	(void)mosquitto;
	(void)id;
	(void)n;
	(void)granted;
	if (send(*(int *)data, "ready", 5, 0) < 0)
		_exit(1);
}

static void subscribe(int port, int fd)
{
	struct mosquitto *mosquitto = mosquitto_new(NULL, true, &fd);

	mosquitto_int_option(mosquitto, MOSQ_OPT_TCP_NODELAY, 1);
	mosquitto_connect_callback_set(mosquitto, on_connect);
	mosquitto_subscribe_callback_set(mosquitto, on_subscribe);
	mosquitto_message_callback_set(mosquitto, on_message);
	if (mosquitto_connect(mosquitto, "127.0.0.1", port, 60))
		_exit(1);
	mosquitto_loop_forever(mosquitto, -1, 1);
	_exit(1);
}

static void wake_up(int fd, int pipe_fd)
{
	char frame[1024];

	while (recv(fd, frame, sizeof(frame), 0) > 0) {
		if (write(pipe_fd, FLOOR_TEXT, strlen(FLOOR_TEXT)) < 0)
			break;
	}
	_exit(1);
}

static pid_t fork_child(void)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid == 0)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return pid;
}

struct floor *floor_new(int port)
{
	struct floor *floor = calloc(1, sizeof(*floor));
	char ready[sizeof(FLOOR_TEXT)];
	int hop[2], end[2];

	mosquitto_lib_init();
	if (!floor || socketpair(AF_UNIX, SOCK_SEQPACKET, 0, hop) < 0 || pipe(end) < 0)
		die("floor");
	floor->woken = fork_child();
	if (floor->woken == 0)
		wake_up(hop[1], end[1]);
	floor_priority(floor->woken);
	floor->subscriber = fork_child();
	if (floor->subscriber == 0)
		subscribe(port, hop[0]);
	close(hop[0]);
	close(hop[1]);
	close(end[1]);
	floor->fd = end[0];
	if (read(floor->fd, ready, sizeof(ready)) <= 0) // once it has subscribed
		die("floor");
	return floor;
}

struct floor *floor_free(struct floor *floor)
{
	if (!floor)
		return NULL;
	kill(floor->subscriber, SIGKILL);
	kill(floor->woken, SIGKILL);
	waitpid(floor->subscriber, NULL, 0);
	waitpid(floor->woken, NULL, 0);
	close(floor->fd);
	free(floor);
	return NULL;
}

int floor_fd(const struct floor *floor)
{
	return floor->fd;
}
