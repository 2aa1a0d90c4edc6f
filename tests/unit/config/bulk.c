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

static void write_pathway(const char *dir)
{
	FILE *file = create(dir, "pathways", "all");

	fprintf(file, "pathways = ({ name = \"all\"; title = \"t\"; referral = \"r\"; points = (");
	for (int i = 0; i < 60; i++)
		fprintf(file, "%s\"muscle%d.fibre\"", i ? "," : "", i);
	fprintf(file, ");});\n");
	fclose(file);
}

static void write_profile(const char *dir, int index)
{
	char name[16];
	FILE *file;

	snprintf(name, sizeof(name), "p%d", index);
	file = create(dir, "sessions", name);
	fprintf(file,
		"title = \"Profile %d\";\n"
		"minutes_max = 30;\n"
		"defaults = { target = { permille = 300.0; floor = 250.0; }; };\n"
		"steps = (\n"
		"  { technique = \"stroke\"; pathway = \"all\"; repeats = 1; }",
		index);
	for (int i = 0; i < 20; i++)
		fprintf(file,
			",\n  { technique = \"knead\"; duration_s = 5.0; points = [ "
			"\"muscle%d.fibre\", \"muscle%d.fibre.left\" ]; }",
			(index + i) % BASES, (index + i + 100) % BASES);
	fprintf(file, "\n);\n");
	fclose(file);
}

void bulk_write(const char *dir)
{
	write_points(dir);
	write_pathway(dir);
	for (int i = 0; i < BULK_PROFILES; i++)
		write_profile(dir, i);
}
