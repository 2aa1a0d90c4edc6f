// SPDX-License-Identifier: MIT
//
// The simulated chair (hal/sim/sim.h) around the pins of the emulated Pi, whose outputs go nowhere
// and whose inputs nothing drives. It runs inside.
//
//   plant serve CHAIR.CFG   make the contacts' chip and live, in the background once it is there
//   plant TEXT...           an event of the chair, such as "estop=1", "seat=0", "reset",
//                           "dead:carriage" (sim_fault_parse)
//
//   chairguard -> GPIOn (pinctrl-bcm2711) -> GPLEV0 -> plant -> gpio-sim: SIMn -> chairguard
//
// A line is found by its name on any chip, and a name must not be there twice: the contacts of this
// chair's file are named SIMn where a real one's are GPIOn. /run/plant.state has what is true, a
// line per actuator: "NAME POSITION FORCE", in mm and N (sim_truth). /run/plant.history has every
// change of an output that is seen, "T_S GPIOn 0|1", by the Pi's clock. `plant TEXT` prints the
// time at which it took effect.
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "config/library.h"
#include "hal/sim/fault_socket.h"
#include "hal/sim/sim.h"
#include "tests/kernel/simchip.h"

#define CONTROL "/run/plant.control"
#define STATE   "/run/plant.state"
#define HISTORY "/run/plant.history"

#define GPIO_ADDRESS 0xfe200000 // BCM2711 ARM peripherals, 5.2: GPFSEL0..., GPLEV0 at 0x34
#define GPIO_SIZE    4096
#define GPIO_LEVELS  13

#define PERIOD_US 1730 // no divisor of a PWM period: the duty is seen at all of its phases
#define STATE_US  100000
#define PINS      28

struct bench {
	struct chair chair;
	struct hal *hal;
	struct simchip *chip;
	const volatile uint32_t *gpio;
	int pin[CHAIR_LINES_MAX];
	uint64_t levels; // of outputs, as last passed to it
	FILE *history;
};

static void die(const char *what, int error)
{
	fprintf(stderr, "plant: %s: %s\n", what, strerror(error < 0 ? -error : error));
	exit(1);
}

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static double wall_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void load(struct bench *bench, const char *file)
{
	struct problems problems = { 0 };

	if (chair_load(file, &problems, &bench->chair) < 0) {
		for (size_t i = 0; i < problems.n; i++) {
			char text[512];

			problem_format(&problems.list[i], text, sizeof(text));
			fprintf(stderr, "%s\n", text);
		}
		exit(1);
	}
	for (size_t i = 0; i < bench->chair.n_lines; i++) {
		const struct line *line = &bench->chair.lines[i];
		const char *prefix = line_role_is_output(line->role) ? "GPIO" : "SIM";

		if (strncmp(line->name, prefix, strlen(prefix)))
			die(line->name, EINVAL);
		bench->pin[i] = atoi(line->name + strlen(prefix));
		if (bench->pin[i] < 0 || bench->pin[i] >= PINS)
			die(line->name, ERANGE);
	}
}

static void make_chip(struct bench *bench)
{
	char names[PINS][8];
	const char *pointers[PINS];
	int r;

	for (int i = 0; i < PINS; i++) {
		snprintf(names[i], sizeof(names[i]), "SIM%d", i);
		pointers[i] = names[i];
	}
	r = simchip_new("contacts", pointers, PINS, &bench->chip);
	if (r < 0)
		die("the chip of the contacts", r);
}

static void map_pins(struct bench *bench)
{
	int fd = open("/dev/mem", O_RDONLY | O_SYNC | O_CLOEXEC);

	if (fd < 0)
		die("/dev/mem", errno);
	bench->gpio = mmap(NULL, GPIO_SIZE, PROT_READ, MAP_SHARED, fd, GPIO_ADDRESS);
	if (bench->gpio == MAP_FAILED)
		die("/dev/mem (iomem=relaxed is missing?)", errno);
	close(fd);
}

// The pins that are high, bit 17 for GPIO17. One that is no output is pulled down. Each register is
// read once: to the emulator a look at one costs as much as thousands of instructions.
static uint32_t pins_high(const struct bench *bench)
{
	uint32_t high = bench->gpio[GPIO_LEVELS], select = 0;

	for (int pin = 0; pin < PINS; pin++) {
		if (pin % 10 == 0)
			select = bench->gpio[pin / 10];
		if ((select >> pin % 10 * 3 & 7) != 1)
			high &= ~(UINT32_C(1) << pin);
	}
	return high;
}

static void take_outputs(struct bench *bench, int64_t t_us)
{
	uint32_t high = pins_high(bench);
	uint64_t levels = 0, mask = 0;
	int r;

	for (size_t i = 0; i < bench->chair.n_lines; i++) {
		const struct line *line = &bench->chair.lines[i];

		if (!line_role_is_output(line->role))
			continue;
		mask |= LINE_BIT(i);
		if ((high >> bench->pin[i] & 1) != line->active_low)
			levels |= LINE_BIT(i);
	}
	mask &= levels ^ bench->levels;
	for (uint64_t left = mask; left; left &= left - 1) {
		int line = __builtin_ctzll(left);

		fprintf(bench->history, "%.6f GPIO%d %" PRIu32 "\n", wall_s(), bench->pin[line],
			high >> bench->pin[line] & 1);
	}
	if (mask)
		fflush(bench->history);
	bench->levels = levels;
	r = mask ? hal_write(bench->hal, t_us, mask, levels) : 0;
	if (r < 0)
		die("the simulated chair", r);
}

static void set_contact(struct bench *bench, int line, bool active)
{
	int r = simchip_pull(bench->chip, (unsigned)bench->pin[line],
		active != bench->chair.lines[line].active_low);

	if (r < 0)
		die(bench->chair.lines[line].name, r);
}

static void set_all_contacts(struct bench *bench, int64_t t_us)
{
	uint64_t levels;
	int r = hal_read(bench->hal, t_us, &levels);

	if (r < 0)
		die("the simulated chair", r);
	for (size_t i = 0; i < bench->chair.n_lines; i++)
		if (!line_role_is_output(bench->chair.lines[i].role))
			set_contact(bench, (int)i, levels & LINE_BIT(i));
}

// Each edge, and not only the last level: between two looks a wheel may have turned.
static void move_contacts(struct bench *bench, int64_t t_us)
{
	struct hal_event events[32];
	int n;

	do {
		n = hal_events(bench->hal, t_us, events, 32);
		if (n == -EOVERFLOW)
			set_all_contacts(bench, t_us);
		for (int i = 0; i < n; i++) {
			set_contact(bench, events[i].line, events[i].active);
			if (bench->chair.lines[events[i].line].role == ROLE_PULSE)
				set_contact(bench, events[i].line, !events[i].active);
		}
	} while (n == 32);
}

static void print_state(const struct bench *bench)
{
	FILE *file = fopen(STATE ".new", "w");

	if (!file)
		die(STATE, errno);
	for (size_t i = 0; i < bench->chair.n_actuators; i++) {
		struct sim_truth truth = sim_truth(bench->hal, (int)i);

		fprintf(file, "%s %.1f %.1f\n", bench->chair.actuators[i].name, truth.position_mm,
			truth.force_n);
	}
	if (fclose(file) || rename(STATE ".new", STATE))
		die(STATE, errno);
}

static void take_texts(struct fault_socket *faults, struct hal *hal)
{
	struct fault_socket_peer peer;
	char text[128];

	while (fault_socket_receive(faults, text, sizeof(text), &peer))
		fault_socket_inject(faults, &peer, hal, text);
}

static void serve(const char *chair_file)
{
	static struct bench bench;
	struct fault_socket faults;
	const struct sim_options options = { .seed = 1 };
	int64_t next_us = now_us(), state_us = next_us;
	int r;

	load(&bench, chair_file);
	make_chip(&bench);
	map_pins(&bench);
	r = sim_new(&bench.chair, &options, &bench.hal);
	if (r < 0)
		die("the simulated chair", r);
	r = fault_socket_open(&faults, CONTROL);
	if (r < 0)
		die(CONTROL, r);
	set_all_contacts(&bench, next_us);
	bench.history = fopen(HISTORY, "ae");
	if (!bench.history)
		die(HISTORY, errno);
	if (daemon(0, 1) < 0)
		die("daemon", errno);
	for (;;) {
		struct timespec next = { next_us / 1000000, next_us % 1000000 * 1000 };

		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
		take_texts(&faults, bench.hal);
		take_outputs(&bench, now_us());
		move_contacts(&bench, now_us());
		if (now_us() >= state_us) {
			print_state(&bench);
			state_us = now_us() + STATE_US;
		}
		next_us += PERIOD_US;
		if (next_us < now_us())
			next_us = now_us();
	}
}

static void send_text(const char *text)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = CONTROL };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 ||
		sendto(fd, text, strlen(text), 0, (struct sockaddr *)&address, sizeof(address)) < 0)
		die(CONTROL, errno);
	printf("%.6f\n", wall_s());
	close(fd);
}

int main(int argc, char *argv[])
{
	if (argc < 2) {
		fputs("usage: plant serve CHAIR.CFG | plant TEXT...\n", stderr);
		return 2;
	}
	if (argc == 3 && !strcmp(argv[1], "serve"))
		serve(argv[2]);
	for (int i = 1; i < argc; i++)
		send_text(argv[i]);
	return 0;
}
