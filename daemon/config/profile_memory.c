// SPDX-License-Identifier: MIT
#include "config/profile_memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/library.h"

static size_t steps_size(const struct profile *profile)
{
	return profile->n_steps * sizeof(profile->steps[0]);
}

static size_t count_points(const struct profile *profile)
{
	size_t n = 0;

	for (size_t i = 0; i < profile->n_steps; i++)
		n += profile->steps[i].n_points;
	return n;
}

static size_t count_layers(const struct profile *profile)
{
	size_t n = 0;

	for (size_t i = 0; i < profile->n_steps; i++)
		n += profile->steps[i].n_layers;
	return n;
}

static void pack_layers(struct profile_step *step, struct step_layer **layers)
{
	size_t n = step->n_layers;

	if (!n)
		return;
	step->layers = memcpy(*layers, step->layers, n * sizeof(**layers));
	*layers += n;
}

static void pack_points(struct profile_step *step, int **lines, uint16_t **points)
{
	size_t n = step->n_points;

	if (!n) {
		step->point_lines = NULL;
		step->points = NULL;
		return;
	}
	step->point_lines = memcpy(*lines, step->point_lines, n * sizeof(**lines));
	step->points = memcpy(*points, step->points, n * sizeof(**points));
	*lines += n;
	*points += n;
}

static char *pack_text(char **place, const char *text)
{
	char *packed = *place;

	*place = stpcpy(packed, text) + 1;
	return packed;
}

// The steps, all layers, the lines of all points, the points, and the texts: what is aligned most
// comes first.
int profile_pack(const struct profile *profile, struct profile *ret_profile)
{
	struct profile packed = *profile;
	size_t n = count_points(profile), n_layers = count_layers(profile);
	struct profile_step *steps = malloc(steps_size(profile) +
		n_layers * sizeof(*steps->layers) +
		n * (sizeof(*steps->point_lines) + sizeof(*steps->points)) + strlen(profile->file) +
		strlen(profile->description) + 2);
	struct step_layer *layers = (struct step_layer *)(steps + profile->n_steps);
	int *lines = (int *)(layers + n_layers);
	uint16_t *points = (uint16_t *)(lines + n);
	char *text = (char *)(points + n);

	if (!steps)
		return -ENOMEM;
	packed.steps = memcpy(steps, profile->steps, steps_size(profile));
	for (size_t i = 0; i < profile->n_steps; i++) {
		pack_layers(&steps[i], &layers);
		pack_points(&steps[i], &lines, &points);
	}
	packed.file = pack_text(&text, profile->file);
	packed.description = pack_text(&text, profile->description);
	*ret_profile = packed;
	return 0;
}

void profile_clear(struct profile *profile)
{
	free(profile->steps);
	*profile = (struct profile){ 0 };
}
