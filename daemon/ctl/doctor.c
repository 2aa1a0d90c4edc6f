// SPDX-License-Identifier: MIT
#include "ctl/doctor.h"

#include <grp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct doctor_check doctor_checks[] = { { "settings", check_settings },
	{ "chair", check_chair }, { "profiles", check_profiles }, { "buttons", check_buttons },
	{ "persist", check_persist }, { "guard", check_guard }, { "realtime", check_realtime },
	{ "gpio", check_gpio }, { "lines", check_lines }, { "pwm", check_pwm },
	{ "sensors", check_sensors }, { "broker", check_broker }, { "anonymous", check_anonymous },
	{ "acl", check_acl }, { "controller", check_controller }, { "clock", check_clock },
	{ "voltage", check_voltage }, { "watchdog", check_watchdog }, { 0 } };

static void add(char *into, size_t size, const char *format, va_list args)
{
	size_t used = strlen(into);

	vsnprintf(into + used, size - used, format, args);
}

void finding_set(struct finding *finding, enum finding_level level, const char *remedy,
	const char *format, ...)
{
	va_list args;

	*finding = (struct finding){ .level = level };
	va_start(args, format);
	add(finding->text, sizeof(finding->text), format, args);
	va_end(args);
	if (remedy)
		snprintf(finding->remedy, sizeof(finding->remedy), "%s", remedy);
}

void finding_add(char into[512], const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(into, 512, format, args);
	va_end(args);
}

const char *doctor_path(const struct doctor *doctor, const char *path, char buf[PATH_MAX])
{
	snprintf(buf, PATH_MAX, "%s%s", doctor->root, path);
	return buf;
}

bool doctor_read(const struct doctor *doctor, const char *path, char *buf, size_t size)
{
	char full[PATH_MAX];
	FILE *file = fopen(doctor_path(doctor, path, full), "re");
	size_t n;
	bool good;

	if (!file)
		return false;
	n = fread(buf, 1, size - 1, file);
	good = !ferror(file);
	fclose(file);
	buf[n] = '\0';
	if (n > 0 && buf[n - 1] == '\n')
		buf[n - 1] = '\0';
	return good;
}

long doctor_number(const char *text, const char *key, int base)
{
	size_t n = strlen(key);

	for (; text; text = strchr(text, '\n')) {
		char *end;
		long number;

		text += *text == '\n';
		if (strncmp(text, key, n) != 0)
			continue;
		text += n + (text[n] == ':');
		number = strtol(text, &end, base);
		return end == text ? -1 : number;
	}
	return -1;
}

long doctor_gpio_group(const struct doctor *doctor)
{
	char path[PATH_MAX];
	FILE *file = fopen(doctor_path(doctor, "/etc/group", path), "re");
	struct group *group;
	long id = -1;

	if (!file)
		return -1;
	while ((group = fgetgrent(file))) {
		if (strcmp(group->gr_name, "gpio") == 0)
			id = (long)group->gr_gid;
	}
	fclose(file);
	return id;
}
