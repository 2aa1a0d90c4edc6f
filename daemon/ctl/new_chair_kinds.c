// SPDX-License-Identifier: MIT
#include "ctl/new_chair_kinds.h"

#include <math.h>

#define KIND(kind) (1u << ACTUATOR_##kind)
#define REVERSIBLE (KIND(TRAVEL) | KIND(PRESS) | KIND(RECLINE))
#define ONE_WAY    (KIND(SOURCE) | KIND(KNEAD) | KIND(VIBRATE))
#define COUNT(a)   (sizeof(a) / sizeof((a)[0]))
#define COASTS     .release = "kind = \"coast\";", .release_s = NAN
#define RIDES      .reference = "carriage", .referenced = ACTUATOR_TRAVEL

// clang-format off: tables, a row a line
const struct new_chair_kind new_chair_kinds[] = {
	{ ACTUATOR_TRAVEL, "a carriage that moves along the body, with pulses", COASTS },
	{ ACTUATOR_PRESS, "a motor that pushes into the body",
		.release = "kind = \"retract\"; drive = 500;", .release_s = 6, .by_force = true,
		.reaches = true, .must_reach = true, RIDES },
	{ ACTUATOR_KNEAD, "rollers that turn", COASTS, .reaches = true, RIDES },
	{ ACTUATOR_SOURCE, "the pump of air cells", COASTS },
	{ ACTUATOR_CELL, "an air cell with two valves",
		.release = "kind = \"vent\";", .release_s = 4, .by_force = true, .reaches = true,
		.must_reach = true, .reference = "source", .referenced = ACTUATOR_SOURCE,
		.reference_required = true },
	{ ACTUATOR_VIBRATE, "a vibration motor", COASTS, .reaches = true },
	{ ACTUATOR_RECLINE, "a back or leg rest with a contact at each end", COASTS },
};

const struct new_chair_line new_chair_lines[] = {
	{ KIND(TRAVEL), ROLE_FORWARD, "away from home", true, true, "away from home" },
	{ KIND(PRESS), ROLE_FORWARD, "into the body", true, true, "out, into the body" },
	{ KIND(RECLINE), ROLE_FORWARD, "down", true, true, "down" },
	{ REVERSIBLE, ROLE_REVERSE, "back", true, false, NULL },
	{ REVERSIBLE, ROLE_PWM, "its speed; nothing: directions alone", false, false, NULL },
	{ ONE_WAY, ROLE_RUN, "on or off: a relay or a transistor; nothing: it is pulsed", false,
		true, NULL },
	{ ONE_WAY, ROLE_PWM, "its speed", false, true, NULL },
	{ KIND(CELL), ROLE_FILL, "the valve to the pump", true, true, NULL },
	{ KIND(CELL), ROLE_VENT, "the valve to the outside, open without power", true, true, NULL },
	{ REVERSIBLE, ROLE_HOME, "contact at home, to ground", true, false, NULL },
	{ KIND(TRAVEL), ROLE_END, "contact at the other end, to ground", false, false, NULL },
	{ KIND(RECLINE), ROLE_END, "contact at the other end, to ground", true, false, NULL },
	{ KIND(TRAVEL), ROLE_PULSE, "pulses of its Hall sensor", true, false, NULL },
	{ REVERSIBLE | ONE_WAY, ROLE_FAULT, "fault output of its bridge, low = fault", false, false,
		NULL },
};

const struct new_chair_number new_chair_numbers[] = {
	{ ~0u, "current_ma", "Its current", "mA", 1, 20000, NAN },
	{ KIND(TRAVEL), "mm_per_pulse", "Its way from pulse to pulse", "mm", 0.05, 20, NAN },
	{ KIND(TRAVEL), "soft_min_mm", "Its least position from home", "mm", 0, 2000, 5 },
	{ KIND(TRAVEL), "soft_max_mm", "Its farthest position", "mm", 1, 2000, NAN },
	{ KIND(TRAVEL), "speed_mm_s", "Its full speed", "mm/s", 1, 300, NAN },
	{ KIND(CELL), "fill_s", "Time from empty to full", "s", 0.1, 15, NAN },
	{ KIND(CELL), "vent_s", "Time from full to empty", "s", 0.1, 4, NAN },
};
// clang-format on

const size_t n_new_chair_kinds = COUNT(new_chair_kinds);
const size_t n_new_chair_lines = COUNT(new_chair_lines);
const size_t n_new_chair_numbers = COUNT(new_chair_numbers);
