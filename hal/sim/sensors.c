// SPDX-License-Identifier: MIT
#include "hal/sim/sensors.h"

#include <errno.h>
#include <string.h>

#include "hal/sim/noise.h"

#define NOISE_N 0.3

void sim_sensors_init(struct sim_sensors *sensors, const struct plant *plant, uint64_t seed)
{
	memset(sensors, 0, sizeof(*sensors));
	sensors->plant = plant;
	normal_init(&sensors->normal);
	for (size_t i = 0; i < plant->chair->n_actuators; i++) {
		sensors->factor[i] = 1;
		sensors->noise[i] = noise_owner(seed, NOISE_SENSOR, i);
	}
}

static double sensed_n(const struct sim_sensors *sensors, int actuator)
{
	if (sensors->zero >> actuator & 1)
		return 0;
	return sensors->plant->parts[actuator].sampled_n * sensors->factor[actuator] +
		sensors->offset_n[actuator];
}

static void convert(struct sim_sensors *sensors, int64_t start_us, int actuator)
{
	int64_t sample = sensors->plant->t_us / PLANT_SAMPLE_US;
	uint64_t bits = noise_mix(sensors->noise[actuator] + (uint64_t)sample);
	struct hal_force *last = &sensors->last[actuator];

	sensors->next_us[actuator] = (sample + 1) * PLANT_SAMPLE_US;
	last->t_us = max_i64(start_us + sample * PLANT_SAMPLE_US, 1);
	if (!(sensors->frozen >> actuator & 1))
		last->force_n = sensed_n(sensors, actuator) +
			NOISE_N * normal_of_bits(&sensors->normal, bits);
}

void sim_sensors_read(struct sim_sensors *sensors, int64_t start_us, int actuator,
	struct hal_force *ret_force)
{
	bool fails = sensors->failing >> actuator & 1;

	if (!fails && sensors->plant->t_us >= sensors->next_us[actuator])
		convert(sensors, start_us, actuator);
	*ret_force = sensors->last[actuator];
	ret_force->error = fails ? -EIO : 0;
}
