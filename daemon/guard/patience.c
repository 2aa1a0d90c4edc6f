// SPDX-License-Identifier: MIT
#include "guard/patience.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#define SLICE_MS   50
#define SLEPT_MAX  (1000 / SLICE_MS)
#define WAITED_MAX (30000 / SLICE_MS)

struct patience patience_begin(pid_t peer)
{
	return (struct patience){ .peer = peer };
}

// Running, runnable, waiting for a disk or held by a debugger, by proc(5). False if unknown.
static bool is_busy(pid_t peer)
{
	char path[40], text[300] = "";
	const char *state;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)peer);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (!fgets(text, sizeof(text), file))
		text[0] = '\0';
	fclose(file);
	state = strrchr(text, ')'); // behind the name, which may be anything
	return state && strlen(state) > 2 && strchr("RDt", state[2]);
}

void patience_wait(struct patience *patience, int fd)
{
	struct pollfd answer = { .fd = fd, .events = POLLIN };

	if (poll(&answer, 1, SLICE_MS) != 0)
		return;
	patience->waited++;
	patience->slept += !is_busy(patience->peer);
}

bool patience_lost(const struct patience *patience)
{
	return patience->slept >= SLEPT_MAX || patience->waited >= WAITED_MAX;
}
