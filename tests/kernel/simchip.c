// SPDX-License-Identifier: MIT
#include "simchip.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define GPIO_SIM    "/sys/kernel/config/gpio-sim"
#define IIO_DUMMY   "/sys/kernel/config/iio/devices/dummy"
#define IIO_DEVICES "/sys/bus/iio/devices"

enum { PATH_LEN = 256, SAME_LABEL_MAX = 8 };

struct simchip {
	char config[PATH_LEN]; // its configfs directory
	char lines[PATH_LEN];  // the sysfs directory of sim_gpioN
	char node[PATH_LEN];   // /dev/gpiochipN
	char device[PATH_LEN]; // /sys/bus/platform/devices/gpio-sim.N
	size_t n_lines;
};

struct simiio {
	char config[PATH_LEN];
	char device[PATH_LEN];
};

// snprintf into a PATH_LEN buffer; -ENAMETOOLONG rather than a shortened path.
__attribute__((format(printf, 2, 3))) static int path_set(char *path, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int n = vsnprintf(path, PATH_LEN, format, args);
	va_end(args);
	return n < PATH_LEN ? 0 : -ENAMETOOLONG;
}

static int file_write(const char *dir, const char *name, const char *text)
{
	char path[PATH_LEN];
	int r = path_set(path, "%s/%s", dir, name);

	if (r < 0)
		return r;
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = write(fd, text, strlen(text)) < 0 ? -errno : 0;
	close(fd);
	return r;
}

// Reads the first line of a file, without its newline.
static int file_read(const char *dir, const char *name, char *line, size_t size)
{
	char path[PATH_LEN];
	int r = path_set(path, "%s/%s", dir, name);

	if (r < 0)
		return r;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ssize_t n = read(fd, line, size - 1);
	r = n < 0 ? -errno : 0;
	close(fd);
	if (r == 0) {
		line[n] = '\0';
		line[strcspn(line, "\n")] = '\0';
	}
	return r;
}

static int dir_make(const char *dir, const char *name)
{
	char path[PATH_LEN];
	int r = path_set(path, "%s/%s", dir, name);

	if (r < 0)
		return r;
	return mkdir(path, 0755) < 0 ? -errno : 0;
}

static int line_configure(const struct simchip *chip, size_t line, const char *name)
{
	char dir[PATH_LEN];
	int r = path_set(dir, "bank/line%zu", line);

	if (r < 0 || !name)
		return r;
	r = dir_make(chip->config, dir);
	if (r < 0)
		return r;
	r = path_set(dir, "bank/line%zu/name", line);
	return r < 0 ? r : file_write(chip->config, dir, name);
}

static int chip_configure(const struct simchip *chip, const char *label, const char *const names[])
{
	char number[24];
	int r = dir_make(chip->config, "bank");

	if (r < 0)
		return r;
	r = file_write(chip->config, "bank/label", label);
	if (r < 0)
		return r;
	snprintf(number, sizeof number, "%zu", chip->n_lines);
	r = file_write(chip->config, "bank/num_lines", number);
	for (size_t i = 0; r == 0 && i < chip->n_lines; i++)
		r = line_configure(chip, i, names[i]);
	return r < 0 ? r : file_write(chip->config, "live", "1");
}

// Finds the paths of the live chip. The kernel made its device node before `live` was accepted.
static int chip_locate(struct simchip *chip)
{
	char device[64], name[64];
	int r = file_read(chip->config, "dev_name", device, sizeof device);

	if (r < 0)
		return r;
	r = file_read(chip->config, "bank/chip_name", name, sizeof name);
	if (r < 0)
		return r;
	r = path_set(chip->lines, "/sys/devices/platform/%s/%s", device, name);
	if (r < 0)
		return r;
	r = path_set(chip->device, "/sys/bus/platform/devices/%s", device);
	if (r < 0)
		return r;
	r = path_set(chip->node, "/dev/%s", name);
	if (r < 0)
		return r;
	return access(chip->node, R_OK | W_OK) < 0 ? -errno : 0;
}

// A directory of configfs for it; chips may have the same label.
static int config_make(struct simchip *chip, const char *label)
{
	for (unsigned i = 0; i < SAME_LABEL_MAX; i++) {
		int r = path_set(chip->config, GPIO_SIM "/%s.%u", label, i);

		if (r < 0 || mkdir(chip->config, 0755) == 0)
			return r;
		if (errno != EEXIST)
			break;
	}
	return -errno;
}

int simchip_new(const char *label, const char *const names[], size_t n_lines, struct simchip **ret)
{
	struct simchip *chip = calloc(1, sizeof *chip);

	if (!chip)
		return -ENOMEM;
	chip->n_lines = n_lines;
	int r = config_make(chip, label);
	if (r < 0) { // nothing was made
		free(chip);
		return r;
	}
	r = chip_configure(chip, label, names);
	if (r == 0)
		r = chip_locate(chip);
	if (r < 0) {
		simchip_free(chip);
		return r;
	}
	*ret = chip;
	return 0;
}

struct simchip *simchip_free(struct simchip *chip)
{
	char dir[PATH_LEN];

	if (!chip)
		return NULL;
	file_write(chip->config, "live", "0");
	for (size_t i = 0; i < chip->n_lines; i++)
		if (path_set(dir, "%s/bank/line%zu", chip->config, i) == 0)
			rmdir(dir);
	if (path_set(dir, "%s/bank", chip->config) == 0)
		rmdir(dir);
	rmdir(chip->config);
	free(chip);
	return NULL;
}

const char *simchip_device(const struct simchip *chip)
{
	return chip->device;
}

const char *simchip_path(const struct simchip *chip)
{
	return chip->node;
}

int simchip_level(const struct simchip *chip, unsigned int line)
{
	char name[PATH_LEN], level[8];
	int r = path_set(name, "sim_gpio%u/value", line);

	if (r < 0)
		return r;
	r = file_read(chip->lines, name, level, sizeof level);
	return r < 0 ? r : level[0] == '1';
}

int simchip_open_level(const struct simchip *chip, unsigned int line)
{
	char path[PATH_LEN];
	int r = path_set(path, "%s/sim_gpio%u/value", chip->lines, line);

	if (r < 0)
		return r;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int simchip_pull(const struct simchip *chip, unsigned int line, bool up)
{
	char name[PATH_LEN];
	int r = path_set(name, "sim_gpio%u/pull", line);

	return r < 0 ? r : file_write(chip->lines, name, up ? "pull-up" : "pull-down");
}

// Finds the IIO device of that name, because its number is the kernel's choice.
static int iio_locate(struct simiio *iio, const char *name)
{
	char device_name[64];
	int r = -ENODEV;
	DIR *dir = opendir(IIO_DEVICES);

	if (!dir)
		return -errno;
	for (struct dirent *entry; r == -ENODEV && (entry = readdir(dir));) {
		if (strncmp(entry->d_name, "iio:device", strlen("iio:device")) != 0)
			continue;
		if (path_set(iio->device, IIO_DEVICES "/%s", entry->d_name) == 0 &&
			file_read(iio->device, "name", device_name, sizeof device_name) == 0 &&
			strcmp(device_name, name) == 0)
			r = 0;
	}
	closedir(dir);
	return r;
}

int simiio_new(const char *name, struct simiio **ret)
{
	struct simiio *iio = calloc(1, sizeof *iio);

	if (!iio)
		return -ENOMEM;
	int r = path_set(iio->config, IIO_DUMMY "/%s", name);
	if (r == 0 && mkdir(iio->config, 0755) < 0)
		r = -errno;
	if (r < 0) {
		free(iio);
		return r;
	}
	r = iio_locate(iio, name);
	if (r < 0) {
		simiio_free(iio);
		return r;
	}
	*ret = iio;
	return 0;
}

struct simiio *simiio_free(struct simiio *iio)
{
	if (!iio)
		return NULL;
	rmdir(iio->config);
	free(iio);
	return NULL;
}

const char *simiio_path(const struct simiio *iio)
{
	return iio->device;
}

// --- PWM --------------------------------------------------------------------------------------

int simpwm_open(void)
{
	int fd = open(SIMPWM_DEVICE "/channels", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

struct pwm_state simpwm_read(int fd, unsigned channel)
{
	struct pwm_state state = { 0 };
	char text[256], *line = text;
	ssize_t n = pread(fd, text, sizeof text - 1, 0);
	int enabled;

	text[n > 0 ? n : 0] = '\0';
	for (unsigned i = 0; line && i < channel; i++)
		line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL;
	if (!line ||
		sscanf(line, "%d %" SCNd64 " %" SCNd64, &enabled, &state.duty_ns,
			&state.period_ns) != 3)
		abort();
	state.enabled = enabled;
	return state;
}

int simpwm_plug(bool plugged)
{
	return file_write("/sys/bus/platform/drivers/pwm-sim", plugged ? "bind" : "unbind", SIMPWM);
}
