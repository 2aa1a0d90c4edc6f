// SPDX-License-Identifier: MIT
//
// The inside of the guard, shared by its files, one file per concern. A step goes through them
// in this order:
//
//   inputs    edges, debounced contacts, pulses          lateness  how late this step is
//   force     sensors                                    mode      what the mode becomes
//   frame     what the controller says                   drive     what each actuator is to do:
//     travel, cell, release, force   what each wants and what its ceilings leave of it
//     belief, proof                  what it presses with, and whether it has let go
//     budget    exclusive groups and the current budget
//     motor     slew, dead time, directions
//     duty      on-time and share of five minutes
//   output    levels of all lines, and when to step again
#ifndef CHAIRD_GUARD_GUARD_PRIVATE_H
#define CHAIRD_GUARD_GUARD_PRIVATE_H

#include "core/zone.h"
#include "guard/guard.h"

#define REPORT_PERIOD_US            (20 * US_PER_MS)
#define PLAIN_TICK_US               (10 * US_PER_MS)    // without a charge pump
#define DUTY_BUCKETS                (DUTY_WINDOW_S + 1) // of a second; the running one is not whole
#define SESSION_REST_US             (60 * US_PER_S)     // standing still between two sessions
#define UNTOUCHED_N                 3.0 // at most so much a sensor reads that nobody touches
#define LEVEL_CORRECTION_PERMILLE_S 5   // of a cell's reckoned level by its sensor
#define HOMING_DRIVE_PERMILLE       500 // a carriage that does not know where it is goes no faster

// A contact that is believed once it has been steady for its debounce time (inputs.c).
struct contact {
	bool raw, stable;
	int64_t edge_us;     // last time it moved
	int64_t restless_us; // since when it has not been steady for its debounce time
	int64_t debounce_us;
};

// Time under drive in each of the last seconds, and where that was (duty.c).
struct duty {
	struct {
		uint32_t us;
		struct zone zone;
	} spent[DUTY_BUCKETS];
	int64_t second; // of the newest bucket
	int64_t sum_us;
	struct {                // of that, near here, in all buckets but the newest
		int64_t second; // 0: not known
		struct zone here;
		int64_t us;
	} near;
};

// What a press or a cell is believed to press with since its first push (belief.c).
struct belief {
	double low_n, high_n; // what its drive gives by the table, with the plant's lag
	double way_n_s;       // driven so far without having felt the body
	bool touched;         // it has
	double sensor_n;      // last value, ...
	int64_t changed_us;   // ... and when it last was another one
	int64_t low_since_us,
		high_since_us; // the sensor lies below, above; TIME_NEVER: it does not
	double back_n;         // the least force since it is driven back; INFINITY while it is not
	int64_t rises_since_us;
};

// What the guard knows of one actuator.
struct actuator_state {
	struct wire_demand demand; // as last accepted
	double limited; // signed per mille the drive goes for, after all ceilings; a cell: its level
	bool clamped;   // a ceiling holds it below what was asked

	// motor.c
	double drive;  // applied, signed per mille
	int direction; // of the lines: -1, 0, 1; kinds without directions: 0, 1
	int last_direction;
	int64_t off_us; // when the lines last went off
	int64_t slew_us;
	int64_t under_drive_us; // since when, TIME_NEVER while not
	struct duty duty;

	// proof.c, release.c
	bool released; // proven, and not pushed since
	bool known;    // has been proven since the start or the last latch: only then is it pushed
	bool releasing;
	int release_tries; // of this release that did not arrive
	bool gently;       // the force has risen: further tries with little drive
	int64_t release_from_us, release_until_us; // of this try
	bool switch_doubted; // an end switch did not open: nothing is proven by it
	bool out_proven,
		back_proven;  // its home opened on forward, closed on reverse, since power-up
	bool opened;          // its home switch has opened since the first push
	int64_t pushed_us;    // driven forward for so long since then, hard enough to move
	int64_t vent_open_us; // a cell: since when its vent is open without a break, or TIME_NEVER

	// travel.c
	bool homed, seeking, at_target;
	int64_t pulses;      // signed, from home
	int64_t progress_us; // last pulse, or when the lines went on
	int stray_pulses;    // while nothing was driven
	int run_pulses;      // since the motor started
	int fast_pulses;     // closer to each other than it can go, and how many more than others
	bool lost;           // its position, and nobody has been released for it yet
	bool gap;         // driven, and no pulse where some were due: nobody knows how far it goes
	int64_t pulse_us; // the last pulse
	int64_t goal_us;  // driven for so long towards the same goal
	struct wire_demand goal;
	int64_t away_us; // driven off an end switch that stays closed
	int away_pulses;

	// cell.c
	double level;    // estimate, per mille of full
	double pressure; // of a source: estimate, per mille of what fills a cell
	bool filling, venting;

	struct belief belief;

	// force.c
	bool force_valid, force_failed;
	double force_n, mean_n;
	int64_t over_us; // above the peak ceiling since, TIME_NEVER while not
};

struct guard {
	const struct chair *chair;
	bool outputs_persist;
	uint64_t fingerprint; // of the chair
	bool no_realtime;
	int64_t tick_us;
	uint64_t safe_levels, pwm_lines, contacts;

	int64_t now_us, dt_us; // dt: since the last step while in motion, else 0
	int64_t motion_us; // since when something moves: the grid of ticks and reports begins there
	int64_t next_tick_us; // TIME_NEVER while nothing moves
	int64_t next_report_us;
	bool started, tick, cut;

	enum guard_mode mode;
	enum guard_reason reason;
	int culprit;
	uint32_t transitions_made;          // bit by index in the table of mode.c
	struct guard_transition impossible; // the first; no reason: none
	bool off_after_release;
	int64_t release_rest_us; // after one that did not arrive: no other before
	int64_t mode_us;         // since when in this mode
	int64_t active_us;       // of this session
	int64_t still_us;        // since when nothing moves
	bool armed;              // since the last release: only then does a setpoint start anything
	bool armed_once, occupied, report;
	bool inputs_unknown; // a line failed in this step

	bool link_up;
	int64_t lease_until_us;
	uint32_t seq;
	bool seq_known;
	uint32_t frames_refused;

	struct contact contact[CHAIR_LINES_MAX]; // by line; only those in `contacts`
	uint64_t raw;                            // the same, of all contacts
	uint64_t unsettled; // contacts that have moved, and what they are at is not believed yet
	bool reset_edge;
	bool pump_level; // of the charge pump

	uint32_t lateness[LATENESS_BUCKETS];
	uint32_t shed;

	struct actuator_state actuators[CHAIR_ACTUATORS_MAX];
};

static inline const struct actuator *actuator_config(const struct guard *guard, int actuator)
{
	return &guard->chair->actuators[actuator];
}

static inline bool guard_moves(const struct guard *guard)
{
	return guard->mode == GUARD_ACTIVE || guard->mode == GUARD_RELEASING;
}

// The next point of a grid that began with the motion.
static inline int64_t guard_grid_next_us(const struct guard *guard, int64_t period_us)
{
	return guard->now_us + period_us - (guard->now_us - guard->motion_us) % period_us;
}

// inputs.c
void inputs_start(struct guard *guard, uint64_t levels);
void inputs_update(struct guard *guard, const struct guard_input *input);
bool inputs_good(const struct guard *guard); // E-stop closed and steady, no impossible switches
bool input_estop_good(const struct guard *guard);
bool input_occupied(const struct guard *guard);
bool input_at(const struct guard *guard, int actuator, enum line_role role);          // debounced
int64_t input_since_us(const struct guard *guard, int actuator, enum line_role role); // last edge
// Closed, or not long enough open to be believed.
bool input_touches(const struct guard *guard, int actuator, enum line_role role);
int64_t inputs_next_us(const struct guard *guard);

// mode.c: everything that changes the mode
// The only function that sets it. A transition that is not in the table is recorded
// (guard_impossible), and made only if it makes the chair safer: to OFF, RELEASING or TRIPPED.
void mode_enter(struct guard *guard, enum guard_mode mode);
void mode_arm(struct guard *guard, uint64_t fingerprint); // of the controller's chair
void mode_activate(struct guard *guard);
void mode_release(struct guard *guard, enum guard_reason reason, int culprit);
void mode_release_asked(struct guard *guard); // by a person: in every mode
void mode_trip(struct guard *guard, enum guard_reason reason, int culprit); // after a release
void mode_not_released(struct guard *guard, int culprit);          // outranks every other reason
void mode_trip_now(struct guard *guard, enum guard_reason reason); // at once
void mode_reset(struct guard *guard);
void mode_step(struct guard *guard, const struct guard_input *input);
int64_t mode_next_us(const struct guard *guard); // the lease or the session ends

// frame.c
void frame_handle(struct guard *guard, const union wire_frame *frame);

// selftest.c: REASON_NONE, or what stands against arming
enum guard_reason selftest_run(const struct guard *guard, int *ret_culprit);

// lateness.c
void lateness_count(struct guard *guard, int64_t due_us);

// drive.c
void drive_integrate(struct guard *guard); // account for what was on since the last step
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
int64_t duty_next_us(const struct guard *guard, int actuator); // its longest drive ends

// travel.c, for everything with directions
void travel_pulse(struct guard *guard, int actuator, int64_t t_us);
void travel_switch(struct guard *guard, int actuator, enum line_role role); // it closed
double travel_position(struct guard *guard, int actuator);
void travel_integrate(struct guard *guard, int actuator); // what was driven since the last step
void travel_opened(struct guard *guard, int actuator, enum line_role role); // a switch did
bool travel_at_home(const struct guard *guard, int actuator);   // by a switch that is believed
bool travel_moves(const struct actuator *config, double drive); // so much drive moves it
double travel_home(struct guard *guard, int actuator);
double travel_limit(const struct guard *guard, int actuator, double drive);
double travel_mm(const struct guard *guard, int actuator); // NAN where it is not known
void travel_check(struct guard *guard, int actuator);

// position.c: is a carriage where its pulses say?
void position_start(struct guard *guard, int actuator); // its motor starts
void position_pulse(struct guard *guard, int actuator, int64_t t_us);
void position_at(struct guard *guard, int actuator, double mm); // a switch says that it is there
void position_check(struct guard *guard, int actuator);

// cell.c
void cell_integrate(struct guard *guard, int actuator);   // what the valves did since the last step
void source_integrate(struct guard *guard, int actuator); // and the pump
void cell_plan(struct guard *guard, int actuator);
bool cell_idle(const struct guard *guard, int actuator); // lines at their safe levels
bool source_demanded(const struct guard *guard, int actuator);

void cell_note_vent(struct guard *guard, int actuator); // after its lines have been decided

// proof.c
void proof_start(struct guard *guard, int actuator);
void proof_step(struct guard *guard); // what is proven now is released
bool proof_all(const struct guard *guard);
bool proof_untouched(const struct guard *guard, int actuator); // by its sensor, if it has one
int64_t proof_next_us(const struct guard *guard);              // when to look again at rest

// release.c
void release_begin(struct guard *guard, int actuator);
double release_drive(struct guard *guard, int actuator); // and whether it has ended
void release_stop(struct guard *guard, int actuator);
bool release_may_stop(const struct guard *guard, int actuator); // for another demand
int64_t release_dead_time_us(const struct actuator *config);

// belief.c
void belief_step(struct guard *guard);
void belief_reset(struct guard *guard, int actuator);
double belief_n(const struct guard *guard, int actuator); // the larger of sensor and drive
void belief_check(struct guard *guard, int actuator);     // trips where they do not agree
bool belief_rises(struct guard *guard, int actuator);     // the force, though it is driven back

// force.c
void force_update(struct guard *guard, const struct guard_input *input);
double force_clamp(const struct guard *guard, int actuator, double drive);
void force_check(struct guard *guard, int actuator);

// budget.c
void budget_share(struct guard *guard, uint32_t actuators); // among these

// output.c
void output_make(struct guard *guard, struct guard_output *ret);

#endif
