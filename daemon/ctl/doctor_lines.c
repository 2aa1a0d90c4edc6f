// SPDX-License-Identifier: MIT
//
// Checks of the lines: their level without an owner, access to them, and their names.
#include "ctl/doctor.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "hal/iio.h"
#include "hal/hal_gpio.h"

#define STRICT_GPIOD "add the line dtparam=strict_gpiod to /boot/firmware/config.txt; sudo reboot"

struct places {
	char dev[PATH_MAX], iio[PATH_MAX], modules[PATH_MAX];
};

static struct hal_gpio_options options_of(const struct doctor *doctor, struct places *places)
{
	return (struct hal_gpio_options){
		.dev_dir = doctor_path(doctor, "/dev", places->dev),
		.iio_dir = doctor_path(doctor, "/sys/bus/iio/devices", places->iio),
		.modules_dir = doctor_path(doctor, "/sys/module", places->modules),
	};
}

// The same rule as in the guard (guard/selftest.c).
void check_persist(struct doctor *doctor, struct finding *finding)
{
	struct places places;
	struct hal_gpio_options options = options_of(doctor, &places);
	int persist = hal_gpio_persist(&options);
	bool pump = doctor->chair.enable >= 0 && doctor->chair.enable_hz > 0;

	if (!doctor->chair_good)
		finding_set(finding, FINDING_NOT_APPLICABLE, NULL, "first the chair file");
	else if (persist > 0 && !pump)
		finding_set(finding, FINDING_PROBLEM, STRICT_GPIOD,
			"outputs keep their level when their owner dies "
			"(persist_gpio_outputs=Y), and the chair declares no charge pump: the "
			"guard refuses to arm");
	else if (persist > 0)
		finding_set(finding, FINDING_WARNING, STRICT_GPIOD,
			"outputs keep their level when their owner dies "
			"(persist_gpio_outputs=Y): only the charge pump's relay remains");
	else if (!pump)
		finding_set(finding, FINDING_WARNING,
			"wire the relay of hal/README.md, and declare it in the chair file: "
			"enable = { line = \"GPIO16\"; hz = 50; };",
			"the chair declares no charge pump: a kernel that freezes keeps its "
			"motors running");
	else if (persist < 0)
		finding_set(finding, FINDING_NOT_APPLICABLE, NULL,
			"this kernel has no persist_gpio_outputs");
	else
		finding_set(finding, FINDING_OK, NULL,
			"the kernel releases outputs without an owner, and there is a charge "
			"pump");
}

// "/proc/PID/status" lists the groups of a process in one line.
static bool guard_is_in(const struct doctor *doctor, long group)
{
	char path[64], text[4096], *groups, *id;

	snprintf(path, sizeof(path), "/proc/%ld/status", (long)doctor->guard);
	if (!doctor_read(doctor, path, text, sizeof(text)))
		return true; // it has just ended: for check_guard()
	if (doctor_number(text, "Uid", 10) == 0 || doctor_number(text, "Gid", 10) == group)
		return true;
	groups = strstr(text, "\nGroups:");
	if (!groups)
		return false;
	groups = strtok(groups + strlen("\nGroups:"), "\n");
	for (id = groups ? strtok(groups, " \t") : NULL; id; id = strtok(NULL, " \t")) {
		if (doctor_number(id, "", 10) == group)
			return true;
	}
	return false;
}

void check_gpio(struct doctor *doctor, struct finding *finding)
{
	long group = doctor_gpio_group(doctor);
	char pattern[PATH_MAX];
	struct stat status;
	glob_t found;

	if (group < 0) {
		finding_set(finding, FINDING_PROBLEM, "sudo systemd-sysusers",
			"there is no group gpio");
		return;
	}
	if (glob(doctor_path(doctor, "/dev/gpiochip*", pattern), 0, NULL, &found)) {
		finding_set(finding, FINDING_NOT_APPLICABLE, NULL,
			"there is no GPIO chip on this machine");
		return;
	}
	finding_set(finding, FINDING_OK, NULL, "the group gpio may use %zu chips%s", found.gl_pathc,
		doctor->guard ? ", and the guard is in it" : "");
	for (size_t i = 0; i < found.gl_pathc; i++) {
		if (stat(found.gl_pathv[i], &status) < 0 ||
			((long)status.st_gid == group && (status.st_mode & 0060) == 0060))
			continue;
		finding_set(finding, FINDING_PROBLEM,
			"sudo udevadm control --reload && sudo udevadm trigger "
			"--subsystem-match=gpio",
			"the group gpio may not use %s", found.gl_pathv[i]);
	}
	globfree(&found);
	if (finding->level == FINDING_OK && doctor->guard && !guard_is_in(doctor, group))
		finding_set(finding, FINDING_PROBLEM,
			"sudo systemctl edit chairguard, add: [Service] "
			"SupplementaryGroups=gpio; then: sudo systemctl restart chairguard",
			"chairguard runs, but not in the group gpio");
}

bool doctor_guard_waits(const struct doctor *doctor)
{
	struct places places;
	struct hal_gpio_options options = options_of(doctor, &places);
	struct hal_gpio_line states[CHAIR_LINES_MAX];
	struct hal_error error;

	if (!doctor->chair_good ||
		hal_gpio_probe(&doctor->chair, &options, states, &error) == -EACCES)
		return false;
	for (size_t i = 0; i < doctor->chair.n_lines; i++) {
		if (strcmp(states[i].holder, HAL_GPIO_CONSUMER) == 0)
			return false;
	}
	return true;
}

// True if an open file, as /proc/PID/fdinfo/FD shows it (Linux 6.0 and later), holds the line.
static bool holds(const char *fdinfo, const struct hal_gpio_line *line)
{
	char chip[64], offset[32];

	snprintf(chip, sizeof(chip), "\ngpio-chip:\t%s\n", line->chip);
	snprintf(offset, sizeof(offset), "\ngpio-line:\t%u\n", line->offset);
	return strstr(fdinfo, chip) && strstr(fdinfo, offset);
}

// The process that holds the line; 0 if none is visible: then a driver of the kernel holds it.
static pid_t find_holder(const struct doctor *doctor, const struct hal_gpio_line *line)
{
	size_t root = strlen(doctor->root);
	char pattern[PATH_MAX], text[4096];
	pid_t pid = 0;
	glob_t infos;

	if (glob(doctor_path(doctor, "/proc/[0-9]*/fdinfo/*", pattern), GLOB_NOSORT, NULL, &infos))
		return 0;
	for (size_t i = 0; i < infos.gl_pathc && !pid; i++) {
		const char *path = infos.gl_pathv[i] + root;

		if (doctor_read(doctor, path, text, sizeof(text) - 1) &&
			holds(strcat(text, "\n"), line))
			pid = (pid_t)doctor_number(path, "/proc/", 10);
	}
	globfree(&infos);
	return pid;
}

static void report_held(const struct doctor *doctor, struct finding *finding,
	const struct hal_gpio_line *states, size_t n, const char *names)
{
	bool driver = false;
	pid_t last = 0;

	finding_set(finding, FINDING_PROBLEM, NULL, "held by others:%s", names);
	for (size_t i = 0; i < n; i++) {
		pid_t pid;

		if (!*states[i].holder || strcmp(states[i].holder, HAL_GPIO_CONSUMER) == 0)
			continue;
		pid = find_holder(doctor, &states[i]);
		driver = driver || !pid;
		if (pid && pid != last)
			finding_add(finding->remedy, "%s%ld",
				last ? " " : "stop the process that holds them: sudo kill ",
				(long)pid);
		last = pid ? pid : last;
	}
	if (driver)
		finding_add(finding->remedy,
			"%sturn off the kernel's driver in /boot/firmware/config.txt "
			"(dtparam=spi=off, dtparam=i2c_arm=off, enable_uart=0), then: sudo reboot",
			last ? "; and " : "");
}

static void report_missing(const struct doctor *doctor, struct finding *finding, const char *names,
	int r, const char *why)
{
	char buf[PATH_MAX];
	const char *file = doctor->chair_file
		? doctor->chair_file
		: doctor_path(doctor, doctor->settings.chair_file, buf);

	finding_set(finding, FINDING_PROBLEM, NULL, "not found:%s. %s", names, why);
	if (r == -ENODEV)
		finding_add(finding->remedy,
			"connect the GPIO chip, or load its driver (dtoverlay=... in "
			"/boot/firmware/config.txt): the guard waits for it");
	else
		finding_add(finding->remedy,
			"connect the chip that has them, the guard waits for it; or correct the "
			"names in %s (gpioinfo lists them and the chips), then: "
			"sudo systemctl restart chairguard chaird",
			file);
}

void check_lines(struct doctor *doctor, struct finding *finding)
{
	struct places places;
	struct hal_gpio_options options = options_of(doctor, &places);
	struct hal_gpio_line states[CHAIR_LINES_MAX];
	struct hal_error error = { "" };
	uint64_t channels = chair_channels(&doctor->chair); // doctor_pwm.c
	size_t missing = 0, held = 0, n = doctor->chair.n_lines;
	char names[512] = "";
	int r;

	if (!doctor->chair_good) {
		finding_set(finding, FINDING_NOT_APPLICABLE, NULL, "first the chair file");
		return;
	}
	r = hal_gpio_probe(&doctor->chair, &options, states, &error);
	for (size_t i = 0; i < n; i++) {
		const char *holder = states[i].holder;

		if (channels & LINE_BIT(i))
			continue;
		if (states[i].found && (!*holder || strcmp(holder, HAL_GPIO_CONSUMER) == 0))
			continue;
		missing += !states[i].found;
		held += states[i].found;
		finding_add(names, " %s", doctor->chair.lines[i].name);
		if (states[i].found)
			finding_add(names, " (%s)", holder);
	}
	if (r == -EACCES) {
		finding_set(finding, FINDING_PROBLEM, "run it again with sudo", "%s", error.text);
	} else if (missing) {
		report_missing(doctor, finding, names, r, error.text);
	} else if (r < 0) {
		finding_set(finding, FINDING_PROBLEM, "gpioinfo shows both", "%s", error.text);
	} else if (held) {
		report_held(doctor, finding, states, n, names);
	} else {
		finding_set(finding, FINDING_OK, NULL, "all %zu lines exist and are free%s",
			n - (size_t)__builtin_popcountll(channels),
			n && *states[0].holder ? ", except for the guard" : "");
	}
}

void check_sensors(struct doctor *doctor, struct finding *finding)
{
	struct places places;
	struct hal_gpio_options options = options_of(doctor, &places);
	struct hal_error error = { "" };
	struct iio *iio = NULL;
	size_t n = 0, others = 0;

	for (size_t i = 0; doctor->chair_good && i < doctor->chair.n_actuators; i++) {
		n += doctor->chair.actuators[i].sensor.present;
		for (int q = 0; q < QUANTITY_COUNT; q++)
			others += doctor->chair.actuators[i].measured[q].present;
	}
	if (!n && !others) {
		finding_set(finding, FINDING_NOT_APPLICABLE, NULL,
			doctor->chair_good ? "the chair has no force sensor"
					   : "first the chair file");
		return;
	}
	if (iio_open(&doctor->chair, options.iio_dir, &iio, &error) < 0)
		finding_set(finding, FINDING_PROBLEM,
			"load its overlay in /boot/firmware/config.txt (of an ADS1115: "
			"dtoverlay=ads1115,cha_enable=true; dtoverlay -a lists all), or correct "
			"the sensor in the chair file (the driver calls an ADS1115 \"ads1015\")",
			"%s", error.text);
	else
		finding_set(finding, FINDING_OK, NULL,
			others ? "all %zu sensors exist" : "all %zu force sensors exist",
			n + others);
	iio_close(iio);
}
