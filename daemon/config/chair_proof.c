// SPDX-License-Identifier: MIT
#include "config/chair_proof.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "config/proof_private.h"

#define TEXT_SIZE 400
#define PUMP_PIN  16 // of hal/README.md's circuit

void proof_risk(struct proof *proof, enum chair_risk risk, const struct config_setting_t *setting,
	const char *key, const char *format, ...)
{
	char text[TEXT_SIZE];
	va_list args;

	proof->found |= RISK_BIT(risk);
	if (proof->acknowledged & RISK_BIT(risk))
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	reader_problem(proof->reader, setting, key,
		"%s or acknowledge it%s: acknowledged = [ \"%s\" ];", text,
		proof->of_actuator ? " in this actuator" : "", risk_name(risk));
}

// --- acknowledgements ------------------------------------------------------------------------

static const struct config_setting_t *acknowledged_list(const struct config_setting_t *group)
{
	return reader_typed(group, "acknowledged", FIELD_LIST);
}

static int find_risk(const char *name, unsigned allowed)
{
	for (int i = 0; i < RISK_COUNT; i++) {
		if (allowed & RISK_BIT(i) && !strcmp(risk_name(i), name))
			return i;
	}
	return -1;
}

// The risk that is meant, or -1.
static int unknown_risk(struct reader *reader, const struct config_setting_t *element,
	const char *name, unsigned allowed)
{
	struct suggestion suggestion;
	char names[TEXT_SIZE] = "";
	size_t length = 0;

	suggestion_start(&suggestion, name);
	for (int i = 0; i < RISK_COUNT; i++) {
		if (!(allowed & RISK_BIT(i)))
			continue;
		length += (size_t)snprintf(names + length, sizeof(names) - length, "%s%s",
			length ? ", " : "", risk_name(i));
		suggestion_consider(&suggestion, risk_name(i));
	}
	reader_not_known(reader, element, names, &suggestion);
	return find_risk(suggestion.best, allowed);
}

static unsigned read_acknowledged(struct reader *reader, const struct config_setting_t *group,
	unsigned allowed)
{
	const struct config_setting_t *list = acknowledged_list(group);
	size_t n = list ? reader_length(list) : 0;
	unsigned acknowledged = 0;

	for (size_t i = 0; i < n; i++) {
		const struct config_setting_t *element = reader_element(list, i);
		const char *name = reader_element_string(reader, list, i);
		int risk = name ? find_risk(name, allowed) : -1;

		if (risk >= 0 && acknowledged & RISK_BIT(risk))
			reader_problem(reader, element, NULL, "\"%s\" is there twice; remove one",
				name);
		else if (name && risk < 0)
			risk = unknown_risk(reader, element, name, allowed);
		if (risk >= 0)
			acknowledged |= RISK_BIT(risk);
	}
	return acknowledged;
}

// An acknowledgement without its risk would hide that risk if it appeared later.
static void check_needed(const struct proof *proof, const struct config_setting_t *group)
{
	const struct config_setting_t *list = acknowledged_list(group);
	size_t n = list ? reader_length(list) : 0;

	for (size_t i = 0; i < n; i++) {
		const struct config_setting_t *element = reader_element(list, i);
		const char *name = reader_is(element, FIELD_TEXT) ? reader_text(element) : "";
		int risk = find_risk(name, proof->acknowledged & ~proof->found);

		if (risk >= 0)
			reader_problem(proof->reader, element, NULL,
				"there is nothing to acknowledge as \"%s\"; remove it", name);
	}
}

// --- the chair and its actuators -------------------------------------------------------------

static void prove_whole(struct proof *proof)
{
	const struct config_setting_t *root = reader_root(proof->reader);
	const struct config_setting_t *inputs = reader_typed(root, "inputs", FIELD_GROUP);
	const struct config_setting_t *buttons = reader_typed(root, "buttons", FIELD_LIST);
	const struct chair *chair = proof->chair;
	const int lines[] = { chair->estop, chair->seat, chair->reset };
	char pin[NAME_SIZE];

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		const struct line *line = lines[i] >= 0 ? &chair->lines[lines[i]] : NULL;

		if (line)
			proof_line(proof, reader_member(inputs, line_role_name(line->role)), line);
	}
	for (size_t i = 0; i < chair->n_buttons; i++) {
		if (chair->buttons[i].line >= 0)
			proof_line(proof, reader_element(buttons, i),
				&chair->lines[chair->buttons[i].line]);
	}
	if (!proof->pump)
		proof_risk(proof, RISK_NO_CHARGE_PUMP, root, "enable",
			"is missing: without a charge pump's relay a computer that freezes keeps "
			"its motors running; wire it (hal/README.md) and write enable = { line = "
			"\"%s\"; };",
			proof_free_pin(chair, PUMP_PIN, pin));
}

static bool is_read_for(const struct iio_channel *channel, const char *device, const char *name)
{
	return channel->present && !strcmp(channel->device, device) &&
		!strcmp(channel->channel, name);
}

// Of two quantities on one channel one would be the other's value.
static void prove_channel(const struct proof *proof, const struct config_setting_t *group,
	int index, int quantity)
{
	const struct chair *chair = proof->chair;
	const struct iio_channel *channel = &chair->actuators[index].measured[quantity];

	for (int i = 0; channel->present && i <= index; i++) {
		const struct actuator *other = &chair->actuators[i];
		bool taken = other->sensor.present &&
			!strcmp(other->sensor.device, channel->device) &&
			!strcmp(other->sensor.channel, channel->channel);

		for (int q = 0; q < QUANTITY_COUNT; q++)
			taken |= (i < index || q < quantity) &&
				is_read_for(&other->measured[q], channel->device, channel->channel);
		if (taken)
			reader_problem(proof->reader,
				reader_member(group, quantity_name((enum quantity)quantity)),
				"channel",
				"%s of %s is already read for %s; write the channel of this "
				"one",
				channel->channel, channel->device, other->name);
	}
}

static void prove_actuator(struct proof *proof, const struct config_setting_t *group, int index)
{
	const struct actuator *actuator = &proof->chair->actuators[index];
	const struct config_setting_t *lines = reader_typed(group, "lines", FIELD_GROUP);

	for (int role = 0; role < ROLE_COUNT; role++) {
		if (actuator->line[role] >= 0)
			proof_line(proof, reader_member(lines, line_role_name(role)),
				&proof->chair->lines[actuator->line[role]]);
	}
	if (actuator->kind == ACTUATOR_HEAT && !proof->pump)
		reader_problem(proof->reader, group, "kind",
			"a heater whose transistor or relay fails stays on: only a charge pump's "
			"relay cuts its power (hal/README.md)");
	for (int quantity = 0; quantity < QUANTITY_COUNT; quantity++)
		prove_channel(proof, group, index, quantity);
	if (actuator_presses(actuator->kind))
		proof_press(proof, group, index);
}

void chair_prove(struct reader *reader, struct chair *chair)
{
	const struct config_setting_t *root = reader_root(reader);
	const struct config_setting_t *list = reader_typed(root, "actuators", FIELD_LIST);
	struct proof proof = {
		.reader = reader, .chair = chair, .pump = reader_member(root, "enable")
	};

	proof.acknowledged = read_acknowledged(reader, root, RISKS_OF_CHAIR);
	chair->acknowledged = proof.acknowledged;
	prove_whole(&proof);
	check_needed(&proof, root);
	proof.of_actuator = true;
	for (size_t i = 0; i < chair->n_actuators; i++) {
		const struct config_setting_t *group = reader_element(list, i);
		bool clean = reader_is_clean(reader, group) && reader_is(group, FIELD_GROUP);

		if (!clean)
			continue;
		proof.acknowledged = read_acknowledged(reader, group, RISKS_OF_ACTUATOR);
		proof.found = 0;
		chair->actuators[i].acknowledged = proof.acknowledged;
		prove_actuator(&proof, group, (int)i);
		check_needed(&proof, group);
	}
}
