// SPDX-License-Identifier: MIT
//
// The whole system on a chair of relays: broker, chaird, chairguard, a carriage without pulses, and
// pump, valve and back rest on an expander whose lines have no names; and the same with its
// kneading motor on a channel of kernel PWM. Runs inside: tests/kernel/run build/.../test_relays
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "chair_hardware.h"
#include "pass.h"
#include "whole.h"

#define BUTTON_US   50000 // longer than the debounce time
#define SAFE_OFF_US 1000  // to start a program: 1 us for each file that it looks for in vain
#define DEATH_US    200   // to close the files of a process, chip by chip
#define FILL_US     500000
#define JOG_US      1000000
#define CHANNEL     2
#define PERIOD_NS   50000

struct relays {
	struct whole whole; // without the hardware of the bench
	struct chair_hardware *hardware;
	struct line_recorder *recorder;
};

static struct rig *rig_of(struct relays *relays)
{
	return relays->whole.rig;
}

static unsigned int line(const struct relays *relays, const char *actuator, enum line_role role)
{
	return chair_hardware_line(relays->hardware, actuator, role);
}

// --- setup and teardown -----------------------------------------------------------------------

// As the shell has it: the chair file, perhaps changed.
static void prepare(struct rig *rig, const char *make_chair)
{
	char path[200], target[4096], command[400];

	rig_path(rig, "relays.cfg", path);
	snprintf(rig->chair_file, sizeof(rig->chair_file), "%.*s", (int)sizeof(rig->chair_file) - 1,
		path);
	snprintf(command, sizeof(command), "%s tests/kernel/relays.cfg > %s", make_chair,
		rig->chair_file);
	assert_int_equal(system(command), 0);
	snprintf(rig->chair, sizeof(rig->chair), "relays");
	assert_non_null(realpath("tests/kernel/profiles/relays.cfg", target));
	assert_int_equal(symlink(target, rig_path(rig, "profiles/sessions/relays.cfg", path)), 0);
}

static void reset(struct relays *relays)
{
	size_t mark = client_mark(rig_of(relays)->client);

	chair_hardware_contact(relays->hardware, ROLE_RESET, true);
	rig_expect(rig_of(relays), mark, "state", "\"phase\":\"idle\"", SOON_MS);
	pass_until_us(chair_hardware_contact(relays->hardware, ROLE_RESET, false) + BUTTON_US +
		PASS_AT_ONCE_US);
}

static int setup_chair(void **state, const char *make_chair)
{
	struct relays *relays = calloc(1, sizeof(*relays));
	struct rig *rig;

	assert_non_null(relays);
	*state = relays;
	rig_setup_bare((void **)&relays->whole.rig);
	rig = rig_of(relays);
	prepare(rig, make_chair);
	relays->hardware = chair_hardware_new(rig->chair_file);
	relays->recorder = chair_hardware_recorder(relays->hardware);
	rig_start_broker(rig);
	rig->guard = whole_guard(&relays->whole, NULL);
	assert_true(process_logged(rig->guard, "guard.sock", SOON_MS));
	rig_start_chaird(rig);
	rig_listen(rig);
	chair_hardware_connect(relays->hardware);
	rig_expect(rig, 0, "state", "\"estop_good\":true", SOON_MS);
	reset(relays);
	rig_expect(rig, 0, "state", "\"occupied\":true", SOON_MS);
	return 0;
}

static int setup(void **state)
{
	return setup_chair(state, "cat");
}

static int setup_kernel_pwm(void **state)
{
	return setup_chair(state,
		"sed 's/pwm = { line = \"GPIO19\"; }/"
		"pwm = { chip = \"" SIMPWM "\"; channel = 2; hz = 20000; }/'");
}

static int teardown(void **state)
{
	struct relays *relays = *state;
	size_t violations = chair_hardware_violations(relays->hardware);

	rig_teardown((void **)&relays->whole.rig);
	chair_hardware_free(relays->hardware);
	free(relays);
	assert_int_equal(violations, 0);
	return 0;
}

// --- a session --------------------------------------------------------------------------------

// When the line went on after t0_us; fails the test if it never did.
static int64_t goes_on(const struct relays *relays, const char *actuator, enum line_role role,
	int64_t t0_us)
{
	int64_t t_us = line_recorder_wait(relays->recorder, line(relays, actuator, role), true,
		t0_us, SOON_MS);

	if (t_us < 0)
		fail_msg("%s.%s never goes on", actuator, line_role_name(role));
	return t_us;
}

static void a_session_moves_every_part(void **state)
{
	struct relays *relays = *state;
	int64_t t0_us = monotonic_us(), down_us, valve_us, pump_us;
	size_t mark = whole_play(&relays->whole, "relays");
	struct line_recorder_pulses pulses;

	down_us = goes_on(relays, "carriage", ROLE_FORWARD, t0_us);
	assert_true(goes_on(relays, "carriage", ROLE_REVERSE, t0_us) < down_us); // home, first
	rig_expect(rig_of(relays), mark, "event", "\"completed\"", SOON_MS);
	rig_expect(rig_of(relays), mark, "state", "\"phase\":\"idle\"", SOON_MS);
	rig_refute(rig_of(relays), mark, "event", "\"aborted\"");
	rig_refute(rig_of(relays), mark, "event", "\"tripped\"");

	pulses = line_recorder_pulses(relays->recorder, line(relays, "knead", ROLE_PWM), down_us,
		monotonic_us());
	assert_in_range(pulses.n, 250, 350); // 3 s of 100 Hz, and the slew
	assert_in_range(pulses.width_max_us, 3900, 4100);
	valve_us = goes_on(relays, "leg_cells", ROLE_VALVE, t0_us);
	pump_us = goes_on(relays, "pump", ROLE_RUN, t0_us);
	assert_true(pump_us > down_us && pump_us - valve_us <= PASS_AT_ONCE_US);
	assert_true(line_recorder_wait_safe(relays->recorder, valve_us, SOON_MS) > valve_us);
	assert_true(chair_hardware_position_mm(relays->hardware) <= 0);
	assert_false(line_recorder_was_on(relays->recorder, line(relays, "back_rest", ROLE_FORWARD),
		t0_us));
}

static void a_stop_lets_the_air_out_at_once(void **state)
{
	struct relays *relays = *state;
	size_t mark = whole_play(&relays->whole, "relays");
	int64_t t0_us, vent_us;

	rig_expect(rig_of(relays), mark, "state", "\"phase\":\"hold\"", SOON_MS);
	t0_us = monotonic_us();
	rig_publish(rig_of(relays), "set/session", "stop");
	vent_us = line_recorder_wait(relays->recorder, line(relays, "leg_cells", ROLE_VALVE), false,
		t0_us, SOON_MS);
	assert_in_range(vent_us - t0_us, 0, 20000); // a tick of guard and controller
	rig_expect(rig_of(relays), mark, "state", "\"phase\":\"idle\"", SOON_MS);
	assert_true(line_recorder_wait_safe(relays->recorder, t0_us, SOON_MS) >= 0);
	assert_false(line_recorder_was_on(relays->recorder, line(relays, "leg_cells", ROLE_VALVE),
		vent_us + 1));
}

static void the_back_rest_is_jogged(void **state)
{
	struct relays *relays = *state;
	const char *build = getenv("CHAIRD_BUILD");
	char program[400], config[200];
	const char *const argv[] = { program, "jog", config, "back_rest", "+", "--seconds=1",
		NULL };
	int64_t t0_us = line_recorder_wait_safe(relays->recorder, monotonic_us(), SOON_MS);
	int64_t on_us, off_us;
	struct process *jog;

	snprintf(program, sizeof(program), "%s/chairctl", build ? build : "build/default");
	snprintf(config, sizeof(config), "--config=%s/chaird.cfg", rig_of(relays)->dir);
	jog = process_start(argv, NULL);
	assert_int_equal(process_wait(jog, SOON_MS), 0);
	process_free(jog);
	on_us = goes_on(relays, "back_rest", ROLE_FORWARD, t0_us);
	off_us = line_recorder_wait(relays->recorder, line(relays, "back_rest", ROLE_FORWARD),
		false, on_us + 1, SOON_MS);
	assert_in_range(off_us - on_us, JOG_US / 2, JOG_US * 3 / 2);
	assert_false(line_recorder_was_on(relays->recorder, line(relays, "back_rest", ROLE_REVERSE),
		t0_us));
}

// --- the guard dies ---------------------------------------------------------------------------

// Kills the guard while the cell fills: pump and valve are on, on the expander.
static int64_t kill_guard(struct relays *relays, bool persist)
{
	uint64_t pressing = LINE_BIT(line(relays, "pump", ROLE_RUN)) |
		LINE_BIT(line(relays, "leg_cells", ROLE_VALVE));
	int64_t t0_us = monotonic_us();

	whole_play(&relays->whole, "relays");
	pass_until_us(goes_on(relays, "pump", ROLE_RUN, t0_us) + FILL_US);
	assert_int_equal(chair_hardware_levels(relays->hardware) & pressing, pressing);
	if (persist)
		chair_hardware_persist(relays->hardware);
	t0_us = monotonic_us();
	process_signal(rig_of(relays)->guard, SIGKILL);
	assert_true(WIFSIGNALED(process_wait(rig_of(relays)->guard, SOON_MS)));
	return t0_us;
}

static void a_killed_guard_leaves_every_relay_off(void **state)
{
	struct relays *relays = *state;
	int64_t t0_us = kill_guard(relays, false);
	int64_t off_us = line_recorder_wait_safe(relays->recorder, t0_us, SOON_MS);

	assert_in_range(off_us - t0_us, 0, DEATH_US);
	assert_int_equal(chair_hardware_levels(relays->hardware), 0);
}

static void a_kernel_that_keeps_levels_is_made_safe(void **state)
{
	struct relays *relays = *state;
	int64_t t0_us, off_us;
	struct process *safe_off;

	kill_guard(relays, true);
	assert_true(chair_hardware_levels(relays->hardware) &
		LINE_BIT(line(relays, "leg_cells", ROLE_VALVE)));
	t0_us = monotonic_us();
	safe_off = whole_guard(&relays->whole, "--safe-off");
	off_us = line_recorder_wait_safe(relays->recorder, t0_us, SOON_MS);
	assert_in_range(off_us - t0_us, 0, SAFE_OFF_US);
	assert_int_equal(process_wait(safe_off, SOON_MS), 0);
	process_free(safe_off);
	assert_int_equal(chair_hardware_levels(relays->hardware), 0);
}

// --- kernel PWM -------------------------------------------------------------------------------

static struct pwm_state channel_state(void)
{
	int fd = simpwm_open();
	struct pwm_state state = simpwm_read(fd, CHANNEL);

	close(fd);
	return state;
}

static void assert_channel_is_off(void)
{
	struct pwm_state state = channel_state();

	assert_false(state.enabled);
	assert_int_equal(state.duty_ns, 0);
	assert_int_equal(state.period_ns, PERIOD_NS);
}

// Until a second after the motor's first drive.
static int64_t knead(struct relays *relays)
{
	int64_t t0_us = monotonic_us(), on_us;

	whole_play(&relays->whole, "relays");
	on_us = goes_on(relays, "knead", ROLE_PWM, t0_us);
	pass_until_us(on_us + 1000000);
	return on_us;
}

static void a_motor_on_kernel_pwm_turns(void **state)
{
	struct relays *relays = *state;
	int64_t on_us, off_us;
	struct pwm_state driven;

	assert_channel_is_off();
	on_us = knead(relays);
	driven = channel_state();
	assert_true(driven.enabled);
	assert_int_equal(driven.duty_ns, PERIOD_NS * 4 / 10);
	assert_int_equal(driven.period_ns, PERIOD_NS);
	off_us = line_recorder_wait(relays->recorder, line(relays, "knead", ROLE_PWM), false,
		on_us + 1, SOON_MS);
	assert_in_range(off_us - on_us, 2900000, 3900000); // 3 s, and the slew
	assert_channel_is_off();
}

static void a_stop_turns_the_channel_off(void **state)
{
	struct relays *relays = *state;
	int64_t t0_us, off_us;

	knead(relays);
	t0_us = monotonic_us();
	rig_publish(rig_of(relays), "set/session", "stop");
	off_us = line_recorder_wait(relays->recorder, line(relays, "knead", ROLE_PWM), false, t0_us,
		SOON_MS);
	assert_in_range(off_us - t0_us, 0, 20000); // a tick of guard and controller
	assert_channel_is_off();
}

// The reason for the charge pump: its edges end with the guard, and the relay opens.
static void a_killed_guard_leaves_the_channel_on(void **state)
{
	struct relays *relays = *state;
	unsigned int enable = chair_hardware_enable(relays->hardware);
	int64_t t0_us;
	struct process *safe_off;

	knead(relays);
	t0_us = monotonic_us();
	process_signal(rig_of(relays)->guard, SIGKILL);
	assert_true(WIFSIGNALED(process_wait(rig_of(relays)->guard, SOON_MS)));
	pass_until_us(t0_us + 15000);
	assert_true(channel_state().enabled);
	assert_int_equal(channel_state().duty_ns, PERIOD_NS * 4 / 10);
	assert_int_equal(line_recorder_changes(relays->recorder, enable, t0_us + DEATH_US,
				 monotonic_us()),
		0);
	safe_off = whole_guard(&relays->whole, "--safe-off");
	assert_int_equal(process_wait(safe_off, SOON_MS), 0);
	process_free(safe_off);
	assert_channel_is_off();
}

#define test_pwm(name) cmocka_unit_test_setup_teardown(name, setup_kernel_pwm, teardown)
#define test(name)     cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_session_moves_every_part),
		test(a_stop_lets_the_air_out_at_once),
		test(the_back_rest_is_jogged),
		test(a_killed_guard_leaves_every_relay_off),
		test(a_kernel_that_keeps_levels_is_made_safe),
		test_pwm(a_motor_on_kernel_pwm_turns),
		test_pwm(a_stop_turns_the_channel_off),
		test_pwm(a_killed_guard_leaves_the_channel_on),
	};

	return cmocka_run_group_tests_name("relays", tests, NULL, NULL);
}
