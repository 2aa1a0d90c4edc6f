// SPDX-License-Identifier: MIT
//
// info and atlas, of the shipped library on each shipped chair.
#include "tests.h"

#include "config/library.h"
#include "control/atlas_document.h"
#include "control/info.h"

static struct library *load(const char *chair)
{
	struct problems problems = { 0 };
	struct library *library;
	char file[100];

	snprintf(file, sizeof(file), "profiles/chairs/%s.cfg", chair);
	assert_int_equal(library_load("profiles", file, &problems, &library), 0);
	problems_clear(&problems);
	return library;
}

static const json_t *named(const json_t *document, const char *list, const char *name)
{
	const json_t *element;
	size_t i;

	json_array_foreach(json_object_get(document, list), i, element)
	{
		if (!strcmp(json_string_value(json_object_get(element, "name")), name))
			return element;
	}
	fail_msg("no %s in %s", name, list);
	return NULL;
}

static bool is_reachable(const json_t *atlas, const char *point)
{
	return json_is_true(json_object_get(named(atlas, "points", point), "reachable"));
}

static void the_atlas_says_what_this_chair_reaches(void **state)
{
	struct library *recliner = load("recliner"), *bench = load("bench");
	json_t *on_recliner = atlas_document(&recliner->atlas, &recliner->chair);
	json_t *on_bench = atlas_document(&bench->atlas, &bench->chair);

	(void)state;
	assert_int_equal(json_array_size(json_object_get(on_recliner, "points")),
		recliner->atlas.n_points);
	assert_true(is_reachable(on_recliner, "rhomboid.left"));
	assert_false(is_reachable(on_bench, "rhomboid.left"));
	json_decref(on_recliner);
	json_decref(on_bench);
	library_free(recliner);
	library_free(bench);
}

static void a_point_has_everything_a_panel_draws(void **state)
{
	struct library *library = load("recliner");
	json_t *atlas = atlas_document(&library->atlas, &library->chair);
	const json_t *point = named(atlas, "points", "rhomboid.left");
	const char *muscle, *region, *side, *refers_to;
	double along, lateral_mm;

	(void)state;
	assert_int_equal(json_unpack((json_t *)point, "{s:s, s:s, s:s, s:s, s:F, s:F}", "muscle",
				 &muscle, "region", &region, "side", &side, "refers_to", &refers_to,
				 "along", &along, "lateral_mm", &lateral_mm),
		0);
	assert_string_equal(region, "upper_back");
	assert_string_equal(side, "left");
	assert_true(*muscle && *refers_to && along >= -0.5 && along <= 1 && lateral_mm >= 0);
	json_decref(atlas);
	library_free(library);
}

// Only a reach has ceilings.
static void a_point_that_is_reached_has_its_ceilings(void **state)
{
	struct library *library = load("recliner");
	json_t *atlas = atlas_document(&library->atlas, &library->chair);
	const json_t *reached = named(atlas, "points", "levator.scapulae.left");
	const json_t *other = named(atlas, "points", "piriformis.right");

	(void)state;
	assert_float_equal(json_real_value(json_object_get(reached, "peak_n")), 40, 0);
	assert_float_equal(json_real_value(json_object_get(reached, "sustained_n")), 20, 0);
	assert_true(json_is_null(json_object_get(other, "peak_n")));
	assert_true(json_is_null(json_object_get(other, "sustained_n")));
	json_decref(atlas);
	library_free(library);
}

static void a_closed_point_is_not_reached_and_has_the_reason(void **state)
{
	struct library *library = load("lounger");
	json_t *atlas = atlas_document(&library->atlas, &library->chair);
	const json_t *closed = named(atlas, "points", "subscapularis.left");
	const json_t *open = named(atlas, "points", "teres.minor.left");

	(void)state;
	assert_false(is_reachable(atlas, "subscapularis.left"));
	assert_true(is_reachable(atlas, "teres.minor.left")); // in the same reach
	assert_non_null(json_string_value(json_object_get(closed, "closed")));
	assert_true(json_is_null(json_object_get(closed, "peak_n")));
	assert_true(json_is_null(json_object_get(open, "closed")));
	json_decref(atlas);
	library_free(library);
}

static void a_sensitive_point_has_a_lower_ceiling(void **state)
{
	struct library *library = load("lounger");
	json_t *atlas = atlas_document(&library->atlas, &library->chair);
	const json_t *sensitive = named(atlas, "points", "splenius.capitis.left");
	const json_t *usual = named(atlas, "points", "levator.scapulae.left");

	(void)state;
	assert_string_equal(json_string_value(json_object_get(sensitive, "sensitivity")), "high");
	assert_string_equal(json_string_value(json_object_get(usual, "sensitivity")), "usual");
	assert_float_equal(json_real_value(json_object_get(sensitive, "sustained_n")), 15, 0);
	assert_float_equal(json_real_value(json_object_get(usual, "sustained_n")), 20, 0);
	json_decref(atlas);
	library_free(library);
}

// The share is that of the points in the same document.
static void a_pathway_counts_its_points(void **state)
{
	struct library *library = load("recliner");
	json_t *atlas = atlas_document(&library->atlas, &library->chair);
	const json_t *pathway, *point;
	int whole = 0;
	size_t i, k;

	(void)state;
	json_array_foreach(json_object_get(atlas, "pathways"), i, pathway)
	{
		const json_t *points = json_object_get(pathway, "points");
		double share = json_number_value(json_object_get(pathway, "reachable"));
		size_t reached = 0;

		assert_non_null(json_string_value(json_object_get(pathway, "title")));
		assert_non_null(json_string_value(json_object_get(pathway, "referral")));
		assert_true(json_array_size(points) > 0);
		json_array_foreach(points, k, point)
			reached += is_reachable(atlas, json_string_value(point));
		assert_true(fabs(share - (double)reached / (double)json_array_size(points)) <
			0.001);
		whole += share == 1;
	}
	assert_int_equal(i, library->atlas.n_pathways);
	assert_true(whole > 0);
	json_decref(atlas);
	library_free(library);
}

static void profiles_say_which_regions_and_how_long(void **state)
{
	struct library *library = load("recliner");
	json_t *info = info_document(library, &library->chair);
	const json_t *profile = named(info, "profiles", "deep-upper-back"), *region;
	bool upper_back = false;
	size_t i, k;

	(void)state;
	assert_true(json_number_value(json_object_get(profile, "minutes")) > 5);
	json_array_foreach(json_object_get(profile, "regions"), i, region)
	{
		upper_back |= !strcmp(json_string_value(region), "upper_back");
		for (k = 0; k < i; k++)
			assert_false(json_equal(region,
				json_array_get(json_object_get(profile, "regions"), k)));
	}
	assert_true(upper_back);
	json_decref(info);
	library_free(library);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_atlas_says_what_this_chair_reaches),
		cmocka_unit_test(a_point_has_everything_a_panel_draws),
		cmocka_unit_test(a_point_that_is_reached_has_its_ceilings),
		cmocka_unit_test(a_closed_point_is_not_reached_and_has_the_reason),
		cmocka_unit_test(a_sensitive_point_has_a_lower_ceiling),
		cmocka_unit_test(a_pathway_counts_its_points),
		cmocka_unit_test(profiles_say_which_regions_and_how_long),
	};

	return cmocka_run_group_tests_name("documents", tests, NULL, NULL);
}
