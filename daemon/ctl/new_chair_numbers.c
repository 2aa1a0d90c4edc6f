// SPDX-License-Identifier: MIT
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ctl/new_chair_entry.h"
#include "ctl/questions.h"

// --- numbers ----------------------------------------------------------------------------------

double new_chair_value(const struct new_chair_entry *entry, const char *key)
{
	for (size_t i = 0; i < entry->n_values; i++) {
		if (!strcmp(entry->values[i].key, key))
			return entry->values[i].number;
	}
	return NAN;
}

static bool ask_one(struct new_chair_entry *entry, const struct new_chair_number *row,
	double *ret_number)
{
	char text[120];
	const struct number_question question = { text, row->unit,
		row->not_below ? fmax(row->min, new_chair_value(entry, row->not_below)) : row->min,
		row->max, row->fallback };

	snprintf(text, sizeof(text), "  %s, %s", row->key, row->what);
	*ret_number = NAN;
	if (!ask_number(&question, ret_number))
		return false;
	entry->values[entry->n_values].key = row->key;
	entry->values[entry->n_values++].number = *ret_number;
	return true;
}

bool new_chair_ask_numbers(struct new_chair_entry *entry)
{
	double number;

	for (size_t i = 0; i < n_new_chair_numbers; i++) {
		const struct new_chair_number *row = &new_chair_numbers[i];

		if (!new_chair_applies(entry, &row->when))
			continue;
		if (!ask_one(entry, row, &number))
			return false;
		fprintf(entry->text, "    %s = %.10g;  # %s\n", row->key, number, row->what);
	}
	return true;
}

// --- channels ---------------------------------------------------------------------------------

struct place {
	char device[NAME_SIZE], channel[NAME_SIZE];
};

static bool is_part(const char *text)
{
	return *text && strlen(text) < NAME_SIZE &&
		!text[strspn(text,
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/")];
}

// "ads1015:in_voltage0", or with the path of a device.
static bool parse_place(char *text, struct place *ret_place)
{
	char *colon = strrchr(text, ':');

	if (!colon)
		return false;
	*colon = '\0';
	if (!is_part(text) || !is_part(colon + 1))
		return false;
	snprintf(ret_place->device, NAME_SIZE, "%s", text);
	snprintf(ret_place->channel, NAME_SIZE, "%s", colon + 1);
	return true;
}

static enum new_chair_answer ask_place(const struct new_chair_channel *row, struct place *ret_place)
{
	char what[160], text[2 * NAME_SIZE];

	snprintf(what, sizeof(what), "%s, its channel (ads1015:in_voltage0)%s", row->what,
		row->required ? "" : "; nothing: none");
	for (;;) {
		if (!new_chair_ask_key(row->key, what, text, sizeof(text)))
			return NEW_CHAIR_END;
		if (!*text && !row->required)
			return NEW_CHAIR_NOTHING;
		if (parse_place(text, ret_place))
			return NEW_CHAIR_ADDED;
		printf("  a channel is DEVICE:CHANNEL, by the names in /sys/bus/iio/devices (of "
		       "two with one name: /sys/bus/i2c/devices/1-0048:in_voltage0)\n");
	}
}

// A channel of temperature has its own table.
static bool gives_degrees(const struct place *place)
{
	return !strncmp(place->channel, "in_temp", strlen("in_temp"));
}

static bool ask_channel(struct new_chair_entry *entry, const struct new_chair_channel *row)
{
	enum new_chair_answer answer;
	struct place place;
	double number;

	answer = ask_place(row, &place);
	if (answer != NEW_CHAIR_ADDED)
		return answer == NEW_CHAIR_NOTHING;
	fprintf(entry->text, "    %s = { device = \"%s\"; channel = \"%s\";", row->key,
		place.device, place.channel);
	for (size_t i = 0; i < row->n_numbers && !gives_degrees(&place); i++) {
		if (!ask_one(entry, &row->numbers[i], &number))
			return false;
		fprintf(entry->text, " %s = %.10g;", row->numbers[i].key, number);
	}
	fprintf(entry->text, " };  # %s\n", row->what);
	return true;
}

bool new_chair_ask_channels(struct new_chair_entry *entry)
{
	for (size_t i = 0; i < n_new_chair_channels; i++) {
		if (new_chair_applies(entry, &new_chair_channels[i].when) &&
			!ask_channel(entry, &new_chair_channels[i]))
			return false;
	}
	return true;
}
