// SPDX-License-Identifier: MIT
//
// pins SOCKET show|measure|record [SECONDS [INTERVAL_US]]
//
// Looks at the pins of the emulated Pi from outside, where its software cannot lie: the registers
// of the pin controller, read through QEMU's machine protocol (QMP).
//
//   show     one line per output: "GPIO17 high"
//   measure  for a second or SECONDS; one line per pin that was an output at any sample:
//            "GPIO17 duty 40.1 edges 321", duty in percent; at last "samples 5000 per_s 5000"
//   record   until SIGTERM or for SECONDS; a line at first and at each change, in microseconds
//            since 1970: "T_US HIGH OUTPUTS", two hexadecimal masks, bit 17 is GPIO17; at last
//            "# samples N longest_gap_us N"
//
// High is a pin that is an output and at 1: the emulated controller remembers the level of a pin
// that has become an input, where in the world a pull-down decides. INTERVAL_US is the pause
// between samples: 0 (as fast as it goes) for measure, 1000 for record.
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define PINS 28 // those on the header
#define REGISTERS 14
#define REGISTER_LEVELS 13 // GPLEV0; 0...2 are GPFSEL0...2 with ten pins each
#define QUESTION                                                                                   \
	"{\"execute\":\"human-monitor-command\","                                                  \
	"\"arguments\":{\"command-line\":\"xp /14wx 0xfe200000\"}}\n"

struct sample {
	int64_t t_us;
	uint32_t outputs, high;
};

static volatile sig_atomic_t asked_to_end;

static void on_signal(int signal)
{
	(void)signal;
	asked_to_end = 1;
}

static void die(const char *what)
{
	fprintf(stderr, "pins: %s: %s\n", what, errno ? strerror(errno) : "not understood");
	exit(1);
}

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

// One request, and the line that answers it; QEMU's events in between are passed over.
static const char *ask(FILE *qmp, const char *question)
{
	static const char answer[] = "{\"return\": ";
	static char line[4096];

	if (write(fileno(qmp), question, strlen(question)) != (ssize_t)strlen(question))
		die("asking QEMU");
	do {
		errno = 0;
		if (!fgets(line, sizeof(line), qmp))
			die("QEMU's answer");
	} while (strncmp(line, answer, strlen(answer)));
	return line + strlen(answer);
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
	ask(qmp, "{\"execute\":\"qmp_capabilities\"}\n");
	return qmp;
}

static struct sample look(FILE *qmp)
{
	struct sample sample = { 0 };
	uint32_t words[REGISTERS];
	const char *text = ask(qmp, QUESTION);

	sample.t_us = now_us();
	for (int i = 0; i < REGISTERS; i++) {
		text = strstr(text, " 0x"); // a line is "ADDRESS: 0xWORD 0xWORD 0xWORD 0xWORD"
		if (!text)
			die("the registers");
		words[i] = (uint32_t)strtoul(text + 1, (char **)&text, 16);
	}
	for (int pin = 0; pin < PINS; pin++)
		if ((words[pin / 10] >> pin % 10 * 3 & 7) == 1)
			sample.outputs |= UINT32_C(1) << pin;
	sample.high = words[REGISTER_LEVELS] & sample.outputs;
	return sample;
}

static void wait_us(int64_t interval_us)
{
	struct timespec pause = { interval_us / 1000000, interval_us % 1000000 * 1000 };

	if (interval_us)
		nanosleep(&pause, NULL);
}

static void show(FILE *qmp)
{
	struct sample sample = look(qmp);

	for (int pin = 0; pin < PINS; pin++)
		if (sample.outputs >> pin & 1)
			printf("GPIO%d %s\n", pin, sample.high >> pin & 1 ? "high" : "low");
}

static void measure(FILE *qmp, int64_t for_us, int64_t interval_us)
{
	struct sample first = look(qmp), last = first;
	int64_t n = 0, n_high[PINS] = { 0 }, n_edges[PINS] = { 0 };
	uint32_t outputs = 0;

	while (!asked_to_end && last.t_us < first.t_us + for_us) {
		struct sample sample = look(qmp);

		for (int pin = 0; pin < PINS; pin++) {
			n_high[pin] += sample.high >> pin & 1;
			n_edges[pin] += (sample.high ^ last.high) >> pin & 1;
		}
		outputs |= sample.outputs;
		last = sample;
		n++;
		wait_us(interval_us);
	}
	for (int pin = 0; pin < PINS; pin++)
		if (outputs >> pin & 1)
			printf("GPIO%d duty %.1f edges %" PRId64 "\n", pin,
				100.0 * (double)n_high[pin] / (double)n, n_edges[pin]);
	printf("samples %" PRId64 " per_s %.0f\n", n,
		1e6 * (double)n / (double)(last.t_us - first.t_us));
}

static void record(FILE *qmp, int64_t for_us, int64_t interval_us)
{
	struct sample first = look(qmp), last = first;
	int64_t n = 1, longest_gap_us = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("%" PRId64 " %08" PRIx32 " %08" PRIx32 "\n", first.t_us, first.high, first.outputs);
	while (!asked_to_end && (!for_us || last.t_us < first.t_us + for_us)) {
		struct sample sample;

		wait_us(interval_us);
		sample = look(qmp);
		if (sample.high != last.high || sample.outputs != last.outputs)
			printf("%" PRId64 " %08" PRIx32 " %08" PRIx32 "\n", sample.t_us,
				sample.high, sample.outputs);
		if (sample.t_us - last.t_us > longest_gap_us)
			longest_gap_us = sample.t_us - last.t_us;
		last = sample;
		n++;
	}
	printf("# samples %" PRId64 " longest_gap_us %" PRId64 "\n", n, longest_gap_us);
}

int main(int argc, char *argv[])
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	double seconds = argc > 3 ? atof(argv[3]) : 0;
	FILE *qmp;

	if (argc < 3 || argc > 5) {
		fputs("usage: pins SOCKET show|measure|record [SECONDS [INTERVAL_US]]\n", stderr);
		return 2;
	}
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	qmp = qmp_open(argv[1]);
	if (!strcmp(argv[2], "show"))
		show(qmp);
	else if (!strcmp(argv[2], "measure"))
		measure(qmp, (int64_t)((seconds > 0 ? seconds : 1) * 1e6),
			argc > 4 ? atoll(argv[4]) : 0);
	else if (!strcmp(argv[2], "record"))
		record(qmp, (int64_t)(seconds * 1e6), argc > 4 ? atoll(argv[4]) : 1000);
	else
		die(argv[2]);
	fclose(qmp);
	return 0;
}
