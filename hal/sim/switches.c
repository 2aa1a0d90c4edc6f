// SPDX-License-Identifier: MIT
#include "hal/sim/switches.h"

#include <math.h>

#define SWITCH_BACK_MM 0.5  // hysteresis of a switch
#define ROUNDING_MM    1e-6 // far more than that of a position

static void add_edge(struct switch_edges *edges, int64_t t_us, int line, bool active)
{
	if (line >= 0 && edges->n < SWITCH_EDGES_MAX)
		edges->list[edges->n++] = (struct switch_edge){ t_us, line, active };
}

void switches_edge(struct switch_edges *edges, int line, bool active)
{
	add_edge(edges, edges->step_end_us, line, active);
}

// The time within the step at which x passed `where` on its way from x0 to x1.
static int64_t passed_us(const struct switch_edges *edges, double x0, double x1, double where)
{
	double share = x1 != x0 ? clamp_double((where - x0) / (x1 - x0), 0, 1) : 1;

	return edges->step_end_us - (int64_t)((1 - share) * (double)edges->grid_us);
}

// Home and end, and between which positions they stay as they are.
static void watch_contacts(struct part *part, double x0, struct switch_edges *edges)
{
	const struct actuator *actuator = part->actuator;
	double x1 = part->motor.x_mm;
	bool home = x1 <= (part->home ? SWITCH_BACK_MM : 0);
	bool end = x1 >= part->end_mm - (part->end ? SWITCH_BACK_MM : 0);

	if (home != part->home)
		add_edge(edges, passed_us(edges, x0, x1, home ? 0 : SWITCH_BACK_MM),
			actuator->line[ROLE_HOME], home);
	if (end != part->end)
		add_edge(edges, passed_us(edges, x0, x1, part->end_mm - (end ? 0 : SWITCH_BACK_MM)),
			actuator->line[ROLE_END], end);
	part->home = home;
	part->end = end;
	part->quiet_from_mm = home ? -INFINITY : end ? part->end_mm - SWITCH_BACK_MM : 0;
	part->quiet_to_mm = end ? INFINITY : home ? SWITCH_BACK_MM : part->end_mm;
}

// The Hall sensor is active over the first half of every mm_per_pulse.
static void watch_pulses(struct part *part, double x0, struct switch_edges *edges)
{
	double half_mm = part->mm_per_pulse / 2;
	int line = part->actuator->line[ROLE_PULSE];
	int64_t half;

	if (line < 0 || half_mm <= 0)
		return;
	half = (int64_t)floor(part->motor.x_mm / half_mm);
	while (part->half_pulse != half) {
		bool up = half > part->half_pulse;
		double border_mm = (double)(part->half_pulse + up) * half_mm;

		part->half_pulse += up ? 1 : -1;
		add_edge(edges, passed_us(edges, x0, part->motor.x_mm, border_mm), line,
			!(part->half_pulse & 1));
	}
	part->quiet_from_mm = fmax(part->quiet_from_mm, (double)half * half_mm + ROUNDING_MM);
	part->quiet_to_mm = fmin(part->quiet_to_mm, (double)(half + 1) * half_mm - ROUNDING_MM);
}

void switches_watch(struct part *part, double from_mm, struct switch_edges *edges)
{
	watch_contacts(part, from_mm, edges);
	watch_pulses(part, from_mm, edges);
}

void switches_cutout(struct part *part, struct switch_edges *edges)
{
	add_edge(edges, edges->step_end_us, part->actuator->line[ROLE_CUTOUT], part->heater.opened);
}

uint64_t switches_levels(const struct part *part)
{
	const int8_t *line = part->actuator->line;
	uint64_t levels = 0;

	if (part->home && line[ROLE_HOME] >= 0)
		levels |= LINE_BIT(line[ROLE_HOME]);
	if (part->end && line[ROLE_END] >= 0)
		levels |= LINE_BIT(line[ROLE_END]);
	if (!(part->half_pulse & 1) && line[ROLE_PULSE] >= 0)
		levels |= LINE_BIT(line[ROLE_PULSE]);
	if (part->heater.opened && line[ROLE_CUTOUT] >= 0)
		levels |= LINE_BIT(line[ROLE_CUTOUT]);
	return levels;
}
