// SPDX-License-Identifier: MIT
//
// The protocol between controller and guard: fixed-size frames over one SOCK_SEQPACKET Unix socket.
//
// One struct per frame, no pointers, host byte order (both ends are on one machine), explicit
// padding. The guard treats every frame as hostile until it has passed wire_check(). A frame that
// fails is counted and dropped; it never renews a lease.
//
// A message to the guard holds one frame, or several back to back that are handled in their order:
// it wakes the guard once, and no other process runs between an ARM and its setpoint. A message
// from the guard holds one.
#ifndef CHAIRD_CORE_WIRE_H
#define CHAIRD_CORE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/chair.h"

#define WIRE_MAGIC          UINT32_C(0x72616863) // "char"
#define WIRE_VERSION        4
#define WIRE_DEFAULT_SOCKET "/run/chairguard/guard.sock"

enum wire_type {
	// controller -> guard
	WIRE_ARM = 1,  // compare the chair, self-test, OFF -> READY
	WIRE_SETPOINT, // a demand for every actuator, valid for lease_ms
	WIRE_RELEASE,  // release everything now -> RELEASING -> READY
	WIRE_RESET,    // the reset edge for a fault; a local button outranks it (guard.h)
	WIRE_QUERY,    // answer with a REPORT
	WIRE_NEXT,     // lockstep: end of the controller's turn, and the time of its next one
	// guard -> controller
	WIRE_REPORT = 0x80,
	WIRE_GRANT, // lockstep: the time, and the controller's turn to act
};

// Lockstep. A guard with a simulated chair owns the chair's time and grants it in turns:
//
//   guard       step to t, REPORT..., GRANT t ->                      -> step to the earlier of
//   controller                                   ...frames, NEXT t'      its own next time and t'
//
// (Time advance grant and next event request of distributed simulation, IEEE 1516.) A GRANT
// follows the reports of its step; a NEXT names the turn it answers. Between two turns the
// controller may send frames, and a NEXT after them, when a request of a person arrives. A guard on
// real lines sends no GRANT and refuses NEXT as malformed.

struct wire_header {
	uint32_t magic;
	uint16_t version;
	uint16_t type;
	uint32_t length; // of the whole frame, bytes
	uint32_t seq;    // controller: counts up by one or more; report: of the last frame accepted
};

// The demand on one actuator.
enum wire_mode {
	WIRE_REST,     // no drive (a cell: both valves shut)
	WIRE_DRIVE,    // value: signed drive in per mille; a cell: level 0 ... 1000 of full
	WIRE_POSITION, // value: micrometres from home, homed only; of a recline or extension
	// that knows its position: thousandths of a per mille of its way
	WIRE_HOME,             // drive to the home switch; travel and press only
	WIRE_RELEASE_ACTUATOR, // carry out the declared release of this one actuator
	WIRE_WIDTH, // value: enum width; a knead with that contact only: turn to it, stand there
	WIRE_MODE_COUNT,
};

struct wire_demand {
	uint8_t mode;
	uint8_t reserved[3]; // zero
	int32_t value;
	int32_t limit_permille; // POSITION: fastest drive, 1 ... 1000; otherwise 0
};

struct wire_setpoint {
	struct wire_header header;
	uint32_t lease_ms;                              // 1 ... LEASE_HARD_MAX_MS
	uint32_t n;                                     // = the chair's number of actuators
	struct wire_demand demand[CHAIR_ACTUATORS_MAX]; // beyond n: zero
};

// ARM names the chair that the controller has read. A guard that has read another one refuses with
// REASON_OTHER_CHAIR, without a trip.
struct wire_arm {
	struct wire_header header;
	uint64_t chair; // fingerprint.h
};

// RELEASE, RESET, QUERY are a bare header.
struct wire_bare {
	struct wire_header header;
};

struct wire_grant {
	struct wire_header header;
	int64_t now_us; // never decreases; 0 when the guard starts
	uint32_t turn;  // counts up by one
	uint32_t reserved;
};

struct wire_next {
	struct wire_header header;
	int64_t next_us; // after the time of its turn, or TIME_NEVER
	uint32_t turn;   // of the last GRANT acted on
	uint32_t phase;  // enum session_phase, for a halt of the clock at a phase
};

enum guard_mode {
	GUARD_OFF,       // after every start, latched until an ARM
	GUARD_READY,     // self-test passed, inputs good
	GUARD_ACTIVE,    // a lease is valid
	GUARD_RELEASING, // every actuator carries out its declared release, supervised
	GUARD_TRIPPED,   // latched until a reset edge with all inputs good
	GUARD_MODE_COUNT,
};

// Why the guard released or tripped. The first reason wins and stays until reset.
enum guard_reason {
	REASON_NONE,
	// a release without a latch
	REASON_ASKED, // a RELEASE frame
	REASON_LEASE, // no fresh setpoint within its lease
	REASON_LINK,  // the controller's socket closed
	REASON_SEAT,  // the seat has become empty
	REASON_SESSION_LENGTH,
	REASON_ON_TIME,  // an actuator reached its longest unbroken drive
	REASON_POSITION, // a carriage is not at the position of its pulses, to be homed again; or
			 // a knead has left its contact while a press is in
	REASON_DUTY,     // an actuator reached its share of 5 minutes
	REASON_SUSPEND,  // the computer was asleep
	REASON_STOP_BUTTON, // a stop button in the person's reach is pressed
	// ARM refused, without a latch
	REASON_OTHER_CHAIR, // the controller has read another chair file
	// trips
	REASON_ESTOP,
	REASON_HAL,    // a line could not be written or read
	REASON_SENSOR, // a force sensor failed, is stale or reads an impossible value
	REASON_FORCE,  // force above the region's ceiling
	REASON_NO_PULSE,
	REASON_TRAVEL_TIME,
	REASON_END_SWITCH,    // both end switches at once, or one that does not open
	REASON_LATE,          // a tick over 250 ms late
	REASON_SELF_TEST,     // ARM refused; see detail
	REASON_PERSIST,       // persist_gpio_outputs is Y and no charge pump is declared
	REASON_REALTIME,      // no real-time priority or locked memory; not allowed by the chair
	REASON_SENSOR_DOUBT,  // a force sensor and the calibrated drive do not agree
	REASON_SENSOR_FROZEN, // a force sensor gives the same value for too long
	REASON_WRONG_WAY,     // a force grows although its press is driven back
	REASON_NOT_RELEASED,  // a release passed its bound without a proof
	REASON_BRIDGE_FAULT,  // a motor's fault input is active
	REASON_OVER_CURRENT,  // a motor drew more than its limit for too long
	REASON_OVERHEATED,    // a heater at its cut-off temperature, or its thermal cut-out opened
	REASON_MEASUREMENT,   // a current, temperature or position is not measured, or stands still
	REASON_COUNT,
};

#define ACTUATOR_HOMED          0x01u
#define ACTUATOR_AT_HOME        0x02u
#define ACTUATOR_AT_END         0x04u
#define ACTUATOR_AT_TARGET      0x08u // POSITION or WIDTH reached and standing
#define ACTUATOR_RELEASING      0x10u // a release is under way
#define ACTUATOR_RELEASED       0x20u // released, and not pressed since
#define ACTUATOR_FORCE_VALID    0x40u
#define ACTUATOR_POSITION_VALID 0x80u
#define ACTUATOR_CLAMPED        0x100u // a ceiling holds the drive below the demand

struct wire_actuator_state {
	int32_t drive_permille; // applied, signed; a cell: its level
	int32_t position_um;    // recline, extension: thousandths of a per mille of its way;
				// heat: thousandths of a degree Celsius
	union {
		int32_t force_mn; // millinewtons, from the sensor
		int32_t error_um; // a carriage: position_um may be off by that much; 0 with pulses
	};
	uint32_t flags;
};

// For so long a force value counts after its sensor was read, and a report after it came. In motion
// reports come 50 times a second: ten in a row are not missed by chance.
#define FORCE_FRESH_US  (500 * US_PER_MS)
#define REPORT_FRESH_US (200 * US_PER_MS)

#define BUTTON_STUCK_US (30 * US_PER_S)

#define LATENESS_BUCKETS 8 // < 0.1, 0.3, 1, 3, 10, 50, 250 ms, and more

struct wire_report {
	struct wire_header header;
	int64_t now_us; // the guard's clock
	uint64_t chair; // fingerprint of the chair that the guard has read (fingerprint.h)
	uint8_t mode;   // enum guard_mode
	uint8_t reason; // enum guard_reason: of the release, refusal or trip; else REASON_NONE
	int8_t culprit; // index of the actuator that is the cause, or -1
	uint8_t estop_good, occupied, pump_on;
	uint8_t armed_once;
	uint8_t inputs_unknown; // a line fails: estop_good, occupied and home switches are stale
	uint32_t n;             // actuators
	uint32_t frames_refused;
	uint32_t lateness[LATENESS_BUCKETS]; // ticks since start
	uint32_t shed;                       // ticks over 50 ms late
	// Sets of the chair's buttons, by index: pressed; and stuck, which is pressed for longer
	// than BUTTON_STUCK_US or since the guard's start.
	uint32_t buttons, buttons_stuck;
	struct wire_actuator_state actuator[CHAIR_ACTUATORS_MAX];
};

_Static_assert(sizeof(struct wire_header) == 16, "wire_header has no padding");
_Static_assert(sizeof(struct wire_grant) == 32 && sizeof(struct wire_next) == 32, "no padding");
_Static_assert(sizeof(struct wire_arm) == 24, "wire_arm has no padding");
_Static_assert(sizeof(struct wire_demand) == 12, "wire_demand has no padding");
_Static_assert(sizeof(struct wire_actuator_state) == 16, "wire_actuator_state has no padding");

// Any frame. A socket fills one, wire_check() or a sibling checks it once, with the size received,
// and from there on `header` is valid and its type selects the member.
union wire_frame {
	struct wire_header header;
	struct wire_arm arm;
	struct wire_setpoint setpoint;
	struct wire_bare bare;
	struct wire_grant grant;
	struct wire_next next;
	struct wire_report report;
};

#define WIRE_MESSAGE_FRAMES_MAX 5 // more are malformed
#define WIRE_MESSAGE_MAX        (WIRE_MESSAGE_FRAMES_MAX * sizeof(union wire_frame)) // bytes

// Fill a header.
void wire_header_init(struct wire_header *header, enum wire_type type, uint32_t length,
	uint32_t seq);

// Size of the first frame in the bytes of a message, by its header; all of them if it has none.
// 1 ... size.
size_t wire_first_size(const void *bytes, size_t size);

// The checks of what a socket gave. `bytes` need not be aligned; no more than `size` is read.
//
// True if they are a whole, well-formed controller frame for this chair: magic, version, length,
// type, reserved fields, modes, ranges, and modes that apply to the actuator's kind.
bool wire_check(const struct chair *chair, const void *bytes, size_t size);

// True if they are a whole, well-formed NEXT.
bool wire_check_next(const void *bytes, size_t size);

// True if they are a whole, well-formed GRANT.
bool wire_check_grant(const void *bytes, size_t size);

// True if they are a whole, well-formed REPORT, of any chair. Its actuators are those of the
// reader's chair only if the fingerprints are equal.
bool wire_check_report(const void *bytes, size_t size);

const char *guard_mode_name(enum guard_mode mode);       // "releasing"
const char *guard_reason_name(enum guard_reason reason); // "no-pulse"
const char *guard_reason_text(enum guard_reason reason); // plain words for people
bool guard_reason_is_trip(enum guard_reason reason);

#endif
