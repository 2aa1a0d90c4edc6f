// SPDX-License-Identifier: MIT
//
// Check of the channels of kernel PWM: that the guard may export and write them, and that each has
// its frequency. Nothing is exported and nothing is set: that is the guard's.
#include "ctl/doctor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "hal/pwm_list.h"

#define NS_PER_S 1000000000.0
#define TRIGGER  "sudo udevadm control --reload && sudo udevadm trigger --subsystem-match=pwm"
#define OVERLAY \
	"for the Pi's own channels, on GPIO18 and GPIO19, add the line dtoverlay=pwm-2chan to " \
	"/boot/firmware/config.txt (one channel: dtoverlay=pwm); sudo reboot; " \
	"chairctl lines has the names to write into the chair file"

#define UNIT \
	"journalctl -u chairguard -n 5 has the reason; if /sys is read-only for it, " \
	"its unit needs ReadWritePaths= of the PWM chip's device (sudo systemctl edit chairguard)"

struct channels {
	struct doctor *doctor;
	struct finding *finding;
	const char *class_dir;
	size_t n, set; // wanted by the chair; of these, with their frequency
};

// Below class_dir. One that is not there may not be written, either.
static bool group_may_write(const struct channels *channels, const char *path)
{
	char full[PATH_MAX];
	struct stat status;

	snprintf(full, sizeof(full), "%.3000s/%.200s", channels->class_dir, path);
	return stat(full, &status) == 0 &&
		(long)status.st_gid == doctor_gpio_group(channels->doctor) &&
		(status.st_mode & 0020);
}

static void check_frequency(struct channels *channels, const struct pwm_listed *channel,
	const struct line *line)
{
	double hz = channel->period_ns ? NS_PER_S / (double)channel->period_ns : 0;

	if (hz > 0.99 * line->channel_hz && hz < 1.01 * line->channel_hz)
		channels->set++;
	else
		finding_set(channels->finding, FINDING_PROBLEM, "sudo systemctl restart chairguard",
			"channel %s has %.0f Hz instead of %d: something else has set it",
			line->name, hz, line->channel_hz);
}

static void check_channel(struct channels *channels, const struct pwm_listed *channel)
{
	static const char *const attributes[] = { "period", "duty_cycle", "enable" };
	const struct line *line = &channels->doctor->chair.lines[channel->line];
	bool guard_has_lines = channels->doctor->guard && !channels->doctor->guard_waits;
	char path[64];
	bool may;

	snprintf(path, sizeof(path), "%s/export", channel->chip);
	may = group_may_write(channels, path);
	for (int i = 0; channel->exported && i < 3; i++) {
		snprintf(path, sizeof(path), "%s/pwm%u/%s", channel->chip, channel->channel,
			attributes[i]);
		may = may && group_may_write(channels, path);
	}
	channels->n++;
	if (!may)
		finding_set(channels->finding, FINDING_PROBLEM, TRIGGER,
			"the group gpio may not write channel %s", line->name);
	else if (!channel->exported && channels->doctor->guard_waits)
		finding_set(channels->finding, FINDING_WARNING, UNIT,
			"the guard waits, and has not exported channel %s", line->name);
	else if (channel->exported && guard_has_lines)
		check_frequency(channels, channel, line);
}

void check_pwm(struct doctor *doctor, struct finding *finding)
{
	char class_dir[PATH_MAX];
	struct channels channels = { .doctor = doctor, .finding = finding };
	struct pwm_listed *list = NULL;
	struct hal_error error = { "" };
	size_t n = 0;
	int r;

	channels.class_dir = doctor_path(doctor, "/sys/class/pwm", class_dir);
	if (!doctor->chair_good || !chair_channels(&doctor->chair)) {
		finding_set(finding, FINDING_NOT_APPLICABLE, NULL,
			doctor->chair_good ? "the chair has no drive by kernel PWM"
					   : "first the chair file");
		return;
	}
	finding_set(finding, FINDING_OK, NULL, "%s", "");
	r = pwm_list(&doctor->chair, channels.class_dir, &list, &n, &error);
	for (size_t i = 0; i < n && finding->level == FINDING_OK; i++) {
		if (list[i].line >= 0)
			check_channel(&channels, &list[i]);
	}
	free(list);
	if (r < 0)
		finding_set(finding, FINDING_PROBLEM,
			r == -ENODEV ? "chairctl lines has the channels of each chip" : OVERLAY,
			"%s", error.text);
	else if (finding->level == FINDING_OK)
		finding_set(finding, FINDING_OK, NULL,
			"the group gpio may write all %zu channels of kernel PWM%s", channels.n,
			channels.set ? ", and the guard has set their frequency" : "");
}
