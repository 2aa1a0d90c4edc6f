// SPDX-License-Identifier: MIT
//
// The verbs of a scenario's actions.
#include "player.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/fingerprint.h"
#include "frames.h"

#define LIE_PERIOD_US 20000
#define LIE_SEQ       UINT32_C(0x40000000) // beyond the honest controller's

static bool command(struct player *player, const struct command *command)
{
	enum refusal refusal = simulator_command(player->simulator, command, player->plan);

	if (refusal != REFUSAL_NONE)
		timeline_add(&player->timeline, simulator_now_us(player->simulator), "refused %s",
			refusal_code(refusal));
	return true;
}

// The number after "KEY=" in args, or fallback.
static double argument(const char *args, const char *key, double fallback)
{
	const char *at = strstr(args, key);

	return at ? strtod(at + strlen(key), NULL) : fallback;
}

static bool do_start(struct player *player, const char *args)
{
	if (!player->plan)
		return false;
	return command(player,
		&(struct command){ .verb = COMMAND_START,
			.intensity_percent = argument(args, "intensity=", NAN),
			.lease_us = (int64_t)(argument(args, "lease=", 0) * 1e6) });
}

static bool do_intensity(struct player *player, const char *args)
{
	return command(player,
		&(struct command){
			.verb = COMMAND_INTENSITY, .intensity_percent = strtod(args, NULL) });
}

static bool do_feedback(struct player *player, const char *args)
{
	enum feedback feedback = !strcmp(args, "less") ? FEEDBACK_LESS
		: !strcmp(args, "more")                ? FEEDBACK_MORE
		: !strcmp(args, "eased")               ? FEEDBACK_EASED
						       : FEEDBACK_OK;

	return command(player, &(struct command){ .verb = COMMAND_FEEDBACK, .feedback = feedback });
}

// jog NAME DRIVE
static bool do_jog(struct player *player, const char *args)
{
	char name[NAME_SIZE];
	int drive;

	if (sscanf(args, "%47s %d", name, &drive) != 2)
		return false;
	return command(player,
		&(struct command){ .verb = COMMAND_JOG,
			.actuator = chair_find_actuator(&player->library->chair, name),
			.drive_permille = drive,
			.heartbeat_us = 500 * US_PER_MS });
}

static bool do_plain(struct player *player, const char *name)
{
	struct command plain = { 0 };

	return command_verb_parse(name, &plain.verb) && command(player, &plain);
}

// fault TEXT, as hal/sim/sim.h has it
static bool do_fault(struct player *player, const char *args)
{
	struct sim_fault fault;
	char why[200];

	if (sim_fault_parse(&player->library->chair, args, &fault, why, sizeof(why)) < 0) {
		fprintf(stderr, "%s: %s\n", args, why);
		return false;
	}
	if (fault.kind == SIM_WRITE_FAIL)
		player->writes_fail_us = simulator_now_us(player->simulator);
	return sim_inject(simulator_hal(player->simulator), &fault) == 0;
}

static bool do_kill(struct player *player, const char *args)
{
	if (!strcmp(args, "guard")) {
		player->writes_fail_us = simulator_now_us(player->simulator);
		player->guard_killed = player->powered = true;
		simulator_kill_guard(player->simulator);
		return true;
	}
	simulator_kill_controller(player->simulator, !strcmp(args, "link"));
	return true;
}

static bool do_revive(struct player *player, const char *args)
{
	(void)args;
	simulator_revive_controller(player->simulator);
	return true;
}

static bool do_suspend(struct player *player, const char *args)
{
	(void)args;
	engine_slept(simulator_engine(player->simulator), simulator_now_us(player->simulator));
	return true;
}

static bool do_broker(struct player *player, const char *args)
{
	simulator_broker(player->simulator, !strcmp(args, "up"));
	return true;
}

static uint32_t next_seq(struct lie *lie)
{
	lie->seq = lie->seq ? lie->seq + 1 : LIE_SEQ;
	return lie->seq;
}

// send arm|arm-other|release|reset|query: a valid frame out of turn; arm-other names another chair
static bool do_send(struct player *player, const char *args)
{
	static const struct {
		const char *name;
		enum wire_type type;
	} types[] = { { "arm", WIRE_ARM }, { "release", WIRE_RELEASE }, { "reset", WIRE_RESET },
		{ "query", WIRE_QUERY }, { "arm-other", WIRE_ARM } };
	uint64_t chair = chair_fingerprint(&player->library->chair) + !strcmp(args, "arm-other");

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct wire_arm frame;

		if (strcmp(args, types[i].name))
			continue;
		simulator_send_raw(player->simulator, &frame,
			bare_frame_init(&frame, types[i].type, chair, next_seq(&player->lie)));
		return true;
	}
	return false;
}

static bool width_parse(const char *value, int *ret_width)
{
	for (enum width width = WIDTH_NARROW; width < WIDTH_COUNT; width++) {
		if (strcmp(value, width_name(width)) != 0)
			continue;
		*ret_width = width;
		return true;
	}
	return false;
}

static bool demand_parse(const char *value, struct wire_demand *ret_demand)
{
	int number = (int)strtol(value + strcspn(value, "-0123456789"), NULL, 10);

	if (!strcmp(value, "home"))
		*ret_demand = (struct wire_demand){ .mode = WIRE_HOME };
	else if (!strcmp(value, "rest"))
		*ret_demand = (struct wire_demand){ .mode = WIRE_REST };
	else if (!strcmp(value, "release"))
		*ret_demand = (struct wire_demand){ .mode = WIRE_RELEASE_ACTUATOR };
	else if (width_parse(value, &number))
		*ret_demand = (struct wire_demand){ .mode = WIRE_WIDTH, .value = number };
	else if (!strncmp(value, "mm", 2))
		*ret_demand = (struct wire_demand){
			.mode = WIRE_POSITION, .value = number * 1000, .limit_permille = 1000
		};
	else
		*ret_demand = (struct wire_demand){ .mode = WIRE_DRIVE, .value = number };
	return true;
}

// demand NAME=DRIVE|home|rest|release|mmPOSITION|WIDTH ... [lease=MS] [for=S]: setpoints of a
// lying controller
static bool do_demand(struct player *player, const char *args)
{
	const struct chair *chair = &player->library->chair;
	struct lie *lie = &player->lie;
	char word[64];
	int used;
	double for_s = 0;

	setpoint_init(&lie->frame, chair, 0);
	for (; sscanf(args, "%63s%n", word, &used) == 1; args += used) {
		char *value = strchr(word, '=');

		if (!value)
			return false;
		*value++ = '\0';
		int actuator = chair_find_actuator(chair, word);

		if (!strcmp(word, "lease"))
			lie->frame.lease_ms = (uint32_t)strtoul(value, NULL, 10);
		else if (!strcmp(word, "for"))
			for_s = strtod(value, NULL);
		else if (actuator < 0 || !demand_parse(value, &lie->frame.demand[actuator]))
			return false;
	}
	lie->bad = -1;
	lie->next_us = simulator_now_us(player->simulator);
	lie->until_us = lie->next_us + (int64_t)(for_s * 1e6);
	return true;
}

// bad NAME|all [for=S]: malformed frames (frames.c)
static bool do_bad(struct player *player, const char *args)
{
	struct lie *lie = &player->lie;
	char name[32];

	if (sscanf(args, "%31s", name) != 1)
		return false;
	setpoint_init(&lie->frame, &player->library->chair, 0);
	for (lie->bad = 0; lie->bad < (int)n_bad_frames; lie->bad++) {
		if (!strcmp(bad_frames[lie->bad].name, name))
			break;
	}
	if (lie->bad == (int)n_bad_frames && strcmp(name, "all") != 0)
		return false;
	lie->next_us = simulator_now_us(player->simulator);
	lie->until_us = lie->next_us + (int64_t)(argument(args, "for=", 0) * 1e6);
	return true;
}

void player_lie(struct player *player)
{
	struct lie *lie = &player->lie;
	struct wire_setpoint frame = lie->frame;
	size_t size = sizeof(frame);

	frame.header.seq = next_seq(lie);
	if (lie->bad >= 0) {
		size_t which = lie->bad < (int)n_bad_frames ? (size_t)lie->bad
							    : lie->seq % n_bad_frames;

		size = bad_frames[which].corrupt(&frame);
	}
	simulator_send_raw(player->simulator, &frame, size);
	lie->next_us += LIE_PERIOD_US;
	if (lie->next_us > lie->until_us)
		lie->next_us = TIME_NEVER;
}

bool player_do(struct player *player, const char *verb)
{
	static const struct {
		const char *name;
		bool (*run)(struct player *player, const char *args);
	} verbs[] = {
		{ "start", do_start },
		{ "intensity", do_intensity },
		{ "feedback", do_feedback },
		{ "jog", do_jog },
		{ "fault", do_fault },
		{ "kill", do_kill },
		{ "revive", do_revive },
		{ "broker", do_broker },
		{ "send", do_send },
		{ "demand", do_demand },
		{ "bad", do_bad },
		{ "suspend", do_suspend },
	};
	size_t length = strcspn(verb, " ");

	timeline_add(&player->timeline, simulator_now_us(player->simulator), "> %s", verb);
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strlen(verbs[i].name) == length && !strncmp(verbs[i].name, verb, length))
			return verbs[i].run(player, verb + length + strspn(verb + length, " "));
	}
	return do_plain(player, verb);
}
