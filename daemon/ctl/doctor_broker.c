// SPDX-License-Identifier: MIT
//
// Checks of the broker, with the user of the settings, and of the chair behind it.
#include "ctl/doctor.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/wire.h"

#define VERSION_MIN 2 // the first mosquitto that requires a login by default

// An unused topic that no user may publish (systemd/mosquitto/chaird.acl).
#define PROBE_TOPIC "state/doctor"

#define SET_UP "sudo /usr/share/chaird/mosquitto/set-up"

static bool reached(const struct doctor *doctor, struct finding *finding)
{
	if (!doctor->broker)
		finding_set(finding, FINDING_NOT_APPLICABLE, NULL, "first the broker");
	return doctor->broker;
}

static void report_refusal(const struct doctor *doctor, struct finding *finding,
	const struct mqtt_cause *why)
{
	const char *user = doctor->settings.broker.username;
	const char *file = doctor->settings.broker.password_file;

	finding_set(finding, FINDING_PROBLEM, NULL, "%s; it came %s%s", why->text,
		*user ? "as the user " : "without a user name", user);
	if (!*user) {
		finding_add(finding->remedy, SET_UP);
		return;
	}
	if (!*file && geteuid() != 0)
		finding_add(finding->remedy, "run it again with sudo; if it is still refused, ");
	finding_add(finding->remedy,
		"on the broker's machine, with the password in %s: sudo mosquitto_passwd "
		"/etc/mosquitto/chaird.passwd %s; then, there: sudo systemctl reload "
		"mosquitto",
		*file ? file : "/etc/chaird/mqtt-password", user);
}

// True if the broker answers a client that differs from the settings in tls alone. A refusal, or a
// certificate that is not accepted, is an answer.
static bool answers_other(const struct doctor *doctor)
{
	struct settings other = doctor->settings;
	struct broker *broker = NULL;
	struct mqtt_cause why = { 0 };
	int r;

	other.broker.tls = !other.broker.tls;
	r = broker_open(&other, doctor->chair.id, doctor->timeout_s, &broker, &why);
	broker_close(broker);
	return r == 0 || why.kind == MQTT_CAUSE_REFUSED || why.kind == MQTT_CAUSE_CERTIFICATE ||
		why.kind == MQTT_CAUSE_TLS;
}

// The broker's port is with TLS, and the settings are without, or the other way round.
static void report_other_port(const struct doctor *doctor, struct finding *finding,
	const char *where)
{
	bool tls = doctor->settings.broker.tls;

	finding_set(finding, FINDING_PROBLEM,
		tls ? "tls = false in chaird.cfg; or the broker's port for TLS, usually 8883"
		    : "tls = true in chaird.cfg, and ca_file: the authority of its certificate",
		"%s: this port is %s, and chaird.cfg has tls = %s", where,
		tls ? "without TLS" : "for TLS", tls ? "true" : "false");
}

static void report_unreachable(const struct doctor *doctor, struct finding *finding,
	const char *where, const struct mqtt_cause *why)
{
	finding_set(finding, FINDING_PROBLEM,
		*why->remedy ? why->remedy : "correct host and port in chaird.cfg", "%s: %s", where,
		why->text);
	if (why->kind == MQTT_CAUSE_NETWORK && strstr(why->text, strerror(ECONNREFUSED)))
		snprintf(finding->remedy, sizeof(finding->remedy),
			"sudo systemctl enable --now mosquitto; or correct host and port in "
			"chaird.cfg");
	if (why->kind == MQTT_CAUSE_SILENT && answers_other(doctor))
		report_other_port(doctor, finding, where);
	finding_add(finding->remedy,
		"; after a change of chaird.cfg: sudo systemctl restart chaird");
}

static void report_version(struct finding *finding, const char *where, const char *version)
{
	int major;

	if (!*version)
		finding_set(finding, FINDING_OK, NULL, "%s answers, without its version", where);
	else if (sscanf(version, "mosquitto version %d", &major) == 1 && major < VERSION_MIN)
		finding_set(finding, FINDING_PROBLEM, "sudo apt install mosquitto",
			"%s answers, but %s is too old for the MQTT 5 that is used here", where,
			version);
	else
		finding_set(finding, FINDING_OK, NULL, "%s answers: %s", where, version);
}

void check_broker(struct doctor *doctor, struct finding *finding)
{
	const struct settings *settings = &doctor->settings;
	struct broker_probe probe;
	struct mqtt_cause why;
	char where[SETTING_SIZE + 8];
	int r;

	if (!doctor->chair_good || !doctor->settings_good) {
		finding_set(finding, FINDING_NOT_APPLICABLE, NULL, "first the files");
		return;
	}
	snprintf(where, sizeof(where), "%s:%d", settings->broker.host, settings->broker.port);
	r = broker_open(settings, doctor->chair.id, doctor->timeout_s, &doctor->broker, &why);
	if (r == 0)
		r = broker_probe(doctor->broker, PROBE_TOPIC, doctor->timeout_s, &probe);
	if (r == -EACCES)
		report_refusal(doctor, finding, &why);
	else if (r < 0 && doctor->broker)
		finding_set(finding, FINDING_PROBLEM, "run it again", "%s: %s", where,
			strerror(-r));
	else if (r < 0)
		report_unreachable(doctor, finding, where, &why);
	else
		report_version(finding, where, probe.version);
}

void check_anonymous(struct doctor *doctor, struct finding *finding)
{
	struct settings anonymous = doctor->settings;
	struct broker *broker = NULL;
	struct mqtt_cause why;
	int r;

	if (!reached(doctor, finding))
		return;
	anonymous.broker.username[0] = '\0';
	anonymous.broker.password_file[0] = '\0';
	r = broker_open(&anonymous, doctor->chair.id, doctor->timeout_s, &broker, &why);
	broker_close(broker);
	if (r == 0)
		finding_set(finding, FINDING_PROBLEM, SET_UP,
			"the broker accepts anonymous clients: everyone who reaches it can "
			"start the chair");
	else if (r == -EACCES)
		finding_set(finding, FINDING_OK, NULL, "the broker requires a name and a password");
	else
		finding_set(finding, FINDING_WARNING, "run it again", "not examined: %s", why.text);
}

void check_acl(struct doctor *doctor, struct finding *finding)
{
	struct broker_probe probe;
	int r;

	if (!reached(doctor, finding))
		return;
	r = broker_probe(doctor->broker, PROBE_TOPIC, doctor->timeout_s, &probe);
	if (r < 0)
		finding_set(finding, FINDING_WARNING, "run it again", "not examined: %s",
			strerror(-r));
	else if (probe.allowed)
		finding_set(finding, FINDING_PROBLEM, SET_UP,
			"the broker accepts a topic that no user may publish: it has no access "
			"list, or another one");
	else
		finding_set(finding, FINDING_OK, NULL,
			"the broker denies a topic that no user may publish");
}

// An actuator that has not been proven released since power-up does not prevent the proof of
// directions, which begins with a release.
static void report_status(struct doctor *doctor, struct finding *finding, json_t *answer)
{
	const char *phase = NULL, *code = NULL, *text = "", *actuator = NULL;
	int guard = 0, step = 0;

	json_unpack(answer, "{s:{s:{s?s, s?b, s?i, s?{s?s, s?s}}}}", "data", "state", "phase",
		&phase, "guard", &guard, "step", &step, "fault", "code", &code, "text", &text);
	json_unpack(answer, "{s:{s:{s:[{s:s}]}}}", "data", "state", "pressed", "actuator",
		&actuator);
	if (!phase)
		finding_set(finding, FINDING_PROBLEM, "journalctl -u chaird",
			"chaird answers, but not with its state");
	else if (!guard)
		finding_set(finding, FINDING_PROBLEM,
			"systemctl status chairguard; guard_socket in chaird.cfg "
			"is " WIRE_DEFAULT_SOCKET " by default",
			"chaird answers, but has no guard");
	else if (code && strcmp(code, guard_reason_name(REASON_OTHER_CHAIR)) == 0)
		finding_set(finding, FINDING_PROBLEM,
			"give both the same chair file (--chair, or chair_file in chaird.cfg); "
			"sudo systemctl restart chairguard chaird",
			"chaird answers, but %s", text);
	else if (actuator && !step)
		finding_set(finding,
			doctor->commission && !code ? FINDING_WARNING : FINDING_PROBLEM,
			code ? "pull the emergency stop and turn the chair back by hand; then "
			       "press the reset button"
			     : "chairctl stop, which releases",
			"chaird answers: %s, and %s is not proven released: the person may be "
			"pressed%s%s",
			phase, actuator, code ? "; latched: " : "", text);
	else
		finding_set(finding, code ? FINDING_WARNING : FINDING_OK,
			code ? "remove the cause, then press the reset button, or: chairctl reset"
			     : NULL,
			"chaird answers: %s, and so does its guard%s%s", phase,
			code ? "; latched: " : "", text);
	doctor->ready = guard && !code;
}

static void take_contested(void *data, const struct broker_message *message)
{
	if (strcmp(message->topic, "alert/client-id") == 0)
		*(bool *)data = message->size > 0;
}

static void report_contested(const struct doctor *doctor, struct finding *finding)
{
	finding_set(finding, FINDING_PROBLEM, NULL,
		"two programs have the client id chaird-%s at the broker and disconnect each other",
		doctor->chair.id);
	finding_add(finding->remedy,
		"give one of the two chairs another id in its chair file (here: id in %s); then, "
		"there: sudo systemctl restart chairguard chaird; or stop the chaird that should "
		"not run",
		doctor->chair_file ? doctor->chair_file : doctor->settings.chair_file);
}

void check_controller(struct doctor *doctor, struct finding *finding)
{
	static const char *const topics[] = { "alert/client-id", NULL };
	json_auto_t *answer = NULL;
	bool contested = false;
	int r;

	if (!reached(doctor, finding))
		return;
	broker_follow(doctor->broker, topics, take_contested, &contested);
	r = broker_request(doctor->broker, "status", NULL, doctor->timeout_s, &answer);
	broker_follow(doctor->broker, &topics[1], NULL, NULL);
	if (contested)
		report_contested(doctor, finding);
	else if (r == 0)
		report_status(doctor, finding, answer);
	else
		finding_set(finding, FINDING_PROBLEM, "systemctl status chaird",
			"chaird does not answer: %s",
			r == -ENOTCONN ? "it is offline" : strerror(-r));
}
