// SPDX-License-Identifier: MIT
//
// A chair: its lines, its actuators with their ceilings and releases, and its reach on a body.
//
// Plain data, filled by config/chair_file.c and constant after load. Lines are addressed by their
// index in `lines`, so a set of lines is one uint64_t, bit by index. Levels are logical: 1 is
// active. Only the HAL inverts the levels of `active_low` lines.
#ifndef CHAIRD_CORE_CHAIR_H
#define CHAIRD_CORE_CHAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/quantity.h"
#include "core/region.h"
#include "core/risk.h"
#include "core/units.h"

#define CHAIR_LINES_MAX        64 // of one libgpiod request, and bits of a uint64_t
#define CHAIR_ACTUATORS_MAX    24
#define CHAIR_REACHES_MAX      64
#define CHAIR_GROUPS_MAX       8
#define CHAIR_BUTTONS_MAX      16
#define CALIBRATION_POINTS_MAX 16

// A line given by its chip and offset has the name "CHIP:OFFSET".
#define LINE_CHIP_SIZE   44
#define LINE_OFFSET_MAX  999
#define LINE_CHANNEL_MAX 31

// The frequency of a channel of kernel PWM: the default is above what is heard, and bridges switch
// up to some 25 kHz.
#define LINE_CHANNEL_HZ     20000
#define LINE_CHANNEL_HZ_MIN 50
#define LINE_CHANNEL_HZ_MAX 25000

#define LINE_BIT(index) (UINT64_C(1) << (index))

enum line_bias { BIAS_AS_IS, BIAS_DISABLED, BIAS_PULL_UP, BIAS_PULL_DOWN };

enum line_role {
	// outputs
	ROLE_FORWARD, // travel: away from home; press: into the body; recline: down; extension: out
	ROLE_REVERSE,
	ROLE_PWM,    // of a motor: enable or speed
	ROLE_FILL,   // cell
	ROLE_VENT,   // cell
	ROLE_VALVE,  // cell: one 3/2 valve, which fills it, or by its spring vents it
	ROLE_RUN,    // source, knead, tap, vibrate, roller, heat: on or off, without PWM
	ROLE_ENABLE, // the chair's charge pump
	// inputs
	ROLE_HOME,   // the end switch at position 0; active = at home
	ROLE_END,    // the other end switch; active = at that end
	ROLE_PULSE,  // Hall sensor. travel, recline, extension: one rising edge per mm_per_pulse;
		     // others: while it turns
	ROLE_FAULT,  // of a motor's bridge: active = it has a fault
	ROLE_LOCK,   // tap: active = its motor does not turn
	ROLE_CUTOUT, // of a heater, normally closed: active = its thermal cut-out has opened
	// knead: position contacts of its eccentric, of which at most one is active
	ROLE_NARROW,
	ROLE_MEDIUM,
	ROLE_WIDE,
	ROLE_ESTOP,  // normally closed: active = closed = not pressed
	ROLE_SEAT,   // normally closed: active = occupied
	ROLE_RESET,  // push button: the rising edge counts
	ROLE_BUTTON, // of the person in the chair: see struct button
	ROLE_COUNT,
};

// The distances between two rollers that a kneading motor sets by stopping at a contact.
enum width { WIDTH_ANY, WIDTH_NARROW, WIDTH_MEDIUM, WIDTH_WIDE, WIDTH_COUNT };

struct line {
	char name[NAME_SIZE]; // the kernel's line name: "GPIO17"; with a chip, "mcp23017:3"
	// "": the line is looked up by its name on every chip. Otherwise it is the line at `offset`
	// of this chip: its label, or the path of its device node or of its device in /sys.
	char chip[LINE_CHIP_SIZE];
	int offset;
	enum line_role role;
	int actuator; // index, or -1 for a line of the chair itself
	bool active_low;
	// Outputs: the level that releases a person and moves nothing. Inactive for all but the
	// vent of a normally open valve, which is safe while it vents.
	bool safe_level;
	// 0: a GPIO line. Otherwise the channel `offset` of this kernel PWM chip (the name of its
	// device, or a path in /sys), at this frequency; it is called "CHIP:pwmN".
	uint16_t channel_hz;
	enum line_bias bias;
};

enum actuator_kind {
	ACTUATOR_TRAVEL,    // carriage: position by Hall pulses, or by time between two contacts
	ACTUATOR_PRESS,     // depth motor that pushes: force by drive
	ACTUATOR_KNEAD,     // kneading motor, runs in one direction
	ACTUATOR_CELL,      // air cell
	ACTUATOR_SOURCE,    // pump; the guard runs it while one of its cells fills
	ACTUATOR_VIBRATE,   // vibration motor, runs in one direction
	ACTUATOR_RECLINE,   // back or leg rest, two directions
	ACTUATOR_TAP,       // tapping motor, runs in one direction
	ACTUATOR_EXTENSION, // of the leg rest: as a recline, and its current is supervised
	ACTUATOR_HEAT,      // heater, on or off
	ACTUATOR_ROLLER,    // foot roller, runs in one direction
	ACTUATOR_KIND_COUNT,
};

// What a recline is to a profile's postures.
enum rest_part {
	REST_BY_NAME, // "back..." and "leg..."
	REST_BACK,
	REST_LEGS,
	REST_PART_COUNT,
};

enum release_kind {
	RELEASE_COAST,   // remove the drive
	RELEASE_RETRACT, // drive in reverse until the home switch, at most release_max_ms
	RELEASE_VENT,    // fill shut, vent open for release_max_ms
};

// Drive -> newtons, ascending in both. Empty: not calibrated.
struct calibration {
	int n;
	struct {
		int drive_permille;
		double force_n;
	} at[CALIBRATION_POINTS_MAX];
};

// One kernel IIO channel: force_n = (raw + offset) * scale * n_per_unit - zero_n.
struct force_sensor {
	bool present;
	char device[NAME_SIZE];  // as that of an iio_channel: "ads1015"
	char channel[NAME_SIZE]; // "in_voltage0"
	double n_per_unit;
	double zero_n;  // its reading without load
	double range_n; // its highest reading, zero_n included
};

// A carriage without pulses: two contacts, relays, and the times between the contacts. Where it is
// follows from how long it was driven (core/timed.h).
struct travel_times {
	double way_mm;            // from its home to its end
	int down_ms, up_ms;       // over all of it: away from home, and back; 0: it has pulses
	int slip_permille;        // of each way it may be off, ...
	double start_mm;          // ... and by this much at each start
	double position_error_mm; // it presses nothing while it may be off by more
};

struct actuator {
	char name[NAME_SIZE];
	enum actuator_kind kind;
	int8_t line[ROLE_COUNT]; // line index by role, or -1
	// Without a PWM line: the direction that is driven is pulsed, the other one is off.
	bool sign_magnitude;

	// Ceilings. A time of 0: no such ceiling applies to this kind.
	int drive_max_permille;
	int on_max_ms;     // longest unbroken drive
	int travel_max_ms; // longest way to an end or target; then a fault
	int no_pulse_ms;   // longest drive without a pulse; then a fault
			   // (both of a knead: at full drive, at less in proportion longer)
	int dead_time_ms;  // both directions off before a reversal
	// A relay's contacts need their time. It goes on no sooner than min_off_ms after it went
	// off, and a demand shorter than min_on_ms lasts that long. A release, a trip, a ceiling,
	// an end switch and the budget never wait for min_on_ms: the stop is at once.
	int min_on_ms, min_off_ms;
	int slew_permille_s;   // fastest change of drive away from zero
	int duty_max_permille; // share of any 5 minutes under drive, in all zones together
	int current_ma;        // at full drive, for the chair's budget

	enum release_kind release;
	int release_max_ms;
	int release_drive_permille; // RETRACT: drive in reverse

	// tap
	double hz_max; // at full drive
	int lock_ms;   // longest drive with its lock signal active; then a fault
	// recline
	enum rest_part part;
	// travel
	double mm_per_pulse; // recline and extension: per mille of its way
	double soft_min_mm, soft_max_mm;
	struct travel_times timed;
	// travel and press
	double speed_mm_s; // at full drive without contact, about; for estimates
	// press
	double stroke_mm; // from home to its farthest point
	// press and cell
	int carriage; // the travel actuator it rides on, or -1
	struct calibration calibration;
	struct force_sensor sensor;
	double margin_n; // allowed difference of sensor and table, besides a tenth
	// motors: a current above the limit for longer than its time; then a fault
	double current_limit_ma;
	int over_current_ms;
	// recline and extension
	int pulses;         // of its whole way; 0: its position is not known by pulses
	int up_ms, down_ms; // the whole way at full drive; 0: its position is not known by time
	// heat
	double cutoff_c; // then a fault
	double hold_c;   // it goes off there, and on again when it has cooled down a little
	int rise_ms;     // longest time on without a rise of its temperature; then a fault
	struct iio_channel measured[QUANTITY_COUNT];
	// cell
	int source;                    // the source actuator that fills it, or -1
	int fill_ms, vent_ms, leak_ms; // empty to full; full to empty; time constant of the leak

	unsigned acknowledged; // set of enum chair_risk
};

// One stretch of a body that an actuator reaches. On a carriage `along_from` is at `mm_from` and
// `along_to` at `mm_to`, linear in between; otherwise both mm are 0.
struct reach {
	enum region region;
	unsigned sides; // set of enum side: the sides that one press acts on
	int actuator;   // of kind PRESS, KNEAD, TAP, CELL, VIBRATE or ROLLER
	double along_from, along_to;
	double lateral_from_mm, lateral_to_mm;
	// The rollers' distance from the spine by their width, which the knead `setter` sets; NAN:
	// it has no such contact.
	bool by_width;
	int setter;
	double width_mm[WIDTH_COUNT];
	double mm_from, mm_to;
	double peak_n, sustained_n; // the chair's own ceilings; never above region_ceiling()
};

// What a button in the person's reach does.
enum button_action {
	BUTTON_STOP, // by the guard itself: releases, and nothing starts while it is pressed
	BUTTON_PAUSE,
	BUTTON_RESUME,
	BUTTON_LESS,
	BUTTON_EASED,
	BUTTON_MORE,
	BUTTON_SKIP,
	BUTTON_START,   // a profile
	BUTTON_RECLINE, // these two move an actuator of that kind while they are held
	BUTTON_EXTENSION,
	BUTTON_ACTION_COUNT,
};

struct button {
	enum button_action does;
	int file_line;           // of `does` in the chair's file, for messages
	int line;                // index
	char profile[NAME_SIZE]; // START
	int actuator, direction; // RECLINE, EXTENSION: index, and 1 (forward) or -1
};

// Whether it moves an actuator while it is held.
static inline bool button_jogs(enum button_action does)
{
	return does == BUTTON_RECLINE || does == BUTTON_EXTENSION;
}

struct chair {
	char id[NAME_SIZE]; // [a-z0-9_-]+, the MQTT topic
	char model[TITLE_SIZE];

	struct line lines[CHAIR_LINES_MAX];
	size_t n_lines;
	struct actuator actuators[CHAIR_ACTUATORS_MAX];
	size_t n_actuators;
	struct reach reaches[CHAIR_REACHES_MAX];
	size_t n_reaches;

	uint32_t groups[CHAIR_GROUPS_MAX]; // exclusive groups: sets of actuators, bit by index
	size_t n_groups;
	struct button buttons[CHAIR_BUTTONS_MAX];
	size_t n_buttons;
	int current_max_ma; // total budget
	int session_max_s;  // <= 1800

	int pwm_hz;    // 50 ... 1000
	int enable_hz; // the charge pump's frequency, 25 ... 100; 0: no charge pump
	int estop, seat, reset, enable; // line index, or -1
	int debounce_ms;                // 1 ... 50, every contact but the seat
	int seat_debounce_ms;           // 50 ... 2000
	unsigned acknowledged;          // set of enum chair_risk, of the whole chair
	bool allow_no_realtime; // arm on real lines without real-time priority or locked memory
};

// Hard ceilings that no file can raise (their reasons: README.md, Safety).
#define SESSION_HARD_MAX_S           1800
#define SESSION_DEFAULT_S            900
#define HOLD_HARD_MAX_S              90
#define RAMP_HARD_MAX_N_S            10.0
#define RAMP_HARD_MAX_PERMILLE_S     250.0
#define DUTY_WINDOW_S                300
#define PRESS_DUTY_HARD_MAX_PERMILLE 500 // press and cell, in each zone
#define PRESS_HARD_MAX_S             120 // first push to released: a hold, approach and ramp
#define LEASE_HARD_MAX_MS            250

// A release that passes its bound is tried RELEASE_TRIES times in all, with a pause before each
// further try. A try with gentle drive has a bound at most RELEASE_GENTLE_FACTOR times as long.
#define RELEASE_TRIES         3
#define RELEASE_PAUSE_US      (1 * US_PER_S)
#define RELEASE_GENTLE_FACTOR 2

// The index, or -1.
int chair_find_actuator(const struct chair *chair, const char *name);
int chair_find_line(const struct chair *chair, const char *name);

// The set of buttons that do this, by index.
uint32_t chair_buttons(const struct chair *chair, enum button_action does);
const char *button_action_name(enum button_action does); // "stop", "recline", ...

#define BUTTON_TEXT_SIZE (NAME_SIZE + 16)
// As in the chair file: "stop", "start gentle", "recline back +". Returns text.
const char *button_text(const struct chair *chair, size_t button, char text[BUTTON_TEXT_SIZE]);

const char *actuator_kind_name(enum actuator_kind kind);
const char *line_role_name(enum line_role role); // "forward", "pwm", ...
const char *rest_part_name(enum rest_part part); // "back", "legs"; NULL for by name
bool line_role_is_output(enum line_role role);

// Place the line on a chip, and name it after its place.
void line_set_place(struct line *line, const char *chip, int offset);

// The same for a channel of a kernel PWM chip.
void line_set_channel(struct line *line, const char *chip, int channel, int hz);

// The lines that are channels of kernel PWM chips.
uint64_t chair_channels(const struct chair *chair);

// The sets of output lines and of lines that are pulsed, and the outputs' safe levels.
uint64_t chair_outputs(const struct chair *chair);
uint64_t chair_pwm_lines(const struct chair *chair);
uint64_t chair_safe_levels(const struct chair *chair);
// The longest duration of one try to release an actuator, with the dead time before it.
int64_t chair_release_max_us(const struct chair *chair);

// Whether the kind presses on a person: press, cell.
static inline bool actuator_presses(enum actuator_kind kind)
{
	return kind == ACTUATOR_PRESS || kind == ACTUATOR_CELL;
}

// Back rest, leg rest and its extension: they move the person, and stop where they are.
static inline bool actuator_is_posture(enum actuator_kind kind)
{
	return 1u << kind & (1u << ACTUATOR_RECLINE | 1u << ACTUATOR_EXTENSION);
}

// Whether it has the directions forward and reverse.
static inline bool actuator_is_reversible(enum actuator_kind kind)
{
	return 1u << kind &
		(1u << ACTUATOR_TRAVEL | 1u << ACTUATOR_PRESS | 1u << ACTUATOR_RECLINE |
			1u << ACTUATOR_EXTENSION);
}

// Whether a recline or an extension knows its position: by a pot, by pulses or by time.
static inline bool posture_has_position(const struct actuator *actuator)
{
	return actuator_is_posture(actuator->kind) &&
		(actuator->measured[QUANTITY_POSITION].present || actuator->line[ROLE_PULSE] >= 0 ||
			actuator->up_ms);
}

// Whether its lines are only on or off, as those of a relay or a valve: they are never pulsed, and
// a motor has no speed, but its full drive for every drive other than 0.
static inline bool actuator_is_switched(const struct actuator *actuator)
{
	return actuator->line[ROLE_PWM] < 0 && !actuator->sign_magnitude;
}

// Whether a kneading motor can be stopped at its position contacts.
static inline bool actuator_sets_width(const struct actuator *actuator)
{
	return actuator->line[ROLE_NARROW] >= 0;
}

// The contact of a width.
static inline enum line_role width_role(enum width width)
{
	return (enum line_role)(ROLE_NARROW + (int)width - WIDTH_NARROW);
}

// Whether it is a press on a carriage: it presses the zone at the carriage's position while the
// other zones rest.
static inline bool actuator_rides(const struct actuator *actuator)
{
	return actuator->kind == ACTUATOR_PRESS && actuator->carriage >= 0;
}

// The longest unbroken drive. A press or cell must also be released within PRESS_HARD_MAX_S.
// TIME_NEVER: no such ceiling.
int64_t actuator_on_max_us(const struct actuator *actuator);

// The longest drive within any DUTY_WINDOW_S: in all zones together, and in one zone (zone.h).
// TIME_NEVER: no such ceiling.
int64_t actuator_share_us(const struct actuator *actuator);
int64_t actuator_zone_share_us(const struct actuator *actuator);

// The force of a drive by the calibration table, linear between its pairs and clamped at its ends;
// NAN without a table.
double calibration_force_n(const struct calibration *calibration, double drive_permille);
// The inverse. A force below the table's first pair has drive 0. -1 without a table.
double calibration_drive_permille(const struct calibration *calibration, double force_n);

// The highest drive (of a cell: level) that a ceiling allows by the table: that of the sustained
// ceiling, and with a force sensor margin_n more. PERMILLE_FULL without a table.
double actuator_drive_limit_permille(const struct actuator *actuator,
	struct region_ceiling ceiling);

// The drive of a press whose direction is not proven yet: enough to move it, too little to hurt.
// GENTLE_N by the table, and at most its release drive.
#define GENTLE_N 10.0
double actuator_gentle_permille(const struct actuator *actuator);

// No file lets a heater become hotter, in degrees Celsius. ISO 13732-1 has the burn thresholds of
// skin by the time of contact; this ceiling is this project's own.
#define HEAT_HARD_MAX_C 48.0

// The kneading motor with position contacts that sets the width of this press or tap: the one on
// the same carriage. -1: there is none.
int chair_width_setter(const struct chair *chair, int actuator);

// The drive of a knead that looks for a contact: slow enough to stop there.
#define WIDTH_DRIVE_PERMILLE 300
int width_drive_permille(const struct actuator *knead);
const char *width_name(enum width width); // "narrow"

#define ROLLER_HALF_MM 15.0 // half of ZONE_APART_MM, zone.h

// How far from a demanded position a carriage may stop.
double travel_tolerance_mm(const struct actuator *travel);

// How far from its position a carriage without pulses may stand while something presses; 0 of one
// with pulses.
static inline double travel_apart_mm(const struct actuator *travel)
{
	return travel->timed.position_error_mm;
}

// The fastest drive of a carriage on its way home.
#define HOMING_DRIVE_PERMILLE 500

// The ceilings of an actuator with its carriage at position_mm, half a roller to either side. If
// the position is not known (NAN): the strictest of all that the actuator reaches. Never above
// region_ceiling(). An actuator without a reach has ceilings of zero.
struct region_ceiling chair_ceiling(const struct chair *chair, int actuator, double position_mm);
// The strictest of all within error_mm of the position. No error: chair_ceiling().
struct region_ceiling chair_ceiling_near(const struct chair *chair, int actuator,
	double position_mm, double error_mm);
// The strictest of all on the way between two positions, in either order.
struct region_ceiling chair_ceiling_between(const struct chair *chair, int actuator, double a_mm,
	double b_mm);

// Whether the actuator's reaches, half a roller to either side, cover the way between two positions
// without a gap. from_mm <= to_mm.
bool chair_covers_way(const struct chair *chair, int actuator, double from_mm, double to_mm);

#endif
