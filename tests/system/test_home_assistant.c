// SPDX-License-Identifier: MIT
//
// Discovery by Home Assistant: payloads of every shipped chair against the checker, broken ones
// that the checker must refuse, when a payload is sent, and the effect of every entity.
#include "discovery_check.h"
#include "rig.h"

#include <jansson.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define ROOT "homeassistant"

static const char *discovery_topic(const struct rig *rig)
{
	static char topic[100];

	snprintf(topic, sizeof(topic), ROOT "/device/chair_%s/config", rig->chair);
	return topic;
}

// The first payload from mark on.
static const struct received *discovered(struct rig *rig, size_t mark)
{
	const struct received *received = client_wait(rig->client, mark, discovery_topic(rig),
		"\"cmps\"", SOON_MS);

	assert_non_null(received);
	return received;
}

static json_t *payload_of(struct rig *rig)
{
	const struct received *received = discovered(rig, 0);
	json_t *payload = json_loadb(received->payload, received->size, 0, NULL);

	assert_non_null(payload);
	return payload;
}

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static const json_t *component_of(const json_t *payload, const char *key)
{
	const json_t *component = json_object_get(json_object_get(payload, "cmps"), key);

	if (!component)
		fail_msg("there is no component %s", key);
	return component;
}

// --- the payload ------------------------------------------------------------------------------

static void the_checker_passes_it(void **state)
{
	const struct received *received = discovered(*state, 0);
	char why[DISCOVERY_WHY_SIZE];

	assert_true(received->retain);
	if (!discovery_check(received->topic, received->payload, received->size, why))
		fail_msg("%s", why);
}

// With the shipped profiles.
static void the_checker_passes_it_as_shipped(void **state)
{
	static const char *const names[] = { "deep-upper-back", "gentle", "legs",
		"shoulders-and-arms" };
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char from[100], path[200], target[4096];

		snprintf(from, sizeof(from), "profiles/sessions/%s.cfg", names[i]);
		assert_non_null(realpath(from, target));
		assert_int_equal(symlink(target, rig_path(rig, from, path)), 0);
	}
	rig_start_broker(rig);
	rig_start_guard(rig, NULL);
	rig_start_chaird(rig);
	rig_listen(rig);
	assert_non_null(strstr(discovered(rig, 0)->payload, "\"Legs and hamstrings\""));
	the_checker_passes_it(state);
}

static void everything_people_need_is_there(void **state)
{
	static const char *const both[] = { "phase", "profile", "start", "pause", "resume", "stop",
		"skip", "less", "eased", "more", "intensity", "remaining", "point", "refers_to",
		"occupied", "fault", "estop", "event", "last_minutes", "last_holds" };
	struct rig *rig = *state;
	json_t *payload = payload_of(rig);
	bool recliner = !strcmp(rig->chair, "recliner");

	for (size_t i = 0; i < sizeof(both) / sizeof(both[0]); i++)
		component_of(payload, both[i]);
	component_of(payload, recliner ? "press_depth" : "press_press");
	assert_int_equal(json_object_size(json_object_get(payload, "cmps")),
		sizeof(both) / sizeof(both[0]) + (recliner ? 4 : 1));
	json_decref(payload);
}

// Every entity that the page for owners names.
static void the_page_names_what_is_there(void **state)
{
	static const char object[] = ".chair_recliner_", page[] = "systemd/home-assistant.md";
	const struct received *received = discovered(*state, 0);
	char *text = rig_read(page);
	int n = 0;

	for (char *at = text; (at = strstr(at, object)); at++) {
		char *begin = at, id[100];
		size_t length = strlen(object);

		while (begin > text && (begin[-1] == '_' || (begin[-1] >= 'a' && begin[-1] <= 'z')))
			begin--;
		length += strspn(at + length, "abcdefghijklmnopqrstuvwxyz_");
		snprintf(id, sizeof(id), "\"default_entity_id\":\"%.*s\"",
			(int)(at + length - begin), begin);
		if (!strstr(received->payload, id))
			fail_msg("%s: there is no %s", page, id);
		n++;
	}
	assert_true(n > 10);
	free(text);
}

// Without the controller, and without its guard, all of it is unavailable.
static void it_is_there_while_controller_and_guard_are(void **state)
{
	struct rig *rig = *state;
	json_t *payload = payload_of(rig), *list = json_object_get(payload, "availability");
	char topic[100];

	assert_string_equal(text_of(payload, "availability_mode"), "all");
	assert_int_equal(json_array_size(list), 2);
	assert_string_equal(text_of(json_array_get(list, 0), "topic"),
		rig_topic(rig, "availability", topic));
	assert_string_equal(text_of(json_array_get(list, 1), "topic"),
		rig_topic(rig, "state", topic));
	assert_non_null(strstr(text_of(json_array_get(list, 1), "value_template"), "guard"));
	json_decref(payload);
}

// --- what the checker refuses -----------------------------------------------------------------

#define PHASE "/cmps/phase"

static const struct breakage {
	const char *at, *value; // a path, and JSON; NULL takes it away
	const char *why;        // part of what the checker says
} breakages[] = {
	{ "/~", "\"chair/x\"", "unknown key ~" },
	{ "/message_expiry_interval", "5", "unknown key message_expiry_interval" },
	{ "/dev", NULL, "device is missing" },
	{ "/o", NULL, "origin is missing" },
	{ "/cmps", NULL, "components is missing" },
	{ "/cmps", "{}", "not empty" },
	{ "/device", "{\"ids\":[\"x\"]}", "device stands there twice" },
	{ "/availability_topic", "\"chair/x\"", "exclude each other" },
	{ "/availability_mode", "\"every\"", "availability_mode" },
	{ "/availability/0/topic", NULL, "topic is missing" },
	{ "/availability/1/template", "\"{{ value }}\"", "unknown key template" },
	{ "/qos", "3", "qos" },
	{ "/dev/ids", NULL, "neither ids nor cns" },
	{ "/dev/icon", "\"mdi:seat\"", "unknown key icon" },
	{ "/dev/cu", "\"chair.local\"", "configuration_url" },
	{ "/dev/sw", "1", "sw_version" },
	{ "/o/name", NULL, "name is missing" },
	{ PHASE "/p", "\"sensors\"", "no platform" },
	{ PHASE "/unique_id", NULL, "unique_id is missing" },
	{ PHASE "/unique_id", "\"chair_bench_remaining\"", "stands there twice" },
	{ PHASE "/object_id", "\"chair_phase\"", "default_entity_id" },
	{ PHASE "/default_entity_id", "\"chair_bench_phase\"", "default_entity_id" },
	{ PHASE "/options", NULL, "go together" },
	{ PHASE "/options", "[\"idle\",\"idle\"]", "twice" },
	{ PHASE "/unit_of_measurement", "\"s\"", "does not go with" },
	{ PHASE "/state_class", "\"measurement\"", "no state_class" },
	{ PHASE "/state_topic", NULL, "state_topic is missing" },
	{ PHASE "/state_topic", "\"chair/#/state\"", "no topic" },
	{ PHASE "/value_template", "\"{{ value_json.phase }\"", "no template" },
	{ PHASE "/command_topic", "\"chair/x\"", "unknown key command_topic" },
	{ PHASE "/entity_category", "\"config\"", "entity_category" },
	{ "/cmps/remaining/unit_of_measurement", "\"sec\"", "does not go with" },
	{ "/cmps/remaining/unit_of_measurement", NULL, "does not go with" },
	{ "/cmps/estop/device_class", "\"emergency\"", "device_class" },
	{ "/cmps/start/retain", "true", "retained" },
	{ "/cmps/start/command_topic", "\"chair/+/set/session\"", "no topic" },
	{ "/cmps/start/icon", "\"play\"", "mdi:" },
	{ "/cmps/profile/options", "[]", "not empty" },
	{ "/cmps/intensity/min", "100", "below max" },
	{ "/cmps/intensity/mode", "\"wheel\"", "mode" },
	{ "/cmps/event/event_types", NULL, "event_types is missing" },
	{ "/cmps/event/device_class", "\"session\"", "device_class" },
};

static json_t *step_into(json_t *parent, const char *key)
{
	return json_is_array(parent) ? json_array_get(parent, (size_t)atoi(key))
				     : json_object_get(parent, key);
}

static void break_it(json_t *payload, const struct breakage *breakage)
{
	char path[100], *key, *next;
	json_t *at = payload;

	snprintf(path, sizeof(path), "%s", breakage->at + 1);
	for (key = path; (next = strchr(key, '/')); key = next + 1) {
		*next = '\0';
		at = step_into(at, key);
		assert_non_null(at);
	}
	if (breakage->value)
		json_object_set_new(at, key, json_loads(breakage->value, JSON_DECODE_ANY, NULL));
	else
		assert_int_equal(json_object_del(at, key), 0);
}

static void broken_ones_are_refused(void **state)
{
	struct rig *rig = *state;
	char why[DISCOVERY_WHY_SIZE];

	for (size_t i = 0; i < sizeof(breakages) / sizeof(breakages[0]); i++) {
		json_t *payload = payload_of(rig);
		char *text;

		break_it(payload, &breakages[i]);
		text = json_dumps(payload, 0);
		if (discovery_check(discovery_topic(rig), text, strlen(text), why))
			fail_msg("%s: taken", breakages[i].at);
		if (!strstr(why, breakages[i].why))
			fail_msg("%s: refused for another reason: %s", breakages[i].at, why);
		free(text);
		json_decref(payload);
	}
}

static void what_is_no_payload_is_refused(void **state)
{
	static const char *const texts[] = { "", "null", "[]", "{", "{\"dev\":{},\"dev\":{}}" };
	static const char *const topics[] = { ROOT "/device/a b/config", ROOT "/device/config",
		ROOT "/sensor/chair/config", "/device/chair/config" };
	struct rig *rig = *state;
	const struct received *received = discovered(rig, 0);
	char why[DISCOVERY_WHY_SIZE];

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_false(discovery_check(discovery_topic(rig), texts[i], strlen(texts[i]),
			why));
	for (size_t i = 0; i < sizeof(topics) / sizeof(topics[0]); i++)
		assert_false(discovery_check(topics[i], received->payload, received->size, why));
}

// --- when it is sent --------------------------------------------------------------------------

// Wait until everything that the controller has published so far has arrived.
static void settle(struct rig *rig)
{
	size_t mark = client_mark(rig->client);

	rig_publish(rig, "request/ping", "{\"id\":\"settle\"}");
	rig_expect(rig, mark, "response/ping", "settle", SOON_MS);
}

static void a_birth_has_it_sent_again(void **state)
{
	struct rig *rig = *state;
	size_t mark;

	discovered(rig, 0);
	mark = client_mark(rig->client);
	client_publish_text(rig->client, ROOT "/status", "offline");
	settle(rig);
	assert_null(client_find(rig->client, mark, discovery_topic(rig), NULL));
	client_publish_text(rig->client, ROOT "/status", "online");
	assert_string_equal(discovered(rig, mark)->payload, discovered(rig, 0)->payload);
}

static void restart_with(struct rig *rig, const char *settings)
{
	size_t mark = client_mark(rig->client);

	process_signal(rig->chaird, SIGTERM);
	assert_int_equal(process_wait(rig->chaird, SOON_MS), 0);
	rig->more_settings = settings;
	rig_settings(rig);
	rig_start_chaird(rig);
	rig_expect(rig, mark, "availability", "online", SOON_MS);
	settle(rig);
}

static void switched_off_it_is_taken_away_once(void **state)
{
	struct rig *rig = *state;
	size_t mark;

	discovered(rig, 0);
	mark = client_mark(rig->client);
	restart_with(rig, "home_assistant = { discovery = false; };\n");
	assert_non_null(client_wait(rig->client, mark, discovery_topic(rig), "", SOON_MS));
	assert_int_equal(client_last(rig->client, discovery_topic(rig))->size, 0);
	mark = client_mark(rig->client);
	client_publish_text(rig->client, ROOT "/status", "online");
	restart_with(rig, "home_assistant = { discovery = false; };\n");
	assert_null(client_find(rig->client, mark, discovery_topic(rig), NULL));
	mark = client_mark(rig->client);
	restart_with(rig, NULL);
	discovered(rig, mark);
}

static void under_another_prefix_it_moves(void **state)
{
	struct rig *rig = *state;
	char why[DISCOVERY_WHY_SIZE], topic[100];
	const struct received *received;

	discovered(rig, 0);
	restart_with(rig,
		"home_assistant = { prefix = \"ha\";\n"
		"panel_url = \"http://chair.local:9001/\"; };\n");
	assert_int_equal(client_last(rig->client, discovery_topic(rig))->size, 0);
	snprintf(topic, sizeof(topic), "ha/device/chair_%s/config", rig->chair);
	received = client_wait(rig->client, 0, topic, "\"cu\":\"http://chair.local:9001/\"",
		SOON_MS);
	assert_non_null(received);
	assert_true(discovery_check(topic, received->payload, received->size, why));
}

// --- what its entities do ---------------------------------------------------------------------

static void press(struct rig *rig, const json_t *payload, const char *key)
{
	const json_t *button = component_of(payload, key);

	assert_string_equal(text_of(button, "p"), "button");
	client_publish_text(rig->client, text_of(button, "command_topic"),
		text_of(button, "payload_press"));
}

// The map that a template looks its value up in.
static json_t *map_of(const json_t *component, const char *template)
{
	const char *text = text_of(component, template);
	json_t *map = json_loads(strchr(text, '{') + strlen("{% set map = "),
		JSON_DISABLE_EOF_CHECK, NULL);

	assert_non_null(map);
	return map;
}

static void the_select_chooses_a_profile(void **state)
{
	struct rig *rig = *state;
	json_t *payload = payload_of(rig), *titles, *names, *option;
	const json_t *select = component_of(payload, "profile");
	size_t i;

	titles = map_of(select, "value_template");
	names = map_of(select, "command_template");
	assert_int_equal(json_object_size(titles), 4);
	json_array_foreach(json_object_get(select, "options"), i, option)
	{
		size_t mark = client_mark(rig->client);
		const char *title = json_string_value(option), *name = text_of(names, title);
		char text[100];

		client_publish_text(rig->client, text_of(select, "command_topic"), name);
		snprintf(text, sizeof(text), "\"profile\":\"%s\"", name);
		assert_non_null(client_wait(rig->client, mark, text_of(select, "state_topic"), text,
			SOON_MS));
		assert_string_equal(text_of(titles, name), title);
	}
	assert_int_equal(i, json_object_size(titles));
	json_decref(titles);
	json_decref(names);
	json_decref(payload);
}

static void the_number_sets_the_intensity(void **state)
{
	struct rig *rig = *state;
	json_t *payload = payload_of(rig);
	const json_t *number = component_of(payload, "intensity");
	size_t mark = client_mark(rig->client);

	client_publish_text(rig->client, text_of(number, "command_topic"), "35");
	assert_non_null(client_wait(rig->client, mark, text_of(number, "state_topic"),
		"\"intensity\":35.0", SOON_MS));
	json_decref(payload);
}

static void the_buttons_steer_a_session(void **state)
{
	struct rig *rig = *state;
	json_t *payload = payload_of(rig);
	size_t mark = client_mark(rig->client);

	client_publish_text(rig->client, text_of(component_of(payload, "profile"), "command_topic"),
		"eased");
	rig_will_halt(rig, "halt:hold");
	press(rig, payload, "start");
	rig_halted(rig);
	rig_expect(rig, mark, "state", "\"phase\":\"hold\"", SOON_MS);
	press(rig, payload, "more");
	press(rig, payload, "less");
	rig_expect(rig, mark, "target", "\"ease\":0.85", SOON_MS);
	mark = client_mark(rig->client);
	press(rig, payload, "pause");
	rig_pass(rig, "halt:paused");
	rig_expect(rig, mark, "event", "\"paused\"", SOON_MS);
	press(rig, payload, "resume");
	rig_expect(rig, mark, "event", "\"resumed\"", SOON_MS);
	rig_pass(rig, "halt:hold");
	mark = client_mark(rig->client);
	press(rig, payload, "eased");
	rig_expect(rig, mark, "state", "\"eased\":true", SOON_MS);
	rig_pass(rig, "halt:release");
	rig_expect(rig, mark, "event", "\"eased_s\":0.", SOON_MS);
	rig_pass(rig, "halt:rest");
	press(rig, payload, "skip");
	rig_pass(rig, "halt:hold");
	mark = client_mark(rig->client);
	press(rig, payload, "stop");
	rig_expect(rig, mark, "event", "\"cause\":\"stop\"", SOON_MS);
	rig_pass(rig, "halt+8");
	assert_true(pins_safe_since(rig_pins(rig), 0) >= 0);
	json_decref(payload);
}

// --- what its entities show -------------------------------------------------------------------

// Every key that a template reads exists in the message.
static void assert_template_fits(const json_t *message, const char *key, const char *template)
{
	static const char prefix[] = "value_json.";

	for (const char *at = template; (at = strstr(at, prefix));) {
		char name[40];

		at += strlen(prefix);
		snprintf(name, sizeof(name), "%.*s", (int)strspn(at, "abcdefghijklmnopqrstuvwxyz_"),
			at);
		if (!json_object_get(message, name))
			fail_msg("%s: %s reads what is not there: %s", key, template, name);
		if (!strcmp(name, "actuators")) {
			snprintf(name, sizeof(name), "%.*s",
				(int)strcspn(strchr(at, '\'') + 1, "'"), strchr(at, '\'') + 1);
			assert_non_null(json_object_get(json_object_get(message, "actuators"),
				name));
		}
	}
}

static void what_they_show_is_published(void **state)
{
	static const char *const templates[] = { "value_template", "json_attributes_template" };
	struct rig *rig = *state;
	json_t *payload = payload_of(rig), *component, *message;
	const char *key;
	int64_t now_us;
	int n = 0;

	rig_hold(rig, "short", &now_us);
	rig_expect(rig, 0, "telemetry", NULL, SOON_MS);
	json_object_foreach(json_object_get(payload, "cmps"), key, component)
	{
		const struct received *last;

		if (!text_of(component, "state_topic"))
			continue;
		last = client_last(rig->client, text_of(component, "state_topic"));
		assert_non_null(last);
		message = json_loadb(last->payload, last->size, 0, NULL);
		for (size_t i = 0; i < 2; i++) {
			if (text_of(component, templates[i])) {
				assert_template_fits(message, key,
					text_of(component, templates[i]));
				n++;
			}
		}
		json_decref(message);
	}
	assert_true(n > 10);
	json_decref(payload);
}

// Published event types and phases are among the announced ones.
static void words_are_among_the_announced(void **state)
{
	struct rig *rig = *state;
	json_t *payload = payload_of(rig), *message, *word;
	const json_t *phases = json_object_get(component_of(payload, "phase"), "options");
	const json_t *types = json_object_get(component_of(payload, "event"), "event_types");
	static const char *const said[] = { "started", "completed", "refused" };
	size_t mark = client_mark(rig->client), i, k;

	rig_publish(rig, "set/intensity", "much");
	rig_publish(rig, "request/start", "{\"args\":{\"profile\":\"short\"}}");
	rig_expect(rig, mark, "event", "\"completed\"", SOON_MS);
	for (i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		const struct received *event = rig_expect(rig, mark, "event", said[i], SOON_MS);
		bool found = false;

		message = json_loadb(event->payload, event->size, 0, NULL);
		json_array_foreach(types, k, word)
			found |= json_equal(word, json_object_get(message, "event_type"));
		assert_true(found);
		json_decref(message);
	}
	assert_true(json_array_size(phases) >= 17);
	rig_expect(rig, mark, "state", "\"last\":{\"profile\":\"short\",\"minutes\":", SOON_MS);
	json_decref(payload);
}

#define ON(chair, function) \
	cmocka_unit_test_setup_teardown(function, rig_setup_##chair, rig_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON(bench, the_checker_passes_it),
		ON(recliner, the_checker_passes_it),
		ON(bare, the_checker_passes_it_as_shipped),
		ON(bare_recliner, the_checker_passes_it_as_shipped),
		ON(bench, everything_people_need_is_there),
		ON(recliner, everything_people_need_is_there),
		ON(recliner, the_page_names_what_is_there),
		ON(bench, it_is_there_while_controller_and_guard_are),
		ON(bench, broken_ones_are_refused),
		ON(bench, what_is_no_payload_is_refused),
		ON(bench, a_birth_has_it_sent_again),
		ON(bench, switched_off_it_is_taken_away_once),
		ON(bench, under_another_prefix_it_moves),
		ON(recliner, the_select_chooses_a_profile),
		ON(bench, the_number_sets_the_intensity),
		ON(recliner, the_buttons_steer_a_session),
		ON(recliner, what_they_show_is_published),
		ON(recliner, words_are_among_the_announced),
	};

	return cmocka_run_group_tests_name("home assistant", tests, NULL, NULL);
}
