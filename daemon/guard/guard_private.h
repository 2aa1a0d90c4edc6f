// SPDX-License-Identifier: MIT
//
// The state of the guard, and the functions that its files share, one file per concern.
// guard_step() calls them in this order:
//
//   drive     accounts for the drive since the last step
//   inputs    edges, debounced contacts, pulses
//   button    the person's buttons
//   force     sensor values
//   measure   currents, temperatures and positions
//   proof     which actuators are proven released
//   belief    the estimated force of each press and cell
//   lateness  how late this step is
//   mode      transitions of the mode
//   drive     the rules on each actuator (fault input, force, current, heat, travel, duty)
//   frame     the controller's frame
//   drive     the drive of each actuator:
//     travel, turning, posture, heat, cell, release, force   its demand and its ceilings
//     budget                         exclusive groups and the current budget
//     motor, duty                    slew, dead time, directions; time under drive
//   output    levels of all lines, and the time of the next step
#ifndef CHAIRD_GUARD_GUARD_PRIVATE_H
#define CHAIRD_GUARD_GUARD_PRIVATE_H

#include "core/zone.h"
#include "guard/guard.h"

#define REPORT_PERIOD_US            (20 * US_PER_MS)
#define PLAIN_TICK_US               (10 * US_PER_MS)    // without a charge pump
#define DUTY_BUCKETS                (DUTY_WINDOW_S + 1) // of a second; the running one is not whole
#define SESSION_REST_US             (60 * US_PER_S)     // standstill between two sessions
#define UNTOUCHED_N                 3.0 // a sensor without contact reads at most this
#define LEVEL_CORRECTION_PERMILLE_S 5   // of a cell's estimated level by its sensor

// A contact, accepted once it has been steady for its debounce time (inputs.c).
struct contact {
	bool raw, stable;
	int64_t edge_us;     // of the last edge
	int64_t restless_us; // since when it has not been steady for its debounce time
	int64_t debounce_us;
};

// Time under drive in each of the last seconds, and the zone of the body it was on (duty.c).
struct duty {
	struct {
		uint32_t us;
		struct zone zone;
	} spent[DUTY_BUCKETS];
	int64_t second; // of the newest bucket
	int64_t sum_us;
	struct {                // the part of it near `here`, in all buckets but the newest
		int64_t second; // when it was summed up; 0: not valid
		struct zone here;
		int64_t us;
	} near;
};

// The estimated force of a press or a cell since its first push (belief.c).
struct belief {
	double low_n, high_n; // force by the calibration table, with the lag of the plant
	double way_n_s;       // impulse so far, while the sensor has not felt the body
	bool touched;         // the sensor has felt the body
	double sensor_n;      // last value of the sensor
	int64_t changed_us;   // when that value last changed
	int64_t low_since_us,
		high_since_us; // the sensor reads below, above the band; TIME_NEVER: it does not
	double back_n;         // the least force since it is driven back; INFINITY while it is not
	int64_t rises_since_us;
};

// A current, temperature or position (measure.c).
struct measurement {
	bool valid, failed;
	double value;
};

// The position of a recline or an extension, in per mille of its way from home (posture.c).
struct posture {
	double low, high;    // it is between them
	double progress;     // of a pot: when it last moved in the direction of the drive, ...
	int64_t progress_us; // ... and then
	int direction;       // until the last step
	bool homing;         // a demand for a position found it unknown
};

// A heater since it last went on (heat.c).
struct heat {
	bool warm; // it has reached hold_c, and not cooled down since
	double lowest_c, highest_c;
	double last_c;      // last value of its thermistor
	int64_t on_us;      // when it went on; TIME_NEVER: it is off
	int64_t changed_us; // when that value last changed
	int64_t over_us;    // since when at cutoff_c; TIME_NEVER: below
	int64_t unseen_us;  // times on before, that its thermistor did not show
};

// The state of one actuator.
struct actuator_state {
	struct wire_demand demand; // as last accepted
	double limited; // the demand after all ceilings, signed per mille; a cell: its level
	bool clamped;   // a ceiling holds it below the demand

	// motor.c
	double drive;  // applied, signed per mille
	int direction; // of the lines: -1, 0, 1; kinds without directions: 0, 1
	int last_direction;
	int64_t off_us; // when the lines last went off
	int64_t slew_us;
	int64_t under_drive_us; // since when; TIME_NEVER: not under drive
	struct duty duty;

	// proof.c, release.c
	bool released; // proven, and not pushed since
	bool known;    // was proven released since the start or the last trip; before, no push
	bool releasing;
	int release_tries; // failed tries of this release
	bool gently;       // the force has risen: further tries with little drive
	int64_t release_from_us, release_until_us; // of this try
	bool switch_doubted;                       // an end switch did not open: it proves nothing
	bool out_proven,
		back_proven;  // since power-up, home has opened on forward, closed on reverse
	bool opened;          // its home switch has opened since the first push
	int64_t pushed_us;    // time driven forward since then, hard enough to move
	int64_t vent_open_us; // a cell: since when its vent has been open, or TIME_NEVER

	// travel.c
	bool homed, seeking, at_target;
	int64_t pulses;      // signed, from home
	int64_t progress_us; // last pulse, or when the lines went on
	int stray_pulses;    // while not driven
	int run_pulses;      // since the motor started
	int fast_pulses;     // score of pulses that are too close to each other (position.c)
	bool lost;           // its position was lost, and the release for that is still due
	double timed_mm, timed_error_mm; // without pulses: the position, and how far off it may be
	bool gap;         // driven, and pulses that were due are missing: position unknown
	int64_t pulse_us; // the last pulse
	int64_t goal_us;  // time driven towards the same goal
	struct wire_demand goal;
	int64_t away_us; // time driven off an end switch that stays closed
	int away_pulses;

	// turning.c
	int64_t idle_us;          // driven since its last pulse
	int64_t locked_us;        // driven with its lock signal active
	int64_t seek_us;          // driven towards the same width
	int sought_width;         // enum width
	uint32_t proven_contacts; // set of the roles that closed at the end of the last turning

	// cell.c
	double level;          // estimate, per mille of full
	double pressure;       // of a source: estimate, per mille of full pressure
	bool filling, venting; // neither: it holds its level

	struct belief belief;

	// measure.c, posture.c, heat.c
	struct measurement measured[QUANTITY_COUNT];
	int64_t over_current_us; // since when above its limit; TIME_NEVER: below
	int64_t no_current_us;   // since when driven without a current; TIME_NEVER: it has one
	struct posture posture;
	struct heat heat;

	// force.c
	struct {
		double at_mm, error_mm; // of its carriage, or NAN
		struct region_ceiling ceiling;
		double drive_permille; // that the ceiling allows
	} limit;                       // there
	bool force_valid, force_failed;
	double force_n, mean_n;
	int64_t over_us; // since when above the peak ceiling; TIME_NEVER: it is not
};

struct guard {
	const struct chair *chair;
	bool outputs_persist;
	uint64_t fingerprint; // of the chair
	bool no_realtime;
	int64_t tick_us;
	uint64_t safe_levels, pwm_lines, contacts;
	uint32_t fault_inputs;                      // set of the actuators that have one
	uint32_t timed;                             // set of the carriages without pulses
	uint32_t valves;                            // set of the cells with one valve
	uint32_t turners, width_setters;            // those of turning.c
	uint32_t measuring;                         // set of those with a current, ...
	uint32_t all, of_kind[ACTUATOR_KIND_COUNT]; // sets of actuators, bit by index

	int64_t now_us, dt_us; // dt: since the last step while in motion, else 0
	double mean_share;     // of a new force in the mean, by dt (force.c)
	int64_t motion_us;     // start of the motion, and of the grid of ticks and reports
	int64_t next_tick_us;  // TIME_NEVER while nothing moves
	int64_t next_report_us;
	bool started, tick, cut;

	enum guard_mode mode;
	enum guard_reason reason;
	int culprit;
	uint32_t transitions_made;          // bit by index in the table of mode.c
	struct guard_transition impossible; // the first; no reason: none
	bool off_after_release;
	int64_t release_rest_us; // after a failed release: earliest time of the next
	int64_t mode_us;         // since when in this mode
	int64_t active_us;       // of this session
	int64_t still_us;        // since when nothing moves
	bool armed;              // since the last release; otherwise setpoints start nothing
	bool armed_once, occupied, report;
	bool inputs_unknown; // a line failed in this step

	bool link_up;
	int64_t lease_until_us;
	uint32_t seq;
	bool seq_known;
	uint32_t frames_refused;

	struct contact contact[CHAIR_LINES_MAX]; // by line; only those in `contacts`
	uint64_t raw;                            // contact[].raw as a set
	uint64_t unsettled;                      // contacts within their debounce time
	bool reset_edge;
	uint32_t buttons, buttons_stuck; // sets by index in the chair: button.c
	uint32_t stop_buttons;           // those that stop, and their lines
	uint64_t stop_lines;
	int64_t button_us[CHAIR_BUTTONS_MAX]; // since when it is pressed, or not
	bool button_accepted, stop_edge;      // in this step: another level; a stop is pressed
	bool pump_level;                      // of the charge pump

	uint32_t lateness[LATENESS_BUCKETS];
	uint32_t shed;

	struct actuator_state actuators[CHAIR_ACTUATORS_MAX];
	uint32_t busy; // set of those that may not be at rest since the last step (drive.c)
};

#define ACTUATOR_BIT(index) (UINT32_C(1) << (index))

// Take the first out of a set of actuators that is not empty.
static inline int actuator_take(uint32_t *set)
{
	int first = __builtin_ctz(*set);

	*set &= *set - 1;
	return first;
}

static inline const struct actuator *actuator_config(const struct guard *guard, int actuator)
{
	return &guard->chair->actuators[actuator];
}

// Presses and cells.
static inline uint32_t guard_pressers(const struct guard *guard)
{
	return guard->of_kind[ACTUATOR_PRESS] | guard->of_kind[ACTUATOR_CELL];
}

// Back rests, leg rests and extensions.
static inline uint32_t guard_postures(const struct guard *guard)
{
	return guard->of_kind[ACTUATOR_RECLINE] | guard->of_kind[ACTUATOR_EXTENSION];
}

// Actuators with directions.
static inline uint32_t guard_reversibles(const struct guard *guard)
{
	return guard->of_kind[ACTUATOR_TRAVEL] | guard->of_kind[ACTUATOR_PRESS] |
		guard_postures(guard);
}

static inline bool guard_moves(const struct guard *guard)
{
	return guard->mode == GUARD_ACTIVE || guard->mode == GUARD_RELEASING;
}

// The next point of the grid that began with the motion.
static inline int64_t guard_grid_next_us(const struct guard *guard, int64_t period_us)
{
	return guard->now_us + period_us - (guard->now_us - guard->motion_us) % period_us;
}

// inputs.c
void inputs_start(struct guard *guard, uint64_t levels);
void inputs_update(struct guard *guard, const struct guard_input *input);
bool inputs_good(const struct guard *guard); // E-stop closed and steady, switches plausible
bool input_estop_good(const struct guard *guard);
bool input_occupied(const struct guard *guard);
bool input_at(const struct guard *guard, int actuator, enum line_role role);          // debounced
int64_t input_since_us(const struct guard *guard, int actuator, enum line_role role); // last edge
// Contacts that are never active together are: both ends, or two positions.
bool inputs_conflict(const struct guard *guard, int actuator);
// Closed, or not open for its debounce time yet.
bool input_touches(const struct guard *guard, int actuator, enum line_role role);
int64_t inputs_next_us(const struct guard *guard);

// button.c
void button_start(struct guard *guard);
void button_step(struct guard *guard);
bool button_stop_held(const struct guard *guard);
int64_t button_next_us(const struct guard *guard); // when one counts as stuck

// mode.c: everything that changes the mode
// The only function that sets it. A transition that is not in the table is recorded
// (guard_impossible), and made only if it makes the chair safer: to OFF, RELEASING or TRIPPED.
void mode_enter(struct guard *guard, enum guard_mode mode);
void mode_arm(struct guard *guard, uint64_t fingerprint); // of the controller's chair
void mode_activate(struct guard *guard);
void mode_release(struct guard *guard, enum guard_reason reason, int culprit);
// A release that the controller or a stop button requests: in every mode, a latched fault included.
void mode_release_requested(struct guard *guard, enum guard_reason reason);
void mode_trip(struct guard *guard, enum guard_reason reason, int culprit); // after a release
void mode_not_released(struct guard *guard, int culprit); // outranks every other reason
void mode_reset(struct guard *guard);
void mode_step(struct guard *guard, const struct guard_input *input);
int64_t mode_next_us(const struct guard *guard); // end of the lease or of the session

// frame.c
void frame_handle(struct guard *guard, const union wire_frame *frame);

// selftest.c: REASON_NONE, or why the guard must not arm
enum guard_reason selftest_run(const struct guard *guard, int *ret_culprit);

// lateness.c
void lateness_count(struct guard *guard, int64_t due_us);

// drive.c
void drive_integrate(struct guard *guard); // account for the drive since the last step
void drive_check(struct guard *guard);     // the rules on single actuators
void drive_step(struct guard *guard);
void drive_none(struct guard *guard);

// motor.c
void motor_step(struct guard *guard, int actuator);
void motor_stop(struct guard *guard, int actuator);

// duty.c
void duty_integrate(struct guard *guard, int actuator);
void duty_mark(struct guard *guard, int actuator);
void duty_check(struct guard *guard, int actuator);
int64_t duty_next_us(const struct guard *guard, int actuator); // end of its longest drive

// travel.c, for actuators with directions
void travel_pulse(struct guard *guard, int actuator, int64_t t_us);
void travel_closed(struct guard *guard, int actuator, enum line_role role); // closed
double travel_position(struct guard *guard, int actuator);
void travel_integrate(struct guard *guard, int actuator); // the drive since the last step
void travel_opened(struct guard *guard, int actuator, enum line_role role); // a switch opened
bool travel_at_home(const struct guard *guard, int actuator); // by a switch not doubted
double travel_home(struct guard *guard, int actuator);
double travel_limit(const struct guard *guard, int actuator, double drive);
double travel_mm(const struct guard *guard, int actuator);        // NAN if not known
double travel_error_mm(const struct guard *guard, int actuator);  // how far that may be off
struct zone travel_zone(const struct guard *guard, int actuator); // within that
void travel_check(struct guard *guard, int actuator);

bool travel_drive_moves(const struct actuator *config, double drive); // enough to move it

// turning.c, for kneading, tapping, and presses with pulses
void turning_pulse(struct guard *guard, int actuator);
void turning_contact(struct guard *guard, int actuator, enum line_role role); // has changed
void turning_integrate(struct guard *guard, int actuator); // the drive since the last step
void turning_check(struct guard *guard, int actuator);
double turning_to_width(struct guard *guard, int actuator);     // drive to the width demanded
bool turning_allows_push(const struct guard *guard, int press); // the rollers stand at theirs

// position.c: supervision of a carriage's position
void position_start(struct guard *guard, int actuator); // its motor starts
void position_pulse(struct guard *guard, int actuator, int64_t t_us);
void position_at(struct guard *guard, int actuator, double mm); // a switch closed there
void position_check(struct guard *guard, int actuator);
bool position_is_pressed(const struct guard *guard, int carriage); // by a press that rides on it
void position_lose(struct guard *guard, int actuator);
void position_check_lost(struct guard *guard, int actuator); // release what presses

// timed.c: the position of a carriage without pulses
void timed_integrate(struct guard *guard, int actuator); // its way since the last step
void timed_start(struct guard *guard, int actuator);     // its motor starts
void timed_closed(struct guard *guard, int actuator, enum line_role role);
void timed_opened(struct guard *guard, int actuator, enum line_role role);
bool timed_uncertain(const struct guard *guard, int actuator); // too much to press there
void timed_check(struct guard *guard, int actuator);
void timed_forget(struct guard *guard); // those between their contacts: moved by hand, perhaps

// cell.c
void cell_integrate(struct guard *guard, int actuator);   // its level since the last step
void source_integrate(struct guard *guard, int actuator); // the pump's pressure, likewise
void cell_plan(struct guard *guard, int actuator);
bool cell_idle(const struct guard *guard, int actuator); // lines at their safe levels
bool source_demanded(const struct guard *guard, int actuator);

void cell_note_vent(struct guard *guard, int actuator); // after its lines have been set

// proof.c
void proof_start(struct guard *guard, int actuator);
void proof_step(struct guard *guard);               // mark as released what is proven now
void proof_lost(struct guard *guard, int actuator); // it is pushed, or has left its home
bool proof_all(const struct guard *guard);
int64_t proof_next_us(const struct guard *guard); // the next check at rest

// release.c
void release_begin(struct guard *guard, int actuator);
double release_drive(struct guard *guard, int actuator); // may end the release
void release_stop(struct guard *guard, int actuator);
bool release_may_stop(const struct guard *guard, int actuator); // for another demand
int64_t release_dead_time_us(const struct actuator *config);

// belief.c
void belief_step(struct guard *guard);
void belief_reset(struct guard *guard, int actuator);
double belief_n(const struct guard *guard, int actuator); // the larger of sensor and drive
void belief_check(struct guard *guard, int actuator);     // trip if they do not agree
bool belief_rises(struct guard *guard, int actuator);     // the force rises, driven back

// force.c
void force_start(struct guard *guard, int actuator);
void force_update(struct guard *guard, const struct guard_input *input);
double force_clamp(struct guard *guard, int actuator, double drive);
void force_check(struct guard *guard, int actuator);

// measure.c
void measure_start(struct guard *guard, int actuator);
void measure_update(struct guard *guard, const struct guard_input *input);
void measure_check(struct guard *guard, int actuator);
// Whether every quantity of the actuator has a plausible and fresh value.
bool measure_good(const struct guard *guard, int actuator);

// posture.c, for reclines and extensions
void posture_forget(struct guard *guard, int actuator); // its position is not known
void posture_integrate(struct guard *guard, int actuator);
bool posture_known(const struct guard *guard, int actuator);
double posture_permille(const struct guard *guard, int actuator);
double posture_position(struct guard *guard, int actuator); // the drive of a demand
double posture_limit(const struct guard *guard, int actuator, double drive);
void posture_pulse(struct guard *guard, int actuator);
void posture_closed(struct guard *guard, int actuator, enum line_role role);
void posture_check(struct guard *guard, int actuator);

// heat.c
void heat_start(struct guard *guard, int actuator);
double heat_limit(struct guard *guard, int actuator, double drive);
void heat_check(struct guard *guard, int actuator);
bool heat_good(const struct guard *guard, int actuator); // it may be switched on

// budget.c
void budget_share(struct guard *guard, uint32_t actuators); // among these

// output.c
void output_make(struct guard *guard, struct guard_output *ret);

#endif
