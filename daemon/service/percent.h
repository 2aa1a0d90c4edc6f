// SPDX-License-Identifier: MIT
//
// Per cent as people write it.
#ifndef CHAIRD_SERVICE_PERCENT_H
#define CHAIRD_SERVICE_PERCENT_H

#include <stdbool.h>

// A decimal number with a point or a comma, with or without "+" and "%": 50, +50, 50.5, 50,5, 50 %.
// False for anything else: also for an exponent, "nan" and hexadecimal.
bool percent_parse(const char *text, double *ret_percent);

#endif
