// SPDX-License-Identifier: MIT
#include "bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "tests/unit/fixture.h"

static const char *const first_names[BED_FIRST_LINES] = { NULL, "GPIO5", "GPIO6", "GPIO13", "GPIO25", "GPIO16" };
static const char *const second_names[BED_SECOND_LINES] = { "GPIO1", "GPIO17", "GPIO27", "GPIO22", "GPIO23",
	"GPIO9", "GPIO10", "GPIO18" };

// The bench, a Hall sensor, and an air cell whose vent is safe while its wire is low.
static void make_chair(struct chair *chair)
{
	fixture_bench(chair);
	fixture_line(chair, "GPIO25", ROLE_PULSE, 0, true, false);
	fixture_actuator(chair, "pump", ACTUATOR_SOURCE);
	fixture_out(chair, "GPIO18", ROLE_RUN);
	fixture_cell(chair, "cell", 1, "GPIO9", "GPIO10", "in_voltage0", 45.0);
	chair->actuators[2].sensor = (struct force_sensor){ 0 };
	chair->lines[chair_find_line(chair, "GPIO18")].bias = BIAS_PULL_DOWN;
}

int bed_setup(void **state)
{
	struct bed *bed = calloc(1, sizeof(*bed));

	*state = bed;
	make_chair(&bed->chair);
	assert_int_equal(simchip_new("first", first_names, BED_FIRST_LINES, &bed->first), 0);
	assert_int_equal(simchip_new("second", second_names, BED_SECOND_LINES, &bed->second), 0);
	return 0;
}

int bed_teardown(void **state)
{
	struct bed *bed = *state;

	hal_free(bed->hal);
	simchip_free(bed->second);
	simchip_free(bed->first);
	free(bed);
	return 0;
}

int bed_open(struct bed *bed)
{
	return hal_gpio_open(&bed->chair, &(struct hal_gpio_options){ 0 }, &bed->hal, &bed->error);
}

int bed_setup_open(void **state)
{
	bed_setup(state);
	assert_int_equal(bed_open(*state), 0);
	return 0;
}

uint64_t bed_bit(const struct bed *bed, const char *name)
{
	int line = chair_find_line(&bed->chair, name);

	assert_true(line >= 0);
	return LINE_BIT(line);
}

// Where a line is: its chip, and its offset there.
static struct simchip *locate(const struct bed *bed, const char *name, unsigned *ret_offset)
{
	for (unsigned i = 0; i < BED_SECOND_LINES; i++) {
		*ret_offset = i;
		if (!strcmp(second_names[i], name))
			return bed->second;
	}
	for (unsigned i = 1; i < BED_FIRST_LINES; i++) {
		*ret_offset = i;
		if (!strcmp(first_names[i], name))
			return bed->first;
	}
	fail_msg("no line %s", name);
	return NULL;
}

int bed_wire(const struct bed *bed, const char *name)
{
	unsigned offset;
	struct simchip *chip = locate(bed, name, &offset);

	return simchip_level(chip, offset);
}

void bed_pull(const struct bed *bed, const char *name, bool up)
{
	unsigned offset;
	struct simchip *chip = locate(bed, name, &offset);

	assert_int_equal(simchip_pull(chip, offset, up), 0);
}

void bed_assert_says(const struct bed *bed, const char *text)
{
	if (!strstr(bed->error.text, text))
		fail_msg("\"%s\" does not say \"%s\"", bed->error.text, text);
}
