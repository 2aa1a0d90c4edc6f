// SPDX-License-Identifier: MIT
//
// Force sensors, and channels that measure currents, temperatures and positions, on kernel IIO:
//
//   force_n = (raw + offset) * scale * n_per_unit - zero_n
//   value   = channel_value((raw + offset) * scale)      core/quantity.h
//
// raw, offset and scale are the channel's attributes (Linux, Documentation/ABI/testing/
// sysfs-bus-iio); the rest is the chair's. One thread reads them all, because a converter may take
// 100 ms to answer and an edge must not wait for it; the last values are passed on wait-free.
#ifndef CHAIRD_HAL_IIO_H
#define CHAIRD_HAL_IIO_H

#include "hal/hal.h"

struct iio;

// Finds each sensor's device under dir (iio_lookup.h) and starts to read. *ret_iio is NULL if the
// chair has no sensor. -ENOENT: no such device or channel; -ENOTUNIQ: several devices are meant;
// -EBUSY: two sensors have one channel; -EINVAL: scale or offset is not a number.
int iio_open(const struct chair *chair, const char *dir, struct iio **ret_iio,
	struct hal_error *ret_error);

// The last finished value of an actuator that has a sensor; t_us on CLOCK_MONOTONIC. After a failed
// read: its error, with the last successful value and its time. For one reader. Real-time safe.
void iio_latest(struct iio *iio, int actuator, struct hal_force *ret_force);

// The same of another quantity that the actuator has a channel for.
void iio_measured(struct iio *iio, int actuator, enum quantity quantity,
	struct hal_measurement *ret_measurement);

// Ends the thread; waits at most 1 s for a read to end, then leaks the memory that the thread uses.
// Accepts NULL; returns NULL.
struct iio *iio_close(struct iio *iio);

#endif
