// SPDX-License-Identifier: MIT
//
// The shipped atlas against the facts that it was made from, and its pathways and profiles against
// the atlas. Run from the top of the source tree.
#include "sandbox.h"

#include "core/plan_proof.h"
#include "core/reach.h"
#include "core/referral.h"

// Every muscle of the facts, with words of a zone in which it is felt.
static const struct {
	const char *muscle, *felt_in;
	enum region region;
} muscles[] = {
	{ "upper trapezius", "temple", REGION_SHOULDER },
	{ "middle trapezius", "acromion", REGION_UPPER_BACK },
	{ "lower trapezius", "mastoid", REGION_UPPER_BACK },
	{ "levator scapulae", "medial scapula", REGION_NECK },
	{ "splenius capitis", "vertex", REGION_NECK },
	{ "suboccipitals", "head", REGION_NECK },
	{ "cervical multifidi", "skull base", REGION_NECK },
	{ "supraspinatus", "lateral elbow", REGION_SHOULDER },
	{ "infraspinatus", "front of the shoulder", REGION_SHOULDER },
	{ "teres minor", "tendon", REGION_SHOULDER },
	{ "subscapularis", "wrist", REGION_SHOULDER },
	{ "rhomboids", "scapula", REGION_UPPER_BACK },
	{ "serratus posterior superior", "little finger", REGION_UPPER_BACK },
	{ "latissimus dorsi", "inner arm", REGION_MID_BACK },
	{ "iliocostalis thoracis", "toward the spine", REGION_MID_BACK },
	{ "longissimus thoracis", "sacroiliac joint", REGION_MID_BACK },
	{ "iliocostalis lumborum", "mid-buttock", REGION_LOWER_BACK },
	{ "lumbar multifidi", "spinous process", REGION_LOWER_BACK },
	{ "quadratus lumborum", "trochanter", REGION_LOWER_BACK },
	{ "gluteus maximus", "coccyx", REGION_BUTTOCK },
	{ "gluteus medius", "low back", REGION_BUTTOCK },
	{ "gluteus minimus", "hamstring", REGION_BUTTOCK },
	{ "piriformis", "posterior thigh", REGION_BUTTOCK },
	{ "biceps femoris", "calf", REGION_THIGH },
	{ "semitendinosus", "back of the leg", REGION_THIGH },
	{ "semimembranosus", "back of the leg", REGION_THIGH },
	{ "vastus lateralis", "side of the leg", REGION_THIGH },
	{ "gastrocnemius", "behind the knee", REGION_CALF },
	{ "soleus", "heel", REGION_CALF },
	{ "tibialis anterior", "top of the foot", REGION_SHIN },
	{ "peroneus longus", "ankle", REGION_CALF },
	{ "peroneus brevis", "ankle", REGION_CALF },
	{ "deltoid", "shoulder", REGION_UPPER_ARM },
	{ "triceps", "back of the arm", REGION_UPPER_ARM },
	{ "extensor carpi radialis", "back of the hand", REGION_FOREARM },
};
#define MUSCLES (sizeof(muscles) / sizeof(muscles[0]))

static struct library *load(const char *chair)
{
	struct problems problems = { 0 };
	struct library *library = NULL;

	assert_int_equal(library_load("profiles", chair, &problems, &library), 0);
	problems_clear(&problems);
	return library;
}

static const struct point *find_muscle(const struct atlas *atlas, const char *muscle,
	enum side side)
{
	const struct point *found = NULL;

	for (size_t i = 0; i < atlas->n_points; i++) {
		const struct point *point = &atlas->points[i];

		if (point->side != side || strcmp(point->muscle, muscle))
			continue;
		assert_null(found);
		found = point;
	}
	if (!found)
		fail_msg("no point of %s", muscle);
	return found;
}

static void the_atlas_has_every_muscle_on_both_sides(void **state)
{
	struct library *library = load("profiles/chairs/lounger.cfg");
	const struct atlas *atlas = &library->atlas;

	(void)state;
	assert_int_equal(atlas->n_points, 2 * MUSCLES);
	for (size_t i = 0; i < MUSCLES; i++) {
		for (enum side side = SIDE_LEFT; side <= SIDE_RIGHT; side++) {
			const struct point *point = find_muscle(atlas, muscles[i].muscle, side);

			assert_int_equal(point->region, muscles[i].region);
			if (!referral_has(point->refers_to, muscles[i].felt_in))
				fail_msg("%s is not felt in: %s", point->name, muscles[i].felt_in);
			assert_true(*point->source);
		}
	}
	library_free(library);
}

// Closed are those that the facts leave out; one chair or the other reaches all the others.
static void every_open_point_is_reached(void **state)
{
	struct library *library = load("profiles/chairs/lounger.cfg");

	(void)state;
	for (size_t i = 0; i < library->atlas.n_points; i++) {
		const struct point *point = &library->atlas.points[i];
		bool left_out = !strcmp(point->muscle, "suboccipitals") ||
			!strcmp(point->muscle, "subscapularis");
		bool bears_holds = point_sustained_n(point) > 0; // the shin does not
		struct reach_hit hit;

		assert_int_equal(point->closed != NULL, left_out);
		if (!left_out &&
			bears_holds !=
				reach_find(&library->chair, point,
					1U << ACTUATOR_PRESS | 1U << ACTUATOR_CELL, &hit))
			fail_msg("%s", point->name);
	}
	library_free(library);
}

static bool share_a_zone(const char *referral, const char *refers_to)
{
	const char *zone;
	char words[TITLE_SIZE];
	size_t length;

	while ((zone = referral_next(&referral, &length))) {
		memcpy(words, zone, length);
		words[length] = '\0';
		if (referral_has(refers_to, words))
			return true;
	}
	return false;
}

static void the_points_of_a_pathway_are_felt_where_it_leads(void **state)
{
	struct library *library = load("profiles/chairs/lounger.cfg");
	const struct atlas *atlas = &library->atlas;

	(void)state;
	assert_true(atlas->n_pathways >= 20);
	for (size_t i = 0; i < atlas->n_pathways; i++) {
		const struct pathway *pathway = &atlas->pathways[i];

		for (size_t j = 0; j < pathway->n_points; j++) {
			const struct point *point = &atlas->points[pathway->points[j]];

			if (!share_a_zone(pathway->referral, point->refers_to))
				fail_msg("%s: %s is felt in: %s", pathway->name, point->name,
					point->refers_to);
		}
	}
	library_free(library);
}

// On each shipped chair a profile can be played or has nothing to press; one chair reaches all of
// its points.
static void every_profile_has_its_chair(void **state)
{
	static const char *const chairs[] = { "profiles/chairs/bench.cfg",
		"profiles/chairs/recliner.cfg", "profiles/chairs/lounger.cfg",
		"profiles/chairs/mechanism-3d.cfg" };
	struct plan *plan = malloc(sizeof(*plan));
	struct plan_proof proof;
	int whole[64] = { 0 };
	size_t n = 0;

	(void)state;
	assert_non_null(plan);
	for (size_t i = 0; i < sizeof(chairs) / sizeof(chairs[0]); i++) {
		struct library *library = load(chairs[i]);

		n = library->n_profiles;
		assert_in_range(n, 12, 64);
		for (size_t j = 0; j < n; j++) {
			int r = plan_prove(&library->profiles[j], &library->atlas, &library->chair,
				plan, &proof);

			assert_int_equal(r == 0, !plan_reaches_nothing(plan));
			whole[j] += r == 0 && plan->n_unreachable == 0;
		}
		library_free(library);
	}
	for (size_t j = 0; j < n; j++)
		assert_true(whole[j] > 0);
	free(plan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_atlas_has_every_muscle_on_both_sides),
		cmocka_unit_test(every_open_point_is_reached),
		cmocka_unit_test(the_points_of_a_pathway_are_felt_where_it_leads),
		cmocka_unit_test(every_profile_has_its_chair),
	};

	return cmocka_run_group_tests_name("atlas", tests, NULL, NULL);
}
