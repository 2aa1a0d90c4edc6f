// SPDX-License-Identifier: MIT
//
// Headers for every test here, in the order that cmocka requires.
#ifndef CHAIRD_TESTS_UNIT_CONTROL_TESTS_H
#define CHAIRD_TESTS_UNIT_CONTROL_TESTS_H

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
