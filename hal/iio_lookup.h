// SPDX-License-Identifier: MIT
//
// The search for a kernel IIO device, by its name, its label or the path of its device in /sys.
#ifndef CHAIRD_HAL_IIO_LOOKUP_H
#define CHAIRD_HAL_IIO_LOOKUP_H

#include <limits.h>

#include "hal/hal.h"

// The directory of the one device under `dir` that is meant: by its `name` or `label` attribute,
// or, with a leading '/', as the one device at or below that path. -ENOENT: there is none;
// -ENOTUNIQ: there are several. Both with a text that says what to write instead.
int iio_find_device(const char *dir, const char *meant, char ret_path[PATH_MAX],
	struct hal_error *ret_error);

#endif
