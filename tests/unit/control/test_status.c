// SPDX-License-Identifier: MIT
//
// Documents of the topics, byte for byte, and when they are sent.
#include "tests.h"

#include "control/pressed.h"
#include "control/publisher.h"
#include "../fixture.h"

static uint16_t pathway_points[] = { 0, 1 };
static struct point points[] = {
	{ .name = "rhomboid.left",
		.side = SIDE_LEFT,
		.region = REGION_UPPER_BACK,
		.refers_to = "between the shoulder blades" },
	{ .name = "rhomboid.right", .side = SIDE_RIGHT, .region = REGION_UPPER_BACK },
};
static struct pathway pathways[] = {
	{ .name = "border", .points = pathway_points, .n_points = 2 },
};
static struct profile_step steps[] = {
	{ .technique = TECHNIQUE_HOLD,
		.points = pathway_points,
		.n_points = 2,
		.pathway = &pathways[0] },
};
static struct profile profiles[] = {
	{ .name = "deep", .title = "Deep", .steps = steps, .n_steps = 1 },
};

// Last publication of each topic, and the number of all.
struct bench {
	struct library library;
	struct plan plan;
	struct wire_report report;
	struct status_view view;
	struct last_session ended;
	struct publisher publisher;
	int n, result;
	struct publication last;
	char topic[64], payload[2048];
};

static int on_publish(void *data, const struct publication *publication)
{
	struct bench *bench = data;

	bench->n++;
	if (bench->result < 0)
		return bench->result;
	bench->last = *publication;
	snprintf(bench->topic, sizeof(bench->topic), "%s", publication->topic);
	snprintf(bench->payload, sizeof(bench->payload), "%.*s", (int)publication->size,
		(const char *)publication->payload);
	return 0;
}

static int setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	const struct publisher_port port = { .publish = on_publish, .data = bench };

	fixture_bench(&bench->library.chair);
	bench->library.atlas = (struct atlas){
		.points = points, .n_points = 2, .pathways = pathways, .n_pathways = 1
	};
	bench->library.profiles = profiles;
	bench->library.n_profiles = 1;
	strcpy(bench->plan.profile, "deep");
	bench->plan.n_segments = 2;
	bench->plan.segments[0] = (struct segment){ .points = { 0, 1 } };
	bench->plan.segments[1] = (struct segment){ .points = { 1, -1 } };
	bench->report = (struct wire_report){ .now_us = 1234567,
		.mode = GUARD_ACTIVE,
		.n = 1,
		.lateness = { 9, 1 },
		.shed = 2,
		.frames_refused = 3 };
	bench->report.actuator[0] = (struct wire_actuator_state){ .drive_permille = 400,
		.force_mn = 31417,
		.position_um = 12340,
		.flags = ACTUATOR_FORCE_VALID };
	bench->view = (struct status_view){ .library = &bench->library,
		.chair = &bench->library.chair,
		.report = &bench->report,
		.chosen = "",
		.boot_id = "boot",
		.last = &bench->ended,
		.status = { .phase = SESSION_IDLE,
			.culprit = -1,
			.points = { -1, -1 },
			.intensity_percent = 100,
			.ease = 1,
			.occupied = true,
			.estop_good = true,
			.inputs_known = true,
			.guard_connected = true } };
	publisher_init(&bench->publisher, &port, 2);
	*state = bench;
	return 0;
}

static int teardown(void **state)
{
	free(*state);
	return 0;
}

static void in_a_hold(struct bench *bench)
{
	struct session_status *status = &bench->view.status;

	bench->view.plan = &bench->plan;
	status->phase = SESSION_HOLD;
	status->has_plan = status->homed = true;
	status->n_segments = 2;
	status->points[0] = 0;
	status->points[1] = 1;
	status->remaining_s = 312.4;
	status->intensity_percent = 80;
	status->target = 31.42;
	status->target_unit = TARGET_NEWTON;
	status->phase_s = 3.21;
	status->phase_total_s = 30;
	status->eased = true;
	status->ease = 0.85;
	status->breath =
		(struct breath){ .origin_us = 10 * US_PER_S, .inhale_s = 4, .exhale_s = 6 };
	bench->view.now_us = 42500 * US_PER_MS;
	bench->ended = (struct last_session){ "deep", 12.34, 14, true };
}

static void assert_document(json_t *document, const char *expected)
{
	char *text = json_dumps(document, STATUS_DUMP_FLAGS);

	assert_string_equal(text, expected);
	free(text);
	json_decref(document);
}

static void idle_is_described(void **state)
{
	struct bench *bench = *state;

	assert_document(status_state(&bench->view),
		"{\"phase\":\"idle\",\"profile\":null,\"pathway\":null,\"step\":0,\"steps\":0,"
		"\"point\":null,\"refers_to\":null,\"points\":[],\"actuator\":null,"
		"\"remaining_s\":0,\"intensity\":100.0,\"occupied\":true,\"homed\":false,"
		"\"pressed\":[],\"estop_good\":true,\"guard\":true,\"fault\":null,\"cause\":null,"
		"\"boot_id\":\"boot\",\"last\":null,\"eased\":false,\"person\":null}");
	bench->view.chosen = "deep";
	assert_document(status_target(&bench->view),
		"{\"profile\":\"deep\",\"intensity\":100.0,\"session\":\"idle\",\"value\":0.0,"
		"\"unit\":\"N\",\"ease\":1.0,\"leased\":false,\"breath\":null}");
}

static void a_hold_is_described(void **state)
{
	struct bench *bench = *state;

	in_a_hold(bench);
	assert_document(status_state(&bench->view),
		"{\"phase\":\"hold\",\"profile\":\"deep\",\"pathway\":\"border\",\"step\":1,"
		"\"steps\":2,\"point\":\"rhomboid.left\","
		"\"refers_to\":\"between the shoulder blades\","
		"\"points\":[\"rhomboid.left\","
		"\"rhomboid.right\"],\"actuator\":\"press\",\"remaining_s\":312,\"intensity\":80.0,"
		"\"occupied\":true,\"homed\":true,\"pressed\":[],\"estop_good\":true,"
		"\"guard\":true,"
		"\"fault\":null,"
		"\"cause\":null,\"boot_id\":\"boot\","
		"\"last\":{\"profile\":\"deep\",\"minutes\":12.3,\"holds\":14,\"completed\":true},"
		"\"eased\":true,\"person\":null}");
	assert_document(status_target(&bench->view),
		"{\"profile\":\"deep\",\"intensity\":80.0,\"session\":\"running\",\"value\":31.4,"
		"\"unit\":\"N\",\"ease\":0.85,\"leased\":false,"
		"\"breath\":{\"origin_s\":-2.5,\"t_ms\":42500,"
		"\"inhale_s\":4.0,\"exhale_s\":6.0}}");
	assert_document(status_telemetry(&bench->view),
		"{\"t_ms\":1234,\"mode\":\"active\",\"phase_s\":3.2,\"phase_total_s\":30.0,"
		"\"actuators\":{\"press\":{\"drive_permille\":400,\"at_home\":false,"
		"\"force_n\":31.42}},"
		"\"lateness\":[9,1,0,0,0,0,0,0],\"shed\":2,\"frames_refused\":3}");
}

static void telemetry_has_the_home_contacts(void **state)
{
	struct bench *bench = *state;
	struct actuator *actuator = &bench->library.chair.actuators[0];
	json_t *document;
	int at_home = 0;

	bench->report.actuator[0].flags = ACTUATOR_AT_HOME;
	document = status_telemetry(&bench->view);
	assert_int_equal(json_unpack(document, "{s:{s:{s:b}}}", "actuators", actuator->name,
				 "at_home", &at_home),
		0);
	assert_true(at_home);
	json_decref(document);

	actuator->line[ROLE_HOME] = -1; // without a home switch
	document = status_telemetry(&bench->view);
	assert_int_not_equal(json_unpack(document, "{s:{s:{s:b}}}", "actuators", actuator->name,
				     "at_home", &at_home),
		0);
	json_decref(document);
}

static double telemetry_value(struct bench *bench, const char *key)
{
	json_t *document = status_telemetry(&bench->view);
	double value = NAN;

	json_unpack(document, "{s:{s:{s:F}}}", "actuators", bench->library.chair.actuators[0].name,
		key, &value);
	json_decref(document);
	return value;
}

static void telemetry_has_postures_and_temperatures(void **state)
{
	struct bench *bench = *state;
	struct actuator *actuator = &bench->library.chair.actuators[0];

	bench->report.actuator[0].flags = ACTUATOR_POSITION_VALID;
	bench->report.actuator[0].position_um = 412340;
	actuator->kind = ACTUATOR_RECLINE;
	assert_true(fabs(telemetry_value(bench, "position_permille") - 412.3) < 1e-9);
	assert_true(isnan(telemetry_value(bench, "position_mm")));
	bench->report.actuator[0].position_um = 39960;
	actuator->kind = ACTUATOR_HEAT;
	assert_true(fabs(telemetry_value(bench, "temperature_c") - 40.0) < 1e-9);
	bench->report.actuator[0].flags = 0;
	assert_true(isnan(telemetry_value(bench, "temperature_c")));
}

static void telemetry_has_the_error_of_a_position_by_time(void **state)
{
	struct bench *bench = *state;
	struct actuator *actuator = &bench->library.chair.actuators[0];
	json_t *document;
	double position_mm, error_mm;

	actuator->kind = ACTUATOR_TRAVEL;
	bench->report.actuator[0].flags = ACTUATOR_POSITION_VALID;
	bench->report.actuator[0].error_um = 8230;
	document = status_telemetry(&bench->view);
	assert_int_not_equal(json_unpack(document, "{s:{s:{s:f}}}", "actuators", actuator->name,
				     "position_error_mm", &error_mm),
		0);
	json_decref(document);

	actuator->timed.down_ms = 12000; // without pulses
	document = status_telemetry(&bench->view);
	assert_int_equal(json_unpack(document, "{s:{s:{s:f, s:f}}}", "actuators", actuator->name,
				 "position_mm", &position_mm, "position_error_mm", &error_mm),
		0);
	assert_true(position_mm == 12.3 && fabs(error_mm - 8.2) < 1e-9);
	json_decref(document);
}

static void a_fault_is_described(void **state)
{
	struct bench *bench = *state;
	json_t *document;

	bench->view.status.phase = SESSION_FAULT;
	bench->view.status.fault = REASON_NO_PULSE;
	bench->view.status.culprit = 0;
	document = status_state(&bench->view);
	assert_string_equal(json_string_value(json_object_get(json_object_get(document, "fault"),
				    "code")),
		guard_reason_name(REASON_NO_PULSE));
	assert_string_equal(json_string_value(json_object_get(json_object_get(document, "fault"),
				    "actuator")),
		"press");
	json_decref(document);
}

static void unknown_inputs_are_null(void **state)
{
	static const char *const keys[] = { "occupied", "homed", "estop_good" };
	struct bench *bench = *state;
	json_t *document;

	bench->view.status.inputs_known = false;
	for (int value = 0; value < 2; value++) {
		bench->view.status.occupied = bench->view.status.homed = value;
		bench->view.status.estop_good = value;
		document = status_state(&bench->view);
		for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
			assert_true(json_is_null(json_object_get(document, keys[i])));
		assert_true(json_is_true(json_object_get(document, "guard")));
		json_decref(document);
	}
}

// It is latched, but it is not open any more.
static void a_closed_emergency_stop_is_not_called_open(void **state)
{
	struct bench *bench = *state;
	const char *open = "the emergency stop is open";

	bench->view.status.phase = SESSION_FAULT;
	bench->view.status.fault = REASON_ESTOP;
	bench->view.status.estop_good = false;
	assert_string_equal(status_fault_text(&bench->view.status), open);
	bench->view.status.estop_good = true;
	assert_string_equal(status_fault_text(&bench->view.status),
		"the emergency stop was opened; it is closed again and waits for a reset");
	json_t *document = status_state(&bench->view);

	assert_string_equal(json_string_value(json_object_get(json_object_get(document, "fault"),
				    "text")),
		status_fault_text(&bench->view.status));
	json_decref(document);
	bench->view.status.inputs_known = false; // then it may be open again
	assert_string_equal(status_fault_text(&bench->view.status), open);
	bench->view.status.inputs_known = true;
	bench->view.status.fault = REASON_NO_PULSE; // not a matter of the emergency stop
	assert_string_equal(status_fault_text(&bench->view.status),
		guard_reason_text(REASON_NO_PULSE));
}

static void an_unproven_release_is_published(void **state)
{
	struct bench *bench = *state;
	char text[PRESSED_SIZE];
	json_t *document;

	in_a_hold(bench);
	bench->view.status.pressed = 1;
	assert_null(pressed_text(&bench->view, text)); // on purpose
	bench->report.mode = GUARD_RELEASING;
	bench->report.reason = REASON_ASKED;
	assert_null(pressed_text(&bench->view, text));
	bench->report.reason = REASON_NOT_RELEASED;
	assert_string_equal(pressed_text(&bench->view, text),
		"the person is still pressed by press; pull "
		"the emergency stop and turn the chair back by hand");
	bench->report.mode = GUARD_OFF;
	bench->report.reason = REASON_NONE;
	bench->report.estop_good = 1;
	assert_string_equal(pressed_text(&bench->view, text),
		"the person may be pressed by press, which "
		"is not proven released; stop, or the reset button, releases");
	bench->report.actuator[0].force_mn = -600;
	assert_string_equal(pressed_text(&bench->view, text),
		"press, without force now, is not proven released, as before the first homing; "
		"stop, or the reset button, releases");
	bench->report.actuator[0].flags &= ~ACTUATOR_FORCE_VALID; // then it may well press
	assert_non_null(strstr(pressed_text(&bench->view, text), "may be pressed"));
	bench->report.actuator[0].flags |= ACTUATOR_FORCE_VALID;
	bench->report.actuator[0].force_mn = 31400;
	document = status_state(&bench->view);
	assert_document(json_incref(json_object_get(document, "pressed")),
		"[{\"actuator\":\"press\",\"force_n\":31.4}]");
	json_decref(document);
	bench->view.status.guard_connected = false; // then it is not known
	document = status_state(&bench->view);
	assert_true(json_is_null(json_object_get(document, "pressed")));
	json_decref(document);
}

static void hold_done_has_the_measured_values(void **state)
{
	struct bench *bench = *state;
	const struct session_event event = { .type = SESSION_EVENT_HOLD_DONE,
		.segment = 1,
		.hold = { .unit = TARGET_NEWTON,
			.measured = true,
			.target = 40,
			.mean = 39.987,
			.minimum = 38,
			.peak = NAN,
			.seconds = 30.04,
			.in_band = 0.98765,
			.eased_s = 21.04 } };

	in_a_hold(bench);
	assert_document(status_event(&bench->view, &event),
		"{\"event_type\":\"hold_done\",\"profile\":\"deep\",\"step\":2,\"steps\":2,"
		"\"points\":[\"rhomboid.right\"],\"hold\":{\"unit\":\"N\",\"measured\":true,"
		"\"target\":40.0,\"mean\":39.99,\"minimum\":38.0,\"peak\":null,\"seconds\":30.0,"
		"\"in_band\":0.9877,\"eased_s\":21.0}}");
}

static void an_abort_has_its_cause(void **state)
{
	struct bench *bench = *state;
	const struct session_event event = {
		.type = SESSION_EVENT_ABORTED, .cause = CAUSE_SEAT, .reason = REASON_SEAT
	};
	json_t *document = status_event(&bench->view, &event);

	assert_string_equal(json_string_value(json_object_get(document, "cause")), "seat");
	assert_string_equal(json_string_value(json_object_get(document, "reason")),
		guard_reason_name(REASON_SEAT));
	assert_null(json_object_get(document, "step")); // no plan, no place in it
	json_decref(document);
}

// --- when -------------------------------------------------------------------------------------

static void state_is_sent_on_change(void **state)
{
	struct bench *bench = *state;

	in_a_hold(bench);
	publisher_refresh(&bench->publisher, 0, &bench->view, true);
	assert_int_equal(bench->n, 2); // state and target
	publisher_refresh(&bench->publisher, 20000, &bench->view, false);
	assert_int_equal(bench->n, 2);
	bench->view.status.points[1] = -1; // the target is unchanged
	bench->view.now_us += US_PER_S;    // and so is the breath
	publisher_refresh(&bench->publisher, 40000, &bench->view, true);
	assert_int_equal(bench->n, 3);
	assert_string_equal(bench->topic, "state");
	assert_int_equal(bench->last.qos, 1);
	assert_true(bench->last.retain);
}

static void the_remaining_time_makes_no_storm(void **state)
{
	struct bench *bench = *state;

	in_a_hold(bench);
	publisher_refresh(&bench->publisher, 0, &bench->view, true);
	bench->n = 0;
	// 10 s of steps at 50 Hz on a clock 5 times faster: 50 s run down.
	for (int64_t t_us = 0; t_us < 10 * US_PER_S; t_us += 20 * US_PER_MS) {
		bench->view.status.remaining_s = 312.4 - 5.0 * (double)t_us / US_PER_S;
		publisher_refresh(&bench->publisher, t_us, &bench->view, false);
	}
	assert_in_range(bench->n, 9, 10);
}

static void a_failed_publication_is_repeated(void **state)
{
	struct bench *bench = *state;

	bench->result = -EAGAIN;
	publisher_refresh(&bench->publisher, 0, &bench->view, true);
	bench->result = 0;
	bench->n = 0;
	publisher_refresh(&bench->publisher, 1000, &bench->view, false);
	assert_int_equal(bench->n, 2);
}

static void telemetry_keeps_its_pace(void **state)
{
	struct bench *bench = *state;

	for (int64_t t_us = US_PER_S; t_us < 11 * US_PER_S; t_us += 20 * US_PER_MS)
		publisher_telemetry(&bench->publisher, t_us, &bench->view);
	assert_int_equal(bench->n, 20); // 2 Hz
	assert_string_equal(bench->topic, "telemetry");
	assert_int_equal(bench->last.qos, 0);
	assert_false(bench->last.retain);
}

static void an_alert_without_room_is_sent_again(void **state)
{
	struct bench *bench = *state;

	bench->result = -EAGAIN; // the queue is full
	publisher_alert(&bench->publisher, ALERT_GUARD, "no guard");
	assert_int_equal(bench->n, 1);
	assert_true(publisher_calm(&bench->publisher, 0) < 2 * US_PER_S);
	assert_int_equal(bench->n, 2);
	bench->result = 0;
	assert_true(publisher_calm(&bench->publisher, US_PER_S) == TIME_NEVER);
	assert_int_equal(bench->n, 3);
	assert_string_equal(bench->topic, "alert/guard");

	bench->result = -ENOTCONN; // everything is sent on connecting: no retry before
	publisher_alert(&bench->publisher, ALERT_GUARD, NULL);
	assert_true(publisher_calm(&bench->publisher, 2 * US_PER_S) == TIME_NEVER);
	assert_int_equal(bench->n, 4);
}

static void alerts_begin_and_end(void **state)
{
	struct bench *bench = *state;

	publisher_alert(&bench->publisher, ALERT_GUARD, "no guard");
	publisher_alert(&bench->publisher, ALERT_GUARD, "no guard");
	assert_int_equal(bench->n, 1);
	assert_string_equal(bench->topic, "alert/guard");
	assert_string_equal(bench->payload, "{\"code\":\"guard\",\"text\":\"no guard\"}");
	assert_true(bench->last.retain);
	assert_int_equal(publisher_calm(&bench->publisher, INT64_MAX - 1), TIME_NEVER);
	publisher_alert(&bench->publisher, ALERT_GUARD, NULL);
	assert_int_equal(bench->n, 2);
	assert_string_equal(bench->payload, "");
	assert_true(bench->last.retain);
}

static void an_incident_ends_when_it_is_calm(void **state)
{
	struct bench *bench = *state;

	assert_true(publisher_incident(&bench->publisher, 0, ALERT_FLOOD, "flood", ALERT_CALM_US));
	assert_false(publisher_incident(&bench->publisher, US_PER_S, ALERT_FLOOD, "flood",
		ALERT_CALM_US));
	assert_int_equal(bench->n, 1);
	assert_int_equal(publisher_calm(&bench->publisher, ALERT_CALM_US),
		US_PER_S + ALERT_CALM_US);
	assert_int_equal(bench->n, 1);
	assert_int_equal(publisher_calm(&bench->publisher, US_PER_S + ALERT_CALM_US), TIME_NEVER);
	assert_int_equal(bench->n, 2);
	assert_string_equal(bench->topic, "alert/flood");
	assert_string_equal(bench->payload, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(idle_is_described),
		TEST(a_hold_is_described),
		TEST(telemetry_has_the_home_contacts),
		TEST(telemetry_has_postures_and_temperatures),
		TEST(telemetry_has_the_error_of_a_position_by_time),
		TEST(a_fault_is_described),
		TEST(unknown_inputs_are_null),
		TEST(a_closed_emergency_stop_is_not_called_open),
		TEST(an_unproven_release_is_published),
		TEST(hold_done_has_the_measured_values),
		TEST(an_abort_has_its_cause),
		TEST(state_is_sent_on_change),
		TEST(the_remaining_time_makes_no_storm),
		TEST(a_failed_publication_is_repeated),
		TEST(telemetry_keeps_its_pace),
		TEST(alerts_begin_and_end),
		TEST(an_alert_without_room_is_sent_again),
		TEST(an_incident_ends_when_it_is_calm),
	};

	return cmocka_run_group_tests_name("status", tests, NULL, NULL);
}
