// SPDX-License-Identifier: MIT
#include "record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static void die(const char *file)
{
	perror(file);
	abort();
}

static FILE *open_file(const char *folder)
{
	char path[4096];
	FILE *file;

	if (mkdir(folder, 0755) < 0 && errno != EEXIST)
		die(folder);
	snprintf(path, sizeof(path), "%s/%s", folder, program_invocation_short_name);
	file = fopen(path, "ae");
	if (!file)
		die(path);
	return file;
}

void record_message(const char *topic, const void *payload, size_t size,
	const struct record *record)
{
	const char *folder = getenv("CHAIRD_MESSAGES");
	static FILE *file;

	if (!folder)
		return;
	if (!file)
		file = open_file(folder);
	fprintf(file, "%zu %d %d %s%s%s\n", size, record->retain, record->qos, topic,
		record->response_topic ? "\t" : "",
		record->response_topic ? record->response_topic : "");
	fwrite(payload, 1, size, file);
	if (fputc('\n', file) == EOF || fflush(file) == EOF)
		die(folder);
}
