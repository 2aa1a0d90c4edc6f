// SPDX-License-Identifier: MIT
//
// Rights of each user: the shipped snippet and ACL (systemd/mosquitto) in a real broker, row by
// row, for the users with the right and for those without it.
#include "shipped.h"

#include <arpa/inet.h>
#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#define N_ROLES 4 // in shipped_users

enum { DAEMON = 1, PANEL = 2, HOME = 4, TECHNICIAN = 8, ALL = 15, NOBODY = 0 };

// --- a user -----------------------------------------------------------------------------------

struct user {
	struct mosquitto *mosquitto;
	int connected; // -1: not answered yet; else the reason code
	int published; // the same, of the last publication
	bool subscribed;
	char topics[4][100]; // of received messages
	size_t n;
};

static void on_connect(struct mosquitto *mosquitto, void *data, int reason, int flags,
	const mosquitto_property *properties)
{
	(void)mosquitto, (void)flags, (void)properties;
	((struct user *)data)->connected = reason;
}

static void on_publish(struct mosquitto *mosquitto, void *data, int mid, int reason,
	const mosquitto_property *properties)
{
	(void)mosquitto, (void)mid, (void)properties;
	((struct user *)data)->published = reason;
}

static void on_subscribe(struct mosquitto *mosquitto, void *data, int mid, int n,
	const int *granted)
{
	(void)mosquitto, (void)mid, (void)n, (void)granted;
	((struct user *)data)->subscribed = true;
}

static void on_message(struct mosquitto *mosquitto, void *data,
	const struct mosquitto_message *message)
{
	struct user *user = data;

	(void)mosquitto;
	assert_in_range(user->n, 0, 3);
	snprintf(user->topics[user->n++], sizeof(user->topics[0]), "%s", message->topic);
}

// Turn the user's loop until *value changes. Fails the test after SOON_MS.
static void await_change(struct user *user, const int *value)
{
	int64_t until_us = monotonic_us() + SOON_MS * INT64_C(1000);
	int before = *value;

	while (*value == before) {
		// The last answer of a connection comes before its end.
		if (mosquitto_loop(user->mosquitto, 100, 1) != MOSQ_ERR_SUCCESS && *value == before)
			fail_msg("the broker hung up");
		assert_true(monotonic_us() < until_us);
	}
}

// Connect; the reason code of the broker.
static int log_in(const struct shipped *shipped, struct user *user, const char *name,
	const char *password)
{
	*user = (struct user){ .connected = -1, .published = -1 };
	user->mosquitto = mosquitto_new(NULL, true, user);
	assert_non_null(user->mosquitto);
	mosquitto_int_option(user->mosquitto, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
	mosquitto_connect_v5_callback_set(user->mosquitto, on_connect);
	mosquitto_publish_v5_callback_set(user->mosquitto, on_publish);
	mosquitto_subscribe_callback_set(user->mosquitto, on_subscribe);
	mosquitto_message_callback_set(user->mosquitto, on_message);
	mosquitto_username_pw_set(user->mosquitto, name, password);
	assert_int_equal(mosquitto_connect(user->mosquitto, "127.0.0.1", shipped->port, 60), 0);
	await_change(user, &user->connected);
	return user->connected;
}

static void log_out(struct user *user)
{
	mosquitto_disconnect(user->mosquitto);
	mosquitto_destroy(user->mosquitto);
}

static void log_in_all(const struct shipped *shipped, struct user users[N_ROLES])
{
	for (int i = 0; i < N_ROLES; i++)
		assert_int_equal(log_in(shipped, &users[i], shipped_users[i], shipped_users[i]), 0);
}

static void log_out_all(struct user users[N_ROLES])
{
	for (int i = 0; i < N_ROLES; i++)
		log_out(&users[i]);
}

// Publish; the reason code of the broker's acknowledgement.
static int publish(struct user *user, const char *topic)
{
	user->published = -1;
	assert_int_equal(mosquitto_publish_v5(user->mosquitto, NULL, topic, 1, "x", 1, false, NULL),
		0);
	await_change(user, &user->published);
	return user->published;
}

static void subscribe(struct user *user, const char *topic)
{
	int64_t until_us = monotonic_us() + SOON_MS * INT64_C(1000);

	user->subscribed = false;
	assert_int_equal(mosquitto_subscribe(user->mosquitto, NULL, topic, 1), 0);
	while (!user->subscribed) {
		assert_int_equal(mosquitto_loop(user->mosquitto, 100, 1), 0);
		assert_true(monotonic_us() < until_us);
	}
}

static bool received(const struct user *user, const char *topic)
{
	for (size_t i = 0; i < user->n; i++) {
		if (!strcmp(user->topics[i], topic))
			return true;
	}
	return false;
}

// --- the rows ---------------------------------------------------------------------------------

static const struct {
	const char *topic;
	unsigned who;
} may_publish[] = {
	{ "chair/recliner/availability", DAEMON },
	{ "chair/recliner/atlas", DAEMON },
	{ "chair/recliner/dose", DAEMON },
	{ "chair/recliner/info", DAEMON },
	{ "chair/recliner/state", DAEMON },
	{ "chair/recliner/target", DAEMON },
	{ "chair/recliner/telemetry", DAEMON },
	{ "chair/recliner/event", DAEMON },
	{ "chair/recliner/alert/fault", DAEMON },
	{ "chair/recliner/response/start", DAEMON },
	{ "chair/recliner/response/chairctl-0123456789abcdef", DAEMON },
	{ "homeassistant/device/chair_recliner/config", DAEMON },

	{ "chair/recliner/set/profile", ALL }, // chaird: to clear a retained command
	{ "chair/recliner/set/intensity", ALL },
	{ "chair/recliner/set/feedback", ALL },
	{ "chair/recliner/set/session", ALL },
	{ "chair/recliner/request/start", ALL },
	{ "chair/recliner/request/pause", ALL },
	{ "chair/recliner/request/resume", ALL },
	{ "chair/recliner/request/stop", ALL },
	{ "chair/recliner/request/skip", ALL },
	{ "chair/recliner/request/intensity", ALL },
	{ "chair/recliner/request/feedback", ALL },
	{ "chair/recliner/request/renew", ALL },
	{ "chair/recliner/request/profiles", ALL },
	{ "chair/recliner/request/profile", ALL },
	{ "chair/recliner/request/persons", ALL },
	{ "chair/recliner/request/dose", ALL },
	{ "chair/recliner/request/status", ALL },
	{ "chair/recliner/request/ping", ALL },
	{ "chair/recliner/request/help", ALL },

	{ "chair/recliner/request/person", DAEMON | PANEL | TECHNICIAN },
	{ "chair/recliner/request/consent", DAEMON | PANEL | TECHNICIAN },
	{ "chair/recliner/request/jog", DAEMON | TECHNICIAN },
	{ "chair/recliner/request/home", DAEMON | TECHNICIAN },
	{ "chair/recliner/request/reset", DAEMON | TECHNICIAN },
	{ "chair/recliner/request/check", DAEMON | TECHNICIAN },
	{ "chair/recliner/request/put", DAEMON | TECHNICIAN },
	{ "chair/recliner/request/try", DAEMON | TECHNICIAN },
	{ "chair/recliner/request/reload", DAEMON | TECHNICIAN },

	{ "homeassistant/status", HOME },
	{ "homeassistant/device/other", NOBODY },
	{ "chair/recliner/state/doctor", NOBODY }, // the probe of `chairctl doctor`
	{ "chair/recliner/alert", NOBODY },
	{ "chair/recliner/set/session/more", NOBODY },
	{ "chair/recliner/request/start/more", NOBODY },
	{ "chair/recliner/anything", NOBODY },
	{ "chair", NOBODY },
	{ "elsewhere", NOBODY },
	{ "$SYS/broker/version", NOBODY },
};

static void who_may_publish(void **state)
{
	struct user users[N_ROLES];

	log_in_all(*state, users);
	for (size_t i = 0; i < sizeof(may_publish) / sizeof(may_publish[0]); i++) {
		for (int role = 0; role < N_ROLES; role++) {
			int expected = may_publish[i].who & 1u << role ? 0 : MQTT_RC_NOT_AUTHORIZED;
			int reason = publish(&users[role], may_publish[i].topic);

			// Allowed, without a subscriber: a success, too.
			if (reason == MQTT_RC_NO_MATCHING_SUBSCRIBERS)
				reason = 0;
			if (reason != expected)
				fail_msg("%s: %s: answer 0x%02x, not 0x%02x", shipped_users[role],
					may_publish[i].topic, (unsigned)reason, (unsigned)expected);
		}
	}
	log_out_all(users);
}

static const struct {
	const char *topic;
	int sender; // index of one who may publish it; -1: the broker itself, retained
	unsigned who;
} may_read[] = {
	{ "chair/recliner/availability", 0, ALL },
	{ "chair/recliner/atlas", 0, ALL },
	{ "chair/recliner/dose", 0, ALL },
	{ "chair/recliner/info", 0, ALL },
	{ "chair/recliner/state", 0, ALL },
	{ "chair/recliner/target", 0, ALL },
	{ "chair/recliner/telemetry", 0, ALL },
	{ "chair/recliner/alert/fault", 0, ALL },
	{ "chair/recliner/response/start", 0, ALL },
	{ "chair/recliner/response/chairctl-0123456789abcdef", 0, ALL },
	{ "chair/recliner/set/session", 1, ALL },
	{ "chair/recliner/request/start", 1, ALL },
	{ "chair/recliner/request/jog", 3, ALL },
	{ "homeassistant/device/chair_recliner/config", 0, HOME },
	{ "homeassistant/status", 2, DAEMON | HOME },
	{ "$SYS/broker/version", -1, DAEMON | TECHNICIAN },
};

// A message without the right to read it does not arrive. This is certain when a message that was
// sent later has arrived.
static void who_may_read(void **state)
{
	static const char later[] = "chair/recliner/event";

	for (size_t i = 0; i < sizeof(may_read) / sizeof(may_read[0]); i++) {
		struct user users[N_ROLES];

		log_in_all(*state, users);
		for (int role = 0; role < N_ROLES; role++) {
			subscribe(&users[role], may_read[i].topic);
			subscribe(&users[role], later);
		}
		if (may_read[i].sender >= 0)
			assert_int_equal(publish(&users[may_read[i].sender], may_read[i].topic), 0);
		assert_int_equal(publish(&users[0], later), 0);
		for (int role = 0; role < N_ROLES; role++) {
			int64_t until_us = monotonic_us() + SOON_MS * INT64_C(1000);

			while (!received(&users[role], later)) {
				assert_int_equal(mosquitto_loop(users[role].mosquitto, 100, 1), 0);
				assert_true(monotonic_us() < until_us);
			}
			if (received(&users[role], may_read[i].topic) !=
				!!(may_read[i].who & 1u << role))
				fail_msg("%s: %s: came or did not, against the row",
					shipped_users[role], may_read[i].topic);
		}
		log_out_all(users);
	}
}

static const struct {
	const char *name, *password;
	int reason;
} may_enter[] = {
	{ "daemon", "daemon", 0 },
	{ "technician", "technician", 0 },
	{ NULL, NULL, MQTT_RC_NOT_AUTHORIZED },
	{ "daemon", NULL, MQTT_RC_NOT_AUTHORIZED },
	{ "daemon", "", MQTT_RC_NOT_AUTHORIZED },
	{ "daemon", "panel", MQTT_RC_NOT_AUTHORIZED },
	{ "root", "root", MQTT_RC_NOT_AUTHORIZED },
};

static void who_may_enter(void **state)
{
	for (size_t i = 0; i < sizeof(may_enter) / sizeof(may_enter[0]); i++) {
		struct user user;
		int reason = log_in(*state, &user, may_enter[i].name, may_enter[i].password);

		if (reason != may_enter[i].reason)
			fail_msg("%s: answer 0x%02x, not 0x%02x",
				may_enter[i].name ? may_enter[i].name : "nobody", (unsigned)reason,
				(unsigned)may_enter[i].reason);
		log_out(&user);
	}
}

static void the_web_listener_speaks_mqtt(void **state)
{
	static const char hello[] =
		"GET /mqtt HTTP/1.1\r\nHost: chair\r\nUpgrade: websocket\r\n"
		"Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
		"Sec-WebSocket-Protocol: mqtt\r\nSec-WebSocket-Version: 13\r\n\r\n";
	const struct shipped *shipped = *state;
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)shipped->web_port) };
	const struct timeval bound = { .tv_sec = SOON_MS / 1000 };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char answer[600] = "";

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &bound, sizeof(bound));
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(write(fd, hello, strlen(hello)), strlen(hello));
	assert_true(read(fd, answer, sizeof(answer) - 1) > 0);
	close(fd);
	assert_non_null(strstr(answer, " 101 "));
	assert_non_null(strcasestr(answer, "Sec-WebSocket-Protocol: mqtt"));
}

// --- several chairs on one broker -------------------------------------------------------------

// Run `set-up parlour attic` below the rig's folder. Returns its output.
static char *set_up_two(const struct rig *rig)
{
	static const char *const folders[] = { "mosquitto", "mosquitto/conf.d", "chaird" };
	char etc[100], path[200], *output;
	const char *const argv[] = { "systemd/mosquitto/set-up", "parlour", "attic", NULL },
			  *const env[] = { etc, NULL };
	struct process *process;

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		assert_int_equal(mkdir(rig_path(rig, folders[i], path), 0755), 0);
	const char *const copy[] = { "cp", "systemd/chaird.cfg",
		rig_path(rig, "chaird/chaird.cfg", path), NULL };
	process = process_start(copy, NULL);
	assert_int_equal(process_wait(process, SOON_MS), 0);
	process_free(process);
	snprintf(etc, sizeof(etc), "ETC=%s", rig->dir);
	process = process_start(argv, env);
	assert_int_equal(process_wait(process, SOON_MS), 0);
	process_logged(process, "all of it", SOON_MS);
	output = process_output(process);
	process_free(process);
	return output;
}

static void start_broker_of_two(struct shipped *shipped)
{
	char path[200];
	const char *const argv[] = { "mosquitto", "-c",
		rig_path(shipped->rig, "mosquitto.conf", path), NULL };
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	shipped->port = rig_free_port();
	fprintf(file,
		"user root\nlog_dest stderr\nallow_anonymous false\nlistener %d 127.0.0.1\n"
		"acl_file %s/mosquitto/chaird.acl\npassword_file %s/mosquitto/chaird.passwd\n",
		shipped->port, shipped->rig->dir, shipped->rig->dir);
	assert_int_equal(fclose(file), 0);
	shipped->rig->broker = process_start(argv, NULL);
	assert_true(process_logged(shipped->rig->broker, " running", SOON_MS));
}

static const struct {
	const char *topic;
	bool parlour, attic;
} of_two[] = {
	{ "chair/parlour/state", true, false },
	{ "chair/attic/state", false, true },
	{ "chair/parlour/atlas", true, false },
	{ "chair/parlour/event", true, false },
	{ "chair/parlour/alert/fault", true, false },
	{ "chair/parlour/response/start", true, false },
	{ "chair/parlour/set/session", true, false },
	{ "chair/parlour/request/start", true, false },
	{ "chair/attic/request/jog", false, true },
	{ "homeassistant/device/chair_parlour/config", true, false },
	{ "homeassistant/device/chair_attic/config", false, true },
	{ "homeassistant/device/other/config", false, false },
	{ "homeassistant/status", false, false },
	{ "chair/third/state", false, false },
};

static void no_chair_speaks_or_acts_for_another(void **state)
{
	static const char *const names[] = { "daemon-parlour", "daemon-attic" };
	struct shipped two = { 0 };
	struct user users[2];
	char *said;

	(void)state;
	assert_int_equal(rig_setup_bare((void **)&two.rig), 0);
	said = set_up_two(two.rig);
	start_broker_of_two(&two);
	for (int i = 0; i < 2; i++) {
		char password[64], *line = strstr(said, names[i]);

		assert_non_null(line);
		assert_int_equal(sscanf(line, "%*s %63s", password), 1);
		assert_int_equal(log_in(&two, &users[i], names[i], password), 0);
	}
	assert_null(strstr(said, "daemon "));
	for (size_t i = 0; i < sizeof(of_two) / sizeof(of_two[0]); i++) {
		bool may[] = { of_two[i].parlour, of_two[i].attic };

		for (int k = 0; k < 2; k++) {
			int reason = publish(&users[k], of_two[i].topic);

			if ((reason != MQTT_RC_NOT_AUTHORIZED) != may[k])
				fail_msg("%s: %s: answer 0x%02x", names[k], of_two[i].topic,
					(unsigned)reason);
		}
	}
	for (int k = 0; k < 2; k++)
		log_out(&users[k]);
	free(said);
	rig_teardown((void **)&two.rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_may_enter),
		cmocka_unit_test(who_may_publish),
		cmocka_unit_test(who_may_read),
		cmocka_unit_test(the_web_listener_speaks_mqtt),
		cmocka_unit_test(no_chair_speaks_or_acts_for_another),
	};

	mosquitto_lib_init();
	return cmocka_run_group_tests_name("acl", tests, shipped_set_up, shipped_tear_down);
}
