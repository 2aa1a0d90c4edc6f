// SPDX-License-Identifier: MIT
#include "service/notify.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>

#include "core/units.h"

// A path, or a name in the abstract namespace that begins with @ (sd_notify(3)).
bool notify_address(struct sockaddr_un *ret_address, socklen_t *ret_size)
{
	const char *path = getenv("NOTIFY_SOCKET");
	size_t n = path ? strlen(path) : 0;

	if (n < 2 || n >= sizeof(ret_address->sun_path) || (*path != '/' && *path != '@'))
		return false;
	*ret_address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(ret_address->sun_path, path, n);
	if (*path == '@')
		ret_address->sun_path[0] = '\0';
	*ret_size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n + (*path == '/'));
	return true;
}

static void send_now(const char *text)
{
	struct sockaddr_un address;
	socklen_t size;
	int fd;

	if (!notify_address(&address, &size))
		return;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	sendto(fd, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL,
		(const struct sockaddr *)&address, size);
	close(fd);
}

void notify_ready(const char *format, ...)
{
	char status[256];
	va_list args;

	va_start(args, format);
	vsnprintf(status, sizeof(status), format, args);
	va_end(args);
	sd_notifyf(0, "READY=1\nSTATUS=%s", status);
}

void notify_status(const char *format, ...)
{
	char status[256] = "STATUS=";
	size_t n = strlen(status);
	va_list args;

	va_start(args, format);
	vsnprintf(status + n, sizeof(status) - n, format, args);
	va_end(args);
	send_now(status);
}

// MONOTONIC_USEC distinguishes this reload from an earlier one.
void notify_reloading(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%lld",
		(long long)(t.tv_sec * US_PER_S + t.tv_nsec / 1000));
}

void notify_stopping(void)
{
	sd_notify(0, "STOPPING=1");
}

int notify_listen_fd(void)
{
	return sd_listen_fds(1) == 1 ? SD_LISTEN_FDS_START : -1;
}

void notify_watchdog(void)
{
	send_now("WATCHDOG=1");
}

int64_t notify_watchdog_interval_us(void)
{
	uint64_t interval_us;

	return sd_watchdog_enabled(0, &interval_us) > 0 ? (int64_t)interval_us : 0;
}
