// SPDX-License-Identifier: MIT
#include "hal/backend.h"

#include <errno.h>

int hal_write(struct hal *hal, int64_t now_us, uint64_t mask, uint64_t levels)
{
	return hal->ops->write(hal, now_us, mask, levels);
}

uint64_t hal_channels(struct hal *hal)
{
	return hal->ops->channels ? hal->ops->channels(hal) : 0;
}

int hal_drive(struct hal *hal, int64_t now_us, int line, int duty_permille)
{
	if (!(hal_channels(hal) & LINE_BIT(line)))
		return -ENODEV;
	return hal->ops->drive(hal, now_us, line, duty_permille);
}

int hal_make_safe(struct hal *hal, int64_t now_us)
{
	uint64_t channels = hal_channels(hal);
	int result = hal_write(hal, now_us, chair_outputs(hal->chair) & ~channels,
		chair_safe_levels(hal->chair));

	for (uint64_t left = channels; left; left &= left - 1) {
		int r = hal_drive(hal, now_us, __builtin_ctzll(left), 0);

		result = result ? result : r;
	}
	return result;
}

int hal_read(struct hal *hal, int64_t now_us, uint64_t *ret_levels)
{
	return hal->ops->read(hal, now_us, ret_levels);
}

int hal_events(struct hal *hal, int64_t now_us, struct hal_event *events, size_t capacity)
{
	return hal->ops->events(hal, now_us, events, capacity);
}

int hal_force(struct hal *hal, int64_t now_us, int actuator, struct hal_force *ret_force)
{
	if (actuator < 0 || (size_t)actuator >= hal->chair->n_actuators ||
		!hal->chair->actuators[actuator].sensor.present)
		return -ENODEV;
	return hal->ops->force(hal, now_us, actuator, ret_force);
}

int hal_measure(struct hal *hal, int64_t now_us, int actuator, enum quantity quantity,
	struct hal_measurement *ret_measurement)
{
	if (actuator < 0 || (size_t)actuator >= hal->chair->n_actuators ||
		(unsigned)quantity >= QUANTITY_COUNT ||
		!hal->chair->actuators[actuator].measured[quantity].present)
		return -ENODEV;
	return hal->ops->measure(hal, now_us, actuator, quantity, ret_measurement);
}

int hal_failed_line(struct hal *hal)
{
	return hal->ops->failed_line ? hal->ops->failed_line(hal) : -1;
}

size_t hal_fds(struct hal *hal, int fds[HAL_FDS_MAX])
{
	return hal->ops->fds(hal, fds);
}

int64_t hal_next_us(struct hal *hal)
{
	return hal->ops->next_us(hal);
}

int hal_outputs_persist(struct hal *hal)
{
	return hal->ops->outputs_persist(hal);
}

struct hal *hal_free(struct hal *hal)
{
	if (hal)
		hal->ops->free(hal);
	return NULL;
}
