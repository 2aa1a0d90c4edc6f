// SPDX-License-Identifier: MIT
//
// chairctl jog on a simulated chair: a key that is held moves, and everything that ends the
// heartbeat releases.
//
// The heartbeat is in real time: the chair's time passes only twenty times as fast here.
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/units.h"
#include "rig.h"

#define SPEED     "--speed=20"
#define REPEAT_MS 40 // of a key that is held

static void start(struct rig *rig)
{
	rig_start_broker(rig);
	rig_start_guard(rig, SPEED);
	rig_start_chaird(rig);
	rig_listen(rig);
}

static void arguments(const struct rig *rig, char program[400], char config[200])
{
	const char *build = getenv("CHAIRD_BUILD");

	snprintf(program, 400, "%s/chairctl", build ? build : "build/default");
	snprintf(config, 200, "--config=%s/chaird.cfg", rig->dir);
}

// --- in a script ------------------------------------------------------------------------------

static void expect(const struct rig *rig, const char *actuator, const char *direction,
	const char *more, int code, const char *text)
{
	char program[400], config[200], *output;
	const char *const argv[] = { "sh", "-c", "exec \"$0\" \"$@\" </dev/null", program, "jog",
		config, "--timeout=60", actuator, direction, more, NULL };
	struct process *process;
	int r;

	arguments(rig, program, config);
	process = process_start(argv, NULL);
	r = WEXITSTATUS(process_wait(process, SOON_MS));
	process_logged(process, "all of it", SOON_MS);
	output = process_output(process);
	if (r != code || !strstr(output, text))
		fail_msg("jog %s %s %s: exit %d: %s", actuator, direction, more ? more : "", r,
			output);
	free(output);
	process_free(process);
}

static void a_bounded_time_moves_and_releases(void **state)
{
	struct rig *rig = *state;

	start(rig);
	expect(rig, "press", "+", "--seconds=1", 0, "; released");
	assert_true(pins_first(rig_pins(rig), "press.forward", true, 0) >= 0);
	rig_expect_nothing_on(rig);
}

static void a_carriage_moves(void **state)
{
	struct rig *rig = *state;

	start(rig);
	expect(rig, "carriage", "+", "--seconds=1", 0, "recliner: carriage: ");
	rig_expect_nothing_on(rig);
	assert_true(pins_first(rig_pins(rig), "carriage.forward", true, 0) >= 0);
}

// The count begins when it moves: after the release of the first movement, and not before the chair
// has proven that cells and press are released, which takes longer than the movement.
static void a_release_comes_first(void **state)
{
	struct rig *rig = *state;
	int64_t first_us;

	start(rig);
	expect(rig, "carriage", "+", "--seconds=0.1", 0, "; released");
	first_us = pins_first(rig_pins(rig), "carriage.forward", true, 0);
	assert_true(first_us >= 0);
	expect(rig, "depth", "+", "--seconds=0.2", 0, "; released");
	expect(rig, "carriage", "+", "--seconds=0.1", 0, "; released");
	rig_expect_nothing_on(rig);
	first_us = pins_first(rig_pins(rig), "depth.reverse", true, first_us + US_PER_S);
	assert_true(first_us >= 0);
	assert_true(pins_first(rig_pins(rig), "carriage.forward", true, first_us) >= first_us);
}

static void what_cannot_be_released_is_the_reason(void **state)
{
	struct rig *rig = *state;

	start(rig);
	rig_happen(rig, "stuck:depth.home=0");
	expect(rig, "carriage", "+", "--seconds=0.1", 1, "chairctl: fault: jog: ");
}

// The back rest of this chair is moved by relays.
static int setup_relays(void **state)
{
	return rig_setup_bare_chair(state, "buttons");
}

static void a_relay_moves_at_full_drive_with_a_note(void **state)
{
	struct rig *rig = *state;

	start(rig);
	expect(rig, "back", "+", "--seconds=1", 0,
		"note: back is only on or off, as a relay is: it moves at full drive, not at 200");
	assert_true(pins_first(rig_pins(rig), "back.forward", true, 0) >= 0);
	rig_expect_nothing_on(rig);
}

static void what_is_wrong_is_refused(void **state)
{
	struct rig *rig = *state;

	start(rig);
	expect(rig, "pres", "+", "--seconds=1", 1, "did you mean press?");
	expect(rig, "press", "up", "--seconds=1", 2, "the direction is + or -, not \"up\"");
	expect(rig, "press", "+", "--seconds=11", 2, "--seconds");
	expect(rig, "press", "+", "--drive=1001", 2, "--drive");
	expect(rig, "press", "--seconds=1", NULL, 2, "chairctl jog [OPTION]... ACTUATOR +|-");
	expect(rig, "press", "+", NULL, 2, "in a script give --seconds");
	rig_pass(rig, "halt+1");
	assert_int_equal(pins_first(rig_pins(rig), "press.forward", true, 0), -1);
}

static void a_session_is_not_disturbed(void **state)
{
	struct rig *rig = *state;

	start(rig);
	rig_hold(rig, "press", NULL);
	expect(rig, "press", "+", "--seconds=1", 1, "chairctl: busy: jog: ");
	rig_go(rig);
}

// --- at a terminal ----------------------------------------------------------------------------

struct hand {
	struct rig *rig;
	pid_t pid;
	int fd; // of its terminal
	char text[40000];
	size_t used; // of the text that it printed
};

// Read what it prints, so that it never waits for its terminal, until it is silent for so long.
// False at its end.
static bool read_printed(struct hand *hand, int silent_ms)
{
	struct pollfd text = { .fd = hand->fd, .events = POLLIN };
	ssize_t n;

	while (hand->used + 1 < sizeof(hand->text) && poll(&text, 1, silent_ms) == 1) {
		n = read(hand->fd, hand->text + hand->used, sizeof(hand->text) - hand->used - 1);
		if (n <= 0)
			return false;
		hand->used += (size_t)n;
	}
	return true;
}

static struct hand sit_down(struct rig *rig)
{
	char program[400], config[200];
	struct hand hand = { .rig = rig };

	arguments(rig, program, config);
	hand.pid = forkpty(&hand.fd, NULL, NULL, NULL);
	assert_true(hand.pid >= 0);
	if (hand.pid == 0) {
		setenv("TERM", "vt100", 1);
		execl(program, program, "jog", config, "--timeout=60", "press", "+", NULL);
		_exit(127);
	}
	return hand;
}

static void type(const struct hand *hand, char key)
{
	assert_int_equal(write(hand->fd, &key, 1), 1);
}

// Hold the space bar until the chair reports the text.
static void hold_until(struct hand *hand, size_t mark, const char *topic, const char *text)
{
	char name[100];

	rig_topic(hand->rig, topic, name);
	for (int i = 0; i < SOON_MS / REPEAT_MS; i++) {
		type(hand, ' ');
		read_printed(hand, 0);
		if (client_wait(hand->rig->client, mark, name, text, REPEAT_MS))
			return;
	}
	fail_msg("no %s with %s", topic, text);
}

static int end_of(struct hand *hand)
{
	int status;

	if (read_printed(hand, SOON_MS))
		fail_msg("it does not end: %s", hand->text);
	close(hand->fd);
	assert_int_equal(waitpid(hand->pid, &status, 0), hand->pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

// A press that moves out, because its key is held; perhaps not for long, on a busy computer.
static struct hand begin(struct rig *rig)
{
	struct hand hand;

	start(rig);
	hand = sit_down(rig);
	hold_until(&hand, 0, "telemetry", "\"press\":{\"drive_permille\":200");
	assert_true(pins_first(rig_pins(rig), "press.forward", true, 0) >= 0);
	return hand;
}

static void a_key_that_is_released_releases(void **state)
{
	struct rig *rig = *state;
	int64_t rest_us;
	size_t mark;
	struct hand hand = begin(rig);

	rig_expect(rig, 0, "request/jog", "\"drive_permille\":0", SOON_MS);
	rig_expect_nothing_on(rig);
	rest_us = rig_pass(rig, "halt");
	mark = client_mark(rig->client);
	rig_go(rig);
	hold_until(&hand, mark, "telemetry", "\"press\":{\"drive_permille\":200"); // and again
	assert_true(pins_first(rig_pins(rig), "press.forward", true, rest_us) >= rest_us);
	type(&hand, 'q');
	assert_int_equal(end_of(&hand), 0);
	assert_non_null(strstr(hand.text, "moving"));
	assert_non_null(strstr(hand.text, "hold the space bar, q ends"));
	assert_non_null(strstr(hand.text, "; released"));
	rig_expect_nothing_on(rig);
}

static void ctrl_c_releases(void **state)
{
	struct rig *rig = *state;
	struct hand hand = begin(rig);

	type(&hand, '\003');
	assert_int_equal(end_of(&hand), 0);
	rig_expect(rig, 0, "request/jog", "\"drive_permille\":0", SOON_MS);
	rig_expect_nothing_on(rig);
}

static void a_terminal_that_is_closed_releases(void **state)
{
	struct rig *rig = *state;
	struct hand hand = begin(rig);
	int status;

	close(hand.fd);
	assert_int_equal(waitpid(hand.pid, &status, 0), hand.pid);
	rig_expect(rig, 0, "state", "\"phase\":\"releasing\"", SOON_MS);
	rig_expect_nothing_on(rig);
}

static void a_program_that_dies_releases(void **state)
{
	struct rig *rig = *state;
	struct hand hand = begin(rig);
	int status;

	kill(hand.pid, SIGKILL);
	assert_int_equal(waitpid(hand.pid, &status, 0), hand.pid);
	rig_expect(rig, 0, "state", "\"phase\":\"releasing\"", SOON_MS);
	close(hand.fd);
	rig_expect_nothing_on(rig);
}

static void a_lost_broker_releases(void **state)
{
	struct rig *rig = *state;
	struct hand hand = begin(rig);

	process_signal(rig->broker, SIGKILL);
	assert_int_equal(end_of(&hand), 3);
	assert_non_null(strstr(hand.text, "no-broker"));
	rig_expect_nothing_on(rig);
}

int main(void)
{
#define ON_BENCH(test) cmocka_unit_test_setup_teardown(test, rig_setup_bare, rig_teardown)
	const struct CMUnitTest tests[] = {
		ON_BENCH(a_bounded_time_moves_and_releases),
		cmocka_unit_test_setup_teardown(a_carriage_moves, rig_setup_bare_recliner,
			rig_teardown),
		cmocka_unit_test_setup_teardown(a_release_comes_first, rig_setup_bare_recliner,
			rig_teardown),
		cmocka_unit_test_setup_teardown(what_cannot_be_released_is_the_reason,
			rig_setup_bare_recliner, rig_teardown),
		cmocka_unit_test_setup_teardown(a_relay_moves_at_full_drive_with_a_note,
			setup_relays, rig_teardown),
		ON_BENCH(what_is_wrong_is_refused),
		ON_BENCH(a_session_is_not_disturbed),
		ON_BENCH(a_key_that_is_released_releases),
		ON_BENCH(ctrl_c_releases),
		ON_BENCH(a_terminal_that_is_closed_releases),
		ON_BENCH(a_program_that_dies_releases),
		ON_BENCH(a_lost_broker_releases),
	};

	return cmocka_run_group_tests_name("jog", tests, NULL, NULL);
}
