// SPDX-License-Identifier: MIT
#include "player.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SLICE_US     10000 // how far to run while waiting for a phase to begin
#define STANDS_SHARE 0.01  // of full speed, or mm/s

// --- recording --------------------------------------------------------------------------------

static const char *point_name(const struct player *player, int point)
{
	return point < 0 ? "" : player->library->atlas.points[point].name;
}

static void on_event(void *data, int64_t now_us, const struct session_event *event)
{
	struct player *player = data;
	const char *name = session_event_name(event->type);
	const struct hold_result *hold = &event->hold;

	if (event->type == SESSION_EVENT_HOLD_DONE)
		timeline_add(&player->timeline, now_us,
			"event %s %s target %.1f mean %.1f min %.1f in band %.2f", name,
			point_name(player, hold->points[0]), hold->target, hold->mean,
			hold->minimum, hold->in_band);
	else if (event->type == SESSION_EVENT_ABORTED)
		timeline_add(&player->timeline, now_us, "event %s %s", name,
			session_cause_name(event->cause));
	else if (event->type == SESSION_EVENT_TRIPPED)
		timeline_add(&player->timeline, now_us, "event %s %s", name,
			guard_reason_name(event->reason));
	else
		timeline_add(&player->timeline, now_us, "event %s", name);
}

static void on_transition(void *data, struct session_transition transition)
{
	transitions_add(&((struct player *)data)->transitions, transition);
}

// As chaird does; a profile of another name is none of the library's.
static void on_pressed(void *data, int64_t now_us, size_t button, enum refusal refusal)
{
	struct player *player = data;
	const struct chair *chair = &player->library->chair;
	const struct command start = {
		.verb = COMMAND_START, .intensity_percent = NAN, .local = true
	};
	char text[BUTTON_TEXT_SIZE];

	if (chair->buttons[button].does == BUTTON_STOP) // see_buttons()
		return;
	if (chair->buttons[button].does == BUTTON_START &&
		!strcmp(chair->buttons[button].profile, player->profile->name))
		refusal = simulator_command(player->simulator, &start, player->plan);
	timeline_add(&player->timeline, now_us, "button %s%s%s", button_text(chair, button, text),
		refusal ? " refused " : "", refusal ? refusal_code(refusal) : "");
}

static void see_buttons(struct player *player, int64_t now_us, const struct wire_report *report)
{
	const struct chair *chair = &player->library->chair;
	char text[BUTTON_TEXT_SIZE];

	for (size_t i = 0; i < chair->n_buttons; i++) {
		uint32_t bit = UINT32_C(1) << i;

		if ((report->buttons_stuck ^ player->report.buttons_stuck) & bit)
			timeline_add(&player->timeline, now_us, "button %s %s",
				button_text(chair, i, text),
				report->buttons_stuck & bit ? "is stuck" : "is free");
		else if ((report->buttons ^ player->report.buttons) & bit &&
			chair->buttons[i].does == BUTTON_STOP)
			timeline_add(&player->timeline, now_us, "button %s %s",
				button_text(chair, i, text),
				report->buttons & bit ? "pressed" : "let go");
	}
}

static void see_phase(struct player *player, int64_t now_us)
{
	struct session_status status;

	session_status(simulator_session(player->simulator), now_us, &status);
	if (status.phase == player->phase)
		return;
	player->phase = status.phase;
	player->phases_seen[status.phase]++;
	timeline_add(&player->timeline, now_us, "phase %s", session_phase_name(status.phase));
	for (size_t i = 0; i < player->scenario->n_actions; i++) {
		const struct scenario_action *action = &player->scenario->actions[i];

		if (action->phase[0] && player->due_us[i] == TIME_NEVER &&
			!strcmp(action->phase, session_phase_name(status.phase)) &&
			player->phases_seen[status.phase] == action->occurrence)
			player->due_us[i] = now_us + action->delay_us;
	}
}

static void see_actuators(struct player *player, int64_t now_us, const struct wire_report *report)
{
	static const struct {
		uint32_t flag;
		const char *gained, *lost;
	} flags[] = { { ACTUATOR_HOMED, "homed", "not homed" },
		{ ACTUATOR_AT_END, "at its end", "off its end" } };

	for (size_t i = 0; i < report->n; i++) {
		uint32_t changed = report->actuator[i].flags ^ player->report.actuator[i].flags;

		for (size_t f = 0; f < sizeof(flags) / sizeof(flags[0]); f++) {
			if (changed & flags[f].flag)
				timeline_add(&player->timeline, now_us, "%s %s",
					player->library->chair.actuators[i].name,
					report->actuator[i].flags & flags[f].flag ? flags[f].gained
										  : flags[f].lost);
		}
	}
}

// A back rest, leg rest or extension has arrived: where, by the guard and by the plant.
static void see_postures(struct player *player, int64_t now_us, const struct wire_report *report)
{
	for (size_t i = 0; i < report->n; i++) {
		const struct actuator *actuator = &player->library->chair.actuators[i];
		const struct wire_actuator_state *state = &report->actuator[i];
		uint32_t gained = state->flags & ~player->report.actuator[i].flags;

		if (actuator_is_posture(actuator->kind) && gained & ACTUATOR_AT_TARGET)
			timeline_add(&player->timeline, now_us, "%s at its target %.0f truly %.0f",
				actuator->name, state->position_um / 1000.0,
				sim_truth(simulator_hal(player->simulator), (int)i).position_mm);
	}
}

static void see_report(struct player *player, int64_t now_us)
{
	const struct wire_report *report = simulator_report(player->simulator);
	const struct chair *chair = &player->library->chair;

	if (!report)
		return;
	if (report->mode != player->report.mode || report->reason != player->report.reason)
		timeline_add(&player->timeline, now_us, "mode %s%s%s%s%s",
			guard_mode_name(report->mode), report->reason ? " " : "",
			report->reason ? guard_reason_name(report->reason) : "",
			report->culprit >= 0 ? " " : "",
			report->culprit >= 0 ? chair->actuators[report->culprit].name : "");
	if (report->frames_refused != player->report.frames_refused)
		timeline_add(&player->timeline, now_us, "frames refused %u",
			report->frames_refused);
	if (report->shed != player->report.shed)
		timeline_add(&player->timeline, now_us, "ticks shed %u", report->shed);
	see_actuators(player, now_us, report);
	see_postures(player, now_us, report);
	see_buttons(player, now_us, report);
	player->report = *report;
}

static double true_mm(const struct player *player, int carriage)
{
	return carriage < 0 ? NAN
			    : sim_truth(simulator_hal(player->simulator), carriage).position_mm;
}

static void see_person(struct player *player, int64_t now_us)
{
	const struct trace_chair *chair = &player->chair;
	double force_n = 0;

	person_check_time(&player->person, now_us);
	for (size_t i = 0; i < chair->n_actuators; i++) {
		struct sim_truth truth = sim_truth(simulator_hal(player->simulator), (int)i);
		double by_n = truth.force_n;

		if (chair->actuators[i].cutoff_c > 0 &&
			person_check_heat(&player->person, i, truth.position_mm))
			timeline_add(&player->timeline, now_us, "person %s", player->person.first);
		if (chair->actuators[i].sets_width &&
			person_check_width(&player->person, i, true_mm(player, (int)i),
				player->report.actuator[i].flags & ACTUATOR_AT_TARGET))
			timeline_add(&player->timeline, now_us, "person %s", player->person.first);
		if (!chair->actuators[i].presses)
			continue;
		force_n += by_n;
		if (person_check_force(&player->person, i, by_n,
			    true_mm(player, chair->actuators[i].carriage),
			    !(player->report.actuator[i].flags & ACTUATOR_RELEASED)))
			timeline_add(&player->timeline, now_us, "person %s", player->person.first);
	}
	if (player->pressed ? force_n < 1 : force_n > 2) {
		player->pressed = !player->pressed;
		timeline_add(&player->timeline, now_us, "person %s",
			player->pressed ? "pressed" : "free");
	}
}

// Nobody reports after the guard's death: by the plant's truth, when the relay opens and when each
// motor stands.
static void see_alone(struct player *player, int64_t now_us)
{
	struct hal *hal = simulator_hal(player->simulator);
	const struct chair *chair = &player->library->chair;

	if (player->powered && !sim_powered(hal)) {
		player->powered = false;
		timeline_add(&player->timeline, now_us, "relay open");
	}
	for (size_t i = 0; i < chair->n_actuators; i++) {
		uint32_t bit = UINT32_C(1) << i;

		if (player->stands & bit || fabs(sim_truth(hal, (int)i).speed_mm_s) > STANDS_SHARE)
			continue;
		player->stands |= bit;
		timeline_add(&player->timeline, now_us, "%s stands", chair->actuators[i].name);
	}
}

static void on_step(void *data, int64_t now_us)
{
	struct player *player = data;

	see_report(player, now_us);
	see_phase(player, now_us);
	see_person(player, now_us);
	if (player->guard_killed)
		see_alone(player, now_us);
}

// By the plant's truth, an actuator that presses at the end must be reported as not released.
static void see_end(struct player *player)
{
	const struct trace_chair *chair = &player->chair;
	int64_t now_us = simulator_now_us(player->simulator);

	for (size_t i = 0; i < chair->n_actuators; i++) {
		double force_n = sim_truth(simulator_hal(player->simulator), (int)i).force_n;
		bool reported = !(player->report.actuator[i].flags & ACTUATOR_RELEASED);

		if (!chair->actuators[i].presses)
			continue;
		if (reported)
			timeline_add(&player->timeline, now_us, "end %s is not proven released",
				chair->actuators[i].name);
		if (force_n > PERSON_UNREPORTED_N && !reported)
			player->left_n += force_n;
	}
}

// --- running ----------------------------------------------------------------------------------

static int load(struct player *player)
{
	const struct scenario *scenario = player->scenario;
	struct problems problems = { 0 };
	struct plan_proof proof;
	char text[512];
	int error = library_load("profiles", scenario->chair, &problems, &player->library);

	if (!error && scenario->profile[0]) {
		player->profile = calloc(1, sizeof(*player->profile));
		player->plan = malloc(sizeof(*player->plan));
		if (!player->profile || !player->plan)
			return -ENOMEM;
		error = profile_load(scenario->profile_file, &player->library->atlas, &problems,
			player->profile);
	}
	if (!error && player->plan)
		error = profile_prove(player->profile, &player->library->atlas,
			&player->library->chair, &problems, player->plan, &proof);
	for (size_t i = 0; error && i < problems.n; i++) {
		problem_format(&problems.list[i], text, sizeof(text));
		fprintf(stderr, "%s\n", text);
	}
	problems_clear(&problems);
	return error;
}

static bool fire(struct player *player)
{
	int64_t now_us = simulator_now_us(player->simulator);

	if (player->lie.next_us <= now_us)
		player_lie(player);
	for (size_t i = 0; i < player->scenario->n_actions; i++) {
		if (player->due_us[i] > now_us || player->fired_us[i] != TIME_NEVER)
			continue;
		player->fired_us[i] = now_us;
		if (!player_do(player, player->scenario->actions[i].verb)) {
			fprintf(stderr, "%s/input:%d: cannot do \"%s\"\n", player->scenario->dir,
				player->scenario->actions[i].line,
				player->scenario->actions[i].verb);
			return false;
		}
	}
	return true;
}

// When to stop running and look again.
static int64_t next_stop(const struct player *player, int64_t now_us)
{
	int64_t next_us = min_i64(player->scenario->until_us, player->lie.next_us);

	for (size_t i = 0; i < player->scenario->n_actions; i++) {
		if (player->fired_us[i] != TIME_NEVER)
			continue;
		next_us = min_i64(next_us, player->due_us[i]);
		if (player->due_us[i] == TIME_NEVER)
			next_us = min_i64(next_us, now_us + SLICE_US);
	}
	return next_us;
}

static int run(struct player *player)
{
	const struct simulator_watch watch = {
		.event = on_event,
		.step = on_step,
		.transition = on_transition,
		.pressed = on_pressed,
		.data = player,
	};
	int64_t now_us = simulator_now_us(player->simulator);

	while (now_us < player->scenario->until_us) {
		if (!fire(player))
			return -EINVAL;
		now_us = next_stop(player, now_us);
		simulator_run(player->simulator, now_us, &watch);
	}
	for (size_t i = 0; i < player->scenario->n_actions; i++) {
		if (player->fired_us[i] != TIME_NEVER)
			continue;
		fprintf(stderr, "%s/input:%d: never came to it\n", player->scenario->dir,
			player->scenario->actions[i].line);
		return -EINVAL;
	}
	see_end(player);
	return 0;
}

static int look_back(struct player *player)
{
	const struct scenario *scenario = player->scenario;
	int error;

	rewind(player->trace);
	error = trace_check(&player->chair, player->trace, scenario->tolerance_us,
		min_i64(player->writes_fail_us, scenario->until_us), &player->checked);
	if (!error)
		error = pins_read(player->trace, &player->chair, &player->pins);
	for (size_t i = 0; !error && i < scenario->n_windows; i++) {
		int64_t from_us = player->fired_us[scenario->windows[i].action];

		pins_print(&player->pins, from_us, from_us + scenario->windows[i].length_us,
			&player->timeline);
	}
	timeline_sort(&player->timeline);
	return error;
}

int player_play(const struct scenario *scenario, struct player *ret_player)
{
	struct player *player = ret_player;
	struct simulator_options options = {
		.sim = { .seed = scenario->seed, .empty_seat = scenario->empty_seat },
		.frame_delay_us = scenario->frame_delay_us,
	};
	int error;

	*player = (struct player){
		.scenario = scenario, .lie = { .next_us = TIME_NEVER }, .writes_fail_us = TIME_NEVER
	};
	for (size_t i = 0; i < scenario->n_actions; i++) {
		player->fired_us[i] = TIME_NEVER;
		player->due_us[i] = scenario->actions[i].phase[0] ? TIME_NEVER
								  : scenario->actions[i].delay_us;
	}
	error = load(player);
	if (!error)
		error = trace_chair_load(scenario->chair, &player->chair);
	if (error)
		return error;
	person_check_start(&player->person, &player->chair);
	player->trace = tmpfile();
	if (!player->trace)
		return -errno;
	options.sim.trace = player->trace;
	error = simulator_new(&player->library->chair, &options, &player->simulator);
	if (error)
		return error;
	error = run(player);
	return error ? error : look_back(player);
}

void player_free(struct player *player)
{
	simulator_free(player->simulator);
	if (player->trace)
		fclose(player->trace);
	pins_clear(&player->pins);
	timeline_clear(&player->timeline);
	free(player->plan);
	if (player->profile)
		profile_clear(player->profile);
	free(player->profile);
	library_free(player->library);
}

// --- judging ----------------------------------------------------------------------------------

// The first time of an expected text, from from_us on; TIME_NEVER: none.
static int64_t when(const struct player *player, const char *words, int64_t from_us)
{
	if (!strcmp(words, "safe"))
		return pins_safe_from(&player->pins, from_us);
	if (!strcmp(words, "enable still"))
		return pins_enable_still_from(&player->pins, from_us);
	if (!strncmp(words, "pin ", 4)) {
		struct timeline pins = { 0 };

		pins_print(&player->pins, from_us, TIME_NEVER / 2, &pins);
		timeline_sort(&pins);
		const struct moment *moment = timeline_find(&pins, words, from_us, TIME_NEVER);
		int64_t t_us = moment ? moment->t_us : TIME_NEVER;

		timeline_clear(&pins);
		return t_us;
	}
	const struct moment *moment = timeline_find(&player->timeline, words, from_us, TIME_NEVER);

	return moment ? moment->t_us : TIME_NEVER;
}

size_t player_judge(const struct player *player)
{
	const struct scenario *scenario = player->scenario;
	size_t failed = 0;

	for (size_t i = 0; i < scenario->n_expectations; i++) {
		const struct scenario_expectation *expected = &scenario->expectations[i];
		int64_t from_us = expected->action < 0 ? 0 : player->fired_us[expected->action];
		int64_t at_us = when(player, expected->words, from_us);
		bool in_time = at_us != TIME_NEVER && at_us - from_us <= expected->within_us;

		if (in_time != expected->never)
			continue;
		failed++;
		fprintf(stderr, "%s/input:%d: \"%s\" ", scenario->dir, expected->line,
			expected->words);
		if (at_us == TIME_NEVER)
			fprintf(stderr, "did not come after %.3f s\n", from_us / 1e6);
		else
			fprintf(stderr, "came %.3f s after %.3f s\n", (at_us - from_us) / 1e6,
				from_us / 1e6);
	}
	if (player->left_n > 0)
		fprintf(stderr, "%s: %.1f N are left on the person, reported as released\n",
			scenario->dir, player->left_n);
	trace_report_print(&player->checked, stderr);
	if (player->person.n)
		fprintf(stderr, "%s: %s\n", scenario->dir, player->person.first);
	return failed + player->checked.n + player->person.n + (player->left_n > 0) +
		(size_t)player->transitions.impossible;
}
