// SPDX-License-Identifier: MIT
#include "control/controller.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-id128.h>

#include "control/controller_private.h"
#include "control/journal.h"
#include "control/pressed.h"
#include "service/log.h"

int64_t controller_now_us(const struct controller *controller)
{
	return guard_link_now_us(controller->guard);
}

// --- out --------------------------------------------------------------------------------------

void controller_view(struct controller *controller, struct status_view *ret_view)
{
	*ret_view = (struct status_view){
		.library = controller->library,
		.chair = &controller->chair,
		.plan = session_plan(controller->session),
		.report = session_report(controller->session),
		.chosen = controller->chosen,
		.person = controller->person,
		.last = &controller->kept.last,
		.now_us = controller_now_us(controller),
		.boot_id = controller->boot_id,
	};
	session_status(controller->session, controller_now_us(controller), &ret_view->status);
}

static void arm(sd_event_source *timer, int64_t due_us)
{
	sd_event_source_set_time(timer, due_us == TIME_NEVER ? UINT64_MAX : (uint64_t)due_us);
	sd_event_source_set_enabled(timer, due_us == TIME_NEVER ? SD_EVENT_OFF : SD_EVENT_ONESHOT);
}

void controller_arm_alerts(struct controller *controller)
{
	arm(controller->alert_timer, publisher_calm(&controller->publisher, clock_monotonic_us()));
}

// Two alerts: a fault that is latched until a reset, and a guard with another chair file.
static void refresh_faults(struct controller *controller, const struct session_status *status)
{
	enum guard_reason fault = status->fault;
	bool other_chair = fault == REASON_OTHER_CHAIR;

	publisher_alert(&controller->publisher, ALERT_FAULT,
		fault == REASON_NONE || other_chair ? NULL : status_fault_text(status));
	publisher_alert(&controller->publisher, ALERT_CHAIR,
		other_chair ? "chairguard runs another chair file than chaird: nothing starts "
			      "until both are given the same file and are restarted"
			    : NULL);
	if (other_chair && !controller->last_logged_other_chair)
		log_error("guard: it runs another chair file than %s as it was at the start: "
			  "nothing starts; restart both",
			controller->settings->chair_file);
	controller->last_logged_other_chair = other_chair;
}

void controller_refresh(struct controller *controller, bool changed)
{
	struct status_view view;
	char pressed[PRESSED_SIZE];

	controller_view(controller, &view);
	controller_state_update(controller, &view.status);
	publisher_refresh(&controller->publisher, clock_monotonic_us(), &view, changed);
	publisher_alert(&controller->publisher, ALERT_GUARD,
		view.status.guard_connected ? NULL
					    : "the guard is not connected: nothing can move");
	refresh_faults(controller, &view.status);
	publisher_alert(&controller->publisher, ALERT_PRESSED, pressed_text(&view, pressed));
	controller_dose_refresh(controller);
	if (view.status.phase == controller->last_logged_phase &&
		view.status.segment == controller->last_logged_segment)
		return;
	controller->last_logged_phase = view.status.phase;
	controller->last_logged_segment = view.status.segment;
	journal_phase(&view);
}

static void send_frames(struct controller *controller, const struct session_output *output)
{
	int r = guard_link_send(controller->guard, output->frames, output->n_frames);

	// A guard that does not read releases when its lease ends, and the watchdog notices its
	// silence.
	if (r < 0 && r != -EAGAIN && r != -ENOTCONN)
		log_error("guard: frames cannot be sent: %s", strerror(-r));
}

static void publish_events(struct controller *controller, const struct session_output *output)
{
	struct status_view view;

	if (!output->n_events)
		return;
	controller_view(controller, &view);
	for (size_t i = 0; i < output->n_events; i++) {
		controller_state_event(controller, view.plan ? view.plan->profile : "",
			&output->events[i]);
		journal_event(&view, &output->events[i]);
		publisher_event(&controller->publisher, &view, &output->events[i]);
	}
}

static void log_impossible_transitions(const struct session_output *output)
{
	for (size_t i = 0; i < output->n_transitions; i++) {
		enum session_phase from = output->transitions[i].from,
				   to = output->transitions[i].to;

		if (!session_transition_reason(from, to))
			log_error("session: impossible transition from %s to %s",
				session_phase_name(from), session_phase_name(to));
	}
}

static void step(struct controller *controller)
{
	struct session_output output;

	deadman_step(&controller->deadman, clock_monotonic_us(), controller->session);
	session_step(controller->session, controller_now_us(controller), &output);
	send_frames(controller, &output);
	publish_events(controller, &output);
	log_impossible_transitions(&output);
	controller_refresh(controller, output.changed);
	arm(controller->deadman_timer, deadman_next_us(&controller->deadman));
	guard_link_wake(controller->guard, output.next_us, output.phase);
	controller_signals_step(controller);
}

void controller_wake(struct controller *controller)
{
	if (!suspend_happened(&controller->suspend))
		return;
	session_suspended(controller->session, controller_now_us(controller));
	step(controller);
}

void controller_step(struct controller *controller)
{
	controller_wake(controller);
	step(controller);
}

// --- in ---------------------------------------------------------------------------------------

static int on_deadman_timer(sd_event_source *source, uint64_t usec, void *data)
{
	(void)source;
	(void)usec;
	controller_step(data);
	return 0;
}

static int on_alert_timer(sd_event_source *source, uint64_t usec, void *data)
{
	(void)source;
	(void)usec;
	controller_arm_alerts(data);
	return 0;
}

static void on_guard_up(void *data)
{
	struct controller *controller = data;

	controller_buttons_link(controller);
	session_guard_link(controller->session, controller_now_us(controller), true);
}

static void on_guard_down(void *data)
{
	struct controller *controller = data;

	controller_buttons_link(controller);
	session_guard_link(controller->session, controller_now_us(controller), false);
	controller_step(controller);
}

static void on_guard_report(void *data, const struct wire_report *report)
{
	struct controller *controller = data;

	session_guard_report(controller->session, controller_now_us(controller), report);
	controller_buttons_report(controller, report);
	controller_dose_report(controller);
	watchdog_report(&controller->watchdog);
}

static void on_guard_reports_drained(void *data)
{
	struct controller *controller = data;
	struct status_view view;

	controller_buttons_act(controller);
	controller_step(controller);
	controller_view(controller, &view);
	if (view.report &&
		(view.report->mode == GUARD_ACTIVE || view.report->mode == GUARD_RELEASING))
		publisher_telemetry(&controller->publisher, clock_monotonic_us(), &view);
}

// --- life -------------------------------------------------------------------------------------

static int open_session(struct controller *controller)
{
	void *memory = calloc(1, session_size());

	if (!memory)
		return -ENOMEM;
	controller->session = session_init(memory, &controller->chair);
	deadman_init(&controller->deadman, clock_monotonic_us(),
		controller->settings->broker.grace_ms * US_PER_MS);
	return 0;
}

static int open_timers(struct controller *controller)
{
	int r = sd_event_add_time(controller->event, &controller->deadman_timer, CLOCK_MONOTONIC,
		UINT64_MAX, US_PER_MS, on_deadman_timer, controller);

	if (r >= 0)
		r = sd_event_source_set_priority(controller->deadman_timer,
			SD_EVENT_PRIORITY_IMPORTANT);
	if (r >= 0)
		r = sd_event_add_time(controller->event, &controller->alert_timer, CLOCK_MONOTONIC,
			UINT64_MAX, US_PER_S, on_alert_timer, controller);
	return r;
}

static int open_guard(struct controller *controller)
{
	const struct guard_link_handlers handlers = { .up = on_guard_up,
		.down = on_guard_down,
		.report = on_guard_report,
		.reports_drained = on_guard_reports_drained,
		.data = controller };
	int r = guard_link_new(controller->event, controller->settings->guard_socket, &handlers,
		&controller->guard);

	if (r >= 0)
		r = watchdog_start(&controller->watchdog, controller->event, controller->guard);
	return r;
}

// The boot id distinguishes a restart of the computer from one of the daemon in the topic state.
static int read_boot_id(struct controller *controller)
{
	sd_id128_t id;
	int r = sd_id128_get_boot(&id);

	if (r >= 0)
		snprintf(controller->boot_id, sizeof(controller->boot_id), SD_ID128_UUID_FORMAT_STR,
			SD_ID128_FORMAT_VAL(id));
	return r;
}

int controller_new(sd_event *event, const struct settings *settings, struct library *library,
	struct controller **ret_controller)
{
	struct controller *controller = calloc(1, sizeof(*controller));
	int r;

	if (!controller) {
		library_free(library);
		return -ENOMEM;
	}
	controller->event = sd_event_ref(event);
	controller->settings = settings;
	controller->library = library;
	controller->chair = library->chair;
	r = open_session(controller);
	if (r >= 0)
		r = read_boot_id(controller);
	if (r >= 0)
		r = open_timers(controller);
	if (r >= 0)
		r = open_guard(controller);
	if (r >= 0)
		r = controller_state_open(controller);
	if (r >= 0)
		r = controller_persons_open(controller);
	if (r >= 0)
		r = controller_dose_open(controller);
	if (r >= 0)
		r = controller_mqtt_open(controller);
	if (r >= 0)
		r = controller_signals_start(controller);
	if (r < 0) {
		controller_free(controller);
		return r;
	}
	controller_requests_report_profiles(controller);
	*ret_controller = controller;
	return 0;
}

struct controller *controller_free(struct controller *controller)
{
	if (!controller)
		return NULL;
	watchdog_stop(&controller->watchdog);
	state_keeper_free(controller->keeper);
	controller_dose_close(controller);
	consent_book_free(controller->consents);
	mqtt_client_free(controller->client);
	request_gate_free(controller->gate);
	guard_link_free(controller->guard);
	sd_event_source_disable_unref(controller->deadman_timer);
	sd_event_source_disable_unref(controller->alert_timer);
	sd_event_source_disable_unref(controller->stop_timer);
	free(controller->session);
	library_free(controller->library);
	sd_event_unref(controller->event);
	free(controller);
	return NULL;
}
