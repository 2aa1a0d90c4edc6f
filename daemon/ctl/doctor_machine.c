// SPDX-License-Identifier: MIT
//
// Checks of the machine: clock, supply, watchdog.
#include "ctl/doctor.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>
#include <unistd.h>

// The firmware's status of the supply; the bits are those of `vcgencmd get_throttled`
// (Raspberry Pi documentation, "OS", vcgencmd).
#define THROTTLED          "/sys/devices/platform/soc/soc:firmware/get_throttled"
#define UNDER_VOLTAGE_NOW  (1u << 0)
#define UNDER_VOLTAGE_ONCE (1u << 16)

#define BETTER_SUPPLY \
	"a supply of 5.1 V and 3 A (Raspberry Pi 5: 5 A) of its own, by a short cable; " \
	"motors on another one"

// The same as timedatectl's "System clock synchronized". A start with a time is refused if it is
// more than 5 s off, and certificates have dates.
void check_clock(struct doctor *doctor, struct finding *finding)
{
	struct timex timex = { .modes = 0 };
	int r = doctor->adjtimex(&timex);

	if (r < 0 || timex.status & STA_UNSYNC)
		finding_set(finding, FINDING_WARNING,
			"sudo timedatectl set-ntp true || sudo apt install systemd-timesyncd; then "
			"wait a minute and run it again",
			"the clock is not synchronised: a start with a time may be refused");
	else
		finding_set(finding, FINDING_OK, NULL, "the clock is synchronised");
}

// The path of an attribute beside the hwmon device of that name.
static bool find_hwmon(const struct doctor *doctor, const char *name, const char *attribute,
	char *text, size_t size)
{
	size_t root = strlen(doctor->root);
	char path[PATH_MAX], found_name[64];
	bool found = false;
	glob_t names;

	if (glob(doctor_path(doctor, "/sys/class/hwmon/hwmon*/name", path), 0, NULL, &names))
		return false;
	for (size_t i = 0; i < names.gl_pathc && !found; i++) {
		const char *below = names.gl_pathv[i] + root;

		if (!doctor_read(doctor, below, found_name, sizeof(found_name)) ||
			strcmp(found_name, name) != 0)
			continue;
		snprintf(path, sizeof(path), "%.*s%s", (int)(strlen(below) - strlen("name")), below,
			attribute);
		found = doctor_read(doctor, path, text, size);
	}
	globfree(&names);
	return found;
}

// hwmon first: vendor kernels call the firmware's own file deprecated.
void check_voltage(struct doctor *doctor, struct finding *finding)
{
	unsigned long flags = 0;
	char text[64];

	if (find_hwmon(doctor, "rpi_volt", "in0_lcrit_alarm", text, sizeof(text)))
		flags = strtoul(text, NULL, 10) ? UNDER_VOLTAGE_NOW : 0;
	else if (doctor_read(doctor, THROTTLED, text, sizeof(text)))
		flags = strtoul(text, NULL, 16);
	else {
		finding_set(finding, FINDING_NOT_APPLICABLE, NULL,
			"this machine's firmware does not report it");
		return;
	}
	if (flags & UNDER_VOLTAGE_NOW)
		finding_set(finding, FINDING_PROBLEM, BETTER_SUPPLY,
			"the supply's voltage is too low");
	else if (flags & UNDER_VOLTAGE_ONCE)
		finding_set(finding, FINDING_WARNING, BETTER_SUPPLY,
			"the supply's voltage has been too low since boot");
	else
		finding_set(finding, FINDING_OK, NULL, "the supply's voltage is in range");
}

void check_watchdog(struct doctor *doctor, struct finding *finding)
{
	static const char feed[] =
		"printf '[Manager]\\nRuntimeWatchdogSec=10\\n' | sudo tee "
		"/etc/systemd/system.conf.d/watchdog.conf (make the folder first); sudo reboot";
	char path[PATH_MAX], state[32], name[64] = "unnamed";

	if (access(doctor_path(doctor, "/dev/watchdog0", path), F_OK) < 0 &&
		access(doctor_path(doctor, "/sys/class/watchdog/watchdog0", path), F_OK) < 0) {
		finding_set(finding, FINDING_WARNING,
			"add the line dtparam=watchdog=on to /boot/firmware/config.txt; sudo "
			"reboot",
			"there is no hardware watchdog: a frozen kernel stays frozen");
		return;
	}
	doctor_read(doctor, "/sys/class/watchdog/watchdog0/identity", name, sizeof(name));
	if (doctor_read(doctor, "/sys/class/watchdog/watchdog0/state", state, sizeof(state)) &&
		strcmp(state, "active") != 0)
		finding_set(finding, FINDING_WARNING, feed,
			"the hardware watchdog (%s) exists, but %s", name, state);
	else
		finding_set(finding, FINDING_OK, NULL, "the hardware watchdog runs (%s)", name);
}
