// SPDX-License-Identifier: MIT
//
// A large library, generated: BULK_POINTS points, a pathway through 120 of them, and BULK_PROFILES
// profiles of 21 steps for a chair with a press and a kneading motor on a carriage.
#ifndef CHAIRD_TESTS_UNIT_CONFIG_BULK_H
#define CHAIRD_TESTS_UNIT_CONFIG_BULK_H

#define BULK_POINTS   640
#define BULK_PROFILES 100

// Into atlas/, pathways/ and sessions/ of a folder that has none of them.
void bulk_write(const char *dir);

#endif
