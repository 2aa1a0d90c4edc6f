// SPDX-License-Identifier: MIT
//
// Proof of presses and cells: the release gets home, the table is plausible, the sensor's range
// includes the ceilings, and a cell that cannot be shut bears being full.
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "config/proof_private.h"

// Supply 10 % low, a motor 5 % weaker than its table, a cold gear.
#define TRAVEL_MARGIN   1.25
// On the drive that just moves it: friction may double with age, dirt and cold.
#define FRICTION_MARGIN 2
// Below it counts as no force: a sensor without load may be off by as much.
#define NO_FORCE_N      3.0
// Once it moves, a motor's force is proportional to its drive; a cell's is nearly so to its
// filling. Warm windings and soft cushions bend the line, but do not make a part of it four times
// as steep as the whole.
#define STEEPNESS_MAX   4
// For one per mille, the finest step of drive: it must not be felt.
#define STEP_MAX_N      1.0

#define RELEASE_MAX_S 30.0 // the upper end of max_s

// The usual press of hal/README.md, for a file without a table.
static const struct calibration usual = { .n = 2, .at = { { 100, 0 }, { 800, 62 } } };

// --- the way back ----------------------------------------------------------------------------

static const struct calibration *table_of(const struct actuator *actuator)
{
	return actuator->calibration.n ? &actuator->calibration : &usual;
}

// The table, extrapolated beyond its last pair.
static double table_force_n(const struct calibration *table, double drive_permille)
{
	int last = table->n - 1;
	double width = table->at[last].drive_permille - table->at[last - 1].drive_permille;
	double rise = table->at[last].force_n - table->at[last - 1].force_n;
	double beyond = drive_permille - table->at[last].drive_permille;

	return calibration_force_n(table, drive_permille) + fmax(beyond, 0) * rise / width;
}

// The drive that moves it even with doubled friction.
static double loose_permille(const struct actuator *actuator)
{
	return FRICTION_MARGIN * (double)table_of(actuator)->at[0].drive_permille;
}

// The time from the farthest point home. The table's force is left for moving; in the air the
// motor's back-EMF uses it up at a speed proportional to it, so
//
//   speed(drive) = speed_mm_s * table(drive) / table(1000)
//   time = stroke_mm / speed(release.drive) + release.drive / slew_per_s / 2
//
// The guard adds the dead time before a reversal to max_s, so it is not included here.
static double way_home_s(const struct actuator *actuator, double drive_permille, double margin)
{
	const struct calibration *table = table_of(actuator);
	double speed_mm_s = actuator->speed_mm_s * table_force_n(table, drive_permille) /
		table_force_n(table, PERMILLE_FULL);

	if (drive_permille < loose_permille(actuator) || speed_mm_s <= 0)
		return INFINITY;
	return margin * actuator->stroke_mm / speed_mm_s +
		drive_permille / actuator->slew_permille_s / 2;
}

double chair_way_home_s(const struct actuator *press)
{
	return way_home_s(press, press->release_drive_permille, TRAVEL_MARGIN);
}

// Rounded up to tenths.
static double tenths(double seconds)
{
	return ceil(seconds * 10 - 1e-6) / 10;
}

// The remedy: a longer time, or a harder drive with the time that it needs.
static void suggest_release(const struct actuator *actuator, char *text, size_t size)
{
	int most = actuator->drive_max_permille, drive = actuator->release_drive_permille;
	double now_s = way_home_s(actuator, drive, TRAVEL_MARGIN);
	double longest_s = actuator->release_max_ms / 1e3;

	if (now_s <= RELEASE_MAX_S) {
		snprintf(text, size, "write max_s = %.1f;", tenths(now_s));
		return;
	}
	while (drive < most && way_home_s(actuator, drive, TRAVEL_MARGIN) > longest_s)
		drive = (int)min_i64(drive / 10 * 10 + 10, most);
	now_s = way_home_s(actuator, drive, TRAVEL_MARGIN);
	if (now_s <= longest_s)
		snprintf(text, size, "write drive = %d;", drive);
	else if (now_s <= RELEASE_MAX_S)
		snprintf(text, size, "write drive = %d; max_s = %.1f;", drive, tenths(now_s));
	else
		snprintf(text, size,
			"no drive up to drive_max (%d) brings it home in %g s: take a stronger "
			"motor, or correct stroke_mm and speed_mm_s",
			most, RELEASE_MAX_S);
}

static void prove_release(const struct proof *proof, const struct config_setting_t *group,
	const struct actuator *actuator)
{
	const struct config_setting_t *release = reader_member(group, "release");
	int drive = actuator->release_drive_permille;
	char remedy[200];

	if (chair_way_home_s(actuator) <= actuator->release_max_ms / 1e3)
		return;
	suggest_release(actuator, remedy, sizeof(remedy));
	if (drive < loose_permille(actuator))
		reader_problem(proof->reader, release, "drive",
			"%d is too weak to get home: by its table the press begins to move at %d, "
			"and friction may double; %s",
			drive, table_of(actuator)->at[0].drive_permille, remedy);
	else
		reader_problem(proof->reader, release, "max_s",
			"%g s is too short to get home: stroke_mm (%g mm) at drive = %d takes %.1f "
			"s by its table, and it may be slower by a quarter; %s",
			actuator->release_max_ms / 1e3, actuator->stroke_mm, drive,
			way_home_s(actuator, drive, 1), remedy);
}

// --- the table -------------------------------------------------------------------------------

// False, with a problem, if it is not plausible.
static bool prove_table(const struct proof *proof, const struct config_setting_t *list,
	const struct calibration *table)
{
	bool plausible = table->at[0].force_n <= NO_FORCE_N;
	int last = table->n - 1;
	double mean = (table->at[last].force_n - table->at[0].force_n) /
		(table->at[last].drive_permille - table->at[0].drive_permille);
	double steepest = fmin(STEEPNESS_MAX * mean, STEP_MAX_N);

	if (!plausible && table->at[0].drive_permille == 0)
		reader_problem(proof->reader, reader_element(list, 0), NULL,
			"begins at %g N, and nothing presses without drive; set the gauge to zero, "
			"measure again and write (0, 0.0)",
			table->at[0].force_n);
	else if (!plausible)
		reader_problem(proof->reader, reader_element(list, 0), NULL,
			"begins at %g N: the force of a drive below %d is not known; write a "
			"pair (permille, 0.0) before it, of the hardest drive that does not press "
			"yet",
			table->at[0].force_n, table->at[0].drive_permille);
	for (int i = 1; i <= last; i++) {
		int wide = table->at[i].drive_permille - table->at[i - 1].drive_permille;
		double rise_n = table->at[i].force_n - table->at[i - 1].force_n;

		if (rise_n <= steepest * wide)
			continue;
		plausible = false;
		reader_problem(proof->reader, reader_element(list, (size_t)i), NULL,
			"jumps by %g N within %d per mille of drive, where at most %.3g N are "
			"plausible (a per mille gives at most %g N, and at most %d times what it "
			"gives in the whole table); measure it and the pair before it again, and "
			"correct or remove the wrong one",
			rise_n, wide, steepest * wide, STEP_MAX_N, STEEPNESS_MAX);
	}
	return plausible;
}

// --- the sensor ------------------------------------------------------------------------------

// The highest force that it must be able to measure.
static double highest_peak_n(const struct chair *chair, int actuator)
{
	double highest_n = 0;

	for (size_t i = 0; i < chair->n_reaches; i++) {
		if (chair->reaches[i].actuator == actuator)
			highest_n = fmax(highest_n, chair->reaches[i].peak_n);
	}
	return highest_n;
}

// Of two actuators on one channel each would use the other's force.
static void prove_channel(const struct proof *proof, const struct config_setting_t *group,
	int actuator)
{
	const struct force_sensor *sensor = &proof->chair->actuators[actuator].sensor;

	for (int i = 0; i < actuator; i++) {
		const struct actuator *other = &proof->chair->actuators[i];

		if (other->sensor.present && !strcmp(other->sensor.device, sensor->device) &&
			!strcmp(other->sensor.channel, sensor->channel))
			reader_problem(proof->reader, group, "channel",
				"%s of %s is already read for %s; write the channel of this one",
				sensor->channel, sensor->device, other->name);
	}
}

static void prove_sensor(const struct proof *proof, const struct config_setting_t *group,
	int actuator)
{
	const struct force_sensor *sensor = &proof->chair->actuators[actuator].sensor;
	double peak_n = highest_peak_n(proof->chair, actuator);

	prove_channel(proof, group, actuator);
	if (fabs(sensor->zero_n) > sensor->range_n)
		reader_problem(proof->reader, group, "zero_n",
			"%g N is beyond what the sensor can read (range_n = %g); read it again "
			"with nobody there (profiles/README.md), or write range_n = %g;",
			sensor->zero_n, sensor->range_n, ceil(fabs(sensor->zero_n) + peak_n));
	else if (sensor->zero_n + peak_n > sensor->range_n)
		reader_problem(proof->reader, group, sensor->zero_n > 0 ? "zero_n" : "range_n",
			"from zero_n = %g up to range_n = %g the sensor measures %g N, and the "
			"ceiling is %g N: it cannot measure what is above; lower peak_n in reach, "
			"or take a "
			"sensor with range_n = %g;",
			sensor->zero_n, sensor->range_n, sensor->range_n - sensor->zero_n, peak_n,
			ceil(sensor->zero_n + peak_n));
}

// --- one valve -------------------------------------------------------------------------------

// What all that it reaches bears; INFINITY: it reaches nothing.
static struct region_ceiling lowest_ceiling(const struct chair *chair, int actuator)
{
	struct region_ceiling lowest = { INFINITY, INFINITY };

	for (size_t i = 0; i < chair->n_reaches; i++) {
		if (chair->reaches[i].actuator != actuator)
			continue;
		lowest.peak_n = fmin(lowest.peak_n, chair->reaches[i].peak_n);
		lowest.sustained_n = fmin(lowest.sustained_n, chair->reaches[i].sustained_n);
	}
	return lowest;
}

// While it holds it is open to its pump's hose: a pump that does not stop fills it to the full.
// More than a hold may have can be acknowledged, more than a peak cannot.
static void prove_full(struct proof *proof, const struct config_setting_t *group, int index)
{
	const struct actuator *actuator = &proof->chair->actuators[index];
	double full_n = table_force_n(&actuator->calibration, PERMILLE_FULL);
	struct region_ceiling bears = lowest_ceiling(proof->chair, index);

	if (full_n > bears.peak_n)
		reader_problem(proof->reader, group, "calibration",
			"full is %g N, and its reach bears %g N at most: a pump whose relay "
			"sticks would fill it unnoticed; limit the pump's pressure by a relief "
			"valve and measure again, or give the cell a sensor",
			full_n, bears.peak_n);
	else if (full_n > bears.sustained_n)
		proof_risk(proof, RISK_OVERFILL, group, "calibration",
			"full is %g N, and its reach bears %g N in a hold: a pump whose relay "
			"sticks would fill it unnoticed; limit the pump's pressure by a relief "
			"valve and measure again, give the cell a sensor,",
			full_n, bears.sustained_n);
}

void proof_press(struct proof *proof, const struct config_setting_t *group, int index)
{
	const struct actuator *actuator = &proof->chair->actuators[index];
	bool table_plausible = !actuator->calibration.n ||
		prove_table(proof, reader_member(group, "calibration"), &actuator->calibration);

	if (actuator->release == RELEASE_RETRACT && table_plausible)
		prove_release(proof, group, actuator);
	if (actuator->sensor.present)
		prove_sensor(proof, reader_member(group, "sensor"), index);
	if (actuator->line[ROLE_VALVE] >= 0 && actuator->calibration.n && table_plausible &&
		!actuator->sensor.present)
		prove_full(proof, group, index);
	if (actuator->sensor.present && !actuator->calibration.n)
		reader_problem(proof->reader, group, "sensor",
			"nothing checks it: with a sensor that reads too little there would be no "
			"limit; measure the table too (profiles/README.md, how to calibrate) and "
			"write calibration = ( (permille, newtons), ... );");
	else if (!actuator->calibration.n)
		proof_risk(proof, RISK_UNCALIBRATED, group, "calibration",
			"is missing: drive and time alone limit it, no ceiling in newtons does; "
			"measure the table (profiles/README.md, how to calibrate) and write "
			"calibration = ( (permille, newtons), ... );");
}
