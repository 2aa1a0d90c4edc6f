// SPDX-License-Identifier: MIT
#include "hal/iio_lookup.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hal/attribute.h"

#define LIST_SIZE 128 // of devices, in an error; cut

// Devices in an error: all that there are, or those that are meant.
struct list {
	char text[LIST_SIZE];
	size_t length;
};

static void list_add(struct list *list, const char *text)
{
	if (list->length < LIST_SIZE)
		list->length += (size_t)snprintf(list->text + list->length,
			LIST_SIZE - list->length, "%s%s", list->length ? ", " : "", text);
}

// --- paths ------------------------------------------------------------------------------------

// Whether a device lies at or below the path; both may be symbolic links.
static bool is_at(const char *device, const char *meant)
{
	char *is = realpath(device, NULL), *wanted = realpath(meant, NULL);
	size_t length = wanted ? strlen(wanted) : 0;
	bool at = is && length && strncmp(is, wanted, length) == 0 &&
		(is[length] == '/' || !is[length]);

	free(is);
	free(wanted);
	return at;
}

// The path by which a chair file may mean a device: that of its chip on its bus, which stays the
// same, "/sys/bus/i2c/devices/1-0048".
static void stable_path(const char *device, char text[LIST_SIZE])
{
	char link[PATH_MAX + sizeof("/subsystem")], *chip = realpath(device, NULL), *bus;

	if (chip)
		*strrchr(chip, '/') = '\0';
	snprintf(link, sizeof(link), "%s/subsystem", chip ? chip : "");
	bus = realpath(link, NULL);
	if (chip && bus)
		snprintf(text, LIST_SIZE, "/sys/bus/%s/devices/%s", strrchr(bus, '/') + 1,
			strrchr(chip, '/') + 1);
	else
		snprintf(text, LIST_SIZE, "%.*s", LIST_SIZE - 1, device);
	free(chip);
	free(bus);
}

// --- search -----------------------------------------------------------------------------------

static bool is_meant(const char *device, const char *meant, const char *name)
{
	char label[NAME_SIZE + 1];

	if (meant[0] == '/')
		return is_at(device, meant);
	attribute_read(device, "label", label, sizeof(label));
	return strcmp(name, meant) == 0 || strcmp(label, meant) == 0;
}

static int explain(const char *meant, int n, const struct list *all, const struct list *found,
	struct hal_error *error)
{
	if (n == 0)
		snprintf(error->text, sizeof(error->text), "no IIO device is %s %s (%s%s)",
			meant[0] == '/' ? "at" : "named", meant,
			all->length ? "there are: " : "there is none", all->text);
	else
		snprintf(error->text, sizeof(error->text),
			"%d IIO devices are %s %s: write device = the path of one (%s)", n,
			meant[0] == '/' ? "at" : "named", meant, found->text);
	return n == 0 ? -ENOENT : -ENOTUNIQ;
}

int iio_find_device(const char *dir, const char *meant, char ret_path[PATH_MAX],
	struct hal_error *ret_error)
{
	struct list all = { 0 }, found = { 0 };
	DIR *devices = opendir(dir);
	struct dirent *entry;
	int n = 0;

	while (devices && (entry = readdir(devices))) {
		char path[PATH_MAX], name[NAME_SIZE + 1], stable[LIST_SIZE];

		if (strncmp(entry->d_name, "iio:device", strlen("iio:device")) != 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
		attribute_read(path, "name", name, sizeof(name));
		list_add(&all, name);
		if (!is_meant(path, meant, name))
			continue;
		if (n++ == 0)
			strcpy(ret_path, path);
		stable_path(path, stable);
		list_add(&found, stable);
	}
	if (devices)
		closedir(devices);
	return n == 1 ? 0 : explain(meant, n, &all, &found, ret_error);
}
