// SPDX-License-Identifier: MIT
//
// Proof of lines: each one unplugged, with the computer without power, and between reset and the
// guard's start. hal/README.md gives the wiring.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/proof_private.h"
#include "core/timed.h"

#define PIN_MAX      27 // of a Raspberry Pi's header
#define FIRST_OUTPUT 17 // 16 is left to the charge pump

enum level { LEVEL_LOW, LEVEL_HIGH, LEVEL_FLOATS };

static bool begins(const char *text, const char *beginning)
{
	return !strncmp(text, beginning, strlen(beginning));
}

// The number of a pin on a Raspberry Pi's header, by the kernel's name of its line or by its offset
// on the Pi's own chip, or -1: of other lines only the file's values are known.
static int header_pin(const struct line *line)
{
	char canonical[NAME_SIZE];
	int pin;

	if (begins(line->chip, "pinctrl-bcm") || begins(line->chip, "pinctrl-rp1"))
		return line->offset <= PIN_MAX ? line->offset : -1;
	if (!begins(line->name, "GPIO"))
		return -1;
	pin = atoi(line->name + 4);
	snprintf(canonical, sizeof(canonical), "GPIO%d", pin);
	return pin <= PIN_MAX && !strcmp(line->name, canonical) ? pin : -1;
}

// At reset BCM 0-8 are pulled up and 9-27 down; 14 and 15 are the serial console's, which idles
// high.
static bool is_console(int pin)
{
	return pin == 14 || pin == 15;
}

static bool is_high_at_reset(int pin)
{
	return (pin >= 0 && pin <= 8) || is_console(pin);
}

// Why a line is high before the guard has it; NULL if it is not, or not known to be. (NXP, PCF8574
// data sheet: at power-on the ports are high)
static const char *high_at_reset(const struct line *line)
{
	int pin = header_pin(line);

	if (begins(line->chip, "pcf857"))
		return "every line of a PCF857x is, from power-on";
	if (!is_high_at_reset(pin))
		return NULL;
	return is_console(pin) ? "the serial console" : "BCM 0-8 are pulled up";
}

const char *proof_free_pin(const struct chair *chair, int first, char buf[NAME_SIZE])
{
	static const int pins[] = { 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 9, 10, 11, 12, 13,
		16 };

	snprintf(buf, NAME_SIZE, "GPIO%d", first);
	for (size_t i = 0; chair_find_line(chair, buf) >= 0; i++) {
		if (i == sizeof(pins) / sizeof(pins[0]))
			return "GPIO9 ... GPIO27";
		snprintf(buf, NAME_SIZE, "GPIO%d", pins[i]);
	}
	return buf;
}

// --- contacts --------------------------------------------------------------------------------

// The wire's level with its plug pulled. BCM 2 and 3 have 1.8 kOhm to 3.3 V on the board, for I2C:
// no pull-down in the chip (50 kOhm) wins against that.
static enum level unplugged_level(const struct line *line)
{
	int pin = header_pin(line);

	if (line->bias == BIAS_PULL_UP || pin == 2 || pin == 3)
		return LEVEL_HIGH;
	return line->bias == BIAS_PULL_DOWN ? LEVEL_LOW : LEVEL_FLOATS;
}

static bool stops(const struct chair *chair, const struct line *line)
{
	for (size_t i = 0; i < chair->n_buttons; i++) {
		if (chair->buttons[i].line == (int)(line - chair->lines))
			return chair->buttons[i].does == BUTTON_STOP;
	}
	return false;
}

// The consequence of this contact reading active without its plug, and the right wiring; NULL if it
// is safe. no_pulse_ms covers pulses that stop. An end switch that is always closed keeps a motor
// from going there; travel_max_s covers one that never closes. Neither keeps a person pressed. A
// stop button that reads pressed lets nothing start: it may be normally closed.
static const char *read_active_means(const struct proof *proof, const struct line *line)
{
	switch (line->role) {
	case ROLE_ESTOP:
		return "released (it is normally open): an emergency stop with a broken wire "
		       "would go unnoticed; wire a contact to ground that opens when it is pressed";
	case ROLE_SEAT:
		return "occupied: nobody would notice that the person has gone; wire a contact to "
		       "ground that is closed while somebody sits";
	case ROLE_RESET:
		return "pressed: a wire that breaks would reset a trip; wire a button that closes "
		       "to ground";
	case ROLE_BUTTON:
		return stops(proof->chair, line)
			? NULL
			: "pressed: a wire that breaks would press it; wire a button that closes "
			  "to ground";
	case ROLE_HOME:
		return actuator_presses(proof->chair->actuators[line->actuator].kind)
			? "home: a release would end at once, with the person still "
			  "pressed; wire a contact to ground that closes at home"
			: "home: it would count as homed anywhere; wire a contact to ground "
			  "that closes at home";
	case ROLE_END:
		return travel_is_timed(&proof->chair->actuators[line->actuator])
			? "its end: its position would be taken for that anywhere; wire a contact "
			  "to ground that closes at its end"
			: NULL;
	default:
		return NULL;
	}
}

static void prove_contact(struct proof *proof, const struct config_setting_t *group,
	const struct line *line)
{
	enum level level = unplugged_level(line);
	const char *means = read_active_means(proof, line);

	if (line->role == ROLE_CUTOUT && level != LEVEL_FLOATS &&
		(level == LEVEL_HIGH) == line->active_low)
		reader_problem(proof->reader, group, "active_low",
			"unplugged it reads closed: nobody would notice that it has opened; wire a "
			"contact to ground that opens when it is too hot, and write active_low = "
			"false; bias = \"pull-up\";");
	else if (level == LEVEL_FLOATS)
		proof_risk(proof, RISK_OWN_RESISTORS, group, "bias",
			"unplugged it floats, and reads anything; write bias = \"%s\"; (your own "
			"resistor beside it does no harm), or if there is only that resistor,",
			line->active_low ? "pull-up" : "pull-down");
	else if (means && (level == LEVEL_HIGH) != line->active_low)
		reader_problem(proof->reader, group, "active_low",
			"unplugged it reads %s, and write active_low = true; bias = \"pull-up\";",
			means);
}

// --- outputs ---------------------------------------------------------------------------------

// The effect of an output whose wire is not at its safe level.
static const char *unsafe_means(const struct line *line)
{
	if (line->role == ROLE_VALVE)
		return "it fills its cell";
	return line->role == ROLE_VENT ? "it keeps the air in its cell" : "it is on";
}

static void prove_output(struct proof *proof, const struct config_setting_t *group,
	const struct line *line)
{
	if (line->channel_hz && !proof->pump)
		reader_problem(proof->reader, group, "channel",
			"a kernel PWM goes on when the program that set it has died, so it needs "
			"the charge pump's relay: enable = { line = \"GPIO16\"; hz = 50; }; or "
			"write line = \"GPIO22\"; which the guard pulses itself");
	if (line->channel_hz)
		return;

	bool safe_is_high = line->safe_level != line->active_low;
	int pin = header_pin(line);
	enum chair_risk risk;
	char text[300], free_pin[NAME_SIZE];
	const char *key;

	if (safe_is_high) {
		risk = RISK_UNSAFE_WHEN_LOW;
		key = "active_low";
		snprintf(text, sizeof(text),
			"%s while its wire is low: unplugged, with the computer without power%s; "
			"take a driver that is the other way round and write active_low = %s;",
			unsafe_means(line),
			pin >= 0 && !is_high_at_reset(pin)
				? ", and at reset (BCM 9-27 are pulled down)"
				: "",
			line->active_low ? "false" : "true");
	} else if (high_at_reset(line)) {
		risk = RISK_UNSAFE_AT_RESET;
		key = line->chip[0] ? "offset" : "line";
		snprintf(text, sizeof(text),
			"%s is high from reset until the guard has it (%s), and until then %s; "
			"write line = \"%s\";",
			line->name, high_at_reset(line), unsafe_means(line),
			proof_free_pin(proof->chair, FIRST_OUTPUT, free_pin));
	} else {
		return;
	}
	if (proof->pump)
		proof_risk(proof, risk, group, key, "%s", text);
	else
		reader_problem(proof->reader, group, key,
			"%s (there is no charge pump to cut its power)", text);
}

void proof_line(struct proof *proof, const struct config_setting_t *group, const struct line *line)
{
	if (!reader_is_clean(proof->reader, group))
		return;
	if (line_role_is_output(line->role))
		prove_output(proof, group, line);
	else
		prove_contact(proof, group, line);
}
