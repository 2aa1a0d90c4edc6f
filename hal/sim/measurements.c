// SPDX-License-Identifier: MIT
#include "hal/sim/measurements.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "hal/sim/noise.h"

// Deviations.
#define NOISE_CURRENT_SHARE 0.02 // of current_ma
#define NOISE_C             0.05
#define NOISE_PERMILLE      0.7

void sim_measurements_init(struct sim_measurements *measurements, const struct plant *plant,
	uint64_t seed)
{
	memset(measurements, 0, sizeof(*measurements));
	measurements->plant = plant;
	measurements->seed = seed;
	normal_init(&measurements->normal);
	for (int i = 0; i < CHAIR_ACTUATORS_MAX; i++) {
		for (int q = 0; q < QUANTITY_COUNT; q++)
			measurements->by[i][q].reads = NAN;
	}
}

static double deviation(const struct actuator *actuator, enum quantity quantity)
{
	switch (quantity) {
	case QUANTITY_CURRENT:
		return NOISE_CURRENT_SHARE * actuator->current_ma;
	case QUANTITY_TEMPERATURE:
		return NOISE_C;
	default:
		return NOISE_PERMILLE;
	}
}

static void convert(const struct sim_measurements *measurements, int64_t start_us, int actuator,
	enum quantity quantity, struct sim_measurement *measurement)
{
	const struct plant *plant = measurements->plant;
	int64_t sample = plant->t_us / PLANT_SAMPLE_US;
	uint64_t owner = (uint64_t)(actuator * QUANTITY_COUNT + (int)quantity);
	uint64_t bits = noise_bits(measurements->seed, NOISE_MEASUREMENT, owner, (uint64_t)sample);
	int64_t t_us = max_i64(start_us + sample * PLANT_SAMPLE_US, 1);

	if (t_us == measurement->last.t_us)
		return;
	measurement->last.t_us = t_us;
	if (!measurement->frozen)
		measurement->last.value = plant_measure(plant, actuator, quantity) +
			deviation(&plant->chair->actuators[actuator], quantity) *
				normal_of_bits(&measurements->normal, bits);
}

void sim_measurements_read(struct sim_measurements *measurements, int64_t start_us, int actuator,
	enum quantity quantity, struct hal_measurement *ret)
{
	struct sim_measurement *measurement = &measurements->by[actuator][quantity];

	if (!measurement->fails)
		convert(measurements, start_us, actuator, quantity, measurement);
	*ret = measurement->last;
	if (!isnan(measurement->reads))
		ret->value = measurement->reads;
	ret->error = measurement->fails ? -EIO : 0;
}
