// SPDX-License-Identifier: MIT
#include "hal/gpio_suggest.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define HEADER_PINS 40
#define NUMBER_MAX  999
#define CHIP_SIZE   32 // of a chip's name

struct table {
	const struct gpio_seen *lines;
	size_t n;
};

// --- names ------------------------------------------------------------------------------------

// The GPIO at each pin of a Raspberry Pi's header; -1: power or ground. (Raspberry Pi
// documentation, "GPIO and the 40-pin header")
static const signed char header[HEADER_PINS + 1] = { -1, -1, -1, 2, -1, 3, -1, 4, 14, -1, 15, 17,
	18, 27, -1, 22, 23, -1, 24, 10, -1, 9, 25, 11, 8, -1, 7, 0, 1, 5, -1, 6, 12, 13, -1, 19, 16,
	26, 20, -1, 21 };

// Pins that some kernels name by their function, and others GPIO and their number.
static const struct {
	const char *name;
	int number;
} functions[] = {
	{ "ID_SDA", 0 },
	{ "ID_SD", 0 },
	{ "ID_SCL", 1 },
	{ "ID_SC", 1 },
	{ "SDA1", 2 },
	{ "SCL1", 3 },
	{ "GPIO_GCLK", 4 },
	{ "SPI_CE1_N", 7 },
	{ "SPI_CE0_N", 8 },
	{ "SPI_MISO", 9 },
	{ "SPI_MOSI", 10 },
	{ "SPI_SCLK", 11 },
	{ "TXD1", 14 },
	{ "RXD1", 15 },
};

// Words before the number of a GPIO, and before the number of a pin of the header.
static const char *const gpio_words[] = { "", "GPIO", "GP", "IO", "BCM", "BCMGPIO", "GPIOBCM",
	"BCM2835", "PINCTRL" };
static const char *const pin_words[] = { "P", "PIN", "P1", "J8", "J8PIN", "BOARD", "HEADER",
	"PHYSICAL", "PHYS" };

static bool is_one_of(const char *word, const char *const words[], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(word, words[i]) == 0)
			return true;
	}
	return false;
}

static bool is_separator(char c)
{
	return c == ' ' || c == '_' || c == '-' || c == ':' || c == '/' || c == '#';
}

// Two letters exchanged, or one of them wrong.
static bool is_misspelled(const char *word, const char *right)
{
	size_t wrong = 0;

	if (strlen(word) != strlen(right))
		return false;
	for (size_t i = 0; word[i]; i++) {
		if (word[i] == right[i])
			continue;
		wrong++;
		if (word[i] == right[i + 1] && word[i + 1] == right[i])
			i++;
	}
	return wrong == 1;
}

// "Gpio-017" is the word GPIO and the number 17. False if it does not end in a number.
static bool take_apart(const char *name, char word[NAME_SIZE], int *ret_number)
{
	size_t n = strlen(name), end, used = 0;
	long number;

	while (n > 0 && isdigit((unsigned char)name[n - 1]))
		n--;
	number = strtol(name + n, NULL, 10);
	if (!name[n] || number > NUMBER_MAX)
		return false;
	for (end = 0; end < n && used < NAME_SIZE - 1; end++) {
		if (!is_separator(name[end]))
			word[used++] = (char)toupper((unsigned char)name[end]);
	}
	word[used] = '\0';
	*ret_number = (int)number;
	return true;
}

static int gpio_number(const char *name)
{
	char word[NAME_SIZE];
	int number;

	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		if (strcasecmp(name, functions[i].name) == 0)
			return functions[i].number;
	}
	if (!take_apart(name, word, &number))
		return -1;
	if (is_one_of(word, gpio_words, sizeof(gpio_words) / sizeof(gpio_words[0])) ||
		is_misspelled(word, "GPIO"))
		return number;
	return -1;
}

static int header_pin(const char *name)
{
	char word[NAME_SIZE];
	int number;

	if (!take_apart(name, word, &number) || number < 1 || number > HEADER_PINS ||
		!is_one_of(word, pin_words, sizeof(pin_words) / sizeof(pin_words[0])))
		return -1;
	return number;
}

// "gpiochip0:17", "/dev/gpiochip0 17": a chip and an offset on it.
static bool chip_and_offset(const char *name, char chip[CHIP_SIZE], unsigned *ret_offset)
{
	int used = 0;

	if (strncasecmp(name, "/dev/", strlen("/dev/")) == 0)
		name += strlen("/dev/");
	if (strncasecmp(name, "gpiochip", strlen("gpiochip")) != 0)
		return false;
	for (used = (int)strlen("gpiochip"); isdigit((unsigned char)name[used]); used++)
		;
	if (!is_separator(name[used]) || used >= CHIP_SIZE)
		return false;
	snprintf(chip, CHIP_SIZE, "gpiochip%.*s", used - (int)strlen("gpiochip"),
		name + strlen("gpiochip"));
	for (name += used; is_separator(*name); name++)
		;
	return sscanf(name, "%3u%n", ret_offset, &used) == 1 && !name[used];
}

// --- lines ------------------------------------------------------------------------------------

static const struct gpio_seen *find_offset(const struct table *table, const char *chip,
	unsigned offset)
{
	for (size_t i = 0; i < table->n; i++) {
		if (table->lines[i].offset == offset && strcmp(table->lines[i].chip, chip) == 0)
			return &table->lines[i];
	}
	return NULL;
}

// A line of the chip whose GPIOn is at offset n; NULL if there is none.
static const struct gpio_seen *numbered_chip(const struct table *table)
{
	const struct gpio_seen *found = NULL;

	for (size_t i = 0; i < table->n; i++) {
		const struct gpio_seen *line = &table->lines[i];
		char word[NAME_SIZE];
		int number;

		if (!take_apart(line->name, word, &number) || strcmp(word, "GPIO") != 0)
			continue;
		if ((unsigned)number != line->offset)
			return NULL;
		if (!found)
			found = line;
	}
	return found;
}

static bool is_spelled_alike(const char *a, const char *b)
{
	for (; *a && *b; a++, b++) {
		if (toupper((unsigned char)*a) != toupper((unsigned char)*b) &&
			!(is_separator(*a) && is_separator(*b)))
			return false;
	}
	return !*a && !*b;
}

// The line whose name differs from the wanted one only in case or separators.
static const struct gpio_seen *find_spelling(const struct table *table, const char *wanted)
{
	for (size_t i = 0; i < table->n; i++) {
		if (*table->lines[i].name && is_spelled_alike(table->lines[i].name, wanted))
			return &table->lines[i];
	}
	return NULL;
}

static const struct gpio_seen *find_number(const struct table *table, int number)
{
	char name[NAME_SIZE];

	snprintf(name, sizeof(name), "GPIO%d", number);
	for (size_t i = 0; i < table->n; i++) {
		if (strcmp(table->lines[i].name, name) == 0)
			return &table->lines[i];
	}
	return NULL;
}

// --- sentences --------------------------------------------------------------------------------

static void name_offset(const struct gpio_seen *line, const char *chip, char *text, size_t size)
{
	if (*line->name)
		snprintf(text, size, "offset %u of %s is called %s", line->offset, chip,
			line->name);
	else
		snprintf(text, size,
			"offset %u of %s has no name: write chip = \"%s\"; offset = %u;",
			line->offset, chip, line->label, line->offset);
}

static bool suggest_number(const struct table *table, int number, char *text, size_t size)
{
	const struct gpio_seen *line = find_number(table, number);
	const struct gpio_seen *chip;

	if (line) {
		snprintf(text, size, "did you mean %s?", line->name);
		return true;
	}
	chip = numbered_chip(table);
	line = chip ? find_offset(table, chip->chip, (unsigned)number) : NULL;
	if (line)
		name_offset(line, *line->label ? line->label : line->chip, text, size);
	return line;
}

// The GPIO of a pin of the header, on a Raspberry Pi.
static bool suggest_pin(const struct table *table, int pin, char *text, size_t size)
{
	const struct gpio_seen *chip = numbered_chip(table), *line;
	int number = header[pin];

	if (!chip ||
		(strncmp(chip->label, "pinctrl-bcm", strlen("pinctrl-bcm")) != 0 &&
			strncmp(chip->label, "pinctrl-rp1", strlen("pinctrl-rp1")) != 0))
		return false;
	line = number < 0 ? NULL : find_offset(table, chip->chip, (unsigned)number);
	if (number < 0)
		snprintf(text, size, "pin %d of the 40-pin header is power or ground", pin);
	else if (line && *line->name)
		snprintf(text, size, "pin %d of the 40-pin header is called %s", pin, line->name);
	return number < 0 || (line && *line->name);
}

char *gpio_suggest(const char *wanted, const struct gpio_seen *lines, size_t n, char *ret_text,
	size_t size)
{
	const struct table table = { lines, n };
	const struct gpio_seen *line = find_spelling(&table, wanted);
	unsigned offset;
	char chip[CHIP_SIZE];
	int number;

	if (line) {
		snprintf(ret_text, size, "did you mean %s?", line->name);
		return ret_text;
	}
	if (chip_and_offset(wanted, chip, &offset)) {
		line = find_offset(&table, chip, offset);
		if (line) {
			name_offset(line, chip, ret_text, size);
			return ret_text;
		}
	} else if ((number = gpio_number(wanted)) >= 0) {
		if (suggest_number(&table, number, ret_text, size))
			return ret_text;
	} else if ((number = header_pin(wanted)) >= 0) {
		if (suggest_pin(&table, number, ret_text, size))
			return ret_text;
	}
	snprintf(ret_text, size, "gpioinfo lists the names of this machine's lines");
	return ret_text;
}
