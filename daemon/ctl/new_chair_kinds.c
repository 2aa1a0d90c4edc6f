// SPDX-License-Identifier: MIT
#include "ctl/new_chair_kinds.h"

#include <math.h>

#define KIND(kind)   (1u << ACTUATOR_##kind)
#define BUILD(build) (1u << BUILD_##build)
#define ROLE(role)   (1u << ROLE_##role)
#define POSTURES     (KIND(RECLINE) | KIND(EXTENSION))
#define REVERSIBLE   (KIND(TRAVEL) | KIND(PRESS) | POSTURES)
#define TURNS        (KIND(KNEAD) | KIND(TAP) | KIND(VIBRATE) | KIND(ROLLER))
#define ONE_WAY      (TURNS | KIND(SOURCE))
#define MOTORS       (REVERSIBLE | ONE_WAY)
#define COUNT(a)     (sizeof(a) / sizeof((a)[0]))

// of actuators
#define RIDES              .reference = "carriage", .referenced = ACTUATOR_TRAVEL
#define POSITION           .builds = "its position is known by"
// the actuators that a row is for
#define OF(set)            { .kinds = (set) }
#define BUILT(set, built)  { .kinds = (set), .builds = (built) }
#define WITH(set, line)    { .kinds = (set), .with = ROLE(line) }
#define WITHOUT(set, line) { .kinds = (set), .without = ROLE(line) }
// of lines
#define REQUIRED           .required = true
#define OPTIONAL           .required = false
#define OTHERWISE(text)    .otherwise = (text)
#define MOVES              .moves = true
#define MOVES_TO(text)     .moves = true, .way = (text)
// of numbers
#define MEASURED           .fallback = NAN
#define USUALLY(number)    .fallback = (number)

// clang-format off: tables, a row a line
const struct new_chair_kind new_chair_kinds[] = {
	{ ACTUATOR_TRAVEL, "a carriage that moves along the body", POSITION },
	{ ACTUATOR_KNEAD, "rollers that knead, and may set their width",
		.reaches = true, RIDES },
	{ ACTUATOR_PRESS, "a motor that pushes into the body", .reaches = true,
		.must_reach = true, RIDES },
	{ ACTUATOR_TAP, "a motor that taps", .reaches = true, RIDES },
	{ ACTUATOR_VIBRATE, "a vibration motor", .reaches = true, RIDES },
	{ ACTUATOR_ROLLER, "a foot roller", .reaches = true },
	{ ACTUATOR_SOURCE, "the pump of air cells", .builds = NULL },
	{ ACTUATOR_CELL, "an air cell", .builds = "its valves are", .reaches = true,
		.must_reach = true, .reference = "source", .referenced = ACTUATOR_SOURCE,
		.reference_required = true },
	{ ACTUATOR_RECLINE, "a back or leg rest", POSITION },
	{ ACTUATOR_EXTENSION, "the extension of a leg rest", POSITION },
	{ ACTUATOR_HEAT, "a heating pad with a thermistor", .must_have_pump = true },
};

const struct new_chair_build_row new_chair_builds[] = {
	{ BUILD_CONTACTS, POSTURES, "contacts", "a contact at each end" },
	{ BUILD_PULSES, KIND(TRAVEL) | POSTURES, "pulses",
		"a Hall sensor, and a contact at home" },
	{ BUILD_POT, POSTURES, "pot", "a potentiometer on an ADC" },
	{ BUILD_TIME, KIND(TRAVEL), "time", "two relays, and a contact at each end" },
	{ BUILD_TIME, POSTURES, "time", "two relays, and switches of its own" },
	{ BUILD_ONE_VALVE, KIND(CELL), "one", "one valve, which its spring vents" },
	{ BUILD_TWO_VALVES, KIND(CELL), "two", "a valve to the pump, and one to the outside" },
};

const struct new_chair_line new_chair_lines[] = {
	{ OF(KIND(TRAVEL)), ROLE_FORWARD, "away from home", REQUIRED, MOVES_TO("away from home") },
	{ OF(KIND(PRESS)), ROLE_FORWARD, "into the body", REQUIRED,
		MOVES_TO("out, into the body") },
	{ OF(KIND(RECLINE)), ROLE_FORWARD, "away from home; a back rest: down", REQUIRED,
		MOVES_TO("away from home") },
	{ OF(KIND(EXTENSION)), ROLE_FORWARD, "out", REQUIRED, MOVES_TO("out") },
	{ OF(REVERSIBLE), ROLE_REVERSE, "back", REQUIRED },
	{ BUILT(KIND(TRAVEL), BUILD(PULSES)), ROLE_PWM, "its speed",
		OTHERWISE("forward and reverse are pulsed") },
	{ OF(KIND(PRESS)), ROLE_PWM, "its speed", OTHERWISE("forward and reverse are pulsed") },
	{ BUILT(POSTURES, ~BUILD(TIME)), ROLE_PWM, "its speed",
		OTHERWISE("forward and reverse are relays") },
	{ OF(ONE_WAY), ROLE_RUN, "on or off, by a relay or a transistor", OTHERWISE("it is pulsed"),
		MOVES },
	{ WITHOUT(ONE_WAY, RUN), ROLE_PWM, "its speed", REQUIRED, MOVES },
	{ OF(KIND(HEAT)), ROLE_RUN, "on or off, by a relay or a transistor", REQUIRED },
	{ OF(KIND(HEAT)), ROLE_CUTOUT, "its thermal cut-out, to ground, open when it is too hot",
		OPTIONAL },
	{ BUILT(KIND(CELL), BUILD(ONE_VALVE)), ROLE_VALVE, "on, it fills; off, its spring vents",
		REQUIRED, MOVES },
	{ BUILT(KIND(CELL), BUILD(TWO_VALVES)), ROLE_FILL, "the valve to the pump", REQUIRED,
		MOVES },
	{ BUILT(KIND(CELL), BUILD(TWO_VALVES)), ROLE_VENT,
		"the valve to the outside, open without power", REQUIRED, MOVES },
	{ OF(KIND(TRAVEL)), ROLE_HOME, "contact at its upper end, to ground", REQUIRED },
	{ BUILT(KIND(TRAVEL), BUILD(TIME)), ROLE_END, "contact at its lower end, to ground",
		REQUIRED },
	{ BUILT(KIND(TRAVEL), BUILD(PULSES)), ROLE_END, "contact at its lower end, to ground",
		OPTIONAL },
	{ OF(KIND(PRESS)), ROLE_HOME, "contact at home (weak), to ground", REQUIRED },
	{ OF(KIND(PRESS)), ROLE_END, "contact at the other end (strong), to ground", OPTIONAL },
	{ BUILT(POSTURES, BUILD(CONTACTS) | BUILD(PULSES)), ROLE_HOME, "contact at home, to ground",
		REQUIRED },
	{ BUILT(POSTURES, BUILD(CONTACTS)), ROLE_END, "contact at the other end, to ground",
		REQUIRED },
	{ BUILT(KIND(TRAVEL) | POSTURES, BUILD(PULSES)), ROLE_PULSE, "pulses of its Hall sensor",
		REQUIRED },
	{ OF(KIND(PRESS) | KIND(KNEAD)), ROLE_PULSE, "pulses of its Hall sensor", OPTIONAL },
	{ WITH(KIND(KNEAD), PWM), ROLE_NARROW, "contact where its rollers are narrow, to ground",
		OPTIONAL },
	{ WITH(KIND(KNEAD), NARROW), ROLE_MEDIUM, "contact where they are between, to ground",
		OPTIONAL },
	{ WITH(KIND(KNEAD), NARROW), ROLE_WIDE, "contact where they are wide, to ground",
		REQUIRED },
	{ OF(KIND(TAP)), ROLE_LOCK, "lock output of its driver, low = it does not turn", OPTIONAL },
	{ OF(MOTORS), ROLE_FAULT, "fault output of its bridge, low = fault", OPTIONAL },
};

const struct new_chair_number new_chair_numbers[] = {
	{ OF(~0u), "current_ma", "at full drive", "mA", 1, 20000, MEASURED },
	{ OF(KIND(TAP)), "hz_max", "taps a second at full drive", "Hz", 1, 50, MEASURED },
	{ BUILT(KIND(TRAVEL), BUILD(PULSES)), "mm_per_pulse", "from pulse to pulse", "mm", 0.05, 20,
		MEASURED },
	{ BUILT(KIND(TRAVEL), BUILD(PULSES)), "soft_min_mm", "its least position from home", "mm",
		0, 1999, USUALLY(5) },
	{ BUILT(KIND(TRAVEL), BUILD(PULSES)), "soft_max_mm", "its farthest position", "mm", 1, 2000,
		MEASURED, .not_below = "soft_min_mm" },
	{ BUILT(KIND(TRAVEL), BUILD(PULSES)), "speed_mm_s", "at full drive, about", "mm/s", 1, 300,
		MEASURED },
	{ BUILT(KIND(TRAVEL), BUILD(TIME)), "way_mm", "from contact to contact", "mm", 50, 2000,
		MEASURED },
	{ BUILT(KIND(TRAVEL), BUILD(TIME)), "down_s", "all of that way down, with somebody in it",
		"s", 1, 45, MEASURED },
	{ BUILT(KIND(TRAVEL), BUILD(TIME)), "up_s", "all of that way up, with somebody in it", "s",
		1, 45, MEASURED },
	{ BUILT(POSTURES, BUILD(PULSES)), "pulses", "over all of its way", "", 20, 100000,
		MEASURED },
	{ BUILT(POSTURES, BUILD(TIME)), "down_s", "all of its way forward, with somebody in it",
		"s", 1, 48, MEASURED },
	{ BUILT(POSTURES, BUILD(TIME)), "up_s", "all of its way back, with somebody in it", "s", 1,
		48, MEASURED },
	{ OF(KIND(PRESS)), "stroke_mm", "from home to its farthest point", "mm", 20, 300,
		USUALLY(80) },
	{ OF(KIND(PRESS)), "speed_mm_s", "at full drive without contact, about", "mm/s", 1, 300,
		USUALLY(40) },
	{ OF(KIND(CELL)), "fill_s", "from empty to full", "s", 0.1, 60, MEASURED },
	{ OF(KIND(CELL)), "vent_s", "from full to empty", "s", 0.1, 20, MEASURED },
	{ OF(KIND(CELL)), "leak_s", "time constant of its leak, with its hose", "s", 1, 100000,
		USUALLY(300) },
	{ OF(KIND(HEAT)), "cutoff_c", "there the chair trips; 3 degrees lower it goes off",
		"degrees Celsius", 30, HEAT_HARD_MAX_C, USUALLY(43) },
	{ OF(KIND(HEAT)), "on_max_s", "longest unbroken time on", "s", 1, SESSION_HARD_MAX_S,
		USUALLY(600) },
	{ BUILT(KIND(TRAVEL), BUILD(TIME)), "dead_time_ms", "both relays off before a reversal",
		"ms", 20, 2000, USUALLY(300) },
	{ WITHOUT(POSTURES, PWM), "dead_time_ms", "both relays off before a reversal",
		"ms", 20, 2000, USUALLY(300) },
	{ WITH(ONE_WAY, RUN), "min_on_ms", "a relay stays on so long; a transistor: 0",
		"ms", 0, 1000, USUALLY(200) },
	{ WITH(ONE_WAY, RUN), "min_off_ms", "a relay stays off so long; a transistor: 0",
		"ms", 0, 5000, USUALLY(200) },
	{ BUILT(KIND(TRAVEL), BUILD(TIME)), "min_off_ms", "a relay stays off so long",
		"ms", 0, 5000, USUALLY(150) },
	{ WITHOUT(POSTURES, PWM), "min_off_ms", "a relay stays off so long",
		"ms", 0, 5000, USUALLY(150) },
};

static const struct new_chair_number pot_numbers[] = {
	{ OF(~0u), "at_home", "its reading there", "mV", -1e6, 1e6, MEASURED },
	{ OF(~0u), "at_end", "its reading at the other end", "mV", -1e6, 1e6, MEASURED },
};

static const struct new_chair_number current_numbers[] = {
	{ OF(~0u), "ma_per_unit", "of a mV of the channel", "mA", -1e6, 1e6, MEASURED },
	{ OF(~0u), "zero_ma", "that it reads without current", "mA", -100000, 100000, USUALLY(0) },
	{ OF(~0u), "max_ma", "above it the chair trips; about twice what it draws", "mA", 1, 50000,
		MEASURED, .not_below = "current_ma" },
	{ OF(~0u), "max_ms", "above it for that long", "ms", 50, 2000, USUALLY(300) },
};

static const struct new_chair_number thermistor_numbers[] = {
	{ OF(~0u), "ohm_25", "of the thermistor at 25 degrees", "ohm", 100, 1e6, USUALLY(10000) },
	{ OF(~0u), "beta", "of the thermistor, by its data sheet", "K", 1000, 10000,
		USUALLY(3950) },
	{ OF(~0u), "series_ohm", "of the resistor to its supply", "ohm", 100, 1e6, USUALLY(10000) },
};

const struct new_chair_channel new_chair_channels[] = {
	{ BUILT(POSTURES, BUILD(POT)), "pot", "its potentiometer", true, pot_numbers,
		COUNT(pot_numbers) },
	{ OF(KIND(HEAT)), "thermistor", "in its pad, to ground", true, thermistor_numbers,
		COUNT(thermistor_numbers) },
	{ OF(KIND(EXTENSION)), "current", "of its motor", true, current_numbers,
		COUNT(current_numbers) },
	{ OF(MOTORS & ~KIND(EXTENSION)), "current", "of its motor", false, current_numbers,
		COUNT(current_numbers) },
};
// clang-format on

const size_t n_new_chair_kinds = COUNT(new_chair_kinds);
const size_t n_new_chair_builds = COUNT(new_chair_builds);
const size_t n_new_chair_lines = COUNT(new_chair_lines);
const size_t n_new_chair_numbers = COUNT(new_chair_numbers);
const size_t n_new_chair_channels = COUNT(new_chair_channels);
