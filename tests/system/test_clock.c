// SPDX-License-Identifier: MIT
//
// Time of the simulated chair, as granted by the guard: the same seed gives the same chair,
// whatever is slow, and whatever a controller answers.
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/session.h"
#include "core/wire.h"
#include "rig.h"
#include "tests/scenario/rng.h"

#define PROFILE "tests/scenario/profiles/short.cfg"

// --- the same chair ---------------------------------------------------------------------------

static char *read_whole(const char *path, size_t *ret_size)
{
	FILE *file = fopen(path, "re");
	char *text;
	long size;

	assert_non_null(file);
	assert_int_equal(fseek(file, 0, SEEK_END), 0);
	size = ftell(file);
	rewind(file);
	text = malloc((size_t)size + 1);
	assert_int_equal(fread(text, 1, (size_t)size, file), size);
	fclose(file);
	*ret_size = (size_t)size;
	return text;
}

static void assert_same_file(const char *one, const char *other)
{
	size_t n, m;
	char *a = read_whole(one, &n), *b = read_whole(other, &m);

	assert_true(n > 10000); // a whole session
	assert_int_equal(n, m);
	assert_int_equal(memcmp(a, b, n), 0);
	free(a);
	free(b);
}

// The trace of `chairctl simulate` for the same session.
static const char *simulate(struct rig *rig, char path[200])
{
	const char *build = getenv("CHAIRD_BUILD");
	char program[400], chair[200], trace[240];
	const char *const argv[] = { program, "simulate", PROFILE, "--profiles=profiles", chair,
		"--seed=1", trace, "--json", NULL };

	rig_path(rig, "simulated", path);
	snprintf(program, sizeof(program), "%s/chairctl", build ? build : "build/default");
	snprintf(chair, sizeof(chair), "--chair=%s", rig->chair_file);
	snprintf(trace, sizeof(trace), "--trace=%s", path);
	struct process *process = process_start(argv, NULL);

	assert_int_equal(process_wait(process, SOON_MS), 0);
	process_free(process);
	return path;
}

static void start_short(struct rig *rig)
{
	rig_publish(rig, "request/start", "{\"args\":{\"profile\":\"short\"}}");
}

static void assert_completed_as_simulated(struct rig *rig, size_t mark)
{
	char path[200], pins[200];

	rig_expect(rig, mark, "event", "\"completed\"", SOON_MS);
	rig_expect(rig, mark, "state", "\"phase\":\"idle\"", SOON_MS);
	process_signal(rig->guard, SIGTERM); // it writes the rest
	assert_int_equal(process_wait(rig->guard, SOON_MS), 0);
	assert_same_file(rig_path(rig, "pins", pins), simulate(rig, path));
}

static void daemons_and_simulator_agree_to_the_last_edge(void **state)
{
	struct rig *rig = *state;
	size_t mark = client_mark(rig->client);

	start_short(rig);
	assert_completed_as_simulated(rig, mark);
}

static void sleep_ms(long ms)
{
	nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000 }, NULL);
}

static void stop_for(struct process *process, long ms)
{
	process_signal(process, SIGSTOP);
	sleep_ms(ms);
	process_signal(process, SIGCONT);
}

// Stop it as a debugger does: unlike after a stop signal, it does not count as dead.
static void hold_for(struct process *process, long ms)
{
	pid_t pid = process_pid(process);

	assert_int_equal(ptrace(PTRACE_SEIZE, pid, NULL, NULL), 0);
	assert_int_equal(ptrace(PTRACE_INTERRUPT, pid, NULL, NULL), 0);
	assert_int_equal(waitpid(pid, NULL, __WALL), pid);
	sleep_ms(ms);
	assert_int_equal(ptrace(PTRACE_DETACH, pid, NULL, NULL), 0);
}

static void stalls_change_nothing(void **state)
{
	struct rig *rig = *state;
	const char *given = getenv("CHAIRD_SEED");
	uint64_t seed = given ? strtoull(given, NULL, 0) : (uint64_t)monotonic_us();
	struct rng rng = { seed };
	size_t mark = client_mark(rig->client);
	char topic[100];
	int stalls = 0;

	print_message("CHAIRD_SEED=%llu\n", (unsigned long long)seed);
	start_short(rig);
	rig_topic(rig, "event", topic);
	while (!client_find(rig->client, mark, topic, "\"completed\"")) {
		long ms = (long)rng_below(&rng, 30) + 1;

		switch (rng_below(&rng, 3)) {
		case 0:
			stop_for(rig->guard, ms);
			break;
		case 1:
			hold_for(rig->chaird, ms);
			break;
		default:
			stop_for(rig->broker, ms);
		}
		sleep_ms((long)rng_below(&rng, 10));
		assert_true(++stalls < 100000);
	}
	print_message("%d stalls\n", stalls);
	assert_completed_as_simulated(rig, mark);
}

// --- controllers of our own, some of them dishonest -------------------------------------------

static int connect_to_guard(const struct rig *rig)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct timeval bound = { .tv_sec = SOON_MS / 1000 };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/guard.sock", rig->dir);
	assert_true(fd >= 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &bound, sizeof(bound)), 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

// The next grant; other frames are skipped.
static bool next_grant(int fd, struct wire_grant *ret_grant)
{
	union wire_frame frame;
	ssize_t n;

	while ((n = recv(fd, &frame, sizeof(frame), 0)) > 0) {
		if (frame.header.type == WIRE_GRANT) {
			*ret_grant = frame.grant;
			return true;
		}
	}
	return false;
}

static void answer(int fd, uint32_t turn, int64_t next_us, uint32_t phase)
{
	struct wire_next next = { .turn = turn, .next_us = next_us, .phase = phase };

	wire_header_init(&next.header, WIRE_NEXT, sizeof(next), 0);
	assert_int_equal(send(fd, &next, sizeof(next), MSG_NOSIGNAL), sizeof(next));
}

// A phase that is caused after a command for the clock is not missed, however slow the guard is.
static void a_command_is_handled_before_later_frames(void **state)
{
	struct rig *rig = *state;
	struct wire_grant grant;
	int fd;

	rig_start_guard(rig, NULL);
	fd = connect_to_guard(rig);
	assert_true(next_grant(fd, &grant));
	rig_will_halt(rig, "halt:hold");
	answer(fd, grant.turn, TIME_NEVER, SESSION_HOLD);
	assert_int_equal(rig_halted(rig), grant.now_us);
	close(fd);
}

// A controller that always asks for another turn now: the time moves on.
static void a_controller_that_stops_the_time_is_overruled(void **state)
{
	struct rig *rig = *state;
	struct wire_grant grant;
	int64_t now_us = 0;
	int fd;

	rig_start_guard(rig, NULL);
	fd = connect_to_guard(rig);
	rig_will_halt(rig, "halt@0.05");
	while (now_us < 50000) {
		assert_true(next_grant(fd, &grant));
		assert_true(grant.now_us >= now_us);
		now_us = grant.now_us;
		answer(fd, grant.turn + 1, 1, 0);         // not its turn
		answer(fd, grant.turn, -5, 0);            // no time
		answer(fd, grant.turn, grant.now_us, 99); // no phase
	}
	assert_int_equal(rig_halted(rig), 50000);
	close(fd);
}

static void a_silent_controller_is_not_waited_for(void **state)
{
	struct rig *rig = *state;
	int fd;

	rig_start_guard(rig, NULL);
	fd = connect_to_guard(rig); // and never sends anything
	assert_true(process_logged(rig->guard, "the controller does not answer", SOON_MS));
	assert_int_equal(rig_pass(rig, "halt@5"), 5000000);
	close(fd);
	assert_true(process_logged(rig->guard, "the controller has gone", SOON_MS));
}

static void a_flooding_controller_is_cut_off(void **state)
{
	struct rig *rig = *state;
	struct wire_bare query = { 0 };
	struct wire_grant grant;
	int fd;

	rig_start_guard(rig, NULL);
	fd = connect_to_guard(rig);
	assert_true(next_grant(fd, &grant));
	for (uint32_t i = 1; !process_logged(rig->guard, "the controller does not answer", 0);
		i++) {
		wire_header_init(&query.header, WIRE_QUERY, sizeof(query), i);
		assert_true(send(fd, &query, sizeof(query), MSG_NOSIGNAL | MSG_DONTWAIT) > 0 ||
			errno == EAGAIN);
	}
	close(fd);
	assert_int_equal(rig_pass(rig, "halt@5"), 5000000);
}

int main(void)
{
#define ON_RECLINER(test) cmocka_unit_test_setup_teardown(test, rig_setup_recliner, rig_teardown)
#define BARE(test)        cmocka_unit_test_setup_teardown(test, rig_setup_bare, rig_teardown)
	const struct CMUnitTest tests[] = {
		ON_RECLINER(daemons_and_simulator_agree_to_the_last_edge),
		ON_RECLINER(stalls_change_nothing),
		BARE(a_command_is_handled_before_later_frames),
		BARE(a_controller_that_stops_the_time_is_overruled),
		BARE(a_silent_controller_is_not_waited_for),
		BARE(a_flooding_controller_is_cut_off),
	};

	return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
