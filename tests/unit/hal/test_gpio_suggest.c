// SPDX-License-Identifier: MIT
//
// Suggestions for a missing line, on the chips of a Raspberry Pi 4 and others.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "hal/gpio_suggest.h"

#define NONE    "gpioinfo lists the names of this machine's lines"
#define N_LINES 30

// As a Raspberry Pi 4's kernel names them: eleven pins by their function.
static const char *const pi4_names[] = { "ID_SDA", "ID_SCL", "SDA1", "SCL1", "GPIO_GCLK", "GPIO5",
	"GPIO6", "SPI_CE1_N", "SPI_CE0_N", "SPI_MISO", "SPI_MOSI", "SPI_SCLK", "GPIO12", "GPIO13",
	"TXD1", "RXD1", "GPIO16", "GPIO17", "GPIO18", "GPIO19", "GPIO20", "GPIO21", "GPIO22",
	"GPIO23", "GPIO24", "GPIO25", "GPIO26", "GPIO27", "RGMII_MDIO", "" };
// GPIO and number throughout, as on a Raspberry Pi 5.
static const char *const pi5_names[] = { "ID_SDA", "ID_SCL", "GPIO2", "GPIO3", "GPIO4", "GPIO5",
	"GPIO6", "GPIO7", "GPIO8", "GPIO9", "GPIO10", "GPIO11", "GPIO12", "GPIO13", "GPIO14",
	"GPIO15", "GPIO16", "GPIO17", "GPIO18", "GPIO19", "GPIO20", "GPIO21", "GPIO22", "GPIO23",
	"GPIO24", "GPIO25", "GPIO26", "GPIO27", "PCIE_RP1_WAKE", "" };
// Lines in an order of their own.
static const char *const other_names[] = { "GPIO1", "GPIO17", "GPIO27", "GPIO22", "RELAY",
	"GPIO4_3" };

static size_t make(const char *label, const char *const names[], size_t n, struct gpio_seen *lines)
{
	for (size_t i = 0; i < n; i++) {
		lines[i].offset = (unsigned)i;
		strcpy(lines[i].chip, "gpiochip0");
		strcpy(lines[i].label, label);
		strcpy(lines[i].name, names[i]);
	}
	return n;
}

struct row {
	const char *wanted, *expected;
};

static void expect_all(const struct gpio_seen *lines, size_t n, const struct row *rows)
{
	char text[128];

	for (; rows->wanted; rows++) {
		gpio_suggest(rows->wanted, lines, n, text, sizeof(text));
		if (strcmp(text, rows->expected) != 0)
			fail_msg("%s: \"%s\", expected \"%s\"", rows->wanted, text, rows->expected);
	}
}

static void on_a_raspberry_pi_4(void **state)
{
	static const struct row rows[] = {
		// the number is right, the pin has another name
		{ "GPIO4", "offset 4 of pinctrl-bcm2711 is called GPIO_GCLK" },
		{ "GPIO9", "offset 9 of pinctrl-bcm2711 is called SPI_MISO" },
		{ "gpio14", "offset 14 of pinctrl-bcm2711 is called TXD1" },
		{ "2", "offset 2 of pinctrl-bcm2711 is called SDA1" },
		{ "GPIO29",
			"offset 29 of pinctrl-bcm2711 has no name: write chip = "
			"\"pinctrl-bcm2711\"; "
			"offset = 29;" },
		// the pin is right, the spelling is not
		{ "17", "did you mean GPIO17?" },
		{ "BCM17", "did you mean GPIO17?" },
		{ "bcm 17", "did you mean GPIO17?" },
		{ "GPIO017", "did you mean GPIO17?" },
		{ "gpio17", "did you mean GPIO17?" },
		{ "GPIO_17", "did you mean GPIO17?" },
		{ "GPIO 17", "did you mean GPIO17?" },
		{ "BCM_GPIO17", "did you mean GPIO17?" },
		{ "GP17", "did you mean GPIO17?" },
		{ "GPOI17", "did you mean GPIO17?" },
		{ "GPI017", NONE }, // a zero for the O: 17 or 017?
		{ "spi_miso", "did you mean SPI_MISO?" },
		{ "SPI-MISO", "did you mean SPI_MISO?" },
		// an offset of a chip
		{ "gpiochip0:17", "offset 17 of gpiochip0 is called GPIO17" },
		{ "/dev/gpiochip0 4", "offset 4 of gpiochip0 is called GPIO_GCLK" },
		{ "gpiochip0/29",
			"offset 29 of gpiochip0 has no name: write chip = \"pinctrl-bcm2711\"; "
			"offset = 29;" },
		{ "gpiochip1:17", NONE },
		{ "gpiochip0:99", NONE },
		{ "gpiochip0", NONE },
		// a pin of the header
		{ "P11", "pin 11 of the 40-pin header is called GPIO17" },
		{ "pin 11", "pin 11 of the 40-pin header is called GPIO17" },
		{ "J8-11", "pin 11 of the 40-pin header is called GPIO17" },
		{ "BOARD7", "pin 7 of the 40-pin header is called GPIO_GCLK" },
		{ "physical 40", "pin 40 of the 40-pin header is called GPIO21" },
		{ "P6", "pin 6 of the 40-pin header is power or ground" },
		{ "P41", NONE },
		// no pin that could be meant
		{ "GPIO71", NONE },
		{ "GPIO170", NONE },
		{ "GPIO", NONE },
		{ "GPIO1_7", NONE }, // line 7 of bank 1, on other boards
		{ "GPIO.0", NONE },  // wiringPi's, which is GPIO17
		{ "wPi0", NONE },
		{ "SPI_MISSO", NONE },
		{ "", NONE },
		{ "GPIO99999999999999999999", NONE },
		{ 0 },
	};
	struct gpio_seen lines[N_LINES];

	(void)state;
	expect_all(lines, make("pinctrl-bcm2711", pi4_names, N_LINES, lines), rows);
}

static void on_a_raspberry_pi_5(void **state)
{
	static const struct row rows[] = {
		{ "SPI_MISO", "did you mean GPIO9?" },
		{ "GPIO_GCLK", "did you mean GPIO4?" },
		{ "TXD1", "did you mean GPIO14?" },
		{ "4", "did you mean GPIO4?" },
		{ "GPIO0", "offset 0 of pinctrl-rp1 is called ID_SDA" },
		{ "pin 7", "pin 7 of the 40-pin header is called GPIO4" },
		{ 0 },
	};
	struct gpio_seen lines[N_LINES];

	(void)state;
	expect_all(lines, make("pinctrl-rp1", pi5_names, N_LINES, lines), rows);
}

// Neither its numbers nor its header are those of a Raspberry Pi.
static void on_another_board(void **state)
{
	static const struct row rows[] = {
		{ "17", "did you mean GPIO17?" },
		{ "GPIO4", NONE },
		{ "4", NONE },
		{ "relay", "did you mean RELAY?" },
		{ "GPIO4-3", "did you mean GPIO4_3?" },
		{ "gpiochip0:4", "offset 4 of gpiochip0 is called RELAY" },
		{ "pin 11", NONE },
		{ 0 },
	};
	struct gpio_seen lines[N_LINES];

	(void)state;
	expect_all(lines, make("board", other_names, 6, lines), rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(on_a_raspberry_pi_4),
		cmocka_unit_test(on_a_raspberry_pi_5),
		cmocka_unit_test(on_another_board),
	};

	return cmocka_run_group_tests_name("gpio suggest", tests, NULL, NULL);
}
