// SPDX-License-Identifier: MIT
//
// The client of these tests itself, where it could keep a test for ever.
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "rig.h"

#define SLOW_MS 200 // long enough for a client_free() meanwhile

static sem_t connects;
static atomic_bool slow;

// libmosquitto's, too.
int connect(int fd, const struct sockaddr *address, socklen_t size)
{
	const struct timespec pause = { .tv_nsec = SLOW_MS * 1000000L };

	if (slow) {
		sem_post(&connects);
		nanosleep(&pause, NULL);
	}
	return (int)syscall(SYS_connect, fd, address, size);
}

static void it_ends_while_it_connects_again(void **state)
{
	struct rig *rig = *state;
	struct client *client;

	rig_start_broker(rig);
	client = client_new(rig->port);
	assert_int_equal(sem_init(&connects, 0, 0), 0);
	slow = true;
	process_signal(rig->broker, SIGKILL);
	assert_int_equal(sem_wait(&connects), 0);
	client_free(client);
	slow = false;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(it_ends_while_it_connects_again, rig_setup_bare,
			rig_teardown),
	};

	return cmocka_run_group_tests_name("client", tests, NULL, NULL);
}
