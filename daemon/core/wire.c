// SPDX-License-Identifier: MIT
#include "core/wire.h"

#include <string.h>

// Farther than any carriage; the guard clamps to the chair's soft limits.
#define POSITION_MAX_UM 10000000

static const char *const mode_names[GUARD_MODE_COUNT] = {
	[GUARD_OFF] = "off",
	[GUARD_READY] = "ready",
	[GUARD_ACTIVE] = "active",
	[GUARD_RELEASING] = "releasing",
	[GUARD_TRIPPED] = "tripped",
};

static const struct {
	const char *name, *text;
	bool trip;
} reasons[REASON_COUNT] = {
	[REASON_NONE] = { "none", "nothing is wrong", false },
	[REASON_ASKED] = { "asked", "the controller requested it", false },
	[REASON_LEASE] = { "lease", "the controller sent no setpoint in time", false },
	[REASON_LINK] = { "link", "the controller disconnected", false },
	[REASON_SEAT] = { "seat", "nobody sits in the chair any more", false },
	[REASON_SESSION_LENGTH] = { "session-length", "the longest session time is over", false },
	[REASON_ON_TIME] = { "on-time", "an actuator reached its longest drive", false },
	[REASON_DUTY] = { "duty", "an actuator reached its share of five minutes", false },
	[REASON_SUSPEND] = { "suspend", "the computer was asleep", false },
	[REASON_OTHER_CHAIR] = { "other-chair",
		"the guard and the controller have read different "
		"chair files: restart both",
		false },
	[REASON_ESTOP] = { "estop", "the emergency stop is open", true },
	[REASON_HAL] = { "hal", "a line could not be written or read", true },
	[REASON_SENSOR] = { "sensor", "a force sensor failed or reads an impossible value", true },
	[REASON_FORCE] = { "force", "the force was above the ceiling of the body region", true },
	[REASON_NO_PULSE] = { "no-pulse", "a motor was driven and did not turn", true },
	[REASON_TRAVEL_TIME] = { "travel-time", "an end or a target was not reached in time",
		true },
	[REASON_END_SWITCH] = { "end-switch",
		"an end switch does not open, or two contacts are closed that never are "
		"together; or the motor's directions are exchanged",
		true },
	[REASON_LATE] = { "late", "the computer was too slow to supervise the motors", true },
	[REASON_SELF_TEST] = { "self-test",
		"an input was in a wrong state when the chair was armed", true },
	[REASON_PERSIST] = { "persist",
		"the kernel keeps outputs on after a crash and no charge pump "
		"is declared: set dtparam=strict_gpiod",
		true },
	[REASON_REALTIME] = { "realtime",
		"the guard has no real-time priority or no locked "
		"memory, and the chair file does not allow that",
		true },
	[REASON_SENSOR_DOUBT] = { "sensor-doubt", "a force sensor and its drive do not agree",
		true },
	[REASON_SENSOR_FROZEN] = { "sensor-frozen", "a force sensor always gives the same value",
		true },
	[REASON_WRONG_WAY] = { "wrong-way",
		"a press that is driven back presses harder: are its "
		"directions exchanged?",
		true },
	[REASON_POSITION] = { "position",
		"a carriage was not at the position of its pulses, or rollers left the width "
		"that was set while they pressed; they are set again",
		false },
	[REASON_NOT_RELEASED] = { "not-released",
		"the person may still be pressed: pull the emergency "
		"stop and turn the chair back by hand",
		true },
	[REASON_BRIDGE_FAULT] = { "bridge-fault",
		"a motor's bridge reports a fault: is the motor "
		"blocked, its wiring short-circuited or the bridge too hot?",
		true },
	[REASON_STOP_BUTTON] = { "stop-button", "a stop button at the chair is pressed", false },
	[REASON_OVER_CURRENT] = { "over-current",
		"a motor drew too much current: does something block it?", true },
	[REASON_OVERHEATED] = { "overheated",
		"a heater reached its cut-off temperature, or its thermal cut-out opened", true },
	[REASON_MEASUREMENT] = { "measurement",
		"the sensor of a current, a temperature or a position failed, or its value stands "
		"still",
		true },
};

void wire_header_init(struct wire_header *header, enum wire_type type, uint32_t length,
	uint32_t seq)
{
	*header = (struct wire_header){
		.magic = WIRE_MAGIC,
		.version = WIRE_VERSION,
		.type = type,
		.length = length,
		.seq = seq,
	};
}

size_t wire_first_size(const void *bytes, size_t size)
{
	struct wire_header header;

	if (size < sizeof(header))
		return size;
	memcpy(&header, bytes, sizeof(header));
	return header.length >= sizeof(header) && header.length <= size ? header.length : size;
}

// The header of a whole frame. Bytes from a socket need not be aligned: they are copied.
static bool header_read(const void *bytes, size_t size, struct wire_header *ret)
{
	struct wire_header header;

	if (size < sizeof(header))
		return false;
	memcpy(&header, bytes, sizeof(header));
	if (header.magic != WIRE_MAGIC || header.version != WIRE_VERSION || header.length != size)
		return false;
	*ret = header;
	return true;
}

static bool drive_in_range(enum actuator_kind kind, int32_t value)
{
	switch (kind) {
	case ACTUATOR_TRAVEL:
	case ACTUATOR_PRESS:
	case ACTUATOR_RECLINE:
	case ACTUATOR_EXTENSION:
		return value >= -PERMILLE_FULL && value <= PERMILLE_FULL;
	case ACTUATOR_KNEAD:
	case ACTUATOR_TAP:
	case ACTUATOR_VIBRATE:
	case ACTUATOR_CELL:
	case ACTUATOR_HEAT:
	case ACTUATOR_ROLLER:
		return value >= 0 && value <= PERMILLE_FULL;
	default:
		return false;
	}
}

static bool width_exists(const struct actuator *actuator, int32_t value)
{
	return actuator->kind == ACTUATOR_KNEAD && value > WIDTH_ANY && value < WIDTH_COUNT &&
		actuator->line[width_role((enum width)value)] >= 0;
}

static bool demand_is_valid(const struct actuator *actuator, const struct wire_demand *demand)
{
	enum actuator_kind kind = actuator->kind;

	if (demand->reserved[0] || demand->reserved[1] || demand->reserved[2])
		return false;
	if (demand->mode != WIRE_POSITION && demand->limit_permille)
		return false;
	if (kind == ACTUATOR_SOURCE)
		return demand->mode == WIRE_REST;
	switch (demand->mode) {
	case WIRE_REST:
	case WIRE_RELEASE_ACTUATOR:
		return true;
	case WIRE_DRIVE:
		return drive_in_range(kind, demand->value);
	case WIRE_POSITION:
		return (kind == ACTUATOR_TRAVEL || posture_has_position(actuator)) &&
			demand->value >= 0 && demand->value <= POSITION_MAX_UM &&
			demand->limit_permille >= 1 && demand->limit_permille <= PERMILLE_FULL;
	case WIRE_HOME:
		return kind == ACTUATOR_TRAVEL || kind == ACTUATOR_PRESS;
	case WIRE_WIDTH:
		return width_exists(actuator, demand->value);
	default:
		return false;
	}
}

static bool setpoint_is_valid(const struct chair *chair, const void *bytes, size_t size)
{
	static const struct wire_demand nothing[CHAIR_ACTUATORS_MAX];
	struct wire_setpoint frame;

	if (size != sizeof(frame))
		return false;
	memcpy(&frame, bytes, sizeof(frame));
	if (frame.lease_ms < 1 || frame.lease_ms > LEASE_HARD_MAX_MS ||
		frame.n != chair->n_actuators)
		return false;
	for (size_t i = 0; i < frame.n; i++) {
		if (!demand_is_valid(&chair->actuators[i], &frame.demand[i]))
			return false;
	}
	return !memcmp(&frame.demand[frame.n], nothing,
		(CHAIR_ACTUATORS_MAX - frame.n) * sizeof(nothing[0]));
}

bool wire_check(const struct chair *chair, const void *bytes, size_t size)
{
	struct wire_header header;

	if (!header_read(bytes, size, &header))
		return false;
	switch (header.type) {
	case WIRE_ARM:
		return size == sizeof(struct wire_arm);
	case WIRE_RELEASE:
	case WIRE_RESET:
	case WIRE_QUERY:
		return size == sizeof(struct wire_bare);
	case WIRE_SETPOINT:
		return setpoint_is_valid(chair, bytes, size);
	default:
		return false;
	}
}

bool wire_check_next(const void *bytes, size_t size)
{
	struct wire_header header;

	return header_read(bytes, size, &header) && header.type == WIRE_NEXT &&
		size == sizeof(struct wire_next);
}

bool wire_check_grant(const void *bytes, size_t size)
{
	struct wire_header header;
	struct wire_grant grant;

	if (!header_read(bytes, size, &header) || header.type != WIRE_GRANT ||
		size != sizeof(grant))
		return false;
	memcpy(&grant, bytes, sizeof(grant));
	return grant.now_us >= 0 && grant.reserved == 0;
}

bool wire_check_report(const void *bytes, size_t size)
{
	struct wire_header header;
	struct wire_report report;

	if (!header_read(bytes, size, &header) || header.type != WIRE_REPORT ||
		size != sizeof(report))
		return false;
	memcpy(&report, bytes, sizeof(report));
	return report.n <= CHAIR_ACTUATORS_MAX && report.mode < GUARD_MODE_COUNT &&
		report.reason < REASON_COUNT && report.culprit >= -1 &&
		report.culprit < (int)report.n && report.estop_good <= 1 && report.occupied <= 1 &&
		report.pump_on <= 1 && report.armed_once <= 1 && report.inputs_unknown <= 1 &&
		!((report.buttons | report.buttons_stuck) >> CHAIR_BUTTONS_MAX) &&
		!(report.buttons_stuck & ~report.buttons);
}

const char *guard_mode_name(enum guard_mode mode)
{
	return mode_names[mode];
}

const char *guard_reason_name(enum guard_reason reason)
{
	return reasons[reason].name;
}

const char *guard_reason_text(enum guard_reason reason)
{
	return reasons[reason].text;
}

bool guard_reason_is_trip(enum guard_reason reason)
{
	return reasons[reason].trip;
}
