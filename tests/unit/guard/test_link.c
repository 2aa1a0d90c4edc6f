// SPDX-License-Identifier: MIT
//
// The guard's socket: one controller at a time, which may be hostile or slow.
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <cmocka.h>

#include "guard/link.h"

struct place {
	char dir[64], path[96];
	struct link link;
};

static int place_open(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	snprintf(place->dir, sizeof(place->dir), "/tmp/chaird-link-XXXXXX");
	assert_non_null(mkdtemp(place->dir));
	snprintf(place->path, sizeof(place->path), "%s/guard.sock", place->dir);
	assert_int_equal(link_open(place->path, -1, &place->link), 0);
	*state = place;
	return 0;
}

static int place_close(void **state)
{
	struct place *place = *state;

	link_close(&place->link);
	assert_int_equal(access(place->path, F_OK), -1); // link_close() removes it
	rmdir(place->dir);
	free(place);
	return 0;
}

static int connect_to(const struct place *place)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", place->path);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static void the_socket_is_for_its_group_only(void **state)
{
	struct place *place = *state;
	struct stat st;

	assert_int_equal(stat(place->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0660);
}

static void a_second_controller_is_refused(void **state)
{
	struct place *place = *state;
	int first = connect_to(place), second = connect_to(place);
	union wire_frame frame;
	char byte;

	assert_true(link_accept(&place->link));
	assert_false(link_accept(&place->link));
	assert_int_equal(place->link.refused, 1);
	assert_int_equal(recv(second, &byte, 1, 0), 0);
	assert_int_equal(send(first, "x", 1, 0), 1);
	assert_int_equal(link_receive(&place->link, &frame), 1);
	close(first);
	close(second);
}

static void frames_come_whole_and_in_order(void **state)
{
	struct place *place = *state;
	union wire_frame frame;
	char big[4096] = { 0 };
	int fd = connect_to(place);

	assert_int_equal(link_receive(&place->link, &frame), -EPIPE);
	assert_true(link_accept(&place->link));
	assert_int_equal(link_receive(&place->link, &frame), -EAGAIN);
	send(fd, "one", 3, 0);
	send(fd, big, sizeof(big), 0);
	send(fd, "three", 5, 0);
	assert_int_equal(link_receive(&place->link, &frame), 3);
	assert_int_equal(link_receive(&place->link, &frame), sizeof(big));
	assert_int_equal(link_receive(&place->link, &frame), 5);
	assert_memory_equal(&frame, "three", 5);
	close(fd);
	assert_int_equal(link_receive(&place->link, &frame), -EPIPE);
	assert_int_equal(place->link.fd, -1);
	fd = connect_to(place); // and the next may come
	assert_true(link_accept(&place->link));
	close(fd);
}

static void put(unsigned char *message, size_t *size, enum wire_type type, size_t length,
	uint32_t seq)
{
	union wire_frame frame = { 0 };

	wire_header_init(&frame.header, type, (uint32_t)length, seq);
	memcpy(message + *size, &frame, length);
	*size += length;
}

static void a_message_has_several_frames(void **state)
{
	struct place *place = *state;
	unsigned char message[WIRE_MESSAGE_MAX];
	union wire_frame frame;
	int fd = connect_to(place);
	size_t size = 0;

	assert_true(link_accept(&place->link));
	put(message, &size, WIRE_ARM, sizeof(frame.arm), 1);
	put(message, &size, WIRE_SETPOINT, sizeof(frame.setpoint), 2);
	put(message, &size, WIRE_QUERY, sizeof(frame.bare), 3);
	send(fd, message, size, 0);
	assert_false(link_holds_frame(&place->link)); // it is in the socket
	assert_int_equal(link_receive(&place->link, &frame), sizeof(frame.arm));
	assert_int_equal(frame.header.type, WIRE_ARM);
	assert_true(link_holds_frame(&place->link));
	assert_int_equal(link_receive(&place->link, &frame), sizeof(frame.setpoint));
	assert_int_equal(frame.header.seq, 2);
	assert_int_equal(link_receive(&place->link, &frame), sizeof(frame.bare));
	assert_int_equal(frame.header.seq, 3);
	assert_false(link_holds_frame(&place->link));
	assert_int_equal(link_receive(&place->link, &frame), -EAGAIN);
	close(fd);
}

// What remains of a message after a wrong length, or beyond the most frames, is one frame of a size
// that no check accepts.
static void the_rest_of_a_malformed_message_is_one_frame(void **state)
{
	struct place *place = *state;
	_Alignas(struct wire_header) unsigned char message[WIRE_MESSAGE_MAX];
	union wire_frame frame;
	int fd = connect_to(place);
	size_t size = 0;

	assert_true(link_accept(&place->link));
	put(message, &size, WIRE_QUERY, sizeof(frame.bare), 1);
	put(message, &size, WIRE_QUERY, sizeof(frame.bare), 2);
	((struct wire_header *)(message + sizeof(frame.bare)))->length = 15;
	put(message, &size, WIRE_QUERY, sizeof(frame.bare), 3);
	send(fd, message, size, 0);
	assert_int_equal(link_receive(&place->link, &frame), sizeof(frame.bare));
	assert_int_equal(link_receive(&place->link, &frame), 2 * sizeof(frame.bare));
	assert_int_equal(link_receive(&place->link, &frame), -EAGAIN);

	size = 0;
	for (uint32_t i = 0; i < WIRE_MESSAGE_FRAMES_MAX + 2; i++)
		put(message, &size, WIRE_QUERY, sizeof(frame.bare), i);
	send(fd, message, size, 0);
	for (int i = 0; i < WIRE_MESSAGE_FRAMES_MAX - 1; i++)
		assert_int_equal(link_receive(&place->link, &frame), sizeof(frame.bare));
	assert_int_equal(link_receive(&place->link, &frame), 3 * sizeof(frame.bare));
	assert_false(link_holds_frame(&place->link));

	send(fd, message, size, 0);
	close(fd);
	assert_int_equal(link_receive(&place->link, &frame), sizeof(frame.bare));
	assert_true(link_holds_frame(&place->link)); // what was sent before the end counts
	for (int i = 0; i < WIRE_MESSAGE_FRAMES_MAX - 1; i++)
		assert_true(link_receive(&place->link, &frame) > 0);
	assert_int_equal(link_receive(&place->link, &frame), -EPIPE);
}

static void a_controller_that_does_not_read_loses_reports(void **state)
{
	struct place *place = *state;
	union wire_frame report = { .report.n = 0 };
	int fd = connect_to(place);

	assert_true(link_accept(&place->link));
	for (int i = 0; i < 10000; i++)
		link_send(&place->link, &report);
	assert_true(place->link.dropped > 0);
	assert_true(place->link.fd >= 0);
	close(fd);
	assert_int_equal(link_send(&place->link, &report), -EPIPE);
}

static void a_dead_guards_socket_is_replaced_and_a_live_ones_is_not(void **state)
{
	struct place *place = *state;
	struct link other;

	assert_int_equal(link_open(place->path, -1, &other), -EADDRINUSE);
	close(place->link.listen_fd); // as if killed
	assert_int_equal(link_open(place->path, -1, &other), 0);
	place->link = other;
}

static void a_socket_may_be_handed_over(void **state)
{
	struct place *place = *state;
	struct link inherited;
	int fd;

	assert_int_equal(link_open("/nowhere", place->link.listen_fd, &inherited), 0);
	assert_false(link_accept(&inherited)); // it does not block
	fd = connect_to(place);
	assert_true(link_accept(&inherited));
	close(inherited.fd);
	close(fd);
	assert_null(inherited.path);
}

static void a_name_that_is_too_long_is_refused(void **state)
{
	char path[300];
	struct link link;

	(void)state;
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = 0;
	assert_int_equal(link_open(path, -1, &link), -ENAMETOOLONG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_socket_is_for_its_group_only, place_open,
			place_close),
		cmocka_unit_test_setup_teardown(a_second_controller_is_refused, place_open,
			place_close),
		cmocka_unit_test_setup_teardown(frames_come_whole_and_in_order, place_open,
			place_close),
		cmocka_unit_test_setup_teardown(a_message_has_several_frames, place_open,
			place_close),
		cmocka_unit_test_setup_teardown(the_rest_of_a_malformed_message_is_one_frame,
			place_open, place_close),
		cmocka_unit_test_setup_teardown(a_controller_that_does_not_read_loses_reports,
			place_open, place_close),
		cmocka_unit_test_setup_teardown(
			a_dead_guards_socket_is_replaced_and_a_live_ones_is_not, place_open,
			place_close),
		cmocka_unit_test_setup_teardown(a_socket_may_be_handed_over, place_open,
			place_close),
		cmocka_unit_test(a_name_that_is_too_long_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
