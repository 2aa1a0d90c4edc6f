// SPDX-License-Identifier: MIT
#include "ctl/fit.h"

#include <math.h>

#define STEP_N 0.1 // least rise between two pairs, which are written to this

// Readings that are pooled; the means of what follows rise.
struct block {
	double drive_sum, force_sum, last_drive;
	size_t n;
};

static double force(const struct block *block)
{
	return block->force_sum / (double)block->n;
}

static size_t pool(const struct fit_point *points, size_t n, struct block blocks[])
{
	size_t used = 0;

	for (size_t i = 0; i < n; i++) {
		double force_n = fmax(points[i].force_n, 0);

		blocks[used++] = (struct block){ points[i].drive_permille, force_n,
			points[i].drive_permille, 1 };
		while (used > 1 && force(&blocks[used - 1]) < force(&blocks[used - 2]) + STEP_N) {
			struct block *into = &blocks[used - 2], *last = &blocks[used - 1];

			into->drive_sum += last->drive_sum;
			into->force_sum += last->force_sum;
			into->last_drive = last->last_drive;
			into->n += last->n;
			used--;
		}
	}
	return used;
}

static void add(struct calibration *table, double drive_permille, double force_n)
{
	table->at[table->n].drive_permille = (int)lround(drive_permille);
	table->at[table->n].force_n = round(force_n / STEP_N) * STEP_N;
	table->n++;
}

static double drive(const struct block *block)
{
	return block->drive_sum / (double)block->n;
}

// The drive at which the line through the first two blocks has no force.
static double drive_of_no_force(const struct block blocks[])
{
	double slope = (force(&blocks[1]) - force(&blocks[0])) /
		(drive(&blocks[1]) - drive(&blocks[0]));

	return clamp_double(drive(&blocks[0]) - force(&blocks[0]) / slope, 0,
		drive(&blocks[0]) - 1);
}

bool fit_table(const struct fit_point *points, size_t n, struct calibration *ret_table)
{
	struct calibration table = { 0 };
	struct block blocks[FIT_POINTS_MAX];
	size_t used = n <= FIT_POINTS_MAX ? pool(points, n, blocks) : 0, first = 0;

	if (used < 2)
		return false;
	if (force(&blocks[0]) < FIT_NO_FORCE_N)
		add(&table, blocks[first++].last_drive, 0);
	else
		add(&table, drive_of_no_force(blocks), 0);
	for (size_t i = first; i < used; i++)
		add(&table, drive(&blocks[i]), force(&blocks[i]));
	*ret_table = table;
	return true;
}

double fit_residual(const struct calibration *table, const struct fit_point *point)
{
	return point->force_n - calibration_force_n(table, point->drive_permille);
}
