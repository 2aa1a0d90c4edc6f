// SPDX-License-Identifier: MIT
//
// Recorded sessions: pin traces and records of messages are read, and planted violations of the
// guard's limits are found in them. (The independent checker: tests/scenario/test_trace_check.c.)
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "config/library.h"
#include "ctl/limit_check.h"
#include "ctl/session_record.h"
#include "ctl/simulator.h"

#define PLAYED_S 60

struct stage {
	struct library *library;
	struct pin_trace pins;
	struct recording recording;
	struct session_record record;
	struct limit_report report;
};

static int setup(void **state)
{
	struct stage *stage = calloc(1, sizeof(*stage));
	struct problems problems = { 0 };

	assert_non_null(stage);
	assert_int_equal(library_load("profiles", "profiles/chairs/recliner.cfg", &problems,
				 &stage->library),
		0);
	problems_clear(&problems);
	stage->recording.chair = &stage->library->chair;
	stage->recording.atlas = &stage->library->atlas;
	*state = stage;
	return 0;
}

static int teardown(void **state)
{
	struct stage *stage = *state;

	pin_trace_clear(&stage->pins);
	recording_clear(&stage->recording);
	library_free(stage->library);
	free(stage);
	return 0;
}

static void expect_finding(const struct stage *stage, const char *rule, const char *text)
{
	for (size_t i = 0; i < stage->report.n && i < LIMIT_FINDINGS_MAX; i++) {
		if (strcmp(stage->report.list[i].rule, rule) == 0 &&
			strstr(stage->report.list[i].text, text))
			return;
	}
	limit_report_print(&stage->report, stderr, &(struct terminal){ 0 });
	fail_msg("no finding \"%s: %s\"", rule, text);
}

// --- pin traces -------------------------------------------------------------------------------

// The pins of the first minute of a session, to which a test adds.
static FILE *play(const struct library *library)
{
	FILE *trace = tmpfile();
	const struct simulator_options options = { .sim = { .seed = 1, .trace = trace } };
	struct command start = { .verb = COMMAND_START, .intensity_percent = NAN };
	struct plan *plan = malloc(sizeof(*plan));
	struct plan_proof proof;
	struct simulator *simulator;

	assert_true(trace && plan);
	assert_int_equal(plan_prove(library_profile(library, "deep-upper-back"), &library->atlas,
				 &library->chair, plan, &proof),
		0);
	assert_int_equal(simulator_new(&library->chair, &options, &simulator), 0);
	simulator_run(simulator, 0, NULL);
	assert_int_equal(simulator_command(simulator, &start, plan), REFUSAL_NONE);
	simulator_run(simulator, PLAYED_S * US_PER_S, NULL);
	simulator_free(simulator);
	free(plan);
	return trace;
}

static int read_pins(struct stage *stage, FILE *trace, int *ret_line)
{
	int r;

	rewind(trace);
	r = pin_trace_read(trace, &stage->library->chair, &stage->pins, ret_line);
	fclose(trace);
	stage->recording.pins = &stage->pins;
	return r;
}

static void pins_of_a_session_are_read(void **state)
{
	struct stage *stage = *state;
	const struct chair *chair = &stage->library->chair;
	int depth = chair_find_actuator(chair, "depth"), line;
	double most = 0, least = 0;

	assert_int_equal(read_pins(stage, play(stage->library), &line), 0);
	assert_true(stage->pins.n_changes > 1000);
	assert_true(stage->pins.lines[chair->actuators[depth].line[ROLE_FORWARD]].on.n > 0);
	for (size_t i = 0; i < stage->pins.n_windows; i++) {
		most = fmax(most, pin_trace_drive(&stage->pins, depth, i));
		least = fmin(least, pin_trace_drive(&stage->pins, depth, i));
	}
	// It is driven both ways, and 40 N take some 560 per mille.
	assert_true(most > 450 && most < 930);
	assert_true(least < -200);
	assert_true(isnan(pin_trace_drive(&stage->pins, chair_find_actuator(chair, "calf_cells"),
		0)));
	limit_check(&stage->recording, &stage->report);
	assert_int_equal(stage->report.n, 0);
}

// A channel of kernel PWM for a second at 30 %, and then at full drive.
static void the_drive_of_a_channel_is_read(void **state)
{
	static const char text[] =
		"# drive 1000000 fe20c000.pwm:pwm1 300\n"
		"1000000 fe20c000.pwm:pwm1 1\n"
		"# drive 2000000 fe20c000.pwm:pwm1 1000\n"
		"# drive 3000000 fe20c000.pwm:pwm1 0\n3000000 fe20c000.pwm:pwm1 0\n";
	struct problems problems = { 0 };
	struct pin_trace pins;
	struct chair chair;
	FILE *trace = tmpfile();
	int knead, line;

	(void)state;
	assert_int_equal(chair_load("tests/scenario/chairs/kernel_pwm.cfg", &problems, &chair), 0);
	knead = chair_find_actuator(&chair, "knead");
	fputs(text, trace);
	rewind(trace);
	assert_int_equal(pin_trace_read(trace, &chair, &pins, &line), 0);
	assert_int_equal(pins.n_changes, 2);
	assert_float_equal(pin_trace_drive(&pins, knead, 5), 0, 0.1);
	assert_float_equal(pin_trace_drive(&pins, knead, 15), 300, 0.1);
	assert_float_equal(pin_trace_drive(&pins, knead, 25), 1000, 0.1);
	pin_trace_clear(&pins);
	fputs("# drive 3000000 fe20c000.pwm:pwm1 1001\n", trace);
	rewind(trace);
	assert_int_equal(pin_trace_read(trace, &chair, &pins, &line), -EINVAL);
	assert_int_equal(line, 6);
	fclose(trace);
}

static void planted_violations_of_pins_are_found(void **state)
{
	struct stage *stage = *state;
	FILE *trace = play(stage->library);
	int line;

	// The depth motor's forward stays on for longer than 120 s, at full drive.
	fprintf(trace,
		"61000000 GPIO12 1\n61000000 GPIO21 1\n191000000 GPIO12 0\n"
		"191000000 GPIO21 0\n");
	assert_int_equal(read_pins(stage, trace, &line), 0);
	limit_check(&stage->recording, &stage->report);
	expect_finding(stage, "on-time", "depth.forward on for 130.0 s, 114.0 s allowed");
	expect_finding(stage, "drive", "depth: 1000 per mille, 900 allowed");
}

static void a_file_that_is_no_trace(void **state)
{
	static const struct {
		const char *text;
		int line;
	} wrong[] = {
		{ "# line GPIO12 depth forward safe 0\n0 GPIO12 0\n0 GPIO5 0\n", 3 }, // an input
		{ "0 GPIO99 0\n", 1 },
		{ "0 GPIO12 2\n", 1 },
		{ "0 GPIO12\n", 1 },
		{ "5 GPIO12 0\n4 GPIO12 1\n", 2 },
		{ "9000000000000000000 GPIO12 0\n", 1 },
		{ "words\n", 1 },
	};
	struct stage *stage = *state;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		FILE *trace = tmpfile();
		int line;

		assert_non_null(trace);
		fputs(wrong[i].text, trace);
		assert_int_equal(read_pins(stage, trace, &line), -EINVAL);
		assert_int_equal(line, wrong[i].line);
	}
}

// --- records of messages ----------------------------------------------------------------------

static void put(FILE *stream, const char *topic, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static void put(FILE *stream, const char *topic, const char *format, ...)
{
	char payload[512];
	struct broker_message message = { .topic = topic, .payload = payload };
	va_list args;

	va_start(args, format);
	message.size = (size_t)vsnprintf(payload, sizeof(payload), format, args);
	va_end(args);
	assert_int_equal(session_record_write(stream, 1.5, &message), 0);
}

static void put_telemetry(FILE *stream, double t_s, double position_mm, double force_n)
{
	put(stream, "telemetry",
		"{\"t_ms\":%.0f,\"mode\":\"active\",\"actuators\":{"
		"\"carriage\":{\"drive_permille\":0,\"position_mm\":%.1f},"
		"\"depth\":{\"drive_permille\":560,\"force_n\":%.1f},"
		"\"calf_cells\":{\"drive_permille\":0}}}",
		1000 * t_s, position_mm, force_n);
}

static void put_phase(FILE *stream, const char *phase, int step, bool pressed)
{
	put(stream, "state",
		"{\"phase\":\"%s\",\"profile\":\"deep\",\"step\":%d,\"actuator\":\"depth\","
		"\"points\":[\"rhomboid.left\",\"rhomboid.right\"],\"pressed\":[%s]}",
		phase, step, pressed ? "{\"actuator\":\"depth\",\"force_n\":40.0}" : "");
}

// A hold of 30 s at 200 mm, at some force, between two moments of release.
static void put_hold(FILE *stream, double from_s, double force_n)
{
	put_phase(stream, "approach", 1, false);
	put_telemetry(stream, from_s, 200, 0);
	put(stream, "target",
		"{\"value\":40.0,\"unit\":\"N\",\"breath\":{\"origin_s\":-2.0,\"t_ms\":%.0f,"
		"\"inhale_s\":4.0,\"exhale_s\":6.0}}",
		1000 * from_s);
	put_phase(stream, "hold", 1, true);
	for (double s = 0.5; s <= 30; s += 0.5)
		put_telemetry(stream, from_s + s, 200, force_n);
	put_phase(stream, "rest", 1, false);
	put_telemetry(stream, from_s + 30.5, 200, 0);
}

static void read_record(struct stage *stage, FILE *stream)
{
	int line;

	rewind(stream);
	assert_int_equal(session_record_read(stream, &stage->recording, &stage->record, &line), 0);
	fclose(stream);
	limit_check(&stage->recording, &stage->report);
}

static void a_record_is_read(void **state)
{
	struct stage *stage = *state;
	struct site *sites = calloc(RECORDING_SITES_MAX, sizeof(*sites));
	FILE *stream = tmpfile();

	assert_true(stream && sites);
	put(stream, "availability", "online");
	put_hold(stream, 1000, 40);
	put(stream, "alert/fault", "%s", "");
	put(stream, "event", "{\"event_type\":\"aborted\",\"cause\":\"seat\"}");
	read_record(stage, stream);
	assert_int_equal(stage->record.n_messages, 69);
	assert_int_equal(stage->record.n_unknown_points, 0);
	assert_string_equal(stage->record.ended, "aborted");
	assert_string_equal(stage->record.why, "seat");
	assert_string_equal(stage->recording.title, "deep");
	assert_float_equal(recording_seconds(&stage->recording), 30.5, 1e-6);
	// 2 s after an exhale began at 998 s: at 1000.5 s 2.5 of 6 s are over.
	assert_float_equal(stage->recording.samples[1].lung, 1 - 2.5 / 6, 1e-4);
	assert_int_equal(recording_sites(&stage->recording, sites), 1);
	assert_float_equal(sites[0].delivered.newton_s, 30 * 40, 1);
	assert_float_equal(sites[0].target, 40, 1e-6);
	assert_int_equal(stage->report.n, 0);
	free(sites);
}

static void planted_violations_of_messages_are_found(void **state)
{
	struct stage *stage = *state;
	FILE *stream = tmpfile();

	assert_non_null(stream);
	put_hold(stream, 0, 110);
	put_phase(stream, "hold", 2, true); // for 140 s
	for (double s = 31; s <= 171; s += 0.5)
		put_telemetry(stream, s, 620, 20);
	put_phase(stream, "idle", 2, false);
	put_telemetry(stream, 172, 0, 0);
	read_record(stage, stream);
	expect_finding(stage, "force", "depth: 110.0 N, a peak of 105.0 N allowed");
	expect_finding(stage, "force", "in the mean of 3 s, 50.0 N allowed");
	expect_finding(stage, "on-time", "depth reported as pressed for more than 114.0 s");
	expect_finding(stage, "position", "carriage at 620 mm");
	expect_finding(stage, "hold", "longer than 90 s");
}

static void a_zone_that_is_pressed_too_long_is_found(void **state)
{
	struct stage *stage = *state;
	FILE *stream = tmpfile();

	assert_non_null(stream);
	for (int hold = 0; hold < 6; hold++)
		put_hold(stream, 31 * hold, 40);
	read_record(stage, stream);
	assert_int_equal(stage->report.n, 1);
	expect_finding(stage, "zone", "depth pressed one zone for more than 150 s of 5 minutes");
}

static void a_file_that_is_no_record(void **state)
{
	struct stage *stage = *state;
	FILE *stream = tmpfile();
	int line;

	assert_non_null(stream);
	put_telemetry(stream, 1, 200, 0);
	fputs("{\"t_s\": 2, \"topic\": \"state\"}\n", stream);
	rewind(stream);
	assert_int_equal(session_record_read(stream, &stage->recording, &stage->record, &line),
		-EINVAL);
	assert_int_equal(line, 2);
	fclose(stream);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(pins_of_a_session_are_read, setup, teardown),
		cmocka_unit_test(the_drive_of_a_channel_is_read),
		cmocka_unit_test_setup_teardown(planted_violations_of_pins_are_found, setup,
			teardown),
		cmocka_unit_test_setup_teardown(a_file_that_is_no_trace, setup, teardown),
		cmocka_unit_test_setup_teardown(a_record_is_read, setup, teardown),
		cmocka_unit_test_setup_teardown(planted_violations_of_messages_are_found, setup,
			teardown),
		cmocka_unit_test_setup_teardown(a_zone_that_is_pressed_too_long_is_found, setup,
			teardown),
		cmocka_unit_test_setup_teardown(a_file_that_is_no_record, setup, teardown),
	};

	return cmocka_run_group_tests_name("replay", tests, NULL, NULL);
}
