// SPDX-License-Identifier: MIT
//
// The control socket of the simulated chair.
#include "hal/sim/fault_socket.h"
#include "tests/unit/hal/sim_rig.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct friend
{
	int fd;
	char dir[32], sim_path[64], own_path[64];
};

static void friend_open(struct friend *friend)
{
	struct sockaddr_un own = { .sun_family = AF_UNIX };

	strcpy(friend->dir, "/tmp/chaird-sim-XXXXXX");
	assert_non_null(mkdtemp(friend->dir));
	snprintf(friend->sim_path, sizeof(friend->sim_path), "%s/sim", friend->dir);
	snprintf(friend->own_path, sizeof(friend->own_path), "%s/own", friend->dir);
	friend->fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	assert_true(friend->fd >= 0);
	memcpy(own.sun_path, friend->own_path, sizeof(friend->own_path));
	assert_int_equal(bind(friend->fd, (struct sockaddr *)&own, sizeof(own)), 0);
}

static void friend_close(struct friend *friend)
{
	close(friend->fd);
	unlink(friend->own_path);
	assert_int_equal(rmdir(friend->dir), 0); // the simulation has removed its own
}

static void say(struct friend *friend, int fd, const char *text)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };

	memcpy(to.sun_path, friend->sim_path, sizeof(friend->sim_path));
	assert_int_equal(sendto(fd, text, strlen(text), 0, (struct sockaddr *)&to, sizeof(to)),
		(ssize_t)strlen(text));
}

static void hear(struct friend *friend, const char *part)
{
	char text[256];
	ssize_t n = recv(friend->fd, text, sizeof(text) - 1, MSG_DONTWAIT);

	assert_true(n > 0);
	text[n] = '\0';
	if (!strstr(text, part))
		fail_msg("\"%s\" does not speak of \"%s\"", text, part);
}

// Handle the waiting datagrams, as the socket's owner does.
static void serve(struct fault_socket *faults, struct sim_rig *rig)
{
	struct fault_socket_peer peer;
	char text[64];

	while (fault_socket_receive(faults, text, sizeof(text), &peer))
		fault_socket_inject(faults, &peer, rig->hal, text);
	rig_take(rig);
}

static void the_fault_socket_injects_faults(void **state)
{
	struct sim_options options = { 0 };
	struct friend friend;
	struct fault_socket faults;
	struct sim_rig rig;
	uint64_t levels;
	int nameless;

	(void)state;
	friend_open(&friend);
	rig_open(&rig, fixture_recliner, &options);
	assert_int_equal(fault_socket_open(&faults, friend.sim_path), 0);
	say(&friend, friend.fd, "estop=1\n");
	serve(&faults, &rig);
	hear(&friend, "ok");
	rig.now_us += 10000;
	assert_int_equal(hal_read(rig.hal, rig.now_us, &levels), 0);
	assert_false(levels & LINE_BIT(rig.chair.estop));

	say(&friend, friend.fd, "estop=9");
	serve(&faults, &rig);
	hear(&friend, "out of range");
	nameless = socket(AF_UNIX, SOCK_DGRAM, 0);
	say(&friend, nameless, "estop=0"); // takes effect; there is no address for an answer
	serve(&faults, &rig);
	close(nameless);
	rig.now_us += 10000;
	assert_int_equal(hal_read(rig.hal, rig.now_us, &levels), 0);
	assert_true(levels & LINE_BIT(rig.chair.estop));
	rig_close(&rig);
	fault_socket_close(&faults);
	friend_close(&friend);
}

static void an_impossible_path_is_an_error(void **state)
{
	struct fault_socket faults = { .fd = -1 };

	(void)state;
	assert_int_equal(fault_socket_open(&faults, "/nonexistent/sim"), -ENOENT);
	assert_int_equal(faults.fd, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_fault_socket_injects_faults),
		cmocka_unit_test(an_impossible_path_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
