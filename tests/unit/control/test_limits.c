// SPDX-License-Identifier: MIT
//
// The small pure parts: payload check, duplicates, token buckets, backoff, liveness of the broker.
#include "tests.h"

#include "control/backoff.h"
#include "control/dedupe.h"
#include "control/mqtt_liveness.h"
#include "control/payload.h"
#include "control/rate_limit.h"
#include "core/units.h"

static void payloads_are_checked(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
		enum payload_fault fault;
	} table[] = {
		{ "", 0, PAYLOAD_OK },
		{ "\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf",
			19, PAYLOAD_OK },
		{ "a\0b", 3, PAYLOAD_NUL }, { "\x80", 1, PAYLOAD_NOT_UTF8 }, // a continuation alone
		{ "\xc1\xbf", 2, PAYLOAD_NOT_UTF8 },                         // overlong
		{ "\xe0\x9f\xbf", 3, PAYLOAD_NOT_UTF8 },                     // overlong
		{ "\xed\xa0\x80", 3, PAYLOAD_NOT_UTF8 },                     // a surrogate
		{ "\xf0\x8f\xbf\xbf", 4, PAYLOAD_NOT_UTF8 },                 // overlong
		{ "\xf4\x90\x80\x80", 4, PAYLOAD_NOT_UTF8 },                 // above U+10FFFF
		{ "\xe2\x82", 2, PAYLOAD_NOT_UTF8 },                         // cut off
		{ "\xe2\x82\"", 3, PAYLOAD_NOT_UTF8 }, { "[[[[[[[[]]]]]]]]", 16, PAYLOAD_OK },
		{ "[[[[[[[[{", 9, PAYLOAD_TOO_DEEP },
		{ "[{[{[{[{}]}]}]}][[[[[[[[]]]]]]]]", 32, PAYLOAD_OK },
		{ "\"[[[[[[[[[[\\\"[\"", 15, PAYLOAD_OK }, // in a string
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++)
		assert_int_equal(payload_check(table[i].bytes, table[i].size), table[i].fault);
}

static const char *find(const struct dedupe *dedupe, int64_t now_us, const char *verb,
	const char *id, const char *payload)
{
	return dedupe_find(dedupe, now_us,
		&(struct dedupe_request){ verb, id, payload, strlen(payload) });
}

static void add(struct dedupe *dedupe, int64_t now_us, const char *id, const char *payload,
	const char *answer)
{
	assert_int_equal(dedupe_add(dedupe, now_us,
				 &(struct dedupe_request){ "start", id, payload, strlen(payload) },
				 answer),
		0);
}

static void the_first_answer_is_remembered(void **state)
{
	struct dedupe dedupe = { 0 };
	char id[16];

	(void)state;
	assert_null(find(&dedupe, 0, "start", "1", "{}"));
	add(&dedupe, 0, "1", "{}", "first");
	assert_string_equal(find(&dedupe, 0, "start", "1", "{}"), "first");
	assert_null(find(&dedupe, 0, "pause", "1", "{}"));  // another verb
	assert_null(find(&dedupe, 0, "start", "11", "{}")); // another id
	assert_null(find(&dedupe, 0, "star", "t/1", "{}"));
	assert_null(find(&dedupe, 0, "start", "1", "{} ")); // another payload
	assert_null(find(&dedupe, 0, "start", "1", "{]"));
	assert_null(find(&dedupe, 0, "start", "1", ""));

	for (int i = 2; i <= DEDUPE_DEPTH; i++) {
		snprintf(id, sizeof(id), "%d", i);
		add(&dedupe, 0, id, "", "later");
	}
	assert_string_equal(find(&dedupe, 0, "start", "1", "{}"), "first");
	add(&dedupe, 0, "257", "{}", "later");
	assert_null(find(&dedupe, 0, "start", "1", "{}")); // the 257th pushes it out
	assert_string_equal(find(&dedupe, 0, "start", "2", ""), "later");
	dedupe_clear(&dedupe);
}

static void an_answer_is_forgotten_after_ten_seconds(void **state)
{
	struct dedupe dedupe = { 0 };

	(void)state;
	add(&dedupe, 1000, "1", "{}", "first");
	add(&dedupe, 5000, "2", "{}", "second");
	assert_string_equal(find(&dedupe, 1000 + 10 * US_PER_S - 1, "start", "1", "{}"), "first");
	assert_null(find(&dedupe, 1000 + 10 * US_PER_S, "start", "1", "{}"));
	assert_string_equal(find(&dedupe, 1000 + 10 * US_PER_S, "start", "2", "{}"), "second");
	add(&dedupe, 1000 + 10 * US_PER_S, "1", "{}", "again");
	add(&dedupe, 2000 + 10 * US_PER_S, "1", "{}", "and again"); // the newest counts
	assert_string_equal(find(&dedupe, 3000 + 10 * US_PER_S, "start", "1", "{}"), "and again");
	dedupe_clear(&dedupe);
}

static void a_bucket_empties_and_fills(void **state)
{
	struct rate_limit limit;

	(void)state;
	rate_limit_init(&limit, 10, 3);
	for (int i = 0; i < 3; i++)
		assert_true(rate_limit_take(&limit, 1000));
	assert_false(rate_limit_take(&limit, 1000));
	assert_false(rate_limit_take(&limit, 1000 + 99999));
	assert_true(rate_limit_take(&limit, 1000 + 100000)); // one has grown back
	assert_false(rate_limit_take(&limit, 1000 + 100000));
	for (int i = 0; i < 3; i++) // full again, and no fuller
		assert_true(rate_limit_take(&limit, 100 * US_PER_S));
	assert_false(rate_limit_take(&limit, 100 * US_PER_S));
}

static void a_flood_gets_the_rate_and_no_more(void **state)
{
	struct rate_limit limit;
	int taken = 0;

	(void)state;
	rate_limit_init(&limit, 20, 40);
	for (int64_t t_us = 0; t_us < 10 * US_PER_S; t_us += 100) // 10,000 a second
		taken += rate_limit_take(&limit, t_us);
	assert_in_range(taken, 239, 240); // 40 at once, then 20 a second
}

static void backoff_grows_within_its_bounds(void **state)
{
	struct backoff backoff;
	int64_t limit_us = 2 * US_PER_S, longest_us = 0;
	bool differs = false;

	(void)state;
	backoff_init(&backoff, US_PER_S, 30 * US_PER_S, 12345);
	for (int i = 0; i < 200; i++) {
		int64_t wait_us = backoff_next_us(&backoff);

		assert_true(wait_us >= US_PER_S && wait_us <= limit_us);
		differs = differs || (i > 10 && wait_us != longest_us);
		longest_us = wait_us > longest_us ? wait_us : longest_us;
		limit_us = min_i64(2 * limit_us, 30 * US_PER_S);
	}
	assert_true(differs);
	assert_true(longest_us > 25 * US_PER_S);
	backoff_reset(&backoff);
	assert_true(backoff_next_us(&backoff) <= 2 * US_PER_S);
}

static void a_silent_broker_is_noticed(void **state)
{
	struct mqtt_liveness liveness;

	(void)state;
	mqtt_liveness_begin(&liveness, 0, 60 * US_PER_S);
	assert_int_equal(mqtt_liveness_next_us(&liveness), 61 * US_PER_S); // the first ping
	mqtt_liveness_published(&liveness, 10 * US_PER_S, 7);
	mqtt_liveness_published(&liveness, 11 * US_PER_S, 8);
	assert_int_equal(mqtt_liveness_next_us(&liveness), 10 * US_PER_S + ACK_MAX_US);
	assert_false(mqtt_liveness_is_silent(&liveness, 10 * US_PER_S + ACK_MAX_US - 1));
	assert_true(mqtt_liveness_is_silent(&liveness, 10 * US_PER_S + ACK_MAX_US));

	mqtt_liveness_acked(&liveness, 7);
	mqtt_liveness_acked(&liveness, 99);            // unknown
	mqtt_liveness_heard(&liveness, 12 * US_PER_S); // a sign of life; one answer is outstanding
	assert_true(mqtt_liveness_is_silent(&liveness, 12 * US_PER_S + ACK_MAX_US));
	assert_false(mqtt_liveness_is_idle(&liveness));
	mqtt_liveness_acked(&liveness, 8);
	mqtt_liveness_heard(&liveness, 13 * US_PER_S);
	assert_true(mqtt_liveness_is_idle(&liveness));
	assert_false(mqtt_liveness_is_silent(&liveness, INT64_MAX - 1));

	mqtt_liveness_pinged(&liveness, 60 * US_PER_S);
	assert_true(mqtt_liveness_is_silent(&liveness, 60 * US_PER_S + ACK_MAX_US));
}

static void unanswered_messages_are_bounded(void **state)
{
	struct mqtt_liveness liveness;

	(void)state;
	mqtt_liveness_begin(&liveness, 0, US_PER_S);
	for (int i = 0; i < UNACKED_MAX; i++) {
		assert_false(mqtt_liveness_is_full(&liveness, false));
		assert_int_equal(mqtt_liveness_is_full(&liveness, true), i >= UNACKED_REFUSALS_MAX);
		mqtt_liveness_published(&liveness, 0, i);
	}
	assert_true(mqtt_liveness_is_full(&liveness, false));
	mqtt_liveness_acked(&liveness, 5);
	assert_false(mqtt_liveness_is_full(&liveness, false));
	assert_true(mqtt_liveness_is_full(&liveness, true));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(payloads_are_checked),
		cmocka_unit_test(the_first_answer_is_remembered),
		cmocka_unit_test(an_answer_is_forgotten_after_ten_seconds),
		cmocka_unit_test(a_bucket_empties_and_fills),
		cmocka_unit_test(a_flood_gets_the_rate_and_no_more),
		cmocka_unit_test(backoff_grows_within_its_bounds),
		cmocka_unit_test(a_silent_broker_is_noticed),
		cmocka_unit_test(unanswered_messages_are_bounded),
	};

	return cmocka_run_group_tests_name("limits", tests, NULL, NULL);
}
