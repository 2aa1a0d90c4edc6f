// SPDX-License-Identifier: MIT
//
// The pins of the emulated Pi from outside, independent of its software, in two ways: samples of
// the pin controller's registers through QEMU's machine protocol (QMP), and QEMU's trace of every
// write to them, which is complete.
//
//   pins show SOCKET               the outputs now, a line each: "GPIO17 high"
//   pins watch SOCKET SECONDS      what each output does in that time of the Pi's own clock, or in
//                                  more until enough is seen, by samples, a line each:
//                                  "GPIO17 duty 40.12 edges 321"
//   pins trace [REGISTERS]         a history of QEMU's trace on stdin; other lines go to stderr
//   pins registers SOCKET          the registers now, for `trace`
//   pins ask SOCKET JSON           any QMP command, and its answer
//
// A history has a line at its beginning and one at each change: "T HIGH OUTPUTS", T in seconds
// since 1970 like bash's $EPOCHREALTIME, and two hexadecimal masks, bit 17 for GPIO17. It has the
// time of this machine, which is not the Pi's.
//
// High is a pin that is an output and at 1: the emulated controller remembers the level of a pin
// that has become an input, where in the world a pull-down decides.
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define US_PER_S 1000000

// BCM2711 ARM peripherals, 5.2: ten pins in each of the first three registers, 001 is output.
#define GPIO_BASE   0xfe200000u
#define GPIO_SET    0x1c
#define GPIO_CLEAR  0x28
#define GPIO_LEVEL  0x34
#define PINS        28 // those on the header
#define PIN_SELECTS 3
#define READ(what) \
	"{\"execute\":\"human-monitor-command\"," \
	"\"arguments\":{\"command-line\":\"xp " what "\"}}"
#define READ_REGISTERS READ("/14wx 0xfe200000")
#define READ_CLOCK     READ("/1wx 0xfe003004") // the system timer, in microseconds

struct pins {
	uint32_t select[PIN_SELECTS];
	uint32_t level;
};

// One entry of a history.
struct state {
	int64_t t_us;
	uint32_t high, outputs;
};

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "pins: %s: %s\n", what, errno ? strerror(errno) : "not understood");
	exit(1);
}

static struct state state_of(const struct pins *pins, int64_t t_us)
{
	struct state state = { .t_us = t_us };

	for (int pin = 0; pin < PINS; pin++)
		if ((pins->select[pin / 10] >> pin % 10 * 3 & 7) == 1)
			state.outputs |= UINT32_C(1) << pin;
	state.high = pins->level & state.outputs;
	return state;
}

// --- QEMU ---------------------------------------------------------------------------------------

// One command, and the line that answers it; QEMU's events in between are passed over.
static const char *ask(FILE *qmp, const char *command)
{
	static char line[8192];

	if (dprintf(fileno(qmp), "%s\n", command) < 0)
		die("asking QEMU");
	do {
		errno = 0;
		if (!fgets(line, sizeof(line), qmp))
			die("QEMU's answer");
		if (!strncmp(line, "{\"error\"", strlen("{\"error\""))) {
			fputs(line, stderr);
			exit(1);
		}
	} while (strncmp(line, "{\"return\"", strlen("{\"return\"")));
	return line;
}

static FILE *qmp_open(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	FILE *qmp;

	if (strlen(path) >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		die(path);
	}
	strcpy(address.sun_path, path);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		die(path);
	qmp = fdopen(fd, "r");
	if (!qmp)
		die(path);
	ask(qmp, "{\"execute\":\"qmp_capabilities\"}");
	return qmp;
}

static struct pins pins_read(FILE *qmp)
{
	struct pins pins = { 0 };
	const char *text = ask(qmp, READ_REGISTERS);

	errno = 0;
	for (int i = 0; i <= GPIO_LEVEL / 4; i++) {
		text = strstr(text, " 0x"); // a line is "ADDRESS: 0xWORD 0xWORD 0xWORD 0xWORD"
		if (!text)
			die("the registers");
		pins.level = (uint32_t)strtoul(text + 1, (char **)&text, 16);
		if (i < PIN_SELECTS)
			pins.select[i] = pins.level;
	}
	return pins;
}

// The Pi's own time; it begins anew every 71 minutes.
static uint32_t clock_read(FILE *qmp)
{
	const char *text = strstr(ask(qmp, READ_CLOCK), ": 0x");

	errno = 0;
	if (!text)
		die("the system timer");
	return (uint32_t)strtoul(text + 2, NULL, 16);
}

// --- histories ----------------------------------------------------------------------------------

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * US_PER_S + now.tv_nsec / 1000;
}

static bool changed(const struct state *a, const struct state *b)
{
	return a->high != b->high || a->outputs != b->outputs;
}

static void print_state(const struct state *state)
{
	printf("%" PRId64 ".%06" PRId64 " %08" PRIx32 " %08" PRIx32 "\n", state->t_us / US_PER_S,
		state->t_us % US_PER_S, state->high, state->outputs);
}

static void pins_write(struct pins *pins, uint32_t address, uint32_t value)
{
	uint32_t offset = address - GPIO_BASE;

	if (offset == GPIO_SET)
		pins->level |= value;
	else if (offset == GPIO_CLEAR)
		pins->level &= ~value;
	else if (offset / 4 < PIN_SELECTS)
		pins->select[offset / 4] = value;
}

// "PID@SECONDS.MICROSECONDS:memory_region_ops_write cpu N mr POINTER addr 0x... value 0x... ..."
static void trace(struct pins pins)
{
	struct state last = state_of(&pins, now_us());
	char line[512];

	print_state(&last);
	while (fgets(line, sizeof(line), stdin)) {
		const char *write = strstr(line, ":memory_region_ops_write ");
		const char *addr = write ? strstr(write, " addr 0xfe2000") : NULL;
		uint32_t address, value;
		int64_t s, us;
		struct state state;

		if (!write)
			fputs(line, stderr);
		if (!addr || sscanf(line, "%*d@%" SCNd64 ".%6" SCNd64, &s, &us) != 2 ||
			sscanf(addr, " addr %" SCNx32 " value %" SCNx32, &address, &value) != 2)
			continue;
		pins_write(&pins, address, value);
		state = state_of(&pins, s * US_PER_S + us);
		if (changed(&state, &last))
			print_state(&state);
		last = state;
	}
}

// --- what pins do, by samples --------------------------------------------------------------------

// The Pi leaps over what it would sleep, so that samples are close together where it works, which
// is where it moves its pins, and far apart else. An edge counts where two samples close to each
// other have it between them; the duty is of the usual times between two such edges.
#define CLOSE_US   100
#define PULSES_MAX 8192
#define PULSES_MIN 10 // fewer give no duty
#define LONGER     4  // times as long at most, where a busy machine leaves samples far apart

struct pulses {
	int64_t edge_us;
	bool close; // that edge
	unsigned edges;
	unsigned n[2];
	int64_t us[2][PULSES_MAX]; // how long it was low, and high
};

// The pins and the Pi's time belong together only while it stands still.
static struct state sample_halted(FILE *qmp, uint32_t *ret_clock)
{
	struct pins pins;

	ask(qmp, "{\"execute\":\"stop\"}");
	*ret_clock = clock_read(qmp);
	pins = pins_read(qmp);
	ask(qmp, "{\"execute\":\"cont\"}");
	return state_of(&pins, 0);
}

static void take_edge(struct pulses *pulses, bool was_high, int64_t before_us, int64_t after_us)
{
	int64_t edge_us = (before_us + after_us) / 2;
	bool close = after_us - before_us <= CLOSE_US;

	if (close && pulses->close && pulses->n[was_high] < PULSES_MAX)
		pulses->us[was_high][pulses->n[was_high]++] = edge_us - pulses->edge_us;
	pulses->edge_us = edge_us;
	pulses->close = close;
	pulses->edges++;
}

static int compare_times(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

static double median_us(struct pulses *pulses, bool high)
{
	qsort(pulses->us[high], pulses->n[high], sizeof(pulses->us[high][0]), compare_times);
	return (double)pulses->us[high][pulses->n[high] / 2];
}

static void print_pulses(struct pulses *pulses, int pin, bool high)
{
	double low_us, high_us;

	if (!pulses->edges) {
		printf("GPIO%d duty %d edges 0\n", pin, high ? 100 : 0);
	} else if (pulses->n[0] < PULSES_MIN || pulses->n[1] < PULSES_MIN) {
		printf("GPIO%d duty unknown edges %u\n", pin, pulses->edges);
	} else {
		low_us = median_us(pulses, false);
		high_us = median_us(pulses, true);
		printf("GPIO%d duty %.2f edges %u of %u and %u pulses\n", pin,
			100 * high_us / (low_us + high_us), pulses->edges, pulses->n[1],
			pulses->n[0]);
	}
}

static bool all_measured(const struct pulses pulses[PINS])
{
	for (int pin = 0; pin < PINS; pin++)
		if (pulses[pin].edges &&
			(pulses[pin].n[0] < PULSES_MIN || pulses[pin].n[1] < PULSES_MIN))
			return false;
	return true;
}

static void watch(FILE *qmp, int64_t for_us)
{
	static struct pulses pulses[PINS];
	uint32_t clock, now;
	struct state last = sample_halted(qmp, &clock);
	uint32_t outputs = last.outputs;

	while (last.t_us < for_us || (last.t_us < LONGER * for_us && !all_measured(pulses))) {
		struct state state = sample_halted(qmp, &now);

		state.t_us = last.t_us + (uint32_t)(now - clock);
		clock = now;
		for (int pin = 0; pin < PINS; pin++)
			if ((state.high ^ last.high) >> pin & 1)
				take_edge(&pulses[pin], last.high >> pin & 1, last.t_us,
					state.t_us);
		outputs |= state.outputs;
		last = state;
	}
	for (int pin = 0; pin < PINS; pin++)
		if (outputs >> pin & 1)
			print_pulses(&pulses[pin], pin, last.high >> pin & 1);
}

// --- the commands -------------------------------------------------------------------------------

static void show(FILE *qmp)
{
	struct pins pins = pins_read(qmp);
	struct state state = state_of(&pins, 0);

	for (int pin = 0; pin < PINS; pin++)
		if (state.outputs >> pin & 1)
			printf("GPIO%d %s\n", pin, state.high >> pin & 1 ? "high" : "low");
}

static struct pins registers_parse(const char *text)
{
	struct pins pins;

	errno = 0;
	if (sscanf(text, "%" SCNx32 " %" SCNx32 " %" SCNx32 " %" SCNx32, &pins.select[0],
		    &pins.select[1], &pins.select[2], &pins.level) != 4)
		die(text);
	return pins;
}

static void print_registers(FILE *qmp)
{
	struct pins pins = pins_read(qmp);

	printf("%08" PRIx32 " %08" PRIx32 " %08" PRIx32 " %08" PRIx32 "\n", pins.select[0],
		pins.select[1], pins.select[2], pins.level);
}

int main(int argc, char *argv[])
{
	const char *verb = argc > 1 ? argv[1] : "";

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!strcmp(verb, "show") && argc == 3)
		show(qmp_open(argv[2]));
	else if (!strcmp(verb, "watch") && argc == 4)
		watch(qmp_open(argv[2]), (int64_t)(atof(argv[3]) * US_PER_S));
	else if (!strcmp(verb, "trace") && argc <= 3)
		trace(argc == 3 ? registers_parse(argv[2]) : (struct pins){ 0 });
	else if (!strcmp(verb, "registers") && argc == 3)
		print_registers(qmp_open(argv[2]));
	else if (!strcmp(verb, "ask") && argc == 4)
		fputs(ask(qmp_open(argv[2]), argv[3]), stdout);
	else {
		fputs("usage: pins show|watch|trace|registers|ask ..., see pins.c\n", stderr);
		return 2;
	}
	return 0;
}
