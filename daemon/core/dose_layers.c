// SPDX-License-Identifier: MIT
//
// The dose of layers: a cell that breathes beside a technique presses all that it reaches.
#include <math.h>

#include "core/breath.h"
#include "core/dose.h"
#include "core/motion_time.h"
#include "core/reach.h"

// The likely time that a segment's technique works.
static double work_s(const struct segment *segment)
{
	return segment_travels(segment)
		? stroke_likely_s(fabs(segment->position_mm - segment->from_mm),
			  segment->speed_mm_s)
		: segment->hold_s;
}

static struct dose dose_of_layer(const struct plan *plan, const struct segment *segment,
	const struct layer *layer, const struct chair *chair, double intensity_percent)
{
	const struct breath breath = { .inhale_s = plan->inhale_s, .exhale_s = plan->exhale_s };
	double permille = layer_permille(layer, intensity_percent, 1);
	double full_n = calibration_force_n(&chair->actuators[layer->actuator].calibration,
		permille);
	double ramp_s = breath_ramp_likely_s(&breath, permille / LAYER_RAMP_PERMILLE_S);
	double once_s = ramp_s + layer->on_s + RELEASE_LIKELY_S;
	double times = ceil(work_s(segment) / (once_s + layer->off_s));

	return (struct dose){
		.pressed_s = times * once_s,
		.impulse_n_s = times * (layer->on_s + (ramp_s + RELEASE_LIKELY_S) / 2) * full_n,
		.peak_n = full_n,
		.presses = (int)times,
	};
}

void dose_add_layers(const struct plan *plan, const struct atlas *atlas, const struct chair *chair,
	double intensity_percent, struct dose *doses)
{
	for (size_t i = 0; i < plan->n_segments; i++) {
		const struct segment *segment = &plan->segments[i];

		for (int k = 0; k < segment->n_layers; k++) {
			const struct layer *layer = &plan->layers[segment->first_layer + k];
			struct dose dose;

			if (!actuator_presses(chair->actuators[layer->actuator].kind))
				continue;
			dose = dose_of_layer(plan, segment, layer, chair, intensity_percent);
			for (size_t point = 0; point < atlas->n_points; point++) {
				if (reach_covers(chair, layer->actuator, &atlas->points[point],
					    NAN))
					dose_add(&doses[point], &dose);
			}
		}
	}
}
