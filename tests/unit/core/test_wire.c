// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/wire.h"
#include "tests/unit/fixture.h"

enum { CARRIAGE, DEPTH, KNEAD, PUMP, SHOULDER };

static struct wire_setpoint valid_setpoint(const struct chair *chair)
{
	struct wire_setpoint frame = { .lease_ms = 200, .n = (uint32_t)chair->n_actuators };

	wire_header_init(&frame.header, WIRE_SETPOINT, sizeof(frame), 1);
	return frame;
}

static bool takes(const struct chair *chair, int actuator, struct wire_demand demand)
{
	struct wire_setpoint frame = valid_setpoint(chair);

	frame.demand[actuator] = demand;
	return wire_check(chair, &frame, sizeof(frame));
}

static bool takes_drive(const struct chair *chair, int actuator, int value)
{
	return takes(chair, actuator, (struct wire_demand){ .mode = WIRE_DRIVE, .value = value });
}

static void whole_frames_pass(void **state)
{
	static const enum wire_type types[] = { WIRE_RELEASE, WIRE_RESET, WIRE_QUERY };
	struct chair chair;
	struct wire_setpoint setpoint;
	struct wire_arm arm = { .chair = 1 };

	(void)state;
	fixture_recliner(&chair);
	setpoint = valid_setpoint(&chair);
	assert_true(wire_check(&chair, &setpoint, sizeof(setpoint)));
	wire_header_init(&arm.header, WIRE_ARM, sizeof(arm), 7);
	assert_true(wire_check(&chair, &arm, sizeof(arm)));
	wire_header_init(&arm.header, WIRE_ARM, sizeof(struct wire_bare), 7);
	assert_false(wire_check(&chair, &arm, sizeof(struct wire_bare))); // of which chair?
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct wire_bare bare;

		wire_header_init(&bare.header, types[i], sizeof(bare), 7);
		assert_true(wire_check(&chair, &bare, sizeof(bare)));
	}
}

// A guard with real lines refuses NEXT, and any guard refuses a damaged one.
static void turns_are_checked_apart(void **state)
{
	struct wire_next next = { .next_us = 5, .turn = 1 };
	struct wire_grant grant = { .now_us = 0, .turn = 1 };
	struct chair chair;

	(void)state;
	fixture_recliner(&chair);
	wire_header_init(&next.header, WIRE_NEXT, sizeof(next), 0);
	assert_true(wire_check_next(&next, sizeof(next)));
	assert_false(wire_check(&chair, &next, sizeof(next)));
	assert_false(wire_check_next(&next, sizeof(next) - 1));
	assert_false(wire_check_grant(&next, sizeof(next)));
	next.header.version++;
	assert_false(wire_check_next(&next, sizeof(next)));

	wire_header_init(&grant.header, WIRE_GRANT, sizeof(grant), 0);
	assert_true(wire_check_grant(&grant, sizeof(grant)));
	assert_false(wire_check(&chair, &grant, sizeof(grant)));
	assert_false(wire_check_next(&grant, sizeof(grant)));
	grant.reserved = 1;
	assert_false(wire_check_grant(&grant, sizeof(grant)));
	grant.reserved = 0;
	grant.now_us = -1;
	assert_false(wire_check_grant(&grant, sizeof(grant)));
}

static void damaged_headers_fail(void **state)
{
	struct chair chair;
	struct wire_setpoint frame;

	(void)state;
	fixture_recliner(&chair);
	frame = valid_setpoint(&chair);
	frame.header.magic++;
	assert_false(wire_check(&chair, &frame, sizeof(frame)));
	frame = valid_setpoint(&chair);
	frame.header.version++;
	assert_false(wire_check(&chair, &frame, sizeof(frame)));
	frame = valid_setpoint(&chair);
	frame.header.length--;
	assert_false(wire_check(&chair, &frame, sizeof(frame)));
	frame = valid_setpoint(&chair);
	frame.header.type = WIRE_REPORT;
	assert_false(wire_check(&chair, &frame, sizeof(frame)));
	frame = valid_setpoint(&chair);
	frame.header.type = WIRE_ARM; // too long for one
	assert_false(wire_check(&chair, &frame, sizeof(frame)));
}

// Every length from 0 to far too long, with a matching header.
static void wrong_lengths_fail(void **state)
{
	unsigned char bytes[2 * sizeof(struct wire_setpoint)] = { 0 };
	struct chair chair;
	struct wire_setpoint frame;

	(void)state;
	fixture_recliner(&chair);
	frame = valid_setpoint(&chair);
	for (size_t size = 0; size <= sizeof(bytes); size++) {
		frame.header.length = (uint32_t)size;
		memcpy(bytes, &frame, sizeof(frame));
		assert_int_equal(wire_check(&chair, bytes, size), size == sizeof(frame));
	}
}

static void unaligned_bytes_are_read(void **state)
{
	unsigned char bytes[sizeof(struct wire_setpoint) + 1];
	struct chair chair;
	struct wire_setpoint frame;

	(void)state;
	fixture_recliner(&chair);
	frame = valid_setpoint(&chair);
	memcpy(bytes + 1, &frame, sizeof(frame));
	assert_true(wire_check(&chair, bytes + 1, sizeof(frame)));
}

static void leases_and_counts_are_bounded(void **state)
{
	struct chair chair;
	struct wire_setpoint frame;

	(void)state;
	fixture_recliner(&chair);
	frame = valid_setpoint(&chair);
	frame.lease_ms = 0;
	assert_false(wire_check(&chair, &frame, sizeof(frame)));
	frame.lease_ms = LEASE_HARD_MAX_MS + 1;
	assert_false(wire_check(&chair, &frame, sizeof(frame)));
	frame.lease_ms = LEASE_HARD_MAX_MS;
	assert_true(wire_check(&chair, &frame, sizeof(frame)));
	frame.n--;
	assert_false(wire_check(&chair, &frame, sizeof(frame)));
	frame = valid_setpoint(&chair);
	frame.demand[chair.n_actuators].value = 1; // beyond the last actuator
	assert_false(wire_check(&chair, &frame, sizeof(frame)));
}

static void drives_stay_in_range(void **state)
{
	struct chair chair;

	(void)state;
	fixture_recliner(&chair);
	assert_true(takes_drive(&chair, CARRIAGE, -1000));
	assert_true(takes_drive(&chair, DEPTH, 1000));
	assert_false(takes_drive(&chair, DEPTH, 1001));
	assert_false(takes_drive(&chair, DEPTH, INT32_MIN));
	assert_false(takes_drive(&chair, KNEAD, -1));
	assert_true(takes_drive(&chair, SHOULDER, 1000));
	assert_false(takes_drive(&chair, SHOULDER, -1));
	assert_false(takes_drive(&chair, PUMP, 1));
}

static void kinds_take_only_their_modes(void **state)
{
	struct wire_demand position = {
		.mode = WIRE_POSITION, .value = 1000, .limit_permille = 500
	};
	struct wire_demand odd = { .mode = WIRE_MODE_COUNT };
	struct wire_demand home = { .mode = WIRE_HOME },
			   release = { .mode = WIRE_RELEASE_ACTUATOR };
	struct chair chair;

	(void)state;
	fixture_recliner(&chair);
	assert_true(takes(&chair, CARRIAGE, position));
	assert_false(takes(&chair, DEPTH, position));
	position.limit_permille = 0;
	assert_false(takes(&chair, CARRIAGE, position));
	position.limit_permille = 1001;
	assert_false(takes(&chair, CARRIAGE, position));
	position = (struct wire_demand){ .mode = WIRE_POSITION, .value = -1, .limit_permille = 1 };
	assert_false(takes(&chair, CARRIAGE, position));
	position.value = INT32_MAX;
	assert_false(takes(&chair, CARRIAGE, position));
	chair.actuators[KNEAD].kind = ACTUATOR_RECLINE;
	position = (struct wire_demand){ .mode = WIRE_POSITION, .value = 500, .limit_permille = 1 };
	assert_false(takes(&chair, KNEAD, position)); // its position is not known
	chair.actuators[KNEAD].up_ms = 15000;
	assert_true(takes(&chair, KNEAD, position));
	chair.actuators[KNEAD].kind = ACTUATOR_KNEAD;
	assert_false(takes(&chair, KNEAD, position));
	assert_true(takes(&chair, DEPTH, home));
	assert_false(takes(&chair, SHOULDER, home));
	assert_true(takes(&chair, SHOULDER, release));
	assert_false(takes(&chair, PUMP, release));
	for (int i = 0; i < (int)chair.n_actuators; i++)
		assert_false(takes(&chair, i, odd));
}

static void a_knead_takes_the_widths_of_its_contacts(void **state)
{
	struct wire_demand width = { .mode = WIRE_WIDTH, .value = WIDTH_WIDE };
	struct chair chair;

	(void)state;
	fixture_recliner(&chair);
	assert_false(takes(&chair, KNEAD, width));
	chair.actuators[KNEAD].line[ROLE_NARROW] = chair.actuators[KNEAD].line[ROLE_WIDE] = 0;
	assert_true(takes(&chair, KNEAD, width));
	width.value = WIDTH_MEDIUM;
	assert_false(takes(&chair, KNEAD, width));
	width.value = WIDTH_ANY;
	assert_false(takes(&chair, KNEAD, width));
	width.value = WIDTH_COUNT;
	assert_false(takes(&chair, KNEAD, width));
	width.value = WIDTH_NARROW;
	assert_false(takes(&chair, CARRIAGE, width));
	width.limit_permille = 1;
	assert_false(takes(&chair, KNEAD, width));
}

static void reserved_fields_are_zero(void **state)
{
	struct chair chair;

	(void)state;
	fixture_recliner(&chair);
	for (int i = 0; i < 3; i++) {
		struct wire_demand demand = { .mode = WIRE_REST };

		demand.reserved[i] = 1;
		assert_false(takes(&chair, DEPTH, demand));
	}
	assert_false(takes(&chair, DEPTH,
		(struct wire_demand){ .mode = WIRE_DRIVE, .value = 1, .limit_permille = 1 }));
}

static void reports_are_checked_too(void **state)
{
	struct chair chair;
	struct wire_report report = { .culprit = -1 };

	(void)state;
	fixture_recliner(&chair);
	wire_header_init(&report.header, WIRE_REPORT, sizeof(report), 0);
	report.n = (uint32_t)chair.n_actuators;
	assert_true(wire_check_report(&report, sizeof(report)));
	assert_false(wire_check_report(&report, sizeof(report) - 1));
	assert_false(wire_check(&chair, &report, sizeof(report)));
	report.mode = GUARD_MODE_COUNT;
	assert_false(wire_check_report(&report, sizeof(report)));
	report.mode = GUARD_ACTIVE;
	report.reason = REASON_COUNT;
	assert_false(wire_check_report(&report, sizeof(report)));
	report.reason = REASON_NONE;
	report.culprit = (int8_t)chair.n_actuators;
	assert_false(wire_check_report(&report, sizeof(report)));
	report.culprit = -1;
	report.n = CHAIR_ACTUATORS_MAX; // of another chair, but whole
	assert_true(wire_check_report(&report, sizeof(report)));
	report.n = CHAIR_ACTUATORS_MAX + 1;
	assert_false(wire_check_report(&report, sizeof(report)));
}

static void every_mode_and_reason_has_a_text(void **state)
{
	(void)state;
	for (int i = 0; i < GUARD_MODE_COUNT; i++)
		assert_non_null(guard_mode_name(i));
	for (int i = 0; i < REASON_COUNT; i++) {
		assert_non_null(guard_reason_name(i));
		assert_non_null(guard_reason_text(i));
		assert_int_equal(guard_reason_is_trip(i), i >= REASON_ESTOP);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_frames_pass),
		cmocka_unit_test(turns_are_checked_apart),
		cmocka_unit_test(damaged_headers_fail),
		cmocka_unit_test(wrong_lengths_fail),
		cmocka_unit_test(unaligned_bytes_are_read),
		cmocka_unit_test(leases_and_counts_are_bounded),
		cmocka_unit_test(drives_stay_in_range),
		cmocka_unit_test(kinds_take_only_their_modes),
		cmocka_unit_test(a_knead_takes_the_widths_of_its_contacts),
		cmocka_unit_test(reserved_fields_are_zero),
		cmocka_unit_test(reports_are_checked_too),
		cmocka_unit_test(every_mode_and_reason_has_a_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
