// SPDX-License-Identifier: MIT
#include "guard_harness.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "tests/unit/fixture.h"

static const char *const first_names[HARNESS_FIRST_LINES] = { NULL, "GPIO5", "GPIO6", "GPIO13",
	"GPIO25", "GPIO16" };
static const char *const second_names[HARNESS_SECOND_LINES] = { "GPIO1", "GPIO17", "GPIO27",
	"GPIO22", "GPIO23", "GPIO9", "GPIO10", "GPIO18" };

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

int guard_harness_setup(void **state)
{
	struct guard_harness *harness = calloc(1, sizeof(*harness));

	*state = harness;
	make_chair(&harness->chair);
	assert_int_equal(simchip_new("first", first_names, HARNESS_FIRST_LINES, &harness->first),
		0);
	assert_int_equal(simchip_new("second", second_names, HARNESS_SECOND_LINES,
				 &harness->second),
		0);
	return 0;
}

int guard_harness_teardown(void **state)
{
	struct guard_harness *harness = *state;

	hal_free(harness->hal);
	simchip_free(harness->second);
	simchip_free(harness->first);
	free(harness);
	return 0;
}

int guard_harness_open(struct guard_harness *harness)
{
	return hal_gpio_open(&harness->chair, &(struct hal_gpio_options){ 0 }, &harness->hal,
		&harness->error);
}

int guard_harness_setup_open(void **state)
{
	guard_harness_setup(state);
	assert_int_equal(guard_harness_open(*state), 0);
	return 0;
}

uint64_t guard_harness_bit(const struct guard_harness *harness, const char *name)
{
	int line = chair_find_line(&harness->chair, name);

	assert_true(line >= 0);
	return LINE_BIT(line);
}

// The place of a line: its chip, and its offset there.
static struct simchip *locate(const struct guard_harness *harness, const char *name,
	unsigned *ret_offset)
{
	for (unsigned i = 0; i < HARNESS_SECOND_LINES; i++) {
		*ret_offset = i;
		if (!strcmp(second_names[i], name))
			return harness->second;
	}
	for (unsigned i = 1; i < HARNESS_FIRST_LINES; i++) {
		*ret_offset = i;
		if (!strcmp(first_names[i], name))
			return harness->first;
	}
	fail_msg("no line %s", name);
	return NULL;
}

int guard_harness_wire(const struct guard_harness *harness, const char *name)
{
	unsigned offset;
	struct simchip *chip = locate(harness, name, &offset);

	return simchip_level(chip, offset);
}

void guard_harness_pull(const struct guard_harness *harness, const char *name, bool up)
{
	unsigned offset;
	struct simchip *chip = locate(harness, name, &offset);

	assert_int_equal(simchip_pull(chip, offset, up), 0);
}

void guard_harness_assert_logged(const struct guard_harness *harness, const char *text)
{
	if (!strstr(harness->error.text, text))
		fail_msg("\"%s\" does not say \"%s\"", harness->error.text, text);
}
