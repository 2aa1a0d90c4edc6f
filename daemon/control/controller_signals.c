// SPDX-License-Identifier: MIT
//
// Signals. SIGHUP: reload the library. SIGTERM, SIGINT: release the person, wait for the release,
// publish offline, end.
#include <signal.h>

#include "control/controller_private.h"
#include "service/log.h"
#include "service/notify.h"

// Time beyond the chair's longest release: for the guard's answer and its next report.
#define RELEASE_SLACK_US (1 * US_PER_S)

static bool released(const struct controller *controller)
{
	const struct wire_report *report = session_report(controller->session);
	struct session_status status;

	if (!guard_link_is_up(controller->guard))
		return true; // the guard has released by itself when the link went down
	session_status(controller->session, controller_now_us(controller), &status);
	if (status.phase != SESSION_IDLE && status.phase != SESSION_FAULT)
		return false;
	return !report || (report->mode != GUARD_ACTIVE && report->mode != GUARD_RELEASING);
}

void controller_signals_step(struct controller *controller)
{
	if (controller->stopping && released(controller))
		mqtt_client_close(controller->client);
}

static int on_stop_timer(sd_event_source *source, uint64_t usec, void *data)
{
	struct controller *controller = data;

	(void)source;
	(void)usec;
	log_warning("the guard has not reported the release in time; ending all the same");
	mqtt_client_close(controller->client);
	return 0;
}

static int on_stop_signal(sd_event_source *source, const struct signalfd_siginfo *info, void *data)
{
	struct controller *controller = data;

	(void)source;
	if (controller->stopping)
		return 0; // already releasing, and that time is bounded
	controller->stopping = true;
	log_info("asked to end (signal %u)", info->ssi_signo);
	notify_stopping();
	controller->stopped_us = 0; // not to be suppressed as a repeated stop
	controller_requests_stop(controller);
	return sd_event_add_time_relative(controller->event, &controller->stop_timer,
		CLOCK_MONOTONIC,
		(uint64_t)(chair_release_max_us(&controller->chair) + RELEASE_SLACK_US), 0,
		on_stop_timer, controller);
}

static int on_reload_signal(sd_event_source *source, const struct signalfd_siginfo *info,
	void *data)
{
	struct controller *controller = data;
	struct status_view view;
	struct request_error refused;
	json_t *reloaded = NULL;

	(void)source;
	(void)info;
	notify_reloading();
	if (!controller_requests_reload(controller, &reloaded, &refused))
		log_warning("reload: refused: %s (%s)", refused.message, refused.hint);
	json_decref(reloaded);
	controller_view(controller, &view);
	notify_ready("%s", session_phase_name(view.status.phase));
	return 0;
}

int controller_signals_start(struct controller *controller)
{
	int r = sd_event_add_signal(controller->event, NULL, SIGTERM, on_stop_signal, controller);

	if (r >= 0)
		r = sd_event_add_signal(controller->event, NULL, SIGINT, on_stop_signal,
			controller);
	if (r >= 0)
		r = sd_event_add_signal(controller->event, NULL, SIGHUP, on_reload_signal,
			controller);
	return r;
}
