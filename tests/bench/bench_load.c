// SPDX-License-Identifier: MIT
//
// `make bench`, load and prove: a library of 640 points and 100 profiles (tests/unit/config/bulk.h)
// as the controller loads it, with the recliner and the proof of each profile. Its floor is a bare
// read of the same files by libconfig. Both run in this process in alternating rounds, in its CPU
// time: nothing else is waited for.
#include <assert.h>
#include <dirent.h>
#include <ftw.h>
#include <libconfig.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../unit/config/bulk.h"
#include "config/library.h"
#include "row.h"

#define ROUNDS 41
#define CHAIR  "profiles/chairs/recliner.cfg"

static double cpu_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void read_bare(const char *path)
{
	struct config_t config;

	config_init(&config);
	if (config_read_file(&config, path) != CONFIG_TRUE)
		abort();
	config_destroy(&config);
}

static void read_folder(const char *dir, const char *name)
{
	char path[600];
	struct dirent *entry;
	DIR *folder;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	folder = opendir(path);
	assert(folder);
	while ((entry = readdir(folder))) {
		snprintf(path, sizeof(path), "%s/%s/%.200s", dir, name, entry->d_name);
		if (entry->d_name[0] != '.')
			read_bare(path);
	}
	closedir(folder);
}

static double floor_us(const char *dir)
{
	double from_us = cpu_us();

	read_bare(CHAIR);
	read_folder(dir, "atlas");
	read_folder(dir, "pathways");
	read_folder(dir, "sessions");
	return cpu_us() - from_us;
}

static double load_us(const char *dir)
{
	double from_us = cpu_us(), took_us;
	struct problems problems = { 0 };
	struct library *library = NULL;

	if (library_load(dir, CHAIR, &problems, &library) < 0 ||
		library->n_profiles != BULK_PROFILES || library->atlas.n_points != BULK_POINTS)
		abort();
	library_free(library);
	took_us = cpu_us() - from_us;
	problems_clear(&problems);
	return took_us;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
	(void)status;
	(void)type;
	(void)ftw;
	return remove(path);
}

int main(void)
{
	char dir[] = "/tmp/chaird-bench-XXXXXX";
	struct row_pair pairs[ROUNDS];

	if (!mkdtemp(dir))
		return 1;
	bulk_write(dir);
	floor_us(dir);
	load_us(dir); // the first ones warm up
	for (int i = 0; i < ROUNDS; i++) {
		pairs[i].floor_us = floor_us(dir);
		pairs[i].ours_us = load_us(dir);
	}
	row_print("load and prove, bare libconfig", pairs, ROUNDS);
	nftw(dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	return 0;
}
