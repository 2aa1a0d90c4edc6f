// SPDX-License-Identifier: MIT
//
// Checks of the guard's process, through /proc.
#include "ctl/doctor.h"

#include <dirent.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hal/hal_gpio.h"

#define LOCKOUT         "/var/lib/chairguard/lockout" // systemd/chair-lockout.service
#define CAP_SYS_NICE    23                            // linux/capability.h
#define FIELD_PRIORITY  40                            // of /proc/PID/stat, proc(5)
#define PRIORITY_NEEDED 60                            // guard/realtime.c

static pid_t find_process(const struct doctor *doctor, const char *name)
{
	char path[PATH_MAX], comm[64];
	DIR *proc = opendir(doctor_path(doctor, "/proc", path));
	struct dirent *entry;
	pid_t pid = 0;

	if (!proc)
		return 0;
	while (!pid && (entry = readdir(proc))) {
		long number = doctor_number(entry->d_name, "", 10);

		snprintf(path, sizeof(path), "/proc/%.32s/comm", entry->d_name);
		if (number > 0 && doctor_read(doctor, path, comm, sizeof(comm)) &&
			strcmp(comm, name) == 0)
			pid = (pid_t)number;
	}
	closedir(proc);
	return pid;
}

static bool read_process(const struct doctor *doctor, const char *name, char *text, size_t size)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%ld/%s", (long)doctor->guard, name);
	return doctor_read(doctor, path, text, size);
}

static bool is_simulated(const struct doctor *doctor)
{
	static const char simulated[] = "--backend=sim";
	char command[4096] = "";

	read_process(doctor, "cmdline", command, sizeof(command)); // each argument ends with a NUL
	return memmem(command, sizeof(command), simulated, strlen(simulated));
}

void check_guard(struct doctor *doctor, struct finding *finding)
{
	char since[64];

	doctor->guard = find_process(doctor, "chairguard");
	doctor->guard_waits = doctor->guard && !is_simulated(doctor) && doctor_guard_waits(doctor);
	if (doctor->guard_waits)
		finding_set(finding, FINDING_PROBLEM,
			"follow \"lines\", \"pwm\" and \"sensors\" below; the guard then continues",
			"chairguard runs (pid %ld), but waits for its lines", (long)doctor->guard);
	else if (doctor->guard)
		finding_set(finding, FINDING_OK, NULL, "chairguard runs (pid %ld)",
			(long)doctor->guard);
	else if (doctor_read(doctor, LOCKOUT, since, sizeof(since)))
		finding_set(finding, FINDING_PROBLEM,
			"read why: journalctl -u chairguard; then: sudo systemctl start "
			"chair-unlock",
			"chairguard is locked out after a crash loop, since %s", since);
	else
		finding_set(finding, FINDING_PROBLEM,
			"sudo systemctl enable --now chairguard chaird", "chairguard does not run");
}

// Scheduling policy and priority of the guard. The name in brackets may have any characters.
static bool read_policy(const struct doctor *doctor, long *ret_priority, long *ret_policy)
{
	char text[1024], *field;

	if (!read_process(doctor, "stat", text, sizeof(text)) || !(field = strrchr(text, ')')))
		return false;
	for (int i = 2; field && i < FIELD_PRIORITY; i++)
		field = strchr(field + 1, ' ');
	return field && sscanf(field, "%ld %ld", ret_priority, ret_policy) == 2;
}

static bool may_be_realtime(const struct doctor *doctor, const char *status)
{
	static const char key[] = "\nCapEff:";
	const char *capabilities = strstr(status, key);
	char limits[4096];

	if (capabilities && strtoull(capabilities + strlen(key), NULL, 16) >> CAP_SYS_NICE & 1)
		return true;
	return read_process(doctor, "limits", limits, sizeof(limits)) &&
		doctor_number(limits, "Max realtime priority", 10) >= PRIORITY_NEEDED;
}

// True if the guard arms without real time: its lines are simulated, or the chair allows it.
static bool arms_without(const struct doctor *doctor)
{
	return is_simulated(doctor) || (doctor->chair_good && doctor->chair.allow_no_realtime);
}

void check_realtime(struct doctor *doctor, struct finding *finding)
{
	enum finding_level level = arms_without(doctor) ? FINDING_WARNING : FINDING_PROBLEM;
	long priority, policy;
	char status[4096];

	if (!doctor->guard || !read_process(doctor, "status", status, sizeof(status)) ||
		!read_policy(doctor, &priority, &policy)) {
		finding_set(finding, FINDING_NOT_APPLICABLE, NULL, "chairguard does not run");
		return;
	}
	if (doctor->guard_waits)
		finding_set(finding, FINDING_NOT_APPLICABLE, NULL,
			"chairguard waits for its lines");
	else if (policy != SCHED_FIFO && !may_be_realtime(doctor, status))
		finding_set(finding, level,
			"sudo systemctl edit chairguard, add: [Service] LimitRTPRIO=60; then: "
			"sudo systemctl restart chairguard",
			"the guard may not have a real-time priority");
	else if (policy != SCHED_FIFO)
		finding_set(finding, level, "sudo systemctl restart chairguard",
			"the guard may have a real-time priority, but runs without");
	else if (doctor_number(status, "VmLck", 10) <= 0)
		finding_set(finding, level,
			"sudo systemctl edit chairguard, add: [Service] LimitMEMLOCK=64M; then: "
			"sudo systemctl restart chairguard",
			"the guard's memory is not locked: it may wait for the disk");
	else
		finding_set(finding, FINDING_OK, NULL,
			"the guard runs at real-time priority %ld with its memory locked",
			priority);
	if (finding->level == FINDING_PROBLEM)
		finding_add(finding->text, ": it does not arm");
}
