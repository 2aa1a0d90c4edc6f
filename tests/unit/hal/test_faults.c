// SPDX-License-Identifier: MIT
#include "tests/unit/hal/sim_rig.h"

static struct chair chair;

static struct sim_fault parsed(const char *text)
{
	struct sim_fault fault;
	char why[256];

	if (sim_fault_parse(&chair, text, &fault, why, sizeof(why)) < 0)
		fail_msg("%s: %s", text, why);
	return fault;
}

static void refused(const char *text, const char *reason)
{
	const struct sim_fault before = { .kind = SIM_LATE, .at_us = 42 };
	struct sim_fault fault = before;
	char why[256] = "";

	assert_int_equal(sim_fault_parse(&chair, text, &fault, why, sizeof(why)), -EINVAL);
	if (!strstr(why, reason))
		fail_msg("%s: \"%s\" does not mention \"%s\"", text, why, reason);
	assert_memory_equal(&fault, &before, sizeof(fault));
}

static void the_examples_parse(void **state)
{
	struct sim_fault fault;

	(void)state;
	fault = parsed("estop=1@12.5");
	assert_int_equal(fault.kind, SIM_ESTOP);
	assert_true(fault.value == 1);
	assert_int_equal(fault.at_us, 12500000);
	assert_int_equal(fault.for_us, 0);

	fault = parsed("stuck:depth.home=0");
	assert_int_equal(fault.kind, SIM_STUCK);
	assert_int_equal(fault.line, chair.actuators[1].line[ROLE_HOME]);
	assert_true(fault.value == 0);

	fault = parsed("write-fail=3@5");
	assert_int_equal(fault.kind, SIM_WRITE_FAIL);
	assert_true(fault.value == 3);
	assert_int_equal(fault.at_us, 5000000);

	fault = parsed("dead:carriage@20+5");
	assert_int_equal(fault.kind, SIM_DEAD);
	assert_int_equal(fault.actuator, 0);
	assert_true(isnan(fault.value));
	assert_int_equal(fault.at_us, 20000000);
	assert_int_equal(fault.for_us, 5000000);
}

static void a_line_has_two_names(void **state)
{
	(void)state;
	assert_int_equal(parsed("stuck:GPIO26").line, chair.actuators[1].line[ROLE_HOME]);
	assert_int_equal(parsed("stuck:seat=1").line, chair.seat);
	assert_int_equal(parsed("stuck:GPIO6").line, chair.seat);
	assert_int_equal(parsed("button:pause").line, chair.buttons[0].line);
	assert_int_equal(parsed("button:GPIO3=500").line, chair.buttons[0].line);
}

static void every_kind_has_a_text(void **state)
{
	static const char *const texts[SIM_FAULT_KIND_COUNT] = {
		[SIM_STUCK] = "stuck:seat",
		[SIM_DEAD] = "dead:pump",
		[SIM_NO_PULSES] = "no-pulses:carriage+1",
		[SIM_SENSOR_OFFSET] = "sensor-offset:depth=-2.5",
		[SIM_SENSOR_FAIL] = "sensor-fail:depth",
		[SIM_WRITE_FAIL] = "write-fail",
		[SIM_READ_FAIL] = "read-fail+0.1",
		[SIM_LATE] = "late=300",
		[SIM_SENSOR_ZERO] = "sensor-zero:depth",
		[SIM_SENSOR_FROZEN] = "sensor-frozen:depth",
		[SIM_SENSOR_LOW] = "sensor-low:depth=0.5",
		[SIM_CHATTER] = "chatter:depth.home",
		[SIM_WELD] = "weld:depth.home",
		[SIM_DOUBLE_PULSES] = "double-pulses:carriage",
		[SIM_EXCHANGED] = "exchanged:depth",
		[SIM_VENT_STICKS] = "vent-sticks:calf_cells",
		[SIM_WEAK] = "weak:depth=0.3",
		[SIM_BLOCKED] = "blocked:depth",
		[SIM_SHORTED] = "shorted:pump",
		[SIM_CHANNEL_FAIL] = "channel-fail:depth.current",
		[SIM_CHANNEL_FROZEN] = "channel-frozen:depth.current+2",
		[SIM_CHANNEL_READS] = "channel-reads:depth.current=1200.5",
		[SIM_ESTOP] = "estop=0",
		[SIM_SEAT] = "seat=0+3",
		[SIM_RESET] = "reset",
		[SIM_BUTTON] = "button:pause",
	};

	(void)state;
	for (int i = 0; i < SIM_FAULT_KIND_COUNT; i++)
		assert_int_equal(parsed(texts[i]).kind, i);
}

static void bad_texts_are_refused_with_a_reason(void **state)
{
	(void)state;
	refused("", "unknown fault");
	refused("stuc:seat", "unknown fault");
	refused("stuck", "needs the name of an input");
	refused("stuck:", "no line");
	refused("stuck:depth.hom=0", "no line depth.hom");
	refused("stuck:depth.pwm=0", "needs the name of an input");
	refused("channel-fail", "needs the name of an actuator");
	refused("channel-fail:depth", "no channel depth");
	refused("channel-fail:depth.force", "no channel depth.force");
	refused("channel-fail:pump.current", "pump has no such channel");
	refused("channel-reads:depth.current", "needs a value");
	refused("shorted:depth", "depth has no run line");
	refused("blocked:calf_cells", "calf_cells has no motor");
	refused("stuck:seat=2", "out of range");
	refused("stuck:seat=0.5", "out of range");
	refused("dead", "needs the name of an actuator");
	refused("dead:carriag", "no actuator carriag");
	refused("dead:carriage=1", "takes no value");
	refused("no-pulses:depth", "no pulse sensor");
	refused("sensor-fail:carriage", "no force sensor");
	refused("sensor-offset:depth", "needs a value");
	refused("sensor-offset:depth=1e9", "out of range");
	refused("sensor-offset:depth=nan", "number");
	refused("chatter:carriage.pulse", "needs the name of a contact");
	refused("weld:depth.pwm", "needs the name of a contact");
	refused("exchanged:pump", "one way only");
	refused("vent-sticks:depth", "no vent");
	refused("weak:depth", "needs a value");
	refused("write-fail=0", "out of range");
	refused("write-fail:depth", "takes no name");
	refused("late", "needs a value");
	refused("late=60000", "out of range");
	refused("late=5+1", "+FOR_S");
	refused("estop", "needs a value");
	refused("estop=1@", "number");
	refused("estop=1@-3", "times");
	refused("estop=1@1+0", "times");
	refused("estop=1+inf", "number");
	refused("estop=1@ 3", "number");
	refused("estop=1@0x10", "decimal number");
	refused("estop=1@1e999", "decimal number");
	refused("estop=1@03", "decimal number");
	refused("estop=1@3x", "left over");
	refused("button", "needs what a button does");
	refused("button:seat", "no line seat");
	refused("button:GPIO6", "needs what a button does");
	refused("button:pause+1", "+FOR_S");
	refused("estop=1+1@3", "left over");
	refused("reset=200+1", "+FOR_S");
}

static void a_chair_without_the_input_refuses(void **state)
{
	(void)state;
	chair.reset = -1;
	refused("reset", "no reset input");
	chair.seat = -1;
	refused("seat=0", "no seat input");
}

static void injected_structs_are_checked_too(void **state)
{
	struct sim_rig rig;
	struct sim_fault fault = { .kind = SIM_STUCK, .line = 99, .actuator = -1, .value = 1 };

	(void)state;
	rig_open(&rig, fixture_recliner, NULL);
	assert_int_equal(sim_inject(rig.hal, &fault), -EINVAL);
	fault = (struct sim_fault){ .kind = SIM_FAULT_KIND_COUNT };
	assert_int_equal(sim_inject(rig.hal, &fault), -EINVAL);
	fault = parsed("seat=0@1000");
	for (int i = 0; i < 64; i++)
		assert_int_equal(sim_inject(rig.hal, &fault), 0);
	assert_int_equal(sim_inject(rig.hal, &fault), -ENOSPC);
	rig_close(&rig);
}

static int fresh_chair(void **state)
{
	(void)state;
	fixture_recliner(&chair);
	chair.actuators[chair_find_actuator(&chair, "depth")].measured[QUANTITY_CURRENT].present =
		true;
	chair.buttons[chair.n_buttons++] = (struct button){ .does = BUTTON_PAUSE,
		.line = fixture_line(&chair, "GPIO3", ROLE_BUTTON, -1, true, false) };
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(the_examples_parse, fresh_chair),
		cmocka_unit_test_setup(a_line_has_two_names, fresh_chair),
		cmocka_unit_test_setup(every_kind_has_a_text, fresh_chair),
		cmocka_unit_test_setup(bad_texts_are_refused_with_a_reason, fresh_chair),
		cmocka_unit_test_setup(a_chair_without_the_input_refuses, fresh_chair),
		cmocka_unit_test_setup(injected_structs_are_checked_too, fresh_chair),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
