// SPDX-License-Identifier: MIT
//
// A large library, generated: BULK_POINTS points, BULK_PATHWAYS pathways, and BULK_PROFILES
// profiles of 8 steps for the recliner, each much like a shipped one.
#ifndef CHAIRD_TESTS_UNIT_CONFIG_BULK_H
#define CHAIRD_TESTS_UNIT_CONFIG_BULK_H

#define BULK_POINTS   640
#define BULK_PATHWAYS 40
#define BULK_PROFILES 100

// Into atlas/, pathways/ and sessions/ of a folder that has none of them.
void bulk_write(const char *dir);

#endif
