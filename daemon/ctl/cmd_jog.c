// SPDX-License-Identifier: MIT
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/gauge.h"
#include "ctl/held_key.h"
#include "ctl/interrupt.h"
#include "ctl/jog.h"
#include "ctl/keyboard.h"
#include "ctl/terminal.h"
#include "service/clock.h"

#define DRIVE_PERMILLE 200 // gentle: a carriage creeps, a press just pushes
#define SECONDS_MAX    10
#define BEGIN_MAX_S    30 // as long as a session waits for the guard to be armed
#define ESCAPE         '\033'

struct hand {
	struct jog jog;
	struct gauge gauge;
	int drive_permille; // signed
	bool full_drive;    // it moved harder than that: it is only on or off
	struct held_key held;
	int64_t looked_us;                     // when the keyboard was last read
	char line[2 * GAUGE_SIZE + NAME_SIZE]; // as last drawn
};

static void draw(struct hand *hand, bool held)
{
	struct terminal terminal = terminal_detect(stdout);
	char text[GAUGE_SIZE], line[sizeof(hand->line)];

	snprintf(line, sizeof(line), "%s: %s, %s", hand->gauge.actuator,
		hand->jog.moving && held ? "moving"
			: held           ? "waiting for the chair"
					 : "hold the space bar, q ends",
		gauge_text(&hand->gauge, text));
	if (!terminal.live || strcmp(line, hand->line) == 0)
		return;
	strcpy(hand->line, line);
	printf("\r\033[K%.*s", terminal_columns(stdout) - 1, line);
	fflush(stdout);
}

// Receive what the chair reports, for a moment. An exit code once the broker is lost.
static int listen(struct hand *hand)
{
	int r = broker_wait(hand->jog.broker, clock_monotonic_us() + JOG_TOPIC_US);

	hand->full_drive |= fabs(hand->gauge.drive_permille) > abs(hand->drive_permille);
	return r < 0 ? request_failed(hand->jog.options, "jog", r, NULL) : EXIT_OK;
}

// True once a key was typed that ends the program. Any key but the space bar releases. Keys that
// have waited, since this program or the network had to, move nothing.
static bool take_keys(struct hand *hand)
{
	int64_t now_us = clock_monotonic_us();

	if (now_us > hand->looked_us + HELD_KEY_REPEAT_US)
		keyboard_discard();
	hand->looked_us = now_us;
	for (;;) {
		int key = keyboard_read();

		if (key == KEYBOARD_NONE)
			return false;
		if (key == KEYBOARD_CLOSED || key == ESCAPE || tolower(key) == 'q')
			return true;
		if (key == ' ')
			held_key_press(&hand->held, now_us);
		else
			held_key_release(&hand->held);
	}
}

// While the space bar is held, until q, Ctrl-C or the end of the terminal.
static int by_key(struct hand *hand)
{
	__attribute__((cleanup(keyboard_close))) struct keyboard keyboard = { 0 };
	int r = EXIT_OK;

	if (!keyboard_open(&keyboard)) {
		terminal_error("usage", "in a script give --seconds",
			"the keyboard is not a terminal");
		return EXIT_USAGE;
	}
	while (r == EXIT_OK && !take_keys(hand) && !interrupt_take()) {
		bool down = held_key_is_down(&hand->held, clock_monotonic_us());

		r = down ? jog_move(&hand->jog, hand->drive_permille) : jog_end(&hand->jog);
		draw(hand, down);
		if (r == EXIT_OK)
			r = listen(hand);
	}
	return r;
}

// A movement begins when the chair has released all that must be released before it. What is not
// released need not be in its way: it is driven all the same.
static bool has_begun(const struct hand *hand)
{
	return strcmp(hand->gauge.phase, "jog") == 0 &&
		(hand->gauge.all_released || hand->gauge.drive_permille * hand->drive_permille > 0);
}

static int not_begun(const struct hand *hand)
{
	terminal_error("not-released", "see chairctl status; chairctl stop releases",
		"%s has not moved: for %d s something else was to be released first (phase: %s)",
		hand->gauge.actuator, BEGIN_MAX_S, hand->gauge.phase);
	return EXIT_REFUSED;
}

// Counted from its beginning: an earlier movement may still have to be released.
static int by_time(struct hand *hand, double seconds)
{
	int64_t begin_max_us = clock_monotonic_us() + BEGIN_MAX_S * US_PER_S;
	int64_t until_us = TIME_NEVER;
	int r = EXIT_OK;

	while (r == EXIT_OK && clock_monotonic_us() < until_us) {
		if (interrupt_take()) {
			terminal_error("interrupted", NULL, "the movement was ended");
			return EXIT_REFUSED;
		}
		r = jog_move(&hand->jog, hand->drive_permille);
		if (r == EXIT_OK)
			r = listen(hand);
		if (until_us != TIME_NEVER)
			continue;
		if (has_begun(hand))
			until_us = clock_monotonic_us() + (int64_t)(seconds * (double)US_PER_S);
		else if (r == EXIT_OK && clock_monotonic_us() > begin_max_us)
			return not_begun(hand);
	}
	return r;
}

static int move(struct hand *hand, double seconds)
{
	char text[GAUGE_SIZE];
	int r, end;

	interrupt_block();
	r = isnan(seconds) ? by_key(hand) : by_time(hand, seconds);
	end = jog_end(&hand->jog);
	if (terminal_detect(stdout).live)
		fputs("\r\033[K", stdout);
	if (r == EXIT_OK && end == EXIT_OK && hand->jog.moved)
		printf("%s: %s: %s; released\n", hand->jog.options->id, hand->gauge.actuator,
			gauge_text(&hand->gauge, text));
	if (hand->full_drive)
		printf("  note: %s is only on or off, as a relay is: it moves at full drive, not "
		       "at %d per mille\n",
			hand->gauge.actuator, abs(hand->drive_permille));
	return r == EXIT_OK ? end : r;
}

// +1 or -1, or 0 after printing the error.
static int direction(const char *operand)
{
	if (strcmp(operand, "+") == 0 || strcmp(operand, "-") == 0)
		return *operand == '+' ? 1 : -1;
	terminal_error("usage", "+ is forward, out, or fill; - is backward, or in",
		"the direction is + or -, not \"%s\"", operand);
	return 0;
}

static int run_jog(const struct subcommand *self, int argc, char *argv[])
{
	int64_t drive = DRIVE_PERMILLE;
	double seconds = NAN;
	const struct option_row rows[] = {
		{ "drive", 'd', OPTION_INTEGER, &drive, "PERMILLE", "of full drive (200)", 1,
			PERMILLE_FULL },
		{ "seconds", 's', OPTION_NUMBER, &seconds, "N", "move so long, without a key", 0.1,
			SECONDS_MAX },
		{ 0 },
	};
	__attribute__((cleanup(broker_closep))) struct broker *broker = NULL;
	struct options options;
	struct hand hand = { 0 };
	int sign, r;

	if (!options_parse(self, rows, argc, argv, &options, &r))
		return r;
	sign = direction(options.operands[1]);
	if (sign == 0)
		return EXIT_USAGE;
	r = request_open(&options, &broker);
	if (r != EXIT_OK)
		return r;
	hand.drive_permille = sign * (int)drive;
	gauge_init(&hand.gauge, options.operands[0]);
	jog_init(&hand.jog, broker, &options, options.operands[0], hand.gauge.phase);
	r = broker_follow(broker, gauge_topics, gauge_message, &hand.gauge);
	return r < 0 ? request_failed(&options, "jog", r, NULL) : move(&hand, seconds);
}

const struct subcommand cmd_jog = {
	.name = "jog",
	.operands = "ACTUATOR +|-",
	.operands_min = 2,
	.operands_max = 2,
	.common = COMMON_BROKER,
	.summary = "move one actuator by hand while a key is held",
	.details =
		"Hold the space bar: it moves, and releases when the key is released. q, Esc\n"
		"and Ctrl-C end it. A terminal reports no release of a key, only its repeats:\n"
		"a key that is tapped counts as held for 0.75 s, and one that is held for 0.3 s\n"
		"after its last repeat. The chair itself ends the movement 0.45 s after the\n"
		"last heartbeat of this program. --seconds moves so long without a key, once\n"
		"the chair has released what an earlier movement has pressed.",
	.example = "chairctl jog carriage +\n"
		   "chairctl jog depth + --drive 150 --seconds 2",
	.run = run_jog,
};
