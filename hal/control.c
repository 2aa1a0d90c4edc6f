// SPDX-License-Identifier: MIT
#include "hal/control.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "hal/backend.h"

int control_open(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct stat old;
	int fd, error;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (!lstat(path, &old) && S_ISSOCK(old.st_mode))
		unlink(path);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		error = -errno;
		close(fd);
		return error;
	}
	return fd;
}

void control_close(int fd, const char *path)
{
	if (fd < 0)
		return;
	close(fd);
	unlink(path);
}

// 0, or -errno with a plain sentence in `why`.
static int take_text(struct hal *hal, const char *text, char *why, size_t why_size)
{
	struct sim_fault fault;
	int r = sim_fault_parse(hal->chair, text, &fault, why, why_size);

	if (r < 0)
		return r;
	r = sim_inject(hal, &fault);
	if (r < 0)
		snprintf(why, why_size, "too many faults are pending");
	return r;
}

unsigned control_take(int fd, struct hal *hal)
{
	unsigned refused = 0;

	for (;;) {
		char text[128], why[256] = "ok";
		struct sockaddr_un from;
		socklen_t from_size = sizeof(from);
		ssize_t n = recvfrom(fd, text, sizeof(text) - 1, 0, (struct sockaddr *)&from,
			&from_size);

		if (n < 0)
			return refused;
		text[n] = '\0';
		text[strcspn(text, "\n")] = '\0';
		if (take_text(hal, text, why, sizeof(why)) < 0)
			refused++;
		// Nobody waits for the answer of one who does not take it.
		if (from_size > sizeof(from.sun_family))
			sendto(fd, why, strlen(why), MSG_DONTWAIT | MSG_NOSIGNAL,
				(struct sockaddr *)&from, from_size);
	}
}
