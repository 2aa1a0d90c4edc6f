// SPDX-License-Identifier: MIT
//
// The whole system on lines of a real kernel: broker, chaird, chairguard with the shipped bench,
// and a press that hangs on its pins. Runs inside: tests/kernel/run build/.../test_chair
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <gpiod.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "grip.h"
#include "press.h"
#include "tests/system/rig.h"

// On top of the promised times, for a virtual machine on a busy host.
#define VM_MS          100
#define LEASE_MS       250
#define RELEASE_MS     6000 // release.max_s of the bench
// A quarter of the usual: here a timer is late by half a millisecond, on a busy host by some.
#define PWM_HZ         50
#define TEXT_OF(number)  TEXT_OF_(number)
#define TEXT_OF_(number) #number
#define DUTY_POINTS    0.05
#define ESTOP_REPEATS  20
#define ESTOP_P50_MS   10
#define BUTTON_US      50000
#define PLAY_TRIES     3
#define HOLD_EDGE_US   100000 // at both ends of a hold, nothing is measured

struct system {
	struct rig *rig;
	struct press *press;
	struct watch *watch; // the press's
};

// --- the chair's file -------------------------------------------------------------------------

// The chair from now on, with another text in place of the line that begins with a key.
static void edit_chair(struct rig *rig, const char *key, const char *text)
{
	char path[160], line[300];
	FILE *from = fopen(rig->chair_file, "re"), *to;
	int edited = 0;

	snprintf(path, sizeof(path), "%s/%s.cfg", rig->dir, key);
	to = fopen(path, "we");
	assert_true(from && to);
	while (fgets(line, sizeof(line), from)) {
		bool found = !strncmp(line, key, strlen(key));

		fputs(found ? text : line, to);
		edited += found;
	}
	fclose(from);
	assert_int_equal(fclose(to), 0);
	assert_int_equal(edited, 1);
	strcpy(rig->chair_file, path);
}

// --- parts ------------------------------------------------------------------------------------

static struct process *guard(const struct system *system, const char *task)
{
	const char *build = getenv("CHAIRD_BUILD");
	char program[PATH_MAX], chair[200], socket[200];
	const char *const argv[] = { program, "--backend=gpiod", chair, socket, task, NULL };

	snprintf(program, sizeof(program), "%s/chairguard", build ? build : "build/default");
	snprintf(chair, sizeof(chair), "--chair=%s", system->rig->chair_file);
	snprintf(socket, sizeof(socket), "--socket=%s/guard.sock", system->rig->dir);
	return process_start(argv, NULL);
}

// The guard finds every contact open, and latches until they are good and somebody resets it.
static void start_guard(struct system *system)
{
	system->rig->guard = guard(system, NULL);
	assert_true(process_says(system->rig->guard, "guard.sock", SOON_MS));
	press_connect(system->press);
}

// Pushes the button until it is answered, and waits until its contact has come to rest.
static void push_reset(struct system *system)
{
	size_t mark = client_mark(system->rig->client);

	press_button(system->press, true);
	rig_expect(system->rig, mark, "state", "\"phase\":\"idle\"", SOON_MS);
	watch_until(system->watch, press_button(system->press, false) + BUTTON_US);
}

static void start_all(struct system *system)
{
	rig_start_broker(system->rig);
	start_guard(system);
	rig_start_chaird(system->rig);
	rig_listen(system->rig);
	rig_expect(system->rig, 0, "state", "\"code\":\"estop\"", SOON_MS);
	push_reset(system);
	rig_expect(system->rig, 0, "state", "\"occupied\":true", SOON_MS);
}

static int setup_bare(void **state)
{
	struct system *system = calloc(1, sizeof(*system));
	char path[200], target[PATH_MAX];

	assert_non_null(system);
	assert_int_equal(rig_setup_bare((void **)&system->rig), 0);
	assert_non_null(realpath("tests/kernel/profiles/calf.cfg", target));
	assert_int_equal(symlink(target, rig_path(system->rig, "profiles/sessions/calf.cfg", path)), 0);
	edit_chair(system->rig, "pwm_hz", "pwm_hz = " TEXT_OF(PWM_HZ) ";\n");
	system->press = press_new();
	system->watch = press_watch(system->press);
	*state = system;
	return 0;
}

static int setup(void **state)
{
	setup_bare(state);
	start_all(*state);
	return 0;
}

static int teardown(void **state)
{
	struct system *system = *state;
	bool opposed = press_opposed(system->press);

	rig_teardown((void **)&system->rig);
	press_free(system->press);
	free(system);
	assert_false(opposed);
	return 0;
}

static size_t start(struct system *system, const char *profile)
{
	size_t mark = client_mark(system->rig->client);
	char text[100];

	snprintf(text, sizeof(text), "{\"args\":{\"profile\":\"%s\"}}", profile);
	rig_say(system->rig, "request/start", text);
	return mark;
}

// In ms, how long after t0_us; fails the test where that is out of bounds or never.
static double after_ms(const char *what, int64_t t0_us, int64_t t_us, int within_ms)
{
	if (t_us < 0)
		fail_msg("%s: never", what);
	if (t_us - t0_us > within_ms * INT64_C(1000))
		fail_msg("%s: %.1f ms, not within %d", what, (double)(t_us - t0_us) / 1e3, within_ms);
	return (double)(t_us - t0_us) / 1e3;
}

// From t0_us on: no push within within_ms, then the pull, then home and everything off.
static void expect_release(struct system *system, const char *why, int64_t t0_us, int within_ms)
{
	int64_t let_go_us = watch_wait(system->watch, PRESS_FORWARD, false, t0_us, SOON_MS);
	int64_t pull_us = watch_wait(system->watch, PRESS_REVERSE, true, t0_us, SOON_MS);
	int64_t safe_us = watch_wait_safe(system->watch, t0_us, SOON_MS);
	double let_go_ms = after_ms("forward off", t0_us, let_go_us, within_ms);
	double pull_ms = after_ms("reverse on", let_go_us, pull_us, 100 + VM_MS); // dead_time_ms
	double safe_ms = after_ms("all safe", t0_us, safe_us, within_ms + RELEASE_MS);

	assert_true(press_at_home(system->press));
	print_message("%s: let go after %.1f ms, pulls back %.1f ms later, home and safe after %.0f ms\n",
		why, let_go_ms, pull_ms, safe_ms);
}

// Nothing has moved since t0_us, and nothing does.
static void expect_rest(struct system *system, int64_t t0_us)
{
	int64_t safe_us = watch_wait_safe(system->watch, t0_us, SOON_MS);

	if (safe_us != t0_us)
		fail_msg("%.1f ms on: forward %d, reverse %d, pwm %d, enable %d",
			(double)(safe_us - t0_us) / 1e3,
			watch_was_on(system->watch, PRESS_FORWARD, t0_us),
			watch_was_on(system->watch, PRESS_REVERSE, t0_us),
			watch_was_on(system->watch, PRESS_PWM, t0_us),
			watch_was_on(system->watch, PRESS_ENABLE, t0_us));
}

// --- a hold -----------------------------------------------------------------------------------

// False where the guard has let go meanwhile, because the host stood still for longer than a lease.
static bool reaches(struct system *system, size_t mark, const char *topic, const char *text)
{
	struct client *client = system->rig->client;
	int64_t until_us = monotonic_us() + SOON_MS * INT64_C(1000);
	char where[100], events[100];

	rig_topic(system->rig, topic, where);
	rig_topic(system->rig, "event", events);
	while (monotonic_us() < until_us && !client_find(client, mark, events, "\"aborted\"")) {
		if (client_wait(client, mark, where, text, 100))
			return true;
	}
	if (!client_find(client, mark, events, "\"reason\":\"late\"") &&
		!client_find(client, mark, events, "\"reason\":\"lease\""))
		rig_expect(system->rig, mark, topic, text, 0); // fails, and says what there is
	print_message("the host stood still, and the guard let go: once more\n");
	assert_true(watch_wait_safe(system->watch, monotonic_us(), SOON_MS) >= 0);
	if (client_find(client, mark, events, "\"tripped\""))
		push_reset(system);
	else
		rig_expect(system->rig, mark, "state", "\"phase\":\"idle\"", SOON_MS);
	return false;
}

// Plays a profile until something comes; the mark from before the start.
static size_t play_until(struct system *system, const char *profile, const char *topic,
	const char *text)
{
	for (int i = 0; i < PLAY_TRIES; i++) {
		size_t mark = start(system, profile);

		if (reaches(system, mark, topic, text))
			return mark;
	}
	fail_msg("the host stands still too often");
	return 0;
}

static size_t hold(struct system *system)
{
	return play_until(system, "press", "state", "\"phase\":\"hold\"");
}

static void test_whole_hold(void **state)
{
	struct system *system = *state;
	size_t mark = play_until(system, "calf", "event", "\"hold_done\"");
	const struct received *told;
	int64_t from_us, to_us;
	struct watch_pulses pwm, pump;
	int drive_permille;

	from_us = rig_expect(system->rig, mark, "event", "\"hold_reached\"", 0)->at_us + HOLD_EDGE_US;
	to_us = rig_expect(system->rig, mark, "event", "\"hold_done\"", 0)->at_us - HOLD_EDGE_US;
	told = rig_expect(system->rig, mark, "telemetry", NULL, 0);
	while (told->at_us < from_us)
		told = rig_expect(system->rig, ++mark, "telemetry", NULL, 0);
	assert_int_equal(
		sscanf(strstr(told->payload, "drive_permille"), "drive_permille\":%d", &drive_permille), 1);
	assert_true(drive_permille > 100);

	pwm = watch_pulses(system->watch, PRESS_PWM, from_us, to_us);
	pump = watch_pulses(system->watch, PRESS_ENABLE, from_us, to_us);
	print_message("hold, %.1f s: duty %.1f %% (told %.1f %%) at %.1f Hz (" TEXT_OF(PWM_HZ) "), charge pump %.1f Hz (50)\n",
		(double)(to_us - from_us) / 1e6, 100 * pwm.duty, drive_permille / 10.0, pwm.hz, pump.hz);
	assert_true(pwm.duty > drive_permille / 1000.0 - DUTY_POINTS);
	assert_true(pwm.duty < drive_permille / 1000.0 + DUTY_POINTS);
	assert_true(pwm.hz > 0.9 * PWM_HZ && pwm.hz < 1.1 * PWM_HZ);
	assert_true(pump.hz > 45 && pump.hz < 55);
	assert_int_equal(watch_changes(system->watch, PRESS_FORWARD, from_us, to_us), 0);

	rig_expect(system->rig, mark, "event", "\"completed\"", SOON_MS);
	rig_expect(system->rig, mark, "state", "\"phase\":\"idle\"", SOON_MS);
	assert_true(watch_wait_safe(system->watch, to_us, SOON_MS) >= 0);
	assert_true(press_at_home(system->press));
	rig_refute(system->rig, mark, "event", "\"aborted\"");
	rig_refute(system->rig, mark, "event", "\"tripped\"");
}

// --- emergency stop ---------------------------------------------------------------------------

static void expect_refused(struct system *system)
{
	size_t mark = start(system, "calf");

	rig_expect(system->rig, mark, "response/start", "\"code\":\"fault\"", SOON_MS);
}

static void test_estop_in_a_hold(void **state)
{
	struct system *system = *state;
	size_t mark = hold(system);
	int64_t t0_us = press_estop(system->press, true);
	int64_t safe_us = watch_wait_safe(system->watch, t0_us, SOON_MS);

	print_message("E-stop in a hold: every output safe after %.2f ms\n",
		after_ms("safe", t0_us, safe_us, VM_MS));
	rig_expect(system->rig, mark, "event", "\"tripped\"", SOON_MS);
	rig_expect(system->rig, mark, "alert/fault", NULL, SOON_MS);
	expect_refused(system);
	press_estop(system->press, false);
	expect_refused(system); // latched
	push_reset(system);
	assert_false(press_at_home(system->press));
	expect_rest(system, safe_us);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

// In motion, in any phase of the pulses.
static void test_estop_is_fast(void **state)
{
	struct system *system = *state;
	double ms[ESTOP_REPEATS];

	for (int i = 0; i < ESTOP_REPEATS; i++) {
		int64_t from_us = monotonic_us(), t0_us;
		size_t mark = start(system, "press");

		assert_true(watch_wait(system->watch, PRESS_PWM, true, from_us, SOON_MS) >= 0);
		t0_us = press_estop(system->press, true);
		ms[i] = after_ms("safe", t0_us, watch_wait_safe(system->watch, t0_us, SOON_MS), VM_MS);
		rig_expect(system->rig, mark, "event", "\"tripped\"", SOON_MS);
		press_estop(system->press, false);
		push_reset(system);
	}
	qsort(ms, ESTOP_REPEATS, sizeof(ms[0]), compare);
	print_message("E-stop edge to every output safe, %d times: p50 %.2f ms, max %.2f ms\n",
		ESTOP_REPEATS, ms[ESTOP_REPEATS / 2], ms[ESTOP_REPEATS - 1]);
	assert_true(ms[ESTOP_REPEATS / 2] < ESTOP_P50_MS);
}

// --- what dies --------------------------------------------------------------------------------

static void test_controller_killed(void **state)
{
	struct system *system = *state;
	int64_t t0_us;

	hold(system);
	t0_us = monotonic_us();
	process_signal(system->rig->chaird, SIGKILL);
	expect_release(system, "kill -9 of chaird", t0_us, LEASE_MS + VM_MS);
	rig_expect(system->rig, 0, "availability", "offline", SOON_MS);
}

static void test_controller_stopped(void **state)
{
	struct system *system = *state;
	size_t mark = hold(system);
	int64_t t0_us = monotonic_us();

	process_signal(system->rig->chaird, SIGSTOP);
	expect_release(system, "kill -STOP of chaird", t0_us, LEASE_MS + VM_MS);
	t0_us = monotonic_us();
	process_signal(system->rig->chaird, SIGCONT); // and nothing resumes
	rig_expect(system->rig, mark, "event", "\"aborted\"", SOON_MS);
	expect_rest(system, t0_us);
}

static bool is_on(const struct system *system, enum press_line line)
{
	return simchip_level(press_chip(system->press), line) == 1;
}

// The pull-ups stand in for a vendor's kernel, which keeps the pins of the dead as they were.
static void test_guard_killed_and_safe_off(void **state)
{
	struct system *system = *state;
	struct simchip *chip = press_chip(system->press);
	size_t mark = hold(system);
	uint64_t levels = UINT64_MAX;
	struct process *safe_off;
	struct grip *grip;
	int64_t t0_us;

	assert_int_equal(simchip_pull(chip, PRESS_FORWARD, true), 0);
	assert_int_equal(simchip_pull(chip, PRESS_PWM, true), 0);
	process_signal(system->rig->guard, SIGKILL);
	assert_true(WIFSIGNALED(process_wait(system->rig->guard, SOON_MS)));
	assert_true(is_on(system, PRESS_FORWARD) && is_on(system, PRESS_PWM));

	grip = grip_new(chip, PRESS_FORWARD);
	t0_us = monotonic_us();
	safe_off = guard(system, "--safe-off");
	assert_int_equal(grip_wait(grip, PRESS_OUTPUTS, SOON_MS, &levels), 0);
	print_message("kill -9 of chairguard: --safe-off has every line safe after %.1f ms\n",
		(double)(monotonic_us() - t0_us) / 1e3);
	grip_free(grip);
	assert_int_equal(levels, 0);
	assert_int_equal(process_wait(safe_off, SOON_MS), 0);
	process_free(safe_off);
	rig_expect(system->rig, mark, "event", "\"guard_lost\"", SOON_MS);
	rig_expect(system->rig, mark, "state", "\"guard\":false", SOON_MS);
}

static void test_guard_asked_to_end(void **state)
{
	struct system *system = *state;
	int64_t t0_us;

	hold(system);
	t0_us = monotonic_us();
	process_signal(system->rig->guard, SIGTERM);
	expect_release(system, "SIGTERM of chairguard", t0_us, VM_MS);
	assert_int_equal(process_wait(system->rig->guard, SOON_MS), 0);
	expect_rest(system, monotonic_us());
}

static void test_seat_lost(void **state)
{
	struct system *system = *state;
	size_t mark = hold(system);

	expect_release(system, "seat lost", press_seat(system->press, false), 300 + VM_MS); // debounce
	rig_expect(system->rig, mark, "event", "\"seat\"", SOON_MS);
	rig_expect(system->rig, mark, "state", "\"occupied\":false", SOON_MS);
}

// --- what keeps it from starting --------------------------------------------------------------

static void test_stolen_line(void **state)
{
	struct system *system = *state;
	struct gpiod_chip *chip = gpiod_chip_open(simchip_path(press_chip(system->press)));
	struct gpiod_request_config *thief = gpiod_request_config_new();
	struct gpiod_line_config *lines = gpiod_line_config_new();
	struct gpiod_line_request *stolen;

	gpiod_request_config_set_consumer(thief, "thief");
	gpiod_line_config_add_line_settings(lines, &(unsigned int){ PRESS_PWM }, 1, NULL);
	stolen = gpiod_chip_request_lines(chip, thief, lines);
	assert_non_null(stolen);

	system->rig->guard = guard(system, NULL);
	assert_int_equal(WEXITSTATUS(process_wait(system->rig->guard, SOON_MS)), EXIT_FAILURE);
	assert_true(process_says(system->rig->guard, "line GPIO22 is held by \"thief\"", SOON_MS));

	gpiod_line_request_release(stolen);
	gpiod_line_config_free(lines);
	gpiod_request_config_free(thief);
	gpiod_chip_close(chip);
}

// As a vendor's kernel on a Pi 5 shows itself: /sys/module is covered by a folder of our own.
static void persist_begin(const struct rig *rig)
{
	static const char *const folders[] = { "module", "module/pinctrl_rp1",
		"module/pinctrl_rp1/parameters" };
	char path[200];
	FILE *file;

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		assert_int_equal(mkdir(rig_path(rig, folders[i], path), 0755), 0);
	file = fopen(rig_path(rig, "module/pinctrl_rp1/parameters/persist_gpio_outputs", path), "we");
	assert_non_null(file);
	fputs("Y\n", file);
	fclose(file);
	assert_int_equal(mount(rig_path(rig, "module", path), "/sys/module", NULL, MS_BIND, NULL), 0);
}

static int teardown_persist(void **state)
{
	umount("/sys/module");
	return teardown(state);
}

static void test_persistent_outputs_need_a_pump(void **state)
{
	struct system *system = *state;
	int64_t t0_us = monotonic_us();
	size_t mark;

	persist_begin(system->rig);
	edit_chair(system->rig, "enable", ""); // no charge pump
	start_all(system);
	mark = start(system, "press");
	rig_expect(system->rig, mark, "event", "\"reason\":\"persist\"", SOON_MS);
	rig_expect(system->rig, mark, "state", "\"code\":\"persist\"", SOON_MS);
	assert_true(process_says(system->rig->guard, "dtparam=strict_gpiod", SOON_MS));
	expect_rest(system, t0_us);
}

static void test_persistent_outputs_with_a_pump(void **state)
{
	struct system *system = *state;
	int64_t t0_us = monotonic_us();

	persist_begin(system->rig);
	start_all(system);
	start(system, "press");
	assert_true(watch_wait(system->watch, PRESS_FORWARD, true, t0_us, SOON_MS) >= 0);
}

// --- without real time ------------------------------------------------------------------------

// As for a user whom no unit gives the limits: without the capabilities that stand in for them.
static void start_guard_without_realtime(struct system *system)
{
	const char *build = getenv("CHAIRD_BUILD");
	char program[PATH_MAX], chair[200], socket[200];
	const char *const argv[] = { "setpriv", "--bounding-set=-sys_nice,-ipc_lock",
		"--inh-caps=-sys_nice,-ipc_lock", program, chair, socket, NULL };

	snprintf(program, sizeof(program), "%s/chairguard", build ? build : "build/default");
	snprintf(chair, sizeof(chair), "--chair=%s", system->rig->chair_file);
	snprintf(socket, sizeof(socket), "--socket=%s/guard.sock", system->rig->dir);
	system->rig->guard = process_start(argv, NULL);
	assert_true(process_says(system->rig->guard, "guard.sock", SOON_MS));
}

// The contacts are connected once the guard has seen that they were not.
static void start_all_without_realtime(struct system *system)
{
	rig_start_broker(system->rig);
	start_guard_without_realtime(system);
	rig_start_chaird(system->rig);
	rig_listen(system->rig);
	rig_expect(system->rig, 0, "state", "\"code\":\"estop\"", SOON_MS);
	press_connect(system->press);
	push_reset(system);
	rig_expect(system->rig, 0, "state", "\"occupied\":true", SOON_MS);
}

static void test_without_realtime_it_does_not_arm(void **state)
{
	struct system *system = *state;
	int64_t t0_us;
	size_t mark;

	start_all_without_realtime(system);
	assert_true(process_says(system->rig->guard, "it will not arm", SOON_MS));
	t0_us = monotonic_us();
	mark = start(system, "press");
	rig_expect(system->rig, mark, "state", "\"code\":\"realtime\"", SOON_MS);
	expect_rest(system, t0_us);
}

static void test_without_realtime_where_the_chair_allows_it(void **state)
{
	struct system *system = *state;
	int64_t t0_us;

	edit_chair(system->rig, "current_max_ma",
		"current_max_ma = 2000;\nallow_no_realtime = true;\n");
	start_all_without_realtime(system);
	t0_us = monotonic_us();
	start(system, "press");
	assert_true(watch_wait(system->watch, PRESS_FORWARD, true, t0_us, SOON_MS) >= 0);
}

#define test_system(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
#define test_bare(name)   cmocka_unit_test_setup_teardown(name, setup_bare, teardown)
#define test_persist(name) cmocka_unit_test_setup_teardown(name, setup_bare, teardown_persist)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_system(test_whole_hold),
		test_system(test_estop_in_a_hold),
		test_system(test_estop_is_fast),
		test_system(test_controller_killed),
		test_system(test_controller_stopped),
		test_system(test_guard_killed_and_safe_off),
		test_system(test_guard_asked_to_end),
		test_system(test_seat_lost),
		test_bare(test_stolen_line),
		test_persist(test_persistent_outputs_need_a_pump),
		test_persist(test_persistent_outputs_with_a_pump),
		test_bare(test_without_realtime_it_does_not_arm),
		test_bare(test_without_realtime_where_the_chair_allows_it),
	};

	return cmocka_run_group_tests_name("chair", tests, NULL, NULL);
}
