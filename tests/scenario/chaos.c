// SPDX-License-Identifier: MIT
#include "chaos.h"

#include <math.h>
#include <string.h>

#include "core/fingerprint.h"
#include "frames.h"

#define LIE_PERIOD_US 20000

static const char *const fault_names[SIM_FAULT_KIND_COUNT] = {
	[SIM_STUCK] = "stuck",
	[SIM_DEAD] = "dead",
	[SIM_NO_PULSES] = "no-pulses",
	[SIM_SENSOR_OFFSET] = "sensor-offset",
	[SIM_SENSOR_FAIL] = "sensor-fail",
	[SIM_WRITE_FAIL] = "write-fail",
	[SIM_READ_FAIL] = "read-fail",
	[SIM_LATE] = "late",
	[SIM_ESTOP] = "estop",
	[SIM_SEAT] = "seat",
	[SIM_RESET] = "reset",
	[SIM_BUTTON] = "button",
	[SIM_SENSOR_ZERO] = "sensor-zero",
	[SIM_SENSOR_FROZEN] = "sensor-frozen",
	[SIM_SENSOR_LOW] = "sensor-low",
	[SIM_CHATTER] = "chatter",
	[SIM_WELD] = "weld",
	[SIM_DOUBLE_PULSES] = "double-pulses",
	[SIM_EXCHANGED] = "exchanged",
	[SIM_VENT_STICKS] = "vent-sticks",
	[SIM_WEAK] = "weak",
	[SIM_BLOCKED] = "blocked",
	[SIM_SHORTED] = "shorted",
	[SIM_CHANNEL_FAIL] = "channel-fail",
	[SIM_CHANNEL_FROZEN] = "channel-frozen",
	[SIM_CHANNEL_READS] = "channel-reads",
};

static int64_t now_us(const struct chaos *chaos)
{
	return simulator_now_us(chaos->simulator);
}

static void send_command(struct chaos *chaos)
{
	struct rng *rng = &chaos->rng;
	struct command command = {
		.verb = rng_below(rng, COMMAND_VERB_COUNT),
		.intensity_percent = rng_chance(rng, 0.5) ? NAN : rng_between(rng, 0, 100),
		.lease_us = rng_chance(rng, 0.8) ? 0 : rng_below(rng, 30) * US_PER_S + US_PER_S,
		.feedback = rng_below(rng, FEEDBACK_COUNT),
		.actuator = rng_below(rng, (int)chaos->chair->n_actuators + 1) - 1,
		.drive_permille = rng_below(rng, 2001) - 1000,
		.heartbeat_us = (rng_below(rng, 500) + 1) * US_PER_MS,
	};

	if (command.verb == COMMAND_STOP && rng_chance(rng, 0.7))
		command.verb = COMMAND_START; // or no session would last
	if (command.verb == COMMAND_INTENSITY && isnan(command.intensity_percent))
		command.intensity_percent = 50;
	enum refusal refusal = simulator_command(chaos->simulator, &command, chaos->plan);

	timeline_add(&chaos->log, now_us(chaos), "command %s %s", command_verb_name(command.verb),
		refusal == REFUSAL_NONE ? "" : refusal_code(refusal));
}

static int random_input(struct chaos *chaos)
{
	int line;

	do
		line = rng_below(&chaos->rng, (int)chaos->chair->n_lines);
	while (line_role_is_output(chaos->chair->lines[line].role));
	return line;
}

static bool press_without_sensor(const struct chaos *chaos, int actuator)
{
	return actuator >= 0 && chaos->chair->actuators[actuator].kind == ACTUATOR_PRESS &&
		!chaos->chair->actuators[actuator].sensor.present;
}

static bool is_carriage(const struct chaos *chaos, int actuator)
{
	return actuator >= 0 && chaos->chair->actuators[actuator].kind == ACTUATOR_TRAVEL;
}

static bool line_role_is_width(enum line_role role)
{
	return role == ROLE_NARROW || role == ROLE_MEDIUM || role == ROLE_WIDE;
}

static void note_cell(struct chaos *chaos, const struct sim_fault *fault)
{
	const struct actuator *actuator = &chaos->chair->actuators[fault->actuator];
	uint32_t bit = UINT32_C(1) << fault->actuator;

	switch (fault->kind) {
	case SIM_DEAD:
	case SIM_VENT_STICKS:
		chaos->stuck_vents |= actuator->kind == ACTUATOR_CELL ? bit : 0;
		chaos->lying_sensors |= actuator->sensor.present ? 0 : bit;
		break;
	case SIM_SENSOR_LOW:
	case SIM_SENSOR_ZERO:
	case SIM_SENSOR_FROZEN:
	case SIM_SENSOR_OFFSET:
		chaos->lying_sensors |= bit;
		break;
	default:
		break;
	}
	chaos->blind |= chaos->stuck_vents & chaos->lying_sensors;
}

// Of these the guard may believe a position that is not true until a rule ends the move.
static void note_posture(struct chaos *chaos, const struct sim_fault *fault)
{
	const struct line *line = &chaos->chair->lines[fault->line];

	switch (fault->kind) {
	case SIM_DEAD:
	case SIM_WEAK:
	case SIM_BLOCKED:
	case SIM_EXCHANGED:
	case SIM_NO_PULSES:
	case SIM_DOUBLE_PULSES:
	case SIM_CHANNEL_FROZEN:
	case SIM_CHANNEL_READS:
		chaos->unseen_posture |= UINT32_C(1) << fault->actuator;
		break;
	case SIM_STUCK:
	case SIM_CHATTER:
	case SIM_WELD:
		if (line->actuator >= 0)
			chaos->unseen_posture |= UINT32_C(1) << line->actuator;
		break;
	case SIM_WRITE_FAIL:
	case SIM_READ_FAIL:
	case SIM_LATE:
		chaos->unseen_posture = UINT32_MAX;
		break;
	default:
		break;
	}
}

// Without pulses nothing shows that a carriage is weak, or that a contact closes by mistake, before
// its next contact.
static bool hides_carriage(const struct chaos *chaos, const struct sim_fault *fault)
{
	switch (fault->kind) {
	case SIM_DEAD:
	case SIM_WEAK:
	case SIM_BLOCKED:
	case SIM_EXCHANGED:
		return is_carriage(chaos, fault->actuator);
	case SIM_STUCK:
	case SIM_CHATTER:
	case SIM_WELD:
		return fault->line == chaos->chair->estop || // its power fails unseen
			is_carriage(chaos, chaos->chair->lines[fault->line].actuator);
	default:
		return false;
	}
}

static void note_fault(struct chaos *chaos, const struct sim_fault *fault)
{
	const struct line *line = &chaos->chair->lines[fault->line];

	chaos->carriage_lies |= hides_carriage(chaos, fault);

	if (fault->kind == SIM_STUCK && fault->value == 1 && line->role == ROLE_HOME &&
		press_without_sensor(chaos, line->actuator))
		chaos->blind |= UINT32_C(1) << line->actuator;
	if (line_role_is_width(line->role) &&
		((fault->kind == SIM_STUCK && fault->value == 1) || fault->kind == SIM_CHATTER))
		chaos->lying_widths |= UINT32_C(1) << line->actuator;
	note_cell(chaos, fault);
	note_posture(chaos, fault);

	switch (fault->kind) {
	case SIM_WRITE_FAIL:
		chaos->writes_fail_us = min_i64(chaos->writes_fail_us, now_us(chaos));
		chaos->cannot_release = true;
		break;
	case SIM_READ_FAIL:
	case SIM_ESTOP:
	case SIM_VENT_STICKS:
		chaos->cannot_release = true;
		break;
	case SIM_CHANNEL_FROZEN:
	case SIM_CHANNEL_READS:
		if (fault->quantity == QUANTITY_TEMPERATURE)
			chaos->unseen_heat |= UINT32_C(1) << fault->actuator;
		break;
	case SIM_DEAD:
	case SIM_WEAK:
	case SIM_BLOCKED:
	case SIM_EXCHANGED:
		chaos->cannot_release |= chaos->chair->actuators[fault->actuator].kind !=
			ACTUATOR_TRAVEL;
		break;
	case SIM_STUCK:
	case SIM_CHATTER:
	case SIM_WELD:
		chaos->cannot_release |= line->role == ROLE_ESTOP ||
			(line->role == ROLE_HOME &&
				chaos->chair->actuators[line->actuator].kind == ACTUATOR_PRESS);
		break;
	case SIM_LATE:
		if (fault->value * 1e3 > (double)chaos->late_us)
			chaos->late_us = (int64_t)(fault->value * 1e3);
		break;
	default:
		break;
	}
}

// With exchanged wires the guard needs the home contact; without a sensor it has nothing else. And
// nobody gets up and sits down on a press that has extended meanwhile.
static bool hides_exchanged(const struct chaos *chaos, const struct sim_fault *fault)
{
	bool contact = fault->kind == SIM_STUCK || fault->kind == SIM_CHATTER ||
		fault->kind == SIM_WELD;

	return fault->kind == SIM_SEAT ||
		(contact && chaos->chair->lines[fault->line].role == ROLE_HOME);
}

static bool is_seat_contact(const struct chaos *chaos, const struct sim_fault *fault)
{
	bool contact = fault->kind == SIM_STUCK || fault->kind == SIM_CHATTER ||
		fault->kind == SIM_WELD;

	return contact && fault->line == chaos->chair->seat;
}

// A press without a person extends to its end. With a faulty seat contact the guard does not notice
// the empty seat, and the person then sits down on the press.
static bool empties_seat_unseen(const struct chaos *chaos, const struct sim_fault *fault)
{
	return (chaos->seat_lies && fault->kind == SIM_SEAT) ||
		(chaos->seat_used && is_seat_contact(chaos, fault));
}

static void inject(struct chaos *chaos, const struct sim_fault *fault)
{
	if (sim_inject(simulator_hal(chaos->simulator), fault) < 0)
		return;
	note_fault(chaos, fault);
	chaos->seat_lies |= is_seat_contact(chaos, fault);
	chaos->seat_used |= fault->kind == SIM_SEAT;
	timeline_add(&chaos->log, now_us(chaos), "fault %s line %s actuator %s value %g for %.3f s",
		fault_names[fault->kind], chaos->chair->lines[fault->line].name,
		chaos->chair->actuators[fault->actuator].name, fault->value, fault->for_us / 1e6);
}

static bool of_channel(enum sim_fault_kind kind)
{
	return kind == SIM_CHANNEL_FAIL || kind == SIM_CHANNEL_FROZEN || kind == SIM_CHANNEL_READS;
}

// One that the actuator has, if it has any.
static void choose_channel(struct chaos *chaos, struct sim_fault *fault)
{
	const struct actuator *actuator = &chaos->chair->actuators[fault->actuator];

	fault->quantity = (enum quantity)rng_below(&chaos->rng, QUANTITY_COUNT);
	for (int q = 0; q < QUANTITY_COUNT && !actuator->measured[fault->quantity].present; q++)
		fault->quantity = (enum quantity)q;
	if (fault->kind == SIM_CHANNEL_READS)
		fault->value = rng_between(&chaos->rng, -30, 1100);
}

static void break_something(struct chaos *chaos)
{
	struct rng *rng = &chaos->rng;
	struct sim_fault fault = {
		.kind = rng_below(rng, SIM_FAULT_KIND_COUNT),
		.for_us = rng_chance(rng, 0.3) ? 0
					       : (int64_t)(rng_between(rng, 0.001, 10) * US_PER_S),
		.line = random_input(chaos),
		.actuator = rng_below(rng, (int)chaos->chair->n_actuators),
		.value = NAN,
	};

	if (of_channel(fault.kind))
		choose_channel(chaos, &fault);

	// Faults that end a session for good are rarer.
	if ((fault.kind == SIM_WRITE_FAIL || fault.kind == SIM_READ_FAIL) && rng_chance(rng, 0.8))
		fault.kind = SIM_RESET;
	// Wires are exchanged while the chair is off (chaos_begin); later only a sensor shows it,
	// and for a carriage only the end of its way.
	if (fault.kind == SIM_EXCHANGED &&
		(press_without_sensor(chaos, fault.actuator) || is_carriage(chaos, fault.actuator)))
		fault.kind = SIM_WEAK;
	if ((chaos->exchanged && hides_exchanged(chaos, &fault)) ||
		empties_seat_unseen(chaos, &fault))
		fault.kind = SIM_RESET;
	if (fault.kind == SIM_STUCK || fault.kind == SIM_ESTOP || fault.kind == SIM_SEAT)
		fault.value = rng_below(rng, 2);
	else if (fault.kind == SIM_SENSOR_OFFSET)
		fault.value = rng_between(rng, -40, 120);
	else if (fault.kind == SIM_WRITE_FAIL)
		fault.value = 1 + rng_below(rng, 20);
	else if (fault.kind == SIM_LATE)
		fault.value = rng_between(rng, 1, 600);
	else if (fault.kind == SIM_CHATTER)
		fault.value = rng_between(rng, 1, 30);
	else if (fault.kind == SIM_BUTTON) {
		fault.for_us = 0;
		if (chaos->chair->n_buttons)
			fault.line = chaos->chair
					     ->buttons[rng_below(rng, (int)chaos->chair->n_buttons)]
					     .line;
	} else if (fault.kind == SIM_SENSOR_LOW || fault.kind == SIM_WEAK)
		fault.value = rng_unit(rng);
	inject(chaos, &fault);
}

void chaos_begin(struct chaos *chaos)
{
	struct sim_fault fault = { .kind = SIM_EXCHANGED,
		.line = random_input(chaos),
		.value = NAN,
		.actuator = rng_below(&chaos->rng, (int)chaos->chair->n_actuators) };

	if (chaos->level < CHAOS_FAULTS || !rng_chance(&chaos->rng, 0.15))
		return;
	if (rng_chance(&chaos->rng, 0.3))
		fault.kind = SIM_WELD;
	chaos->exchanged = fault.kind == SIM_EXCHANGED &&
		chaos->chair->actuators[fault.actuator].kind == ACTUATOR_PRESS;
	inject(chaos, &fault);
}

static void random_demand(struct chaos *chaos, struct wire_demand *demand,
	const struct actuator *actuator)
{
	struct rng *rng = &chaos->rng;
	enum actuator_kind kind = actuator->kind;

	demand->mode = rng_below(rng, WIRE_MODE_COUNT);
	if (demand->mode == WIRE_POSITION && posture_has_position(actuator)) {
		demand->value = rng_below(rng, PERMILLE_FULL * 1000 + 1);
		demand->limit_permille = 1 + rng_below(rng, 1000);
	} else if (demand->mode == WIRE_POSITION && kind == ACTUATOR_TRAVEL) {
		demand->value = rng_below(rng, 800000) - 100000;
		demand->limit_permille = 1 + rng_below(rng, 1000);
	} else if (demand->mode == WIRE_WIDTH && kind == ACTUATOR_KNEAD) {
		demand->value = rng_below(rng, WIDTH_COUNT);
	} else if (demand->mode == WIRE_HOME &&
		(kind == ACTUATOR_TRAVEL || kind == ACTUATOR_PRESS)) {
		return;
	} else if (demand->mode != WIRE_RELEASE_ACTUATOR && demand->mode != WIRE_REST) {
		demand->mode = WIRE_DRIVE;
		demand->value = rng_below(rng, 2001) - 1000;
		if (!actuator_is_reversible(kind))
			demand->value = demand->value < 0 ? -demand->value : demand->value;
	}
	// A release switches a relay off at once. On a pin trace that looks as if it had not been
	// held on for its time, unless all is released.
	if (demand->mode == WIRE_RELEASE_ACTUATOR && actuator->min_on_ms &&
		!actuator_is_reversible(kind))
		demand->mode = WIRE_REST;
}

// Begin a lie: mostly valid setpoints that no session would send, for up to 5 s; or the same one
// for minutes, until a rule of the guard ends it.
static void begin_lie(struct chaos *chaos)
{
	setpoint_init(&chaos->lie, chaos->chair, 0);
	chaos->steady = rng_chance(&chaos->rng, 0.1);
	if (!chaos->steady)
		chaos->lie.lease_ms = 1 + (uint32_t)rng_below(&chaos->rng, LEASE_HARD_MAX_MS);
	for (size_t i = 0; i < chaos->chair->n_actuators; i++) {
		if (rng_chance(&chaos->rng, 0.5))
			random_demand(chaos, &chaos->lie.demand[i], &chaos->chair->actuators[i]);
	}
	chaos->lies_left = 1 + rng_below(&chaos->rng, chaos->steady ? 20000 : 250);
	timeline_add(&chaos->log, now_us(chaos), "lies, %d of them", chaos->lies_left);
}

// A number that the guard accepts; it then ignores the honest controller for a while.
static uint32_t next_seq(struct chaos *chaos)
{
	const struct wire_report *report = simulator_report(chaos->simulator);
	uint32_t accepted = report ? report->header.seq : 0;

	chaos->lie_seq = (chaos->lie_seq > accepted ? chaos->lie_seq : accepted) + 1;
	return chaos->lie_seq;
}

static int64_t lie(struct chaos *chaos)
{
	struct wire_setpoint frame = chaos->lie;
	size_t size = sizeof(frame);

	frame.header.seq = next_seq(chaos);
	if (rng_chance(&chaos->rng, 0.1))
		size = bad_frames[rng_below(&chaos->rng, (int)n_bad_frames)].corrupt(&frame);
	else if (!chaos->steady && rng_chance(&chaos->rng, 0.02))
		begin_lie(chaos);
	simulator_send_raw(chaos->simulator, &frame, size);
	chaos->lies_left--;
	return LIE_PERIOD_US;
}

static void send_bare(struct chaos *chaos)
{
	struct wire_arm frame;
	enum wire_type type = WIRE_ARM + rng_below(&chaos->rng, WIRE_QUERY - WIRE_ARM + 1);
	size_t size = bare_frame_init(&frame, type, chair_fingerprint(chaos->chair),
		next_seq(chaos));

	simulator_send_raw(chaos->simulator, &frame, size);
	timeline_add(&chaos->log, now_us(chaos), "sends frame of type %d", type);
}

static void deceive(struct chaos *chaos)
{
	struct rng *rng = &chaos->rng;
	bool link = rng_chance(rng, 0.3);

	switch (rng_below(rng, 5)) {
	case 0:
		simulator_kill_controller(chaos->simulator, link);
		timeline_add(&chaos->log, now_us(chaos), "controller dies%s",
			link ? ", link too" : "");
		break;
	case 1:
		simulator_revive_controller(chaos->simulator);
		timeline_add(&chaos->log, now_us(chaos), "controller lives");
		break;
	case 2:
		send_bare(chaos);
		break;
	case 3:
		simulator_broker(chaos->simulator, link);
		timeline_add(&chaos->log, now_us(chaos), "broker %s", link ? "up" : "down");
		break;
	default:
		begin_lie(chaos);
		break;
	}
}

int64_t chaos_strike(struct chaos *chaos)
{
	struct rng *rng = &chaos->rng;

	if (chaos->lies_left > 0)
		return lie(chaos);
	switch (chaos->level) {
	case CHAOS_LIES:
		if (rng_chance(rng, 0.35)) {
			deceive(chaos);
			break;
		}
		// fall through
	case CHAOS_FAULTS:
		if (rng_chance(rng, 0.35)) {
			break_something(chaos);
			break;
		}
		// fall through
	case CHAOS_COMMANDS:
		send_command(chaos);
		break;
	default:
		return TIME_NEVER;
	}
	if (chaos->lies_left > 0)
		return LIE_PERIOD_US;
	return (int64_t)(-log(1 - rng_unit(rng)) * 6 * US_PER_S) + 1000;
}
