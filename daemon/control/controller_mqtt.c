// SPDX-License-Identifier: MIT
//
// Messages from the broker to the controller, and answers back.
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "control/controller_private.h"
#include "control/ejections.h"
#include "service/log.h"

#define VERB_SIZE       32   // longer ones are unknown
#define RESPONSE_MAX    256  // bytes of a ResponseTopic
#define CORRELATION_MAX 1024 // bytes

static int publish(void *data, const struct publication *publication)
{
	struct controller *controller = data;
	int r = mqtt_client_publish(controller->client, publication);

	if (r < 0 && r != -ENOTCONN && r != -EAGAIN)
		log_warning("broker: publish to %s: %s", publication->topic, strerror(-r));
	return r;
}

// --- answers ----------------------------------------------------------------------------------

// True if the response topic is allowed: any but the topics of this chair itself. A client that may
// send requests must not gain our rights at the broker to write those.
static bool may_answer_to(const struct controller *controller, const struct mqtt_message *message)
{
	const char *topic = message->response_topic;
	char base[2 * SETTING_SIZE];
	size_t n;

	if (!topic || !*topic || *topic == '$' || strlen(topic) > RESPONSE_MAX ||
		message->n_correlation > CORRELATION_MAX)
		return false;
	n = (size_t)snprintf(base, sizeof(base), "%s/%s/", controller->settings->broker.prefix,
		controller->chair.id);
	return strncmp(topic, base, n) || !strncmp(topic + n, "response/", strlen("response/"));
}

static void answer(void *data, const struct mqtt_message *message, const char *verb,
	const char *text, bool refusal)
{
	struct controller *controller = data;
	struct publication publication = {
		.payload = text, .size = strlen(text), .qos = 1, .refusal = refusal
	};
	char topic[16 + VERB_SIZE];

	if (verb && strlen(verb) < VERB_SIZE) {
		snprintf(topic, sizeof(topic), "response/%s", verb);
		publication.topic = topic;
		publish(controller, &publication);
	}
	if (may_answer_to(controller, message)) {
		publication.topic = message->response_topic;
		publication.absolute = true;
		publication.correlation = message->correlation;
		publication.n_correlation = message->n_correlation;
		publish(controller, &publication);
	}
}

static void refused(void *data, const struct mqtt_message *message,
	const struct request_error *error)
{
	struct controller *controller = data;
	char line[REFUSAL_LINE_SIZE];

	refusal_log_line(&controller->refusal_log, clock_monotonic_us(), message, error, line);
	if (*line)
		log_warning("broker: %s", line);
}

static void set_refused(void *data, const char *prop, const struct request_error *refused)
{
	struct controller *controller = data;

	publisher_set_refused(&controller->publisher, prop, refused);
}

static void retained(void *data, const char *topic)
{
	struct controller *controller = data;

	publish(controller,
		&(struct publication){ .topic = topic, .payload = "", .qos = 1, .retain = true });
	if (publisher_incident(&controller->publisher, clock_monotonic_us(), ALERT_RETAINED,
		    "a retained command was refused and its topic cleared", ALERT_CALM_US))
		log_warning("broker: a retained command on %s was refused", topic);
	controller_arm_alerts(controller);
}

static void flood(void *data)
{
	struct controller *controller = data;

	if (publisher_incident(&controller->publisher, clock_monotonic_us(), ALERT_FLOOD,
		    "more commands than can be carried out: some are dropped unread",
		    ALERT_CALM_US))
		log_warning("broker: a flood of commands: some are dropped unread");
	controller_arm_alerts(controller);
}

// --- the broker -------------------------------------------------------------------------------

static void report_contested(struct controller *controller)
{
	char text[ALERT_TEXT_SIZE];

	snprintf(text, sizeof(text),
		"another client uses the client id chaird-%s at the broker: give each chair an id "
		"of its own in its chair file, or stop the other chaird",
		controller->chair.id);
	publisher_incident(&controller->publisher, clock_monotonic_us(), ALERT_CLIENT_ID, text,
		EJECTION_US);
	controller_arm_alerts(controller);
}

static void on_up(void *data)
{
	struct controller *controller = data;
	struct status_view view;

	deadman_broker(&controller->deadman, clock_monotonic_us(), true);
	controller_view(controller, &view);
	if (mqtt_client_contested(controller->client))
		report_contested(controller);
	publisher_connected(&controller->publisher, clock_monotonic_us(), &view);
	controller_dose_publish(controller);
	controller_discovery_publish(controller);
	controller_step(controller);
}

static void on_down(void *data, int64_t since_us)
{
	struct controller *controller = data;

	deadman_broker(&controller->deadman, since_us, false);
	controller_step(controller);
}

static void on_message(void *data, const struct mqtt_message *message)
{
	struct controller *controller = data;
	struct timespec t;

	if (message->absolute) {
		controller_discovery_birth(controller, message);
		return;
	}
	clock_gettime(CLOCK_REALTIME, &t);
	request_gate_handle(controller->gate, clock_monotonic_us(),
		(double)t.tv_sec + t.tv_nsec / 1e9, message);
}

static void on_closed(void *data)
{
	struct controller *controller = data;

	sd_event_exit(controller->event, 0);
}

int controller_mqtt_open(struct controller *controller)
{
	const struct request_gate_port gate_port = { .stop = controller_requests_stop,
		.act = controller_requests_act,
		.lowers = controller_requests_lowers,
		.answer = answer,
		.not_understood = controller_requests_not_understood,
		.refused = refused,
		.set_refused = set_refused,
		.retained = retained,
		.flood = flood,
		.data = controller };
	const struct publisher_port port = { .publish = publish, .data = controller };
	const struct mqtt_client_handlers handlers = { .up = on_up,
		.down = on_down,
		.message = on_message,
		.closed = on_closed,
		.data = controller };
	int r = request_gate_new(&controller->chair, &gate_port, &controller->gate);

	if (r < 0)
		return r;
	controller_discovery_init(controller);
	refusal_log_init(&controller->refusal_log);
	publisher_init(&controller->publisher, &port, controller->settings->telemetry_hz);
	return mqtt_client_new(controller->event, controller->settings, controller->chair.id,
		&handlers, &controller->client);
}
