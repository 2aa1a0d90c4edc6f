// SPDX-License-Identifier: MIT
//
// Recording of a session: samples of a chair over time, to be drawn (chart.h) or written as a table
// (recording_csv.h). Made by the simulator (simulation_recorder.h) or from a record of MQTT
// messages (watch_record.h).
#ifndef CHAIRD_CTL_RECORDING_H
#define CHAIRD_CTL_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/atlas.h"
#include "core/session.h"
#include "ctl/pin_trace.h"
#include "ctl/table.h"

#define RECORDING_PERIOD_US (100 * US_PER_MS)
#define RECORDING_PRESSED_N 3.0 // less counts as released
#define RECORDING_SITES_MAX 256
#define RECORDING_TEXT_SIZE 160
#define RECORDING_NOTES_MAX 3

// Values of one actuator. NAN: not known.
struct recorded_actuator {
	float drive_permille;
	float delivered_n; // as the controller believes: by its sensor, else by its table
	float felt_n;      // on the simulated person
	float position;    // from home: of a travel in mm, of a posture in per mille of its way
};

struct sample {
	int64_t t_us; // on the clock of the chair
	enum session_phase phase;
	int16_t points[2]; // indices in the atlas; -1: none
	int8_t actuator;   // that works on them; -1: none
	uint16_t segment;
	enum target_unit unit;
	float target;              // accepted; 0: nothing is to press
	uint32_t pressed;          // set of actuators that are not proven released, by index
	float lung;                // of the rhythm: 0 (empty) ... 1; NAN: none
	float peak_n, sustained_n; // ceilings where that actuator is, on those points; NAN: none
	struct recorded_actuator by[CHAIR_ACTUATORS_MAX];
};

struct recording {
	const struct chair *chair; // borrowed, as the atlas
	const struct atlas *atlas;
	char title[TITLE_SIZE];
	char notes[RECORDING_NOTES_MAX]
		  [RECORDING_TEXT_SIZE]; // for people: what it is, how it ended
	bool has_felt;                   // there is a simulated person
	const uint16_t *left_out;        // atlas indices of points that are not pressed; borrowed
	const char *left_out_why;        // the same of all: "out of reach"
	size_t n_left_out;
	const struct pin_trace *pins; // to be drawn, too; NULL: none; borrowed
	struct sample *samples;       // in order of time
	size_t n, capacity;
};

// Append a copy; one that is not later than the last one replaces it. 0 or -ENOMEM.
int recording_add(struct recording *recording, const struct sample *sample);
void recording_clear(struct recording *recording);

// Ceilings of the sample's actuator at the place of its carriage, and of its points, into the
// sample.
void recording_set_ceilings(const struct recording *recording, struct sample *sample);

// "mm", "permille" of its way; NULL: a kind without a position.
const char *recorded_position_unit(enum actuator_kind kind);

// What the controller believes of an actuator's force; NAN: nothing.
double recorded_force_n(const struct actuator *actuator, double drive_permille, bool measured,
	double force_n);

// How full the lungs are, 0 ... 1, `t_s` after an exhale began. NAN: there is no rhythm.
double recorded_lung(double t_s, double inhale_s, double exhale_s);

// A stay at one place: samples from the ramp to the end of the release. A roll, which presses
// nothing, is none.
struct press {
	size_t from, to; // indices of its first and last sample
};

// What an actuator delivered, while it was at RECORDING_PRESSED_N or more.
struct delivered {
	double seconds, newton_s, peak_n;
};

// A place, of one point or of two that are pressed at once, with what it received.
struct site {
	int16_t points[2];
	int8_t actuator; // that pressed it first
	enum target_unit unit;
	size_t n_presses;
	struct delivered delivered;
	double driven_s;                            // with a target
	double felt_peak_n;                         // NAN: not known
	double target;                              // the highest
	double peak_ceiling_n, sustained_ceiling_n; // the lowest; NAN: none
};

// Find the next press at or after sample *index, and move *index behind it. False: none is left.
bool recording_next_press(const struct recording *recording, size_t *index, struct press *ret);

// The places in the order in which they are first pressed: at most RECORDING_SITES_MAX.
size_t recording_sites(const struct recording *recording, struct site sites[RECORDING_SITES_MAX]);

// What each actuator delivered as a layer, beside the one that worked: to all points that it
// reaches.
void recording_beside(const struct recording *recording,
	struct delivered ret_beside[CHAIR_ACTUATORS_MAX]);

bool site_is_at(const struct site *site, const struct sample *sample);

// Label of one or two points (table_label); "" without any.
char *recording_label(const struct recording *recording, const int16_t points[2],
	char buf[LABEL_SIZE]);

// The time of the first sample, and the duration from there to the last one.
int64_t recording_start_us(const struct recording *recording);
double recording_seconds(const struct recording *recording);

#endif
