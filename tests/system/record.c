// SPDX-License-Identifier: MIT
#include "record.h"

#include <errno.h>
#include <pthread.h>
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
	static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	static FILE *file;
	const char *folder = getenv("CHAIRD_MESSAGES");

	if (!folder)
		return;
	pthread_mutex_lock(&mutex);
	if (!file)
		file = open_file(folder);
	fprintf(file, "%zu %d %d %s%s%s\n", size, record->retain, record->qos, topic,
		record->response_topic ? "\t" : "",
		record->response_topic ? record->response_topic : "");
	fwrite(payload, 1, size, file);
	if (fputc('\n', file) == EOF || fflush(file) == EOF)
		die(folder);
	pthread_mutex_unlock(&mutex);
}
