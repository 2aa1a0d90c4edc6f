// SPDX-License-Identifier: MIT
//
// Measurement of how many times faster than a real chair `chairctl simulate` plays a session.
#ifndef TESTS_BENCH_SOAK_H
#define TESTS_BENCH_SOAK_H

// Prints one row: processor time and the computer's time of whole runs, starting up and loading
// the library included.
void soak(void **state);

#endif
