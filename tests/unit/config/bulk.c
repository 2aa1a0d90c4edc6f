// SPDX-License-Identifier: MIT
#include "bulk.h"

#include <assert.h>
#include <stdio.h>
#include <sys/stat.h>

#define BASES (BULK_POINTS / 2) // each makes a left and a right point

static FILE *create(const char *dir, const char *folder, const char *name)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, folder);
	mkdir(path, 0755); // may be there
	snprintf(path, sizeof(path), "%s/%s/%s.cfg", dir, folder, name);
	file = fopen(path, "w");
	assert(file);
	return file;
}

static void write_points(const char *dir)
{
	FILE *file = create(dir, "atlas", "all");

	fprintf(file, "points = (\n");
	for (int i = 0; i < BASES; i++)
		fprintf(file,
			"%s{ name = \"muscle%d.fibre\"; muscle = \"muscle %d\"; "
			"region = \"upper_back\"; along = %.3f; lateral_mm = %d; "
			"refers_to = \"somewhere else\"; source = \"test\"; }\n",
			i ? "," : "", (i * 7919) % BASES, i, i / 1000.0, i % 90);
	fprintf(file, ");\n");
	fclose(file);
}

static void write_pathways(const char *dir)
{
	FILE *file = create(dir, "pathways", "all");

	fprintf(file, "pathways = (\n");
	for (int i = 0; i < BULK_PATHWAYS; i++)
		fprintf(file,
			"%s{ name = \"way%d\"; title = \"Way %d\"; referral = \"somewhere\"; "
			"points = [ \"muscle%d.fibre\", \"muscle%d.fibre\", \"muscle%d.fibre\" ]; "
			"}\n",
			i ? "," : "", i, i, i, i + 40, i + 80);
	fprintf(file, ");\n");
	fclose(file);
}

// Like a shipped one: what most steps share is in the defaults, and some steps differ.
static void write_profile(const char *dir, int index)
{
	char name[16];
	FILE *file;

	snprintf(name, sizeof(name), "p%d", index);
	file = create(dir, "sessions", name);
	fprintf(file,
		"# A generated profile.\n"
		"title = \"Profile %d\";\n"
		"description = \"A slow roll, holds on single points and on a pathway.\";\n"
		"minutes_max = 30;\n"
		"breathing = { inhale_s = 4.0; exhale_s = 6.0; };\n\n"
		"# While one muscle is held the one before it rests.\n"
		"defaults = {\n"
		"  technique = \"hold\";\n"
		"  target = { newtons = 18.0; floor = 9.0; };\n"
		"  ramp_n_per_s = 6.0;\n"
		"  hold_s = 30.0; rest_s = 8.0; repeats = 1;\n"
		"};\n\n"
		"steps = (\n"
		"  { technique = \"stroke\"; points = [ \"muscle%d.fibre\", \"muscle%d.fibre\" ];\n"
		"    target = { newtons = 14.0; floor = 6.0; }; speed_mm_s = 12.0; repeats = 2; "
		"},\n"
		"  { pathway = \"way%d\"; },\n",
		index, index, index + 60, index % BULK_PATHWAYS);
	for (int i = 0; i < 4; i++)
		fprintf(file,
			"  { points = [ \"muscle%d.fibre\", \"muscle%d.fibre.left\" ];\n"
			"    target = { newtons = 16.0; floor = 8.0; }; hold_s = 40.0; "
			"rest_s = 20.0; },\n",
			(index + 20 * i) % BASES, (index + 20 * i + 100) % BASES);
	fprintf(file,
		"  { technique = \"knead\"; points = [ \"muscle%d.fibre\" ];\n"
		"    target = { permille = 300.0; floor = 250.0; }; duration_s = 20.0; },\n"
		"  { technique = \"pause\"; duration_s = 15.0; }\n"
		");\n",
		index);
	fclose(file);
}

void bulk_write(const char *dir)
{
	write_points(dir);
	write_pathways(dir);
	for (int i = 0; i < BULK_PROFILES; i++)
		write_profile(dir, i);
}
