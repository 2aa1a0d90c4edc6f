// SPDX-License-Identifier: MIT
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "ctl/view.h"

static json_t *json(const char *text)
{
	json_t *value = json_loads(text, 0, NULL);

	assert_non_null(value);
	return value;
}

static bool state(struct view *view, const char *text)
{
	json_auto_t *value = json(text);

	return view_state(view, value);
}

static void telemetry(struct view *view, const char *text)
{
	json_auto_t *value = json(text);

	view_telemetry(view, value);
}

static void a_session_gets_on(void **unused)
{
	struct view view;
	struct progress progress;

	(void)unused;
	view_init(&view);
	assert_true(isnan(view_progress(&view).fraction));
	state(&view, "{\"phase\":\"homing\",\"step\":1,\"steps\":12,\"remaining_s\":100}");
	assert_true(state(&view,
		"{\"phase\":\"hold\",\"step\":2,\"steps\":12,\"remaining_s\":100,"
		"\"points\":[\"rhomboid.left\",\"rhomboid.right\"],\"actuator\":\"depth\"}"));
	assert_true(isnan(view_progress(&view).phase_s)); // until it is reported
	// Only time has passed: no change.
	assert_false(state(&view,
		"{\"phase\":\"hold\",\"step\":2,\"steps\":12,\"remaining_s\":75,"
		"\"points\":[\"rhomboid.left\",\"rhomboid.right\"],\"actuator\":\"depth\"}"));
	telemetry(&view,
		"{\"t_ms\":26000,\"phase_s\":25,\"actuators\":{\"depth\":{\"drive_permille\":500,"
		"\"force_n\":39.5},\"cells\":{\"drive_permille\":0,\"force_n\":50}}}");
	progress = view_progress(&view);
	assert_string_equal(progress.phase, "hold");
	assert_string_equal(progress.points, "rhomboid.left/right");
	assert_int_equal(progress.step, 2);
	assert_int_equal(progress.n_steps, 12);
	assert_true(progress.fraction == 0.25);
	assert_true(progress.phase_s == 25);
	assert_true(progress.now == 39.5);
	// A guard that connects is a change.
	assert_false(progress.guard);
	assert_true(state(&view,
		"{\"phase\":\"hold\",\"step\":2,\"steps\":12,\"remaining_s\":75,"
		"\"points\":[\"rhomboid.left\",\"rhomboid.right\"],\"guard\":true}"));
	assert_true(view_progress(&view).guard);
	// Only telemetry has the time of another phase.
	assert_true(isnan(view_progress(&view).phase_s));
	// The next session begins at zero.
	assert_true(state(&view, "{\"phase\":\"idle\",\"step\":0,\"steps\":0,\"remaining_s\":0}"));
	assert_true(state(&view,
		"{\"phase\":\"homing\",\"step\":1,\"steps\":3,\"remaining_s\":40}"));
	assert_true(view_progress(&view).fraction == 0);
}

static void a_session_that_is_joined_is_not_at_its_beginning(void **unused)
{
	struct view view;
	struct progress progress;

	(void)unused;
	view_init(&view);
	state(&view, "{\"phase\":\"hold\",\"step\":3,\"steps\":4,\"remaining_s\":100}");
	telemetry(&view, "{\"t_ms\":91000,\"phase_s\":23.2,\"actuators\":{}}");
	progress = view_progress(&view);
	assert_true(progress.fraction == 0.5); // two places of four are over
	assert_true(progress.phase_s == 23.2);
	state(&view, "{\"phase\":\"hold\",\"step\":4,\"steps\":4,\"remaining_s\":50}");
	assert_true(view_progress(&view).fraction == 0.75);
}

// A word has no space, so that a line of words can be taken apart; a text is for people.
static void a_text_keeps_its_spaces(void **unused)
{
	json_auto_t *row = json("{\"muscle\":\"levator scapulae\",\"other\":\"M. érecteur\","
				"\"bad\":\"a\\u001b[2Jb\",\"long\":"
				"\"01234567890123456789012345678901234567890123456\u00e9\"}");
	char text[NAME_SIZE];

	(void)unused;
	assert_string_equal(view_text(row, "muscle", "?", text), "levator scapulae");
	assert_string_equal(view_text(row, "other", "?", text), "M. érecteur");
	assert_string_equal(view_text(row, "bad", "?", text), "a?[2Jb");
	assert_string_equal(view_text(row, "none", "?", text), "?");
	assert_int_equal(strlen(view_text(row, "long", "?", text)), NAME_SIZE - 1); // not in half
	assert_string_equal(view_word(row, "muscle", "?", text), "levator?scapulae");
}

static bool is_pressing(const char *text)
{
	json_auto_t *value = json(text);

	return view_is_pressing(value);
}

static void what_is_not_proven_is_not_known_to_press(void **unused)
{
	json_auto_t *light = json("{\"pressed\":[{\"actuator\":\"depth\",\"force_n\":-0.6},"
				  "{\"actuator\":\"cells\",\"force_n\":null},"
				  "{\"actuator\":\"other\",\"force_n\":19.8}]}");
	char text[LABEL_SIZE];

	(void)unused;
	assert_string_equal(view_pressed(light, text), "depth below 3 N, cells, other 19.8 N");
	assert_true(is_pressing("{\"pressed\":[{\"actuator\":\"depth\",\"force_n\":3.0}]}"));
	assert_false(is_pressing("{\"pressed\":[{\"actuator\":\"depth\",\"force_n\":-0.6}]}"));
	assert_false(is_pressing("{\"pressed\":[{\"actuator\":\"cells\",\"force_n\":null}]}"));
	assert_false(is_pressing("{\"phase\":\"fault\",\"pressed\":[]}"));
	assert_true(is_pressing("{\"phase\":\"fault\",\"pressed\":[{\"actuator\":\"cells\","
				"\"force_n\":null}]}"));
}

static void nonsense_changes_nothing_bad(void **unused)
{
	struct view view;
	struct table_row row;
	json_auto_t *no_hold = json("{\"event_type\":\"hold_done\"}");
	json_auto_t *odd_hold =
		json("{\"points\":[7],\"hold\":{\"target\":\"40\",\"in_band\":null}}");

	(void)unused;
	view_init(&view);
	view_state(&view, NULL);
	view_target(&view, NULL);
	view_telemetry(&view, NULL);
	state(&view,
		"{\"phase\":7,\"step\":-4,\"steps\":1e300,\"points\":\"x\",\"remaining_s\":1e300}");
	assert_string_equal(view.phase, "unknown");
	assert_int_equal(view.step, 0);
	assert_true(view.remaining_s <= 86400);
	state(&view, "{\"phase\":\"a\\u001b[2Jb\"}");
	assert_string_equal(view.phase, "a?[2Jb");
	state(&view,
		"{\"phase\":\"0123456789012345678901234567890123456789012345678901234567890\"}");
	assert_int_equal(strlen(view.phase), NAME_SIZE - 1);
	assert_false(view_hold(no_hold, &row));
	assert_true(view_hold(odd_hold, &row));
	assert_int_equal(table_verdict(&row.hold),
		VERDICT_UNSTEADY); // not known does not count as held
}

static void a_hold_as_it_is_reported(void **unused)
{
	json_auto_t *event =
		json("{\"event_type\":\"hold_done\",\"points\":[\"a.left\"],\"hold\":{"
		     "\"unit\":\"permille\",\"measured\":true,\"target\":40,\"mean\":40.1,"
		     "\"minimum\":38.2,"
		     "\"peak\":41.5,\"seconds\":30,\"in_band\":0.99}}");
	struct table_row row;

	(void)unused;
	assert_true(view_hold(event, &row));
	assert_string_equal(row.label, "a.left");
	assert_int_equal(row.hold.unit, TARGET_PERMILLE);
	assert_true(row.hold.measured);
	assert_true(row.hold.target == 40 && row.hold.mean == 40.1 && row.hold.minimum == 38.2);
	assert_true(row.hold.peak == 41.5 && row.hold.seconds == 30 && row.hold.in_band == 0.99);
	assert_true(isnan(row.felt_mean_n));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_gets_on),
		cmocka_unit_test(a_session_that_is_joined_is_not_at_its_beginning),
		cmocka_unit_test(a_text_keeps_its_spaces),
		cmocka_unit_test(what_is_not_proven_is_not_known_to_press),
		cmocka_unit_test(nonsense_changes_nothing_bad),
		cmocka_unit_test(a_hold_as_it_is_reported),
	};

	return cmocka_run_group_tests_name("view", tests, NULL, NULL);
}
