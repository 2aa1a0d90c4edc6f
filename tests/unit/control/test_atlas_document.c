// SPDX-License-Identifier: MIT
//
// The topic atlas: what the shipped recliner reaches of the shipped atlas, and with which ceilings.
#include "tests.h"

#include "config/library.h"
#include "control/atlas_document.h"

struct fixture {
	struct library *library;
	json_t *document;
};

static int set_up(void **state)
{
	static struct fixture fixture;
	struct problems problems = { 0 };

	assert_int_equal(library_load("profiles", "profiles/chairs/recliner.cfg", &problems,
				 &fixture.library),
		0);
	problems_clear(&problems);
	fixture.document = atlas_document(&fixture.library->atlas, &fixture.library->chair);
	assert_non_null(fixture.document);
	*state = &fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	json_decref(fixture->document);
	library_free(fixture->library);
	return 0;
}

static json_t *find(const struct fixture *fixture, const char *list, const char *name)
{
	json_t *entry;
	size_t i;

	json_array_foreach(json_object_get(fixture->document, list), i, entry)
	{
		if (!strcmp(json_string_value(json_object_get(entry, "name")), name))
			return entry;
	}
	fail_msg("no %s among the %s", name, list);
	return NULL;
}

static void a_point_that_is_reached_has_the_ceilings_of_its_reach(void **state)
{
	json_t *point = find(*state, "points", "levator.scapulae.left");

	assert_string_equal(json_string_value(json_object_get(point, "region")), "neck");
	assert_string_equal(json_string_value(json_object_get(point, "side")), "left");
	assert_true(json_is_true(json_object_get(point, "reachable")));
	assert_float_equal(json_real_value(json_object_get(point, "peak_n")), 40, 0);
	assert_float_equal(json_real_value(json_object_get(point, "sustained_n")), 20, 0);
}

static void a_point_that_is_not_reached_has_none(void **state)
{
	json_t *point = find(*state, "points", "piriformis.right");

	assert_true(json_is_false(json_object_get(point, "reachable")));
	assert_true(json_is_null(json_object_get(point, "peak_n")));
	assert_true(json_is_null(json_object_get(point, "sustained_n")));
}

static void a_pathway_has_its_points_and_the_share_that_is_reached(void **state)
{
	json_t *whole = find(*state, "pathways", "neck-angle");
	json_t *none = find(*state, "pathways", "buttock");

	assert_int_equal(json_array_size(json_object_get(whole, "points")), 4);
	assert_float_equal(json_real_value(json_object_get(whole, "reachable")), 1, 0);
	assert_float_equal(json_real_value(json_object_get(none, "reachable")), 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_point_that_is_reached_has_the_ceilings_of_its_reach),
		cmocka_unit_test(a_point_that_is_not_reached_has_none),
		cmocka_unit_test(a_pathway_has_its_points_and_the_share_that_is_reached),
	};

	return cmocka_run_group_tests_name("atlas document", tests, set_up, tear_down);
}
