// SPDX-License-Identifier: MIT
//
// The fingerprint covers every member of a chair, and nothing else.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/fingerprint.h"
#include "core/hash.h"
#include "tests/unit/fixture.h"

enum { CARRIAGE, DEPTH, KNEAD, PUMP, SHOULDER, CALF };

// The test vectors of the hash's authors.
static void the_hash_is_fnv_1a(void **state)
{
	(void)state;
	assert_true(hash_bytes(HASH_START, "", 0) == UINT64_C(0xcbf29ce484222325));
	assert_true(hash_bytes(HASH_START, "a", 1) == UINT64_C(0xaf63dc4c8601ec8c));
	assert_true(hash_bytes(HASH_START, "foobar", 6) == UINT64_C(0x85944171f73967e8));
}

// Each statement changes one member; the next begins with a fresh chair.
#define CHANGES(statement) \
	do { \
		fixture_recliner(chair); \
		uint64_t was = chair_fingerprint(chair); \
		statement; \
		if (chair_fingerprint(chair) == was) \
			fail_msg("not seen: " #statement); \
	} while (0)

static void every_member_of_a_chair_counts(void **state)
{
	static struct chair storage;
	struct chair *chair = &storage;

	(void)state;
	CHANGES(chair->id[0]++);
	CHANGES(chair->n_lines--);
	CHANGES(chair->n_actuators--);
	CHANGES(chair->n_reaches--);
	CHANGES(chair->n_groups--);
	CHANGES(chair->groups[0]++);
	CHANGES(chair->current_max_ma++);
	CHANGES(chair->session_max_s++);
	CHANGES(chair->pwm_hz++);
	CHANGES(chair->enable_hz++);
	CHANGES(chair->estop++);
	CHANGES(chair->seat++);
	CHANGES(chair->reset++);
	CHANGES(chair->enable++);
	CHANGES(chair->debounce_ms++);
	CHANGES(chair->seat_debounce_ms++);
	CHANGES(chair->allow_no_realtime ^= 1);
	CHANGES(chair->lines[3].name[0]++);
	CHANGES(strcpy(chair->lines[3].chip, "mcp23017"));
	CHANGES(line_set_channel(&chair->lines[3], "fe20c000.pwm", 0, 20000));
	CHANGES(chair->lines[3].role++);
	CHANGES(chair->lines[3].actuator++);
	CHANGES(chair->lines[3].active_low ^= 1);
	CHANGES(chair->lines[3].safe_level ^= 1);
	CHANGES(chair->lines[3].bias++);
}

static void the_frequency_of_a_channel_counts(void **state)
{
	static struct chair chair;
	uint64_t was;

	(void)state;
	fixture_recliner(&chair);
	line_set_channel(&chair.lines[3], "fe20c000.pwm", 0, 20000);
	was = chair_fingerprint(&chair);
	chair.lines[3].channel_hz++;
	assert_true(chair_fingerprint(&chair) != was);
}

static void every_member_of_an_actuator_counts(void **state)
{
	static struct chair storage;
	struct chair *chair = &storage;
	struct actuator *depth = &chair->actuators[DEPTH];

	(void)state;
	CHANGES(depth->name[0]++);
	CHANGES(depth->kind++);
	for (int i = 0; i < ROLE_COUNT; i++)
		CHANGES(depth->line[i]++);
	CHANGES(depth->drive_max_permille++);
	CHANGES(depth->on_max_ms++);
	CHANGES(depth->travel_max_ms++);
	CHANGES(depth->no_pulse_ms++);
	CHANGES(depth->dead_time_ms++);
	CHANGES(depth->sign_magnitude ^= 1);
	CHANGES(depth->min_on_ms++);
	CHANGES(depth->min_off_ms++);
	CHANGES(depth->lock_ms++);
	CHANGES(depth->hz_max += 0.1);
	CHANGES(depth->slew_permille_s++);
	CHANGES(depth->duty_max_permille++);
	CHANGES(depth->current_ma++);
	CHANGES(depth->release++);
	CHANGES(depth->release_max_ms++);
	CHANGES(depth->release_drive_permille++);
	CHANGES(depth->mm_per_pulse += 1e-9);
	CHANGES(depth->soft_min_mm += 1e-9);
	CHANGES(depth->soft_max_mm += 1);
	CHANGES(depth->timed.way_mm += 1);
	CHANGES(depth->timed.down_ms++);
	CHANGES(depth->timed.up_ms++);
	CHANGES(depth->timed.slip_permille++);
	CHANGES(depth->timed.start_mm += 1);
	CHANGES(depth->timed.position_error_mm += 1);
	CHANGES(depth->speed_mm_s += 1);
	CHANGES(depth->carriage++);
	CHANGES(depth->calibration.n--);
	CHANGES(depth->calibration.at[1].drive_permille++);
	CHANGES(depth->calibration.at[1].force_n += 0.1);
	CHANGES(depth->sensor.present ^= 1);
	CHANGES(depth->sensor.device[0]++);
	CHANGES(depth->sensor.channel[0]++);
	CHANGES(depth->sensor.n_per_unit += 0.1);
	CHANGES(depth->sensor.zero_n += 0.1);
	CHANGES(depth->source++);
	CHANGES(depth->fill_ms++);
	CHANGES(depth->vent_ms++);
	CHANGES(depth->leak_ms++);
}

static void every_member_of_a_reach_counts(void **state)
{
	static struct chair storage;
	struct chair *chair = &storage;
	struct reach *reach = &chair->reaches[1];

	(void)state;
	CHANGES(reach->region++);
	CHANGES(reach->sides ^= 1);
	CHANGES(reach->actuator++);
	CHANGES(reach->along_from += 0.1);
	CHANGES(reach->along_to += 0.1);
	CHANGES(reach->lateral_from_mm += 0.1);
	CHANGES(reach->lateral_to_mm += 0.1);
	CHANGES(reach->by_width ^= 1);
	CHANGES(reach->setter++);
	for (int i = WIDTH_NARROW; i < WIDTH_COUNT; i++)
		CHANGES(reach->width_mm[i] += 0.1);
	CHANGES(reach->mm_from += 0.1);
	CHANGES(reach->mm_to += 0.1);
	CHANGES(reach->peak_n += 0.1);
	CHANGES(reach->sustained_n += 0.1);
}

// Two cells exchanged are another chair: their indices mean other lines.
static void the_order_of_actuators_counts(void **state)
{
	static struct chair storage;
	struct chair *chair = &storage;
	struct actuator shoulder;

	(void)state;
	CHANGES(shoulder = chair->actuators[SHOULDER];
		chair->actuators[SHOULDER] = chair->actuators[CALF];
		chair->actuators[CALF] = shoulder);
}

// Padding and unused entries are not hashed: two copies of one chair may differ there.
static void padding_and_unused_entries_do_not(void **state)
{
	static struct chair one, other;

	(void)state;
	fixture_recliner(&one);
	other = one;
	memset(&other.actuators[other.n_actuators], 0x55, sizeof(struct actuator));
	memset(&other.reaches[other.n_reaches], 0x55, sizeof(struct reach));
	memset(&other.lines[other.n_lines], 0x55, sizeof(struct line));
	other.groups[other.n_groups] = 3;
	memset(other.id + strlen(other.id) + 1, 0x55, NAME_SIZE - strlen(other.id) - 1);
	other.actuators[CARRIAGE].soft_min_mm = -0.0;
	one.actuators[CARRIAGE].soft_min_mm = 0.0;
	snprintf(other.model, sizeof(other.model), "a title for people");
	assert_true(chair_fingerprint(&one) == chair_fingerprint(&other));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_hash_is_fnv_1a),
		cmocka_unit_test(every_member_of_a_chair_counts),
		cmocka_unit_test(the_frequency_of_a_channel_counts),
		cmocka_unit_test(every_member_of_an_actuator_counts),
		cmocka_unit_test(every_member_of_a_reach_counts),
		cmocka_unit_test(the_order_of_actuators_counts),
		cmocka_unit_test(padding_and_unused_entries_do_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
