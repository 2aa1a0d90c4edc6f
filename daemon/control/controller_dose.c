// SPDX-License-Identifier: MIT
//
// The dose ledger: what the guard reports is counted, a start that would exceed the day's limits
// is refused, and the topic dose is published.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "control/calendar.h"
#include "control/controller_private.h"
#include "control/dose_document.h"
#include "control/dose_file.h"
#include "control/reply.h"
#include "service/log.h"

#define PUBLISH_US (5 * US_PER_S) // shortest interval of the topic while something presses

static const struct ledger *ledger_of(const struct controller *controller)
{
	return dose_book_ledger(controller->dose.book);
}

static bool is_idle(const struct controller *controller)
{
	struct session_status status;

	session_status(controller->session, controller_now_us(controller), &status);
	return status.phase == SESSION_IDLE || status.phase == SESSION_FAULT;
}

// --- what a start may add ---------------------------------------------------------------------

// At full intensity, to which the session may be raised.
static int check_plan(const struct controller *controller, const char *person,
	const struct plan *plan, struct dose_excess *ret_excess)
{
	const struct atlas *atlas = &controller->library->atlas;
	struct dose *doses = calloc(atlas->n_points + 1, sizeof(*doses));
	bool allowed;

	if (!doses)
		return -ENOMEM;
	dose_of_plan(plan, &controller->chair, 100, doses, atlas->n_points);
	dose_add_layers(plan, atlas, &controller->chair, 100, doses);
	allowed = allowance_check(&controller->settings->dose, ledger_of(controller), person, atlas,
		doses, ret_excess);
	free(doses);
	return allowed ? 0 : -EPERM;
}

bool controller_dose_allows(struct controller *controller, const char *person,
	const struct plan *plan, struct request_error *refused)
{
	struct dose_excess excess;
	int r;

	if (!is_idle(controller)) // the session itself refuses
		return true;
	dose_book_clock(controller->dose.book, time(NULL));
	r = check_plan(controller, person, plan, &excess);
	if (r == -EPERM)
		dose_refusal(&excess, ledger_of(controller), refused);
	else if (r == -ENOMEM)
		request_error_set(refused, "memory", NULL, "out of memory");
	return r == 0;
}

// --- the topic --------------------------------------------------------------------------------

// The profiles that this person may not start any more today.
static json_t *refused_profiles(struct controller *controller, const char *name)
{
	const struct library *library = controller->library;
	const struct person *person = persons_find(&library->persons, name);
	json_t *list = json_array();
	struct plan *plan = malloc(sizeof(*plan));
	struct point *points = NULL;
	struct atlas atlas;
	bool good = plan && controller_persons_atlas(controller, person, &points, &atlas) == 0;

	for (size_t i = 0; good && i < library->n_profiles; i++) {
		const struct profile *profile = &library->profiles[i];
		struct plan_proof proof;
		struct dose_excess excess;

		if (person_prove(person, profile, &atlas, &controller->chair, plan, &proof) < 0)
			continue;
		if (check_plan(controller, name, plan, &excess) == -EPERM)
			json_array_append_new(list,
				dose_refused_profile(profile->name, &excess,
					ledger_of(controller)));
	}
	free(points);
	free(plan);
	return list;
}

// Of nobody by name, and of everybody who was pressed today.
static json_t *refused_by_person(struct controller *controller)
{
	const struct ledger *ledger = ledger_of(controller);
	json_t *people = json_pack("{s:o}", "", refused_profiles(controller, ""));

	for (size_t i = 0; i < ledger->n; i++) {
		const char *name = ledger->rows[i].person;

		if (!json_object_get(people, name))
			json_object_set_new(people, name, refused_profiles(controller, name));
	}
	return people;
}

// While a session runs no other can start: the list is kept until its end.
static json_t *refused(struct controller *controller)
{
	if (!controller->dose.refused || is_idle(controller)) {
		json_decref(controller->dose.refused);
		controller->dose.refused = refused_by_person(controller);
	}
	return json_incref(controller->dose.refused);
}

void controller_dose_publish(struct controller *controller)
{
	uint64_t revision = dose_book_revision(controller->dose.book);
	json_t *document = dose_document(ledger_of(controller), &controller->settings->dose,
		refused(controller));

	controller->dose.published_us = clock_monotonic_us();
	if (publisher_dose(&controller->publisher, document))
		controller->dose.published = revision;
}

void controller_dose_refresh(struct controller *controller)
{
	struct dose_book *book = controller->dose.book;
	char text[DOSE_ALERT_SIZE];
	bool calm = is_idle(controller) && !dose_book_presses(book);

	publisher_alert(&controller->publisher, ALERT_DOSE, dose_book_alert(book, text));
	if (dose_book_revision(book) != controller->dose.published &&
		(calm || clock_monotonic_us() - controller->dose.published_us >= PUBLISH_US))
		controller_dose_publish(controller);
}

// --- the verb ---------------------------------------------------------------------------------

static json_t *earlier_days(const struct controller *controller, int n)
{
	const char *state_dir = controller->settings->state_dir;
	char days[DOSE_DAYS_MAX][LEDGER_DAY_SIZE];
	int n_days = dose_file_days(state_dir, days);
	json_t *list = json_array();
	struct ledger *ledger = malloc(sizeof(*ledger));

	json_array_append_new(list, dose_day(ledger_of(controller)));
	for (int i = 0; ledger && i < n_days && (int)json_array_size(list) < n; i++) {
		if (strcmp(days[i], ledger_of(controller)->day) < 0 &&
			dose_file_load(state_dir, days[i], ledger) == 0)
			json_array_append_new(list, dose_day(ledger));
	}
	free(ledger);
	return list;
}

bool controller_dose_show(struct controller *controller, int days, json_t **ret_data,
	struct request_error *refused)
{
	if (days > 1 && !is_idle(controller)) { // reading them takes time
		reply_refusal(REFUSAL_BUSY, refused);
		return false;
	}
	dose_book_clock(controller->dose.book, time(NULL));
	*ret_data = json_pack("{s:o, s:o}", "limits",
		dose_limits_document(&controller->settings->dose), "days",
		earlier_days(controller, days));
	return true;
}

// --- counting ---------------------------------------------------------------------------------

void controller_dose_report(struct controller *controller)
{
	const struct wire_report *report = session_report(controller->session);
	const struct plan *plan = session_plan(controller->session);
	struct session_status status;
	struct dose_book_input input = {
		.chair = &controller->chair,
		.atlas = &controller->library->atlas,
		.report = report,
		.person = controller->person,
	};

	if (!report)
		return;
	session_status(controller->session, controller_now_us(controller), &status);
	if (plan && status.segment < plan->n_segments)
		input.segment = &plan->segments[status.segment];
	input.idle = status.phase == SESSION_IDLE || status.phase == SESSION_FAULT;
	dose_book_clock(controller->dose.book, time(NULL));
	dose_book_report(controller->dose.book, clock_monotonic_us(), &input);
}

// --- life -------------------------------------------------------------------------------------

static void arm_midnight(struct controller *controller)
{
	int64_t end_s = calendar_end_s(ledger_of(controller)->day);

	sd_event_source_set_time(controller->dose.midnight, (uint64_t)(end_s * US_PER_S));
	sd_event_source_set_enabled(controller->dose.midnight, SD_EVENT_ONESHOT);
}

static int on_midnight(sd_event_source *source, uint64_t usec, void *data)
{
	struct controller *controller = data;

	(void)source;
	(void)usec;
	dose_book_clock(controller->dose.book, time(NULL));
	arm_midnight(controller);
	controller_refresh(controller, false);
	return 0;
}

int controller_dose_open(struct controller *controller)
{
	int r = dose_book_new(controller->event, controller->settings->state_dir, time(NULL),
		&controller->dose.book);

	if (r >= 0)
		r = sd_event_add_time(controller->event, &controller->dose.midnight, CLOCK_REALTIME,
			UINT64_MAX, US_PER_S, on_midnight, controller);
	if (r >= 0)
		arm_midnight(controller);
	return r;
}

void controller_dose_close(struct controller *controller)
{
	sd_event_source_disable_unref(controller->dose.midnight);
	dose_book_free(controller->dose.book);
	json_decref(controller->dose.refused);
}
