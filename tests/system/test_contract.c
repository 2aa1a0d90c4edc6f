// SPDX-License-Identifier: MIT
//
// Every example of chaird-mqtt(7), as it is written there: its command is run, and what it prints
// has the shape that the page shows. The payloads that the page shows are recorded like received
// ones, so that they are held against the schemas, too (check-messages).
//
//   CHAIRD_TEST_VERBOSE=1 ...    prints what the commands print
#include "page.h"
#include "record.h"
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

#define PAGE "daemon/control/chaird-mqtt.7.scd"
#define BASE "chair/recliner/"

// --- what an example needs --------------------------------------------------------------------

// The chair as an example finds it. While it is not as it was at the start, its time stands still.
enum scene { AS_IT_IS, MOVING, HOLD, PAUSED, LEASED, FAULT };

struct place {
	const char *topic, *payload; // below BASE; a part of the payload, or NULL
	enum scene scene;
	const char *on, *text; // what it leads to, if it prints nothing: a message
};

static const struct place places[] = {
	{ "availability", NULL, AS_IT_IS, NULL, NULL },
	{ "state", NULL, HOLD, NULL, NULL },
	{ "target", NULL, HOLD, NULL, NULL },
	{ "telemetry", NULL, AS_IT_IS, NULL, NULL },
	{ "event", NULL, AS_IT_IS, NULL, NULL },
	{ "alert/fault", NULL, FAULT, NULL, NULL },
	{ "info", NULL, AS_IT_IS, NULL, NULL },
	{ "atlas", NULL, AS_IT_IS, NULL, NULL },
	{ "dose", NULL, AS_IT_IS, NULL, NULL },
	{ "set/profile", "gentle", AS_IT_IS, "target", "\"profile\":\"gentle\"" },
	{ "set/intensity", "60", AS_IT_IS, "target", "\"intensity\":60.0" },
	{ "set/feedback", "less", HOLD, "target", "\"ease\":0.85" },
	{ "set/session", "start", MOVING, "event", "\"started\"" },
	{ "set/session", "pause", HOLD, "state", "\"phase\":\"pausing\"" },
	{ "set/session", "resume", PAUSED, "event", "\"resumed\"" },
	{ "set/session", "skip", HOLD, "event", "\"hold_done\"" },
	{ "set/session", "stop", HOLD, "event", "\"cause\":\"stop\"" },
	{ "request/start", "gentle", MOVING, NULL, NULL },
	{ "request/start", "gentel", AS_IT_IS, NULL, NULL },
	{ "request/pause", NULL, HOLD, NULL, NULL },
	{ "request/resume", NULL, PAUSED, NULL, NULL },
	{ "request/stop", NULL, HOLD, NULL, NULL },
	{ "request/skip", NULL, HOLD, NULL, NULL },
	{ "request/intensity", NULL, AS_IT_IS, NULL, NULL },
	{ "request/feedback", NULL, HOLD, NULL, NULL },
	{ "request/renew", NULL, LEASED, NULL, NULL },
	{ "request/home", NULL, MOVING, NULL, NULL },
	{ "request/jog", NULL, MOVING, NULL, NULL },
	{ "request/reset", NULL, FAULT, NULL, NULL },
	{ "request/profiles", NULL, AS_IT_IS, NULL, NULL },
	{ "request/profile", NULL, AS_IT_IS, NULL, NULL },
	{ "request/check", NULL, AS_IT_IS, NULL, NULL },
	{ "request/put", NULL, AS_IT_IS, NULL, NULL },
	{ "request/try", NULL, MOVING, NULL, NULL },
	{ "request/persons", NULL, AS_IT_IS, NULL, NULL },
	{ "request/person", NULL, AS_IT_IS, NULL, NULL },
	{ "request/consent", NULL, AS_IT_IS, NULL, NULL },
	{ "request/dose", NULL, AS_IT_IS, NULL, NULL },
	{ "request/reload", NULL, AS_IT_IS, NULL, NULL },
	{ "request/status", NULL, HOLD, NULL, NULL },
	{ "request/ping", NULL, AS_IT_IS, NULL, NULL },
	{ "request/help", NULL, AS_IT_IS, NULL, NULL },
	{ "request/strat", NULL, AS_IT_IS, NULL, NULL },
};

#define N_PLACES (sizeof(places) / sizeof(places[0]))

// The word after "-t", below BASE.
static void read_topic(const struct example *example, char topic[100])
{
	const char *at = strstr(example->command, "-t " BASE);

	if (!at || sscanf(at, "-t " BASE "%99s", topic) != 1)
		fail_msg(PAGE ":%d: has no -t " BASE "...", example->line);
}

static const struct place *find_place(const struct example *example, bool used[N_PLACES])
{
	char topic[100];

	read_topic(example, topic);
	for (size_t i = 0; i < N_PLACES; i++) {
		if (strcmp(places[i].topic, topic) ||
			(places[i].payload && !strstr(example->command, places[i].payload)))
			continue;
		used[i] = true;
		return &places[i];
	}
	fail_msg(PAGE ":%d: nothing is known about %s", example->line, topic);
	return NULL;
}

// --- the chair --------------------------------------------------------------------------------

static void enter(struct rig *rig, enum scene scene)
{
	size_t mark = client_mark(rig->client);

	switch (scene) {
	case AS_IT_IS:
		break;
	case MOVING:
		rig_pass(rig, "halt+0.1");
		break;
	case HOLD:
		rig_hold(rig, "eased", NULL);
		break;
	case PAUSED:
		rig_hold(rig, "eased", NULL);
		rig_publish(rig, "request/pause", "{}");
		rig_pass(rig, "halt:paused");
		rig_expect(rig, mark, "state", "\"phase\":\"paused\"", SOON_MS);
		break;
	case LEASED:
		rig_will_halt(rig, "halt:hold");
		rig_publish(rig, "request/start",
			"{\"args\":{\"profile\":\"eased\",\"lease_s\":60}}");
		rig_halted(rig);
		break;
	case FAULT:
		rig_pass(rig, "halt+0.1");
		rig_happen(rig, "estop=1");
		rig_pass(rig, "halt+0.1");
		rig_expect(rig, mark, "alert/fault", "\"code\"", SOON_MS);
		break;
	}
}

static void end_session(struct rig *rig, size_t mark)
{
	rig_publish(rig, "request/stop", "{}");
	rig_expect(rig, mark, "state", "\"phase\":\"releasing\"", SOON_MS);
	mark = client_mark(rig->client);
	rig_go(rig);
	rig_expect(rig, mark, "state", "\"phase\":\"idle\"", SOON_MS);
}

static void lift_fault(struct rig *rig)
{
	size_t mark = client_mark(rig->client);

	rig_happen(rig, "estop=0");
	rig_pass(rig, "halt+1");
	rig_happen(rig, "reset=200");
	rig_go(rig);
	rig_expect(rig, mark, "alert/fault", "", SOON_MS);
	rig_expect(rig, mark, "state", "\"phase\":\"idle\"", SOON_MS);
}

// mark: from before the example.
static void leave(struct rig *rig, enum scene scene, size_t mark)
{
	if (scene == FAULT)
		lift_fault(rig);
	else if (scene != AS_IT_IS)
		end_session(rig, mark);
}

// One event of each type.
static void make_events(struct rig *rig)
{
	size_t mark = client_mark(rig->client);

	rig_publish(rig, "set/intensity", "much");
	rig_publish(rig, "request/home", "{}");
	rig_expect(rig, mark, "event", "\"homed\"", SOON_MS);
	rig_expect(rig, mark, "state", "\"phase\":\"idle\"", SOON_MS);
	mark = client_mark(rig->client);
	enter(rig, PAUSED);
	rig_publish(rig, "request/resume", "{}");
	rig_expect(rig, mark, "event", "\"resumed\"", SOON_MS);
	rig_go(rig);
	rig_expect(rig, mark, "event", "\"completed\"", SOON_MS);
	rig_expect(rig, mark, "state", "\"phase\":\"idle\"", SOON_MS);
	mark = client_mark(rig->client);
	enter(rig, HOLD);
	leave(rig, HOLD, mark);
	enter(rig, FAULT);
	leave(rig, FAULT, mark);
	rig_expect(rig, mark, "event", "\"reset\"", SOON_MS);
}

// --- shapes -----------------------------------------------------------------------------------

// That both have the same keys and types; of arrays the first elements are compared. null may stand
// for anything: the schemas know where.
static bool same_shape(const json_t *shown, const json_t *real, char *path, size_t size)
{
	size_t used = strlen(path);
	const char *key;
	json_t *value;

	if (json_is_null(shown) || json_is_null(real))
		return true;
	if (json_is_number(shown) && json_is_number(real))
		return true;
	if (json_is_boolean(shown) && json_is_boolean(real))
		return true;
	if (json_typeof(shown) != json_typeof(real))
		return false;
	if (json_is_array(shown)) {
		snprintf(path + used, size - used, "[0]");
		if (json_array_size(shown) && json_array_size(real) &&
			!same_shape(json_array_get(shown, 0), json_array_get(real, 0), path, size))
			return false;
	}
	json_object_foreach((json_t *)real, key, value)
	{
		snprintf(path + used, size - used, ".%s", key);
		if (!json_object_get(shown, key))
			return false;
	}
	json_object_foreach((json_t *)shown, key, value)
	{
		snprintf(path + used, size - used, ".%s", key);
		if (!json_object_get(real, key) ||
			!same_shape(value, json_object_get(real, key), path, size))
			return false;
	}
	path[used] = '\0';
	return true;
}

static const char *text_at(const json_t *document, const char *group, const char *key)
{
	const char *text = json_string_value(json_object_get(group
			? json_object_get(document, group)
			: document,
		key));

	return text ? text : "";
}

// The same kind of message: the type of an event, the code of a refusal.
static bool same_kind(const json_t *shown, const json_t *real)
{
	return !strcmp(text_at(shown, NULL, "event_type"), text_at(real, NULL, "event_type")) &&
		!strcmp(text_at(shown, "error", "code"), text_at(real, "error", "code"));
}

// The line of the output that is a message of the same kind. NULL: there is none.
static json_t *find_real(const json_t *shown, const char *output)
{
	char *copy = strdup(output), *rest = NULL;
	json_t *real = NULL;

	for (char *line = strtok_r(copy, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		real = json_loads(line, JSON_DECODE_ANY, NULL);
		if (real && same_kind(shown, real))
			break;
		json_decref(real);
		real = NULL;
	}
	free(copy);
	return real;
}

static void compare(const struct example *example, const json_t *shown, const char *output)
{
	json_t *real = find_real(shown, output);
	char path[200] = "$";

	if (!real)
		fail_msg(PAGE ":%d: prints nothing like %s:\n%s", example->line,
			json_dumps(shown, JSON_COMPACT), output);
	if (!same_shape(shown, real, path, sizeof(path)))
		fail_msg(PAGE ":%d: differs in %s: %s", example->line, path, output);
	json_decref(real);
}

// To be validated like what was received.
static void record_shown(const char *topic, const char *text)
{
	char real_topic[200];
	bool request = !strncmp(topic, "request/", strlen("request/"));
	struct record record = { .qos = 1, .retain = true };

	snprintf(real_topic, sizeof(real_topic), BASE "%s%s", request ? "response/" : "",
		request ? topic + strlen("request/") : topic);
	if (request || !strcmp(topic, "event") || !strcmp(topic, "telemetry"))
		record.retain = false;
	if (!strcmp(topic, "telemetry"))
		record.qos = 0;
	record_message(real_topic, text, strlen(text), &record);
}

// What the page shows is text, or JSON that may be broken into lines.
static void compare_output(const struct example *example, const char *output)
{
	const char *at = example->output;
	char topic[100], *text;

	read_topic(example, topic);
	while (*at) {
		json_error_t error;
		json_t *shown = json_loads(at, JSON_DISABLE_EOF_CHECK, &error);

		if (!shown) {
			assert_string_equal(at, output);
			return;
		}
		compare(example, shown, output);
		text = json_dumps(shown, JSON_COMPACT);
		record_shown(topic, text);
		free(text);
		json_decref(shown);
		at += error.position;
		at += strspn(at, "\n");
	}
}

// --- the commands -----------------------------------------------------------------------------

// The settings files of Mosquitto's clients insert the broker's port into the commands.
static void write_client_settings(struct rig *rig)
{
	static const char *const programs[] = { "mosquitto_pub", "mosquitto_sub", "mosquitto_rr" };
	char text[40];

	snprintf(text, sizeof(text), "-h 127.0.0.1\n-p %d\n", rig->port);
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		rig_write(rig, programs[i], text);
}

static struct process *run(struct rig *rig, const struct example *example)
{
	char home[100], command[500]; // the shell becomes it, to be ended by a signal
	const char *const argv[] = { "sh", "-c", command, NULL };
	const char *const env[] = { home, NULL };

	snprintf(command, sizeof(command), "exec %s", example->command);
	snprintf(home, sizeof(home), "XDG_CONFIG_HOME=%s", rig->dir);
	return process_start(argv, env);
}

static void await_end(const struct example *example, struct process *process)
{
	if (process_wait(process, SOON_MS) != 0)
		fail_msg(PAGE ":%d: failed: %s", example->line, process_output(process));
}

// Subscribers of what is not retained: they listen while it happens.
static bool listens(const char *topic)
{
	return !strcmp(topic, "event") || !strcmp(topic, "telemetry");
}

static void restart_chaird(struct rig *rig)
{
	size_t mark = client_mark(rig->client);

	rig_start_chaird(rig);
	rig_expect(rig, mark, "availability", "online", SOON_MS);
	rig_expect(rig, mark, "state", "\"guard\":true", SOON_MS);
}

static void listen_to_it(struct rig *rig, const struct example *example, const char *topic,
	struct process *process)
{
	size_t mark = client_mark(rig->client);
	char subscribed[120];

	snprintf(subscribed, sizeof(subscribed), " 0 " BASE "%s", topic);
	assert_true(process_logged(rig->broker, subscribed, SOON_MS));
	if (!strcmp(topic, "event")) {
		make_events(rig);
		assert_true(process_logged(process, "\"reset\"", SOON_MS));
		process_signal(process, SIGTERM);
		process_wait(process, SOON_MS);
		return;
	}
	restart_chaird(rig); // a new one publishes its first values at once, at any speed
	enter(rig, HOLD);
	await_end(example, process);
	leave(rig, HOLD, mark);
}

static void run_example(struct rig *rig, const struct example *example, const struct place *place)
{
	size_t mark = client_mark(rig->client);
	struct process *process;
	char *output;

	enter(rig, place->scene);
	process = run(rig, example);
	if (listens(place->topic))
		listen_to_it(rig, example, place->topic, process);
	else
		await_end(example, process);
	if (*example->output && !process_logged(process, "\n", SOON_MS))
		fail_msg(PAGE ":%d: prints nothing", example->line);
	output = process_output(process);
	process_free(process);
	if (getenv("CHAIRD_TEST_VERBOSE"))
		fprintf(stderr, "$ %s%s", example->command, output);
	if (place->on)
		rig_expect(rig, mark, place->on, place->text, SOON_MS);
	assert_true(*example->output || !*output);
	compare_output(example, output);
	free(output);
	leave(rig, place->scene, mark);
}

static void every_example_runs_as_written(void **state)
{
	struct rig *rig = *state;
	struct example **examples = page_examples(PAGE);
	bool used[N_PLACES] = { false };

	write_client_settings(rig);
	for (size_t i = 0; examples[i]; i++)
		run_example(rig, examples[i], find_place(examples[i], used));
	for (size_t i = 0; i < N_PLACES; i++) {
		if (!used[i])
			fail_msg("there is no example of %s", places[i].topic);
	}
	page_examples_free(examples);
}

static int setup(void **state)
{
	char path[200], target[4096];
	int r = rig_setup_bare_recliner(state);
	struct rig *rig = *state;

	assert_non_null(realpath("profiles/sessions/gentle.cfg", target));
	assert_int_equal(symlink(target, rig_path(rig, "profiles/sessions/gentle.cfg", path)), 0);
	rig_start_broker(rig);
	rig_start_guard(rig, NULL);
	rig_start_chaird(rig);
	rig_listen(rig);
	return r;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_example_runs_as_written, setup, rig_teardown),
	};

	return cmocka_run_group_tests_name("contract", tests, NULL, NULL);
}
