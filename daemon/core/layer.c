// SPDX-License-Identifier: MIT
#include "core/layer.h"

// A press needs contact and a ramp of its own, and a carriage its way: they are the main technique.
static const struct {
	bool allowed, has_drive, lasts;
	double rhythm_s;
} kinds[ACTUATOR_KIND_COUNT] = {
	[ACTUATOR_KNEAD] = { .allowed = true, .has_drive = true },
	[ACTUATOR_TAP] = { .allowed = true, .has_drive = true },
	[ACTUATOR_VIBRATE] = { .allowed = true, .has_drive = true },
	[ACTUATOR_CELL] = { .allowed = true, .has_drive = true, .rhythm_s = 8 },
	[ACTUATOR_HEAT] = { .allowed = true, .lasts = true },
	[ACTUATOR_ROLLER] = { .allowed = true, .has_drive = true },
};

bool layer_kind_allowed(enum actuator_kind kind)
{
	return kinds[kind].allowed;
}

const char *layer_kind_name(unsigned kind)
{
	return kinds[kind].allowed ? actuator_kind_name((enum actuator_kind)kind) : NULL;
}

bool layer_kind_has_drive(enum actuator_kind kind)
{
	return kinds[kind].has_drive;
}

bool layer_kind_lasts(enum actuator_kind kind)
{
	return kinds[kind].lasts;
}

double layer_kind_rhythm_s(enum actuator_kind kind)
{
	return kinds[kind].rhythm_s;
}

double layer_permille(const struct layer *layer, double intensity_percent, double ease)
{
	double share = clamp_double(intensity_percent, 0, 100) / 100;
	double permille = layer->floor_permille + (layer->permille - layer->floor_permille) * share;

	return max_double(permille * ease, layer->floor_permille);
}
